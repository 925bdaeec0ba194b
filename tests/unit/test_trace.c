/* What a role tells of single checks beside its results: what is asked for, what stands there, where a finding weighs less, and when memory
 * runs out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_case.h"
#include "starve_case.h"
#include "worker/rules.h"
#include "worker/trace.h"

typedef struct tracing {
	check_case c;
	pb_rules rules;
	pb_object object;
	json_t *result;
} tracing;

enum { LOOKS, PLAIN, PRODUCT, SHELL, CHECKS }; /* by id */

static void begin(tracing *t)
{
	pb_error err = {0};
	memset(t, 0, sizeof *t);
	case_open(&t->c);
	case_text(&t->c, "rulesets/lists/namespaces.txt", "http://www.w3.org/\n");
	case_text(&t->c, "rulesets/lists/hints.ini", "[folders]\ntest = test, tests\n[discount]\nclasses = test\n");
	case_text(&t->c, "rulesets/capabilities/none.txt", "");
	case_text(&t->c, "scripts/integrity/a-looks.lua",
	          CASE_CHECK("applies = { 'text' }, looks = [[ private rule p { condition: true } rule r { strings: $a = \"word\" $b = \"absent\" "
	                     "condition: ($a or $b) and p } ]], object = function() end"));
	case_text(&t->c, "scripts/integrity/b-plain.lua", CASE_CHECK("applies = { 'text' }, object = function() end"));
	case_text(&t->c, "scripts/integrity/c-product.lua", CASE_CHECK("applies = { 'deb', 'rpm' }, product = function() end"));
	case_text(&t->c, "scripts/integrity/d-shell.lua",
	          CASE_CHECK("applies = { 'shell' }, looks = [[ rule r { strings: $a = \"word\" condition: $a } ]], object = function() end"));
	pb_catalogue_options options = case_options(&t->c);
	if (pb_rules_open(&options, NULL, &t->rules, &err))
		fail_msg("%s\n%s", err.text, t->c.told);
	t->object = (pb_object){.bytes = {(const uint8_t *)"a word, a word", 14}, .kind = pb_kind_named("text"), .name_class = ".txt"};
	assert_non_null(t->object.kind);
	t->result = json_pack("{s:{s:[s,s]},s:[],s:{}}", "facts", "tags", "any", "text", "findings", "unknown");
}

static void end(tracing *t)
{
	json_decref(t->result);
	pb_rules_close(&t->rules);
	case_close(&t->c);
}

static pb_trace *trace_of(const tracing *t, const char *asked, bool object)
{
	json_t *what = asked ? json_loads(asked, JSON_DECODE_ANY, NULL) : NULL;
	pb_trace *trace = NULL;
	pb_error err = {0};
	if (pb_trace_open(&t->rules, what, object, 30, &trace, &err))
		fail_msg("%s", err.text);
	json_decref(what);
	return trace;
}

/* As text, without what differs from run to run. Takes it. */
static char *steady(json_t *told)
{
	const char *id;
	json_t *of;
	if (!told)
		return NULL;
	json_object_foreach(told, id, of) {
		json_object_del(json_object_get(of, "patterns"), "nanoseconds");
		json_object_del(json_object_get(of, "call"), "processor");
	}
	char *text = pb_json_canonical(told);
	json_decref(told);
	return text;
}

static void is(char *text, const char *wanted)
{
	assert_non_null(text);
	assert_string_equal(text, wanted);
	free(text);
}

static pb_spent spent_of(size_t check, const char *why)
{
	return (pb_spent){.check = check, .instructions = 1, .max_instructions = 2, .steps = 3, .max_steps = 4, .memory = 5, .max_memory = 6,
	                  .findings = 7, .max_findings = 8, .nanoseconds = 9, .why = why};
}

#define CALL(why)                                                                                                                  \
	"\"call\":{\"findings\":[7,8],\"instructions\":[1,2],\"memory\":[5,6],\"nanoseconds\":9,\"steps\":[3,4]" why "}"

