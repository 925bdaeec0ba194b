/* Java bytecode: the classes that a class names, and the methods that it calls, as its constant pool has them (chapter 4.4 of the Java
 * virtual machine's specification). Names are written as in Java: "java.lang.Runtime.exec", inner classes with a dollar. */
#include <stdlib.h>
#include <string.h>

#include "facts/names.h"

enum { UTF8 = 1, LONG = 5, DOUBLE = 6, CLASS = 7, METHOD = 10, INTERFACE_METHOD = 11, NAME_AND_TYPE = 12, HEAD = 10 };

typedef struct pool {
	pb_bytes b;
	uint32_t *at; /* of each entry's tag; 0: there is none of this number */
	uint32_t n;
	uint64_t end; /* where the pool ends */
} pool;

static uint32_t u16(pb_bytes b, uint64_t at)
{
	return at < b.size && b.size - at >= 2 ? (uint32_t)b.data[at] << 8 | b.data[at + 1] : 0;
}

/* Bytes of an entry with its tag; 0: no tag that there is. */
static uint64_t size_of(const pool *p, uint64_t at)
{
	static const uint8_t fixed[] = {[3] = 5, [4] = 5, [LONG] = 9, [DOUBLE] = 9, [CLASS] = 3, [8] = 3, [9] = 5, [METHOD] = 5,
	                                [INTERFACE_METHOD] = 5, [NAME_AND_TYPE] = 5, [15] = 4, [16] = 3, [17] = 5, [18] = 5,
	                                [19] = 3, [20] = 3};
	uint8_t tag = p->b.data[at];

	if (tag == UTF8)
		return 3 + (uint64_t)u16(p->b, at + 1);
	return tag < sizeof fixed ? fixed[tag] : 0;
}

/* Where each entry lies. false: the pool does not hold together. */
static bool index_pool(pool *p)
{
	uint64_t at = HEAD;

	for (uint32_t i = 1; i < p->n; i++) {
		uint64_t size = at < p->b.size ? size_of(p, at) : 0;
		if (size == 0 || size > p->b.size - at)
			return false;
		p->at[i] = (uint32_t)at;
		/* Entries of 8 bytes count twice. */
		if (p->b.data[at] == LONG || p->b.data[at] == DOUBLE)
			i++;
		at += size;
	}
	p->end = at;
	return true;
}

static uint64_t entry(const pool *p, uint32_t index, uint8_t tag)
{
	return index < p->n && p->at[index] && p->b.data[p->at[index]] == tag ? p->at[index] : 0;
}

static pb_bytes utf8(const pool *p, uint32_t index)
{
	uint64_t at = entry(p, index, UTF8);
	return at ? pb_slice(p->b, (size_t)at + 3, u16(p->b, at + 1)) : (pb_bytes){NULL, 0};
}

/* The name of a class, dotted; 0 where there is none, or it is an array or longer than any that a list has. */
static size_t class_name(const pool *p, uint32_t index, char *out, size_t room)
{
	uint64_t at = entry(p, index, CLASS);
	pb_bytes name = at ? utf8(p, u16(p->b, at + 1)) : (pb_bytes){NULL, 0};

	if (name.size == 0 || name.size > room || name.data[0] == '[')
		return 0;
	for (size_t i = 0; i < name.size; i++)
		out[i] = name.data[i] == '/' ? '.' : (char)name.data[i];
	return name.size;
}

static void tell(const pool *p, uint32_t index, pb_name_fn fn, void *user)
{
	char text[512];
	uint64_t at = p->at[index];
	uint8_t tag = p->b.data[at];

	if (tag == CLASS) {
		size_t n = class_name(p, index, text, sizeof text);
		if (n > 0)
			fn(user, (pb_bytes){(const uint8_t *)text, n}, (pb_bytes){NULL, 0}, at);
	} else if (tag == METHOD || tag == INTERFACE_METHOD) {
		size_t n = class_name(p, u16(p->b, at + 1), text, 256);
		uint64_t what = entry(p, u16(p->b, at + 3), NAME_AND_TYPE);
		pb_bytes name = what ? utf8(p, u16(p->b, what + 1)) : (pb_bytes){NULL, 0};
		if (n == 0 || name.size == 0 || name.size > 255)
			return;
		text[n] = '.';
		memcpy(text + n + 1, name.data, name.size);
		fn(user, (pb_bytes){(const uint8_t *)text, n + 1 + name.size}, (pb_bytes){NULL, 0}, at);
	}
}

int pb_names_java(const pb_look *look, pb_name_fn fn, void *user)
{
	pool p = {.b = look->object->bytes};

	if (strcmp(look->object->kind->name, "java-class") != 0)
		return 0;
	p.n = u16(p.b, 8);
	p.at = calloc((size_t)p.n + 1, sizeof *p.at);
	if (!p.at)
		return PB_ENOMEM;
	bool whole = p.b.size < UINT32_MAX && index_pool(&p);
	uint32_t own = whole ? u16(p.b, p.end + 2) : 0; /* that it is this class is no use of it */
	for (uint32_t i = 1; i < p.n; i++)
		if (p.at[i] && i != own)
			tell(&p, i, fn, user);
	free(p.at);
	return whole ? 0 : PB_ELIMIT;
}
