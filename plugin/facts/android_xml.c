/* Chunks, of which one is a pool of texts and the others are elements (frameworks/base: ResourceTypes.h). */
#include "facts/android_xml.h"

#include <string.h>

enum { POOL = 1, XML = 3, START = 0x102, END = 0x103, UTF8 = 0x100, CHUNKS = 65536, ATTRIBUTES = 64, ATTRIBUTE = 20 };
enum { TYPE_STRING = 3, TYPE_DECIMAL = 0x10, TYPE_HEX = 0x11, TYPE_BOOLEAN = 0x12 };

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
static size_t text(const pb_axml_pool *p, uint32_t index, char out[PB_AXML_TEXT])
{
	uint64_t at = index < p->n ? (uint64_t)p->start + number(p->b, 28 + 4 * (uint64_t)index, 4) : p->b.size;
	uint32_t n = number(p->b, at, p->utf8 ? 1 : 2), width = p->utf8 ? 1 : 2;

	out[0] = '\0';
	/* Longer ones have longer lengths. With UTF-8 the count of letters comes first, then that of bytes: of ASCII
	 * the same. */
	at += 2;
	if (n == 0 || n >= PB_AXML_TEXT || (p->utf8 && n >= 128) || at >= p->b.size ||
	    p->b.size - at < (uint64_t)n * width)
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t c = number(p->b, at + (uint64_t)i * width, width);
		if (c < 0x20 || c > 0x7e) {
			out[0] = '\0';
			return 0;
		}
		out[i] = (char)c;
	}
	out[n] = '\0';
	return n;
}

bool pb_axml_open(pb_bytes bytes, pb_axml *out)
{
	*out = (pb_axml){.b = bytes, .at = number(bytes, 2, 2)};
	return number(bytes, 0, 2) == XML && out->at >= 8;
}

bool pb_axml_next(pb_axml *x, pb_axml_element *out)
{
	while (x->chunks++ < CHUNKS && x->at < x->b.size) {
		uint32_t type = number(x->b, x->at, 2), size = number(x->b, x->at + 4, 4);
		pb_bytes chunk = pb_slice(x->b, (size_t)x->at, size);

		if (size < 8)
			return false;
		x->at += size;
		if (type == POOL && x->pool.n == 0)
			x->pool = (pb_axml_pool){.b = chunk,
			                         .n = number(chunk, 8, 4),
			                         .start = number(chunk, 20, 4),
			                         .utf8 = number(chunk, 16, 4) & UTF8};
		if (type != START && type != END)
			continue;
		out->end = type == END;
		out->chunk = chunk;
		(void)text(&x->pool, number(chunk, 20, 4), out->name);
		return true;
	}
	return false;
}

/* Where the attribute stands in its chunk; 0: there is none. */
static uint64_t find(const pb_axml *x, const pb_axml_element *e, const char *name)
{
	uint32_t n = number(e->chunk, 28, 2), size = number(e->chunk, 26, 2);
	uint64_t at = 16 + (uint64_t)number(e->chunk, 24, 2);
	char called[PB_AXML_TEXT];

	if (e->end || size < ATTRIBUTE)
		return 0;
	for (uint32_t i = 0; i < n && i < ATTRIBUTES; i++, at += size)
		if (text(&x->pool, number(e->chunk, at + 4, 4), called) > 0 && strcmp(called, name) == 0)
			return at;
	return 0;
}

size_t pb_axml_text(const pb_axml *x, const pb_axml_element *e, const char *name, char out[PB_AXML_TEXT])
{
	uint64_t at = find(x, e, name);
	uint32_t raw = number(e->chunk, at + 8, 4);

	out[0] = '\0';
	if (at == 0)
		return 0;
	if (number(e->chunk, at + 15, 1) == TYPE_STRING)
		raw = number(e->chunk, at + 16, 4);
	return text(&x->pool, raw, out);
}

bool pb_axml_number(const pb_axml *x, const pb_axml_element *e, const char *name, int32_t *out)
{
	uint64_t at = find(x, e, name);
	uint32_t type = number(e->chunk, at + 15, 1);

	if (at == 0 || (type != TYPE_DECIMAL && type != TYPE_HEX && type != TYPE_BOOLEAN))
		return false;
	*out = (int32_t)number(e->chunk, at + 16, 4);
	return true;
}
