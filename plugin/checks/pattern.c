/* A pattern is read into items first, so that what is wrong with it is known before anything matches, and recursion is as deep as
 * the pattern is long, never as the subject is. */
#include "checks/pattern.h"

#include <string.h>

#include "checks/box.h"

enum { K_SET, K_OPEN, K_CLOSE, K_PLACE, K_BACK, K_BALANCE, K_FRONTIER, K_END };
enum { Q_ONE, Q_STAR, Q_PLUS, Q_LAZY, Q_MAYBE };

static void put(uint32_t set[8], unsigned c)
{
	set[c >> 5] |= (uint32_t)1 << (c & 31);
}

static bool has(const uint32_t set[8], unsigned c)
{
	return (set[c >> 5] >> (c & 31)) & 1;
}

/* The classes of ASCII: no locale has a say. */
static bool in_class(unsigned c, int class)
{
	bool digit = c >= '0' && c <= '9', alpha = (c | 32) >= 'a' && (c | 32) <= 'z', graph = c > 32 && c < 127;

	switch (class) {
	case 'a':
		return alpha;
	case 'c':
		return c < 32 || c == 127;
	case 'd':
		return digit;
	case 'g':
		return graph;
	case 'l':
		return c >= 'a' && c <= 'z';
	case 'p':
		return graph && !alpha && !digit;
	case 's':
		return c == ' ' || (c >= 9 && c <= 13);
	case 'u':
		return c >= 'A' && c <= 'Z';
	case 'w':
		return alpha || digit;
	default:
		return digit || ((c | 32) >= 'a' && (c | 32) <= 'f');
	}
}

/* %letter: a class, a class's complement, or the letter itself. */
static void put_escape(uint32_t set[8], unsigned letter)
{
	unsigned low = letter | 32;

	if (!in_class(letter, 'a') || strchr("acdglpsuwx", (int)low) == NULL) {
		put(set, letter);
		return;
	}
	for (unsigned c = 0; c < 256; c++)
		if (in_class(c, (int)low) == (letter == low))
			put(set, c);
}

typedef struct reader {
	const uint8_t *p, *end;
	pb_pattern *out;
	bool closed[PB_PATTERN_CAPTURES];
	const char *wrong;
} reader;

/* Where the set that begins at p (past '[' and '^') ends: at its ']'. The first character is never the end; NULL: there is none. */
static const uint8_t *set_end(const uint8_t *p, const uint8_t *end)
{
	bool first = true;

	for (; p < end && (first || *p != ']'); p++, first = false)
		if (*p == '%' && end - p >= 2)
			p++;
	return p < end ? p : NULL;
}

/* r->p is past '['. */
static void read_set(reader *r, uint32_t set[8])
{
	bool complement = r->p < r->end && *r->p == '^';
	const uint8_t *p = r->p + complement, *end = set_end(p, r->end);

	if (end == NULL) {
		r->wrong = "malformed pattern: '[' without its ']'";
		return;
	}
	while (p < end) {
		unsigned c = *p++;

		if (c == '%') {
			put_escape(set, *p++);
		} else if (end - p >= 2 && *p == '-') {
			for (unsigned i = c; i <= p[1]; i++)
				put(set, i);
			p += 2;
		} else {
			put(set, c);
		}
	}
	r->p = end + 1;
	for (int i = 0; complement && i < 8; i++)
		set[i] = ~set[i];
}

static void read_quantifier(reader *r, pb_pattern_item *item)
{
	static const char signs[] = "*+-?";
	const char *sign = r->p < r->end && *r->p != '\0' ? strchr(signs, *r->p) : NULL;

	if (sign != NULL) {
		item->quantifier = (uint8_t)(Q_STAR + (sign - signs));
		r->p++;
	}
}

