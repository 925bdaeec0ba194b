#include "checks/samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/text.h"
#include "checks/entry.h"
#include "checks/samples_say.h"

typedef struct running {
	const pb_samples_options *o;
	pb_samples_count count;
	bool no_memory;
} running;

static const char *text_of(const json_t *check, const char *key)
{
	return pb_json_str(check, key, "");
}

/* "private-key" of "integrity.private-key" */
static const char *stem_of(const json_t *check)
{
	const char *id = text_of(check, "id"), *dot = strchr(id, '.');

	return dot != NULL ? dot + 1 : id;
}

/* Does the name on the command line mean this check? "integrity.x", "integrity/x", "integrity/x.lua", "integrity", "integrity/"
 */
static bool means(const char *name, const json_t *check)
{
	const char *pillar = text_of(check, "pillar"), *stem = stem_of(check);
	size_t n = strlen(pillar), m = strlen(stem);

	if (strcmp(name, text_of(check, "id")) == 0)
		return true;
	if (strncmp(name, pillar, n) != 0)
		return false;
	name += n;
	if (name[0] == '\0' || strcmp(name, "/") == 0)
		return true;
	return name[0] == '/' && strncmp(name + 1, stem, m) == 0 && (name[1 + m] == '\0' || strcmp(name + 1 + m, ".lua") == 0);
}

static bool chosen(const pb_samples_options *o, const json_t *check)
{
	bool any = o->n_names == 0 && !o->foreign;

	if (o->foreign && *pb_json_str(json_object_get(check, "samples"), "dir", "") != '\0')
		return true;
	for (size_t i = 0; i < o->n_names && !any; i++)
		any = means(o->names[i], check);
	return any;
}

