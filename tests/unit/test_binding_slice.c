/* Readers of objects and slices: what lies inside is read, what does not is nil, and a slice ends with its object. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decode_case.h"

#define BYTES "head\x01\x02\x03\x04\x05\x06\x07\xf8\xff\xfe\xfd\xfctext\0more\0end"

static const char *const cases[][2] = {
    /* numbers */
    {"return x:i8(11) .. ' ' .. x:i8(4) .. ' ' .. x:u8(11)", "-8 1 248"},
    {"return x:i16le(12) .. ' ' .. x:i16be(12) .. ' ' .. x:i32le(12) .. ' ' .. x:i32be(12)", "-257 -2 -50462977 -66052"},
    {"return ('%x %x'):format(x:i64le(4), x:i64be(4))", "f807060504030201 1020304050607f8"},
    {"return tostring(x:i32le(26)) .. tostring(x:i8(29)) .. x:i8(28)", "nilnil100"},
    {"return x:i8(-1)", "an offset or a length counts from 0"},
    /* texts */
    {"local s, whole = x:cstring(16) return s .. tostring(whole)", "texttrue"},
    {"local s, whole = x:cstring(26) return s .. tostring(whole)", "endfalse"},
    {"local s, whole = x:cstring(16, 3) return s .. tostring(whole)", "texfalse"},
    {"local s, whole = x:cstring(16, 4) return s .. tostring(whole)", "texttrue"},
    {"local s, whole = x:cstring(20) return s .. tostring(whole)", "true"},
    {"return tostring(x:cstring(29)) .. tostring(x:cstring(1 << 60))", "nilnil"},
    {"return x:cstring(0, 65537)", "0 to 65536 bytes"},
    {"return x:cstring(-1)", "an offset or a length counts from 0"},
    /* slices */
    {"local s = x:slice(4, 8) return s.at .. ' ' .. s.size .. ' ' .. #s .. ' ' .. s:u8(0) .. ' ' .. tostring(s:u8(8))", "4 8 8 1 nil"},
    {"local s = x:slice(16) return s.at .. ' ' .. s.size .. s:cstring(0)", "16 13text"},
    {"local s = x:slice(16):slice(5):slice(0, 4) return s.at .. s:bytes(0, 100)", "21more"},
    {"local s = x:slice(16, 2) local t, whole = s:cstring(0) return t .. tostring(whole)", "tefalse"},
    {"return tostring(x:slice(0, 30)) .. tostring(x:slice(30)) .. tostring(x:slice(29, 1)) .. #x:slice(29)", "nilnilnil0"},
    {"return tostring(x:slice(4, 8):slice(4, 5)) .. #x:slice(4, 8):slice(4, 4)", "nil4"},
    {"return tostring(x:slice(1, math.maxinteger)) .. tostring(x:slice(math.maxinteger))", "nilnil"},
    {"return x:slice(0, -1)", "a number of bytes is not negative"},
    {"return x:slice(-1)", "an offset or a length counts from 0"},
    {"return tostring(x:slice(1, 2) == x:slice(1, 2)) .. tostring(x:slice(1, 2) == x:slice(1, 3)) .. tostring(x:slice(0) == x)",
     "truefalsefalse"},
    {"return #x .. ' ' .. #x:slice(29, 0):bytes(0, 5)", "29 0"},
    {"return x:slice(4, 4):bytes(2, 65537)", "0 to 65536 bytes"},
    {"return tostring(x:slice(0)) .. type(x:slice(0))", "userdatauserdata"},
    /* what it is not */
    {"return x:slice(0).siez", "slice has no field \"siez\"; did you mean \"size\"?"},
    {"return x:slice(0).kind", "slice has no field \"kind\""},
    {"return x:slize(0)", "object has no field \"slize\"; did you mean \"slice\"?"},
    {"local s = x:slice(0) s.at = 3", "read-only"},
    {"return x.slice('x', 0)", "probity.object expected"},
};

static void what_lies_inside(void **state)
{
	pb_sandbox *box = box_open();
	pb_object o;
	pb_object_view v = decode_object(&o, BYTES, sizeof BYTES - 1);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(box, (box_job){.object = &v}, "", cases[i][0], cases[i][1]);
	pb_box_close(box);
}

static void modules_take_slices(void **state)
{
	static const char text[] = "....{\"a\": 1}....";
	pb_sandbox *box = box_open();
	pb_object o;
	pb_object_view v = decode_object(&o, text, sizeof text - 1);

	(void)state;
	box_expect(box, (box_job){.object = &v}, "local json = require 'probity.json'", "return json.decode(x:slice(4, 8)).a", "1");
	box_expect(box, (box_job){.object = &v}, "local json = require 'probity.json'", "return select(2, json.decode(x:slice(4, 7)))",
	           "line 1");
	box_expect(box, (box_job){.object = &v}, "local pem = require 'probity.pem'", "return tostring(pem.decode(x:slice(4), 1))", "nil");
	pb_box_close(box);
}

static void an_empty_object(void **state)
{
	pb_sandbox *box = box_open();
	pb_object o;
	pb_object_view v = decode_object(&o, NULL, 0);

	(void)state;
	box_expect(box, (box_job){.object = &v}, "",
	           "local s = x:slice(0) return #x .. s.size .. s:bytes(0, 5) .. tostring(s:u8(0)) .. tostring(s:cstring(0)) .. #s:slice(0)",
	           "00nilnil0");
	pb_box_close(box);
}

static int late(lua_State *L)
{
	lua_call(L, 0, 1);
	return 1;
}

static void a_slice_ends_with_its_object(void **state)
{
	static const char *const uses[] = {"s.at", "#s", "s:bytes(0, 1)", "s:u8(0)", "s:cstring(0)", "s:slice(0)", "s:find('a')",
	                                   "s:matches('a')"};
	pb_sandbox *box = box_open();
	pb_object o;
	pb_object_view v = decode_object(&o, BYTES, sizeof BYTES - 1);
	char body[200];

	(void)state;
	for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
		(void)snprintf(body, sizeof body, "local s = x:slice(2) return function() return %s end", uses[i]);
		box_expect(box, (box_job){.object = &v, .after = late}, "", body, "object used after its scan ended");
	}
	pb_box_close(box);
}

static void memory_may_run_out(void **state)
{
	pb_sandbox *box = box_open();
	pb_object o;
	pb_object_view v = decode_object(&o, BYTES, sizeof BYTES - 1);

	(void)state;
	box_starve(box, (box_job){.object = &v, .code = "return function(x) local s = x:slice(4):slice(12) "
	                                                "return s:cstring(0) .. s:bytes(0, 10) .. s.at .. s:slice(1):u8(0) end"});
	pb_box_close(box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_lies_inside),
	    cmocka_unit_test(modules_take_slices),
	    cmocka_unit_test(an_empty_object),
	    cmocka_unit_test(a_slice_ends_with_its_object),
	    cmocka_unit_test(memory_may_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
