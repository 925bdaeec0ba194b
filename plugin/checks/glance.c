#include "checks/sandbox.h"

#include <stdlib.h>
#include <string.h>

pb_glance pb_glance_of(const json_t *record)
{
	const json_t *path = json_object_get(record, "path"), *result = json_object_get(record, "result");
	const char *last = json_string_value(json_array_get(path, json_array_size(path) - 1));
	const char *slash = last != NULL ? strrchr(last, '/') : NULL;

	return (pb_glance){
	    .kind = pb_json_str(record, "kind", ""),
	    .class_name = pb_json_str(record, "class", ""),
	    .last = last,
	    .base = slash != NULL ? slash + 1 : last,
	    .path = path,
	    .facts = json_object_get(result, "facts"),
	    .notes = json_object_get(result, "notes"),
	};
}

pb_glance *pb_glances_of(const json_t *records)
{
	size_t n = json_array_size(records);
	pb_glance *rows = n > 0 ? calloc(n, sizeof *rows) : NULL;

	for (size_t i = 0; rows != NULL && i < n; i++)
		rows[i] = pb_glance_of(json_array_get(records, i));
	return rows;
}
