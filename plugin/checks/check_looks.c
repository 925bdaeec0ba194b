/* What a check looks for in the bytes: the body of a YARA rule, or whole rules. Lines keep their numbers, so that YARA's errors
 * name the line of the check file. */
#include <ctype.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/check_read.h"

enum { LOOKS_BYTES = 1 << 20 };

/* Past blanks and comments. */
static const char *skip_blank(const char *p)
{
	for (;;) {
		while (isspace((unsigned char)*p))
			p++;
		if (p[0] == '/' && p[1] == '/') {
			p += strcspn(p, "\n");
		} else if (p[0] == '/' && p[1] == '*') {
			const char *end = strstr(p + 2, "*/");

			p = end != NULL ? end + 2 : p + strlen(p);
		} else {
			return p;
		}
	}
}

static bool word_at(const char *p, const char *word)
{
	size_t n = strlen(word);

	return strncmp(p, word, n) == 0 && !isalnum((unsigned char)p[n]) && p[n] != '_';
}

/* Past `import "..."` lines. */
static const char *skip_imports(const char *p)
{
	for (p = skip_blank(p); word_at(p, "import"); p = skip_blank(p)) {
		p = skip_blank(p + 6);
		if (*p != '"' || strchr(p + 1, '"') == NULL)
			break;
		p = strchr(p + 1, '"') + 1;
	}
	return p;
}

static bool any_word_at(const char *p, const char *const *words)
{
	for (; *words != NULL; words++)
		if (word_at(p, *words))
			return true;
	return false;
}

/* Whole rules stay; a body becomes one rule `r`, behind its imports. NULL: no memory, or it is neither (*wrong). */
static char *complete(const char *text, bool *wrong)
{
	static const char *const rules[] = {"rule", "private", "global", NULL};
	static const char *const bodies[] = {"strings", "condition", "meta", NULL};
	const char *p = skip_imports(text);
	size_t room = strlen(text) + 20;
	char *out;

	if (any_word_at(p, rules))
		return strdup(text);
	*wrong = !any_word_at(p, bodies);
	out = *wrong ? NULL : malloc(room);
	if (out != NULL)
		(void)snprintf(out, room, "%.*srule r { %s\n}", (int)(p - text), text, p); /* a comment may end it */
	return out;
}

/* The line on which the text of looks begins: behind [[ at the end of a line, Lua skips the line end. */
static int first_line(const pb_check_source *source)
{
	int line = pb_line_of(source, "looks"), at = 1;
	const char *p = (const char *)source->text.data, *end = p + source->text.size;

	for (; p < end && at < line; p++)
		at += *p == '\n';
	while (p < end && *p != '[' && *p != '\n' && *p != '"')
		p++;
	if (p < end && *p == '[') {
		p++;
		while (p < end && *p == '=')
			p++;
		if (p < end && *p == '[' && p + 1 < end && (p[1] == '\n' || p[1] == '\r'))
			return line + 1;
	}
	return line;
}

void pb_read_looks(pb_reading *r)
{
	size_t n;
	const char *text;
	bool wrong = false;

	if (lua_type(r->L, -1) != LUA_TSTRING) {
		pb_mistake(r, "looks", "must be a string, [[ strings: ... condition: ... ]], is a %s", luaL_typename(r->L, -1));
		return;
	}
	text = lua_tolstring(r->L, -1, &n);
	if (n > LOOKS_BYTES || memchr(text, '\0', n) != NULL) {
		pb_mistake(r, "looks", n > LOOKS_BYTES ? "is longer than 1 MiB" : "holds a NUL byte");
		return;
	}
	r->c->looks = complete(text, &wrong);
	r->c->looks_line = first_line(r->source);
	if (wrong)
		pb_mistake(r, "looks", "is neither the body of a YARA rule (strings: ... condition: ...) nor whole rules");
	else if (r->c->looks == NULL)
		r->no_memory = true;
}
