/* What was answered before, so that who has nothing new says so in a few bytes. Private to collector/. */
#ifndef PROBITY_COLLECTOR_KEPT_H
#define PROBITY_COLLECTOR_KEPT_H

#include "collector/fetch.h"

typedef struct pb_kept {
	char etag[1000], modified[200]; /* "": none */
	json_t *entry;
	char name[65];
} pb_kept;

/* What is kept of a GET of this URL, as it would be asked, with these headers. dir "": no cache. False: nothing is. */
bool pb_kept_find(const char *dir, const char *url, const json_t *headers, pb_kept *out);
/* 304: the answer becomes the one that was kept. False: what was kept is broken or larger than max. */
bool pb_kept_take(const char *dir, const pb_kept *c, size_t max, pb_fetch_answer *answer);
/* Keeps an answer of status 200 that has an ETag or a date of its last change. What cannot be written is not kept. */
void pb_kept_put(const char *dir, const char *url, const json_t *headers, const pb_fetch_answer *answer);
void pb_kept_free(pb_kept *c);

#endif
