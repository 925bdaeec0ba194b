#include "checks/repl_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { OUT_MAX = 1 << 20, WORDS_MAX = 500 };

static const char repl_key; /* its address is the key in the registry */
static const char chunk[] = "input";

pb_repl *pb_repl_of(lua_State *L)
{
	pb_repl *r;

	lua_rawgetp(L, LUA_REGISTRYINDEX, &repl_key);
	r = lua_touserdata(L, -1);
	lua_pop(L, 1);
	return r;
}

/* Names that are set in lines last; behind them are the globals of checks. */
static int open_lines(lua_State *L)
{
	pb_repl *r = lua_touserdata(L, 1);

	lua_pushlightuserdata(L, r);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &repl_key);
	lua_newtable(L);
	lua_createtable(L, 0, 1);
	lua_rawgeti(L, LUA_REGISTRYINDEX, pb_box_of(L)->env);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, -2);
	lua_pushvalue(L, -1);
	r->env = luaL_ref(L, LUA_REGISTRYINDEX);
	pb_repl_words(L);
	return 0;
}

static int choose_first(lua_State *L)
{
	pb_repl_choose(L, 0);
	return 0;
}

int pb_repl_open(pb_catalogue *c, const pb_repl_host *host, const _Atomic uint32_t *stop, pb_repl **out, pb_error *err)
{
	pb_repl *r = calloc(1, sizeof *r);
	pb_buf ignored = {.max = OUT_MAX};
	int rc;

	if (r == NULL || (r->call.out = json_pack("{s:[],s:{}}", "findings", "unknown")) == NULL) {
		free(r);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	r->c = c;
	r->host = *host;
	r->call.bindings = c->box->bindings;
	r->out = &ignored;
	c->box->stop = stop;
	c->box->loading = true; /* lines may require */
	rc = pb_box_enter(c->box, open_lines, r);
	if (rc != PB_OK)
		rc = pb_fail(err, PB_EINTERNAL, "the prompt cannot be opened: %s", c->box->limit != NULL ? c->box->limit : c->box->why);
	else if (host->n > 0)
		(void)pb_box_enter(c->box, choose_first, r); /* an object that cannot be looked at is no reason not to begin */
	pb_buf_free(&ignored);
	r->out = NULL;
	if (rc != PB_OK) {
		pb_repl_close(r);
		return rc;
	}
	*out = r;
	return PB_OK;
}

void pb_repl_close(pb_repl *r)
{
	if (r == NULL)
		return;
	r->c->box->bindings->expire(r->c->box->L);
	r->c->box->call = NULL;
	r->c->box->near = NULL;
	r->c->box->stop = NULL;
	r->c->box->loading = false;
	json_decref(r->call.note);
	json_decref(r->call.out);
	free(r);
}

/* Pushes the function, or the message; true where it is a function. As an expression first. */
static bool load(lua_State *L, const pb_repl *r)
{
	const char *text = r->text + (r->n > 0 && *r->text == '=');
	size_t n = r->n - (size_t)(text - r->text);

	lua_pushliteral(L, "return ");
	lua_pushlstring(L, text, n);
	lua_concat(L, 2);
	if (luaL_loadbufferx(L, lua_tostring(L, -1), lua_rawlen(L, -1), "@input", "t") == LUA_OK)
		return true;
	if (lua_type(L, -1) != LUA_TSTRING)
		lua_error(L);
	return text == r->text && luaL_loadbufferx(L, r->text, r->n, "@input", "t") == LUA_OK;
}

static bool is_unfinished(const char *message)
{
	size_t n = strlen(message);

	return n >= 5 && strcmp(message + n - 5, "<eof>") == 0;
}

static int evaluate(lua_State *L)
{
	pb_repl *r = lua_touserdata(L, 1);
	int base;

	pb_box_refuse_bytes(L, chunk, (pb_bytes){(const uint8_t *)r->text, r->n});
	if (!load(L, r)) {
		if (lua_type(L, -1) != LUA_TSTRING)
			return lua_error(L);
		if (is_unfinished(lua_tostring(L, -1))) {
			r->more = true;
			return 0;
		}
		return lua_error(L);
	}
	base = lua_gettop(L);
	lua_rawgeti(L, LUA_REGISTRYINDEX, r->env);
	lua_setupvalue(L, base, 1);
	lua_call(L, 0, LUA_MULTRET);
	for (int i = base, n = lua_gettop(L); i <= n; i++)
		if (n > base || !lua_isnil(L, i))
			pb_repl_print(L, i);
	return 0;
}

static void tell_error(pb_repl *r, int rc)
{
	const pb_sandbox *s = r->c->box;
	char *shown;

	if (rc == PB_ELIMIT)
		pb_repl_putf(r, "error: limit %s%s\n", s->limit, strcmp(s->limit, PB_LIMIT_INTERRUPT) == 0 ? ": it was interrupted" : "");
	shown = rc != PB_ELIMIT ? pb_text_safe(s->why, 0) : NULL;
	if (shown != NULL)
		pb_repl_putf(r, "error: %s\n", shown);
	free(shown);
}

pb_repl_end pb_repl_eval(pb_repl *r, const char *text, size_t n, pb_buf *out)
{
	pb_sandbox *s = r->c->box;
	size_t before = out->max;
	int rc;

	out->max = out->size + OUT_MAX;
	r->out = out;
	r->text = text;
	r->n = n;
	r->more = false;
	r->call.raised = 0;
	pb_repl_aim(r);
	rc = pb_box_enter(s, evaluate, r);
	pb_repl_tell_found(r);
	if (rc != PB_OK)
		tell_error(r, rc);
	out->max = before;
	r->out = NULL;
	return rc != PB_OK ? PB_REPL_FAILED : r->more ? PB_REPL_MORE : PB_REPL_DONE;
}

/* ---- completion ---- */

static void offer(pb_repl *r, const char *head, size_t n, const char *start, const char *name)
{
	if (strncmp(name, start, strlen(start)) != 0 || json_array_size(r->words) >= WORDS_MAX)
		return;
	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] != '\0')
		return;
	(void)json_array_append_new(r->words, json_sprintf("%.*s%s", (int)n, head, name));
}

