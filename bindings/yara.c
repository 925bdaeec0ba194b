/** # require "probity.yara"
 * Rules of the check's own, held against what it chooses. What every object has to be asked belongs into `looks`, which
 * costs one pass for all checks together.
 *
 *     local yara = require "probity.yara"
 *     -- at the top of the file
 *     local rules = yara.compile [[ rule packed : upx { strings: $a = "UPX!" condition: $a in (0..1024) } ]]
 *
 *     for _, m in ipairs(rules:match(object:slice(0, 4096) or object)) do ... m.rule, m.strings[1].at ... end
 *
 * `rules:match(where)` gives a list, in the order of the source, of `rule`, `tags` (list), `meta` (table) and `strings`
 * (list of `id`, `at`, `length`; at most 1000 of each string, private ones left out). `where`: an object, a slice or a
 * string; `at` counts from its beginning. YARA's modules may be imported, nothing may be included. A quarter of an
 * instruction for each byte; more than 10,000 matches, a rule that YARA gives up on, or more than 5 seconds is "limit
 * match". */
#include <string.h>

#include "bindings/scope.h"
#include "facts/own_rules.h"

static const char type[] = "probity.yara";

enum { SOURCE_BYTES = 1 << 20, SECONDS = 5, STEPS_PER_MATCH = 2000, BYTES_PER_STEP = 4, STEPS_PER_VALUE = 8 };

typedef struct rules {
	pb_own_rules *own;
} rules;

static int collect(lua_State *L)
{
	rules *r = luaL_checkudata(L, 1, type);

	pb_own_rules_close(r->own);
	r->own = NULL;
	return 0;
}

/* yara.compile(source) -> rules */
static int compile(lua_State *L)
{
	size_t n;
	const char *source = luaL_checklstring(L, 1, &n);
	pb_error err = {0};
	rules *r;

	if (!pb_sandbox_loading(L))
		return luaL_error(L, "yara.compile belongs at the top of the file, outside of functions: rules are compiled once");
	luaL_argcheck(L, n <= SOURCE_BYTES, 1, "longer than 1 MiB");
	luaL_argcheck(L, memchr(source, '\0', n) == NULL, 1, "it holds a NUL byte");
	pb_sandbox_charge(L, STEPS_PER_MATCH + n);
	r = lua_newuserdatauv(L, sizeof *r, 0);
	r->own = NULL;
	luaL_setmetatable(L, type);
	if (pb_own_rules_open(source, "line", &r->own, &err) != PB_OK)
		return luaL_error(L, "yara.compile: %s", err.text);
	return 1;
}

/* Tables of their own: what YARA found is small. Depth 4. */
static void push_value(lua_State *L, const json_t *v)
{
	const char *key;
	json_t *item;
	size_t i;

	luaL_checkstack(L, 8, "matches");
	pb_sandbox_charge(L, STEPS_PER_VALUE);
	if (json_is_array(v)) {
		lua_createtable(L, (int)json_array_size(v), 0);
		json_array_foreach (v, i, item) {
			push_value(L, item);
			lua_rawseti(L, -2, (lua_Integer)i + 1);
		}
	} else if (json_is_object(v)) {
		lua_newtable(L);
		json_object_foreach ((json_t *)v, key, item) {
			lua_pushstring(L, key);
			push_value(L, item);
			lua_rawset(L, -3);
		}
	} else {
		pb_json_push(L, v);
	}
}

/* rules:match(where) -> list */
static int match(lua_State *L)
{
	const rules *r = luaL_checkudata(L, 1, type);
	pb_bytes b = pb_subject_check(L, 2);
	pb_scope *s = pb_scope_of(L);
	const char *why;

	pb_sandbox_charge(L, STEPS_PER_MATCH + b.size / BYTES_PER_STEP);
	json_decref(s->waiting); /* of a call before that raised */
	s->waiting = NULL;
	if (pb_own_rules_run(r->own, b, SECONDS, &s->waiting, &why) != PB_OK)
		return luaL_error(L, "out of memory");
	if (why != NULL)
		pb_sandbox_match_limit(L);
	push_value(L, s->waiting);
	json_decref(s->waiting);
	s->waiting = NULL;
	return 1;
}

/* Upvalue: the methods. [1] rules [2] name */
static int index_rules(lua_State *L)
{
	static const char *const names[] = {"match", NULL};

	(void)luaL_checkudata(L, 1, type);
	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TNIL)
		return pb_no_field(L, "compiled rules", luaL_checkstring(L, 2), names);
	return 1;
}

static const luaL_Reg methods[] = {{"match", match}, {NULL, NULL}};
static const luaL_Reg metamethods[] = {{"__gc", collect}, {NULL, NULL}};
static const luaL_Reg functions[] = {{"compile", compile}, {NULL, NULL}};

void pb_yara_register(lua_State *L)
{
	pb_type_make(L, type, metamethods);
	luaL_newlib(L, methods);
	lua_pushcclosure(L, index_rules, 1);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}

int pb_open_yara(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
