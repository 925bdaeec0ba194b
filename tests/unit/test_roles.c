/* The template of rules: what it says of itself, what it refuses, and the catalogue as others get it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "checks/samples.h"
#include "role_case.h"
#include "worker/sent.h"
#include "worker/spent.h"

static void about_says_what_was_opened(void **state)
{
	(void)state;
	role_case r;
	role_open(&r);
	const json_t *ids = json_object_get(r.about, "ids");
	size_t n;
	const pb_check *checks = pb_catalogue_checks(((pb_rules *)r.rules)->catalogue, &n);
	assert_int_equal(pb_json_int(r.about, "checks", 0), n);
	assert_int_equal(json_array_size(ids), n);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(json_string_value(json_array_get(ids, i)), checks[i].id);
	assert_int_equal(strlen(pb_json_str(r.about, "rules_digest", "")), 64);
	assert_int_equal(strlen(pb_json_str(r.about, "map_digest", "")), 64);
	assert_string_not_equal(pb_json_str(r.about, "map_digest", ""), pb_json_str(r.about, "rules_digest", ""));
	assert_int_equal(strncmp(pb_json_str(r.about, "lua", ""), "5.4.", 4), 0);
	assert_int_equal(strncmp(pb_json_str(r.about, "yara", ""), "4.", 2), 0);
	assert_true(json_is_object(json_object_get(r.about, "box")));
	assert_int_equal(json_array_size(json_object_get(r.about, "refused")), 0);
	role_close(&r);
}

/* What a foreign folder holds: told and left out, or, under strict, the end of it all, with the file's name and line. */
static void what_is_refused_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *file, *text, *place;
	} cases[] = {
	    {"mine/x.lua", "return { title = 7 }", "/mine/x.lua:1"},
	    {"mine/x.lua", "return {\n\nnonsense", "/mine/x.lua:3"},
	    {"mine/x.yar", "rule A {\n condition: nonsense }", "/mine/x.yar:2"},
	    {"mine/x.yar", "rule A { condition: true }\nrule A { condition: true }", "/mine/x.yar:2"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		role_case r;
		char dir[300];
		const char *extra[] = {dir};
		role_open(&r);
		pb_rules_options o = r.options;
		pb_error err = {0};
		void *rules = NULL;
		json_t *about = NULL;
		snprintf(dir, sizeof dir, "%s/mine", r.c.dir);
		case_text(&r.c, cases[i].file, cases[i].text);
		case_text(&r.c, "mine/good.yar", "rule G { condition: false }");
		o.catalogue.extra_dirs = extra;
		o.catalogue.n_extra = 1;
		assert_int_equal(pb_rules_template_open(&o, &rules, &about, &err), 0);
		const char *told = json_string_value(json_array_get(json_object_get(about, "refused"), 0));
		if (!told || !strstr(told, cases[i].place))
			fail_msg("%s instead of %s", told ? told : "(nothing)", cases[i].place);
		pb_rules_template_close(rules);
		json_decref(about);
		rules = about = NULL;
		o.catalogue.strict = true;
		assert_int_equal(pb_rules_template_open(&o, &rules, &about, &err), PB_EINPUT);
		assert_null(rules);
		assert_null(about);
		if (!strstr(err.text, cases[i].place))
			fail_msg("%s instead of %s", err.text, cases[i].place);
		role_close(&r);
	}
}

