/* JSON text to Lua tables (checks/tables.c) and back (bindings/json_encode.c), in one sandbox. Raises as they do. */
#ifndef PROBITY_TESTS_TABLES_CASE_H
#define PROBITY_TESTS_TABLES_CASE_H

#include "bindings/bindings.h"
#include "checks/box.h"

#define TABLES_LIMITS                                                                                                          \
	{                                                                                                                      \
		.memory = (size_t)256 << 20, .instructions = 5000000, .subject = (size_t)64 << 20, .steps = 50000000, .findings = 1    \
	}

typedef struct tables_call {
	pb_bytes text;
	const char *out; /* what the tables are as text; the sandbox's, until the next call. NULL: it came to none */
	size_t size;
	int encode, kept; /* in the registry; 0: not yet */
} tables_call;

/* A light userdata with a tables_call on the stack. */
static inline int tables_work(lua_State *L)
{
	tables_call *c = lua_touserdata(L, 1);
	pb_sandbox *s = pb_box_of(L);
	static const char code[] = "return require('probity.json').encode";

	c->out = NULL;
	lua_gc(L, LUA_GCRESTART); /* a text that was refused leaves it stopped */
	if (!c->encode) {
		s->loading = true;
		pb_box_load(L, "tables.lua", (pb_bytes){(const uint8_t *)code, sizeof code - 1});
		lua_call(L, 0, 1);
		s->loading = false;
		c->encode = luaL_ref(L, LUA_REGISTRYINDEX);
	}
	lua_rawgeti(L, LUA_REGISTRYINDEX, c->encode);
	pb_sandbox_push_json(L, c->text, "text");
	lua_call(L, 1, 1);
	luaL_unref(L, LUA_REGISTRYINDEX, c->kept);
	c->out = lua_tolstring(L, -1, &c->size);
	c->kept = luaL_ref(L, LUA_REGISTRYINDEX);
	return 0;
}

#endif
