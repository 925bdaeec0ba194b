/* found.note{ ... }: what an object function leaves for the product function of the same check. A table becomes JSON of
 * a bounded size. Keys of a table come in no certain order, so nothing here may depend on it: what is wrong is gathered,
 * and the worst is told. */
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "checks/entry.h"
#include "findings/note.h"

typedef enum fault { FINE, FRACTION, VALUE, KEY, HOLES, MIXED, DEEP } fault;

static const char *const faults[] = {
    [FRACTION] = "a number that is no integer",
    [VALUE] = "a note holds texts, integers, true and false, and tables of these; of a fact copy what is needed",
    [KEY] = "a key must be a text in display form, such as a path of a fact, or a position of a list",
    [HOLES] = "a list must count from 1 without holes",
    [MIXED] = "a table in it has both names and positions",
    [DEEP] = "tables lie more than 4 deep",
};

typedef struct reading {
	lua_State *L;
	size_t room; /* bytes that are left */
	fault worst;
	bool no_memory;
} reading;

/* Nothing more is read once this is false. */
static bool takes(reading *r, size_t bytes)
{
	if (r->no_memory || r->room < bytes)
		return false;
	r->room -= bytes;
	return true;
}

static bool is_wrong(reading *r, fault what)
{
	r->worst = what > r->worst ? what : r->worst;
	return true;
}

static bool read_table(reading *r, json_t *into, int content, int depth);

/* The table with this content: a list, or by names. NULL with a fault or without room: *more says whether to go on. */
static json_t *container(reading *r, int content, bool *more)
{
	size_t texts = 0, positions = 0, others = 0, n = lua_rawlen(r->L, content);
	json_t *made;

	*more = true;
	for (lua_pushnil(r->L); lua_next(r->L, content); lua_pop(r->L, 1)) {
		bool position = lua_isinteger(r->L, -2) && lua_tointeger(r->L, -2) >= 1;

		texts += lua_type(r->L, -2) == LUA_TSTRING;
		positions += position;
		others += lua_type(r->L, -2) != LUA_TSTRING && !position;
		if (texts + positions + others > PB_NOTE_BYTES) {
			lua_pop(r->L, 2);
			return *more = false, NULL;
		}
	}
	if (others > 0)
		return (void)is_wrong(r, KEY), NULL;
	if (texts > 0 && positions > 0)
		return (void)is_wrong(r, MIXED), NULL;
	if (positions != n)
		return (void)is_wrong(r, HOLES), NULL;
	made = positions > 0 ? json_array() : json_object();
	r->no_memory |= made == NULL;
	*more = made != NULL;
	return made;
}

/* Gives v, which may be NULL, to where it belongs: at the name, or at the end of the list. */
static bool put(reading *r, json_t *into, const char *name, json_t *v)
{
	bool bad = v == NULL || (name != NULL ? json_object_set_new(into, name, v) : json_array_append_new(into, v)) != 0;

	r->no_memory |= bad;
	return !bad;
}

static bool read_text(reading *r, json_t *into, const char *name)
{
	size_t n;
	const char *s = lua_tolstring(r->L, -1, &n);
	char *safe = n <= r->room ? pb_found_safe(s, n, 0) : NULL;
	json_t *v = safe != NULL ? json_string(safe) : NULL;
	bool fits = n <= r->room && (safe == NULL || takes(r, strlen(safe)));

	free(safe);
	if (fits)
		return put(r, into, name, v);
	json_decref(v);
	return false;
}

/* The value on top. false: no room, or no memory. */
static bool read_value(reading *r, json_t *into, const char *name, int depth)
{
	lua_State *L = r->L;
	int whole = 0, type = lua_type(L, -1);
	bool more;
	json_t *v;

	if (!takes(r, PB_NOTE_VALUE_BYTES))
		return false;
	if (type == LUA_TSTRING)
		return read_text(r, into, name);
	if (type == LUA_TBOOLEAN)
		return put(r, into, name, json_boolean(lua_toboolean(L, -1)));
	if (type == LUA_TNUMBER) {
		lua_Integer i = lua_tointegerx(L, -1, &whole);

		return whole ? put(r, into, name, json_integer((json_int_t)i)) : is_wrong(r, FRACTION);
	}
	if (type != LUA_TTABLE)
		return is_wrong(r, VALUE);
	if (depth == 0)
		return is_wrong(r, DEEP);
	pb_box_content(L, -1);
	v = container(r, lua_gettop(L), &more);
	more = v != NULL ? put(r, into, name, v) && read_table(r, v, lua_gettop(L), depth) : more;
	lua_pop(L, 1);
	return more;
}

/* A name, as it will stand there; NULL: it is none, or there is no memory. Fresh. */
static char *name_of(reading *r)
{
	size_t n;
	const char *s = lua_tolstring(r->L, -2, &n);
	char *safe = n <= r->room ? pb_found_safe(s, n, 0) : NULL;

	r->no_memory |= n <= r->room && safe == NULL;
	if (safe != NULL && n > 0 && strlen(safe) == n && memcmp(safe, s, n) == 0)
		return safe;
	free(safe);
	return NULL;
}

static bool read_names(reading *r, json_t *into, int content, int depth)
{
	bool more = true;

	for (lua_pushnil(r->L); more && lua_next(r->L, content); lua_pop(r->L, 1)) {
		size_t n = lua_rawlen(r->L, -2);
		char *name = name_of(r);

		more = takes(r, n) && (name != NULL ? read_value(r, into, name, depth - 1) : is_wrong(r, KEY));
		free(name);
	}
	if (!more)
		lua_pop(r->L, 1);
	return more;
}

static bool read_table(reading *r, json_t *into, int content, int depth)
{
	bool more = true;

	if (json_is_object(into))
		return read_names(r, into, content, depth);
	for (size_t i = 1; more && i <= lua_rawlen(r->L, content); i++) {
		lua_rawgeti(r->L, content, (lua_Integer)i);
		more = read_value(r, into, NULL, depth - 1);
		lua_pop(r->L, 1);
	}
	return more;
}

int pb_found_note(lua_State *L)
{
	pb_call *call = pb_found_call(L);
	reading r = {.L = L, .room = PB_NOTE_BYTES};
	bool more;
	int rc;

	if (call->object == NULL)
		return luaL_error(
		    L, "found.note: notes are made in the function object, and read in the function product (o.notes)");
	if (!lua_istable(L, 1))
		return luaL_error(L, "found.note takes a table: found.note{ ... }");
	lua_settop(L, 1);
	luaL_checkstack(L, 6 * (PB_NOTE_DEPTH + 1), "found");
	json_decref(call->note); /* at a prompt one can be left over */
	call->note = json_array();
	more = call->note != NULL && read_value(&r, call->note, NULL, PB_NOTE_DEPTH);
	r.no_memory |= call->note == NULL;
	pb_sandbox_charge(L, 100 + (PB_NOTE_BYTES - r.room) / 16);
	if (!r.no_memory && more && r.worst != FINE)
		return luaL_error(L, "found.note: %s", faults[r.worst]);
	rc = r.no_memory ? PB_ENOMEM
	     : more      ? pb_result_note(call->out, call->check->id, json_array_get(call->note, 0))
	                 : PB_ELIMIT;
	if (rc == PB_ELIMIT)
		pb_box_limit(L, PB_LIMIT_NOTES);
	if (rc != PB_OK) {
		call->no_memory = true;
		return luaL_error(L, "out of memory");
	}
	return 0;
}
