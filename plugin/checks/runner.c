/* Who looks at what, and what becomes of it when a script fails. */
#include "checks/runner.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "checks/entry.h"

const char *pb_runner_version(void)
{
	return LUA_VERSION_MAJOR "." LUA_VERSION_MINOR "." LUA_VERSION_RELEASE;
}

bool pb_check_applies(const pb_check *check, const json_t *tags)
{
	const json_t *tag;
	size_t i;

	for (size_t k = 0; k < check->n_applies; k++) {
		if (strcmp(check->applies[k], "any") == 0)
			return true;
		json_array_foreach (tags, i, tag) {
			const char *name = json_string_value(tag);

			if (name != NULL && strcmp(check->applies[k], name) == 0)
				return true;
		}
	}
	return false;
}

/* One call of one function of one check. */
typedef struct job {
	pb_call call;
	const pb_entry *entry;
	int which; /* PB_SCRIPT_OBJECT, PB_SCRIPT_PRODUCT */
	const pb_run_how *how;
} job;

static int enter(lua_State *L)
{
	job *j = lua_touserdata(L, 1);
	lua_Debug ar;

	lua_rawgeti(L, LUA_REGISTRYINDEX, j->entry->script);
	lua_rawgeti(L, 2, j->which);
	lua_pushvalue(L, -1);
	lua_getinfo(L, ">S", &ar);
	if (j->call.object != NULL)
		j->call.bindings->push_object(L, j->call.object);
	else
		j->call.bindings->push_product(L, j->call.product);
	lua_rawgeti(L, 2, PB_SCRIPT_FOUND);
	lua_call(L, 2, 1);
	if (!lua_isnil(L, -1))
		luaL_error(L, "%s:%d: the function returned a %s: what it finds it raises, with found.NAME{ ... }",
		           j->entry->check.file, ar.linedefined, luaL_typename(L, -1));
	return 0;
}

/* Did the check keep something? What it kept is put back. */
static bool kept_nothing(pb_sandbox *s, const pb_entry *e)
{
	bool kept;

	lua_rawgeti(s->L, LUA_REGISTRYINDEX, e->script);
	lua_rawgeti(s->L, 1, PB_SCRIPT_SEAL);
	kept = pb_box_kept(s->L, 2);
	lua_settop(s->L, 0);
	return kept;
}

