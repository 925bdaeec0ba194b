/* bindings/types/ is Lua, follows the grammar of its annotations, and says what is there, no more and no less: types.lua
 * judges, here is gathered what is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <lualib.h>

#include "base/buf.h"
#include "base/fs.h"
#include "bindings/scope.h"
#include "box_case.h"
#include "types_case.h"

/* The linker lets the bindings call this one instead of pb_no_field: all names that a handle has come by here. */
static const char *const *names_told;
int __wrap_pb_no_field(lua_State *L, const char *what, const char *field, const char *const *names);
int __wrap_pb_no_field(lua_State *L, const char *what, const char *field, const char *const *names)
{
	names_told = names;
	return luaL_error(L, "%s: no %s", what, field);
}

static const char values[] =
    "local pem, x509, asn1, url, version = require 'probity.pem', require 'probity.x509', require 'probity.asn1', "
    "require 'probity.url', require 'probity.version' local ini, xml = require 'probity.ini', require 'probity.xml' "
    "return function(armoured, root, leaf) local certificate = x509.decode(root) return { "
    "['probity.Key'] = { pem.decode(armoured) }, "
    "['probity.Certificate'] = { certificate, x509.decode(leaf) }, "
    "['probity.NamePart'] = { certificate.subject[1] }, "
    "['probity.Asn1Element'] = { asn1.element(root) }, "
    "['probity.Host'] = { url.host('a.org'), url.host('1.2.3.4') }, "
    "['probity.Url'] = { url.parse('https://u@a.org:1/p?q#f'), url.parse('p') }, "
    "['probity.Semver'] = { version.semver.parse('1.2.3-a+b'), version.semver.parse('1.2.3') }, "
    "['probity.DebianVersion'] = { version.debian.parse('1:2-3'), version.debian.parse('1') }, "
    "['probity.IniEntry'] = ini.decode('a = 1', { entries = true }), "
    "['probity.Element'] = { xml.decode('<a/>') } } end";

typedef struct gathering {
	lua_State *judge; /* stock Lua: [-1] modules, handles, values */
	pb_buf armoured, root, leaf;
} gathering;

/* [-1] of the judge: table[name] = { } -> that on top */
static void enter(lua_State *judge, const char *name)
{
	lua_newtable(judge);
	lua_pushvalue(judge, -1);
	lua_setfield(judge, -3, name);
}

/* [-1] of L: a module's table, or one in it. */
static void gather_module(lua_State *L, lua_State *judge, const char *name)
{
	char inner[200];

	enter(judge, name);
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
		lua_pushstring(judge, luaL_typename(L, -1));
		lua_setfield(judge, -2, lua_tostring(L, -2));
		if (lua_type(L, -1) != LUA_TTABLE)
			continue;
		(void)snprintf(inner, sizeof inner, "%s.%s", name, lua_tostring(L, -2));
		lua_pushvalue(judge, -2); /* modules */
		gather_module(L, judge, inner);
		lua_pop(judge, 1);
	}
	lua_pop(judge, 1);
}

static int no_such_field(lua_State *L)
{
	lua_getfield(L, 1, "xyzzy");
	return 0;
}

/* [-1] of L: a handle -> gone. Its names, and which of them are methods: those in the upvalue of __index. */
static void gather_handle(lua_State *L, lua_State *judge, const char *name)
{
	bool methods;

	names_told = NULL;
	lua_pushcfunction(L, no_such_field);
	lua_pushvalue(L, -2);
	if (lua_pcall(L, 1, 0, 0) == LUA_OK || names_told == NULL)
		luaL_error(L, "%s has any field", name);
	lua_pop(L, 1);
	luaL_getmetafield(L, -1, "__index");
	methods = lua_getupvalue(L, -1, 1) != NULL && lua_type(L, -1) == LUA_TTABLE;
	enter(judge, name);
	for (const char *const *n = names_told; *n != NULL; n++) {
		lua_pushliteral(judge, "field");
		lua_setfield(judge, -2, *n);
		lua_getfield(L, 1, *n); /* raises where it is only a name */
		lua_pop(L, 1);
	}
	if (methods) {
		for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
			lua_pushliteral(judge, "method");
			lua_setfield(judge, -2, lua_tostring(L, -2));
		}
	}
	lua_pop(judge, 1);
	lua_settop(L, 0);
}

static int gather_modules(lua_State *L)
{
	gathering *g = lua_touserdata(L, 1);

	for (const pb_module *m = pb_bindings_table.modules; m->name != NULL; m++) {
		lua_pushcfunction(L, m->open);
		lua_call(L, 0, 1);
		gather_module(L, g->judge, m->name);
		lua_pop(L, 1);
	}
	return 0;
}

