/* Explanations: their parts sum up, and what is supposed does what it says and no more, over random products and policies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "report/explain.h"
#include "report/gate.h"
#include "report_case.h"
#include "score_case.h"

enum { REPORTS = 400 };

static const pb_evidence_name names[] = {{"papers", "X-01 X-02"}, {NULL, NULL}};

/* A random product's case, its policy and its report. */
typedef struct random_case {
	score_case c;
	pb_policy policy;
	json_t *report;
} random_case;

static void make(random_case *x, uint64_t number)
{
	prng r = prng_of_case(4711, number);
	json_t *evidence = json_pack("[oo]", case_place("b.tar", "x"), case_place("a.tar", "y")), *maps = json_array();
	report_case k = {.document = NULL};

	case_policy(&k.policy, &r);
	(void)snprintf(k.policy.digest, sizeof k.policy.digest, "%s", HEX64);
	(void)snprintf(k.policy.name, sizeof k.policy.name, "random");
	if (number % 2 == 0)
		k.policy.n_overrides = 0;
	case_make(&x->c, &r);
	for (size_t i = 0; i < x->c.result.n_findings; i++) {
		pb_finding *f = &x->c.findings[i];

		f->evidence = evidence;
		f->maps = maps;
		f->waived = NULL; /* waivers: tests/cli/why.sh */
		if (f->severity > x->c.checks[f->check].severity)
			f->severity = x->c.checks[f->check].severity;
	}
	assert_true(case_score(&k, case_document(), 0));
	pb_score_free(&k.score);
	(void)json_object_set_new(k.document, "principles", json_object());
	x->c.result.document = k.document;
	k.how.as_of = x->c.as_of;
	k.how.assessed = x->c.assessed;
	assert_int_equal(pb_score_compute(&x->c.result, &k.policy, x->c.assessed, x->c.as_of, &k.score, NULL), PB_OK);
	x->report = pb_report_new(&x->c.result, &k.policy, &k.score, &k.how, NULL);
	assert_non_null(x->report);
	x->policy = k.policy;
	json_decref(evidence);
	json_decref(maps);
	case_free(&k);
	x->c.result.document = NULL;
}

static json_t *explain(const random_case *x, const pb_supposed *s, size_t n)
{
	pb_error err = {0};
	json_t *out = pb_report_explain(x->report, s, n, names, &err);

	if (out == NULL)
		fail_msg("%s", err.text);
	return out;
}

static int64_t number(const json_t *numbers, const char *key)
{
	json_t *v = json_object_get(numbers, key);

	assert_true(json_is_integer(v));
	return json_integer_value(v);
}

static void equal_numbers(const json_t *a, const json_t *b)
{
	static const char *const keys[] = {"trust_tenths", "floor_tenths", "confidence_permille"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		assert_int_equal(number(a, keys[i]), number(b, keys[i]));
	assert_string_equal(pb_json_str(a, "decision", "?"), pb_json_str(b, "decision", "!"));
}

static void the_parts_sum_up(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < REPORTS; i++) {
		random_case x;
		json_t *told, *fall;
		int64_t sum = 0, share = 0;
		size_t k;

		make(&x, i);
		told = explain(&x, NULL, 0);
		assert_null(json_object_get(told, "what_if"));
		assert_null(json_object_get(told, "differs"));
		equal_numbers(json_object_get(told, "numbers"), json_object_get(x.report, "score"));
		json_array_foreach (json_object_get(json_object_get(told, "trust"), "falls"), k, fall) {
			sum += number(fall, "fall_tenths");
			share += number(fall, "share_milli");
			assert_true(number(json_object_get(fall, "mended"), "trust_tenths") >= number(json_object_get(told, "numbers"), "trust_tenths"));
		}
		sum += number(json_object_get(told, "trust"), "cap_falls_tenths");
		assert_int_equal(1000 - sum, number(json_object_get(told, "numbers"), "trust_tenths"));
		assert_int_equal(share, number(json_object_get(told, "numbers"), "demerit_milli"));
		assert_int_equal(number(json_object_get(json_object_get(told, "trust"), "mended"), "trust_tenths"), 1000);
		json_decref(told);
		json_decref(x.report);
	}
}

