/* Documents of a dossier, as product checks see them. */
/** *Evidence.* What was handed in beside the product (`probity scan --evidence`) is no object of it: `product:objects()` passes it over, unless
 * `kind = "evidence"` or `tag = "evidence"` is asked for. A document `d` is an object with `d.path` (`{"(evidence)", name}`), `d.sha256`, `d.size`, and can
 * be the evidence of a finding (`object = d`). Besides it has:
 * | `d.evidence` | what it says: `name`, `kind`, `format`, `state`, `why`, `subjects`, `issued`, `expires`, `by`, `signatures`, `content`
 *   (by kind: plugin/evidence/README.md); `nil` on what is no document, as all of these
 * | `d.reliability` | what its word counts: `"third-party"` (verified, by a trust root of role distributor, builder, auditor or assessor whose
 *   scope fits), `"vendor-signed"`, or `"self-declared"` (unsigned, or by nobody known)
 * | `d.signer` `d.role` | the name and the role of that trust root, or `nil`
 * | `d.freshness` | permille: what is left of its worth on the day of the assessment, by the half-life of its kind; 0 after its end */
#include <string.h>

#include "bindings/scope.h"

enum { KIND, STATE, FILTERS, POSITION = FILTERS + 1, GENERATION };

static const char *const filters[] = {"kind", "state", NULL};

static const json_t *document_at(const pb_product_view *v, size_t i)
{
	return json_object_get(json_object_get(json_object_get(json_array_get(v->documents, i), "result"), "facts"), "evidence");
}

const json_t *pb_record_at(lua_State *L, size_t i)
{
	const pb_product_view *v = pb_scope_of(L)->product;
	size_t n = json_array_size(v->records);

	return i < n ? json_array_get(v->records, i) : json_array_get(v->documents, i - n);
}

/* Upvalues: the filters, position, generation. -> document, nil at the end */
static int step(lua_State *L)
{
	const pb_scope *s = pb_scope_of(L);
	size_t at = (size_t)lua_tointeger(L, lua_upvalueindex(POSITION)), n;
	const char *kind = lua_tostring(L, lua_upvalueindex(KIND + 1)), *state = lua_tostring(L, lua_upvalueindex(STATE + 1));

	if ((uint64_t)lua_tointeger(L, lua_upvalueindex(GENERATION)) != s->generation)
		return luaL_error(L, "object used after its scan ended");
	n = json_array_size(s->product->documents);
	for (; at < n; at++) {
		const json_t *d = document_at(s->product, at);

		pb_sandbox_charge(L, 2);
		if ((kind == NULL || strcmp(pb_json_str(d, "kind", ""), kind) == 0) && strcmp(pb_json_str(d, "state", ""), state) == 0)
			break;
	}
	lua_pushinteger(L, (lua_Integer)at + 1);
	lua_replace(L, lua_upvalueindex(POSITION));
	if (at >= n)
		return lua_pushnil(L), 1;
	pb_product_object_push(L, json_array_size(s->product->records) + at);
	return 1;
}

/** | `product:evidence{...}` | `for d in product:evidence{ kind = "sbom" } do`: documents in the order of their names, of this `kind` (without: all)
 *   and this `state`: `"read"` (without: this one), `"refused"` (broken, too large), `"unknown"` (of no kind that is known) */
int pb_product_evidence(lua_State *L)
{
	const char *wrong = NULL;

	(void)pb_product_check(L, 1);
	if (lua_isnoneornil(L, 2)) {
		lua_settop(L, 1);
		lua_newtable(L);
	}
	luaL_checktype(L, 2, LUA_TTABLE);
	lua_settop(L, 2);
	for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
		const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "[1]";

		if (strcmp(name, "kind") != 0 && strcmp(name, "state") != 0 && (wrong == NULL || strcmp(name, wrong) < 0))
			wrong = name;
	}
	if (wrong != NULL)
		return pb_no_field(L, "product:evidence", wrong, filters);
	for (int i = 0; i < FILTERS; i++) {
		int type = lua_getfield(L, 2, filters[i]);

		if (type != LUA_TNIL && type != LUA_TSTRING)
			return luaL_error(L, "product:evidence: %s must be a string, is a %s", filters[i], luaL_typename(L, -1));
		if (i == STATE && type == LUA_TNIL) {
			lua_pop(L, 1);
			lua_pushliteral(L, "read");
		}
	}
	lua_pushinteger(L, 0);
	lua_pushinteger(L, (lua_Integer)pb_scope_of(L)->generation);
	lua_pushcclosure(L, step, GENERATION);
	return 1;
}

/** | `product:about(d)` | what the document speaks of: `"product"` (a digest in its subjects is the product's), `"object"` (of an object in it, which
 *   is the second result), `"other"` (it gives digests, and none fits), `"name"` (no digests, and a name or package URL fits), `"none"` */
int pb_product_about(lua_State *L)
{
	const pb_product_view *v = pb_product_check(L, 1);
	long record = pb_product_object_record(L, 2);
	const json_t *supplied;
	int64_t object;

	luaL_argexpected(L, record >= (long)json_array_size(v->records), 2, "a document (of product:evidence)");
	supplied = json_object_get(pb_record_at(L, (size_t)record), "supplied");
	lua_pushstring(L, pb_json_str(supplied, "about", "none"));
	object = pb_json_int(supplied, "object", -1);
	if (object < 0)
		return 1;
	pb_product_object_push(L, (size_t)object);
	return 2;
}

bool pb_document_field_push(lua_State *L, size_t record, const char *field)
{
	static const char *const worth[] = {"reliability", "signer", "role", "freshness", NULL};
	const json_t *r = pb_record_at(L, record);

	if (strcmp(field, "evidence") == 0)
		return pb_json_push(L, json_object_get(pb_record_facts(r), "evidence")), true;
	for (const char *const *w = worth; *w != NULL; w++) {
		const json_t *v = json_object_get(json_object_get(r, "supplied"), *w);

		if (strcmp(field, *w) != 0)
			continue;
		pb_json_push(L, json_is_null(v) ? NULL : v);
		return true;
	}
	return false;
}
