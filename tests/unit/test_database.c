/* A foreign host's database, as reports spell it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "keeper/database.h"

static void is(int64_t version, int64_t built, bool official, const char *version_text, const char *built_text)
{
	json_t *got = pb_database_of_host(version, built);
	json_t *wanted = json_pack("{s:s,s:b,s:s,s:s,s:i,s:s}", "dir", "", "official", (int)official, "version", version_text,
	                           "built", built_text, "signatures", 0, "digest", "");
	char *a = pb_json_canonical(got), *b = pb_json_canonical(wanted);
	assert_non_null(a);
	assert_string_equal(a, b);
	free(a);
	free(b);
	json_decref(got);
	json_decref(wanted);
}

static void is_spelt_as_reports_spell_it(void **state)
{
	(void)state;
	is(27800, 1794817572, true, "27800", "2026-11-16");
	is(27800, 1794787200, true, "27800", "2026-11-16"); /* midnight */
	is(27800, 1794787199, true, "27800", "2026-11-15");
	is(UINT32_MAX, 1, true, "4294967295", "1970-01-01");
	is(1, 0, true, "1", ""); /* a day that is not known */
	is(0, 0, false, "", "");
	is(0, 1794817572, false, "", ""); /* no official one: its day says nothing */
}

static void takes_whatever_comes(void **state)
{
	(void)state;
	is(-1, -1, false, "", "");
	is(INT64_MIN, INT64_MIN, false, "", "");
	is(27800, -1, true, "27800", "");
	is(27800, INT64_MIN, true, "27800", "");
	is(INT64_MAX, INT64_MAX, true, "9223372036854775807", "9999-12-31");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(is_spelt_as_reports_spell_it),
	    cmocka_unit_test(takes_whatever_comes),
	};
	return cmocka_run_group_tests_name("database", tests, NULL, NULL);
}
