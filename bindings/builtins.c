/* The one table of what scripts may touch. A module that is not here does not exist for them. */
#include "bindings/bindings.h"
#include "bindings/decode.h"
#include "bindings/scope.h"

/* clang-format off */
static const pb_module modules[] = {
    {"probity.asn1", pb_open_asn1},
    {"probity.clamav", pb_open_clamav},
    {"probity.date", pb_open_date},
    {"probity.geo", pb_open_geo},
    {"probity.hash", pb_open_hash},
    {"probity.hints", pb_open_hints},
    {"probity.ini", pb_open_ini},
    {"probity.json", pb_open_json},
    {"probity.lists", pb_open_lists},
    {"probity.pem", pb_open_pem},
    {"probity.plist", pb_open_plist},
    {"probity.regex", pb_open_regex},
    {"probity.text", pb_open_text},
    {"probity.toml", pb_open_toml},
    {"probity.url", pb_open_url},
    {"probity.version", pb_open_version},
    {"probity.x509", pb_open_x509},
    {"probity.xml", pb_open_xml},
    {"probity.yaml", pb_open_yaml},
    {"probity.yara", pb_open_yara},
    {NULL, NULL},
};

static const pb_module for_formats[] = {
    {"probity.date", pb_open_date},
    {"probity.hash", pb_open_hash},
    {"probity.json", pb_open_json},
    {"probity.markup", pb_open_markup},
    {"probity.text", pb_open_text},
    {"probity.url", pb_open_url},
    {"probity.version", pb_open_version},
    {NULL, NULL},
};
/* clang-format on */

static void register_types(lua_State *L)
{
	luaL_checkstack(L, 20, "bindings");
	pb_scope_register(L);
	pb_json_register(L);
	pb_null_register(L);
	pb_object_register(L);
	pb_slice_register(L);
	pb_regex_register(L);
	pb_yara_register(L);
	pb_product_register(L);
	pb_product_object_register(L);
}

const pb_bindings pb_bindings_table = {
    .modules = modules,
    .register_types = register_types,
    .push_object = pb_object_push,
    .push_product = pb_product_push,
    .expire = pb_scope_expire,
    .record_of = pb_product_object_record,
    .fields = pb_object_fields,
};

static void register_few(lua_State *L)
{
	luaL_checkstack(L, 20, "bindings");
	pb_scope_register(L);
	pb_null_register(L);
	pb_markup_register(L);
}

const pb_bindings pb_bindings_formats = {.modules = for_formats, .register_types = register_few};
