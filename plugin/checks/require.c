/* Files of the box: check files and lib.NAME, text only, each run once; and require. */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/text.h"
#include "checks/box.h"

enum { LIB_MAX = 4 << 20, NAME_MAX_BYTES = 100 };

void pb_box_load(lua_State *L, const char *name, pb_bytes text)
{
	pb_sandbox *s = pb_box_of(L);
	const char *bytes = text.size > 0 ? (const char *)text.data : "";

	pb_box_refuse_bytes(L, name, text);
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

/* Folder i of those that libraries come from, near ones first; NULL: there are no more. */
static const char *library_dir(const pb_sandbox *s, size_t i)
{
	size_t n = 0;

	while (s->near != NULL && s->near[n] != NULL && n < i)
		n++;
	if (s->near != NULL && s->near[n] != NULL)
		return s->near[n];
	return n == i ? s->lib_dir : NULL;
}

/* The names of those on the shelf, as pb_fs_names has them. */
static int names_on_shelf(const pb_shelf *shelf, const char *dir, char ***names, size_t *count)
{
	size_t n, length = strlen(dir);
	const pb_library *all = pb_shelf_all(shelf, &n);
	char **out = calloc(n + 1, sizeof *out);

	*names = out;
	for (size_t i = 0; out != NULL && i < n; i++)
		if (strncmp(all[i].path, dir, length) == 0 && all[i].path[length] == '/' && (out[*count] = strdup(all[i].path + length + 1)) != NULL)
			++*count;
	return out != NULL ? PB_OK : PB_ENOMEM;
}

/* The nearest of the libraries that there are, near ones first: "lib.words", in Lua's memory; NULL where none is near. */
static const char *near_library(lua_State *L, const char *module)
{
	enum { NAMES = 200 };
	const pb_sandbox *s = pb_box_of(L);
	const char *best = NULL, *dir;

	for (size_t i = 0; best == NULL && (dir = library_dir(s, i)) != NULL; i++) {
		char **found = NULL, name[NAME_MAX_BYTES + 8];
		const char *names[NAMES];
		size_t n = 0;
		int rc = s->shelf != NULL ? names_on_shelf(s->shelf, dir, &found, &n) : pb_fs_names(dir, ".lua", &found, &n, NULL);

		if (rc != PB_OK)
			continue;
		for (size_t k = 0; k < n; k++) {
			found[k][strlen(found[k]) - 4] = '\0';
			if (k < NAMES)
				names[k] = found[k];
		}
		best = pb_text_nearest(module + 4, names, n < NAMES ? n : NAMES);
		if (best != NULL)
			(void)snprintf(name, sizeof name, "lib.%.*s", NAME_MAX_BYTES, best);
		pb_fs_names_free(found, n);
		if (best != NULL)
			best = lua_pushstring(L, name);
	}
	return best;
}

static int no_such_library(lua_State *L, const char *module)
{
	const char *near = near_library(L, module);

	if (near != NULL)
		return luaL_error(L, "require: there is no library \"%s\"; did you mean \"%s\"?", module, near);
	if (pb_box_of(L)->format)
		return luaL_error(L, "require: there is no library \"%s\": it is lib/NAME.lua in the folder of templates, or in %s", module,
		                  pb_box_of(L)->lib_shown);
	return luaL_error(L, "require: there is no library \"%s\": it is lib/NAME.lua beside the folder of the check, or one of Probity's "
	                     "scripts/lib", module);
}

/* DIR/FILE where that is there, in Lua's memory, so that an error loses nothing; NULL: it is not. */
static const char *library_in(lua_State *L, const char *dir, const char *file)
{
	const pb_shelf *shelf = pb_box_of(L)->shelf;
	const char *path = lua_pushfstring(L, "%s/%s", dir, file); /* on the stack */

	return (shelf != NULL ? pb_shelf_find(shelf, path) != NULL : access(path, F_OK) == 0) ? path : NULL;
}

/* Pushes the function that its text makes. What is read lies in the sandbox, so that an error loses no memory. */
static void load_lib(lua_State *L, const char *path, const char *shown)
{
	pb_sandbox *s = pb_box_of(L);
	const pb_library *kept = s->shelf != NULL ? pb_shelf_find(s->shelf, path) : NULL;
	pb_error err = {0};

	if (kept != NULL) {
		if (kept->why.code != PB_OK)
			luaL_error(L, "require: %s", kept->why.text);
		pb_box_load(L, shown, (pb_bytes){kept->text.data, kept->text.size});
		return;
	}
	if (pb_fs_read(path, LIB_MAX, &s->text, &err) != PB_OK)
		luaL_error(L, "require: %s", err.text);
	pb_box_load(L, shown, (pb_bytes){s->text.data, s->text.size});
	pb_buf_free(&s->text);
}

/* Pushes what the library returns. What it requires itself it finds from where it lies (dir; at a prompt there are several). */
static void run_lib(lua_State *L, const char *path, const char *shown, const char *dir)
{
	pb_sandbox *s = pb_box_of(L);
	const char *const *before = s->near;
	const char *const own[] = {dir, NULL};

	load_lib(L, path, shown);
	if (dir != NULL)
		s->near = own;
	lua_call(L, 0, 1); /* what raises ends it all: pb_box_enter puts back what was near */
	s->near = before;
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
	const char *names[64];
	char meant[160];
	size_t n = 0;

	for (const pb_module *m = b != NULL ? b->modules : NULL; m != NULL && m->name != NULL && n < 64; m++)
		names[n++] = m->name;
	(void)pb_box_meant(name, names, n, meant, sizeof meant);
	for (size_t i = 0; i < n && meant[0] == '\0'; i++) /* "text": all of them begin with "probity." */
		if (strchr(names[i], '.') != NULL && strcmp(strchr(names[i], '.') + 1, name) == 0)
			(void)snprintf(meant, sizeof meant, "; did you mean \"%s\"?", names[i]);
	return luaL_error(L, "require: there is no module \"%s\"%s", name,
	                  meant[0] != '\0' ? meant : " (there are those of bindings/README.md, and lib.NAME)");
}

enum { NAME = 1, PATH = 2, SHOWN = 3, KEY = 4, MODULES = 5, VALUE = 6 };

/* Pushes where the library lies, how messages name it, and under what it is known: the check's own before Probity's, and by its
 * path, since others may have one of that name. The folder that it is near in; NULL: Probity's. Raises where there is none. */
static const char *push_library(lua_State *L, const char *name, const char *file)
{
	const pb_sandbox *s = pb_box_of(L);
	const char *path = NULL, *dir = NULL;

	for (size_t i = 0; path == NULL && (dir = library_dir(s, i)) != NULL; i++) {
		lua_settop(L, NAME);
		path = library_in(L, dir, file);
	}
	if (path == NULL)
		(void)no_such_library(L, name);
	if (dir == s->lib_dir)
		dir = NULL;
	if (dir != NULL)
		lua_pushvalue(L, PATH);
	else
		lua_pushfstring(L, "%s/%s", s->lib_shown, file);
	lua_pushvalue(L, dir != NULL ? PATH : NAME);
	return dir;
}

/* require(name): a module of the bindings' table, or lib/NAME.lua; once each, read-only. Only while files are loaded, so that
 * no call finds more there than another did. */
int pb_box_require(lua_State *L)
{
	pb_sandbox *s = pb_box_of(L);
	const char *name = luaL_checkstring(L, NAME);
	const pb_module *m = module_named(s, name);
	const char *near = NULL;
	char file[NAME_MAX_BYTES + 8];

	if (!s->loading)
		return luaL_error(L, "require belongs at the top of the file, outside of functions");
	if (m == NULL && !lib_file(name, file, sizeof file)) {
		lua_rawgeti(L, LUA_REGISTRYINDEX, s->modules); /* what was put there before any file was run */
		lua_pushvalue(L, NAME);
		return lua_rawget(L, -2) == LUA_TTABLE ? 1 : no_such_module(L, name);
	}
	lua_settop(L, NAME);
	if (m == NULL) {
		near = push_library(L, name, file);
	} else {
		lua_settop(L, SHOWN);
		lua_pushvalue(L, NAME);
	}
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->modules);
	lua_pushvalue(L, KEY);
	switch (lua_rawget(L, MODULES)) {
	case LUA_TNIL:
		lua_settop(L, MODULES);
		break;
	case LUA_TBOOLEAN:
		return luaL_error(L, "require \"%s\": it requires itself, directly or through others", name);
	default:
		return 1;
	}
	lua_pushvalue(L, KEY);
	lua_pushboolean(L, 1);
	lua_settable(L, MODULES);
	if (m != NULL) {
		lua_pushcfunction(L, m->open);
		lua_call(L, 0, 1);
		if (lua_istable(L, -1) && !lua_getmetatable(L, -1))
			pb_box_explain_misses(L, m->name);
		lua_settop(L, VALUE);
	} else {
		run_lib(L, lua_tostring(L, PATH), lua_tostring(L, SHOWN), near);
	}
	pb_box_seal(L, VALUE);
	lua_settop(L, VALUE);
	lua_pushvalue(L, KEY);
	lua_pushvalue(L, VALUE);
	lua_settable(L, MODULES);
	return 1;
}
