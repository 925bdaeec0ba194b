/* Handles: what they give, what they refuse, and that they die with their call. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "box_case.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SOURCE "int a; // one\r\nint b;\n/* two */ int c;\x01\x02\x03\x04\x05\x06\x07\xf8"

typedef struct world {
	pb_sandbox *box;
	pb_object object;
	pb_scan scan;
	json_t *facts, *records, *packages, *product, *database;
	pb_object_view view;
	pb_product_view product_view;
} world;

static pb_hit hits[] = {
    {4, "r", "$a", 1, 1},  {5, "q", "$a", 30, 2}, {5, "q", "$a", 40, 2}, {5, "r", "$a", 4, 3},
    {5, "r", "$a", 30, 2}, {5, "r", "$b", 7, 1},  {5, "s", NULL, 0, 0},  {6, "r", "$a", 2, 2},
};

static json_t *parse(const char *text)
{
	json_t *v = json_loads(text, 0, NULL);

	assert_non_null(v);
	return v;
}

static int open_world(void **state)
{
	static world w;

	w.box = box_open();
	w.object = (pb_object){.bytes = {(const uint8_t *)SOURCE, sizeof SOURCE - 1},
	                       .kind = pb_kind_named("c"),
	                       .name_class = ".c",
	                       .sha256 = DIGEST};
	w.scan = (pb_scan){.hits = hits, .n_hits = sizeof hits / sizeof hits[0]};
	w.facts = parse("{\"tags\":[\"any\",\"c\"],\"npm\":{\"name\":\"x\",\"scripts\":{\"b\":\"2\",\"a\":\"1\"},\"n\":null,"
	                "\"big\":9007199254740993,\"real\":1.5,"
	                "\"yes\":true},\"list\":[1,[2,3],{\"k\":\"v\"}],\"empty\":{},\"none\":[]}");
	w.records = parse(
	    "[{\"path\":[\"p.deb\"],\"sha256\":\"\",\"size\":7,\"kind\":\"deb\",\"class\":\"archive\",\"name_class\":\".deb\","
	    "\"container\":true,"
	    "\"result\":{\"facts\":{\"tags\":[\"any\",\"manifest\"],\"members\":{\"entries\":[]}},\"findings\":[],\"unknown\":{"
	    "}}},"
	    "{\"path\":[\"p.deb\",\"data.tar\",\"usr/bin/nc\"],\"sha256\":\"" DIGEST
	    "\",\"size\":9,\"kind\":\"elf\",\"class\":\"binary\",\"name_class\":\"\",\"container\":false,"
	    "\"result\":{\"facts\":{\"tags\":[\"any\",\"elf\"]},\"findings\":[{\"check\":\"a.b\",\"key\":\"k\"}],\"unknown\":{}"
	    "}},"
	    "{\"path\":[\"p.deb\",\"data.tar\",\"usr/share/nc\"],\"sha256\":\"" DIGEST
	    "\",\"size\":1,\"kind\":\"text\",\"class\":\"text\",\"name_class\":\"\",\"container\":false,"
	    "\"result\":{\"facts\":{\"tags\":[\"any\"],\"urls\":[]},\"findings\":[],\"unknown\":{}}},"
	    "{\"path\":[\"p.deb\",\"data.tar\",\"usr/share/"
	    "nc\"],\"sha256\":\"\",\"size\":2,\"kind\":\"text\",\"class\":\"text\",\"name_class\":\"\",\"container\":false}]");
	w.packages = parse("[{\"kind\":\"deb\",\"path\":[\"p.deb\"],\"name\":\"netcat\"}]");
	w.product = parse("{\"name\":\"netcat\",\"kind\":\"deb\",\"size\":7}");
	w.database = parse("{\"official\":false}");
	w.view = (pb_object_view){&w.object, w.facts, &w.scan, 5};
	w.product_view = (pb_product_view){
	    .records = w.records, .packages = w.packages, .product = w.product, .database = w.database, .as_of = 20000};
	*state = &w;
	return 0;
}

static int close_world(void **state)
{
	world *w = *state;

	pb_box_close(w->box);
	json_decref(w->facts);
	json_decref(w->records);
	json_decref(w->packages);
	json_decref(w->product);
	json_decref(w->database);
	return 0;
}

