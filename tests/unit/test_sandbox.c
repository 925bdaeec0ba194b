/* The box: each limit by a tiny budget, each way out, the order of pairs, patterns against Lua's own, every allocation failing
 * once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checks/box.h"

typedef struct job {
	const char *code;
	int calls;      /* of the function that the code returns; 0: the code itself is what is run */
	char out[2000]; /* what came back, as text */
} job;

static int work(lua_State *L)
{
	job *j = lua_touserdata(L, 1);

	pb_box_of(L)->loading = true;
	pb_box_load(L, "check.lua", (pb_bytes){(const uint8_t *)j->code, strlen(j->code)});
	lua_call(L, 0, 1);
	pb_box_of(L)->loading = false;
	if (j->calls > 0) {
		pb_box_seal(L, -1);
		for (int i = 0; i < j->calls; i++) {
			lua_pushvalue(L, -2);
			lua_call(L, 0, 1);
			(void)snprintf(j->out + strlen(j->out), sizeof j->out - strlen(j->out), "%s;",
			               luaL_tolstring(L, -1, NULL));
			lua_pop(L, 2);
			if (!pb_box_kept(L, -1))
				pb_box_limit(L, PB_LIMIT_STATE);
		}
		return 0;
	}
	(void)snprintf(j->out, sizeof j->out, "%s", luaL_tolstring(L, -1, NULL));
	return 0;
}

static pb_sandbox *open_box(const pb_sandbox_limits *limits)
{
	pb_sandbox *s;
	pb_error err = {0};

	if (pb_box_open(limits, NULL, NULL, &s, &err) != PB_OK)
		fail_msg("%s", err.text);
	return s;
}

/* The result, "limit NAME", or the error: one line. */
static const char *outcome(pb_sandbox *s, job *j)
{
	int rc = pb_box_enter(s, work, j);

	if (rc == PB_ELIMIT)
		(void)snprintf(j->out, sizeof j->out, "limit %s", s->limit);
	else if (rc != PB_OK)
		(void)snprintf(j->out, sizeof j->out, "%s", s->why);
	return j->out;
}

static void expect(pb_sandbox *s, const char *code, const char *wanted)
{
	job j = {code, 0, ""};
	const char *got = outcome(s, &j);

	if (strstr(got, wanted) == NULL || (wanted[0] == '\0' && got[0] != '\0'))
		fail_msg("%s\n  gave: %s\n  want: %s", code, got, wanted);
}

static void limits_fail_by_name(void **state)
{
	static const struct {
		const char *code, *limit;
	} cases[] = {
	    {"while true do end", "limit instructions"},
	    {"local function f() return f() end return f()", "limit instructions"},
	    {"local t = {} for i = 1, 1e9 do t[i] = i end", "limit memory"},
	    {"local s = 'x' while true do s = s .. s end", "limit memory"},
	    {"return ('x'):rep(1 << 30)", "limit memory"},
	    {"return ('x'):rep(9e6):rep(9e6)", "limit memory"},
	    {"for i = 1, 1e9 do local s = ('x'):rep(1e6) end", "limit instructions"},
	    {"local t = {} for i = 1, 1000 do t[i] = ('x'):rep(1000) end for i = 1, 1e9 do local s = table.concat(t) end",
	     "limit instructions"},
	    {"return table.move({}, 1, math.maxinteger - 1, 2)", "limit instructions"},
	    {"return #(''):rep(math.maxinteger)", "0"},
	    {"return string.pack('c2000000000', '')", "limit memory"},
	    {"local t = {} for i = 1, 3e4 do t[i] = -i end for i = 1, 1e6 do table.sort(t) end", "limit instructions"},
	    {"return string.find(('a'):rep(200), ('a-'):rep(4) .. 'b')", "limit pattern"},
	    {"return string.find(('a'):rep(60000), 'a*b')", "limit pattern"},
	    {"return (('a'):rep(60000):gsub('a*b', ''))", "limit pattern"},
	    {"return string.match(('('):rep(60000), '%b()')", "limit pattern"},
	    {"for _ in string.gmatch(('a'):rep(60000), '(.-)(.-)(.-)b') do end", "limit pattern"},
	    {"return string.find(('a'):rep(70000), 'b')", "limit subject"},
	    {"return string.find(('a'):rep(70000), 'b', 1, true)", "limit subject"},
	    {"return (string.gsub(('a'):rep(70000), 'b', 'c'))", "limit subject"},
	    {"return string.gmatch(('a'):rep(70000), 'b')", "limit subject"},
	    {"return string.match(('a'):rep(70000), 'b')", "limit subject"},
	};
	pb_sandbox_limits limits = {
	    .memory = 8 << 20, .instructions = 2000000, .subject = 65536, .steps = 1000000, .findings = 10};
	pb_sandbox *s = open_box(&limits);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		expect(s, cases[i].code, cases[i].limit);
		expect(s, "return 'alive'", "alive"); /* a spent budget is this call's alone */
	}
	pb_box_close(s);
}

