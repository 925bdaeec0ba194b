/* Every check proves itself: its `hit` samples must raise it, its `clean` ones must not, through the same pipeline that scans.
 */
#ifndef PROBITY_CHECKS_SAMPLES_H
#define PROBITY_CHECKS_SAMPLES_H

#include "base/json.h"
#include "checks/catalogue.h"

typedef struct pb_samples_options {
	const char *dir;          /* of the samples of our own checks: DIR/<pillar>/<stem>/<sample>, each a file or a folder */
	const char *const *names; /* which checks: ids, "pillar/stem", or pillars; none: all */
	size_t n_names;
	/* Scans path as a product, for this check: nothing else need be in the result. 0 and a new reference to its product result, or a negative
	 * code and err. */
	int (*assess)(void *user, const char *id, const char *path, json_t **product_result, pb_error *err);
	void *user;
	/* Told instead of printing, for each sample on which the script itself failed: why as the result has it. NULL: all is printed. */
	void (*broke)(void *user, const json_t *check, const char *sample, const char *why);
	bool brief;               /* only what fails is printed, without a plan and a sum: for who prints a line of their own */
	size_t refused;           /* lines "not ok" that the caller printed: checks that did not load. They count */
	bool foreign;             /* all checks from elsewhere (whose samples have a folder of their own), besides those named */
} pb_samples_options;

/* What there is to know of every check without its script, in their order: [{"id","catalogue","pillar","claim","severity","reliability",
 * "online","title","file","measured":{...} or null,"samples":{"dir","hit":[...],"expects":[finding or null, for each of hit],"clean":[...]}}]. dir: "" for our own checks (below options.dir), else the folder
 * itself. Whoever holds this text needs no Lua. New reference; NULL: no memory. */
json_t *pb_samples_of(const pb_catalogue *c);

typedef struct pb_samples_count {
	size_t checks, samples, failed;
} pb_samples_count;

/* Runs the samples of checks (such an array; borrowed) in order of check and sample; prints TAP lines and "N passed, N failed" on stdout,
 * below each that fails what was expected, what was found, and how to look closer. Runs no Lua itself. 0; PB_EINPUT where a name is no check's, PB_ECORRUPT where checks is no such array, PB_ENOMEM. */
int pb_samples_run(const json_t *checks, const pb_samples_options *options, pb_samples_count *count, pb_error *err);

/* Where the samples of a check from elsewhere lie: x.samples/ beside x.lua; in a checkout, ROOT/scripts/PILLAR/x.lua, where all others do:
 * ROOT/tests/samples/PILLAR/x. Fresh; NULL: no memory. */
char *pb_samples_dir_of(const char *path);

#endif
