/* JSON values for the report: copies that can do nothing to a terminal, orders that depend on the values alone. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/build.h"

json_t *pb_build_string(const char *text)
{
	char *inert = pb_text_safe(text != NULL ? text : "", 0);
	json_t *value = inert != NULL ? json_string(inert) : NULL;

	free(inert);
	return value;
}

static json_t *inert_array(const json_t *value)
{
	json_t *copy = json_array();
	size_t i;
	json_t *item;

	json_array_foreach(value, i, item) {
		if (copy == NULL || json_array_append_new(copy, pb_build_inert(item)) != 0) {
			json_decref(copy);
			return NULL;
		}
	}
	return copy;
}

static json_t *inert_object(const json_t *value)
{
	json_t *copy = json_object();
	json_t *source = (json_t *)(uintptr_t)value; /* jansson's iterators want a mutable object; nothing is changed */
	const char *key;
	json_t *item;

	json_object_foreach(source, key, item) {
		char *inert = pb_text_safe(key, 0);
		int rc = inert == NULL || copy == NULL ? -1 : json_object_set_new(copy, inert, pb_build_inert(item));

		free(inert);
		if (rc != 0) {
			json_decref(copy);
			return NULL;
		}
	}
	return copy;
}

json_t *pb_build_inert(const json_t *value)
{
	if (value == NULL)
		return json_null();
	switch (json_typeof(value)) {
	case JSON_STRING:
		return pb_build_string(json_string_value(value));
	case JSON_ARRAY:
		return inert_array(value);
	case JSON_OBJECT:
		return inert_object(value);
	default:
		return json_deep_copy(value);
	}
}

json_t *pb_build_sorted(json_t *array, int (*order)(const void *, const void *))
{
	size_t n = json_array_size(array);
	json_t **items = calloc(n + 1, sizeof(json_t *));
	json_t *out = json_array();

	if (array == NULL || items == NULL || out == NULL) {
		json_decref(out);
		out = NULL;
		goto out;
	}
	for (size_t i = 0; i < n; i++)
		items[i] = json_array_get(array, i);
	qsort(items, n, sizeof(json_t *), order);
	for (size_t i = 0; i < n && out != NULL; i++) {
		if (json_array_append(out, items[i]) != 0) {
			json_decref(out);
			out = NULL;
		}
	}
out:
	free(items);
	json_decref(array);
	return out;
}

static int by_byte(const void *a, const void *b)
{
	return strcmp(json_string_value(*(json_t *const *)a), json_string_value(*(json_t *const *)b));
}

json_t *pb_build_strings(const json_t *array)
{
	json_t *copy = json_array();
	size_t i;
	json_t *item;

	json_array_foreach(array, i, item) {
		if (json_is_string(item) && json_array_append_new(copy, pb_build_inert(item)) != 0) {
			json_decref(copy);
			return NULL;
		}
	}
	copy = pb_build_sorted(copy, by_byte);
	for (i = json_array_size(copy); i > 1; i--)
		if (json_equal(json_array_get(copy, i - 1), json_array_get(copy, i - 2)))
			(void)json_array_remove(copy, i - 1);
	return copy;
}

int pb_build_path_order(const json_t *a, const json_t *b)
{
	size_t na = json_array_size(a), nb = json_array_size(b);

	for (size_t i = 0; i < na && i < nb; i++) {
		const char *x = json_string_value(json_array_get(a, i)), *y = json_string_value(json_array_get(b, i));
		int order = strcmp(x != NULL ? x : "", y != NULL ? y : "");

		if (order != 0)
			return order;
	}
	return (na > nb) - (na < nb);
}

int pb_build_text_order(const json_t *a, const json_t *b)
{
	char *x = pb_json_canonical(a), *y = pb_json_canonical(b);
	int order = x != NULL && y != NULL ? strcmp(x, y) : 0;

	free(x);
	free(y);
	return order;
}
