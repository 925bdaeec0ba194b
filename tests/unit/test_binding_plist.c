/* require "probity.plist": XML, and binary lists made by another program and by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decode_case.h"
#include "prng.h"

#define P(body) "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\">\n" body "\n</plist>\n"

static void xml(void **state)
{
	static const decode_case cases[] = {
	    {P("<dict><key>a</key><array><integer>1</integer><real>2.5</real><string>x</string><true/><false/></array>"
	       "<key>b</key><dict/></dict>"),
	     "{a=[1 2.5 'x' true false] b={}}", 0},
	    {P("<array><date>2024-01-31T10:00:00Z</date><data>\n aGVs\n bG8= </data><string/><key/></array>"),
	     "nil: line 5, column 29: a key that has no place here", 0},
	    {P("<array><date>2024-01-31T10:00:00Z</date><data>\n aGVs\n bG8= </data><string/></array>"),
	     "['2024-01-31T10:00:00Z' 'hello' '']", 0},
	    {P("<array><integer>-9223372036854775808</integer><integer>+5</integer><integer>0xff</integer></array>"),
	     "[-9223372036854775808 5 255]", 0},
	    {P("<array><real>-1e3</real><real>inf</real><real>5</real></array>"), "[-1000.0 inf 5.0]", 0},
	    {P("<string>a&amp;<![CDATA[<b>]]></string>"), "'a&<b>'", 0},
	    {P("<dict><key>a</key><true/><key>a</key><false/></dict>"),
	     "{a=false} note line 3, column 46: a key that its table had before; the last one counts", 0},
	    {P("<true/><true/>"), "nil: line 3, column 15: a second value", 0},
	    {P(""), "nil: line 4, column 1: a property list without a value", 0},
	    {P("<dict><true/></dict>"), "nil: line 3, column 14: a value without a key", 0},
	    {P("<dict><key>a</key></dict>"), "nil: line 3, column 19: a key without a value", 0},
	    {P("<dict><key>a</key><key>b</key></dict>"), "nil: line 3, column 25: a key that has no place here", 0},
	    {P("<integer>1.5</integer>"), "nil: line 3, column 13: not an integer", 0},
	    {P("<integer></integer>"), "nil: line 3, column 10: not an integer", 0},
	    {P("<integer>9223372036854775808</integer>"), "nil: line 3, column 29: an integer beyond 64 bits", 0},
	    {P("<real>x</real>"), "nil: line 3, column 8: not a real number", 0},
	    {P("<data>a</data>"), "nil: line 3, column 8: data that is not base64", 0},
	    {P("<string>a<b/></string>"), "nil: line 3, column 10: an element in a value", 0},
	    {P("<array>x</array>"), "nil: line 3, column 8: text between values", 0},
	    {P("<list/>"), "nil: line 3, column 1: an element that property lists do not have", 0},
	    {"<a/>", "nil: line 1, column 1: not a property list: it begins with another element than <plist>", 0},
	    {"<plist>", "nil: line 1, column 8: no element found", 0},
	    {"", "nil: line 1, column 1: no element found", 0},
	};

	(void)state;
	decode_all("plist", "nil", cases, sizeof cases / sizeof cases[0]);
}

/* By Python's plistlib. */
static const char binary[] =
    "\x62\x70\x6c\x69\x73\x74\x30\x30\xdb\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x13\x14\x15\x16\x17\x18\x19"
    "\x1a\x1b\x1c\x51\x61\x51\x62\x51\x63\x51\x64\x51\x65\x51\x66\x51\x67\x51\x68\x51\x69\x51\x6a\x51\x6b\xa6\x0d\x0e"
    "\x0f\x10\x11\x12\x10\x01\x13\xff\xff\xff\xff\xff\xff\xff\xff\x13\x00\x00\x01\x00\x00\x00\x00\x00\x10\xff\x11\xff"
    "\xff\x13\x80\x00\x00\x00\x00\x00\x00\x00\x23\x3f\xf8\x00\x00\x00\x00\x00\x00\x09\x08\x42\x00\xff\x33\x41\xc5\xb5"
    "\x28\xd0\x80\x00\x00\x63\x00\xe9\xd8\x3d\xde\x00\x81\x01\x2c\x5f\x10\x14\x78\x78\x78\x78\x78\x78\x78\x78\x78\x78"
    "\x78\x78\x78\x78\x78\x78\x78\x78\x78\x78\x33\xc1\xcd\x27\xe4\x40\x80\x00\x00\xd0\x08\x1f\x21\x23\x25\x27\x29\x2b"
    "\x2d\x2f\x31\x33\x35\x3c\x3e\x47\x50\x52\x55\x5e\x67\x68\x69\x6c\x75\x7c\x7f\x96\x9f\x00\x00\x00\x00\x00\x00\x01"
    "\x01\x00\x00\x00\x00\x00\x00\x00\x1d\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xa0";

