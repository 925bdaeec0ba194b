#include <string.h>

#include "facts/comment_syntax.h"

/* Longer "lines" are minified code, where one misread quote would turn the whole file into a comment. */
enum { LINE_COMMENT_MAX = 4000 };

void pb_lexer_begin(pb_lexer *x, pb_bytes b, const pb_syntax *s)
{
	memset(x, 0, sizeof *x);
	x->b = b;
	x->syntax = s;
	memset(x->plain, true, sizeof x->plain);
	x->plain['\n'] = false;
	for (int i = 0; i < 2 && s->line[i]; i++) {
		x->plain[(uint8_t)s->line[i][0]] = false;
		if (s->flags & PB_SYNTAX_NOCASE)
			x->plain[(uint8_t)s->line[i][0] & ~0x20] = false;
	}
	if (s->open)
		x->plain[(uint8_t)s->open[0]] = false;
	for (const char *q = s->quotes; *q; q++)
		x->plain[(uint8_t)*q] = false;
	if (s->flags & (PB_SYNTAX_TEMPLATE | PB_SYNTAX_RAW))
		x->plain['`'] = x->plain['{'] = x->plain['}'] = false;
	if (s->flags & PB_SYNTAX_HEREDOC)
		x->plain['<'] = false;
	if (s->flags & PB_SYNTAX_LUA)
		x->plain['['] = false;
	if (s->flags & PB_SYNTAX_POD)
		x->plain['='] = false;
	if (s->flags & PB_SYNTAX_PHP)
		x->plain['<'] = x->plain['?'] = false;
	if (s->flags & PB_SYNTAX_MULTILINE)
		x->plain['\\'] = false;
}

static size_t line_end(const pb_lexer *x, size_t at)
{
	const uint8_t *end = at < x->b.size ? memchr(x->b.data + at, '\n', x->b.size - at) : NULL;
	return end ? (size_t)(end - x->b.data) : x->b.size;
}

static size_t find(const pb_lexer *x, size_t at, const char *what)
{
	const uint8_t *found = at < x->b.size ? memmem(x->b.data + at, x->b.size - at, what, strlen(what)) : NULL;
	return found ? (size_t)(found - x->b.data) : x->b.size;
}

/* Only blanks between the line's start and at? */
static bool first_on_line(const pb_lexer *x, size_t at)
{
	while (at > 0 && (x->b.data[at - 1] == ' ' || x->b.data[at - 1] == '\t'))
		at--;
	return at == 0 || x->b.data[at - 1] == '\n';
}

static bool starts_word(const pb_lexer *x, size_t at)
{
	return at == 0 || strchr(" \t\r\n;&|()}", x->b.data[at - 1]) != NULL;
}

