/* What packages of many sorts say of themselves: who reads which metadata, and the tags that follow. */
#include "facts/package.h"

#include <string.h>

int pb_package_put(json_t *package, const char *key, pb_bytes value)
{
	value = pb_trim(value);
	if (value.size == 0)
		return 0;
	return json_object_set_new(package, key, pb_text_json(value, PB_FIELD_TEXT)) ? PB_ENOMEM : 0;
}

int pb_package_add(json_t *package, const char *key, pb_bytes value)
{
	value = pb_trim(value);
	return value.size == 0 ? 0 : pb_list_add(package, key, pb_text_json(value, PB_FIELD_TEXT));
}

int pb_package_kind(json_t *package, const char *kind)
{
	return json_object_set_new(package, "kind", json_string(kind)) ? PB_ENOMEM : 0;
}

/* Tags are static strings. */
static const char *tag_of(const char *kind)
{
	static const char *const tags[] = {"gem",       "pacman", "alpine", "snap", "nupkg",
	                                   "extension", "conda",  "image",  "apk"};

	for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
		if (strcmp(tags[i], kind) == 0)
			return tags[i];
	return NULL;
}

int pb_fact_package(pb_look *look)
{
	static int (*const readers[])(pb_look *, json_t *) = {pb_package_gem,  pb_package_pkginfo,
	                                                      pb_package_snap, pb_package_nuspec,
	                                                      pb_package_json, pb_package_android};
	json_t *package = json_object();
	const char *tag;
	int rc = package ? 0 : PB_ENOMEM;

	for (size_t i = 0; i < sizeof readers / sizeof readers[0] && !rc && json_object_size(package) == 0; i++)
		rc = readers[i](look, package);
	tag = tag_of(pb_json_str(package, "kind", ""));
	if (!rc && tag) {
		pb_look_tag(look, tag);
		pb_look_tag(look, "package");
		return pb_look_set(look, "package", package);
	}
	json_decref(package);
	return rc;
}