static void an_object_shows_its_bytes(void **state)
{
	static const char *const cases[][2] = {
	    {"return x.kind .. x.class .. x.name .. x.size .. x.sha256:sub(1, 3)", "cscript.c46012"},
	    {"return x:bytes(0, 6)", "int a;"},
	    {"return x:bytes(0, 0) .. #x:bytes(40, 1000) .. #x:bytes(1 << 40, 5) .. #x:bytes(46, 1)", "600"},
	    {"return x:bytes(-1, 5)", "an offset or a length counts from 0"},
	    {"return x:bytes(0, 65537)", "0 to 65536 bytes"},
	    {"return x:bytes(0, -1)", "0 to 65536 bytes"},
	    {"return x:bytes('x', 1)", "number expected, got string"},
	    {"return x:bytes(1.5, 1)", "number has no integer representation"},
	    {"return x:u8(38) .. ' ' .. x:u16le(38) .. ' ' .. x:u16be(38) .. ' ' .. x:u32le(38) .. ' ' .. x:u32be(38)",
	     "1 513 258 67305985 16909060"},
	    {"return ('%x %x'):format(x:u64le(38), x:u64be(38))", "f807060504030201 1020304050607f8"},
	    {"return tostring(x:u64be(39)) .. tostring(x:u8(46)) .. tostring(x:u32le(43)) .. tostring(x:u8(math.maxinteger))",
	     "nilnilnilnil"},
	    {"return x:u8(-1)", "an offset or a length counts from 0"},
	    {"local t, n = x:line(0) return t .. n", "int a; // one1"},
	    {"local t, n = x:line(14) return t .. n", "int a; // one1"},
	    {"local t, n = x:line(15) return t .. n", "int b;2"},
	    {"local _, n = x:line(40) local t, m = x:line(16) local _, o = x:line(45) return n .. m .. o", "323"},
	    {"return tostring(x:line(46))", "nil"},
	    {"return tostring(x:comment(8)) .. tostring(x:comment(16)) .. tostring(x:comment(25)) .. tostring(x:comment(1 << "
	     "50))",
	     "truefalsetruefalse"},
	    {"return x.knid", "object has no field \"knid\"; did you mean \"kind\"?"},
	    {"return x[1]", "object has no field \"1\""},
	    {"x.kind = 'elf'", "read-only"},
	    {"return x.bytes({}, 0, 1)", "probity.object expected, got table"},
	    {"return x.bytes('x', 0, 1)", "probity.object expected"},
	    {"return tostring(x) .. type(x)", "userdatauserdata"},
	};
	world *w = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(w->box, (box_job){.object = &w->view}, "", cases[i][0], cases[i][1]);
}

static void hits_are_those_of_the_check(void **state)
{
	static const char *const cases[][2] = {
	    {"local o = '' for at, n in x:hits('$a') do o = o .. at .. ':' .. n .. ' ' end return o", "4:3 30:2 40:2 "},
	    {"local o = '' for at, n, id, rule in x:hits() do o = o .. at .. id .. rule .. ' ' end return o",
	     "4$ar 7$br 30$aq 30$ar 40$aq "},
	    {"return x:count('$a') .. x:count('$b') .. x:count('$c') .. x:count()", "3105"},
	    {"return tostring(x:matched('s')) .. tostring(x:matched('r')) .. tostring(x:matched('t'))", "truetruefalse"},
	    {"return x:hits('a')", "begins with $"},
	    {"return x:count(5)", "begins with $"},
	    {"for at in x:hits('$zz') do return at end return 'none'", "none"},
	};
	world *w = *state;
	pb_object_view none = w->view;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(w->box, (box_job){.object = &w->view}, "", cases[i][0], cases[i][1]);
	none.source = UINT32_MAX;
	box_expect(w->box, (box_job){.object = &none}, "", "return x:count() .. tostring(x:matched('r'))", "0false");
	none.source = 99;
	box_expect(w->box, (box_job){.object = &none}, "", "return x:count()", "0");
}

static void facts_look_like_tables(void **state)
{
	static const char *const cases[][2] = {
	    {"return x.facts.npm.name .. #x.facts.tags .. x.facts.tags[1] .. x.facts.list[2][2] .. x.facts.list[3].k",
	     "x2any3v"},
	    {"return type(x.facts) .. type(x.facts.npm) .. tostring(x.facts)", "tabletabletable"},
	    {"return tostring(x.facts.nothing) .. tostring(x.facts.npm.n) .. tostring(x.facts.list[0]) .. "
	     "tostring(x.facts.list[4]) .. tostring(x.facts.npm[1])",
	     "nilnilnilnilnil"},
	    {"return x.facts.npm.big .. x.facts.npm.real .. tostring(x.facts.npm.yes)", "90071992547409931.5true"},
	    {"local o = '' for k, v in pairs(x.facts.npm.scripts) do o = o .. k .. v end return o", "a1b2"},
	    {"local o = '' for i, v in pairs(x.facts.tags) do o = o .. i .. v end return o", "1any2c"},
	    {"local o = '' for i, v in ipairs(x.facts.tags) do o = o .. i .. v end return o", "1any2c"},
	    {"return table.concat(x.facts.tags, ',') .. select('#', table.unpack(x.facts.list))", "any,c3"},
	    {"return next(x.facts.npm.scripts) .. tostring(next(x.facts.npm.scripts, 'b')) .. next(x.facts.npm.scripts, 'a')",
	     "anilb"},
	    {"return tostring(next(x.facts.empty)) .. tostring(next(x.facts.none)) .. #x.facts.none", "nilnil0"},
	    {"local f = x.facts return tostring(f.npm == f.npm) .. tostring(f.npm == f.list) .. tostring(rawequal(f, f))",
	     "truefalsetrue"},
	    {"x.facts.npm = 1", "read-only"},
	    {"x.facts.tags[1] = 1", "read-only"},
	    {"table.sort(x.facts.tags)", "table expected"},
	    {"table.insert(x.facts.tags, 'x')", "read-only"},
	    {"return ('%s'):format(x.facts)", "table"},
	};
	world *w = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(w->box, (box_job){.object = &w->view}, "", cases[i][0], cases[i][1]);
}

