/* One object of a product, as a callback hands it over. */
#ifndef PROBITY_OBJECT_OBJECT_H
#define PROBITY_OBJECT_OBJECT_H

#include "object/kind.h"
#include "object/path.h"

typedef struct pb_object {
	pb_bytes bytes;       /* borrowed: valid only until the call that handed it over returns */
	const pb_path *path;  /* borrowed likewise */
	const pb_kind *kind;
	char name_class[PB_NAME_CLASS];
	char sha256[65];
	char clam_type[40];   /* ClamAV's own type, "CL_TYPE_ELF"; "" where ClamAV did not type it */
	bool payload;         /* of a compression layer: what lies in it hangs below that (path.h) */
} pb_object;

#endif
