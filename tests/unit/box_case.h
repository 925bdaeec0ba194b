/* A sandbox with all bindings, in which a test runs a script over an object or a product. */
#ifndef PROBITY_TESTS_BOX_CASE_H
#define PROBITY_TESTS_BOX_CASE_H

#include <stdio.h>
#include <string.h>

#include "bindings/bindings.h"
#include "checks/box.h"

typedef struct box_job {
	const char *code; /* returns function(subject) */
	const pb_object_view *object;
	const pb_product_view *product; /* where object is NULL; both NULL: no subject */
	lua_CFunction after;            /* NULL, or called with what the function returned, once the call is over */
	char out[1000];                 /* what it returned, as text; "limit NAME"; or what went wrong */
} box_job;

static inline int box_work(lua_State *L)
{
	box_job *j = lua_touserdata(L, 1);
	pb_sandbox *s = pb_box_of(L);

	s->loading = true;
	pb_box_load(L, "t.lua", (pb_bytes){(const uint8_t *)j->code, strlen(j->code)});
	lua_call(L, 0, 1);
	s->loading = false;
	if (j->object != NULL)
		s->bindings->push_object(L, j->object);
	else if (j->product != NULL)
		s->bindings->push_product(L, j->product);
	else
		lua_pushnil(L);
	lua_call(L, 1, 1);
	if (j->after != NULL) {
		s->bindings->expire(L);
		lua_pushcfunction(L, j->after);
		lua_insert(L, -2);
		lua_call(L, 1, 1);
	}
	(void)snprintf(j->out, sizeof j->out, "%s", luaL_tolstring(L, -1, NULL));
	return 0;
}

static inline void box_run(pb_sandbox *s, box_job *j)
{
	int rc = pb_box_enter(s, box_work, j);

	s->loading = false;
	s->bindings->expire(s->L);
	if (rc == PB_ELIMIT)
		(void)snprintf(j->out, sizeof j->out, "limit %s", s->limit);
	else if (rc != PB_OK)
		(void)snprintf(j->out, sizeof j->out, "%s", s->why);
}

static inline pb_sandbox *box_open(void)
{
	pb_sandbox *s = NULL;
	pb_error err = {0};

	if (pb_box_open(&pb_sandbox_defaults, &pb_bindings_table, NULL, &s, &err) != PB_OK)
		fail_msg("%s", err.text);
	return s;
}

/* `return function(x) BODY end` gives text that holds `wanted`. */
static inline void box_expect(pb_sandbox *s, box_job j, const char *head, const char *body, const char *wanted)
{
	char code[4000];

	(void)snprintf(code, sizeof code, "%s return function(x) %s end", head, body);
	j.code = code;
	box_run(s, &j);
	if (strstr(j.out, wanted) == NULL || (wanted[0] == '\0') != (j.out[0] == '\0'))
		fail_msg("%s\n  gave: %s\n  want: %s", body, j.out, wanted);
}

/* Every allocation of Lua fails once: the outcome is the right one or "limit memory", and nothing is lost. */
static inline void box_starve(pb_sandbox *s, box_job j)
{
	char good[sizeof j.out];
	uint64_t n;

	box_run(s, &j);
	(void)strcpy(good, j.out);
	for (n = 0; n < 100000; n++) {
		j.out[0] = '\0';
		s->grants = n;
		box_run(s, &j);
		s->grants = UINT64_MAX;
		if (strcmp(j.out, good) == 0)
			break;
		assert_string_equal(j.out, "limit memory");
	}
	assert_true(n > 10 && n < 100000);
}

#endif
