/* The header of a check: which fields there are, and what each must be. */
#include "checks/check_read.h"

#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "checks/box.h"
#include "facts/facts.h"

enum { TITLE_BYTES = 120, WHY_BYTES = 2000, CONFIRM_BYTES = 600, NEEDS_BYTES = 20, FIELDS_MAX = 64 };

static void read_title(pb_reading *r)
{
	r->c->title = pb_read_words(r, "title", TITLE_BYTES);
}

static void read_why(pb_reading *r)
{
	r->c->why = pb_read_words(r, "why", WHY_BYTES);
}

static void read_confirm(pb_reading *r)
{
	r->c->confirm = pb_read_words(r, "confirm", CONFIRM_BYTES);
}

static void read_catalogue(pb_reading *r)
{
	char *row = pb_read_words(r, "catalogue", 20);

	r->c->catalogue = row;
	if (row == NULL)
		return;
	if (strlen(row) != 4 || strchr("IDVC", row[0]) == NULL || row[1] != '-' || strspn(row + 2, "0123456789") != 2)
		pb_mistake(r, "catalogue", "\"%s\" is no row of the catalogue: I, D, V or C, '-', two digits, such as \"I-09\"",
		           row);
}

static void read_claim(pb_reading *r)
{
	char *claim = pb_read_words(r, "claim", 60), meant[160];
	int pillar;

	r->c->claim = claim;
	if (claim == NULL)
		return;
	pillar = pb_rulebook_pillar(r->source->book, claim);
	if (pillar < 0) {
		pb_mistake(r, "claim", "\"%s\" is not in rulesets/claims.ini%s", claim,
		           pb_meant(pb_rulebook_near_claim(r->source->book, claim), meant));
		return;
	}
	if (r->source->pillar >= 0 && pillar != r->source->pillar)
		pb_mistake(r, "claim", "\"%s\" belongs to %s, but the file lies in %s/", claim,
		           pb_pillar_name((pb_pillar)pillar), pb_pillar_name((pb_pillar)r->source->pillar));
	r->c->pillar = (pb_pillar)pillar;
}

static void read_severity(pb_reading *r)
{
	int v = pb_read_term(r, "severity", pb_severity_of, pb_severity_spelling, PB_SEVERITIES);

	r->c->severity =
	    v >= 0 ? (pb_severity)v : PB_CRITICAL; /* so that no finding is above it, and one mistake is told once */
}

static void read_reliability(pb_reading *r)
{
	int v = pb_read_term(r, "reliability", pb_reliability_of, pb_reliability_spelling, PB_RELIABILITIES);

	r->c->reliability = v >= 0 ? (pb_reliability)v : PB_HEURISTIC;
}

static void read_online(pb_reading *r)
{
	if (!lua_isboolean(r->L, -1))
		pb_mistake(r, "online", "must be true or false, is a %s", luaL_typename(r->L, -1));
	r->c->online = lua_toboolean(r->L, -1);
}

static void read_needs(pb_reading *r)
{
	static const char *const names[] = {[PB_NEED_CLAMAV - 1] = "clamav"};
	enum { NAMES = sizeof names / sizeof names[0] };
	char *word = pb_read_words(r, "needs", NEEDS_BYTES), meant[160];

	for (int i = 0; i < NAMES && word != NULL; i++)
		if (strcmp(names[i], word) == 0)
			r->c->needs = (pb_need)(i + 1);
	if (word != NULL && r->c->needs == PB_NEED_NOTHING)
		pb_mistake(r, "needs", "\"%s\" is nothing that a check can need%s", word,
		           pb_meant(pb_text_nearest(word, names, NAMES), meant));
	free(word);
}

/* Kinds are often known by a shorter name than ours: "sh" means "shell". */
static void refuse_tag(pb_reading *r, const char *word, const char *const *tags, size_t n)
{
	const char *near = pb_text_nearest(word, tags, n);
	char meant[160];

	for (size_t i = 0; i < n && near == NULL; i++)
		if (strlen(word) > 1 && strncmp(tags[i], word, strlen(word)) == 0)
			near = tags[i];
	pb_mistake(r, "applies", "\"%s\" is no kind, class or tag of objects%s%s", word, pb_meant(near, meant),
	           near == NULL ? ": `probity check list --tags` names them" : "");
}

