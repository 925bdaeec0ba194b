#include "worker/map.h"

#include <stdlib.h>

#include "worker/spent.h"

struct pb_mapper {
	const pb_rules *rules;
	pb_scanner *scanner;
	pb_rule_scanner **sets; /* one for each folder of YARA rules */
	pb_spent *spent;
};

static bool open_sets(pb_mapper *m)
{
	size_t n = m->rules->n_sets;
	m->sets = calloc(n + 1, sizeof *m->sets);
	m->spent = pb_spent_new(n);
	for (size_t i = 0; m->sets && i < n; i++)
		if (!(m->sets[i] = pb_rule_scanner_new(m->rules->sets[i])))
			return false;
	return m->sets && m->spent;
}

int pb_mapper_new(const pb_rules *rules, int seconds, pb_mapper **out, pb_error *err)
{
	pb_mapper *m = calloc(1, sizeof *m);
	if (m) {
		m->rules = rules;
		m->scanner = pb_scanner_new(rules->patterns, seconds);
	}
	if (!m || !m->scanner || !open_sets(m)) {
		pb_mapper_free(m);
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
	for (size_t i = 0; m->sets && i < m->rules->n_sets; i++)
		pb_rule_scanner_free(m->sets[i]);
	free(m->sets);
	pb_spent_free(m->spent);
	free(m);
}

static void say_at(const pb_run_how *how, uint32_t where)
{
	if (how && how->at)
		how->at(how->user, where);
}

static int map_sets(pb_mapper *m, const pb_object *object, const json_t *facts, const pb_run_how *how, json_t *result, pb_error *err)
{
	int rc = 0;
	for (size_t i = 0; i < m->rules->n_sets && !rc; i++) {
		const pb_rule_meta *limits = &pb_catalogue_folder(m->rules->catalogue, i, NULL)->meta;
		uint64_t *spent = &pb_spent_of(m->spent, how ? how->product : 0)[i], took;
		uint64_t most = limits->product_seconds * UINT64_C(1000000), micros = limits->seconds * UINT64_C(1000000);
		uint64_t left = *spent < most ? most - *spent : 0;
		rc = pb_runner_rules(m->rules->catalogue, i, m->sets[i], left < micros ? left : micros, object, facts, how, result, &took, err);
		*spent += took;
	}
	return rc;
}

json_t *pb_map_spent(pb_mapper *m, uint32_t product)
{
	const uint64_t *spent = pb_spent_of(m->spent, product);
	json_t *out = NULL;
	for (size_t i = 0; i < m->rules->n_sets; i++) {
		const pb_check *check;
		(void)pb_catalogue_folder(m->rules->catalogue, i, &check);
		if (spent[i] < 1000)
			continue;
		out = out ? out : json_object();
		json_object_set_new(out, check->id, json_integer((json_int_t)(spent[i] / 1000)));
	}
	pb_spent_end(m->spent, product);
	return out;
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
	rc = map_sets(m, object, facts, how, made, err);
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
