/* Products that were assessed before. What came of one is kept under its digest, and where a scan ends with the same one, as clean as then, it
 * is judged by that: a host that knows its members as clean does not show them once more, and nobody has to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "keeper/service_parts.h"

enum { CLEAN = 0, VERIFIED = 33 /* clean, and signed by somebody it trusts */, BOOT_MOST = 64 };

/* A host that does not say which signatures it has: this very process with this very engine. */
static json_t *engine_of(const pb_stream *of, int64_t number)
{
	pb_buf boot = {0};
	json_t *out = NULL;
	if (of->pid > 0 && number > 0 && pb_fs_read("/proc/sys/kernel/random/boot_id", BOOT_MOST, &boot, NULL) == 0)
		out = json_pack("{s:I,s:I,s:o}", "process", (json_int_t)of->pid, "engine", (json_int_t)number, "boot",
		                pb_json_display(boot.data, boot.size, 0));
	pb_buf_free(&boot);
	return out;
}

/* What a host says of its scan is as true as its user is honest, so users are told apart: nobody can prepare what others are told. */
void pb_case_replay_begin(pb_case *c, const pb_stream *of, const json_t *begin)
{
	const json_t *database = pb_case_database(c);
	bool versioned = json_is_true(json_object_get(database, "official"));
	int64_t settings = pb_json_int(begin, "settings", 0);
	if (c->grouped || c->refused || !of || !json_object_get(begin, "engine") || !settings)
		return;
	json_t *engine = versioned ? json_null() : engine_of(of, pb_json_int(begin, "engine", 0));
	if (engine)
		c->host_key = json_pack("{s:s,s:s,s:I,s:I,s:O,s:o}", "by", "hook", "clamav", of->clamav, "uid", (json_int_t)of->uid, "settings",
		                        (json_int_t)settings, "database", database, "engine", engine);
}

/* NULL: no such product can be known. */
static json_t *key_of(const pb_case *c, const pb_identity *id, int64_t day)
{
	json_t *regions = NULL;
	if (!c->host_key || !*id->sha256 || pb_policy_regions(&c->of->policy, &regions))
		return NULL;
	return json_pack("{s:O,s:I,s:s,s:s,s:s,s:o*}", "host", c->host_key, "as_of", (json_int_t)day, "name",
	                pb_gather_name(c->said), "kind", id->kind, "sha256", id->sha256, "regions", regions);
}

static pb_results *results_of(const pb_case *c)
{
	return c->of->keeper.results;
}

void pb_case_replay_root(pb_service *s, pb_case *c)
{
	const pb_identity *root = c->host_key && !c->asked ? pb_gather_root(c->said) : NULL;
	if (!root)
		return;
	json_t *key = key_of(c, root, pb_service_day(s));
	c->asked = true;
	c->awaits = key && pb_results_knows(results_of(c), key);
	json_decref(key);
}

void pb_case_replay_end(pb_service *s, pb_case *c, const json_t *end)
{
	int64_t result = pb_json_int(end, "result", -1);
	c->clean = (result == CLEAN || result == VERIFIED) && !*pb_json_str(end, "signature", "") && !json_is_true(json_object_get(end, "ended"));
	c->whole = pb_json_int(end, "lost", 0) == 0 && pb_json_int(end, "dropped", 0) == 0;
	c->awaits = false;
	pb_case_replay_find(s, c);
}

bool pb_case_replay_find(pb_service *s, pb_case *c)
{
	bool may = !c->replay && c->clean && c->host_key && !pb_gather_detected(c->said);
	json_t *key = may ? key_of(c, &c->identity, pb_service_day(s)) : NULL, *database = NULL;
	if (key && pb_results_get_product(results_of(c), key, &c->replay, &database))
		json_decref(database);
	json_decref(key);
	return c->replay != NULL;
}

void pb_case_replay_keep(pb_case *c, json_t *document)
{
	json_t *key = c->clean && c->whole && !c->excused && pb_gather_repeatable(c->said) ? key_of(c, &c->identity, c->day) : NULL;
	if (key)
		pb_results_put_product(results_of(c), key, document, (json_t *)pb_case_database(c));
	json_decref(key);
}
