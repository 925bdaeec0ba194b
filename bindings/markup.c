/** # require "probity.markup"
 * Elements of HTML and SVG, for formats of reports only. Use `lib.html`, which knows what elements may stand in a report. */
/* What formats would do with Lua's own string functions for thousands of elements a page is done here in one pass over each. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bindings/scope.h"

#define TYPE "probity.markup"
enum { DEPTH_MOST = 100, ATTRIBUTES_MOST = 32, HOLES_MOST = 1000, FIRST = 16384, KEPT_MOST = 1 << 20, BYTES_PER_STEP = 64 };
static const char memory_key; /* in the registry: where texts grow, used again from element to element */

/* One text that grows. It lies in Lua's memory: what raises leaks nothing, and the limit on memory holds for it. */
typedef struct writer {
	lua_State *L;
	char *data;
	size_t n, cap;
	int pieces; /* of the stack: nil, or a list of texts and functions that come before data */
	lua_Integer n_pieces;
} writer;

static void need(writer *w, size_t cap)
{
	char *more = lua_newuserdatauv(w->L, cap, 0);

	if (w->n > 0)
		memcpy(more, w->data, w->n);
	lua_rawsetp(w->L, LUA_REGISTRYINDEX, &memory_key);
	w->data = more;
	w->cap = cap;
}

static void begin(writer *w, lua_State *L)
{
	*w = (writer){.L = L};
	if (lua_rawgetp(L, LUA_REGISTRYINDEX, &memory_key) == LUA_TUSERDATA && lua_rawlen(L, -1) <= KEPT_MOST) {
		w->data = lua_touserdata(L, -1);
		w->cap = lua_rawlen(L, -1);
	} else
		need(w, FIRST);
	lua_settop(L, lua_gettop(L) - 1);
}

static void put(writer *w, const char *s, size_t n)
{
	if (n > w->cap - w->n) {
		size_t cap = w->cap;

		while (cap - w->n < n)
			cap *= 2; /* Lua's strings, and so sizes, are far below SIZE_MAX / 2 */
		need(w, cap);
	}
	memcpy(w->data + w->n, s, n);
	w->n += n;
}

static void put_text(writer *w, const char *s)
{
	put(w, s, strlen(s));
}

/* What is neither a letter that stands for itself nor one of the five: control characters and all above ASCII. */
static bool odd(unsigned char c)
{
	return c < 32 || c > 126;
}

static void put_plain(writer *w, const char *s, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		const char *as = s[i] == '&' ? "&amp;" : s[i] == '<' ? "&lt;" : s[i] == '>' ? "&gt;" : s[i] == '"' ? "&quot;" : s[i] == '\'' ? "&#39;" : NULL;

		if (!as)
			continue;
		put(w, s + from, i - from);
		put_text(w, as);
		from = i + 1;
	}
	put(w, s + from, n - from);
}

/* s: a Lua string, with a NUL behind it. */
static void put_escaped(writer *w, const char *s, size_t n)
{
	size_t i = 0;

	pb_sandbox_charge(w->L, n / BYTES_PER_STEP + 1);
	while (i < n && !odd((unsigned char)s[i]))
		i++;
	if (i == n) {
		put_plain(w, s, n);
		return;
	}
	for (size_t at = 0; at <= n;) { /* control characters, broken UTF-8, what turns the direction of a line */
		size_t length = strlen(s + at), m;
		const char *safe;

		pb_push_owned(w->L, pb_text_safe(s + at, 0));
		safe = lua_tolstring(w->L, -1, &m);
		put_plain(w, safe, m);
		lua_pop(w->L, 1);
		at += length + 1;
		if (at <= n)
			put_text(w, "\\x00");
	}
}

static void put_number(writer *w, int index)
{
	size_t n;
	const char *s;

	lua_pushvalue(w->L, index);
	s = lua_tolstring(w->L, -1, &n);
	put(w, s, n);
	lua_pop(w->L, 1);
}

/* What was written so far becomes a piece; the value on top behind it. */
static void put_piece(writer *w)
{
	if (w->n_pieces == 0) {
		lua_newtable(w->L);
		lua_replace(w->L, w->pieces);
	}
	lua_pushlstring(w->L, w->data, w->n);
	lua_rawseti(w->L, w->pieces, ++w->n_pieces);
	w->n = 0;
	lua_rawseti(w->L, w->pieces, ++w->n_pieces);
}

static void put_child(writer *w, int index, int depth);

/* The largest whole number that is a key of the list at index. Lists may have holes, though few. */
static lua_Integer last_of(lua_State *L, int index)
{
	lua_Integer last = 0, count = 0;

	for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
		lua_Integer key = lua_isinteger(L, -2) ? lua_tointeger(L, -2) : 0;

		count++;
		last = key > last ? key : last;
	}
	if (last > count && last - count > HOLES_MOST)
		return luaL_error(L, "html: a list of children with more than %d holes", HOLES_MOST);
	return last;
}