static void instruction_budget_is_exact_enough(void **state)
{
	pb_sandbox_limits limits = pb_sandbox_defaults;
	pb_sandbox *s;

	(void)state;
	limits.instructions = 50;
	/* opening the box costs more than that: budgets of a call only */
	limits.instructions = 100000;
	s = open_box(&limits);
	s->limits.instructions = 50;
	expect(s, "for i = 1, 1000 do end", "limit instructions");
	expect(s, "return 7", "7");
	pb_box_close(s);
}

static void nothing_leads_out(void **state)
{
	static const char *const cases[][2] = {
	    {"return os", "there is no \"os\" here"},
	    {"return io", "there is no \"io\" here"},
	    {"return debug", "there is no \"debug\" here"},
	    {"return package", "there is no \"package\" here"},
	    {"return load", "there is no \"load\" here"},
	    {"return loadstring", "there is no \"loadstring\" here"},
	    {"return loadfile", "there is no \"loadfile\" here"},
	    {"return dofile", "there is no \"dofile\" here"},
	    {"return pcall", "there is no \"pcall\" here"},
	    {"return xpcall", "there is no \"xpcall\" here"},
	    {"return print", "there is no \"print\" here"},
	    {"return coroutine", "there is no \"coroutine\" here"},
	    {"return setmetatable", "there is no \"setmetatable\" here"},
	    {"return getmetatable", "there is no \"getmetatable\" here"},
	    {"return rawset", "there is no \"rawset\" here"},
	    {"return rawget", "there is no \"rawget\" here"},
	    {"return collectgarbage", "there is no \"collectgarbage\" here"},
	    {"return _G", "there is no \"_G\" here"},
	    {"return string.dump", "string has no \"dump\": a check loads no code"},
	    {"return math.random", "math has no \"random\": same input, same result"},
	    {"return math.randomseed", "math has no \"randomseed\": same input, same result"},
	    {"return table.unpak", "table has no \"unpak\"; did you mean \"unpack\"?"},
	    {"return ('x'):uper()", "string has no \"uper\"; did you mean \"upper\"?"},
	    {"return warn", "unknown global \"warn\""},
	    {"return iparis({})", "check.lua:1: unknown global \"iparis\"; did you mean \"ipairs\"?"},
	    {"\n\nx = 1", "check.lua:3: global \"x\" assigned: write \"local x\""},
	    {"function f() end", "global \"f\" assigned"},
	    {"_ENV.x = 1", "global \"x\" assigned"},
	    {"string.rep = nil", "read-only"},
	    {"string.x = 1", "read-only"},
	    {"table.insert(math, 1)", "read-only"},
	    {"table.sort(utf8)", "read-only"},
	    {"ipairs = 1", "global \"ipairs\" assigned"},
	    {"local _ENV = {} x = 1 return x", "1"},
	    {"return tostring({}) .. tostring(ipairs) .. tostring(string)", "tablefunctiontable"},
	    {"return ('%s %s %d'):format({}, string.rep, 3)", "table function 3"},
	    {"return ('%p'):format({})", "%p would show an address"},
	    {"return ('%-5.3p'):format('x')", "%p would show an address"},
	    {"return ('%s'):format(nil)", "nil"},
	    {"return require 'os'", "there is no module \"os\""},
	    {"return require 'lib.../../../etc/passwd'", "there is no module"},
	    {"return require 'lib.'", "there is no module"},
	    {"error({})", "check.lua:1: the error is no text"},
	    {"error('plain', 0)", "check.lua:1: plain"},
	    {"error()", "the error is no text"},
	    {"local function f() error('deep') end\nlocal function g()\nf() end\ng()",
	     "check.lua:1: deep; called from check.lua:3, check.lua:4"},
	    {"local function f() error('up', 2) end\n\nf()", "check.lua:3: up"},
	    {"return 1 + nil", "check.lua:1: attempt to perform arithmetic on a nil value"},
	    {"return ('x'):nope()", "string has no \"nope\""},
	    {"return (", "check.lua:1: unexpected symbol near <eof>"},
	    {"goto nowhere", "check.lua:1: no visible label"},
	    {"\033Lua", "check.lua:1: bytecode"},
	    {"local function f() return 1 + f() end return f()", "stack overflow"},
	    {"local t = {} for i = 1, 199 do t = {t} end return #t", "1"},
	};
	pb_sandbox *s = open_box(&pb_sandbox_defaults);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		expect(s, cases[i][0], cases[i][1]);
	pb_box_close(s);
}

