/* Semantic versions and npm's ranges of them: what node-semver answers without options. */
#include <string.h>

#include "bindings/version.h"

static const uint64_t number_most = ((uint64_t)1 << 53) - 1;

static bool identifier_byte(uint8_t c)
{
	return pb_is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-';
}

static bool take(pb_bytes *b, char c)
{
	if (b->size == 0 || b->data[0] != (uint8_t)c)
		return false;
	pb_bytes_skip(b, 1);
	return true;
}

static bool take_number(pb_bytes *b, uint64_t *out)
{
	size_t n = 0;

	*out = 0;
	while (n < b->size && pb_is_digit(b->data[n]) && n < 17)
		*out = *out * 10 + (b->data[n++] - '0');
	if (n == 0 || (n > 1 && b->data[0] == '0') || *out > number_most || (n < b->size && pb_is_digit(b->data[n])))
		return false;
	pb_bytes_skip(b, n);
	return true;
}

/* Identifiers joined by dots. strict: numbers have no zero in front. */
static bool take_identifiers(pb_bytes *b, bool strict, pb_bytes *out)
{
	size_t n = 0, from = 0;
	bool number = true;

	for (;; n++) {
		bool inside = n < b->size && identifier_byte(b->data[n]);

		if (inside) {
			number &= pb_is_digit(b->data[n]);
			continue;
		}
		if (n == from || (strict && number && n - from > 1 && b->data[from] == '0'))
			return false;
		if (n == b->size || b->data[n] != '.')
			break;
		from = n + 1;
		number = true;
	}
	*out = (pb_bytes){b->data, n};
	pb_bytes_skip(b, n);
	return true;
}

static bool take_tail(pb_bytes *b, pb_bytes *pre, pb_bytes *build)
{
	if (take(b, '-') && !take_identifiers(b, true, pre))
		return false;
	return !take(b, '+') || take_identifiers(b, false, build);
}

bool pb_semver_parse(pb_bytes s, pb_semver *out)
{
	memset(out, 0, sizeof *out);
	if (s.size > PB_VERSION_MOST)
		return false;
	(void)take(&s, 'v');
	return take_number(&s, &out->number[0]) && take(&s, '.') && take_number(&s, &out->number[1]) && take(&s, '.') &&
	       take_number(&s, &out->number[2]) && take_tail(&s, &out->pre, &out->build) && s.size == 0;
}

int pb_digits_compare(pb_bytes a, pb_bytes b)
{
	int order;

	while (a.size > 0 && a.data[0] == '0')
		pb_bytes_skip(&a, 1);
	while (b.size > 0 && b.data[0] == '0')
		pb_bytes_skip(&b, 1);
	if (a.size != b.size)
		return a.size < b.size ? -1 : 1;
	order = a.size > 0 ? memcmp(a.data, b.data, a.size) : 0;
	return (order > 0) - (order < 0);
}

/* The identifier before the next dot; takes both away. */
static pb_bytes next_identifier(pb_bytes *b, bool *number)
{
	size_t n = 0;
	pb_bytes out;

	*number = true;
	for (; n < b->size && b->data[n] != '.'; n++)
		*number &= pb_is_digit(b->data[n]);
	out = (pb_bytes){b->data, n};
	pb_bytes_skip(b, n + (n < b->size));
	return out;
}

static int compare_pre(pb_bytes a, pb_bytes b)
{
	while (a.size > 0 && b.size > 0) {
		bool a_number, b_number;
		pb_bytes x = next_identifier(&a, &a_number), y = next_identifier(&b, &b_number);
		int order;

		if (a_number != b_number)
			return a_number ? -1 : 1;
		if (a_number) {
			order = pb_digits_compare(x, y);
		} else {
			order = memcmp(x.data, y.data, x.size < y.size ? x.size : y.size);
			if (order == 0)
				order = (x.size > y.size) - (x.size < y.size);
		}
		if (order != 0)
			return order < 0 ? -1 : 1;
	}
	return (a.size > 0) - (b.size > 0);
}

int pb_semver_compare(const pb_semver *a, const pb_semver *b)
{
	for (int i = 0; i < 3; i++)
		if (a->number[i] != b->number[i])
			return a->number[i] < b->number[i] ? -1 : 1;
	if (a->pre.data == NULL || b->pre.data == NULL) /* a version is above those that lead to it */
		return (a->pre.data == NULL) - (b->pre.data == NULL);
	return compare_pre(a->pre, b->pre);
}

/* "1.2.x": how many of its numbers are given, 0 for "*" and "". */
typedef struct partial {
	pb_semver v;
	int given;
	bool mixed; /* "1.x.2": a number behind an x */
} partial;

/* One set of comparators that must all hold. */
typedef struct test {
	const pb_semver *v;
	bool holds;
	bool any;  /* no comparator says anything */
	bool same; /* a comparator has the same three numbers as v, and a pre-release: only then v's own may be taken */
} test;

typedef enum operator{ NONE, EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, TILDE, CARET } operator;

static void hold(test *t, operator op, const pb_semver *bound)
{
	static const uint64_t zeros[3];
	int order = pb_semver_compare(t->v, bound);

	t->holds &= op == LESS            ? order < 0
	            : op == LESS_EQUAL    ? order <= 0
	            : op == GREATER       ? order > 0
	            : op == GREATER_EQUAL ? order >= 0
	                                  : order == 0;
	t->any &= op == GREATER_EQUAL && bound->pre.data == NULL && memcmp(bound->number, zeros, sizeof zeros) == 0;
	t->same |= bound->pre.data != NULL && memcmp(bound->number, t->v->number, sizeof bound->number) == 0;
}

