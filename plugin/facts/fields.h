/* Private to this room: "Key: value" lines with continuation lines, as in Debian's control files, Python's METADATA, Java's
 * manifests. */
#ifndef PROBITY_FACTS_FIELDS_H
#define PROBITY_FACTS_FIELDS_H

#include "base/buf.h"
#include "facts/provider.h"

enum { PB_FIELD_KEY = 64, PB_FIELD_TEXT = 4096, PB_FIELDS = 2000, PB_FIELD_LIST = 1000 };

typedef struct pb_fields {
	pb_bytes rest; /* what is not read yet */
	size_t n;      /* fields so far */
	bool glue;     /* continuation lines go on in the middle of a word (Java), else they are joined by a newline */
	bool ended;    /* the paragraph ended: the next call begins another */
} pb_fields;

typedef struct pb_field {
	char key[PB_FIELD_KEY]; /* lower case; '-' becomes '_' where the caller asks for it */
	pb_buf value;           /* of at most PB_FIELD_TEXT bytes; reused: free it after the last field */
} pb_field;

/* The next field of the paragraph. false: the paragraph (or the text, or the bound) ends. Lines without a key are passed over.
 */
bool pb_fields_next(pb_fields *f, pb_field *out);

/* The next line without its end. false: there is none. */
bool pb_line_next(pb_bytes *rest, pb_bytes *line);
pb_bytes pb_trim(pb_bytes b); /* blanks off both ends */

/* Texts from outside as JSON: display form, newlines kept as "\n", at most max bytes. New. */
json_t *pb_text_json(pb_bytes b, size_t max);

/* JSON as the tools of its owners read it: a byte order mark is passed over, of two equal keys the last one counts.
 * (pb_json_parse refuses both.) New; NULL where it is no JSON or longer than max, *rc is PB_ELIMIT or PB_ENOMEM where that is
 * why, else 0. */
json_t *pb_json_lenient(pb_bytes text, size_t max, int *rc);

/* Adds the value to the list object[key]; a list holds at most PB_FIELD_LIST. 0 or PB_ENOMEM. */
int pb_list_add(json_t *object, const char *key, json_t *value);

#endif
