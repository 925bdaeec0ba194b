/** # product: the argument of `product = function(product, found)`
 * | `product.name` `product.version` `product.kind` | strings, `""` where unknown
 * | `product.as_of` | the date of the assessment, in days (see `probity.date`): the only "today" there is
 * | `product.packages` | list of packages: `kind` (deb rpm npm wheel jar, and those of the fact `package`; sdist), `path`, `name`, `version`, `description`,
 *   `section`, `maintainer`, `homepage`, `license`, `depends`, `keywords`, `declares`, `scripts` (list of `name`, `path`,
 *   `sha256`, `command`)
 * | `product.limits` | what was not (wholly) examined: list of `path`, `why`
 * | `product.detections` | by ClamAV: list of `path`, `signature`
 * | `product.database` | ClamAV's: `official` (boolean), `version`, ...
 * | `product.inventory` | what it reaches, may do, runs and needs: lists of texts, `hosts`, `capabilities`, `scripts`, `makers`, `signers`,
 *   `privileged`, `dependencies`, `opaque`; one that would be empty is absent
 * | `product.previous` | the same of the version that it is held against (`probity diff`), or `nil`
 * | `product.size` `product.sha256` | of the product's own file, where there is one; else 0 and `""` */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "bindings/scope.h"

static const char product_type[] = "probity.product";

const pb_product_view *pb_product_check(lua_State *L, int index)
{
	(void)pb_handle_check(L, index, product_type);
	return pb_scope_of(L)->product;
}

/* What product:objects may ask for, in the order of the iterator's upvalues. */
static const char *const filters[] = {"kind", "class", "tag", "fact", "glob", "noted", NULL};
enum { KIND, CLASS, TAG, FACT, GLOB, NOTED, FILTERS, POSITION = FILTERS + 1, GENERATION };

static bool has_tag(const json_t *facts, const char *tag)
{
	const json_t *v;
	size_t i;

	json_array_foreach (json_object_get(facts, "tags"), i, v) {
		if (strcmp(json_string_value(v) != NULL ? json_string_value(v) : "", tag) == 0)
			return true;
	}
	return false;
}

/* 1, 0, or PB_ENOMEM. Without a '/' the base name counts; with one the last element, or the chain joined by '/'. */
static int glob_fits(const char *pattern, const json_t *path)
{
	const char *last = json_string_value(json_array_get(path, json_array_size(path) - 1));
	pb_buf joined = {0};
	const json_t *part;
	size_t i;
	int rc = PB_OK;

	if (last == NULL)
		return 0;
	if (strchr(pattern, '/') == NULL)
		return pb_text_glob(pattern, strrchr(last, '/') != NULL ? strrchr(last, '/') + 1 : last);
	if (pb_text_glob(pattern, last))
		return 1;
	json_array_foreach (path, i, part) {
		if (rc == PB_OK && i > 0)
			rc = pb_buf_puts(&joined, "/");
		if (rc == PB_OK)
			rc = pb_buf_puts(&joined, json_string_value(part) != NULL ? json_string_value(part) : "");
	}
	if (rc == PB_OK)
		rc = pb_text_glob(pattern, (const char *)joined.data);
	pb_buf_free(&joined);
	return rc;
}

/* 1, 0, or PB_ENOMEM. Cheap questions first. */
static int fits(lua_State *L, const json_t *record, const char *const wanted[FILTERS])
{
	const json_t *facts = pb_record_facts(record);

	if (wanted[KIND] != NULL && strcmp(pb_json_str(record, "kind", ""), wanted[KIND]) != 0)
		return 0;
	if (wanted[CLASS] != NULL && strcmp(pb_json_str(record, "class", ""), wanted[CLASS]) != 0)
		return 0;
	if (wanted[NOTED] != NULL && pb_record_notes(L, record) == NULL)
		return 0;
	if (wanted[FACT] != NULL && json_object_get(facts, wanted[FACT]) == NULL)
		return 0;
	if (wanted[TAG] != NULL && !has_tag(facts, wanted[TAG]))
		return 0;
	return wanted[GLOB] == NULL ? 1 : glob_fits(wanted[GLOB], json_object_get(record, "path"));
}

