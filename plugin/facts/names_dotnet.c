/* .NET: the types, their members and the functions of native libraries that an assembly refers to. YARA 4.2 tells where the streams lie,
 * not what is in the tables of references; their form is in ECMA-335, II.22 to II.24. */
#include <string.h>

#include "facts/names.h"

/* How wide is a column? Numbers, heaps, an index into one table, or one of several tables ("coded"). */
enum { END, U16, U32, STRING, GUID, BLOB, CODED, TO = 0x40 };
enum { TYPE_DEF_OR_REF, CONSTANT, ATTRIBUTE, MARSHAL, SECURITY, MEMBER_PARENT, SEMANTICS, METHOD, FORWARDED, ATTRIBUTE_TYPE, SCOPE };
#define C(which) (CODED + (which))
enum { TYPE_REF = 1, MEMBER_REF = 0xa, MODULE_REF = 0x1a, IMPLEMENTATION = 0x1c, ASSEMBLY_REF = 0x23, TABLES = 0x24 };

static const uint8_t columns[TABLES][10] = {
    [0x00] = {U16, STRING, GUID, GUID, GUID},
    [TYPE_REF] = {C(SCOPE), STRING, STRING},
    [0x02] = {U32, STRING, STRING, C(TYPE_DEF_OR_REF), TO + 4, TO + 6},
    [0x03] = {TO + 4},
    [0x04] = {U16, STRING, BLOB},
    [0x05] = {TO + 6},
    [0x06] = {U32, U16, U16, STRING, BLOB, TO + 8},
    [0x07] = {TO + 8},
    [0x08] = {U16, U16, STRING},
    [0x09] = {TO + 2, C(TYPE_DEF_OR_REF)},
    [MEMBER_REF] = {C(MEMBER_PARENT), STRING, BLOB},
    [0x0b] = {U16, C(CONSTANT), BLOB},
    [0x0c] = {C(ATTRIBUTE), C(ATTRIBUTE_TYPE), BLOB},
    [0x0d] = {C(MARSHAL), BLOB},
    [0x0e] = {U16, C(SECURITY), BLOB},
    [0x0f] = {U16, U32, TO + 2},
    [0x10] = {U32, TO + 4},
    [0x11] = {BLOB},
    [0x12] = {TO + 2, TO + 0x14},
    [0x13] = {TO + 0x14},
    [0x14] = {U16, STRING, C(TYPE_DEF_OR_REF)},
    [0x15] = {TO + 2, TO + 0x17},
    [0x16] = {TO + 0x17},
    [0x17] = {U16, STRING, BLOB},
    [0x18] = {U16, TO + 6, C(SEMANTICS)},
    [0x19] = {TO + 2, C(METHOD), C(METHOD)},
    [MODULE_REF] = {STRING},
    [0x1b] = {BLOB},
    [IMPLEMENTATION] = {U16, C(FORWARDED), STRING, TO + MODULE_REF},
    [0x1d] = {U32, TO + 4},
    [0x1e] = {U32, U32},
    [0x1f] = {U32},
    [0x20] = {U32, U16, U16, U16, U16, U32, BLOB, STRING, STRING},
    [0x21] = {U32},
    [0x22] = {U32, U32, U32},
    [ASSEMBLY_REF] = {U16, U16, U16, U16, U32, BLOB, STRING, STRING, BLOB},
};

/* The tables that a coded index may mean, by its lowest bits; 0xff: none. */
static const struct {
	uint8_t bits, table[22];
} coded[] = {
    [TYPE_DEF_OR_REF] = {2, {2, 1, 0x1b, 0xff}},
    [CONSTANT] = {2, {4, 8, 0x17, 0xff}},
    [ATTRIBUTE] = {5, {6, 4, 1, 2, 8, 9, 0xa, 0, 0xe, 0x17, 0x14, 0x11, 0x1a, 0x1b, 0x20, 0x23, 0x26, 0x27, 0x28, 0x2a, 0x2c, 0x2b}},
    [MARSHAL] = {1, {4, 8}},
    [SECURITY] = {2, {2, 6, 0x20, 0xff}},
    [MEMBER_PARENT] = {3, {2, 1, 0x1a, 6, 0x1b, 0xff, 0xff, 0xff}},
    [SEMANTICS] = {1, {0x14, 0x17}},
    [METHOD] = {1, {6, 0xa}},
    [FORWARDED] = {1, {4, 6}},
    [ATTRIBUTE_TYPE] = {3, {0xff, 0xff, 6, 0xa, 0xff, 0xff, 0xff, 0xff}},
    [SCOPE] = {2, {0, 0x1a, 0x23, 1}},
};

