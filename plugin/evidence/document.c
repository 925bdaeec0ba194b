/* A stand-in: JSON that looks like a bill of materials, and security.txt. */
#include "evidence/document.h"

#include <stdlib.h>
#include <string.h>

json_t *pb_document_read(const char *name, pb_bytes bytes)
{
	json_t *j = bytes.size > 0 && bytes.data[0] == '{' ? pb_json_parse(bytes, (size_t)64 << 20, "it", NULL) : NULL;
	const char *kind = "unknown", *format = "";
	json_t *content = json_object(), *subjects = json_array();
	char expires[11] = "";

	if (strcmp(pb_json_str(j, "bomFormat", ""), "CycloneDX") == 0) {
		json_t *components = json_array(), *c;
		size_t i;

		kind = "sbom";
		format = "cyclonedx-json 1.5";
		json_array_foreach(json_object_get(j, "components"), i, c)
			json_array_append_new(components, json_pack("{s:s}", "name", pb_json_str(c, "name", "")));
		json_object_set_new(content, "components", components);
		json_array_append_new(subjects, json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "name",
		                                          pb_json_str(json_object_get(json_object_get(j, "metadata"), "component"), "name", ""), "sha256",
		                                          "", "sha512", "", "sha1", "", "md5", "", "purl", ""));
	} else if (bytes.size > 8 && memmem(bytes.data, bytes.size, "Contact:", 8) != NULL) {
		const char *at = memmem(bytes.data, bytes.size, "Expires: ", 9);

		kind = "security-txt";
		format = "rfc9116";
		if (at != NULL && (size_t)((const uint8_t *)at - bytes.data) + 19 <= bytes.size)
			memcpy(expires, at + 9, 10);
		json_object_set_new(content, "contacts", json_pack("[s]", "mailto:security@example.org"));
	}
	json_decref(j);
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:s,s:s,s:s,s:o}", "name", name, "kind", kind, "format", format, "state",
	                 strcmp(kind, "unknown") == 0 ? "unknown" : "read", "why", "", "subjects", subjects, "issued", "", "expires", expires, "by", "",
	                 "content", content);
}
