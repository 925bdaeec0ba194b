/* Blocks of a squashfs: the one place that includes the headers of what packs them. libarchive reads streams with a
 * header of their own, which these lack. */
#include "object/archive_own.h"

#include <lz4.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

enum { ZLIB = 1, XZ = 4, LZ4 = 5, ZSTD = 6, XZ_MEMORY = 64 << 20 };

bool pb_squash_known(unsigned compressor)
{
	return compressor == ZLIB || compressor == XZ || compressor == LZ4 || compressor == ZSTD;
}

static int64_t unpack_zlib(pb_bytes packed, uint8_t *out, size_t room)
{
	uLongf n = room;

	return uncompress(out, &n, packed.data, packed.size) == Z_OK ? (int64_t)n : -1;
}

static int64_t unpack_xz(pb_bytes packed, uint8_t *out, size_t room)
{
	uint64_t memory = XZ_MEMORY;
	size_t from = 0, to = 0;

	return lzma_stream_buffer_decode(&memory, 0, NULL, packed.data, &from, packed.size, out, &to, room) == LZMA_OK
	           ? (int64_t)to
	           : -1;
}

static int64_t unpack_zstd(pb_bytes packed, uint8_t *out, size_t room)
{
	size_t n = ZSTD_decompress(out, room, packed.data, packed.size);

	return ZSTD_isError(n) ? -1 : (int64_t)n;
}

static int64_t unpack_lz4(pb_bytes packed, uint8_t *out, size_t room)
{
	int n = LZ4_decompress_safe((const char *)packed.data, (char *)out, (int)packed.size, (int)room);

	return n < 0 ? -1 : n;
}

int64_t pb_squash_block(unsigned compressor, pb_bytes packed, uint8_t *out, size_t room)
{
	if (packed.size == 0 || packed.size > INT32_MAX || room > INT32_MAX)
		return -1;
	switch (compressor) {
	case ZLIB:
		return unpack_zlib(packed, out, room);
	case XZ:
		return unpack_xz(packed, out, room);
	case LZ4:
		return unpack_lz4(packed, out, room);
	case ZSTD:
		return unpack_zstd(packed, out, room);
	default:
		return -1;
	}
}
