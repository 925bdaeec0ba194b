/* Everything that map and reduce need, opened once before any worker is forked: checks, lists, compiled patterns. */
#ifndef PROBITY_WORKER_RULES_H
#define PROBITY_WORKER_RULES_H

#include "checks/catalogue.h"
#include "facts/facts.h"

typedef struct pb_rules {
	pb_catalogue *catalogue;
	pb_lists *lists;
	pb_patterns *patterns;
	uint32_t first_source; /* the catalogue's first source among the pattern sources */
	pb_rule_set **sets;    /* of each folder of the catalogue (pb_catalogue_folder) */
	size_t *set_refused;   /* files of each that do not compile */
	size_t n_sets;
	char **refused;        /* pattern sources left out, "file:line: message" */
	size_t n_refused;
} pb_rules;

/* options as the catalogue takes them; cache_dir: where compiled patterns are kept (NULL: nowhere). */
int pb_rules_open(const pb_catalogue_options *options, const char *cache_dir, pb_rules *out, pb_error *err);
void pb_rules_close(pb_rules *r);

/* [{"id","digest","files","rules","left_out","skipped":[...],"product_seconds"}]: of each folder of YARA rules, for the report. New reference; NULL: no
 * memory. */
json_t *pb_rules_sets(const pb_rules *r);

#endif