static void the_catalogue_comes_as_text(void **state)
{
	(void)state;
	role_case r;
	char dir[300];
	const char *extra[] = {dir};
	pb_error err = {0};
	role_open(&r);
	snprintf(dir, sizeof dir, "%s/mine", r.c.dir);
	case_text(&r.c, "mine/a.lua", CASE_CHECK("looks = 'condition: true // \xc3\xa4', object = function() end"));
	r.options.catalogue.extra_dirs = extra;
	r.options.catalogue.n_extra = 1;
	pb_rules_template_close(r.rules);
	json_decref(r.about);
	if (pb_rules_template_open(&r.options, &r.rules, &r.about, &err))
		fail_msg("%s", err.text);
	role_start(&r, pb_catalogue_main, (const int[]){-1, -1, -1}, json_object());
	role_expect(&r, PB_MSG_RESULT, 0);
	json_t *all = role_json(&r), *own = pb_samples_of(((pb_rules *)r.rules)->catalogue), *p;
	role_expect(&r, PB_MSG_DONE, 0);
	role_exits(&r, 0);
	assert_true(json_equal(json_object_get(all, "checks"), own));
	assert_string_equal(pb_json_str(all, "rules_digest", ""), pb_json_str(r.about, "rules_digest", "?"));
	size_t i, mine = 0, n_own, n_checks;
	(void)pb_lists_sources(((pb_rules *)r.rules)->lists, &n_own);
	(void)pb_catalogue_sources(((pb_rules *)r.rules)->catalogue, &n_checks, NULL);
	assert_int_equal(json_array_size(json_object_get(all, "patterns")), n_own + n_checks);
	json_array_foreach (json_object_get(all, "patterns"), i, p) {
		assert_string_not_equal(pb_json_str(p, "space", ""), "");
		mine += strstr(pb_json_str(p, "text", ""), "condition: true // \xc3\xa4") != NULL;
	}
	assert_int_equal(mine, 1);
	json_decref(all);
	json_decref(own);
	role_close(&r);
}

static void key_of(uint32_t i, uint8_t out[16])
{
	uint32_t words[4] = {i * 2654435761u, i, ~i, 7};
	memcpy(out, words, 16);
}

static void results_are_remembered_by_assessment(void **state)
{
	(void)state;
	pb_sent *s = pb_sent_new();
	uint8_t key[16], none[16] = {0};
	assert_non_null(s);
	for (uint32_t i = 0; i < 5000; i++) {
		key_of(i, key);
		assert_false(pb_sent_has(s, 1, key));
		pb_sent_add(s, 1, key);
		pb_sent_add(s, 1, key);
		assert_true(pb_sent_has(s, 1, key));
		assert_false(pb_sent_has(s, 2, key));
	}
	for (uint32_t i = 0; i < 5000; i++) {
		key_of(i, key);
		assert_true(pb_sent_has(s, 1, key));
	}
	pb_sent_add(s, 1, none); /* stands for a key that could not be made */
	assert_false(pb_sent_has(s, 1, none));
	pb_sent_end(s, 1);
	pb_sent_end(s, 1);
	assert_false(pb_sent_has(s, 1, key));
	/* Too many at once: the one not asked for longest is forgotten. */
	for (uint32_t tag = 0; tag <= PB_SENT_TAGS; tag++) {
		pb_sent_add(s, tag, key);
		assert_true(pb_sent_has(s, 0, key));
	}
	assert_false(pb_sent_has(s, 1, key));
	assert_true(pb_sent_has(s, PB_SENT_TAGS, key));
	pb_sent_free(s);
}

static void time_is_counted_by_product(void **state)
{
	(void)state;
	pb_spent *s = pb_spent_new(2), *none = pb_spent_new(0);
	assert_non_null(s);
	assert_non_null(pb_spent_of(none, 7));
	for (uint32_t i = 0; i < PB_SPENT_PRODUCTS; i++)
		pb_spent_of(s, i)[1] += i + 1;
	for (uint32_t i = 0; i < PB_SPENT_PRODUCTS; i++) {
		assert_int_equal(pb_spent_of(s, i)[0], 0);
		assert_int_equal(pb_spent_of(s, i)[1], i + 1);
	}
	pb_spent_end(s, 5);
	assert_int_equal(pb_spent_of(s, 5)[1], 0);
	(void)pb_spent_of(s, 0);
	(void)pb_spent_of(s, 5000); /* takes the place of the longest unused: 1 */
	assert_int_equal(pb_spent_of(s, 0)[1], 1);
	assert_int_equal(pb_spent_of(s, 2)[1], 3);
	assert_int_equal(pb_spent_of(s, 1)[1], 0);
	pb_spent_free(s);
	pb_spent_free(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(about_says_what_was_opened),
	    cmocka_unit_test(what_is_refused_is_named),
	    cmocka_unit_test(the_catalogue_comes_as_text),
	    cmocka_unit_test(results_are_remembered_by_assessment),
	    cmocka_unit_test(time_is_counted_by_product),
	};
	alarm(200);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
