/* An element is a plain table; whatever is read of one is read from its offset again, so that no table can lead outside of the
 * bytes. */
/** # require "probity.asn1"
 * DER, element by element: what certificates, keys, signatures and timestamps are made of. `what` is an object,
 * a slice or a string; `at` an offset, or an element that was given before (whatever is read of one is read from its
 * offset again). BER that is not DER is refused.
 *
 * An element is a table: `class` (`"universal"`, `"application"`, `"context"`, `"private"`), `tag`,
 * `constructed` (boolean), `at`, `header` (bytes of tag and length), `length` (bytes of the content), `content`
 * (where that begins), `next` (where the element ends). */
#include "bindings/der.h"
#include "bindings/scope.h"

enum { BYTES_PER_STEP = 16, STEPS_PER_ELEMENT = 10, CONTENT_MOST = 65536 };

static const char *const classes[] = {"universal", "application", "context", "private"};

static void set_integer(lua_State *L, const char *name, size_t value)
{
	lua_pushinteger(L, (lua_Integer)value);
	lua_setfield(L, -2, name);
}

static int push_element(lua_State *L, const pb_der *e)
{
	lua_createtable(L, 0, 8);
	lua_pushstring(L, classes[e->class]);
	lua_setfield(L, -2, "class");
	set_integer(L, "tag", e->tag);
	lua_pushboolean(L, e->constructed);
	lua_setfield(L, -2, "constructed");
	set_integer(L, "at", e->at);
	set_integer(L, "header", e->header);
	set_integer(L, "length", e->length);
	set_integer(L, "content", e->at + e->header);
	set_integer(L, "next", e->at + e->header + e->length);
	return 1;
}

/* What an offset at index says, or the field `at` of an element. */
static size_t place_at(lua_State *L, int index)
{
	lua_Integer at;
	int whole;

	if (lua_type(L, index) != LUA_TTABLE)
		return pb_offset_opt(L, index, 0);
	lua_pushliteral(L, "at");
	lua_rawget(L, index);
	at = lua_tointegerx(L, -1, &whole);
	luaL_argexpected(L, whole && at >= 0, index, "an element or an offset");
	lua_pop(L, 1);
	return (size_t)at;
}

/* [1] an object, a slice or a string [2] an offset or an element -> its content; false where there is no element. */
static bool content_of(lua_State *L, pb_der *e, pb_bytes *content)
{
	pb_bytes b = pb_subject_check(L, 1);
	size_t at = place_at(L, 2);

	pb_sandbox_charge(L, STEPS_PER_ELEMENT);
	if (pb_der_read(b, at, e) != NULL)
		return false;
	*content = pb_slice(b, e->at + e->header, e->length);
	return true;
}

/* Likewise, of one that is not constructed and has the class universal; its tag is looked at by who reads it. */
static bool plain(lua_State *L, pb_der *e, pb_bytes *content)
{
	return content_of(L, e, content) && e->class == PB_DER_UNIVERSAL && !e->constructed;
}

static int nothing(lua_State *L)
{
	lua_pushnil(L);
	return 1;
}

/** | `asn1.element(what, at, stop)` | the element at `at` (0 by default), which must end at `stop` or before; or
 *   `nil` and the reason: `"byte 7: longer than what holds it"` */
static int element(lua_State *L)
{
	pb_bytes b = pb_subject_check(L, 1);
	size_t at = place_at(L, 2);
	pb_der e;
	const char *why;

	b = pb_slice(b, 0, pb_offset_opt(L, 3, b.size));
	pb_sandbox_charge(L, STEPS_PER_ELEMENT);
	why = pb_der_read(b, at, &e);
	if (why == NULL)
		return push_element(L, &e);
	lua_pushnil(L);
	lua_pushfstring(L, "byte %I: %s", (lua_Integer)at, why);
	return 2;
}

/* Upvalues: what, the next offset, where to stop. -> element, nil at the end and where there is none */
static int step(lua_State *L)
{
	size_t at = (size_t)lua_tointeger(L, lua_upvalueindex(2)), stop = (size_t)lua_tointeger(L, lua_upvalueindex(3));
	pb_bytes b;
	pb_der e;

	lua_settop(L, 0);
	lua_pushvalue(L, lua_upvalueindex(1));
	b = pb_subject_check(L, 1);
	pb_sandbox_charge(L, STEPS_PER_ELEMENT);
	if (pb_der_read(pb_slice(b, 0, stop), at, &e) != NULL)
		return nothing(L);
	size_t next = e.at + e.header + e.length;
	lua_pushinteger(L, (lua_Integer)next);
	lua_replace(L, lua_upvalueindex(2));
	return push_element(L, &e);
}

