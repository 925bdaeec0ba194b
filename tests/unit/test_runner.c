/* Checks at work: what they raise, how they fail, and what is left of that in the results. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_case.h"
#include "checks/runner.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define BYTES  "line one\nsecond line with a key\nthird\n\x01\xff end"

enum { FIRST = 3 }; /* the first source of the catalogue: others stand before it */

typedef struct stage {
	check_case c;
	pb_catalogue *catalogue;
	pb_object object;
	json_t *facts, *result;
	pb_scan scan;
} stage;

static void open_stage(stage *s, const pb_sandbox_limits *limits, const char *const *extra, size_t n_extra)
{
	pb_catalogue_options options = case_options(&s->c);
	pb_error err = {0};

	if (limits != NULL)
		options.limits = *limits;
	options.extra_dirs = extra;
	options.n_extra = n_extra;
	if (pb_catalogue_open(&options, &s->catalogue, &err) != PB_OK)
		fail_msg("%s", err.text);
	s->object = (pb_object){.bytes = {(const uint8_t *)BYTES, sizeof BYTES - 1},
	                        .kind = pb_kind_named("text"),
	                        .name_class = ".txt",
	                        .sha256 = DIGEST};
	assert_non_null(s->object.kind);
	s->facts = json_pack("{s:[s,s,s]}", "tags", "any", "script", "text");
	s->result = pb_result_new(s->facts);
}

static void start(stage *s, const char *check)
{
	memset(s, 0, sizeof *s);
	case_open(&s->c);
	case_text(&s->c, "scripts/integrity/x.lua", check);
	open_stage(s, NULL, NULL, 0);
}

static void run_object(stage *s)
{
	pb_error err = {0};

	if (pb_runner_object(s->catalogue, &s->object, s->facts, &s->scan, FIRST, NULL, s->result, &err) != PB_OK)
		fail_msg("%s", err.text);
}

static void stop(stage *s)
{
	pb_catalogue_close(s->catalogue);
	json_decref(s->facts);
	json_decref(s->result);
	case_close(&s->c);
}

static const json_t *finding(const stage *s, size_t i)
{
	return json_array_get(json_object_get(s->result, "findings"), i);
}

static size_t n_findings(const stage *s)
{
	return json_array_size(json_object_get(s->result, "findings"));
}

static const char *unknown(const stage *s)
{
	return pb_json_str(json_object_get(s->result, "unknown"), "integrity.x", "");
}

/* A valid record around the result, through its serial form and back. */
static void survives(const stage *s)
{
	json_t *record = json_pack("{s:[s],s:s,s:I,s:s,s:s,s:s,s:b,s:O}", "path", "x", "sha256", DIGEST, "size",
	                           (json_int_t)s->object.bytes.size, "kind", "text", "class", "text", "name_class", ".txt",
	                           "container", 0, "result", s->result);
	char *text = pb_json_canonical(record);
	pb_error err = {0};
	json_t *again = pb_json_parse((pb_bytes){(const uint8_t *)text, strlen(text)}, 1 << 24, "record", &err);

	if (pb_record_valid(again, &err) != PB_OK)
		fail_msg("%s", err.text);
	assert_true(json_equal(record, again));
	free(text);
	json_decref(record);
	json_decref(again);
}

static void a_finding_has_all_its_fields(void **state)
{
	stage s;
	const json_t *f;

	(void)state;
	start(&s, CASE_CHECK("object = function(object, found) found.key{ key = 'k\\n1', at = 9, length = 6, 'A\\0B\\27' } "
	                     "found.other{ key = 'x', kappa = 200, severity = 'info', excerpt = 'mine', 42, 'all' } end"));
	run_object(&s);
	assert_string_equal(unknown(&s), "");
	assert_int_equal(n_findings(&s), 2);
	f = finding(&s, 0);
	assert_string_equal(pb_json_str(f, "check", ""), "integrity.x");
	assert_string_equal(pb_json_str(f, "finding", ""), "key");
	assert_string_equal(pb_json_str(f, "key", ""), "k\\x0a1");
	assert_string_equal(pb_json_str(f, "says", ""), "key A\\x00B\\x1b");
	assert_string_equal(pb_json_str(f, "excerpt", ""), "second");
	assert_string_equal(pb_json_str(f, "severity", ""), "high");
	assert_int_equal(pb_json_int(f, "kappa", 0), 900);
	assert_int_equal(pb_json_int(f, "at", -9), 9);
	assert_int_equal(pb_json_int(f, "length", -9), 6);
	f = finding(&s, 1);
	assert_string_equal(pb_json_str(f, "says", ""), "42 of all");
	assert_string_equal(pb_json_str(f, "severity", ""), "info");
	assert_string_equal(pb_json_str(f, "excerpt", ""), "mine");
	assert_int_equal(pb_json_int(f, "kappa", 0), 200);
	assert_int_equal(pb_json_int(f, "at", -9), -1);
	survives(&s);
	stop(&s);
}