static void who_asks_nothing_is_told_nothing(void **state)
{
	(void)state;
	static const char *const nothing[] = {"[]", "{}", "null", "false", "7", "\"integrity.a-looks\""};
	tracing t;
	begin(&t);
	assert_null(trace_of(&t, NULL, true));
	for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
		assert_null(trace_of(&t, nothing[i], true));
	pb_trace_free(NULL);
	/* What no check is called; and what is no name. */
	pb_trace *trace = trace_of(&t, "[\"integrity.none\",7,null,[\"integrity.a-looks\"],\"\"]", true);
	assert_non_null(trace);
	pb_trace_at(trace, PB_RUN_CHECK + LOOKS);
	pb_spent spent = spent_of(LOOKS, NULL);
	pb_trace_spent(trace, &spent);
	is(steady(pb_trace_object(trace, &t.object, t.result)), "{}");
	pb_trace_free(trace);
	end(&t);
}

static void each_step_of_an_object(void **state)
{
	(void)state;
	static const char looks[] =
	    "\"patterns\":{\"rules\":[{\"matched\":true,\"private\":true,\"rule\":\"p\",\"strings\":[]},"
	    "{\"matched\":true,\"private\":false,\"rule\":\"r\",\"strings\":[{\"at\":[[2,4],[10,4]],\"count\":2,\"string\":\"$a\"},"
	    "{\"at\":[],\"count\":0,\"string\":\"$b\"}]}]}";
	char wanted[2000];
	tracing t;
	begin(&t);
	pb_trace *trace = trace_of(&t, "[\"integrity.d-shell\",\"integrity.a-looks\",\"integrity.b-plain\"]", true);
	pb_spent spent = spent_of(LOOKS, NULL), wild = spent_of(CHECKS, NULL), far = spent_of(SIZE_MAX, NULL), other = spent_of(PRODUCT, NULL);
	pb_trace_spent(trace, &spent);
	pb_trace_spent(trace, &wild); /* no such check; and one that nobody asked for */
	pb_trace_spent(trace, &far);
	pb_trace_spent(trace, &other);
	snprintf(wanted, sizeof wanted, "{\"integrity.a-looks\":{" CALL("") ",%s},\"integrity.b-plain\":{},\"integrity.d-shell\":{\"applies\":false}}",
	         looks);
	is(steady(pb_trace_object(trace, &t.object, t.result)), wanted);
	/* Nothing of it is left for the next object; a reason is shown as text from outside is. */
	spent = spent_of(PLAIN, "limit \x1b[31m \xff");
	pb_trace_spent(trace, &spent);
	t.object.kind = pb_kind_named("shell");
	json_t *shell = json_pack("{s:{s:[s,s]}}", "facts", "tags", "any", "shell");
	is(steady(pb_trace_object(trace, &t.object, shell)),
	   "{\"integrity.a-looks\":{\"applies\":false},\"integrity.b-plain\":{\"applies\":false," CALL(",\"why\":\"limit \\\\x1b[31m \\\\xff\"") "},"
	   "\"integrity.d-shell\":{\"patterns\":{\"rules\":[{\"matched\":true,\"private\":false,\"rule\":\"r\",\"strings\":"
	   "[{\"at\":[[2,4],[10,4]],\"count\":2,\"string\":\"$a\"}]}]}}}");
	json_decref(shell);
	/* It applies by a tag, and no scan looks for its patterns in such objects. */
	t.object.kind = pb_kind_named("elf");
	json_t *both = json_pack("{s:{s:[s,s]}}", "facts", "tags", "any", "shell");
	char *text = steady(pb_trace_object(trace, &t.object, both));
	assert_non_null(strstr(text, "\"integrity.d-shell\":{\"patterns\":{\"nowhere\":true}}"));
	free(text);
	json_decref(both);
	/* A result that is none: nothing applies. */
	is(steady(pb_trace_object(trace, &t.object, NULL)),
	   "{\"integrity.a-looks\":{\"applies\":false},\"integrity.b-plain\":{\"applies\":false},\"integrity.d-shell\":{\"applies\":false}}");
	pb_trace_free(trace);
	end(&t);
}

static void what_all_cost(void **state)
{
	(void)state;
	tracing t;
	begin(&t);
	pb_trace *trace = trace_of(&t, "true", true);
	pb_spent spent = spent_of(PLAIN, NULL);
	pb_trace_spent(trace, &spent);
	/* Rules that hold and their places; private ones are no reason for a function to run. */
	is(steady(pb_trace_object(trace, &t.object, t.result)),
	   "{\"integrity.a-looks\":{\"patterns\":{\"hits\":2,\"matched\":1}},\"integrity.b-plain\":{" CALL("") "}}");
	is(steady(pb_trace_product(trace, NULL)), "{}");
	pb_trace_free(trace);
	end(&t);
}

