/* What scripts get is made here by Lua's core API; no answer is a string of C for longer than a call, so what raises leaks nothing: buffers belong
 * to the run. */
#include "collector/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "collector/kept.h"

enum { REQUESTS_MOST = 300, ANSWERS_MOST = REQUESTS_MOST, DEPTH_MOST = 8, LIST_MOST = 64 };

typedef struct running {
	pb_source_run *r;
	json_t *about;      /* {"title","hosts","needs","follows"} */
	json_t *answers;    /* of get, by their id from 1: {"url","status","time","headers"} */
	const json_t *hosts;
	const char *mirror;
	json_t *headers;    /* of the request that is being made */
	pb_fetch_answer answer;
	pb_kept cached;
	pb_error err;
	bool only_about;
} running;

static _Noreturn void raise(lua_State *L, const char *what, const char *more)
{
	lua_pushfstring(L, "%s%s", what, more);
	lua_error(L);
	abort(); /* lua_error does not return */
}

static void push_json(lua_State *L, const json_t *v, int depth)
{
	const char *key;
	json_t *item;
	size_t i;

	if (!lua_checkstack(L, 6) || depth > DEPTH_MOST)
		raise(L, "too deep", "");
	pb_sandbox_charge(L, 10);
	if (json_is_string(v)) {
		lua_pushlstring(L, json_string_value(v), json_string_length(v));
	} else if (json_is_integer(v)) {
		lua_pushinteger(L, (lua_Integer)json_integer_value(v));
	} else if (json_is_boolean(v)) {
		lua_pushboolean(L, json_is_true(v));
	} else if (json_is_array(v)) {
		lua_createtable(L, (int)(json_array_size(v) & 0xffff), 0);
		json_array_foreach (v, i, item) {
			push_json(L, item, depth + 1);
			lua_rawseti(L, -2, (lua_Integer)i + 1);
		}
	} else if (json_is_object(v)) {
		lua_createtable(L, 0, (int)(json_object_size(v) & 0xffff));
		json_object_foreach ((json_t *)v, key, item) {
			push_json(L, item, depth + 1);
			lua_setfield(L, -2, key);
		}
	} else {
		lua_pushnil(L);
	}
}

static const char *field_text(lua_State *L, int index, const char *name, size_t *size)
{
	const char *s;

	lua_getfield(L, index, name);
	if (lua_isnil(L, -1)) {
		lua_pop(L, 1);
		return NULL;
	}
	if (lua_type(L, -1) != LUA_TSTRING)
		raise(L, name, " is not a string");
	s = lua_tolstring(L, -1, size);
	lua_pop(L, 1); /* the table keeps it */
	return s;
}

static void note_request(running *w, const char *method, const char *url, bool cached, const char *why)
{
	json_t *row = json_pack("{s:s,s:s,s:o}", "source", w->r->name, "method", method, "url", pb_json_display(url, strlen(url), 2000));

	if (row && w->answer.status)
		json_object_set_new(row, "status", json_integer(w->answer.status));
	if (row && cached)
		json_object_set_new(row, "cached", json_true());
	if (row && why)
		json_object_set_new(row, "why", pb_json_display(why, strlen(why), 1000));
	json_array_append_new(w->r->requests, row);
}

