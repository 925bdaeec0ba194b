/* Workers that die, are excused, or run out of memory: what that costs, and what it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "box/box.h"
#include "mapper_case.h"

static void an_orphan_ends(void **state)
{
	(void)state;
	mapping m = {0};
	begin(&m);
	start(&m, NULL);
	put_text(&m, 1, "a", "bytes");
	has_result(&m, 1, "a", true);
	close(m.r.socket);
	m.r.socket = -1;
	role_exits(&m.r, 0);
	end(&m);
}

/* Waits until the worker is at this check, on entry `number`. */
static void wait_for(mapping *m, uint64_t number, const char *check)
{
	size_t index = 0;
	const json_t *ids = json_object_get(m->r.about, "ids");
	while (index < json_array_size(ids) && strcmp(json_string_value(json_array_get(ids, index)), check) != 0)
		index++;
	for (int i = 0; i < 20000; i++) {
		uint64_t at;
		uint32_t where;
		bool idle;
		pb_lane_watch(m->watch, &at, &where, &idle);
		if (at == number && where == PB_AT_CHECK + index && !idle)
			return;
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	}
	fail_msg("entry %u never came to %s", (unsigned)number, check);
}

static void three_with_one_that_hangs(mapping *m)
{
	begin(m);
	start(m, NULL);
	put_text(m, 4, "a", "first");
	put_text(m, 4, "b", "HANG");
	put_text(m, 4, "c", "third");
	has_result(m, 4, "a", true);
	wait_for(m, 2, "integrity.hang");
	role_kill(&m->r);
}

static void a_death_costs_a_check(void **state)
{
	(void)state;
	mapping m = {0};
	three_with_one_that_hangs(&m);
	start(&m, json_pack("{s:{s:i,s:{s:s}}}", "excuse", "number", 2, "checks", "integrity.hang", "took longer than 1 s"));
	unknown_is(&m, 4, "b", "integrity.hang", "took longer than 1 s");
	unknown_is(&m, 4, "c", "integrity.hang", ""); /* the excuse is for one entry */
	closes(&m);
	end(&m);
}

static void a_death_costs_an_object(void **state)
{
	(void)state;
	mapping m = {0};
	three_with_one_that_hangs(&m);
	start(&m, json_pack("{s:{s:i,s:s}}", "excuse", "number", 2, "skip", "the worker died of it twice"));
	limit_says(&m, 4, "b", "the worker died of it twice");
	has_result(&m, 4, "c", true);
	closes(&m);
	end(&m);
}

static void a_death_after_the_message_costs_nothing(void **state)
{
	(void)state;
	mapping m = {0};
	three_with_one_that_hangs(&m);
	start(&m, json_pack("{s:{s:i,s:b}}", "excuse", "number", 2, "sent", 1));
	has_result(&m, 4, "c", true);
	closes(&m);
	end(&m);
}

static void a_check_set_aside_is_not_run(void **state)
{
	(void)state;
	mapping m = {0};
	begin(&m);
	start(&m, json_pack("{s:{s:s,s:s}}", "aside", "integrity.hang", "it hangs\n", "no.such", "x"));
	put_text(&m, 1, "a", "HANG");
	put_text(&m, 1, "b", "BAD");
	unknown_is(&m, 1, "a", "integrity.hang", "it hangs\\x0a");
	json_t *result = result_of(&m, 1, "b");
	assert_int_equal(json_array_size(json_object_get(result, "findings")), 1); /* the others are */
	assert_int_equal(json_object_size(json_object_get(result, "unknown")), 1);
	json_decref(result);
	closes(&m);
	end(&m);
}

static void memory_that_runs_out_costs_the_object(void **state)
{
	(void)state;
	if (PB_BOX_SANITIZED)
		skip();
	enum { LARGE = 64 << 20 };
	char *large = calloc(1, LARGE);
	mapping m = {0};
	begin(&m);
	assert_non_null(large);
	start(&m, json_pack("{s:i}", "memory", 32 << 20));
	put(&m, 1, "a", large, LARGE);
	put_text(&m, 1, "b", "small");
	limit_says(&m, 1, "a", "memory");
	has_result(&m, 1, "b", true);
	closes(&m);
	free(large);
	end(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_orphan_ends),
	    cmocka_unit_test(a_death_costs_a_check),
	    cmocka_unit_test(a_death_costs_an_object),
	    cmocka_unit_test(a_death_after_the_message_costs_nothing),
	    cmocka_unit_test(a_check_set_aside_is_not_run),
	    cmocka_unit_test(memory_that_runs_out_costs_the_object),
	};
	alarm(200);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
