/** # require "probity.regex"
 * Regular expressions of PCRE2 (Perl's) over bytes; offsets count from 0, in strings too. Captures are strings, `nil`
 * for a group that took no part.
 *
 * | `regex.compile(pattern [, options])` | a compiled pattern; it does not end with a call. `x:find` and `x:matches` take
 *   one in place of the pattern
 * | `r:find(where [, init])` | `at, length, captures...` or `nil`; `where`: an object, a slice or a string
 * | `r:matches(where [, init])` | iterator of the same
 *
 * `options` is a string of letters: `i` (any case of a-z), `m` (`^` and `$` at each line), `s` (`.` is any byte), `x`
 * (blanks and comments in the pattern do not count). There is no Unicode mode: write UTF-8 as bytes. A line ends with
 * LF, CRLF or CR. A pattern has at most 4096 bytes and 32 captures; one that is wrong raises, with its place.
 *
 * Matching costs match steps ("limit pattern"), one for each item of the pattern that is tried and for each 8 bytes
 * that it runs over, and an instruction for each 64 bytes. A single match that tries too much from one place, or needs
 * more than 32 MiB to go back, ends in "limit match". What stands in every object belongs into `looks`: searching there
 * costs nothing where nothing hits. */
/* The only file that includes pcre2.h. A pattern is compiled with a callout before each of its
 * items: so what a match costs is counted while it runs, and it ends where the budget does. There is no JIT: a worker cannot make
 * memory executable. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "bindings/scope.h"

static const char regex_type[] = "probity.regex", machine_type[] = "probity.regex_machine";
static const char machine_key, cache_key; /* their addresses are keys in the registry */

enum {
	PATTERN_BYTES = 4096,
	CAPTURES = 32,
	NESTED = 100,
	CACHED = 128,         /* patterns; then all are forgotten */
	HEAP_KIB = 32 << 10,  /* of what one match may note for going back: "limit match" */
	DEPTH = 500000,       /* how far it may have to go back: likewise */
	TRIES = 10000000,     /* from one place on: likewise */
	STEPS_PER_CALL = 20,  /* in instructions */
	STEPS_PER_COMPILE = 500,
	BYTES_PER_STEP = 64,
	RUN_PER_STEP = 8,     /* bytes that one item goes on for, in match steps */
	NO_POSITION = -1,
};

typedef struct regex {
	pcre2_code *code;
	uint64_t paid; /* the generation of the last call that paid for compiling it */
	size_t size;   /* of the pattern */
	uint64_t step; /* what each item costs in match steps */
	uint32_t captures, back; /* how many groups there are; the highest that the pattern refers to */
} regex;

/* What matching needs besides the pattern: one for all, since nothing of it outlives a match. */
typedef struct machine {
	pcre2_compile_context *compile;
	pcre2_match_context *match;
	pcre2_match_data *data;
} machine;

/* The count of one match. */
typedef struct meter {
	const regex *r;
	uint64_t left; /* match steps */
	size_t last;   /* where the item before began */
	bool spent;
} meter;

/* Before each item of the pattern. An item may run over many bytes, or compare many (a group that is referred to). */
static int before_item(pcre2_callout_block *b, void *user)
{
	meter *m = user;
	uint64_t cost = m->r->step;

	if (b->current_position > m->last)
		cost += (b->current_position - m->last) / RUN_PER_STEP;
	m->last = b->current_position;
	for (uint32_t i = 1; i < b->capture_top && i <= m->r->back; i++) {
		size_t from = b->offset_vector[2 * i], to = b->offset_vector[2 * i + 1];

		if (from != PCRE2_UNSET && to > from)
			cost += (to - from) / RUN_PER_STEP;
	}
	if (cost > m->left) {
		m->spent = true;
		return PCRE2_ERROR_CALLOUT;
	}
	m->left -= cost;
	return 0;
}

static int collect_regex(lua_State *L)
{
	regex *r = luaL_checkudata(L, 1, regex_type);

	pcre2_code_free(r->code);
	r->code = NULL;
	return 0;
}

static int collect_machine(lua_State *L)
{
	machine *m = luaL_checkudata(L, 1, machine_type);

	pcre2_match_data_free(m->data);
	pcre2_match_context_free(m->match);
	pcre2_compile_context_free(m->compile);
	memset(m, 0, sizeof *m);
	return 0;
}

static machine *machine_of(lua_State *L)
{
	machine *m;

	lua_rawgetp(L, LUA_REGISTRYINDEX, &machine_key);
	m = lua_touserdata(L, -1);
	lua_pop(L, 1);
	return m;
}

