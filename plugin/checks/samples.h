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
	/* Scans path as a product. 0 and a new reference to its product result, or a negative code and err. */
	int (*assess)(void *user, const char *path, json_t **product_result, pb_error *err);
	void *user;
} pb_samples_options;

/* What there is to know of every check without its script, in their order: [{"id","catalogue","pillar","claim","severity","reliability",
 * "online","title","file","samples":{"dir","hit":[...],"clean":[...]}}]. dir: "" for our own checks (below options.dir), else the folder
 * itself. Whoever holds this text needs no Lua. New reference; NULL: no memory. */
json_t *pb_samples_of(const pb_catalogue *c);

/* Runs the samples of checks (such an array; borrowed) in order of check and sample; prints TAP lines and "N passed, N failed" on stdout.
 * Runs no Lua itself. *failed: how many. 0; PB_EINPUT where a name is no check's, PB_ECORRUPT where checks is no such array, PB_ENOMEM. */
int pb_samples_run(const json_t *checks, const pb_samples_options *options, size_t *failed, pb_error *err);

#endif