static void what_is_looked_at_never_lowers_anything(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < REPORTS; i++) {
		random_case x;
		json_t *told, *group;
		size_t k;

		make(&x, i);
		told = explain(&x, NULL, 0);
		json_array_foreach (json_object_get(json_object_get(told, "unseen"), "groups"), k, group) {
			const json_t *now = json_object_get(told, "numbers"), *then = json_object_get(group, "examined");

			assert_int_equal(number(then, "trust_tenths"), number(now, "trust_tenths"));
			assert_true(number(then, "floor_tenths") >= number(now, "floor_tenths"));
			assert_true(number(then, "confidence_permille") >= number(now, "confidence_permille"));
		}
		json_decref(told);
		json_decref(x.report);
	}
}

/* A policy is the report's own: nothing changes, in nothing that is told. */
static void the_own_policy_changes_nothing(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < REPORTS; i++) {
		random_case x;
		json_t *told, *what_if;

		make(&x, i);
		told = explain(&x, &(pb_supposed){PB_SUPPOSE_POLICY, "random", &x.policy}, 1);
		what_if = json_object_get(told, "what_if");
		assert_true(json_equal(json_object_get(what_if, "after"), json_object_get(told, "numbers")));
		assert_true(json_equal(json_object_get(what_if, "conditions"), json_object_get(told, "conditions")));
		assert_true(json_equal(json_object_get(what_if, "decision"), json_object_get(told, "decision")));
		json_decref(told);
		json_decref(x.report);
	}
}

/* Mending: never less trust, and just what the explanation and the first condition promised. */
static void mending_gives_what_was_promised(void **state)
{
	int mended = 0;

	(void)state;
	for (uint64_t i = 0; i < REPORTS; i++) {
		random_case x;
		json_t *told, *fall, *check, *first;
		size_t k, n;

		make(&x, i);
		told = explain(&x, NULL, 0);
		json_array_foreach (json_object_get(json_object_get(told, "trust"), "falls"), k, fall)
			json_array_foreach (json_object_get(fall, "checks"), n, check) {
				const char *id = pb_json_str(check, "check", "");
				json_t *then = explain(&x, &(pb_supposed){PB_SUPPOSE_FIX, id, NULL}, 1), *heaviest = json_object_get(check, "heaviest");
				char one[200];

				equal_numbers(json_object_get(json_object_get(then, "what_if"), "after"), json_object_get(check, "mended"));
				assert_true(number(json_object_get(check, "mended"), "trust_tenths") >= number(json_object_get(told, "numbers"), "trust_tenths"));
				json_decref(then);
				(void)snprintf(one, sizeof one, "%s/%s", id, pb_json_str(heaviest, "key", ""));
				then = explain(&x, &(pb_supposed){PB_SUPPOSE_FIX, one, NULL}, 1);
				equal_numbers(json_object_get(json_object_get(then, "what_if"), "after"), json_object_get(heaviest, "without"));
				json_decref(then);
				mended++;
			}
		first = json_array_get(json_object_get(told, "conditions"), 0);
		if (first != NULL && strcmp(pb_json_str(first, "kind", ""), "fix") == 0) {
			json_t *then = explain(&x, &(pb_supposed){PB_SUPPOSE_FIX, pb_json_str(first, "what", ""), NULL}, 1);
			const json_t *after = json_object_get(json_object_get(then, "what_if"), "after");

			assert_int_equal(number(after, "trust_tenths"), number(first, "trust_tenths"));
			assert_int_equal(number(after, "floor_tenths"), number(first, "floor_tenths"));
			assert_int_equal(number(after, "confidence_permille"), number(first, "confidence_permille"));
			json_decref(then);
		}
		json_decref(told);
		json_decref(x.report);
	}
	assert_true(mended > REPORTS / 2);
}

