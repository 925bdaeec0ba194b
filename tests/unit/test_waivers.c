/* Waivers over random findings: taken away, trust is what it was, exactly; they never lower it, and never lift a critical above its cap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/waivers.h"
#include "score_promise.h"

#define SHA_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SHA_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static json_t *document(json_t *waivers, const char *role)
{
	return json_pack("{ss ss ss ss ss s{ss so} s[{ss ss sb ss ss}]}", "name", "w.json", "sha256", SHA_A, "kind", "waivers", "state", "read", "payload", "",
	                 "content", "owner", "me", "waivers", waivers, "signatures", "root", "r", "role", role, "verified", 1, "payload", "", "why", "");
}

static json_t *waiver(const char *check, const char *key, const char *sha256, const char *expires)
{
	return json_pack("{ss ss ss ss ss ss}", "check", check, "key", key, "sha256", sha256, "reason", "known", "expires", expires, "owner", "");
}

static int trust(const score_case *c, const pb_policy *p, int *plain)
{
	pb_score s = score_of(c, p);
	int t = s.trust_tenths;

	*plain = s.unwaived_trust_tenths;
	pb_score_free(&s);
	return t;
}

static void taken_away_trust_is_what_it_was(void **state)
{
	pb_policy *p = calloc(1, sizeof *p);
	json_t *evidence = json_pack("[{s[s]ss}]", "path", "a", "sha256", SHA_A);
	size_t applied = 0;

	(void)state;
	for (uint64_t i = 0; i < CASES / 10; i++) {
		prng r = prng_of_case(31, i);
		json_t *rows = json_array(), *documents;
		int before, with, plain, after;
		pb_waived w;
		score_case c;
		bool critical = false;

		case_policy(p, &r);
		case_make(&c, &r);
		for (size_t k = 0; k < c.result.n_findings; k++) {
			pb_finding *f = &c.findings[k];

			f->waived = NULL;
			f->evidence = evidence;
			f->places = 1;
			if (prng_chance(&r, 30))
				(void)json_array_append_new(rows, waiver(c.checks[f->check].id, f->key, prng_chance(&r, 80) ? SHA_A : SHA_B, "2099-01-01"));
		}
		before = trust(&c, p, &plain);
		assert_int_equal(before, plain);
		documents = json_pack("[o]", document(rows, "assessor"));
		assert_int_equal(pb_waivers_apply(documents, c.as_of, &c.result, &w), 0);
		for (size_t k = 0; k < c.result.n_findings; k++) {
			const pb_override *o = pb_policy_override(p, c.checks[c.findings[k].check].id, c.checks[c.findings[k].check].catalogue);
			pb_severity most = o != NULL ? o->severity : PB_CRITICAL;

			applied += c.findings[k].waived != NULL;
			critical |= c.findings[k].severity == PB_CRITICAL && most == PB_CRITICAL && c.findings[k].kappa >= 500;
		}
		with = trust(&c, p, &plain);
		assert_true(with >= before);
		assert_int_equal(plain, before);
		if (critical)
			assert_true(with <= 390);
		for (size_t k = 0; k < c.result.n_findings; k++)
			c.findings[k].waived = NULL;
		after = trust(&c, p, &plain);
		assert_int_equal(after, before);
		pb_waived_free(&w);
		json_decref(documents);
	}
	assert_true(applied > 1000);
	json_decref(evidence);
	free(p);
}

/* One finding in two objects. */
typedef struct pair {
	pb_check_outcome check;
	pb_finding finding;
	pb_product_result result;
	json_t *evidence;
} pair;

static void make_pair(pair *p)
{
	p->evidence = json_pack("[{s[s]ss}{s[s]ss}]", "path", "a", "sha256", SHA_A, "path", "b", "sha256", SHA_B);
	p->check = (pb_check_outcome){.id = "x.y", .status = PB_FAIL};
	p->finding = (pb_finding){.key = "k", .evidence = p->evidence, .places = 2};
	p->result = (pb_product_result){.checks = &p->check, .n_checks = 1, .findings = &p->finding, .n_findings = 1};
}

/* Takes documents. "": it is waived; else why the first row does not count. */
static void expect(pair *p, json_t *documents, const char *why)
{
	pb_waived w;

	assert_int_equal(pb_waivers_apply(documents, 20000, &p->result, &w), 0);
	assert_string_equal(pb_json_str(json_array_get(w.rows, 0), "why", "?"), why);
	assert_int_equal(p->finding.waived != NULL, *why == '\0');
	pb_waived_free(&w);
	json_decref(documents);
}

static void each_object_is_to_be_named(void **state)
{
	pair p;

	(void)state;
	make_pair(&p);
	expect(&p, json_pack("[o]", document(json_pack("[oo]", waiver("x.y", "k", SHA_A, "2099-01-01"), waiver("x.y", "k", SHA_B, "2099-01-01")), "assessor")), "");
	expect(&p, json_pack("[o]", document(json_pack("[o]", waiver("x.y", "k", SHA_A, "2099-01-01")), "assessor")),
	       "the finding is in other objects as well, which no waiver that counts names");
	expect(&p, json_pack("[o]", document(json_pack("[oo]", waiver("x.y", "k", SHA_A, "2099-01-01"), waiver("x.y", "k", SHA_B, "2001-01-01")), "assessor")),
	       "the finding is in other objects as well, which no waiver that counts names");
	expect(&p, json_pack("[o]", document(json_pack("[oo]", waiver("x.y", "k", SHA_A, "2099-01-01"), waiver("x.y", "k", SHA_B, "2099-01-01")), "vendor")),
	       "whoever signed it is no assessor");
	expect(&p, json_pack("[o]", document(json_pack("[o]", waiver("x.z", "k", SHA_A, "2099-01-01")), "assessor")), "the product has no such finding");
	p.finding.places = 3;
	expect(&p, json_pack("[o]", document(json_pack("[oo]", waiver("x.y", "k", SHA_A, "2099-01-01"), waiver("x.y", "k", SHA_B, "2099-01-01")), "assessor")),
	       "the finding is in more places than the report names");
	p.finding.places = 2;
	expect(&p, json_pack("[{ss ss ss ss}]", "name", "x", "sha256", "", "kind", "sbom", "state", "read"), "it is no document of waivers");
	expect(&p, json_pack("[i]", 3), "it is no document of waivers");
	json_decref(p.evidence);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(taken_away_trust_is_what_it_was),
	    cmocka_unit_test(each_object_is_to_be_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
