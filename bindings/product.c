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
 * | `product.components` | what its bytes say that it is made of, by purl, each once: `name`, `version`, `purl`, `path`, `sha256` and what it is known
 *   `from` (the kind of a package, `node_modules`, `dpkg-status`, `apk-installed`, `pom`, `pom.xml`, `go-buildinfo`, `banner`); Debian's may have
 *   `source`, `source_version`; `main` is true of the package that the product is. `version` is `""` where unknown
 * | `product.components_cut` | are there more than the 50,000 that are listed?
 * | `product.previous` | the same of the version that it is held against (`probity diff`), or `nil`
 * | `product.package_signatures` | what the documents that were handed in prove of the product's own file: list of `method`, `key`, `verified`, `why`,
 *   `root`, `role`, ...; `nil` where nothing was handed in
 * | `product.roots` | the trust roots, whose word counts: list of `name`, `role`, `method`, `key`, `scope`, `from`, `until`; `nil` where nothing was handed in
 * | `product.regions` | where the policy lets data be: list of `"DE"`, `"EU"`, `"aws:eu-central-1"`; `nil` where it demands nothing
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
enum { PATH_MOST = 1000 }; /* elements; containers nest far less deep */
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
static int glob_fits(const char *pattern, const pb_glance *row)
{
	pb_buf joined = {0};
	const json_t *part;
	size_t i;
	int rc = PB_OK;

	if (row->last == NULL)
		return 0;
	if (strchr(pattern, '/') == NULL)
		return pb_text_glob(pattern, row->base);
	if (pb_text_glob(pattern, row->last))
		return 1;
	json_array_foreach (row->path, i, part) {
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
static int fits(const pb_glance *row, const char *check, const char *const wanted[FILTERS])
{
	if (wanted[KIND] != NULL && strcmp(row->kind, wanted[KIND]) != 0)
		return 0;
	if (wanted[CLASS] != NULL && strcmp(row->class_name, wanted[CLASS]) != 0)
		return 0;
	if (wanted[NOTED] != NULL && (row->notes == NULL || check == NULL || json_object_get(row->notes, check) == NULL))
		return 0;
	if (wanted[FACT] != NULL && json_object_get(row->facts, wanted[FACT]) == NULL)
		return 0;
	if (wanted[TAG] != NULL && !has_tag(row->facts, wanted[TAG]))
		return 0;
	return wanted[GLOB] == NULL ? 1 : glob_fits(wanted[GLOB], row);
}

/* Documents of a dossier are no objects of the product: only who names them gets them. */
static bool asks_for_documents(const char *const wanted[FILTERS])
{
	return (wanted[KIND] != NULL && strcmp(wanted[KIND], "evidence") == 0) || (wanted[TAG] != NULL && strcmp(wanted[TAG], "evidence") == 0);
}

/* Upvalues 1..6: the filters, strings or nil; then position and generation. -> object, nil at the end */
static int step(lua_State *L)
{
	const pb_scope *s = pb_scope_of(L);
	const pb_product_view *v = s->product;
	size_t at = (size_t)lua_tointeger(L, lua_upvalueindex(POSITION)), n, objects;
	const char *wanted[FILTERS];
	int fit = 0;

	if ((uint64_t)lua_tointeger(L, lua_upvalueindex(GENERATION)) != s->generation)
		return luaL_error(L, "object used after its scan ended");
	for (int i = 0; i < FILTERS; i++)
		wanted[i] = lua_tostring(L, lua_upvalueindex(i + 1));
	n = json_array_size(v->records);
	objects = n;
	if (asks_for_documents(wanted))
		n += json_array_size(v->documents);
	for (; at < n && fit == 0; at++) {
		const pb_glance row = v->rows != NULL && at < objects ? v->rows[at] : pb_glance_of(pb_record_at(L, at));

		pb_sandbox_charge(L, wanted[GLOB] != NULL ? 20 : 2);
		fit = fits(&row, v->check, wanted);
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

/* The record whose path is the n strings on the stack from index `first` on; -1: none. No call in it raises. */
static long find_path(lua_State *L, const json_t *records, int first, int n)
{
	json_t *path = json_array();
	long at = -1;
	bool whole = path != NULL && n > 0;

	for (int i = 0; i < n && whole; i++)
		whole = json_array_append_new(path, json_string(lua_tostring(L, first + i))) == 0;
	if (whole)
		at = pb_record_find(records, path, (size_t)n, NULL);
	json_decref(path);
	return at;
}

/** | `product:object(path)` | the object with exactly this path (a list, such as `package.path` or `o.path`), or
 *   `nil` */
static int object(lua_State *L)
{
	const pb_product_view *v = pb_product_check(L, 1);
	lua_Integer n;
	long at;

	lua_settop(L, 2);
	luaL_argexpected(L, lua_type(L, 2) == LUA_TTABLE || lua_type(L, 2) == LUA_TUSERDATA, 2, "a path (a list of strings)");
	n = luaL_len(L, 2);
	if (n > PATH_MOST)
		return lua_pushnil(L), 1;
	luaL_checkstack(L, (int)n + 4, NULL);
	for (lua_Integer i = 1; i <= n; i++) {
		if (lua_geti(L, 2, i) != LUA_TSTRING)
			return luaL_error(L, "product:object: a path is a list of strings");
	}
	pb_sandbox_charge(L, 20);
	at = find_path(L, v->records, 3, (int)n);
	if (at < 0)
		return lua_pushnil(L), 1;
	pb_product_object_push(L, (size_t)at);
	return 1;
}

static const luaL_Reg methods[] = {{"about", pb_product_about}, {"by_digest", pb_product_by_digest}, {"declared", pb_product_declared},
                                   {"evidence", pb_product_evidence}, {"object", object}, {"objects", objects}, {NULL, NULL}};

static int push_field(lua_State *L, const pb_product_view *v, const char *name)
{
	static const char *const names[] = {"name",   "version",    "kind",     "sha256",  "size",   "as_of", "packages",
	                                    "limits", "detections", "database", "inventory", "components", "components_cut", "previous",
	                                    "by_digest", "declared", "objects", "object", "package_signatures", "regions", "roots", "evidence", "about", NULL};
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
	else if (strcmp(name, "components") == 0)
		pb_json_push(L, v->components);
	else if (strcmp(name, "components_cut") == 0)
		lua_pushboolean(L, v->components_cut);
	else if (strcmp(name, "previous") == 0)
		pb_json_push(L, json_is_object(v->previous) ? v->previous : NULL);
	else if (strcmp(name, "package_signatures") == 0)
		pb_json_push(L, json_is_array(v->package_signatures) ? v->package_signatures : NULL);
	else if (strcmp(name, "regions") == 0)
		pb_json_push(L, json_is_array(v->regions) ? v->regions : NULL);
	else if (strcmp(name, "roots") == 0)
		pb_json_push(L, json_is_array(v->roots) ? v->roots : NULL);
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
