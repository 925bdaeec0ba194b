/* require "probity.version" */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "module_case.h"

static const char head[] =
    "local version = require 'probity.version' "
    "local function show(u) if u == nil then return 'nil' end "
    "local o = {} for k, v in pairs(u) do o[#o + 1] = k .. '=' .. tostring(v) end return table.concat(o, ' ') end "
    "local function rises(of, list) for i, a in ipairs(list) do for k, b in ipairs(list) do "
    "local wanted = i < k and -1 or i > k and 1 or 0 "
    "assert(of.compare(a, b) == wanted, a .. ' and ' .. b .. ': ' .. tostring(of.compare(a, b))) end end return 'rises' end "
    "local function none(of, list) for _, s in ipairs(list) do assert(of.compare(s, s) == nil, s) "
    "assert(of.compare(s, '1.0.0') == nil and of.compare('1.0.0', s) == nil, s) end return 'none' end";

static void semver(void **state)
{
	static const char *const cases[][2] = {
	    {"return show(version.semver.parse('1.2.3-alpha.1+build.007'))",
	     "build=build.007 major=1 minor=2 patch=3 pre=alpha.1"},
	    {"return show(version.semver.parse('v0.0.9007199254740991'))", "major=0 minor=0 patch=9007199254740991"},
	    {"return rises(version.semver, { '1.0.0-0', '1.0.0-1', '1.0.0-99999999999999999999', '1.0.0-alpha', "
	     "'1.0.0-alpha.1', "
	     "'1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '1.0.1-0', '1.2.0', "
	     "'1.10.0', "
	     "'10.0.0' })",
	     "rises"},
	    {"return version.semver.compare('1.0.0+a', '1.0.0+b') .. version.semver.compare('v1.0.0', '1.0.0')", "00"},
	    {"return none(version.semver, { '', '1', '1.2', '1.2.x', '01.0.0', '1.0.0-', '1.0.0-01', '1.0.0-a..b', '1.0.0+', "
	     "'1.0.0 ', "
	     "'=1.0.0', '1.0.9007199254740992', '1.0.0-a_b', '1.0.0.0', ('1'):rep(300) })",
	     "none"},
	    {"return version.semver.compare('1.0.0')", "string expected"},
	    {"version.semver = nil", "read-only"},
	    {"version.semver.parse = nil", "read-only"},
	    {"while true do version.semver.parse('1.0.0') end", "limit instructions"},
	};

	(void)state;
	module_all(head, cases, sizeof cases / sizeof cases[0]);
}

