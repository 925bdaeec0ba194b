/* From sources to YR_RULES. A YARA compiler that met one error can only be thrown away, so a broken source costs a second
 * round: first all together, and where that fails each source alone to find the broken ones, then the good ones together. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "facts/yara_rules.h"

enum { INCLUDE_DEPTH = YR_MAX_INCLUDE_DEPTH };

/* The source that is being added: what it includes, and what the compiler told of it last. */
typedef struct telling {
	const pb_pattern_source *source;
	const pb_rule_text *top; /* of the source; NULL: it may include nothing */
	struct {
		const char *name; /* as the include names it, which is all that YARA says of where it is */
		const pb_rule_text *file;
	} open[INCLUDE_DEPTH];
	size_t depth;
	char text[1024]; /* "" = nothing yet */
} telling;

/* An include would read any file that a rule names: here it gets only what was read for it before. Includes nest, and none may be
 * inside of itself, so a name stands on the way to `from` once. */
static const char *on_include(const char *name, const char *from, const char *space, void *user)
{
	telling *t = user;
	const pb_rule_text *in;
	(void)space;

	while (t->depth > 0 && (!from || strcmp(t->open[t->depth - 1].name, from) != 0))
		t->depth--;
	in = t->depth > 0 ? t->open[t->depth - 1].file : t->top;
	for (size_t i = 0; in && t->depth < INCLUDE_DEPTH && i < in->n; i++) {
		if (strcmp(in->includes[i].name, name) != 0)
			continue;
		if (!in->includes[i].file)
			return NULL;
		t->open[t->depth].name = in->includes[i].name;
		t->open[t->depth++].file = in->includes[i].file;
		return in->includes[i].file->text;
	}
	return NULL;
}

/* As YARA says it, or better. */
static void words_of(const char *message, char *out, size_t room)
{
	static const char no_include[] = "callback failed to provide include resource: ";

	if (strncmp(message, no_include, sizeof no_include - 1) == 0)
		snprintf(out, room, "includes \"%.300s\", which is not in that folder", message + sizeof no_include - 1);
	else
		snprintf(out, room, "%s", message);
}

static void on_message(int level, const char *file, int line, const YR_RULE *rule, const char *message, void *user)
{
	telling *t = user;
	char words[700];
	(void)rule;
	/* The first error is the cause; what follows is how the parser recovered. */
	if (level != YARA_ERROR_LEVEL_ERROR || t->text[0])
		return;
	words_of(message, words, sizeof words);
	if (!file)
		line = pb_patterns_teach(t->source->text, words, sizeof words, line);
	int64_t at = (int64_t)t->source->line + (line > 0 ? line - 1 : 0);
	if (file)
		snprintf(t->text, sizeof t->text, "%s: in \"%.200s\", which it includes, line %d: %s", t->source->file, file, line, words);
	else
		snprintf(t->text, sizeof t->text, "%s:%" PRId64 ": %s", t->source->file, at, words);
}

/* The variables that public rule sets expect. No others: a further name may collide with a rule's and fail the whole
 * compilation. */
int pb_patterns_externals(YR_COMPILER *compiler)
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
	yr_compiler_set_include_callback(compiler, on_include, NULL, t);
	if (pb_patterns_externals(compiler)) {
		yr_compiler_destroy(compiler);
		return PB_ENOMEM;
	}
	*out = compiler;
	return 0;
}

/* 1: compiled; 0: refused, with the words in t; negative: a code. */
static int add(YR_COMPILER *compiler, const pb_pattern_source *source, const pb_rule_text *file, telling *t)
{
	t->source = source;
	t->top = file;
	t->depth = 0;
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
	const pb_rule_text *const *files;
	const uint32_t *groups;
	pb_group group;
	pb_refusals *refusals;
} job;

static bool takes_part(const job *j, size_t i)
{
	return (j->groups[i] & (1u << j->group)) && !j->refusals->message[i];
}

static int add_source(const job *j, size_t i, YR_COMPILER *compiler, telling *t)
{
	return add(compiler, &j->sources[i], j->files ? j->files[i] : NULL, t);
}

static int test_alone(const job *j, size_t i)
{
	telling t = {0};
	YR_COMPILER *compiler;
	int rc = new_compiler(&t, &compiler);

	if (rc)
		return rc;
	rc = add_source(j, i, compiler, &t);
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
		rc = add_source(j, i, compiler, t);
	}
	if (rc == 1) {
		int code = yr_compiler_get_rules(compiler, rules);
		if (code != ERROR_SUCCESS)
			rc = code == ERROR_INSUFFICIENT_MEMORY ? PB_ENOMEM : PB_EINTERNAL;
	}
	yr_compiler_destroy(compiler);
	if (rc == 1 && pb_patterns_compact(rules)) {
		yr_rules_destroy(*rules);
		*rules = NULL;
		rc = PB_ENOMEM;
	}
	return rc;
}

int pb_patterns_compile(const pb_pattern_source *sources, const pb_rule_text *const *files, const uint32_t *groups, pb_group group,
                        pb_refusals *r, YR_RULES **rules)
{
	job j = {sources, files, groups, group, r};
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
