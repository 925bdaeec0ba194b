/* What text.c has for texts that are laid out: on a terminal, in a picture. */
#include "base/text.h"
#include "base/width.h"
#include "bindings/scope.h"

enum { BYTES_PER_STEP = 16, WIDTH_MOST = 1 << 20 };

static const char *text_at(lua_State *L, int index, size_t *n)
{
	const char *s = luaL_checklstring(L, index, n);

	pb_sandbox_charge(L, *n / BYTES_PER_STEP);
	return s;
}

/** | `text.width(s)` | columns that it takes on a terminal at most: wide scripts 2 each, everything else 1; no locale. `s`: safe, or display form */
static int width(lua_State *L)
{
	size_t n;
	const char *s = text_at(L, 1, &n);

	lua_pushinteger(L, pb_width(s));
	return 1;
}

/** | `text.unit(s, at)` | bytes and columns of what stands at byte `at` (from 1): one character, or one escape of the display form; nothing past the end */
static int unit(lua_State *L)
{
	size_t n;
	const char *s = luaL_checklstring(L, 1, &n);
	lua_Integer at = luaL_checkinteger(L, 2);
	int columns;

	if (at < 1 || (lua_Unsigned)at > n || s[at - 1] == '\0')
		return 0;
	lua_pushinteger(L, (lua_Integer)pb_width_unit(s + at - 1, &columns));
	lua_pushinteger(L, columns);
	return 2;
}

/** | `text.shorten(s, width)` | at most so many columns of it, "..." in the middle where something was left out */
static int shorten(lua_State *L)
{
	size_t n;
	const char *s = text_at(L, 1, &n);
	lua_Integer most = luaL_checkinteger(L, 2);

	luaL_argcheck(L, most >= 0 && most <= WIDTH_MOST, 2, "no width");
	return pb_push_owned(L, pb_width_shorten(s, (int)most));
}

/* The longest piece of s that fits into room, by words where a word fits into a whole line, else by units. Its bytes (0: nothing fits here) and its
 * columns. */
static size_t piece(const char *s, int room, int line, int *columns)
{
	size_t at = 0, end = 0;
	int wide = 0, word = 0, w;

	*columns = 0;
	while (s[at] != '\0') {
		size_t n = pb_width_unit(s + at, &w);

		if (wide + w > room)
			break;
		wide += w;
		at += n;
		if (s[at] == ' ' || s[at] == '\0') {
			end = at;
			*columns = wide;
		}
	}
	if (end > 0 || s[0] == '\0')
		return end;
	/* Not even one word fits: it waits for the next line, unless it is longer than any line. */
	for (size_t i = 0; s[i] != '\0' && s[i] != ' ' && word <= line;) {
		i += pb_width_unit(s + i, &w);
		word += w;
	}
	*columns = word > line ? wide : 0;
	return word > line ? at : 0;
}

/** | `text.fit(s, at, room, line)` | how much of `s` from byte `at` on goes into `room` columns, in bytes and columns: whole words; of a word that is wider
 *   than `line` columns, as much of it as fits; 0 where nothing does */
static int fit(lua_State *L)
{
	size_t n, bytes;
	const char *s = luaL_checklstring(L, 1, &n);
	lua_Integer at = luaL_checkinteger(L, 2), room = luaL_checkinteger(L, 3), line = luaL_checkinteger(L, 4);
	int columns;

	luaL_argcheck(L, at >= 1 && (lua_Unsigned)at <= n + 1, 2, "past the end");
	luaL_argcheck(L, room <= WIDTH_MOST, 3, "no width");
	luaL_argcheck(L, line <= WIDTH_MOST, 4, "no width");
	bytes = piece(s + at - 1, room > 0 ? (int)room : 0, line > 0 ? (int)line : 0, &columns);
	pb_sandbox_charge(L, bytes / BYTES_PER_STEP);
	lua_pushinteger(L, (lua_Integer)bytes);
	lua_pushinteger(L, columns);
	return 2;
}

/** | `text.safe(s)` | for messages that may hold display forms already: control characters, invalid UTF-8 and what changes how a line is read are
 *   escaped, the backslash stays. Up to its first NUL */
static int safe(lua_State *L)
{
	size_t n;
	const char *s = text_at(L, 1, &n);

	return pb_push_owned(L, pb_text_safe(s, 0));
}

const luaL_Reg pb_text_layout[] = {{"width", width}, {"unit", unit}, {"shorten", shorten}, {"fit", fit}, {"safe", safe}, {NULL, NULL}};