static void order_is_the_same_every_time(void **state)
{
	static const char *const cases[][2] = {
	    {"local o = '' for k, v in pairs{b=1,a=2,c=3,[3]=1,[1]=5,[2.5]=9,[-1]=0,[true]=1,[false]=2,aa=1} do o = o .. "
	     "tostring(k) .. ' ' end return o",
	     "-1 1 2.5 3 a aa b c false true "},
	    {"local t = {} for i = 1, 500 do t['k' .. i * 7919 % 500] = i end local o, n = '', 0 for k in pairs(t) do assert(k "
	     "> o) o = k n = n + 1 end return n",
	     "500"},
	    {"local t = {10, 20, 30} for k in pairs(t) do t[k] = nil end return next(t)", "nil"},
	    {"local t = {a = 1, b = 2, c = 3} local o = '' for k in pairs(t) do o = o .. k t.b = nil end return o", "ac"},
	    {"return next({b = 1, a = 2})", "a"},
	    {"local t, o, k = {b = 1, a = 2, [7] = 1}, '' repeat k = next(t, k) o = o .. tostring(k) until k == nil return o",
	     "7abnil"},
	    {"return next({})", "nil"},
	    {"for k in pairs{[{}] = 1} do end", "as a key of a table"},
	    {"return next{[{}] = 1}", "as a key of a table"},
	    {"local t = {} for i = 1, 300 do t[i] = {i % 3, i} end table.sort(t, function(a, b) return a[1] < b[1] end) "
	     "for i = 2, 300 do assert(t[i - 1][1] < t[i][1] or t[i - 1][2] < t[i][2]) end return 'stable'",
	     "stable"},
	    {"local t = {5, 3, 1, 4} table.sort(t) return table.concat(t, ',')", "1,3,4,5"},
	    {"local t = {'b', 'a', 'c'} table.sort(t, function(a, b) return a > b end) return table.concat(t)", "cba"},
	    {"local t = {1, 'x'} table.sort(t)", "attempt to compare"},
	    {"local t = {3, 2, 1} table.sort(t, function() return true end) return #t", "3"},
	    {"pairs(nil)", "table expected"},
	    {"return type(next) .. type('') .. type({}) .. type(nil)", "functionstringtablenil"},
	    {"type()", "value expected"},
	};
	pb_sandbox *s = open_box(&pb_sandbox_defaults);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		expect(s, cases[i][0], cases[i][1]);
	pb_box_close(s);
}

