/* The canonical report: complete, sorted, the same for the same facts in any order, inert, and never half made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/text.h"
#include "report_case.h"

/* The text at a place such as "findings.0.evidence.1.path"; numbers index arrays. NULL where there is none. */
static json_t *at(json_t *report, const char *place)
{
	char path[128], *rest = path, *step;
	json_t *v = report;

	(void)snprintf(path, sizeof path, "%s", place);
	while (v != NULL && (step = strsep(&rest, ".")) != NULL)
		v = json_is_array(v) ? json_array_get(v, (size_t)strtoul(step, NULL, 10)) : json_object_get(v, step);
	return v;
}

static void expect_text(json_t *report, const char *place, const char *text)
{
	const char *is = json_string_value(at(report, place));

	if (is == NULL)
		fail_msg("%s: no text there", place);
	assert_string_equal(is, text);
}

static void expect_number(json_t *report, const char *place, json_int_t number)
{
	if (!json_is_integer(at(report, place)))
		fail_msg("%s: no number there", place);
	assert_int_equal(json_integer_value(at(report, place)), number);
}

static json_t *report_of(json_t *document)
{
	pb_error err = {0};
	json_t *report = case_report(document, 0, &err);

	if (report == NULL)
		fail_msg("no report: %s", err.text);
	return report;
}

static void says_what_was_assessed(void **state)
{
	json_t *r = report_of(case_document());

	(void)state;
	expect_text(r, "schema", "probity-report/1");
	expect_text(r, "product.name", "agent");
	expect_number(r, "product.objects", 94);
	expect_text(r, "assessment.as_of", "2026-02-01");
	assert_null(at(r, "assessment.assessed"));
	assert_null(at(r, "assessment.command"));
	expect_text(r, "assessment.engine.clamav_db.version", "27800");
	expect_text(r, "assessment.policy.name", "business");
	expect_number(r, "policy.weights.verification", 750);
	expect_number(r, "policy.confidence_weights.culture", 1);
	expect_number(r, "policy.accept.floor", 25);
	expect_text(r, "policy.required.0.rows.0", "V-01");
	expect_text(r, "policy.required.0.reliability", "vendor-signed");
	expect_text(r, "score.decision", "conditional");
	assert_int_equal(json_array_size(at(r, "principles")), 9);
	json_decref(r);
}

static void tells_an_old_assessment(void **state)
{
	json_t *fresh = case_report(case_document(), 0, NULL), *old = case_report(case_document(), 200, NULL);

	(void)state;
	assert_non_null(fresh);
	assert_non_null(old);
	expect_text(old, "assessment.assessed", "2025-07-16");
	assert_true(json_integer_value(at(old, "score.confidence_permille")) <
	            json_integer_value(at(fresh, "score.confidence_permille")));
	assert_true(json_equal(at(old, "findings"), at(fresh, "findings")));
	json_decref(fresh);
	json_decref(old);
}

static void sorts(void **state)
{
	json_t *r = report_of(case_document());

	(void)state;
	expect_text(r, "checks.0.id", "culture.maintainer");
	expect_text(r, "checks.6.id", "verification.sbom");
	expect_text(r, "checks.3.reason", "no official database");
	assert_null(at(r, "checks.0.reason"));
	expect_text(r, "findings.0.key", "new");
	expect_text(r, "findings.1.key", "old");
	expect_text(r, "findings.2.key", "program-0");
	expect_text(r, "findings.0.evidence.0.path.1", "etc/agent.key"); /* as given */
	expect_text(r, "findings.0.evidence.1.path.1", "usr/lib/copy.key");
	expect_text(r, "findings.0.maps.0", "cwe:321");
	expect_number(r, "findings.0.places", 2);
	assert_true(json_is_null(at(r, "findings.0.waived")));
	json_decref(r);
}

static void shuffle(json_t *array, unsigned seed)
{
	for (size_t i = json_array_size(array); i > 1; i--) {
		json_t *item;

		seed = seed * 1103515245u + 12345u;
		item = json_incref(json_array_get(array, (seed >> 8) % i));
		(void)json_array_remove(array, (seed >> 8) % i);
		(void)json_array_append_new(array, item);
	}
}

static void does_not_depend_on_order(void **state)
{
	json_t *first = report_of(case_document());
	char *expected = pb_json_canonical(first);

	(void)state;
	for (unsigned seed = 1; seed < 50; seed++) {
		json_t *d = case_document(), *r, *f;
		size_t i;
		char *text;

		shuffle(json_object_get(d, "checks"), seed);
		shuffle(json_object_get(d, "findings"), seed + 1000);
		shuffle(json_object_get(d, "limits"), seed + 2000);
		json_array_foreach(json_object_get(d, "findings"), i, f) {
			/* evidence stays in reduce's order: its best comes first */
			shuffle(json_object_get(f, "maps"), seed + 4000);
		}
		r = report_of(d);
		text = pb_json_canonical(r);
		assert_string_equal(text, expected);
		free(text);
		json_decref(r);
	}
	free(expected);
	json_decref(first);
}

