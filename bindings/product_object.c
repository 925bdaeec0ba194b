/* One object of a product, as product checks see it. */
/** `glob`: without a `/` it is matched against the base name; with one, against the last path element, and
 * against the whole chain joined by `/`. `*` and `?` stop at `/`, `**` does not.
 *
 * An object of a product: `o.path` (list: container by container), `o.name` (last element of the path:
 * `"usr/bin/nc"`), `o.basename` (`"nc"`), `o.kind`, `o.class`, `o.name_class`, `o.size`, `o.sha256`,
 * `o.md5` (only of files in the data of a .deb, else `nil`), `o.mode` (see below),
 * `o.container` (boolean), `o.facts` (what map kept: without `elf`, `pe`, `macho`, `dotnet`), `o.parent`
 * (the object that it came out of, `nil` for the outermost), `for c in o:children() do` (what came directly out of it,
 * in path order; not what came out of that), `o.findings` (list of what map found in it: `check`, `finding`, `key`,
 * `kappa`, `severity`, `at`), `o.notes` (list of what the object function of this same check noted of it: see
 * *found*; empty where it noted nothing). */
#include <stdlib.h>
#include <string.h>

#include "bindings/scope.h"
#include "object/kind.h"
#include "object/payload.h"

static const char type[] = "probity.product_object";

typedef struct product_object {
	pb_handle handle;
	size_t record; /* index in the product's records */
} product_object;

void pb_product_object_push(lua_State *L, size_t record)
{
	product_object *o = pb_handle_push(L, type, sizeof *o);

	o->record = record;
}

long pb_product_object_record(lua_State *L, int index)
{
	if (luaL_testudata(L, index, type) == NULL)
		return -1;
	return (long)((product_object *)pb_handle_check(L, index, type))->record;
}

const json_t *pb_record_facts(const json_t *record)
{
	return json_object_get(json_object_get(record, "result"), "facts");
}

/* A path against the first depth elements of another: 0 where it begins with them. Records are sorted that way. */
static int compare_prefix(const json_t *path, const json_t *prefix, size_t depth)
{
	for (size_t i = 0; i < depth; i++) {
		const char *a = json_string_value(json_array_get(path, i)), *b = json_string_value(json_array_get(prefix, i));
		int order;

		if (a == NULL || b == NULL)
			return a == NULL ? -1 : 1;
		order = strcmp(a, b);
		if (order != 0)
			return order;
	}
	return 0;
}

static bool lies_below(const json_t *record, const json_t *path)
{
	const json_t *own = json_object_get(record, "path");
	size_t depth = json_array_size(path);

	return json_array_size(own) > depth && compare_prefix(own, path, depth) == 0;
}

bool pb_path_begins(const json_t *path, const json_t *prefix)
{
	return compare_prefix(path, prefix, json_array_size(prefix)) == 0;
}

/* A path against the first depth elements of another and, where there is one, a last element. */
static int compare_chain(const json_t *path, const json_t *prefix, size_t depth, const char *last)
{
	int order = compare_prefix(path, prefix, depth);
	const char *own = json_string_value(json_array_get(path, depth));

	if (order != 0 || last == NULL)
		return order;
	return own == NULL ? -1 : strcmp(own, last);
}

