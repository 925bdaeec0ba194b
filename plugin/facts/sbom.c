/* Is this text a bill of materials, and of which form? Known by content: such files have many names. */
#include <string.h>

#include "facts/fields.h"

enum { JSON_MAX = 32 << 20, TAG_LOOK = 4096 };

static bool mentions(pb_bytes b, const char *word)
{
	return b.size > 0 && memmem(b.data, b.size, word, strlen(word)) != NULL;
}

static int set_sbom(pb_look *look, const char *format, const json_t *version, size_t components)
{
	json_t *sbom = json_pack("{s:s, s:I}", "format", format, "components", (json_int_t)components);
	if (sbom && json_is_string(version) && json_string_length(version) <= 64 &&
	    json_object_set_new(sbom, "version",
	                        pb_json_display(json_string_value(version), json_string_length(version), 64))) {
		json_decref(sbom);
		return PB_ENOMEM;
	}
	return pb_look_set(look, "sbom", sbom);
}

/* CycloneDX: "bomFormat" says so. SPDX: "spdxVersion" beside the list of packages. */
static int from_json(pb_look *look, pb_bytes b)
{
	int rc;
	json_t *top;

	if (!mentions(b, "\"bomFormat\"") && !mentions(b, "\"spdxVersion\""))
		return 0;
	top = pb_json_lenient(b, JSON_MAX, &rc);
	if (rc == PB_ENOMEM)
		return rc;
	if (rc == PB_ELIMIT)
		pb_look_cut(look, "sbom");
	rc = 0;
	if (strcmp(pb_json_str(top, "bomFormat", ""), "CycloneDX") == 0)
		rc = set_sbom(look, "cyclonedx", json_object_get(top, "specVersion"),
		              json_array_size(json_object_get(top, "components")));
	else if (strncmp(pb_json_str(top, "spdxVersion", ""), "SPDX-", 5) == 0)
		rc = set_sbom(look, "spdx-json", json_object_get(top, "spdxVersion"),
		              json_array_size(json_object_get(top, "packages")));
	json_decref(top);
	return rc;
}

static bool starts(pb_bytes line, const char *word)
{
	size_t n = strlen(word);
	return line.size >= n && memcmp(line.data, word, n) == 0;
}

/* "SPDXVersion: SPDX-2.3" on a line near the top, and one "PackageName:" for each component. */
static int from_tags(pb_look *look, pb_bytes b)
{
	static const char head[] = "SPDXVersion:";
	pb_bytes line, rest = b;
	json_t *version = NULL;
	size_t packages = 0;
	int rc = 0;

	if (!mentions(pb_slice(b, 0, TAG_LOOK), head))
		return 0;
	while (!rc && pb_line_next(&rest, &line)) {
		if (!version && starts(line, head)) {
			line = pb_trim(pb_slice(line, sizeof head - 1, 64));
			version = starts(line, "SPDX-") ? pb_json_display(line.data, line.size, 64) : NULL;
		}
		packages += starts(line, "PackageName:");
	}
	if (version)
		rc = set_sbom(look, "spdx-tag", version, packages);
	json_decref(version);
	return rc;
}

int pb_fact_sbom(pb_look *look)
{
	pb_bytes b = look->object->bytes;
	const char *kind = look->object->kind->name;
	size_t i = 0;

	if (look->object->kind->class != PB_CLASS_TEXT)
		return 0;
	while (i < b.size && strchr(" \t\r\n\xef\xbb\xbf", b.data[i]) && b.data[i])
		i++;
	if (i < b.size && b.data[i] == '{')
		return from_json(look, b);
	return strcmp(kind, "json") == 0 ? 0 : from_tags(look, b);
}
