#include "cli/assess.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/log.h"
#include "bindings/bindings.h"

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *where)
{
	(void)st;
	(void)flag;
	(void)where;
	(void)remove(path);
	return 0; /* what cannot be removed does not keep the rest */
}

static int make_temp(char *out, size_t size, pb_error *err)
{
	const char *dir = getenv("TMPDIR");
	int n = snprintf(out, size, "%s/probity-XXXXXX", dir && *dir ? dir : "/tmp");
	if (n < 0 || (size_t)n >= size || !mkdtemp(out)) {
		int rc = pb_fail(err, PB_EIO, "no temporary folder %s: %s", out, strerror(errno));
		out[0] = '\0';
		return rc;
	}
	return 0;
}

/* Compiled patterns are trusted like code, so they lie in a folder that only this user can write. NULL: no such folder. */
static char *cache_dir(void)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	struct stat st;
	char *base = xdg && *xdg == '/' ? strdup(xdg) : home && *home == '/' ? pb_fs_join(home, ".cache") : NULL;
	char *dir = base ? pb_fs_join(base, "probity") : NULL;
	if (base)
		mkdir(base, 0700);
	if (dir && ((mkdir(dir, 0700) < 0 && errno != EEXIST) || lstat(dir, &st) < 0 || !S_ISDIR(st.st_mode) ||
	            st.st_uid != geteuid() || (st.st_mode & 022))) {
		free(dir);
		dir = NULL;
	}
	free(base);
	return dir;
}

static void refused(void *user, const char *message)
{
	(void)user;
	pb_warn("left out: %s", message);
}

static json_t *database_json(const pb_database *db)
{
	char built[11] = "";
	if (db->built_days >= 0)
		pb_date_format(db->built_days, built);
	return json_pack("{s:s,s:b,s:s,s:s,s:i,s:s}", "dir", db->dir, "official", db->official, "version", db->version, "built", built,
	                 "signatures", (int)db->signatures, "digest", db->digest);
}

static int open_engine(const pb_assessor_options *o, const char *data, pb_assessor *out, pb_error *err)
{
	int rc = make_temp(out->temp, sizeof out->temp, err);
	char *extra = rc ? NULL : pb_fs_join(data, "rulesets/clamav");
	if (!rc && !extra)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc)
		rc = pb_engine_open(o->database, extra, out->temp, &out->budget, &out->engine, &out->database, err);
	if (!rc && !(out->database_json = database_json(&out->database)))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	free(extra);
	return rc;
}

int pb_assessor_open(const pb_assessor_options *o, pb_assessor *out, pb_error *err)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	char *data = pb_fs_data_dir(), *cache = cache_dir();
	memset(out, 0, sizeof *out);
	out->budget = pb_budget_default;
	out->jobs = o->jobs ? o->jobs : processors < 1 ? 1 : processors > 8 ? 8 : (size_t)processors;
	out->as_of = o->as_of;
	out->progress = o->progress;
	out->interrupted = o->interrupted;
	pb_catalogue_options catalogue = {.data_dir = data, .extra_dirs = o->extra_dirs, .n_extra = o->n_extra,
	                                  .bindings = &pb_bindings_table, .limits = pb_sandbox_defaults, .refused = refused};
	int rc = data ? pb_rules_open(&catalogue, cache, &out->rules, err) : pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc && !o->without_engine)
		rc = open_engine(o, data, out, err);
	if (rc)
		pb_assessor_close(out);
	free(data);
	free(cache);
	return rc;
}

void pb_assessor_close(pb_assessor *a)
{
	pb_engine_close(a->engine);
	pb_rules_close(&a->rules);
	json_decref(a->database_json);
	if (a->temp[0])
		nftw(a->temp, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	memset(a, 0, sizeof *a);
}