static uint64_t now(void)
{
	struct timespec t = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* A check may lower what it is allowed, never raise it. */
static pb_sandbox_limits limits_of(const pb_sandbox_limits *usual, const pb_check_limits *own)
{
	pb_sandbox_limits l = *usual;

	if (own->instructions > 0 && own->instructions < l.instructions)
		l.instructions = own->instructions;
	if (own->steps > 0 && own->steps < l.steps)
		l.steps = own->steps;
	if (own->findings > 0 && own->findings < l.findings)
		l.findings = (size_t)own->findings;
	return l;
}

static void tell_spent(const pb_catalogue *c, const job *j, uint64_t nanoseconds, const char *why)
{
	const pb_sandbox *s = c->box;
	const pb_sandbox_limits l = limits_of(&s->limits, &j->entry->check.limits);
	pb_spent spent = {.check = (size_t)(j->entry - c->entries),
	                  .id = j->entry->check.id,
	                  .product = j->which == PB_SCRIPT_PRODUCT,
	                  .instructions = s->spent < l.instructions ? s->spent : l.instructions,
	                  .max_instructions = l.instructions,
	                  .steps = s->steps,
	                  .max_steps = l.steps,
	                  .memory = s->peak,
	                  .max_memory = l.memory,
	                  .findings = j->call.raised < l.findings ? j->call.raised : l.findings,
	                  .max_findings = l.findings,
	                  .nanoseconds = nanoseconds,
	                  .why = why};

	j->how->spent(j->how->user, &spent);
}

static int run(pb_catalogue *c, job *j, pb_error *err)
{
	pb_sandbox *s = c->box;
	const char *id = j->entry->check.id;
	const pb_sandbox_limits usual = s->limits;
	const bool asked = j->how != NULL && j->how->spent != NULL;
	uint64_t began = asked ? now() : 0;
	char reason[600], *shown;
	int rc;

	j->call.check = &j->entry->check;
	j->call.bindings = s->bindings;
	s->call = &j->call;
	s->limits = limits_of(&usual, &j->entry->check.limits);
	rc = pb_box_enter(s, enter, j);
	s->limits = usual;
	s->call = NULL;
	json_decref(j->call.note);
	j->call.note = NULL;
	began = asked ? now() - began : 0;
	s->bindings->expire(s->L);
	if (!kept_nothing(s, j->entry) && rc != PB_ELIMIT) {
		rc = PB_ELIMIT;
		s->limit = PB_LIMIT_STATE;
	}
	if (rc == PB_ELIMIT)
		(void)snprintf(reason, sizeof reason, "limit %s", s->limit);
	else if (rc != PB_OK)
		(void)snprintf(reason, sizeof reason, "script error: %s", s->why);
	if (asked)
		tell_spent(c, j, began, rc != PB_OK ? reason : NULL);
	if (j->call.no_memory)
		return pb_fail(err, PB_ENOMEM, "out of memory in check %s", id);
	if (rc == PB_OK)
		return PB_OK;
	shown = pb_text_safe(reason, sizeof reason - 1);
	rc = shown != NULL ? pb_result_unknown(j->call.out, id, shown) : PB_ENOMEM;
	free(shown);
	return rc == PB_OK ? PB_OK : pb_fail(err, rc, "out of memory in check %s", id);
}

/* The first hit of a source >= wanted, at or after `from`. */
static size_t first_hit(const pb_scan *scan, size_t from, uint32_t wanted)
{
	size_t lo = from, hi = scan->n_hits;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (scan->hits[mid].source < wanted)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

enum { EXCUSE_MAX = 500 };

/* The patterns were not looked for to the end: nothing that rests on them is known. */
static int mark_unknown(const pb_catalogue *c, const json_t *tags, const char *why, json_t *result)
{
	char reason[200];

	if (why == NULL)
		return PB_OK;
	(void)snprintf(reason, sizeof reason, "patterns: %.150s", why);
	for (size_t i = 0; i < c->n; i++) {
		const pb_entry *e = &c->entries[i];

		if (e->n_sources > 0 && pb_check_applies(&e->check, tags) &&
		    pb_result_unknown(result, e->check.id, reason) != PB_OK)
			return PB_ENOMEM;
	}
	return PB_OK;
}

static bool is_excused(const pb_run_how *how, const pb_check *check)
{
	return how != NULL && json_object_get(how->excused, check->id) != NULL;
}

static void say_at(const pb_run_how *how, size_t check)
{
	if (how != NULL && how->at != NULL)
		how->at(how->user, PB_RUN_CHECK + (uint32_t)check);
}

/* An excused check says so wherever it would have looked: never a pass, whether or not its patterns hit. */
static int excuse(const pb_run_how *how, const pb_check *check, json_t *result)
{
	char *why = pb_text_safe(pb_json_str(how->excused, check->id, "set aside"), EXCUSE_MAX);
	int rc = why != NULL ? pb_result_unknown(result, check->id, why) : PB_ENOMEM;

	free(why);
	return rc;
}

static int mark_excused(const pb_catalogue *c, const json_t *tags, const pb_run_how *how, json_t *result)
{
	int rc = PB_OK;

	if (how == NULL || json_object_size(how->excused) == 0)
		return PB_OK;
	for (size_t i = 0; i < c->n && rc == PB_OK; i++) {
		const pb_check *check = &c->entries[i].check;

		if (check->has_object && is_excused(how, check) && pb_check_applies(check, tags))
			rc = excuse(how, check, result);
	}
	return rc;
}

int pb_runner_object(pb_catalogue *c, const pb_object *object, json_t *facts, const pb_scan *scan, uint32_t first_source,
                     const pb_run_how *how, json_t *result, pb_error *err)
{
	const json_t *tags = json_object_get(facts, "tags");
	size_t hit = first_hit(scan, 0, first_source), plain = 0;
	int rc = mark_excused(c, tags, how, result);

	if (rc == PB_OK)
		rc = mark_unknown(c, tags, scan->why, result);
	if (rc != PB_OK)
		return pb_fail(err, rc, "out of memory");
	/* Two ascending lists of checks: those that run on everything, and those whose patterns hit. All others cost nothing.
	 */
	while (rc == PB_OK) {
		bool more = hit < scan->n_hits && scan->hits[hit].source - first_source < c->n_sources;
		size_t hit_entry = more ? c->check_of[scan->hits[hit].source - first_source] : c->n;
		size_t plain_entry = plain < c->n_plain ? c->plain[plain] : c->n,
		       at = hit_entry < plain_entry ? hit_entry : plain_entry;
		size_t from = hit;
		const pb_entry *e = &c->entries[at];
		pb_object_view view = {object, facts, scan, UINT32_MAX};

		if (at == c->n)
			break;
		if (at == plain_entry) {
			plain++;
		} else {
			view.source = first_source + e->first_source;
			hit = first_hit(scan, from, view.source + e->n_sources);
		}
		if (!pb_check_applies(&e->check, tags) || is_excused(how, &e->check))
			continue;
		say_at(how, at);
		job j = {.call = {.object = &view, .out = result}, .entry = e, .which = PB_SCRIPT_OBJECT, .how = how};
		rc = run(c, &j, err);
	}
	return rc;
}

/* Those of these records that were not seen yet. */
static int add_tags(const json_t *records, json_t *seen, json_t *tags)
{
	const json_t *record, *tag;
	size_t i, k;

	json_array_foreach (records, i, record) {
		json_array_foreach (json_object_get(json_object_get(json_object_get(record, "result"), "facts"), "tags"), k, tag) {
			const char *name = json_string_value(tag);

			if (name == NULL || json_object_get(seen, name) != NULL)
				continue;
			if (json_object_set_new(seen, name, json_true()) != 0 || json_array_append(tags, (json_t *)tag) != 0)
				return PB_ENOMEM;
		}
	}
	return PB_OK;
}

/* All tags of all objects and of all documents that were handed in, each once. */
static json_t *tags_of(const json_t *records, const json_t *documents)
{
	json_t *seen = json_object(), *tags = json_array();

	if (seen == NULL || tags == NULL || add_tags(records, seen, tags) != PB_OK || add_tags(documents, seen, tags) != PB_OK) {
		json_decref(tags);
		tags = NULL;
	}
	json_decref(seen);
	return tags;
}

int pb_runner_product(pb_catalogue *c, const pb_product_view *view, const pb_run_how *how, json_t *out, pb_error *err)
{
	json_t *tags = tags_of(view->records, view->documents);
	pb_glance *rows = pb_glances_of(view->records);
	int rc = tags != NULL ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");

	for (size_t i = 0; i < c->n && rc == PB_OK; i++) {
		const pb_check *check = &c->entries[i].check;
		pb_product_view own = *view;
		job j = {.call = {.product = &own, .out = out}, .entry = &c->entries[i], .which = PB_SCRIPT_PRODUCT, .how = how};

		if (!check->has_product || (how != NULL && how->only != NULL && strcmp(how->only, check->id) != 0) ||
		    !pb_check_applies(check, tags))
			continue;
		if (is_excused(how, check)) {
			rc = excuse(how, check, out);
			if (rc != PB_OK)
				rc = pb_fail(err, rc, "out of memory");
			continue;
		}
		say_at(how, i);
		own.check = check->id;
		own.rows = rows;
		rc = run(c, &j, err);
	}
	free(rows);
	json_decref(tags);
	return rc;
}

void pb_runner_settle(pb_catalogue *c)
{
	size_t before;

	/* Each time round Lua's table of strings shrinks by half, where it has grown. */
	do {
		before = c->box->used;
		(void)lua_gc(c->box->L, LUA_GCCOLLECT);
	} while (c->box->used < before);
}
