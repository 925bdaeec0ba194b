#include "facts/provider.h"
#include "object/archive.h"
#include "object/squashfs.h"

enum { MEMBERS_MAX = 200000 };

/* The names and modes in a container are told by its own headers, which the members themselves do not carry. */
int pb_fact_members(pb_look *look)
{
	const pb_kind *kind = look->object->kind;
	pb_bytes bytes = look->object->bytes;
	pb_error err = {0};
	json_t *members;

	if (!kind->members && !kind->layer && pb_zip_end(bytes) > 0) { /* a program that unpacks itself */
		bytes.size = pb_zip_end(bytes);
		kind = pb_kind_named("zip");
	} else if (pb_squashfs_carrier(kind) && pb_squashfs_find(bytes).size > 0) {
		bytes = pb_squashfs_find(bytes);
		kind = pb_kind_named("squashfs");
	}
	if (!kind->members)
		return 0;
	members = pb_archive_list(bytes, kind, MEMBERS_MAX, &err);
	/* Not even its first header could be read: then it holds no members as far as anybody can tell, and unpacking it says
	 * so. */
	if (!members)
		return err.code == PB_ENOMEM ? PB_ENOMEM : 0;
	pb_look_tag(look, "manifest");
	return pb_look_set(look, "members", members);
}
