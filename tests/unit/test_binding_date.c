/* require "probity.date" */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "module_case.h"

static const char head[] = "local date = require 'probity.date'";

static void dates(void **state)
{
	static const char *const cases[][2] = {
	    {"return date.parse('1970-01-01') .. ' ' .. date.parse('2024-02-29') .. ' ' .. date.parse('2024-01-31T10:00:00Z') "
	     ".. ' ' .. date.parse('2024-01-31 10:00')",
	     "0 19782 19753 19753"},
	    {"return date.parse('Wed, 31 Jan 2024 10:00:00 +0100') - date.parse('31 Jan 2024') .. date.format(date.parse('Sat, "
	     "5 October 2019 01:02:03 +0000'))",
	     "02019-10-05"},
	    {"return date.format(date.parse('  1 May 2020')) .. date.format(date.parse('01-Dec-2020'))",
	     "2020-05-012020-12-01"},
	    {"for _, s in ipairs{ '', 'x', '2024', '2024-1-1', '2023-02-29', '2024-13-01', '2024-01-31x', '31 Foo 2024', '32 "
	     "Jan 2024', '0 Jan 2024', '31 Jan 24', "
	     "'31 Jan 20240', 'Wed,', ',', '31 Jan', '1969-12-31', '31 Jan 2024x', '99999999999999999999', 'Wednesday 31 Jan "
	     "2024' } do assert(date.parse(s) == nil, s) end return 'nil'",
	     "nil"},
	    {"return date.format(20000) .. date.format(-5) .. date.format(math.maxinteger)", "2024-10-041970-01-019999-12-31"},
	    {"return date.from_epoch(0) .. ' ' .. date.from_epoch(86399) .. ' ' .. date.from_epoch(86400) .. ' ' .. "
	     "date.from_epoch(-1) .. ' ' .. date.from_epoch(-86400)",
	     "0 0 1 -1 -1"},
	    {"return date.from_epoch(math.mininteger) < date.from_epoch(math.maxinteger) and 'ordered'", "ordered"},
	    {"return date.parse(nil)", "string expected"},
	    {"return date.format('x')", "number expected"},
	};

	(void)state;
	module_all(head, cases, sizeof cases / sizeof cases[0]);
}

static void allocations_may_fail(void **state)
{
	pb_sandbox *box = box_open();

	(void)state;
	box_starve(box, (box_job){.code = "local date = require 'probity.date' return function() local o = {} for i = 1, 3 do "
	                                  "o[i] = date.format(date.parse('31 Jan 2024') + i) .. date.from_epoch(i) end return table.concat(o, ' ') end"});
	pb_box_close(box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(dates), cmocka_unit_test(allocations_may_fail)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
