/* PEP 440: the order of Python's packages. */
#include <string.h>
#include <strings.h>

#include "bindings/version.h"

typedef struct python_version {
	pb_bytes epoch, release; /* digits; digits joined by dots, without ".0" at its end */
	int pre;                 /* 0: none; 1 alpha, 2 beta, 3 candidate */
	bool post, dev;
	pb_bytes pre_number, post_number, dev_number, local; /* local.data NULL: none */
} python_version;

static bool letter_or_digit(uint8_t c)
{
	return pb_is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static bool separator(uint8_t c)
{
	return c == '.' || c == '-' || c == '_';
}

static bool take_word(pb_bytes *b, const char *word)
{
	size_t n = strlen(word);

	if (b->size < n || strncasecmp((const char *)b->data, word, n) != 0)
		return false;
	pb_bytes_skip(b, n);
	return true;
}

static void trim(pb_bytes *b)
{
	while (b->size > 0 && (b->data[0] == ' ' || (b->data[0] >= '\t' && b->data[0] <= '\r')))
		pb_bytes_skip(b, 1);
	while (b->size > 0 && (b->data[b->size - 1] == ' ' || (b->data[b->size - 1] >= '\t' && b->data[b->size - 1] <= '\r')))
		b->size--;
}

/* "1", "1.2.3"; a dot that no digit follows is left. */
static pb_bytes take_release(pb_bytes *b)
{
	pb_bytes out = pb_digits_take(b);

	while (out.size > 0 && b->size >= 2 && b->data[0] == '.' && pb_is_digit(b->data[1])) {
		pb_bytes_skip(b, 1);
		out.size += 1 + pb_digits_take(b).size;
	}
	return out;
}

/* [separator] one of the words [separator] [digits]. The index of the word from 1, or 0: *b is as it was. */
static int take_mark(pb_bytes *b, const char *const *words, pb_bytes *number)
{
	pb_bytes r = *b;

	if (r.size > 0 && separator(r.data[0]))
		pb_bytes_skip(&r, 1);
	for (int i = 0; words[i] != NULL; i++) {
		if (!take_word(&r, words[i]))
			continue;
		if (r.size > 0 && separator(r.data[0]))
			pb_bytes_skip(&r, 1);
		*number = pb_digits_take(&r);
		*b = r;
		return i + 1;
	}
	return 0;
}

static bool valid_local(pb_bytes b)
{
	bool part = false;

	for (size_t i = 0; i < b.size; i++) {
		if (!letter_or_digit(b.data[i]) && !(separator(b.data[i]) && part))
			return false;
		part = letter_or_digit(b.data[i]);
	}
	return part;
}

static bool parse(pb_bytes s, python_version *out)
{
	/* (longer words before those that they begin with) */
	static const char *const pre[] = {"alpha", "a", "beta", "b", "preview", "pre", "rc", "c", NULL};
	static const int stage[] = {0, 1, 1, 2, 2, 3, 3, 3, 3};
	static const char *const post[] = {"post", "rev", "r", NULL}, *const dev[] = {"dev", NULL};

	memset(out, 0, sizeof *out);
	if (s.size > PB_VERSION_MOST)
		return false;
	trim(&s);
	(void)take_word(&s, "v");
	out->release = take_release(&s);
	if (s.size > 0 && s.data[0] == '!' && memchr(out->release.data, '.', out->release.size) == NULL) {
		pb_bytes_skip(&s, 1);
		out->epoch = out->release;
		if (out->epoch.size == 0)
			return false;
		out->release = take_release(&s);
	}
	if (out->release.size == 0)
		return false;
	out->pre = stage[take_mark(&s, pre, &out->pre_number)];
	if (s.size > 1 && s.data[0] == '-' && pb_is_digit(s.data[1])) {
		pb_bytes_skip(&s, 1);
		out->post_number = pb_digits_take(&s);
		out->post = true;
	} else {
		out->post = take_mark(&s, post, &out->post_number) > 0;
	}
	out->dev = take_mark(&s, dev, &out->dev_number) > 0;
	if (s.size > 0 && s.data[0] == '+') {
		pb_bytes_skip(&s, 1);
		out->local = s;
		return valid_local(s);
	}
	return s.size == 0;
}

/* The next part before a separator; takes both away. */
static pb_bytes next_part(pb_bytes *b, bool *number)
{
	size_t n = 0;
	pb_bytes out;

	*number = true;
	for (; n < b->size && !separator(b->data[n]); n++)
		*number &= pb_is_digit(b->data[n]);
	out = (pb_bytes){b->data, n};
	pb_bytes_skip(b, n + (n < b->size));
	return out;
}

/* 1.0 and 1 are equal. */
static int compare_release(pb_bytes a, pb_bytes b)
{
	while (a.size > 0 || b.size > 0) {
		bool number;
		int order = pb_digits_compare(next_part(&a, &number), next_part(&b, &number));

		if (order != 0)
			return order;
	}
	return 0;
}

static int compare_word(pb_bytes a, pb_bytes b)
{
	size_t n = a.size < b.size ? a.size : b.size;
	int order = n > 0 ? strncasecmp((const char *)a.data, (const char *)b.data, n) : 0;

	return order != 0 ? (order > 0) - (order < 0) : (a.size > b.size) - (a.size < b.size);
}

/* Numbers are above words, and what has more parts is above what it begins with. */
static int compare_local(pb_bytes a, pb_bytes b)
{
	if (a.data == NULL || b.data == NULL)
		return (a.data != NULL) - (b.data != NULL);
	while (a.size > 0 && b.size > 0) {
		bool a_number, b_number;
		pb_bytes x = next_part(&a, &a_number), y = next_part(&b, &b_number);
		int order = a_number != b_number ? (a_number ? 1 : -1)
		            : a_number           ? pb_digits_compare(x, y)
		                                 : compare_word(x, y);

		if (order != 0)
			return order;
	}
	return (a.size > 0) - (b.size > 0);
}

/* Where a version stands among those of its release: a lone ".dev" before all, then alpha, beta, candidate, then the rest. */
static int pre_rank(const python_version *v)
{
	if (v->pre > 0)
		return v->pre;
	return v->dev && !v->post ? 0 : 4;
}

static int compare_numbers(bool a, pb_bytes a_number, bool b, pb_bytes b_number)
{
	return a != b ? (a ? 1 : -1) : pb_digits_compare(a_number, b_number);
}

bool pb_python_compare(pb_bytes a, pb_bytes b, int *order)
{
	python_version x, y;

	if (!parse(a, &x) || !parse(b, &y))
		return false;
	*order = pb_digits_compare(x.epoch, y.epoch);
	if (*order == 0)
		*order = compare_release(x.release, y.release);
	if (*order == 0)
		*order = (pre_rank(&x) > pre_rank(&y)) - (pre_rank(&x) < pre_rank(&y));
	if (*order == 0)
		*order = pb_digits_compare(x.pre_number, y.pre_number);
	if (*order == 0)
		*order = compare_numbers(x.post, x.post_number, y.post, y.post_number);
	if (*order == 0) /* without ".dev" is above with it */
		*order = compare_numbers(!x.dev, x.dev_number, !y.dev, y.dev_number);
	if (*order == 0)
		*order = compare_local(x.local, y.local);
	return true;
}
