#include "cli/replay.h"

#include <stdlib.h>

struct pb_replay {
	bool looked;          /* at the database's folders */
	pb_database database; /* dir and digest as they are now; digest "": it has none that can be told */
	json_t *replayed;     /* the database that the last one found was made with */
};

int pb_replay_open(pb_assessor *a, pb_error *err)
{
	a->replay = calloc(1, sizeof *a->replay);
	return a->replay ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");
}

void pb_replay_close(pb_assessor *a)
{
	if (a->replay)
		json_decref(a->replay->replayed);
	free(a->replay);
	a->replay = NULL;
}

/* Other users have a cache of their own, and hosts that hooks speak for are told apart by what stands here in its place. */
static json_t *key_of(const pb_assessor *a, const char *sha256, const char *name, const char *dir, const char *digest)
{
	json_t *key = json_pack("{s:s,s:I,s:s,s:s,s:s,s:s,s:s}", "by", "scan", "as_of", (json_int_t)a->as_of, "clamav", a->clamav, "dir", dir,
	                        "database", digest, "name", name, "sha256", sha256);
	if (key && a->dossier &&
	    (json_object_set_new(key, "evidence", json_string(a->dossier->digest)) || json_object_set_new(key, "trust", json_string(a->dossier->trust)))) {
		json_decref(key);
		return NULL;
	}
	if (key && a->regions && json_object_set(key, "regions", a->regions)) {
		json_decref(key);
		return NULL;
	}
	return key;
}

int pb_replay_find(pb_assessor *a, const char *sha256, const char *name, json_t **document)
{
	struct pb_replay *by = a->replay;
	json_t *database = NULL;
	if (!by)
		return 0;
	/* A database that cannot be read is told of by the engine. */
	if (!by->looked && pb_engine_digest(a->reading.database, a->reading.extra, &by->database, NULL))
		by->database.digest[0] = '\0';
	by->looked = true;
	json_t *key = *by->database.digest ? key_of(a, sha256, name, by->database.dir, by->database.digest) : NULL;
	int found = key ? pb_results_get_product(a->keeper.results, key, document, &database) : 0;
	json_decref(key);
	if (found) {
		json_decref(by->replayed);
		a->database = by->replayed = database;
	}
	return found;
}

void pb_replay_keep(pb_assessor *a, const char *sha256, const char *name, json_t *document)
{
	const char *digest = pb_json_str(a->database, "digest", "");
	json_t *key = a->replay && *digest ? key_of(a, sha256, name, pb_json_str(a->database, "dir", ""), digest) : NULL;
	if (key)
		pb_results_put_product(a->keeper.results, key, document, (json_t *)a->database);
	json_decref(key);
}
