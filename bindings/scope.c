#include "bindings/scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bindings/document.h"

static const char scope_type[] = "probity.scope";
static const char scope_key; /* its address is the key in the registry */

static void forget(pb_scope *s)
{
	s->generation++;
	s->object = NULL;
	s->product = NULL;
	pb_comments_free(s->comments);
	s->comments = NULL;
	s->lexed = false;
	s->line_at = 0;
	s->line = 1;
	free(s->scratch);
	s->scratch = NULL;
	json_decref(s->waiting);
	s->waiting = NULL;
	pb_document_free(s->document);
	s->document = NULL;
}

static int collect(lua_State *L)
{
	forget(luaL_checkudata(L, 1, scope_type));
	return 0;
}

pb_scope *pb_scope_of(lua_State *L)
{
	pb_scope *s;

	pb_scope_push(L);
	s = lua_touserdata(L, -1);
	lua_pop(L, 1);
	return s;
}

void pb_scope_push(lua_State *L)
{
	lua_rawgetp(L, LUA_REGISTRYINDEX, &scope_key);
}

void pb_scope_table(lua_State *L, int which)
{
	pb_scope_push(L);
	if (lua_getiuservalue(L, -1, which) != LUA_TTABLE) {
		lua_pop(L, 1);
		lua_newtable(L);
		lua_pushvalue(L, -1);
		lua_setiuservalue(L, -3, which);
	}
	lua_remove(L, -2);
}

void pb_scope_register(lua_State *L)
{
	pb_scope *s = lua_newuserdatauv(L, sizeof *s, PB_SCOPE_VALUES);

	memset(s, 0, sizeof *s); /* closed first, then its metatable: it may be collected from here on */
	s->line = 1;
	luaL_newmetatable(L, scope_type);
	lua_pushcfunction(L, collect);
	lua_setfield(L, -2, "__gc");
	lua_setmetatable(L, -2);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &scope_key);
}

void pb_scope_begin(lua_State *L, const pb_object_view *object, const pb_product_view *product)
{
	pb_scope *s = pb_scope_of(L);

	s->object = object;
	s->product = product;
}

void pb_scope_expire(lua_State *L)
{
	pb_scope_push(L);
	forget(lua_touserdata(L, -1));
	for (int i = 1; i <= PB_SCOPE_VALUES; i++) {
		lua_pushnil(L);
		lua_setiuservalue(L, -2, i);
	}
	lua_pop(L, 1);
}

void *pb_handle_push(lua_State *L, const char *type, size_t size)
{
	pb_handle *h = lua_newuserdatauv(L, size, 0);

	memset(h, 0, size); /* generation 0 is never alive */
	luaL_setmetatable(L, type);
	h->generation = pb_scope_of(L)->generation;
	return h;
}

void *pb_handle_check(lua_State *L, int index, const char *type)
{
	pb_handle *h = luaL_checkudata(L, index, type);

	if (h->generation != pb_scope_of(L)->generation)
		luaL_error(L, "object used after its scan ended");
	return h;
}

int pb_push_owned(lua_State *L, char *s)
{
	pb_scope *scope = pb_scope_of(L);

	free(scope->scratch);
	scope->scratch = s; /* lua_pushstring may raise: the scope frees it then */
	if (s == NULL)
		return luaL_error(L, "out of memory");
	lua_pushstring(L, s);
	free(scope->scratch);
	scope->scratch = NULL;
	return 1;
}

int pb_no_field(lua_State *L, const char *what, const char *field, const char *const *names)
{
	size_t n = 0;
	const char *near;

	while (names[n] != NULL)
		n++;
	near = pb_text_nearest(field, names, n);
	if (near != NULL)
		return luaL_error(L, "%s has no field \"%s\"; did you mean \"%s\"?", what, field, near);
	return luaL_error(L, "%s has no field \"%s\"", what, field);
}

static int refuse_write(lua_State *L)
{
	return luaL_error(L, "what the engine hands over is read-only");
}

void pb_type_make(lua_State *L, const char *type, const luaL_Reg *metamethods)
{
	luaL_newmetatable(L, type);
	luaL_setfuncs(L, metamethods, 0);
	lua_pushcfunction(L, refuse_write);
	lua_setfield(L, -2, "__newindex");
}
