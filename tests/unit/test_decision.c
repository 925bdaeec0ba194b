/* The decision: its order, required evidence, conditions, waivers, overrides, ageing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "score_product.h"

static void decision_is(const product *p, int64_t days, pb_decision d)
{
	pb_score s = score(p, &business, days);

	if (s.decision != d)
		fail_msg("%s, not %s", pb_decision_name(s.decision), pb_decision_name(d));
	pb_score_free(&s);
}

static void decisions(void **state)
{
	product p;

	(void)state;
	decision_is(good(&p), 0, PB_ACCEPT);
	decision_is(&p, 365, PB_CONDITIONAL); /* aged to C 45 */
	decision_is(&p, 730, PB_NOT_RATED);   /* to C 22 */
	good(&p)->checks[3].status = PB_UNKNOWN;
	p.checks[3].coverage = 0;
	decision_is(&p, 0, PB_CONDITIONAL); /* no SBOM */
	(void)add(good(&p), "i.net", "I-13", "install", PB_INTEGRITY, PB_HIGH);
	find(&p, 1, 799);
	p.checks[5].coverage = 1000;
	decision_is(&p, 0, PB_ACCEPT); /* T 72 */
	p.findings[0].kappa = 800;
	decision_is(&p, 0, PB_CONDITIONAL); /* T 71, but an open high */
	(void)add(good(&p), "i.malware", "I-01", "malware", PB_INTEGRITY, PB_CRITICAL);
	find(&p, 1, 1000);
	decision_is(&p, 0, PB_REJECT);
	decision_is(&p, 3650, PB_REJECT); /* however little is known besides */
	p.findings[0].kappa = 500;
	decision_is(&p, 0, PB_CONDITIONAL); /* cap 39 */
	find(&p, 16, 700);
	decision_is(&p, 0, PB_REJECT); /* T 14 < 30 */
}

static void only_if(void **state)
{
	static pb_policy picky;
	product p;
	pb_score s;

	(void)state;
	picky = business;
	picky.n_required = 1;
	picky.required[0] =
	    (pb_required){.id = "privacy", .catalogue = {"D-21"}, .n_catalogue = 1, .only_if = {"D-02"}, .n_only_if = 1};
	s = score(good(&p), &picky, 0);
	assert_int_equal(s.decision, PB_ACCEPT);
	pb_score_free(&s);
	p.r.n_checks = 3;
	find(&p, 1, 200);
	p.r.n_checks = 5;
	s = score(&p, &picky, 0);
	assert_int_equal(s.decision, PB_CONDITIONAL);
	assert_int_equal(s.n_conditions, 1); /* to mend the telemetry needs no statement, and helps trust too */
	assert_string_equal(s.conditions[0].what, "d.host");
	assert_true(s.conditions_suffice);
	pb_score_free(&s);
}

static pb_policy by_word;

/* business, that asks for a bill of materials by a word of at least this reliability. */
static const pb_policy *asks(pb_reliability least)
{
	by_word = business;
	assert_string_equal(by_word.required[1].id, "sbom");
	by_word.required[1].has_least = true;
	by_word.required[1].least = least;
	return &by_word;
}

static void accepted_by(const product *p, pb_reliability asked, bool is)
{
	pb_score s = score(p, asks(asked), 0);

	if (s.decision != (is ? PB_ACCEPT : PB_CONDITIONAL))
		fail_msg("asked for %s: %s", pb_reliability_name(asked), pb_decision_name(s.decision));
	pb_score_free(&s);
}

/* A pass counts by what its word is worth, whatever the word is called. */
static void by_whose_word(void **state)
{
	product p;

	(void)state;
	for (int has = 0; has < PB_RELIABILITIES; has++)
		for (int asked = 0; asked < PB_RELIABILITIES; asked++) {
			good(&p)->checks[3].reliability = (pb_reliability)has;
			accepted_by(&p, (pb_reliability)asked,
			            pb_reliability_permille((pb_reliability)has) >= pb_reliability_permille((pb_reliability)asked));
		}
	good(&p)->checks[3].reliability = PB_SELF_DECLARED;
	p.checks[0].reliability = PB_VERIFIED; /* another's word does not lend itself */
	accepted_by(&p, PB_VENDOR_SIGNED, false);
	(void)add(&p, "v.sbom-too", "V-01", "sbom", PB_VERIFICATION, PB_LOW); /* but one of two checks of the row will do */
	accepted_by(&p, PB_PARSED, true);
}

static void condition_is(const pb_score *s, size_t i, pb_condition_kind kind, const char *what)
{
	assert_true(i < s->n_conditions);
	assert_string_equal(pb_condition_kind_name(s->conditions[i].kind), pb_condition_kind_name(kind));
	assert_string_equal(s->conditions[i].what, what);
}

