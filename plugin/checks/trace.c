/* What an author reads when a script fails: place, words, and how it came there, in the author's own files only. */
#include <ctype.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "checks/box.h"

enum { CALLERS = 4, LEVELS = 60 };

typedef struct writer {
	char *out;
	size_t room, n;
} writer;

static void put(writer *w, const char *text)
{
	size_t n = strlen(text);

	if (n > w->room - 1 - w->n)
		n = w->room - 1 - w->n;
	memcpy(w->out + w->n, text, n);
	w->n += n;
	w->out[w->n] = '\0';
}

static void put_place(writer *w, const lua_Debug *ar)
{
	char line[24];

	put(w, ar->source + 1);
	(void)snprintf(line, sizeof line, ":%d", ar->currentline);
	put(w, line);
}

/* The next function of a file at or above *level: true where there is one, and *level is then past it. */
static bool next_place(lua_State *L, int *level, lua_Debug *ar)
{
	while (*level < LEVELS && lua_getstack(L, (*level)++, ar)) {
		lua_getinfo(L, "Sl", ar);
		if (ar->source[0] == '@' && ar->currentline > 0)
			return true;
	}
	return false;
}

/* Lua's own "SHORT:LINE: " in front of a message, for any place on the stack: its length, that place in ar, and the level past
 * it. 0: none. */
static size_t own_prefix(lua_State *L, const char *message, int *level, lua_Debug *ar)
{
	char prefix[LUA_IDSIZE + 24];

	for (*level = 1; next_place(L, level, ar);) {
		int n = snprintf(prefix, sizeof prefix, "%s:%d: ", ar->short_src, ar->currentline);

		if (n > 0 && strncmp(message, prefix, (size_t)n) == 0)
			return (size_t)n;
	}
	*level = 1;
	return 0;
}

static void put_hint(writer *w, const char *message)
{
	const char *hint = pb_box_hint(message);

	if (hint == NULL)
		return;
	put(w, "; ");
	put(w, hint);
}

/* [1] the error -> [1] the same. Notes it in s->why; takes no memory. */
int pb_box_trace(lua_State *L)
{
	pb_sandbox *s = pb_box_of(L);
	writer w = {s->why, sizeof s->why, 0};
	const char *message;
	lua_Debug at;
	int level;
	size_t skip;

	s->why[0] = '\0';
	if (s->limit != NULL)
		return 1;
	message = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : "the error is no text: error(\"words\")";
	skip = own_prefix(L, message, &level, &at);
	if (skip > 0 || next_place(L, &level, &at)) {
		put_place(&w, &at);
		put(&w, ": ");
	}
	put(&w, message + skip);
	put_hint(&w, message + skip);
	for (int i = 0; i < CALLERS && next_place(L, &level, &at); i++) {
		put(&w, i == 0 ? "; called from " : ", ");
		put_place(&w, &at);
	}
	return 1;
}

void pb_box_reword(const char *file, const char *message, char *out, size_t room)
{
	const char *p = message;

	/* the short name ends at the first ":DIGITS: " */
	while ((p = strchr(p, ':')) != NULL) {
		const char *digits = p + 1, *end = digits;

		while (isdigit((unsigned char)*end))
			end++;
		if (end > digits && end[0] == ':' && end[1] == ' ') {
			(void)snprintf(out, room, "%s%s", file, p);
			return;
		}
		p++;
	}
	(void)snprintf(out, room, "%s: %s", file, message);
}

const char *pb_box_meant(const char *word, const char *const *candidates, size_t n, char *out, size_t room)
{
	const char *near = pb_text_nearest(word, candidates, n);

	out[0] = '\0';
	if (near != NULL)
		(void)snprintf(out, room, "; did you mean \"%s\"?", near);
	return out;
}
