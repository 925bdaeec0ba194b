/* found.pass{ ... } and found.statement{ ... }: what a product check makes of evidence. Neither touches a finding: whatever a dossier
 * says, trust does not rise by it. */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/entry.h"
#include "findings/evidence.h"

enum { COST = 100 };

static const char *const pass_fields[] = {"reliability", "coverage", "freshness", NULL};
static const char *const statement_fields[] = {"document", "claim", "status", "why", NULL};
static const char *const statuses[] = {"agrees", "contradicts", "none", "stale", "unsigned", NULL};

/* The call, in which a product is looked at and a table was given. */
static pb_call *begin(lua_State *L, const char *what, const char *const *fields)
{
	pb_call *call = pb_found_call(L);
	const char *wrong = NULL, *names[8];
	char meant[160];
	size_t n = 0;

	if (call->product == NULL)
		luaL_error(L, "%s is for the function product: evidence is looked at there", what);
	if (!lua_istable(L, 1))
		luaL_error(L, "%s takes a table: %s{ %s = ... }", what, what, fields[0]);
	lua_settop(L, 1);
	luaL_checkstack(L, 12, "found");
	for (; fields[n] != NULL; n++)
		names[n] = fields[n];
	pb_box_content(L, 1);
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
		const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "[1]";
		bool known = false;

		for (size_t i = 0; i < n; i++)
			known |= strcmp(name, names[i]) == 0;
		if (!known && (wrong == NULL || strcmp(name, wrong) < 0))
			wrong = name;
	}
	lua_pop(L, 1);
	if (wrong != NULL)
		luaL_error(L, "%s: unknown field \"%s\"%s", what, wrong, pb_box_meant(wrong, names, n, meant, sizeof meant));
	pb_sandbox_charge(L, COST);
	return call;
}

/* A text of the table, left on the stack so that it lives. */
static const char *text_of(lua_State *L, const char *what, const char *field, const char *otherwise)
{
	int type = lua_getfield(L, 1, field);

	if (type == LUA_TNIL && otherwise != NULL)
		return otherwise;
	if (type != LUA_TSTRING)
		luaL_error(L, "%s: %s must be a string, is a %s", what, field, luaL_typename(L, -1));
	return lua_tostring(L, -1);
}

/* ---- the last calls of each do without Lua ---- */

static int64_t worth_of(pb_reliability reliability, int64_t coverage, int64_t freshness)
{
	return pb_reliability_permille(reliability) * coverage * freshness;
}

static int keep_pass(const pb_call *call, pb_reliability reliability, int coverage, int freshness)
{
	json_t *passes = pb_json_object_at(call->out, "pass"), *before = json_object_get(passes, call->check->id);
	const int had = pb_reliability_of(pb_json_str(before, "reliability", ""));

	if (before != NULL && had >= 0 &&
	    worth_of((pb_reliability)had, pb_json_int(before, "coverage", 0), pb_json_int(before, "freshness", 0)) >= worth_of(reliability, coverage, freshness))
		return PB_OK;
	return json_object_set_new(passes, call->check->id, json_pack("{s:s,s:i,s:i}", "reliability", pb_reliability_name(reliability), "coverage", coverage,
	                                                              "freshness", freshness))
	           ? PB_ENOMEM
	           : PB_OK;
}

static lua_Integer permille_of(lua_State *L, const char *field, const char *hint)
{
	lua_Integer v = 1000;
	int whole = 1;

	if (lua_getfield(L, 1, field) != LUA_TNIL)
		v = lua_tointegerx(L, -1, &whole);
	if (!whole || v < 0 || v > 1000)
		return luaL_error(L, "found.pass: %s must be an integer from 0 to 1000, %s", field, hint);
	return v;
}

int pb_found_pass(lua_State *L)
{
	pb_call *call = begin(L, "found.pass", pass_fields);
	const char *word = text_of(L, "found.pass", "reliability", NULL);
	int reliability = pb_reliability_of(word);
	lua_Integer coverage, freshness;

	if (reliability < 0)
		return luaL_error(L, "found.pass: \"%s\" is no reliability: take d.reliability, or one of a check's", word);
	coverage = permille_of(L, "coverage", "the share that was looked at");
	freshness = permille_of(L, "freshness", "such as d.freshness");
	if (keep_pass(call, (pb_reliability)reliability, (int)coverage, (int)freshness) != PB_OK) {
		call->no_memory = true;
		return luaL_error(L, "out of memory");
	}
	return 0;
}

static int keep_statement(const pb_call *call, const json_t *record, const char *claim, const char *status, const char *why)
{
	const json_t *path = json_object_get(record, "path"), *document = json_array_get(path, json_array_size(path) - 1);
	char *shown = pb_found_safe(claim, strlen(claim), PB_STATEMENT_CLAIM), *words = pb_found_safe(why, strlen(why), PB_STATEMENT_WHY);
	json_t *rows = pb_json_array_at(call->out, "statements");
	int rc = PB_ENOMEM;

	if (shown != NULL && words != NULL && rows != NULL)
		rc = json_array_append_new(rows, json_pack("{s:O,s:O,s:s,s:s,s:s,s:s}", "document", document, "sha256",
		                                           json_object_get(record, "sha256"), "claim", shown, "status", status, "why", words, "check",
		                                           call->check->id))
		         ? PB_ENOMEM
		         : PB_OK;
	free(shown);
	free(words);
	return rc;
}

/* A document that was handed in, or the product's own file, which may carry statements itself: signatures. */
static bool may_state(const pb_call *call, long record)
{
	return record >= (long)json_array_size(call->product->records) ||
	       (record >= 0 && json_array_size(json_object_get(pb_call_record(call, record), "path")) == 1);
}

int pb_found_statement(lua_State *L)
{
	pb_call *call = begin(L, "found.statement", statement_fields);
	const char *claim = text_of(L, "found.statement", "claim", NULL), *status = text_of(L, "found.statement", "status", NULL);
	const char *why = text_of(L, "found.statement", "why", "");
	long record;
	size_t i = 0;

	if (*claim == '\0')
		return luaL_error(L, "found.statement: claim is empty: what the document says, in words");
	while (statuses[i] != NULL && strcmp(statuses[i], status) != 0)
		i++;
	if (statuses[i] == NULL)
		return luaL_error(L, "found.statement: status \"%s\": one of agrees, contradicts, none, stale, unsigned", status);
	(void)lua_getfield(L, 1, "document");
	record = call->bindings->record_of(L, -1);
	if (!may_state(call, record))
		return luaL_error(L, "found.statement: document must be one of product:evidence(), or the product's outermost object");
	if (call->raised++ >= pb_box_of(L)->limits.findings)
		pb_box_limit(L, PB_LIMIT_FINDINGS);
	if (keep_statement(call, pb_call_record(call, record), claim, statuses[i], why) != PB_OK) {
		call->no_memory = true;
		return luaL_error(L, "out of memory");
	}
	return 0;
}