static void conditions(void **state)
{
	product p;
	pb_score s;

	(void)state;
	(void)good(&p);
	p.r.n_checks = 3; /* without the two of verification: no check could ever look */
	(void)add(&p, "i.net", "I-13", "install", PB_INTEGRITY, PB_HIGH);
	find(&p, 1, 900);
	(void)add(&p, "i.low", "I-12", "install", PB_INTEGRITY, PB_LOW);
	find(&p, 3, 900);
	s = score(&p, &business, 0);
	assert_int_equal(s.decision, PB_CONDITIONAL);
	assert_int_equal(s.n_conditions, 3); /* the low finding stands in nobody's way */
	condition_is(&s, 0, PB_FIX, "i.net");
	condition_is(&s, 1, PB_EVIDENCE, "sbom");
	condition_is(&s, 2, PB_EVIDENCE, "vulnerability-contact");
	assert_true(s.conditions[0].trust_tenths > s.trust_tenths);
	assert_true(s.conditions_suffice);
	pb_score_free(&s);
	good(&p)->checks[1].status = PB_UNKNOWN;
	p.checks[1].coverage = 0;
	p.checks[2].severity = PB_HIGH;
	p.checks[2].coverage = 100;
	s = score(&p, &business, 0);
	assert_int_equal(s.decision, PB_CONDITIONAL); /* L 18: 12 points each; either would do, the first lacks more */
	assert_true(s.n_conditions == 1 && s.conditions_suffice);
	condition_is(&s, 0, PB_EXAMINE, "i.key");
	assert_true(s.conditions[0].floor_tenths > s.floor_tenths);
	pb_score_free(&s);
}

/* What is asked for is evidence by a certain word, and it is supposed to have it. */
static void conditions_by_word(void **state)
{
	product p;
	pb_score s;

	(void)state;
	good(&p)->checks[3].reliability = PB_SELF_DECLARED;
	s = score(&p, asks(PB_VERIFIED), 0);
	assert_true(s.n_conditions == 1 && s.conditions_suffice);
	condition_is(&s, 0, PB_EVIDENCE, "sbom");
	assert_int_equal(s.confidence_permille, 825);               /* verification: 600, the others 900 */
	assert_int_equal(s.conditions[0].confidence_permille, 912); /* 950 */
	pb_score_free(&s);
	good(&p)->checks[3].reliability = PB_THIRD_PARTY;
	s = score(&p, asks(PB_VENDOR_SIGNED), 0); /* what is better stays so */
	assert_int_equal(s.decision, PB_ACCEPT);
	pb_score_free(&s);
	(void)good(&p);
	p.r.n_checks = 4;
	find(&p, 1, 1000);
	p.checks[3].severity = p.findings[0].severity = PB_HIGH;
	p.r.n_checks = 5;
	s = score(&p, &business, 0);
	assert_true(s.n_conditions == 1 && s.conditions_suffice);
	condition_is(&s, 0, PB_FIX, "v.sbom");
	pb_score_free(&s);
	s = score(&p, asks(PB_PARSED), 0); /* once it is mended, nobody knows by whose word it passes */
	assert_true(s.n_conditions == 2 && s.conditions_suffice);
	condition_is(&s, 0, PB_FIX, "v.sbom");
	condition_is(&s, 1, PB_EVIDENCE, "sbom");
	pb_score_free(&s);
}

/* Where each of two findings alone holds the cap, neither has an effect on T by itself. */
static void conditions_cross_a_plateau(void **state)
{
	product p;
	pb_score s;

	(void)state;
	(void)add(good(&p), "i.one", "I-02", "backdoor", PB_INTEGRITY, PB_CRITICAL);
	find(&p, 1, 500);
	(void)add(&p, "i.two", "I-03", "backdoor", PB_INTEGRITY, PB_CRITICAL);
	find(&p, 1, 500);
	s = score(&p, &business, 0);
	assert_int_equal(s.cap, 39);
	assert_true(s.n_conditions == 2 && s.conditions_suffice);
	condition_is(&s, 0, PB_FIX, "i.one"); /* the same effect: by id */
	condition_is(&s, 1, PB_FIX, "i.two");
	pb_score_free(&s);
}

