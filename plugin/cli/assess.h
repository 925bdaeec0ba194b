/* One product from its path to its product result: readers map, a reducer reduces. Used by scan and by the samples of checks. */
#ifndef PROBITY_CLI_ASSESS_H
#define PROBITY_CLI_ASSESS_H

#include <signal.h>

#include "clamav/engine.h"
#include "object/walk.h"
#include "worker/rules.h"

/* Everything that is opened once, before the first fork. */
typedef struct pb_assessor {
	pb_rules rules;
	pb_engine *engine;
	pb_database database;
	json_t *database_json; /* {"dir","official","version","built","signatures","digest"} */
	pb_budget budget;
	size_t jobs;
	int64_t as_of;
	bool progress;         /* a progress line on stderr */
	char temp[256];        /* folder of libclamav's temporary files, removed by pb_assessor_close */
	const volatile sig_atomic_t *interrupted;
} pb_assessor;

typedef struct pb_assessor_options {
	const char *database;           /* --database, NULL: ClamAV's own folder */
	const char *const *extra_dirs;  /* --rules */
	size_t n_extra;
	size_t jobs;                    /* 0: one per processor, at most 8 */
	int64_t as_of;
	bool progress;
	bool without_engine;            /* only the catalogue is wanted */
	const volatile sig_atomic_t *interrupted;
} pb_assessor_options;

int pb_assessor_open(const pb_assessor_options *options, pb_assessor *out, pb_error *err);
void pb_assessor_close(pb_assessor *a);

/* The product result of the file or folder at path, as a new reference. PB_EIO, PB_EINPUT: it cannot be a product (it does not exist,
 * is a device, cannot be read), err says why. What could not be examined inside it is in its limits. */
int pb_assess(pb_assessor *a, const char *path, json_t **product_result, pb_error *err);

#endif
