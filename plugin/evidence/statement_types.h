/* Our own statements: what each type may say. Private to evidence/. */
#ifndef PROBITY_EVIDENCE_STATEMENT_TYPES_H
#define PROBITY_EVIDENCE_STATEMENT_TYPES_H

#include <stdbool.h>
#include <stddef.h>

typedef enum pb_field_form {
	PB_FIELD_END,
	PB_FIELD_TEXT,   /* at most PB_DOCUMENT_TEXT bytes */
	PB_FIELD_DAY,    /* "YYYY-MM-DD" */
	PB_FIELD_SHA256,
	PB_FIELD_COUNT,  /* 0 to 1,000,000,000 */
	PB_FIELD_PORT,   /* 0 to 65,535 */
	PB_FIELD_YES,    /* true or false */
	PB_FIELD_TEXTS,
	PB_FIELD_SLUGS,  /* texts of a-z, 0-9 and "-" */
	PB_FIELD_ROWS,   /* a list of objects of the fields in row */
	PB_FIELD_OBJECT, /* one such object */
	PB_FIELD_ONE_OF  /* a text that is one of the words in row's names */
} pb_field_form;

typedef struct pb_field {
	const char *name;
	pb_field_form form;
	bool must;                  /* has to be stated; a text of it not empty, a list of it may be */
	const struct pb_field *row; /* PB_FIELD_ROWS, _OBJECT: its fields; PB_FIELD_ONE_OF: its words */
} pb_field;

typedef struct pb_statement_type {
	const char *type;
	const pb_field *fields; /* ended by PB_FIELD_END, as is each row */
} pb_statement_type;

extern const pb_statement_type pb_statement_types[];
extern const size_t pb_statement_types_count;

#endif
