#include "clamav/listing.h"

#include <stdlib.h>
#include <string.h>

/* A tar header holds 100 bytes of a name; a name that long is the start of a longer one. At most SEARCH_MOST rows are looked at
 * for a member. */
enum { CUT_FROM = 99, SEARCH_MOST = 1024, TINY = 5 };

void pb_listing_open(json_t *members, bool ordered, pb_listing *out)
{
	const json_t *entries = json_object_get(members, "entries");
	size_t n = json_array_size(entries);

	*out = (pb_listing){.members = members, .ordered = ordered};
	out->row = n > 0 ? calloc(n, sizeof *out->row) : NULL;
	for (size_t i = 0; out->row != NULL && i < n; i++) {
		const json_t *e = json_array_get(entries, i);
		int64_t size = pb_json_int(e, "size", 0);

		if (size > TINY && strcmp(pb_json_str(e, "type", ""), "file") == 0)
			out->row[out->n++] = (pb_listed){pb_json_str(e, "path", ""), (uint64_t)size, false};
	}
}

void pb_listing_close(pb_listing *l)
{
	free(l->row);
	json_decref(l->members);
	*l = (pb_listing){0};
}

/* The next character of a display form that survives every way in which ClamAV spells names: letters beyond ASCII, escapes, and
 * what it writes in their place are passed over. */
static char plain(const char **p)
{
	for (;; (*p)++) {
		char c = **p;

		if (c == '\\' && (*p)[1] == 'x' && (*p)[2] != '\0' && (*p)[3] != '\0') {
			*p += 3;
		} else if (c == '\\' && (*p)[1] == 'u') {
			while ((*p)[1] != '\0' && **p != '}')
				(*p)++;
		} else if (c == '\0' || (c > 0 && c != '?' && c != '_' && c != '\\')) {
			return c;
		}
	}
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Equal but for what plain() passes over, and for the case of letters (an ISO image has names in capitals); or, where cut, name
 * is the beginning of path. */
static bool alike(const char *path, const char *name, bool cut)
{
	for (;; path++, name++) {
		char a = lower(plain(&path)), b = lower(plain(&name));

		if (b == '\0')
			return a == '\0' || cut;
		if (a != b)
			return false;
	}
}

/* Could ClamAV call the member at path so? Cut at 100 bytes, or without the folders before it, or respelled. */
static bool related(const char *path, const char *name)
{
	bool cut = strlen(name) >= CUT_FROM;

	for (const char *p = path;; p++) {
		if (alike(p, name, cut))
			return true;
		p = strchr(p, '/');
		if (p == NULL)
			return false;
	}
}

enum how { AGAIN, ALIKE, EXACTLY };

static bool fits(const pb_listed *row, const char *name, uint64_t size, enum how how)
{
	if (row->size != size || (row->taken && how != AGAIN))
		return false;
	if (name == NULL)
		return true;
	return how == EXACTLY ? strcmp(row->path, name) == 0 : related(row->path, name);
}

static const char *take(pb_listing *l, size_t i)
{
	l->row[i].taken = true;
	l->next = i + 1;
	return l->row[i].path;
}

static size_t search(const pb_listing *l, const char *name, uint64_t size, enum how how)
{
	size_t most = l->n < SEARCH_MOST ? l->n : SEARCH_MOST;

	for (size_t k = 0; k < most; k++) {
		size_t i = (l->next + k) % l->n;

		if (fits(&l->row[i], name, size, how))
			return i;
	}
	return SIZE_MAX;
}

const char *pb_listing_take(pb_listing *l, const char *name, uint64_t size)
{
	size_t i;

	if (l->n == 0)
		return NULL;
	if (l->next < l->n && fits(&l->row[l->next], name, size, ALIKE))
		return take(l, l->next);
	i = search(l, name, size, EXACTLY);
	if (i == SIZE_MAX)
		i = search(l, name, size, ALIKE);
	if (i == SIZE_MAX && l->ordered && l->next < l->n && fits(&l->row[l->next], NULL, size, ALIKE))
		i = l->next;
	if (i == SIZE_MAX && !l->ordered) { /* an ISO image has a tree for every spelling: this is the next one */
		i = search(l, name, size, AGAIN);
		for (size_t k = 0; i != SIZE_MAX && k < l->n; k++)
			l->row[k].taken = false;
	}
	return i != SIZE_MAX ? take(l, i) : NULL;
}
