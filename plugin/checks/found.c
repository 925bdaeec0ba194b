/* found.NAME{ ... }: what a script raises becomes a finding only if all of it is right. Reading the arguments may raise a Lua
 * error; from then on there is C only, so that nothing of C is lost. */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/text.h"
#include "checks/entry.h"
#include "findings/record.h"

enum { ARGUMENTS = 9, EXCERPT_BYTES = 160, REASON_BYTES = 400, KEY_KEPT = 440 };

static const char *const fields[] = {"key", "at", "length", "excerpt", "kappa", "severity", "object"};
enum { FIELDS = sizeof fields / sizeof fields[0] };

typedef struct text {
	const char *s; /* on the Lua stack during the call */
	size_t n;
} text;

typedef struct asked {
	const pb_finding_spec *spec;
	text key, excerpt, argument[ARGUMENTS];
	lua_Integer at, length, size;
	lua_Integer kappa;
	pb_severity severity;
	long record; /* reduce: which object is the evidence */
} asked;

pb_call *pb_found_call(lua_State *L)
{
	pb_call *call = pb_box_of(L)->call;

	if (call == NULL)
		luaL_error(L, "found is there while a check looks at something, not while its file is loaded");
	return call;
}

/* The first by byte of the fields that are none, so that the message does not depend on the order in a table. [1] the argument.
 */
static void refuse_unknown(lua_State *L, const pb_finding_spec *spec)
{
	const char *wrong = NULL;
	char meant[160];

	pb_box_content(L, 1);
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
		bool known = false;
		const char *name;

		if (lua_isinteger(L, -2) && lua_tointeger(L, -2) >= 1 && lua_tointeger(L, -2) <= spec->placeholders)
			continue;
		if (lua_type(L, -2) != LUA_TSTRING)
			luaL_error(L, "found.%s: a value too many: says has %d placeholder%s, so there %s %d without a name", spec->name,
			           spec->placeholders, spec->placeholders == 1 ? "" : "s", spec->placeholders == 1 ? "is" : "are",
			           spec->placeholders);
		name = lua_tostring(L, -2); /* a key of the table: stays alive */
		for (size_t i = 0; i < FIELDS; i++)
			known |= strcmp(name, fields[i]) == 0;
		if (!known && (wrong == NULL || strcmp(name, wrong) < 0))
			wrong = name;
	}
	lua_pop(L, 1);
	if (wrong != NULL)
		luaL_error(L, "found.%s: unknown field \"%s\"%s", spec->name, wrong,
		           pb_box_meant(wrong, fields, FIELDS, meant, sizeof meant));
}

/* Leaves the value on the stack, so that the text lives. */
static bool text_field(lua_State *L, const pb_finding_spec *spec, const char *name, text *out)
{
	int type = lua_getfield(L, 1, name);

	if (type == LUA_TNIL)
		return false;
	if (type != LUA_TSTRING)
		luaL_error(L, "found.%s: %s must be a string, is a %s", spec->name, name, luaL_typename(L, -1));
	out->s = lua_tolstring(L, -1, &out->n);
	return true;
}

static lua_Integer integer_field(lua_State *L, const pb_finding_spec *spec, const char *name, lua_Integer otherwise)
{
	int type = lua_getfield(L, 1, name), whole;
	lua_Integer v = lua_tointegerx(L, -1, &whole);

	if (type == LUA_TNIL)
		v = otherwise;
	else if (type != LUA_TNUMBER || !whole)
		luaL_error(L, "found.%s: %s must be an integer, is a %s", spec->name, name, luaL_typename(L, -1));
	lua_pop(L, 1);
	return v;
}

static void read_weights(lua_State *L, asked *a)
{
	const int most = pb_reliability_permille(a->spec->reliability);
	text severity;
	int v;

	a->kappa = integer_field(L, a->spec, "kappa", most);
	if (a->kappa < 1 || a->kappa > most)
		luaL_error(L, "found.%s: kappa %d: it may be lowered, from %d (%s) down to 1", a->spec->name, (int)a->kappa,
		           most, pb_reliability_name(a->spec->reliability));
	a->severity = a->spec->severity;
	if (!text_field(L, a->spec, "severity", &severity))
		return;
	v = pb_severity_of(severity.s);
	if (v < 0)
		luaL_error(L, "found.%s: \"%s\" is no severity", a->spec->name, severity.s);
	if (v > (int)a->spec->severity)
		luaL_error(L, "found.%s: severity %s is above %s, the finding's own: it may only be lowered", a->spec->name,
		           severity.s, pb_severity_name(a->spec->severity));
	a->severity = (pb_severity)v;
}

const json_t *pb_call_record(const pb_call *call, long record)
{
	size_t n = json_array_size(call->product->records), at = (size_t)record;

	return record < 0 ? NULL : at < n ? json_array_get(call->product->records, at) : json_array_get(call->product->documents, at - n);
}

