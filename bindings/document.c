/* The tree, its memory and its limits. What is said of each function is in document.h. */
#include "bindings/document.h"

#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { CHUNK = 32768 };

typedef struct pb_chunk {
	struct pb_chunk *next;
	size_t used, room;
	_Alignas(max_align_t) char memory[];
} pb_chunk;

pb_document *pb_document_new(void)
{
	return calloc(1, sizeof(pb_document));
}

static void forget_nothing(void *node)
{
	(void)node; /* the nodes are the chunks' */
}

void pb_document_free(pb_document *d)
{
	if (d == NULL)
		return;
	tdestroy(d->index, forget_nothing);
	for (pb_chunk *c = d->chunks, *next; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	free(d);
}

int pb_document_no_memory(pb_document *d)
{
	d->out_of_memory = true;
	return pb_document_fail(d, "out of memory");
}

int pb_document_fail(pb_document *d, const char *fmt, ...)
{
	char words[160];
	char *shown;
	va_list ap;

	if (d->reason[0] != '\0')
		return -1;
	va_start(ap, fmt);
	(void)vsnprintf(words, sizeof words, fmt, ap);
	va_end(ap);
	shown = pb_text_safe(words, sizeof words - 1);
	if (shown == NULL)
		d->out_of_memory = true;
	if (d->line > 0)
		(void)snprintf(d->reason, sizeof d->reason, "line %u, column %u: %s", (unsigned)d->line, (unsigned)d->column,
		               shown != NULL ? shown : "");
	else
		(void)snprintf(d->reason, sizeof d->reason, "%s", shown != NULL ? shown : "out of memory");
	free(shown);
	return -1;
}

static void *take(pb_document *d, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	pb_chunk *c = d->chunks;
	void *memory;

	size = (size + align - 1) / align * align; /* sizes here are bounded by PB_DOCUMENT_STRINGS */
	if (c == NULL || c->room - c->used < size) {
		size_t room = size > CHUNK ? size : CHUNK;

		c = malloc(sizeof *c + room);
		if (c == NULL) {
			(void)pb_document_no_memory(d);
			return NULL;
		}
		*c = (pb_chunk){d->chunks, 0, room};
		d->chunks = c;
	}
	memory = c->memory + c->used;
	c->used += size;
	return memory;
}

static bool count_string(pb_document *d, size_t size)
{
	if (size > PB_DOCUMENT_STRINGS - d->strings) {
		(void)pb_document_fail(d, "limit size: more than %d bytes of strings", PB_DOCUMENT_STRINGS);
		return false;
	}
	d->strings += size;
	return true;
}

static bool holds_others(unsigned type)
{
	return type == PB_NODE_LIST || type == PB_NODE_TABLE || type == PB_NODE_ELEMENT;
}

static bool allow_depth(pb_document *d, unsigned depth, unsigned type)
{
	if (depth + holds_others(type) > PB_DOCUMENT_DEPTH)
		(void)pb_document_fail(d, "limit depth: more than %d levels", PB_DOCUMENT_DEPTH);
	return depth + holds_others(type) <= PB_DOCUMENT_DEPTH;
}

static bool count_entry(pb_document *d)
{
	if (d->entries >= PB_DOCUMENT_ENTRIES) {
		(void)pb_document_fail(d, "limit entries: more than %d values", PB_DOCUMENT_ENTRIES);
		return false;
	}
	d->entries++;
	return true;
}

bool pb_document_copy(pb_document *d, const void *bytes, size_t size, pb_string *out)
{
	char *copy;

	if (!count_string(d, size))
		return false;
	copy = take(d, size + 1);
	if (copy == NULL)
		return false;
	if (size > 0)
		memcpy(copy, bytes, size);
	copy[size] = '\0';
	*out = (pb_string){copy, size};
	return true;
}

/* A balanced tree of libc's, so that no choice of keys makes it slow. The order of addresses decides nothing but its shape. */
static int compare(const void *a, const void *b)
{
	const pb_node *x = a, *y = b;
	uintptr_t p = (uintptr_t)x->parent, q = (uintptr_t)y->parent;

	if (p != q)
		return p < q ? -1 : 1;
	if (x->key.size != y->key.size)
		return x->key.size < y->key.size ? -1 : 1;
	return memcmp(x->key.data, y->key.data, x->key.size);
}

pb_node *pb_document_find(const pb_document *d, const pb_node *table, const void *key, size_t key_size)
{
	union { /* pb_node.parent is not const */
		const pb_node *in;
		pb_node *out;
	} parent = {.in = table};
	pb_node probe = {.parent = parent.out, .key = {key, key_size}};
	pb_node *const *hit = tfind(&probe, &d->index, compare);

	return hit != NULL ? *hit : NULL;
}

pb_node *pb_document_add(pb_document *d, pb_node *parent, pb_node_type type, const void *key, size_t key_size)
{
	unsigned depth = parent != NULL ? parent->depth + 1U : 0;
	pb_node *n;

	if (!allow_depth(d, depth, type) || !count_entry(d))
		return NULL;
	n = take(d, sizeof *n);
	if (n == NULL)
		return NULL;
	*n = (pb_node){.parent = parent, .line = d->line, .column = d->column, .type = (uint8_t)type, .depth = (uint8_t)depth};
	if (key != NULL && !pb_document_copy(d, key, key_size, &n->key))
		return NULL;
	if (parent == NULL) {
		d->root = n;
		return n;
	}
	if (parent->indexed && tsearch(n, &d->index, compare) == NULL) {
		(void)pb_document_no_memory(d);
		return NULL;
	}
	*(parent->last != NULL ? &parent->last->next : &parent->first) = n;
	parent->last = n;
	parent->children++;
	return n;
}

pb_node *pb_document_add_string(pb_document *d, pb_node *parent, const void *key, size_t key_size, const void *bytes, size_t n)
{
	pb_node *node = pb_document_add(d, parent, PB_NODE_STRING, key, key_size);

	return node != NULL && pb_document_copy(d, bytes, n, &node->string) ? node : NULL;
}

/* Counts what is below n once more, as if it stood at depth. Recursion is at most PB_DOCUMENT_DEPTH deep. */
static bool weigh(pb_document *d, const pb_node *n, unsigned depth)
{
	while (n->type == PB_NODE_ALIAS)
		n = n->as.target;
	if (!allow_depth(d, depth, n->type) || !count_string(d, n->string.size))
		return false;
	for (const pb_node *c = n->first; c != NULL; c = c->next)
		if (!count_entry(d) || !count_string(d, c->key.size) || !weigh(d, c, depth + 1))
			return false;
	return true;
}

bool pb_document_alias(pb_document *d, pb_node *node, pb_node *target)
{
	node->as.target = target;
	return weigh(d, target, node->depth);
}

void pb_document_place(pb_document *d, pb_bytes text, size_t at)
{
	const uint8_t *p = text.data, *end = text.data + (at < text.size ? at : text.size), *hit;

	d->line = 1;
	d->column = 1;
	for (; p < end && (hit = memchr(p, '\n', (size_t)(end - p))) != NULL; p = hit + 1)
		d->line++;
	for (; p < end; p++)
		d->column += (*p & 0xc0) != 0x80;
}

bool pb_document_utf8(pb_document *d, pb_bytes text)
{
	size_t at = 0, n;
	uint32_t c;

	if (pb_text_utf8(text.data, text.size) && (text.size == 0 || memchr(text.data, 0, text.size) == NULL))
		return true;
	while (at < text.size && text.data[at] != 0 && (n = pb_text_decode(text.data + at, text.size - at, &c)) > 0)
		at += n;
	pb_document_place(d, text, at);
	(void)pb_document_fail(d, at < text.size && text.data[at] == 0 ? "a NUL byte" : "not valid UTF-8");
	return false;
}

size_t pb_utf8_put(uint32_t c, char out[4])
{
	static const uint8_t first[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(first[n] | c);
	return n;
}
