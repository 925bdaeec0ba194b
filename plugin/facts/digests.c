/* Digests besides SHA-256, of the files that other people's documents name by them: packages, and programs and their libraries. */
#include <string.h>

#include "base/hash.h"
#include "facts/provider.h"
#include "object/kinds.h"

/* What is handed from one to the next as a whole. Lists of components name such files by SHA-1, SHA-512 or MD5, and the registries of npm and
 * NuGet by SHA-512. */
static bool is_package(const pb_object *o)
{
	return pb_word_among(o->kind->name, "deb rpm jar war apk gem wheel nupkg vsix crx xpi conda snap") ||
	       pb_word_among(o->name_class, ".whl .jar .war .ear .aar .tgz .gem .nupkg .crate .deb .rpm .vsix .apk .conda");
}

int pb_fact_digests(pb_look *look)
{
	static const char *const names[] = {"sha1", "md5", "sha512"};
	const pb_object *o = look->object;
	bool package = is_package(o), program = pb_word_among(o->kind->name, "elf pe macho");
	json_t *digests;
	int rc = 0;

	if (!package && !program)
		return 0;
	digests = json_object();
	for (size_t i = 0; i < (package ? 3u : 1u) && !rc; i++) {
		char hex[PB_HEX_MAX];

		if (!pb_hash_hex(names[i], o->bytes, hex) || json_object_set_new(digests, names[i], json_string(hex)))
			rc = PB_ENOMEM;
	}
	if (!rc)
		return pb_look_set(look, "digests", digests);
	json_decref(digests);
	return rc;
}
