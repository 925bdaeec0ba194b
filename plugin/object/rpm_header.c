#include "object/rpm_header.h"

#include <string.h>

enum { LEAD = 96, INTRO = 16, ENTRY = 16, ENTRIES_MAX = 65536, DATA_MAX = 256 << 20 };
enum { TYPE_INT8 = 2, TYPE_INT64 = 5, TYPE_STRING = 6, TYPE_BYTES = 7, TYPE_STRINGS = 8, TYPE_I18N = 9 };

static uint64_t big(const uint8_t *p, size_t n)
{
	uint64_t v = 0;
	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

/* The header at offset `at`; its whole size goes into *size. */
static bool read_header(pb_bytes b, size_t at, pb_rpm_header *out, size_t *size)
{
	static const uint8_t magic[4] = {0x8e, 0xad, 0xe8, 0x01};
	pb_bytes intro = pb_slice(b, at, INTRO);

	if (intro.size < INTRO || memcmp(intro.data, magic, sizeof magic) != 0)
		return false;
	size_t entries = big(intro.data + 8, 4), data = big(intro.data + 12, 4);
	if (entries == 0 || entries > ENTRIES_MAX || data > DATA_MAX)
		return false;
	out->index = pb_slice(b, at + INTRO, entries * ENTRY);
	out->data = pb_slice(b, at + INTRO + entries * ENTRY, data);
	*size = INTRO + entries * ENTRY + data;
	out->whole = pb_slice(b, at, *size);
	out->rest = pb_slice(b, at + *size, b.size);
	return out->index.size == entries * ENTRY && out->data.size == data;
}

bool pb_rpm_headers(pb_bytes package, pb_rpm_header *signature, pb_rpm_header *main)
{
	static const uint8_t lead[4] = {0xed, 0xab, 0xee, 0xdb};
	size_t size, ignored;

	if (package.size < LEAD || memcmp(package.data, lead, sizeof lead) != 0 ||
	    !read_header(package, LEAD, signature, &size))
		return false;
	/* The signature is padded to 8 bytes, the main header is not. */
	return read_header(package, LEAD + (size + 7) / 8 * 8, main, &ignored);
}

bool pb_rpm_find(const pb_rpm_header *h, uint32_t tag, pb_rpm_value *out)
{
	for (size_t at = 0; at + ENTRY <= h->index.size; at += ENTRY) {
		const uint8_t *entry = h->index.data + at;
		if (big(entry, 4) != tag)
			continue;
		out->type = (uint32_t)big(entry + 4, 4);
		out->count = (uint32_t)big(entry + 12, 4);
		out->data = pb_slice(h->data, big(entry + 8, 4), h->data.size);
		return out->data.size > 0 && out->count > 0;
	}
	return false;
}

bool pb_rpm_text(pb_rpm_value *value, pb_bytes *text)
{
	if (value->count == 0 || (value->type != TYPE_STRING && value->type != TYPE_STRINGS && value->type != TYPE_I18N))
		return false;
	const uint8_t *end = value->data.size ? memchr(value->data.data, 0, value->data.size) : NULL;
	if (!end)
		return false;
	*text = pb_slice(value->data, 0, (size_t)(end - value->data.data));
	value->data = pb_slice(value->data, text->size + 1, value->data.size);
	value->count--;
	return true;
}

pb_bytes pb_rpm_bytes(const pb_rpm_value *value)
{
	bool fits = value->type == TYPE_BYTES && value->count <= value->data.size;

	return fits ? pb_slice(value->data, 0, value->count) : (pb_bytes){NULL, 0};
}

bool pb_rpm_number(const pb_rpm_value *value, uint32_t i, uint64_t *number)
{
	if (value->type < TYPE_INT8 || value->type > TYPE_INT64 || i >= value->count)
		return false;
	size_t width = (size_t)1 << (value->type - TYPE_INT8);
	pb_bytes one = pb_slice(value->data, (size_t)i * width, width);
	if (one.size < width)
		return false;
	*number = big(one.data, width);
	return true;
}
