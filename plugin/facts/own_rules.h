/* YARA rules that a check holds against bytes of its choice, when it wants to: apart from the one pass of all patterns. */
#ifndef PROBITY_FACTS_OWN_RULES_H
#define PROBITY_FACTS_OWN_RULES_H

#include "base/json.h"
#include "facts/patterns.h"

typedef struct pb_own_rules pb_own_rules; /* read-only until it is first run, so it may be opened before a fork; then of one process */

/* Compiles whole rules; they may import modules and include nothing. name: in messages, "NAME:LINE: what". 0, PB_EINPUT, PB_ENOMEM. */
int pb_own_rules_open(const char *text, const char *name, pb_own_rules **out, pb_error *err);
void pb_own_rules_close(pb_own_rules *r); /* NULL: nothing */

enum { PB_OWN_MATCHES = 10000 }; /* of all strings together, PB_HITS_PER_STRING of each */

/* What matches: [{"rule","tags":["t"],"meta":{"key":value},"strings":[{"id":"$a","at","length"}]}], in the order of the source; private
 * rules excluded. seconds: wall time. *why: NULL, or why the bytes were not looked at to the end; then there is no *out. 0 or PB_ENOMEM. */
int pb_own_rules_run(pb_own_rules *r, pb_bytes bytes, int seconds, json_t **out, const char **why);

#endif
