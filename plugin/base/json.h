/* JSON through jansson: this header is the one door to it. */
#ifndef PROBITY_BASE_JSON_H
#define PROBITY_BASE_JSON_H

#include <jansson.h>

#include "base/bytes.h"
#include "base/error.h"

/* The canonical form: keys sorted by byte, no spaces, UTF-8, no trailing newline. Fresh string, free it; NULL when memory
 * ran out. Same value, same bytes, on every machine. */
char *pb_json_canonical(const json_t *value);

/* Parses hostile text: duplicate keys refused, depth bounded by jansson (2048), size by max_bytes (PB_ELIMIT). what names
 * the text in errors. Returns a new reference or NULL with err set. */
json_t *pb_json_parse(pb_bytes text, size_t max_bytes, const char *what, pb_error *err);

/* A JSON string of the display form (base/text.h) of bytes, at most max bytes of it (0 = no limit). */
json_t *pb_json_display(const void *bytes, size_t n, size_t max);

/* Accessors with defaults; a value of another type counts as absent. Borrowed. */
const char *pb_json_str(const json_t *object, const char *key, const char *otherwise);
int64_t pb_json_int(const json_t *object, const char *key, int64_t otherwise);

/* The strings of an array with words between them; what is no string is "?". Caller frees; NULL when memory ran out. */
char *pb_json_joined(const json_t *strings, const char *between);

/* object[key], made as an empty array/object where it is missing. Borrowed; NULL when memory ran out. */
json_t *pb_json_array_at(json_t *object, const char *key);
json_t *pb_json_object_at(json_t *object, const char *key);

#endif