static void binary_lists(void **state)
{
	pb_sandbox *box = box_open();

	(void)state;
	assert_string_equal(decode_run(box, "plist", "local v = m.decode(x) v.e = #v.e .. ':' .. v.e:byte(2) return show(v)",
	                               binary, sizeof binary - 1),
	                    "{a=[1 -1 1099511627776 255 65535 -9223372036854775808] b=1.5 c=true d=false e='2:255' "
	                    "f='2024-01-31T10:00:01Z' g='\xc3\xa9\xf0\x9f\x98\x80' h={uid=300} i='xxxxxxxxxxxxxxxxxxxx' "
	                    "j='1969-12-31T23:59:59Z' k={}}");
	pb_box_close(box);
}

/* A list of objects, each given with its length, references of one byte. */
typedef struct object {
	const char *bytes;
	size_t size;
} object;
#define O(s)                                                                                                                   \
	{                                                                                                                      \
		s, sizeof(s) - 1                                                                                               \
	}

static size_t assemble(uint8_t *out, const object *objects, size_t n)
{
	size_t at = 8, table;

	memcpy(out, "bplist00", 8);
	for (size_t i = 0; i < n; i++) {
		memcpy(out + at, objects[i].bytes, objects[i].size);
		at += objects[i].size;
	}
	table = at;
	for (size_t i = 0, where = 8; i < n; where += objects[i++].size) {
		out[at++] = (uint8_t)(where >> 8);
		out[at++] = (uint8_t)where;
	}
	memset(out + at, 0, 32);
	out[at + 6] = 2;
	out[at + 7] = 1;
	out[at + 15] = (uint8_t)n;
	out[at + 30] = (uint8_t)(table >> 8);
	out[at + 31] = (uint8_t)table;
	return at + 32;
}

static void binary_by_hand(void **state)
{
	static const struct {
		object objects[4];
		const char *wanted;
	} cases[] = {
	    {{O("\xa2\x01\x01"), O("\x10\x05")}, "[5 5]"},
	    {{O("\x00")}, "null"},
	    {{O("\x13\xff\xff\xff\xff\xff\xff\xff\xfe")}, "-2"},
	    {{O("\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\7")}, "7"},
	    {{O("\x14\0\0\0\0\0\0\0\0\xff\0\0\0\0\0\0\7")}, "nil: byte 9: an integer beyond 64 bits"},
	    {{O("\x22\x3f\xc0\0\0")}, "1.5"},
	    {{O("\x33\0\0\0\0\0\0\0\0")}, "'2001-01-01T00:00:00Z'"},
	    {{O("\x33\xc2\x41\x8a\xfe\x3f\x88\0\0")}, "nil: byte 9: a date beyond the calendar"},
	    {{O("\x33\x7f\xf8\0\0\0\0\0\0")}, "nil: byte 9: a date beyond the calendar"},
	    {{O("\x5f\x10\x02hi")}, "'hi'"},
	    {{O("\x51\xe9")}, "nil: byte 9: not ASCII"},
	    {{O("\x62\xd8\x3d\xde\x00")}, "'\xf0\x9f\x98\x80'"},
	    {{O("\x61\xd8\x3d")}, "nil: byte 9: half a character"},
	    {{O("\x62\xde\0\0a")}, "nil: byte 9: half a character"},
	    {{O("\xd1\x01\x02"), O("\x51k"), O("\x09")}, "{k=true}"},
	    {{O("\xd1\x01\x02"), O("\x10\1"), O("\x09")}, "nil: byte 12: a key that is no string"},
	    {{O("\xa1\x00")}, "nil: limit depth: more than 64 levels"},
	    {{O("\xa1\x09")}, "nil: byte 10: an object that is not there"},
	    {{O("\x5f\x10\xff"
	        "hi")},
	     "nil: byte 11: a value that is cut off"},
	    {{O("\xaf\x13\x7f\xff\xff\xff\xff\xff\xff\xff")}, "nil: limit entries: more than 100000 values"},
	    {{O("\xaf\x20")}, "nil: byte 8: a count that is no integer"},
	    {{O("\x70")}, "nil: byte 8: a value of an unknown kind"},
	};
	uint8_t bytes[400];
	pb_sandbox *box = box_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t n = 0;
		const char *out;

		while (n < 4 && cases[i].objects[n].size > 0)
			n++;
		out = decode_run(box, "plist", "local v, why = m.decode(x) return v == nil and 'nil: ' .. why or show(v)",
		                 bytes, assemble(bytes, cases[i].objects, n));
		if (strcmp(out, cases[i].wanted) != 0)
			fail_msg("case %zu\n  gave: %s\n  want: %s", i, out, cases[i].wanted);
	}
	pb_box_close(box);
}

