/* What hides the marker of a comment: strings, templates, regular expressions, here-documents. */
#include <string.h>

#include "facts/comment_syntax.h"

enum { CHAR_MAX_BYTES = 12, LOST_MAX = 16, FAILS_MAX = 32 };

/* Looking for an end that is not there costs up to the end of the line (or file), each time: so only a few times for each. */
static size_t in_vain(pb_lexer *x, size_t at, size_t end)
{
	x->fails = x->fail_end == end ? x->fails + 1 : 1;
	x->fail_end = end;
	return at;
}

static bool hopeless(const pb_lexer *x, size_t at)
{
	return at < x->fail_end && x->fails >= FAILS_MAX;
}

static size_t past_triple(const pb_lexer *x, size_t at)
{
	uint8_t quote = x->b.data[at];

	for (size_t i = at + 3; i < x->b.size; i++) {
		if (x->b.data[i] == '\\')
			i++;
		else if (x->b.data[i] == quote && i + 2 < x->b.size && x->b.data[i + 1] == quote && x->b.data[i + 2] == quote)
			return i + 3;
	}
	return x->b.size;
}

static size_t past_raw(pb_lexer *x, size_t at)
{
	const uint8_t *end = memchr(x->b.data + at + 1, '`', x->b.size - at - 1);
	return end ? (size_t)(end - x->b.data) + 1 : in_vain(x, at, x->b.size);
}

size_t pb_lexer_string(pb_lexer *x, size_t at)
{
	unsigned flags = x->syntax->flags;
	uint8_t quote = x->b.data[at];
	/* A single quote in a shell takes everything as it is. In languages of C's family it holds one character, or is
	 * something else: a lifetime, a symbol, an apostrophe in a document. */
	bool escapes = !(quote == '\'' && (flags & PB_SYNTAX_WORD) && (flags & PB_SYNTAX_MULTILINE));
	bool one_char = quote == '\'' && (flags & PB_SYNTAX_TRIPLE) && x->syntax->open != NULL;

	if (hopeless(x, at))
		return at;
	if (quote == '`')
		return past_raw(x, at);
	if ((flags & PB_SYNTAX_TRIPLE) && at + 2 < x->b.size && x->b.data[at + 1] == quote && x->b.data[at + 2] == quote)
		return past_triple(x, at);
	for (size_t i = at + 1; i < x->b.size; i++) {
		uint8_t c = x->b.data[i];
		if (c == quote)
			return i + 1;
		if (one_char && i - at > CHAR_MAX_BYTES)
			return at;
		if (c == '\\' && escapes)
			i++; /* also over the newline of a continued line */
		else if (c == '\n' && !(flags & PB_SYNTAX_MULTILINE))
			return in_vain(x, at, i);
	}
	return in_vain(x, at, x->b.size);
}

size_t pb_lexer_template(pb_lexer *x, size_t at)
{
	for (size_t i = at; i < x->b.size; i++) {
		if (x->b.data[i] == '\\') {
			i++;
		} else if (x->b.data[i] == '`') {
			return i + 1;
		} else if (x->b.data[i] == '$' && i + 1 < x->b.size && x->b.data[i + 1] == '{' && x->depth < 64) {
			x->braces[x->depth++] = 0;
			return i + 2;
		}
	}
	return x->b.size;
}

static bool is_word(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

/* May an expression begin at `at`, so that a '/' there opens a regular expression and is no division? */
static bool expression_begins(const pb_lexer *x, size_t at)
{
	static const char *const words[] = {"return", "typeof",     "case",  "in",   "of", "delete",
	                                    "void",   "instanceof", "throw", "else", "do"};
	size_t end = at, stop = at > 256 ? at - 256 : 0;

	while (end > stop && strchr(" \t\r\n", x->b.data[end - 1]))
		end--;
	if (end == 0)
		return true;
	if (!is_word(x->b.data[end - 1]))
		return strchr("(,=:[!&|?{;+-*%~^<>", x->b.data[end - 1]) != NULL;
	size_t from = end;
	while (from > 0 && end - from <= 12 && is_word(x->b.data[from - 1]))
		from--;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i]) == end - from && memcmp(x->b.data + from, words[i], end - from) == 0)
			return true;
	return false;
}

