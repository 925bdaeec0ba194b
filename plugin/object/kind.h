/* What kind of thing are these bytes? The kinds stand in kinds.h, one row each; magic.c and text_kind.c tell them apart. */
#ifndef PROBITY_OBJECT_KIND_H
#define PROBITY_OBJECT_KIND_H

#include "base/bytes.h"

enum { PB_NAME_CLASS = 24 };

typedef enum pb_class {
	PB_CLASS_BINARY,
	PB_CLASS_SCRIPT,
	PB_CLASS_TEXT,
	PB_CLASS_ARCHIVE,
	PB_CLASS_MEDIA,
	PB_CLASS_DATA,
	PB_CLASSES
} pb_class;

/* Who opens a container of this kind. */
typedef enum pb_opener { PB_OPENS_NONE, PB_OPENS_CLAMAV, PB_OPENS_LIBARCHIVE } pb_opener;

typedef struct pb_kind {
	const char *name;   /* "elf" */
	pb_class class;
	pb_opener opener;
	bool layer;         /* a compression layer: one payload without a name (gzip, xz, zstd, ...) */
	bool members;       /* libarchive can list its members (facts.members) */
} pb_kind;

/* The name class that map may see: the lower-case special file name where it is one ("package.json", "control", "md5sums",
 * "postinst", ...; name.c has the table), else "." and the lower-case extension ([a-z0-9]{1,16}), else "". name is the
 * last path element in display form. parent is the element before (NULL: none), needed for "metadata", "record" and "wheel",
 * which count in a *.dist-info only. */
void pb_name_class(const char *name, const char *parent, char out[PB_NAME_CLASS]);

/* The kind by content first (magic, #!, structure), by name class where content does not decide; never NULL ("data" or "text"
 * where nothing fits). Pure. Reads at most the first 64 KiB and the last 1 KiB. */
const pb_kind *pb_kind_of(pb_bytes bytes, const char *name_class);
/* Where a zip ends that the bytes carry behind something else, as programs do: a reader of zips can open the bytes up to there.
 * 0 where they carry none. Reads the last MiB, and four bytes where it says that the list of members begins. */
size_t pb_zip_end(pb_bytes bytes);

const pb_kind *pb_kind_named(const char *name); /* NULL where there is no such kind */
const pb_kind *pb_kinds(size_t *count);         /* the whole table, for documentation and for checking `applies` */
const char *pb_class_name(pb_class c);

#endif