static void counts_places_that_were_not_kept(void **state)
{
	json_t *d = case_document(), *r;

	(void)state;
	(void)json_object_set_new(json_array_get(json_object_get(d, "findings"), 0), "places", json_integer(70));
	r = report_of(d);
	expect_text(r, "findings.1.key", "old");
	expect_number(r, "findings.1.places", 70);
	json_decref(r);
}

static void merges_limits(void **state)
{
	json_t *d = case_document(), *r;

	(void)state;
	case_add(d, "limits",
	         json_pack("{s[ss] ss si}", "path", "agent.deb", "model.zip", "why", "encrypted", "count", 4));
	case_add(d, "limits", json_pack("{s[s] ss sI}", "path", "b", "why", "many", "count", (json_int_t)INT64_MAX));
	case_add(d, "limits", json_pack("{s[s] ss sI}", "path", "b", "why", "many", "count", (json_int_t)INT64_MAX));
	r = report_of(d);
	assert_int_equal(json_array_size(at(r, "limits")), 3);
	expect_text(r, "limits.0.why", "too deep");
	assert_null(at(r, "limits.0.count"));
	expect_text(r, "limits.1.why", "encrypted");
	expect_number(r, "limits.1.count", 7);
	expect_number(r, "limits.2.count", INT64_MAX);
	json_decref(r);
}

static void applies_overrides(void **state)
{
	report_case c = {.document = NULL};
	json_t *r;

	(void)state;
	case_business(&c.policy);
	c.policy.overrides[0] = (pb_override){.check = "I-09", .severity = PB_MEDIUM, .reason = "test device"};
	c.policy.overrides[1] = (pb_override){.check = "integrity.relro", .severity = PB_CRITICAL, .reason = "kernel"};
	c.policy.n_overrides = 2;
	assert_true(case_score(&c, case_document(), 0));
	r = pb_report_new(&c.result, &c.policy, &c.score, &c.how, NULL);
	expect_text(r, "checks.2.id", "integrity.key");
	expect_text(r, "checks.2.severity", "medium");
	expect_text(r, "findings.0.severity", "medium"); /* cut to the check's */
	expect_text(r, "checks.5.id", "integrity.relro");
	expect_text(r, "checks.5.severity", "critical");
	expect_text(r, "findings.2.severity", "low"); /* never raised */
	expect_text(r, "policy.overrides.0.reason", "test device");
	json_decref(r);
	case_free(&c);
}

static void says_what_is_assessable(void **state)
{
	json_t *r = report_of(case_document());

	(void)state;
	expect_text(r, "principles.5.id", "P6");
	expect_text(r, "principles.5.assessable", "yes");
	expect_text(r, "principles.5.checks.0", "integrity.key");
	expect_number(r, "principles.5.findings", 7);
	expect_text(r, "principles.4.assessable", "limited"); /* its only check could not look */
	assert_int_equal(json_array_size(at(r, "principles.4.checks")), 1);
	expect_text(r, "principles.1.assessable", "limited"); /* its only check does not apply */
	assert_int_equal(json_array_size(at(r, "principles.1.checks")), 0);
	expect_text(r, "principles.8.assessable", "limited");
	json_decref(r);
}

static void puts_conditions_in_words(void **state)
{
	json_t *r = report_of(case_document()), *c;
	size_t i, fixes = 0, evidence = 0;

	(void)state;
	json_array_foreach(at(r, "score.conditions"), i, c) {
		const char *kind = pb_json_str(c, "kind", ""), *says = pb_json_str(c, "says", "");

		if (strcmp(kind, "fix") == 0 && strcmp(pb_json_str(c, "what", ""), "integrity.key") == 0) {
			assert_string_equal(says, "Fix \"Private key inside the product\": Rotate the key.");
			fixes++;
		}
		if (strcmp(kind, "evidence") == 0) {
			assert_string_equal(says, "Supply a bill of materials");
			evidence++;
		}
	}
	assert_int_equal(fixes, 1);
	assert_int_equal(evidence, 1);
	json_decref(r);
}

