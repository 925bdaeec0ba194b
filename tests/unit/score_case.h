/* Random input of the score: a catalogue, its outcomes, findings and a policy. */
#ifndef PROBITY_TESTS_SCORE_CASE_H
#define PROBITY_TESTS_SCORE_CASE_H

#include <stdio.h>
#include <string.h>

#include "prng.h"
#include "score/score.h"

enum { CASE_CHECKS = 24, CASE_FINDINGS = 200, CASE_KEYS = 40 };

typedef struct score_case {
	pb_check_outcome checks[CASE_CHECKS];
	pb_finding findings[CASE_FINDINGS];
	pb_product_result result; /* points into this case: copy with case_copy */
	int64_t assessed, as_of;
} score_case;

static const char *const case_claims[] = {"transport", "hardening", "install", "secrets", "signature", "telemetry"};

/* Names that stay, whatever is copied. */
static inline const char *case_name(char kind, int i)
{
	static char ids[CASE_CHECKS + 1][16], rows[CASE_CHECKS + 1][8], keys[CASE_KEYS + 1][16];

	switch (kind) {
	case 'i':
		(void)snprintf(ids[i], sizeof ids[i], "some.check-%02d", i);
		return ids[i];
	case 'r':
		(void)snprintf(rows[i], sizeof rows[i], "X-%02d", i);
		return rows[i];
	default:
		(void)snprintf(keys[i], sizeof keys[i], "key %d", i);
		return keys[i];
	}
}

static inline void case_copy(score_case *to, const score_case *from)
{
	*to = *from;
	to->result.checks = to->checks;
	to->result.findings = to->findings;
}

static inline int case_kappa(prng *r)
{
	static const int usual[] = {0, 1, 199, 200, 201, 400, 402, 499, 500, 700, 799, 800, 900, 1000};

	return prng_chance(r, 60) ? usual[prng_in(r, 0, 13)] : prng_in(r, 0, 1000);
}

static inline int case_coverage(prng *r)
{
	return prng_chance(r, 60) ? 1000 : prng_in(r, 0, 1000);
}

/* One more finding of check i, which fails from now on. */
static inline void case_find(score_case *c, size_t i, int key, int kappa, pb_severity severity)
{
	if (c->result.n_findings == CASE_FINDINGS)
		return;
	c->checks[i].status = PB_FAIL;
	c->findings[c->result.n_findings++] = (pb_finding){
	    .check = i,
	    .name = "it",
	    .key = case_name('k', key),
	    .kappa = kappa,
	    .severity = severity,
	    .says = "",
	    .remediation = "",
	};
}

/* Findings of a failing check. One time in four many of one severity, at or just below half of the largest kappa: where one
 * more finding, or a graver or surer one, moves most. */
static inline void case_add_findings(score_case *c, size_t i, prng *r)
{
	int severity = (int)c->checks[i].severity, half = prng_in(r, 100, 500);
	bool crowd = prng_chance(r, 25);

	for (int j = crowd ? prng_in(r, 10, 30) : prng_chance(r, 80) ? prng_in(r, 1, 4) : prng_in(r, 1, 30); j > 0; j--) {
		int kappa = crowd ? (prng_chance(r, 20) ? 2 * half : half) : case_kappa(r);
		int own = crowd ? (severity > PB_INFO ? severity - 1 : PB_INFO) : prng_in(r, PB_INFO, severity);

		case_find(c, i, prng_in(r, 0, CASE_KEYS - 1), kappa, (pb_severity)own);
	}
}

static inline void case_add_check(score_case *c, prng *r)
{
	size_t i = c->result.n_checks++;
	int claim = prng_in(r, 0, 5);
	pb_check_outcome *k = &c->checks[i];

	*k = (pb_check_outcome){
	    .id = case_name('i', (int)i),
	    .catalogue = case_name('r', (int)i),
	    .claim = case_claims[claim],
	    .pillar = (pb_pillar)(prng_chance(r, 90) ? claim % PB_PILLARS : prng_in(r, 0, PB_PILLARS - 1)),
	    .severity = (pb_severity)prng_in(r, PB_INFO, PB_CRITICAL),
	    .reliability = (pb_reliability)prng_in(r, 0, PB_RELIABILITIES - 1),
	    .online = prng_chance(r, 10),
	    .status = (pb_status)prng_in(r, 0, PB_STATUSES - 1),
	    .reason = "",
	};
	if (k->status == PB_PASS || k->status == PB_FAIL)
		k->coverage = case_coverage(r);
	if (k->status == PB_PASS && prng_chance(r, 20))
		k->aged = prng_in(r, 1, 999);
	if (k->status != PB_FAIL)
		return;
	case_add_findings(c, i, r);
	if (c->findings[c->result.n_findings - 1].check != i) /* no room was left for its finding */
		k->status = PB_PASS;
}

static inline void case_make(score_case *c, prng *r)
{
	int n = prng_chance(r, 90) ? prng_in(r, 1, 10) : prng_in(r, 0, CASE_CHECKS - 2);

	c->result = (pb_product_result){.checks = c->checks, .findings = c->findings};
	for (int i = 0; i < n; i++)
		case_add_check(c, r);
	for (size_t i = 0; i < c->result.n_findings; i++)
		if (prng_chance(r, 10))
			c->findings[i].waived = "accepted until 2027-01-01";
	c->assessed = prng_in(r, 0, 30000);
	c->as_of = c->assessed + (prng_chance(r, 50) ? 0 : prng_in(r, 0, 1500));
}

static inline void case_policy(pb_policy *p, prng *r)
{
	memset(p, 0, sizeof *p);
	for (int i = 0; i < PB_PILLARS; i++) {
		p->weight[i] = prng_chance(r, 20) ? 0 : prng_in(r, 0, 4000);
		p->confidence_weight[i] = prng_in(r, i == 0, 4);
	}
	p->half_life_days = prng_in(r, 1, 1000);
	p->accept_trust = prng_in(r, 0, 100);
	p->accept_confidence = prng_in(r, 0, 100);
	p->accept_floor = prng_in(r, 0, 100);
	p->reject_below = prng_in(r, 0, p->accept_trust);
	for (int n = prng_in(r, 0, 3); n > 0; n--) {
		pb_required *q = &p->required[p->n_required++];

		(void)snprintf(q->id, sizeof q->id, "evidence-%d", n);
		(void)snprintf(q->title, sizeof q->title, "evidence %d", n);
		(void)snprintf(q->catalogue[q->n_catalogue++], 8, "X-%02d", prng_in(r, 0, 30) % 31);
		q->has_least = prng_chance(r, 50);
		q->least = q->has_least ? (pb_reliability)prng_in(r, 0, PB_RELIABILITIES - 1) : PB_VERIFIED;
		if (prng_chance(r, 30))
			(void)snprintf(q->only_if[q->n_only_if++], 8, "X-%02d", prng_in(r, 0, 10) % 31);
	}
	for (int n = prng_chance(r, 30) ? prng_in(r, 1, 3) : 0; n > 0; n--) {
		pb_override *o = &p->overrides[p->n_overrides++];

		(void)snprintf(o->check, sizeof o->check, "%s", case_name(prng_chance(r, 50) ? 'i' : 'r', prng_in(r, 0, 9)));
		o->severity = (pb_severity)prng_in(r, PB_INFO, PB_CRITICAL);
		(void)snprintf(o->reason, sizeof o->reason, "since we say so");
	}
}

#endif