/* What node-semver 7 answers. "+": satisfied, "-": not, "?": no range. */
static void ranges(void **state)
{
	static const char *const cases[][3] = {
	    {"+", "1.2.3", "1.2.3"},
	    {"+", "1.2.3", "=1.2.3"},
	    {"+", "1.2.3", " =  v1.2.3 "},
	    {"-", "1.2.4", "1.2.3"},
	    {"+", "1.2.4", ""},
	    {"+", "1.2.4", "*"},
	    {"+", "1.2.4", "x"},
	    {"+", "1.2.4", "1.x"},
	    {"-", "2.0.0", "1.x"},
	    {"+", "1.2.4", "1.2"},
	    {"-", "1.3.0", "1.2.*"},
	    {"+", "1.9.0", "^1.2.3"},
	    {"-", "1.2.2", "^1.2.3"},
	    {"-", "2.0.0", "^1.2.3"},
	    {"-", "2.0.0-alpha", "^1.2.3"},
	    {"+", "0.2.9", "^0.2.3"},
	    {"-", "0.3.0", "^0.2.3"},
	    {"+", "0.0.3", "^0.0.3"},
	    {"-", "0.0.4", "^0.0.3"},
	    {"+", "0.0.9", "^0.0"},
	    {"-", "0.1.0", "^0.0"},
	    {"+", "0.9.9", "^0"},
	    {"-", "1.0.0", "^0"},
	    {"+", "1.9.9", "^1.x"},
	    {"+", "0.2.5", "^0.2.x"},
	    {"-", "0.3.0", "^0.2.x"},
	    {"+", "5.0.0", "^*"},
	    {"+", "1.2.9", "~1.2.3"},
	    {"-", "1.3.0", "~1.2.3"},
	    {"+", "1.2.0", "~1.2"},
	    {"+", "1.9.0", "~1"},
	    {"-", "2.0.0", "~1"},
	    {"+", "1.2.9", "~> 1.2.3"},
	    {"+", "1.2.3", ">=1.2.3"},
	    {"-", "1.2.3", ">1.2.3"},
	    {"-", "1.2.9", ">1.2"},
	    {"+", "1.3.0", ">1.2"},
	    {"-", "1.9.9", ">1"},
	    {"+", "2.0.0", ">1"},
	    {"+", "1.2.9", "<=1.2"},
	    {"-", "1.3.0", "<=1.2"},
	    {"+", "1.9.9", "<=1"},
	    {"-", "1.2.0", "<1.2"},
	    {"-", "1.2.0-alpha", "<1.2"},
	    {"-", "1.0.0", "<*"},
	    {"-", "1.0.0", ">*"},
	    {"+", "1.0.0", ">=*"},
	    {"+", "1.5.0", ">=1.2 <2"},
	    {"-", "2.5.0", ">=1.2 <2"},
	    {"+", "2.5.0", "<1 || >=2.1 <3"},
	    {"+", "1.5.0", "1.2 - 2.3.4"},
	    {"+", "2.3.4", "1.2 - 2.3.4"},
	    {"-", "2.3.5", "1.2 - 2.3.4"},
	    {"+", "2.3.9", "1.2.3 - 2.3"},
	    {"-", "2.4.0", "1.2.3 - 2.3"},
	    {"+", "2.9.9", "1.2.3 - 2"},
	    {"-", "1.2.4-alpha", ">=1.2.3"},
	    {"+", "1.2.3-beta", ">=1.2.3-alpha"},
	    {"-", "1.2.4-beta", ">=1.2.3-alpha"},
	    {"+", "1.2.3-beta", "~1.2.3-alpha"},
	    {"+", "1.2.3-beta", "^1.2.3-alpha"},
	    {"-", "1.2.3-alpha", "^1.2.3-beta"},
	    {"-", "1.2.3-alpha", "*"},
	    {"+", "1.2.3", "1.2.3+build"},
	    {"+", "1.2.3+b", "1.2.3"},
	    {"+", "1.0.0", "2 ||"},
	    {"+", "1.2.3", ">= 1.2.3   <2"},
	    {"?", "1.2.3", "latest"},
	    {"?", "1.2.3", "1.2.3.4"},
	    {"?", "1.2.3", "git+ssh://x"},
	    {"?", "1.2.3", ">=1.2.3<2"},
	    {"?", "1.2.3", "1 - 2 3"},
	    {"?", "1.2.3", "&1"},
	    {"?", "1.2", "1"},
	    {"?", "1.2.3", "1.2.3 || x y"},
	    {"?", "1.2.3", ">"},
	};
	pb_sandbox *box = box_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char body[300];

		(void)snprintf(body, sizeof body, "return '%s %s: ' .. tostring(version.semver.satisfies('%s', '%s'))",
		               cases[i][1], cases[i][2], cases[i][1], cases[i][2]);
		box_expect(box, (box_job){0}, head, body,
		           cases[i][0][0] == '+'   ? ": true"
		           : cases[i][0][0] == '-' ? ": false"
		                                   : ": nil");
	}
	box_expect(box, (box_job){0}, head, "return tostring(version.semver.satisfies('1.0.0', ('1 || '):rep(1000)))", "nil");
	pb_box_close(box);
}

