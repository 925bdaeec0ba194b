/* From sources to YR_RULES. A YARA compiler that met one error can only be thrown away, so a broken source costs a second
 * round: first all together, and where that fails each source alone to find the broken ones, then the good ones together. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "facts/yara_rules.h"

/* What the compiler's callback told last, for the source that is being added. */
typedef struct telling {
	const pb_pattern_source *source;
	char text[1024]; /* "" = nothing yet */
} telling;

static void on_message(int level, const char *file, int line, const YR_RULE *rule, const char *message, void *user)
{
	telling *t = user;
	(void)file;
	(void)rule;
	/* The first error is the cause; what follows is how the parser recovered. */
	if (level != YARA_ERROR_LEVEL_ERROR || t->text[0])
		return;
	int64_t at = (int64_t)t->source->line + (line > 0 ? line - 1 : 0);
	snprintf(t->text, sizeof t->text, "%s:%" PRId64 ": %s", t->source->file, at, message);
}

/* The variables that public rule sets expect. No others: a further name may collide with a rule's and fail the whole
 * compilation. */
static int define_externals(YR_COMPILER *compiler)
{
	static const char *const names[] = {"filename", "filepath", "extension", "filetype", "owner", "md5"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (yr_compiler_define_string_variable(compiler, names[i], "") != ERROR_SUCCESS)
			return PB_ENOMEM;
	return 0;
}

static int new_compiler(telling *t, YR_COMPILER **out)
{
	YR_COMPILER *compiler;

	if (yr_compiler_create(&compiler) != ERROR_SUCCESS)
		return PB_ENOMEM;
	yr_compiler_set_callback(compiler, on_message, t);
	/* An include would read any file that a rule names, below whatever folder the program runs in. */
	yr_compiler_set_include_callback(compiler, NULL, NULL, NULL);
	if (define_externals(compiler)) {
		yr_compiler_destroy(compiler);
		return PB_ENOMEM;
	}
	*out = compiler;
	return 0;
}

/* 1: compiled; 0: refused, with the words in t; negative: a code. */
static int add(YR_COMPILER *compiler, const pb_pattern_source *source, telling *t)
{
	t->source = source;
	t->text[0] = '\0';
	if (yr_compiler_add_string(compiler, source->text, source->space) == 0)
		return 1;
	if (compiler->last_error == ERROR_INSUFFICIENT_MEMORY)
		return PB_ENOMEM;
	if (!t->text[0])
		snprintf(t->text, sizeof t->text, "%s:%d: YARA error %d", source->file, source->line, compiler->last_error);
	return 0;
}

static int refuse(pb_refusals *r, size_t source, const telling *t)
{
	/* YARA quotes the rule's own bytes in its messages. */
	char *shown = pb_text_display(t->text, strlen(t->text), 0);
	int rc = shown ? pb_refuse(r, source, shown) : PB_ENOMEM;
	free(shown);
	return rc;
}

typedef struct job {
	const pb_pattern_source *sources;
	const uint32_t *groups;
	pb_group group;
	pb_refusals *refusals;
} job;

static bool takes_part(const job *j, size_t i)
{
	return (j->groups[i] & (1u << j->group)) && !j->refusals->message[i];
}

static int test_alone(const job *j, size_t i)
{
	telling t = {0};
	YR_COMPILER *compiler;
	int rc = new_compiler(&t, &compiler);

	if (rc)
		return rc;
	rc = add(compiler, &j->sources[i], &t);
	if (rc == 0)
		rc = refuse(j->refusals, i, &t);
	yr_compiler_destroy(compiler);
	return rc < 0 ? rc : 0;
}

/* All together. 1: rules made; 0: source *bad was refused by words in t; negative: a code. */
static int compile_together(const job *j, telling *t, size_t *bad, YR_RULES **rules)
{
	YR_COMPILER *compiler;
	int rc = new_compiler(t, &compiler);

	if (rc)
		return rc;
	rc = 1;
	for (size_t i = 0; i < j->refusals->n && rc == 1; i++) {
		if (!takes_part(j, i))
			continue;
		*bad = i;
		rc = add(compiler, &j->sources[i], t);
	}
	if (rc == 1) {
		int code = yr_compiler_get_rules(compiler, rules);
		if (code != ERROR_SUCCESS)
			rc = code == ERROR_INSUFFICIENT_MEMORY ? PB_ENOMEM : PB_EINTERNAL;
	}
	yr_compiler_destroy(compiler);
	return rc;
}

int pb_patterns_compile(const pb_pattern_source *sources, const uint32_t *groups, pb_group group, pb_refusals *r,
                        YR_RULES **rules)
{
	job j = {sources, groups, group, r};
	telling t = {0};
	size_t bad = 0;
	int rc = compile_together(&j, &t, &bad, rules);

	if (rc != 0)
		return rc < 0 ? rc : 0;
	for (size_t i = 0; i < r->n; i++) {
		rc = takes_part(&j, i) ? test_alone(&j, i) : 0;
		if (rc)
			return rc;
	}
	/* What still fails is a clash between sources: each round leaves one out, so this ends. */
	while ((rc = compile_together(&j, &t, &bad, rules)) == 0) {
		rc = refuse(r, bad, &t);
		if (rc)
			return rc;
	}
	return rc < 0 ? rc : 0;
}
