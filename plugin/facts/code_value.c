/* The constant value of an expression: literals, what is joined of them, names that have one value, and calls that only decode.
 * Everything is bounded: depth, texts, and the steps of a whole file. */
#include <string.h>

#include "facts/code.h"

enum { ITEMS_MAX = 8192, ARGS = 6 };

static const pb_value unknown;

static pb_value number_of(pb_bytes b)
{
	int64_t n = 0;
	int base = 10;
	size_t i = 0;

	if (b.size > 2 && b.data[0] == '0' && (b.data[1] | 0x20) == 'x')
		base = 16, i = 2;
	if (b.size - i > 15)
		return unknown;
	for (; i < b.size; i++) {
		uint8_t d = b.data[i], low = d | 0x20;
		int digit = d >= '0' && d <= '9' ? d - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : 99;
		if (digit >= base)
			return unknown;
		n = n * base + digit;
	}
	return (pb_value){.kind = PB_VALUE_NUMBER, .number = n};
}

size_t pb_code_skip(const pb_script *c, size_t i, size_t end)
{
	while (i < end && !pb_token_is(c, i, ","))
		i = c->tokens[i].match > i ? (size_t)c->tokens[i].match + 1 : i + 1;
	return i < end ? i : end;
}

/* The values between the bracket at i and its other half. */
static size_t values_in(pb_script *c, size_t i, pb_value *out, size_t max, int depth)
{
	size_t end = c->tokens[i].match, n = 0;

	for (i++; i < end; i++, n++) {
		size_t past = 0;
		pb_value v = n < max ? pb_code_value(c, i, &past, depth + 1) : unknown;
		if (v.kind != PB_VALUE_UNKNOWN && past != end && !pb_token_is(c, past, ","))
			v = unknown; /* more than a constant: x ? "a" : "b" */
		if (n < max)
			out[n] = v;
		i = pb_code_skip(c, v.kind == PB_VALUE_UNKNOWN ? i : past, end);
		if (c->steps == 0)
			break;
		c->steps--;
	}
	return n;
}

size_t pb_code_arguments(pb_script *c, size_t i, pb_value *out, size_t max, int depth)
{
	if (i >= c->n || c->tokens[i].match <= i)
		return 0;
	memset(out, 0, max * sizeof *out);
	return values_in(c, i, out, max, depth);
}

static pb_value list_in(pb_script *c, size_t i, int depth)
{
	size_t end = c->tokens[i].match, n = 0;
	if (end <= i)
		return unknown;
	for (size_t k = i + 1; k < end; k++, n++) {
		k = pb_code_skip(c, k, end);
		if (c->steps == 0 || n == ITEMS_MAX)
			return unknown;
		c->steps--;
	}
	pb_value *items = pb_code_alloc(c, n * sizeof *items + 1);
	if (!items)
		return unknown;
	memset(items, 0, n * sizeof *items);
	size_t got = values_in(c, i, items, n, depth);
	return (pb_value){.kind = PB_VALUE_LIST, .items = items, .n = got < n ? got : n};
}

static bool is_text(const pb_value *v, const char *text)
{
	return v->kind == PB_VALUE_TEXT && v->n == strlen(text) && memcmp(v->text, text, v->n) == 0;
}

/* decode(text, "base64"), Buffer.from(text, "hex"), Buffer.from([1, 2]). */
static pb_value by_name(pb_script *c, const pb_value *a, size_t n)
{
	if (a[0].kind == PB_VALUE_LIST)
		return pb_decode_codes(c, a[0].items, a[0].n, true);
	if (n < 2)
		return c->language == PB_JAVASCRIPT ? a[0] : unknown;
	if (is_text(&a[1], "base64") || is_text(&a[1], "base64url"))
		return pb_decode_base64(c, a[0]);
	if (is_text(&a[1], "hex") || is_text(&a[1], "hex_codec"))
		return pb_decode_hex(c, a[0]);
	if (is_text(&a[1], "rot13") || is_text(&a[1], "rot_13") || is_text(&a[1], "rot-13"))
		return pb_decode_rot13(c, a[0]);
	bool plain = is_text(&a[1], "utf8") || is_text(&a[1], "utf-8") || is_text(&a[1], "ascii") || is_text(&a[1], "latin1") ||
	             is_text(&a[1], "binary");
	return plain ? a[0] : unknown;
}