/* [{path}]: the places of one object's bytes. */
static json_t *records_of(const char *text)
{
	json_t *records = json_loads(text, 0, NULL);
	assert_non_null(records);
	return records;
}

static void where_a_finding_weighs_less(void **state)
{
	(void)state;
	tracing t;
	begin(&t);
	pb_trace *trace = trace_of(&t, "[\"integrity.c-product\"]", false);
	pb_spent spent = spent_of(PRODUCT, NULL);
	pb_trace_spent(trace, &spent);
	/* The same bytes in both; the product's own name does not count. */
	json_t *records = records_of("[{\"path\":[\"p\",\"src/a\"],\"sha256\":\"1\"},{\"path\":[\"p\",\"test/a\"],\"sha256\":\"1\"},"
	                             "{\"path\":[\"p\",\"x.tar\",\"tests/b/a\"],\"sha256\":\"1\"},{\"path\":[\"test\",\"a\"]},{\"path\":[\"p\",\"testing/a\"]}]");
	is(steady(pb_trace_product(trace, records)),
	   "{\"discounted\":[[\"p\",\"test/a\"],[\"p\",\"x.tar\",\"tests/b/a\"]],\"integrity.c-product\":{\"about\":{\"applies\":[\"deb\",\"rpm\"],"
	   "\"looks\":false,\"object\":false,\"product\":true,\"rules\":false}," CALL("") "}}");
	json_decref(records);
	/* Records that are none. */
	records = records_of("[7,null,{},{\"path\":7},{\"path\":[]},{\"path\":[7,8]},{\"path\":[\"p\",null,\"test/a\"]},[[]]]");
	json_t *told = pb_trace_product(trace, records);
	assert_non_null(told);
	assert_true(json_array_size(json_object_get(told, "discounted")) <= 1);
	json_decref(told);
	json_decref(records);
	pb_trace_free(trace);
	end(&t);
}

#ifndef SANITIZED
/* NULL or the whole; and the next one is the whole. */
static void memory_may_run_out(void **state)
{
	(void)state;
	tracing t;
	begin(&t);
	static const char asked[] = "[\"integrity.a-looks\",\"integrity.b-plain\",\"integrity.c-product\",\"integrity.d-shell\"]";
	pb_trace *trace = trace_of(&t, asked, true);
	json_t *records = records_of("[{\"path\":[\"p\",\"src/a\"]},{\"path\":[\"p\",\"test/a\"]},{\"path\":[\"p\",\"tests/a\"]}]");
	pb_spent spent = spent_of(PLAIN, "limit memory");
	for (int product = 0; product < 2; product++) {
		char *wanted = NULL;
		size_t n;
		for (n = 0; n < 5000; n++) {
			if (n > 0)
				starve(n - 1);
			pb_trace_spent(trace, &spent);
			json_t *told = product ? pb_trace_product(trace, records) : pb_trace_object(trace, &t.object, t.result);
			(void)fed();
			/* A pass that libyara broke off says so. */
			json_t *pass = json_object_get(json_object_get(told, "integrity.a-looks"), "patterns");
			bool whole = told && !json_object_get(pass, "why");
			char *text = steady(told);
			if (n == 0)
				wanted = text;
			else if (whole)
				is(text, wanted);
			else
				free(text);
			if (n > 0 && whole)
				break;
		}
		if (n < 10 || n == 5000)
			fail_msg("%s: %zu allocations", product ? "product" : "object", n);
		free(wanted);
	}
	json_decref(records);
	pb_trace_free(trace);
	/* To open one: nothing is lost. */
	json_t *what = json_loads(asked, 0, NULL);
	size_t n;
	for (n = 0; n < 100; n++) {
		pb_error err = {0};
		trace = NULL;
		starve(n);
		int rc = pb_trace_open(&t.rules, what, false, 30, &trace, &err);
		pb_trace_free(trace);
		size_t lost = fed();
		assert_int_equal(lost, 0);
		if (rc == 0)
			break;
		assert_int_equal(rc, PB_ENOMEM);
	}
	assert_true(n == 2);
	json_decref(what);
	end(&t);
}
#else
static void memory_may_run_out(void **state)
{
	(void)state;
	skip();
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_asks_nothing_is_told_nothing), cmocka_unit_test(each_step_of_an_object), cmocka_unit_test(what_all_cost),
	    cmocka_unit_test(where_a_finding_weighs_less),      cmocka_unit_test(memory_may_run_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
