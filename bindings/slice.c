/* The readers of bytes, which objects and their slices have in common, and slices themselves: a part of the object that is read as
 * if there were nothing before and nothing behind it.
 *
 *   x:bytes(at, n)  x:cstring(at [, max])  x:u8(at) ... x:u64be(at)  x:i8(at) ... x:i64be(at)  x:slice(at [, n])  #x
 *   slice.at  slice.size
 *
 * Offsets count from 0 at the beginning of x. A slice is dead with its object. */
#include <string.h>

#include "bindings/scope.h"

static const char slice_type[] = "probity.slice";

enum { BYTES_MOST = 65536, TEXT_USUAL = 4096, BYTES_PER_STEP = 64 };

typedef struct slice {
	pb_handle handle;
	size_t at, size; /* inside of the object's bytes */
} slice;

pb_bytes pb_bytes_check(lua_State *L, int index, size_t *at)
{
	const slice *s = luaL_testudata(L, index, slice_type);

	*at = 0;
	if (s == NULL)
		return pb_object_check(L, index)->object->bytes;
	s = pb_handle_check(L, index, slice_type);
	*at = s->at;
	return pb_slice(pb_scope_of(L)->object->object->bytes, s->at, s->size);
}

pb_bytes pb_subject_check(lua_State *L, int index)
{
	pb_bytes b;
	size_t at;

	if (luaL_testudata(L, index, slice_type) != NULL || pb_object_test(L, index) != NULL)
		return pb_bytes_check(L, index, &at);
	luaL_argexpected(L, lua_type(L, index) == LUA_TSTRING, index, "an object, a slice or a string");
	b.data = (const uint8_t *)lua_tolstring(L, index, &b.size);
	return b;
}

size_t pb_offset_check(lua_State *L, int index)
{
	lua_Integer at = luaL_checkinteger(L, index);

	luaL_argcheck(L, at >= 0, index, "an offset or a length counts from 0");
	return (size_t)at;
}

size_t pb_offset_opt(lua_State *L, int index, size_t otherwise)
{
	return lua_isnoneornil(L, index) ? otherwise : pb_offset_check(L, index);
}

/** Bytes are read in the same way from an object and from a slice of it:
 *
 * | `x:bytes(at, n)` | at most `n` bytes (n <= 65536) from `at` as a string; shorter at the end, `""` past it
 */
static int bytes(lua_State *L)
{
	size_t base;
	pb_bytes all = pb_bytes_check(L, 1, &base), b;
	size_t at = pb_offset_check(L, 2);
	lua_Integer n = luaL_checkinteger(L, 3);

	luaL_argcheck(L, n >= 0 && n <= BYTES_MOST, 3, "0 to 65536 bytes");
	b = pb_slice(all, at, (size_t)n);
	lua_pushlstring(L, b.size > 0 ? (const char *)b.data : "", b.size);
	return 1;
}

/** | `x:cstring(at [, max])` | the text up to a NUL byte, at most `max` bytes (4096 by default, at most 65536), and
 *   whether the NUL is there; `nil` past the end */
static int cstring(lua_State *L)
{
	size_t base;
	pb_bytes all = pb_bytes_check(L, 1, &base), b;
	size_t at = pb_offset_check(L, 2);
	lua_Integer most = luaL_optinteger(L, 3, TEXT_USUAL);
	const uint8_t *end;

	luaL_argcheck(L, most >= 0 && most <= BYTES_MOST, 3, "0 to 65536 bytes");
	if (at >= all.size)
		return lua_pushnil(L), 1;
	b = pb_slice(all, at, (size_t)most + 1); /* with its NUL */
	end = memchr(b.data, '\0', b.size);
	if (end != NULL)
		b.size = (size_t)(end - b.data);
	else if (b.size > (size_t)most)
		b.size = (size_t)most;
	pb_sandbox_charge(L, b.size / BYTES_PER_STEP);
	lua_pushlstring(L, (const char *)b.data, b.size);
	lua_pushboolean(L, end != NULL);
	return 2;
}

/* Upvalues: width in bytes, big-endian, signed. */
/** | `x:u8(at)` `u16le u16be u32le u32be u64le u64be` | an integer, `nil` where it does not lie inside (u64 wraps
 *   like Lua integers)
 * | `x:i8(at)` `i16le i16be i32le i32be i64le i64be` | the same with a sign
 */
