/* The parts of an explanation, one file each, put together by explain.c. Private to this folder. */
#ifndef PROBITY_REPORT_EXPLAIN_PARTS_H
#define PROBITY_REPORT_EXPLAIN_PARTS_H

#include "report/build.h"
#include "report/explain.h"
#include "score/trials.h"

typedef struct pb_explaining {
	pb_build b;
	int64_t days; /* since the assessment */
	pb_trials *trials;
	pb_trial now;
	size_t *heaviest; /* of each check: its finding that weighs most by itself; SIZE_MAX: it has none */
	size_t *findings; /* of each check: how many it has */
} pb_explaining;

/* x->b is set; the rest is made from it. false: no memory. pb_explaining_end is due in each case. */
bool pb_explaining_begin(pb_explaining *x);
void pb_explaining_end(pb_explaining *x);

/* Each gives a new reference, or NULL where memory ran out. */
json_t *pb_explain_numbers(const pb_trial *t);
json_t *pb_explain_trust(const pb_explaining *x);
json_t *pb_explain_unseen(const pb_explaining *x);
json_t *pb_explain_confidence(const pb_explaining *x);
json_t *pb_explain_decision(const pb_explaining *x);
json_t *pb_explain_back(const pb_explaining *x);

/* Adds item (its reference is taken) to list. false: no memory. */
static inline bool pb_explain_add(json_t *list, json_t *item)
{
	return json_array_append_new(list, item) == 0;
}

#endif
