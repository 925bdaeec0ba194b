#include "checks/lua_tokens.h"

#include <stdlib.h>
#include <string.h>

typedef struct lexer {
	const char *p, *end;
	int line;
} lexer;

static bool name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The level of a long bracket that opens at p ("[==[" is 2); -1: none does. */
static int level_at(const lexer *l, const char *p)
{
	int level = 0;

	if (p == l->end || *p != '[')
		return -1;
	for (p++; p < l->end && *p == '='; p++)
		level++;
	return p < l->end && *p == '[' ? level : -1;
}

/* Past a long bracket that opens here; *n: its length without brackets. */
static const char *skip_long(lexer *l, int level, size_t *n)
{
	const char *from = l->p + level + 2, *p = from;

	for (; p < l->end; p++) {
		const char *q = p + 1;

		l->line += *p == '\n';
		if (*p != ']')
			continue;
		while (q < l->end && *q == '=')
			q++;
		if (q < l->end && *q == ']' && q - p - 1 == level) {
			*n = (size_t)(p - from);
			l->p = q + 1;
			return from;
		}
	}
	*n = (size_t)(l->end - from);
	l->p = l->end;
	return from;
}

static void skip_blank(lexer *l)
{
	while (l->p < l->end) {
		size_t n;
		int level;

		if (*l->p == ' ' || (*l->p >= '\t' && *l->p <= '\r')) {
			l->line += *l->p == '\n';
			l->p++;
		} else if (l->end - l->p >= 2 && l->p[0] == '-' && l->p[1] == '-') {
			l->p += 2;
			level = level_at(l, l->p);
			if (level >= 0)
				(void)skip_long(l, level, &n);
			else
				while (l->p < l->end && *l->p != '\n')
					l->p++;
		} else {
			return;
		}
	}
}

static void read_quoted(lexer *l, pb_token *t)
{
	char quote = *l->p++;

	t->type = PB_TOKEN_STRING;
	t->at = l->p;
	while (l->p < l->end && *l->p != quote && *l->p != '\n') {
		if (*l->p == '\\' && l->p + 1 < l->end) {
			l->p++;
			l->line += *l->p == '\n';
		}
		l->p++;
	}
	t->n = (size_t)(l->p - t->at);
	if (l->p < l->end && *l->p == quote)
		l->p++;
}

/* "==", "..", "..." are one mark; all others one byte. */
static size_t mark_length(const lexer *l)
{
	static const char *const marks[] = {"...", "..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>"};

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		size_t n = strlen(marks[i]);

		if ((size_t)(l->end - l->p) >= n && memcmp(l->p, marks[i], n) == 0)
			return n;
	}
	return 1;
}

static void read_token(lexer *l, pb_token *t)
{
	int level = level_at(l, l->p);

	t->line = l->line;
	t->at = l->p;
	if (*l->p == '"' || *l->p == '\'') {
		read_quoted(l, t);
		return;
	}
	if (level >= 0) {
		t->type = PB_TOKEN_STRING;
		t->at = skip_long(l, level, &t->n);
		return;
	}
	if (name_char(*l->p)) {
		t->type = digit(*l->p) ? PB_TOKEN_NUMBER : PB_TOKEN_NAME;
		while (l->p < l->end && name_char(*l->p))
			l->p++;
	} else {
		t->type = PB_TOKEN_MARK;
		l->p += mark_length(l);
	}
	t->n = (size_t)(l->p - t->at);
}

pb_token *pb_lua_tokens(pb_bytes text, size_t *n)
{
	const char *start = text.size > 0 ? (const char *)text.data : "";
	lexer l = {start, start + text.size, 1};
	size_t room = 256, count = 0;
	pb_token *out = malloc(room * sizeof *out);

	for (skip_blank(&l); out != NULL && l.p < l.end; skip_blank(&l)) {
		if (count == room) {
			pb_token *more = realloc(out, 2 * room * sizeof *out);

			if (more == NULL) {
				free(out);
				return NULL;
			}
			out = more;
			room *= 2;
		}
		read_token(&l, &out[count++]);
	}
	*n = count;
	return out;
}

bool pb_token_same(const pb_token *t, const char *text)
{
	return strlen(text) == t->n && memcmp(t->at, text, t->n) == 0;
}

bool pb_token_is(const pb_token *t, const char *text)
{
	return (t->type == PB_TOKEN_NAME || t->type == PB_TOKEN_MARK) && pb_token_same(t, text);
}