static int number(lua_State *L)
{
	size_t base;
	pb_bytes all = pb_bytes_check(L, 1, &base);
	size_t width = (size_t)lua_tointeger(L, lua_upvalueindex(1));
	bool big = lua_toboolean(L, lua_upvalueindex(2)), with_sign = lua_toboolean(L, lua_upvalueindex(3));
	pb_bytes b = pb_slice(all, pb_offset_check(L, 2), width);
	uint64_t value = 0;

	if (b.size < width)
		return lua_pushnil(L), 1;
	for (size_t i = 0; i < width; i++)
		value = value << 8 | b.data[big ? i : width - 1 - i];
	if (with_sign && width > 0 && width < 8 && value >> (8 * width - 1) != 0)
		value |= UINT64_MAX << (8 * width);
	lua_pushinteger(L, (lua_Integer)value);
	return 1;
}

/** | `x:slice(at [, n])` | a slice: `n` bytes from `at` (by default up to the end), read as if nothing lay before and
 *   behind; `nil` where it does not lie inside
 * | `x.size` `#x` | bytes
 * | `x:find(pattern [, init [, options]])` | `at, length, captures...` of the first match at or behind `init`, or `nil`:
 *   see *probity.regex*
 * | `x:matches(pattern [, init [, options]])` | `for at, length, first, ... in x:matches(...) do`
 * | `slice.at` | where it begins in the object: `found` wants offsets in the object, so `at = slice.at + at`
 */
static int cut(lua_State *L)
{
	size_t base;
	pb_bytes all = pb_bytes_check(L, 1, &base);
	size_t at = pb_offset_check(L, 2), left = at <= all.size ? all.size - at : 0;
	lua_Integer n = luaL_optinteger(L, 3, (lua_Integer)left);
	slice *s;

	luaL_argcheck(L, n >= 0, 3, "a number of bytes is not negative");
	if (at > all.size || (lua_Unsigned)n > left)
		return lua_pushnil(L), 1;
	s = pb_handle_push(L, slice_type, sizeof *s);
	s->at = base + at;
	s->size = (size_t)n;
	return 1;
}

/** A slice is copied nowhere and dies with its object. What takes an object or a string (`pem.decode`, `json.decode`,
 * ...) takes a slice too. */
static int length(lua_State *L)
{
	size_t base;

	lua_pushinteger(L, (lua_Integer)pb_bytes_check(L, 1, &base).size);
	return 1;
}

static const struct {
	const char *name;
	int width;
	bool big, with_sign;
} numbers[] = {{"u8", 1, false, false},    {"u16le", 2, false, false}, {"u16be", 2, true, false}, {"u32le", 4, false, false},
               {"u32be", 4, true, false},  {"u64le", 8, false, false}, {"u64be", 8, true, false}, {"i8", 1, false, true},
               {"i16le", 2, false, true},  {"i16be", 2, true, true},   {"i32le", 4, false, true}, {"i32be", 4, true, true},
               {"i64le", 8, false, true},  {"i64be", 8, true, true}};

static const luaL_Reg readers[] = {{"bytes", bytes}, {"cstring", cstring}, {"slice", cut}, {NULL, NULL}};

void pb_readers_set(lua_State *L)
{
	luaL_setfuncs(L, readers, 0);
	luaL_setfuncs(L, pb_searches, 0);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		lua_pushinteger(L, numbers[i].width);
		lua_pushboolean(L, numbers[i].big);
		lua_pushboolean(L, numbers[i].with_sign);
		lua_pushcclosure(L, number, 3);
		lua_setfield(L, -2, numbers[i].name);
	}
}

/* Upvalue: the methods. [1] slice [2] name */
static int index_slice(lua_State *L)
{
	static const char *const names[] = {PB_READERS, "at", "size", NULL};
	const slice *s = pb_handle_check(L, 1, slice_type);
	const char *name = luaL_checkstring(L, 2);

	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
		return 1;
	if (strcmp(name, "at") == 0)
		lua_pushinteger(L, (lua_Integer)s->at);
	else if (strcmp(name, "size") == 0)
		lua_pushinteger(L, (lua_Integer)s->size);
	else
		return pb_no_field(L, "slice", name, names);
	return 1;
}

/* Two of the same bytes of the same object. */
static int equal(lua_State *L)
{
	const slice *a = luaL_testudata(L, 1, slice_type), *b = luaL_testudata(L, 2, slice_type);

	lua_pushboolean(L, a != NULL && b != NULL && a->handle.generation == b->handle.generation && a->at == b->at &&
	                       a->size == b->size);
	return 1;
}

static const luaL_Reg metamethods[] = {{"__len", length}, {"__eq", equal}, {NULL, NULL}};

void pb_slice_register(lua_State *L)
{
	pb_type_make(L, slice_type, metamethods);
	lua_newtable(L);
	pb_readers_set(L);
	lua_pushcclosure(L, index_slice, 1);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}

int pb_object_length(lua_State *L)
{
	return length(L);
}
