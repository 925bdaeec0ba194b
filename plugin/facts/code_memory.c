/* Values and names of one script: an arena with a bound, and a table of what names stand for. */
#include <stdlib.h>
#include <string.h>

#include "facts/code.h"

enum { BLOCK = 32 << 10 };

typedef struct pb_code_block {
	struct pb_code_block *next;
	size_t used, size;
	_Alignas(16) uint8_t bytes[];
} pb_code_block;

typedef struct pb_binding {
	pb_bytes name; /* size 0: free */
	pb_value value;
	bool alias, ambiguous;
} pb_binding;

void *pb_code_alloc(pb_script *c, size_t n)
{
	if (n > PB_CODE_ARENA || c->arena + n > PB_CODE_ARENA) {
		c->cut = true;
		return NULL;
	}
	n = (n + 15) & ~(size_t)15;
	if (!c->blocks || c->blocks->size - c->blocks->used < n) {
		size_t size = n > BLOCK ? n : BLOCK;
		pb_code_block *block = malloc(sizeof *block + size);
		if (!block) {
			c->failed = true;
			return NULL;
		}
		*block = (pb_code_block){.next = c->blocks, .size = size};
		c->blocks = block;
	}
	void *p = c->blocks->bytes + c->blocks->used;
	c->blocks->used += n;
	c->arena += n;
	return p;
}

pb_code_mark pb_code_mark_now(const pb_script *c)
{
	return (pb_code_mark){c->blocks, c->blocks ? c->blocks->used : 0, c->arena};
}

void pb_code_release(pb_script *c, pb_code_mark mark)
{
	while (c->blocks != mark.block) {
		pb_code_block *next = c->blocks->next;
		free(c->blocks);
		c->blocks = next;
	}
	if (c->blocks)
		c->blocks->used = mark.used;
	c->arena = mark.arena;
	c->tail = NULL;
}

pb_value pb_value_text(pb_script *c, const uint8_t *text, size_t n)
{
	uint8_t *copy = n <= PB_CODE_TEXT ? pb_code_alloc(c, n ? n : 1) : NULL;
	if (!copy)
		return (pb_value){.kind = PB_VALUE_UNKNOWN};
	if (n)
		memcpy(copy, text, n);
	return (pb_value){.kind = PB_VALUE_TEXT, .text = copy, .n = n};
}

void pb_code_free(pb_script *c)
{
	for (pb_code_block *b = c->blocks, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	free(c->tokens);
	free(c->bindings);
}

static size_t hash(pb_bytes name)
{
	uint64_t h = 1469598103934665603u;
	for (size_t i = 0; i < name.size; i++)
		h = (h ^ name.data[i]) * 1099511628211u;
	return (size_t)(h ^ (h >> 32));
}

/* The slot of the name: its own, or the free one where it belongs. cap_bindings > 0. */
static pb_binding *slot(const pb_script *c, pb_bytes name)
{
	size_t i = hash(name) & (c->cap_bindings - 1);
	for (;; i = (i + 1) & (c->cap_bindings - 1)) {
		pb_binding *b = &c->bindings[i];
		if (b->name.size == 0 || (b->name.size == name.size && memcmp(b->name.data, name.data, name.size) == 0))
			return b;
	}
}

static bool grow(pb_script *c)
{
	pb_binding *old = c->bindings;
	size_t had = c->cap_bindings, cap = had ? had * 2 : 64;
	pb_binding *more = calloc(cap, sizeof *more);

	if (!more)
		return !(c->failed = true);
	c->bindings = more;
	c->cap_bindings = cap;
	for (size_t i = 0; i < had; i++)
		if (old[i].name.size)
			*slot(c, old[i].name) = old[i];
	free(old);
	return true;
}

static bool same(const pb_value *a, const pb_value *b)
{
	if (a->kind != b->kind || a->n != b->n)
		return false;
	if (a->kind == PB_VALUE_NUMBER)
		return a->number == b->number;
	return a->kind == PB_VALUE_TEXT && (a->n == 0 || memcmp(a->text, b->text, a->n) == 0);
}

void pb_code_bind(pb_script *c, pb_bytes name, const pb_value *value, bool alias)
{
	if (name.size == 0)
		return;
	if (c->n_bindings >= PB_CODE_NAMES) {
		c->cut = true;
		/* A name that is known must still learn that it became ambiguous. */
		if (slot(c, name)->name.size == 0)
			return;
	} else if ((c->n_bindings + 1) * 2 > c->cap_bindings && !grow(c)) {
		return;
	}
	pb_binding *b = slot(c, name);
	if (b->name.size == 0) {
		*b = (pb_binding){.name = name, .alias = alias, .ambiguous = value == NULL};
		if (value)
			b->value = *value;
		c->n_bindings++;
	} else if (!value || b->alias != alias || !same(&b->value, value)) {
		b->ambiguous = true;
	}
}

const pb_value *pb_code_bound(const pb_script *c, pb_bytes name, bool alias)
{
	if (c->cap_bindings == 0 || name.size == 0)
		return NULL;
	const pb_binding *b = slot(c, name);
	return b->name.size && !b->ambiguous && b->alias == alias ? &b->value : NULL;
}
