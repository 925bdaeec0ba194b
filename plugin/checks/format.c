/* Runs formats. One sandbox for all texts of a process; what a format keeps between two of them it keeps in vain: its file is run anew for each. */
#include "checks/format.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "checks/format_inside.h"

#define SCHEMA "probity-report/1"

const pb_format_limits pb_format_defaults = {
    .memory = (size_t)1 << 30,
    .instructions = 2000000000,
    .steps = 2000000000,
    .output = (size_t)128 << 20,
};

struct pb_format_box {
	const pb_formats *formats;
	pb_format_limits limits;
	pb_sandbox *box;
};

/* One call. */
typedef struct running {
	pb_format_box *b;
	const pb_format_job *job; /* NULL: only what the format says of itself */
	const pb_format_file *file;
	char takes[64];
	json_t *about;
	pb_buf payload; /* of an envelope */
	char *text;     /* that becomes tables */
	char *buffer;   /* what was not written yet */
	size_t held, written;
	int failed;     /* code of write */
} running;

enum { HELD_MOST = 1 << 20 };
#define PB_LIMIT_OUTPUT "output"

/* ---- what the script gets ---- */

static void flush(lua_State *L, running *r)
{
	if (r->held > 0 && (r->failed = r->job->write(r->job->user, r->buffer, r->held)) != 0)
		luaL_error(L, "the text cannot be written");
	r->held = 0;
}

static void put(lua_State *L, running *r, const char *s, size_t n)
{
	if (n > r->b->limits.output - r->written)
		pb_box_limit(L, PB_LIMIT_OUTPUT);
	r->written += n;
	while (n > 0) {
		size_t fits = HELD_MOST - r->held < n ? HELD_MOST - r->held : n;

		memcpy(r->buffer + r->held, s, fits);
		r->held += fits;
		s += fits;
		n -= fits;
		if (r->held == HELD_MOST)
			flush(L, r);
	}
}

/* out(...): strings and numbers, one behind the other. */
static int out(lua_State *L)
{
	running *r = lua_touserdata(L, lua_upvalueindex(1));
	int top = lua_gettop(L);

	for (int i = 1; i <= top; i++) {
		size_t n;
		const char *s;

		if (lua_type(L, i) != LUA_TSTRING && lua_type(L, i) != LUA_TNUMBER)
			return luaL_error(L, "out: argument %d is a %s; it takes strings and numbers", i, luaL_typename(L, i));
		s = lua_tolstring(L, i, &n);
		pb_sandbox_charge(L, n / 64);
		put(L, r, s, n);
	}
	return 0;
}

static void push_value(lua_State *L, running *r, const json_t *v)
{
	r->text = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
	if (r->text == NULL)
		luaL_error(L, "out of memory");
	pb_sandbox_push_json(L, (pb_bytes){(const uint8_t *)r->text, strlen(r->text)}, "options");
	free(r->text);
	r->text = NULL;
}

/* [-1] a table that is no report but may be an envelope: its report instead. */
static void open_envelope(lua_State *L, running *r)
{
	size_t n = 0;
	const char *payload;

	lua_getfield(L, -1, "payload");
	payload = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &n) : NULL;
	r->payload.size = 0;
	if (payload == NULL || pb_base64_decode(payload, n, &r->payload) != 0) {
		lua_pop(L, 1);
		return;
	}
	pb_sandbox_push_json(L, (pb_bytes){r->payload.data, r->payload.size}, "the envelope's payload");
	if (lua_istable(L, -1)) {
		lua_getfield(L, -1, "predicate");
		lua_replace(L, -4);
	}
	lua_pop(L, 2);
}

static bool is_report(lua_State *L)
{
	bool is = false;

	if (lua_istable(L, -1)) {
		lua_getfield(L, -1, "schema");
		is = lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), SCHEMA) == 0;
		lua_pop(L, 1);
	}
	return is;
}

/* Pushes a document. */
static void push_document(lua_State *L, running *r, pb_bytes text, bool report)
{
	pb_sandbox_push_json(L, text, report ? "the report" : "the document");
	if (report && lua_istable(L, -1) && !is_report(L))
		open_envelope(L, r);
	if (report && !is_report(L))
		luaL_error(L, "it is no report: its schema is not " SCHEMA);
}