static void read_applies(pb_reading *r)
{
	size_t n;
	const char *const *tags = pb_fact_tags(&n);

	if (!pb_read_list(r, "applies", &r->c->applies, &r->c->n_applies))
		return;
	for (size_t i = 0; i < r->c->n_applies; i++) {
		bool known = false;

		for (size_t k = 0; k < n && !known; k++)
			known = strcmp(tags[k], r->c->applies[i]) == 0;
		if (!known)
			refuse_tag(r, r->c->applies[i], tags, n);
	}
}

static void read_maps(pb_reading *r)
{
	bool principle = false;
	char meant[160];

	if (!pb_read_list(r, "maps", &r->c->maps, &r->c->n_maps))
		return;
	for (size_t i = 0; i < r->c->n_maps; i++) {
		const char *map = r->c->maps[i];

		principle |= strncmp(map, "paris:", 6) == 0;
		if (!pb_rulebook_has_map(r->source->book, map))
			pb_mistake(r, "maps", "\"%s\" is not in rulesets/mappings.ini%s", map,
			           pb_meant(pb_rulebook_near_map(r->source->book, map), meant));
		for (size_t k = 0; k < i; k++)
			if (strcmp(r->c->maps[k], map) == 0)
				pb_mistake(r, "maps", "\"%s\" stands there twice", map);
	}
	if (!principle)
		pb_mistake(r, "maps", "names no principle: at least one of \"paris:P1\" to \"paris:P9\"");
}

/* What one call may take: less than all may, so that a check which knows its work is stopped early where it does not. */
static void read_limits(pb_reading *r)
{
	static const char *const known[] = {"findings", "instructions", "pattern"};
	enum { KNOWN = sizeof known / sizeof known[0] };
	const uint64_t most[KNOWN] = {pb_sandbox_defaults.findings, pb_sandbox_defaults.instructions, pb_sandbox_defaults.steps};
	uint64_t *const to[KNOWN] = {&r->c->limits.findings, &r->c->limits.instructions, &r->c->limits.steps};
	const char *names[8];
	char where[60], meant[160];
	size_t n;

	if (!lua_istable(r->L, -1)) {
		pb_mistake(r, "limits", "must be { instructions = ... }, is a %s", luaL_typename(r->L, -1));
		return;
	}
	n = pb_read_names(r, "limits", names, 8);
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < KNOWN && strcmp(names[i], known[k]) != 0)
			k++;
		(void)snprintf(where, sizeof where, "limits.%.40s", names[i]);
		if (k == KNOWN) {
			pb_mistake(r, where, "unknown limit: there are instructions, pattern and findings%s",
			           pb_meant(pb_text_nearest(names[i], known, KNOWN), meant));
			continue;
		}
		lua_getfield(r->L, -1, names[i]);
		if (!lua_isinteger(r->L, -1) || lua_tointeger(r->L, -1) < 1 || (uint64_t)lua_tointeger(r->L, -1) > most[k])
			pb_mistake(r, where, "must be a whole number from 1 to %llu: a check may lower its limits, never raise them",
			           (unsigned long long)most[k]);
		else
			*to[k] = (uint64_t)lua_tointeger(r->L, -1);
		lua_pop(r->L, 1);
	}
}

static void read_function(pb_reading *r, const char *name, bool *has)
{
	*has = true; /* meant to be there: one mistake is told once */
	if (!lua_isfunction(r->L, -1))
		pb_mistake(r, name, "must be a function(%s, found), is a %s", name, luaL_typename(r->L, -1));
}

static void read_object(pb_reading *r)
{
	read_function(r, "object", &r->c->has_object);
}

static void read_product(pb_reading *r)
{
	read_function(r, "product", &r->c->has_product);
}