/* Evidence: trust stays, floor and confidence never fall; where a condition asks for it first, its numbers come out. */
static void evidence_never_changes_trust(void **state)
{
	int promised = 0;

	(void)state;
	for (uint64_t i = 0; i < REPORTS; i++) {
		random_case x;

		make(&x, i);
		for (size_t k = 0; k <= x.policy.n_required; k++) {
			const char *name = k < x.policy.n_required ? x.policy.required[k].id : "papers";
			json_t *told = explain(&x, &(pb_supposed){PB_SUPPOSE_EVIDENCE, name, NULL}, 1);
			const json_t *now = json_object_get(told, "numbers"), *after = json_object_get(json_object_get(told, "what_if"), "after");
			const json_t *first = json_array_get(json_object_get(told, "conditions"), 0);

			assert_int_equal(number(after, "trust_tenths"), number(now, "trust_tenths"));
			assert_true(number(after, "floor_tenths") >= number(now, "floor_tenths"));
			assert_true(number(after, "confidence_permille") >= number(now, "confidence_permille"));
			if (first != NULL && strcmp(pb_json_str(first, "kind", ""), "evidence") == 0 && strcmp(pb_json_str(first, "what", ""), name) == 0) {
				assert_int_equal(number(after, "floor_tenths"), number(first, "floor_tenths"));
				assert_int_equal(number(after, "confidence_permille"), number(first, "confidence_permille"));
				promised++;
			}
			json_decref(told);
		}
		json_decref(x.report);
	}
	assert_true(promised > 10);
}

/* Waivers of every finding: the score's own arithmetic of waived findings, and without them trust is as before. */
static void waiving_is_the_scores_own(void **state)
{
	(void)state;
	for (uint64_t i = 1; i < REPORTS; i += 2) {
		random_case x;
		pb_supposed all[CASE_CHECKS];
		pb_score score = {0};
		size_t n = 0;
		json_t *told;
		const json_t *after;

		make(&x, i);
		for (size_t k = 0; k < x.c.result.n_checks; k++)
			if (x.c.checks[k].status == PB_FAIL)
				all[n++] = (pb_supposed){PB_SUPPOSE_WAIVE, x.c.checks[k].id, NULL};
		for (size_t k = 0; k < x.c.result.n_findings; k++)
			x.c.findings[k].waived = "borne";
		assert_int_equal(pb_score_compute(&x.c.result, &x.policy, x.c.assessed, x.c.as_of, &score, NULL), PB_OK);
		told = explain(&x, all, n);
		after = json_object_get(json_object_get(told, "what_if"), "after");
		if (n > 0) {
			assert_int_equal(number(after, "trust_tenths"), score.trust_tenths);
			assert_int_equal(number(after, "floor_tenths"), score.floor_tenths);
			assert_int_equal(number(after, "confidence_permille"), score.confidence_permille);
			assert_string_equal(pb_json_str(after, "decision", ""), pb_decision_name(score.decision));
			assert_int_equal(number(after, "unwaived_trust_tenths"), number(json_object_get(told, "numbers"), "trust_tenths"));
		}
		pb_score_free(&score);
		json_decref(told);
		json_decref(x.report);
	}
}

static void a_later_day_takes_confidence_alone(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < REPORTS; i++) {
		random_case x;
		char day[11];
		json_t *told;
		const json_t *now, *after;

		make(&x, i);
		pb_date_format(x.c.as_of + 1 + (int64_t)(i % 400), day);
		told = explain(&x, &(pb_supposed){PB_SUPPOSE_AS_OF, day, NULL}, 1);
		now = json_object_get(told, "numbers");
		after = json_object_get(json_object_get(told, "what_if"), "after");
		assert_int_equal(number(after, "trust_tenths"), number(now, "trust_tenths"));
		assert_int_equal(number(after, "floor_tenths"), number(now, "floor_tenths"));
		assert_true(number(after, "confidence_permille") <= number(now, "confidence_permille"));
		json_decref(told);
		json_decref(x.report);
	}
}

