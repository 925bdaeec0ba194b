/* The box: one Lua state whose memory and time are bounded, entered through one protected call. */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/box.h"

enum { HOOK_EVERY = 1000, BYTES_PER_INSTRUCTION = 64 };

const pb_sandbox_limits pb_sandbox_defaults = {
    .memory = (size_t)256 << 20,
    .instructions = 50000000,
    .subject = (size_t)64 << 10,
    .steps = 50000000,
    .findings = 10000,
};

/* A single instruction can copy megabytes (.., string.rep), which the count hook does not see: so bytes count as well. */
static bool overspent(pb_sandbox *s, size_t grown)
{
	if (!s->running)
		return false;
	s->spent += grown / BYTES_PER_INSTRUCTION;
	if (s->spent <= s->limits.instructions)
		return false;
	if (s->limit == NULL)
		s->limit = PB_LIMIT_INSTRUCTIONS;
	return true;
}

/* Lua gives a kind of object in old_size where it asks for a new block. Shrinking must not fail. */
static void *allocate(void *user, void *block, size_t old_size, size_t new_size)
{
	pb_sandbox *s = user;
	void *fresh;

	if (block == NULL)
		old_size = 0;
	if (new_size == 0) {
		free(block);
		s->used -= old_size;
		return NULL;
	}
	if (new_size > old_size) {
		size_t grown = new_size - old_size;

		if (grown > s->limits.memory || s->used > s->limits.memory - grown || overspent(s, grown))
			return NULL;
		if (s->grants == 0)
			return NULL;
		if (s->grants != UINT64_MAX)
			s->grants--;
	}
	fresh = realloc(block, new_size);
	if (fresh == NULL && new_size <= old_size)
		fresh = block;
	if (fresh != NULL)
		s->used += new_size - old_size;
	if (s->used > s->peak)
		s->peak = s->used;
	return fresh;
}

pb_sandbox *pb_box_of(lua_State *L)
{
	return *(pb_sandbox **)lua_getextraspace(L);
}

_Noreturn void pb_box_limit(lua_State *L, const char *name)
{
	pb_sandbox *s = pb_box_of(L);

	if (s->limit == NULL)
		s->limit = name;
	lua_pushlightuserdata(L, s); /* needs no memory */
	lua_error(L);
	abort(); /* lua_error does not return */
}

void pb_sandbox_charge(lua_State *L, uint64_t work)
{
	pb_sandbox *s = pb_box_of(L);

	if (work > s->limits.instructions || s->spent > s->limits.instructions - work)
		pb_box_limit(L, PB_LIMIT_INSTRUCTIONS);
	s->spent += work;
}

/* Where scripts can be held up: the count hook, and C code that counts its own steps. */
static void heed_stop(lua_State *L)
{
	const pb_sandbox *s = pb_box_of(L);

	if (s->stop != NULL && atomic_load_explicit(s->stop, memory_order_relaxed) != 0)
		pb_box_limit(L, PB_LIMIT_INTERRUPT);
}

void pb_box_step(lua_State *L, uint64_t steps)
{
	pb_sandbox *s = pb_box_of(L);

	if (s->stop != NULL)
		heed_stop(L);
	if (steps > s->limits.steps || s->steps > s->limits.steps - steps)
		pb_box_limit(L, PB_LIMIT_PATTERN);
	s->steps += steps;
}

void pb_sandbox_step(lua_State *L, uint64_t steps)
{
	pb_box_step(L, steps);
}

uint64_t pb_sandbox_steps_left(lua_State *L)
{
	const pb_sandbox *s = pb_box_of(L);

	return s->limits.steps > s->steps ? s->limits.steps - s->steps : 0;
}

_Noreturn void pb_sandbox_match_limit(lua_State *L)
{
	pb_box_limit(L, PB_LIMIT_MATCH);
}

bool pb_sandbox_loading(lua_State *L)
{
	return pb_box_of(L)->loading;
}

const pb_lists *pb_sandbox_lists(lua_State *L)
{
	return pb_box_of(L)->lists;
}

