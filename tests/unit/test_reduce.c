/* Reduce as a whole, over a small catalogue and records written by hand: what the score may stand on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_case.h"
#include "findings/product.h"
#include "score/score.h"
#include "worker/reduce.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"
static const char *const no_limits[] = {NULL};

/* Two checks: one over every object (its findings come with the records), one over ELF files; and one over the product. */
static void write_catalogue(check_case *c, const char *product_body)
{
	char text[2000];
	case_open(c);
	case_text(c, "scripts/integrity/all.lua", CASE_CHECK("object = function() end"));
	case_text(c, "scripts/integrity/elves.lua", CASE_CHECK("applies = { 'elf' }, object = function() end"));
	snprintf(text, sizeof text, "return { %s %s applies = { 'elf' }, product = function(product, found) %s end }", CASE_HEADER,
	         CASE_FINDINGS, product_body);
	case_text(c, "scripts/integrity/whole.lua", text);
}

/* A record at p>NAME. last: the last digit of its digest. finding: "key" or NULL; unknown: a reason for check "integrity.all". */
static json_t *object(const char *name, const char *kind, char last, const char *key, const char *severity, int kappa,
                      const char *unknown)
{
	char sha[65];
	snprintf(sha, sizeof sha, "%s%c", DIGEST, last);
	json_t *r = json_pack("{s:[s],s:s,s:i,s:s,s:s,s:s,s:b,s:{s:{s:[s,s]},s:[],s:{}}}", "path", "p", "sha256", sha, "size", 100,
	                      "kind", kind, "class", strcmp(kind, "tar") == 0 ? "archive" : "text", "name_class", "", "container",
	                      strcmp(kind, "tar") == 0, "result", "facts", "tags", "any", kind, "findings", "unknown");
	json_t *result = json_object_get(r, "result");
	if (*name)
		json_array_append_new(json_object_get(r, "path"), json_string(name));
	if (key)
		json_array_append_new(json_object_get(result, "findings"),
		                      json_pack("{s:s,s:s,s:s,s:i,s:s,s:s,s:i,s:i,s:s}", "check", "integrity.all", "finding", "key",
		                                "key", key, "kappa", kappa, "severity", severity, "says", "key x", "at", 3, "length", 4,
		                                "excerpt", "abcd"));
	if (unknown)
		json_object_set_new(json_object_get(result, "unknown"), "integrity.all", json_string(unknown));
	return r;
}

/* The product result over these records (taken), or NULL with *code set. */
static json_t *reduce(json_t *records, const char *const *limits, const char *product_body, int *code)
{
	check_case c;
	write_catalogue(&c, product_body);
	pb_catalogue_options options = case_options(&c);
	pb_rules rules = {0};
	pb_error err = {0};
	json_t *out = NULL, *none = json_array(), *said = json_array(), *database = json_pack("{s:b}", "official", 0);
	for (; *limits; limits++)
		json_array_append_new(said, json_pack("{s:[s,s],s:s}", "path", "p", *limits, "why", "encrypted"));
	if (pb_lists_open(".", &rules.lists, &err) || pb_catalogue_open(&options, &rules.catalogue, &err))
		fail_msg("%s%s", err.text, c.told);
	pb_reduce_input in = {.records = records, .limits = said, .detections = none, .database = database, .name = "p", .kind = "tar",
	                      .sha256 = DIGEST "0", .size = 1000, .as_of = 20000};
	*code = pb_reduce(&rules, &in, &out, &err);
	pb_catalogue_close(rules.catalogue);
	pb_lists_close(rules.lists);
	case_close(&c);
	json_decref(none);
	json_decref(said);
	json_decref(database);
	json_decref(records);
	return out;
}

static const json_t *check(const json_t *result, const char *id)
{
	size_t i;
	json_t *c;
	json_array_foreach(json_object_get(result, "checks"), i, c)
		if (strcmp(pb_json_str(c, "id", ""), id) == 0)
			return c;
	fail_msg("no check %s", id);
	return NULL;
}

