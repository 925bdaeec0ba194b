/* What the score promises, whatever the catalogue, the findings and the policy: each property over 10,000 random cases.
 * A failure prints the property's seed and the number of the case, which together make the case again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "score_promise.h"

static bool is_bounded(prng *r, score_case *c, pb_policy *p)
{
	pb_score s = score_of(c, p);
	bool ok = 0 <= s.floor_tenths && s.floor_tenths <= s.trust_tenths && s.trust_tenths <= 1000;

	(void)r;
	ok &= 0 <= s.confidence_permille && s.confidence_permille <= 1000 && s.demerit_milli >= 0;
	ok &= s.cap == 19 || s.cap == 39 || s.cap == 100;
	ok &= s.trust_tenths <= 10 * s.cap && s.unwaived_trust_tenths <= s.trust_tenths;
	ok &= c->assessed <= s.valid_until && s.valid_until <= c->assessed + 36500;
	for (size_t i = 0; i < s.n_claims; i++)
		ok &= 0 <= s.claims[i].lambda_milli && s.claims[i].lambda_milli <= s.claims[i].worst_milli &&
		      s.claims[i].worst_milli <= 2 * 2 * 20000;
	for (size_t i = 0; i < c->result.n_checks; i++)
		ok &= 0 <= s.checks[i].demerit_milli && s.checks[i].demerit_milli <= 2 * 20000;
	for (int i = 0; i < PB_PILLARS; i++)
		ok &= 0 <= s.pillars[i].trust_tenths && s.pillars[i].trust_tenths <= 1000 &&
		      0 <= s.pillars[i].confidence_permille && s.pillars[i].confidence_permille <= 1000;
	pb_score_free(&s);
	return ok;
}

static bool a_claim_is_at_most_twice_its_largest(prng *r, score_case *c, pb_policy *p)
{
	pb_score s = score_of(c, p);
	bool ok = true;

	(void)r;
	for (size_t i = 0; i < s.n_claims; i++) {
		int64_t largest = 0;

		for (size_t j = 0; j < c->result.n_checks; j++)
			if (c->checks[j].pillar == s.claims[i].pillar && strcmp(c->checks[j].claim, s.claims[i].claim) == 0 &&
			    s.checks[j].demerit_milli > largest)
				largest = s.checks[j].demerit_milli;
		ok &= largest <= s.claims[i].lambda_milli && s.claims[i].lambda_milli <= 2 * largest;
	}
	pb_score_free(&s);
	return ok;
}

/* Checks and findings in another order; where[i] is the new place of check i. */
static void shuffle(prng *r, const score_case *c, score_case *to, size_t where[CASE_CHECKS])
{
	case_copy(to, c);
	for (size_t i = 0; i < c->result.n_checks; i++)
		where[i] = i;
	for (size_t i = c->result.n_checks; i > 1; i--) {
		size_t j = prng_next(r) % i, swap = where[i - 1];

		where[i - 1] = where[j];
		where[j] = swap;
	}
	for (size_t i = 0; i < c->result.n_checks; i++)
		to->checks[where[i]] = c->checks[i];
	for (size_t i = 0; i < c->result.n_findings; i++)
		to->findings[i].check = where[c->findings[i].check];
	for (size_t i = c->result.n_findings; i > 1; i--) {
		size_t j = prng_next(r) % i;
		pb_finding swap = to->findings[i - 1];

		to->findings[i - 1] = to->findings[j];
		to->findings[j] = swap;
	}
}

static bool same_conditions(const pb_score *a, const pb_score *b)
{
	bool ok = a->n_conditions == b->n_conditions && a->conditions_suffice == b->conditions_suffice;

	for (size_t i = 0; ok && i < a->n_conditions; i++) {
		const pb_condition *x = &a->conditions[i], *y = &b->conditions[i];

		ok = x->kind == y->kind && strcmp(x->what, y->what) == 0 && x->trust_tenths == y->trust_tenths &&
		     x->floor_tenths == y->floor_tenths && x->confidence_permille == y->confidence_permille;
	}
	return ok;
}