typedef struct assembly {
	pb_bytes object, strings;
	uint8_t heaps;                /* which of the heaps have wide indices */
	uint32_t rows[64];            /* of each table */
	uint64_t at[TABLES];          /* where each begins, 0: not there */
	uint32_t width[TABLES];       /* of a row */
} assembly;

static uint32_t number(pb_bytes b, uint64_t at, size_t n)
{
	uint32_t value = 0;

	if (at >= b.size || b.size - at < n)
		return 0;
	for (size_t i = 0; i < n; i++)
		value |= (uint32_t)b.data[at + i] << 8 * i;
	return value;
}

static uint32_t column_width(const assembly *a, uint8_t column)
{
	uint32_t most = 0;

	if (column >= TO)
		return a->rows[column - TO] < 0x10000 ? 2 : 4;
	switch (column) {
	case U16:
		return 2;
	case U32:
		return 4;
	case STRING:
		return a->heaps & 1 ? 4 : 2;
	case GUID:
		return a->heaps & 2 ? 4 : 2;
	case BLOB:
		return a->heaps & 4 ? 4 : 2;
	default:
		break;
	}
	uint8_t bits = coded[column - CODED].bits;
	for (size_t i = 0; i < 1u << bits && i < sizeof coded[0].table; i++) {
		uint8_t table = coded[column - CODED].table[i];
		if (table != 0xff && a->rows[table] > most)
			most = a->rows[table];
	}
	return most < 1u << (16 - bits) ? 2 : 4;
}

/* Where the tables lie. false: they do not hold together. */
static bool read_tables(assembly *a, uint64_t at, uint64_t size)
{
	pb_bytes b = pb_slice(a->object, 0, (size_t)(size < a->object.size - at ? at + size : a->object.size));
	uint64_t next = at + 24;

	a->heaps = (uint8_t)number(b, at + 6, 1);
	uint64_t valid = number(b, at + 8, 4) | (uint64_t)number(b, at + 12, 4) << 32;
	for (size_t t = 0; t < 64; t++) {
		if (!(valid >> t & 1))
			continue;
		a->rows[t] = number(b, next, 4);
		next += 4;
	}
	if (a->heaps & 0x40)
		next += 4;
	for (size_t t = 0; t < TABLES; t++) {
		for (size_t c = 0; c < sizeof columns[t] && columns[t][c]; c++)
			a->width[t] += column_width(a, columns[t][c]);
		if (a->rows[t] == 0)
			continue;
		a->at[t] = next;
		next += (uint64_t)a->rows[t] * a->width[t];
		if (next > b.size) {
			/* Nobody walks a table that is not there. */
			memset(&a->rows[t], 0, (64 - t) * sizeof a->rows[0]);
			return false;
		}
	}
	return true;
}

/* The value in a column of a row (from 1 on); 0 where there is none. */
static uint32_t cell(const assembly *a, size_t table, uint32_t row, size_t column)
{
	uint64_t at;

	if (row == 0 || row > a->rows[table] || !a->at[table])
		return 0;
	at = a->at[table] + (uint64_t)(row - 1) * a->width[table];
	for (size_t c = 0; c < column; c++)
		at += column_width(a, columns[table][c]);
	return number(a->object, at, column_width(a, columns[table][column]));
}

static pb_bytes text(const assembly *a, size_t table, uint32_t row, size_t column)
{
	pb_bytes rest = pb_slice(a->strings, cell(a, table, row, column), 512);
	const uint8_t *end = rest.size ? memchr(rest.data, 0, rest.size) : NULL;
	return pb_slice(rest, 0, end ? (size_t)(end - rest.data) : 0);
}

