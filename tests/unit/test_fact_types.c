/* What bindings/types/ says of YARA's modules is what libyara declares, field by field; fact_types.lua judges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <lauxlib.h>
#include <lualib.h>

#include "base/buf.h"
#include "base/fs.h"
#include "facts/facts.h"
#include "facts/yara_rules.h"
#include "types_case.h"

static void declare(YR_OBJECT *object, const char *place, pb_buf *lines)
{
	static const char *const scalars[] = {
	    [OBJECT_TYPE_INTEGER] = "integer", [OBJECT_TYPE_STRING] = "string", [OBJECT_TYPE_FLOAT] = "number"};
	char inner[300];

	if (object->type == OBJECT_TYPE_STRUCTURE) {
		for (YR_STRUCTURE_MEMBER *m = ((YR_OBJECT_STRUCTURE *)object)->members; m != NULL; m = m->next) {
			(void)snprintf(inner, sizeof inner, "%s.%s", place, m->object->identifier);
			if (m->object->identifier[0] >= 'a' && m->object->identifier[0] <= 'z') /* the others are constants */
				declare(m->object, inner, lines);
		}
	} else if (object->type == OBJECT_TYPE_ARRAY) {
		(void)snprintf(inner, sizeof inner, "%s[]", place);
		declare(((YR_OBJECT_ARRAY *)object)->prototype_item, inner, lines);
	} else if (object->type == OBJECT_TYPE_DICTIONARY) {
		(void)snprintf(inner, sizeof inner, "%s{}", place);
		declare(((YR_OBJECT_DICTIONARY *)object)->prototype_item, inner, lines);
	} else if (object->type != OBJECT_TYPE_FUNCTION) {
		assert_int_equal(pb_buf_printf(lines, "%s %s\n", place, scalars[object->type]), PB_OK);
	}
}

static int imported(YR_SCAN_CONTEXT *context, int message, void *data, void *user)
{
	(void)context;
	if (message == CALLBACK_MSG_MODULE_IMPORTED)
		declare(data, ((YR_OBJECT *)data)->identifier, user);
	return CALLBACK_CONTINUE;
}

/* All that the modules declare, also of what was not there to be read. */
static void ask_yara(pb_buf *lines)
{
	YR_COMPILER *compiler = NULL;
	YR_RULES *rules = NULL;

	assert_int_equal(yr_initialize(), ERROR_SUCCESS);
	assert_int_equal(yr_compiler_create(&compiler), ERROR_SUCCESS);
	assert_int_equal(
	    yr_compiler_add_string(
	        compiler, "import \"elf\" import \"pe\" import \"dotnet\" import \"macho\" rule x { condition: true }", NULL),
	    0);
	assert_int_equal(yr_compiler_get_rules(compiler, &rules), ERROR_SUCCESS);
	assert_int_equal(yr_rules_scan_mem(rules, (const uint8_t *)"text", 4, 0, imported, lines, 0), ERROR_SUCCESS);
	yr_rules_destroy(rules);
	yr_compiler_destroy(compiler);
	(void)yr_finalize();
}

/* Pushes what this script returns, of the n values on top. */
static void call(lua_State *L, const char *script, int n, int results)
{
	pb_buf code = {0};

	read_file(script, &code);
	if (luaL_loadbuffer(L, (const char *)code.data, code.size, script) != LUA_OK)
		fail_msg("%s", lua_tostring(L, -1));
	pb_buf_free(&code);
	lua_insert(L, -1 - n);
	if (lua_pcall(L, n, results, 0) != LUA_OK)
		fail_msg("%s", lua_tostring(L, -1));
}

