/* META-INF/MANIFEST.MF: the main section. */
#include "facts/fields.h"

int pb_fact_jar(pb_look *look)
{
	pb_fields fields = {.rest = look->object->bytes, .glue = true};
	pb_field field = {.value = {0}};
	json_t *jar = json_object();
	int rc = jar ? 0 : PB_ENOMEM;

	while (!rc && pb_fields_next(&fields, &field)) {
		json_t *value = pb_text_json((pb_bytes){field.value.data, field.value.size}, PB_FIELD_TEXT);
		rc = json_object_set_new(jar, field.key, value) ? PB_ENOMEM : 0;
	}
	pb_buf_free(&field.value);
	if (!rc && json_object_get(jar, "manifest-version")) {
		pb_look_tag(look, "jar");
		pb_look_tag(look, "package");
		return pb_look_set(look, "jar", jar);
	}
	json_decref(jar);
	return rc;
}
