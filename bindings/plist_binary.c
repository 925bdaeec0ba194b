/* Binary property lists (bplist00): a table of offsets, objects that name each other by number. Objects may be shared, so each
 * one counts as often as it is met, and a circle ends at the limit of depth. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "bindings/plist.h"

enum { HEADER = 8, TRAILER = 32, EPOCH_2001 = 978307200 };

typedef struct reader {
	pb_document *d;
	pb_bytes b;              /* all but the trailer */
	uint64_t objects, table; /* how many; offset of the table of their offsets */
	unsigned offset_size, ref_size;
	pb_buf key, text; /* of the entry that comes next; a string in UTF-8 */
} reader;

typedef struct object {
	uint64_t at;       /* of what follows the marker and the count */
	uint64_t count;    /* items or bytes, where there is a count */
	uint8_t kind, low; /* halves of the marker */
} object;

static bool refuse(reader *r, uint64_t at, const char *what)
{
	(void)pb_document_fail(r->d, "byte %llu: %s", (unsigned long long)at, what);
	return false;
}

/* A big-endian number of 1..8 bytes, which must lie in b. */
static bool number(pb_bytes b, uint64_t at, uint64_t size, uint64_t *out)
{
	if (size < 1 || size > 8 || at > b.size || size > b.size - at)
		return false;
	*out = 0;
	for (uint64_t i = 0; i < size; i++)
		*out = *out << 8 | b.data[at + i];
	return true;
}

static bool head(reader *r, uint64_t index, object *o)
{
	uint64_t where = 0, at = 0;

	if (index >= r->objects || !number(r->b, r->table + index * r->offset_size, r->offset_size, &at))
		return refuse(r, r->table, "an object that is not there");
	if (at < HEADER || at >= r->table)
		return refuse(r, at, "an object outside of the list");
	o->kind = r->b.data[at] >> 4;
	o->low = r->b.data[at] & 15;
	o->count = o->low;
	o->at = at + 1;
	if (o->low != 15 || o->kind < 4 || o->kind == 8)
		return true;
	if (!number(r->b, o->at, 1, &where) || where >> 4 != 1 || (where & 15) > 3)
		return refuse(r, at, "a count that is no integer");
	if (!number(r->b, o->at + 1, 1U << (where & 15), &o->count))
		return refuse(r, at, "a count that is cut off");
	o->at += 1 + (1U << (where & 15));
	return true;
}

/* Do n things of size bytes lie at o->at, before the table? */
static bool fits(reader *r, const object *o, uint64_t n, uint64_t size)
{
	uint64_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) || o->at > r->table || bytes > r->table - o->at)
		return refuse(r, o->at, "a value that is cut off");
	return true;
}

/* UTF-16, big-endian, into r->text as UTF-8. */
static bool read_utf16(reader *r, const object *o)
{
	const uint8_t *p = r->b.data + o->at;

	for (uint64_t i = 0; i < o->count; i++) {
		uint32_t c = (uint32_t)p[2 * i] << 8 | p[2 * i + 1], low = 0;
		char out[4];

		if (c >= 0xd800 && c <= 0xdbff && i + 1 < o->count)
			low = (uint32_t)p[2 * i + 2] << 8 | p[2 * i + 3];
		if (low >= 0xdc00 && low <= 0xdfff) {
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			i++;
		}
		if (c >= 0xd800 && c <= 0xdfff)
			return refuse(r, o->at + 2 * i, "half a character");
		if (pb_buf_add(&r->text, out, pb_utf8_put(c, out)) != PB_OK)
			return pb_document_no_memory(r->d) == 0;
	}
	return true;
}

/* The string o into r->text. */
static bool read_string(reader *r, const object *o)
{
	r->text.size = 0;
	if (o->kind == 6)
		return fits(r, o, o->count, 2) && read_utf16(r, o);
	if (!fits(r, o, o->count, 1))
		return false;
	for (uint64_t i = 0; i < o->count; i++)
		if (r->b.data[o->at + i] >= 0x80)
			return refuse(r, o->at + i, "not ASCII");
	return pb_buf_add(&r->text, r->b.data + o->at, (size_t)o->count) == PB_OK || pb_document_no_memory(r->d) == 0;
}

static pb_node *add(reader *r, pb_node *parent, pb_node_type type, bool keyed)
{
	const char *key = r->key.size > 0 ? (const char *)r->key.data : "";

	return pb_document_add(r->d, parent, type, keyed ? key : NULL, r->key.size);
}