/* What fact_types.lua says of this text, one message a line. */
static void judge(const char *text, const pb_buf *lines, char *out, size_t room)
{
	static const char *const kinds[] = {"modules", "handles", "values"};
	lua_State *L = luaL_newstate();
	size_t n = 0;

	assert_non_null(L);
	luaL_openlibs(L);
	lua_pushstring(L, text);
	lua_newtable(L); /* nothing is there: what it says of that is for test_binding_types.c */
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		lua_newtable(L);
		lua_setfield(L, -2, kinds[i]);
	}
	call(L, "tests/unit/types.lua", 2, 2);
	lua_pushlstring(L, (const char *)lines->data, lines->size);
	call(L, "tests/unit/fact_types.lua", 2, 1);
	out[0] = '\0';
	for (lua_Integer i = 1; i <= luaL_len(L, -1) && n < room; i++) {
		lua_geti(L, -1, i);
		n += (size_t)snprintf(out + n, room - n, "%s\n", lua_tostring(L, -1));
		lua_pop(L, 1);
	}
	lua_close(L);
}

static void the_modules_are_described(void **state)
{
	/* What is changed, into what, and what is said of it. */
	static const char *const cases[][3] = {
	    {"---@field sh_offset? integer\n", "", "not described: elf.sh_offset integer"},
	    {"---@field sh_offset? integer\n", "---@field sh_offset? string\n", "YARA has no elf.sh_offset string"},
	    {"---@field sh_offset? integer\n", "---@field sh_offset integer\n",
	     "elf.sh_offset: all of YARA's may be undefined"},
	    {"---@field sh_offset? integer\n", "---@field sh_offset? integer\n---@field extra? string\n",
	     "YARA has no elf.extra string"},
	    {"probity.ElfSection[]", "probity.ElfSection", "not described: elf.sections[].name string"},
	    {"table<string, string>\n---@field version_info_list", "string\n---@field version_info_list",
	     "not described: pe.version_info{} string"},
	    {"---@class probity.Macho\n", "---@class probity.Mach\n", "probity.Macho is not there"},
	};
	static char wrong[60000], changed[200000];
	pb_buf text = {0}, lines = {0};

	(void)state;
	read_types(&text);
	assert_int_equal(pb_buf_add(&text, "", 1), PB_OK);
	ask_yara(&lines);
	assert_true(lines.size > 5000);
	judge((const char *)text.data, &lines, wrong, sizeof wrong);
	if (wrong[0] != '\0')
		fail_msg("\n%s", wrong);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *whole = (const char *)text.data, *hit = strstr(whole, cases[i][0]);

		if (hit == NULL)
			fail_msg("the types do not hold %s", cases[i][0]);
		assert_true((size_t)snprintf(changed, sizeof changed, "%.*s%s%s", (int)(hit - whole), whole, cases[i][1],
		                             hit + strlen(cases[i][0])) < sizeof changed);
		judge(changed, &lines, wrong, sizeof wrong);
		if (strstr(wrong, cases[i][2]) == NULL)
			fail_msg("%s instead of %s\n  gave: %s\n  want: %s", cases[i][1], cases[i][0], wrong, cases[i][2]);
	}
	pb_buf_free(&text);
	pb_buf_free(&lines);
}

/* Each row of the table of facts is a field of the classes of facts. */
static void each_fact_is_described(void **state)
{
	const char *from, *to, *name;
	pb_buf text = {0};
	size_t i;

	(void)state;
	read_types(&text);
	assert_int_equal(pb_buf_add(&text, "", 1), PB_OK);
	from = strstr((const char *)text.data, "---@class probity.Facts\n");
	to = from != NULL ? strstr(from, "---@class probity.TextFact\n") : NULL;
	assert_non_null(to);
	for (i = 0; (name = pb_fact_name(i)) != NULL; i++) {
		char optional[80], always[80];
		const char *hit;

		(void)snprintf(optional, sizeof optional, "---@field %s? ", name);
		(void)snprintf(always, sizeof always, "---@field %s ", name);
		hit = strstr(from, optional) != NULL ? strstr(from, optional) : strstr(from, always);
		if (hit == NULL || hit > to)
			fail_msg("the fact %s is not described", name);
	}
	assert_true(i > 20);
	pb_buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_modules_are_described), cmocka_unit_test(each_fact_is_described)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
