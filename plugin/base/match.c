/* Comparing text: globs, near misses, whole numbers. */
#include <string.h>

#include "base/text.h"

enum { GLOB_MAX = 1000, WORD_MAX = 128 };

/* One character; a byte that is no UTF-8 counts as a character of its own beyond Unicode. */
static size_t next_char(const char *s, size_t n, uint32_t *c)
{
	size_t len = pb_text_decode((const uint8_t *)s, n, c);

	if (len > 0)
		return len;
	*c = 0x110000u + (uint8_t)s[0];
	return 1;
}

typedef struct glob {
	uint32_t c[GLOB_MAX]; /* the pattern's characters */
	size_t n;
} glob;

/* The index past the set that opens at g->c[i], or 0 where it never closes (then '[' is itself). */
static size_t set_end(const glob *g, size_t i)
{
	size_t j = i + 1;

	if (j < g->n && g->c[j] == '!')
		j++;
	for (j++; j < g->n; j++) /* a ']' that comes first is a member */
		if (g->c[j] == ']')
			return j + 1;
	return 0;
}

static bool in_set(const glob *g, size_t i, size_t end, uint32_t c)
{
	size_t j = i + 1;
	bool negated = g->c[j] == '!', hit = false;

	if (c == '/')
		return false;
	for (j += negated; j < end - 1; j++) {
		if (j + 2 < end - 1 && g->c[j + 1] == '-') {
			hit |= g->c[j] <= c && c <= g->c[j + 2];
			j += 2;
		} else {
			hit |= g->c[j] == c;
		}
	}
	return hit != negated;
}

static bool star_at(const glob *g, size_t i)
{
	return i < g->n && g->c[i] == '*';
}

/* Marks what is reached from the marked positions without reading a character; one pass, as they only lead forward. */
static void settle(const glob *g, uint8_t *at)
{
	for (size_t i = 0; i < g->n; i++) {
		if (!at[i] || !star_at(g, i))
			continue;
		if (!star_at(g, i + 1)) {
			at[i + 1] = 1;
			continue;
		}
		at[i + 2] = 1;
		if (i + 2 < g->n && g->c[i + 2] == '/' && (i == 0 || g->c[i - 1] == '/'))
			at[i + 3] = 1;
	}
}

/* Where position i leads on reading c: itself for stars, past the element, or GLOB_MAX + 1 for nowhere. */
static size_t step(const glob *g, size_t i, uint32_t c)
{
	const size_t nowhere = GLOB_MAX + 1;
	size_t end;

	if (star_at(g, i))
		return star_at(g, i + 1) || c != '/' ? i : nowhere;
	if (g->c[i] == '?')
		return c != '/' ? i + 1 : nowhere;
	end = g->c[i] == '[' ? set_end(g, i) : 0;
	if (end != 0)
		return in_set(g, i, end, c) ? end : nowhere;
	return g->c[i] == c ? i + 1 : nowhere;
}

bool pb_text_glob(const char *pattern, const char *path)
{
	glob g = {.n = 0};
	uint8_t now[GLOB_MAX + 2] = {1}, next[GLOB_MAX + 2];
	size_t left = strlen(pattern);
	uint32_t c;

	for (size_t len; left > 0; pattern += len, left -= len) {
		if (g.n == GLOB_MAX)
			return false;
		len = next_char(pattern, left, &g.c[g.n++]);
	}
	settle(&g, now);
	left = strlen(path);
	for (size_t len; left > 0; path += len, left -= len) {
		len = next_char(path, left, &c);
		memset(next, 0, g.n + 2);
		for (size_t i = 0; i < g.n; i++)
			if (now[i])
				next[step(&g, i, c)] = 1;
		memcpy(now, next, g.n + 2);
		settle(&g, now);
	}
	return now[g.n] != 0;
}

static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
	size_t row[WORD_MAX + 1];

	for (size_t j = 0; j <= m; j++)
		row[j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t best = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[m];
}

const char *pb_text_nearest(const char *word, const char *const *candidates, size_t n)
{
	size_t len = strlen(word), best = 2 + len / 3;
	const char *nearest = NULL;

	if (len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t m = strlen(candidates[i]), d;

		if (m > WORD_MAX)
			continue;
		d = distance(word, len, candidates[i], m);
		if (d < best) {
			best = d;
			nearest = candidates[i];
		}
	}
	return nearest;
}

bool pb_text_int(const char *s, int64_t lo, int64_t hi, int64_t *out)
{
	bool negative = s[0] == '-';
	int64_t v = 0;

	s += negative;
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++) {
		int digit = *s - '0';

		if (digit < 0 || digit > 9 || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, negative ? -digit : digit, &v))
			return false;
	}
	if (v < lo || v > hi)
		return false;
	*out = v;
	return true;
}
