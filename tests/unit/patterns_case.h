/* Pattern sources, compiled and run over a text. Include after cmocka.h. */
#ifndef PROBITY_TESTS_PATTERNS_CASE_H
#define PROBITY_TESTS_PATTERNS_CASE_H

#include <stdio.h>
#include <string.h>

#include "facts/patterns.h"

typedef struct refusals {
	size_t n, source[8];
	char message[8][512];
} refusals;

static inline void refuse(void *user, size_t source, const char *message)
{
	refusals *r = user;
	assert_true(r->n < 8);
	r->source[r->n] = source;
	snprintf(r->message[r->n++], sizeof r->message[0], "%s", message);
}

static inline pb_patterns *open_all(const pb_pattern_source *sources, size_t n, const char *cache, refusals *r)
{
	pb_patterns *p = NULL;
	pb_error err = {0};
	memset(r, 0, sizeof *r);
	if (pb_patterns_open(sources, n, cache, refuse, r, &p, &err))
		fail_msg("%s", err.text);
	return p;
}

static inline void run(pb_scanner *s, const void *text, size_t n, pb_group group, pb_scan *scan)
{
	assert_int_equal(pb_scanner_run(s, (pb_bytes){text, n}, group, scan), 0);
}

static inline size_t hits_of(const pb_patterns *p, const char *text, pb_group group)
{
	pb_scanner *s = pb_scanner_new(p, 30);
	pb_scan scan;
	run(s, text, strlen(text), group, &scan);
	assert_null(scan.why);
	size_t n = scan.n_hits;
	pb_scan_free(&scan);
	pb_scanner_free(s);
	return n;
}

#endif
