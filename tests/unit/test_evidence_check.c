/* What the process that reads evidence answers is believed only where all of it is right; and how documents age. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "base/date.h"
#include "findings/age.h"
#include "findings/evidence.h"

static const char good[] =
    "{\"schema\":\"probity-evidence/1\",\"documents\":[{\"name\":\"a.json\",\"sha256\":\"\",\"size\":3,\"kind\":\"audit\",\"format\":\"f\","
    "\"state\":\"read\",\"why\":\"\",\"payload\":\"\",\"subjects\":[{\"name\":\"n\",\"sha256\":\"\",\"sha512\":\"\",\"sha1\":\"\",\"md5\":\"\","
    "\"purl\":\"\"}],\"issued\":\"2026-01-01\",\"expires\":\"\",\"by\":\"x\",\"content\":{\"a\":[1]},\"signatures\":[{\"method\":\"minisign\","
    "\"key\":\"K\",\"verified\":true,\"why\":\"\",\"root\":\"r\",\"role\":\"auditor\",\"scope\":[\"*\"]}]}],\"waivers\":[],"
    "\"problems\":[{\"document\":\"\",\"why\":\"w\"}],\"roots\":[],\"package_signatures\":[],\"product\":{}}";

static json_t *parse(const char *text)
{
	json_t *j = json_loads(text, 0, NULL);

	assert_non_null(j);
	return j;
}

/* The good one with `from` replaced. */
static int check(const char *from, const char *to, char why[768])
{
	char text[4000];
	const char *at = strstr(good, from);
	pb_error err = {0};
	json_t *j;
	int rc;

	assert_non_null(at);
	(void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
	j = parse(text);
	rc = pb_evidence_valid(j, &err);
	memcpy(why, err.text, 768);
	json_decref(j);
	return rc;
}

static void test_good(void **state)
{
	char why[768];

	(void)state;
	assert_int_equal(check("a.json", "b.json", why), PB_OK);
}

static void test_wrong(void **state)
{
	static const char *const cases[][3] = {
	    {"probity-evidence/1", "probity-evidence/2", "schema"},
	    {"\"a.json\"", "\"\"", "name"},
	    {"\"a.json\"", "7", "name"},
	    {"\"size\":3", "\"size\":-1", "size"},
	    {"\"size\":3", "\"size\":\"3\"", "size"},
	    {"\"sha256\":\"\",\"size\"", "\"sha256\":\"AB\",\"size\"", "sha256"},
	    {"\"state\":\"read\"", "\"state\":\"verified\"", "state"},
	    {"2026-01-01", "2026-13-01", "date"},
	    {"\"subjects\":[{", "\"subjects\":[7,{", "subjects"},
	    {"\"purl\":\"\"", "\"purl\":7", "purl"},
	    {"\"content\":{\"a\":[1]}", "\"content\":[]", "content"},
	    {"\"verified\":true", "\"verified\":\"yes\"", "verified"},
	    {"\"role\":\"auditor\"", "\"role\":\"king\"", "role"},
	    {"\"scope\":[\"*\"]", "\"scope\":[1]", "scope"},
	    {"\"waivers\":[]", "\"waivers\":{}", "waivers"},
	    {"\"problems\":[{\"document\":\"\",\"why\":\"w\"}]", "\"problems\":[{\"document\":\"\"}]", "why"},
	    {"\"roots\":[]", "\"roots\":[1]", "roots"},
	    {"\"package_signatures\":[]", "\"package_signatures\":0", "package_signatures"},
	    {"\"product\":{}", "\"product\":[]", "product"},
	};
	char why[768];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(check(cases[i][0], cases[i][1], why), PB_ECORRUPT);
		if (strstr(why, cases[i][2]) == NULL)
			fail_msg("%s -> %s: %s", cases[i][0], cases[i][1], why);
	}
}

static void test_deep(void **state)
{
	char deep[500] = "\"content\":{\"a\":", why[768];
	size_t n = strlen(deep);

	(void)state;
	memset(deep + n, '[', 100);
	memset(deep + n + 100, ']', 100);
	strcpy(deep + n + 200, "}");
	assert_int_equal(check("\"content\":{\"a\":[1]}", deep, why), PB_ECORRUPT);
}