static void a_product_shows_its_objects(void **state)
{
	static const char *const cases[][2] = {
	    {"return x.name .. x.version .. x.kind .. x.as_of .. x.size .. x.packages[1].name .. tostring(x.database.official) "
	     ".. tostring(x.limits)",
	     "netcatdeb200007netcatfalsenil"},
	    {"local o = '' for p in x:objects() do o = o .. p.basename .. ' ' end return o", "p.deb nc nc nc "},
	    {"local o = '' for p in x:objects{ kind = 'elf' } do o = o .. p.name end return o", "usr/bin/nc"},
	    {"local o = '' for p in x:objects{ class = 'text', fact = 'urls' } do o = o .. p.size end return o", "1"},
	    {"local o = '' for p in x:objects{ tag = 'manifest' } do o = o .. p.kind .. tostring(p.container) end return o",
	     "debtrue"},
	    {"local o = '' for p in x:objects{ glob = 'nc' } do o = o .. p.size end return o", "912"},
	    {"local o = '' for p in x:objects{ glob = 'usr/bin/*' } do o = o .. p.size end return o", "9"},
	    {"local o = '' for p in x:objects{ glob = 'p.deb/**/nc' } do o = o .. p.size end return o", "912"},
	    {"local o = '' for p in x:objects{ glob = '*.deb' } do o = o .. p.size end return o", "7"},
	    {"return tostring(x:objects{ kind = 'rpm' }())", "nil"},
	    {"local it = x:objects() for i = 1, 9 do it() end return tostring(it())", "nil"},
	    {"return x:objects{ knid = 'elf' }", "product:objects has no field \"knid\"; did you mean \"kind\"?"},
	    {"return x:objects{ 'elf' }", "product:objects has no field \"[1]\""},
	    {"return x:objects{ kind = 5 }", "kind must be a string, is a number"},
	    {"return x:objects('elf')", "table expected"},
	    {"return x:object{ 'p.deb', 'data.tar', 'usr/bin/nc' }.kind", "elf"},
	    {"return x:object{ 'p.deb', 'data.tar', 'usr/share/nc' }.size", "1"},
	    {"return x:object(x.packages[1].path).kind", "deb"},
	    {"local o = x:objects{ kind = 'elf' }() return tostring(x:object(o.path) == o) .. tostring(o == x:objects()())",
	     "truefalse"},
	    {"return tostring(x:object{ 'p.deb', 'data.tar' }) .. tostring(x:object{})", "nilnil"},
	    {"return x:object{ 1 }", "a path is a list of strings"},
	    {"return x:object('p.deb')", "a path (a list of strings) expected"},
	    {"local o = x:objects{ kind = 'elf' }() return o.sha256:sub(1, 4) .. o.class .. o.name_class .. #o.path .. "
	     "o.path[1] .. o.findings[1].key .. o.facts.tags[2]",
	     "0123binary3p.debkelf"},
	    {"local o for p in x:objects() do o = p end return tostring(o.facts) .. tostring(o.findings)", "nilnil"},
	    {"return x:objects()().nmae", "an object of a product has no field \"nmae\"; did you mean \"name\"?"},
	    {"return x.nmae", "product has no field \"nmae\"; did you mean \"name\"?"},
	    {"x.name = 'y'", "read-only"},
	    {"return x.objects({})", "probity.product expected, got table"},
	};
	world *w = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(w->box, (box_job){.product = &w->product_view}, "", cases[i][0], cases[i][1]);
}

/* [1] what the script returned: a function that uses a handle, called once its call is over */
static int call_late(lua_State *L)
{
	lua_call(L, 0, 1);
	return 1;
}

