/* Notes: what an object function leaves for the product function of the same check, there and back, and what hostile ones come
 * to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "findings/note.h"
#include "runner_case.h"

/* A check with these two functions; static. */
static const char *two_ways(const char *object, const char *product)
{
	static char text[4000];

	(void)snprintf(
	    text, sizeof text,
	    "local kept = { a = { 1, 2 }, deep = true } return { %s %s object = function(object, found) %s end, product = "
	    "function(product, found) %s end }",
	    CASE_HEADER, CASE_FINDINGS, object, product);
	return text;
}

static const char *unknown_of(const json_t *result, const char *check)
{
	return pb_json_str(json_object_get(result, "unknown"), check, "");
}

/* The product function of each check over the one object; new reference. */
static json_t *reduce(const stage *s)
{
	json_t *records = json_pack("[{s:[s],s:s,s:I,s:s,s:s,s:s,s:b,s:O}]", "path", "x", "sha256", DIGEST, "size",
	                            (json_int_t)s->object.bytes.size, "kind", "text", "class", "text", "name_class", ".txt",
	                            "container", 0, "result", s->result);
	json_t *product = json_pack("{s:s}", "name", "p"), *out = json_pack("{s:[],s:{}}", "findings", "unknown");
	pb_product_view view = {.records = records, .product = product};
	pb_error err = {0};

	if (pb_runner_product(s->catalogue, &view, NULL, out, &err) != PB_OK)
		fail_msg("%s", err.text);
	json_decref(records);
	json_decref(product);
	return out;
}