static void nothing_is_kept(void **state)
{
	static const struct {
		const char *code, *wanted;
	} cases[] = {
	    {"local n = 0 return function() n = n + 1 return n end", "limit state"},
	    {"local t = {} return function() t[1] = 1 end", "read-only"},
	    {"local t = {x = {}} return function() t.x.y = 1 end", "read-only"},
	    {"local t = {} t.t = t return function() t.t.t.z = 1 end", "read-only"},
	    {"local t = {} return function() table.insert(t, 1) end", "read-only"},
	    {"local t = {3, 1} return function() table.sort(t) end", "read-only"},
	    {"local t = {3, 1} return function() table.remove(t) end", "read-only"},
	    {"local t return function() t = {} end", "limit state"},
	    {"local it = ('a b c'):gmatch('%a') return function() return it() end", "limit state"},
	    {"local f, s, k = pairs{1, 2, 3} return function() return (f(s, k)) end", "limit state"},
	    {"local n = 0 local function inc() n = n + 1 end local t = {go = inc} return function() t.go() end", "limit state"},
	    {"return function() _ENV = {} end", "limit state"},
	    {"local nan = 0/0 return function() return 'same' end", "same;same;same;"},
	    {"local nan = 0/0 return function() return nan ~= nan end", "true;true;true;"},
	    {"local t = {1, 2, x = {y = 'z'}} return function() local o = '' for k, v in pairs(t) do o = o .. k end for i, v "
	     "in ipairs(t) do o = o .. v end "
	     "return o .. #t .. t.x.y .. table.concat(t) .. tostring(next(t)) end",
	     "12x122z121;12x122z121;12x122z121;"},
	    {"local n = 0 return function() local m = 0 local function up() m = m + 1 end up() up() return m + n end",
	     "2;2;2;"},
	    {"local f f = function(n) return n == 0 and 'done' or f(n - 1) end return function() return f(5) end",
	     "done;done;done;"},
	};
	pb_sandbox *s = open_box(&pb_sandbox_defaults);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		job j = {cases[i].code, 3, ""};
		const char *got = outcome(s, &j);

		if (strstr(got, cases[i].wanted) == NULL)
			fail_msg("%s\n  gave: %s\n  want: %s", cases[i].code, got, cases[i].wanted);
	}
	pb_box_close(s);
}

static void deep_tables_are_sealed_without_recursion(void **state)
{
	job j = {"local t = {} for i = 1, 100000 do t = {t} end return function() return #t end", 2, ""};
	pb_sandbox *s = open_box(&pb_sandbox_defaults);

	(void)state;
	assert_string_equal(outcome(s, &j), "1;1;");
	pb_box_close(s);
}

static void every_allocation_may_fail(void **state)
{
	static const char code[] =
	    "local m = {a = {1, 2, {3}}, s = ('x'):rep(100)} "
	    "return function() local o = {} for k, v in pairs(m) do o[#o + 1] = k .. tostring(v) end table.sort(o) "
	    "for w in ('one two three'):gmatch('%a+') do o[#o + 1] = w:gsub('o', '%0%0') end return table.concat(o, ' ') .. "
	    "('%5d'):format(7) end";
	const uint64_t most = 100000;
	pb_sandbox *s = open_box(&pb_sandbox_defaults);
	job j = {code, 2, ""};
	char good[sizeof j.out];
	uint64_t n;

	(void)state;
	(void)snprintf(good, sizeof good, "%s", outcome(s, &j));
	assert_non_null(strstr(good, "three"));
	for (n = 0; n < most; n++) {
		job again = {code, 2, ""};

		s->grants = n;
		(void)outcome(s, &again);
		if (strcmp(again.out, good) == 0)
			break;
		assert_string_equal(again.out, "limit memory");
		s->grants = UINT64_MAX;
	}
	assert_true(n > 20 && n < most);
	pb_box_close(s);
}

static void opening_may_fail_anywhere(void **state)
{
	pb_sandbox_limits limits = pb_sandbox_defaults;
	pb_sandbox *s = NULL;
	pb_error err = {0};
	int rc = PB_ENOMEM;

	(void)state;
	for (limits.memory = 64; limits.memory < 200000 && rc != PB_OK; limits.memory += 64) {
		rc = pb_box_open(&limits, NULL, NULL, &s, &err);
		if (rc != PB_OK)
			assert_int_equal(rc, PB_ENOMEM);
	}
	assert_int_equal(rc, PB_OK);
	pb_box_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(limits_fail_by_name),       cmocka_unit_test(instruction_budget_is_exact_enough),
	    cmocka_unit_test(nothing_leads_out),         cmocka_unit_test(order_is_the_same_every_time),
	    cmocka_unit_test(nothing_is_kept),           cmocka_unit_test(deep_tables_are_sealed_without_recursion),
	    cmocka_unit_test(every_allocation_may_fail), cmocka_unit_test(opening_may_fail_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