static void test_rows(void **state)
{
	json_t *rows = parse("[{\"document\":\"d\",\"sha256\":\"\",\"claim\":\"c\",\"status\":\"agrees\",\"why\":\"\",\"check\":\"a.b\"}]");
	pb_error err = {0};

	(void)state;
	assert_int_equal(pb_evidence_rows_valid(NULL, rows, &err), PB_OK);
	json_object_set_new(json_array_get(rows, 0), "status", json_string("proven"));
	assert_int_equal(pb_evidence_rows_valid(NULL, rows, &err), PB_ECORRUPT);
	json_object_set_new(json_array_get(rows, 0), "status", json_string("stale"));
	json_object_set_new(json_array_get(rows, 0), "more", json_string("x"));
	assert_int_equal(pb_evidence_rows_valid(NULL, rows, &err), PB_ECORRUPT);
	json_decref(rows);
}

static void test_digest(void **state)
{
	json_t *a = parse("[{\"name\":\"a\",\"sha256\":\"1\",\"x\":1}]"), *b = parse("[{\"name\":\"a\",\"sha256\":\"2\"}]"), *none = json_array();
	char one[65], two[65];

	(void)state;
	assert_true(pb_evidence_digest(a, one) && pb_evidence_digest(b, two));
	assert_int_equal(strlen(one), 64);
	assert_string_not_equal(one, two);
	assert_true(pb_evidence_digest(none, one));
	assert_string_equal(one, "");
	json_decref(a);
	json_decref(b);
	json_decref(none);
}

static int64_t day(const char *text)
{
	int64_t d;

	assert_true(pb_date_parse(text, &d));
	return d;
}

static void test_half(void **state)
{
	int before = 1000;

	(void)state;
	assert_int_equal(pb_age_permille(0, 365), 1000);
	assert_int_equal(pb_age_permille(-5, 365), 1000);
	assert_int_equal(pb_age_permille(365, 365), 500);
	assert_int_equal(pb_age_permille(730, 365), 250);
	assert_int_equal(pb_age_permille(90, 180), 707);
	assert_int_equal(pb_age_permille(INT64_MAX, 1), 0);
	assert_int_equal(pb_age_permille(100000, 0), 1000);
	for (int64_t d = 0; d < 5000; d++) { /* never rises */
		int now = pb_age_permille(d, 180);

		assert_true(now <= before && now >= 0);
		before = now;
	}
}

static void test_kinds(void **state)
{
	const int64_t as_of = day("2026-11-22");

	(void)state;
	assert_int_equal(pb_age_of("audit", "2025-11-22", "", "2025-11-22", false, as_of), 500);
	assert_int_equal(pb_age_of("audit", "2026-11-22", "", "2025-05-20", false, as_of), 0); /* 18 months after the period */
	assert_int_equal(pb_age_of("audit", "", "", "2025-11-22", false, as_of), 500);
	assert_int_equal(pb_age_of("penetration-test", "2026-05-26", "", "", false, as_of), 500);
	assert_int_equal(pb_age_of("security-txt", "", "2026-11-22", "", false, as_of), 1000);
	assert_int_equal(pb_age_of("security-txt", "", "2026-11-21", "", false, as_of), 0);
	assert_int_equal(pb_age_of("security-txt", "", "", "", false, as_of), 0);
	assert_int_equal(pb_age_of("sbom", "2015-01-01", "", "", true, as_of), 1000);
	assert_int_equal(pb_age_of("sbom", "2025-11-22", "", "", false, as_of), 500);
	assert_int_equal(pb_age_of("osv", "2026-08-24", "", "", false, as_of), 500);
	assert_int_equal(pb_age_of("declaration", "", "", "", false, as_of), 500); /* undated: as old as its half-life */
	assert_int_equal(pb_age_of("declaration", "2026-11-23", "", "", false, as_of), 0); /* of a day to come */
	assert_int_equal(pb_age_of("provenance", "2026-11-01", "2026-11-21", "", true, as_of), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_good), cmocka_unit_test(test_wrong),  cmocka_unit_test(test_deep),
	                                   cmocka_unit_test(test_rows), cmocka_unit_test(test_digest), cmocka_unit_test(test_half),
	                                   cmocka_unit_test(test_kinds)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
