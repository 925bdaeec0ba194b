#include "score/model.h"

#include <stdlib.h>
#include <string.h>

/* For qsort, which takes no argument: subjects are sorted by their check, and the check's index is told by its address.
 */
static int by_claim(const void *a, const void *b)
{
	const pb_check_outcome *x = *(const pb_check_outcome *const *)a, *y = *(const pb_check_outcome *const *)b;
	int order = strcmp(x->claim, y->claim);

	if (order == 0 && x->pillar != y->pillar)
		order = x->pillar < y->pillar ? -1 : 1;
	return order != 0 ? order : strcmp(x->id, y->id);
}

static int sort_by_claim(const pb_product_result *result, pb_model *m)
{
	const pb_check_outcome **sorted = calloc(m->n + 1, sizeof(const pb_check_outcome *));
	size_t claims = 0;

	if (sorted == NULL)
		return PB_ENOMEM;
	for (size_t i = 0; i < m->n; i++)
		if (m->subjects[i].status != PB_NA)
			sorted[m->n_by_claim++] = &result->checks[i];
	qsort(sorted, m->n_by_claim, sizeof *sorted, by_claim);
	for (size_t i = 0; i < m->n_by_claim; i++) {
		bool same =
		    i > 0 && strcmp(sorted[i]->claim, sorted[i - 1]->claim) == 0 && sorted[i]->pillar == sorted[i - 1]->pillar;

		m->by_claim[i] = (size_t)(sorted[i] - result->checks);
		claims += !same;
		m->subjects[m->by_claim[i]].claim = claims;
	}
	free(sorted);
	return PB_OK;
}

static bool among(const char *row, const char rows[][8], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i], row) == 0)
			return true;
	return false;
}

static void link_evidence(const pb_policy *policy, pb_subject *s)
{
	for (size_t i = 0; i < policy->n_required; i++) {
		const pb_required *r = &policy->required[i];

		if (among(s->check->catalogue, (const char(*)[8])r->catalogue, r->n_catalogue))
			s->verifies |= 1u << i;
		if (pb_required_by(r, s->reliability))
			s->by_word |= 1u << i;
		if (among(s->check->catalogue, (const char(*)[8])r->only_if, r->n_only_if))
			s->demands |= 1u << i;
	}
}

/* Supposed to be mended before it got here: as the step does it. */
static uint32_t words(const pb_model *m, const pb_check_outcome *c, uint32_t by_word)
{
	return c->mended ? by_word & m->any_word : by_word;
}

int pb_model_make(const pb_product_result *result, const pb_policy *policy, int64_t days, bool heed_waivers, pb_model *m)
{
	int rc;

	*m = (pb_model){.policy = policy, .days = days, .n = result->n_checks};
	if (days < 0 || policy->half_life_days < 1)
		return PB_EINTERNAL;
	for (size_t i = 0; i < result->n_findings; i++)
		if (result->findings[i].check >= m->n || result->findings[i].kappa < 0 || result->findings[i].kappa > 1000)
			return PB_EINTERNAL;
	m->subjects = calloc(m->n + 1, sizeof *m->subjects);
	m->by_claim = calloc(m->n + 1, sizeof *m->by_claim);
	if (m->subjects == NULL || m->by_claim == NULL)
		return PB_ENOMEM;
	for (size_t i = 0; i < policy->n_required; i++)
		if (!policy->required[i].has_least)
			m->any_word |= 1u << i;
	for (size_t i = 0; i < m->n; i++) {
		const pb_check_outcome *c = &result->checks[i];
		const pb_override *o = pb_policy_override(policy, c->id, c->catalogue);

		m->subjects[i] = (pb_subject){
		    .check = c,
		    .severity = o != NULL ? o->severity : c->severity,
		    .status = c->status,
		    .coverage = c->coverage,
		    .reliability = c->reliability,
		    .aged = c->aged,
		    .cap = PB_NO_CAP,
		};
		link_evidence(policy, &m->subjects[i]);
		m->subjects[i].by_word = words(m, c, m->subjects[i].by_word);
	}
	rc = sort_by_claim(result, m);
	return rc != PB_OK ? rc : pb_demerits(result, heed_waivers, m);
}

void pb_model_free(pb_model *m)
{
	free(m->subjects);
	free(m->by_claim);
	*m = (pb_model){0};
}
