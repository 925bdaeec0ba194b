/* A keeper that hooks connect to: probityd, or the private one of `probity run`. It takes scans in, has their objects mapped, and makes a
 * report of every product. Single-threaded; it never blocks on a client. */
#ifndef PROBITY_KEEPER_SERVICE_H
#define PROBITY_KEEPER_SERVICE_H

#include <sys/types.h>

#include "keeper/config.h"
#include "keeper/judge.h"
#include "keeper/keeper.h"
#include "store/store.h"

typedef struct pb_service pb_service;

/* What was made of one product. Strings and reports borrowed for the call. */
typedef struct pb_assessed {
	const pb_stored *as;    /* what is kept of it; as->report is the canonical JSON or NULL */
	const json_t *report;   /* NULL: not assessed, as->reason says why */
	int64_t id;             /* in the store; 0: there is none, or it could not be written */
	pb_decision decision;
} pb_assessed;

typedef struct pb_service_options {
	const pb_config *config;        /* borrowed; replaced by a reload */
	/* Fills in the two templates for a configuration. Called before each (re)load. What it
	 * hands out must live until the next call. */
	int (*specs)(void *user, const pb_config *config, pb_template_spec *rules, pb_template_spec *clamav, pb_error *err);
	const char *scratch;            /* as pb_lanes_options has it */
	const char *data_dir;           /* where policies are */
	const char *policy;             /* instead of the configuration's; NULL */
	pb_store *store;                /* borrowed; NULL: none */
	int listener;                   /* a listening SOCK_SEQPACKET socket; borrowed */
	const json_t *groups;           /* {"group":"file|path|run","prefixes":[{"path","name","folder":bool}]}: what a product is; NULL: each file. Borrowed */
	const json_t *listings;         /* parallel to prefixes: the members of each that is a folder, else null; NULL: none. Borrowed */
	bool private_use;               /* only this very user may connect, and no rule of access counts */
	int64_t (*now)(void);           /* seconds since 1970 */
	int64_t as_of;                  /* day to judge by; -1: today, by now() */
	void *user;
	void (*assessed)(void *user, const pb_assessed *what); /* may be NULL */
	void (*log)(void *user, int level, const char *line);  /* level as syslog's; line: one line, display form */
	/* A reload has come to its end: config is in force from now on (why NULL), or not (it was refused, which is logged already). What is not
	 * in force is not used any more. NULL: nobody cares. */
	void (*reloaded)(void *user, const pb_config *config, const pb_error *why);
	/* A host's process has replaced its engine (clamd RELOAD): time to look for new rules, too. Only note it down here: pb_service_reload must
	 * not be called before pb_service_turn has returned. NULL: nobody cares. */
	void (*engine_replaced)(void *user, const char *host);
} pb_service_options;

int pb_service_new(const pb_service_options *options, pb_service **out, pb_error *err);
void pb_service_free(pb_service *s);
/* What is under way is told as not assessed, with why. Before pb_service_free, where somebody will look for it. */
void pb_service_abandon(pb_service *s, const char *why);

/* One turn of at most 50 ms. A code: the service cannot go on. */
int pb_service_turn(pb_service *s, pb_error *err);

/* Begins to open rules, policies and configuration anew. The old ones serve until they are open; then streams move over with their next scan.
 * Where anything is refused, the old ones stay, which is logged with file and line. How it ended is told by reloaded(), from a later turn;
 * a code: it ended here. config: borrowed. Not while one is under way: whoever wants another has to wait. */
int pb_service_reload(pb_service *s, const pb_config *config, pb_error *err);
bool pb_service_reloading(const pb_service *s);

/* Is nothing connected and nothing under way? */
bool pb_service_idle(const pb_service *s);
/* Products that are made of many scans are complete (`probity run`, once the command has ended): assesses them. Call turn until idle. */
int pb_service_finish(pb_service *s, pb_error *err);

/* What became of scans so far. */
typedef struct pb_service_counts {
	uint64_t scans, assessed, skipped, not_assessed, alerts, deaths;
	uint64_t replayed; /* of those assessed: by what was known of them before */
} pb_service_counts;
void pb_service_count(const pb_service *s, pb_service_counts *out);
json_t *pb_service_status(const pb_service *s); /* for {"do":"status"}; new reference */

#endif
