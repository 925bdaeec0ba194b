/* Versions of packages, in the order of dpkg, of rpm, and of Python's packages (PEP 440). */
#include <string.h>

#include "bindings/version.h"

static bool letter(uint8_t c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* dpkg: a tilde comes before the end, the end before letters, letters before all else. Digits count as the end here. */
static int weight(pb_bytes b)
{
	if (b.size == 0 || pb_is_digit(b.data[0]))
		return 0;
	if (b.data[0] == '~')
		return -1;
	return letter(b.data[0]) ? b.data[0] : b.data[0] + 256;
}

static int compare_debian_part(pb_bytes a, pb_bytes b)
{
	while (a.size > 0 || b.size > 0) {
		int order;

		while ((a.size > 0 && !pb_is_digit(a.data[0])) || (b.size > 0 && !pb_is_digit(b.data[0]))) {
			if (weight(a) != weight(b))
				return weight(a) < weight(b) ? -1 : 1;
			pb_bytes_skip(&a, a.size > 0);
			pb_bytes_skip(&b, b.size > 0);
		}
		order = pb_digits_compare(pb_digits_take(&a), pb_digits_take(&b));
		if (order != 0)
			return order;
	}
	return 0;
}

static bool only(pb_bytes b, const char *signs)
{
	for (size_t i = 0; i < b.size; i++)
		if (!pb_is_digit(b.data[i]) && !letter(b.data[i]) && (b.data[i] == 0 || strchr(signs, b.data[i]) == NULL))
			return false;
	return b.size > 0;
}

/* "EPOCH:" at the start of *b; takes it away. */
static bool take_epoch(pb_bytes *b, int64_t *out)
{
	const uint8_t *colon = b->size > 0 ? memchr(b->data, ':', b->size) : NULL;
	size_t n = colon != NULL ? (size_t)(colon - b->data) : 0;

	*out = 0;
	if (colon == NULL)
		return true;
	for (size_t i = 0; i < n; i++) {
		if (!pb_is_digit(b->data[i]) || (*out = *out * 10 + (b->data[i] - '0')) > INT32_MAX)
			return false;
	}
	pb_bytes_skip(b, n + 1);
	return n > 0;
}

bool pb_debian_parse(pb_bytes s, pb_debian_version *out)
{
	const uint8_t *hyphen;

	memset(out, 0, sizeof *out);
	if (s.size == 0 || s.size > PB_VERSION_MOST || !take_epoch(&s, &out->epoch))
		return false;
	hyphen = s.size > 0 ? memrchr(s.data, '-', s.size) : NULL;
	out->upstream = s;
	if (hyphen != NULL) {
		out->upstream.size = (size_t)(hyphen - s.data);
		out->revision = (pb_bytes){hyphen + 1, s.size - out->upstream.size - 1};
		if (!only(out->revision, ".+~"))
			return false;
	}
	return only(out->upstream, ".-+~:");
}

bool pb_debian_compare(pb_bytes a, pb_bytes b, int *order)
{
	pb_debian_version x, y;

	if (!pb_debian_parse(a, &x) || !pb_debian_parse(b, &y))
		return false;
	*order = (x.epoch > y.epoch) - (x.epoch < y.epoch);
	if (*order == 0)
		*order = compare_debian_part(x.upstream, y.upstream);
	if (*order == 0)
		*order = compare_debian_part(x.revision, y.revision);
	return true;
}

static bool at_sign(pb_bytes b, char sign)
{
	return b.size > 0 && b.data[0] == (uint8_t)sign;
}

static pb_bytes take_letters(pb_bytes *b)
{
	pb_bytes out = {b->data, 0};

	while (out.size < b->size && letter(b->data[out.size]))
		out.size++;
	pb_bytes_skip(b, out.size);
	return out;
}

static int compare_text(pb_bytes a, pb_bytes b)
{
	size_t n = a.size < b.size ? a.size : b.size;
	int order = n > 0 ? memcmp(a.data, b.data, n) : 0;

	if (order == 0)
		order = (a.size > b.size) - (a.size < b.size);
	return (order > 0) - (order < 0);
}

static void skip_separators(pb_bytes *b)
{
	while (b->size > 0 && !pb_is_digit(b->data[0]) && !letter(b->data[0]) && b->data[0] != '~' && b->data[0] != '^')
		pb_bytes_skip(b, 1);
}

/* rpmvercmp. */
static int compare_rpm_part(pb_bytes a, pb_bytes b)
{
	while (a.size > 0 || b.size > 0) {
		int order;

		skip_separators(&a);
		skip_separators(&b);
		if (at_sign(a, '~') || at_sign(b, '~')) { /* before the end */
			if (at_sign(a, '~') != at_sign(b, '~'))
				return at_sign(a, '~') ? -1 : 1;
			pb_bytes_skip(&a, 1);
			pb_bytes_skip(&b, 1);
			continue;
		}
		if (at_sign(a, '^') || at_sign(b, '^')) { /* behind the end, before all else */
			if (a.size == 0 || b.size == 0)
				return a.size == 0 ? -1 : 1;
			if (at_sign(a, '^') != at_sign(b, '^'))
				return at_sign(a, '^') ? -1 : 1;
			pb_bytes_skip(&a, 1);
			pb_bytes_skip(&b, 1);
			continue;
		}
		if (a.size == 0 || b.size == 0)
			break;
		if (pb_is_digit(a.data[0]) != pb_is_digit(b.data[0]))
			return pb_is_digit(a.data[0]) ? 1 : -1;
		if (pb_is_digit(a.data[0]))
			order = pb_digits_compare(pb_digits_take(&a), pb_digits_take(&b));
		else
			order = compare_text(take_letters(&a), take_letters(&b));
		if (order != 0)
			return order;
	}
	return (a.size > 0) - (b.size > 0);
}

typedef struct rpm_version {
	int64_t epoch;
	pb_bytes version, release;
} rpm_version;

static bool parse_rpm(pb_bytes s, rpm_version *out)
{
	const uint8_t *hyphen;

	memset(out, 0, sizeof *out);
	if (s.size == 0 || s.size > PB_VERSION_MOST || !take_epoch(&s, &out->epoch) || s.size == 0)
		return false;
	hyphen = memchr(s.data, '-', s.size);
	out->version = s;
	if (hyphen != NULL) {
		out->version.size = (size_t)(hyphen - s.data);
		out->release = (pb_bytes){hyphen + 1, s.size - out->version.size - 1};
		if (!only(out->release, "._+~^"))
			return false;
	}
	return only(out->version, "._+~^");
}

bool pb_rpm_compare(pb_bytes a, pb_bytes b, int *order)
{
	rpm_version x, y;

	if (!parse_rpm(a, &x) || !parse_rpm(b, &y))
		return false;
	*order = (x.epoch > y.epoch) - (x.epoch < y.epoch);
	if (*order == 0)
		*order = compare_rpm_part(x.version, y.version);
	if (*order == 0 && x.release.data != NULL && y.release.data != NULL) /* as "Requires: a = 1.2" is met by any release */
		*order = compare_rpm_part(x.release, y.release);
	return true;
}
