/* What a check's functions call, as far as the text shows: found.NAME{ ... } against its findings, object:hits("$id") against looks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "checks/lint.h"
#include "facts/facts.h"

enum { IDS = 256, ID_BYTES = 64 };

static const pb_finding_spec *finding_named(const pb_check *c, const pb_token *t)
{
	for (size_t i = 0; i < c->n_findings; i++)
		if (pb_token_same(t, c->findings[i].name))
			return &c->findings[i];
	return NULL;
}

static const char *near_finding(const pb_check *c, const char *word)
{
	const char *names[PB_CHECK_FINDINGS];

	for (size_t i = 0; i < c->n_findings; i++)
		names[i] = c->findings[i].name;
	return pb_text_nearest(word, names, c->n_findings);
}

static void copy(char *out, size_t room, const pb_token *t)
{
	(void)snprintf(out, room, "%.*s", (int)(t->n < room ? t->n : room - 1), t->at);
}

/* ---- found.NAME { ... } ---- */

typedef struct counted {
	size_t values;   /* without a name */
	bool open_ended; /* the last one may stand for several: a call, or ... */
	bool key;
} counted;

static int depth_of(const pb_token *t)
{
	if (pb_token_is(t, "{") || pb_token_is(t, "(") || pb_token_is(t, "["))
		return 1;
	if (pb_token_is(t, "}") || pb_token_is(t, ")") || pb_token_is(t, "]"))
		return -1;
	/* a function's body has commas of its own */
	if (pb_token_is(t, "function") || pb_token_is(t, "if") || pb_token_is(t, "do"))
		return 1;
	return pb_token_is(t, "end") ? -1 : 0;
}

/* The fields of the table that opens at tokens[at]. false: it does not close. */
static bool count_fields(const pb_token *tokens, size_t n, size_t at, counted *out)
{
	bool begins = true;
	int depth = 0;

	memset(out, 0, sizeof *out);
	for (size_t i = at; i < n; i++) {
		const pb_token *t = &tokens[i];

		if (depth == 1 && begins && !pb_token_is(t, "}")) {
			bool named = pb_token_is(t, "[") || (t->type == PB_TOKEN_NAME && i + 1 < n && pb_token_is(&tokens[i + 1], "="));

			out->values += !named;
			out->open_ended = false;
			out->key |= named && pb_token_is(t, "key");
			begins = false;
		}
		depth += depth_of(t);
		if (depth == 0)
			return true;
		if (depth == 1 && (pb_token_is(t, ",") || pb_token_is(t, ";")))
			begins = true;
		else if (depth == 1 && i > at)
			out->open_ended = pb_token_is(t, ")") || pb_token_is(t, "...") || t->type == PB_TOKEN_STRING;
	}
	return false;
}

/* tokens[at] opens the table that finding f is raised with. */
static void look_at_call(pb_linting *l, const pb_finding_spec *f, const pb_token *tokens, size_t n, size_t at)
{
	char where[120];
	counted c;

	if (!count_fields(tokens, n, at, &c))
		return;
	(void)snprintf(where, sizeof where, "found.%s", f->name);
	if (!c.key)
		pb_lint_say(l, tokens[at].line, where, "key is missing: what the finding is about, such as a host or a fingerprint");
	if (f->says == NULL || c.values == (size_t)f->placeholders || (c.open_ended && c.values <= (size_t)f->placeholders && c.values > 0))
		return;
	pb_lint_say(l, tokens[at].line, where, "%zu value%s without a name, and says has %d placeholder%s (%%s, %%d): one for each", c.values,
	            c.values == 1 ? "" : "s", f->placeholders, f->placeholders == 1 ? "" : "s");
}

/* One use of found.NAME, at the token NAME. */
static void look_at_use(pb_linting *l, const pb_token *tokens, size_t n, size_t at)
{
	const pb_token *t = &tokens[at];
	const pb_finding_spec *f = finding_named(l->check, t);
	char name[80], where[100], meant[160];

	if (pb_token_same(t, "unknown") || pb_token_same(t, "note") || pb_token_same(t, "pass") || pb_token_same(t, "statement"))
		return;
	if (f == NULL) {
		copy(name, sizeof name, t);
		(void)snprintf(where, sizeof where, "found.%s", name);
		pb_lint_say(l, t->line, where, "is raised, and `findings` declares no such finding%s",
		            pb_meant(near_finding(l->check, name), meant));
		return;
	}
	at += 1 + (at + 1 < n && pb_token_is(&tokens[at + 1], "("));
	if (at < n && pb_token_is(&tokens[at], "{"))
		look_at_call(l, f, tokens, n, at);
}

static void look_at_findings(pb_linting *l, const pb_token *tokens, size_t n)
{
	const pb_check *c = l->check;
	bool raised[PB_CHECK_FINDINGS] = {false}, dynamic = false;

	for (size_t i = 0; i + 2 < n; i++) {
		bool index = pb_token_is(&tokens[i + 1], "["), dot = pb_token_is(&tokens[i + 1], ".");
		const pb_finding_spec *f = index || dot ? finding_named(c, &tokens[i + 2]) : NULL;
		bool found = pb_token_is(&tokens[i], "found") && (i == 0 || !pb_token_is(&tokens[i - 1], "."));

		if (f != NULL) /* whatever stands before the dot: found may have another name in a helper */
			raised[f - c->findings] = true;
		if (found && dot && tokens[i + 2].type == PB_TOKEN_NAME)
			look_at_use(l, tokens, n, i + 2);
		else if (found && index && tokens[i + 2].type == PB_TOKEN_STRING)
			look_at_use(l, tokens, n, i + 2);
		else if (found && index)
			dynamic = true;
	}
	for (size_t i = 0; i < c->n_findings && !dynamic; i++) {
		char where[120];

		if (raised[i])
			continue;
		(void)snprintf(where, sizeof where, "findings.%s", c->findings[i].name);
		pb_lint_say(l, 0, where, "is declared and never raised: there is no found.%s", c->findings[i].name);
	}
}

