/* One file into one entry: a check in Lua. */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/text.h"
#include "checks/entry.h"
#include "checks/lint.h"

enum { CHECK_BYTES = 1 << 20 };

pb_entry *pb_catalogue_add(pb_catalogue *c)
{
	pb_entry *more = realloc(c->entries, (c->n + 1) * sizeof *more);

	if (more == NULL)
		return NULL;
	c->entries = more;
	more += c->n++;
	memset(more, 0, sizeof *more);
	more->script = LUA_NOREF;
	return more;
}

void pb_entry_free(pb_entry *e)
{
	pb_check_free(&e->check);
	free(e->samples_dir);
	free(e->near);
	pb_rule_folder_free(e->folder);
	memset(e, 0, sizeof *e);
}

typedef struct loading {
	const pb_check_source *source;
	pb_entry *entry;
	int mistakes; /* or PB_ENOMEM */
} loading;

/* [1] -> stores {object, product, found, seal} */
static void keep_script(lua_State *L, const loading *l, int check)
{
	static const char *const functions[] = {"object", "product"};
	int script, sealed;

	lua_createtable(L, 4, 0);
	script = lua_gettop(L);
	lua_newtable(L);
	sealed = lua_gettop(L);
	for (int i = 0; i < 2; i++) {
		lua_getfield(L, check, functions[i]);
		lua_pushvalue(L, -1);
		lua_rawseti(L, sealed, i + 1);
		lua_rawseti(L, script, PB_SCRIPT_OBJECT + i);
	}
	pb_box_seal(L, sealed);
	lua_rawseti(L, script, PB_SCRIPT_SEAL);
	pb_found_push(L, &l->entry->check);
	lua_rawseti(L, script, PB_SCRIPT_FOUND);
	lua_pushvalue(L, script);
	l->entry->script = luaL_ref(L, LUA_REGISTRYINDEX);
}

static int load_check(lua_State *L)
{
	loading *l = lua_touserdata(L, 1);

	pb_box_load(L, l->source->file, l->source->text);
	lua_call(L, 0, LUA_MULTRET);
	if (lua_gettop(L) < 2)
		return luaL_error(L, "%s:1: a check file returns one table, this one returns nothing: \"return {\" begins it", l->source->file);
	if (!lua_istable(L, 2))
		return luaL_error(L, "%s:1: a check file returns one table, this one a %s", l->source->file, luaL_typename(L, 2));
	if (lua_gettop(L) > 2)
		return luaL_error(L, "%s:1: a check file returns one table, this one %d values: one file is one check", l->source->file,
		                  lua_gettop(L) - 1);
	lua_settop(L, 2);
	l->mistakes = pb_check_read(L, 2, l->source, &l->entry->check);
	if (l->mistakes == 0)
		keep_script(L, l, 2);
	return 0;
}

/* "FILE:1: what" told, where it does not name its place itself. */
static void tell(const pb_check_source *source, const char *what)
{
	char message[1000];
	size_t n = strlen(source->file);
	bool placed = strncmp(what, source->file, n) == 0 && what[n] == ':';
	char *safe;

	(void)snprintf(message, sizeof message, "%s%s%s", placed ? "" : source->file, placed ? "" : ":1: ", what);
	safe = pb_text_safe(message, 0);
	if (safe != NULL)
		source->told(source->user, safe);
	free(safe);
}

/* Lint looks at what could be read, also where there were mistakes. */
static int lint(const pb_check_file *file, const pb_check_source *source, const pb_check *check)
{
	pb_linting l = {source, check, file->path, file->noticed, source->user, false};

	return file->noticed != NULL ? pb_lint_check(&l) : PB_OK;
}

/* Runs the file; on failure the entry is to be dropped. */
static int load_text(pb_catalogue *c, const pb_check_source *source, pb_entry *entry)
{
	loading l = {source, entry, 0};
	char limit[64];
	int rc;

	c->box->loading = true;
	rc = pb_box_enter(c->box, load_check, &l);
	c->box->loading = false;
	if (rc == PB_EINPUT)
		tell(source, c->box->why);
	if (rc == PB_ELIMIT) {
		(void)snprintf(limit, sizeof limit, "loading it ran into the limit \"%s\"", c->box->limit);
		tell(source, limit);
	}
	if (rc != PB_OK)
		return PB_EINPUT;
	return l.mistakes > 0 ? PB_EINPUT : l.mistakes;
}

static int drop_last(pb_catalogue *c)
{
	pb_entry_free(&c->entries[--c->n]);
	return PB_EINPUT;
}

/* A second check of the same id: told, naming the first. */
static bool taken(const pb_catalogue *c, const pb_check_source *source)
{
	const pb_check *last = &c->entries[c->n - 1].check;
	char what[400];

	for (size_t i = 0; i + 1 < c->n; i++) {
		if (strcmp(c->entries[i].check.id, last->id) != 0)
			continue;
		(void)snprintf(what, sizeof what, "there is a check \"%s\" already: %s", last->id, c->entries[i].check.file);
		tell(source, what);
		return true;
	}
	return false;
}

int pb_catalogue_load(pb_catalogue *c, const pb_check_file *file, void (*told)(void *, const char *), void *user, pb_error *err)
{
	pb_buf text = {0};
	pb_error why = {0};
	pb_entry *entry = pb_catalogue_add(c);
	pb_check_source source = {
	    .file = file->name, .stem = file->stem, .pillar = file->pillar, .book = &c->book, .told = told, .user = user};
	int rc;

	if (entry == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	rc = pb_fs_read(file->path, CHECK_BYTES, &text, &why);
	if (rc != PB_OK) {
		tell(&source, why.text);
		pb_buf_free(&text);
		return rc == PB_ENOMEM ? pb_fail(err, rc, "out of memory") : drop_last(c);
	}
	source.text = (pb_bytes){text.data, text.size};
	rc = load_text(c, &source, entry);
	if (rc == PB_OK && taken(c, &source))
		rc = PB_EINPUT;
	if (rc != PB_ENOMEM && lint(file, &source, &entry->check) == PB_ENOMEM)
		rc = PB_ENOMEM;
	pb_buf_free(&text);
	if (rc == PB_ENOMEM)
		return pb_fail(err, rc, "out of memory");
	return rc == PB_OK ? PB_OK : drop_last(c);
}
