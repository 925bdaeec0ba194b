/* Matching: recursion is as deep as the pattern is long, never as the subject is; every step is counted. */
#include <string.h>

#include "checks/box.h"
#include "checks/pattern.h"

static bool has(const uint32_t set[8], unsigned c)
{
	return (set[c >> 5] >> (c & 31)) & 1;
}

typedef struct runner {
	lua_State *L;
	const pb_pattern *p;
	const uint8_t *s;
	size_t n;
	pb_capture *capture;
} runner;

enum { NO_MATCH = -1 };
static ptrdiff_t match_from(const runner *r, size_t at, int i);

/* How many bytes from at are in the set. */
static size_t span(const runner *r, size_t at, const pb_pattern_item *item)
{
	size_t n = 0;

	while (at + n < r->n && has(item->set, r->s[at + n]))
		n++;
	pb_box_step(r->L, n + 1);
	return n;
}

static ptrdiff_t match_repeated(const runner *r, size_t at, int i)
{
	const pb_pattern_item *item = &r->p->items[i];
	size_t least = item->quantifier == PB_TIMES_SOME, most = span(r, at, item);
	ptrdiff_t end;

	if (item->quantifier == PB_TIMES_MAYBE && most > 1)
		most = 1;
	for (size_t n = most + 1; n-- > least;) {
		end = match_from(r, at + n, i + 1);
		if (end != NO_MATCH)
			return end;
	}
	return NO_MATCH;
}

static ptrdiff_t match_lazy(const runner *r, size_t at, int i)
{
	const pb_pattern_item *item = &r->p->items[i];

	for (;; at++) {
		ptrdiff_t end = match_from(r, at, i + 1);

		if (end != NO_MATCH)
			return end;
		if (at >= r->n || !has(item->set, r->s[at]))
			return NO_MATCH;
	}
}

/* Sets a capture, and back where what follows does not match. */
static ptrdiff_t match_capture(const runner *r, size_t at, int i)
{
	const pb_pattern_item *item = &r->p->items[i];
	pb_capture *c = &r->capture[item->a], before = *c;
	ptrdiff_t end;

	if (item->kind == PB_ITEM_CLOSE)
		c->length = (ptrdiff_t)(at - c->at);
	else
		*c = (pb_capture){at, item->kind == PB_ITEM_PLACE ? PB_CAPTURE_PLACE : PB_CAPTURE_OPEN};
	end = match_from(r, at, i + 1);
	if (end == NO_MATCH)
		*c = before;
	return end;
}

/* Where the balanced text that begins at `at` ends, or NO_MATCH. */
static ptrdiff_t match_balance(const runner *r, size_t at, const pb_pattern_item *item)
{
	size_t depth = 1, from = at;

	if (at >= r->n || r->s[at] != item->a)
		return NO_MATCH;
	for (at++; at < r->n; at++) {
		if (r->s[at] == item->b) {
			if (--depth == 0)
				break;
		} else if (r->s[at] == item->a) {
			depth++;
		}
	}
	pb_box_step(r->L, at - from);
	return at < r->n ? (ptrdiff_t)at + 1 : NO_MATCH;
}

/* Where what the capture holds, found again at `at`, ends. A place is no text. */
static ptrdiff_t match_back(const runner *r, size_t at, const pb_pattern_item *item)
{
	pb_capture c = r->capture[item->a];
	size_t n = (size_t)c.length;

	if (c.length < 0 || n > r->n - at)
		return NO_MATCH;
	pb_box_step(r->L, n);
	return memcmp(r->s + c.at, r->s + at, n) == 0 ? (ptrdiff_t)(at + n) : NO_MATCH;
}

static bool at_frontier(const runner *r, size_t at, const pb_pattern_item *item)
{
	return !has(item->set, at > 0 ? r->s[at - 1] : 0) && has(item->set, at < r->n ? r->s[at] : 0);
}

/* Where a match of items i.. that begins at `at` ends. */
static ptrdiff_t match_from(const runner *r, size_t at, int i)
{
	for (; i < r->p->n_items; i++) {
		const pb_pattern_item *item = &r->p->items[i];
		ptrdiff_t next = NO_MATCH;

		pb_box_step(r->L, 1);
		switch (item->kind) {
		case PB_ITEM_SET:
			if (item->quantifier == PB_TIMES_LAZY)
				return match_lazy(r, at, i);
			if (item->quantifier != PB_TIMES_ONE)
				return match_repeated(r, at, i);
			if (at < r->n && has(item->set, r->s[at]))
				next = (ptrdiff_t)at + 1;
			break;
		case PB_ITEM_BALANCE:
			next = match_balance(r, at, item);
			break;
		case PB_ITEM_BACK:
			next = match_back(r, at, item);
			break;
		case PB_ITEM_FRONTIER:
			if (at_frontier(r, at, item))
				next = (ptrdiff_t)at;
			break;
		case PB_ITEM_END:
			if (at == r->n)
				next = (ptrdiff_t)at;
			break;
		default:
			return match_capture(r, at, i);
		}
		if (next == NO_MATCH)
			return NO_MATCH;
		at = (size_t)next;
	}
	return (ptrdiff_t)at;
}

bool pb_pattern_find(lua_State *L, const pb_pattern *p, pb_bytes subject, size_t from, pb_match *out)
{
	runner r = {L, p, subject.data, subject.size, out->capture};

	for (size_t at = from; at <= subject.size; at++) {
		ptrdiff_t end;

		pb_box_step(L, 1);
		end = match_from(&r, at, 0);
		if (end != NO_MATCH) {
			out->at = at;
			out->end = (size_t)end;
			return true;
		}
		if (p->anchored)
			break;
	}
	return false;
}
