/* Files of the box: check files and lib.NAME, text only, each run once; and require. */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "checks/box.h"

enum { LIB_MAX = 4 << 20, NAME_MAX_BYTES = 100 };

void pb_box_load(lua_State *L, const char *name, pb_bytes text)
{
	pb_sandbox *s = pb_box_of(L);
	const char *bytes = text.size > 0 ? (const char *)text.data : "";

	if (text.size > 0 && bytes[0] == LUA_SIGNATURE[0])
		luaL_error(L, "%s:1: bytecode: a check is source text", name);
	lua_pushfstring(L, "@%s", name);
	if (luaL_loadbufferx(L, bytes, text.size, lua_tostring(L, -1), "t") != LUA_OK) {
		char message[400];

		if (lua_type(L, -1) != LUA_TSTRING)
			lua_error(L);
		pb_box_reword(name, lua_tostring(L, -1), message, sizeof message);
		lua_pushstring(L, message);
		lua_error(L);
	}
	lua_remove(L, -2);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->env);
	lua_setupvalue(L, -2, 1);
}

/* "lib.a_b" -> "a_b.lua"; false where it is no such name. Nothing but letters, digits, '_' and '-': no way out of the folder.
 */
static bool lib_file(const char *module, char *out, size_t room)
{
	const char *name = module + 4;

	if (strncmp(module, "lib.", 4) != 0 || name[0] == '\0' || strlen(name) > NAME_MAX_BYTES)
		return false;
	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] != '\0')
		return false;
	return snprintf(out, room, "%s.lua", name) > 0;
}

/* Pushes what the library returns. Its text lies in the sandbox, so that an error loses no memory. */
static void run_lib(lua_State *L, const char *module, const char *file)
{
	pb_sandbox *s = pb_box_of(L);
	char *path = s->lib_dir != NULL ? pb_fs_join(s->lib_dir, file) : NULL, shown[NAME_MAX_BYTES + 24];
	pb_error err = {0};
	int rc;

	if (path == NULL)
		luaL_error(L, "require: there is no %s", module);
	rc = pb_fs_read(path, LIB_MAX, &s->text, &err);
	free(path);
	if (rc != PB_OK)
		luaL_error(L, "require \"%s\": %s", module, err.text);
	(void)snprintf(shown, sizeof shown, "scripts/lib/%s", file);
	pb_box_load(L, shown, (pb_bytes){s->text.data, s->text.size});
	pb_buf_free(&s->text);
	lua_call(L, 0, 1);
	if (!lua_istable(L, -1) && !lua_isfunction(L, -1))
		luaL_error(L, "%s returns a %s: it must return a table (or a function)", shown, luaL_typename(L, -1));
}

static const pb_module *module_named(const pb_sandbox *s, const char *name)
{
	const pb_module *m = s->bindings != NULL ? s->bindings->modules : NULL;

	for (; m != NULL && m->name != NULL; m++)
		if (strcmp(m->name, name) == 0)
			return m;
	return NULL;
}

static int no_such_module(lua_State *L, const char *name)
{
	const pb_bindings *b = pb_box_of(L)->bindings;
	const char *names[32];
	char meant[160];
	size_t n = 0;

	for (const pb_module *m = b != NULL ? b->modules : NULL; m != NULL && m->name != NULL && n < 32; m++)
		names[n++] = m->name;
	(void)pb_box_meant(name, names, n, meant, sizeof meant);
	return luaL_error(L, "require: there is no module \"%s\"%s", name,
	                  meant[0] != '\0' ? meant : " (there are those of bindings/README.md, and lib.NAME)");
}

/* require(name): a module of the bindings' table, or scripts/lib/NAME.lua; once each, read-only. Only while files are loaded,
 * so that no call finds more there than another did. */
int pb_box_require(lua_State *L)
{
	enum { NAME = 1, MODULES = 2, VALUE = 3 };
	pb_sandbox *s = pb_box_of(L);
	const char *name = luaL_checkstring(L, NAME);
	const pb_module *m = module_named(s, name);
	char file[NAME_MAX_BYTES + 8];

	if (!s->loading)
		return luaL_error(L, "require belongs at the top of the file, outside of functions");
	lua_settop(L, NAME);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->modules);
	lua_pushvalue(L, NAME);
	switch (lua_rawget(L, MODULES)) {
	case LUA_TNIL:
		lua_settop(L, MODULES);
		break;
	case LUA_TBOOLEAN:
		return luaL_error(L, "require \"%s\": it requires itself, directly or through others", name);
	default:
		return 1;
	}
	if (m == NULL && !lib_file(name, file, sizeof file))
		return no_such_module(L, name);
	lua_pushboolean(L, 1);
	lua_setfield(L, MODULES, name);
	if (m != NULL) {
		lua_pushcfunction(L, m->open);
		lua_call(L, 0, 1);
	} else {
		run_lib(L, name, file);
	}
	pb_box_seal(L, VALUE);
	lua_settop(L, VALUE);
	lua_pushvalue(L, VALUE);
	lua_setfield(L, MODULES, name);
	return 1;
}
