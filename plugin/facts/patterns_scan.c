/* One pass of YARA over one object. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "facts/yara_rules.h"

enum { MODULE_VALUES = 200000, PATIENCE = 10 };

static const char out_of_time[] = "time budget spent", out_of_memory[] = "memory budget spent";
static const char too_many[] = "too many matches";

struct pb_scanner {
	const pb_patterns *patterns;
	int seconds;
	YR_SCANNER *yr[PB_GROUPS]; /* made when a group is first scanned */
	char why[48];              /* what scan->why points to where the words have a number */

	pb_scan *scan; /* of the running pass */
	pb_group group;
	size_t cap;          /* of scan->hits */
	size_t modules_left; /* values */
	bool no_memory;
};

pb_scanner *pb_scanner_new(const pb_patterns *p, int seconds)
{
	pb_scanner *s = calloc(1, sizeof *s);
	if (s) {
		s->patterns = p;
		s->seconds = seconds;
	}
	return s;
}

void pb_scanner_free(pb_scanner *s)
{
	if (!s)
		return;
	for (int i = 0; i < PB_GROUPS; i++)
		if (s->yr[i])
			yr_scanner_destroy(s->yr[i]);
	free(s);
}

static int add_hit(pb_scanner *s, const YR_RULE *rule, const char *string, uint64_t at, uint32_t length)
{
	pb_scan *scan = s->scan;
	if (scan->n_hits == PB_HITS) {
		scan->why = too_many;
		return 0;
	}
	if (scan->n_hits == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 32;
		pb_hit *hits = realloc(scan->hits, cap * sizeof *hits);
		if (!hits)
			return PB_ENOMEM;
		scan->hits = hits;
		s->cap = cap;
	}
	uint32_t source = s->patterns->source[s->group][rule->ns->idx];
	scan->hits[scan->n_hits++] = (pb_hit){source, rule->identifier, string, at, length};
	return 0;
}

static int take_rule(pb_scanner *s, YR_SCAN_CONTEXT *context, const YR_RULE *rule)
{
	YR_STRING *string;
	YR_MATCH *match;
	size_t before = s->scan->n_hits;

	yr_rule_strings_foreach(rule, string)
	{
		int n = 0;
		yr_string_matches_foreach(context, string, match)
		{
			if (n++ == PB_HITS_PER_STRING)
				break;
			if (add_hit(s, rule, string->identifier, (uint64_t)(match->base + match->offset),
			            (uint32_t)match->match_length))
				return PB_ENOMEM;
		}
	}
	return s->scan->n_hits == before ? add_hit(s, rule, NULL, 0, 0) : 0;
}

static int take_module(pb_scanner *s, YR_OBJECT *module)
{
	pb_scan *scan = s->scan;
	json_t *tree = pb_module_json(module, &s->modules_left);

	if (!tree)
		return 0;
	if (!scan->modules)
		scan->modules = json_object();
	/* The identifier of a module is its name, one of YARA's own. */
	return json_object_set_new(scan->modules, module->identifier, tree) ? PB_ENOMEM : 0;
}

static int on_event(YR_SCAN_CONTEXT *context, int message, void *data, void *user)
{
	pb_scanner *s = user;
	int rc = 0;

	if (message == CALLBACK_MSG_RULE_MATCHING)
		rc = take_rule(s, context, data);
	else if (message == CALLBACK_MSG_MODULE_IMPORTED)
		rc = take_module(s, data);
	else if (message == CALLBACK_MSG_TOO_MANY_MATCHES)
		s->scan->why = too_many;
	if (!rc)
		return CALLBACK_CONTINUE;
	s->no_memory = true;
	return CALLBACK_ERROR;
}

static int by_text(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int by_place(const void *left, const void *right)
{
	const pb_hit *a = left, *b = right;
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	int order = by_text(a->rule, b->rule);
	if (!order)
		order = by_text(a->string, b->string);
	if (!order && a->at != b->at)
		order = a->at < b->at ? -1 : 1;
	if (!order && a->length != b->length)
		order = a->length < b->length ? -1 : 1;
	return order;
}

static int scanner_of(pb_scanner *s, pb_group group, YR_SCANNER **out)
{
	if (!s->yr[group]) {
		if (yr_scanner_create(s->patterns->rules[group], &s->yr[group]) != ERROR_SUCCESS) {
			s->yr[group] = NULL;
			return PB_ENOMEM;
		}
		yr_scanner_set_callback(s->yr[group], on_event, s);
		/* Without NO_TRYCATCH every pass would change the signal handlers of the process that hosts us. */
		yr_scanner_set_flags(s->yr[group], SCAN_FLAGS_REPORT_RULES_MATCHING | SCAN_FLAGS_NO_TRYCATCH);
	}
	*out = s->yr[group];
	return 0;
}

/* A pass that broke off found an unknown part of what is there: nothing of it counts. */
static void broken_off(pb_scanner *s, int code)
{
	pb_scan_free(s->scan);
	yr_scanner_destroy(s->yr[s->group]);
	s->yr[s->group] = NULL;
	/* What a pass needs depends on the object: a hostile one must not take the others with it. */
	if (s->no_memory || code == ERROR_INSUFFICIENT_MEMORY) {
		s->scan->why = out_of_memory;
	} else if (code == ERROR_SCAN_TIMEOUT) {
		s->scan->why = out_of_time;
	} else if (code == ERROR_TOO_MANY_MATCHES) {
		s->scan->why = too_many;
	} else {
		snprintf(s->why, sizeof s->why, "YARA error %d", code);
		s->scan->why = s->why;
	}
}

/* One pass. YARA's code in *code; what it leaves in scan fits to it. */
static int pass(pb_scanner *s, pb_bytes bytes, pb_group group, int seconds, pb_scan *scan, int *code)
{
	YR_SCANNER *yr;

	memset(scan, 0, sizeof *scan);
	if (scanner_of(s, group, &yr))
		return PB_ENOMEM;
	yr_scanner_set_timeout(yr, seconds);
	s->scan = scan;
	s->group = group;
	s->cap = 0;
	s->modules_left = MODULE_VALUES;
	s->no_memory = false;
	/* YARA 4.2 looks for the entry point only where it has none yet, so a scanner would keep that of the last binary. */
	yr->entry_point = YR_UNDEFINED;
	const uint8_t *data = bytes.size ? bytes.data : (const uint8_t *)"";
	*code = yr_scanner_scan_mem(yr, data, bytes.size);
	if (*code != ERROR_SUCCESS || s->no_memory)
		broken_off(s, *code);
	else if (scan->n_hits)
		qsort(scan->hits, scan->n_hits, sizeof *scan->hits, by_place);
	return 0;
}

/* Processor time of this process so far, milliseconds. */
static int64_t own_ms(void)
{
	struct timespec t = {0};
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int pb_scanner_run(pb_scanner *s, pb_bytes bytes, pb_group group, pb_scan *scan)
{
	int code = ERROR_SUCCESS;
	int64_t from = own_ms();
	int rc = pass(s, bytes, group, s->seconds, scan, &code);
	/* YARA goes by the clock on the wall. Where others had that time, on a busy machine, it is given back, once. */
	if (rc == 0 && code == ERROR_SCAN_TIMEOUT && own_ms() - from < (int64_t)s->seconds * 800)
		rc = pass(s, bytes, group, s->seconds * PATIENCE, scan, &code);
	return rc;
}

void pb_scan_free(pb_scan *scan)
{
	free(scan->hits);
	json_decref(scan->modules);
	memset(scan, 0, sizeof *scan);
}
