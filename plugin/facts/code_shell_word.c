/* Words of a shell: quotes, escapes, variables that have one value, substitutions. What is computed stays as it is written. */
#include <stdlib.h>

#include "facts/code_shell.h"

static void put(pb_shell *s, const uint8_t *bytes, size_t n)
{
	if (s->n_scratch + n > PB_CODE_TEXT) {
		s->c->cut = true;
		return;
	}
	if (s->n_scratch + n > s->cap_scratch) {
		size_t cap = s->cap_scratch ? s->cap_scratch * 2 : 512;
		while (cap < s->n_scratch + n)
			cap *= 2;
		uint8_t *more = realloc(s->scratch, cap);
		if (!more) {
			s->c->failed = true;
			return;
		}
		s->scratch = more;
		s->cap_scratch = cap;
	}
	if (n)
		memcpy(s->scratch + s->n_scratch, bytes, n);
	s->n_scratch += n;
}

/* For the measures. */
static void note(pb_shell *s, pb_token_kind kind, size_t from)
{
	if (!s->binding || s->outer != SIZE_MAX || s->at <= from)
		return;
	if (s->c->n >= PB_CODE_TOKENS)
		s->c->cut = true;
	else
		(void)pb_code_token_add(s->c, kind, from, s->at);
}

typedef struct making {
	pb_value v; /* what is known of the word so far */
	char *from;
	size_t begin; /* in scratch */
} making;

static void as_written(pb_shell *s, making *m, size_t from, size_t end)
{
	put(s, s->b.data + from, end - from);
	m->v.number = 1;
}

bool pb_shell_blank(pb_shell *s)
{
	while (s->at < s->b.size) {
		uint8_t b = s->b.data[s->at];
		if (b == '\\' && pb_shell_byte(s, 1) == '\n')
			s->at += 2;
		else if (b == ' ' || b == '\t' || b == '\r')
			s->at++;
		else
			return true;
	}
	return false;
}

static bool is_name(uint8_t b, bool first)
{
	return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b == '_' || (!first && b >= '0' && b <= '9');
}

/* An escape behind its backslash, as $'...', echo -e and printf know them. */
static void escaped(pb_shell *s, making *m)
{
	static const char from[] = "nrtbfvae", to[] = "\n\r\t\b\f\v\a\033";
	uint8_t e = pb_shell_byte(s, 0), out[4];
	int base = e == 'x' || e == 'u' ? 16 : 8, max = e == 'x' ? 2 : e == 'u' ? 4 : 3;
	uint32_t number = 0;
	size_t digits = 0;

	if (s->at >= s->b.size)
		return;
	if (base == 16)
		s->at++;
	for (; (int)digits < max && s->at < s->b.size; digits++, s->at++) {
		uint8_t d = s->b.data[s->at], low = d | 0x20;
		int digit = d >= '0' && d <= '9' ? d - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : 99;
		if (digit >= base)
			break;
		number = number * (uint32_t)base + (uint32_t)digit;
	}
	m->v.made = true;
	if (digits > 0 && e != 'u') {
		m->v.decoded = true;
		out[0] = (uint8_t)number;
		put(s, out, 1);
	} else if (digits > 0) {
		put(s, out, pb_code_utf8(number, out));
	} else if (base != 16) {
		const char *known = strchr(from, e);
		out[0] = known && e ? (uint8_t)to[known - from] : e;
		put(s, out, 1);
		s->at++;
	}
}

static void ansi(pb_shell *s, making *m)
{
	s->at += 2;
	while (s->at < s->b.size && s->b.data[s->at] != '\'') {
		if (s->b.data[s->at] == '\\') {
			s->at++;
			escaped(s, m);
		} else {
			put(s, s->b.data + s->at++, 1);
		}
	}
	s->at += s->at < s->b.size;
}

