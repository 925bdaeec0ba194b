/* Is it in the list? Each way asks for whole keys only, so every question is a few binary searches and nothing matches in the
 * middle of a name. */
#include <string.h>

#include "facts/list.h"
#include "facts/lists.h"

enum { ELEMENTS = 64, RUN = 8 };

typedef struct asking {
	const pb_list *list;
	size_t *looked;
	char text[2 + PB_LIST_WHAT + 1]; /* room for "*." before it */
} asking;

const pb_list *pb_list_at(const pb_lists *l, size_t i)
{
	return i < l->n_named ? &l->named[i] : NULL;
}

const pb_list *pb_list_named(const pb_lists *l, const char *name)
{
	for (size_t i = 0; i < l->n_named; i++)
		if (strcmp(l->named[i].name, name) == 0)
			return &l->named[i];
	return NULL;
}

const char *const *pb_list_row(const pb_list *l, size_t i)
{
	return &l->cells[i * l->n_columns];
}

const char *pb_list_cell(const pb_list *l, const char *const *row, const char *column)
{
	for (size_t i = 0; i < l->n_columns; i++)
		if (strcmp(l->columns[i], column) == 0)
			return row[i];
	return "";
}

const char *const *pb_list_get(const pb_list *l, const char *key)
{
	size_t low = 0, high = l->n_rows;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *const *row = pb_list_row(l, middle);
		int order = pb_list_order(key, row[0]);

		if (order == 0)
			return row;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static const char *const *ask(const asking *a, const char *key)
{
	++*a->looked;
	return pb_list_get(a->list, key);
}

/* The first n bytes of s as a key. */
static const char *const *ask_part(const asking *a, char *s, size_t n)
{
	char kept = s[n];
	const char *const *row;

	s[n] = '\0';
	row = ask(a, s);
	s[n] = kept;
	return row;
}

static void to_lower(char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] >= 'A' && s[i] <= 'Z')
			s[i] = (char)(s[i] - 'A' + 'a');
}

/* s: "host" or "host/path"; the longest path of the list first. */
static const char *const *ask_place(const asking *a, char *s, size_t host)
{
	size_t end[RUN], n = 0, size = strlen(s);
	const char *const *row = NULL;

	if (a->list->has_paths)
		for (size_t at = host; at < size && n < RUN; n++) {
			at += 1 + strcspn(s + at + 1, "/?#");
			end[n] = at;
			if (s[at] != '/')
				at = size;
		}
	while (n > 0 && row == NULL)
		row = ask_part(a, s, end[--n]);
	return row != NULL ? row : ask_part(a, s, host);
}

static const char *const *find_host(asking *a, char *s)
{
	size_t host = strcspn(s, "/?#");
	const char *const *row;
	bool below = a->list->match == PB_LIST_DOMAIN;

	to_lower(s, host);
	if (host > 0 && s[host - 1] == '.') { /* the root's dot */
		memmove(s + host - 1, s + host, strlen(s + host) + 1);
		host--;
	}
	row = ask_place(a, s, host);
	while (row == NULL) {
		char *dot = memchr(s, '.', host);

		if (dot == NULL)
			return NULL;
		host -= (size_t)(dot + 1 - s);
		s = dot + 1;
		if (!below) { /* over what was before: at least the dot, and a label or the room in front */
			s[-1] = '.';
			s[-2] = '*';
			row = ask_place(a, s - 2, host + 2);
		} else {
			row = ask_place(a, s, host);
		}
	}
	return row;
}

static const char *const *find_prefix(const asking *a, char *s)
{
	const char *const *row = ask(a, s);

	for (size_t n = strlen(s); n > 1 && row == NULL;) {
		n--;
		if (strchr("./:@", s[n]) != NULL)
			row = ask_part(a, s, n);
	}
	return row;
}

static const char *const *find_path(const asking *a, char *s)
{
	size_t begin[ELEMENTS] = {0}, end[ELEMENTS] = {0}, n = 0, size = strlen(s);

	to_lower(s, size);
	for (char *p = s; (p = strchr(p, '\\')) != NULL;)
		*p = '/';
	/* The last elements are what a path is about. */
	for (size_t to = size; n < ELEMENTS;) {
		size_t from;

		while (to > 0 && s[to - 1] == '/')
			to--;
		if (to == 0)
			break;
		for (from = to; from > 0 && s[from - 1] != '/';)
			from--;
		begin[n] = from;
		end[n++] = to;
		to = from;
	}
	for (size_t run = n < RUN ? n : RUN; run > 0; run--)
		for (size_t last = 0; last + run <= n; last++) {
			const char *const *row = ask_part(a, s + begin[last + run - 1], end[last] - begin[last + run - 1]);
			if (row != NULL)
				return row;
		}
	return NULL;
}

const char *const *pb_list_find(const pb_list *l, pb_bytes what, size_t *looked)
{
	asking a = {.list = l, .looked = looked};
	char *s = a.text + 2;

	/* Of what is longer, hosts and names are told by their beginning, paths by their end. */
	if (what.size > PB_LIST_WHAT && l->match == PB_LIST_PATH)
		what = pb_slice(what, what.size - PB_LIST_WHAT, PB_LIST_WHAT);
	if (what.size > PB_LIST_WHAT && l->match != PB_LIST_EXACT)
		what = pb_slice(what, 0, PB_LIST_WHAT);
	if (what.size == 0 || what.size > PB_LIST_WHAT || memchr(what.data, '\0', what.size) != NULL)
		return NULL;
	memcpy(s, what.data, what.size);
	s[what.size] = '\0';
	switch (l->match) {
	case PB_LIST_HOST:
	case PB_LIST_DOMAIN: return find_host(&a, s);
	case PB_LIST_PREFIX: return find_prefix(&a, s);
	case PB_LIST_PATH: return find_path(&a, s);
	case PB_LIST_EXACT: break;
	}
	return ask(&a, s);
}
