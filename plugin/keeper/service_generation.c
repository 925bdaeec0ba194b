/* One set of rules and its processes. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keeper/service_parts.h"

enum {
	UNPACK_SECONDS = 630,  /* as in a scan of the command line: the budget of a file and some grace */
	LEAST_TRACK_SECONDS = 30 /* however small the budget of an object is */
};

/* A tracker shows life at each event. What takes it longest is one object's kind, digest and listing: less than a worker does with it. But
 * it may have to read it from the host's file first, and a file on something that never answers is how it hangs. */
static unsigned track_seconds(const pb_keeper *k)
{
	return k->o.object_seconds > LEAST_TRACK_SECONDS ? k->o.object_seconds : LEAST_TRACK_SECONDS;
}

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

int pb_generation_begin(pb_service *s, const pb_config *config, pb_generation **out, pb_error *err)
{
	pb_template_spec rules = {0}, clamav = {0};
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t jobs = config->jobs ? config->jobs : processors < 1 ? 1 : processors > 64 ? 64 : (size_t)processors;
	pb_generation *g = calloc(1, sizeof *g);
	if (!g)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	g->service = s;
	g->config = config;
	int rc = pb_policy_load(s->o.policy ? s->o.policy : config->policy, s->o.data_dir, &g->policy, err);
	if (!rc)
		rc = s->o.specs(s->o.user, config, &rules, &clamav, err);
	pb_keeper_options keeper = {.loop = s->loop, .rules = &rules, .clamav = &clamav, .jobs = jobs, .object_seconds = config->object_seconds,
	                            .job_seconds = UNPACK_SECONDS, .reduce_seconds = config->reduce_seconds,
	                            .memory = config->memory, .scratch = s->o.scratch, .each_tag = true, .cache = config->cache, .cache_bytes = config->cache_bytes};
	if (!rc)
		rc = pb_keeper_begin(&keeper, &g->keeper, err);
	if (rc) {
		pb_generation_free(g);
		return rc;
	}
	*out = g;
	return 0;
}

int pb_generation_finish(pb_generation *g, pb_error *err)
{
	pb_service *s = g->service;
	int rc = pb_keeper_finish(&g->keeper, err);
	json_t *args = rc ? NULL : tracker_args(s, g->config);
	if (!rc && !args)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc) {
		g->keeper.handler = (pb_keeper_handler){g, pb_case_unpacked, pb_case_unpack_lost};
		pb_lanes_options lanes = {.loop = s->loop, .workers = g->keeper.rules, .fronts = g->keeper.rules, .front = "tracker",
		                          .front_args = args, .n = g->keeper.o.jobs, .object_seconds = g->keeper.o.object_seconds,
		                          .front_seconds = track_seconds(&g->keeper), .memory = g->keeper.o.memory, .scratch = s->o.scratch, .each_tag = true,
		                          .known = pb_results_table(g->keeper.results), .user = g, .message = pb_case_message,
		                          .front_lost = pb_case_front_lost, .packet = pb_case_packet};
		rc = pb_lanes_new(&lanes, &g->trackers, err);
	}
	json_decref(args);
	g->config = NULL;
	return rc;
}

int pb_generation_open(pb_service *s, const pb_config *config, pb_generation **out, pb_error *err)
{
	pb_generation *g = NULL;
	int rc = pb_generation_begin(s, config, &g, err);
	if (g && (rc = pb_generation_finish(g, err)) != 0) {
		pb_generation_free(g);
		g = NULL;
	}
	*out = g;
	return rc;
}

void pb_generation_leave(pb_generation *g)
{
	pb_service *s = g->service;
	pb_lanes_free(g->trackers);
	g->trackers = NULL;
	pb_keeper_dismiss(&g->keeper);
	g->next = s->leaving;
	s->leaving = g;
}

void pb_generation_bury(pb_service *s)
{
	for (pb_generation **at = &s->leaving, *g; (g = *at);) {
		if (!pb_keeper_ended(&g->keeper)) {
			at = &g->next;
			continue;
		}
		*at = g->next;
		pb_generation_free(g);
	}
}

void pb_generation_free(pb_generation *g)
{
	pb_lanes_free(g->trackers);
	pb_keeper_close(&g->keeper);
	free(g);
}
