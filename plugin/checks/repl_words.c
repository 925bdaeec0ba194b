/* What a line at the prompt has besides Lua: objects, object, facts, found, yara, check, checks, run, print, help. */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "checks/repl_inside.h"

const char pb_repl_objects_type[] = "probity.repl.objects";

static const char help_text[] =
	"objects                the objects of the product\n"
	"object(3)              look at the third; object(\"a > b\") at the one of that path, or whose path ends so\n"
	"object, facts          what a check sees of it: object.kind, object:bytes(0, 16), facts.tags\n"
	"yara [[ rule r {...} ]]  YARA rules on it: which strings are where, also where the condition does not hold\n"
	"check \"integrity.x\"    be this check: object:hits() are its patterns', found.NAME{...} is its own\n"
	"run()                  its function, on this object; what it raises is printed\n"
	"found.NAME{...}        prints what would be raised\n"
	"checks                 all checks, with their titles\n"
	"text, json, ...        modules, which a check has by require \"probity.text\"\n"
	"require \"lib.NAME\"     a library: as a check has it; until one is a check, of all folders of rules\n"
	"print(...), help()\n"
	"An expression prints its value. Names without `local` last from line to line. Ctrl-C interrupts, Ctrl-D ends.";

static void set(lua_State *L, pb_repl *r, const char *name)
{
	lua_rawgeti(L, LUA_REGISTRYINDEX, r->env);
	lua_insert(L, -2);
	lua_pushstring(L, name);
	lua_insert(L, -2);
	lua_rawset(L, -3);
	lua_pop(L, 1);
}

static int choose(lua_State *L);

/* Handles can be called here, and nowhere else: object(2). */
static void let_call(lua_State *L)
{
	if (lua_getmetatable(L, -1)) {
		lua_pushcfunction(L, choose);
		lua_setfield(L, -2, "__call");
		lua_pop(L, 1);
	}
}

void pb_repl_aim(pb_repl *r)
{
	const char *near = r->check != NULL ? r->check->near : NULL;

	r->near[0] = near;
	r->c->box->near = r->check != NULL ? r->near : (const char *const *)r->c->near;
	r->view.source = r->check != NULL && r->check->n_sources > 0 ? r->host.first_source + r->check->first_source : UINT32_MAX;
	r->call.object = r->view.object != NULL ? &r->view : NULL;
	r->c->box->call = r->check != NULL && r->view.object != NULL ? &r->call : NULL;
}

void pb_repl_choose(lua_State *L, size_t i)
{
	pb_repl *r = pb_repl_of(L);

	r->c->box->bindings->expire(L);
	r->view.object = NULL;
	pb_repl_aim(r);
	if (r->host.choose(r->host.user, i, &r->view, &r->err) != PB_OK)
		luaL_error(L, "%s", r->err.text);
	r->chosen = i;
	pb_repl_aim(r);
	r->c->box->bindings->push_object(L, &r->view);
	let_call(L);
	lua_pushvalue(L, -1);
	set(L, r, "object");
	lua_getfield(L, -1, "facts");
	set(L, r, "facts");
	lua_pop(L, 1);
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return k <= n && strcmp(s + n - k, end) == 0;
}

/* The one of this path; else the only one whose path ends so. */
static size_t by_path(lua_State *L, const pb_repl *r, const char *path)
{
	size_t found = SIZE_MAX;
	bool several = false;

	for (size_t i = 0; i < r->host.n; i++) {
		const char *p = pb_json_str(r->host.row(r->host.user, i), "path", "");

		pb_sandbox_charge(L, 2);
		if (strcmp(p, path) == 0)
			return i;
		if (*path != '\0' && ends_with(p, path)) {
			several = found != SIZE_MAX;
			found = several ? found : i;
		}
	}
	if (several)
		luaL_error(L, "object: several paths end so; write more of it, or its number");
	return found;
}

/* object(n or path) -> the object. [1] the handle, or this function's table [2] which */
static int choose(lua_State *L)
{
	const pb_repl *r = pb_repl_of(L);
	size_t i = SIZE_MAX;

	if (lua_type(L, 2) == LUA_TNUMBER) {
		lua_Integer n = luaL_checkinteger(L, 2);

		if (n >= 1 && (lua_Unsigned)n <= r->host.n)
			i = (size_t)n - 1;
	} else {
		i = by_path(L, r, luaL_checkstring(L, 2));
	}
	if (i == SIZE_MAX)
		return luaL_error(L, "object: there is no such object: `objects` lists them, 1 to %I", (LUAI_UACINT)r->host.n);
	pb_repl_choose(L, i);
	lua_rawgeti(L, LUA_REGISTRYINDEX, r->env);
	lua_getfield(L, -1, "object");
	return 1;
}

static int objects_length(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)pb_repl_of(L)->host.n);
	return 1;
}

static int no_object(lua_State *L)
{
	return luaL_error(L, "no object is looked at: object(1)");
}

