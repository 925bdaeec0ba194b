/* Lines that somebody types: editing, history, completion. The one door to libedit. */
#ifndef PROBITY_CLI_REPL_LINE_H
#define PROBITY_CLI_REPL_LINE_H

#include "base/json.h"

/* history: file, NULL: none is kept. complete: words that the last word of line may become, new reference, NULL: none. */
void pb_line_open(const char *history, json_t *(*complete)(void *user, const char *line), void *user);
void pb_line_close(void); /* writes the history */

/* The next line without its end, yours; NULL: the end of input, or a signal came (pb_interrupted). */
char *pb_line_read(const char *prompt);
void pb_line_keep(const char *line); /* into the history */

#endif
