/* What the tests of json, ini, toml, yaml, xml and plist have in common: a text in, its tables as one line out. */
#ifndef PROBITY_TESTS_DECODE_CASE_H
#define PROBITY_TESTS_DECODE_CASE_H

#include "box_case.h"

#define DECODE_SHOW                                                                                                            \
	"local function show(v) "                                                                                              \
	"if type(v) == 'string' then return \"'\" .. v .. \"'\" end "                                                          \
	"if type(v) ~= 'table' then return tostring(v) end "                                                                   \
	"local o = {} "                                                                                                        \
	"if #v > 0 then for _, x in ipairs(v) do o[#o + 1] = show(x) end return '[' .. table.concat(o, ' ') .. ']' end "       \
	"for k, x in pairs(v) do o[#o + 1] = k .. '=' .. show(x) end return '{' .. table.concat(o, ' ') .. '}' end "

typedef struct decode_case {
	const char *text;
	const char *wanted; /* what show gives, " note ..." behind it; or "nil: REASON" */
	size_t size;        /* of text, 0: up to its NUL */
} decode_case;

static inline pb_object_view decode_object(pb_object *o, const void *text, size_t size)
{
	static const pb_scan scan;

	*o = (pb_object){.bytes = {text, size}, .kind = pb_kind_named("text"), .name_class = "", .sha256 = ""};
	return (pb_object_view){o, NULL, &scan, UINT32_MAX};
}

/* Runs BODY over an object of these bytes, with `m` the module and `show`. */
static inline const char *decode_run(pb_sandbox *box, const char *module, const char *body, const void *text, size_t size)
{
	static box_job j;
	static char code[3000];
	pb_object o;
	pb_object_view v = decode_object(&o, text, size);

	(void)snprintf(code, sizeof code, "local m = require 'probity.%s' %s return function(x) %s end", module, DECODE_SHOW,
	               body);
	j = (box_job){.code = code, .object = &v};
	box_run(box, &j);
	return j.out;
}

/* Each text as an object and as a string gives what is wanted. options: "{ ... }" or "nil". */
static inline void decode_all(const char *module, const char *options, const decode_case *cases, size_t n)
{
	static const char *const sources[] = {"x", "x:bytes(0, 65536)"};
	pb_sandbox *box = box_open();
	size_t wrong = 0;
	char body[600];

	for (size_t i = 0; i < n; i++) {
		size_t size = cases[i].size > 0 ? cases[i].size : strlen(cases[i].text);

		for (int s = 0; s < 2; s++) {
			const char *out;

			(void)snprintf(body, sizeof body,
			               "local v, why = m.decode(%s, %s) if v == nil then return 'nil: ' .. why end "
			               "return show(v) .. (why and ' note ' .. why or '')",
			               sources[s], options);
			out = decode_run(box, module, body, cases[i].text, size);
			if (strcmp(out, cases[i].wanted) == 0)
				continue;
			print_error("%s: %s\n  gave: %s\n  want: %s\n", module, cases[i].text, out, cases[i].wanted);
			wrong++;
		}
	}
	pb_box_close(box);
	assert_int_equal(wrong, 0);
}

/* head, then unit n times, then tail: does decoding give text that holds `wanted`? A table that is read gives "fine". */
static inline void decode_many(const char *module, const char *head, const char *unit, size_t n, const char *tail,
                               const char *wanted)
{
	pb_sandbox *box = box_open();
	size_t room = strlen(head) + n * (strlen(unit) + 8) + strlen(tail) + 1, at;
	char *text = malloc(room);
	const char *out, *number = strchr(unit, '#');

	assert_non_null(text);
	at = (size_t)snprintf(text, room, "%s", head);
	for (size_t i = 0; i < n; i++) {
		if (number != NULL) /* stands for a number that is new each time */
			at += (size_t)snprintf(text + at, room - at, "%.*s%zu%s", (int)(number - unit), unit, i, number + 1);
		else
			at += (size_t)snprintf(text + at, room - at, "%s", unit);
	}
	at += (size_t)snprintf(text + at, room - at, "%s", tail);
	out = decode_run(box, module, "local v, why = m.decode(x) return v == nil and 'nil: ' .. why or 'fine'", text, at);
	if (strstr(out, wanted) == NULL)
		fail_msg("%s, %zu times %s\n  gave: %s\n  want: %s", module, n, unit, out, wanted);
	free(text);
	pb_box_close(box);
}

static inline int decode_late(lua_State *L)
{
	lua_call(L, 0, 1);
	return 1;
}

/* What holds for every module: arguments, limits of size, null, handles, and each allocation of Lua that fails once. */
static inline void decode_common(const char *module, const char *sample)
{
	static const char *const cases[][2] = {
	    {"return tostring(m.null) .. type(m.null) .. tostring(m.null == m.null) .. ('%s'):format(m.null)",
	     "nullnulltruenull"},
	    {"m.null.x = 1", "read-only"},
	    {"return m.null .. ''", "attempt to concatenate"},
	    {"m.decode = nil", "read-only"},
	    {"return m.decode()", "an object, a slice or a string expected"},
	    {"return m.decode(5)", "an object, a slice or a string expected"},
	    {"return m.decode('', 5)", "table expected"},
	    {"return m.decode('', { xyzzy = true })", ".decode has no field \"xyzzy\""},
	    {"return m.decode('', { true })", ".decode has no field \"[1]\""},
	    {"local v, why = m.decode(('x'):rep((8 << 20) + 1)) return tostring(v) .. why",
	     "nillimit size: 8388609 bytes, at most 8388608 are read"},
	    {"while true do m.decode(x) end", "limit instructions"},
	    {"local s = (' '):rep(8 << 20) while true do m.decode(s) end", "limit instructions"},
	};
	pb_sandbox *box = box_open();
	pb_object o;
	pb_object_view v = decode_object(&o, sample, strlen(sample));
	char head[1200], code[2000];

	(void)snprintf(head, sizeof head, "local m = require 'probity.%s' %s", module, DECODE_SHOW);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(box, (box_job){.object = &v}, head, cases[i][0], cases[i][1]);
	box_expect(box, (box_job){.object = &v, .after = decode_late}, head, "return function() return m.decode(x) end",
	           "object used after its scan ended");
	(void)snprintf(code, sizeof code, "%s return function(x) return show(m.decode(x)) end", head);
	box_starve(box, (box_job){.code = code, .object = &v});
	pb_box_close(box);
}

#endif
