/* What a string literal says, by the rules of its language. */
#include <string.h>

#include "facts/code.h"

typedef struct literal {
	pb_bytes in;      /* between the quotes */
	bool raw;         /* a backslash is one */
	bool only_quotes; /* a backslash hides itself and the quote only */
	bool variables;   /* $x, #{x} and the like are looked for */
	uint8_t quote;
} literal;

size_t pb_code_utf8(uint32_t u, uint8_t out[4])
{
	if (u < 0x80)
		return out[0] = (uint8_t)u, 1;
	if (u < 0x800)
		return out[0] = (uint8_t)(0xc0 | u >> 6), out[1] = (uint8_t)(0x80 | (u & 63)), 2;
	if (u < 0x10000) {
		out[0] = (uint8_t)(0xe0 | u >> 12), out[1] = (uint8_t)(0x80 | (u >> 6 & 63)),
		out[2] = (uint8_t)(0x80 | (u & 63));
		return 3;
	}
	if (u > 0x10ffff)
		return 0;
	out[0] = (uint8_t)(0xf0 | u >> 18), out[1] = (uint8_t)(0x80 | (u >> 12 & 63));
	out[2] = (uint8_t)(0x80 | (u >> 6 & 63)), out[3] = (uint8_t)(0x80 | (u & 63));
	return 4;
}

static int digit(uint8_t b)
{
	return b >= '0' && b <= '9' ? b - '0' : b >= 'a' && b <= 'f' ? b - 'a' + 10 : b >= 'A' && b <= 'F' ? b - 'A' + 10 : 99;
}

/* Up to max digits of the base at *at. False: there is none. */
static bool read_number(pb_bytes b, size_t *at, size_t max, int base, uint32_t *out)
{
	size_t from = *at;
	*out = 0;
	while (*at < b.size && *at - from < max && digit(b.data[*at]) < base)
		*out = *out * (uint32_t)base + (uint32_t)digit(b.data[(*at)++]);
	return *at > from;
}

/* {41} or up to max digits of hexadecimal. */
static bool read_braced(pb_bytes b, size_t *at, size_t max, uint32_t *out)
{
	size_t i = *at;
	if (i < b.size && b.data[i] == '{') {
		i++;
		if (!read_number(b, &i, 7, 16, out) || i >= b.size || b.data[i] != '}')
			return false;
		*at = i + 1;
		return true;
	}
	return read_number(b, at, max, 16, out);
}

/* The escape after a backslash at *at: its bytes into out. */
static size_t escape(pb_language language, pb_bytes b, size_t *at, uint8_t out[4])
{
	static const char from[] = "nrtbfvae0", to[] = "\n\r\t\b\f\v\a\033";
	uint8_t e = b.data[(*at)++];
	uint32_t u, low;

	if (e == 'x' && read_braced(b, at, 2, &u))
		return language == PB_JAVASCRIPT || u > 0xff ? pb_code_utf8(u, out) : (out[0] = (uint8_t)u, (size_t)1);
	if ((e == 'u' && read_braced(b, at, 4, &u)) || (e == 'U' && language == PB_PYTHON && read_number(b, at, 8, 16, &u))) {
		if (u >= 0xd800 && u < 0xdc00 && *at + 1 < b.size && b.data[*at] == '\\' && b.data[*at + 1] == 'u') {
			size_t after = *at + 2;
			if (read_number(b, &after, 4, 16, &low) && low >= 0xdc00 && low < 0xe000) {
				*at = after;
				u = 0x10000 + ((u - 0xd800) << 10) + (low - 0xdc00);
			}
		}
		return pb_code_utf8(u, out);
	}
	if (digit(e) < 8) {
		size_t i = *at - 1;
		(void)read_number(b, &i, 3, 8, &u);
		*at = i;
		return out[0] = (uint8_t)u, 1;
	}
	const char *known = strchr(from, e);
	if (e == '\n')
		return 0; /* the line goes on */
	out[0] = known && e ? (uint8_t)to[known - from] : e;
	return 1;
}

static bool has_variable(pb_language language, pb_bytes b)
{
	for (size_t i = 0; i + 1 < b.size; i++) {
		uint8_t c = b.data[i], next = b.data[i + 1];
		bool name = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '_';
		if (c == (language == PB_POWERSHELL ? '`' : '\\'))
			i++;
		else if (language == PB_RUBY ? c == '#' && next == '{' : c == '$' && (name || next == '{' || next == '('))
			return true;
		else if (language == PB_PERL && c == '@' && name)
			return true;
		else if (language == PB_PHP && c == '{' && next == '$')
			return true;
	}
	return false;
}

/* Quotes and prefix off. False: it cannot be told. */
static bool open_literal(pb_language language, pb_bytes b, literal *l)
{
	size_t at = 0;
	*l = (literal){.in = b};
	if (language == PB_PYTHON) {
		bool format = false;
		for (; at < b.size && at < 2 && b.data[at] != '"' && b.data[at] != '\''; at++) {
			l->raw |= b.data[at] == 'r' || b.data[at] == 'R';
			format |= b.data[at] == 'f' || b.data[at] == 'F';
		}
		if (format && memchr(b.data, '{', b.size))
			return false;
	}
	if (language == PB_PERL && at < b.size && b.data[at] == 'q') {
		at += b.size > 1 && b.data[1] == 'q';
		l->variables = at == 1;
		l->only_quotes = at == 0;
		at++;
	}
	if (b.size < at + 2)
		return false;
	l->quote = b.data[at];
	bool triple = language == PB_PYTHON && b.size >= at + 6 && b.data[at + 1] == l->quote && b.data[at + 2] == l->quote;
	size_t quotes = triple ? 3 : 1;
	l->in = pb_slice(b, at + quotes, b.size - at - 2 * quotes);
	if (language & (PB_PHP | PB_RUBY | PB_PERL | PB_POWERSHELL | PB_SHELL)) {
		l->only_quotes |= l->quote == '\'';
		l->variables |= l->quote == '"';
	}
	return true;
}

pb_value pb_code_literal(pb_script *c, pb_bytes bytes)
{
	literal l;
	uint8_t mark = c->language == PB_POWERSHELL ? '`' : '\\';

	if (!open_literal(c->language, bytes, &l) || (l.variables && has_variable(c->language, l.in)))
		return (pb_value){.kind = PB_VALUE_UNKNOWN};
	pb_bytes in = l.in;
	bool plain = l.raw || in.size == 0 || !memchr(in.data, mark, in.size);
	if (plain && !(c->language == PB_POWERSHELL && in.size && memchr(in.data, l.quote, in.size)))
		return (pb_value){.kind = PB_VALUE_TEXT, .text = in.size ? in.data : (const uint8_t *)"", .n = in.size};
	uint8_t *out = in.size <= PB_CODE_TEXT ? pb_code_alloc(c, in.size + 4) : NULL;
	size_t n = 0;
	if (!out)
		return (pb_value){.kind = PB_VALUE_UNKNOWN};
	for (size_t at = 0; at < in.size;) {
		uint8_t b = in.data[at++];
		if (b != mark || at == in.size) {
			at += c->language == PB_POWERSHELL && b == l.quote && at < in.size && in.data[at] == b;
			out[n++] = b;
		} else if (l.only_quotes) {
			if (c->language != PB_POWERSHELL && (in.data[at] == l.quote || in.data[at] == mark))
				b = in.data[at++];
			out[n++] = b;
		} else {
			/* An escape is never shorter than what it stands for. */
			n += escape(c->language, in, &at, out + n);
		}
	}
	return (pb_value){.kind = PB_VALUE_TEXT, .text = out, .n = n, .made = true};
}
