/* What a check's header may refer to: rulesets/claims.ini, rulesets/mappings.ini, rulesets/catalogue.ini. Private to checks/. */
#ifndef PROBITY_CHECKS_RULEBOOK_H
#define PROBITY_CHECKS_RULEBOOK_H

#include "base/error.h"
#include "findings/terms.h"

typedef struct pb_claim {
	char *name;
	pb_pillar pillar;
} pb_claim;

typedef struct pb_rulebook {
	pb_claim *claims; /* in the order of the file */
	size_t n_claims;
	char **maps; /* "cwe:321", ...; sorted */
	size_t n_maps;
	char **rows; /* "I-09", ...; sorted; none where there is no rulesets/catalogue.ini */
	size_t n_rows;
} pb_rulebook;

/* Reads claims.ini, mappings.ini and, where it is there, catalogue.ini below data_dir/rulesets. out is overwritten; close it also after a failure. */
int pb_rulebook_open(const char *data_dir, pb_rulebook *out, pb_error *err);
void pb_rulebook_close(pb_rulebook *b);

int pb_rulebook_pillar(const pb_rulebook *b, const char *claim); /* or -1: there is no such claim */
bool pb_rulebook_has_map(const pb_rulebook *b, const char *map);
bool pb_rulebook_has_row(const pb_rulebook *b, const char *row);
/* The nearest claim, map or row, NULL where none is near or memory ran out. Borrowed. */
const char *pb_rulebook_near_claim(const pb_rulebook *b, const char *word);
const char *pb_rulebook_near_map(const pb_rulebook *b, const char *word);
const char *pb_rulebook_near_row(const pb_rulebook *b, const char *word);

#endif
