/* One product from its path to its product result: readers bring objects, workers map, a reducer reduces. Used by scan and by the samples
 * of checks. */
#ifndef PROBITY_CLI_ASSESS_H
#define PROBITY_CLI_ASSESS_H

#include <signal.h>

#include "clamav/reader.h"
#include "cli/dossier.h"
#include "cli/pack.h"
#include "keeper/keeper.h"
#include "worker/roles.h"

/* Everything that is opened once. It must not move: the keeper's callbacks point into it. */
typedef struct pb_assessor {
	pb_keeper keeper;
	pb_reading_options reading;
	const json_t *database; /* {"dir","official","version","built","signatures","digest"}, once a product was assessed; borrowed */
	const char *rules_digest, *clamav, *yara, *lua; /* digest of all rules; versions; borrowed */
	bool unusable;          /* the engine could not be opened: nothing more can be assessed */
	char *extra;            /* folder of signatures of our own */
	struct pb_replay *replay; /* what products that are known were assessed with (replay.c); NULL: nothing is kept */
	const char *only;       /* what is assessed next is about this check alone: one of its samples (with without_cache); NULL: all checks. Borrowed */
	const char *called;     /* the name of what is assessed next, in display form, in place of its file's own; NULL: that. Borrowed */
	const pb_dossier *dossier; /* what was handed in beside what is assessed next; NULL: nothing. Borrowed */
	json_t *regions;        /* where the policy lets data be (score/policy.h); NULL: nothing is demanded. Borrowed */
	json_t *previous;       /* the inventory of the version that what is assessed next is held against; NULL: none. Borrowed */
	int64_t as_of;
	bool progress;          /* a progress line on stderr */
	/* Told of each record as it came, with "trace" where its object was mapped (worker/trace.h); not checked yet. NULL: nobody asks.
	 * 0 or a code. */
	int (*traced)(void *user, const json_t *record);
	void *user;
	char temp[256];         /* folder of libclamav's temporary files, removed by pb_assessor_close */
} pb_assessor;

typedef struct pb_assessor_options {
	const char *database;           /* --database, NULL: ClamAV's own folder */
	const char *const *extra_dirs;  /* --rules */
	size_t n_extra;
	const char *const *files;       /* single check files, besides */
	size_t n_files;
	bool without_own;               /* no checks but those */
	bool lint;                      /* also what is right and still not good (about: "noticed") */
	bool silent;                    /* what was left out is told by the caller */
	const char *const *packs;       /* --pack: names of installed packs; with a '/' folders */
	size_t n_packs;
	bool unsigned_packs;            /* --unsigned: of folders, also those that no trusted key has signed */
	size_t jobs;                    /* 0: one per processor, at most 8 */
	unsigned object_seconds;        /* wall time of one object; 0: the default */
	int64_t as_of;
	bool progress;
	bool without_engine;            /* only the catalogue is wanted */
	bool without_cache;             /* assess everything anew, and keep nothing */
	const json_t *trace;            /* what to trace, on records and the product result (with without_cache); borrowed until the end */
	int (*traced)(void *user, const json_t *record);
	void *user;
	const volatile sig_atomic_t *interrupted;
} pb_assessor_options;

int pb_assessor_open(const pb_assessor_options *options, pb_assessor *out, pb_error *err);
void pb_assessor_close(pb_assessor *a);

/* The product result of the file or folder at path, as a new reference: made, or the one that was made of the same file before (replay.h).
 * PB_EIO, PB_EINPUT: it cannot be a product (it does not exist, is a device, cannot be read), err says why. What could not be examined inside
 * it is in its limits. */
int pb_assess(pb_assessor *a, const char *path, json_t **product_result, pb_error *err);

/* The same of a sample of a check: where beside PATH there is PATH.previous, that is the earlier version; PATH.evidence is a
 * folder of documents that were handed in, and PATH.trust one of trust roots. */
int pb_assess_sample(pb_assessor *a, const char *id, const char *path, json_t **product_result, pb_error *err);

/* Waits for the engine, which a product that is known does not need. 0; a code: the assessor is unusable. */
int pb_assessor_engine(pb_assessor *a, pb_error *err);

/* A folder for what is cached between runs, that only this user can write: $XDG_CACHE_HOME/probity or ~/.cache/probity. NULL: there is no
 * such folder. Fresh string. */
char *pb_cache_dir(void);

/* A fresh folder below $TMPDIR (else /tmp), this process' only one: its path into out. What killed ones left there is removed. (temp.c) */
int pb_make_temp(char *out, size_t size, pb_error *err);
/* Empties and removes a folder that this program made. */
void pb_remove_folder(const char *dir);

#endif
