/* Python's documentation: a text in three quotes that stands alone as the first statement of a function, a class or the file. Any other
 * text may be code for somebody, so what is not surely documentation is none; neither is any where the source asks for its own. */
#include <string.h>

#include "facts/comment_syntax.h"

enum { HEAD_MAX = 4096, TOP_MAX = 16384, STEPS_MAX = 1 << 24 };

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Where the line begins, or `least` where that is nearer. */
static size_t line_start(pb_lexer *x, size_t at, size_t least)
{
	for (; at > least && x->b.data[at - 1] != '\n'; at--)
		x->doc_steps++;
	return at;
}

/* Is [from, to) "def name(...) -> ...:" or "class ...:", on one logical line and without anything that could hide an end of it? */
static bool is_head(const pb_lexer *x, size_t from, size_t to)
{
	int depth = 0;

	for (size_t i = from; i < to; i++) {
		uint8_t c = x->b.data[i];
		if (c == '"' || c == '\'' || c == '#' || c == '\\' || (c == '\n' && depth == 0))
			return false;
		depth += c == '(' || c == '[' || c == '{';
		depth -= c == ')' || c == ']' || c == '}';
		if (depth < 0)
			return false;
	}
	return depth == 0;
}

/* The colon at `colon` ends the head of a function or a class. */
static bool below_head(pb_lexer *x, size_t colon)
{
	size_t least = colon > HEAD_MAX ? colon - HEAD_MAX : 0;

	for (size_t from = line_start(x, colon, least);; from = line_start(x, from - 1, least)) {
		size_t word = from;
		while (word < colon && is_blank(x->b.data[word]))
			word++;
		if (pb_lexer_is(x, word, "def ") || pb_lexer_is(x, word, "class ") || pb_lexer_is(x, word, "async def "))
			return is_head(x, word, colon);
		/* Of a file that is made to be slow, nothing more is documentation. */
		if (from <= least || x->doc_steps > STEPS_MAX)
			return false;
	}
}

/* Nothing but comments and empty lines so far? */
static bool at_top(const pb_lexer *x, size_t at)
{
	if (at > TOP_MAX)
		return false;
	for (size_t i = 0; i < at;) {
		const uint8_t *end = memchr(x->b.data + i, '\n', at - i);
		/* The mark of UTF-8 may stand in front of it all. */
		if (i == 0 && pb_lexer_is(x, 0, "\xef\xbb\xbf"))
			i = 3;
		while (i < at && is_blank(x->b.data[i]))
			i++;
		if (i < at && x->b.data[i] != '#' && x->b.data[i] != '\n')
			return false;
		i = end ? (size_t)(end - x->b.data) + 1 : at;
	}
	return true;
}

size_t pb_lexer_docstring(pb_lexer *x, size_t at)
{
	size_t before = at, end, after;

	if (!pb_lexer_is(x, at, "\"\"\"") && !pb_lexer_is(x, at, "'''"))
		return at;
	if (before > 0 && strchr("rRuU", x->b.data[before - 1]))
		before--;
	while (before > 0 && is_blank(x->b.data[before - 1]))
		before--;
	if (before > 0 && x->b.data[before - 1] != '\n')
		return at;
	size_t start = before;
	end = pb_lexer_string(x, at);
	for (after = end; after < x->b.size && is_blank(x->b.data[after]); after++)
		;
	bool closed = end >= at + 6 && memcmp(x->b.data + end - 3, x->b.data + at, 3) == 0;
	if (!closed || (after < x->b.size && x->b.data[after] != '\n' && x->b.data[after] != '#'))
		return at;
	while (before > 0 && (is_blank(x->b.data[before - 1]) || x->b.data[before - 1] == '\n'))
		before--;
	bool head = before > 0 && x->b.data[before - 1] == ':' && below_head(x, before - 1);
	if (!head && !at_top(x, start))
		return at;
	if (!x->doc_known) {
		x->doc_known = true;
		x->doc_used = memmem(x->b.data, x->b.size, "__doc__", 7) || memmem(x->b.data, x->b.size, "getdoc", 6);
	}
	return x->doc_used ? at : end;
}
