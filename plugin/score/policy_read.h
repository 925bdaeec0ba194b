/* The lines of a policy file, one by one. For policy.c only. */
#ifndef PROBITY_SCORE_POLICY_READ_H
#define PROBITY_SCORE_POLICY_READ_H

#include "score/policy.h"

enum { PB_POLICY_NUMBERS_MAX = 16 };

typedef struct pb_policy_lines {
	pb_policy *policy;
	bool has_title;
	bool has_number[PB_POLICY_NUMBERS_MAX]; /* which rows of the table of numbers were read */
} pb_policy_lines;

/* A pb_ini_fn; user is a pb_policy_lines. */
int pb_policy_line(void *user, const char *section, const char *key, const char *value, int line, pb_error *err);

/* After the last line: everything there, and nothing at odds with anything else. Words without the file's name. */
int pb_policy_whole(const pb_policy_lines *lines, pb_error *err);

#endif
