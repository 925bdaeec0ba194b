/* Rows are sorted by path, so everything below a folder or a container lies in one run of them. A node is such a run; sums before each
 * row make its size two look-ups, and its members are found by halving: no step walks through all objects. */
#include "worker/composition.h"

#include <stdlib.h>
#include <string.h>

typedef struct node {
	size_t from, to;  /* the rows of it; the first and the last have bytes */
	size_t depth, in; /* what their paths have in common: whole elements, and bytes of the one behind them, up to a '/' */
	bool rest;        /* of the node above: runs of what did not get a row of its own */
	bool closed;      /* not to be opened any more */
	int64_t bytes;
	int64_t objects;
} node;

typedef struct composing {
	const pb_join *j;
	int64_t *bytes, *objects; /* before row i; objects: those with bytes */
	node *nodes;
	size_t n;
} composing;

int64_t pb_composition_counts(const pb_row *row, int64_t before)
{
	int64_t size = row->opened ? 0 : pb_json_int(row->record, "size", 0);

	if (size <= 0)
		return 0;
	return size > INT64_MAX - before ? INT64_MAX - before : size;
}

static const char *element(const composing *c, size_t row, size_t i)
{
	const char *s = json_string_value(json_array_get(c->j->rows[row].path, i));

	return s ? s : "";
}

/* The row of [from, to) that holds object number `count`, counted from the product's first. */
static size_t row_of_object(const composing *c, size_t from, size_t to, int64_t count)
{
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (c->objects[middle + 1] <= count)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* What the paths of two rows have in common. */
static void common(const composing *c, size_t first, size_t last, node *out)
{
	size_t n = c->j->rows[first].depth < c->j->rows[last].depth ? c->j->rows[first].depth : c->j->rows[last].depth;

	out->depth = out->in = 0;
	while (out->depth < n && strcmp(element(c, first, out->depth), element(c, last, out->depth)) == 0)
		out->depth++;
	if (out->depth == n)
		return;
	const char *a = element(c, first, out->depth), *b = element(c, last, out->depth);
	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '/')
			out->in = i + 1;
}

/* The run [from, to) as a node, from its first to its last row with bytes; false: it has none. */
static bool node_of(const composing *c, size_t from, size_t to, node *out)
{
	*out = (node){.objects = c->objects[to] - c->objects[from], .bytes = c->bytes[to] - c->bytes[from]};
	if (out->objects == 0)
		return false;
	out->from = row_of_object(c, from, to, c->objects[from]);
	out->to = row_of_object(c, from, to, c->objects[to] - 1) + 1;
	common(c, out->from, out->to - 1, out);
	return true;
}