static bool same_score(const pb_score *a, const pb_score *b)
{
	bool ok = a->trust_tenths == b->trust_tenths && a->floor_tenths == b->floor_tenths && a->cap == b->cap &&
	          a->confidence_permille == b->confidence_permille && a->demerit_milli == b->demerit_milli &&
	          a->decision == b->decision && a->valid_until == b->valid_until && a->n_claims == b->n_claims &&
	          a->unwaived_trust_tenths == b->unwaived_trust_tenths;

	for (size_t i = 0; ok && i < a->n_claims; i++)
		ok = strcmp(a->claims[i].claim, b->claims[i].claim) == 0 && a->claims[i].pillar == b->claims[i].pillar &&
		     a->claims[i].lambda_milli == b->claims[i].lambda_milli &&
		     a->claims[i].worst_milli == b->claims[i].worst_milli;
	for (int i = 0; ok && i < PB_PILLARS; i++)
		ok = a->pillars[i].trust_tenths == b->pillars[i].trust_tenths &&
		     a->pillars[i].confidence_permille == b->pillars[i].confidence_permille &&
		     a->pillars[i].rated == b->pillars[i].rated && a->pillars[i].applicable == b->pillars[i].applicable;
	return ok && same_conditions(a, b);
}

static bool order_is_nothing(prng *r, score_case *c, pb_policy *p)
{
	score_case other;
	size_t where[CASE_CHECKS];
	pb_score a, b;
	bool ok;

	shuffle(r, c, &other, where);
	a = score_of(c, p);
	b = score_of(&other, p);
	ok = same_score(&a, &b);
	for (size_t i = 0; i < c->result.n_checks; i++)
		ok &= a.checks[i].demerit_milli == b.checks[where[i]].demerit_milli &&
		      a.checks[i].keys == b.checks[where[i]].keys;
	pb_score_free(&a);
	pb_score_free(&b);
	return ok;
}

static bool duplicates_are_nothing(prng *r, score_case *c, pb_policy *p)
{
	score_case other;
	pb_score a, b;
	size_t n = c->result.n_findings;
	bool ok;

	case_copy(&other, c);
	for (int i = prng_in(r, 1, 20); i > 0 && n > 0 && other.result.n_findings < CASE_FINDINGS; i--)
		other.findings[other.result.n_findings++] = c->findings[prng_next(r) % n];
	a = score_of(c, p);
	b = score_of(&other, p);
	ok = same_score(&a, &b);
	pb_score_free(&a);
	pb_score_free(&b);
	return ok;
}

static bool another_failing_key_raises_nothing(prng *r, score_case *c, pb_policy *p)
{
	numbers before = numbers_of(c, p), after;
	int i = pick(r, c, 1u << PB_PASS | 1u << PB_FAIL), kappa = case_kappa(r);

	if (i < 0)
		return true;
	for (size_t j = 0; j < c->result.n_findings && prng_chance(r, 90); j++) /* often a little surer than those there */
		if (c->findings[j].check == (size_t)i && c->findings[j].kappa < 998)
			kappa = c->findings[j].kappa + prng_in(r, 1, 2);
	case_find(c, (size_t)i, prng_in(r, 0, CASE_KEYS), kappa, (pb_severity)prng_in(r, 0, (int)c->checks[i].severity));
	after = numbers_of(c, p);
	return after.t <= before.t && after.l <= before.l;
}

static bool pass_to_unknown_raises_nothing(prng *r, score_case *c, pb_policy *p)
{
	numbers before = numbers_of(c, p), after;
	int i = pick(r, c, 1u << PB_PASS);

	if (i < 0)
		return true;
	c->checks[i].status = PB_UNKNOWN;
	c->checks[i].coverage = 0;
	after = numbers_of(c, p);
	return after.t == before.t && after.l <= before.l && after.c <= before.c;
}

/* Hide-proof. An online check counts only when it failed, so that one is as if nobody had asked. */
static bool fail_to_unknown_raises_no_floor(prng *r, score_case *c, pb_policy *p)
{
	numbers before = numbers_of(c, p), after;
	int i = pick(r, c, 1u << PB_FAIL);

	if (i < 0 || c->checks[i].online)
		return true;
	drop_findings(c, (size_t)i);
	c->checks[i].status = PB_UNKNOWN;
	c->checks[i].coverage = 0;
	after = numbers_of(c, p);
	return after.l <= before.l;
}

static bool less_coverage_raises_nothing(prng *r, score_case *c, pb_policy *p)
{
	numbers before = numbers_of(c, p), after;
	int i = pick(r, c, 1u << PB_PASS | 1u << PB_FAIL);

	if (i < 0 || c->checks[i].online)
		return true;
	c->checks[i].coverage = prng_in(r, 0, c->checks[i].coverage);
	after = numbers_of(c, p);
	return after.t == before.t && after.l <= before.l && after.c <= before.c;
}