/* The body of the object function, and why the check is unknown ("": it is not). */
static void scripts_fail_by_name(void **state)
{
	static const char *const cases[][2] = {
	    {"", ""},
	    {"found.key{ key = 'k', 'x' }", ""},
	    {"found.unknown('no idea')", "no idea"},
	    {"found.unknown('first') found.unknown('second')", "first"},
	    {"found.unknown('a\\nb')", "a\\x0ab"},
	    {"found.unknown('')", "the reason is empty"},
	    {"found.unknown(7)", "string expected"},
	    {"while true do end", "limit instructions"},
	    {"local t = {} while true do t[#t + 1] = ('x'):rep(100000) end", "limit "},
	    {"string.find(('a'):rep(60000), 'a*a*b')", "limit pattern"},
	    {"string.find(('a'):rep(70000), 'a')", "limit subject"},
	    {"for i = 1, 20000 do found.key{ key = 'k' .. i, 'x' } end", "limit findings"},
	    {"return true", "script error: scripts/integrity/x.lua: the function returned a boolean: what it finds it raises"},
	    {"local x = nil + 1", "script error: scripts/integrity/x.lua:4: attempt to perform arithmetic on a nil value"},
	    {"error('mine')", "script error: scripts/integrity/x.lua:4: mine"},
	    {"require 'probity.pem'", "require belongs at the top of the file"},
	    {"found.kye{ key = 'k' }", "found.kye: the check declares no such finding; did you mean \"key\"?"},
	    {"found.key('k')", "found.key takes a table"},
	    {"found.key{ 'x' }", "found.key: key is missing"},
	    {"found.key{ key = '', 'x' }", "found.key: key is missing"},
	    {"found.key{ key = 5, 'x' }", "found.key: key must be a string, is a number"},
	    {"found.key{ key = 'k' }", "found.key: argument 1 is missing: says has 1 placeholders"},
	    {"found.key{ key = 'k', 'x', 'y' }", "found.key: says has 1 placeholders, so there are 1 arguments"},
	    {"found.key{ key = 'k', {} }", "found.key: argument 1 must be a string or a number, is a table"},
	    {"found.other{ key = 'k', 'x', 'y' }", "found.other: argument 1 stands for %d: it must be an integer, is a string"},
	    {"found.other{ key = 'k', 1.5, 'y' }", "stands for %d"},
	    {"found.key{ key = 'k', lenght = 5, 'x' }", "found.key: unknown field \"lenght\"; did you mean \"length\"?"},
	    {"found.key{ key = 'k', zz = 1, aa = 2, mm = 3, 'x' }", "unknown field \"aa\""},
	    {"found.key{ key = 'k', kappa = 901, 'x' }", "kappa 901: it may be lowered, from 900 (parsed) down to 1"},
	    {"found.key{ key = 'k', kappa = 0, 'x' }", "kappa 0: it may be lowered"},
	    {"found.key{ key = 'k', kappa = 'x', 'x' }", "kappa must be an integer, is a string"},
	    {"found.other{ key = 'k', severity = 'medium', 1, 'x' }", "severity medium is above low"},
	    {"found.other{ key = 'k', severity = 'worse', 1, 'x' }", "\"worse\" is no severity"},
	    {"found.key{ key = 'k', at = -2, 'x' }", "do not lie inside"},
	    {"found.key{ key = 'k', at = 1 << 40, 'x' }", "do not lie inside"},
	    {"found.key{ key = 'k', at = 1, length = math.maxinteger, 'x' }", "do not lie inside"},
	    {"found.key{ key = 'k', length = 3, 'x' }", "a length without at"},
	    {"found.key{ key = 'k', at = 1.5, 'x' }", "at must be an integer"},
	    {"found.key{ key = 'k', object = object, 'x' }", "object is for product checks"},
	    {"found.key = 1", "read-only"},
	    {"object.kind = 'elf'", "read-only"},
	    {"local x = object.knid", "object has no field \"knid\"; did you mean \"kind\"?"},
	    {"keep[1] = 1", "read-only"},
	    {"n = n + 1", "limit state"},
	    {"saved = object", "limit state"},
	    {"saved = found.key", "limit state"},
	    {"saved = object:hits('$a')", "limit state"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char text[1200];
		stage s;

		(void)snprintf(text, sizeof text,
		               "local keep, n, saved = {}, 0 return { %s %s object = function(object, found) %s end }",
		               CASE_HEADER, CASE_FINDINGS, cases[i][0]);
		start(&s, text);
		for (int again = 0; again < 2; again++) { /* twice: a failed call leaves nothing behind */
			run_object(&s);
			if (strstr(unknown(&s), cases[i][1]) == NULL || (cases[i][1][0] == '\0') != (unknown(&s)[0] == '\0'))
				fail_msg("%s\n  gave: %s\n  want: %s", cases[i][0], unknown(&s), cases[i][1]);
		}
		survives(&s);
		stop(&s);
	}
}

static void what_was_found_before_a_failure_stays(void **state)
{
	stage s;

	(void)state;
	start(&s, CASE_CHECK("object = function(object, found) found.key{ key = 'k', 'x' } error('then') end"));
	run_object(&s);
	assert_int_equal(n_findings(&s), 1);
	assert_non_null(strstr(unknown(&s), "then"));
	survives(&s);
	stop(&s);
}

static void findings_are_bounded(void **state)
{
	pb_sandbox_limits limits = pb_sandbox_defaults;
	stage s;

	(void)state;
	memset(&s, 0, sizeof s);
	case_open(&s.c);
	limits.findings = 3;
	case_text(&s.c, "scripts/integrity/x.lua",
	          CASE_CHECK("object = function(object, found) for i = 1, 9 do found.key{ key = 'k' .. i, 'x' } end end"));
	open_stage(&s, &limits, NULL, 0);
	run_object(&s);
	assert_int_equal(n_findings(&s), 3);
	assert_string_equal(unknown(&s), "limit findings");
	stop(&s);
}

static void long_keys_stay_apart(void **state)
{
	stage s;
	const char *a, *b;

	(void)state;
	start(&s, CASE_CHECK("object = function(object, found) found.key{ key = ('x'):rep(5000) .. 'a', ('y'):rep(9000) } "
	                     "found.key{ key = ('x'):rep(5000) .. 'b', 'x', excerpt = ('z'):rep(9000) } end"));
	run_object(&s);
	assert_string_equal(unknown(&s), "");
	a = pb_json_str(finding(&s, 0), "key", "");
	b = pb_json_str(finding(&s, 1), "key", "");
	assert_string_not_equal(a, b);
	assert_true(strlen(a) <= PB_KEY_MAX && strlen(b) <= PB_KEY_MAX);
	survives(&s);
	stop(&s);
}

static void a_check_runs_only_when_its_patterns_match(void **state)
{
	pb_hit hits[] = {
	    {0, "other", "$a", 1, 1},     {FIRST + 1, "r", "$a", 9, 6}, {FIRST + 1, "r", "$a", 20, 4},
	    {FIRST + 1, "r", "$b", 2, 2}, {FIRST + 9, "r", "$a", 0, 1},
	};
	stage s;

	(void)state;
	memset(&s, 0, sizeof s);
	case_open(&s.c);
	case_text(
	    &s.c, "scripts/integrity/a.lua",
	    CASE_CHECK(
	        "looks = 'strings: $a = \"x\" condition: $a', object = function(o, found) found.key{ key = 'a', 'x' } end"));
	case_text(&s.c, "scripts/integrity/b.lua",
	          CASE_CHECK("looks = 'strings: $a = \"x\" $b = \"y\" condition: any of them', object = function(o, found) "
	                     "for at, n in o:hits('$a') do found.key{ key = 'b' .. at, at = at, length = n, 'x' } end "
	                     "assert(o:count('$a') == 2 and o:count('$b') == 1 and o:count('$c') == 0 and o:count() == 3) "
	                     "assert(o:matched('r') and not o:matched('q')) end"));
	case_text(&s.c, "scripts/integrity/c.lua",
	          CASE_CHECK("applies = { 'elf' }, object = function(o, found) found.key{ key = 'c', 'x' } end"));
	case_text(&s.c, "scripts/integrity/d.lua",
	          CASE_CHECK("applies = { 'elf', 'text' }, object = function(o, found) assert(o:count() == 0) found.key{ key = "
	                     "'d', 'x' } end"));
	open_stage(&s, NULL, NULL, 0);
	s.scan.hits = hits;
	s.scan.n_hits = sizeof hits / sizeof hits[0];
	run_object(&s);
	assert_int_equal(json_object_size(json_object_get(s.result, "unknown")), 0);
	assert_int_equal(n_findings(&s), 3);
	assert_string_equal(pb_json_str(finding(&s, 0), "key", ""), "b9");
	assert_string_equal(pb_json_str(finding(&s, 1), "key", ""), "b20");
	assert_string_equal(pb_json_str(finding(&s, 2), "key", ""), "d");
	stop(&s);
}

static void an_unfinished_pass_is_unknown(void **state)
{
	stage s;
	const json_t *unknowns;

	(void)state;
	memset(&s, 0, sizeof s);
	case_open(&s.c);
	case_text(&s.c, "scripts/integrity/a.lua", CASE_CHECK("looks = 'condition: true', object = function(o, found) end"));
	case_text(&s.c, "scripts/integrity/b.lua",
	          CASE_CHECK("looks = 'condition: true', applies = { 'elf' }, object = function(o, found) end"));
	case_text(&s.c, "scripts/integrity/c.lua", CASE_CHECK("object = function(o, found) found.key{ key = 'c', 'x' } end"));
	open_stage(&s, NULL, NULL, 0);
	s.scan.why = "time budget spent";
	run_object(&s);
	unknowns = json_object_get(s.result, "unknown");
	assert_int_equal(json_object_size(unknowns), 1);
	assert_string_equal(pb_json_str(unknowns, "integrity.a", ""), "patterns: time budget spent");
	assert_int_equal(n_findings(&s), 1);
	stop(&s);
}

static void tags_decide_what_applies(void **state)
{
	char *elf[] = {(char *)"elf", (char *)"package"}, *any[] = {(char *)"any"};
	pb_check c = {.applies = elf, .n_applies = 2}, a = {.applies = any, .n_applies = 1};
	json_t *tags = json_pack("[s,s,i]", "any", "package", 5), *none = json_array();

	(void)state;
	assert_true(pb_check_applies(&c, tags));
	assert_true(pb_check_applies(&a, none));
	assert_true(pb_check_applies(&a, NULL));
	assert_false(pb_check_applies(&c, none));
	assert_false(pb_check_applies(&c, NULL));
	json_decref(tags);
	json_decref(none);
}

/* Map is a function of what it gets: two catalogues, two runs, any order of calls: the same bytes. */
static void results_are_the_same_every_time(void **state)
{
	static const char check[] =
	    "local words = {} for i = 1, 200 do words['w' .. i * 37 % 200] = i end return { " CASE_HEADER CASE_FINDINGS
	    "object = function(object, found) for w, n in pairs(words) do if n % 20 == 0 then found.other{ key = w, n, w } end "
	    "end end }";
	char *first = NULL;

	(void)state;
	for (int i = 0; i < 4; i++) {
		char *text;
		stage s;

		start(&s, check);
		run_object(&s);
		text = pb_json_canonical(s.result);
		if (first == NULL)
			first = text;
		else
			assert_string_equal(first, text);
		if (text != first)
			free(text);
		assert_int_equal(n_findings(&s), 10);
		stop(&s);
	}
	free(first);
}

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
	assert_int_equal(n_findings(&s), 2);
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
	assert_int_equal(n_findings(&s), 1);
	assert_string_equal(unknown(&s), "it hangs\\x0a");
	/* What does not apply is not even excused. */
	assert_int_equal(json_object_size(json_object_get(s.result, "unknown")), 1);
	survives(&s);
	stop(&s);
	json_decref(excused);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_finding_has_all_its_fields),
	    cmocka_unit_test(scripts_fail_by_name),
	    cmocka_unit_test(what_was_found_before_a_failure_stays),
	    cmocka_unit_test(findings_are_bounded),
	    cmocka_unit_test(long_keys_stay_apart),
	    cmocka_unit_test(a_check_runs_only_when_its_patterns_match),
	    cmocka_unit_test(an_unfinished_pass_is_unknown),
	    cmocka_unit_test(tags_decide_what_applies),
	    cmocka_unit_test(results_are_the_same_every_time),
	    cmocka_unit_test(who_watches_sees_each_check),
	    cmocka_unit_test(an_excused_check_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
