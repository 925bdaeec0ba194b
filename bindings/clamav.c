/** # require "probity.clamav"
 * What ClamAV said of an object of a product (`product.detections` and `product.database` are about all of it). Object
 * checks cannot ask: what map finds is kept by the bytes alone, and what ClamAV says depends on its database.
 *
 * | `clamav.signatures(o)` | list of the signatures that hit it, `{}` where none did
 * | `clamav.scanned(o)` | were ClamAV's signatures held against it at all? Inside of a foreign host they are not held
 *   against what Probity had to unpack
 * | `clamav.kind(o)` | ClamAV's own type of it, `"CL_TYPE_ZIP"`; `nil` where it typed none: folders, and what
 *   `scanned` is false for. `o.kind` is Probity's, which is there for each object and does not depend on a database
 * | `clamav.layers(o)` | list of these types: of what it lies in, outermost first, and its own last; those that ClamAV did
 *   not type are left out */
#include "bindings/scope.h"

static size_t record_check(lua_State *L, int index)
{
	long record = pb_product_object_record(L, index);

	luaL_argexpected(L, record >= 0, index, "an object of a product");
	return (size_t)record;
}

/* clamav.signatures(o) -> list: those that hit this object or, where ClamAV named no place inside of it, something in it */
static int signatures(lua_State *L)
{
	json_int_t record = (json_int_t)record_check(L, 1);
	const json_t *detections = pb_scope_of(L)->product->detections, *d;
	lua_Integer n = 0;
	size_t i;

	pb_sandbox_charge(L, 4 * json_array_size(detections));
	lua_newtable(L);
	json_array_foreach (detections, i, d) {
		if (pb_json_int(d, "record", -1) != record)
			continue;
		lua_pushstring(L, pb_json_str(d, "signature", ""));
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

/* clamav.scanned(o) -> boolean: were ClamAV's signatures held against it? */
static int scanned(lua_State *L)
{
	const json_t *record = json_array_get(pb_scope_of(L)->product->records, record_check(L, 1));

	lua_pushboolean(L, !json_is_true(json_object_get(record, "unscanned")));
	return 1;
}

static const char *type_of(const json_t *record)
{
	return json_string_value(json_object_get(record, "clam_type"));
}

/* clamav.kind(o) -> string or nil */
static int kind(lua_State *L)
{
	lua_pushstring(L, type_of(json_array_get(pb_scope_of(L)->product->records, record_check(L, 1)))); /* NULL is nil */
	return 1;
}

/* [-1] a list; adds the type of a record, if it has one */
static void add_type(lua_State *L, long record)
{
	const char *type = type_of(json_array_get(pb_scope_of(L)->product->records, (size_t)record));

	if (type == NULL)
		return;
	lua_pushstring(L, type);
	lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
}

/* clamav.layers(o) -> list */
static int layers(lua_State *L)
{
	size_t record = record_check(L, 1);
	const json_t *records = pb_scope_of(L)->product->records;
	const json_t *path = json_object_get(json_array_get(records, record), "path");

	pb_sandbox_charge(L, 20 * json_array_size(path));
	lua_newtable(L);
	for (size_t depth = 1; depth < json_array_size(path); depth++) {
		long at = pb_record_find(records, path, depth, NULL);

		/* what lies in a layer comes next by itself, where the chain goes on with it */
		while (at >= 0 && (json_array_size(json_object_get(json_array_get(records, (size_t)at), "path")) == depth ||
		                   !pb_path_begins(path, json_object_get(json_array_get(records, (size_t)at), "path")))) {
			add_type(L, at);
			at = pb_record_payload(L, at);
		}
	}
	add_type(L, (long)record);
	return 1;
}

static const luaL_Reg functions[] = {
    {"kind", kind}, {"layers", layers}, {"scanned", scanned}, {"signatures", signatures}, {NULL, NULL}};

int pb_open_clamav(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
