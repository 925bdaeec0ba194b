/* AndroidManifest.xml as it is in packages: chunks, of which one is a pool of texts and the others are elements (frameworks/base:
 * ResourceTypes.h). Only what <uses-permission> names is read. */
#include <string.h>

#include "facts/declares.h"

enum { POOL = 1, XML = 3, ELEMENT = 0x102, UTF8 = 0x100, CHUNKS = 65536, ATTRIBUTES = 64, TEXT = 128, TYPE_STRING = 3 };

typedef struct pool {
	pb_bytes b; /* the whole chunk */
	uint32_t n, start;
	bool utf8;
} pool;

static uint32_t number(pb_bytes b, uint64_t at, size_t n)
{
	uint32_t value = 0;

	if (at >= b.size || b.size - at < n)
		return 0;
	for (size_t i = 0; i < n; i++)
		value |= (uint32_t)b.data[at + i] << 8 * i;
	return value;
}

/* Names are plain ASCII: a text that is not, or is longer, is none. Returns its bytes. */
static size_t text(const pool *p, uint32_t index, char out[TEXT])
{
	uint64_t at = index < p->n ? (uint64_t)p->start + number(p->b, 28 + 4 * (uint64_t)index, 4) : p->b.size;
	uint32_t n = number(p->b, at, p->utf8 ? 1 : 2), width = p->utf8 ? 1 : 2;

	/* Longer ones have longer lengths. With UTF-8 the count of letters comes first, then that of bytes: of ASCII the same. */
	at += 2;
	if (n == 0 || n >= TEXT || at >= p->b.size || p->b.size - at < (uint64_t)n * width)
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t c = number(p->b, at + (uint64_t)i * width, width);
		if (c < 0x20 || c > 0x7e)
			return 0;
		out[i] = (char)c;
	}
	return n;
}

static bool is(const pool *p, uint32_t index, const char *word)
{
	char name[TEXT];
	size_t n = text(p, index, name);
	return n == strlen(word) && memcmp(name, word, n) == 0;
}

static void element(pb_declared *d, const pool *p, pb_bytes chunk)
{
	uint32_t name = number(chunk, 20, 4), n = number(chunk, 28, 2), size = number(chunk, 26, 2);
	uint64_t at = 16 + (uint64_t)number(chunk, 24, 2);
	char value[TEXT];

	if (size < 20 || (!is(p, name, "uses-permission") && !is(p, name, "uses-permission-sdk-23")))
		return;
	for (uint32_t i = 0; i < n && i < ATTRIBUTES; i++, at += size) {
		uint32_t raw = number(chunk, at + 8, 4);
		if (number(chunk, at + 15, 1) == TYPE_STRING)
			raw = number(chunk, at + 16, 4);
		if (is(p, number(chunk, at + 4, 4), "name"))
			pb_declared_word(d, PB_DECLARES_ANDROID, value, text(p, raw, value), "manifest");
	}
}

void pb_permissions_android(pb_declared *d)
{
	pb_bytes b = d->look->object->bytes;
	pool p = {.n = 0};
	uint64_t at = number(b, 2, 2);

	if (number(b, 0, 2) != XML || at < 8)
		return;
	for (size_t i = 0; i < CHUNKS && at < b.size; i++) {
		uint32_t type = number(b, at, 2), size = number(b, at + 4, 4);
		if (size < 8)
			return;
		pb_bytes chunk = pb_slice(b, (size_t)at, size);
		if (type == POOL && p.n == 0)
			p = (pool){.b = chunk, .n = number(chunk, 8, 4), .start = number(chunk, 20, 4), .utf8 = number(chunk, 16, 4) & UTF8};
		else if (type == ELEMENT)
			element(d, &p, chunk);
		at += size;
	}
}