static pb_value pack(pb_script *c, const pb_value *a, size_t n)
{
	if (n < 2 || a[0].kind != PB_VALUE_TEXT || a[0].n == 0)
		return unknown;
	if (a[0].text[0] == 'H')
		return pb_decode_hex(c, a[1]);
	return a[0].text[0] == 'C' || a[0].text[0] == 'c' ? pb_decode_codes(c, a + 1, n - 1, true) : unknown;
}

/* map(chr, [104, 105]) */
static pb_value map_codes(pb_script *c, size_t open, const pb_value *a, size_t n)
{
	if (n != 2 || !pb_token_is(c, open + 1, "chr") || a[1].kind != PB_VALUE_LIST)
		return unknown;
	pb_value all = pb_decode_codes(c, a[1].items, a[1].n, false);
	return all.kind == PB_VALUE_TEXT
	           ? pb_decode_split(c, all, (pb_value){.kind = PB_VALUE_TEXT, .text = (const uint8_t *)""})
	           : unknown;
}

static pb_value called(pb_script *c, pb_decoder how, size_t open, int depth)
{
	pb_value a[ARGS];
	size_t n;

	if (how == PB_DECODE_CODES) { /* as many as there are */
		pb_value list = list_in(c, open, depth);
		return list.kind == PB_VALUE_LIST ? pb_decode_codes(c, list.items, list.n, false) : unknown;
	}
	n = pb_code_arguments(c, open, a, ARGS, depth);
	if (n == 0)
		return unknown;
	if (how == PB_DECODE_PACK) {
		pb_value list = list_in(c, open, depth);
		return list.kind == PB_VALUE_LIST ? pack(c, list.items, list.n) : unknown;
	}
	switch (how) {
	case PB_DECODE_BASE64:
		return pb_decode_base64(c, a[0]);
	case PB_DECODE_HEX:
		return pb_decode_hex(c, a[0]);
	case PB_DECODE_PERCENT:
		return pb_decode_percent(c, a[0]);
	case PB_DECODE_BYTES:
		return a[0].kind == PB_VALUE_LIST ? pb_decode_codes(c, a[0].items, a[0].n, true) : a[0];
	case PB_DECODE_REVERSE:
		return n == 1 ? pb_decode_reverse(c, a[0]) : unknown;
	case PB_DECODE_ROT13:
		return pb_decode_rot13(c, a[0]);
	case PB_DECODE_JOIN:
		return n == 2 ? pb_decode_join(c, a[a[0].kind == PB_VALUE_LIST ? 0 : 1], a[a[0].kind == PB_VALUE_LIST ? 1 : 0])
		              : unknown;
	case PB_DECODE_NAMED:
		return by_name(c, a, n);
	case PB_DECODE_MAP:
		return map_codes(c, open, a, n);
	case PB_DECODE_SAME:
		return a[0].kind == PB_VALUE_TEXT ? a[0] : unknown;
	default:
		return unknown;
	}
}

