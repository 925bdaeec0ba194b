/* From what each check weighs to the three numbers. */
#include "score/model.h"

enum { DEEP = 10 /* demerits of one claim that count, see pb_score_diminish */, CAP_HIDDEN = 19 };

int64_t pb_model_worst(const pb_subject *s)
{
	return 2 * pb_score_severity(s->severity);
}

int pb_model_rho(const pb_subject *s)
{
	return pb_reliability_permille(s->reliability);
}

bool pb_model_hidden(const pb_subject *s)
{
	return !s->check->online && s->status != PB_NA && s->coverage < 1000;
}

/* An online check counts only when it failed: what nobody asked the network cannot lower the confidence. */
static bool counts(const pb_subject *s)
{
	if (s->check->online)
		return s->status == PB_FAIL && s->coverage > 0;
	return s->status != PB_NA;
}

/* The largest few of the numbers put into it, in falling order. */
typedef struct largest {
	int64_t v[DEEP];
} largest;

static void put(largest *l, int64_t v)
{
	for (size_t j = 0; j < DEEP && v > 0; j++) {
		if (v > l->v[j]) {
			int64_t moved = l->v[j];

			l->v[j] = v;
			v = moved;
		}
	}
}

static int64_t lambda(const largest *l)
{
	int64_t sum = 0;

	for (size_t j = 0; j < DEEP && l->v[j] > 0; j++)
		sum += l->v[j] * pb_score_diminish(j);
	return sum / 1000;
}

int pb_score_trust(int64_t demerit, int cap)
{
	int64_t t = 1000 * pb_score_half(demerit / 10) / 1000000000;

	return t < 10 * cap ? (int)t : 10 * cap;
}

/* What grows while claims and checks are gone through. */
typedef struct sums {
	int64_t demerit, floor_demerit;
	int cap, floor_cap;
	int64_t pillar_demerit[PB_PILLARS]; /* unweighted */
	int pillar_cap[PB_PILLARS];
	int64_t seen[PB_PILLARS], all[PB_PILLARS]; /* for the confidence */
	uint32_t demanded, asked, verified;        /* evidence: bits as in pb_subject */
} sums;

static void lower(int *cap, int to)
{
	if (to < *cap)
		*cap = to;
}

static void add_check(const pb_subject *s, sums *sum, pb_numbers *out)
{
	int64_t worst = pb_model_worst(s), weight = worst > 500 ? worst : 500;
	int64_t seen = weight * pb_model_rho(s) * s->coverage * (1000 - s->aged) / 1000000000;
	bool hidden = pb_model_hidden(s);

	sum->asked |= s->verifies;
	if (s->status == PB_FAIL)
		sum->demanded |= s->demands;
	if (s->status == PB_PASS && s->coverage > 0)
		sum->verified |= s->verifies & s->by_word;
	lower(&sum->cap, s->cap);
	lower(&sum->pillar_cap[s->check->pillar], s->cap);
	if (hidden && s->severity == PB_CRITICAL)
		sum->floor_cap = CAP_HIDDEN;
	out->rejects += s->rejects;
	out->open_highs += s->open_high;
	out->burden += s->v + (hidden ? worst : 0);
	if (!counts(s))
		return;
	sum->seen[s->check->pillar] += seen;
	sum->all[s->check->pillar] += weight;
	out->burden += weight - seen;
}

/* The subjects at m->by_claim[from..) that share a claim; returns the index past them. */
static size_t add_claim(const pb_model *m, size_t from, sums *sum, pb_numbers *out, pb_claim_score *claim)
{
	size_t number = m->subjects[m->by_claim[from]].claim;
	const pb_check_outcome *first = m->subjects[m->by_claim[from]].check;
	largest found = {{0}}, worst = {{0}};
	int64_t weight = m->policy->weight[first->pillar];
	size_t i;

	for (i = from; i < m->n_by_claim; i++) {
		const pb_subject *s = &m->subjects[m->by_claim[i]];
		int64_t h = pb_model_hidden(s) ? pb_model_worst(s) : 0;

		if (s->claim != number)
			break;
		put(&found, s->v);
		put(&worst, s->v > h ? s->v : h);
		add_check(s, sum, out);
	}
	*claim = (pb_claim_score){first->claim, first->pillar, lambda(&found), lambda(&worst)};
	sum->demerit += claim->lambda_milli * weight / 1000;
	sum->floor_demerit += claim->worst_milli * weight / 1000;
	sum->pillar_demerit[first->pillar] += claim->lambda_milli;
	return i;
}

static int confidence(const pb_model *m, const sums *sum, pb_pillar_score *pillars)
{
	int64_t mean = 0, weights = 0;

	for (int p = 0; p < PB_PILLARS; p++) {
		int64_t c = sum->all[p] > 0 ? 1000 * sum->seen[p] / sum->all[p] : 0;

		pillars[p] = (pb_pillar_score){
		    .trust_tenths = pb_score_trust(sum->pillar_demerit[p], sum->pillar_cap[p]),
		    .confidence_permille = (int)c,
		    .rated = c >= 250,
		    .applicable = sum->all[p] > 0,
		};
		if (sum->all[p] == 0) /* where nothing applies there is nothing to have examined */
			continue;
		mean += c * m->policy->confidence_weight[p];
		weights += m->policy->confidence_weight[p];
	}
	return weights > 0 ? (int)(mean / weights) : 0;
}

int pb_model_aged(const pb_model *m, int fresh, int64_t days)
{
	return (int)(fresh * pb_score_half(days * 1000 / m->policy->half_life_days) / 1000000000);
}

/* What is demanded, not verified, and not supposed to be supplied where no check could look at it. */
static uint32_t unmet(const pb_model *m, const sums *sum)
{
	uint32_t demanded = sum->demanded;

	for (size_t i = 0; i < m->policy->n_required; i++)
		if (m->policy->required[i].n_only_if == 0)
			demanded |= 1u << i;
	return demanded & ~sum->verified & ~(m->supplied & ~sum->asked);
}

size_t pb_model_sum(const pb_model *m, pb_numbers *out, pb_claim_score *claims, pb_pillar_score *pillars)
{
	sums sum = {.cap = PB_NO_CAP, .floor_cap = PB_NO_CAP};
	pb_pillar_score unasked[PB_PILLARS];
	size_t n = 0;

	*out = (pb_numbers){0};
	for (int p = 0; p < PB_PILLARS; p++)
		sum.pillar_cap[p] = PB_NO_CAP;
	for (size_t i = 0; i < m->n_by_claim; n++) {
		pb_claim_score claim;

		i = add_claim(m, i, &sum, out, &claim);
		if (claims != NULL)
			claims[n] = claim;
	}
	out->fresh = confidence(m, &sum, pillars != NULL ? pillars : unasked);
	out->confidence = pb_model_aged(m, out->fresh, m->days);
	out->demerit = sum.demerit;
	out->cap = sum.cap;
	out->trust = pb_score_trust(sum.demerit, sum.cap);
	out->floor_demerit = sum.floor_demerit;
	out->floor_cap = sum.floor_cap;
	out->floor = pb_score_trust(sum.floor_demerit, sum.floor_cap);
	lower(&out->floor, out->trust);
	out->unmet = unmet(m, &sum);
	return n;
}
