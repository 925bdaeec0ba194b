#include "facts/patterns_alone.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "facts/yara_rules.h"

struct pb_alone {
	YR_RULES *rules;
	YR_SCANNER *yr; /* made for the first pass; again after one that broke off */
	uint32_t groups;
	int seconds;
	json_t *told; /* of the running pass */
	bool no_memory;
};

static int compile(pb_alone *a, const pb_pattern_source *source, pb_error *err)
{
	char *message = NULL;
	pb_refusals refused = {&message, 1};
	pb_group group = PB_GROUP_PLAIN;

	a->groups = pb_patterns_groups(source);
	while (group + 1 < PB_GROUPS && !(a->groups & (1u << group)))
		group++;
	int rc = pb_patterns_compile(source, NULL, &a->groups, group, &refused, &a->rules);
	if (rc == 0 && message)
		rc = pb_fail(err, PB_EINPUT, "%s", message);
	else if (rc)
		pb_fail(err, rc, "out of memory");
	free(message);
	return rc;
}

int pb_alone_new(const pb_pattern_source *source, int seconds, pb_alone **out, pb_error *err)
{
	pb_alone *a = calloc(1, sizeof *a);

	if (!a || yr_initialize() != ERROR_SUCCESS) {
		free(a);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	a->seconds = seconds;
	int rc = compile(a, source, err);
	if (rc) {
		pb_alone_free(a);
		return rc;
	}
	*out = a;
	return 0;
}

void pb_alone_free(pb_alone *a)
{
	if (!a)
		return;
	if (a->yr)
		yr_scanner_destroy(a->yr);
	if (a->rules)
		yr_rules_destroy(a->rules);
	(void)yr_finalize();
	free(a);
}

bool pb_alone_has(const pb_alone *a, pb_group group)
{
	return (a->groups & (1u << group)) != 0;
}

/* (libyara's matches lie wherever its notebook has room, aligned or not.) */
__attribute__((no_sanitize("alignment"))) static json_t *string_of(YR_SCAN_CONTEXT *context, YR_STRING *string)
{
	json_t *at = json_array();
	YR_MATCH *match;
	int n = 0;

	yr_string_matches_foreach(context, string, match)
	{
		if (n++ < PB_ALONE_PLACES &&
		    json_array_append_new(at, json_pack("[I,i]", (json_int_t)match->base + match->offset, (int)match->match_length)))
			break;
		if (n == PB_HITS_PER_STRING)
			break;
	}
	return json_pack("{s:s,s:i,s:o}", "string", string->identifier, "count", n, "at", at);
}

static json_t *rule_of(YR_SCAN_CONTEXT *context, const YR_RULE *rule, bool matched)
{
	json_t *strings = json_array();
	YR_STRING *string;

	yr_rule_strings_foreach(rule, string)
	{
		/* What has jumps is a chain of strings; the whole one's matches are its head's. */
		if (string->chained_to == NULL && json_array_append_new(strings, string_of(context, string))) {
			json_decref(strings);
			return NULL;
		}
	}
	return json_pack("{s:s,s:b,s:b,s:o}", "rule", rule->identifier, "matched", (int)matched, "private", (int)(RULE_IS_PRIVATE(rule) != 0),
	                 "strings", strings);
}

static bool holds(const YR_SCAN_CONTEXT *context, const YR_RULE *rule, uint32_t index)
{
	return yr_bitmask_is_set(context->rule_matches_flags, index) && yr_bitmask_is_not_set(context->ns_unsatisfied_flags, rule->ns->idx);
}

/* At the end, when all is known: of private rules YARA itself tells nobody. */
static int on_event(YR_SCAN_CONTEXT *context, int message, void *data, void *user)
{
	pb_alone *a = user;
	const YR_RULE *rule;
	uint32_t i = 0;

	(void)data;
	if (message != CALLBACK_MSG_SCAN_FINISHED)
		return CALLBACK_CONTINUE;
	yr_rules_foreach(context->rules, rule)
	{
		if (json_array_append_new(a->told, rule_of(context, rule, holds(context, rule, i)))) {
			a->no_memory = true;
			return CALLBACK_ERROR;
		}
		i++;
	}
	return CALLBACK_CONTINUE;
}

static bool ready(pb_alone *a)
{
	if (!a->yr) {
		if (yr_scanner_create(a->rules, &a->yr) != ERROR_SUCCESS) {
			a->yr = NULL;
			return false;
		}
		yr_scanner_set_callback(a->yr, on_event, a);
		yr_scanner_set_timeout(a->yr, a->seconds);
		yr_scanner_set_flags(a->yr, SCAN_FLAGS_NO_TRYCATCH);
	}
	a->yr->entry_point = YR_UNDEFINED; /* as patterns_scan.c */
	return true;
}

static uint64_t now(void)
{
	struct timespec t = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

json_t *pb_alone_run(pb_alone *a, pb_bytes bytes, uint64_t *nanoseconds)
{
	const uint8_t *data = bytes.size ? bytes.data : (const uint8_t *)"";
	char why[48];

	*nanoseconds = 0;
	if (!ready(a))
		return NULL;
	a->told = json_array();
	a->no_memory = !a->told;
	uint64_t began = now();
	int code = a->told ? yr_scanner_scan_mem(a->yr, data, bytes.size) : ERROR_INSUFFICIENT_MEMORY;
	*nanoseconds = now() - began;
	json_t *told = a->told;
	a->told = NULL;
	if (code == ERROR_SUCCESS)
		return json_pack("{s:o}", "rules", told);
	json_decref(told);
	yr_scanner_destroy(a->yr);
	a->yr = NULL;
	if (a->no_memory)
		return NULL;
	if (code == ERROR_SCAN_TIMEOUT)
		return json_pack("{s:[],s:s}", "rules", "why", "time budget spent");
	(void)snprintf(why, sizeof why, "YARA error %d", code);
	return json_pack("{s:[],s:s}", "rules", "why", why);
}
