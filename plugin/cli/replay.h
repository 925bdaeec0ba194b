/* A file that was assessed before: what came of it is kept under its digest and everything else that it depends on (keeper/results.h). */
#ifndef PROBITY_CLI_REPLAY_H
#define PROBITY_CLI_REPLAY_H

#include "cli/assess.h"

int pb_replay_open(pb_assessor *a, pb_error *err); /* 0 or PB_ENOMEM with err */
void pb_replay_close(pb_assessor *a);

/* 1 = the same bytes under the same name (display form) were assessed before, on the day, by the rules and with the database of now:
 * *document, a new reference, is what came of it, and a->database what it was made with. 0 = not known, or nothing is kept. */
int pb_replay_find(pb_assessor *a, const char *sha256, const char *name, json_t **document);
/* Keeps one that was made with a->database. Nothing in it may be an accident of this one scan. */
void pb_replay_keep(pb_assessor *a, const char *sha256, const char *name, json_t *document);

#endif
