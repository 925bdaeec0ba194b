/* A script as tokens. Where comments, strings, templates and regular expressions lie is the comment lexer's word, so that both
 * see the same file; what it passes over is cut into words, numbers and operators here. Linear. */
#include <stdlib.h>
#include <string.h>

#include "facts/code.h"
#include "facts/comment_syntax.h"

enum { COMMAND_MAX = 4096, QUOTED_MAX = 64 << 10, OPEN_MAX = 1 << 17 };

typedef struct tokens {
	pb_script *c;
	pb_lexer x;
	uint32_t *open; /* indices of brackets that wait for their other half */
	size_t n_open, cap_open;
} tokens;

bool pb_code_word(uint8_t b)
{
	return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_' || b == '$' || b >= 0x80;
}

pb_bytes pb_token_bytes(const pb_script *c, size_t i)
{
	return i < c->n ? pb_slice(c->b, c->tokens[i].at, c->tokens[i].size) : (pb_bytes){NULL, 0};
}

bool pb_code_token_add(pb_script *c, pb_token_kind kind, size_t at, size_t end)
{
	if (c->n == c->cap) {
		size_t cap = c->cap ? c->cap * 2 : 512;
		pb_token *more = realloc(c->tokens, cap * sizeof *more);
		if (!more)
			return !(c->failed = true);
		c->tokens = more;
		c->cap = cap;
	}
	uint8_t first = kind == PB_TOKEN_NAME || kind == PB_TOKEN_PUNCT ? c->b.data[at] : 0;
	c->tokens[c->n] = (pb_token){(uint32_t)at, (uint32_t)(end - at), (uint32_t)c->n, (uint8_t)kind, first};
	c->n++;
	return true;
}

static bool add(tokens *t, pb_token_kind kind, size_t at, size_t end)
{
	return pb_code_token_add(t->c, kind, at, end);
}

static uint8_t other_half(uint8_t open)
{
	return open == '(' ? ')' : open == '[' ? ']' : open == '{' ? '}' : 0;
}

static bool remember_open(tokens *t)
{
	if (t->n_open == t->cap_open) {
		size_t cap = t->cap_open ? t->cap_open * 2 : 64;
		if (cap > OPEN_MAX)
			return t->c->cut = true; /* deeper ones have no other half: nothing is read out of them */
		uint32_t *more = realloc(t->open, cap * sizeof *more);
		if (!more)
			return !(t->c->failed = true);
		t->open = more;
		t->cap_open = cap;
	}
	t->open[t->n_open++] = (uint32_t)t->c->n - 1;
	return true;
}

/* The bracket that was just added. One that does not fit throws nothing away but itself: half a file is evidence, too. */
static bool bracket(tokens *t, uint8_t b)
{
	pb_script *c = t->c;

	if (other_half(b))
		return remember_open(t);
	if (t->n_open > 0) {
		uint32_t open = t->open[t->n_open - 1];
		if (other_half(c->b.data[c->tokens[open].at]) == b) {
			c->tokens[open].match = (uint32_t)c->n - 1;
			c->tokens[c->n - 1].match = open;
			t->n_open--;
		} else if (b == '}') {
			t->n_open--; /* "( }": the round one was never closed */
		}
	}
	return true;
}

static size_t operator_size(pb_bytes b, size_t at)
{
	static const char *const operators[] = {"===", "!==", "...", "**=", "<<=", ">>=", "=>", "==", "!=", "=~", "!~", "<=",
	                                        ">=",  "+=",  "-=",  "*=",  "/=",  ".=",  "|=", "&=", "^=", "%=", "??", "->",
	                                        "::",  "?.",  "&&",  "||",  "++",  "--",  ":=", "**", "<<", ">>", ".."};
	if (at + 1 >= b.size || !b.data[at + 1] || !strchr("=>.&|?+-*<:~", b.data[at + 1]))
		return 1;
	for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
		size_t n = strlen(operators[i]);
		if (operators[i][0] == (char)b.data[at] && b.size - at >= n && memcmp(b.data + at, operators[i], n) == 0)
			return n;
	}
	return 1;
}