/* ---- object:hits("$id"), object:count("$id"), object:matched("rule") ---- */

typedef struct ids {
	char text[IDS][ID_BYTES];
	const char *name[IDS];
	size_t n;
} ids;

static bool id_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void add_id(ids *out, const char *from, size_t n)
{
	if (out->n == IDS || n == 0 || n >= ID_BYTES)
		return;
	memcpy(out->text[out->n], from, n);
	out->text[out->n][n] = '\0';
	out->name[out->n] = out->text[out->n];
	out->n++;
}

/* Names of strings ("$a =") and of rules ("rule a"), by the text alone: what a comment or a string of YARA holds is taken as well. */
static void read_ids(const char *looks, bool rules, ids *out)
{
	out->n = 0;
	for (const char *p = looks; *p != '\0'; p++) {
		const char *after;

		if (rules) {
			if (strncmp(p, "rule", 4) != 0 || (p > looks && id_char(p[-1])) || id_char(p[4]))
				continue;
			const char *from = p + 4 + strspn(p + 4, " \t\r\n");
			for (after = from; id_char(*after);)
				after++;
			add_id(out, from, (size_t)(after - from));
			continue;
		}
		if (*p != '$')
			continue;
		for (after = p + 1; id_char(*after);)
			after++;
		if (after[strspn(after, " \t\r\n")] == '=' && after[strspn(after, " \t\r\n") + 1] != '=')
			add_id(out, p, (size_t)(after - p));
	}
}

static void look_at_id(pb_linting *l, const pb_token *method, const pb_token *argument, const ids *known)
{
	bool rule = pb_token_same(method, "matched");
	char id[ID_BYTES], where[40], meant[160];

	copy(id, sizeof id, argument);
	for (size_t i = 0; i < known->n; i++)
		if (strcmp(known->name[i], id) == 0)
			return;
	(void)snprintf(where, sizeof where, "object:%.*s", (int)method->n, method->at);
	if (l->check->looks == NULL)
		pb_lint_say(l, method->line, where, "\"%s\": the check has no `looks`, so nothing is ever found", id);
	else
		pb_lint_say(l, method->line, where, "`looks` has no %s \"%s\", so this is never true%s", rule ? "rule" : "string", id,
		            pb_meant(pb_text_nearest(id, known->name, known->n), meant));
}

static void look_at_ids(pb_linting *l, const pb_token *tokens, size_t n)
{
	ids *strings = malloc(2 * sizeof *strings);

	if (strings == NULL) {
		l->no_memory = true;
		return;
	}
	for (int rules = 0; rules < 2; rules++)
		read_ids(l->check->looks != NULL ? l->check->looks : "", rules != 0, &strings[rules]);
	for (size_t i = 0; i + 3 < n; i++) {
		const pb_token *method = &tokens[i + 1];
		bool rule = pb_token_is(method, "matched"), string = pb_token_is(method, "hits") || pb_token_is(method, "count");

		if (!pb_token_is(&tokens[i], ":") || (!rule && !string) || !pb_token_is(&tokens[i + 2], "(") ||
		    tokens[i + 3].type != PB_TOKEN_STRING || i + 4 >= n || !pb_token_is(&tokens[i + 4], ")"))
			continue;
		look_at_id(l, method, &tokens[i + 3], &strings[rule]);
	}
	free(strings);
}

/* ---- facts.NAME ---- */

static void look_at_facts(pb_linting *l, const pb_token *tokens, size_t n)
{
	enum { NAMES = 200 };
	const char *names[NAMES];
	size_t n_names = 0;

	while (n_names < NAMES && pb_fact_name(n_names) != NULL) {
		names[n_names] = pb_fact_name(n_names);
		n_names++;
	}
	for (size_t i = 1; i + 2 < n; i++) {
		char name[80], meant[160];
		bool known = false;

		if (!pb_token_is(&tokens[i], "facts") || !pb_token_is(&tokens[i - 1], ".") || !pb_token_is(&tokens[i + 1], ".") ||
		    tokens[i + 2].type != PB_TOKEN_NAME)
			continue;
		for (size_t k = 0; k < n_names && !known; k++)
			known = pb_token_same(&tokens[i + 2], names[k]);
		if (known)
			continue;
		copy(name, sizeof name, &tokens[i + 2]);
		pb_lint_say(l, tokens[i].line, "facts", "there is no fact \"%s\", so this is always nil%s", name,
		            pb_meant(pb_text_nearest(name, names, n_names), meant));
	}
}

void pb_lint_calls(pb_linting *l, const pb_token *tokens, size_t n)
{
	bool looks = false;

	if (l->check->n_findings > 0)
		look_at_findings(l, tokens, n);
	for (size_t i = 0; i < n && !looks; i++)
		looks = pb_token_is(&tokens[i], "looks");
	if (l->check->id != NULL && looks == (l->check->looks != NULL)) /* else it was told already what is wrong with them */
		look_at_ids(l, tokens, n);
	look_at_facts(l, tokens, n);
}
