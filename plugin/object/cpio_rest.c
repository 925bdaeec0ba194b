#include "object/cpio_rest.h"

#include <string.h>

enum { HEADER = 110, ALIGN = 4, MEMBERS = 1000000 };

/* Eight hexadecimal digits; false: they are none. */
static bool hex(const uint8_t *p, uint32_t *out)
{
	*out = 0;
	for (int i = 0; i < 8; i++) {
		uint32_t d = p[i] >= '0' && p[i] <= '9' ? (uint32_t)(p[i] - '0') : (uint32_t)((p[i] | 0x20) - 'a') + 10;

		if (d > 15)
			return false;
		*out = *out << 4 | d;
	}
	return true;
}

static uint64_t aligned(uint64_t n)
{
	return (n + ALIGN - 1) / ALIGN * ALIGN;
}

/* Where the archive ends; 0: not found. */
static uint64_t end_of(pb_bytes b)
{
	uint64_t at = 0;

	for (int i = 0; i < MEMBERS && at < b.size && b.size - at >= HEADER; i++) {
		const uint8_t *p = b.data + at;
		uint32_t size, name;

		if ((memcmp(p, "070701", 6) != 0 && memcmp(p, "070702", 6) != 0) || !hex(p + 54, &size) ||
		    !hex(p + 94, &name))
			return 0;
		at += aligned(HEADER + (uint64_t)name);
		if (at > b.size)
			return 0;
		if (name == 11 && memcmp(p + HEADER, "TRAILER!!!", 11) == 0)
			return at;
		at += aligned(size);
	}
	return 0;
}

pb_bytes pb_cpio_rest(pb_bytes b)
{
	uint64_t at = end_of(b);

	while (at > 0 && at < b.size && b.data[at] == 0)
		at++;
	return at > 0 && at < b.size ? pb_slice(b, (size_t)at, b.size) : (pb_bytes){NULL, 0};
}