long pb_record_find(const json_t *records, const json_t *path, size_t depth, const char *last)
{
	size_t lo = 0, hi = json_array_size(records);
	const json_t *found;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (compare_chain(json_object_get(json_array_get(records, mid), "path"), path, depth, last) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	found = json_object_get(json_array_get(records, lo), "path");
	if (json_array_size(found) != depth + (last != NULL) || compare_chain(found, path, depth, last) != 0)
		return -1;
	return (long)lo;
}

long pb_record_payload(lua_State *L, long record)
{
	const json_t *records = pb_scope_of(L)->product->records, *r = json_array_get(records, (size_t)record);
	const json_t *path = json_object_get(r, "path");
	const pb_kind *kind = pb_kind_named(pb_json_str(r, "kind", ""));
	const char *own = json_string_value(json_array_get(path, json_array_size(path) - 1));
	char *payload;
	long at;

	if (kind == NULL || !kind->layer || own == NULL)
		return -1;
	payload = pb_payload_name(own);
	if (payload == NULL)
		return luaL_error(L, "out of memory");
	at = pb_record_find(records, path, json_array_size(path), payload);
	free(payload);
	return at;
}

/* Pushes the container that it came out of: the nearest above it that is an object; nil for the outermost. */
static void push_parent(lua_State *L, const json_t *path)
{
	for (size_t depth = json_array_size(path); depth-- > 1;) {
		long at = pb_record_find(pb_scope_of(L)->product->records, path, depth, NULL);

		pb_sandbox_charge(L, 20);
		if (at >= 0) {
			pb_product_object_push(L, (size_t)at);
			return;
		}
	}
	lua_pushnil(L);
}

/* Upvalues: the object, the record to go on with, the last child's record. -> object, nil at the end. What is below an object follows
 * it; what is below a child is none. */
static int next_child(lua_State *L)
{
	const product_object *o = pb_handle_check(L, lua_upvalueindex(1), type);
	size_t at = (size_t)lua_tointeger(L, lua_upvalueindex(2)), last = (size_t)lua_tointeger(L, lua_upvalueindex(3));
	size_t n = json_array_size(pb_scope_of(L)->product->records);
	const json_t *path = json_object_get(pb_record_at(L, o->record), "path");

	for (; at < n; at++) {
		const json_t *record = pb_record_at(L, at), *own = json_object_get(record, "path");

		pb_sandbox_charge(L, 4);
		if (compare_prefix(own, path, json_array_size(path)) != 0)
			break;
		if (!lies_below(record, path) || (last != o->record && lies_below(record, json_object_get(pb_record_at(L, last), "path"))))
			continue;
		lua_pushinteger(L, (lua_Integer)at + 1);
		lua_replace(L, lua_upvalueindex(2));
		lua_pushinteger(L, (lua_Integer)at);
		lua_replace(L, lua_upvalueindex(3));
		pb_product_object_push(L, at);
		return 1;
	}
	lua_pushinteger(L, (lua_Integer)n);
	lua_replace(L, lua_upvalueindex(2));
	return lua_pushnil(L), 1;
}

static int children(lua_State *L)
{
	const product_object *o = pb_handle_check(L, 1, type);

	lua_settop(L, 1);
	lua_pushinteger(L, (lua_Integer)o->record + 1);
	lua_pushinteger(L, (lua_Integer)o->record);
	lua_pushcclosure(L, next_child, 3);
	return 1;
}

/* What the object function of the check that runs noted of it. */
const json_t *pb_record_notes(lua_State *L, const json_t *record)
{
	const char *check = pb_scope_of(L)->product->check;

	return check != NULL ? json_object_get(json_object_get(json_object_get(record, "result"), "notes"), check) : NULL;
}

static void push_notes(lua_State *L, const json_t *record)
{
	const json_t *notes = pb_record_notes(L, record);

	if (notes != NULL)
		pb_json_push(L, notes);
	else
		lua_newtable(L);
}

/* Upvalue: the methods. [1] object [2] name */
static int index_object(lua_State *L)
{
	static const char *const names[] = {"path", "name",   "basename",  "kind",  "class",    "name_class",
	                                    "size", "sha256", "md5",       "container", "facts", "findings", "parent", "children",
	                                    "mode", "notes", "evidence", "reliability", "signer", "role", "freshness", NULL};
	static const char *const direct[] = {"path", "kind",   "class", "name_class", "size",
	                                     "sha256", "md5", "container", NULL};
	const product_object *o = pb_handle_check(L, 1, type);
	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
		return 1;
	const json_t *record = pb_record_at(L, o->record);
	const json_t *path = json_object_get(record, "path"), *result = json_object_get(record, "result");
	const char *field = luaL_checkstring(L, 2), *last = json_string_value(json_array_get(path, json_array_size(path) - 1));

	for (const char *const *d = direct; *d != NULL; d++)
		if (strcmp(field, *d) == 0)
			return pb_json_push(L, json_object_get(record, field)), 1;
	if (strcmp(field, "name") == 0)
		lua_pushstring(L, last != NULL ? last : "");
	else if (strcmp(field, "basename") == 0)
		lua_pushstring(L, last == NULL ? "" : strrchr(last, '/') != NULL ? strrchr(last, '/') + 1 : last);
	else if (strcmp(field, "facts") == 0 || strcmp(field, "findings") == 0)
		pb_json_push(L, json_object_get(result, field)); /* every record that reduce sees has its result */
	else if (strcmp(field, "parent") == 0)
		push_parent(L, path);
	else if (strcmp(field, "notes") == 0)
		push_notes(L, record);
	else if (strcmp(field, "mode") == 0)
		pb_product_mode_push(L, path);
	else if (!pb_document_field_push(L, o->record, field))
		return pb_no_field(L, "an object of a product", field, names);
	return 1;
}

static int equal(lua_State *L)
{
	const product_object *a = luaL_testudata(L, 1, type), *b = luaL_testudata(L, 2, type);

	lua_pushboolean(L, a != NULL && b != NULL && a->handle.generation == b->handle.generation && a->record == b->record);
	return 1;
}

static const luaL_Reg methods[] = {{"children", children}, {NULL, NULL}};
static const luaL_Reg metamethods[] = {{"__eq", equal}, {NULL, NULL}};

void pb_product_object_register(lua_State *L)
{
	pb_type_make(L, type, metamethods);
	luaL_newlib(L, methods);
	lua_pushcclosure(L, index_object, 1);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}
