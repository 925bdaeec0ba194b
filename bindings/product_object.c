/* One object of a product, as product checks see it. */
/** `glob`: without a `/` it is matched against the base name; with one, against the last path element, and
 * against the whole chain joined by `/`. `*` and `?` stop at `/`, `**` does not.
 *
 * An object of a product: `o.path` (list: container by container), `o.name` (last element of the path:
 * `"usr/bin/nc"`), `o.basename` (`"nc"`), `o.kind`, `o.class`, `o.name_class`, `o.size`, `o.sha256`,
 * `o.container` (boolean), `o.facts` (what map kept: without `elf`, `pe`, `macho`, `dotnet`), `o.findings` (list
 * of what map found in it: `check`, `finding`, `key`, `kappa`, `severity`, `at`). */
#include <string.h>

#include "bindings/scope.h"

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

/* [1] object [2] name */
static int index_object(lua_State *L)
{
	static const char *const names[] = {"path", "name",   "basename",  "kind",  "class",    "name_class",
	                                    "size", "sha256", "container", "facts", "findings", NULL};
	static const char *const direct[] = {"path", "kind", "class", "name_class", "size", "sha256", "container", NULL};
	const product_object *o = pb_handle_check(L, 1, type);
	const json_t *record = json_array_get(pb_scope_of(L)->product->records, o->record);
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
	else
		return pb_no_field(L, "an object of a product", field, names);
	return 1;
}

static int equal(lua_State *L)
{
	const product_object *a = luaL_testudata(L, 1, type), *b = luaL_testudata(L, 2, type);

	lua_pushboolean(L, a != NULL && b != NULL && a->handle.generation == b->handle.generation && a->record == b->record);
	return 1;
}

static const luaL_Reg metamethods[] = {{"__index", index_object}, {"__eq", equal}, {NULL, NULL}};

void pb_product_object_register(lua_State *L)
{
	pb_type_make(L, type, metamethods);
	lua_pop(L, 1);
}