/** | `asn1.elements(what, at, stop)` | `for e in asn1.elements(object) do`: one after the other, up to `stop`, the
 *   end, or what is no element */
static int elements(lua_State *L)
{
	pb_bytes b = pb_subject_check(L, 1);
	size_t at = place_at(L, 2), stop = pb_offset_opt(L, 3, b.size);

	lua_settop(L, 1);
	lua_pushinteger(L, (lua_Integer)at);
	lua_pushinteger(L, (lua_Integer)stop);
	lua_pushcclosure(L, step, 3);
	return 1;
}

/** | `asn1.children(what, at)` | `for e in asn1.children(object, sequence) do`: those in a constructed element; none
 *   in others */
static int children(lua_State *L)
{
	pb_der e = {0};
	pb_bytes content;
	bool some = content_of(L, &e, &content) && e.constructed;

	lua_settop(L, 1);
	lua_pushinteger(L, some ? (lua_Integer)(e.at + e.header) : 0);
	lua_pushinteger(L, some ? (lua_Integer)(e.at + e.header + e.length) : 0);
	lua_pushcclosure(L, step, 3);
	return 1;
}

/** | `asn1.oid(what, at)` | `"1.2.840.113549.1.1.11"`; `nil` where it is no OID, has more than 64 bytes, or a part
 *   beyond 32 bits */
static int oid(lua_State *L)
{
	pb_der e;
	pb_bytes content;
	char text[PB_DER_OID_MAX];

	if (!plain(L, &e, &content) || e.tag != PB_DER_OID || !pb_der_oid(content, text))
		return nothing(L);
	lua_pushstring(L, text);
	return 1;
}

/** | `asn1.integer(what, at)` | of an INTEGER or ENUMERATED; `nil` where it is none, or beyond 64 bits (take
 *   `asn1.bytes`) */
static int integer(lua_State *L)
{
	pb_der e;
	pb_bytes content;
	int64_t value;

	if (!plain(L, &e, &content) || (e.tag != PB_DER_INTEGER && e.tag != PB_DER_ENUMERATED) ||
	    !pb_der_integer(content, &value))
		return nothing(L);
	lua_pushinteger(L, value);
	return 1;
}

/** | `asn1.boolean(what, at)` | or `nil` */
static int boolean(lua_State *L)
{
	pb_der e;
	pb_bytes content;

	if (!plain(L, &e, &content) || e.tag != PB_DER_BOOLEAN || content.size != 1 ||
	    (content.data[0] != 0 && content.data[0] != 0xff))
		return nothing(L);
	lua_pushboolean(L, content.data[0] != 0);
	return 1;
}

/** | `asn1.string(what, at)` | UTF-8, of any type of text; `nil` where it is none, or not valid */
static int string(lua_State *L)
{
	pb_der e;
	pb_bytes content;
	uint8_t *out;
	ptrdiff_t n;

	if (!plain(L, &e, &content) || content.size > CONTENT_MOST)
		return nothing(L);
	pb_sandbox_charge(L, content.size / BYTES_PER_STEP);
	out = lua_newuserdatauv(L, 2 * content.size + 1, 0); /* Lua's memory: nothing is lost should anything raise */
	n = pb_der_text(content, e.tag, out);
	if (n < 0)
		return nothing(L);
	lua_pushlstring(L, (const char *)out, (size_t)n);
	return 1;
}

/** | `asn1.bytes(what, at)` | the content of any element as it is, of at most 64 KiB, else `nil` */
static int bytes(lua_State *L)
{
	pb_der e;
	pb_bytes content;

	if (!content_of(L, &e, &content) || content.size > CONTENT_MOST)
		return nothing(L);
	pb_sandbox_charge(L, content.size / BYTES_PER_STEP);
	lua_pushlstring(L, content.size > 0 ? (const char *)content.data : "", content.size);
	return 1;
}

/** | `asn1.time(what, at)` | days (see `probity.date`; negative before 1970) and the second of the day, of a UTCTime
 *   or GeneralizedTime in UTC; or `nil` */
static int time_of(lua_State *L)
{
	pb_der e;
	pb_bytes content;
	int64_t days;
	int32_t seconds;

	if (!plain(L, &e, &content) || !pb_der_time(content, e.tag, &days, &seconds))
		return nothing(L);
	lua_pushinteger(L, days);
	lua_pushinteger(L, seconds);
	return 2;
}

static const luaL_Reg functions[] = {
    {"element", element}, {"elements", elements}, {"children", children}, {"oid", oid},      {"integer", integer},
    {"boolean", boolean}, {"string", string},     {"bytes", bytes},       {"time", time_of}, {NULL, NULL}};

int pb_open_asn1(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
