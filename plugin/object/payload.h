/* The name of what a compression layer holds, which has none of its own. */
#ifndef PROBITY_OBJECT_PAYLOAD_H
#define PROBITY_OBJECT_PAYLOAD_H

#include <stddef.h>

/* "x.tar.zst" -> "x.tar", "x.tgz" -> "x.tar", "notes.gz" -> "notes"; a name without a known suffix gets "~payload" behind it, so
 * that layer and payload never share a name. Fresh string; NULL when memory ran out. */
char *pb_payload_name(const char *layer);

#endif