/* $(...) and `...` from behind the opening: walked, and its output where that is known. */
static void substitution(pb_shell *s, making *m, size_t begin, uint8_t closer)
{
	pb_shell_stage out = {.names = ""};
	size_t kept = s->n_scratch;

	pb_shell_list(s, closer, &out);
	s->n_scratch = kept;
	if (m->from)
		pb_shell_join(m->from, out.names, ';');
	if (out.output.kind == PB_VALUE_TEXT && !out.output.number) {
		size_t n = out.output.n;
		while (n > 0 && out.output.text[n - 1] == '\n')
			n--;
		put(s, out.output.text, n);
		m->v.made = true;
		m->v.decoded |= out.output.decoded;
	} else {
		size_t end = s->at - begin > 200 ? begin + 200 : s->at;
		as_written(s, m, begin, end);
	}
}

/* $((...)): up to its end, if that is near. */
static bool arithmetic(pb_shell *s, making *m)
{
	size_t depth = 0, end = s->at + 1, stop = s->b.size - s->at > 512 ? s->at + 512 : s->b.size;

	for (; end < stop; end++) {
		if (s->b.data[end] == '(')
			depth++;
		else if (s->b.data[end] == ')' && --depth == 0)
			break;
		else if (s->b.data[end] == '`')
			return false; /* something runs in it */
	}
	if (end >= stop || s->b.data[end - 1] != ')')
		return false;
	as_written(s, m, s->at, end + 1);
	s->at = end + 1;
	return true;
}

static void quoted(pb_shell *s, making *m, uint8_t closer);

static void value_of(pb_shell *s, making *m, pb_bytes name, size_t begin)
{
	const pb_value *bound = pb_code_bound(s->c, name, false);
	if (bound && bound->kind == PB_VALUE_TEXT && bound->n > s->c->steps) {
		s->c->cut = true;
		as_written(s, m, begin, s->at);
	} else if (bound && bound->kind == PB_VALUE_TEXT) {
		s->c->steps -= bound->n;
		put(s, bound->text, bound->n);
		m->v.made = true;
		m->v.decoded |= bound->decoded;
	} else {
		const pb_value *source = pb_code_bound(s->c, name, true);
		char names[PB_SHELL_NAMES];
		if (source && source->kind == PB_VALUE_TEXT && source->n < sizeof names && m->from) {
			memcpy(names, source->text, source->n);
			names[source->n] = '\0';
			pb_shell_join(m->from, names, ';');
		}
		as_written(s, m, begin, s->at);
	}
}

static void dollar(pb_shell *s, making *m, bool in_quotes)
{
	size_t begin = s->at;
	uint8_t next = pb_shell_byte(s, 1);

	if (next == '\'' && !in_quotes) {
		ansi(s, m);
	} else if (next == '"' && !in_quotes) {
		s->at++;
	} else if (next == '(') {
		if (pb_shell_byte(s, 2) == '(' && arithmetic(s, m))
			return;
		s->at += 2;
		if (s->depth >= PB_SHELL_DEPTH) {
			s->c->cut = true;
			as_written(s, m, begin, s->at);
			return;
		}
		substitution(s, m, begin, ')');
	} else if (next == '{') {
		size_t end = s->at + 2;
		while (end < s->b.size && is_name(s->b.data[end], end == s->at + 2))
			end++;
		s->at = end;
		if (end < s->b.size && s->b.data[end] == '}') {
			s->at++;
			value_of(s, m, pb_slice(s->b, begin + 2, end - begin - 2), begin);
			return;
		}
		as_written(s, m, begin, s->at);
		if (s->depth >= PB_SHELL_DEPTH)
			return;
		s->depth++;
		quoted(s, m, '}');
		s->depth--;
		put(s, (const uint8_t *)"}", 1);
	} else if (is_name(next, true)) {
		size_t end = s->at + 1;
		while (end < s->b.size && is_name(s->b.data[end], false))
			end++;
		s->at = end;
		value_of(s, m, pb_slice(s->b, begin + 1, end - begin - 1), begin);
	} else {
		s->at += next > ' ' && strchr("0123456789@*#?$!-", next) ? 2 : 1;
		as_written(s, m, begin, s->at);
	}
}

