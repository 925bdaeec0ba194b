/* What stands behind the end of a cpio: an initramfs is several archives, one behind the other, of which each may be packed. */
#ifndef PROBITY_OBJECT_CPIO_REST_H
#define PROBITY_OBJECT_CPIO_REST_H

#include "base/bytes.h"

/* From the first byte behind the end that is not zero; size 0: nothing, or the end was not found. Of the "newc" forms only. */
pb_bytes pb_cpio_rest(pb_bytes bytes);

#endif
