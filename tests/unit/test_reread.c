/* Reports made again from themselves: the same bytes, of random products as well; and whatever is changed in one is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "report/differ.h"
#include "report/reread.h"
#include "report_case.h"
#include "score_case.h"

enum { REPORTS = 300, CHANGES = 2000 };

static json_t *random_report(uint64_t number, int days)
{
	prng r = prng_of_case(815, number);
	json_t *evidence = json_pack("[oo]", case_place("b.tar", "x"), case_place("a.tar", "y")), *maps = json_pack("[ss]", "cwe:1", "paris:P6");
	report_case k = {.document = NULL};
	score_case c;
	json_t *report;

	case_policy(&k.policy, &r);
	case_make(&c, &r);
	for (size_t i = 0; i < c.result.n_findings; i++) {
		c.findings[i].evidence = evidence;
		c.findings[i].maps = maps;
		c.findings[i].waived = NULL; /* waivers: test_waivers.c */
		if (c.findings[i].severity > c.checks[c.findings[i].check].severity)
			c.findings[i].severity = c.checks[c.findings[i].check].severity;
	}
	assert_true(case_score(&k, case_document(), days));
	pb_score_free(&k.score);
	(void)json_object_set_new(k.document, "principles", json_object());
	c.result.document = k.document;
	k.how.as_of = c.as_of;
	k.how.assessed = c.assessed;
	assert_int_equal(pb_score_compute(&c.result, &k.policy, c.assessed, c.as_of, &k.score, NULL), PB_OK);
	report = pb_report_new(&c.result, &k.policy, &k.score, &k.how, NULL);
	assert_non_null(report);
	json_decref(evidence);
	json_decref(maps);
	case_free(&k);
	return report;
}

static void same(const json_t *report)
{
	pb_error err = {0};
	json_t *again = pb_report_again(report, &err);
	char *a = pb_json_canonical(report), *b = again != NULL ? pb_json_canonical(again) : NULL;

	if (b == NULL)
		fail_msg("%s", err.text);
	assert_string_equal(a, b);
	free(a);
	free(b);
	json_decref(again);
}

static void a_report_made_again_is_the_same(void **state)
{
	json_t *report = case_report(case_document(), 30, NULL);

	(void)state;
	same(report);
	json_decref(report);
	for (uint64_t i = 0; i < REPORTS; i++) {
		report = random_report(i, 0);
		same(report);
		json_decref(report);
	}
}

static void tally(void *user, const char *field, const json_t *said, const json_t *found)
{
	int *n = user;

	(void)field;
	*n += !json_equal(said, found);
}

/* Refused, or told as a difference: how many. */
static int told(const json_t *report)
{
	pb_error err = {0};
	json_t *again = pb_report_again(report, &err);
	int n = again == NULL;

	if (again == NULL)
		assert_true(err.code != 0 && err.text[0] != '\0');
	else
		assert_int_equal(pb_report_differ(report, again, tally, &n), 0);
	json_decref(again);
	return n;
}

static void expect_told(const char *part, const char *key, json_t *value)
{
	json_t *report = case_report(case_document(), 0, NULL), *object = part != NULL ? json_object_get(report, part) : report;

	if (json_is_array(object))
		object = json_array_get(object, 0);
	assert_non_null(object);
	assert_int_equal(value != NULL ? json_object_set_new(object, key, value) : json_object_del(object, key), 0);
	if (told(report) == 0)
		fail_msg("%s.%s: changed, and nothing is told", part != NULL ? part : "", key);
	json_decref(report);
}

/* The reliability that the policy's first demand asks for. */
static void expect_told_of_required(json_t *value)
{
	json_t *report = case_report(case_document(), 0, NULL);
	json_t *required = json_deep_copy(json_object_get(json_object_get(report, "policy"), "required"));

	json_decref(report);
	assert_int_equal(json_object_set_new(json_array_get(required, 0), "reliability", value), 0);
	expect_told("policy", "required", required);
}

static void every_change_of_a_number_is_told(void **state)
{
	(void)state;
	expect_told("score", "trust_tenths", json_integer(1000));
	expect_told("score", "floor_tenths", json_real(0.0));
	expect_told("score", "demerit_milli", json_integer(INT64_MAX));
	expect_told("score", "decision", json_string("accept"));
	expect_told("score", "valid_until", json_string("2036-02-01"));
	expect_told("score", "conditions", json_array());
	expect_told("score", "another", json_integer(1));
	expect_told("claims", "lambda_milli", json_integer(77));
	expect_told("claims", "another", json_null());
	expect_told("checks", "keys", json_integer(7));
	expect_told("checks", "coverage", json_integer(1));
	expect_told("checks", "reliability", json_string("verified"));
	expect_told("checks", "status", json_string("n/a"));
	expect_told("checks", "online", json_true());
	expect_told("findings", "kappa", json_integer(100));
	expect_told("findings", "severity", json_string("low"));
	expect_told("findings", "waived", json_string("because"));
	expect_told("findings", "waived", NULL);
	expect_told(NULL, "waivers", json_array());
	expect_told("findings", "key", json_string(""));
	expect_told("findings", "places", json_integer(0));
	expect_told("findings", "evidence", json_array());
	expect_told("policy", "weights", json_object());
	expect_told("policy", "reject_below", json_integer(99));
	expect_told("policy", "required", json_array());
	expect_told_of_required(json_string("self-declared"));
	expect_told_of_required(json_string("certain"));
	expect_told_of_required(json_integer(600));
	expect_told("principles", "checks", json_pack("[s]", "x"));
	expect_told("principles", "findings", json_integer(9));
	expect_told("limits", "count", json_integer(1));
	expect_told("assessment", "as_of", json_string("2026-02-30"));
	expect_told("assessment", "assessed", json_string("2027-01-01"));
	expect_told("assessment", "another", json_string(""));
	expect_told("product", "sha256", json_string("00"));
	expect_told("product", "name", json_string("\x1b[31m"));
	expect_told(NULL, "another", json_integer(1));
	expect_told(NULL, "limits", NULL);
	expect_told(NULL, "schema", json_string("probity-report/2"));
	expect_told(NULL, "checks", json_object());
	expect_told(NULL, "findings", json_string("none"));
}