/* The age of evidence is a matter of confidence alone. */
static bool older_evidence_leaves_trust_and_floor(prng *r, score_case *c, pb_policy *p)
{
	numbers before, after;
	int i = pick(r, c, 1u << PB_PASS);

	if (i < 0)
		return true;
	before = numbers_of(c, p);
	c->checks[i].aged = prng_in(r, c->checks[i].aged, 999);
	after = numbers_of(c, p);
	return after.t == before.t && after.l == before.l && after.c <= before.c;
}

static bool online_that_did_not_fail_is_nothing(prng *r, score_case *c, pb_policy *p)
{
	numbers before, after;
	int i = pick(r, c, 1u << PB_PASS | 1u << PB_UNKNOWN);

	if (i < 0)
		return true;
	p->n_required = 0;
	c->checks[i].online = true;
	before = numbers_of(c, p);
	c->checks[i].status = PB_NA;
	c->checks[i].coverage = 0;
	after = numbers_of(c, p);
	return after.t == before.t && after.l == before.l && after.c == before.c;
}

static bool a_further_passing_check_leaves_trust(prng *r, score_case *c, pb_policy *p)
{
	numbers before = numbers_of(c, p), after;
	pb_check_outcome *added = &c->checks[c->result.n_checks];

	case_add_check(c, r);
	drop_findings(c, c->result.n_checks - 1);
	added->status = PB_PASS;
	added->coverage = case_coverage(r);
	after = numbers_of(c, p);
	return after.t == before.t;
}

static bool ageing_leaves_trust_and_raises_no_confidence(prng *r, score_case *c, pb_policy *p)
{
	numbers before = numbers_of(c, p), after;

	c->as_of += prng_in(r, 0, 5000);
	after = numbers_of(c, p);
	return after.t == before.t && after.l == before.l && after.c <= before.c;
}

static bool a_confirmed_critical_rejects(prng *r, score_case *c, pb_policy *p)
{
	int i = pick(r, c, 1u << PB_PASS | 1u << PB_FAIL);
	numbers after;

	if (i < 0 || c->result.n_findings == CASE_FINDINGS)
		return true;
	p->n_overrides = 0;
	c->checks[i].severity = PB_CRITICAL;
	case_find(c, (size_t)i, 0, prng_in(r, 800, 1000), PB_CRITICAL);
	after = numbers_of(c, p);
	return after.t <= 190 && after.l <= 190 && after.decision == PB_REJECT;
}

static bool graver_or_surer_raises_nothing(prng *r, score_case *c, pb_policy *p)
{
	numbers before = numbers_of(c, p), after;
	pb_finding *f;

	if (c->result.n_findings == 0)
		return true;
	f = &c->findings[prng_next(r) % c->result.n_findings];
	if (prng_chance(r, 70))
		f->kappa = prng_chance(r, 30) ? prng_in(r, f->kappa, 1000) : f->kappa + (f->kappa < 1000);
	if (prng_chance(r, 50))
		f->severity = (pb_severity)prng_in(r, (int)f->severity, PB_CRITICAL);
	if (f->severity > c->checks[f->check].severity)
		c->checks[f->check].severity = f->severity;
	after = numbers_of(c, p);
	return after.t <= before.t && after.l <= before.l;
}

static bool a_removed_waiver_restores_trust(prng *r, score_case *c, pb_policy *p)
{
	numbers plain, after;
	pb_score waived;
	bool ok;

	for (size_t i = 0; i < c->result.n_findings; i++)
		c->findings[i].waived = NULL;
	plain = numbers_of(c, p);
	for (size_t i = 0; i < c->result.n_findings; i++)
		c->findings[i].waived = prng_chance(r, 40) ? "accepted" : NULL;
	waived = score_of(c, p);
	ok = waived.trust_tenths >= plain.t && waived.floor_tenths >= plain.l && waived.unwaived_trust_tenths == plain.t;
	pb_score_free(&waived);
	for (size_t i = 0; i < c->result.n_findings; i++)
		c->findings[i].waived = NULL;
	after = numbers_of(c, p);
	return ok && after.t == plain.t && after.l == plain.l && after.decision == plain.decision;
}

