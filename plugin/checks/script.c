/* The box for scripts that are no checks. */
#include "checks/box.h"

int pb_sandbox_open(const pb_sandbox_limits *limits, const pb_bindings *bindings, pb_sandbox **out, pb_error *err)
{
	return pb_box_open(limits, bindings, NULL, out, err);
}

void pb_sandbox_close(pb_sandbox *s)
{
	pb_box_close(s);
}

int pb_sandbox_run(pb_sandbox *s, bool loading, lua_CFunction fn, void *arg, pb_error *err)
{
	int rc;

	s->loading = loading;
	rc = pb_box_enter(s, fn, arg);
	s->loading = false;
	if (rc == PB_ELIMIT)
		return pb_fail(err, rc, "limit %s", s->limit);
	return rc == PB_OK ? rc : pb_fail(err, rc, "%s", s->why);
}

void pb_sandbox_load(lua_State *L, const char *name, pb_bytes text)
{
	pb_box_load(L, name, text);
}

const char *pb_sandbox_limit(const pb_sandbox *s)
{
	return s->limit;
}

void pb_sandbox_push_content(lua_State *L, int index)
{
	pb_box_content(L, index);
}
