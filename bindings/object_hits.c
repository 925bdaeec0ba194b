/* Where the strings of a check's own `looks` were found: methods of `object`. */
/** | `object:hits(id)` | `for at, length in object:hits("$pem") do`: where a string of this check's own `looks` was
 *   found, ascending. Without an id: all strings, and the loop gives `at, length, id, rule`. An id that `looks` does
 *   not have gives nothing
 * | `object:count(id)` | how many; without an id: of all strings
 * | `object:matched(rule)` | did the rule of that name (of this check's own `looks`) match? */
#include <stdlib.h>
#include <string.h>

#include "bindings/scope.h"

/* One string's places, or all of them, in Lua's memory. The names are the rules'. */
typedef struct hits {
	uint64_t generation;
	size_t n;
	struct hit {
		uint64_t at;
		uint32_t length;
		const char *string, *rule;
	} hit[];
} hits;

static int compare(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;
	int order = (x->at > y->at) - (x->at < y->at);

	if (order == 0)
		order = (x->length > y->length) - (x->length < y->length);
	if (order == 0)
		order = strcmp(x->string, y->string);
	return order != 0 ? order : strcmp(x->rule, y->rule);
}

/* The hits of the check's own source: [*from, *to). They are sorted by source. */
static void own_range(const pb_object_view *v, size_t *from, size_t *to)
{
	for (int end = 0; end < 2; end++) {
		size_t lo = 0, hi = v->scan->n_hits;

		while (lo < hi) {
			size_t mid = lo + (hi - lo) / 2;
			uint32_t source = v->scan->hits[mid].source;

			if (end ? source <= v->source : source < v->source)
				lo = mid + 1;
			else
				hi = mid;
		}
		*(end ? to : from) = lo;
	}
}

static const char *id_at(lua_State *L, int index)
{
	const char *id = luaL_optstring(L, index, NULL);

	luaL_argcheck(L, id == NULL || id[0] == '$', index, "a string's name begins with $, as in looks");
	return id;
}

static bool wanted(const pb_hit *h, const char *id)
{
	return h->string != NULL && (id == NULL || strcmp(h->string, id) == 0);
}

/* Pushes the places of the string `id` (NULL: of all strings), sorted, each once. */
static const hits *push_hits(lua_State *L, const pb_object_view *v, const char *id)
{
	size_t from, to, n = 0, kept = 0;
	hits *out;

	own_range(v, &from, &to);
	for (size_t i = from; i < to; i++)
		n += wanted(&v->scan->hits[i], id);
	pb_sandbox_charge(L, to - from + 8 * n);
	out = lua_newuserdatauv(L, sizeof *out + n * sizeof out->hit[0], 0);
	out->generation = pb_scope_of(L)->generation;
	out->n = 0;
	for (size_t i = from; i < to; i++) {
		const pb_hit *h = &v->scan->hits[i];

		if (wanted(h, id))
			out->hit[out->n++] = (struct hit){h->at, h->length, h->string, h->rule};
	}
	if (out->n > 1)
		qsort(out->hit, out->n, sizeof out->hit[0], compare);
	for (size_t i = 0; id != NULL && i < out->n; i++) /* two rules may have a string of one name */
		if (kept == 0 || out->hit[i].at != out->hit[kept - 1].at || out->hit[i].length != out->hit[kept - 1].length)
			out->hit[kept++] = out->hit[i];
	if (id != NULL)
		out->n = kept;
	return out;
}

/* Upvalues: hits, position. -> at, length, id, rule */
static int step(lua_State *L)
{
	const hits *h = lua_touserdata(L, lua_upvalueindex(1));
	lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));

	if (h->generation != pb_scope_of(L)->generation)
		return luaL_error(L, "object used after its scan ended");
	if ((size_t)i >= h->n)
		return lua_pushnil(L), 1;
	lua_pushinteger(L, i + 1);
	lua_replace(L, lua_upvalueindex(2));
	lua_pushinteger(L, (lua_Integer)h->hit[i].at);
	lua_pushinteger(L, (lua_Integer)h->hit[i].length);
	lua_pushstring(L, h->hit[i].string);
	lua_pushstring(L, h->hit[i].rule);
	return 4;
}

static int each_hit(lua_State *L)
{
	const pb_object_view *v = pb_object_check(L, 1);

	(void)push_hits(L, v, id_at(L, 2));
	lua_pushinteger(L, 0);
	lua_pushcclosure(L, step, 2);
	return 1;
}

static int count(lua_State *L)
{
	const pb_object_view *v = pb_object_check(L, 1);

	lua_pushinteger(L, (lua_Integer)push_hits(L, v, id_at(L, 2))->n);
	return 1;
}

static int matched(lua_State *L)
{
	const pb_object_view *v = pb_object_check(L, 1);
	const char *rule = luaL_checkstring(L, 2);
	size_t from, to;
	bool yes = false;

	own_range(v, &from, &to);
	pb_sandbox_charge(L, to - from);
	for (size_t i = from; i < to && !yes; i++)
		yes = strcmp(v->scan->hits[i].rule, rule) == 0;
	lua_pushboolean(L, yes);
	return 1;
}

const luaL_Reg pb_object_hits[] = {{"hits", each_hit}, {"count", count}, {"matched", matched}, {NULL, NULL}};