static void push_machine(lua_State *L)
{
	machine *m = lua_newuserdatauv(L, sizeof *m, 0);

	memset(m, 0, sizeof *m);
	luaL_setmetatable(L, machine_type);
	m->compile = pcre2_compile_context_create(NULL);
	m->match = pcre2_match_context_create(NULL);
	m->data = pcre2_match_data_create(CAPTURES + 1, NULL);
	if (m->compile == NULL || m->match == NULL || m->data == NULL)
		luaL_error(L, "out of memory");
	(void)pcre2_set_newline(m->compile, PCRE2_NEWLINE_ANYCRLF);
	(void)pcre2_set_bsr(m->compile, PCRE2_BSR_ANYCRLF);
	(void)pcre2_set_parens_nest_limit(m->compile, NESTED);
	(void)pcre2_set_heap_limit(m->match, HEAP_KIB);
	(void)pcre2_set_depth_limit(m->match, DEPTH);
}

/* The largest number behind a "{" of the pattern: so many bytes one item may look at and yet not get on. */
static uint64_t largest_repeat(const char *s, size_t n)
{
	uint64_t most = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t value = 0;

		if (s[i] != '{')
			continue;
		while (i + 1 < n && s[i + 1] >= '0' && s[i + 1] <= '9' && value < 65536)
			value = value * 10 + (uint64_t)(s[++i] - '0');
		most = value > most ? value : most;
	}
	return most;
}

static uint32_t options_at(lua_State *L, int index)
{
	static const char letters[] = "imsx";
	static const uint32_t bits[] = {PCRE2_CASELESS, PCRE2_MULTILINE, PCRE2_DOTALL, PCRE2_EXTENDED};
	uint32_t options = 0;

	for (const char *p = luaL_optstring(L, index, ""); *p != '\0'; p++) {
		const char *at = strchr(letters, *p);

		luaL_argcheck(L, at != NULL, index, "options are letters: i (any case), m (^ and $ at lines), s (. is any byte), x (extended)");
		options |= bits[at - letters];
	}
	return options;
}

/* Compiles the pattern into r, which is on top; raises what is wrong with it. */
static void compile(lua_State *L, regex *r, const char *pattern, size_t n, uint32_t options)
{
	PCRE2_UCHAR words[200];
	PCRE2_SIZE where = 0;
	int code = 0;

	r->code = pcre2_compile((PCRE2_SPTR)pattern, n, options | PCRE2_AUTO_CALLOUT | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP, &code, &where,
	                        machine_of(L)->compile);
	if (r->code == NULL && code == PCRE2_ERROR_HEAP_FAILED)
		luaL_error(L, "out of memory");
	if (r->code == NULL) {
		(void)pcre2_get_error_message(code, words, sizeof words);
		luaL_error(L, "the pattern is wrong at its byte %d: %s", (int)where + 1, (const char *)words);
	}
	r->size = n;
	r->step = 1 + largest_repeat(pattern, n) / RUN_PER_STEP;
	(void)pcre2_pattern_info(r->code, PCRE2_INFO_CAPTURECOUNT, &r->captures);
	(void)pcre2_pattern_info(r->code, PCRE2_INFO_BACKREFMAX, &r->back);
	if (r->captures > CAPTURES)
		luaL_error(L, "the pattern has %d captures, %d are the most: write (?: for those that you do not need", (int)r->captures, CAPTURES);
}

/* Pushes the cache: {options and pattern = regex}, its [0] how many. */
static void push_cache(lua_State *L)
{
	if (lua_rawgetp(L, LUA_REGISTRYINDEX, &cache_key) == LUA_TTABLE) {
		lua_rawgeti(L, -1, 0);
		if (lua_tointeger(L, -1) < CACHED) {
			lua_pop(L, 1);
			return;
		}
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
	lua_newtable(L);
	lua_pushvalue(L, -1);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &cache_key);
}

/* Each call of a check pays once for each of its patterns, whether or not one before left it in the cache: what a call costs does
 * not depend on what ran before. */
static void pay(lua_State *L, regex *r)
{
	uint64_t now = pb_scope_of(L)->generation + 1; /* 0: nobody paid */

	if (r->paid == now)
		return;
	r->paid = now;
	pb_sandbox_charge(L, STEPS_PER_COMPILE + 8 * r->size);
}

