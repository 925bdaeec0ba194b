#include "cli/assess.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "bindings/bindings.h"
#include "cli/replay.h"

enum { CACHE_BYTES = 1 << 30 };

static const pb_role reader_roles[] = {{"reader", pb_reader_main}};

/* Compiled patterns are trusted like code, so they lie in a folder that only this user can write. NULL: no such folder. */
char *pb_cache_dir(void)
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

static void tell_refused(const json_t *about)
{
	size_t i;
	json_t *message;
	json_array_foreach(json_object_get(about, "refused"), i, message) {
		pb_warn("left out: %s", json_string_value(message));
	}
}

int pb_assessor_engine(pb_assessor *a, pb_error *err)
{
	int rc = pb_keeper_readers(&a->keeper, err);
	if (!rc && a->keeper.clamav)
		a->database = json_object_get(pb_template_about(a->keeper.clamav), "database");
	a->unusable = rc != 0;
	return rc;
}

int pb_assessor_open(const pb_assessor_options *o, pb_assessor *out, pb_error *err)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	char *data = pb_fs_data_dir(), *patterns = pb_cache_dir();
	char *results = patterns && !o->without_cache && !o->without_engine ? pb_fs_join(patterns, "objects.db") : NULL;
	pb_pack_wish *wishes = pb_pack_wishes(o->packs, o->n_packs, o->unsigned_packs);
	pb_places places;
	int rc = pb_places_open(false, &places, err);
	memset(out, 0, sizeof *out);
	out->extra = data ? pb_fs_join(data, "rulesets/clamav") : NULL;
	out->as_of = o->as_of;
	out->progress = o->progress;
	out->traced = o->traced;
	out->user = o->user;
	pb_rules_options rules = {.catalogue = {.data_dir = data, .extra_dirs = o->extra_dirs, .n_extra = o->n_extra, .files = o->files, .n_files = o->n_files,
                                        .packs = wishes, .n_packs = o->n_packs, .pack_places = places.of,
	                                        .without_own = o->without_own, .lint = o->lint, .bindings = &pb_bindings_table, .limits = pb_sandbox_defaults},
	                          .cache_dir = patterns};
	out->reading = (pb_reading_options){.database = o->database, .extra = out->extra, .temp = out->temp, .budget = pb_budget_default};
	pb_template_spec workers = {.name = "rules", .open = pb_rules_template_open, .user = &rules, .roles = pb_rules_roles, .n_roles = PB_RULES_ROLES};
	pb_template_spec readers = {.name = "clamav", .open = pb_reading_open, .user = &out->reading, .roles = reader_roles, .n_roles = 1,
	                            .buried = pb_reading_buried};
	pb_keeper_options keeper = {.rules = &workers, .clamav = o->without_engine ? NULL : &readers,
	                            .jobs = o->jobs ? o->jobs : processors < 1 ? 1 : processors > 8 ? 8 : (size_t)processors,
	                            .object_seconds = o->object_seconds, .job_seconds = pb_budget_default.seconds + PB_GRACE_SECONDS,
	                            .scratch = o->without_engine ? NULL : out->temp, .trace = o->trace, .cache = results, .cache_bytes = CACHE_BYTES, .readers_later = results != NULL, .interrupted = o->interrupted};
	if (!rc)
		rc = data && out->extra && wishes ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc && !o->without_engine)
		rc = pb_make_temp(out->temp, sizeof out->temp, err);
	if (!rc)
		rc = pb_keeper_open(&keeper, &out->keeper, err);
	if (!rc) {
		const json_t *about = pb_template_about(out->keeper.rules);
		if (!o->silent)
			tell_refused(about);
		out->yara = pb_json_str(about, "yara", "");
		out->lua = pb_json_str(about, "lua", "");
		out->rules_digest = pb_json_str(about, "rules_digest", "");
		out->clamav = pb_engine_version();
	}
	/* What is known needs no engine. */
	if (!rc && results)
		rc = pb_replay_open(out, err);
	else if (!rc && !o->without_engine)
		rc = pb_assessor_engine(out, err);
	if (rc)
		pb_assessor_close(out);
	pb_places_close(&places);
	free(wishes);
	free(data);
	free(patterns);
	free(results);
	return rc;
}

void pb_assessor_close(pb_assessor *a)
{
	pb_keeper_close(&a->keeper);
	pb_replay_close(a);
	free(a->extra);
	if (a->temp[0])
		pb_remove_folder(a->temp);
	memset(a, 0, sizeof *a);
}
