/* require "probity.clamav" */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "box_case.h"

#define HEAD                                                                                                                               \
	"local clamav = require 'probity.clamav' "                                                                                         \
	"local function show(o) return table.concat(clamav.signatures(o), ',') .. ' ' .. tostring(clamav.scanned(o)) end "

static const char *const cases[][2] = {
    {"return show(x:object{ 'p', 'a' })", "Eicar,Other true"},
    {"return show(x:object{ 'p', 'b' })", " false"},
    {"return show(x:object{ 'p' })", " true"},
    {"return clamav.signatures({})", "an object of a product expected"},
    {"return clamav.scanned(x)", "an object of a product expected"},
    {"return clamav.scaned", "did you mean \"scanned\"?"},
};

static int late(lua_State *L)
{
	lua_call(L, 0, 1);
	return 1;
}

static void what_clamav_said(void **state)
{
	json_t *records = json_loads("[{\"path\":[\"p\"]},{\"path\":[\"p\",\"a\"]},{\"path\":[\"p\",\"b\"],\"unscanned\":true}]", 0, NULL);
	json_t *detections = json_loads("[{\"path\":[\"p\",\"a\"],\"signature\":\"Eicar\",\"record\":1},{\"path\":[\"p\",\"a\"],"
	                                "\"signature\":\"Other\",\"record\":1},{\"path\":[\"q\"],\"signature\":\"Lost\",\"record\":-1}]",
	                                0, NULL);
	pb_product_view v = {.records = records, .detections = detections};
	pb_sandbox *box = box_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(box, (box_job){.product = &v}, HEAD, cases[i][0], cases[i][1]);
	box_expect(box, (box_job){.product = &v, .after = late}, HEAD,
	           "local o = x:object{ 'p' } return function() return clamav.scanned(o) end", "object used after its scan ended");
	box_starve(box, (box_job){.product = &v, .code = HEAD "return function(x) return show(x:object{ 'p', 'a' }) end"});
	pb_box_close(box);
	json_decref(records);
	json_decref(detections);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_clamav_said)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
