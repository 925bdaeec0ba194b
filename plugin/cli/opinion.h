/* Opinions of assessors on products: (digest, claim, opinion, day, assessor), signed, and nothing of the product itself. */
#ifndef PROBITY_CLI_OPINION_H
#define PROBITY_CLI_OPINION_H

#include "base/buf.h"
#include "base/json.h"
#include "cli/dossier.h"
#include "score/opinion.h"

#define PB_OPINION_TYPE "application/vnd.probity.opinion+json"

typedef struct pb_opinion_options {
	const char *folder, *key, *output;
	pb_dossier_options trust; /* its --trust alone */
	pb_opinion weight;
	int64_t as_of;
	bool json;
	char **words; /* behind the verb */
	size_t n;
} pb_opinion_options;

/* The verbs: 0, or a code with err. */
int pb_opinion_export(const pb_opinion_options *o, pb_error *err);
int pb_opinion_import(const pb_opinion_options *o, pb_error *err);
int pb_opinion_show(const pb_opinion_options *o, pb_error *err);

/* words[1] and on are signed reports about own's product: {"reports":[{"key","root","as_of","rules_digest","trust_tenths"}],"findings":[{"check","finding","key","kappa",
 * "severity"}],"trust_tenths","floor_tenths","own_trust_tenths"} of the findings of all, each (check, key) once with the larger kappa. 0, or a code with err: a report that does not
 * count is an error, by its file. */
int pb_opinion_union(const pb_opinion_options *o, const json_t *own, json_t **out, pb_error *err);

/* "probity-opinion/1" of a report: {"schema","digest","as_of","valid_until","assessor","method":{"rules_digest","engine":{...}},
 * "opinion":{"b","d","u","a"},"claims":[{"claim","pillar","opinion"}]}. assessor: the id of the key that will sign. New reference; NULL: err. */
json_t *pb_opinion_of_report(const json_t *report, const char *assessor, pb_error *err);

/* Is it one, to the letter? 0 or PB_EINPUT. */
int pb_opinion_check(const json_t *statement, pb_error *err);
bool pb_opinion_read(const json_t *object, pb_opinion *out);
json_t *pb_opinion_json(const pb_opinion *x);

int pb_opinion_file(const char *file, json_t **out, pb_error *err); /* JSON of at most 32 MiB */

#endif
