/* A store with twenty assessments, and somebody who hears answers about it. Include after cmocka.h. */
#ifndef PROBITY_TESTS_QUERY_CASE_H
#define PROBITY_TESTS_QUERY_CASE_H

#include "keeper/query.h"
#include "store_case.h"

static char *file;
static pb_store *store;

static inline int with_store(void **state)
{
	(void)state;
	file = scratch_path("s.db");
	case_remove(file);
	store = case_open(file);
	case_fill(store, 20); /* user 1000 asked for the even ones, 1001 for the odd */
	return 0;
}

static inline int without_store(void **state)
{
	(void)state;
	pb_store_close(store);
	return 0;
}

typedef struct heard {
	int n;
	json_t *first, *last;
	int stop_at;
} heard;

static inline int hear(void *user, const json_t *line)
{
	heard *h = user;
	json_decref(h->last);
	h->last = json_incref((json_t *)(uintptr_t)line);
	if (h->n++ == 0)
		h->first = json_incref(h->last);
	return h->stop_at == h->n ? 42 : 0;
}

static inline void forget(heard *h)
{
	json_decref(h->first);
	json_decref(h->last);
	*h = (heard){0};
}

#endif
