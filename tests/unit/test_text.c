/* The report on a terminal: says what it must, in the words that it may use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "text_case.h"

static void says_what_a_buyer_needs(void **state)
{
	json_t *r = report_of(case_document());
	char *t;

	(void)state;
	set(r, "score", "trust_tenths", json_integer(829));
	set(r, "score", "unwaived_trust_tenths", json_integer(829));
	set(r, "score", "floor_tenths", json_integer(279));
	set(r, "score", "confidence_permille", json_integer(459));
	t = render(r, 80, false, false);
	expect(t,
	       "+-------------+\n| CONDITIONAL |  agent 3.2.1\n+-------------+  policy business, as of 2026-02-01\n");
	expect(t, "\nTrust 82 [27..82]  Confidence 45 %\n[");
	expect(t, "deb, 52.0 KiB, 94 objects with 312.0 KiB, sha256 0011223344556677\n");
	expect(t, "  - confidence 45.9 % is below the 50 % that the policy asks for\n");
	expect(t, "  - required, not verified: a bill of materials (at least vendor-signed)\n");
	expect(t, "  - high and open: RSA private key\n");
	expect(t, "FINDINGS  2 high, 5 low\n  HIGH      RSA private key\n            in agent.deb > etc/agent.key\n");
	expect(t, "            EC private key of the examples (in test or doc path)\n");
	expect(t, "            and 1 further place\n            fix: Rotate the key.\n            certain; I-09 "
	          "integrity.key\n");
	expect(t, "            and 2 more findings of this kind, 2 further places in all\n");
	expect(t, "NOT EXAMINED  2 of 6 checks could not look, 1 looked in part only\n");
	expect(t, "  - Known malware (I-01): no official database\n");
	expect(t, "  - Writable linkage table (I-37, 95.3 %) in part only: encrypted member\n");
	expect(t, "  - encrypted (3 times)\n    first in agent.deb > model.zip\n");
	expect(t, "PASSED  2 of 6 checks found nothing against it\n  Certificate checks off, Accountable maintainer\n");
	expect(t, "ClamAV 1.4.6 with database 27800 of 2026-01-20 (12 days old)");
	expect(t, "expert judgement.\n");
	free(t);
	json_decref(r);
}

static json_t *step(const char *says, int trust, int floor, int confidence)
{
	return json_pack("{ss ss ss si si si}", "kind", "fix", "what", "x", "says", says, "trust_tenths", trust,
	                 "floor_tenths", floor, "confidence_permille", confidence);
}

static void tells_what_each_condition_adds(void **state)
{
	json_t *r = report_of(case_document()), *required = step("Third.", 829, 270, 600);
	char *t;

	(void)state;
	(void)json_object_set_new(required, "kind", json_string("evidence"));
	set(r, "score", "trust_tenths", json_integer(519));
	set(r, "score", "floor_tenths", json_integer(170));
	set(r, "score", "confidence_permille", json_integer(459));
	set(r, "score", "conditions",
	    json_pack("[ooo]", step("First.", 828, 170, 459), step("Second.", 829, 270, 600),
	              required));
	t = render(r, 80, false, false);
	expect(t, "TO BE ACCEPTED  all of these, each shown with what it adds\n"
	          "  1. First.\n     -> trust 51 to 82\n"
	          "  2. Second.\n     -> floor 17 to 27, confidence 45 to 60 %\n"
	          "  3. Third.\n     -> the policy requires it\n");
	expect_not(t, "Even so");
	free(t);
	set(r, "score", "confidence_permille", json_integer(120));
	set(r, "score", "conditions_suffice", json_false());
	set(r, "score", "conditions", json_pack("[oo]", step("First.", 828, 170, 240), step("Second.", 829, 270, 300)));
	t = render(r, 80, false, false);
	expect(t, "  1. First.\n     -> confidence 12 to 24 %\n"
	          "  2. Second.\n     -> confidence 24 to 30 %, trust 82 [27..82]\n"
	          "  Even so it would not be accepted yet");
	free(t);
	set(r, "score", "conditions", json_array());
	t = render(r, 80, false, false);
	expect_not(t, "TO BE ACCEPTED");
	free(t);
	json_decref(r);
}

static void the_bar_shows_the_opinion(void **state)
{
	json_t *r = report_of(case_document());
	char *t, bar[80] = "\n[";

	(void)state;
	set(r, "score", "trust_tenths", json_integer(750));
	set(r, "score", "floor_tenths", json_integer(250));
	t = render(r, 80, false, false);
	memset(bar + 2, '#', 19);
	memset(bar + 21, '=', 38);
	memset(bar + 59, '.', 19);
	strcpy(bar + 78, "]");
	expect(t, bar);
	free(t);
	json_decref(r);
}

static void says_not_rated_in_place_of_a_number(void **state)
{
	json_t *r = report_of(case_document());
	char *t;

	(void)state;
	set(r, "score", "decision", json_string("not-rated"));
	set(r, "score", "trust_tenths", json_integer(873));
	set(r, "score", "confidence_permille", json_integer(249));
	t = render(r, 80, false, false);
	expect(t, "| NOT RATED |");
	expect(t, "Trust NOT RATED  Confidence 24 %\n\n");
	expect_not(t, "87");
	expect(t, "Verification       NR  too little examined");
	free(t);
	set(r, "score", "confidence_permille", json_integer(250));
	t = render(r, 80, false, false);
	expect(t, "Trust 87 [");
	free(t);
	json_decref(r);
}

static void tells_each_decision(void **state)
{
	json_t *r = report_of(case_document());
	json_t *first = json_array_get(json_object_get(r, "findings"), 0);
	char *t;

	(void)state;
	set(r, "score", "decision", json_string("reject"));
	set(r, "score", "trust_tenths", json_integer(195));
	(void)json_object_set_new(first, "severity", json_string("critical"));
	t = render(r, 80, false, false);
	expect(t, "| REJECT |");
	expect(t, "  - critical and confirmed: RSA private key\n");
	expect(t, "  - trust 19.5 is below 30, where the policy rejects\n");
	expect(t, "  CRITICAL  RSA private key\n");
	free(t);
	(void)json_object_set_new(first, "waived", json_string("kept for tests until 2026-05-01"));
	t = render(r, 80, false, false);
	expect_not(t, "critical and confirmed");
	expect(t, "            waived: kept for tests until 2026-05-01\n");
	free(t);
	set(r, "score", "decision", json_string("accept"));
	set(r, "score", "valid_until", json_string("2026-09-09"));
	t = render(r, 80, false, false);
	expect(t, "| ACCEPT |");
	expect(t, "  - renew it by 2026-09-09: from then on confidence is too old\n");
	free(t);
	json_decref(r);
}

static void verbose_tells_all(void **state)
{
	json_t *r = report_of(case_document());
	char *t = render(r, 100, false, true);

	(void)state;
	expect(t, "in agent.deb > usr/lib/copy.key\n               at byte 12, 34 long\n               an excerpt\n");
	expect(t, "usr/bin/program-4\n");
	expect(t, "  P6  Security through life cycle and supply chain\n      3 checks, 7 findings\n");
	expect(t, "  P9  International norms\n      limited: not assessable from this product\n");
	expect(t, "  fail    high      900 1000     2   5.400 I-09 integrity.key\n");
	expect(t, "    5.400   5.400  1000   5.400   credentials (integrity)\n");
	expect(t, "Trust = 100 * 2^(-D/10) = ");
	expect_not(t, "more findings of this kind");
	free(t);
	json_decref(r);
}

/* Inside a foreign host: how much ClamAV did not scan, and in which containers. */
static void tells_what_clamav_did_not_scan(void **state)
{
	json_t *d = case_document(), *r, *check;
	size_t i;
	char *t;

	(void)state;
	for (i = 0; i < 2; i++)
		case_add(d, "limits",
		         json_pack("{s[ss] ss}", "path", "agent.deb", i > 0 ? "b.deb" : "a.rpm", "why",
		                   "members not scanned by ClamAV: unpacked by Probity"));
	r = report_of(d);
	json_array_foreach(json_object_get(r, "checks"), i, check) {
		if (strcmp(pb_json_str(check, "catalogue", ""), "I-01") != 0)
			continue;
		set(check, NULL, "status", json_string("pass"));
		set(check, NULL, "coverage", json_integer(250));
		set(check, NULL, "reason", json_string("3 of 4 not examined: not scanned by ClamAV: unpacked by Probity"));
	}
	t = render(r, 80, false, false);
	expect(t, "NOT EXAMINED  1 of 6 checks could not look, 2 looked in part only\n");
	expect(t, "  - Known malware (I-01, 25.0 %) in part only: 3 of 4 not examined: not scanned\n"
	          "    by ClamAV: unpacked by Probity\n");
	expect(t, "  - members not scanned by ClamAV: unpacked by Probity (2 times)\n    first in agent.deb > a.rpm\n");
	free(t);
	json_decref(r);
}

/* The words of a report: indicators, never a judgement of intent. */
static void claims_nothing_it_cannot_know(void **state)
{
	static const char *const never[] = {"malicious", "is safe", "sends", "secure product", "no backdoor"};
	json_t *r = report_of(case_document());
	char *t = render(r, 120, false, true);

	(void)state;
	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
		expect_not(t, never[i]);
	expect(t, "Indicators present in the bytes are reported");
	free(t);
	json_decref(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_a_buyer_needs),
		cmocka_unit_test(the_bar_shows_the_opinion),
		cmocka_unit_test(tells_what_each_condition_adds),
		cmocka_unit_test(says_not_rated_in_place_of_a_number),
		cmocka_unit_test(tells_each_decision),
		cmocka_unit_test(verbose_tells_all),
		cmocka_unit_test(tells_what_clamav_did_not_scan),
		cmocka_unit_test(claims_nothing_it_cannot_know),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
