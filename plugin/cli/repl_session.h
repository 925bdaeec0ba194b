/* One product at a prompt: its objects in a boxed process (worker/prompt.h), which runs the lines. */
#ifndef PROBITY_CLI_REPL_SESSION_H
#define PROBITY_CLI_REPL_SESSION_H

#include "cli/assess.h"

typedef struct pb_session pb_session;

/* Opens the product: a reader brings its objects. *about: {"objects":n,"limits":n,"left_out":n}, new reference. a: opened, outlives it. 0 or a
 * code with err. */
int pb_session_open(pb_assessor *a, const char *path, pb_session **out, json_t **about, pb_error *err);
void pb_session_close(pb_session *s);

/* Asks and waits: "line" or "complete". pb_interrupted interrupts what runs, and is cleared. The answer as a new reference; NULL with err:
 * the process has ended, or was ended because it did not heed two interrupts. */
json_t *pb_session_ask(pb_session *s, const char *what, const char *text, pb_error *err);

#endif
