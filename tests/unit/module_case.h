/* What tests of modules have in common: lines of Lua without a subject, and what each gives. */
#ifndef PROBITY_TESTS_MODULE_CASE_H
#define PROBITY_TESTS_MODULE_CASE_H

#include "box_case.h"

static inline void module_all(const char *head, const char *const (*cases)[2], size_t n)
{
	pb_sandbox *box = box_open();

	for (size_t i = 0; i < n; i++)
		box_expect(box, (box_job){0}, head, cases[i][0], cases[i][1]);
	pb_box_close(box);
}

/* An object of these bytes as `x`. */
static inline pb_object_view module_object(pb_object *o, const void *bytes, size_t size)
{
	static const pb_scan scan;

	*o = (pb_object){.bytes = {bytes, size}, .kind = pb_kind_named("text"), .name_class = "", .sha256 = ""};
	return (pb_object_view){o, NULL, &scan, UINT32_MAX};
}

static inline int module_late(lua_State *L)
{
	lua_call(L, 0, 1);
	return 1;
}

/* What a function made of an object says once the call is over; and each allocation of Lua fails once. */
static inline void module_common(const char *head, const char *call, pb_bytes bytes)
{
	pb_sandbox *box = box_open();
	pb_object o;
	pb_object_view v = module_object(&o, bytes.data, bytes.size);
	char body[1000], code[2000];

	(void)snprintf(body, sizeof body, "return function() return %s end", call);
	box_expect(box, (box_job){.object = &v, .after = module_late}, head, body, "object used after its scan ended");
	(void)snprintf(code, sizeof code, "%s return function(x) return tostring(%s) end", head, call);
	box_starve(box, (box_job){.code = code, .object = &v});
	pb_box_close(box);
}

#endif
