#include "worker/map.h"

#include <stdlib.h>

struct pb_mapper {
	const pb_rules *rules;
	pb_scanner *scanner;
};

int pb_mapper_new(const pb_rules *rules, int seconds, pb_mapper **out, pb_error *err)
{
	pb_mapper *m = calloc(1, sizeof *m);
	if (m) {
		m->rules = rules;
		m->scanner = pb_scanner_new(rules->patterns, seconds);
	}
	if (!m || !m->scanner) {
		free(m);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	*out = m;
	return 0;
}

void pb_mapper_free(pb_mapper *m)
{
	if (!m)
		return;
	pb_scanner_free(m->scanner);
	free(m);
}

static void say_at(const pb_run_how *how, uint32_t where)
{
	if (how && how->at)
		how->at(how->user, where);
}

int pb_map(pb_mapper *m, const pb_object *object, const pb_run_how *how, json_t **result, pb_error *err)
{
	pb_scan scan = {0};
	json_t *facts = NULL, *made = NULL;
	say_at(how, PB_RUN_PATTERNS);
	int rc = pb_scanner_run(m->scanner, object->bytes, pb_group_of(object->kind), &scan);
	if (rc) {
		pb_fail(err, rc, "out of memory while scanning");
		goto out;
	}
	say_at(how, PB_RUN_FACTS);
	rc = pb_facts_of(object, &scan, m->rules->lists, &facts, err);
	if (rc)
		goto out;
	made = pb_result_new(facts);
	if (!made) {
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
		goto out;
	}
	rc = pb_runner_object(m->rules->catalogue, object, facts, &scan, m->rules->first_source, how, made, err);
	if (rc)
		goto out;
	/* The module trees are big, and reduce has no use for them. */
	pb_facts_keep(facts);
	*result = made;
	made = NULL;
out:
	json_decref(made);
	json_decref(facts);
	pb_scan_free(&scan);
	return rc;
}
