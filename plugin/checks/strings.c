/* string.find, match, gmatch, gsub over pattern.c: as in the reference manual, with bounded subjects and counted steps. */
#include <lauxlib.h>
#include <string.h>

#include "checks/box.h"
#include "checks/pattern.h"

enum { NO_LAST = -1, PLAIN_BYTES_PER_STEP = 16 };

static pb_bytes subject_at(lua_State *L, int index)
{
	size_t n;
	const char *s = luaL_checklstring(L, index, &n);

	if (n > pb_box_of(L)->limits.subject)
		pb_box_limit(L, PB_LIMIT_SUBJECT);
	return (pb_bytes){(const uint8_t *)s, n};
}

static void read_pattern(lua_State *L, int index, bool anchor, pb_pattern *p)
{
	size_t n;
	const char *text = luaL_checklstring(L, index, &n), *wrong = pb_pattern_read(text, n, anchor, p);

	if (wrong != NULL)
		luaL_argerror(L, index, wrong);
	pb_box_step(L, n);
}

/* Lua's position `init` (from 1, negative: from the end) as an offset; more than n where it lies past the end. */
static size_t offset_of(lua_Integer init, size_t n)
{
	if (init > 0)
		return (lua_Unsigned)init > n + 1 ? n + 1 : (size_t)init - 1;
	if (init == 0 || (lua_Unsigned)-init > n)
		return 0;
	return n - (size_t)-init;
}

static void push_capture(lua_State *L, pb_bytes subject, const pb_pattern *p, const pb_match *m, int i)
{
	if (i >= p->n_captures) /* no captures: the whole match is the first one */
		lua_pushlstring(L, (const char *)subject.data + m->at, m->end - m->at);
	else if (m->capture[i].length == PB_CAPTURE_PLACE)
		lua_pushinteger(L, (lua_Integer)m->capture[i].at + 1);
	else
		lua_pushlstring(L, (const char *)subject.data + m->capture[i].at, (size_t)m->capture[i].length);
}

static int push_captures(lua_State *L, pb_bytes subject, const pb_pattern *p, const pb_match *m, bool whole)
{
	int n = p->n_captures == 0 && whole ? 1 : p->n_captures;

	luaL_checkstack(L, n, "too many captures");
	for (int i = 0; i < n; i++)
		push_capture(L, subject, p, m, i);
	return n;
}

static int find_plain(lua_State *L, pb_bytes subject, size_t from)
{
	size_t n;
	const char *word = luaL_checklstring(L, 2, &n), *base = (const char *)subject.data, *hit;

	pb_box_step(L, (subject.size - from) / PLAIN_BYTES_PER_STEP + 1);
	hit = memmem(base + from, subject.size - from, word, n);
	if (hit == NULL)
		return lua_pushnil(L), 1;
	lua_pushinteger(L, hit - base + 1);
	lua_pushinteger(L, hit - base + (lua_Integer)n);
	return 2;
}

/* string.find(s, pattern [, init [, plain]]) */
static int find(lua_State *L)
{
	pb_bytes subject = subject_at(L, 1);
	size_t from = offset_of(luaL_optinteger(L, 3, 1), subject.size);
	pb_pattern p;
	pb_match m;

	if (from > subject.size)
		return luaL_checkstring(L, 2), lua_pushnil(L), 1;
	if (lua_toboolean(L, 4))
		return find_plain(L, subject, from);
	read_pattern(L, 2, true, &p);
	if (!pb_pattern_find(L, &p, subject, from, &m))
		return lua_pushnil(L), 1;
	lua_pushinteger(L, (lua_Integer)m.at + 1);
	lua_pushinteger(L, (lua_Integer)m.end);
	return 2 + push_captures(L, subject, &p, &m, false);
}

/* string.match(s, pattern [, init]) */
static int match(lua_State *L)
{
	pb_bytes subject = subject_at(L, 1);
	size_t from = offset_of(luaL_optinteger(L, 3, 1), subject.size);
	pb_pattern p;
	pb_match m;

	read_pattern(L, 2, true, &p);
	if (from > subject.size || !pb_pattern_find(L, &p, subject, from, &m))
		return lua_pushnil(L), 1;
	return push_captures(L, subject, &p, &m, true);
}

/* The next match from *from that does not end where the last one ended (an empty match right behind it). */
static bool next_match(lua_State *L, const pb_pattern *p, pb_bytes subject, size_t from, lua_Integer last, pb_match *m)
{
	while (from <= subject.size && pb_pattern_find(L, p, subject, from, m)) {
		if ((lua_Integer)m->end != last)
			return true;
		from = m->at + 1;
		if (p->anchored)
			break;
	}
	return false;
}

/* Upvalues: subject, pattern (userdata, never written again), position, end of the last match. The two that change are plain
 * values, so that lock.c sees a loop that outlives its call. */