static bool add_bytes(reader *r, pb_node *parent, bool keyed, const void *bytes, size_t size)
{
	pb_node *n = add(r, parent, PB_NODE_STRING, keyed);

	return n != NULL && pb_document_copy(r->d, bytes, size, &n->string);
}

/* 1, 2 and 4 bytes have no sign, 8 have, and so have 16. */
static bool add_integer(reader *r, pb_node *parent, bool keyed, const object *o)
{
	uint64_t size = UINT64_C(1) << o->low, value = 0, high = 0;
	pb_node *n;

	if (o->low > 4)
		return refuse(r, o->at, "an integer of more than 16 bytes");
	if (!fits(r, o, size, 1))
		return false;
	if (size == 16)
		(void)number(r->b, o->at, 8, &high);
	(void)number(r->b, o->at + (size == 16 ? 8 : 0), size == 16 ? 8 : size, &value);
	if (size == 16 && high != (value >> 63 ? UINT64_MAX : 0))
		return refuse(r, o->at, "an integer beyond 64 bits");
	n = add(r, parent, PB_NODE_INTEGER, keyed);
	if (n != NULL)
		n->as.integer = (int64_t)value;
	return n != NULL;
}

static bool read_real(reader *r, const object *o, double *out)
{
	uint64_t bits = 0;
	float narrow;

	if (o->low != 2 && o->low != 3)
		return refuse(r, o->at, "a real number of neither 4 nor 8 bytes");
	if (!fits(r, o, UINT64_C(1) << o->low, 1) || !number(r->b, o->at, UINT64_C(1) << o->low, &bits))
		return false;
	if (o->low == 3) {
		memcpy(out, &bits, sizeof *out);
	} else {
		uint32_t half = (uint32_t)bits;

		memcpy(&narrow, &half, sizeof narrow);
		*out = (double)narrow;
	}
	return true;
}

static bool add_real(reader *r, pb_node *parent, bool keyed, const object *o)
{
	double value;
	pb_node *n = read_real(r, o, &value) ? add(r, parent, PB_NODE_REAL, keyed) : NULL;

	if (n != NULL)
		n->as.real = value;
	return n != NULL;
}

