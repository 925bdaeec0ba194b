/* What is not good about patterns that compile: those that hit everywhere cost every scan, and find nothing. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "facts/yara_rules.h"

enum { SHORT_BYTES = 4 };

typedef struct linting {
	const pb_pattern_source *source;
	void (*noticed)(void *user, const char *message);
	void *user;
	bool no_memory;
} linting;

/* Words that are in nearly every file of some kind: no check can stand on one alone. */
static const char *const common[] = {
    "http",  "https", "http://", "https://", "www.",   "html",   "json",    "this",    "function", "return", "import",  "require",
    "class", "const", "true",    "false",    "null",   "none",   "string",  "error",   "file",     "name",   "value",   "data",
    "user",  "test",  "type",    "self",     "void",   "static", "include", "printf",  "malloc",   "/bin/",  "/usr/",   "/lib/",
    "\177ELF", "PK\003\004", "MZ\220", "JFIF", "#!/bin/sh", "<?xml", "%PDF", "Copyright", "version", "\n\n\n\n", "    "};

static void tell(linting *l, int line, const char *what)
{
	char text[1200], *shown;

	(void)snprintf(text, sizeof text, "%s:%" PRId64 ": looks: %s", l->source->file,
	               (int64_t)l->source->line + (line > 0 ? line - 1 : 0), what);
	shown = pb_text_display(text, strlen(text), 0); /* YARA quotes the rule's own bytes */
	if (shown != NULL)
		l->noticed(l->user, shown);
	else
		l->no_memory = true;
	free(shown);
}

static void on_message(int level, const char *file, int line, const YR_RULE *rule, const char *message, void *user)
{
	linting *l = user;
	char what[900];

	(void)file;
	(void)rule;
	if (level != YARA_ERROR_LEVEL_WARNING)
		return;
	if (strstr(message, "slow") != NULL) /* string "$x" may slow down scanning */
		(void)snprintf(what, sizeof what,
		               "%.400s; YARA finds no run of bytes in it to look for first, and tries it everywhere: write out at least "
		               "%d bytes that must be there",
		               message, SHORT_BYTES);
	else
		(void)snprintf(what, sizeof what, "%.800s", message);
	tell(l, line, what);
}

/* The line of text on which the string `id` ("$a") is defined; 1 where it is not to be seen. */
static int line_of(const char *text, const char *id)
{
	size_t n = strlen(id);
	int line = 1;

	for (const char *p = text; *p != '\0'; p++) {
		const char *after = p + n;

		line += *p == '\n';
		if (strncmp(p, id, n) != 0)
			continue;
		after += strspn(after, " \t");
		if (*after == '=' && after[1] != '=')
			return line;
	}
	return 1;
}

static bool is_common(const YR_STRING *s)
{
	for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
		if (strlen(common[i]) == (size_t)s->length &&
		    (STRING_IS_NO_CASE(s) ? strncasecmp(common[i], (const char *)s->string, (size_t)s->length)
		                          : memcmp(common[i], s->string, (size_t)s->length)) == 0)
			return true;
	return false;
}

static void look_at(linting *l, const YR_STRING *s)
{
	char what[300];

	/* only texts: the bytes that YARA looks for first in a regular expression are its own affair, and it warns */
	if (!STRING_IS_LITERAL(s) || s->chained_to != NULL || STRING_IS_CHAIN_PART(s) || STRING_IS_FIXED_OFFSET(s))
		return;
	if (s->length < SHORT_BYTES)
		(void)snprintf(what, sizeof what,
		               "%.60s has %d byte%s: so little is in nearly every file; write at least %d, or more of what stands around it",
		               s->identifier, (int)s->length, s->length == 1 ? "" : "s", SHORT_BYTES);
	else if (is_common(s))
		(void)snprintf(what, sizeof what, "%.60s is in nearly every file of its kind, and will cost every scan; write more of what stands "
		                                  "around it", s->identifier);
	else
		return;
	tell(l, line_of(l->source->text, s->identifier), what);
}

int pb_patterns_lint(const pb_pattern_source *source, void (*noticed)(void *user, const char *message), void *user)
{
	linting l = {source, noticed, user, false};
	YR_COMPILER *compiler = NULL;
	YR_RULES *rules = NULL;
	YR_RULE *rule;
	YR_STRING *string;
	int rc = PB_ENOMEM;

	if (yr_initialize() != ERROR_SUCCESS)
		return PB_ENOMEM;
	if (yr_compiler_create(&compiler) != ERROR_SUCCESS || pb_patterns_externals(compiler) != 0)
		goto out;
	yr_compiler_set_callback(compiler, on_message, &l);
	yr_compiler_set_include_callback(compiler, NULL, NULL, NULL);
	if (yr_compiler_add_string(compiler, source->text, source->space) == 0 && yr_compiler_get_rules(compiler, &rules) == ERROR_SUCCESS) {
		yr_rules_foreach(rules, rule)
		{
			yr_rule_strings_foreach(rule, string)
			{
				look_at(&l, string);
			}
		}
		yr_rules_destroy(rules);
	}
	rc = l.no_memory ? PB_ENOMEM : 0;
out:
	if (compiler != NULL)
		yr_compiler_destroy(compiler);
	(void)yr_finalize();
	return rc;
}
