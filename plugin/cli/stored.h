/* Where list, show and log get their answers: from the keeper, or from a store's file. */
#ifndef PROBITY_CLI_STORED_H
#define PROBITY_CLI_STORED_H

#include <getopt.h>

#include "base/error.h"
#include "base/json.h"
#include "store/store.h"

enum { PB_OPT_STORE = 720, PB_OPT_SOCKET }; /* above the options of commands and of formats */
#define PB_STORED_LONG_OPTIONS {"store", required_argument, NULL, PB_OPT_STORE}, {"socket", required_argument, NULL, PB_OPT_SOCKET}
#define PB_STORED_OPTIONS PB_OPT_STORE: case PB_OPT_SOCKET

typedef struct pb_stored_place {
	const char *store;  /* --store: this file, read only; NULL: the keeper */
	const char *socket; /* --socket: the keeper there; NULL: the usual one, else the configured store where that may
	                       be read */
	int timeout_ms;
	char *found; /* the store that was fallen back to; used from then on */
	pb_store *opened; /* a file stays open from question to question */
} pb_stored_place;

/* One of those options. 0, or PB_EXIT_ERROR after it told what is wrong: one place is asked, not two. value is kept. */
int pb_stored_option(pb_stored_place *p, const char *command, int option, const char *value);

void pb_stored_place_free(pb_stored_place *p);

/* Asks one question (keeper/query.h); each line goes to each. 0, what each returned, or a code. */
int pb_stored_place_ask(pb_stored_place *p, const json_t *request, int (*each)(void *user, const json_t *line),
                        void *user, pb_error *err);

/* Asks again and again for what is older, until there is nothing more or `most` lines (0: all) were given. request is
 * changed; number: the key that lines are numbered by. */
int pb_stored_place_pages(pb_stored_place *p, json_t *request, const char *number, int64_t most,
                          int (*each)(void *user, const json_t *line), void *user, pb_error *err);

enum { PB_TIME_TEXT = 17 };
void pb_time_text(int64_t seconds, char out[PB_TIME_TEXT]); /* "2026-11-21 14:03", UTC */
int pb_output_width(void);                                  /* columns of the terminal that stdout is; 0: it is none */

#endif