static void push_documents(lua_State *L, running *r)
{
	const pb_format_job *j = r->job;
	bool reports = strcmp(r->takes, "report") == 0;

	if (j->frame == NULL) {
		if (j->n_documents != 1)
			luaL_error(L, "the format takes one document");
		push_document(L, r, j->documents[0], reports);
		return;
	}
	push_value(L, r, j->frame);
	lua_createtable(L, (int)(j->n_documents & 0xffff), 0);
	for (size_t i = 0; i < j->n_documents; i++) {
		push_document(L, r, j->documents[i], reports);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	lua_setfield(L, -2, j->as);
}

/* ---- the script ---- */

static const char *expected_takes(const char *path)
{
	return strchr(path, '/') == NULL ? "report" : NULL;
}

/* [-1] the format: a text of it, into about. */
static const char *take_text(lua_State *L, running *r, const char *key)
{
	const char *s;

	lua_getfield(L, -1, key);
	if (lua_type(L, -1) != LUA_TSTRING || *(s = lua_tostring(L, -1)) == '\0')
		luaL_error(L, "%s: \"%s\" is missing or no text", r->file->shown, key);
	s = lua_tostring(L, -1);
	lua_pop(L, 1); /* the table keeps it */
	if (json_object_set_new(r->about, key, pb_json_display(s, strlen(s), 300)) != 0)
		luaL_error(L, "out of memory");
	return s;
}

/* Runs the file, leaves its table on the stack. */
static void load(lua_State *L, running *r)
{
	const char *wanted = expected_takes(r->file->path), *takes;
	char folder[64];

	if (r->file->why.code != PB_OK)
		luaL_error(L, "%s", r->file->why.text);
	pb_sandbox_load(L, r->file->shown, (pb_bytes){r->file->text.data, r->file->text.size});
	lua_call(L, 0, 1);
	if (!lua_istable(L, -1))
		luaL_error(L, "%s: the file returns no table", r->file->shown);
	(void)take_text(L, r, "title");
	(void)take_text(L, r, "extension");
	(void)take_text(L, r, "type");
	takes = take_text(L, r, "takes");
	if (wanted == NULL) {
		(void)snprintf(folder, sizeof folder, "%.*s", (int)(strchr(r->file->path, '/') - r->file->path), r->file->path);
		wanted = folder;
	}
	if (strcmp(takes, wanted) != 0)
		luaL_error(L, "%s: takes = \"%s\": formats of this folder take \"%s\"", r->file->shown, takes, wanted);
	(void)snprintf(r->takes, sizeof r->takes, "%s", takes);
	lua_getfield(L, -1, "many");
	if (json_object_set_new(r->about, "many", json_boolean(lua_toboolean(L, -1))) != 0)
		luaL_error(L, "out of memory");
	lua_pop(L, 1);
	lua_getfield(L, -1, "render");
	if (!lua_isfunction(L, -1))
		luaL_error(L, "%s: render is no function", r->file->shown);
	lua_pop(L, 1);
}

/* require "probity.assets": the texts of assets/. */
static void put_assets(lua_State *L, const pb_formats *f)
{
	lua_rawgeti(L, LUA_REGISTRYINDEX, pb_box_of(L)->modules);
	lua_newtable(L);
	for (size_t i = 0; i < f->n; i++) {
		const pb_format_file *file = &f->all[i];

		if (strncmp(file->path, "assets/", 7) != 0)
			continue;
		if (file->why.code != PB_OK)
			luaL_error(L, "%s", file->why.text);
		lua_pushlstring(L, file->text.size > 0 ? (const char *)file->text.data : "", file->text.size);
		lua_setfield(L, -2, file->path + 7);
	}
	pb_box_explain_misses(L, "probity.assets");
	pb_box_seal(L, -1);
	lua_pop(L, 1);
	lua_setfield(L, -2, "probity.assets");
	lua_pop(L, 1);
}

static int prepare(lua_State *L)
{
	put_assets(L, lua_touserdata(L, 1));
	return 0;
}

static int run(lua_State *L)
{
	running *r = lua_touserdata(L, 1);

	lua_gc(L, LUA_GCRESTART);
	load(L, r);
	if (r->job == NULL)
		return 0;
	lua_getfield(L, -1, "render");
	push_documents(L, r);
	lua_pushlightuserdata(L, r);
	lua_pushcclosure(L, out, 1);
	if (r->job->options != NULL)
		push_value(L, r, r->job->options);
	else
		lua_newtable(L);
	lua_call(L, 3, 0);
	flush(L, r);
	return 0;
}

/* ---- from outside ---- */

int pb_format_open(const pb_formats *formats, const pb_bindings *bindings, const pb_format_limits *limits, pb_format_box **out_box, pb_error *err)
{
	pb_format_box *b = calloc(1, sizeof *b);
	pb_sandbox_limits box = {.memory = limits->memory, .instructions = limits->instructions, .subject = limits->output, .steps = limits->steps};
	int rc;

	*out_box = NULL;
	if (b == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	b->formats = formats;
	b->limits = *limits;
	rc = pb_box_open(&box, bindings, formats->own_lib, &b->box, err);
	if (rc == PB_OK) {
		union { /* a light userdata is not const */
			const pb_formats *in;
			void *out;
		} f = {.in = formats};

		b->box->shelf = formats->shelf;
		b->box->stop = limits->stop;
		b->box->near = (const char *const *)formats->extra_lib;
		b->box->lib_shown = PB_FORMATS_OWN "/lib";
		b->box->format = true;
		rc = pb_sandbox_run(b->box, true, prepare, f.out, err);
	}
	if (rc != PB_OK)
		pb_format_close(b);
	else
		*out_box = b;
	return rc;
}

void pb_format_close(pb_format_box *b)
{
	if (b == NULL)
		return;
	pb_box_close(b->box);
	free(b);
}

/* What a limit means, in words that say how much there was. */
static int tell_limit(const pb_format_box *b, const char *shown, const char *limit, pb_error *err)
{
	char words[160];

	if (strcmp(limit, PB_LIMIT_INTERRUPT) == 0) {
		limit = "time";
		(void)snprintf(words, sizeof words, "it takes too long");
	} else if (strcmp(limit, PB_LIMIT_MEMORY) == 0)
		(void)snprintf(words, sizeof words, "it takes more than %zu MiB of memory", b->limits.memory >> 20);
	else if (strcmp(limit, PB_LIMIT_OUTPUT) == 0)
		(void)snprintf(words, sizeof words, "it writes more than %zu MiB", b->limits.output >> 20);
	else if (strcmp(limit, PB_LIMIT_INSTRUCTIONS) == 0)
		(void)snprintf(words, sizeof words, "it runs for more than %llu million instructions", (unsigned long long)b->limits.instructions / 1000000);
	else
		(void)snprintf(words, sizeof words, "its searches in texts take too many steps");
	return pb_fail(err, PB_ELIMIT, "%s: limit %s: %s", shown, limit, words);
}

static int enter(running *r, const char *folder, const char *name, pb_error *err)
{
	char path[PB_FORMAT_PATH];
	int rc;

	(void)snprintf(path, sizeof path, "%s%s%s.lua", folder, *folder ? "/" : "", name);
	r->file = pb_format_file_at(r->b->formats, path);
	if (r->file == NULL)
		return pb_fail(err, PB_EINPUT, "there is no format \"%s%s%s\"", folder, *folder ? "/" : "", name);
	r->about = json_pack("{s:s,s:s}", "folder", folder, "name", name);
	r->buffer = r->job != NULL ? malloc(HELD_MOST) : NULL;
	if (r->about == NULL || (r->job != NULL && r->buffer == NULL))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	else
		rc = pb_sandbox_run(r->b->box, true, run, r, err);
	if (rc != PB_OK && r->failed != 0)
		rc = pb_fail(err, r->failed, "the text of %s cannot be written", r->file->shown);
	else if (rc == PB_ELIMIT && pb_sandbox_limit(r->b->box) != NULL)
		rc = tell_limit(r->b, r->file->shown, pb_sandbox_limit(r->b->box), err);
	free(r->buffer);
	free(r->text);
	pb_buf_free(&r->payload);
	return rc;
}

json_t *pb_format_about(pb_format_box *b, const char *folder, const char *name)
{
	running r = {.b = b};
	pb_error err = {0};

	if (enter(&r, folder, name, &err) == PB_OK)
		return r.about;
	json_decref(r.about);
	return json_pack("{s:s,s:s,s:s}", "folder", folder, "name", name, "error", err.text);
}

int pb_format_run(pb_format_box *b, const pb_format_job *job, json_t **about, pb_error *err)
{
	running r = {.b = b, .job = job};
	int rc = enter(&r, job->folder, job->name, err);

	*about = rc == PB_OK ? r.about : NULL;
	if (rc != PB_OK)
		json_decref(r.about);
	return rc;
}