static void refused(const json_t *report, const pb_supposed *s, const char *words)
{
	pb_error err = {0};

	assert_null(pb_report_explain(report, s, 1, names, &err));
	assert_int_equal(err.code, PB_EINPUT);
	if (strstr(err.text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static void what_the_report_does_not_answer_is_refused(void **state)
{
	json_t *report = case_report(case_document(), 30, NULL);
	pb_policy other = {.name = "other", .n_regions = 1, .regions = {"DE"}, .half_life_days = 365};

	(void)state;
	refused(report, &(pb_supposed){PB_SUPPOSE_FIX, "integrity.kee", NULL}, "did you mean integrity.key?");
	refused(report, &(pb_supposed){PB_SUPPOSE_FIX, "integrity.key/nwe", NULL}, "did you mean new?");
	refused(report, &(pb_supposed){PB_SUPPOSE_FIX, "integrity.malware", NULL}, "found nothing (unknown)");
	refused(report, &(pb_supposed){PB_SUPPOSE_WAIVE, "nothing/at/all", NULL}, "no such check");
	refused(report, &(pb_supposed){PB_SUPPOSE_EVIDENCE, "paper", NULL}, "did you mean papers?");
	refused(report, &(pb_supposed){PB_SUPPOSE_EVIDENCE, "nothing of the kind", NULL}, "no such evidence");
	refused(report, &(pb_supposed){PB_SUPPOSE_AS_OF, "1990-01-01", NULL}, "does not say what held before");
	refused(report, &(pb_supposed){PB_SUPPOSE_AS_OF, "tomorrow", NULL}, "not a date");
	refused(report, &(pb_supposed){PB_SUPPOSE_POLICY, "other", &other}, "other regions");
	json_decref(report);
}

/* An override took the severity that a check would have had. */
static void a_policy_without_an_override_is_refused(void **state)
{
	int met = 0;

	(void)state;
	for (uint64_t i = 1; i < REPORTS; i += 2) {
		random_case x;
		pb_policy plain;
		pb_error err = {0};
		json_t *told;

		make(&x, i);
		plain = x.policy;
		plain.n_overrides = 0;
		(void)snprintf(plain.digest, sizeof plain.digest, "%064d", 1);
		told = pb_report_explain(x.report, &(pb_supposed){PB_SUPPOSE_POLICY, "plain", &plain}, 1, names, &err);
		if (told == NULL) {
			assert_non_null(strstr(err.text, "its own policy made"));
			met++;
		}
		json_decref(told);
		json_decref(x.report);
	}
	assert_true(met > 5);
}

/* The gate: a report against itself has nothing new and passes; without a baseline it is the report's own decision. */
static void a_report_brings_nothing_new_to_itself(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < REPORTS; i++) {
		random_case x;
		json_t *gate;

		make(&x, i);
		gate = pb_report_gate(x.report, x.report, NULL);
		assert_string_equal(pb_json_str(gate, "decision", ""), "accept");
		assert_int_equal(json_array_size(json_object_get(gate, "new")), 0);
		assert_int_equal(number(gate, "known"), (int64_t)x.c.result.n_findings);
		assert_int_equal(json_array_size(json_object_get(gate, "notes")), 0);
		json_decref(gate);
		gate = pb_report_gate(x.report, NULL, NULL);
		assert_string_equal(pb_json_str(gate, "decision", ""), pb_json_str(json_object_get(x.report, "score"), "decision", "?"));
		json_decref(gate);
		json_decref(x.report);
	}
}

static void a_broken_report_is_named(void **state)
{
	json_t *report = case_report(case_document(), 30, NULL), *broken = json_deep_copy(report);
	pb_error err = {0};

	(void)state;
	json_object_del(broken, "policy");
	assert_null(pb_report_explain(broken, NULL, 0, names, &err));
	assert_int_equal(err.code, PB_ECORRUPT);
	assert_null(pb_report_gate(report, broken, &err));
	assert_non_null(strstr(err.text, "the baseline: "));
	(void)json_object_set_new(json_object_get(report, "score"), "trust_tenths", json_integer(999));
	json_t *told = pb_report_explain(report, NULL, 0, names, &err);
	assert_true(json_is_true(json_object_get(told, "differs")));
	json_decref(told);
	json_decref(broken);
	json_decref(report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_parts_sum_up),
	    cmocka_unit_test(what_is_looked_at_never_lowers_anything),
	    cmocka_unit_test(the_own_policy_changes_nothing),
	    cmocka_unit_test(mending_gives_what_was_promised),
	    cmocka_unit_test(evidence_never_changes_trust),
	    cmocka_unit_test(waiving_is_the_scores_own),
	    cmocka_unit_test(a_later_day_takes_confidence_alone),
	    cmocka_unit_test(what_the_report_does_not_answer_is_refused),
	    cmocka_unit_test(a_policy_without_an_override_is_refused),
	    cmocka_unit_test(a_report_brings_nothing_new_to_itself),
	    cmocka_unit_test(a_broken_report_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
