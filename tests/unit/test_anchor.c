/* The log's end is noted at the right times, and its loss is noticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/anchor.h"
#include "store_case.h"

static char *file;
static char words[PB_ANCHOR_TEXT];

static pb_store *fresh(void)
{
	file = scratch_path("s.db");
	case_remove(file);
	return case_open(file);
}

static void add(pb_store *s, int n)
{
	for (int i = 1; i <= n; i++)
		assert_true(case_add(s, i) > 0);
}

static void when(void **state)
{
	(void)state;
	pb_store *s = fresh();
	pb_anchor a = {0};
	char head[65], want[PB_ANCHOR_TEXT];
	int64_t n;
	assert_int_equal(pb_anchor_look(&a, NULL, 100000, true, words), PB_ANCHOR_NOT_NOW);
	add(s, 3);
	assert_int_equal(pb_anchor_look(&a, s, 100000, false, words), PB_ANCHOR_NOTE);
	assert_int_equal(pb_store_head(s, &n, head, NULL), 0);
	snprintf(want, sizeof want, "line 3 of the log has digest %s", head);
	assert_string_equal(words, want);
	/* Nothing new: never, but on request. */
	assert_int_equal(pb_anchor_look(&a, s, 100000 + 5 * PB_ANCHOR_SECONDS, false, words), PB_ANCHOR_NOT_NOW);
	assert_int_equal(pb_anchor_look(&a, s, 200000, true, words), PB_ANCHOR_NOTE);
	assert_string_equal(words, want);
	/* Something new: within an hour. */
	add(s, 1);
	assert_int_equal(pb_anchor_look(&a, s, 200000 + PB_ANCHOR_SECONDS - 1, false, words), PB_ANCHOR_NOT_NOW);
	assert_int_equal(pb_anchor_look(&a, s, 200000 + PB_ANCHOR_SECONDS, false, words), PB_ANCHOR_NOTE);
	assert_memory_equal(words, "line 4 of", 9);
	/* Much that is new: at once. */
	add(s, PB_ANCHOR_LINES - 1);
	assert_int_equal(pb_anchor_look(&a, s, 204000, false, words), PB_ANCHOR_NOT_NOW);
	add(s, 1);
	assert_int_equal(pb_anchor_look(&a, s, 204000, false, words), PB_ANCHOR_NOTE);
	assert_memory_equal(words, "line 1004 of", 12);
	pb_store_close(s);
}

static void somebody_cuts(void **state)
{
	static const char *const how[] = {"DELETE FROM log WHERE n > 2", "UPDATE log SET digest = substr(digest, 2) || '0' WHERE n >= 4", "DELETE FROM log"};
	(void)state;
	for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
		pb_store *s = fresh();
		pb_anchor a = {0};
		add(s, 5);
		assert_int_equal(pb_anchor_look(&a, s, 100000, false, words), PB_ANCHOR_NOTE);
		case_tamper(file, "DROP TRIGGER log_stays; DROP TRIGGER log_holds;");
		case_tamper(file, how[i]);
		assert_int_equal(pb_anchor_look(&a, s, 100200, true, words), PB_ANCHOR_BROKEN);
		assert_non_null(strstr(words, "line 5 had digest "));
		assert_int_equal(pb_anchor_look(&a, s, 100300, true, words), PB_ANCHOR_NOTE); /* said once */
		pb_store_close(s);
	}
	pb_store *s = fresh();
	pb_anchor a = {0};
	add(s, 5);
	assert_int_equal(pb_anchor_look(&a, s, 100000, false, words), PB_ANCHOR_NOTE);
	case_tamper(file, "DROP TRIGGER log_stays; DELETE FROM log WHERE n > 2");
	assert_int_equal(pb_anchor_look(&a, s, 100001, false, words), PB_ANCHOR_BROKEN); /* not only after an hour */
	pb_store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(when),
		cmocka_unit_test(somebody_cuts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