/* Where, in [from, to), rows end whose element at depth begins with (or, whole, is) the first n bytes of s. They come first. */
static size_t end_of(const composing *c, size_t from, size_t to, size_t depth, const char *s, size_t n, bool whole)
{
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const char *other = element(c, middle, depth);

		if (strncmp(other, s, n) == 0 && (!whole || other[n] == '\0'))
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* The end of the member of `of` that begins at row at. */
static size_t member_end(const composing *c, const node *of, size_t at)
{
	const char *s, *slash;

	/* The object itself, which may be there more than once: its own bytes, beside those of what lies in it. */
	while (at < of->to && of->in == 0 && c->j->rows[at].depth == of->depth)
		if (++at == of->to || c->j->rows[at].depth != of->depth)
			return at;
	s = element(c, at, of->depth);
	slash = strchr(s + of->in, '/');
	return end_of(c, at, of->to, of->depth, s, slash ? (size_t)(slash + 1 - s) : strlen(s), !slash);
}

/* Largest first; equal ones as they lie. */
static int by_bytes(const void *x, const void *y)
{
	const node *a = x, *b = y;
	int order = (a->bytes < b->bytes) - (a->bytes > b->bytes);

	return order ? order : (a->from > b->from) - (a->from < b->from);
}

/* Keeps the `most` largest members of those that come one after the other; the others are summed up. */
typedef struct keeping {
	node *kept; /* room for most + 1 */
	size_t n, most;
	node rest;
} keeping;

/* The smallest of those that are kept becomes part of the rest. */
static void drop_one(keeping *k)
{
	size_t least = 0;

	for (size_t i = 1; i < k->n; i++)
		if (by_bytes(&k->kept[least], &k->kept[i]) < 0)
			least = i;
	k->rest.bytes += k->kept[least].bytes;
	k->rest.objects += k->kept[least].objects;
	k->kept[least] = k->kept[--k->n];
}

static void keep(keeping *k, const node *one)
{
	k->kept[k->n++] = *one;
	if (k->n > k->most)
		drop_one(k);
}

/* Puts the members of node i in its place, as far as there is room; what has no room becomes its rest. */
static void open_node(composing *c, size_t i)
{
	node room[PB_COMPOSITION_SPREAD + 1], of = c->nodes[i], one;
	size_t free_rows = PB_COMPOSITION_ROWS - c->n + 1; /* its own is free then */
	keeping k = {.kept = room, .most = free_rows < PB_COMPOSITION_SPREAD ? free_rows : PB_COMPOSITION_SPREAD};

	k.rest = (node){.from = of.from, .to = of.to, .depth = of.depth, .in = of.in, .rest = true, .closed = true};
	for (size_t at = of.from, to; at < of.to; at = to) {
		to = member_end(c, &of, at);
		if (node_of(c, at, to, &one))
			keep(&k, &one);
	}
	if (k.rest.objects > 0 && k.n == k.most) /* the rest takes a row too */
		drop_one(&k);
	if (k.n < 2 && k.rest.objects == 0) { /* copies at one place: nothing to tell apart */
		c->nodes[i].closed = true;
		return;
	}
	c->nodes[i] = k.kept[0];
	for (size_t m = 1; m < k.n; m++)
		c->nodes[c->n++] = k.kept[m];
	if (k.rest.objects > 0)
		c->nodes[c->n++] = k.rest;
}

/* The largest that can still be opened; n: there is none. */
static size_t largest(const composing *c)
{
	size_t best = c->n;

	for (size_t i = 0; i < c->n; i++)
		if (!c->nodes[i].closed && c->nodes[i].objects > 1 && (best == c->n || by_bytes(&c->nodes[i], &c->nodes[best]) < 0))
			best = i;
	return best;
}

/* The container at the node's path, or what lies there itself; "folder" where nothing does. */
static const char *kind_of(const composing *c, const node *n)
{
	const pb_row *first = &c->j->rows[n->from];
	const char *name;
	size_t at;

	if (n->rest)
		return "rest";
	if (n->in > 0 || n->depth == 0)
		return "folder";
	if (first->depth == n->depth)
		return first->kind->name;
	name = element(c, n->from, n->depth - 1);
	at = pb_join_find(c->j, first->path, n->depth - 1, name);
	return at < c->j->n ? c->j->rows[at].kind->name : "folder";
}

static json_t *path_of(const composing *c, const node *n)
{
	json_t *path = json_array();

	for (size_t i = 0; path && i < n->depth; i++)
		if (json_array_append(path, json_array_get(c->j->rows[n->from].path, i)))
			goto bad;
	if (path && n->in > 0 && json_array_append_new(path, json_stringn(element(c, n->from, n->depth), n->in)))
		goto bad;
	return path;
bad:
	json_decref(path);
	return NULL;
}

/* By path, element for element, then kind. */
static int by_place(const void *x, const void *y)
{
	const json_t *a = *(json_t *const *)x, *b = *(json_t *const *)y;
	int order = pb_path_order(json_object_get(a, "path"), json_object_get(b, "path"));

	return order ? order : strcmp(pb_json_str(a, "kind", ""), pb_json_str(b, "kind", ""));
}

static json_t *told(const composing *c)
{
	json_t *all[PB_COMPOSITION_ROWS], *rows = json_array();
	bool cut = false, failed = !rows;

	for (size_t i = 0; i < c->n; i++) {
		const node *n = &c->nodes[i];

		cut |= n->objects > 1;
		all[i] = json_pack("{s:o,s:I,s:I,s:s}", "path", path_of(c, n), "bytes", (json_int_t)n->bytes, "objects", (json_int_t)n->objects,
		                   "kind", kind_of(c, n));
		failed |= !all[i];
	}
	if (!failed && c->n > 1)
		qsort(all, c->n, sizeof *all, by_place);
	for (size_t i = 0; i < c->n; i++) /* without memory nothing is appended, and each is freed all the same */
		failed |= json_array_append_new(rows, all[i]) != 0;
	if (failed) {
		json_decref(rows);
		return NULL;
	}
	return json_pack("{s:o,s:b}", "rows", rows, "cut", cut);
}

json_t *pb_composition_of(const pb_join *j)
{
	composing c = {.j = j,
	               .bytes = malloc((j->n + 1) * sizeof *c.bytes),
	               .objects = malloc((j->n + 1) * sizeof *c.objects),
	               .nodes = malloc((PB_COMPOSITION_ROWS + 2) * sizeof *c.nodes)};
	json_t *out = NULL;

	if (!c.bytes || !c.objects || !c.nodes)
		goto out;
	c.bytes[0] = c.objects[0] = 0;
	for (size_t i = 0; i < j->n; i++) {
		int64_t counts = pb_composition_counts(&j->rows[i], c.bytes[i]);

		c.bytes[i + 1] = c.bytes[i] + counts;
		c.objects[i + 1] = c.objects[i] + (counts > 0);
	}
	if (node_of(&c, 0, j->n, &c.nodes[0]))
		c.n = 1;
	for (size_t at; c.n > 0 && c.n < PB_COMPOSITION_ROWS && (at = largest(&c)) < c.n;)
		open_node(&c, at);
	out = told(&c);
out:
	free(c.bytes);
	free(c.objects);
	free(c.nodes);
	return out;
}
