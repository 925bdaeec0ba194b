/* Which words in code show a capability: patterns of the lists as YARA sources. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "facts/capability_list.h"

/* The kinds a pattern may be for: those of the table of kinds, any binary, a binary made by Go. */
static int check_kind(const char *kind, pb_error *err)
{
	const char *names[256] = {"binary", "go"};
	size_t n = 2, count;

	if (strcmp(kind, "binary") == 0 || strcmp(kind, "go") == 0 || pb_kind_named(kind))
		return 0;
	const pb_kind *kinds = pb_kinds(&count);
	for (size_t i = 0; i < count && n < 256; i++)
		names[n++] = kinds[i].name;
	const char *near = pb_text_nearest(kind, names, n);
	return pb_fail(err, PB_EINPUT, "no kind \"%s\"%s%s%s", kind, near ? "; did you mean \"" : "", near ? near : "",
	               near ? "\"?" : "");
}

/* How a language asks for a module: the names stand between these pieces. Whole statements: prose, too, has lines that begin
 * with "from", and a plain text in quotes behind that word. */
static const struct {
	const char *kind, *piece[4]; /* the last one is followed by NULL */
} statements[] = {
    {"python",
     {"/(^|[\\r\\n;:])[ \\t]*((from[ \\t]+\\w[\\w.]*[ \\t]+)?import[ \\t]+([\\w.]+[ \\t]*,[ \\t]*){0,9}(",
      ")\\b[\\w.]*[ \\t]*([\\r\\n,;#]|as[ \\t]|$)|from[ \\t]+(", ")\\b[\\w.]*[ \\t]+import\\b)/"}},
    {"javascript",
     {"/(\\b(require[ \\t]*\\(|import[ \\t]*\\(?)[ \\t]*[\"'`]|([}*]|\\*[ \\t]*as[ \\t]+[\\w$]+|(^|[\\r\\n;}\\/])[ \\t]*"
      "import[ \\t]+(type[ \\t]+)?[\\w$]+)[ \\t\\r\\n]*from[ \\t]*[\"'])(node:)?(",
      ")[\"'`]/"}},
};

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '@';
}

/* "requests http.client" as "requests|http\.client" */
static int add_names(pb_buf *text, const char *names, pb_error *err)
{
	const char *between = "";

	for (const char *p = names; *p;) {
		size_t n = strcspn(p, " \t");
		int rc = n > 0 ? pb_buf_puts(text, between) : 0;

		for (size_t i = 0; i < n && !rc; i++) {
			if (!is_plain(p[i]) && p[i] != '.' && p[i] != '/')
				return pb_fail(err, PB_EINPUT, "\"%.*s\" is no name of a module", (int)n, p);
			rc = pb_buf_printf(text, "%s%c", is_plain(p[i]) ? "" : "\\", p[i]);
		}
		if (rc)
			return pb_fail(err, PB_ENOMEM, "out of memory");
		if (n > 0)
			between = "|";
		p += n + (p[n] != '\0');
	}
	return *between ? 0 : pb_fail(err, PB_EINPUT, "\"import\" asks for names of modules");
}

/* "import MODULE ..." as a pattern of the language. */
static int add_statement(pb_buf *text, const char *kind, const char *names, pb_error *err)
{
	for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
		const char *const *piece = statements[i].piece;
		int rc = 0;

		if (strcmp(statements[i].kind, kind) != 0)
			continue;
		for (size_t k = 0; piece[k] && !rc; k++) {
			rc = pb_buf_puts(text, piece[k]) ? pb_fail(err, PB_ENOMEM, "out of memory") : 0;
			if (!rc && piece[k + 1])
				rc = add_names(text, names, err);
		}
		return rc;
	}
	return pb_fail(err, PB_EINPUT, "\"import\" is for python and javascript");
}

/* Where the patterns for a kind go. An object meets one part of a file at most, so that a part alone decides which of two
 * patterns comes first. NULL: too many. */
static pb_part *part_of(pb_reading *r, const char *kind)
{
	const pb_kind *k = pb_kind_named(kind);
	const char *name = kind;
	size_t i = 0;

	if (strcmp(kind, "go") == 0 || (k && k->class == PB_CLASS_BINARY))
		name = "binary";
	else if (strcmp(kind, "typescript") == 0)
		name = "javascript";
	while (i < r->n && strcmp(r->parts[i].name, name) != 0)
		i++;
	if (i == PB_PARTS || strlen(name) >= sizeof r->parts[i].name)
		return NULL;
	if (i == r->n) {
		(void)snprintf(r->parts[i].name, sizeof r->parts[i].name, "%s", name);
		r->parts[i].line = 1;
		r->n++;
	}
	return &r->parts[i];
}