static void now(char out[32])
{
	time_t t = time(NULL);
	struct tm tm;

	if (!gmtime_r(&t, &tm) || strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		out[0] = '\0';
}

/* [1] the table of the request: its headers, with "accept" and "type", into w->headers */
static void read_headers(lua_State *L, running *w)
{
	const char *s;
	size_t n;

	json_decref(w->headers);
	w->headers = json_object();
	lua_getfield(L, 1, "headers");
	if (lua_istable(L, -1))
		for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
			if (lua_type(L, -2) == LUA_TSTRING && lua_type(L, -1) == LUA_TSTRING)
				json_object_set_new(w->headers, lua_tostring(L, -2), json_string(lua_tostring(L, -1)));
	lua_pop(L, 1);
	if ((s = field_text(L, 1, "accept", &n)))
		json_object_set_new(w->headers, "Accept", json_string(s));
	if ((s = field_text(L, 1, "type", &n)))
		json_object_set_new(w->headers, "Content-Type", json_string(s));
}

/* Asks, with what the cache knows; false: w->err says why there is no answer. */
static bool ask(running *w, pb_fetch_request *q, const char *planned, bool *cached)
{
	const char *dir = q->body || q->discard ? "" : w->r->cache;
	json_t *plain = json_deep_copy(w->headers);
	bool known = pb_kept_find(dir, planned, plain, &w->cached), ok;

	*cached = false;
	if (known && *w->cached.etag)
		json_object_set_new(w->headers, "If-None-Match", json_string(w->cached.etag));
	if (known && *w->cached.modified)
		json_object_set_new(w->headers, "If-Modified-Since", json_string(w->cached.modified));
	ok = !pb_fetch(w->r->fetcher, q, &w->answer, &w->err);
	if (ok && known && w->answer.status == 304) {
		size_t most = q->max ? q->max : (size_t)pb_json_int(w->r->settings, "max_bytes", 0);

		*cached = pb_kept_take(dir, &w->cached, most, &w->answer);
		if (!*cached) { /* what was kept is of no use: once more, as if nothing had been */
			q->headers = plain;
			ok = !pb_fetch(w->r->fetcher, q, &w->answer, &w->err);
		}
	}
	if (ok && !*cached)
		pb_kept_put(dir, planned, plain, &w->answer);
	pb_kept_free(&w->cached);
	json_decref(plain);
	return ok;
}

/* fetch.get{ url=, headers=, accept=, body=, type=, max=, digest= } -> answer; nil, why */
static int get(lua_State *L)
{
	running *w = lua_touserdata(L, lua_upvalueindex(1));
	pb_fetch_request q = {.fd = -1, .hosts = w->hosts, .mirror = w->mirror,
	                      .redirects = (unsigned)pb_json_int(w->r->settings, "redirects", 0)};
	size_t most = (size_t)pb_json_int(w->r->settings, "max_bytes", 1024), n;
	char planned[PB_URL_TEXT] = "", when[32];
	const char *method;
	bool cached = false, asked;

	if (!lua_istable(L, 1))
		raise(L, "fetch.get takes a table", "");
	q.url = field_text(L, 1, "url", &n);
	if (!q.url || strlen(q.url) != n)
		raise(L, "fetch.get: url is missing", "");
	q.body = field_text(L, 1, "body", &q.body_size);
	lua_getfield(L, 1, "max");
	q.max = lua_isinteger(L, -1) && lua_tointeger(L, -1) > 0 && (size_t)lua_tointeger(L, -1) < most ? (size_t)lua_tointeger(L, -1) : most;
	lua_pop(L, 1);
	lua_getfield(L, 1, "digest"); /* only size and digest are wanted: any size that may be downloaded */
	q.discard = lua_toboolean(L, -1);
	lua_pop(L, 1);
	if (q.discard)
		q.max = (size_t)pb_json_int(w->r->settings, "download_bytes", 1024);
	read_headers(L, w);
	q.headers = w->headers;
	method = q.body ? "POST" : "GET";
	pb_fetch_answer_free(&w->answer);
	w->err = (pb_error){0};
	if (json_array_size(w->r->requests) >= REQUESTS_MOST)
		raise(L, "more requests than a source may make", "");
	asked = !pb_fetch_plan(w->r->fetcher, &q, planned, &w->err);
	if (asked && !w->r->dry)
		asked = ask(w, &q, planned, &cached);
	note_request(w, method, *planned ? planned : q.url, cached, asked ? NULL : w->err.text);
	if (!asked || w->r->dry) {
		lua_pushnil(L);
		lua_pushstring(L, asked ? "dry run" : w->err.text);
		return 2;
	}
	now(when);
	json_array_append_new(w->answers, json_pack("{s:s,s:I,s:s,s:O}", "url", w->answer.url, "status", (json_int_t)w->answer.status, "time", when,
	                                            "headers", w->answer.headers));
	lua_createtable(L, 0, 8);
	lua_pushinteger(L, (lua_Integer)json_array_size(w->answers));
	lua_setfield(L, -2, "id");
	lua_pushinteger(L, (lua_Integer)w->answer.status);
	lua_setfield(L, -2, "status");
	lua_pushlstring(L, w->answer.body.size ? (const char *)w->answer.body.data : "", w->answer.body.size);
	lua_setfield(L, -2, "body");
	lua_pushstring(L, w->answer.url);
	lua_setfield(L, -2, "url");
	lua_pushinteger(L, (lua_Integer)w->answer.size);
	lua_setfield(L, -2, "size");
	lua_pushstring(L, w->answer.sha256);
	lua_setfield(L, -2, "sha256");
	lua_pushstring(L, when);
	lua_setfield(L, -2, "time");
	push_json(L, w->answer.headers, 0);
	lua_setfield(L, -2, "headers");
	push_json(L, w->answer.tls, 0);
	lua_setfield(L, -2, "tls");
	return 1;
}

/* save{ name=, kind=, from=answer, text= }: text, or what the answer holds, goes into the dossier */
static int save(lua_State *L)
{
	running *w = lua_touserdata(L, lua_upvalueindex(1));
	const char *name, *kind, *text;
	lua_Integer id = 0;
	size_t n = 0, size = 0;

	if (!lua_istable(L, 1))
		raise(L, "save takes a table", "");
	name = field_text(L, 1, "name", &n);
	kind = field_text(L, 1, "kind", &n);
	text = field_text(L, 1, "text", &size);
	lua_getfield(L, 1, "from");
	if (lua_istable(L, -1)) {
		lua_getfield(L, -1, "id");
		id = lua_tointeger(L, -1);
		lua_pop(L, 1);
		if (!text)
			text = field_text(L, lua_gettop(L), "body", &size);
	}
	lua_pop(L, 1);
	if (!name || !kind || !text || id < 1 || (size_t)id > json_array_size(w->answers))
		raise(L, "save wants name, kind, and from: an answer of fetch.get", "");
	w->err = (pb_error){0};
	if (w->r->into && pb_collected_save(w->r->into, w->r->name, name, kind, (pb_bytes){(const uint8_t *)text, size},
	                                    json_array_get(w->answers, (size_t)id - 1), &w->err))
		raise(L, "save: ", w->err.text);
	return 0;
}

/* problem(text): something that whoever called should know, and no reason to end */
static int problem(lua_State *L)
{
	running *w = lua_touserdata(L, lua_upvalueindex(1));
	size_t n = 0;
	const char *s = lua_tolstring(L, 1, &n);

	if (json_array_size(w->r->problems) < REQUESTS_MOST)
		json_array_append_new(w->r->problems, json_pack("{s:s,s:o}", "source", w->r->name, "why", pb_json_display(s ? s : "", s ? n : 0, 1000)));
	return 0;
}

/* [-1] the source's table: a list of texts in it. */
static void read_list(lua_State *L, json_t *about, const char *name)
{
	json_t *list = pb_json_array_at(about, name);

	lua_getfield(L, -1, name);
	for (lua_Integer i = 1; lua_istable(L, -1) && i <= LIST_MOST; i++) {
		lua_geti(L, -1, i);
		if (lua_type(L, -1) == LUA_TSTRING)
			json_array_append_new(list, json_string(lua_tostring(L, -1)));
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
}

/* Runs the file, leaves its table on the stack and fills w->about. */
static void load(lua_State *L, running *w)
{
	const char *s;
	size_t n;

	pb_sandbox_load(L, w->r->name, w->r->text);
	lua_call(L, 0, 1);
	if (!lua_istable(L, -1))
		raise(L, w->r->name, ": the file returns no table");
	for (int i = 0; i < 2; i++) {
		const char *key = i ? "follows" : "title";

		s = field_text(L, lua_gettop(L), key, &n);
		json_object_set_new(w->about, key, pb_json_display(s ? s : "", s ? n : 0, 300));
	}
	read_list(L, w->about, "hosts");
	read_list(L, w->about, "needs");
	lua_getfield(L, -1, "collect");
	if (!lua_isfunction(L, -1))
		raise(L, w->r->name, ": collect is no function");
	lua_pop(L, 1);
}

static bool has_needs(running *w)
{
	const json_t *need;
	size_t i;

	json_array_foreach (json_object_get(w->about, "needs"), i, need) {
		const char *key = json_string_value(need), *v = pb_json_str(w->r->product, key, "");
		char why[200];

		if (*v)
			continue;
		(void)snprintf(why, sizeof why, "the product declares no %s (--set %s=... says it)", key, key);
		json_array_append_new(w->r->problems, json_pack("{s:s,s:s}", "source", w->r->name, "why", why));
		return false;
	}
	return true;
}

/* The file is read, then held against the settings, then its function is called: all inside of one protected call. */
static int run(lua_State *L)
{
	running *w = lua_touserdata(L, 1);
	const json_t *own = json_object_get(json_object_get(w->r->settings, "source"), w->r->name), *hosts = json_object_get(own, "hosts");

	load(L, w);
	if (w->only_about)
		return 0;
	w->hosts = hosts ? hosts : json_object_get(w->about, "hosts");
	w->mirror = pb_json_str(own, "mirror", "");
	if (!has_needs(w))
		return 0;
	lua_getfield(L, -1, "collect");
	push_json(L, w->r->product, 0);
	lua_createtable(L, 0, 1);
	lua_pushlightuserdata(L, w);
	lua_pushcclosure(L, get, 1);
	lua_setfield(L, -2, "get");
	lua_pushlightuserdata(L, w);
	lua_pushcclosure(L, save, 1);
	if (json_object_get(own, "options"))
		push_json(L, json_object_get(own, "options"), 0);
	else
		lua_newtable(L);
	lua_pushlightuserdata(L, w);
	lua_pushcclosure(L, problem, 1);
	lua_call(L, 5, 0);
	return 0;
}

static int enter(running *w, pb_error *err)
{
	pb_sandbox_limits limits = pb_sandbox_defaults;
	pb_sandbox *box = NULL;
	int rc;

	limits.subject = (size_t)4 << 20;
	limits.instructions = 1000000000; /* reading an answer costs by its size */
	w->about = json_object();
	w->answers = json_array();
	rc = w->about && w->answers ? pb_sandbox_open(&limits, w->r->bindings, &box, err) : pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc)
		rc = pb_sandbox_run(box, true, run, w, err);
	pb_sandbox_close(box);
	pb_fetch_answer_free(&w->answer);
	pb_kept_free(&w->cached);
	json_decref(w->headers);
	json_decref(w->answers);
	return rc;
}

int pb_source_collect(pb_source_run *r, pb_error *err)
{
	running w = {.r = r};
	int rc = enter(&w, err);
	const char *follows = pb_json_str(w.about, "follows", "");

	if (!rc && r->dry && *follows)
		json_array_append_new(r->follows, json_pack("{s:s,s:s}", "source", r->name, "what", follows));
	json_decref(w.about);
	return rc;
}

int pb_source_about(const pb_source_run *r, json_t **out, pb_error *err)
{
	pb_source_run copy = *r;
	running w = {.r = &copy, .only_about = true};
	int rc = enter(&w, err);

	*out = rc ? NULL : w.about;
	if (rc)
		json_decref(w.about);
	return rc;
}
