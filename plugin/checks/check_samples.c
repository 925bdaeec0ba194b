/* samples = { hit = { "a", weak = { "b" } }, clean = { "c" } }: a must give any finding, b the one that is called weak. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "checks/box.h"
#include "checks/check_read.h"

enum { HIT_NAMES = PB_CHECK_FINDINGS + 8 };

/* A sample lies in the check's own folder. */
static bool read_names(pb_reading *r, const char *where, char ***out, size_t *n)
{
	if (!pb_read_list(r, where, out, n))
		return false;
	for (size_t i = 0; i < *n; i++) {
		const char *name = (*out)[i];

		if (name[0] == '/' || strncmp(name, "../", 3) == 0 || strstr(name, "/../") != NULL || strcmp(name, "..") == 0)
			pb_mistake(r, where, "\"%s\" lies outside of the check's folder of samples", name);
	}
	return true;
}

/* Appends the list on top of the stack to the hits. finding: what they must give, NULL: any. */
static void add_hits(pb_reading *r, const char *where, const char *finding)
{
	pb_check *c = r->c;
	char **names = NULL, **hit, **expects;
	size_t n = 0;

	(void)read_names(r, where, &names, &n);
	hit = reallocarray(c->hit, c->n_hit + n + 1, sizeof *hit);
	c->hit = hit != NULL ? hit : c->hit;
	expects = reallocarray(c->expects, c->n_hit + n + 1, sizeof *expects);
	c->expects = expects != NULL ? expects : c->expects;
	for (size_t i = 0; i < n; i++) {
		char *wanted = finding != NULL ? strdup(finding) : NULL;

		if (hit == NULL || expects == NULL || (finding != NULL && wanted == NULL)) {
			r->no_memory = true;
			free(names[i]);
			free(wanted);
			continue;
		}
		c->hit[c->n_hit] = names[i];
		c->expects[c->n_hit++] = wanted;
	}
	free(names);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The string keys of the table on top, sorted, at most HIT_NAMES; items: has it a list part? */
static size_t keys_of(lua_State *L, const char **names, bool *items)
{
	size_t n = 0;
	int top = lua_gettop(L);

	*items = false;
	pb_box_content(L, top);
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
		if (lua_type(L, -2) == LUA_TSTRING && n < HIT_NAMES)
			names[n++] = lua_tostring(L, -2); /* stays alive: it is a key of the table */
		else if (lua_type(L, -2) != LUA_TSTRING)
			*items = true;
	}
	lua_settop(L, top);
	if (n > 1)
		qsort(names, n, sizeof *names, by_text);
	return n;
}

static void read_hits(pb_reading *r)
{
	const char *keys[HIT_NAMES], *known[PB_CHECK_FINDINGS];
	char meant[160], where[80];
	size_t n;
	bool items;

	if (!lua_istable(r->L, -1)) {
		add_hits(r, "samples.hit", NULL);
		return;
	}
	n = keys_of(r->L, keys, &items);
	if (items || n == 0)
		add_hits(r, "samples.hit", NULL);
	for (size_t k = 0; k < r->c->n_findings; k++)
		known[k] = r->c->findings[k].name;
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < r->c->n_findings && strcmp(r->c->findings[k].name, keys[i]) != 0)
			k++;
		if (k == r->c->n_findings) {
			pb_mistake(r, "samples.hit", "\"%s\" is none of the findings%s", keys[i],
			           pb_meant(pb_text_nearest(keys[i], known, r->c->n_findings), meant));
			continue;
		}
		(void)snprintf(where, sizeof where, "samples.hit.%.40s", keys[i]);
		lua_getfield(r->L, -1, keys[i]);
		add_hits(r, where, keys[i]);
		lua_pop(r->L, 1);
	}
}

void pb_read_samples(pb_reading *r)
{
	const char *names[8];
	size_t n;

	if (!lua_istable(r->L, -1)) {
		pb_mistake(r, "samples", "must be { hit = { ... }, clean = { ... } }, is a %s", luaL_typename(r->L, -1));
		return;
	}
	n = pb_read_names(r, "samples", names, 8);
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], "hit") != 0 && strcmp(names[i], "clean") != 0)
			pb_mistake(r, "samples", "unknown field \"%s\": there are hit and clean", names[i]);
	lua_getfield(r->L, -1, "hit");
	if (lua_isnil(r->L, -1))
		pb_mistake(r, "samples", "hit is missing: files in which the check must find something");
	else
		read_hits(r);
	lua_pop(r->L, 1);
	lua_getfield(r->L, -1, "clean");
	if (lua_isnil(r->L, -1))
		pb_mistake(r, "samples", "clean is missing: files in which the check must find nothing");
	else
		(void)read_names(r, "samples.clean", &r->c->clean, &r->c->n_clean);
	lua_pop(r->L, 1);
}
