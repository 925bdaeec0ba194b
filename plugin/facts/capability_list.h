/* Private to this room: how the files of rulesets/capabilities are read. One reading a file; what it makes goes into lists. */
#ifndef PROBITY_FACTS_CAPABILITY_LIST_H
#define PROBITY_FACTS_CAPABILITY_LIST_H

#include "base/buf.h"
#include "facts/lists.h"

enum { PB_PARTS = 64 };

/* Patterns of one file that the same objects are looked through for. */
typedef struct pb_part {
	char name[32]; /* a kind, or the class "binary" */
	pb_buf text;   /* their YARA source: each pattern on the line that it has in the file */
	int line;      /* of text */
} pb_part;

typedef struct pb_reading {
	pb_lists *lists;
	pb_part parts[PB_PARTS]; /* in the order of the file */
	size_t n;
} pb_reading;

/* capability_imports.c: "connect listen+accept ...". 0 or a code with err set. */
int pb_imports_add(pb_imports *in, const char *capability, const char *value, pb_error *err);
void pb_imports_free(pb_imports *in);

/* capability_patterns.c: one line "KIND.NAME = pattern"; then, at the end of the file, each part as a source. */
int pb_reading_pattern(pb_reading *r, const char *capability, const char *key, const char *value, int line, pb_error *err);
int pb_reading_sources(pb_reading *r, const char *file, const char *name, pb_error *err);
void pb_reading_free(pb_reading *r);

/* capability_words.c: what declares a capability; key: "words", "depends", or one of the formats of permissions. false: no such key. */
bool pb_words_key(const char *key);
int pb_words_add(pb_words *w, size_t capability, const char *key, const char *value, pb_error *err);
void pb_words_free(pb_words *w);

#endif