static void conditions_that_cannot_be(void **state)
{
	product p;
	pb_score s;

	(void)state;
	(void)add(good(&p), "i.malware", "I-01", "malware", PB_INTEGRITY, PB_CRITICAL);
	find(&p, 1, 1000);
	s = score(&p, &business, 0);
	assert_int_equal(s.n_conditions, 0); /* what rejects by itself is not bargained over */
	assert_false(s.conditions_suffice);
	pb_score_free(&s);
	(void)good(&p);
	for (size_t i = 0; i < p.r.n_checks; i++)
		p.checks[i].reliability = PB_SELF_DECLARED;
	s = score(&p, &business, 0); /* C 30 at most, whatever is examined */
	assert_int_equal(s.decision, PB_CONDITIONAL);
	assert_int_equal(s.n_conditions, 1); /* a signature by a better word brings it nearer, and not there */
	condition_is(&s, 0, PB_EVIDENCE, "signature-or-digest");
	assert_false(s.conditions_suffice);
	pb_score_free(&s);
	s = score(good(&p), &business, 365);
	assert_true(s.n_conditions == 1 && s.conditions_suffice);
	condition_is(&s, 0, PB_RENEW, "assessment");
	assert_int_equal(s.conditions[0].confidence_permille, 900);
	pb_score_free(&s);
}

static void waivers(void **state)
{
	product p;
	pb_score s;

	(void)state;
	(void)add(good(&p), "i.net", "I-13", "install", PB_INTEGRITY, PB_HIGH);
	find(&p, 1, 1000);
	p.findings[0].waived = "accepted until 2027-01-01";
	s = score(&p, &business, 0);
	assert_int_equal(s.checks[5].demerit_milli, 1200);
	assert_int_equal(s.unwaived_trust_tenths, 659);
	assert_int_equal(s.trust_tenths, 920);
	assert_int_equal(s.decision, PB_ACCEPT);
	pb_score_free(&s);
	p.findings[0].kappa = 100; /* a waiver makes nothing worse */
	s = score(&p, &business, 0);
	assert_int_equal(s.checks[5].demerit_milli, 600);
	pb_score_free(&s);
	p.findings[0].kappa = 1000;
	p.findings[0].severity = p.checks[5].severity = PB_CRITICAL;
	s = score(&p, &business, 0);
	assert_int_equal(s.cap, 39);
	assert_int_equal(s.unwaived_trust_tenths, 190);
	assert_int_equal(s.trust_tenths, 390);
	assert_int_equal(s.decision, PB_CONDITIONAL);
	pb_score_free(&s);
}

static void overrides(void **state)
{
	static pb_policy lenient;
	product p;
	pb_score s;

	(void)state;
	lenient = business;
	lenient.n_overrides = 2;
	lenient.overrides[0] = (pb_override){"I-13", PB_CRITICAL, "by row"};
	lenient.overrides[1] = (pb_override){"i.net", PB_LOW, "by id, which goes before the row"};
	(void)add(good(&p), "i.net", "I-13", "install", PB_INTEGRITY, PB_HIGH);
	find(&p, 1, 1000);
	s = score(&p, &lenient, 0);
	assert_int_equal(s.checks[5].demerit_milli, 500);
	assert_int_equal(s.decision, PB_ACCEPT);
	pb_score_free(&s);
	lenient.n_overrides = 1;
	p.checks[5].coverage = 500;
	s = score(&p, &lenient, 0);
	assert_int_equal(s.checks[5].demerit_milli, 6000); /* a finding is never raised */
	assert_int_equal(s.floor_tenths, 62);              /* but the worst case of what was not seen is */
	pb_score_free(&s);
}

static void valid_until(void **state)
{
	static pb_policy any;
	product p;
	pb_score s = score(good(&p), &business, 0);

	(void)state;
	assert_int_equal(s.valid_until, 20000 + 310); /* 900 * 2^(-310/365) = 499 */
	pb_score_free(&s);
	s = score(&p, &business, 200); /* however late one looks */
	assert_int_equal(s.valid_until, 20000 + 310);
	pb_score_free(&s);
	any = business;
	any.accept_confidence = 95;
	s = score(&p, &any, 0);
	assert_int_equal(s.valid_until, 20000);
	pb_score_free(&s);
	any.accept_confidence = 0;
	s = score(&p, &any, 0);
	assert_int_equal(s.valid_until, 20000 + 36500);
	pb_score_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decisions),
	    cmocka_unit_test(only_if),
	    cmocka_unit_test(by_whose_word),
	    cmocka_unit_test(conditions),
	    cmocka_unit_test(conditions_by_word),
	    cmocka_unit_test(conditions_cross_a_plateau),
	    cmocka_unit_test(conditions_that_cannot_be),
	    cmocka_unit_test(waivers),
	    cmocka_unit_test(overrides),
	    cmocka_unit_test(valid_until),
	};

	return cmocka_run_group_tests(tests, load, NULL);
}