/* The names that the value on top has: those of a handle, or the keys of a table or view. */
static void offer_all(lua_State *L, pb_repl *r, const char *head, size_t n, const char *start, bool functions)
{
	const pb_bindings *b = r->c->box->bindings;
	const char *const *names = b->fields != NULL ? b->fields(L, lua_gettop(L)) : NULL;
	int value = lua_gettop(L);

	for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
		lua_getfield(L, value, names[i]);
		if (lua_isfunction(L, -1) == functions)
			offer(r, head, n, start, names[i]);
		lua_settop(L, value);
	}
	if (names != NULL || (lua_type(L, value) != LUA_TTABLE && luaL_getmetafield(L, value, "__pairs") == LUA_TNIL))
		return;
	lua_settop(L, value);
	lua_pushcfunction(L, pb_box_pairs);
	lua_pushvalue(L, value);
	lua_call(L, 1, 3);
	for (;;) {
		lua_pushvalue(L, -3);
		lua_pushvalue(L, -3);
		lua_pushvalue(L, -3);
		lua_call(L, 2, 2);
		if (lua_isnil(L, -2))
			break;
		if (lua_type(L, -2) == LUA_TSTRING)
			offer(r, head, n, start, lua_tostring(L, -2));
		lua_pop(L, 1);
		lua_remove(L, -2);
	}
	lua_settop(L, value);
}

static void offer_globals(lua_State *L, pb_repl *r, const char *start)
{
	static const char *const keywords[] = {"and",   "break", "do",  "else", "elseif", "end",    "false", "for",  "function", "if",
	                                       "in",    "local", "nil", "not",  "or",     "repeat", "return", "then", "true",     "until",
	                                       "while", NULL};

	for (size_t i = 0; keywords[i] != NULL; i++)
		offer(r, "", 0, start, keywords[i]);
	lua_rawgeti(L, LUA_REGISTRYINDEX, r->env);
	offer_all(L, r, "", 0, start, false);
	lua_rawgeti(L, LUA_REGISTRYINDEX, r->c->box->env);
	if (luaL_getmetafield(L, -1, "__index") == LUA_TTABLE)
		offer_all(L, r, "", 0, start, false);
}

/* The last word of r->text: a chain of names joined by dots, with perhaps a colon before the last one. */
static int complete(lua_State *L)
{
	static const char in_word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:";
	pb_repl *r = lua_touserdata(L, 1);
	const char *word = r->text + r->n, *last, *p;

	while (word > r->text && strchr(in_word, word[-1]) != NULL)
		word--;
	last = word + strlen(word);
	while (last > word && last[-1] != '.' && last[-1] != ':')
		last--;
	if (last == word) {
		offer_globals(L, r, word);
		return 0;
	}
	lua_rawgeti(L, LUA_REGISTRYINDEX, r->env);
	for (p = word; p < last;) {
		size_t n = strcspn(p, ".:");

		lua_pushlstring(L, p, n);
		lua_gettable(L, -2);
		p += n + 1;
	}
	offer_all(L, r, word, (size_t)(last - word), last, last[-1] == ':');
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(json_string_value(*(json_t *const *)a), json_string_value(*(json_t *const *)b));
}

/* Sorted, each once. */
static json_t *tidy(json_t *words)
{
	size_t n = json_array_size(words);
	json_t **all = malloc((n + 1) * sizeof *all), *out = json_array();

	for (size_t i = 0; all != NULL && i < n; i++)
		all[i] = json_array_get(words, i);
	if (all != NULL && n > 0)
		qsort(all, n, sizeof *all, by_text);
	for (size_t i = 0; all != NULL && i < n; i++)
		if (i == 0 || by_text(&all[i], &all[i - 1]) != 0)
			(void)json_array_append(out, all[i]);
	free(all);
	json_decref(words);
	return out;
}

json_t *pb_repl_complete(pb_repl *r, const char *line)
{
	pb_buf ignored = {.max = OUT_MAX};

	r->words = json_array();
	r->text = line;
	r->n = strlen(line);
	r->out = &ignored;
	if (r->words != NULL)
		(void)pb_box_enter(r->c->box, complete, r); /* what raises has no words */
	r->out = NULL;
	pb_buf_free(&ignored);
	return r->words != NULL ? tidy(r->words) : NULL;
}
