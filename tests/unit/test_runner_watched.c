/* For who watches: where a run is, what is left out, what each call took. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runner_case.h"

typedef struct visits {
	uint32_t where[8];
	size_t n;
} visits;

static void visit(void *user, uint32_t where)
{
	visits *v = user;

	if (v->n < 8)
		v->where[v->n++] = where;
}

/* integrity.x and integrity.y both raise; how they run is for who watches. */
static void watched(stage *s, const json_t *excused, visits *v)
{
	pb_run_how how = {.at = visit, .user = v, .excused = excused};
	pb_error err = {0};

	memset(s, 0, sizeof *s);
	memset(v, 0, sizeof *v);
	case_open(&s->c);
	case_text(&s->c, "scripts/integrity/x.lua", CASE_CHECK("object = function(o, found) found.key{ key = 'k', 'x' } end"));
	case_text(&s->c, "scripts/integrity/y.lua", CASE_CHECK("object = function(o, found) found.key{ key = 'k', 'x' } end"));
	case_text(&s->c, "scripts/integrity/z.lua", CASE_CHECK("applies = { 'elf' }, object = function(o, found) end"));
	open_stage(s, NULL, NULL, 0);
	if (pb_runner_object(s->catalogue, &s->object, s->facts, &s->scan, FIRST, &how, s->result, &err) != PB_OK)
		fail_msg("%s", err.text);
}

static void who_watches_sees_each_check(void **state)
{
	stage s;
	visits v;

	(void)state;
	watched(&s, NULL, &v);
	assert_int_equal(v.n, 2);
	assert_int_equal(v.where[0], PB_RUN_CHECK);
	assert_int_equal(v.where[1], PB_RUN_CHECK + 1);
	assert_int_equal(json_array_size(json_object_get(s.result, "findings")), 2);
	stop(&s);
}

static void an_excused_check_is_unknown(void **state)
{
	json_t *excused = json_pack("{s:s,s:s,s:s}", "integrity.x", "it hangs\n", "integrity.z", "never", "no.such", "x");
	stage s;
	visits v;

	(void)state;
	watched(&s, excused, &v);
	assert_int_equal(v.n, 1);
	assert_int_equal(v.where[0], PB_RUN_CHECK + 1);
	assert_int_equal(json_array_size(json_object_get(s.result, "findings")), 1);
	assert_string_equal(pb_json_str(json_object_get(s.result, "unknown"), "integrity.x", ""), "it hangs\\x0a");
	/* What does not apply is not even excused. */
	assert_int_equal(json_object_size(json_object_get(s.result, "unknown")), 1);
	survives(&s);
	stop(&s);
	json_decref(excused);
}

typedef struct spendings {
	pb_spent of[8];
	char why[8][100];
	size_t n;
} spendings;

static void note_spent(void *user, const pb_spent *spent)
{
	spendings *all = user;

	if (all->n == 8)
		return;
	all->of[all->n] = *spent;
	(void)snprintf(all->why[all->n++], sizeof all->why[0], "%s", spent->why != NULL ? spent->why : "");
}

static void each_call_tells_what_it_took(void **state)
{
	spendings all = {.n = 0};
	pb_run_how how = {.spent = note_spent, .user = &all};
	pb_error err = {0};
	stage s;

	(void)state;
	memset(&s, 0, sizeof s);
	case_open(&s.c);
	case_text(&s.c, "scripts/integrity/a.lua", CASE_CHECK("object = function(o, found) found.key{ key = 'k', 'x' } end"));
	case_text(&s.c, "scripts/integrity/b.lua",
	          CASE_CHECK("limits = { instructions = 100000 }, object = function(o, found) while true do end end"));
	case_text(&s.c, "scripts/integrity/c.lua",
	          CASE_CHECK("limits = { findings = 2 }, object = function(o, found) for i = 1, 9 do found.key{ key = 'k' .. i, 'x' } end end"));
	case_text(&s.c, "scripts/integrity/d.lua",
	          CASE_CHECK("limits = { pattern = 500 }, object = function(o, found) string.find(('a'):rep(1000), 'b') end"));
	case_text(&s.c, "scripts/integrity/e.lua",
	          CASE_CHECK("object = function(o, found) local t = {} for i = 1, 20000 do t[i] = i .. 'x' end nothing() end"));
	open_stage(&s, NULL, NULL, 0);
	if (pb_runner_object(s.catalogue, &s.object, s.facts, &s.scan, FIRST, &how, s.result, &err) != PB_OK)
		fail_msg("%s", err.text);
	assert_int_equal(all.n, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(all.of[i].check, i);
		assert_false(all.of[i].product);
		assert_true(all.of[i].instructions <= all.of[i].max_instructions && all.of[i].memory <= all.of[i].max_memory);
		assert_true(all.of[i].memory > 1000 && all.of[i].nanoseconds > 0);
		assert_int_equal(all.of[i].max_memory, pb_sandbox_defaults.memory);
	}
	assert_string_equal(all.why[0], "");
	assert_int_equal(all.of[0].findings, 1);
	assert_int_equal(all.of[0].max_instructions, pb_sandbox_defaults.instructions);
	assert_string_equal(all.why[1], "limit instructions");
	assert_int_equal(all.of[1].max_instructions, 100000);
	assert_int_equal(all.of[1].instructions, 100000);
	assert_string_equal(all.why[2], "limit findings");
	assert_int_equal(all.of[2].findings, 2);
	assert_int_equal(all.of[2].max_findings, 2);
	assert_int_equal(all.of[2].max_instructions, pb_sandbox_defaults.instructions); /* lower limits end with their check */
	assert_string_equal(all.why[3], "limit pattern");
	assert_int_equal(all.of[3].max_steps, 500);
	assert_non_null(strstr(all.why[4], "script error: scripts/integrity/e.lua:4: "));
	assert_true(all.of[4].memory > all.of[0].memory);
	assert_true(all.of[4].instructions >= 20000);
	stop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_watches_sees_each_check),
	    cmocka_unit_test(an_excused_check_is_unknown),
	    cmocka_unit_test(each_call_tells_what_it_took),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
