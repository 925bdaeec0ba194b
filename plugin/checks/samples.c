#include "checks/samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/text.h"
#include "checks/entry.h"

typedef struct running {
	const pb_samples_options *o;
	size_t count, failed;
	bool no_memory;
} running;

/* Does the name on the command line mean this check? "integrity.x", "integrity/x", "integrity/x.lua", "integrity", "integrity/"
 */
static bool means(const char *name, const pb_check *c)
{
	const char *pillar = pb_pillar_name(c->pillar), *stem = strchr(c->id, '.') + 1;
	size_t n = strlen(pillar), m = strlen(stem);

	if (strcmp(name, c->id) == 0)
		return true;
	if (strncmp(name, pillar, n) != 0)
		return false;
	name += n;
	if (name[0] == '\0' || strcmp(name, "/") == 0)
		return true;
	return name[0] == '/' && strncmp(name + 1, stem, m) == 0 && (name[1 + m] == '\0' || strcmp(name + 1 + m, ".lua") == 0);
}

static bool chosen(const pb_samples_options *o, const pb_check *c)
{
	bool any = o->n_names == 0;

	for (size_t i = 0; i < o->n_names && !any; i++)
		any = means(o->names[i], c);
	return any;
}

static int refuse_unknown_names(const pb_catalogue *c, const pb_samples_options *o, pb_error *err)
{
	for (size_t i = 0; i < o->n_names; i++) {
		const char **ids, *near;
		bool any = false;
		int rc;

		for (size_t k = 0; k < c->n && !any; k++)
			any = means(o->names[i], &c->checks[k]);
		if (any)
			continue;
		ids = calloc(c->n + 1, sizeof *ids);
		if (ids == NULL)
			return pb_fail(err, PB_ENOMEM, "out of memory");
		for (size_t k = 0; k < c->n; k++)
			ids[k] = c->checks[k].id;
		near = pb_text_nearest(o->names[i], ids, c->n);
		rc = pb_fail(err, PB_EINPUT, "there is no check \"%s\"%s%s%s", o->names[i],
		             near != NULL ? "; did you mean \"" : "", near != NULL ? near : "", near != NULL ? "\"?" : "");
		free(ids);
		return rc;
	}
	return PB_OK;
}

/* The path of a sample; NULL: no memory. */
static char *sample_path(const pb_samples_options *o, const pb_entry *e, const char *name)
{
	char below[400], *folder, *path;

	if (e->samples_dir != NULL)
		return pb_fs_join(e->samples_dir, name);
	(void)snprintf(below, sizeof below, "%s/%s", pb_pillar_name(e->check.pillar), strchr(e->check.id, '.') + 1);
	folder = pb_fs_join(o->dir, below);
	path = folder != NULL ? pb_fs_join(folder, name) : NULL;
	free(folder);
	return path;
}

/* Nothing is lost on the way through the serial form: everything that is cached, sent or stored stands on that. */
static bool survives(const json_t *result)
{
	char *text = pb_json_canonical(result), *twice = NULL;
	json_t *again =
	    text != NULL ? pb_json_parse((pb_bytes){(const uint8_t *)text, strlen(text)}, SIZE_MAX, "sample", NULL) : NULL;
	bool same = again != NULL && json_equal(result, again) && (twice = pb_json_canonical(again)) != NULL &&
	            strcmp(text, twice) == 0;

	free(text);
	free(twice);
	json_decref(again);
	return same;
}

static size_t count_findings(const json_t *result, const char *id)
{
	const json_t *f;
	size_t i, n = 0;

	json_array_foreach (json_object_get(result, "findings"), i, f)
		n += strcmp(pb_json_str(f, "check", ""), id) == 0;
	return n;
}

/* The check's own words where its script failed on the sample; NULL: it did not. */
static const char *failure(const json_t *result, const char *id)
{
	const json_t *c;
	size_t i;

	json_array_foreach (json_object_get(result, "checks"), i, c) {
		const char *reason = pb_json_str(c, "reason", "");

		if (strcmp(pb_json_str(c, "id", ""), id) != 0)
			continue;
		if (strstr(reason, "script error: ") != NULL || strncmp(reason, "limit ", 6) == 0 ||
		    strstr(reason, ": limit ") != NULL)
			return reason;
	}
	return NULL;
}

/* NULL: as it should be. Else what is wrong, in words. */
static const char *judge(const json_t *result, const char *id, bool hit, char *words, size_t room)
{
	size_t n = count_findings(result, id);
	const char *failed = failure(result, id);

	if (failed != NULL)
		(void)snprintf(words, room, "%s", failed);
	else if (hit && n == 0)
		(void)snprintf(words, room, "nothing was found");
	else if (!hit && n > 0)
		(void)snprintf(words, room, "%zu found, and nothing should be", n);
	else if (!survives(result))
		(void)snprintf(words, room, "the result does not survive its serial form");
	else
		return NULL;
	return words;
}

static void run_sample(running *r, const pb_entry *e, const char *name, bool hit)
{
	char *path = sample_path(r->o, e, name), words[700];
	const char *wrong = NULL;
	json_t *result = NULL;
	pb_error err = {0};

	if (path == NULL) {
		r->no_memory = true;
		return;
	}
	if (access(path, F_OK) != 0) {
		(void)snprintf(words, sizeof words, "there is no %.600s", path);
		wrong = words;
	} else if (r->o->assess(r->o->user, path, &result, &err) != PB_OK) {
		wrong = err.text;
	} else {
		wrong = judge(result, e->check.id, hit, words, sizeof words);
	}
	r->failed += wrong != NULL;
	(void)printf("%s %zu - %s %s %s\n", wrong == NULL ? "ok" : "not ok", ++r->count, e->check.id, hit ? "hit" : "clean",
	             name);
	if (wrong != NULL)
		(void)printf("# %s: %s\n", e->check.file, wrong);
	(void)fflush(stdout); /* what assesses may fork */
	json_decref(result);
	free(path);
}

int pb_samples_run(const pb_catalogue *c, const pb_samples_options *options, size_t *failed, pb_error *err)
{
	running r = {.o = options};
	int rc = refuse_unknown_names(c, options, err);

	if (rc != PB_OK)
		return rc;
	for (size_t i = 0; i < c->n && !r.no_memory; i++) {
		const pb_entry *e = &c->entries[i];

		if (!chosen(options, &e->check))
			continue;
		for (size_t k = 0; k < e->check.n_hit; k++)
			run_sample(&r, e, e->check.hit[k], true);
		for (size_t k = 0; k < e->check.n_clean; k++)
			run_sample(&r, e, e->check.clean[k], false);
	}
	if (r.no_memory)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	*failed = r.failed;
	(void)printf("1..%zu\n%zu passed, %zu failed\n", r.count, r.count - r.failed, r.failed);
	return fflush(stdout) == 0 ? PB_OK : pb_fail(err, PB_EIO, "cannot write to standard output");
}
