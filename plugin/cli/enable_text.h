/* Lines of ours in a file of somebody else's, taken out again to the byte. Private to enable*.c. */
#ifndef PROBITY_CLI_ENABLE_TEXT_H
#define PROBITY_CLI_ENABLE_TEXT_H

#include "base/buf.h"
#include "base/error.h"

/* old (NULL: there is no file) with body between our marks: where it stood before, else at the end. body: whole lines. Marks that do not
 * fit each other: PB_EINPUT. out is emptied first. */
int pb_block_put(const pb_buf *old, const char *body, pb_buf *out, pb_error *err);

/* old without it. *removed: there was one. *empty: the file was made for it and holds nothing else, so that it goes as a whole. */
int pb_block_take(const pb_buf *old, pb_buf *out, bool *removed, bool *empty, pb_error *err);

/* Characters that mean nothing to systemd, the dynamic linker, or AppArmor. */
bool pb_path_plain(const char *path);

#endif