/* Which bytes: those of the object that is looked at, or of the one that a product check names. */
static void read_object(lua_State *L, const pb_call *call, asked *a)
{
	bool given = lua_getfield(L, 1, "object") != LUA_TNIL;

	a->record = -1;
	if (call->object != NULL) {
		if (given)
			luaL_error(L, "found.%s: object is for product checks; here it is the object that is looked at",
			           a->spec->name);
		a->size = (lua_Integer)call->object->object->bytes.size;
	} else {
		if (!given)
			luaL_error(L, "found.%s: object is missing: the product's object that is the evidence", a->spec->name);
		a->record = call->bindings->record_of(L, lua_gettop(L));
		if (a->record < 0)
			luaL_error(L, "found.%s: object must be an object of the product, is a %s", a->spec->name,
			           luaL_typename(L, -1));
		a->size = pb_json_int(pb_call_record(call, a->record), "size", 0);
	}
	lua_pop(L, 1);
}

static void read_place(lua_State *L, const pb_call *call, asked *a)
{
	read_object(L, call, a);
	a->at = integer_field(L, a->spec, "at", -1);
	a->length = integer_field(L, a->spec, "length", 0);
	if (a->at == -1 && a->length != 0)
		luaL_error(L, "found.%s: a length without at", a->spec->name);
	if (a->at < -1 || a->length < 0 || a->at > a->size || (a->at >= 0 && a->length > a->size - a->at))
		luaL_error(L, "found.%s: at %I, length %I do not lie inside of the object's %I bytes", a->spec->name,
		           (LUAI_UACINT)a->at, (LUAI_UACINT)a->length, (LUAI_UACINT)a->size);
}

/* One for each placeholder, as text, left on the stack. */
static void read_arguments(lua_State *L, asked *a)
{
	const char *p = a->spec->says;

	for (int i = 0; i < a->spec->placeholders; i++) {
		int type = lua_geti(L, 1, i + 1), whole;

		while (*(p = strchr(p, '%') + 1) == '%')
			p++;
		if (type == LUA_TNIL)
			luaL_error(L, "found.%s: argument %d is missing: says has %d placeholder%s", a->spec->name, i + 1,
			           a->spec->placeholders, a->spec->placeholders == 1 ? "" : "s");
		(void)lua_tointegerx(L, -1, &whole);
		if (*p == 'd' && (type != LUA_TNUMBER || !whole))
			luaL_error(L, "found.%s: argument %d stands for %%d: it must be an integer, is a %s", a->spec->name,
			           i + 1, luaL_typename(L, -1));
		if (type != LUA_TSTRING && type != LUA_TNUMBER)
			luaL_error(L, "found.%s: argument %d must be a string or a number, is a %s", a->spec->name, i + 1,
			           luaL_typename(L, -1));
		a->argument[i].s = luaL_tolstring(L, -1, &a->argument[i].n);
	}
}

/* ---- from here on: no Lua ---- */

/* Text safe to show. Facts come in display form already, which stays as it is; a NUL byte is shown too. */
char *pb_found_safe(const char *s, size_t n, size_t most)
{
	pb_buf b = {0};
	char *out = NULL;
	int rc = pb_buf_add(&b, "", 0);

	for (size_t from = 0; rc == PB_OK && from <= n;) {
		const char *nul = memchr(s + from, '\0', n - from);
		size_t to = nul != NULL ? (size_t)(nul - s) : n;

		rc = pb_buf_add(&b, s + from, to - from);
		if (rc == PB_OK && nul != NULL)
			rc = pb_buf_puts(&b, "\\x00");
		from = to + 1;
	}
	if (rc == PB_OK)
		out = pb_text_safe((const char *)b.data, most);
	pb_buf_free(&b);
	return out;
}

static char *safe(text t, size_t most)
{
	return pb_found_safe(t.s, t.n, most);
}

/* A key that is too long ends in its digest, so that two long keys never become one. */
static char *safe_key(text t)
{
	char *whole = safe(t, 0), *cut, hex[PB_HEX_MAX], *out;

	if (whole == NULL || strlen(whole) <= PB_KEY_MAX)
		return whole;
	cut = safe(t, KEY_KEPT);
	out = cut != NULL && pb_hash_hex("sha256", (pb_bytes){(const uint8_t *)whole, strlen(whole)}, hex)
	          ? malloc(PB_KEY_MAX + 1)
	          : NULL;
	if (out != NULL)
		(void)snprintf(out, PB_KEY_MAX + 1, "%s%.64s", cut, hex);
	free(cut);
	free(whole);
	return out;
}

static char *sentence(const asked *a)
{
	pb_buf b = {0};
	int next = 0, rc = PB_OK;
	char *out = NULL;

	for (const char *p = a->spec->says; *p != '\0' && rc == PB_OK; p++) {
		if (*p != '%') {
			rc = pb_buf_add(&b, p, 1);
		} else if (*++p == '%') {
			rc = pb_buf_add(&b, "%", 1);
		} else {
			char *argument = safe(a->argument[next++], 0);

			rc = argument != NULL ? pb_buf_puts(&b, argument) : PB_ENOMEM;
			free(argument);
		}
	}
	if (rc == PB_OK)
		out = pb_text_safe((const char *)b.data, PB_SAYS_MAX);
	pb_buf_free(&b);
	return out;
}