/* Seconds since 2001 as "YYYY-MM-DDThh:mm:ssZ". The calendar goes by eras of 400 years that begin in March. */
static bool add_date(reader *r, pb_node *parent, bool keyed, const object *o)
{
	double seconds;
	int64_t t, days, era, day, year;
	unsigned month, in_day;
	char text[40];

	if (o->low != 3 || !read_real(r, o, &seconds))
		return refuse(r, o->at, "a date of another size than 8 bytes");
	if (!(seconds > -63113904000.0 && seconds < 252423993600.0)) /* years 1 to 9999, or about */
		return refuse(r, o->at, "a date beyond the calendar");
	t = (int64_t)floor(seconds) + EPOCH_2001;
	days = (t >= 0 ? t : t - 86399) / 86400;
	in_day = (unsigned)(t - days * 86400);
	days += 719468; /* since 0000-03-01 */
	era = days / 146097;
	day = days % 146097;
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100;
	month = (unsigned)(5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	year += era * 400 + (month >= 10);
	(void)snprintf(text, sizeof text, "%04d-%02u-%02uT%02u:%02u:%02uZ", (int)year, month < 10 ? month + 3 : month - 9,
	               (unsigned)day + 1, in_day / 3600, in_day / 60 % 60, in_day % 60);
	return add_bytes(r, parent, keyed, text, strlen(text));
}

static bool add_uid(reader *r, pb_node *parent, bool keyed, const object *o)
{
	uint64_t value;
	pb_node *table, *n;

	if (!fits(r, o, o->low + 1U, 1) || !number(r->b, o->at, o->low + 1U, &value) || value > INT64_MAX)
		return refuse(r, o->at, "a UID of more than 8 bytes");
	table = add(r, parent, PB_NODE_TABLE, keyed);
	n = table != NULL ? pb_document_add(r->d, table, PB_NODE_INTEGER, "uid", 3) : NULL;
	if (n != NULL)
		n->as.integer = (int64_t)value;
	return n != NULL;
}

static bool add_object(reader *r, pb_node *parent, uint64_t index, bool keyed);

/* Array, set: references. Dict: references of the keys, then of the values. */
static bool add_items(reader *r, pb_node *parent, bool keyed, const object *o)
{
	bool dict = o->kind == 0xd;
	pb_node *n;
	uint64_t key = 0, value = 0;

	if (o->count > PB_DOCUMENT_ENTRIES)
		return pb_document_fail(r->d, "limit entries: more than %d values", PB_DOCUMENT_ENTRIES) == 0;
	if (!fits(r, o, o->count * (dict ? 2 : 1), r->ref_size))
		return false;
	n = add(r, parent, dict ? PB_NODE_TABLE : PB_NODE_LIST, keyed);
	for (uint64_t i = 0; n != NULL && i < o->count; i++) {
		object name;

		(void)number(r->b, o->at + i * r->ref_size, r->ref_size, &key);
		if (!dict) {
			if (!add_object(r, n, key, false))
				return false;
			continue;
		}
		(void)number(r->b, o->at + (o->count + i) * r->ref_size, r->ref_size, &value);
		if (!head(r, key, &name))
			return false;
		if (name.kind != 5 && name.kind != 6)
			return refuse(r, name.at, "a key that is no string");
		if (!read_string(r, &name))
			return false;
		r->key.size = 0;
		if (pb_buf_add(&r->key, r->text.data, r->text.size) != PB_OK)
			return pb_document_no_memory(r->d) == 0;
		if (!add_object(r, n, value, true))
			return false;
	}
	return n != NULL;
}

/* Recursion ends at PB_DOCUMENT_DEPTH. keyed: under r->key. */
static bool add_object(reader *r, pb_node *parent, uint64_t index, bool keyed)
{
	object o;
	pb_node *n;

	if (!head(r, index, &o))
		return false;
	switch (o.kind) {
	case 0:
		if (o.low != 0 && o.low != 8 && o.low != 9)
			break;
		n = add(r, parent, o.low == 0 ? PB_NODE_NULL : PB_NODE_BOOLEAN, keyed);
		if (n != NULL)
			n->as.boolean = o.low == 9;
		return n != NULL;
	case 1:
		return add_integer(r, parent, keyed, &o);
	case 2:
		return add_real(r, parent, keyed, &o);
	case 3:
		return add_date(r, parent, keyed, &o);
	case 4:
		return fits(r, &o, o.count, 1) && add_bytes(r, parent, keyed, r->b.data + o.at, (size_t)o.count);
	case 5:
	case 6:
		return read_string(r, &o) && add_bytes(r, parent, keyed, r->text.data, r->text.size);
	case 8:
		return add_uid(r, parent, keyed, &o);
	case 0xa:
	case 0xb:
	case 0xc:
	case 0xd:
		return add_items(r, parent, keyed, &o);
	default:
		break;
	}
	return refuse(r, o.at - 1, "a value of an unknown kind");
}

static bool open_list(reader *r, pb_bytes b, uint64_t *top)
{
	const uint8_t *t;
	uint64_t bytes;

	if (b.size < HEADER + TRAILER || memcmp(b.data, "bplist00", HEADER) != 0)
		return refuse(r, 0, "no bplist00, or one that is cut off");
	t = b.data + b.size - TRAILER;
	r->b = (pb_bytes){b.data, b.size - TRAILER};
	r->offset_size = t[6];
	r->ref_size = t[7];
	(void)number((pb_bytes){t, TRAILER}, 8, 8, &r->objects);
	(void)number((pb_bytes){t, TRAILER}, 16, 8, top);
	(void)number((pb_bytes){t, TRAILER}, 24, 8, &r->table);
	if (r->offset_size < 1 || r->offset_size > 8 || r->ref_size < 1 || r->ref_size > 8)
		return refuse(r, b.size - TRAILER, "a trailer with numbers of an impossible size");
	if (r->table < HEADER || r->table > r->b.size || __builtin_mul_overflow(r->objects, r->offset_size, &bytes) ||
	    bytes > r->b.size - r->table)
		return refuse(r, b.size - TRAILER, "a table of offsets outside of the list");
	return true;
}

int pb_plist_read_binary(pb_document *d, pb_bytes b)
{
	reader r = {.d = d};
	uint64_t top = 0;
	bool done = open_list(&r, b, &top) && add_object(&r, NULL, top, false);

	pb_buf_free(&r.key);
	pb_buf_free(&r.text);
	return done ? 0 : -1;
}
