/* What a check may raise: each finding's words are checked once, here, so that raising one cannot go wrong by its text. */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "checks/check_read.h"

enum { SAYS_BYTES = 300, FIX_BYTES = 500, PLACEHOLDERS = 9, NAME_BYTES = 40, WHERE_BYTES = 120 };

static const char *const fields[] = {"says", "fix", "severity", "reliability"};
enum { FIELDS = sizeof fields / sizeof fields[0] };

/* The number of placeholders; -1: one that is none of %s %d %%, told. */
static int count_placeholders(pb_reading *r, const char *where, const char *says)
{
	int n = 0;

	for (const char *p = strchr(says, '%'); p != NULL; p = strchr(p, '%')) {
		p++;
		if (*p == 's' || *p == 'd') {
			n++;
		} else if (*p != '%') {
			pb_mistake(r, where, "\"%%%.1s\" is no placeholder: there are %%s, %%d and %%%%", p);
			return -1;
		}
		p++;
	}
	if (n > PLACEHOLDERS) {
		pb_mistake(r, where, "more than %d placeholders", PLACEHOLDERS);
		return -1;
	}
	return n;
}

/* Pushes field `name` of the finding on top; where is set for mistakes. */
static bool push_field(pb_reading *r, const pb_finding_spec *f, const char *name, char where[WHERE_BYTES])
{
	(void)snprintf(where, WHERE_BYTES, "findings.%s.%s", f->name, name);
	return lua_getfield(r->L, -1, name) != LUA_TNIL;
}

static void read_texts(pb_reading *r, pb_finding_spec *f)
{
	char where[WHERE_BYTES];

	if (push_field(r, f, "says", where)) {
		f->says = pb_read_words(r, where, SAYS_BYTES);
		f->placeholders = f->says != NULL ? count_placeholders(r, where, f->says) : 0;
	} else {
		pb_mistake(r, where, "is missing: what was found, with a %%s for each argument");
	}
	lua_pop(r->L, 1);
	if (push_field(r, f, "fix", where))
		f->fix = pb_read_words(r, where, FIX_BYTES);
	else
		pb_mistake(r, where, "is missing: what to do about it");
	lua_pop(r->L, 1);
}

static void read_terms(pb_reading *r, pb_finding_spec *f)
{
	char where[WHERE_BYTES];
	int v;

	if (push_field(r, f, "severity", where)) {
		v = pb_read_term(r, where, pb_severity_of, pb_severity_spelling, PB_SEVERITIES);
		if (v > (int)r->c->severity)
			pb_mistake(r, where, "%s is above the check's own severity, %s", pb_severity_name((pb_severity)v),
			           pb_severity_name(r->c->severity));
		else if (v >= 0)
			f->severity = (pb_severity)v;
	}
	lua_pop(r->L, 1);
	if (push_field(r, f, "reliability", where)) {
		v = pb_read_term(r, where, pb_reliability_of, pb_reliability_spelling, PB_RELIABILITIES);
		if (v >= 0)
			f->reliability = (pb_reliability)v;
	}
	lua_pop(r->L, 1);
}

static void refuse_unknown(pb_reading *r, const pb_finding_spec *f)
{
	const char *given[16];
	char where[WHERE_BYTES], meant[160];
	size_t n;

	(void)snprintf(where, sizeof where, "findings.%s", f->name);
	n = pb_read_names(r, where, given, 16);
	for (size_t i = 0; i < n; i++) {
		bool known = false;

		for (size_t k = 0; k < FIELDS; k++)
			known |= strcmp(given[i], fields[k]) == 0;
		if (known)
			continue;
		(void)snprintf(where, sizeof where, "findings.%s.%.60s", f->name, given[i]);
		pb_mistake(r, where, "unknown field%s", pb_meant(pb_text_nearest(given[i], fields, FIELDS), meant));
	}
}

static bool name_is_good(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= NAME_BYTES && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == n && name[0] > '9' &&
	       strcmp(name, "unknown") != 0 && strcmp(name, "note") != 0 && strcmp(name, "pass") != 0 && strcmp(name, "statement") != 0;
}

/* The finding `name` of the table on top. */
static void read_one(pb_reading *r, const char *name)
{
	pb_finding_spec *f;

	if (!name_is_good(name)) {
		pb_mistake(r, "findings",
		           "\"%.60s\" is no name for a finding: lower-case letters, digits and _, not \"note\", not \"unknown\"",
		           name);
		return;
	}
	f = &r->c->findings[r->c->n_findings];
	memset(f, 0, sizeof *f);
	f->name = strdup(name);
	if (f->name == NULL) {
		r->no_memory = true;
		return;
	}
	r->c->n_findings++;
	f->severity = r->c->severity;
	f->reliability = r->c->reliability;
	if (lua_getfield(r->L, -1, name) == LUA_TTABLE) {
		refuse_unknown(r, f);
		read_texts(r, f);
		read_terms(r, f);
	} else {
		char where[WHERE_BYTES];

		(void)snprintf(where, sizeof where, "findings.%s", name);
		pb_mistake(r, where, "must be { says = ..., fix = ... }, is a %s", luaL_typename(r->L, -1));
	}
	lua_pop(r->L, 1);
}

void pb_read_findings(pb_reading *r)
{
	const char *names[PB_CHECK_FINDINGS + 1];
	size_t n;

	if (!lua_istable(r->L, -1)) {
		pb_mistake(r, "findings", "must be { name = { says = ..., fix = ... } }, is a %s", luaL_typename(r->L, -1));
		return;
	}
	n = pb_read_names(r, "findings", names, PB_CHECK_FINDINGS + 1);
	if (n == 0)
		pb_mistake(r, "findings", "is empty: a check that can raise nothing finds nothing");
	else if (n > PB_CHECK_FINDINGS)
		pb_mistake(r, "findings", "more than %d", PB_CHECK_FINDINGS);
	for (size_t i = 0; i < n && n <= PB_CHECK_FINDINGS; i++)
		read_one(r, names[i]);
}