static void put_list(writer *w, int index, int depth)
{
	lua_Integer last = last_of(w->L, index);

	if (depth > DEPTH_MOST)
		luaL_error(w->L, "html: lists within lists, more than %d", DEPTH_MOST);
	luaL_checkstack(w->L, 8, "html");
	for (lua_Integer i = 1; i <= last; i++) {
		lua_rawgeti(w->L, index, i);
		put_child(w, lua_gettop(w->L), depth + 1);
		lua_pop(w->L, 1);
	}
}

static void put_markup(writer *w, int index)
{
	size_t n;

	if (lua_getiuservalue(w->L, index, 1) == LUA_TSTRING) {
		const char *s = lua_tolstring(w->L, -1, &n);

		pb_sandbox_charge(w->L, n / BYTES_PER_STEP);
		put(w, s, n);
	} else {
		int pieces = lua_gettop(w->L);
		lua_Integer last = (lua_Integer)lua_rawlen(w->L, pieces);

		for (lua_Integer i = 1; i <= last; i++) {
			if (lua_rawgeti(w->L, pieces, i) != LUA_TSTRING) {
				put_piece(w);
				continue;
			}
			const char *s = lua_tolstring(w->L, -1, &n);

			put(w, s, n);
			lua_pop(w->L, 1);
		}
	}
	lua_pop(w->L, 1);
}

static void put_child(writer *w, int index, int depth)
{
	lua_State *L = w->L;
	size_t n;
	const char *s;

	switch (lua_type(L, index)) {
	case LUA_TSTRING:
		s = lua_tolstring(L, index, &n);
		if (n == 1 && *s == '\n') /* a line end by itself, so that the source can be read */
			put(w, s, n);
		else
			put_escaped(w, s, n);
		break;
	case LUA_TNUMBER:
		put_number(w, index);
		break;
	case LUA_TTABLE:
		put_list(w, index, depth);
		break;
	case LUA_TFUNCTION:
		lua_pushvalue(L, index);
		put_piece(w);
		break;
	case LUA_TUSERDATA:
		if (luaL_testudata(L, index, TYPE))
			put_markup(w, index);
		break;
	case LUA_TBOOLEAN:
		if (lua_toboolean(L, index))
			luaL_error(L, "html: true is no child");
		break;
	default:
		break;
	}
}

