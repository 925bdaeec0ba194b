/* Objects of a product as a tree: parent and children. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "box_case.h"

#define RECORD(path) "{\"path\":" path ",\"sha256\":\"\",\"size\":1,\"kind\":\"text\",\"class\":\"text\",\"result\":{\"facts\":{}}}"

/* Sorted as reduce sorts: an object, what is below it, then the next. Two lie at one path; b/c.tar is no object itself. */
static const char records[] = "[" RECORD("[\"p\"]") "," RECORD("[\"p\",\"a.zip\"]") "," RECORD("[\"p\",\"a.zip\",\"x\"]") "," RECORD(
    "[\"p\",\"a.zip\",\"y.gz\"]") "," RECORD("[\"p\",\"a.zip\",\"y.gz\",\"y\"]") "," RECORD("[\"p\",\"a.zip2\"]") "," RECORD(
    "[\"p\",\"b/c.tar\",\"z\"]") "," RECORD("[\"p\",\"d\"]") "," RECORD("[\"p\",\"d\"]") "]";

#define HEAD                                                                                                                               \
	"local function names(o) local t = '' for c in o:children() do t = t .. table.concat({ table.unpack(c.path, 2) }, '>') .. ' ' end " \
	"return t end "

static const char *const cases[][2] = {
    {"return names(x:object{ 'p' })", "a.zip a.zip2 b/c.tar>z d d "},
    {"return names(x:object{ 'p', 'a.zip' })", "a.zip>x a.zip>y.gz "},
    {"return names(x:object{ 'p', 'a.zip', 'y.gz' }) .. '.' .. names(x:object{ 'p', 'a.zip2' })", "a.zip>y.gz>y ."},
    {"return x:object{ 'p', 'a.zip', 'y.gz', 'y' }.parent.name", "y.gz"},
    {"return x:object{ 'p', 'a.zip', 'y.gz', 'y' }.parent.parent.parent.name", "p"},
    {"return tostring(x:object{ 'p' }.parent)", "nil"},
    {"return x:object{ 'p', 'b/c.tar', 'z' }.parent.name", "p"},
    {"return x:object{ 'p', 'a.zip2' }.parent.name", "p"},
    {"for o in x:objects() do for c in o:children() do if c.parent ~= o then return c.name .. ' is lost' end end end return 'all known'",
     "all known"},
    {"local step = x:object{ 'p', 'a.zip2' }:children() step() return tostring(step()) .. tostring(step())", "nilnil"},
    {"return x:object{ 'p' }.chldren", "did you mean \"children\"?"},
    {"return x:object{ 'p' }.children('x')", "probity.product_object expected"},
};

static int late(lua_State *L)
{
	lua_call(L, 0, 1);
	return 1;
}

static void a_tree(void **state)
{
	json_t *r = json_loads(records, 0, NULL);
	pb_product_view v = {.records = r};
	pb_sandbox *box = box_open();

	(void)state;
	assert_non_null(r);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(box, (box_job){.product = &v}, HEAD, cases[i][0], cases[i][1]);
	box_expect(box, (box_job){.product = &v, .after = late}, HEAD, "local c = x:object{ 'p' }:children() c() return c",
	           "object used after its scan ended");
	box_expect(box, (box_job){.product = &v, .after = late}, HEAD, "local o = x:object{ 'p', 'd' } return function() return o.parent end",
	           "object used after its scan ended");
	box_starve(box, (box_job){.product = &v, .code = HEAD "return function(x) return names(x:object{ 'p' }) end"});
	pb_box_close(box);
	json_decref(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_tree)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