/* value.method(...) at the dot. *known: it is one of ours. */
static pb_value method(pb_script *c, pb_value v, size_t dot, bool *known, int depth)
{
	static const char *const same[] = {"toString", "decode", "encode", "trim", "strip",
	                                   "freeze",   "chomp",  "String", "to_s"};
	pb_value a[ARGS] = {{.kind = PB_VALUE_UNKNOWN}};
	size_t name = dot + 1, open = dot + 2;
	bool call = pb_token_is(c, open, "(") && c->tokens[open].match > open;
	size_t n = call ? pb_code_arguments(c, open, a, ARGS, depth) : 0;
	pb_value none = {.kind = PB_VALUE_TEXT, .text = (const uint8_t *)""};

	*known = true;
	if (!call && c->language != PB_RUBY)
		return *known = false, unknown;
	if (pb_token_is(c, name, "split"))
		return n == 1 && c->language == PB_JAVASCRIPT ? pb_decode_split(c, v, a[0]) : unknown;
	if (pb_token_is(c, name, "reverse"))
		return pb_decode_reverse(c, v);
	if (pb_token_is(c, name, "join"))
		return c->language == PB_PYTHON ? (n == 1 ? pb_decode_join(c, a[0], v) : unknown)
		                                : pb_decode_join(c, v, n ? a[0] : none);
	if (pb_token_is(c, name, "concat") && v.kind == PB_VALUE_TEXT && n == 1)
		return pb_decode_concat(c, v, a[0]);
	if (pb_token_is(c, name, "replace") || pb_token_is(c, name, "replaceAll") || pb_token_is(c, name, "gsub"))
		return n == 2 ? pb_decode_replace(c, v, a[0], a[1], c->language != PB_JAVASCRIPT || c->tokens[name].size > 7)
		              : unknown;
	if (c->language == PB_RUBY && (pb_token_is(c, name, "unpack1") || pb_token_is(c, name, "unpack")) && n == 1)
		return is_text(&a[0], "m") || is_text(&a[0], "m0") ? pb_decode_base64(c, v) : unknown;
	if (c->language == PB_RUBY && pb_token_is(c, name, "pack") && n == 1 && v.kind == PB_VALUE_LIST && v.n > 0)
		return is_text(&a[0], "H*") ? pb_decode_hex(c, v.items[0])
		                            : pb_decode_codes(c, v.items, v.n, !is_text(&a[0], "U*"));
	if (c->language == PB_RUBY && pb_token_is(c, name, "chr") && v.kind == PB_VALUE_NUMBER)
		return pb_decode_codes(c, &v, 1, false);
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
		if (pb_token_is(c, name, same[i]))
			return n == 0 || a[0].kind == PB_VALUE_TEXT ? v : unknown;
	return *known = false, unknown;
}

/* What stands behind a value: .join(""), [::-1], [0]. */
static pb_value postfix(pb_script *c, pb_value v, size_t *i, int depth)
{
	while (v.kind != PB_VALUE_UNKNOWN && *i < c->n && c->steps > 0) {
		bool known = false;
		c->steps--;
		if (pb_token_is(c, *i, ".") && *i + 1 < c->n && c->tokens[*i + 1].kind == PB_TOKEN_NAME) {
			if (c->language & (PB_PHP | PB_PERL))
				return v; /* the dot joins */
			v = method(c, v, *i, &known, depth);
			*i += 2;
			if (pb_token_is(c, *i, "("))
				*i = (size_t)c->tokens[*i].match + 1;
		} else if (pb_token_is(c, *i, "[") && c->tokens[*i].match > *i) {
			size_t end = c->tokens[*i].match, past;
			pb_value at = end == *i + 2 ? pb_code_value(c, *i + 1, &past, depth + 1) : unknown;
			/* [::-1] is "[" "::" "-" "1" "]" */
			bool turned = c->language == PB_PYTHON && end == *i + 4 && pb_token_is(c, *i + 1, "::") &&
			              pb_token_is(c, *i + 2, "-");
			if (turned)
				v = pb_decode_reverse(c, v);
			else if (at.kind == PB_VALUE_NUMBER && v.kind == PB_VALUE_LIST && at.number >= 0 &&
			         (uint64_t)at.number < v.n)
				v = v.items[at.number];
			else
				v = unknown;
			*i = end + 1;
		} else {
			return v;
		}
	}
	return v;
}