static int gmatch_step(lua_State *L)
{
	size_t n;
	const char *s = lua_tolstring(L, lua_upvalueindex(1), &n);
	const pb_pattern *p = lua_touserdata(L, lua_upvalueindex(2));
	size_t from = (size_t)lua_tointeger(L, lua_upvalueindex(3));
	pb_bytes subject = {(const uint8_t *)s, n};
	pb_match m;

	if (!next_match(L, p, subject, from, lua_tointeger(L, lua_upvalueindex(4)), &m))
		return lua_pushnil(L), 1;
	lua_pushinteger(L, (lua_Integer)m.end);
	lua_pushvalue(L, -1);
	lua_replace(L, lua_upvalueindex(3));
	lua_replace(L, lua_upvalueindex(4));
	return push_captures(L, subject, p, &m, true);
}

/* string.gmatch(s, pattern [, init]) */
static int gmatch(lua_State *L)
{
	pb_bytes subject = subject_at(L, 1);
	size_t from = offset_of(luaL_optinteger(L, 3, 1), subject.size);

	(void)luaL_checkstring(L, 2);
	lua_settop(L, 2);
	lua_pushvalue(L, 1);
	read_pattern(L, 2, false, lua_newuserdatauv(L, sizeof(pb_pattern), 0));
	lua_pushinteger(L, (lua_Integer)from);
	lua_pushinteger(L, NO_LAST);
	lua_pushcclosure(L, gmatch_step, 4);
	return 1;
}

typedef struct replacing {
	pb_bytes subject;
	const pb_pattern *p;
	const pb_match *m;
	int type; /* of argument 3 */
} replacing;

static void add_text(lua_State *L, luaL_Buffer *b, const replacing *r)
{
	size_t n;
	const char *text = lua_tolstring(L, 3, &n), *end = text + n;

	for (; text < end; text++) {
		if (*text != '%') {
			luaL_addchar(b, *text);
			continue;
		}
		text++;
		if (text < end && *text == '%') {
			luaL_addchar(b, '%');
		} else if (text < end && *text == '0') {
			luaL_addlstring(b, (const char *)r->subject.data + r->m->at, r->m->end - r->m->at);
		} else if (text < end && *text >= '1' && *text <= '9' && (*text == '1' || *text - '0' <= r->p->n_captures)) {
			push_capture(L, r->subject, r->p, r->m, *text - '1');
			(void)luaL_tolstring(L, -1, NULL); /* a place is a number */
			lua_remove(L, -2);
			luaL_addvalue(b);
		} else {
			luaL_error(L, "wrong use of '%%' in the replacement: %%0 to %%9 (captures of the pattern) or %%%%");
		}
	}
}

/* What a table or a function says for the match; the match itself where it says nothing. */
static void add_answer(lua_State *L, luaL_Buffer *b, const replacing *r)
{
	if (r->type == LUA_TTABLE) {
		push_capture(L, r->subject, r->p, r->m, 0);
		lua_gettable(L, 3);
	} else {
		int n;

		lua_pushvalue(L, 3);
		n = push_captures(L, r->subject, r->p, r->m, true);
		lua_call(L, n, 1);
	}
	if (!lua_toboolean(L, -1)) {
		lua_pop(L, 1);
		luaL_addlstring(b, (const char *)r->subject.data + r->m->at, r->m->end - r->m->at);
		return;
	}
	if (!lua_isstring(L, -1))
		luaL_error(L, "the replacement is a %s: it must be a string, a number, or nil to leave the match",
		           luaL_typename(L, -1));
	luaL_addvalue(b);
}

/* string.gsub(s, pattern, replacement [, n]) */
static int gsub(lua_State *L)
{
	pb_bytes subject = subject_at(L, 1);
	int type = lua_type(L, 3);
	lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)subject.size + 1), count = 0, last = NO_LAST;
	const char *base = (const char *)subject.data;
	size_t from = 0;
	luaL_Buffer b;
	pb_pattern p;
	pb_match m;

	luaL_argexpected(L, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
	                 "string, table or function");
	read_pattern(L, 2, true, &p);
	luaL_buffinit(L, &b);
	while (count < most && next_match(L, &p, subject, from, last, &m)) {
		const replacing r = {subject, &p, &m, type};

		count++;
		luaL_addlstring(&b, base + from, m.at - from);
		if (type == LUA_TTABLE || type == LUA_TFUNCTION)
			add_answer(L, &b, &r);
		else
			add_text(L, &b, &r);
		from = m.end;
		last = (lua_Integer)m.end;
		if (p.anchored)
			break;
	}
	luaL_addlstring(&b, base + from, subject.size - from);
	luaL_pushresult(&b);
	lua_pushinteger(L, count);
	return 2;
}

const luaL_Reg pb_box_strings[] = {{"find", find}, {"gmatch", gmatch}, {"gsub", gsub}, {"match", match}, {NULL, NULL}};
