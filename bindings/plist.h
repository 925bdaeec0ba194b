/* Property lists from inside. Private to bindings/; no Lua. */
#ifndef PROBITY_BINDINGS_PLIST_H
#define PROBITY_BINDINGS_PLIST_H

#include "bindings/document.h"

int pb_plist_read_binary(pb_document *d, pb_bytes b); /* bplist00. 0 or -1 */

#endif