static bool marker_at(const pb_lexer *x, size_t at, const char *marker)
{
	size_t n = strlen(marker);
	if (n > x->b.size - at)
		return false;
	if (x->syntax->flags & PB_SYNTAX_NOCASE) {
		for (size_t i = 0; i < n; i++) {
			uint8_t c = x->b.data[at + i];
			if ((char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != marker[i])
				return false;
		}
		return true;
	}
	return memcmp(x->b.data + at, marker, n) == 0;
}

/* The end of a line comment that begins at `at`, or at where none does. */
static size_t line_comment(const pb_lexer *x, size_t at)
{
	unsigned flags = x->syntax->flags;

	for (int i = 0; i < 2 && x->syntax->line[i]; i++) {
		if (!marker_at(x, at, x->syntax->line[i]))
			continue;
		if ((flags & PB_SYNTAX_WORD) && !starts_word(x, at))
			continue;
		if ((flags & PB_SYNTAX_FIRST) && !first_on_line(x, at))
			continue;
		size_t end = line_end(x, at);
		if (flags & PB_SYNTAX_PHP) {
			size_t close = find(&(pb_lexer){.b = {x->b.data, end}}, at, "?>");
			end = close < end ? close : end;
		}
		if ((flags & PB_SYNTAX_LUA) && at + 2 < x->b.size) {
			pb_lexer copy = *x;
			size_t bracket = pb_lexer_long_bracket(&copy, at + 2);
			if (bracket > at + 2)
				return bracket;
		}
		return end - at <= LINE_COMMENT_MAX ? end : at;
	}
	return at;
}

static size_t block_comment(pb_lexer *x, size_t at)
{
	const char *open = x->syntax->open, *close = x->syntax->close;

	if (!open || x->no_close || !pb_lexer_is(x, at, open))
		return at;
	size_t end = find(x, at + strlen(open), close);
	if (end < x->b.size)
		return end + strlen(close);
	x->no_close = true;
	return at;
}

/* "=head1" ... "=cut", "=begin" ... "=end", at a line's start. */
static size_t pod(const pb_lexer *x, size_t at)
{
	if (at + 1 >= x->b.size || x->b.data[at] != '=' || x->b.data[at + 1] < 'a' || x->b.data[at + 1] > 'z')
		return at;
	bool begin = pb_lexer_is(x, at, "=begin");
	for (size_t stop = find(x, at, "\n="); stop < x->b.size; stop = find(x, stop + 1, "\n="))
		if (pb_lexer_is(x, stop + 2, "cut") || (begin && pb_lexer_is(x, stop + 2, "end")))
			return line_end(x, stop + 1);
	return x->b.size; /* documentation may run to the end of the file */
}

/* Outside of <?php ... ?> a file is HTML. */
static size_t html_of_php(pb_lexer *x, size_t at, bool *comment)
{
	if (pb_lexer_is(x, at, "<?")) {
		x->in_php = true;
		return at + 2;
	}
	if (!x->no_close && pb_lexer_is(x, at, "<!--")) {
		size_t end = find(x, at + 4, "-->");
		if (end < x->b.size)
			return *comment = true, end + 3;
		x->no_close = true;
	}
	const uint8_t *next = at + 1 < x->b.size ? memchr(x->b.data + at + 1, '<', x->b.size - at - 1) : NULL;
	return next ? (size_t)(next - x->b.data) : x->b.size;
}

/* The byte at `at` means something; what begins there is no comment. */
static size_t code(pb_lexer *x, size_t at)
{
	unsigned flags = x->syntax->flags;
	uint8_t c = x->b.data[at];
	size_t next = at;

	if (c == '\n')
		return x->heredocs ? pb_lexer_bodies(x, at + 1) : at + 1;
	if (c == '`' && (flags & PB_SYNTAX_TEMPLATE))
		return pb_lexer_template(x, at + 1);
	if (c == '{' && x->depth > 0)
		x->braces[x->depth - 1]++;
	if (c == '}' && x->depth > 0 && x->braces[x->depth - 1]-- == 0) {
		x->depth--;
		return pb_lexer_template(x, at + 1);
	}
	if (c == '\\' && (flags & PB_SYNTAX_MULTILINE))
		return at + 2 < x->b.size ? at + 2 : x->b.size;
	if (c == '?' && x->in_php && pb_lexer_is(x, at, "?>")) {
		x->in_php = false;
		return at + 2;
	}
	if (c == '<' && (flags & PB_SYNTAX_HEREDOC) && pb_lexer_is(x, at, "<<"))
		return pb_lexer_heredoc(x, at);
	if (c == '[')
		next = pb_lexer_long_bracket(x, at);
	else if (c == '/' && (flags & PB_SYNTAX_REGEX))
		next = pb_lexer_regex(x, at);
	else if (strchr(x->syntax->quotes, c) || (c == '`' && (flags & PB_SYNTAX_RAW)))
		next = pb_lexer_string(x, at);
	return next > at ? next : at + 1;
}

size_t pb_lexer_one(pb_lexer *x, size_t at, bool *comment)
{
	*comment = false;
	if ((x->syntax->flags & PB_SYNTAX_PHP) && !x->in_php)
		return html_of_php(x, at, comment);
	size_t end = at;
	if ((x->syntax->flags & PB_SYNTAX_POD) && (at == 0 || x->b.data[at - 1] == '\n'))
		end = pod(x, at);
	if (end == at)
		end = block_comment(x, at);
	if (end == at)
		end = line_comment(x, at);
	if (end == at && (x->syntax->flags & PB_SYNTAX_DOCSTRING))
		end = pb_lexer_docstring(x, at);
	*comment = end > at;
	if (!*comment)
		end = x->plain[x->b.data[at]] ? at : code(x, at);
	return end;
}

size_t pb_lexer_step(pb_lexer *x, size_t at, bool *comment)
{
	size_t end = pb_lexer_one(x, at, comment);
	bool code_goes_on = !*comment && (!(x->syntax->flags & PB_SYNTAX_PHP) || x->in_php);
	/* Between two places that mean something there is nothing to look at. Not past a comment, whose end is where it ends.
	 */
	while (code_goes_on && end < x->b.size && x->plain[x->b.data[end]])
		end++;
	return end;
}