static bool a_waived_critical_stays_below_40(prng *r, score_case *c, pb_policy *p)
{
	int i = pick(r, c, 1u << PB_PASS | 1u << PB_FAIL);

	if (i < 0 || c->result.n_findings == CASE_FINDINGS)
		return true;
	p->n_overrides = 0;
	c->checks[i].severity = PB_CRITICAL;
	case_find(c, (size_t)i, 0, prng_in(r, 500, 1000), PB_CRITICAL);
	c->findings[c->result.n_findings - 1].waived = "accepted";
	return numbers_of(c, p).t <= 390;
}

/* Whatever a policy refuses for want of confidence or floor, no stricter one accepts. */
static bool stricter_never_accepts_what_laxer_refuses(prng *r, score_case *c, pb_policy *p)
{
	numbers lax = numbers_of(c, p), strict;
	bool refused = lax.c < 10 * p->accept_confidence || lax.l < 10 * p->accept_floor;

	for (int i = 0; i < PB_PILLARS; i++)
		p->weight[i] = prng_in(r, p->weight[i], 4000);
	p->half_life_days = prng_in(r, 1, p->half_life_days);
	p->accept_trust = prng_in(r, p->accept_trust, 100);
	p->accept_confidence = prng_in(r, p->accept_confidence, 100);
	p->accept_floor = prng_in(r, p->accept_floor, 100);
	if (prng_chance(r, 30))
		p->n_required = 0; /* demanding less evidence does not help either */
	strict = numbers_of(c, p);
	return strict.t <= lax.t && strict.l <= lax.l && strict.c <= lax.c && !(refused && strict.decision == PB_ACCEPT);
}

/* Asks for surer words and for nothing else: all numbers stay, and of the decisions only ACCEPT may be lost. */
static bool a_surer_word_never_accepts_what_any_word_refuses(prng *r, score_case *c, pb_policy *p)
{
	numbers lax, strict;

	if (prng_chance(r, 80)) /* else few cases come so far that evidence decides */
		p->accept_trust = p->accept_floor = p->accept_confidence = p->reject_below = 0;
	for (size_t i = 0; i < p->n_required && c->result.n_checks > 0; i++)
		(void)snprintf(p->required[i].catalogue[0], 8, "%s", c->checks[prng_next(r) % c->result.n_checks].catalogue);
	lax = numbers_of(c, p);
	for (size_t i = 0; i < p->n_required; i++) {
		pb_required *q = &p->required[i];
		pb_reliability word = (pb_reliability)prng_in(r, 0, PB_RELIABILITIES - 1);

		if (!q->has_least || pb_reliability_permille(word) >= pb_reliability_permille(q->least)) {
			q->has_least = true;
			q->least = word;
		}
	}
	strict = numbers_of(c, p);
	return strict.t == lax.t && strict.l == lax.l && strict.c == lax.c &&
	       (strict.decision == lax.decision || (lax.decision == PB_ACCEPT && strict.decision == PB_CONDITIONAL));
}

/* The same evidence by a weaker word leads no further. */
static bool a_weaker_word_accepts_nothing_more(prng *r, score_case *c, pb_policy *p)
{
	numbers before = numbers_of(c, p), after;
	int i = pick(r, c, 1u << PB_PASS);
	pb_reliability word = (pb_reliability)prng_in(r, 0, PB_RELIABILITIES - 1);

	if (i < 0 || pb_reliability_permille(word) > pb_reliability_permille(c->checks[i].reliability))
		return true;
	c->checks[i].reliability = word;
	after = numbers_of(c, p);
	return after.t == before.t && after.l == before.l && after.c <= before.c &&
	       !(after.decision == PB_ACCEPT && before.decision != PB_ACCEPT);
}

/* Rankings and self-declared culture are of severity info: they weigh nothing in any policy. */
static bool info_leaves_trust(prng *r, score_case *c, pb_policy *p)
{
	numbers before, after;
	size_t i = c->result.n_checks;

	p->n_overrides = 0;
	before = numbers_of(c, p);
	case_add_check(c, r);
	drop_findings(c, i);
	c->checks[i].pillar = PB_CULTURE;
	c->checks[i].reliability = PB_SELF_DECLARED;
	c->checks[i].severity = PB_INFO;
	if (prng_chance(r, 50)) {
		c->checks[i].status = prng_chance(r, 50) ? PB_PASS : PB_UNKNOWN;
		c->checks[i].coverage = c->checks[i].status == PB_PASS ? case_coverage(r) : 0;
	} else {
		c->checks[i].coverage = case_coverage(r);
		case_find(c, i, 1, case_kappa(r), PB_INFO);
		case_find(c, i, 2, case_kappa(r), PB_INFO);
	}
	after = numbers_of(c, p);
	return after.t == before.t && after.l == before.l;
}

