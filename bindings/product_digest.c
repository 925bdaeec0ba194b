/* Which object has these bytes? Documents name files by one digest or another. */
/** | `product:by_digest(algorithm, hex)` | the first object, by path, whose digest this is, or `nil`; `hex` in any case. `sha256`: of every object;
 *   `sha1`: of packages and programs; `md5`, `sha512`: of packages (the fact `digests`, which says why). A second result says how
 *   many objects have it */
#include <stdlib.h>
#include <string.h>

#include "bindings/scope.h"

/* One digest of one record; borrowed from the product's records, which outlive the call. */
typedef struct digest {
	const char *hex;
	size_t record;
} digest;

typedef struct digest_index {
	size_t n;
	digest rows[];
} digest_index;

enum { RECORDS_PER_STEP = 4, STEPS_PER_CALL = 20, HEX_MOST = 128 };

static const char *const algorithms[] = {"sha256", "sha1", "sha512", "md5"};

static int by_hex(const void *a, const void *b)
{
	const digest *x = a, *y = b;
	int c = strcmp(x->hex, y->hex);

	return c ? c : (x->record > y->record) - (x->record < y->record);
}

static const char *digest_of(const json_t *record, int algorithm)
{
	if (algorithm == 0)
		return pb_json_str(record, "sha256", "");
	return pb_json_str(json_object_get(pb_record_facts(record), "digests"), algorithms[algorithm], "");
}

/* The index of one algorithm, made at the first question of a call. */
static const digest_index *index_of(lua_State *L, const pb_product_view *v, int algorithm)
{
	size_t n = json_array_size(v->records);
	digest_index *made;

	pb_scope_table(L, PB_SCOPE_DIGESTS);
	if (lua_rawgeti(L, -1, algorithm + 1) == LUA_TUSERDATA)
		return lua_touserdata(L, -1);
	lua_pop(L, 1);
	pb_sandbox_charge(L, n / RECORDS_PER_STEP);
	made = lua_newuserdatauv(L, sizeof *made + n * sizeof made->rows[0], 0);
	made->n = 0;
	for (size_t i = 0; i < n; i++) {
		const char *hex = digest_of(json_array_get(v->records, i), algorithm);
		if (*hex != '\0')
			made->rows[made->n++] = (digest){hex, i};
	}
	if (made->n > 1)
		qsort(made->rows, made->n, sizeof made->rows[0], by_hex);
	lua_pushvalue(L, -1);
	lua_rawseti(L, -3, algorithm + 1);
	return made;
}

/* The first row that is not before this digest. */
static size_t first_of(const digest_index *in, const char *hex)
{
	size_t low = 0, high = in->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(in->rows[middle].hex, hex) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int pb_product_by_digest(lua_State *L)
{
	const pb_product_view *v = pb_product_check(L, 1);
	const char *name = luaL_checkstring(L, 2);
	size_t size, at, count = 0;
	const char *given = luaL_checklstring(L, 3, &size);
	char hex[HEX_MOST + 1];
	int algorithm = 0;
	const digest_index *in;

	while (algorithm < 4 && strcmp(algorithms[algorithm], name) != 0)
		algorithm++;
	if (algorithm == 4)
		return luaL_error(L, "product:by_digest: the algorithms are sha256, sha1, sha512 and md5");
	if (size == 0 || size > HEX_MOST)
		return lua_pushnil(L), 1;
	for (size_t i = 0; i <= size; i++)
		hex[i] = given[i] >= 'A' && given[i] <= 'F' ? (char)(given[i] - 'A' + 'a') : given[i];
	pb_sandbox_charge(L, STEPS_PER_CALL);
	in = index_of(L, v, algorithm);
	at = first_of(in, hex);
	while (at + count < in->n && strcmp(in->rows[at + count].hex, hex) == 0)
		count++;
	if (count == 0)
		return lua_pushnil(L), 1;
	pb_product_object_push(L, in->rows[at].record);
	lua_pushinteger(L, (lua_Integer)count);
	return 2;
}
