/* JSON values of the engine (facts, packages, findings) as views: a view is as large as a pointer, and nothing is copied but the
 * strings that a script reads. Arrays count from 1, null is nil. */
/** # facts
 * They look like tables: `object.facts.deb.package`, `#facts.urls`, `for i, url in ipairs(facts.urls) do`, `for
 * k, v in pairs(facts.npm.scripts) do`. They are read where they lie, without copying: taking one entry of a
 * large one costs one entry. [FACTS.md](FACTS.md) says which
 * there are, which objects have them, and what is in them. */
#include <stdlib.h>
#include <string.h>

#include "bindings/scope.h"

static const char view_type[] = "probity.view";

typedef struct view {
	pb_handle handle;
	const json_t *value; /* borrowed: lives as long as the handle is alive */
} view;

void pb_json_push(lua_State *L, const json_t *value)
{
	view *v;

	if (value == NULL)
		lua_pushnil(L);
	else if (json_is_string(value))
		lua_pushlstring(L, json_string_value(value), json_string_length(value));
	else if (json_is_integer(value))
		lua_pushinteger(L, (lua_Integer)json_integer_value(value));
	else if (json_is_real(value))
		lua_pushnumber(L, json_real_value(value));
	else if (json_is_boolean(value))
		lua_pushboolean(L, json_is_true(value));
	else if (json_is_null(value))
		lua_pushnil(L);
	else if ((v = pb_handle_push(L, view_type, sizeof *v)) != NULL)
		v->value = value;
}

static const json_t *value_at(lua_State *L, int index)
{
	return ((view *)pb_handle_check(L, index, view_type))->value;
}

/* [1] view [2] key -> value */
static int index_view(lua_State *L)
{
	const json_t *v = value_at(L, 1);
	int whole;
	lua_Integer i;

	if (lua_type(L, 2) == LUA_TSTRING) {
		pb_json_push(L, json_object_get(v, lua_tostring(L, 2)));
		return 1;
	}
	i = lua_tointegerx(L, 2, &whole);
	if (whole && i >= 1 && (lua_Unsigned)i <= json_array_size(v))
		pb_json_push(L, json_array_get(v, (size_t)i - 1));
	else
		lua_pushnil(L);
	return 1;
}

static int length(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)json_array_size(value_at(L, 1)));
	return 1;
}

static int equal(lua_State *L)
{
	view *a = luaL_testudata(L, 1, view_type), *b = luaL_testudata(L, 2, view_type);

	lua_pushboolean(L, a != NULL && b != NULL && a->handle.generation == b->handle.generation && a->value == b->value);
	return 1;
}

/* Upvalue 1: position. [1] view -> position, value */
static int step_array(lua_State *L)
{
	const json_t *v = value_at(L, 1);
	lua_Integer i = lua_tointeger(L, lua_upvalueindex(1));

	if ((lua_Unsigned)i >= json_array_size(v))
		return lua_pushnil(L), 1;
	lua_pushinteger(L, i + 1);
	lua_pushvalue(L, -1);
	lua_replace(L, lua_upvalueindex(1));
	pb_json_push(L, json_array_get(v, (size_t)i));
	return 2;
}

/* The keys of an object, sorted. Lives in Lua's memory; the keys are jansson's. */
typedef struct keys {
	uint64_t generation;
	size_t n;
	const char *key[];
} keys;

/* Upvalues: keys, position. [1] view -> key, value */
static int step_object(lua_State *L)
{
	const json_t *v = value_at(L, 1);
	const keys *k = lua_touserdata(L, lua_upvalueindex(1));
	lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));

	if (k->generation != pb_scope_of(L)->generation || (lua_Unsigned)i >= k->n)
		return lua_pushnil(L), 1;
	lua_pushinteger(L, i + 1);
	lua_replace(L, lua_upvalueindex(2));
	lua_pushstring(L, k->key[i]);
	pb_json_push(L, json_object_get(v, k->key[i]));
	return 2;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void push_keys(lua_State *L, const json_t *object)
{
	size_t n = json_object_size(object);
	keys *k = lua_newuserdatauv(L, sizeof *k + n * sizeof k->key[0], 0);
	const char *key;
	json_t *value;

	pb_sandbox_charge(L, 8 * (uint64_t)n);
	k->generation = pb_scope_of(L)->generation;
	k->n = 0;
	json_object_foreach ((json_t *)object, key, value) {
		if (k->n < n)
			k->key[k->n++] = key;
	}
	if (k->n > 1)
		qsort(k->key, k->n, sizeof k->key[0], by_text);
}

/* [1] view -> step, view, nil */
static int pairs(lua_State *L)
{
	const json_t *v = value_at(L, 1);

	lua_settop(L, 1);
	if (json_is_array(v)) {
		lua_pushinteger(L, 0);
		lua_pushcclosure(L, step_array, 1);
	} else {
		push_keys(L, v);
		lua_pushinteger(L, 0);
		lua_pushcclosure(L, step_object, 2);
	}
	lua_pushvalue(L, 1);
	lua_pushnil(L);
	return 3;
}

static const luaL_Reg metamethods[] = {
    {"__index", index_view}, {"__len", length}, {"__eq", equal}, {"__pairs", pairs}, {NULL, NULL}};

void pb_json_register(lua_State *L)
{
	pb_type_make(L, view_type, metamethods);
	lua_pushliteral(L, "table"); /* what type() says */
	lua_setfield(L, -2, "__type");
	lua_pop(L, 1);
}
