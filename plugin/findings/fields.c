#include "findings/fields.h"

#include <string.h>

#include "base/text.h"
#include "findings/terms.h"

enum { NAME_MAX_BYTES = 95, FIELDS_MAX = 16 };

static bool is_name(const char *s)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t n = strlen(s);

	return n > 0 && n <= NAME_MAX_BYTES && strspn(s, allowed) == n;
}

static bool is_hash(const char *s)
{
	size_t n = strlen(s);

	return n == 0 || (n == 64 && strspn(s, "0123456789abcdef") == n);
}

static bool all_texts(const json_t *array, bool keys)
{
	const json_t *v;
	size_t i;

	if (!json_is_array(array) || (keys && json_array_size(array) == 0))
		return false;
	json_array_foreach(array, i, v)
	{
		if (!json_is_string(v) || (keys && json_string_length(v) == 0))
			return false;
	}
	return true;
}

static bool all_objects(const json_t *array)
{
	const json_t *v;
	size_t i;

	if (json_array_size(array) == 0)
		return false;
	json_array_foreach(array, i, v)
	{
		if (!json_is_object(v))
			return false;
	}
	return true;
}

static bool fits(const json_t *v, pb_field_type type)
{
	const char *s = json_string_value(v);

	switch (type) {
	case PB_FIELD_TEXT:
		return s != NULL;
	case PB_FIELD_NAME:
		return s != NULL && is_name(s);
	case PB_FIELD_ROW:
		return s != NULL && (*s == '\0' || pb_row_valid(s));
	case PB_FIELD_KEY:
		return s != NULL && *s != '\0';
	case PB_FIELD_HASH:
		return s != NULL && is_hash(s);
	case PB_FIELD_BOOL:
		return json_is_boolean(v);
	case PB_FIELD_PERMILLE:
		return json_is_integer(v) && json_integer_value(v) >= 0 && json_integer_value(v) <= 1000;
	case PB_FIELD_COUNT:
		return json_is_integer(v) && json_integer_value(v) >= 0;
	case PB_FIELD_OFFSET:
		return json_is_integer(v) && json_integer_value(v) >= -1;
	case PB_FIELD_TEXTS:
		return all_texts(v, false);
	case PB_FIELD_KEYS:
		return all_texts(v, true);
	case PB_FIELD_RECORDS:
		return all_objects(v);
	}
	return false;
}

static const char *wanted(pb_field_type type)
{
	switch (type) {
	case PB_FIELD_TEXT:
		return "a string";
	case PB_FIELD_NAME:
		return "a name of letters, digits, '.', '_' and '-', at most 95";
	case PB_FIELD_ROW:
		return "a catalogue row such as \"I-09\", or empty";
	case PB_FIELD_KEY:
		return "a string that is not empty";
	case PB_FIELD_HASH:
		return "a SHA-256 in lower-case hex, or empty";
	case PB_FIELD_BOOL:
		return "true or false";
	case PB_FIELD_PERMILLE:
		return "an integer from 0 to 1000";
	case PB_FIELD_COUNT:
		return "an integer from 0 on";
	case PB_FIELD_OFFSET:
		return "an integer from -1 on";
	case PB_FIELD_TEXTS:
		return "an array of strings";
	case PB_FIELD_KEYS:
		return "an array of strings, none empty, at least one";
	case PB_FIELD_RECORDS:
		return "an array of objects, at least one";
	}
	return "";
}

static int unknown_key(const char *key, const pb_field *fields, size_t n, const char *where, pb_error *err)
{
	const char *names[FIELDS_MAX], *near;

	for (size_t i = 0; i < n; i++)
		names[i] = fields[i].key;
	near = pb_text_nearest(key, names, n);
	return pb_fail(err, PB_ECORRUPT, "%s: unknown field \"%s\"%s%s%s", where, key, near != NULL ? ", did you mean \"" : "",
	               near != NULL ? near : "", near != NULL ? "\"?" : "");
}

int pb_fields_check(const json_t *row, const pb_field *fields, size_t n, const char *where, pb_error *err)
{
	size_t known = 0;
	const char *key;
	const json_t *v;

	if (!json_is_object(row))
		return pb_fail(err, PB_ECORRUPT, "%s: not an object", where);
	for (size_t i = 0; i < n; i++) {
		v = json_object_get(row, fields[i].key);
		known += v != NULL;
		if (v == NULL && !fields[i].optional)
			return pb_fail(err, PB_ECORRUPT, "%s: field \"%s\" is missing", where, fields[i].key);
		if (v != NULL && !fits(v, fields[i].type))
			return pb_fail(err, PB_ECORRUPT, "%s.%s: must be %s", where, fields[i].key, wanted(fields[i].type));
	}
	if (known == json_object_size(row))
		return PB_OK;
	json_object_foreach((json_t *)row, key, v)
	{
		bool found = false;

		for (size_t i = 0; i < n; i++)
			found |= strcmp(fields[i].key, key) == 0;
		if (!found)
			return unknown_key(key, fields, n, where, err);
	}
	return PB_OK;
}

int pb_field_term(const json_t *row, const char *key, int (*of)(const char *), const char *where, int *out, pb_error *err)
{
	const char *s = pb_json_str(row, key, "");

	*out = of(s);
	if (*out < 0)
		return pb_fail(err, PB_ECORRUPT, "%s.%s: \"%s\" is not a %s", where, key, s, key);
	return PB_OK;
}
