/* Private to this room: containers that libarchive does not read, behind the same door (archive_reader.h). */
#ifndef PROBITY_OBJECT_ARCHIVE_OWN_H
#define PROBITY_OBJECT_ARCHIVE_OWN_H

#include "object/archive_reader.h"

/* As the functions of archive_reader.h, on a state of their own. *damaged becomes true where something unreadable was passed over. */
typedef struct pb_own_format {
	const char *kind;
	int (*open)(pb_bytes bytes, void **state);
	void (*close)(void *state);
	int (*next)(void *state, pb_entry *entry, bool *damaged);
	int (*data)(void *state, pb_bytes *block, uint64_t *at);
} pb_own_format;

extern const pb_own_format pb_asar_format;     /* asar.c */
extern const pb_own_format pb_squashfs_format; /* squashfs.c */

/* squash_block.c. One packed block of a squashfs into out (room bytes). Returns its bytes; -1: damaged, or packed in a way that nobody here
 * unpacks (lzo). */
int64_t pb_squash_block(unsigned compressor, pb_bytes packed, uint8_t *out, size_t room);
bool pb_squash_known(unsigned compressor);

#endif
