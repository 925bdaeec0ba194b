/* require "probity.clamav" */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "box_case.h"

#define HEAD                                                                                                                   \
	"local clamav = require 'probity.clamav' "                                                                             \
	"local function show(o) return table.concat(clamav.signatures(o), ',') .. ' ' .. tostring(clamav.scanned(o)) end "

static const char *const cases[][2] = {
    {"return show(x:object{ 'p', 'a' })", "Eicar,Other true"},
    {"return show(x:object{ 'p', 'b' })", " false"},
    {"return show(x:object{ 'p' })", " true"},
    {"return clamav.signatures({})", "an object of a product expected"},
    {"return clamav.scanned(x)", "an object of a product expected"},
    {"return clamav.kind(x:object{ 'p', 'a' })", "CL_TYPE_ZIP"},
    {"return tostring(clamav.kind(x:object{ 'p', 'b' }))", "nil"},
    {"return table.concat(clamav.layers(x:object{ 'p', 'a' }), ' ')", "CL_TYPE_MAIL CL_TYPE_ZIP"},
    {"return table.concat(clamav.layers(x:object{ 'p', 'a', 'b', 'c' }), ' ')", "CL_TYPE_MAIL CL_TYPE_ZIP CL_TYPE_HTML"},
    {"return table.concat(clamav.layers(x:object{ 'p', 'b' }), ' ')", "CL_TYPE_MAIL"},
    {"return table.concat(clamav.layers(x:object{ 'p', 't.tgz', 'a' }), ' ')", "CL_TYPE_MAIL CL_TYPE_GZ CL_TYPE_OLD_TAR CL_TYPE_ELF"},
    {"return table.concat(clamav.layers(x:object{ 'p', 't.tgz', 't.tar' }), ' ')", "CL_TYPE_MAIL CL_TYPE_GZ CL_TYPE_OLD_TAR"},
    {"return table.concat(clamav.layers(x:object{ 'p', 't.tgz', 't.tar', 'b' }), ' ')",
     "CL_TYPE_MAIL CL_TYPE_GZ CL_TYPE_OLD_TAR CL_TYPE_PS"},
    {"return clamav.kind(1)", "an object of a product expected"},
    {"return clamav.layers()", "an object of a product expected"},
    {"return clamav.scaned", "did you mean \"scanned\"?"},
};

static int late(lua_State *L)
{
	lua_call(L, 0, 1);
	return 1;
}

static void what_clamav_said(void **state)
{
	json_t *records = json_loads("[{\"path\":[\"p\"],\"clam_type\":\"CL_TYPE_MAIL\"},"
	                             "{\"path\":[\"p\",\"a\"],\"clam_type\":\"CL_TYPE_ZIP\"},"
	                             "{\"path\":[\"p\",\"a\",\"b\",\"c\"],\"clam_type\":\"CL_TYPE_HTML\"},"
	                             "{\"path\":[\"p\",\"b\"],\"unscanned\":true},"
	                             "{\"path\":[\"p\",\"t.tgz\"],\"kind\":\"gzip\",\"clam_type\":\"CL_TYPE_GZ\"},"
	                             "{\"path\":[\"p\",\"t.tgz\",\"a\"],\"clam_type\":\"CL_TYPE_ELF\"},"
	                             "{\"path\":[\"p\",\"t.tgz\",\"t.tar\"],\"kind\":\"tar\",\"clam_type\":\"CL_TYPE_OLD_TAR\"},"
	                             "{\"path\":[\"p\",\"t.tgz\",\"t.tar\",\"b\"],\"clam_type\":\"CL_TYPE_PS\"}]",
	                             0, NULL);
	json_t *detections =
	    json_loads("[{\"path\":[\"p\",\"a\"],\"signature\":\"Eicar\",\"record\":1},{\"path\":[\"p\",\"a\"],"
	               "\"signature\":\"Other\",\"record\":1},{\"path\":[\"q\"],\"signature\":\"Lost\",\"record\":-1}]",
	               0, NULL);
	pb_product_view v = {.records = records, .detections = detections};
	pb_sandbox *box = box_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(box, (box_job){.product = &v}, HEAD, cases[i][0], cases[i][1]);
	box_expect(box, (box_job){.product = &v, .after = late}, HEAD,
	           "local o = x:object{ 'p' } return function() return clamav.scanned(o) end",
	           "object used after its scan ended");
	box_starve(box, (box_job){.product = &v, .code = HEAD "return function(x) return show(x:object{ 'p', 'a' }) end"});
	box_expect(box, (box_job){.product = &v, .after = late}, HEAD,
	           "local o = x:object{ 'p' } return function() return clamav.layers(o) end",
	           "object used after its scan ended");
	box_starve(box, (box_job){.product = &v,
	                          .code = HEAD
	                          "return function(x) local l = clamav.layers(x:object{ 'p', 'a' }) return l[1] .. l[2] end"});
	pb_box_close(box);
	json_decref(records);
	json_decref(detections);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_clamav_said)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
