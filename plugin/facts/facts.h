/* What is true of these bytes? One table of providers in facts.c; README.md has the schema of each fact.
 * Pure: a function of (bytes, name class, kind, one pass of the patterns). */
#ifndef PROBITY_FACTS_FACTS_H
#define PROBITY_FACTS_FACTS_H

#include "base/error.h"
#include "facts/patterns.h"
#include "object/object.h"

/* Lists that the providers need, loaded once from DATA/rulesets (namespace URLs, capabilities, ...). Read-only afterwards. */
typedef struct pb_lists pb_lists;
int pb_lists_open(const char *data_dir, pb_lists **out, pb_error *err);
void pb_lists_close(pb_lists *l);

/* The providers' own pattern sources (spaces "probity.*": URLs, capabilities), to be compiled with those of the checks, and
 * placed first: their source indices are 0..n-1. Borrowed from l. */
const pb_pattern_source *pb_lists_sources(const pb_lists *l, size_t *n);

/* The facts as a new JSON object ("tags" always present, sorted). 0, PB_ENOMEM. */
int pb_facts_of(const pb_object *object, const pb_scan *scan, const pb_lists *lists, json_t **facts, pb_error *err);

/* Removes what only object checks may see (module trees): what is left goes into the object's result. */
void pb_facts_keep(json_t *facts);

/* The tags that `applies` may name, in order (kinds, classes, and what facts add). For the loader's "did you mean". */
const char *const *pb_fact_tags(size_t *n);

/* The name of fact i ("urls"), as scripts find it in object.facts; NULL past the last one. */
const char *pb_fact_name(size_t i);

/* Thousandths of 8 bits a byte, 0..1000; 0 of nothing. The same on every machine. */
unsigned pb_entropy(pb_bytes b);

/* Is the byte at offset `at` inside a comment of this kind of source? For kinds without a comment syntax: false. One linear
 * pass, cached by the caller through pb_comments. */
typedef struct pb_comments pb_comments;
pb_comments *pb_comments_of(pb_bytes bytes, const pb_kind *kind); /* NULL: no memory or no comment syntax; yours */
bool pb_comments_at(const pb_comments *c, uint64_t at);           /* c may be NULL: false */
void pb_comments_free(pb_comments *c);

#endif