static bool is_digit(uint8_t b)
{
	return b >= '0' && b <= '9';
}

static size_t word_end(const pb_script *c, size_t at)
{
	pb_bytes b = c->b;
	bool dash = c->language == PB_POWERSHELL && b.data[at] != '$';

	for (; at < b.size; at++) {
		if (pb_code_word(b.data[at]))
			continue;
		/* `\u0065val` is eval; `Invoke-WebRequest` is one word. */
		if (b.data[at] == '\\' && c->language == PB_JAVASCRIPT && at + 1 < b.size && b.data[at + 1] == 'u')
			continue;
		if (b.data[at] == '{' && c->language == PB_JAVASCRIPT && b.data[at - 1] == 'u' && at >= 2 &&
		    b.data[at - 2] == '\\') {
			const uint8_t *close = memchr(b.data + at, '}', b.size - at < 10 ? b.size - at : 10);
			if (close) {
				at = (size_t)(close - b.data);
				continue;
			}
		}
		if (!(dash && b.data[at] == '-' && at + 1 < b.size && pb_code_word(b.data[at + 1])))
			break;
	}
	return at;
}

static size_t number_end(pb_bytes b, size_t at)
{
	while (at < b.size && (pb_code_word(b.data[at]) || (b.data[at] == '.' && at + 1 < b.size && is_digit(b.data[at + 1]))))
		at++;
	return at;
}

/* q(...), qq{...}, qx[...]: the end of it, or at. */
static size_t quoted_end(pb_bytes b, size_t at)
{
	size_t from = at + 1 + (at + 1 < b.size && (b.data[at + 1] == 'q' || b.data[at + 1] == 'x'));
	if (b.data[at] != 'q' || from >= b.size || pb_code_word(b.data[from]) || strchr(" \t\r\n,;=)-", b.data[from]))
		return at;
	uint8_t open = b.data[from], close = open == '<' ? '>' : other_half(open) ? other_half(open) : open;
	size_t depth = 0;
	for (size_t i = from + 1; i < b.size && i - from < QUOTED_MAX; i++) {
		if (b.data[i] == '\\')
			i++;
		else if (b.data[i] == close && depth-- == 0)
			return i + 1;
		else if (b.data[i] == open && open != close)
			depth++;
	}
	return at;
}

static size_t command_end(pb_bytes b, size_t at)
{
	for (size_t i = at + 1; i < b.size && i - at < COMMAND_MAX && b.data[i] != '\n'; i++) {
		if (b.data[i] == '\\')
			i++;
		else if (b.data[i] == '`')
			return i + 1;
	}
	return at;
}

/* r"", b'', rb"", f"": the word before the quote belongs to the literal. */
static bool takes_prefix(const pb_script *c, size_t at)
{
	if (c->language != PB_PYTHON || c->n == 0)
		return false;
	const pb_token *last = &c->tokens[c->n - 1];
	if (last->kind != PB_TOKEN_NAME || last->size > 2 || last->at + last->size != at)
		return false;
	for (uint32_t i = 0; i < last->size; i++)
		if (!strchr("rRbBuUfF", c->b.data[last->at + i]))
			return false;
	return true;
}

static bool is_quote(uint8_t b)
{
	return b == '"' || b == '\'' || b == '`';
}

/* What the comment lexer stepped over: a string, a part of a template, an operator. */
static bool add_marked(tokens *t, size_t at, size_t end)
{
	pb_script *c = t->c;
	uint8_t first = c->b.data[at];
	bool whole = end - at >= 2 && c->b.data[end - 1] == first;

	if (is_quote(first)) {
		if (whole && takes_prefix(c, at)) {
			c->tokens[c->n - 1].kind = PB_TOKEN_STRING;
			c->tokens[c->n - 1].first = 0;
			c->tokens[c->n - 1].size = (uint32_t)(end - c->tokens[c->n - 1].at);
			return true;
		}
		return add(t, whole ? PB_TOKEN_STRING : PB_TOKEN_OTHER, at, end);
	}
	if (end > at + 1)
		return add(t, PB_TOKEN_OTHER, at, end);
	return add(t, PB_TOKEN_PUNCT, at, end) && bracket(t, first);
}

