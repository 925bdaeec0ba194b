/* One set of rules and its processes. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keeper/service_parts.h"

enum { UNPACK_SECONDS = 630 }; /* as in a scan of the command line: the budget of a file and some grace */

/* What the trackers are told: which kinds are products, and how scans are put together. */
static json_t *tracker_args(const pb_service *s, const pb_config *config)
{
	json_t *kinds = json_array(), *args;
	for (size_t i = 0; config->kinds && config->kinds[i]; i++)
		json_array_append_new(kinds, json_string(config->kinds[i]));
	args = json_pack("{s:o,s:I,s:s}", "kinds", kinds, "memory", (json_int_t)config->memory, "group",
	                 pb_json_str(s->o.groups, "group", "file"));
	if (args && s->o.groups)
		json_object_set(args, "prefixes", json_object_get(s->o.groups, "prefixes"));
	return args;
}

int pb_generation_open(pb_service *s, const pb_config *config, pb_generation **out, pb_error *err)
{
	pb_template_spec rules = {0}, clamav = {0};
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t jobs = config->jobs ? config->jobs : processors < 1 ? 1 : processors > 64 ? 64 : (size_t)processors;
	pb_generation *g = calloc(1, sizeof *g);
	if (!g)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	g->service = s;
	int rc = pb_policy_load(s->o.policy ? s->o.policy : config->policy, s->o.data_dir, &g->policy, err);
	if (!rc)
		rc = s->o.specs(s->o.user, config, &rules, &clamav, err);
	pb_keeper_options keeper = {.loop = s->loop, .rules = &rules, .clamav = &clamav, .jobs = jobs, .object_seconds = config->object_seconds,
	                            .job_seconds = UNPACK_SECONDS, .reduce_seconds = config->reduce_seconds,
	                            .memory = config->memory, .each_tag = true, .cache = config->cache, .cache_bytes = config->cache_bytes};
	if (!rc)
		rc = pb_keeper_open(&keeper, &g->keeper, err);
	json_t *args = rc ? NULL : tracker_args(s, config);
	if (!rc && !args)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc) {
		g->keeper.handler = (pb_keeper_handler){g, pb_case_unpacked, pb_case_unpack_lost};
		pb_lanes_options lanes = {.loop = s->loop, .workers = g->keeper.rules, .fronts = g->keeper.rules, .front = "tracker",
		                          .front_args = args, .n = jobs, .object_seconds = g->keeper.o.object_seconds,
		                          .memory = g->keeper.o.memory, .each_tag = true, .known = pb_results_table(g->keeper.results), .user = g,
		                          .message = pb_case_message, .front_lost = pb_case_front_lost, .packet = pb_case_packet};
		rc = pb_lanes_new(&lanes, &g->trackers, err);
	}
	json_decref(args);
	if (rc) {
		pb_generation_free(g);
		return rc;
	}
	*out = g;
	return 0;
}

void pb_generation_free(pb_generation *g)
{
	pb_lanes_free(g->trackers);
	pb_keeper_close(&g->keeper);
	free(g);
}