/* Below what comes when the number at `which` grows by one, and below all that leads to it. */
static void hold_below(test *t, const partial *p, int which)
{
	pb_semver bound = {.pre = {(const uint8_t *)"0", 1}};

	for (int i = 0; i <= which; i++)
		bound.number[i] = p->v.number[i] + (i == which);
	hold(t, LESS, &bound);
}

static void hold_comparator(test *t, operator op, const partial *p)
{
	const uint64_t *n = p->v.number;

	if (p->given == 0) {
		t->holds &= op != LESS && op != GREATER; /* "<*": nothing is */
		t->any &= t->holds;
		return;
	}
	switch (op) {
	case CARET:
		hold(t, GREATER_EQUAL, &p->v);
		hold_below(t, p, n[0] > 0 || p->given == 1 ? 0 : n[1] > 0 || p->given == 2 ? 1 : 2);
		return;
	case TILDE:
		hold(t, GREATER_EQUAL, &p->v);
		hold_below(t, p, p->given == 1 ? 0 : 1);
		return;
	case NONE:
	case EQUAL:
		if (p->given < 3) {
			hold(t, GREATER_EQUAL, &p->v);
			hold_below(t, p, p->given - 1);
			return;
		}
		break;
	case GREATER: /* than all that "1.2" stands for */
		if (p->given < 3) {
			pb_semver next = p->v;

			next.number[p->given - 1]++;
			hold(t, GREATER_EQUAL, &next);
			return;
		}
		break;
	case LESS_EQUAL:
		if (p->given < 3) {
			hold_below(t, p, p->given - 1);
			return;
		}
		break;
	case LESS:
		if (p->given < 3) {
			pb_semver first = p->v;

			first.pre = (pb_bytes){(const uint8_t *)"0", 1};
			hold(t, LESS, &first);
			return;
		}
		break;
	case GREATER_EQUAL:
		break;
	}
	hold(t, op, &p->v);
}

static bool blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool skip_blanks(pb_bytes *b)
{
	size_t n = 0;

	while (n < b->size && blank(b->data[n]))
		n++;
	pb_bytes_skip(b, n);
	return n > 0;
}

static operator take_operator(pb_bytes *b)
{
	if (take(b, '~'))
		return (void)take(b, '>'), TILDE;
	if (take(b, '^'))
		return CARET;
	if (take(b, '<'))
		return take(b, '=') ? LESS_EQUAL : LESS;
	if (take(b, '>'))
		return take(b, '=') ? GREATER_EQUAL : GREATER;
	return take(b, '=') ? EQUAL : NONE;
}

static bool take_wild(pb_bytes *b)
{
	return take(b, 'x') || take(b, 'X') || take(b, '*');
}

/* "1", "1.2", "1.x", "1.2.3-a+b", "*". */
static bool take_partial(pb_bytes *b, partial *out)
{
	bool wild = false;
	int i = 0;

	memset(out, 0, sizeof *out);
	while (b->size > 0 && (b->data[0] == 'v' || b->data[0] == '=' || blank(b->data[0])))
		pb_bytes_skip(b, 1);
	for (; i < 3 && (i == 0 || take(b, '.')); i++) {
		uint64_t number = 0;

		if (take_wild(b))
			wild = true;
		else if (!take_number(b, &number))
			return false;
		else
			out->mixed |= wild;
		if (!wild) {
			out->v.number[i] = number;
			out->given++;
		}
	}
	if (i == 3 && !take_tail(b, &out->v.pre, &out->v.build))
		return false;
	if (out->given < 3)
		out->v.pre = (pb_bytes){NULL, 0};
	return b->size == 0 || blank(b->data[0]);
}

/* "1.2 - 2.3" to the end of b. false: it is no such range; b is as it was. */
static bool take_hyphen(pb_bytes *b, partial *from, partial *to)
{
	pb_bytes r = *b;

	if (!take_partial(&r, from) || !skip_blanks(&r) || !take(&r, '-') || !skip_blanks(&r) || !take_partial(&r, to))
		return false;
	(void)skip_blanks(&r);
	if (r.size > 0)
		return false;
	*b = r;
	return true;
}

/* 1, 0, -1: no range. *everything becomes true where all versions are in it. */
static int satisfies_set(const pb_semver *v, pb_bytes set, bool *everything)
{
	test t = {v, true, true, false};
	partial p, to;

	(void)skip_blanks(&set);
	if (take_hyphen(&set, &p, &to)) {
		hold_comparator(&t, GREATER_EQUAL, &p);
		hold_comparator(&t, LESS_EQUAL, &to);
	}
	while (set.size > 0) {
		operator op = take_operator(&set);

		(void)skip_blanks(&set);
		if (!take_partial(&set, &p) || (p.mixed && op != TILDE && op != CARET))
			return -1;
		hold_comparator(&t, op, &p);
		(void)skip_blanks(&set);
	}
	*everything |= t.any;
	return t.holds && (v->pre.data == NULL || t.same);
}

int pb_semver_satisfies(const pb_semver *v, pb_bytes range)
{
	bool everything = false; /* "*" takes the place of all others, also of those that name a pre-release */
	int any = 0;

	if (range.size > PB_RANGE_MOST)
		return -1;
	for (;;) {
		const uint8_t *bar = range.size > 0 ? memmem(range.data, range.size, "||", 2) : NULL;
		pb_bytes set = {range.data, bar != NULL ? (size_t)(bar - range.data) : range.size};
		int one = satisfies_set(v, set, &everything);

		if (one < 0)
			return -1;
		any |= one;
		if (bar == NULL)
			return any && (!everything || v->pre.data == NULL);
		pb_bytes_skip(&range, (size_t)(bar - range.data) + 2);
	}
}