/* found.NAME{...} where one is no check: [1] the table of the finding */
static int found_any(lua_State *L)
{
	pb_repl *r = pb_repl_of(L);

	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 1);
	pb_repl_putf(r, "would raise found.%.100s ", lua_tostring(L, lua_upvalueindex(1)));
	pb_repl_print(L, 1);
	return 0;
}

static int found_unknown(lua_State *L)
{
	pb_repl_putf(pb_repl_of(L), "would be unknown: %.400s\n", luaL_checkstring(L, 1));
	return 0;
}

static int found_note(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 1);
	pb_repl_put(pb_repl_of(L), "would note ");
	pb_repl_print(L, 1);
	return 0;
}

/* Upvalue: its name. */
static int found_evidence(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 1);
	pb_repl_put(pb_repl_of(L), "would say of evidence: ");
	pb_repl_put(pb_repl_of(L), lua_tostring(L, lua_upvalueindex(1)));
	pb_repl_put(pb_repl_of(L), " ");
	pb_repl_print(L, 1);
	return 0;
}

static int found_index(lua_State *L)
{
	const char *name = luaL_checkstring(L, 2);

	lua_settop(L, 2);
	if (strcmp(name, "unknown") == 0)
		lua_pushcfunction(L, found_unknown);
	else if (strcmp(name, "note") == 0)
		lua_pushcfunction(L, found_note);
	else if (strcmp(name, "pass") == 0 || strcmp(name, "statement") == 0)
		lua_pushcclosure(L, found_evidence, 1);
	else
		lua_pushcclosure(L, found_any, 1);
	return 1;
}

static void push_found(lua_State *L)
{
	lua_newtable(L);
	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, found_index);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, -2);
}

/* check(id): be it. check(): none. */
static int be_check(lua_State *L)
{
	pb_repl *r = pb_repl_of(L);
	const char *id = luaL_optstring(L, 1, NULL), *near;
	const char **ids;
	size_t i = 0;

	while (id != NULL && i < r->c->n && strcmp(r->c->entries[i].check.id, id) != 0)
		i++;
	if (id != NULL && i == r->c->n) {
		ids = lua_newuserdatauv(L, (i + 1) * sizeof *ids, 0);
		for (size_t k = 0; k < r->c->n; k++)
			ids[k] = r->c->entries[k].check.id;
		near = pb_text_nearest(id, ids, r->c->n);
		return near != NULL ? luaL_error(L, "there is no check \"%s\"; did you mean \"%s\"?", id, near)
		                    : luaL_error(L, "there is no check \"%s\": `checks` lists them", id);
	}
	if (id != NULL && r->c->entries[i].script == LUA_NOREF)
		return luaL_error(L, "\"%s\" is a folder of YARA rules: it has no function", id);
	r->check = id != NULL ? &r->c->entries[i] : NULL;
	r->call.check = r->check != NULL ? &r->check->check : NULL;
	pb_repl_aim(r);
	if (r->check != NULL) {
		lua_rawgeti(L, LUA_REGISTRYINDEX, r->check->script);
		lua_rawgeti(L, -1, PB_SCRIPT_FOUND);
	} else {
		push_found(L);
	}
	set(L, r, "found");
	return 0;
}

/* run(): the function of the check that one is, on the object that is looked at. */
static int run(lua_State *L)
{
	const pb_repl *r = pb_repl_of(L);

	if (r->check == NULL)
		return luaL_error(L, "run: which check? check \"integrity.private-key\", for one");
	if (!r->check->check.has_object)
		return luaL_error(L, "run: %s looks at the product as a whole; here are objects", r->check->check.id);
	if (r->view.object == NULL)
		return no_object(L);
	lua_rawgeti(L, LUA_REGISTRYINDEX, r->check->script);
	lua_rawgeti(L, -1, PB_SCRIPT_OBJECT);
	lua_rawgeti(L, LUA_REGISTRYINDEX, r->env);
	lua_getfield(L, -1, "object");
	lua_remove(L, -2);
	lua_rawgeti(L, -3, PB_SCRIPT_FOUND);
	lua_call(L, 2, 0);
	return 0;
}