/* Known to be harmless with any text. Not among them: style, on..., href, src, srcdoc, action, ... Sorted by bytes. */
static const char *const harmless[] = {
    "abbr", "aria-hidden", "aria-label", "aria-labelledby", "charset", "class", "clip-path", "clip-rule", "colspan",
    "content", "cx", "cy", "d", "data-claim", "data-label", "data-pillar", "data-severity", "data-status", "data-text",
    "datetime", "dir", "dominant-baseline", "dx", "dy", "fill", "fill-opacity", "fill-rule", "focusable", "font-family",
    "font-size", "font-weight", "for", "gradientUnits", "headers", "height", "hidden", "high", "id", "lang",
    "lengthAdjust", "letter-spacing", "low", "max", "min", "name", "offset", "opacity", "open", "optimum",
    "patternTransform", "patternUnits", "points", "preserveAspectRatio", "r", "reversed", "role", "rowspan", "rx", "ry",
    "scope", "shape-rendering", "span", "start", "stop-color", "stroke", "stroke-dasharray", "stroke-linecap",
    "stroke-linejoin", "stroke-opacity", "stroke-width", "tabindex", "text-anchor", "textLength", "title", "transform",
    "translate", "type", "value", "vector-effect", "version", "viewBox", "width", "x", "x1", "x2", "xmlns", "y", "y1",
    "y2",
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Those, and "data-..." of small letters and dashes, "aria-..." of small letters. */
static bool is_harmless(const char *name, size_t n)
{
	if (strlen(name) != n)
		return false;
	if (bsearch(&name, harmless, sizeof harmless / sizeof *harmless, sizeof *harmless, by_name))
		return true;
	if (n > 5 && strncmp(name, "data-", 5) == 0)
		return strspn(name + 5, "abcdefghijklmnopqrstuvwxyz-") == n - 5;
	return n > 5 && strncmp(name, "aria-", 5) == 0 && strspn(name + 5, "abcdefghijklmnopqrstuvwxyz") == n - 5;
}

static void put_attribute(writer *w, const char *name, int value)
{
	lua_State *L = w->L;
	size_t n;
	const char *s;

	if (!is_harmless(name, strlen(name)))
		luaL_error(L, "html: no element may have the attribute \"%s\"; addresses go through h.link", name);
	put_text(w, " ");
	put_text(w, name);
	put_text(w, "=\"");
	if (lua_type(L, value) == LUA_TNUMBER)
		put_number(w, value);
	else if (lua_type(L, value) == LUA_TSTRING) {
		s = lua_tolstring(L, value, &n);
		put_escaped(w, s, n);
	} else if (lua_type(L, value) != LUA_TBOOLEAN)
		luaL_error(L, "html: the attribute \"%s\" is a %s", name, luaL_typename(L, value));
	put_text(w, "\"");
}

/* All that have a name, in the order of their bytes. */
static void put_attributes(writer *w, int content)
{
	const char *names[ATTRIBUTES_MOST];
	lua_State *L = w->L;
	size_t n = 0, length;

	for (lua_pushnil(L); lua_next(L, content) != 0; lua_pop(L, 1)) {
		if (lua_type(L, -2) != LUA_TSTRING || !lua_toboolean(L, -1))
			continue;
		if (n == ATTRIBUTES_MOST)
			luaL_error(L, "html: an element with more than %d attributes", ATTRIBUTES_MOST);
		names[n] = lua_tolstring(L, -2, &length); /* the table holds it */
		if (strlen(names[n]) != length)
			luaL_error(L, "html: the name of an attribute holds a NUL");
		n++;
	}
	qsort(names, n, sizeof *names, by_name);
	for (size_t i = 0; i < n; i++) {
		lua_getfield(L, content, names[i]);
		put_attribute(w, names[i], lua_gettop(L));
		lua_pop(L, 1);
	}
}

static bool is_void(const char *name)
{
	static const char *const names[] = {"br", "hr", "meta", "link", "col", "wbr"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static int push_markup(writer *w)
{
	lua_State *L = w->L;

	lua_newuserdatauv(L, 0, 1);
	if (w->n_pieces == 0) {
		lua_pushlstring(L, w->data, w->n);
	} else {
		lua_pushlstring(L, w->data, w->n);
		lua_rawseti(L, w->pieces, w->n_pieces + 1);
		lua_pushvalue(L, w->pieces);
	}
	lua_setiuservalue(L, -2, 1);
	luaL_setmetatable(L, TYPE);
	return 1;
}

/** | `markup.element(name, content, extra)` | an element, as a handle that only `markup.write` and other elements read. `content`: a child, or a table:
 *   what has a name is an attribute (harmless ones only: no style, no address, nothing that runs), what has a number a child: text or number
 *   (escaped), element, list, function `f(out)` that is called when its turn comes to be written, `false`. `extra`: attributes that were checked
 *   elsewhere, written as they are; `name` is not checked: `lib.html` has those that may stand in a report */
static int element(lua_State *L)
{
	const char *name = luaL_checkstring(L, 1), *extra = luaL_optstring(L, 3, "");
	bool table = lua_istable(L, 2);
	writer w;

	lua_settop(L, 3);
	lua_pushnil(L);
	begin(&w, L);
	w.pieces = 4;
	put_text(&w, "<");
	put_text(&w, name);
	put_text(&w, extra);
	if (table)
		put_attributes(&w, 2);
	put_text(&w, ">");
	if (!is_void(name)) {
		if (table)
			put_list(&w, 2, 0);
		else
			put_child(&w, 2, 0);
		put_text(&w, "</");
		put_text(&w, name);
		put_text(&w, ">");
	}
	return push_markup(&w);
}

/** | `markup.escape(s)` | a text or a number as it stands in an element or an attribute: `& < > " '` as references, control characters, invalid
 *   UTF-8 and what changes how a line is read in display form */
static int escape(lua_State *L)
{
	writer w;

	if (lua_type(L, 1) != LUA_TNUMBER)
		luaL_checktype(L, 1, LUA_TSTRING);
	lua_settop(L, 1);
	begin(&w, L);
	if (lua_type(L, 1) == LUA_TNUMBER) {
		put_number(&w, 1);
	} else {
		size_t n;
		const char *s = lua_tolstring(L, 1, &n);

		put_escaped(&w, s, n);
	}
	lua_pushlstring(L, w.data, w.n);
	return 1;
}

/** | `markup.write(out, child)` | writes a child, as `markup.element` takes it, by calls of `out` */
static int write(lua_State *L)
{
	writer w;

	luaL_checktype(L, 1, LUA_TFUNCTION);
	lua_settop(L, 2);
	lua_pushnil(L);
	begin(&w, L);
	w.pieces = 3;
	put_child(&w, 2, 0);
	lua_pushlstring(L, w.data, w.n); /* functions may write on their own, into the same memory */
	for (lua_Integer i = 1; i <= w.n_pieces; i++) {
		bool text = lua_rawgeti(L, 3, i) == LUA_TSTRING;

		lua_pushvalue(L, 1);
		if (text)
			lua_insert(L, -2); /* out(text); else f(out) */
		lua_call(L, 1, 0);
	}
	lua_pushvalue(L, 1);
	lua_insert(L, -2);
	lua_call(L, 1, 0);
	return 0;
}

static const luaL_Reg functions[] = {{"element", element}, {"escape", escape}, {"write", write}, {NULL, NULL}};

int pb_open_markup(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}

void pb_markup_register(lua_State *L)
{
	static const luaL_Reg none[] = {{NULL, NULL}};

	pb_type_make(L, TYPE, none);
	lua_pushliteral(L, "markup"); /* what type() and tostring() say */
	lua_setfield(L, -2, "__type");
	lua_pop(L, 1);
}
