/* Policies: what a buyer weighs and demands. INI files in rulesets/policies/. */
#ifndef PROBITY_SCORE_POLICY_H
#define PROBITY_SCORE_POLICY_H

#include "base/error.h"
#include "base/json.h"
#include "findings/terms.h"

enum { PB_REQUIRED_MAX = 32, PB_OVERRIDES_MAX = 256, PB_REGIONS_MAX = 64 };

typedef struct pb_required {
	char id[48];          /* "sbom" */
	char title[120];      /* "a software bill of materials that matches the bytes" */
	char catalogue[8][8]; /* rows whose check verifies it: any one passing with coverage above 0, by means good enough, is enough */
	size_t n_catalogue;
	char only_if[16][8]; /* demanded only when a check of one of these rows failed; none: always */
	size_t n_only_if;
	bool has_least; /* by whose word: only a pass whose reliability is worth no less than least verifies it */
	pb_reliability least;
} pb_required;

typedef struct pb_override {
	char check[96];       /* check id or catalogue row */
	pb_severity severity; /* replaces the check's; its findings are cut to it, never raised */
	char reason[200];
} pb_override;

typedef struct pb_policy {
	char name[48];                                                   /* the file's name without .ini */
	char title[120];                                                 /* for people */
	char digest[65];                                                 /* SHA-256 of the file's bytes */
	int weight[PB_PILLARS];                                          /* permille, 0..4000 */
	int confidence_weight[PB_PILLARS];                               /* 0..100, not all 0 */
	int half_life_days;                                              /* 1..36500 */
	int accept_trust, accept_confidence, accept_floor, reject_below; /* 0..100; reject_below <= accept_trust */
	pb_required required[PB_REQUIRED_MAX];
	size_t n_required;
	pb_override overrides[PB_OVERRIDES_MAX];
	size_t n_overrides;
	char regions[PB_REGIONS_MAX][32]; /* where data may be: "DE", "EU", "aws:eu-central-1"; product checks see them */
	size_t n_regions;                 /* 0: none are demanded */
} pb_policy;

/* Is it the code of a country, a union or a region of a provider, as policies name them? */
bool pb_region_valid(const char *code);

/* The regions as an array, which the reduce takes: a new reference; *out is NULL where none are demanded. 0 or PB_ENOMEM. */
int pb_policy_regions(const pb_policy *policy, json_t **out);

/* Is a pass by such means good enough? Compared by what they are worth: "parsed" and "third-party" are equals. */
bool pb_required_by(const pb_required *r, pb_reliability reliability);

/* The override that speaks of a check: by its id, else by its catalogue row; NULL where there is none. Borrowed. */
const pb_override *pb_policy_override(const pb_policy *policy, const char *id, const char *catalogue);

/* name: a policy's name ("business": DATA/rulesets/policies/business.ini) or a path to an .ini file (contains '/' or ends in
 * .ini). data_dir as pb_fs_data_dir gives it. Errors name file and line; an unknown policy name lists those that exist.
 * 0, PB_EINPUT (what the file or the name says is wrong), PB_EIO or PB_ENOMEM. */
int pb_policy_load(const char *name, const char *data_dir, pb_policy *out, pb_error *err);

#endif