/* yara(text) prints what its rules find. */
static int yara(lua_State *L)
{
	pb_repl *r = pb_repl_of(L);
	const json_t *rule, *string;
	json_t *told;
	size_t i, k;

	luaL_checkstring(L, 1);
	if (r->view.object == NULL)
		return no_object(L);
	pb_sandbox_charge(L, 10000 + r->view.object->bytes.size / 64);
	told = r->host.yara(r->host.user, r->view.object, lua_tostring(L, 1), &r->err);
	if (told == NULL)
		return luaL_error(L, "%s", r->err.text);
	if (json_object_get(told, "why") != NULL)
		pb_repl_putf(r, "not looked for to the end: %.100s\n", pb_json_str(told, "why", ""));
	json_array_foreach (json_object_get(told, "rules"), i, rule) {
		pb_repl_putf(r, "rule %.128s: %s\n", pb_json_str(rule, "rule", ""),
		             json_is_true(json_object_get(rule, "matched")) ? "its condition holds" : "its condition does not hold");
		json_array_foreach (json_object_get(rule, "strings"), k, string) {
			pb_repl_putf(r, "  %.128s  %d", pb_json_str(string, "string", ""), (int)pb_json_int(string, "count", 0));
			for (size_t p = 0; p < json_array_size(json_object_get(string, "at")); p++)
				pb_repl_putf(r, "%s%" JSON_INTEGER_FORMAT, p > 0 ? ", " : ": at ",
				             json_integer_value(json_array_get(json_array_get(json_object_get(string, "at"), p), 0)));
			pb_repl_put(r, "\n");
		}
	}
	json_decref(told); /* nothing in between raises */
	return 0;
}

static int print(lua_State *L)
{
	for (int i = 1, n = lua_gettop(L); i <= n; i++) {
		if (lua_type(L, i) != LUA_TSTRING) {
			pb_repl_print(L, i);
			continue;
		}
		size_t size;
		const char *s = lua_tolstring(L, i, &size);
		char *shown = pb_text_display_lines(s, size, 0);

		pb_repl_put(pb_repl_of(L), shown != NULL ? shown : "?");
		pb_repl_put(pb_repl_of(L), "\n");
		free(shown);
	}
	return 0;
}

static int help(lua_State *L)
{
	pb_repl_put(pb_repl_of(L), help_text);
	pb_repl_put(pb_repl_of(L), "\n");
	return 0;
}

static void push_objects(lua_State *L)
{
	(void)lua_newuserdatauv(L, 1, 0);
	luaL_newmetatable(L, pb_repl_objects_type);
	lua_pushcfunction(L, objects_length);
	lua_setfield(L, -2, "__len");
	lua_setmetatable(L, -2);
}

/* Until something is looked at. */
static void push_no_object(lua_State *L)
{
	lua_newtable(L);
	lua_createtable(L, 0, 2);
	lua_pushcfunction(L, choose);
	lua_setfield(L, -2, "__call");
	lua_pushcfunction(L, no_object);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, -2);
}

/* text, json, ...: without "probity.". First, so that what the prompt has besides wins. */
static void set_modules(lua_State *L, int env)
{
	const pb_module *m = pb_box_of(L)->bindings->modules;

	for (; m != NULL && m->name != NULL; m++) {
		const char *dot = strrchr(m->name, '.');

		lua_pushcfunction(L, pb_box_require);
		lua_pushstring(L, m->name);
		lua_call(L, 1, 1);
		lua_setfield(L, env, dot != NULL ? dot + 1 : m->name);
	}
}

void pb_repl_words(lua_State *L)
{
	static const luaL_Reg functions[] = {{"check", be_check}, {"help", help}, {"print", print}, {"run", run}, {"yara", yara}, {NULL, NULL}};
	const pb_repl *r = pb_repl_of(L);
	int env = lua_gettop(L);

	set_modules(L, env);
	luaL_setfuncs(L, functions, 0); /* yara is the function, as everywhere at a prompt; the module is there by require */
	push_objects(L);
	lua_setfield(L, env, "objects");
	push_no_object(L);
	lua_setfield(L, env, "object");
	push_found(L);
	lua_setfield(L, env, "found");
	lua_createtable(L, 0, (int)r->c->n);
	for (size_t i = 0; i < r->c->n; i++) {
		lua_pushstring(L, r->c->entries[i].check.title);
		lua_setfield(L, -2, r->c->entries[i].check.id);
	}
	lua_setfield(L, env, "checks");
}

void pb_repl_tell_found(pb_repl *r)
{
	json_t *findings = json_object_get(r->call.out, "findings"), *unknown = json_object_get(r->call.out, "unknown");
	json_t *notes = json_object_get(r->call.out, "notes"), *f, *why;
	const char *key;
	size_t i;

	json_array_foreach (findings, i, f) {
		pb_repl_putf(r, "would raise found.%s: \"%.600s\"", pb_json_str(f, "finding", ""), pb_json_str(f, "says", ""));
		json_object_del(f, "finding");
		json_object_del(f, "says");
		json_object_del(f, "check");
		pb_repl_put_json(r, f, 2);
		pb_repl_put(r, "\n");
	}
	json_object_foreach (notes, key, why) {
		json_array_foreach (why, i, f) {
			pb_repl_put(r, "would note ");
			pb_repl_put_json(r, f, 2);
			pb_repl_put(r, "\n");
		}
	}
	json_object_foreach (unknown, key, why) {
		pb_repl_putf(r, "would be unknown: %.400s\n", json_string_value(why));
	}
	json_array_clear(findings);
	json_object_del(r->call.out, "notes");
	json_object_clear(unknown);
}
