/* Where the frames of a zstd stream end. libarchive reads on behind the last one, takes what stands there for a broken frame,
 * and throws away up to 128 KiB of what it had unpacked: a few bytes of garbage would hide a small payload. */
#include "object/archive_reader.h"

static uint32_t le(pb_bytes b, size_t at, size_t n)
{
	uint32_t v = 0;

	for (size_t i = 0; i < n && at + i < b.size; i++)
		v |= (uint32_t)b.data[at + i] << (8 * i);
	return v;
}

/* The length of a frame's header, from its descriptor byte on. */
static size_t header_size(uint8_t descriptor)
{
	static const uint8_t dictionary[] = {0, 1, 2, 4}, content[] = {0, 2, 4, 8};
	size_t single = (descriptor >> 5) & 1, size = content[descriptor >> 6];

	return 1 + (1 - single) + dictionary[descriptor & 3] + (size == 0 ? single : size);
}

/* The end of the frame at `at`; b.size where it is cut. */
static size_t frame_end(pb_bytes b, size_t at)
{
	uint8_t descriptor;
	uint32_t block;

	if (b.size - at < 5)
		return b.size;
	descriptor = b.data[at + 4];
	at += 4 + header_size(descriptor);
	do {
		if (at > b.size || b.size - at < 3)
			return b.size;
		block = le(b, at, 3);
		at += 3 + ((block >> 1 & 3) == 1 ? 1 : block >> 3); /* a run is one byte */
	} while ((block & 1) == 0);
	at += (descriptor >> 2 & 1) * 4u; /* checksum */
	return at < b.size ? at : b.size;
}

size_t pb_zstd_end(pb_bytes b)
{
	size_t at = 0;

	while (b.size - at >= 4) {
		uint32_t magic = le(b, at, 4);

		if (magic == 0xfd2fb528)
			at = frame_end(b, at);
		else if ((magic & 0xfffffff0) != 0x184d2a50)
			return at;
		else if (b.size - at < 8 || le(b, at + 4, 4) > b.size - at - 8)
			return b.size;
		else
			at += 8 + (size_t)le(b, at + 4, 4);
	}
	return at;
}
