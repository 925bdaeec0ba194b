/* Reading one value of a check's table, and telling what is wrong with it. */
#include <ctype.h>
#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "checks/box.h"
#include "checks/check_read.h"

enum { LIST_STRING_BYTES = 255 };

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Where `name =` begins, at or after from; n where it does not. */
static size_t find_field(const char *text, size_t n, size_t from, const char *name, size_t length)
{
	for (size_t at = from; length > 0 && at + length <= n; at++) {
		size_t after = at + length;

		if (memcmp(text + at, name, length) != 0 || (at > 0 && word_char(text[at - 1])))
			continue;
		while (after < n && (isspace((unsigned char)text[after]) || text[after] == '"' || text[after] == ']'))
			after++;
		if (after < n && text[after] == '=' && (after + 1 == n || text[after + 1] != '='))
			return at;
	}
	return n;
}

/* Best effort: the fields of "findings.key.says" are looked for one behind the other. */
int pb_line_of(const pb_check_source *source, const char *where)
{
	const char *text = (const char *)source->text.data, *part = where;
	size_t n = source->text.size, at = 0;
	int line = 1;

	while (*part != '\0') {
		size_t length = strcspn(part, "."), hit = find_field(text, n, at, part, length);

		if (hit == n)
			break;
		at = hit;
		part += length + (part[length] == '.');
	}
	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n';
	return line;
}

void pb_mistake(pb_reading *r, const char *where, const char *fmt, ...)
{
	char what[600], message[1000];
	va_list args;
	char *safe;

	r->mistakes++;
	va_start(args, fmt);
	(void)vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	(void)snprintf(message, sizeof message, "%s:%d: %s%s%s", r->source->file, pb_line_of(r->source, where), where,
	               where[0] != '\0' ? ": " : "", what);
	safe = pb_text_safe(message, 0);
	if (safe == NULL)
		r->no_memory = true;
	else if (r->source->told != NULL)
		r->source->told(r->source->user, safe);
	free(safe);
}

const char *pb_meant(const char *near, char out[160])
{
	out[0] = '\0';
	if (near != NULL)
		(void)snprintf(out, 160, "; did you mean \"%s\"?", near);
	return out;
}

const char *pb_severity_spelling(int value)
{
	return pb_severity_name((pb_severity)value);
}

const char *pb_reliability_spelling(int value)
{
	return pb_reliability_name((pb_reliability)value);
}

/* The string on top; NULL: it is none, told. Numbers are no strings here: 007 would lose its zeros. */
static const char *string_at_top(pb_reading *r, const char *where, size_t *n)
{
	if (lua_type(r->L, -1) != LUA_TSTRING) {
		pb_mistake(r, where, "must be a string, is a %s", luaL_typename(r->L, -1));
		return NULL;
	}
	return lua_tolstring(r->L, -1, n);
}

/* One line: runs of blanks and line ends become one blank. */
static char *collapse(const char *s, size_t n)
{
	char *out = malloc(n + 1);
	size_t k = 0;

	for (size_t i = 0; out != NULL && i < n; i++) {
		bool blank = isspace((unsigned char)s[i]);

		if (!blank)
			out[k++] = s[i];
		else if (k > 0 && out[k - 1] != ' ')
			out[k++] = ' ';
	}
	if (out != NULL)
		out[k > 0 && out[k - 1] == ' ' ? k - 1 : k] = '\0';
	return out;
}

char *pb_read_words(pb_reading *r, const char *where, size_t most)
{
	size_t n;
	const char *s = string_at_top(r, where, &n);
	char *words, *safe;
	bool plain;

	if (s == NULL)
		return NULL;
	if (memchr(s, '\0', n) != NULL) {
		pb_mistake(r, where, "holds a NUL byte");
		return NULL;
	}
	words = collapse(s, n);
	safe = words != NULL ? pb_text_safe(words, 0) : NULL;
	plain = safe != NULL && strcmp(safe, words) == 0;
	free(safe);
	if (words == NULL || safe == NULL) {
		free(words);
		r->no_memory = true;
		return NULL;
	}
	if (words[0] == '\0')
		pb_mistake(r, where, "is empty");
	else if (!plain)
		pb_mistake(r, where, "holds control characters, or is not UTF-8");
	else if (strlen(words) > most)
		pb_mistake(r, where, "is longer than %zu bytes", most);
	else
		return words;
	free(words);
	return NULL;
}

int pb_read_term(pb_reading *r, const char *where, int (*of)(const char *), const char *(*name)(int), int count)
{
	const char *names[16];
	size_t n;
	const char *s = string_at_top(r, where, &n);
	char meant[160], all[200] = "";
	int value;

	if (s == NULL)
		return -1;
	value = of(s);
	if (value >= 0)
		return value;
	for (int i = 0; i < count && i < 16; i++) {
		names[i] = name(i);
		(void)snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i > 0 ? ", " : "", names[i]);
	}
	(void)pb_meant(pb_text_nearest(s, names, (size_t)count), meant);
	if (meant[0] != '\0')
		pb_mistake(r, where, "\"%s\" is no %s%s", s, strrchr(where, '.') ? strrchr(where, '.') + 1 : where, meant);
	else
		pb_mistake(r, where, "\"%s\" is none of %s", s, all);
	return -1;
}

bool pb_read_list(pb_reading *r, const char *where, char ***out, size_t *n)
{
	lua_State *L = r->L;
	lua_Unsigned count;

	if (!lua_istable(L, -1)) {
		pb_mistake(r, where, "must be a list of strings, { \"...\" }, is a %s", luaL_typename(L, -1));
		return false;
	}
	count = (lua_Unsigned)luaL_len(L, -1);
	if (count == 0 || count > PB_CHECK_LISTS) {
		pb_mistake(r, where, count == 0 ? "must be a list of at least one string" : "is longer than 64 strings");
		return false;
	}
	*out = calloc(count, sizeof **out);
	if (*out == NULL) {
		r->no_memory = true;
		return false;
	}
	for (lua_Unsigned i = 1; i <= count; i++) {
		char *s;

		lua_geti(L, -1, (lua_Integer)i);
		s = pb_read_words(r, where, LIST_STRING_BYTES);
		lua_pop(L, 1);
		if (s == NULL)
			return false;
		(*out)[(*n)++] = s;
	}
	return true;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t pb_read_names(pb_reading *r, const char *where, const char **names, size_t most)
{
	lua_State *L = r->L;
	size_t n = 0;
	int top = lua_gettop(L);
	bool nameless = false;

	pb_box_content(L, top);
	for (lua_pushnil(L); n < most && lua_next(L, -2); lua_pop(L, 1)) {
		if (lua_type(L, -2) == LUA_TSTRING)
			names[n++] = lua_tostring(L, -2); /* stays alive: it is a key of the table */
		else
			nameless = true;
	}
	lua_settop(L, top);
	if (nameless)
		pb_mistake(r, where, "holds a value without a name");
	if (n > 1)
		qsort(names, n, sizeof *names, by_text);
	return n;
}
