/* What the readers of documents share. Private to evidence/.
 *
 * A reading keeps its first fault: after it, everything goes on to return what is empty, so that a reader needs not ask after each line. */
#ifndef PROBITY_EVIDENCE_READER_H
#define PROBITY_EVIDENCE_READER_H

#include "evidence/document.h"

typedef struct pb_reading {
	pb_bytes text;      /* the document, without a byte order mark */
	const json_t *json; /* what it parses to; NULL: it is no JSON */
	json_t *record;     /* see pb_document_read. Borrowed, as are the next two, which lie in it */
	json_t *subjects, *content;
	size_t rows;        /* made so far, of PB_DOCUMENT_ROWS */
	size_t left_out;    /* rows that there was no room for */
	bool lines;         /* json is an array of the text's lines, each a JSON of its own */
	bool about;         /* an in-toto statement said what it is about: pb_subject adds nothing */
	bool enveloped;     /* it came out of an envelope */
	bool unknown;       /* recognised, but not what it says */
	unsigned wraps;     /* statements and envelopes around what is read */
	int rc;             /* enum pb_code: of the first fault */
	pb_error err;       /* its words */
} pb_reading;

/* Keeps the first fault of a reading: PB_EINPUT and these words. */
void pb_doc_refuse(pb_reading *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void pb_doc_starved(pb_reading *r); /* PB_ENOMEM, likewise */

/* A value of the parsed document and the place where it stands; lives no longer than up. */
typedef struct pb_node {
	pb_reading *r;
	const json_t *v; /* NULL: absent, which null is as well */
	const struct pb_node *up;
	const char *key; /* in up; NULL: the item at index */
	size_t index;
} pb_node;

pb_node pb_doc_root_of(pb_reading *r);
pb_node pb_doc_at(const pb_node *n, const char *key);      /* absent where n is no object */
pb_node pb_doc_item(const pb_node *n, size_t i);
bool pb_doc_is_object(const pb_node *n); /* false: absent. What is neither is refused, as with all of the next */
size_t pb_doc_items(const pb_node *n);   /* of an array; 0: absent */
const char *pb_doc_text(const pb_node *n);                                             /* "" where absent. Borrowed, as it stands in the document */
const char *pb_doc_text_at(const pb_node *n, const char *key);
int64_t pb_doc_number(const pb_node *n, int64_t lo, int64_t hi, int64_t absent);
bool pb_doc_yes(const pb_node *n, bool absent);
void pb_doc_day(const pb_node *n, char out[11]); /* the day of "YYYY-MM-DD", alone or with a time behind it (RFC 3339); "" where absent */
bool pb_doc_day_of(const char *text, char out[11]); /* the same of a text; false (out is "" then): no date */
void pb_doc_must(const pb_node *n);              /* refuses what is absent, and the empty text */
void pb_doc_refuse_at(const pb_node *n, const char *fmt, ...) __attribute__((format(printf, 2, 3))); /* with the place before the words */

/* Rows of what is said. A row that is NULL takes everything and keeps nothing. */
json_t *pb_doc_list(pb_reading *r, json_t *object, const char *key); /* object[key], an empty list where there was none. Borrowed; NULL: fault */
json_t *pb_doc_row(pb_reading *r, json_t *list); /* a new object at its end. Borrowed; NULL: fault, or no room, which is counted */
void pb_doc_word(pb_reading *r, json_t *list, const char *text); /* a text at its end */
void pb_doc_word_bytes(pb_reading *r, json_t *list, pb_bytes text);
void pb_doc_put(pb_reading *r, json_t *row, const char *key, const char *text); /* in its display form, cut */
void pb_doc_put_bytes(pb_reading *r, json_t *row, const char *key, pb_bytes text);
/* Of a text that is in display form already: escaped once more, a backslash in it would make it another. */
void pb_doc_put_shown(pb_reading *r, json_t *row, const char *key, const char *text);
void pb_doc_put_new(pb_reading *r, json_t *row, const char *key, json_t *value); /* takes value, NULL: no memory */
void pb_doc_put_texts(const pb_node *list, json_t *row, const char *key); /* a list of texts, or one text */

/* Digests. */
void pb_doc_digest_none(pb_reading *r, json_t *row); /* "sha256", "sha512", "sha1", "md5": "" */
/* The one that algorithm ("SHA-256", "sha256", ...) names; others are passed over. False: no such digest (nothing is refused here). */
bool pb_doc_digest_put(pb_reading *r, json_t *row, const char *algorithm, const char *hex);
/* Are these that many digits of hex? In lower case into out then. */
bool pb_doc_hex_of(const char *text, size_t digits, char out[129]);
json_t *pb_doc_subject(pb_reading *r, const char *name, const char *purl); /* a new row of subjects without digests. As pb_doc_row */

/* The head of a record. */
void pb_doc_says(pb_reading *r, const char *kind, const char *fmt, ...) __attribute__((format(printf, 3, 4))); /* kind and format */
void pb_doc_dates(pb_reading *r, const char *issued, const char *expires);
void pb_doc_by(pb_reading *r, const char *text);

/* One format. recognise looks at r->json or r->text alone and changes nothing. */
typedef struct pb_reader {
	const char *kind; /* of what it reads, where that cannot be read: its first kind */
	bool (*recognise)(const pb_reading *r);
	void (*read)(pb_reading *r);
	const char *mark; /* a text that such documents hold near their beginning: what a JSON that does not parse was to be. NULL: none */
} pb_reader;

/* The readers, one a row (readers.c). */
extern const pb_reader pb_readers[];
extern const size_t pb_readers_count;

/* Reads what an envelope or a statement holds as a document, into the same record. */
void pb_read_payload(pb_reading *r, pb_bytes bytes);
void pb_read_predicate(pb_reading *r, const json_t *json);

/* json_text.c: JSON from outside within the bounds of document.h; a key that stands twice is refused by its name. New reference, or NULL with err. */
json_t *pb_evidence_json(pb_bytes text, pb_error *err);
bool pb_evidence_is_lines(pb_bytes text);                      /* more than one line, and the first is an object */
json_t *pb_evidence_json_lines(pb_bytes text, pb_error *err);  /* an array of them */

#endif
