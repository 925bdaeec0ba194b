/* The words and terms of a check. */
#include "checks/lint.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "checks/box.h"

void pb_lint_say(pb_linting *l, int line, const char *where, const char *fmt, ...)
{
	char what[600], message[1000], *safe;
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	(void)snprintf(message, sizeof message, "%s:%d: %s%s%s", l->source->file, line > 0 ? line : pb_line_of(l->source, where), where,
	               where[0] != '\0' ? ": " : "", what);
	safe = pb_text_safe(message, 0);
	if (safe != NULL)
		l->noticed(l->user, safe);
	else
		l->no_memory = true;
	free(safe);
}

/* Reports are read by people who buy. What a pattern shows is that something is there, never what somebody means by it, and never
 * that all is well. */
static const struct {
	const char *word, *instead;
} loaded_words[] = {
    {"is malicious", "say what is there: \"contains ...\", \"names ...\""},
    {"malicious", "say what is there: \"contains ...\", \"names ...\""},
    {"is malware", "only an engine's verdict says so: \"contains ...\", \"matches ...\""},
    {"evil", "say what is there"},
    {"is safe", "no check can know that: say what was looked for"},
    {"safe", "no check can know that: say what was looked for"},
    {"harmless", "no check can know that: say what was looked for"},
    {"sends", "bytes show what a program can do: \"can send\", \"names ...\""},
    {"uploads", "bytes show what a program can do: \"can upload\""},
    {"steals", "bytes show what a program can do: \"can read\""},
    {"spies", "say what it can read"},
    {"attacks", "say what it can do"},
    {"guarantees", "say what was looked at, and found"},
};

static bool part_of_word(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = text; *p != '\0'; p++)
		if (strncasecmp(p, word, n) == 0 && (p == text || !part_of_word(p[-1])) && !part_of_word(p[n]))
			return true;
	return false;
}

static void look_at_words(pb_linting *l, const char *where, const char *text)
{
	for (size_t i = 0; text != NULL && i < sizeof loaded_words / sizeof loaded_words[0]; i++) {
		if (!has_word(text, loaded_words[i].word))
			continue;
		pb_lint_say(l, 0, where, "says \"%s\"; %s", loaded_words[i].word, loaded_words[i].instead);
		return;
	}
}

static void look_at_texts(pb_linting *l)
{
	const pb_check *c = l->check;
	char where[120];

	look_at_words(l, "title", c->title);
	look_at_words(l, "why", c->why);
	look_at_words(l, "confirm", c->confirm);
	if (c->confirm == NULL)
		pb_lint_say(l, 0, "confirm",
		            "is missing: how does a person confirm a finding by hand? One or two sentences with standard tools (file, strings, "
		            "readelf, openssl, grep, dpkg-deb); OBJECT is the file that the evidence names, PRODUCT what was assessed");
	for (size_t i = 0; i < c->n_findings; i++) {
		(void)snprintf(where, sizeof where, "findings.%s.says", c->findings[i].name);
		look_at_words(l, where, c->findings[i].says);
		(void)snprintf(where, sizeof where, "findings.%s.fix", c->findings[i].name);
		look_at_words(l, where, c->findings[i].fix);
	}
}

/* What no policy will ever weigh as it is written: a critical finding counts as one from kappa 500 on (SCORING: caps), and what no
 * finding raises makes the floor lower for nothing. */
static void look_at_terms(pb_linting *l)
{
	const pb_check *c = l->check;
	pb_severity worst = PB_INFO;

	if (c->n_findings == 0)
		return;
	for (size_t i = 0; i < c->n_findings; i++) {
		const pb_finding_spec *f = &c->findings[i];

		worst = f->severity > worst ? f->severity : worst;
		if (f->severity == PB_CRITICAL && pb_reliability_permille(f->reliability) < 500) {
			char where[120];

			(void)snprintf(where, sizeof where, "findings.%s", f->name);
			pb_lint_say(l, 0, where,
			            "is critical, and %s: policies count a critical finding from 500 permille on, and this one has at most "
			            "%d; \"high\" says as much",
			            pb_reliability_name(f->reliability), pb_reliability_permille(f->reliability));
		}
	}
	if (worst < c->severity)
		pb_lint_say(l, 0, "severity",
		            "is %s, and no finding is above %s: where the check cannot look, the floor counts %s for nothing; write \"%s\"",
		            pb_severity_name(c->severity), pb_severity_name(worst), pb_severity_name(c->severity), pb_severity_name(worst));
}

static void look_at_name(pb_linting *l)
{
	const char *stem = l->source->stem;

	if (strspn(stem, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(stem) && stem[0] != '-')
		return;
	pb_lint_say(l, 1, "",
	            "the file's name becomes the check's id: lower-case letters, digits and '-' (private-key.lua), as all others have");
}

int pb_lint_check(pb_linting *l)
{
	size_t n;
	pb_token *tokens = pb_lua_tokens(l->source->text, &n);

	if (tokens == NULL)
		return PB_ENOMEM;
	look_at_name(l);
	look_at_texts(l);
	look_at_terms(l);
	pb_lint_row(l);
	pb_lint_samples(l);
	pb_lint_calls(l, tokens, n);
	free(tokens);
	return l->no_memory ? PB_ENOMEM : PB_OK;
}
