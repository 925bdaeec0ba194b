/** # object: the argument of `object = function(object, found)`
 * What map may see: bytes, name class, kind, facts. There is no path and no mode here; `product` has them.
 *
 * | `object.kind` `object.class` | `"elf"`, `"binary"`
 * | `object.name` | the name class: `"package.json"`, `".js"`, `""`
 * | `object.size` `object.sha256` | bytes; lower-case hex
 * | `object.facts` | the facts (see *facts*), also `elf`, `pe`, `macho`, `dotnet` */
#include <string.h>

#include "bindings/scope.h"

static const char object_type[] = "probity.object";

enum { LINE_BEFORE = 2048, LINE_MOST = 4096, BYTES_PER_STEP = 64 };

const pb_object_view *pb_object_check(lua_State *L, int index)
{
	(void)pb_handle_check(L, index, object_type);
	return pb_scope_of(L)->object;
}

/* The number of the line of `at`; goes on from where it was asked before. */
static lua_Integer line_number(lua_State *L, pb_bytes b, size_t at)
{
	pb_scope *s = pb_scope_of(L);

	if (at < s->line_at) {
		s->line_at = 0;
		s->line = 1;
	}
	pb_sandbox_charge(L, (at - s->line_at) / BYTES_PER_STEP);
	for (const uint8_t *p = b.data + s->line_at, *end = b.data + at; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		s->line++;
	s->line_at = at;
	return s->line;
}

/** | `object:line(at)` | the text of the line around `at` (at most 4096 bytes of it, without its end), and its number
 *   from 1; `nil` past the end */
static int line(lua_State *L)
{
	const pb_object_view *v = pb_object_check(L, 1);
	pb_bytes b = v->object->bytes;
	size_t at = pb_offset_check(L, 2), from, n;
	const uint8_t *hit;

	if (at >= b.size)
		return lua_pushnil(L), 1;
	from = at > LINE_BEFORE ? at - LINE_BEFORE : 0;
	hit = memrchr(b.data + from, '\n', at - from);
	if (hit != NULL)
		from = (size_t)(hit - b.data) + 1;
	n = b.size - from < LINE_MOST ? b.size - from : LINE_MOST;
	hit = memchr(b.data + at, '\n', from + n - at);
	if (hit != NULL)
		n = (size_t)(hit - b.data) - from;
	if (n > 0 && b.data[from + n - 1] == '\r')
		n--;
	lua_pushlstring(L, (const char *)b.data + from, n);
	lua_pushinteger(L, line_number(L, v->object->bytes, at));
	return 2;
}

/** | `object:comment(at)` | does `at` lie in a comment of this kind of source? */
static int comment(lua_State *L)
{
	const pb_object_view *v = pb_object_check(L, 1);
	size_t at = pb_offset_check(L, 2);
	pb_scope *s = pb_scope_of(L);

	if (!s->lexed) {
		pb_sandbox_charge(L, v->object->bytes.size / BYTES_PER_STEP);
		s->comments = pb_comments_of(v->object->bytes, v->object->kind);
		s->lexed = true;
	}
	lua_pushboolean(L, pb_comments_at(s->comments, at));
	return 1;
}

static const char *const names[] = {PB_READERS, "kind",  "class",   "name", "size",    "sha256", "facts",
                                    "hits",     "count", "matched", "line", "comment", NULL};

const char *const *pb_object_fields(lua_State *L, int index)
{
	return luaL_testudata(L, index, object_type) != NULL ? names : NULL;
}

static int push_field(lua_State *L, const pb_object_view *v, const char *name)
{
	if (strcmp(name, "kind") == 0)
		lua_pushstring(L, v->object->kind->name);
	else if (strcmp(name, "class") == 0)
		lua_pushstring(L, pb_class_name(v->object->kind->class));
	else if (strcmp(name, "name") == 0)
		lua_pushstring(L, v->object->name_class);
	else if (strcmp(name, "size") == 0)
		lua_pushinteger(L, (lua_Integer)v->object->bytes.size);
	else if (strcmp(name, "sha256") == 0)
		lua_pushstring(L, v->object->sha256);
	else if (strcmp(name, "facts") == 0)
		pb_json_push(L, v->facts);
	else
		return pb_no_field(L, "object", name, names);
	return 1;
}

/* Upvalue: the methods. [1] object [2] name */
static int index_object(lua_State *L)
{
	const pb_object_view *v = pb_object_check(L, 1);
	const char *name = luaL_checkstring(L, 2);

	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
		return 1;
	return push_field(L, v, name);
}

static const luaL_Reg methods[] = {{"line", line}, {"comment", comment}, {NULL, NULL}};
static const luaL_Reg metamethods[] = {{"__len", pb_object_length}, {NULL, NULL}};

void pb_object_register(lua_State *L)
{
	pb_type_make(L, object_type, metamethods);
	lua_newtable(L);
	luaL_setfuncs(L, methods, 0);
	luaL_setfuncs(L, pb_object_hits, 0);
	pb_readers_set(L);
	lua_pushcclosure(L, index_object, 1);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}

void pb_object_push(lua_State *L, const pb_object_view *v)
{
	pb_scope_begin(L, v, NULL);
	(void)pb_handle_push(L, object_type, sizeof(pb_handle));
}

const pb_object_view *pb_object_test(lua_State *L, int index)
{
	return luaL_testudata(L, index, object_type) != NULL ? pb_object_check(L, index) : NULL;
}