static void packages(void **state)
{
	static const char *const cases[][2] = {
	    {"return show(version.debian.parse('2:1.0-rc1-3ubuntu1'))", "epoch=2 revision=3ubuntu1 upstream=1.0-rc1"},
	    {"return show(version.debian.parse('1.0'))", "epoch=0 upstream=1.0"},
	    {"return rises(version.debian, { '1.0~~', '1.0~~a', '1.0~', '1.0', '1.0-1~bpo1', '1.0-1', '1.0-1+b1', '1.0-2', "
	     "'1.0-10', '1.0a', "
	     "'1.0+', '1.0.1', '1.1', '1.10', '1:0.1' })",
	     "rises"},
	    {"return version.debian.compare('1.0', '1.0-0') .. version.debian.compare('1.01', '1.1') .. "
	     "version.debian.compare('0:1', '1')",
	     "000"},
	    {"return none(version.debian, { '', ':1', 'a:1', '1:', '1-', '-1', '1 2', '1_2', '3000000000:1', '1.0-a:b', '1\\0' "
	     "})",
	     "none"},
	    {"return rises(version.rpm, { '1.0~rc1', '1.0~rc1^a', '1.0', '1.0^', '1.0^git1', '1.0^git2', '1.0.a', '1.0.1', "
	     "'1.1', '1.10', '2.0', "
	     "'1:0.1' })",
	     "rises"},
	    {"return rises(version.rpm, { '1.0-1.el8', '1.0-1.el9', '1.0-2', '1.0-10' })", "rises"},
	    {"return version.rpm.compare('1.0', '1.0-5') .. version.rpm.compare('1.0-1', '1_0-1') .. "
	     "version.rpm.compare('1.05', '1.5')",
	     "000"},
	    {"return none(version.rpm, { '', 'a:1', '1-', '1-2-3', '-1', '1 2', '1/2' })", "none"},
	    {"return rises(version.python, { '1.dev0', '1.0.dev456', '1.0a1', '1.0a2.dev456', '1.0a12.dev456', '1.0a12', "
	     "'1.0b1.dev456', '1.0b2', "
	     "'1.0b2.post345.dev456', '1.0b2.post345', '1.0rc1.dev456', '1.0rc1', '1.0', '1.0+abc.5', '1.0+abc.7', '1.0+5', "
	     "'1.0.post456.dev34', '1.0.post456', '1.0.15', '1.1.dev1', '2!0.1' })",
	     "rises"},
	    {"for _, p in ipairs{ '1.0 1.0.0', '1.0a1 1.0-ALPHA_1', '1.0a 1.0a0', '1.0c1 1.0rc1', '1.0pre1 1.0rc1', '1.0-1 "
	     "1.0.post1', '1.0r 1.0.post0', "
	     "'v1.0 1.0', '0!1 1', '1.0+a-b 1.0+A.b', '1.0.DEV 1.0dev0', '1.0a- 1.0a0', '01.02 1.2', '1.0a.post1 1.0a0post1' } "
	     "do "
	     "local a, b = p:match('(%S+) (%S+)') assert(version.python.compare(a, b) == 0, p) end return 'equal'",
	     "equal"},
	    {"return none(version.python, { '', 'x', '1.', '1..2', '1.0+', '1.0+a..b', '1.0+_', '!1', '1!', '1.2!3', '1.0 a', "
	     "'1.0a1b2', '1.0-', "
	     "'1.0devpost' })",
	     "none"},
	    {"return version.python.compare({}, '')", "string expected"},
	};

	(void)state;
	module_all(head, cases, sizeof cases / sizeof cases[0]);
}

static void allocations_may_fail(void **state)
{
	static const char code[] = "local version = require 'probity.version' return function() local a, b = "
	                           "version.semver.parse('1.2.3-a+b'), version.debian.parse('1:2-3') "
	                           "return a.pre .. b.upstream .. tostring(version.semver.satisfies('1.2.3', '^1')) .. "
	                           "version.rpm.compare('1', '2') end";
	pb_sandbox *box = box_open();

	(void)state;
	box_starve(box, (box_job){.code = code});
	pb_box_close(box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(semver), cmocka_unit_test(ranges), cmocka_unit_test(packages),
	                                   cmocka_unit_test(allocations_may_fail)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