static const struct field {
	const char *name;
	void (*read)(pb_reading *r); /* the value is on top of the stack */
	const char *missing;         /* why the field is needed; NULL: it is not */
} fields[] = {
    {"title", read_title, "what it finds, in a few words"},
    {"why", read_why, "why it matters, for whoever reads the report"},
    {"confirm", read_confirm, NULL},
    {"catalogue", read_catalogue, NULL},
    {"claim", read_claim, "what it speaks of: one of rulesets/claims.ini"},
    {"severity", read_severity, "the worst that it may raise: info, low, medium, high or critical"},
    {"reliability", read_reliability, "by what means it looks: verified, parsed, exact, heuristic, ..."},
    {"online", read_online, NULL},
    {"needs", read_needs, NULL},
    {"applies", read_applies, NULL},
    {"looks", pb_read_looks, NULL},
    {"findings", pb_read_findings, "what it may raise: { name = { says = ..., fix = ... } }"},
    {"maps", read_maps, "the requirements that it serves, such as { \"paris:P6\", \"cwe:321\" }"},
    {"samples", pb_read_samples, "{ hit = { ... }, clean = { ... } }: a check without samples proves nothing"},
    {"measured", pb_read_measured, NULL},
    {"limits", read_limits, NULL},
    {"object", read_object, NULL},
    {"product", read_product, NULL},
};
enum { FIELDS = sizeof fields / sizeof fields[0] };

static void refuse_unknown_fields(pb_reading *r)
{
	const char *given[FIELDS_MAX], *known[FIELDS];
	size_t n = pb_read_names(r, "", given, FIELDS_MAX);
	char meant[160];

	for (size_t k = 0; k < FIELDS; k++)
		known[k] = fields[k].name;
	for (size_t i = 0; i < n; i++) {
		bool found = false;

		for (size_t k = 0; k < FIELDS && !found; k++)
			found = strcmp(given[i], known[k]) == 0;
		if (!found)
			pb_mistake(r, given[i], "unknown field%s", pb_meant(pb_text_nearest(given[i], known, FIELDS), meant));
	}
}

static void default_applies(pb_reading *r)
{
	r->c->applies = calloc(1, sizeof *r->c->applies);
	if (r->c->applies != NULL && (r->c->applies[0] = strdup("any")) != NULL)
		r->c->n_applies = 1;
	else
		r->no_memory = true;
}

/* What no single field shows. */
static void check_together(pb_reading *r)
{
	static const char letters[] = "IDVC"; /* in the order of the pillars */
	pb_check *c = r->c;

	if (c->catalogue != NULL && c->catalogue[0] != '\0' && c->claim != NULL && strchr(letters, c->catalogue[0]) != NULL &&
	    c->catalogue[0] != letters[c->pillar])
		pb_mistake(r, "catalogue", "row %s is not of the pillar %s", c->catalogue, pb_pillar_name(c->pillar));
	if (!c->has_object && !c->has_product)
		pb_mistake(r, "object", "is missing: a check has a function object, a function product, or both");
	if (c->looks != NULL && !c->has_object)
		pb_mistake(r, "looks", "is for the function object, which is missing");
}

int pb_check_read(lua_State *L, int index, const pb_check_source *source, pb_check *c)
{
	pb_reading r = {.L = L, .source = source, .c = c};
	char id[300];

	memset(c, 0, sizeof *c);
	luaL_checkstack(L, 20, "reading a check");
	pb_box_content(L, index);
	refuse_unknown_fields(&r);
	for (size_t i = 0; i < FIELDS; i++) {
		lua_getfield(L, -1, fields[i].name);
		if (!lua_isnil(L, -1))
			fields[i].read(&r);
		else if (fields[i].missing != NULL)
			pb_mistake(&r, fields[i].name, "is missing: %s", fields[i].missing);
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
	check_together(&r);
	if (c->n_applies == 0)
		default_applies(&r);
	if (c->catalogue == NULL)
		c->catalogue = strdup("");
	(void)snprintf(id, sizeof id, "%s.%s", pb_pillar_name(c->pillar), source->stem);
	c->id = strdup(id);
	c->file = strdup(source->file);
	if (r.no_memory || c->catalogue == NULL || c->id == NULL || c->file == NULL)
		return PB_ENOMEM;
	return r.mistakes;
}