static void backquote(pb_shell *s, making *m)
{
	size_t begin = s->at++;
	if (!s->no_backquote && s->at < s->b.size && !memchr(s->b.data + s->at, '`', s->b.size - s->at))
		s->no_backquote = true;
	if (s->no_backquote || s->depth >= PB_SHELL_DEPTH)
		as_written(s, m, begin, s->at);
	else
		substitution(s, m, begin, '`');
}

/* '...' from its quote. */
static void single(pb_shell *s)
{
	size_t from = s->at + 1;
	const uint8_t *end = s->no_single || from >= s->b.size ? NULL : memchr(s->b.data + from, '\'', s->b.size - from);

	if (!end) {
		s->no_single = true; /* a lone quote */
		s->at++;
		return;
	}
	put(s, s->b.data + from, (size_t)(end - s->b.data) - from);
	s->at = (size_t)(end - s->b.data) + 1;
	note(s, PB_TOKEN_STRING, from - 1);
}

/* Up to the closer: of "..." and of ${...}. */
static void quoted(pb_shell *s, making *m, uint8_t closer)
{
	while (s->at < s->b.size && s->b.data[s->at] != closer && !s->c->failed) {
		uint8_t b = s->b.data[s->at];
		if (b == '\\' && s->at + 1 < s->b.size) {
			uint8_t next = s->b.data[s->at + 1];
			if (!strchr("$`\"\\\n", next) || next == 0)
				put(s, &b, 1);
			if (next != '\n')
				put(s, &next, 1);
			s->at += 2;
		} else if (b == '$') {
			dollar(s, m, true);
		} else if (b == '`' && s->closer == '`') {
			return; /* the substitution ends, whatever is open in it */
		} else if (b == '`') {
			backquote(s, m);
		} else if (closer == '}' && b == '\'') {
			single(s);
		} else {
			put(s, &b, 1);
			s->at++;
		}
	}
	s->at += s->at < s->b.size;
}

bool pb_shell_word(pb_shell *s, pb_value *out, char from[PB_SHELL_NAMES])
{
	making m = {.from = from, .begin = s->n_scratch};
	size_t begin = s->at;

	while (s->at < s->b.size && !s->c->failed) {
		uint8_t b = s->b.data[s->at];
		if (b <= ' ' || (b < 0x7f && strchr(";&|<>()", b)))
			break;
		if (b == '\\') {
			m.v.made |= pb_shell_byte(s, 1) > ' ';
			s->at++;
			if (s->at < s->b.size && s->b.data[s->at] != '\n')
				put(s, s->b.data + s->at, 1);
			s->at += s->at < s->b.size;
		} else if (b == '\'') {
			m.v.made |= s->at > begin;
			single(s);
		} else if (b == '"') {
			m.v.made |= s->at > begin;
			size_t quote = s->at++;
			quoted(s, &m, '"');
			note(s, PB_TOKEN_STRING, quote);
		} else if (b == '$') {
			dollar(s, &m, false);
		} else if (b == '`') {
			if (s->closer == '`')
				break;
			backquote(s, &m);
		} else {
			put(s, &b, 1);
			s->at++;
		}
	}
	if (s->at == begin)
		return false;
	uint8_t first = s->b.data[begin];
	if (pb_code_word(first))
		note(s, PB_TOKEN_NAME, begin);
	pb_value v = pb_value_text(s->c, s->scratch + m.begin, s->n_scratch - m.begin);
	s->n_scratch = m.begin;
	if (v.kind == PB_VALUE_TEXT) {
		v.made = m.v.made;
		v.decoded = m.v.decoded;
		v.number = m.v.number;
	}
	*out = v;
	return true;
}