static void is(const json_t *result, const char *id, const char *status, int coverage)
{
	const json_t *c = check(result, id);
	assert_string_equal(pb_json_str(c, "status", ""), status);
	assert_int_equal(pb_json_int(c, "coverage", -1), coverage);
}

static void status_is_decided_by_what_was_seen(void **state)
{
	(void)state;
	int code;
	json_t *r = reduce(json_pack("[oo]", object("a", "text", '1', NULL, NULL, 0, NULL), object("b", "text", '2', NULL, NULL, 0, "limit steps")),
	                   no_limits, "found.unknown('never')", &code);
	assert_int_equal(code, 0);
	is(r, "integrity.all", "pass", 500); /* half of the objects */
	assert_non_null(strstr(pb_json_str(check(r, "integrity.all"), "reason", ""), "limit steps"));
	is(r, "integrity.elves", "n/a", 0);
	is(r, "integrity.whole", "n/a", 0); /* a script says unknown, but there is no ELF: that is not its to decide */
	json_decref(r);

	r = reduce(json_pack("[o]", object("a", "elf", '1', NULL, NULL, 0, "script error: x.lua:3: nil")), no_limits, "error('broken')", &code);
	is(r, "integrity.all", "unknown", 0); /* a script that fails never passes */
	is(r, "integrity.whole", "unknown", 0);
	is(r, "integrity.elves", "pass", 1000);
	json_decref(r);
}

static void what_was_not_examined_may_be_anything(void **state)
{
	(void)state;
	static const char *const one[] = {"locked", NULL};
	int code;
	json_t *r = reduce(json_pack("[o]", object("a", "text", '1', NULL, NULL, 0, NULL)), one, "", &code);
	is(r, "integrity.all", "pass", 500);
	is(r, "integrity.elves", "unknown", 0); /* the locked member may be one */
	json_decref(r);
	r = reduce(json_array(), one, "", &code);
	is(r, "integrity.all", "unknown", 0);
	json_decref(r);
}

static const json_t *only_finding(const json_t *r)
{
	assert_int_equal(json_array_size(json_object_get(r, "findings")), 1);
	return json_array_get(json_object_get(r, "findings"), 0);
}

static void copies_are_one_finding(void **state)
{
	(void)state;
	int code;
	json_t *r = reduce(json_pack("[ooo]", object("tests/a", "text", '1', "k", "high", 900, NULL), object("b", "text", '1', "k", "high", 700, NULL),
	                             object("docs/c", "text", '2', "k", "high", 900, NULL)),
	                   no_limits, "", &code);
	const json_t *f = only_finding(r);
	assert_int_equal(pb_json_int(f, "kappa", 0), 700); /* 900 twice, but among tests and documents */
	assert_int_equal(pb_json_int(f, "places", 0), 3);
	assert_int_equal(json_array_size(json_object_get(f, "evidence")), 3);
	is(r, "integrity.all", "fail", 1000);
	json_decref(r);

	r = reduce(json_pack("[o]", object("tests/a", "text", '1', "k", "high", 1000, NULL)), no_limits, "", &code);
	assert_int_equal(pb_json_int(only_finding(r), "kappa", 0), 1000); /* proof holds wherever it lies */
	json_decref(r);

	r = reduce(json_pack("[oo]", object("a", "text", '1', "k", "info", 900, NULL), object("b", "text", '2', "k", "low", 500, NULL)), no_limits,
	           "", &code);
	assert_string_equal(pb_json_str(only_finding(r), "severity", ""), "low"); /* the mere note says nothing more */
	json_decref(r);
}

