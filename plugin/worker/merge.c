#include "worker/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "findings/record.h"
#include "worker/context.h"

static int by_id(const void *key, const void *check)
{
	return strcmp(key, ((const pb_check *)check)->id);
}

static const pb_finding_spec *spec_of(const pb_check *check, const char *finding)
{
	for (size_t i = 0; i < check->n_findings; i++)
		if (strcmp(check->findings[i].name, finding) == 0)
			return &check->findings[i];
	return NULL;
}

static json_t *maps_of(const pb_check *check)
{
	json_t *maps = json_array();
	for (size_t i = 0; maps && i < check->n_maps; i++)
		json_array_append_new(maps, json_string(check->maps[i]));
	return maps;
}

static json_t *evidence_of(const pb_row *row, const json_t *raised)
{
	return json_pack("{s:O,s:O,s:I,s:I,s:s}", "path", row->path, "sha256", json_object_get(row->record, "sha256"), "offset",
	                 (json_int_t)pb_json_int(raised, "at", -1), "length", (json_int_t)pb_json_int(raised, "length", 0), "excerpt",
	                 pb_json_str(raised, "excerpt", ""));
}

typedef struct merging {
	json_t *found; /* check, finding, severity, key -> finding */
	json_t *keys;  /* "check\nkey" of what was found in objects that are no opened container */
	const pb_check *checks;
	size_t n_checks;
	const char *only;
	pb_error *err;
} merging;

static json_t *new_finding(const merging *m, const pb_check *check, const json_t *raised)
{
	const pb_finding_spec *spec = spec_of(check, pb_json_str(raised, "finding", ""));
	json_t *maps = maps_of(check);
	if (!spec) {
		json_decref(maps);
		pb_fail(m->err, PB_ECORRUPT, "%s: a result holds an unknown finding", check->id);
		return NULL;
	}
	return json_pack("{s:s,s:s,s:s,s:s,s:i,s:s,s:s,s:o,s:[],s:i}", "check", check->id, "finding", spec->name, "key",
	                 pb_json_str(raised, "key", ""), "severity", pb_json_str(raised, "severity", ""), "kappa", 0, "says",
	                 pb_json_str(raised, "says", ""), "remediation", spec->fix, "maps", maps, "evidence", "places", 0);
}

/* Copies of a finding become one: the most certain one's words and kappa, every place as evidence. */
static int merge_one(merging *m, const json_t *raised, const pb_row *row)
{
	char id[PB_KEY_MAX + 256];
	const char *name = pb_json_str(raised, "check", "");
	const pb_check *check = bsearch(name, m->checks, m->n_checks, sizeof *m->checks, by_id);
	if (!check)
		return pb_fail(m->err, PB_ECORRUPT, "a result names an unknown check: %s", name);
	if (m->only && strcmp(m->only, name) != 0)
		return 0;
	snprintf(id, sizeof id, "%s\n%s\n%s\n%s", check->id, pb_json_str(raised, "finding", ""), pb_json_str(raised, "key", ""),
	         pb_json_str(raised, "severity", ""));
	json_t *f = json_object_get(m->found, id);
	if (!f) {
		f = new_finding(m, check, raised);
		if (!f || json_object_set_new(m->found, id, f))
			return m->err && m->err->code ? m->err->code : PB_ENOMEM;
	}
	int kappa = (int)pb_json_int(raised, "kappa", 0);
	/* Proof by digest holds wherever the object lies; everything else weighs less where tests and documents are. */
	if (row->discounted && kappa < 1000 && kappa > PB_CONTEXT_KAPPA)
		kappa = PB_CONTEXT_KAPPA;
	if (kappa > pb_json_int(f, "kappa", 0)) {
		json_object_set_new(f, "kappa", json_integer(kappa));
		json_object_set_new(f, "says", json_string(pb_json_str(raised, "says", "")));
	}
	json_object_set_new(f, "places", json_integer(pb_json_int(f, "places", 0) + 1));
	json_t *evidence = json_object_get(f, "evidence");
	if (json_array_size(evidence) < PB_EVIDENCE_MAX && json_array_append_new(evidence, evidence_of(row, raised)))
		return PB_ENOMEM;
	return 0;
}