/* Pushes the pattern at index, compiled; index may hold a regex already. */
static regex *push_regex(lua_State *L, int index, int options_index)
{
	regex *r = luaL_testudata(L, index, regex_type);
	uint32_t options;
	const char *pattern;
	size_t n;

	if (r != NULL) {
		luaL_argcheck(L, lua_isnoneornil(L, options_index), options_index, "a compiled pattern has its options already");
		lua_pushvalue(L, index);
		return r;
	}
	pattern = luaL_checklstring(L, index, &n);
	options = options_at(L, options_index);
	luaL_argcheck(L, n <= PATTERN_BYTES, index, "a pattern has at most 4096 bytes");
	push_cache(L);
	lua_pushfstring(L, "%d ", (int)options);
	lua_pushvalue(L, index);
	lua_concat(L, 2); /* cache key */
	lua_pushvalue(L, -1);
	if (lua_rawget(L, -3) != LUA_TUSERDATA) {
		lua_pop(L, 1);
		r = lua_newuserdatauv(L, sizeof *r, 0);
		memset(r, 0, sizeof *r);
		luaL_setmetatable(L, regex_type);
		compile(L, r, pattern, n, options);
		lua_pushvalue(L, -2);
		lua_pushvalue(L, -2);
		lua_rawset(L, -5);
		lua_rawgeti(L, -3, 0);
		lua_pushinteger(L, lua_tointeger(L, -1) + 1);
		lua_rawseti(L, -5, 0);
		lua_pop(L, 1);
	}
	r = lua_touserdata(L, -1);
	lua_replace(L, -3);
	lua_pop(L, 1);
	pay(L, r);
	return r;
}

/* 1: found, the machine's vector tells where; 0: there is none. Raises at limits. */
static int run(lua_State *L, const regex *r, pb_bytes b, size_t init, uint32_t options)
{
	static const uint8_t nothing[1] = {0};
	const machine *m = machine_of(L);
	uint64_t left = pb_sandbox_steps_left(L);
	meter count = {.r = r, .left = left, .last = init};
	const PCRE2_SIZE *place;
	int rc;

	if (init > b.size)
		return 0;
	(void)pcre2_set_match_limit(m->match, left < TRIES ? (uint32_t)left : TRIES);
	(void)pcre2_set_callout(m->match, before_item, &count);
	rc = pcre2_match(r->code, b.size > 0 ? b.data : nothing, b.size, init, options, m->data, m->match);
	(void)pcre2_set_callout(m->match, NULL, NULL);
	place = pcre2_get_ovector_pointer(m->data);
	pb_sandbox_charge(L, STEPS_PER_CALL + ((rc > 0 && place[1] > init ? place[1] : b.size) - init) / BYTES_PER_STEP);
	count.spent |= rc == PCRE2_ERROR_MATCHLIMIT && left < TRIES;
	pb_sandbox_step(L, count.spent ? left + 1 : left - count.left);
	if (rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT)
		pb_sandbox_match_limit(L);
	if (rc == PCRE2_ERROR_NOMEMORY)
		return luaL_error(L, "out of memory");
	if (rc < 0 && rc != PCRE2_ERROR_NOMATCH) { /* such as a pattern that calls itself and gets nowhere */
		PCRE2_UCHAR words[200];

		(void)pcre2_get_error_message(rc, words, sizeof words);
		return luaL_error(L, "the pattern cannot be matched: %s", (const char *)words);
	}
	return rc > 0;
}

/* -> at, length, captures: nil for a group that took no part */
static int push_match(lua_State *L, const regex *r, pb_bytes b)
{
	const machine *m = machine_of(L);
	const PCRE2_SIZE *place = pcre2_get_ovector_pointer(m->data);
	uint32_t set = pcre2_get_ovector_count(m->data);

	luaL_checkstack(L, CAPTURES + 4, "captures");
	lua_pushinteger(L, (lua_Integer)place[0]);
	lua_pushinteger(L, (lua_Integer)(place[1] > place[0] ? place[1] - place[0] : 0));
	for (uint32_t i = 1; i <= r->captures; i++) {
		if (i >= set || place[2 * i] == PCRE2_UNSET || place[2 * i + 1] < place[2 * i])
			lua_pushnil(L);
		else
			lua_pushlstring(L, (const char *)(b.size > 0 ? b.data + place[2 * i] : (const uint8_t *)""),
			                place[2 * i + 1] - place[2 * i]);
	}
	return 2 + (int)r->captures;
}

static size_t init_at(lua_State *L, int index)
{
	return lua_isnoneornil(L, index) ? 0 : pb_offset_check(L, index);
}