static void a_container_is_accounted_for_by_its_members(void **state)
{
	(void)state;
	int code;
	json_t *tar = object("", "tar", '1', "k", "high", 900, NULL);
	json_object_set_new(json_object_get(json_object_get(tar, "result"), "facts"), "members",
	                    json_pack("{s:s,s:b,s:[{s:s,s:s,s:i}]}", "format", "tar", "complete", 1, "entries", "path", "tests/a", "type",
	                              "file", "size", 100));
	json_t *r = reduce(json_pack("[oo]", json_deep_copy(tar), object("tests/a", "text", '2', "k", "high", 900, NULL)), no_limits, "", &code);
	const json_t *f = only_finding(r);
	assert_int_equal(pb_json_int(f, "kappa", 0), 200); /* the member's place counts, not that the tar shows the same bytes */
	assert_int_equal(pb_json_int(f, "places", 0), 1);
	is(r, "integrity.all", "fail", 1000);
	json_decref(r);
	/* what only the container shows stays */
	r = reduce(json_pack("[oo]", tar, object("tests/a", "text", '2', NULL, NULL, 0, NULL)), no_limits, "", &code);
	assert_int_equal(pb_json_int(only_finding(r), "kappa", 0), 900);
	json_decref(r);
}

static void foreign_words_are_refused(void **state)
{
	(void)state;
	int code;
	json_t *o = object("a", "text", '1', "k", "high", 900, NULL);
	json_t *f = json_array_get(json_object_get(json_object_get(o, "result"), "findings"), 0);
	json_object_set_new(f, "check", json_string("integrity.nothing"));
	assert_null(reduce(json_pack("[o]", json_deep_copy(o)), no_limits, "", &code));
	assert_int_equal(code, PB_ECORRUPT);
	json_object_set_new(f, "check", json_string("integrity.all"));
	json_object_set_new(f, "finding", json_string("nothing"));
	assert_null(reduce(json_pack("[o]", json_deep_copy(o)), no_limits, "", &code));
	assert_int_equal(code, PB_ECORRUPT);
	json_object_set_new(o, "kind", json_string("marble"));
	assert_null(reduce(json_pack("[o]", o), no_limits, "", &code));
	assert_int_equal(code, PB_ECORRUPT);
}

static pb_score score_of(json_t *result)
{
	pb_product_result read;
	pb_error err = {0};
	pb_score s = {0};
	pb_policy policy = {.name = "test", .weight = {1000, 1000, 1000, 1000}, .confidence_weight = {1, 1, 1, 1}, .half_life_days = 365,
	                    .accept_trust = 70, .accept_confidence = 50, .accept_floor = 25, .reject_below = 30};
	if (pb_product_result_read(result, &read, &err) || pb_score_compute(&read, &policy, 20000, 20000, &s, &err))
		fail_msg("%s", err.text);
	pb_product_result_free(&read);
	return s;
}

/* The whole way: locking a bad member away must not raise the floor above what showing it gives. */
static void hiding_does_not_pay(void **state)
{
	(void)state;
	static const char *const locked[] = {"bad", NULL};
	static const char *const severities[] = {"low", "medium", "high"};
	for (size_t i = 0; i < 3; i++)
		for (int others = 0; others < 4; others++) {
			int code;
			json_t *shown = json_array(), *hidden = json_array();
			for (int k = 0; k < others; k++) {
				char name[16];
				snprintf(name, sizeof name, "o%d", k);
				json_array_append_new(shown, object(name, "text", (char)('3' + k), NULL, NULL, 0, NULL));
				json_array_append_new(hidden, object(name, "text", (char)('3' + k), NULL, NULL, 0, NULL));
			}
			json_array_append_new(shown, object("bad", "text", '1', "k", severities[i], 900, NULL));
			json_t *a = reduce(shown, no_limits, "", &code), *b = reduce(hidden, locked, "", &code);
			pb_score s = score_of(a), h = score_of(b);
			assert_true(h.floor_tenths <= s.floor_tenths);
			assert_true(h.confidence_permille <= s.confidence_permille);
			pb_score_free(&s);
			pb_score_free(&h);
			json_decref(a);
			json_decref(b);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_is_decided_by_what_was_seen), cmocka_unit_test(what_was_not_examined_may_be_anything),
		cmocka_unit_test(copies_are_one_finding),             cmocka_unit_test(a_container_is_accounted_for_by_its_members),
		cmocka_unit_test(foreign_words_are_refused),          cmocka_unit_test(hiding_does_not_pay),
	};
	return cmocka_run_group_tests_name("reduce", tests, NULL, NULL);
}
