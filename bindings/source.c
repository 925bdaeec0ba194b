/* What a module reads: an object, or a string. */
#include "bindings/scope.h"

pb_bytes pb_source_check(lua_State *L, int index)
{
	const pb_object_view *v = pb_object_test(L, index);
	pb_bytes b;

	if (v != NULL)
		return v->object->bytes;
	luaL_argexpected(L, lua_type(L, index) == LUA_TSTRING, index, "an object or a string");
	b.data = (const uint8_t *)lua_tolstring(L, index, &b.size);
	return b;
}

size_t pb_offset_opt(lua_State *L, int index, size_t otherwise)
{
	lua_Integer at;

	if (lua_isnoneornil(L, index))
		return otherwise;
	at = luaL_checkinteger(L, index);
	luaL_argcheck(L, at >= 0, index, "an offset or a length counts from 0");
	return (size_t)at;
}
