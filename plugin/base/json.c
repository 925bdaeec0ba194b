#include "base/json.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/text.h"

char *pb_json_canonical(const json_t *value)
{
	return json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
}

json_t *pb_json_parse(pb_bytes text, size_t max_bytes, const char *what, pb_error *err)
{
	const size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY;
	json_error_t e;
	json_t *value;

	if (text.size > max_bytes) {
		(void)pb_fail(err, PB_ELIMIT, "%s: %zu bytes of JSON, more than %zu", what, text.size, max_bytes);
		return NULL;
	}
	value = json_loadb(text.size > 0 ? (const char *)text.data : "", text.size, flags, &e);
	if (value == NULL) {
		int code = json_error_code(&e) == json_error_out_of_memory ? PB_ENOMEM : PB_ECORRUPT;

		(void)pb_fail(err, code, "%s:%d:%d: %s", what, e.line, e.column, e.text);
	}
	return value;
}

json_t *pb_json_display(const void *bytes, size_t n, size_t max)
{
	char *text = pb_text_display(bytes, n, max);
	json_t *value = text != NULL ? json_string(text) : NULL;

	free(text);
	return value;
}

const char *pb_json_str(const json_t *object, const char *key, const char *otherwise)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s != NULL ? s : otherwise;
}

int64_t pb_json_int(const json_t *object, const char *key, int64_t otherwise)
{
	const json_t *v = json_object_get(object, key);

	return json_is_integer(v) ? (int64_t)json_integer_value(v) : otherwise;
}

json_t *pb_json_array_at(json_t *object, const char *key)
{
	json_t *v = json_object_get(object, key);

	if (v == NULL && json_object_set_new(object, key, json_array()) == 0)
		v = json_object_get(object, key);
	return v;
}

json_t *pb_json_object_at(json_t *object, const char *key)
{
	json_t *v = json_object_get(object, key);

	if (v == NULL && json_object_set_new(object, key, json_object()) == 0)
		v = json_object_get(object, key);
	return v;
}

char *pb_json_joined(const json_t *strings, const char *between)
{
	pb_buf b = {0};
	const json_t *s;
	size_t i;
	int rc = pb_buf_puts(&b, "");

	json_array_foreach (strings, i, s) {
		const char *word = json_is_string(s) ? json_string_value(s) : "?";

		rc = rc == PB_OK && i > 0 ? pb_buf_puts(&b, between) : rc;
		rc = rc == PB_OK ? pb_buf_puts(&b, word) : rc;
	}
	if (rc != PB_OK)
		pb_buf_free(&b);
	return (char *)b.data;
}
