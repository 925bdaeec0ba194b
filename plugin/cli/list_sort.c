#include "cli/list_sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

typedef struct entry {
	json_t *line;
	const char *text; /* "" sorts last */
	int64_t number, id;
} entry;

struct pb_list_sort {
	pb_list_key key;
	entry *of;
	size_t n, cap;
};

bool pb_list_key_of(const char *name, pb_list_key *out)
{
	static const char *const names[] = {"time", "name", "trust", "confidence", "valid-until"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0) {
			*out = (pb_list_key)i;
			return true;
		}
	return false;
}

pb_list_sort *pb_list_sort_new(pb_list_key key)
{
	pb_list_sort *s = calloc(1, sizeof *s);
	if (s)
		s->key = key;
	return s;
}

static entry entry_of(pb_list_key key, json_t *line)
{
	entry e = {.line = line, .text = "", .id = pb_json_int(line, "id", 0)};
	switch (key) {
	case PB_LIST_NAME:
		e.text = pb_json_str(line, "name", "");
		if (!*e.text)
			e.text = pb_json_str(line, "path", "");
		break;
	case PB_LIST_VALID_UNTIL:
		e.text = pb_json_str(line, "valid_until", "");
		break;
	case PB_LIST_TRUST:
		e.number = pb_json_int(line, "trust_tenths", INT64_MAX);
		break;
	case PB_LIST_CONFIDENCE:
		e.number = pb_json_int(line, "confidence_permille", INT64_MAX);
		break;
	case PB_LIST_TIME:
		break;
	}
	return e;
}

int pb_list_sort_add(pb_list_sort *s, const json_t *line)
{
	if (s->n >= PB_LIST_SORTED)
		return PB_ELIMIT;
	if (s->n == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 256;
		entry *more = realloc(s->of, cap * sizeof *more);
		if (!more)
			return PB_ENOMEM;
		s->of = more;
		s->cap = cap;
	}
	s->of[s->n++] = entry_of(s->key, json_incref((json_t *)(uintptr_t)line));
	return 0;
}

static int compare(const void *a, const void *b)
{
	const entry *x = a, *y = b;
	if (!*x->text != !*y->text)
		return *x->text ? -1 : 1;
	int order = strcmp(x->text, y->text);
	if (!order)
		order = x->number < y->number ? -1 : x->number > y->number;
	return order ? order : x->id > y->id ? -1 : x->id < y->id;
}

int pb_list_sort_each(pb_list_sort *s, int64_t most, int (*each)(void *user, const json_t *line), void *user)
{
	int rc = 0;
	if (s->n)
		qsort(s->of, s->n, sizeof *s->of, compare);
	for (size_t i = 0; i < s->n && !rc && (!most || i < (size_t)most); i++)
		rc = each(user, s->of[i].line);
	return rc;
}

void pb_list_sort_free(pb_list_sort *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		json_decref(s->of[i].line);
	free(s->of);
	free(s);
}
