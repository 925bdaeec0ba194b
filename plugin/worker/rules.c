#include "worker/rules.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

typedef struct compiling {
	pb_rules *rules;
	const pb_catalogue_options *options;
	const pb_pattern_source *sources;
	int own_broken; /* a source that ships with Probity was refused */
	pb_error *err;
} compiling;

static void refuse_one(compiling *c, bool own, const char *message)
{
	pb_rules *r = c->rules;
	/* Our own patterns are never left out: a scan with half of its checks is no scan. */
	if (own || c->options->strict)
		c->own_broken = pb_fail(c->err, PB_EINPUT, "%s", message);
	else if (c->options->refused)
		c->options->refused(c->options->user, message);
	char **more = realloc(r->refused, (r->n_refused + 1) * sizeof *more);
	if (!more)
		return;
	r->refused = more;
	r->refused[r->n_refused] = strdup(message);
	if (r->refused[r->n_refused])
		r->n_refused++;
}

static void notice(void *user, const char *message)
{
	pb_rules *r = user;
	char **more = realloc(r->noticed, (r->n_noticed + 1) * sizeof *more);
	if (!more)
		return;
	r->noticed = more;
	r->noticed[r->n_noticed] = strdup(message);
	if (r->noticed[r->n_noticed])
		r->n_noticed++;
}

static void refuse(void *user, size_t source, const char *message)
{
	compiling *c = user;
	refuse_one(c, source < c->rules->first_source, message);
}

static void refuse_file(void *user, size_t file, const char *message)
{
	compiling *c = user;
	(void)file;
	c->rules->set_refused[c->rules->n_sets]++;
	refuse_one(c, false, message);
}

static int open_sets(compiling *c, const char *cache_dir)
{
	pb_rules *r = c->rules;
	size_t n = pb_catalogue_folders(r->catalogue);
	int rc = 0;
	r->sets = calloc(n + 1, sizeof *r->sets);
	r->set_refused = calloc(n + 1, sizeof *r->set_refused);
	if (!r->sets || !r->set_refused)
		return pb_fail(c->err, PB_ENOMEM, "out of memory");
	for (; r->n_sets < n && !rc; r->n_sets += !rc) {
		const pb_rule_folder *f = pb_catalogue_folder(r->catalogue, r->n_sets, NULL);
		rc = pb_rule_set_open(f->files, f->n_files, f->digest, cache_dir, refuse_file, c, &r->sets[r->n_sets], c->err);
	}
	return rc;
}

static int open_catalogue(const pb_catalogue_options *options, pb_rules *out, pb_error *err)
{
	pb_catalogue_options with_lists = *options;
	with_lists.lists = out->lists;
	return pb_catalogue_open(&with_lists, &out->catalogue, err);
}

int pb_rules_open(const pb_catalogue_options *options, const char *cache_dir, pb_rules *out, pb_error *err)
{
	size_t n_lists, n_checks;
	pb_pattern_source *all = NULL;
	memset(out, 0, sizeof *out);
	int rc = pb_lists_open(options->data_dir, &out->lists, err);
	if (!rc)
		rc = open_catalogue(options, out, err);
	if (rc)
		goto out;
	const pb_pattern_source *lists = pb_lists_sources(out->lists, &n_lists);
	const pb_pattern_source *checks = pb_catalogue_sources(out->catalogue, &n_checks, NULL);
	out->first_source = (uint32_t)n_lists;
	all = calloc(n_lists + n_checks + 1, sizeof *all);
	if (!all) {
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
		goto out;
	}
	memcpy(all, lists, n_lists * sizeof *all);
	if (n_checks)
		memcpy(all + n_lists, checks, n_checks * sizeof *all);
	compiling c = {out, options, all, 0, err};
	rc = pb_patterns_open(all, n_lists + n_checks, cache_dir, refuse, &c, &out->patterns, err);
	if (!rc)
		rc = open_sets(&c, cache_dir);
	if (!rc)
		rc = c.own_broken;
	for (size_t i = 0; options->lint && i < n_checks && !rc; i++)
		rc = pb_patterns_lint(&checks[i], notice, out);
	if (rc == PB_ENOMEM && !err->code)
		pb_fail(err, rc, "out of memory");
out:
	free(all);
	if (rc)
		pb_rules_close(out);
	/* What compiling took and left goes back: all that is forked from here would carry it. */
	(void)malloc_trim(0);
	return rc;
}

void pb_rules_close(pb_rules *r)
{
	for (size_t i = 0; i < r->n_sets; i++)
		pb_rule_set_close(r->sets[i]);
	free(r->sets);
	free(r->set_refused);
	pb_patterns_close(r->patterns);
	pb_catalogue_close(r->catalogue);
	pb_lists_close(r->lists);
	for (size_t i = 0; i < r->n_refused; i++)
		free(r->refused[i]);
	free(r->refused);
	for (size_t i = 0; i < r->n_noticed; i++)
		free(r->noticed[i]);
	free(r->noticed);
	memset(r, 0, sizeof *r);
}

static json_t *skipped_of(const pb_rule_folder *f)
{
	json_t *out = json_array();
	for (size_t i = 0; out && i < f->n_sources; i++)
		if (f->sources[i]->skipped)
			json_array_append_new(out, pb_json_display(f->sources[i]->name, strlen(f->sources[i]->name), 300));
	return out;
}

json_t *pb_rules_sets(const pb_rules *r)
{
	json_t *out = json_array();
	for (size_t i = 0; out && i < r->n_sets; i++) {
		const pb_check *check;
		const pb_rule_folder *f = pb_catalogue_folder(r->catalogue, i, &check);
		json_t *one = json_pack("{s:s,s:s,s:I,s:I,s:I,s:o,s:I}", "id", check->id, "digest", f->digest, "files",
		                        (json_int_t)(f->n_files - r->set_refused[i]), "rules", (json_int_t)pb_rule_set_rules(r->sets[i]),
		                        "left_out", (json_int_t)(f->left_out + r->set_refused[i]), "skipped", skipped_of(f),
		                        "product_seconds", (json_int_t)f->meta.product_seconds);
		if (json_array_append_new(out, one)) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

json_t *pb_rules_packs(const pb_rules *r)
{
	const pb_packs *packs = pb_catalogue_packs(r->catalogue);
	json_t *out = json_array();
	for (size_t i = 0; out && i < packs->n; i++) {
		const pb_pack *p = packs->pack[i];
		bool keyed = p->state == PB_PACK_TRUSTED || p->state == PB_PACK_STRANGER;
		json_t *one = json_pack("{s:o,s:s,s:s,s:s,s:b}", "name", pb_json_display(p->ini.name, strlen(p->ini.name), 0), "version", p->ini.version,
		                        "key", keyed ? p->key : "unsigned", "sha256", p->sum, "trusted", p->state == PB_PACK_TRUSTED);
		if (one && p->why[0])
			json_object_set_new(one, "why", pb_json_display(p->why, strlen(p->why), 0));
		if (one && p->left_out)
			json_object_set_new(one, "left_out", json_true());
		if (json_array_append_new(out, one)) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}