static int add_to_part(pb_part *p, const char *pattern, size_t index, int line)
{
	int rc = 0;

	for (; !rc && p->line < line; p->line++)
		rc = pb_buf_puts(&p->text, p->line == 1 ? "rule capabilities { strings:\n" : "\n");
	return rc ? rc : pb_buf_printf(&p->text, "$p%zu = %s ", index, pattern);
}

int pb_reading_pattern(pb_reading *r, const char *capability, const char *key, const char *value, int line, pb_error *err)
{
	pb_lists *l = r->lists;
	const char *dot = strchr(key, '.'), *names = strncmp(value, "import ", 7) == 0 ? value + 7 : NULL;
	pb_pattern_rule rule = {.capability = capability, .kind = strndup(key, (size_t)(dot - key)), .by = strdup(dot + 1)};
	pb_buf statement = {0};
	pb_pattern_rule *more = realloc(l->patterns, (l->n_patterns + 1) * sizeof *more);
	int rc = 0;

	if (more)
		l->patterns = more;
	if (!more || !rule.kind || !rule.by)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	else if (!rule.by[0])
		rc = pb_fail(err, PB_EINPUT, "\"%s\" has no name after the dot", key);
	else if (value[0] != '/' && value[0] != '"' && !names)
		rc = pb_fail(err, PB_EINPUT, "a pattern is a YARA /regular expression/, a \"text\", or import MODULE ...");
	else
		rc = check_kind(rule.kind, err);
	if (!rc && names && rule.kind)
		rc = add_statement(&statement, rule.kind, names, err);
	pb_part *p = rc ? NULL : part_of(r, rule.kind);
	if (!rc && !p)
		rc = pb_fail(err, PB_ELIMIT, "patterns for more than %d kinds", PB_PARTS);
	if (!rc && add_to_part(p, names ? (char *)statement.data : value, l->n_patterns, line))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	pb_buf_free(&statement);
	if (rc) {
		free(rule.kind);
		free(rule.by);
		return rc;
	}
	l->patterns[l->n_patterns++] = rule;
	return 0;
}

/* The tags of the objects that a part is for: the static list of a few, or NULL. */
static const char *const *tags_of(const char *name, size_t *n)
{
	static const char *const javascript[] = {"javascript", "typescript"}, *const binary[] = {"binary"};
	size_t count;
	const pb_kind *kinds = pb_kinds(&count);

	*n = strcmp(name, "javascript") == 0 ? 2 : 1;
	if (*n == 2)
		return javascript;
	if (strcmp(name, "binary") == 0)
		return binary;
	for (size_t i = 0; i < count; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i].name;
	*n = 0;
	return NULL;
}

/* Each part of a file becomes a source, named after both. */
static int add_source(pb_lists *l, pb_part *p, const char *file, const char *name, pb_error *err)
{
	pb_pattern_source *more;
	char *space = NULL, *copy = strdup(file);

	more = realloc(l->sources, (l->n_sources + 1) * sizeof *more);
	if (more)
		l->sources = more;
	if (asprintf(&space, "probity.capabilities.%.*s.%s", (int)strcspn(name, "."), name, p->name) < 0)
		space = NULL;
	if (!more || !space || !copy || pb_buf_puts(&p->text, "\ncondition: any of them }\n")) {
		free(space);
		free(copy);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	more += l->n_sources++;
	*more = (pb_pattern_source){.space = space, .text = (char *)p->text.data, .file = copy, .line = 1};
	more->applies = tags_of(p->name, &more->n_applies);
	p->text = (pb_buf){0};
	return 0;
}

int pb_reading_sources(pb_reading *r, const char *file, const char *name, pb_error *err)
{
	int rc = 0;

	for (size_t i = 0; i < r->n && !rc; i++)
		rc = add_source(r->lists, &r->parts[i], file, name, err);
	return rc;
}

void pb_reading_free(pb_reading *r)
{
	for (size_t i = 0; i < r->n; i++)
		pb_buf_free(&r->parts[i].text);
	r->n = 0;
}
