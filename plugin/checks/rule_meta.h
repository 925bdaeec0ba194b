/* What a YARA rule from elsewhere says of itself (`meta`, tags), as severity and confidence. The words and numbers stand in
 * rulesets/yara-meta.ini; a folder may change them by a probity.ini of its own. */
#ifndef PROBITY_CHECKS_RULE_META_H
#define PROBITY_CHECKS_RULE_META_H

#include "base/error.h"
#include "base/json.h"
#include "findings/terms.h"

/* Which meta keys are read for what. */
typedef enum pb_rule_key {
	PB_KEY_SEVERITY,
	PB_KEY_SCORE,
	PB_KEY_CONFIDENCE,
	PB_KEY_CATEGORY,
	PB_KEY_DESCRIPTION,
	PB_KEY_FAMILY,
	PB_KEY_AUTHOR,
	PB_KEY_REFERENCE,
	PB_RULE_KEYS
} pb_rule_key;

/* Tables of words, by section of the INI. */
typedef enum pb_rule_table {
	PB_WORDS_SEVERITY,   /* word: severity */
	PB_WORDS_SCORE,      /* number from which on: severity */
	PB_WORDS_CONFIDENCE, /* word: permille */
	PB_WORDS_CATEGORY,   /* word: severity */
	PB_WORDS_TAG,        /* word: severity */
	PB_RULE_TABLES
} pb_rule_table;

typedef struct pb_rule_words {
	struct {
		char *word; /* lower case */
		int value;
	} *row;
	size_t n;
} pb_rule_words;

typedef struct pb_rule_meta {
	unsigned seconds, product_seconds; /* wall time of one object, of all objects of a product */
	pb_severity severity, worst;       /* of a rule that says nothing; of all rules at most */
	int confidence, most;              /* permille, likewise */
	char *keys[PB_RULE_KEYS];          /* words between blanks, in order of preference */
	pb_rule_words words[PB_RULE_TABLES];
} pb_rule_meta;

/* Adds what the file says; later files win. The first one must give all of [limits], [default] and [keys]. */
int pb_rule_meta_read(const char *file, pb_rule_meta *m, pb_error *err);
void pb_rule_meta_free(pb_rule_meta *m);

/* meta, tags: as in pb_rule_match. */
pb_severity pb_rule_meta_severity(const pb_rule_meta *m, const json_t *meta, const json_t *tags);
int pb_rule_meta_kappa(const pb_rule_meta *m, const json_t *meta);
/* The text of the first key of that purpose that has one, "" where there is none. Borrowed. */
const char *pb_rule_meta_text(const pb_rule_meta *m, const json_t *meta, pb_rule_key key);

#endif