/* The bytes of a tar hold those of its members: what is found in both is the member's, at the member's place. What only the
 * container shows (between members, in a comment) stays. Opened containers come last for that reason. */
static int merge_of_object(merging *m, const json_t *raised, const pb_row *row)
{
	char id[PB_KEY_MAX + 256];
	snprintf(id, sizeof id, "%s\n%s", pb_json_str(raised, "check", ""), pb_json_str(raised, "key", ""));
	if (row->opened && json_object_get(m->keys, id))
		return 0;
	if (!row->opened && json_object_set_new(m->keys, id, json_true()))
		return PB_ENOMEM;
	return merge_one(m, raised, row);
}

/* What product checks raised about records in places of the one sort. */
static int merge_of_product(merging *m, const pb_join *j, const json_t *raised, bool discounted)
{
	json_t *f;
	size_t k;
	json_array_foreach(json_object_get(raised, "findings"), k, f) {
		const pb_row *row = pb_join_row(j, pb_json_int(f, "record", -1));
		if (!row)
			return pb_fail(m->err, PB_ECORRUPT, "%s: a finding without evidence", pb_json_str(f, "check", "?"));
		int rc = row->discounted == discounted ? merge_one(m, f, row) : 0;
		if (rc)
			return rc;
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *sorted_values(json_t *object)
{
	size_t n = json_object_size(object), i = 0;
	const char **names = malloc((n + 1) * sizeof *names), *k;
	json_t *out = json_array(), *v;
	if (!names || !out) {
		free(names);
		json_decref(out);
		return NULL;
	}
	json_object_foreach(object, k, v)
		names[i++] = k;
	qsort(names, n, sizeof *names, by_name);
	for (i = 0; i < n; i++)
		json_array_append(out, json_object_get(object, names[i]));
	free(names);
	return out;
}

/* Where one key is a finding in one place and only noted (info) in another, the note says nothing more. */
static int drop_mere_notes(json_t *found)
{
	json_t *serious = json_object(), *f;
	const char *id;
	void *next;
	char key[PB_KEY_MAX + 256];
	if (!serious)
		return PB_ENOMEM;
	for (int pass = 0; pass < 2; pass++)
		json_object_foreach_safe(found, next, id, f) {
			snprintf(key, sizeof key, "%s\n%s", pb_json_str(f, "check", ""), pb_json_str(f, "key", ""));
			bool info = strcmp(pb_json_str(f, "severity", ""), "info") == 0;
			if (pass == 0 && !info)
				json_object_set_new(serious, key, json_true());
			else if (pass == 1 && info && json_object_get(serious, key))
				json_object_del(found, id);
		}
	json_decref(serious);
	return 0;
}

json_t *pb_merge(const pb_join *j, const pb_check *checks, size_t n_checks, const char *only, const json_t *raised, pb_error *err)
{
	merging m = {json_object(), json_object(), checks, n_checks, only, err};
	json_t *out = NULL, *f;
	size_t k;
	int rc = m.found && m.keys ? 0 : PB_ENOMEM;
	/* Opened containers after their members; and the places that count in full before tests and documents, so that a finding's first
	 * evidence is its best. */
	for (int pass = 0; pass < 4; pass++)
		for (size_t i = 0; i < j->n && !rc; i++) {
			if (j->rows[i].opened != (pass >> 1) || j->rows[i].discounted != (pass & 1))
				continue;
			json_array_foreach(json_object_get(j->rows[i].result, "findings"), k, f)
				rc = rc ? rc : merge_of_object(&m, f, &j->rows[i]);
		}
	for (int discounted = 0; discounted <= 1 && !rc; discounted++)
		rc = merge_of_product(&m, j, raised, discounted);
	rc = rc ? rc : drop_mere_notes(m.found);
	if (!rc)
		out = sorted_values(m.found);
	json_decref(m.found);
	json_decref(m.keys);
	if (!out && err && !err->code)
		pb_fail(err, PB_ENOMEM, "out of memory while merging findings");
	return out;
}
