/* The orders of `probity list`. */
#ifndef PROBITY_CLI_LIST_SORT_H
#define PROBITY_CLI_LIST_SORT_H

#include "base/json.h"

typedef enum pb_list_key {
	PB_LIST_TIME, /* as the store lists them: newest first */
	PB_LIST_NAME, /* bytes of the name, of the path where there is none */
	PB_LIST_TRUST,
	PB_LIST_CONFIDENCE,
	PB_LIST_VALID_UNTIL
} pb_list_key;

enum { PB_LIST_SORTED = 200000 /* lines that are held in memory at most */ };

/* false: there is no such key. */
bool pb_list_key_of(const char *name, pb_list_key *out);

/* Lines in the order of key, the lowest first; what has no such value last, equal ones with the higher "id" first. */
typedef struct pb_list_sort pb_list_sort;
pb_list_sort *pb_list_sort_new(pb_list_key key); /* NULL: out of memory */
int pb_list_sort_add(pb_list_sort *s, const json_t *line); /* 0, PB_ENOMEM, PB_ELIMIT: too many */
/* The first `most` of them (0: all); what each returned, or 0. */
int pb_list_sort_each(pb_list_sort *s, int64_t most, int (*each)(void *user, const json_t *line), void *user);
void pb_list_sort_free(pb_list_sort *s);

#endif
