#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/inside.h"

/* The strings of an assessment: where they are in the struct, which column they have, what they are called in JSON. */
static const struct {
	const char *name;
	size_t at;
	int column; /* in PB_ROW_COLUMNS, from 0 */
} texts[PB_ROW_TEXTS] = {
    {"path", offsetof(pb_stored, path), 1},          {"name", offsetof(pb_stored, name), 2},
    {"version", offsetof(pb_stored, version), 3},    {"kind", offsetof(pb_stored, kind), 4},
    {"sha256", offsetof(pb_stored, sha256), 5},      {"host", offsetof(pb_stored, host), 6},
    {"policy", offsetof(pb_stored, policy), 8},      {"rules_digest", offsetof(pb_stored, rules_digest), 9},
    {"decision", offsetof(pb_stored, decision), 13}, {"clamav", offsetof(pb_stored, clamav), 14},
    {"reason", offsetof(pb_stored, reason), 15},     {"alert", offsetof(pb_stored, alert), 16},
};
enum { TIME = 0, UID = 7, TRUST = 10, FLOOR = 11, CONFIDENCE = 12 };

static const char **slot(pb_stored *a, size_t i)
{
	return (const char **)((char *)a + texts[i].at);
}

static const char *text_of(const pb_stored *a, size_t i)
{
	const char *text;
	memcpy(&text, (const char *)a + texts[i].at, sizeof text);
	return text ? text : "";
}

int pb_row_clean(const pb_stored *from, pb_stored *to, char *own[PB_ROW_TEXTS])
{
	*to = *from;
	memset(own, 0, PB_ROW_TEXTS * sizeof *own);
	for (size_t i = 0; i < PB_ROW_TEXTS; i++) {
		own[i] = pb_text_safe(text_of(from, i), PB_ROW_TEXT_MAX);
		if (!own[i]) {
			pb_row_drop(own);
			return PB_ENOMEM;
		}
		*slot(to, i) = own[i];
	}
	return 0;
}

void pb_row_drop(char *own[PB_ROW_TEXTS])
{
	for (size_t i = 0; i < PB_ROW_TEXTS; i++)
		free(own[i]);
}

static void bind_unless_negative(pb_statement *s, int column, int64_t value)
{
	if (value >= 0) /* else it stays unbound, which is the null value */
		pb_sql_int(s, column + 1, value);
}

void pb_row_bind(pb_statement *s, const pb_stored *a)
{
	pb_sql_int(s, TIME + 1, a->time);
	bind_unless_negative(s, UID, a->uid);
	bind_unless_negative(s, TRUST, a->trust_tenths);
	bind_unless_negative(s, FLOOR, a->low_tenths);
	bind_unless_negative(s, CONFIDENCE, a->confidence_tenths);
	for (size_t i = 0; i < PB_ROW_TEXTS; i++)
		pb_sql_text(s, texts[i].column + 1, text_of(a, i));
}

static int tenths(pb_statement *s, int column)
{
	int64_t n = pb_sql_get_int(s, column + 1, -1);
	return n < 0 || n > 1000 ? -1 : (int)n;
}

void pb_row_read(pb_statement *s, pb_stored *a)
{
	*a = (pb_stored){.id = pb_sql_get_int(s, 0, 0),
	                 .time = pb_sql_get_int(s, TIME + 1, 0),
	                 .uid = pb_sql_get_int(s, UID + 1, -1)};
	a->trust_tenths = tenths(s, TRUST);
	a->low_tenths = tenths(s, FLOOR);
	a->confidence_tenths = tenths(s, CONFIDENCE);
	for (size_t i = 0; i < PB_ROW_TEXTS; i++)
		*slot(a, i) = pb_sql_get_text(s, texts[i].column + 1);
}

static int set_unless_negative(json_t *j, const char *key, int64_t value)
{
	return json_object_set_new(j, key, value < 0 ? json_null() : json_integer(value));
}

json_t *pb_stored_json(const pb_stored *a)
{
	json_t *j = json_object();
	int rc = !j || json_object_set_new(j, "id", json_integer(a->id)) ||
	         json_object_set_new(j, "time", json_integer(a->time)) || set_unless_negative(j, "uid", a->uid) ||
	         set_unless_negative(j, "trust_tenths", a->trust_tenths) ||
	         set_unless_negative(j, "floor_tenths", a->low_tenths) ||
	         set_unless_negative(j, "confidence_permille", a->confidence_tenths);
	for (size_t i = 0; i < PB_ROW_TEXTS && !rc; i++)
		rc = json_object_set_new(j, texts[i].name, json_string(text_of(a, i)));
	if (a->valid_until && *a->valid_until)
		rc = rc || json_object_set_new(j, "valid_until", pb_json_display(a->valid_until, strlen(a->valid_until), 64));
	if (rc) {
		json_decref(j);
		return NULL;
	}
	return j;
}