/* Upvalues 1..6: the filters, strings or nil; then position and generation. -> object, nil at the end */
static int step(lua_State *L)
{
	const pb_scope *s = pb_scope_of(L);
	size_t at = (size_t)lua_tointeger(L, lua_upvalueindex(POSITION)), n;
	const char *wanted[FILTERS];
	int fit = 0;

	if ((uint64_t)lua_tointeger(L, lua_upvalueindex(GENERATION)) != s->generation)
		return luaL_error(L, "object used after its scan ended");
	for (int i = 0; i < FILTERS; i++)
		wanted[i] = lua_tostring(L, lua_upvalueindex(i + 1));
	n = json_array_size(s->product->records);
	for (; at < n && fit == 0; at++) {
		pb_sandbox_charge(L, wanted[GLOB] != NULL ? 20 : 2);
		fit = fits(L, json_array_get(s->product->records, at), wanted);
	}
	if (fit < 0)
		return luaL_error(L, "out of memory");
	lua_pushinteger(L, (lua_Integer)at);
	lua_replace(L, lua_upvalueindex(POSITION));
	if (fit == 0)
		return lua_pushnil(L), 1;
	pb_product_object_push(L, at - 1);
	return 1;
}

/* The first by byte of the filter's fields that is none: the message does not depend on the order in a table. */
static void refuse_unknown(lua_State *L, int index)
{
	const char *wrong = NULL;

	lua_pushnil(L);
	while (lua_next(L, index)) {
		const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "[1]";
		bool known = false;

		for (int i = 0; i < FILTERS; i++)
			known |= strcmp(name, filters[i]) == 0;
		if (!known && (wrong == NULL || strcmp(name, wrong) < 0))
			wrong = name;
		lua_pop(L, 1);
	}
	if (wrong != NULL)
		(void)pb_no_field(L, "product:objects", wrong, filters);
}

/** | `product:objects{...}` | `for o in product:objects{ tag = "deb" } do`: objects in path order for which all that
 *   is given holds: `kind`, `class`, `tag`, `fact` (has this fact), `glob`, `noted = true` (this check noted something
 *   of it). Without an argument: all */
static int objects(lua_State *L)
{
	(void)pb_product_check(L, 1);
	if (lua_isnoneornil(L, 2)) {
		lua_settop(L, 1);
		lua_newtable(L);
	}
	luaL_checktype(L, 2, LUA_TTABLE);
	lua_settop(L, 2);
	refuse_unknown(L, 2);
	for (int i = 0; i < FILTERS; i++) {
		int type = lua_getfield(L, 2, filters[i]);

		if (i == NOTED && type == LUA_TBOOLEAN && lua_toboolean(L, -1)) {
			lua_pop(L, 1);
			lua_pushliteral(L, "true");
			continue;
		}
		if (i == NOTED && type != LUA_TNIL)
			return luaL_error(L, "product:objects: noted is true or not there");
		if (type != LUA_TNIL && type != LUA_TSTRING)
			return luaL_error(L, "product:objects: %s must be a string, is a %s", filters[i], luaL_typename(L, -1));
	}
	lua_pushinteger(L, 0);
	lua_pushinteger(L, (lua_Integer)pb_scope_of(L)->generation);
	lua_pushcclosure(L, step, GENERATION);
	return 1;
}

/* Pushes path elements 1..n of the table or view at index as one string. No element holds a line end: they are display forms.
 */
static void push_joined(lua_State *L, int index)
{
	lua_Integer n = luaL_len(L, index);
	luaL_Buffer b;

	luaL_buffinit(L, &b);
	for (lua_Integer i = 1; i <= n; i++) {
		lua_geti(L, index, i);
		if (lua_type(L, -1) != LUA_TSTRING)
			luaL_error(L, "product:object: a path is a list of strings");
		luaL_addvalue(&b);
		luaL_addchar(&b, '\n');
	}
	luaL_pushresult(&b);
}