static int find_in(lua_State *L, const regex *r, pb_bytes b, size_t init)
{
	if (!run(L, r, b, init, 0))
		return lua_pushnil(L), 1;
	return push_match(L, r, b);
}

/* Upvalues: subject, regex, where the next match may begin (NO_POSITION: nowhere), whether the last one was empty. */
static int step(lua_State *L)
{
	pb_bytes b = pb_subject_check(L, lua_upvalueindex(1));
	const regex *r = lua_touserdata(L, lua_upvalueindex(2));
	lua_Integer init = lua_tointeger(L, lua_upvalueindex(3));
	const PCRE2_SIZE *place;
	size_t end;

	if (init == NO_POSITION)
		return lua_pushnil(L), 1;
	if (!run(L, r, b, (size_t)init, lua_toboolean(L, lua_upvalueindex(4)) ? PCRE2_NOTEMPTY_ATSTART : 0)) {
		lua_pushinteger(L, NO_POSITION);
		lua_replace(L, lua_upvalueindex(3));
		return lua_pushnil(L), 1;
	}
	place = pcre2_get_ovector_pointer(machine_of(L)->data);
	end = place[1] > (size_t)init ? place[1] : (size_t)init;
	lua_pushinteger(L, (lua_Integer)end);
	lua_replace(L, lua_upvalueindex(3));
	lua_pushboolean(L, place[0] >= place[1]); /* then the next one here must not be empty again, or be further on */
	lua_replace(L, lua_upvalueindex(4));
	return push_match(L, r, b);
}

/* [-1] the regex -> iterator */
static int matches_in(lua_State *L, int subject, size_t init)
{
	lua_pushvalue(L, subject);
	lua_insert(L, -2);
	lua_pushinteger(L, (lua_Integer)init);
	lua_pushboolean(L, false);
	lua_pushcclosure(L, step, 4);
	return 1;
}

/* [1] object or slice [2] pattern [3] init [4] options */
static int find(lua_State *L)
{
	size_t base, init = init_at(L, 3);
	pb_bytes b = pb_bytes_check(L, 1, &base);

	return find_in(L, push_regex(L, 2, 4), b, init);
}

static int matches(lua_State *L)
{
	size_t base, init = init_at(L, 3);

	(void)pb_bytes_check(L, 1, &base);
	(void)push_regex(L, 2, 4);
	return matches_in(L, 1, init);
}

const luaL_Reg pb_searches[] = {{"find", find}, {"matches", matches}, {NULL, NULL}};

/* [1] regex [2] object, slice or string [3] init */
static int regex_find(lua_State *L)
{
	regex *r = luaL_checkudata(L, 1, regex_type);
	pb_bytes b = pb_subject_check(L, 2);

	pay(L, r);
	return find_in(L, r, b, init_at(L, 3));
}

static int regex_matches(lua_State *L)
{
	regex *r = luaL_checkudata(L, 1, regex_type);
	size_t init = init_at(L, 3);

	(void)pb_subject_check(L, 2);
	pay(L, r);
	lua_pushvalue(L, 1);
	return matches_in(L, 2, init);
}

/* Upvalue: the methods. [1] regex [2] name */
static int index_regex(lua_State *L)
{
	static const char *const names[] = {"find", "matches", NULL};

	(void)luaL_checkudata(L, 1, regex_type);
	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TNIL)
		return pb_no_field(L, "a compiled pattern", luaL_checkstring(L, 2), names);
	return 1;
}

static int regex_compile(lua_State *L)
{
	(void)luaL_checkstring(L, 1);
	(void)push_regex(L, 1, 2);
	return 1;
}

static const luaL_Reg methods[] = {{"find", regex_find}, {"matches", regex_matches}, {NULL, NULL}};
static const luaL_Reg metamethods[] = {{"__gc", collect_regex}, {NULL, NULL}};
static const luaL_Reg machine_metamethods[] = {{"__gc", collect_machine}, {NULL, NULL}};
static const luaL_Reg functions[] = {{"compile", regex_compile}, {NULL, NULL}};

void pb_regex_register(lua_State *L)
{
	pb_type_make(L, regex_type, metamethods);
	luaL_newlib(L, methods);
	lua_pushcclosure(L, index_regex, 1);
	lua_setfield(L, -2, "__index");
	pb_type_make(L, machine_type, machine_metamethods);
	lua_pop(L, 2);
	push_machine(L);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &machine_key);
}

int pb_open_regex(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
