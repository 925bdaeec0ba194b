/* How a script is written, as numbers: minified, escaped, obfuscated. Shares are thousandths. */
#include <string.h>

#include "facts/code.h"

enum { LONG_LINE = 1000, ARRAY_MIN = 20, ROTATION_WINDOW = 64, FAR_BLANKS = 100 };

typedef struct counts {
	size_t long_bytes, far_bytes, strings, string_bytes, escape_bytes, longest, names, hex_names, escaped_names, brackets,
	    members, arrays;
	uint64_t histogram[256];
	bool rotation;
} counts;

static void lines(const pb_script *c, counts *n)
{
	for (size_t at = 0; at < c->b.size;) {
		const uint8_t *end = memchr(c->b.data + at, '\n', c->b.size - at);
		size_t size = end ? (size_t)(end - c->b.data) - at : c->b.size - at;
		n->long_bytes += size > LONG_LINE ? size : 0;
		at += size + 1;
	}
}

/* \x41, \u0041 and \101 */
static size_t escapes(pb_bytes b)
{
	size_t n = 0;
	for (size_t i = 0; i + 3 < b.size; i++) {
		if (b.data[i] != '\\')
			continue;
		uint8_t e = b.data[i + 1];
		size_t size = e == 'x'                                                               ? 4
		              : e == 'u'                                                             ? 6
		              : e >= '0' && e <= '7' && b.data[i + 2] >= '0' && b.data[i + 2] <= '7' ? 4
		                                                                                     : 0;
		n += size;
		i += size ? size - 1 : 1;
	}
	return n;
}

static void string_of(pb_bytes b, counts *n)
{
	n->strings++;
	n->string_bytes += b.size;
	n->escape_bytes += escapes(b);
	if (b.size > n->longest)
		n->longest = b.size;
	for (size_t i = 0; i < b.size; i++)
		n->histogram[b.data[i]]++;
}

/* IlIIllI, O0OO0O0, ______: of letters that look alike only. */
static bool is_alike(pb_bytes b)
{
	static const char *const sets[] = {"Il1_", "O0oQ_"};
	bool two = false;

	for (size_t i = 1; i < b.size; i++)
		two |= b.data[i] != b.data[0];
	for (size_t s = 0; s < 2 && two && b.size >= 8; s++) {
		size_t n = 0;
		while (n < b.size && strchr(sets[s], b.data[n]) && b.data[n])
			n++;
		if (n == b.size)
			return true;
	}
	return false;
}

/* _0x1a2b, and the same with other words in front: a0_0x1a2b. */
static bool is_hex_name(pb_bytes b)
{
	if (is_alike(b))
		return true;
	for (size_t i = 0; i + 5 < b.size && i < 12; i++)
		if (memcmp(b.data + i, "_0x", 3) == 0)
			return strspn((const char[]){(char)b.data[i + 3], 0}, "0123456789abcdefABCDEF") == 1;
	return false;
}

/* x.push(x.shift()): the array of strings is turned before it is read. */
static bool rotates(const pb_script *c, size_t i)
{
	bool push = pb_token_is(c, i, "push") || (c->tokens[i].kind == PB_TOKEN_STRING && c->tokens[i].size == 6 &&
	                                          memcmp(c->b.data + c->tokens[i].at + 1, "push", 4) == 0);
	for (size_t k = i + 1; push && k < c->n && k < i + 10; k++) {
		pb_bytes b = pb_token_bytes(c, k);
		if (pb_token_is(c, k, "shift") ||
		    (c->tokens[k].kind == PB_TOKEN_STRING && b.size == 7 && memcmp(b.data + 1, "shift", 5) == 0))
			return true;
	}
	return false;
}

/* An array of at least so many strings and nothing else. */
static bool is_string_array(const pb_script *c, size_t i)
{
	size_t end = c->tokens[i].match;
	if (!pb_token_is(c, i, "[") || end < i + 2 * ARRAY_MIN)
		return false;
	for (size_t k = i + 1; k < i + 2 * ARRAY_MIN; k += 2)
		if (c->tokens[k].kind != PB_TOKEN_STRING || !pb_token_is(c, k + 1, ","))
			return false;
	return true;
}

/* The rest of the line from a token that stands behind another one and so many blanks: no editor shows it. */
static size_t far_right(const pb_script *c, size_t i)
{
	size_t at = c->tokens[i].at, end = i > 0 ? c->tokens[i - 1].at + c->tokens[i - 1].size : at;

	if (at < end + FAR_BLANKS || c->tokens[i - 1].kind == PB_TOKEN_LINE || c->tokens[i].kind == PB_TOKEN_LINE)
		return 0;
	for (size_t k = end; k < at; k++)
		if (c->b.data[k] != ' ' && c->b.data[k] != '\t')
			return 0;
	const uint8_t *line_end = memchr(c->b.data + at, '\n', c->b.size - at);
	return line_end ? (size_t)(line_end - c->b.data) - at : c->b.size - at;
}

static void token(const pb_script *c, size_t i, counts *n)
{
	pb_bytes b = pb_token_bytes(c, i);
	bool after_value =
	    i > 0 && (c->tokens[i - 1].kind == PB_TOKEN_NAME || pb_token_is(c, i - 1, "]") || pb_token_is(c, i - 1, ")"));

	switch (c->tokens[i].kind) {
	case PB_TOKEN_STRING:
		string_of(b, n);
		n->rotation |= rotates(c, i);
		break;
	case PB_TOKEN_NAME:
		n->names++;
		n->hex_names += is_hex_name(b);
		n->escaped_names += b.size && memchr(b.data, '\\', b.size) != NULL;
		n->members += pb_code_separator(c, i + 1);
		n->rotation |= rotates(c, i);
		break;
	case PB_TOKEN_PUNCT:
		/* x["name"], x[f(0x1)]: what others write with a dot */
		if (after_value && pb_token_is(c, i, "[") && i + 1 < c->n &&
		    (c->tokens[i + 1].kind == PB_TOKEN_STRING ||
		     (c->tokens[i + 1].kind == PB_TOKEN_NAME && pb_token_is(c, i + 2, "("))))
			n->brackets++;
		n->arrays += is_string_array(c, i);
		break;
	default:
		break;
	}
}

static int64_t share(size_t part, size_t whole)
{
	return whole ? (int64_t)(part * 1000 / whole) : 0;
}

json_t *pb_code_measures(const pb_script *c, const pb_code_fact *f)
{
	counts n = {0};

	lines(c, &n);
	for (size_t i = 0; i < c->n; i++) {
		token(c, i, &n);
		n.far_bytes += far_right(c, i);
	}
	return json_pack(
	    "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:I}", "long_lines",
	    share(n.long_bytes, c->b.size), "far_right", (json_int_t)n.far_bytes, "strings", (json_int_t)n.strings, "string_share", share(n.string_bytes, c->b.size), "string_entropy",
	    (json_int_t)pb_entropy_of(n.histogram, n.string_bytes), "longest_string", (json_int_t)n.longest, "escapes",
	    share(n.escape_bytes, n.string_bytes), "names", (json_int_t)n.names, "hex_names", share(n.hex_names, n.names),
	    "escaped_names", share(n.escaped_names, n.names), "brackets", share(n.brackets, n.brackets + n.members),
	    "string_arrays", (json_int_t)n.arrays, "rotation", (int)n.rotation, "decode_eval", (json_int_t)f->decode_eval);
}