/* '%' and what follows; r->p is past the '%'. */
static void read_escape(reader *r, pb_pattern_item *item)
{
	unsigned c;

	if (r->p >= r->end) {
		r->wrong = "malformed pattern: it ends with '%'";
		return;
	}
	c = *r->p++;
	if (c == 'b') {
		if (r->end - r->p < 2) {
			r->wrong = "malformed pattern: %b needs two characters";
			return;
		}
		item->kind = K_BALANCE;
		item->a = *r->p++;
		item->b = *r->p++;
	} else if (c == 'f') {
		item->kind = K_FRONTIER;
		if (r->p >= r->end || *r->p++ != '[')
			r->wrong = "malformed pattern: %f needs a set, such as %f[%w]";
		else
			read_set(r, item->set);
	} else if (c >= '0' && c <= '9') {
		item->kind = K_BACK;
		item->a = (uint8_t)(c - '1');
		if (c == '0' || item->a >= r->out->n_captures || !r->closed[item->a])
			r->wrong = "malformed pattern: %1 to %9 name a capture that is closed before";
	} else {
		put_escape(item->set, c);
		read_quantifier(r, item);
	}
}

static void read_open(reader *r, pb_pattern_item *item)
{
	if (r->out->n_captures == PB_PATTERN_CAPTURES) {
		r->wrong = "pattern with more than 32 captures";
		return;
	}
	item->a = (uint8_t)r->out->n_captures++;
	item->kind = K_OPEN;
	if (r->p < r->end && *r->p == ')') {
		item->kind = K_PLACE;
		r->closed[item->a] = true;
		r->p++;
	}
}

static void read_close(reader *r, pb_pattern_item *item)
{
	int i = r->out->n_captures - 1;

	while (i >= 0 && r->closed[i])
		i--;
	if (i < 0) {
		r->wrong = "malformed pattern: ')' without its '('";
		return;
	}
	item->kind = K_CLOSE;
	item->a = (uint8_t)i;
	r->closed[i] = true;
}

static void read_item(reader *r, pb_pattern_item *item)
{
	unsigned c = *r->p++;

	if (c == '(') {
		read_open(r, item);
	} else if (c == ')') {
		read_close(r, item);
	} else if (c == '%') {
		read_escape(r, item);
	} else if (c == '$' && r->p == r->end) {
		item->kind = K_END;
	} else {
		if (c == '[')
			read_set(r, item->set);
		else if (c == '.')
			memset(item->set, 0xff, sizeof item->set);
		else
			put(item->set, c);
		read_quantifier(r, item);
	}
}

const char *pb_pattern_read(const char *pattern, size_t n, bool anchor, pb_pattern *out)
{
	reader r = {(const uint8_t *)pattern, (const uint8_t *)pattern + n, out, {false}, NULL};

	out->n_items = out->n_captures = 0;
	out->anchored = anchor && n > 0 && pattern[0] == '^';
	if (n > PB_PATTERN_BYTES)
		return "pattern longer than 1000 bytes";
	if (out->anchored)
		r.p++;
	while (r.wrong == NULL && r.p < r.end) {
		pb_pattern_item *item = &out->items[out->n_items];

		if (out->n_items++ == PB_PATTERN_ITEMS)
			return "pattern with more than 256 parts";
		memset(item, 0, sizeof *item);
		read_item(&r, item);
	}
	for (int i = 0; r.wrong == NULL && i < out->n_captures; i++)
		if (!r.closed[i])
			return "malformed pattern: '(' without its ')'";
	return r.wrong;
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
	size_t least = item->quantifier == Q_PLUS, most = span(r, at, item);
	ptrdiff_t end;

	if (item->quantifier == Q_MAYBE && most > 1)
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

	if (item->kind == K_CLOSE)
		c->length = (ptrdiff_t)(at - c->at);
	else
		*c = (pb_capture){at, item->kind == K_PLACE ? PB_CAPTURE_PLACE : PB_CAPTURE_OPEN};
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
		case K_SET:
			if (item->quantifier == Q_LAZY)
				return match_lazy(r, at, i);
			if (item->quantifier != Q_ONE)
				return match_repeated(r, at, i);
			if (at < r->n && has(item->set, r->s[at]))
				next = (ptrdiff_t)at + 1;
			break;
		case K_BALANCE:
			next = match_balance(r, at, item);
			break;
		case K_BACK:
			next = match_back(r, at, item);
			break;
		case K_FRONTIER:
			if (at_frontier(r, at, item))
				next = (ptrdiff_t)at;
			break;
		case K_END:
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