/* Hostile: any value anywhere. It may be such that nothing can tell it (a version's text), but nothing breaks. */
static json_t *odd_value(prng *r)
{
	static const int64_t numbers[] = {INT64_MIN, -1, 0, 1, 1001, INT64_MAX};

	switch (prng_in(r, 0, 7 - 1)) {
	case 0:
		return json_null();
	case 1:
		return json_integer(numbers[prng_in(r, 0, 6 - 1)]);
	case 2:
		return json_string("");
	case 3:
		return json_array();
	case 4:
		return json_object();
	case 5:
		return json_real(1e300);
	default:
		return json_string("\xe2\x80\xaex%s%n");
	}
}

static void put_odd(json_t *value, prng *r)
{
	for (int depth = 0; depth < 8; depth++) {
		size_t n = json_is_array(value) ? json_array_size(value) : json_object_size(value), at = n > 0 ? (size_t)(uint64_t)prng_in(r, 0, (int)n - 1) : 0;
		const char *key = NULL;
		json_t *child;

		if (n == 0)
			return;
		if (json_is_array(value)) {
			child = json_array_get(value, at);
		} else {
			void *i = json_object_iter(value);

			while (at-- > 0)
				i = json_object_iter_next(value, i);
			key = json_object_iter_key(i);
			child = json_object_iter_value(i);
		}
		if ((json_is_object(child) || json_is_array(child)) && prng_in(r, 0, 4 - 1) != 0) {
			value = child;
			continue;
		}
		if (key != NULL)
			(void)json_object_set_new(value, key, odd_value(r));
		else
			(void)json_array_set_new(value, at, odd_value(r));
		return;
	}
}

static void odd_values_anywhere_break_nothing(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < CHANGES; i++) {
		prng r = prng_of_case(99, i);
		json_t *report = case_report(case_document(), 0, NULL);

		put_odd(report, &r);
		(void)told(report);
		json_decref(report);
	}
}

static void canonical_is_to_the_byte(void **state)
{
	json_t *v = json_pack("{s:i,s:s}", "b", 1, "a", "x");
	size_t at;

	(void)state;
	assert_int_equal(pb_report_canonical(v, (pb_bytes){(const uint8_t *)"{\"a\":\"x\",\"b\":1}\n", 16}, &at), 1);
	assert_int_equal(pb_report_canonical(v, (pb_bytes){(const uint8_t *)"{\"a\":\"x\",\"b\":1}", 15}, &at), 1);
	assert_int_equal(pb_report_canonical(v, (pb_bytes){(const uint8_t *)"{\"a\":\"x\",\"b\":1} ", 16}, &at), 0);
	assert_int_equal(at, 15);
	assert_int_equal(pb_report_canonical(v, (pb_bytes){(const uint8_t *)"{\"a\":\"x\",\"b\":1}\n\n", 17}, &at), 0);
	assert_int_equal(pb_report_canonical(v, (pb_bytes){(const uint8_t *)"{\"b\":1,\"a\":\"x\"}", 15}, &at), 0);
	assert_int_equal(at, 2);
	json_decref(v);
}

typedef struct last {
	char field[200];
	int n;
} last;

static void note(void *user, const char *field, const json_t *said, const json_t *found)
{
	last *l = user;

	if (json_equal(said, found))
		return;
	l->n++;
	(void)snprintf(l->field, sizeof l->field, "%s", field);
}

static void differences_have_names(void **state)
{
	json_t *a = case_report(case_document(), 0, NULL), *b = json_deep_copy(a);
	json_t *findings = json_object_get(b, "findings"), *first = json_incref(json_array_get(findings, 0));
	last l = {.n = 0};

	(void)state;
	(void)json_object_set_new(first, "says", json_string("else"));
	assert_int_equal(pb_report_differ(a, b, note, &l), 0);
	assert_int_equal(l.n, 1);
	assert_string_equal(l.field, "findings[integrity.key, key, new].says");
	json_decref(b);
	b = json_deep_copy(a);
	findings = json_object_get(b, "findings");
	(void)json_array_append(findings, json_array_get(findings, 0));
	(void)json_array_remove(findings, 0);
	l.n = 0;
	assert_int_equal(pb_report_differ(a, b, note, &l), 0);
	assert_int_equal(l.n, 1);
	assert_string_equal(l.field, "findings");
	json_decref(first);
	json_decref(a);
	json_decref(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_report_made_again_is_the_same), cmocka_unit_test(every_change_of_a_number_is_told),
	    cmocka_unit_test(odd_values_anywhere_break_nothing), cmocka_unit_test(canonical_is_to_the_byte),
	    cmocka_unit_test(differences_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
