/** # require "probity.clamav"
 * What ClamAV said of an object of a product (`product.detections` and `product.database` are about all of it). Object
 * checks cannot ask: what map finds is kept by the bytes alone, and what ClamAV says depends on its database.
 *
 * | `clamav.signatures(o)` | list of the signatures that hit it, `{}` where none did
 * | `clamav.scanned(o)` | were ClamAV's signatures held against it at all? Inside of a foreign host they are not held
 *   against what Probity had to unpack */
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

static const luaL_Reg functions[] = {{"scanned", scanned}, {"signatures", signatures}, {NULL, NULL}};

int pb_open_clamav(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