static int refuse_name(const json_t *checks, const char *name, pb_error *err)
{
	const char **ids = calloc(json_array_size(checks) + 1, sizeof *ids), *near;
	const json_t *check;
	size_t i;
	int rc;

	if (ids == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	json_array_foreach (checks, i, check)
		ids[i] = text_of(check, "id");
	near = pb_text_nearest(name, ids, json_array_size(checks));
	rc = pb_fail(err, PB_EINPUT, "there is no check \"%s\"%s%s%s", name, near != NULL ? "; did you mean \"" : "",
	             near != NULL ? near : "", near != NULL ? "\"?" : "");
	free(ids);
	return rc;
}

static int refuse_unknown_names(const json_t *checks, const pb_samples_options *o, pb_error *err)
{
	for (size_t i = 0; i < o->n_names; i++) {
		const json_t *check;
		bool any = false;
		size_t k;

		json_array_foreach (checks, k, check)
			any = any || means(o->names[i], check);
		if (!any)
			return refuse_name(checks, o->names[i], err);
	}
	return PB_OK;
}

/* ROOT of ROOT/scripts/PILLAR where that is a checkout; folder is changed. NULL: it is none. */
static const char *checkout_of(char *folder, const char **pillar)
{
	char *slash = strrchr(folder, '/'), *above, *marks[2];
	bool there = true;

	if (slash == NULL || pb_pillar_of(slash + 1) < 0)
		return NULL;
	*pillar = slash + 1;
	*slash = '\0';
	above = strrchr(folder, '/');
	if (above == NULL || strcmp(above, "/scripts") != 0)
		return NULL;
	*above = '\0';
	marks[0] = pb_fs_join(folder, "tests/samples");
	marks[1] = pb_fs_join(folder, "rulesets/claims.ini");
	for (int i = 0; i < 2; i++) {
		there = there && marks[i] != NULL && access(marks[i], F_OK) == 0;
		free(marks[i]);
	}
	return there ? folder : NULL;
}

char *pb_samples_dir_of(const char *path)
{
	char *parent = pb_fs_parent(path), *folder = parent != NULL ? realpath(parent, NULL) : NULL, *out = NULL;
	const char *name = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path, *root, *pillar = "";
	size_t n = strlen(name);
	int stem = (int)(n > 4 && strcmp(name + n - 4, ".lua") == 0 ? n - 4 : n);

	root = folder != NULL ? checkout_of(folder, &pillar) : NULL;
	if (parent != NULL && root != NULL)
		n = (size_t)asprintf(&out, "%s/tests/samples/%s/%.*s", root, pillar, stem, name);
	else if (parent != NULL)
		n = (size_t)asprintf(&out, "%.*s.samples", (int)(strlen(path) - strlen(name)) + stem, path);
	free(folder);
	free(parent);
	return n == (size_t)-1 ? NULL : out;
}

/* The path of a sample; NULL: no memory. */
static char *sample_path(const pb_samples_options *o, const json_t *check, const char *name)
{
	const char *dir = pb_json_str(json_object_get(check, "samples"), "dir", "");
	char below[400], *folder, *path;

	if (*dir != '\0')
		return pb_fs_join(dir, name);
	(void)snprintf(below, sizeof below, "%s/%s", text_of(check, "pillar"), stem_of(check));
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

/* finding: only those; NULL: all of the check */
static size_t count_findings(const json_t *result, const char *id, const char *finding)
{
	const json_t *f;
	size_t i, n = 0;

	json_array_foreach (json_object_get(result, "findings"), i, f)
		n += strcmp(pb_json_str(f, "check", ""), id) == 0 &&
		     (finding == NULL || strcmp(pb_json_str(f, "finding", ""), finding) == 0);
	return n;
}

/* The check's own words where its script failed on the sample; NULL: it did not. */
static const char *failure(const json_t *result, const char *id)
{
	const char *reason = pb_json_str(pb_samples_row(result, id), "reason", "");
	bool failed = strstr(reason, "script error: ") != NULL || strncmp(reason, "limit ", 6) == 0 ||
	              strstr(reason, ": limit ") != NULL;

	return failed ? reason : NULL;
}

/* NULL: as it should be. Else what is wrong, in words. finding: what a hit must give, NULL: any. */
static const char *judge(const json_t *result, const char *id, bool hit, const char *finding, char *words, size_t room)
{
	size_t n = count_findings(result, id, NULL);
	const char *failed = failure(result, id);

	if (failed != NULL)
		(void)snprintf(words, room, "%s", failed);
	else if (hit && n == 0)
		(void)snprintf(words, room, "expected a finding, found none");
	else if (hit && finding != NULL && count_findings(result, id, finding) == 0)
		(void)snprintf(words, room, "expected the finding \"%s\", found others:", finding);
	else if (!hit && n > 0)
		(void)snprintf(words, room, "expected nothing, found %zu:", n);
	else if (!survives(result))
		(void)snprintf(words, room, "the result does not survive its serial form");
	else
		return NULL;
	return words;
}

static void run_sample(running *r, const json_t *check, const char *name, bool hit, const char *finding)
{
	char *path = sample_path(r->o, check, name), words[700];
	const char *id = text_of(check, "id"), *wrong = NULL;
	json_t *result = NULL;
	pb_error err = {0};

	if (path == NULL) {
		r->no_memory = true;
		return;
	}
	if (access(path, F_OK) != 0) {
		(void)snprintf(words, sizeof words, "there is no %.600s", path);
		wrong = words;
	} else if (r->o->assess(r->o->user, id, path, &result, &err) != PB_OK) {
		wrong = err.text;
	} else {
		wrong = judge(result, id, hit, finding, words, sizeof words);
	}
	r->count.failed += wrong != NULL;
	r->count.samples++;
	if (r->o->broke != NULL) {
		if (result != NULL && failure(result, id) != NULL)
			r->o->broke(r->o->user, check, name, failure(result, id));
		json_decref(result);
		free(path);
		return;
	}
	if (wrong != NULL || !r->o->brief)
		(void)printf("%s %zu - %s %s %s\n", wrong == NULL ? "ok" : "not ok", r->count.samples, id, hit ? "hit" : "clean", name);
	if (wrong != NULL)
		pb_samples_say(check, path, result, hit, wrong);
	(void)fflush(stdout); /* what assesses may fork */
	json_decref(result);
	free(path);
}

static void run_samples(running *r, const json_t *check, const char *which)
{
	const json_t *samples = json_object_get(check, "samples"), *expects = json_object_get(samples, "expects"), *name;
	bool hit = strcmp(which, "hit") == 0;
	size_t i;

	json_array_foreach (json_object_get(samples, which), i, name)
		if (json_is_string(name))
			run_sample(r, check, json_string_value(name), hit, hit ? json_string_value(json_array_get(expects, i)) : NULL);
}

int pb_samples_run(const json_t *checks, const pb_samples_options *options, pb_samples_count *count, pb_error *err)
{
	running r = {.o = options, .count = {.samples = options->refused, .failed = options->refused}};
	const json_t *check;
	size_t i;
	int rc =
	    json_is_array(checks) ? refuse_unknown_names(checks, options, err) : pb_fail(err, PB_ECORRUPT, "no list of checks");

	if (rc != PB_OK)
		return rc;
	json_array_foreach (checks, i, check) {
		if (!chosen(options, check))
			continue;
		r.count.checks++;
		run_samples(&r, check, "hit");
		run_samples(&r, check, "clean");
	}
	if (r.no_memory)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	*count = r.count;
	if (!options->brief && options->broke == NULL)
		(void)printf("1..%zu\n%zu passed, %zu failed\n", r.count.samples, r.count.samples - r.count.failed, r.count.failed);
	return fflush(stdout) == 0 ? PB_OK : pb_fail(err, PB_EIO, "cannot write to standard output");
}

/* A name that is no UTF-8 is shown escaped: it cannot be opened by that, and the sample says so. */
static json_t *path_of(const char *path)
{
	size_t n = path != NULL ? strlen(path) : 0;

	return pb_text_utf8(path, n) ? json_stringn(n > 0 ? path : "", n) : pb_json_display(path, n, 0);
}

static json_t *names_of(char *const *names, size_t n)
{
	json_t *out = json_array();

	for (size_t i = 0; i < n && out != NULL; i++)
		if (json_array_append_new(out, path_of(names[i])) != 0) {
			json_decref(out);
			out = NULL;
		}
	return out;
}

/* For each hit the finding that it must give, or null. */
static json_t *expects_of(const pb_check *k)
{
	json_t *out = json_array();

	for (size_t i = 0; i < k->n_hit && out != NULL; i++)
		if (json_array_append_new(out, k->expects[i] != NULL ? json_string(k->expects[i]) : json_null()) != 0) {
			json_decref(out);
			out = NULL;
		}
	return out;
}

/* null where nothing was measured */
static json_t *measured_of(const pb_measured *m)
{
	if (m->date[0] == '\0')
		return json_null();
	return json_pack("{s:i,s:i,s:i,s:i,s:s}", "recall", m->recall, "planted", m->planted, "alarms", m->alarms, "clean", m->clean,
	                 "date", m->date);
}

json_t *pb_samples_of(const pb_catalogue *c)
{
	json_t *out = json_array();

	for (size_t i = 0; i < c->n && out != NULL; i++) {
		const pb_check *k = &c->entries[i].check;
		json_t *row = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:b,s:s,s:o,s:o,s:{s:o,s:o,s:o,s:o}}", "id", k->id, "catalogue", k->catalogue,
		                        "pillar", pb_pillar_name(k->pillar), "claim", k->claim, "severity", pb_severity_name(k->severity),
		                        "reliability", pb_reliability_name(k->reliability), "online", k->online, "title", k->title, "file",
		                        path_of(k->file), "measured", measured_of(&k->measured), "samples", "dir", path_of(c->entries[i].samples_dir), "hit",
		                        names_of(k->hit, k->n_hit), "expects", expects_of(k), "clean", names_of(k->clean, k->n_clean));

		if ((k->confirm != NULL && row != NULL && json_object_set_new(row, "confirm", json_string(k->confirm)) != 0) ||
		    json_array_append_new(out, row) != 0) {
			json_decref(out);
			out = NULL;
		}
	}
	return out;
}