/* Pushes what compile of this module makes of the text. */
static void compiled(lua_State *L, lua_CFunction module, const char *text)
{
	lua_settop(L, 0);
	lua_pushcfunction(L, module);
	lua_call(L, 0, 1);
	lua_getfield(L, -1, "compile");
	lua_replace(L, 1);
	lua_pushstring(L, text);
	lua_call(L, 1, 1);
}

static int gather_handles(lua_State *L)
{
	static const pb_scan scan;
	gathering *g = lua_touserdata(L, 1);
	pb_object object = {.bytes = {(const uint8_t *)"x", 1}, .kind = pb_kind_named("text"), .name_class = "", .sha256 = ""};
	pb_object_view view = {&object, NULL, &scan, UINT32_MAX};
	json_t *records = json_loads("[{\"path\":[\"p\"],\"result\":{}}]", 0, NULL), *product = json_object();
	pb_product_view product_view = {.records = records, .product = product};

	lua_settop(L, 0);
	pb_bindings_table.push_object(L, &view);
	gather_handle(L, g->judge, "probity.Object");
	pb_bindings_table.push_object(L, &view);
	lua_getfield(L, -1, "slice");
	lua_insert(L, 1);
	lua_pushinteger(L, 0);
	lua_call(L, 2, 1);
	gather_handle(L, g->judge, "probity.Slice");
	compiled(L, pb_open_regex, "x");
	gather_handle(L, g->judge, "probity.Regex");
	pb_box_of(L)->loading = true;
	compiled(L, pb_open_yara, "rule x { condition: true }");
	pb_box_of(L)->loading = false;
	gather_handle(L, g->judge, "probity.Rules");
	pb_bindings_table.push_product(L, &product_view);
	gather_handle(L, g->judge, "probity.Product");
	pb_product_object_push(L, 0);
	gather_handle(L, g->judge, "probity.ProductObject");
	json_decref(records);
	json_decref(product);
	return 0;
}

/* [-1] of L: { class = { table, ... } } */
static void gather_tables(lua_State *L, lua_State *judge)
{
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
		lua_Integer n = luaL_len(L, -1);

		enter(judge, lua_tostring(L, -2));
		for (lua_Integer i = 1, k = 0; i <= n; i++, k = 0) {
			lua_newtable(judge);
			lua_geti(L, -1, i);
			for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
				lua_pushstring(judge, lua_tostring(L, -2));
				lua_seti(judge, -2, ++k);
			}
			lua_pop(L, 1);
			lua_seti(judge, -2, i);
		}
		lua_pop(judge, 1);
	}
}

static int gather_values(lua_State *L)
{
	gathering *g = lua_touserdata(L, 1);
	pb_sandbox *s = pb_box_of(L);

	s->loading = true;
	pb_box_load(L, "values.lua", (pb_bytes){(const uint8_t *)values, sizeof values - 1});
	lua_call(L, 0, 1);
	s->loading = false;
	lua_pushlstring(L, (const char *)g->armoured.data, g->armoured.size);
	lua_pushlstring(L, (const char *)g->root.data, g->root.size);
	lua_pushlstring(L, (const char *)g->leaf.data, g->leaf.size);
	lua_call(L, 3, 1);
	gather_tables(L, g->judge);
	return 0;
}

/* [judge] -> the same, with the table of all that is there */
static void gather(lua_State *judge)
{
	static const struct {
		const char *name;
		lua_CFunction work;
	} parts[] = {{"modules", gather_modules}, {"handles", gather_handles}, {"values", gather_values}};
	pb_sandbox *box = box_open();
	gathering g = {.judge = judge};

	read_file("tests/fuzz/corpus/x509/pem", &g.armoured);
	read_file("tests/fuzz/corpus/x509/root", &g.root);
	read_file("tests/fuzz/corpus/x509/ec", &g.leaf);
	lua_newtable(judge);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		enter(judge, parts[i].name);
		if (pb_box_enter(box, parts[i].work, &g) != PB_OK)
			fail_msg("%s: %s", parts[i].name, box->why);
		pb_bindings_table.expire(box->L);
		lua_pop(judge, 1);
	}
	pb_box_close(box);
	pb_buf_free(&g.armoured);
	pb_buf_free(&g.root);
	pb_buf_free(&g.leaf);
}

