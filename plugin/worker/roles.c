#include "worker/roles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/version.h"
#include "box/box.h"
#include "checks/runner.h"
#include "checks/samples.h"
#include "wire/message.h"
#include "worker/evidence.h"
#include "worker/inside.h"
#include "worker/mapper.h"
#include "worker/prompt.h"
#include "worker/reducer.h"

const pb_role pb_rules_roles[PB_RULES_ROLES] = {
    {"worker", pb_mapper_main},
    {"reducer", pb_reducer_main},
    {"catalogue", pb_catalogue_main},
    {"repl", pb_prompt_main},
    {"evidence", pb_evidence_main},
};

static json_t *ids_of(const pb_rules *r)
{
	size_t n;
	const pb_check *checks = pb_catalogue_checks(r->catalogue, &n);
	json_t *out = json_array();
	for (size_t i = 0; out && i < n; i++)
		json_array_append_new(out, json_string(checks[i].id));
	return out;
}

/* As they were told: checks that were left out, then pattern sources. */
static json_t *refused_of(const pb_rules *r)
{
	size_t n;
	const char *const *refused = pb_catalogue_refused(r->catalogue, &n);
	json_t *out = json_array();
	for (size_t i = 0; out && i < n + r->n_refused; i++)
		json_array_append_new(out, json_string(i < n ? refused[i] : r->refused[i - n]));
	return out;
}

static json_t *noticed_of(const pb_rules *r)
{
	size_t n;
	const char *const *noticed = pb_catalogue_noticed(r->catalogue, &n);
	json_t *out = json_array();
	for (size_t i = 0; out && i < n + r->n_noticed; i++)
		json_array_append_new(out, json_string(i < n ? noticed[i] : r->noticed[i - n]));
	return out;
}

static bool map_digest(const pb_rules *r, char out[65])
{
	char text[400];
	int n = snprintf(text, sizeof text, "%s\n%s\n%s\n%s\n", pb_catalogue_digest(r->catalogue), PB_VERSION,
	                 pb_patterns_version(), pb_runner_version());
	return n > 0 && (size_t)n < sizeof text && pb_sha256_of((pb_bytes){(const uint8_t *)text, (size_t)n}, out);
}

static json_t *about_of(const pb_rules *r)
{
	char digest[65];
	size_t n;
	(void)pb_catalogue_checks(r->catalogue, &n);
	if (!map_digest(r, digest))
		return NULL;
	return json_pack("{s:s,s:s,s:I,s:o,s:o,s:o,s:s,s:s,s:s,s:o,s:o,s:o}", "rules_digest", pb_catalogue_digest(r->catalogue),
	                 "map_digest", digest, "checks", (json_int_t)n, "ids", ids_of(r), "refused", refused_of(r), "noticed",
	                 noticed_of(r), "yara", pb_patterns_version(), "lua", pb_runner_version(), "probity", PB_VERSION, "box", pb_box_about(),
	                 "rule_sets", pb_rules_sets(r), "packs", pb_rules_packs(r));
}

static int open_rules(const pb_rules_options *o, pb_rules *rules, pb_error *err)
{
	pb_catalogue_options catalogue = o->catalogue;
	char *data = catalogue.data_dir ? NULL : pb_fs_data_dir();
	if (data)
		catalogue.data_dir = data;
	int rc =
	    catalogue.data_dir ? pb_rules_open(&catalogue, o->cache_dir, rules, err) : pb_fail(err, PB_ENOMEM, "out of memory");
	free(data);
	return rc;
}

int pb_rules_template_open(void *user, void **state, json_t **about, pb_error *err)
{
	pb_rules *rules = calloc(1, sizeof *rules);
	if (!rules)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	int rc = open_rules(user, rules, err);
	if (rc) {
		free(rules);
		return rc;
	}
	*about = about_of(rules);
	if (!*about) {
		pb_rules_template_close(rules);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	pb_box_warm();
	pb_runner_settle(rules->catalogue);
	*state = rules;
	return 0;
}

void pb_rules_template_close(void *state)
{
	if (!state)
		return;
	pb_rules_close(state);
	free(state);
}

static json_t *shown(const char *s)
{
	return pb_json_display(s, strlen(s), 0);
}

static json_t *patterns_of(const pb_rules *r)
{
	json_t *out = json_array();
	for (int which = 0; out && which < 2; which++) {
		size_t n;
		const pb_pattern_source *s =
		    which ? pb_catalogue_sources(r->catalogue, &n, NULL) : pb_lists_sources(r->lists, &n);
		for (size_t i = 0; i < n; i++)
			if (json_array_append_new(out, json_pack("{s:o,s:s}", "space", shown(s[i].space), "text", s[i].text))) {
				json_decref(out);
				return NULL;
			}
	}
	return out;
}

int pb_catalogue_main(void *state, const pb_role_args *args)
{
	const pb_rules *rules = state;
	pb_error err = {0};
	json_t *all = NULL;
	int rc = pb_inside(args, &args->fd[0], 1, 0, &err);
	if (!rc)
		all = json_pack("{s:o,s:o,s:o,s:s}", "checks", pb_samples_of(rules->catalogue), "patterns", patterns_of(rules),
		                "refused", refused_of(rules), "rules_digest", pb_catalogue_digest(rules->catalogue));
	char *text = all ? json_dumps(all, JSON_COMPACT) : NULL;
	const char *words = err.code ? err.text : "out of memory";
	if (text)
		rc = pb_wire_send(args->fd[0], PB_MSG_RESULT, 0, text, strlen(text));
	else
		rc = pb_wire_send(args->fd[0], PB_MSG_ERROR, 0, words, strlen(words));
	rc = rc ? rc : pb_wire_send(args->fd[0], PB_MSG_DONE, 0, "{}", 2);
	free(text);
	json_decref(all);
	return rc ? 1 : 0;
}