static bool zero_weight_leaves_trust(prng *r, score_case *c, pb_policy *p)
{
	numbers before, after;
	int i = pick(r, c, 1u << PB_PASS | 1u << PB_FAIL);

	if (i < 0)
		return true;
	p->n_overrides = 0;
	p->weight[c->checks[i].pillar] = 0;
	before = numbers_of(c, p);
	if (c->checks[i].severity == PB_INFO)
		c->checks[i].severity = PB_HIGH;
	case_find(c, (size_t)i, prng_in(r, 0, CASE_KEYS), case_kappa(r), PB_LOW);
	after = numbers_of(c, p);
	return after.t == before.t && after.l == before.l;
}

static bool conditions_keep_their_promise(prng *r, score_case *c, pb_policy *p)
{
	pb_score s = score_of(c, p);
	const pb_condition *last = s.n_conditions > 0 ? &s.conditions[s.n_conditions - 1] : NULL;
	bool ok = s.decision != PB_ACCEPT || s.n_conditions == 0;

	(void)r;
	ok &= s.cap != 19 || s.n_conditions == 0; /* nothing to promise where a finding by itself rejects */
	for (size_t i = 0; i < s.n_conditions; i++)
		for (size_t j = 0; j < i; j++)
			ok &= s.conditions[i].kind != s.conditions[j].kind ||
			      strcmp(s.conditions[i].what, s.conditions[j].what) != 0;
	if (s.conditions_suffice)
		ok &= last != NULL && last->trust_tenths >= 10 * p->accept_trust &&
		      last->floor_tenths >= 10 * p->accept_floor && last->confidence_permille >= 10 * p->accept_confidence &&
		      last->confidence_permille >= 250;
	pb_score_free(&s);
	return ok;
}

static bool valid_until_is_the_first_day_too_low(prng *r, score_case *c, pb_policy *p)
{
	pb_score s = score_of(c, p);
	int64_t last = s.valid_until;
	bool ok = true;

	(void)r;
	pb_score_free(&s);
	if (last < c->assessed + 36500) {
		c->as_of = last;
		ok &= numbers_of(c, p).c < 10 * p->accept_confidence;
	}
	if (last > c->assessed) {
		c->as_of = last - 1;
		ok &= numbers_of(c, p).c >= 10 * p->accept_confidence;
	}
	return ok;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PROPERTY(is_bounded, 1),
	    PROPERTY(a_claim_is_at_most_twice_its_largest, 2),
	    PROPERTY(order_is_nothing, 3),
	    PROPERTY(duplicates_are_nothing, 4),
	    PROPERTY(another_failing_key_raises_nothing, 5),
	    PROPERTY(pass_to_unknown_raises_nothing, 6),
	    PROPERTY(fail_to_unknown_raises_no_floor, 7),
	    PROPERTY(less_coverage_raises_nothing, 8),
	    PROPERTY(older_evidence_leaves_trust_and_floor, 30),
    PROPERTY(online_that_did_not_fail_is_nothing, 9),
	    PROPERTY(a_further_passing_check_leaves_trust, 10),
	    PROPERTY(ageing_leaves_trust_and_raises_no_confidence, 11),
	    PROPERTY(a_confirmed_critical_rejects, 12),
	    PROPERTY(graver_or_surer_raises_nothing, 13),
	    PROPERTY(a_removed_waiver_restores_trust, 14),
	    PROPERTY(a_waived_critical_stays_below_40, 15),
	    PROPERTY(stricter_never_accepts_what_laxer_refuses, 16),
	    PROPERTY(info_leaves_trust, 17),
	    PROPERTY(zero_weight_leaves_trust, 18),
	    PROPERTY(conditions_keep_their_promise, 19),
	    PROPERTY(valid_until_is_the_first_day_too_low, 20),
	    PROPERTY(a_surer_word_never_accepts_what_any_word_refuses, 21),
	    PROPERTY(a_weaker_word_accepts_nothing_more, 22),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