static void refuses_unknown_names(void **state)
{
	report_case c = {.document = NULL};
	pb_condition condition = {.kind = PB_FIX, .what = "no.such-check"};
	pb_error err = {0};
	json_t *d = case_document();

	(void)state;
	(void)json_array_append_new(json_object_get(json_object_get(d, "principles"), "P6"),
	                            json_string("no.such-check"));
	assert_null(case_report(d, 0, &err));
	assert_int_equal(err.code, PB_ECORRUPT);
	assert_non_null(strstr(err.text, "no.such-check"));

	case_business(&c.policy);
	assert_true(case_score(&c, case_document(), 0));
	free(c.score.conditions);
	c.score.conditions = &condition;
	c.score.n_conditions = 1;
	assert_null(pb_report_new(&c.result, &c.policy, &c.score, &c.how, &err));
	assert_int_equal(err.code, PB_EINTERNAL);
	condition = (pb_condition){.kind = PB_EVIDENCE, .what = "no-such-evidence"};
	assert_null(pb_report_new(&c.result, &c.policy, &c.score, &c.how, &err));
	assert_int_equal(err.code, PB_EINTERNAL);
	c.score.conditions = NULL;
	c.score.n_conditions = 0;
	c.result.findings[0].check = c.result.n_checks;
	assert_null(pb_report_new(&c.result, &c.policy, &c.score, &c.how, &err));
	assert_int_equal(err.code, PB_EINTERNAL);
	case_free(&c);
}

/* No byte of the canonical form may move a cursor or turn a line round. */
static void expect_inert(const char *text)
{
	char *again = pb_text_safe(text, 0);

	assert_string_equal(text, again);
	free(again);
}

static void hostile_text_stays_inert(void **state)
{
	const char evil[] = "\x1b[2J\x1b]0;owned\x07 \xe2\x80\xae"
	                    "gnp.exe\r\nTrust 100\xc2\x9b"
	                    "31m";
	json_t *d = case_document(), *product = json_object_get(d, "product"), *r;
	char *path = calloc(1, 100001), *text;

	(void)state;
	assert_non_null(path);
	memset(path, 'a', 100000);
	(void)json_object_set_new(product, "name", json_string(evil));
	(void)json_object_set_new(product, "objects", json_integer(-5));
	(void)json_object_set_new(product, "version", json_integer(7)); /* of a wrong type */
	case_add_finding(d, case_finding("integrity.key", "key", evil, 900, "high", evil, evil), case_place(evil, path),
	                 NULL);
	case_add(d, "limits", json_pack("{s[s] ss}", "path", evil, "why", evil));
	case_add(d, "limits", json_pack("{s[i] si}", "path", 1, "why", 2));
	r = report_of(d);
	text = pb_json_canonical(r);
	expect_inert(text);
	expect_number(r, "product.objects", 0);
	expect_text(r, "product.version", "");
	assert_non_null(strstr(text, "\\\\x1b[2J"));
	assert_non_null(strstr(text, "\\\\u{202e}"));
	assert_non_null(strstr(text, path)); /* the whole of it: only what people read is shortened */
	free(text);
	free(path);
	json_decref(r);
}

static size_t budget; /* allocations that jansson still gets */

static void *sparing(size_t n)
{
	return budget > 0 && budget-- > 0 ? malloc(n) : NULL;
}

/* Fails each of jansson's allocations once: no crash, no leak (the sanitizers look), and a whole report or none. */
static void survives_lack_of_memory(void **state)
{
	report_case c = {.document = NULL};
	json_t *whole, *r = NULL;
	size_t n = 0;

	(void)state;
	case_business(&c.policy);
	assert_true(case_score(&c, case_document(), 0));
	whole = pb_report_new(&c.result, &c.policy, &c.score, &c.how, NULL);
	for (; r == NULL && n < 100000; n++) {
		pb_error err = {0};

		budget = n;
		json_set_alloc_funcs(sparing, free);
		r = pb_report_new(&c.result, &c.policy, &c.score, &c.how, &err);
		json_set_alloc_funcs(malloc, free);
		assert_true(r != NULL || err.code == PB_ENOMEM);
	}
	assert_true(n > 500 && n < 100000);
	assert_true(json_equal(r, whole));
	json_decref(r);
	json_decref(whole);
	case_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_was_assessed),
		cmocka_unit_test(tells_an_old_assessment),
		cmocka_unit_test(sorts),
		cmocka_unit_test(does_not_depend_on_order),
		cmocka_unit_test(counts_places_that_were_not_kept),
		cmocka_unit_test(merges_limits),
		cmocka_unit_test(applies_overrides),
		cmocka_unit_test(says_what_is_assessable),
		cmocka_unit_test(puts_conditions_in_words),
		cmocka_unit_test(refuses_unknown_names),
		cmocka_unit_test(hostile_text_stays_inert),
		cmocka_unit_test(survives_lack_of_memory),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