static void handles_die_with_their_call(void **state)
{
	static const char *const of_object[] = {
	    "return function() return x.kind end",
	    "return function() return x.facts end",
	    "local f = x.facts return function() return f.tags end",
	    "local f = x.facts.tags return function() return #f end",
	    "local f = x.facts.tags return function() return f[1] end",
	    "local f = x.facts return function() for k in pairs(f) do end end",
	    "local step, f = pairs(x.facts.npm) return function() return step(f) end",
	    "local step, f = pairs(x.facts.tags) return function() return step(f) end",
	    "local f = x.facts.tags return function() return table.concat(f) end",
	    "local b = x.bytes return function() return b(x, 0, 1) end",
	    "local b = x.u8 return function() return b(x, 0) end",
	    "local l = x.line return function() return l(x, 0) end",
	    "local c = x.comment return function() return c(x, 0) end",
	    "local it = x:hits('$a') return function() return it() end",
	    "return function() return pem.decode(x, 0) end",
	};
	static const char *const of_product[] = {
	    "return function() return x.name end",
	    "local o = x:objects()() return function() return o.kind end",
	    "local it = x:objects() return function() return it() end",
	    "local p = x.packages return function() return p[1] end",
	    "local o = x.object return function() return o(x, { 'p.deb' }) end",
	};
	world *w = *state;

	for (size_t i = 0; i < sizeof of_object / sizeof of_object[0]; i++)
		box_expect(w->box, (box_job){.object = &w->view, .after = call_late}, "local pem = require 'probity.pem'",
		           of_object[i], "object used after its scan ended");
	for (size_t i = 0; i < sizeof of_product / sizeof of_product[0]; i++)
		box_expect(w->box, (box_job){.product = &w->product_view, .after = call_late}, "", of_product[i],
		           "object used after its scan ended");
}

static void an_empty_object_has_no_bytes(void **state)
{
	static const char *const cases[][2] = {
	    {"return #x:bytes(0, 10) .. x.size", "00"},
	    {"return tostring(x:u8(0)) .. tostring(x:line(0)) .. tostring(x:comment(0))", "nilnilfalse"},
	};
	world *w = *state;
	pb_object empty = w->object;
	pb_object_view view = w->view;

	empty.bytes = (pb_bytes){NULL, 0};
	view.object = &empty;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(w->box, (box_job){.object = &view}, "", cases[i][0], cases[i][1]);
}

static void long_lines_are_cut(void **state)
{
	world *w = *state;
	pb_object big = w->object;
	pb_object_view view = w->view;
	size_t n = 1 << 20;
	char *text = malloc(n);

	memset(text, 'x', n);
	text[n / 2] = '\n';
	big.bytes = (pb_bytes){(const uint8_t *)text, n};
	view.object = &big;
	box_expect(w->box, (box_job){.object = &view}, "", "local t, n = x:line(100000) return #t .. ' ' .. n", "4096 1");
	box_expect(w->box, (box_job){.object = &view}, "", "local t, n = x:line(x.size - 1) return #t .. ' ' .. n", "2049 2");
	box_expect(w->box, (box_job){.object = &view}, "", "while true do x:line(x.size - 1) x:line(0) end",
	           "limit instructions");
	box_expect(w->box, (box_job){.object = &view}, "", "while true do x:bytes(0, 65536) end", "limit instructions");
	free(text);
}

static void allocations_may_fail(void **state)
{
	world *w = *state;
	box_job object = {.code = "return function(x) local o = x.kind .. x:bytes(0, 50) for k, v in "
	                          "pairs(x.facts.npm.scripts) do o = o .. k .. v end "
	                          "for at, n, id in x:hits() do o = o .. id .. at end return o .. x.facts.list[3].k .. "
	                          "x:line(20) .. tostring(x:comment(3)) end",
	                  .object = &w->view};
	box_job product = {.code = "return function(x) local o = '' for p in x:objects{ glob = 'usr/**' } do o = o .. p.name "
	                           ".. x:object(p.path).size end return o end",
	                   .product = &w->product_view};

	box_starve(w->box, object);
	box_starve(w->box, product);
}

static void other_things_are_no_evidence(void **state)
{
	world *w = *state;

	lua_settop(w->box->L, 0);
	lua_pushinteger(w->box->L, 1);
	assert_int_equal(pb_bindings_table.record_of(w->box->L, 1), -1);
	lua_settop(w->box->L, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_object_shows_its_bytes),    cmocka_unit_test(hits_are_those_of_the_check),
	    cmocka_unit_test(facts_look_like_tables),       cmocka_unit_test(a_product_shows_its_objects),
	    cmocka_unit_test(handles_die_with_their_call),  cmocka_unit_test(an_empty_object_has_no_bytes),
	    cmocka_unit_test(long_lines_are_cut),           cmocka_unit_test(allocations_may_fail),
	    cmocka_unit_test(other_things_are_no_evidence),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
