/* What fuzzers of bindings have in common: one sandbox with all bindings, in which one function of Lua gets the bytes as its
 * object. So everything from the bytes to the tables is run, within the budget of a check. */
#ifndef PROBITY_TESTS_FUZZ_CASE_H
#define PROBITY_TESTS_FUZZ_CASE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bindings/bindings.h"
#include "checks/box.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A budget that keeps one input well below a second under sanitizers. */
static const pb_sandbox_limits fuzz_limits = {
    .memory = (size_t)256 << 20, .instructions = 5000000, .subject = (size_t)64 << 10, .steps = 5000000, .findings = 1000};

typedef struct fuzz_call {
	const char *code; /* a whole file: returns function(object) */
	const pb_object_view *object;
	int function; /* in the registry */
} fuzz_call;

static inline int fuzz_load(lua_State *L)
{
	fuzz_call *c = lua_touserdata(L, 1);
	pb_sandbox *s = pb_box_of(L);

	s->loading = true;
	pb_box_load(L, "fuzz.lua", (pb_bytes){(const uint8_t *)c->code, strlen(c->code)});
	lua_call(L, 0, 1);
	s->loading = false;
	c->function = luaL_ref(L, LUA_REGISTRYINDEX);
	return 0;
}

static inline int fuzz_work(lua_State *L)
{
	fuzz_call *c = lua_touserdata(L, 1);

	lua_rawgeti(L, LUA_REGISTRYINDEX, c->function);
	pb_box_of(L)->bindings->push_object(L, c->object);
	lua_call(L, 1, 0);
	return 0;
}

static inline _Noreturn void fuzz_give_up(const char *why)
{
	(void)fprintf(stderr, "%s\n", why);
	abort();
}

/* Calls the function that code returns with an object of these bytes. A limit may end it; an error of Lua may not, unless
 * may_raise; a failed assertion never. code: the same each time. */
static inline int fuzz_object(const char *code, bool may_raise, const uint8_t *data, size_t size)
{
	static pb_sandbox *box;
	static fuzz_call call;
	static const pb_scan scan;
	pb_error err = {0};
	pb_object object = {.bytes = {data, size}, .kind = pb_kind_named("text"), .name_class = "", .sha256 = ""};
	pb_object_view view = {&object, NULL, &scan, UINT32_MAX};
	int rc;

	if (box == NULL) {
		call.code = code;
		if (pb_box_open(&fuzz_limits, &pb_bindings_table, NULL, &box, &err) != PB_OK)
			fuzz_give_up(err.text);
		if (pb_box_enter(box, fuzz_load, &call) != PB_OK)
			fuzz_give_up(box->why);
	}
	call.object = &view;
	rc = pb_box_enter(box, fuzz_work, &call);
	box->bindings->expire(box->L);
	if (rc != PB_OK && rc != PB_ELIMIT && (!may_raise || strstr(box->why, "assertion failed") != NULL))
		fuzz_give_up(box->why);
	return 0;
}

/* For modules with `decode`: a value, or nil and why; a second reading gives the same. What comes out is walked. */
#define FUZZ_DECODE(module, options)                                                                                           \
	"local m = require 'probity." module "' "                                                                              \
	"local function walk(v) "                                                                                              \
	"  if type(v) ~= 'table' then return 1 end "                                                                           \
	"  local n = 1 "                                                                                                       \
	"  for k, x in pairs(v) do assert(type(k) == 'string' or math.type(k) == 'integer') n = n + walk(x) end "              \
	"  return n "                                                                                                          \
	"end "                                                                                                                 \
	"return function(object) "                                                                                             \
	"  local v, why = m.decode(object, " options ") "                                                                      \
	"  assert(v ~= nil or why) "                                                                                           \
	"  local w, because = m.decode(object, " options ") "                                                                  \
	"  assert(why == because) "                                                                                            \
	"  local n = walk(v) "                                                                                                 \
	"  assert(n == walk(w)) "                                                                                              \
	"  assert(n <= 500001) "                                                                                               \
	"end"

#endif