/* [char]0x41 of PowerShell; new Buffer(...) and what is known by name. */
static pb_value named(pb_script *c, size_t *i, int depth)
{
	char name[PB_CODE_NAME];
	size_t end;

	if (pb_token_is(c, *i, "new"))
		++*i;
	const pb_value *bound = pb_code_bound(c, pb_token_bytes(c, *i), false);
	if (bound && !pb_token_is(c, *i + 1, "(")) {
		++*i;
		return *bound;
	}
	if (!pb_code_name(c, *i, &end, name, depth + 1) || !pb_token_is(c, end, "(") || c->tokens[end].match <= end)
		return unknown;
	pb_decoder how = pb_code_known(c->language, name).how;
	pb_value v = how != PB_DECODE_NONE ? called(c, how, end, depth) : unknown;
	*i = (size_t)c->tokens[end].match + 1;
	return v;
}

static pb_value term(pb_script *c, size_t *i, int depth)
{
	pb_value v = unknown;

	if (*i >= c->n || c->steps == 0 || depth > PB_CODE_DEPTH)
		return unknown;
	c->steps--;
	switch (c->tokens[*i].kind) {
	case PB_TOKEN_STRING:
		v = pb_code_literal(c, pb_token_bytes(c, (*i)++));
		break;
	case PB_TOKEN_NUMBER:
		v = number_of(pb_token_bytes(c, (*i)++));
		break;
	case PB_TOKEN_NAME:
		v = named(c, i, depth);
		break;
	case PB_TOKEN_PUNCT:
		if (c->language == PB_POWERSHELL && pb_token_is(c, *i, "[") && pb_token_is(c, *i + 1, "char") &&
		    pb_token_is(c, *i + 2, "]")) {
			*i += 3;
			v = term(c, i, depth + 1);
			v = v.kind == PB_VALUE_NUMBER ? pb_decode_codes(c, &v, 1, false) : v.n == 1 ? v : unknown;
		} else if (c->language == PB_POWERSHELL && pb_token_is(c, *i, "[") &&
		           pb_token_is(c, (size_t)c->tokens[*i].match + 1, "::")) {
			*i = (size_t)c->tokens[*i].match + 1; /* [Type]::Method(...) */
			v = named(c, i, depth);
		} else if (pb_token_is(c, *i, "[")) {
			v = list_in(c, *i, depth + 1);
			if (v.kind != PB_VALUE_UNKNOWN)
				*i = (size_t)c->tokens[*i].match + 1;
		} else if (pb_token_is(c, *i, "(") && c->tokens[*i].match > *i) {
			size_t end = c->tokens[*i].match, past;
			v = pb_code_value(c, *i + 1, &past, depth + 1);
			if (v.kind != PB_VALUE_UNKNOWN && past != end)
				v = unknown;
			*i = end + 1;
		}
		break;
	default:
		break;
	}
	/* Strings side by side are one. */
	while (v.kind == PB_VALUE_TEXT && c->language & (PB_PYTHON | PB_RUBY) && *i < c->n &&
	       c->tokens[*i].kind == PB_TOKEN_STRING && c->tokens[*i - 1].kind == PB_TOKEN_STRING && c->steps > 0) {
		c->steps--;
		v = pb_decode_concat(c, v, pb_code_literal(c, pb_token_bytes(c, (*i)++)));
	}
	return postfix(c, v, i, depth);
}

pb_value pb_code_value(pb_script *c, size_t i, size_t *end, int depth)
{
	const char *plus = c->language & (PB_PHP | PB_PERL) ? "." : "+";
	pb_value v = term(c, &i, depth);

	while (v.kind != PB_VALUE_UNKNOWN && pb_token_is(c, i, plus)) {
		i++;
		pb_value next = term(c, &i, depth);
		v = next.kind == PB_VALUE_UNKNOWN ? next : pb_decode_concat(c, v, next);
	}
	*end = i;
	return v;
}
