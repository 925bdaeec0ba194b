/* A view of bytes that somebody else owns. */
#ifndef PROBITY_BASE_BYTES_H
#define PROBITY_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct pb_bytes {
	const uint8_t *data; /* borrowed; NULL only where size is 0 */
	size_t size;
} pb_bytes;

/* The view [at, at + n) of b, cut to what is there: never out of bounds, empty where at is past the end. */
static inline pb_bytes pb_slice(pb_bytes b, size_t at, size_t n)
{
	if (at >= b.size)
		return (pb_bytes){NULL, 0};
	if (n > b.size - at)
		n = b.size - at;
	return (pb_bytes){b.data + at, n};
}

#endif