/* Thirty lists, each of the next one twice: a thousand million values in some 400 bytes. */
static void shared_objects_count(void **state)
{
	object objects[30];
	char bytes[30][3];
	uint8_t out[400];
	pb_sandbox *box = box_open();

	(void)state;
	for (int i = 0; i < 30; i++) {
		memcpy(bytes[i], (const char[]){'\xa2', (char)(i + 1), (char)(i + 1)}, 3);
		objects[i] = (object){bytes[i], 3};
	}
	bytes[29][0] = 9;
	assert_string_equal(
	    decode_run(box, "plist", "local v, why = m.decode(x) return tostring(v) .. why", out, assemble(out, objects, 30)),
	    "nillimit entries: more than 100000 values");
	pb_box_close(box);
}

static void broken_ones(void **state)
{
	pb_sandbox *box = box_open();
	uint8_t bytes[sizeof binary - 1];
	prng r = {5};

	(void)state;
	for (size_t n = 0; n < sizeof bytes; n++) {
		const char *out =
		    decode_run(box, "plist", "local v, why = m.decode(x) return type(v) .. ' ' .. why", binary, n);

		assert_true(strncmp(out, "nil byte ", 9) == 0 || n < 6);
	}
	for (int i = 0; i < 2000; i++) {
		memcpy(bytes, binary, sizeof bytes);
		for (int k = 0; k < 3; k++)
			bytes[prng_next(&r) % sizeof bytes] = (uint8_t)prng_next(&r);
		assert_string_equal(decode_run(box, "plist", "m.decode(x) return 'alive'", bytes, sizeof bytes), "alive");
	}
	pb_box_close(box);
}

static void limits(void **state)
{
	(void)state;
	decode_many("plist", "<plist>", "<array>", 65, "", "limit depth: more than 64 levels");
	decode_many("plist", "<plist>", "<array>", 1000000, "", "limit depth: more than 64 levels");
	decode_many("plist", "<plist><array>", "<true/>", 99999, "</array></plist>", "fine");
	decode_many("plist", "<plist><array>", "<true/>", 100000, "</array></plist>", "limit entries");
	decode_many("plist", "<plist><data>", "AAAA", 1000000, "</data></plist>", "fine");
}

static void what_holds_for_all(void **state)
{
	(void)state;
	decode_common("plist", P("<dict><key>a</key><array><true/><data>AAAA</data></array><key>b</key>"
	                         "<string>a string of more than forty characters, so long</string></dict>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(xml),
	    cmocka_unit_test(binary_lists),
	    cmocka_unit_test(binary_by_hand),
	    cmocka_unit_test(shared_objects_count),
	    cmocka_unit_test(broken_ones),
	    cmocka_unit_test(limits),
	    cmocka_unit_test(what_holds_for_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
