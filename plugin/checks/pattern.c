/* A pattern is read into items first, so that what is wrong with it is known before anything matches, and recursion is as deep
 * as the pattern is long, never as the subject is. */
#include "checks/pattern.h"

#include <string.h>

static void put(uint32_t set[8], unsigned c)
{
	set[c >> 5] |= (uint32_t)1 << (c & 31);
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

/* Where the set that begins at p (past '[' and '^') ends: at its ']'. The first character is never the end; NULL: there is
 * none. */
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
		item->quantifier = (uint8_t)(PB_TIMES_ANY + (sign - signs));
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
		item->kind = PB_ITEM_BALANCE;
		item->a = *r->p++;
		item->b = *r->p++;
	} else if (c == 'f') {
		item->kind = PB_ITEM_FRONTIER;
		if (r->p >= r->end || *r->p++ != '[')
			r->wrong = "malformed pattern: %f needs a set, such as %f[%w]";
		else
			read_set(r, item->set);
	} else if (c >= '0' && c <= '9') {
		item->kind = PB_ITEM_BACK;
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
	item->kind = PB_ITEM_OPEN;
	if (r->p < r->end && *r->p == ')') {
		item->kind = PB_ITEM_PLACE;
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
	item->kind = PB_ITEM_CLOSE;
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
		item->kind = PB_ITEM_END;
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
	reader r = {.p = (const uint8_t *)pattern, .end = (const uint8_t *)pattern + n};

	out->n_items = out->n_captures = 0;
	out->anchored = anchor && n > 0 && pattern[0] == '^';
	r.out = out;
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