/* What the object function does, and what the product function raises as "key %s" of the text that `read` gives. */
static void what_is_noted_is_read(void **state)
{
	static const char *const cases[][3] = {
	    {"found.note{ host = 'a.org', n = 7, yes = true, no = false }",
	     "local n = o.notes[1] return n.host .. n.n .. tostring(n.yes) .. tostring(n.no) .. tostring(n.none)",
	     "a.org7truefalsenil"},
	    {"found.note{ 'a', 'b' } found.note{ 'c' }", "return #o.notes .. o.notes[1][2] .. o.notes[2][1]", "2bc"},
	    {"found.note{}", "return #o.notes .. type(o.notes[1]) .. #o.notes[1]", "1table0"},
	    {"found.note{ a = { b = { 1, 2, 3 } } }", "return o.notes[1].a.b[3]", "3"},
	    {"found.note(kept)", "return o.notes[1].a[2] .. tostring(o.notes[1].deep)", "2true"},
	    {"found.note{ t = 'a\\n\\0\\xff' }", "return o.notes[1].t", "a\\x0a\\x00\\xff"},
	    {"found.note{ ['usr/bin/\xc3\xa4'] = 3.0 }", "for k, v in pairs(o.notes[1]) do return k .. v end",
	     "usr/bin/\xc3\xa4"
	     "3"},
	    {"local t = { 1 } found.note{ t, t, { t } }", "return #o.notes[1] .. o.notes[1][3][1][1]", "31"},
	    {"", "return #o.notes", "0"},
	    {"found.note{ ('x'):rep(16384 - 16) }", "return #o.notes[1][1]", "16368"},
	    {"for i = 1, 64 do found.note{ i } end", "return #o.notes .. o.notes[64][1]", "6464"},
	    {"local t = {} for i = 1, 2000 do t[i] = i end found.note(t)", "return #o.notes[1]", "2000"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char product[600];
		stage s;
		json_t *out;

		(void)snprintf(product, sizeof product,
		               "local function read(o) %s end for o in product:objects() do found.key{ key = 'k', object = o, "
		               "read(o) } end",
		               cases[i][1]);
		start(&s, two_ways(cases[i][0], product));
		run_object(&s);
		assert_string_equal(unknown_of(s.result, "integrity.x"), "");
		survives(&s);
		out = reduce(&s);
		assert_string_equal(unknown_of(out, "integrity.x"), "");
		if (strcmp(pb_json_str(json_array_get(json_object_get(out, "findings"), 0), "says", "") + strlen("key "),
		           cases[i][2]) != 0)
			fail_msg("%s\n  gave: %s\n  want: %s", cases[i][0],
			         pb_json_str(json_array_get(json_object_get(out, "findings"), 0), "says", ""), cases[i][2]);
		json_decref(out);
		stop(&s);
	}
}

/* The body of the object function, and why the check is unknown. */
static void what_is_no_note_is_told(void **state)
{
	static const char *const cases[][2] = {
	    {"found.note('x')", "found.note takes a table"},
	    {"found.note()", "found.note takes a table"},
	    {"found.note{ 1.5 }", "found.note: a number that is no integer"},
	    {"found.note{ f = found.key, x = 1.5 }", "a note holds texts, integers"},
	    {"found.note{ f = object }", "of a fact copy what is needed"},
	    {"found.note{ f = object.facts }", "of a fact copy what is needed"},
	    {"found.note{ 1, a = 2 }", "both names and positions"},
	    {"found.note{ [2] = 'x' }", "a list must count from 1"},
	    {"found.note{ 1, nil, 3 }", "a list must count from 1"},
	    {"found.note{ [0] = 'x' }", "a key must be a text in display form"},
	    {"found.note{ [true] = 'x' }", "a key must be a text in display form"},
	    {"found.note{ [1.5] = 'x', b = { [true] = 1 } }", "a key must be a text in display form"},
	    {"found.note{ [''] = 'x' }", "a key must be a text in display form"},
	    {"found.note{ ['a\\n'] = 'x' }", "a key must be a text in display form"},
	    {"found.note{ ['a\\0'] = 'x' }", "a key must be a text in display form"},
	    {"found.note{ ['a\\xff'] = 'x' }", "a key must be a text in display form"},
	    {"found.note{ { { { {} } } } }", "tables lie more than 4 deep"},
	    {"local t = {} t.t = t found.note(t)", "tables lie more than 4 deep"},
	    {"found.note{ ('x'):rep(16384 - 15) }", "limit notes"},
	    {"found.note{ ('\\n'):rep(4100) }", "limit notes"},
	    {"found.note{ [('x'):rep(16384)] = 1 }", "limit notes"},
	    {"local t = {} for i = 1, 2048 do t[i] = i end found.note(t)", "limit notes"},
	    {"local t = {} for i = 1, 90000 do t['n' .. i] = i end found.note(t)", "limit notes"},
	    {"local t = {} for i = 1, 500 do t[i] = 1 end local u = {} for i = 1, 500 do u[i] = t end local v = {} for i = 1, "
	     "500 do "
	     "v[i] = u end found.note(v)",
	     "limit notes"},
	    {"for i = 1, 65 do found.note{ i } end", "limit notes"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		stage s;

		start(&s, two_ways(cases[i][0], ""));
		for (int again = 0; again < 2; again++) {
			run_object(&s);
			if (strstr(unknown_of(s.result, "integrity.x"), cases[i][1]) == NULL)
				fail_msg("%s\n  gave: %s\n  want: %s", cases[i][0], unknown_of(s.result, "integrity.x"),
				         cases[i][1]);
		}
		survives(&s);
		stop(&s);
	}
}

static void a_product_function_makes_none(void **state)
{
	stage s;
	json_t *out;

	(void)state;
	start(&s, two_ways("", "found.note{}"));
	run_object(&s);
	out = reduce(&s);
	assert_non_null(strstr(unknown_of(out, "integrity.x"), "notes are made in the function object"));
	json_decref(out);
	stop(&s);
}

static void nobody_else_sees_them(void **state)
{
	stage s;
	json_t *out;

	(void)state;
	memset(&s, 0, sizeof s);
	case_open(&s.c);
	case_text(
	    &s.c, "scripts/integrity/x.lua",
	    two_ways("found.note{ 'mine' }",
	             "for o in product:objects{ noted = true } do found.key{ key = 'k', object = o, o.notes[1][1] } end"));
	case_text(&s.c, "scripts/integrity/y.lua",
	          two_ways("", "for o in product:objects{ noted = true } do error('noted') end for o in product:objects() do "
	                       "if #o.notes > 0 then error('seen') end end"));
	open_stage(&s, NULL, NULL, 0);
	run_object(&s);
	out = reduce(&s);
	assert_string_equal(unknown_of(out, "integrity.x"), "");
	assert_string_equal(unknown_of(out, "integrity.y"), "");
	assert_int_equal(json_array_size(json_object_get(out, "findings")), 1);
	json_decref(out);
	stop(&s);
}

static void the_filter_is_true_or_absent(void **state)
{
	static const char *const wrong[] = {"false", "'x'", "1"};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		char product[100];
		stage s;
		json_t *out;

		(void)snprintf(product, sizeof product, "for o in product:objects{ noted = %s } do end", wrong[i]);
		start(&s, two_ways("", product));
		run_object(&s);
		out = reduce(&s);
		assert_non_null(strstr(unknown_of(out, "integrity.x"), "noted is true or not there"));
		json_decref(out);
		stop(&s);
	}
}

/* What a worker that was taken over might send as the notes of a check. */
static void hostile_notes_are_refused(void **state)
{
	static const char *const bad[] = {"[]",
	                                  "7",
	                                  "{\"a b\":[{}]}",
	                                  "{\"integrity.x\":[]}",
	                                  "{\"integrity.x\":{}}",
	                                  "{\"integrity.x\":[1]}",
	                                  "{\"integrity.x\":[\"x\"]}",
	                                  "{\"integrity.x\":[[1.5]]}",
	                                  "{\"integrity.x\":[[null]]}",
	                                  "{\"integrity.x\":[{\"\":1}]}",
	                                  "{\"integrity.x\":[{\"a\\n\":1}]}",
	                                  "{\"integrity.x\":[[\"\\u0007\"]]}",
	                                  "{\"integrity.x\":[[\"\\u007f\"]]}",
	                                  "{\"integrity.x\":[[[[[[]]]]]]}"};
	static const char *const good[] = {"{}", "{\"integrity.x\":[{}]}",
	                                   "{\"integrity.x\":[[[[[1]]]],{\"a\":{\"b\":\"c\"}}]}"};
	stage s;
	json_t *record, *large = json_array(), *many = json_array();
	char text[PB_NOTE_BYTES];

	(void)state;
	start(&s, two_ways("", ""));
	record = json_pack("{s:[s],s:s,s:i,s:s,s:s,s:s,s:b,s:O}", "path", "x", "sha256", DIGEST, "size", 0, "kind", "text",
	                   "class", "text", "name_class", "", "container", 0, "result", s.result);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		json_object_set_new(s.result, "notes", json_loads(bad[i], 0, NULL));
		if (pb_record_valid(record, NULL) != PB_ECORRUPT)
			fail_msg("accepted: %s", bad[i]);
	}
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		json_object_set_new(s.result, "notes", json_loads(good[i], 0, NULL));
		if (pb_record_valid(record, NULL) != PB_OK)
			fail_msg("refused: %s", good[i]);
	}
	memset(text, 'x', sizeof text);
	json_array_append_new(large, json_stringn(text, sizeof text - 16));
	json_object_set_new(s.result, "notes", json_pack("{s:[O]}", "integrity.x", large));
	assert_int_equal(pb_record_valid(record, NULL), PB_OK);
	json_array_append_new(large, json_true());
	assert_int_equal(pb_record_valid(record, NULL), PB_ECORRUPT);
	for (int i = 0; i < PB_NOTES_MAX; i++)
		json_array_append_new(many, json_object());
	json_object_set_new(s.result, "notes", json_pack("{s:O}", "integrity.x", many));
	assert_int_equal(pb_record_valid(record, NULL), PB_OK);
	json_array_append_new(many, json_object());
	assert_int_equal(pb_record_valid(record, NULL), PB_ECORRUPT);
	json_decref(large);
	json_decref(many);
	json_decref(record);
	stop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_noted_is_read),         cmocka_unit_test(what_is_no_note_is_told),
	    cmocka_unit_test(a_product_function_makes_none), cmocka_unit_test(nobody_else_sees_them),
	    cmocka_unit_test(the_filter_is_true_or_absent),  cmocka_unit_test(hostile_notes_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
