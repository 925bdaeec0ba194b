/* Orders of versions, each as its own tool has it. Private to bindings/; no Lua. */
#ifndef PROBITY_BINDINGS_VERSION_H
#define PROBITY_BINDINGS_VERSION_H

#include "base/bytes.h"

enum { PB_VERSION_MOST = 256, PB_RANGE_MOST = 4096 };

typedef struct pb_semver {
	uint64_t number[3];  /* major, minor, patch: each below 2^53, as npm has it */
	pb_bytes pre, build; /* without '-' and '+'; data NULL: none */
} pb_semver;

/* Semantic Versioning 2.0.0, also with a "v" in front. false: no such version. */
bool pb_semver_parse(pb_bytes s, pb_semver *out);
int pb_semver_compare(const pb_semver *a, const pb_semver *b); /* -1, 0, 1; build does not count */
/* Is v inside of an npm range? 1, 0; -1: it is no range. */
int pb_semver_satisfies(const pb_semver *v, pb_bytes range);

typedef struct pb_debian_version {
	int64_t epoch;
	pb_bytes upstream, revision; /* revision.data NULL: none */
} pb_debian_version;

bool pb_debian_parse(pb_bytes s, pb_debian_version *out);

/* -1, 0, 1 into *order; false: one of them is no such version. */
bool pb_debian_compare(pb_bytes a, pb_bytes b, int *order);
bool pb_rpm_compare(pb_bytes a, pb_bytes b, int *order);
bool pb_python_compare(pb_bytes a, pb_bytes b, int *order);

static inline bool pb_is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static inline void pb_bytes_skip(pb_bytes *b, size_t n) /* n <= b->size */
{
	if (n > 0) /* what is empty may have no data */
		b->data += n;
	b->size -= n;
}

static inline pb_bytes pb_digits_take(pb_bytes *b)
{
	pb_bytes out = {b->data, 0};

	while (out.size < b->size && pb_is_digit(b->data[out.size]))
		out.size++;
	pb_bytes_skip(b, out.size);
	return out;
}

/* Digits of any length, by their value. */
int pb_digits_compare(pb_bytes a, pb_bytes b);

#endif
