/* require "probity.x509": what a certificate says of itself. Nothing is fetched, and no chain is followed. */
#include "bindings/armour.h"
#include "bindings/certificate.h"
#include "bindings/decode.h"

/* What libcrypto does with one, in instructions; the second where it checks a signature. */
enum { STEPS_PER_CERTIFICATE = 5000, STEPS_PER_SIGNATURE = 50000 };

/* x509.decode(what [, at]) -> certificate | nil, reason */
static int decode(lua_State *L)
{
	static const char *const no_options[] = {NULL};
	static const pb_format format = {"x509", pb_certificate_read, no_options, false};
	pb_bytes b = pb_slice(pb_source_check(L, 1), pb_offset_opt(L, 2, 0), PB_ARMOUR_BYTES);

	lua_settop(L, 1);
	pb_sandbox_charge(L, STEPS_PER_CERTIFICATE);
	(void)pb_decode_push(L, &format, b, 0);
	if (lua_isnil(L, -2))
		return 2;
	lua_getfield(L, -2, "self_issued");
	if (lua_toboolean(L, -1))
		pb_sandbox_charge(L, STEPS_PER_SIGNATURE);
	lua_pop(L, 2);
	return 1;
}

static const luaL_Reg functions[] = {{"decode", decode}, {NULL, NULL}};

int pb_open_x509(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