static uint64_t place(const assembly *a, pb_bytes name)
{
	return (uint64_t)(name.data - a->object.data);
}

/* "System.Net.Sockets.Socket", and ".Connect" where there is a member. 0: too long, or no name. */
static size_t full_name(const assembly *a, uint32_t type, pb_bytes member, char *out, size_t room)
{
	const pb_bytes parts[] = {text(a, TYPE_REF, type, 2), text(a, TYPE_REF, type, 1), member};
	size_t n = 0;

	if (parts[1].size == 0)
		return 0;
	for (size_t i = 0; i < 3; i++) {
		if (parts[i].size == 0)
			continue;
		if (parts[i].size + 1 > room - n)
			return 0;
		if (n > 0)
			out[n++] = '.';
		memcpy(out + n, parts[i].data, parts[i].size);
		n += parts[i].size;
	}
	return n;
}

static pb_bytes assembly_of(const assembly *a, uint32_t type)
{
	uint32_t scope = cell(a, TYPE_REF, type, 0);
	return (scope & 3) == 2 ? text(a, ASSEMBLY_REF, scope >> 2, 6) : (pb_bytes){NULL, 0};
}

static void tell_types(const assembly *a, pb_name_fn fn, void *user)
{
	static const pb_bytes none = {NULL, 0};
	char name[1024];

	for (uint32_t i = 1; i <= a->rows[TYPE_REF]; i++) {
		size_t n = full_name(a, i, none, name, sizeof name);
		if (n > 0)
			fn(user, (pb_bytes){(const uint8_t *)name, n}, assembly_of(a, i), place(a, text(a, TYPE_REF, i, 1)));
	}
	for (uint32_t i = 1; i <= a->rows[MEMBER_REF]; i++) {
		uint32_t parent = cell(a, MEMBER_REF, i, 0);
		pb_bytes member = text(a, MEMBER_REF, i, 1);
		if ((parent & 7) != 1 || member.size == 0)
			continue;
		size_t n = full_name(a, parent >> 3, member, name, sizeof name);
		if (n > 0)
			fn(user, (pb_bytes){(const uint8_t *)name, n}, assembly_of(a, parent >> 3), place(a, member));
	}
}

static void tell_native(const assembly *a, pb_name_fn fn, void *user)
{
	for (uint32_t i = 1; i <= a->rows[IMPLEMENTATION]; i++) {
		pb_bytes name = text(a, IMPLEMENTATION, i, 2);
		if (name.size > 0)
			fn(user, name, text(a, MODULE_REF, cell(a, IMPLEMENTATION, i, 3), 0), place(a, name));
	}
}

static int each(const pb_look *look, void (*tell)(const assembly *, pb_name_fn, void *), pb_name_fn fn, void *user)
{
	const json_t *dotnet = json_object_get(look->facts, "dotnet");
	assembly a = {.object = look->object->bytes};
	uint64_t tables = 0, size = 0;
	json_t *stream;
	size_t i;

	json_array_foreach (json_object_get(dotnet, "streams"), i, stream) {
		const char *name = pb_json_str(stream, "name", "");
		int64_t at = pb_json_int(stream, "offset", -1), n = pb_json_int(stream, "size", -1);
		if (at <= 0 || n <= 0 || (uint64_t)at >= a.object.size)
			continue;
		if (strcmp(name, "#~") == 0) {
			tables = (uint64_t)at;
			size = (uint64_t)n;
		} else if (strcmp(name, "#Strings") == 0) {
			a.strings = pb_slice(a.object, (size_t)at, (size_t)n);
		}
	}
	if (!tables)
		return 0;
	bool whole = read_tables(&a, tables, size);
	tell(&a, fn, user);
	return whole ? 0 : PB_ELIMIT;
}

int pb_names_dotnet(const pb_look *look, pb_name_fn fn, void *user)
{
	return each(look, tell_types, fn, user);
}

int pb_names_native(const pb_look *look, pb_name_fn fn, void *user)
{
	return each(look, tell_native, fn, user);
}