/* Pushes the table {joined path = index of the record}, made once for each call of a check. */
static void push_index(lua_State *L, const pb_product_view *v)
{
	size_t n = json_array_size(v->records);
	int scope, index;

	pb_scope_push(L);
	scope = lua_gettop(L);
	if (lua_getiuservalue(L, scope, PB_SCOPE_PATHS) == LUA_TTABLE) {
		lua_remove(L, scope);
		return;
	}
	lua_pop(L, 1);
	lua_createtable(L, 0, n < 1000000 ? (int)n : 1000000);
	index = lua_gettop(L);
	for (size_t i = n; i-- > 0;) { /* backwards: the first of several objects at one path stays */
		pb_json_push(L, json_object_get(json_array_get(v->records, i), "path"));
		push_joined(L, index + 1);
		lua_pushinteger(L, (lua_Integer)i);
		lua_rawset(L, index);
		lua_settop(L, index);
	}
	lua_pushvalue(L, index);
	lua_setiuservalue(L, scope, PB_SCOPE_PATHS);
	lua_remove(L, scope);
}

/** | `product:object(path)` | the object with exactly this path (a list, such as `package.path` or `o.path`), or
 *   `nil` */
static int object(lua_State *L)
{
	const pb_product_view *v = pb_product_check(L, 1);

	lua_settop(L, 2);
	luaL_argexpected(L, lua_type(L, 2) == LUA_TTABLE || lua_type(L, 2) == LUA_TUSERDATA, 2, "a path (a list of strings)");
	push_index(L, v);
	push_joined(L, 2);
	if (lua_rawget(L, 3) == LUA_TNIL)
		return 1;
	pb_product_object_push(L, (size_t)lua_tointeger(L, -1));
	return 1;
}

static const luaL_Reg methods[] = {{"declared", pb_product_declared}, {"object", object}, {"objects", objects}, {NULL, NULL}};

static int push_field(lua_State *L, const pb_product_view *v, const char *name)
{
	static const char *const names[] = {"name",   "version",    "kind",     "sha256",  "size",   "as_of", "packages",
	                                    "limits", "detections", "database", "inventory", "previous", "declared", "objects", "object", NULL};
	static const char *const texts[] = {"name", "version", "kind", "sha256", NULL};

	for (const char *const *t = texts; *t != NULL; t++)
		if (strcmp(name, *t) == 0)
			return lua_pushstring(L, pb_json_str(v->product, name, "")), 1;
	if (strcmp(name, "size") == 0)
		lua_pushinteger(L, pb_json_int(v->product, name, 0));
	else if (strcmp(name, "as_of") == 0)
		lua_pushinteger(L, v->as_of);
	else if (strcmp(name, "packages") == 0)
		pb_json_push(L, v->packages);
	else if (strcmp(name, "limits") == 0)
		pb_json_push(L, v->limits);
	else if (strcmp(name, "detections") == 0)
		pb_json_push(L, v->detections);
	else if (strcmp(name, "inventory") == 0)
		pb_json_push(L, v->inventory);
	else if (strcmp(name, "previous") == 0)
		pb_json_push(L, json_is_object(v->previous) ? v->previous : NULL);
	else if (strcmp(name, "database") == 0)
		pb_json_push(L, v->database);
	else
		return pb_no_field(L, "product", name, names);
	return 1;
}

/* Upvalue: the methods. [1] product [2] name */
static int index_product(lua_State *L)
{
	const pb_product_view *v = pb_product_check(L, 1);
	const char *name = luaL_checkstring(L, 2);

	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
		return 1;
	return push_field(L, v, name);
}

static const luaL_Reg no_metamethods[] = {{NULL, NULL}};

void pb_product_register(lua_State *L)
{
	pb_type_make(L, product_type, no_metamethods);
	luaL_newlib(L, methods);
	lua_pushcclosure(L, index_product, 1);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}

void pb_product_push(lua_State *L, const pb_product_view *v)
{
	pb_scope_begin(L, NULL, v);
	(void)pb_handle_push(L, product_type, sizeof(pb_handle));
}