static char *excerpt_of(const pb_call *call, const asked *a)
{
	pb_bytes bytes;

	if (a->excerpt.s != NULL)
		return safe(a->excerpt, PB_EXCERPT_MAX);
	if (call->object == NULL || a->at < 0)
		return strdup("");
	bytes =
	    pb_slice(call->object->object->bytes, (size_t)a->at, a->length < EXCERPT_BYTES ? (size_t)a->length : EXCERPT_BYTES);
	return pb_text_display(bytes.size > 0 ? bytes.data : (const uint8_t *)"", bytes.size, PB_EXCERPT_MAX);
}

static int add(const pb_call *call, const asked *a)
{
	char *key = safe_key(a->key), *says = sentence(a), *excerpt = excerpt_of(call, a);
	pb_raised r = {call->check->id, a->spec->name, key, (int)a->kappa, a->severity, says, a->at, a->length, excerpt};
	int rc = key != NULL && says != NULL && excerpt != NULL ? pb_result_add(call->out, &r) : PB_ENOMEM;

	if (rc == PB_OK && a->record >= 0) {
		json_t *findings = json_object_get(call->out, "findings");
		json_t *last = json_array_get(findings, json_array_size(findings) - 1);

		rc = json_object_set_new(last, "record", json_integer(a->record)) == 0 ? PB_OK : PB_ENOMEM;
	}
	free(key);
	free(says);
	free(excerpt);
	return rc;
}

/* Upvalue 1: the finding's number. [1] the table -> nothing */
static int raise(lua_State *L)
{
	pb_call *call = pb_found_call(L);
	asked a = {.spec = &call->check->findings[lua_tointeger(L, lua_upvalueindex(1))]};

	if (a.spec->name == NULL) /* at a prompt, where one can be another check by now */
		return luaL_error(L, "found: this function is another check's");
	if (!lua_istable(L, 1))
		return luaL_error(L, "found.%s takes a table: found.%s{ key = ... }", a.spec->name, a.spec->name);
	lua_settop(L, 1);
	luaL_checkstack(L, 2 * ARGUMENTS + 10, "found");
	refuse_unknown(L, a.spec);
	if (!text_field(L, a.spec, "key", &a.key) || a.key.n == 0)
		return luaL_error(L, "found.%s: key is missing: what the finding is about, such as a host or a fingerprint",
		                  a.spec->name);
	(void)text_field(L, a.spec, "excerpt", &a.excerpt);
	read_weights(L, &a);
	read_place(L, call, &a);
	read_arguments(L, &a);
	pb_sandbox_charge(L, 100 + (a.key.n + a.excerpt.n) / 16);
	if (call->raised++ >= pb_box_of(L)->limits.findings)
		pb_box_limit(L, PB_LIMIT_FINDINGS);
	if (add(call, &a) != PB_OK) {
		call->no_memory = true;
		return luaL_error(L, "out of memory");
	}
	return 0;
}

/* [1] the reason -> nothing */
static int unknown(lua_State *L)
{
	pb_call *call = pb_found_call(L);
	text reason;
	char *shown;
	int rc;

	luaL_checktype(L, 1, LUA_TSTRING);
	reason.s = lua_tolstring(L, 1, &reason.n);
	luaL_argcheck(L, reason.n > 0, 1, "the reason is empty");
	shown = safe(reason, REASON_BYTES);
	rc = shown != NULL ? pb_result_unknown(call->out, call->check->id, shown) : PB_ENOMEM;
	free(shown);
	if (rc != PB_OK) {
		call->no_memory = true;
		return luaL_error(L, "out of memory");
	}
	return 0;
}

/* [1] found's content [2] a name that is not in it */
static int no_such_finding(lua_State *L)
{
	const char *name = luaL_tolstring(L, 2, NULL), *names[PB_CHECK_FINDINGS + 4]; /* and unknown, note, pass, statement */
	char meant[160];
	size_t n = 0;

	for (lua_pushnil(L); n < PB_CHECK_FINDINGS + 4 && lua_next(L, 1); lua_pop(L, 1))
		names[n++] = lua_tostring(L, -2);
	return luaL_error(L, "found.%s: the check declares no such finding%s", name,
	                  pb_box_meant(name, names, n, meant, sizeof meant));
}

void pb_found_push(lua_State *L, const pb_check *check)
{
	int found;

	lua_newtable(L);
	found = lua_gettop(L);
	for (size_t i = 0; i < check->n_findings; i++) {
		lua_pushinteger(L, (lua_Integer)i);
		lua_pushcclosure(L, raise, 1);
		lua_setfield(L, found, check->findings[i].name);
	}
	lua_pushcfunction(L, unknown);
	lua_setfield(L, found, "unknown");
	lua_pushcfunction(L, pb_found_note);
	lua_setfield(L, found, "note");
	lua_pushcfunction(L, pb_found_pass);
	lua_setfield(L, found, "pass");
	lua_pushcfunction(L, pb_found_statement);
	lua_setfield(L, found, "statement");
	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, no_such_finding);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, found);
	pb_box_seal(L, found);
	lua_pop(L, 1);
}