static int hook_distance(const pb_sandbox *s)
{
	return s->limits.instructions < HOOK_EVERY ? (int)s->limits.instructions + 1 : HOOK_EVERY;
}

static void count_hook(lua_State *L, lua_Debug *ar)
{
	(void)ar;
	heed_stop(L);
	pb_sandbox_charge(L, (uint64_t)hook_distance(pb_box_of(L)));
}

/* Libraries that an error ended in their midst are none that require themselves: the next call may run them again. Takes no memory. */
static void forget_unfinished(pb_sandbox *s)
{
	lua_State *L = s->L;

	if (lua_rawgeti(L, LUA_REGISTRYINDEX, s->modules) == LUA_TTABLE)
		for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1))
			if (lua_isboolean(L, 3)) {
				lua_pushvalue(L, 2);
				lua_pushnil(L);
				lua_rawset(L, 1);
			}
	lua_settop(L, 0);
}

int pb_box_enter(pb_sandbox *s, lua_CFunction fn, void *arg)
{
	lua_State *L = s->L;
	const char *const *near = s->near;
	int status;

	s->spent = s->steps = 0;
	s->peak = s->used;
	s->limit = NULL;
	s->why[0] = '\0';
	lua_settop(L, 0);
	lua_sethook(L, count_hook, LUA_MASKCOUNT, hook_distance(s));
	lua_pushcfunction(L, pb_box_trace); /* these three need no memory: nothing raises outside of the protected call */
	lua_pushcfunction(L, fn);
	lua_pushlightuserdata(L, arg);
	s->running = true;
	status = lua_pcall(L, 1, 0, 1);
	s->running = false;
	s->near = near; /* an error in a library leaves there what lay on the stack of C */
	lua_settop(L, 0);
	if (status != LUA_OK)
		forget_unfinished(s);
	if (status == LUA_OK && s->limit == NULL) /* Lua shrugs off a refused growth of its string table */
		return PB_OK;
	if (status == LUA_ERRMEM && s->limit == NULL)
		s->limit = PB_LIMIT_MEMORY;
	if (status == LUA_ERRERR && s->why[0] == '\0')
		(void)snprintf(s->why, sizeof s->why, "%s", "stack overflow in error handling");
	lua_gc(L, LUA_GCCOLLECT); /* the next call shall not pay for this one's garbage */
	return s->limit != NULL ? PB_ELIMIT : PB_EINPUT;
}

static int open_all(lua_State *L)
{
	pb_sandbox *s = lua_touserdata(L, 1);

	if (s->bindings != NULL && s->bindings->register_types != NULL)
		s->bindings->register_types(L);
	pb_box_globals(L);
	return 0;
}

int pb_box_open(const pb_sandbox_limits *limits, const pb_bindings *bindings, const char *lib_dir, pb_sandbox **out,
                pb_error *err)
{
	pb_sandbox *s = calloc(1, sizeof *s);
	int rc = PB_ENOMEM;

	if (s == NULL)
		return pb_fail(err, PB_ENOMEM, "no memory for the sandbox");
	s->limits = *limits;
	s->bindings = bindings;
	s->grants = UINT64_MAX;
	s->lib_shown = "scripts/lib";
	if (lib_dir != NULL && (s->lib_dir = strdup(lib_dir)) == NULL)
		goto out;
	s->L = lua_newstate(allocate, s);
	if (s->L == NULL)
		goto out;
	*(pb_sandbox **)lua_getextraspace(s->L) = s;
	rc = pb_box_enter(s, open_all, s);
out:
	if (rc == PB_OK) {
		*out = s;
		return PB_OK;
	}
	rc = rc == PB_EINPUT ? pb_fail(err, PB_EINTERNAL, "sandbox: %s", s->why)
	                     : pb_fail(err, PB_ENOMEM, "no memory for the sandbox (limit %s)", s->limit ? s->limit : "memory");
	pb_box_close(s);
	return rc;
}

void pb_box_close(pb_sandbox *s)
{
	if (s == NULL)
		return;
	if (s->L != NULL)
		lua_close(s->L);
	pb_buf_free(&s->text);
	free(s->lib_dir);
	free(s);
}