/* What begins at `at` means nothing to comments. Returns its end; at: no memory. */
static size_t add_plain(tokens *t, size_t at)
{
	pb_script *c = t->c;
	uint8_t b = c->b.data[at];
	size_t end = at + 1;

	if (b <= ' ')
		return end;
	if (c->language == PB_PERL && b == 'q' && (end = quoted_end(c->b, at)) > at) {
		bool command = c->b.data[at + 1] == 'x';
		return add(t, command ? PB_TOKEN_COMMAND : PB_TOKEN_STRING, at + (command ? 2 : 0), end) ? end : at;
	}
	if (b == '`' && (end = command_end(c->b, at)) > at)
		return add(t, PB_TOKEN_COMMAND, at, end) ? end : at;
	if (is_digit(b)) {
		end = number_end(c->b, at);
		return add(t, PB_TOKEN_NUMBER, at, end) ? end : at;
	}
	if (pb_code_word(b) || (b == '\\' && c->language == PB_JAVASCRIPT && at + 1 < c->b.size && c->b.data[at + 1] == 'u')) {
		end = word_end(c, at);
		if (end > at)
			return add(t, PB_TOKEN_NAME, at, end) ? end : at;
	}
	end = at + operator_size(c->b, at);
	/* An operator may hide a byte that the comment lexer cares for, the start of a block. */
	while (end > at + 1 && !t->x.plain[c->b.data[end - 1]] && c->b.data[end - 1] != '=' && c->b.data[end - 1] != '?')
		end--;
	return add(t, PB_TOKEN_PUNCT, at, end) && bracket(t, b) ? end : at;
}

static bool round_open(const tokens *t)
{
	uint8_t b = t->n_open ? t->c->b.data[t->c->tokens[t->open[t->n_open - 1]].at] : 0;
	return b == '(' || b == '[' || (b == '{' && t->c->language == PB_PYTHON);
}

/* One step from at. Returns where to go on; at: no memory. */
static size_t step(tokens *t, size_t at, bool lines)
{
	pb_script *c = t->c;
	bool comment;
	uint8_t b = c->b.data[at];
	size_t end = pb_lexer_one(&t->x, at, &comment);

	if (comment)
		return end;
	if (b == '\n') {
		bool told = lines && !round_open(t) && c->n > 0 && c->tokens[c->n - 1].kind != PB_TOKEN_LINE;
		return !told || add(t, PB_TOKEN_LINE, at, at + 1) ? (end > at ? end : at + 1) : at;
	}
	if (end == at)
		return add_plain(t, at);
	if (end == at + 1 && !is_quote(b)) {
		/* A mark that stands for nothing special is an operator, or the start of one. */
		size_t n = operator_size(c->b, at);
		for (size_t i = 1; i < n; i++)
			if (!t->x.plain[c->b.data[at + i]] && c->b.data[at + i] != '=')
				n = i;
		if (b == '{' || b == '}' || n == 1)
			return add_marked(t, at, end) ? end : at;
		return add(t, PB_TOKEN_PUNCT, at, at + n) ? at + n : at;
	}
	if (c->language == PB_PHP && (!t->x.in_php || (end == at + 2 && b == '<' && c->b.data[at + 1] == '?')))
		return end; /* what is not PHP is no code */
	return add_marked(t, at, end) ? end : at;
}

bool pb_code_tokens(pb_script *c)
{
	tokens t = {.c = c};
	const pb_syntax *syntax = pb_syntax_of(c->look->object->kind);
	bool lines = c->language & (PB_PYTHON | PB_RUBY | PB_POWERSHELL);

	if (!syntax)
		return true;
	pb_lexer_begin(&t.x, c->b, syntax);
	for (size_t at = 0, next; at < c->b.size; at = next) {
		if (c->n >= PB_CODE_TOKENS) {
			c->cut = true;
			break;
		}
		next = step(&t, at, lines);
		if (next == at)
			break; /* no memory: failed says so */
	}
	free(t.open);
	return !c->failed;
}
