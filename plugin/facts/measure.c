/* What can be counted: entropy, lines. */
#include <string.h>

#include "base/text.h"
#include "facts/provider.h"

enum { LOG_BITS = 16 }; /* fixed point of the logarithms */

/* log2(n) * 2^LOG_BITS, n > 0. In integers, one squaring for each bit: floating point may differ in the last place between
 * machines, and the result of map must not. */
static uint64_t log2_fixed(uint64_t n)
{
	unsigned whole = 63 - (unsigned)__builtin_clzll(n);
	uint64_t x = whole > 31 ? n >> (whole - 31) : n << (31 - whole); /* 1.31 fixed point, in [1, 2) */
	uint64_t result = (uint64_t)whole << LOG_BITS;

	for (unsigned bit = LOG_BITS; bit-- > 0;) {
		x = x * x >> 31;
		if (x >= UINT64_C(1) << 32) {
			x >>= 1;
			result |= UINT64_C(1) << bit;
		}
	}
	return result;
}

/* Four tables, so that runs of one byte do not wait for their own counter. */
static void count_bytes(pb_bytes b, uint64_t count[256])
{
	uint64_t table[4][256] = {{0}};
	size_t i = 0;

	for (; i + 4 <= b.size; i += 4) {
		table[0][b.data[i]]++;
		table[1][b.data[i + 1]]++;
		table[2][b.data[i + 2]]++;
		table[3][b.data[i + 3]]++;
	}
	for (; i < b.size; i++)
		table[0][b.data[i]]++;
	for (int v = 0; v < 256; v++)
		count[v] = table[0][v] + table[1][v] + table[2][v] + table[3][v];
}

uint64_t pb_entropy_of(const uint64_t count[256], uint64_t n)
{
	uint64_t sum = 0;

	if (n == 0)
		return 0;
	/* H = log2(n) - sum(c * log2(c)) / n */
	for (int v = 0; v < 256; v++)
		if (count[v] > 0)
			sum += count[v] * log2_fixed(count[v]);
	uint64_t whole = log2_fixed(n), part = sum / n;
	uint64_t entropy = whole > part ? whole - part : 0;
	uint64_t permille = (entropy * 1000 + (UINT64_C(4) << LOG_BITS)) / (UINT64_C(8) << LOG_BITS);
	return permille > 1000 ? 1000 : permille;
}

unsigned pb_entropy(pb_bytes b)
{
	uint64_t count[256];

	/* Beyond 2^40 bytes the sum of it would not fit; no object is as big. */
	if (b.size == 0 || b.size >> 40)
		return 0;
	count_bytes(b, count);
	return (unsigned)pb_entropy_of(count, b.size);
}

int pb_fact_entropy(pb_look *look)
{
	pb_bytes b = look->object->bytes;

	return b.size == 0 || b.size >> 40 ? 0 : pb_look_set(look, "entropy", json_integer(pb_entropy(b)));
}

static const char *encoding_of(pb_bytes b)
{
	if (b.size >= 2 && ((b.data[0] == 0xff && b.data[1] == 0xfe) || (b.data[0] == 0xfe && b.data[1] == 0xff)))
		return "utf-16";
	uint64_t high = 0, word;
	size_t i = 0;
	for (; i + sizeof word <= b.size; i += sizeof word) {
		memcpy(&word, b.data + i, sizeof word);
		high |= word;
	}
	for (; i < b.size; i++)
		high |= b.data[i];
	if (!(high & UINT64_C(0x8080808080808080)))
		return "ascii";
	return pb_text_utf8(b.data, b.size) ? "utf-8" : "latin";
}

int pb_fact_text(pb_look *look)
{
	pb_bytes b = look->object->bytes;
	size_t lines = 0, longest = 0;

	for (size_t at = 0; at < b.size; lines++) {
		const uint8_t *end = memchr(b.data + at, '\n', b.size - at);
		size_t n = (end ? (size_t)(end - b.data) : b.size) - at;
		if (n > longest)
			longest = n;
		at += n + 1;
	}
	return pb_look_set(look, "text",
	                   json_pack("{s:s, s:I, s:I}", "encoding", encoding_of(b), "lines", (json_int_t)lines, "longest",
	                             (json_int_t)longest));
}