size_t pb_lexer_regex(pb_lexer *x, size_t at)
{
	bool set = false;
	size_t i;

	if (hopeless(x, at) || !expression_begins(x, at))
		return at;
	for (i = at + 1; i < x->b.size && x->b.data[i] != '\n'; i++) {
		uint8_t c = x->b.data[i];
		if (c == '\\')
			i++;
		else if (c == '[')
			set = true;
		else if (c == ']')
			set = false;
		else if (c == '/' && !set)
			return i + 1;
	}
	return in_vain(x, at, i); /* none: it would have ended on its line */
}

size_t pb_lexer_long_bracket(pb_lexer *x, size_t at)
{
	size_t i = at + 1, level;

	while (i < x->b.size && x->b.data[i] == '=')
		i++;
	level = i - at - 1;
	if (at >= x->b.size || x->b.data[at] != '[' || i >= x->b.size || x->b.data[i] != '[' || x->no_close)
		return at;
	for (const uint8_t *end; (end = memchr(x->b.data + i, ']', x->b.size - i)); i = (size_t)(end - x->b.data) + 1) {
		size_t close = (size_t)(end - x->b.data) + 1, same = 0;
		while (close < x->b.size && x->b.data[close] == '=' && same < level)
			close++, same++;
		if (same == level && close < x->b.size && x->b.data[close] == ']')
			return close + 1;
	}
	x->no_close = true;
	return at;
}

size_t pb_lexer_heredoc(pb_lexer *x, size_t at)
{
	unsigned flags = x->syntax->flags;
	size_t from = at, n = 0;
	bool shell = flags & PB_SYNTAX_MULTILINE && !(flags & PB_SYNTAX_PHP), blank_before, blank_after, quoted;

	blank_before = at > 0 && (x->b.data[at - 1] == ' ' || x->b.data[at - 1] == '\t');
	while (at < x->b.size && x->b.data[at] == '<')
		at++;
	/* <<< opens a body in PHP only, << everywhere else. */
	if (at - from != (flags & PB_SYNTAX_PHP ? 3 : 2) || x->lost_heredocs >= LOST_MAX ||
	    x->heredocs == sizeof x->heredoc / sizeof x->heredoc[0])
		return at;
	from = at;
	while (at < x->b.size && (x->b.data[at] == '-' || x->b.data[at] == '~'))
		at++;
	blank_after = at < x->b.size && x->b.data[at] == ' ';
	while (at < x->b.size && x->b.data[at] == ' ')
		at++;
	quoted = at < x->b.size && (x->b.data[at] == '\'' || x->b.data[at] == '"' || x->b.data[at] == '\\');
	at += quoted;
	while (at + n < x->b.size && n < 64 && is_word(x->b.data[at + n]))
		n++;
	/* "1 << n" is a shift and "list << item" an operator. */
	bool large = n > 0 && ((x->b.data[at] >= 'A' && x->b.data[at] <= 'Z') || x->b.data[at] == '_');
	if (n == 0 || (blank_after && !shell) || (!quoted && !large && !(shell && blank_before && !blank_after)))
		return from;
	x->heredoc[x->heredocs].at = at;
	x->heredoc[x->heredocs++].n = n;
	at += n;
	return quoted && at < x->b.size && (x->b.data[at] == '\'' || x->b.data[at] == '"') ? at + 1 : at;
}

/* Past the line that holds nothing but the word (and the blanks and the punctuation that the languages allow). b.size: no such
 * line. */
static size_t past_body(const pb_lexer *x, size_t at, const uint8_t *word, size_t n)
{
	while (at < x->b.size) {
		const uint8_t *end = memchr(x->b.data + at, '\n', x->b.size - at);
		size_t stop = end ? (size_t)(end - x->b.data) : x->b.size;
		while (at < stop && (x->b.data[at] == ' ' || x->b.data[at] == '\t'))
			at++;
		if (stop - at >= n && memcmp(x->b.data + at, word, n) == 0 && (stop - at == n || !is_word(x->b.data[at + n])))
			return at + n;
		at = stop + 1;
	}
	return x->b.size + 1;
}

size_t pb_lexer_bodies(pb_lexer *x, size_t at)
{
	for (unsigned i = 0; i < x->heredocs; i++) {
		size_t next = past_body(x, at, x->b.data + x->heredoc[i].at, x->heredoc[i].n);
		if (next > x->b.size)
			x->lost_heredocs++;
		else
			at = next;
	}
	x->heredocs = 0;
	return at < x->b.size ? at : x->b.size;
}
