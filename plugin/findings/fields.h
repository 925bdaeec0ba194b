/* The shape of the rows of a result: which fields, of what type, spelled how. For the readers of this room only. */
#ifndef PROBITY_FINDINGS_FIELDS_H
#define PROBITY_FINDINGS_FIELDS_H

#include "base/error.h"
#include "base/json.h"

typedef enum pb_field_type {
	PB_FIELD_TEXT, /* any string */
	PB_FIELD_NAME, /* 1..95 of a-z A-Z 0-9 . _ - */
	PB_FIELD_ROW,  /* a catalogue row: 1..3 capitals, '-', 1..3 digits; "" for a check in none */
	PB_FIELD_KEY,  /* a string that is not empty */
	PB_FIELD_HASH, /* 64 lower-case hex digits, or "" where the evidence has no bytes (a folder, a link) */
	PB_FIELD_BOOL,
	PB_FIELD_PERMILLE, /* 0..1000 */
	PB_FIELD_COUNT,    /* an integer >= 0 */
	PB_FIELD_OFFSET,   /* an integer >= -1; -1: the object as a whole */
	PB_FIELD_TEXTS,    /* array of strings */
	PB_FIELD_KEYS,     /* array of strings, none empty, at least one */
	PB_FIELD_RECORDS   /* array of objects, at least one */
} pb_field_type;

typedef struct pb_field {
	const char *key;
	pb_field_type type;
	bool optional;
} pb_field;

/* row must be an object with these fields and no others. where names it in errors: "findings[3]". 0 or PB_ECORRUPT. */
int pb_fields_check(const json_t *row, const pb_field *fields, size_t n, const char *where, pb_error *err);

/* The value of a spelling, through one of the pb_*_of functions; PB_ECORRUPT where it is none. */
int pb_field_term(const json_t *row, const char *key, int (*of)(const char *), const char *where, int *out, pb_error *err);

#endif
