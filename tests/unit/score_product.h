/* A product that a test builds up check by check, and the business policy to score it with. */
#ifndef PROBITY_TESTS_SCORE_PRODUCT_H
#define PROBITY_TESTS_SCORE_PRODUCT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "score/score.h"

static pb_policy business;

/* Room for a product that a test builds up. */
typedef struct product {
	pb_check_outcome checks[64];
	pb_finding findings[512];
	char keys[512][16];
	pb_product_result r;
} product;

static inline product *start(product *p)
{
	p->r = (pb_product_result){.checks = p->checks, .findings = p->findings};
	return p;
}

static pb_check_outcome *add(product *p, const char *id, const char *row, const char *claim, pb_pillar pillar,
                             pb_severity severity)
{
	pb_check_outcome *c = &p->checks[p->r.n_checks++];

	*c = (pb_check_outcome){
	    .id = id,
	    .catalogue = row,
	    .claim = claim,
	    .pillar = pillar,
	    .severity = severity,
	    .reliability = PB_PARSED,
	    .status = PB_PASS,
	    .coverage = 1000,
	    .reason = "",
	};
	return c;
}

/* n findings of the last check, each about something else. */
static inline void find(product *p, int n, int kappa)
{
	pb_check_outcome *c = &p->checks[p->r.n_checks - 1];

	for (int i = 0; i < n; i++) {
		size_t at = p->r.n_findings++;

		(void)snprintf(p->keys[at], sizeof p->keys[at], "key %d", i);
		p->findings[at] = (pb_finding){
		    .check = p->r.n_checks - 1, .name = "it", .key = p->keys[at], .kappa = kappa, .severity = c->severity};
	}
	c->status = PB_FAIL;
}

static inline pb_score score(const product *p, const pb_policy *policy, int64_t days)
{
	pb_score s;
	pb_error err = {0};

	if (pb_score_compute(&p->r, policy, 20000, 20000 + days, &s, &err) != PB_OK)
		fail_msg("%s", err.text);
	return s;
}

/* A product that business accepts: T 100, L 100, C 90, its three pieces of evidence verified. */
static inline product *good(product *p)
{
	(void)add(start(p), "i.signature", "I-27", "signature", PB_INTEGRITY, PB_CRITICAL);
	(void)add(p, "i.key", "I-09", "credentials", PB_INTEGRITY, PB_HIGH);
	(void)add(p, "d.host", "D-02", "telemetry", PB_DATA_CARE, PB_MEDIUM);
	(void)add(p, "v.sbom", "V-01", "sbom", PB_VERIFICATION, PB_LOW);
	(void)add(p, "v.contact", "V-06", "contact", PB_VERIFICATION, PB_LOW);
	return p;
}

/* Of a test group: reads the policy. */
static inline int load(void **state)
{
	char *dir = pb_fs_data_dir();
	pb_error err = {0};
	int rc = pb_policy_load("business", dir, &business, &err);

	(void)state;
	if (rc != PB_OK)
		print_error("%s\n", err.text);
	free(dir);
	return rc;
}

#endif