/* What types.lua says of this text, one message a line. */
static void judge_text(const char *text, size_t size, char *out, size_t room)
{
	lua_State *L = luaL_newstate();
	pb_buf code = {0};
	size_t n = 0;

	assert_non_null(L);
	luaL_openlibs(L);
	read_file("tests/unit/types.lua", &code);
	if (luaL_loadbuffer(L, (const char *)code.data, code.size, "@types.lua") != LUA_OK)
		fail_msg("%s", lua_tostring(L, -1));
	lua_pushlstring(L, text, size);
	gather(L);
	if (lua_pcall(L, 2, 1, 0) != LUA_OK)
		fail_msg("%s", lua_tostring(L, -1));
	out[0] = '\0';
	for (lua_Integer i = 1; i <= luaL_len(L, -1) && n < room; i++) {
		lua_geti(L, -1, i);
		n += (size_t)snprintf(out + n, room - n, "%s\n", lua_tostring(L, -1));
		lua_pop(L, 1);
	}
	pb_buf_free(&code);
	lua_close(L);
}

static void the_file_says_what_is_there(void **state)
{
	static char wrong[20000];
	lua_State *L = luaL_newstate();
	pb_buf text = {0};

	(void)state;
	assert_non_null(L);
	read_types(&text);
	if (luaL_loadbuffer(L, (const char *)text.data, text.size, "@types") != LUA_OK)
		fail_msg("%s", lua_tostring(L, -1));
	lua_close(L);
	judge_text((const char *)text.data, text.size, wrong, sizeof wrong);
	if (wrong[0] != '\0')
		fail_msg("\n%s", wrong);
	pb_buf_free(&text);
}

/* Each change of the file is noticed. */
static void what_is_wrong_is_noticed(void **state)
{
	static const char *const cases[][3] = {
	    {"---@field curve? string\n", "", "probity.Certificate has a field curve that is not declared"},
	    {"---@field curve? string\n", "---@field curve? string\n---@field bend? string\n",
	     "no probity.Certificate had a field bend"},
	    {"---@field curve? string\n", "---@field curve string\n", "a probity.Certificate had no field curve"},
	    {"---@field curve? string\n", "---@field curve? strnig\n", "there is no type strnig"},
	    {"---@field curve? string\n", "---@field curve? string[\n", "no type: string["},
	    {"---@field curve? string\n", "---@field curve? { a: }\n", "no type: { a: }"},
	    {"---@field curve? string\n", "---@filed curve? string\n", "no annotation that is used here"},
	    {"---@field kind string\n---@field class string\n---@field name string the",
	     "---@field class string\n---@field name string the", "probity.Object has a field kind that is not declared"},
	    {"function Object:line(at) end", "function Object:lien(at) end", "probity.Object has no function lien"},
	    {"function Object:line(at) end", "function Object:lien(at) end",
	     "probity.Object has a function line that is not declared"},
	    {"function Object:line(at) end", "function Object:line(where) end", "@param says (at), the function (where)"},
	    {"function text.trim(s) end", "function txt.trim(s) end", "txt is no variable of a class"},
	    {"function text.trim(s) end", "function text.trim(s) return s end",
	     "neither an annotation, a comment, a table nor a function"},
	    {"function text.trim(s) end", "", "probity.text has a function trim that is not declared"},
	    {"function rpm.compare(a, b) end", "", "probity.version.rpm has a function compare that is not declared"},
	    {"---@class probity.hash\n", "---@class probity.hashes\n", "probity.hash has no @class"},
	    {"---@class probity.hash\n", "---@class probity.url\n", "probity.url is there twice"},
	    {"---@class probity.Slice: probity.Bytes\n", "---@class probity.Slice\n", "probity.Slice has a function u64be that is not declared"},
	    {"---@class probity.Slice: probity.Bytes\n", "---@class probity.Slice: probity.Bites\n", "there is no class probity.Bites above"},
	    {"---@operator len: integer\n", "---@operator len: intiger\n", "there is no type intiger"},
	    {"---@field null probity.null\nlocal toml", "local toml", "probity.toml has a field null that is not declared"},
	};
	static char wrong[20000];
	pb_buf text = {0};

	(void)state;
	read_types(&text);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *whole = (const char *)text.data, *hit = strstr(whole, cases[i][0]);
		pb_buf changed = {0};

		if (hit == NULL)
			fail_msg("the types do not hold %s", cases[i][0]);
		assert_int_equal(pb_buf_add(&changed, whole, (size_t)(hit - whole)), PB_OK);
		assert_int_equal(pb_buf_puts(&changed, cases[i][1]), PB_OK);
		assert_int_equal(pb_buf_puts(&changed, hit + strlen(cases[i][0])), PB_OK);
		judge_text((const char *)changed.data, changed.size, wrong, sizeof wrong);
		if (strstr(wrong, cases[i][2]) == NULL)
			fail_msg("%s instead of %s\n  gave: %s\n  want: %s", cases[i][1], cases[i][0], wrong, cases[i][2]);
		pb_buf_free(&changed);
	}
	pb_buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_file_says_what_is_there),
	                                   cmocka_unit_test(what_is_wrong_is_noticed)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
