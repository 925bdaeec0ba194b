/* require "probity.asn1" */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "module_case.h"

static const char head[] =
    "local asn1, text, date = require 'probity.asn1', require 'probity.text', require 'probity.date' "
    "local function h(s) return text.hex_decode((s:gsub(' ', ''))) end "
    "local function show(u, why) if u == nil then return 'nil ' .. tostring(why) end "
    "local o = {} for k, v in pairs(u) do o[#o + 1] = k .. '=' .. tostring(v) end return table.concat(o, ' ') end";

static void elements(void **state)
{
	static const char *const cases[][2] = {
	    {"return show(asn1.element(h '30 03 020105'))",
	     "at=0 class=universal constructed=true content=2 header=2 length=3 next=5 tag=16"},
	    {"return show(asn1.element(h 'ff 30 03 020105 00', 1))",
	     "at=1 class=universal constructed=true content=3 header=2 length=3 next=6 tag=16"},
	    {"return show(asn1.element(h 'a1 00'))", "class=context constructed=true content=2 header=2 length=0 next=2 tag=1"},
	    {"return show(asn1.element(h '5f 8148 00'))",
	     "class=application constructed=false content=4 header=4 length=0 next=4 tag=200"},
	    {"return show(asn1.element(h 'df 8fffffff7f 00'))",
	     "class=private constructed=false content=7 header=7 length=0 next=7 tag=4294967295"},
	    {"return show(asn1.element(h '04 8180' .. ('x'):rep(128)))", "content=3 header=3 length=128 next=131 tag=4"},
	    {"return show(asn1.element(''))", "nil byte 0: nothing there"},
	    {"return show(asn1.element('', 7))", "nil byte 7: nothing there"},
	    {"return show(asn1.element(h '30'))", "nil byte 0: the header is cut off"},
	    {"return show(asn1.element(h '3081'))", "nil byte 0: the header is cut off"},
	    {"return show(asn1.element(h '30 80 0000'))", "nil byte 0: a length that is not told"},
	    {"return show(asn1.element(h '30 817f'))", "nil byte 0: a length that is not the shortest"},
	    {"return show(asn1.element(h '30 820080'))", "nil byte 0: a length that is not the shortest"},
	    {"return show(asn1.element(h '30 88ffffffffffffffff'))", "nil byte 0: a length of more than 7 bytes"},
	    {"return show(asn1.element(h '30 87ffffffffffffff'))", "nil byte 0: longer than what holds it"},
	    {"return show(asn1.element(h '30 02 00'))", "nil byte 0: longer than what holds it"},
	    {"return show(asn1.element(h '1f 9f ffff ff7f 00'))", "nil byte 0: a tag that is not valid"},
	    {"return show(asn1.element(h '1f 1e 00'))", "nil byte 0: a tag that is not valid"},
	    {"return show(asn1.element(h '1f 8020 00'))", "nil byte 0: a tag that is not valid"},
	    {"return show(asn1.element(h '1f ff'))", "nil byte 0: a tag that is not valid"},
	    {"return show(asn1.element(h '0401ff', 0, 2))", "nil byte 0: longer than what holds it"},
	    {"local o = {} for e in asn1.elements(h '020101 0500 0403616263 30') do o[#o + 1] = e.tag end return "
	     "table.concat(o, ' ')",
	     "2 5 4"},
	    {"local o = {} for e in asn1.elements(h '020101 0500 0403616263', 3, 5) do o[#o + 1] = e.tag end return #o", "1"},
	    {"local s = h '30 08 020107 3003020109 02010b' local top = asn1.element(s) local o = {} "
	     "for e in asn1.children(s, top) do o[#o + 1] = tostring(asn1.integer(s, e)) "
	     "for f in asn1.children(s, e) do o[#o + 1] = '(' .. asn1.integer(s, f) .. ')' end end return table.concat(o, ' ')",
	     "7 nil (9)"},
	    {"local n = 0 for _ in asn1.children(h '0403020105') do n = n + 1 end for _ in asn1.children('') do n = n + 1 end "
	     "return n",
	     "0"},
	    {"return asn1.oid('', { at = 'x' })", "an element or an offset expected"},
	    {"return asn1.oid('', {})", "an element or an offset expected"},
	    {"return asn1.oid('', -1)", "counts from 0"},
	    {"return tostring(asn1.bytes('', { at = 1 << 62, content = -5, length = 1 << 60 }))", "nil"},
	    {"return asn1.element(5)", "an object, a slice or a string expected"},
	    {"while true do asn1.element('0') end", "limit instructions"},
	    {"local s = h '0500' while true do for _ in asn1.elements(s) do end end", "limit instructions"},
	};

	(void)state;
	module_all(head, cases, sizeof cases / sizeof cases[0]);
}

static void values(void **state)
{
	static const char *const cases[][2] = {
	    {"return asn1.oid(h '06 09 2a864886f70d01010b') .. ' ' .. asn1.oid(h '06 03 883703') .. ' ' .. asn1.oid(h '0601 "
	     "00') .. ' ' .. "
	     "asn1.oid(h '06 06 678fffffff7f')",
	     "1.2.840.113549.1.1.11 2.999.3 0.0 2.23.4294967295"},
	    {"for _, s in ipairs{ '0600', '0601 80', '0602 2a80', '0603 2a8001', '0606 2a9fffffff7f', '0401 2a', '2601 2a', "
	     "'8601 2a' } do "
	     "assert(asn1.oid(h(s)) == nil, s) end return 'nil'",
	     "nil"},
	    {"assert(asn1.oid('\\6\\64' .. ('\\1'):rep(64))) return tostring(asn1.oid('\\6\\65' .. ('\\1'):rep(65)))", "nil"},
	    {"local o = {} for _, s in ipairs{ '020100', '0201ff', '02020080', '02087fffffffffffffff', '02088000000000000000', "
	     "'0a0105' } do "
	     "o[#o + 1] = asn1.integer(h(s)) end return table.concat(o, ' ')",
	     "0 -1 128 9223372036854775807 -9223372036854775808 5"},
	    {"for _, s in ipairs{ '0200', '02020001', '0202ff80', '0209 00ffffffffffffffff', '040105' } do "
	     "assert(asn1.integer(h(s)) == nil, s) "
	     "end return 'nil'",
	     "nil"},
	    {"return tostring(asn1.boolean(h '0101ff')) .. tostring(asn1.boolean(h '010100')) .. tostring(asn1.boolean(h "
	     "'010101')) .. "
	     "tostring(asn1.boolean(h '0102ffff')) .. tostring(asn1.boolean(h '0201ff'))",
	     "truefalsenilnilnil"},
	    {"return asn1.string(h '0c03 61c3a4') .. asn1.string(h '1302 4142') .. asn1.string(h '1401 e4') .. asn1.string(h "
	     "'1e04 00e420ac') "
	     ".. asn1.string(h '1c04 0001f600') .. asn1.string(h '1600')",
	     "a\xc3\xa4"
	     "AB\xc3\xa4\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"},
	    {"for _, s in ipairs{ '0c01ff', '1301ff', '1e03000000', '1e02d800', '1c0400110000', '1c03000000', '0401 41', "
	     "'2c00' } do "
	     "assert(asn1.string(h(s)) == nil, s) end return 'nil'",
	     "nil"},
	    {"return asn1.bytes(h '0403 616263') .. asn1.bytes(h 'a003 020105', 0):byte(3) .. #asn1.bytes(h '0500')", "abc50"},
	    {"assert(#asn1.bytes(h '0483010000' .. ('x'):rep(65536)) == 65536) return tostring(asn1.bytes(h '0483010001' .. "
	     "('x'):rep(65537)))",
	     "nil"},
	    {"local d, s = asn1.time('\\x17\\x0d240131102030Z') return date.format(d) .. ' ' .. s", "2024-01-31 37230"},
	    {"return asn1.time('\\x17\\x0d700101000000Z') .. ' ' .. (asn1.time('\\x17\\x0d500101000000Z')) .. ' ' .. "
	     "(asn1.time('\\24\\01519691231235959Z')) .. ' ' .. (asn1.time('\\24\\01520240229000000Z')) .. ' ' .. "
	     "(asn1.time('\\24\\01500000101000000Z'))",
	     "0 -7305 -1 19782 -719528"},
	    {"for _, s in ipairs{ '240131102030', '2401311020Z', '240131102030+0100', '20230229000000Z', '20240132000000Z', "
	     "'20241301000000Z', "
	     "'20240001000000Z', '20240131240000Z', '20240131006000Z', '20240131000060Z', '2024013100000.Z' } do for t = 23, "
	     "24 do "
	     "assert(asn1.time(string.char(t, #s) .. s) == nil, s) end end return 'nil'",
	     "nil"},
	    {"asn1.oid = nil", "read-only"},
	};

	(void)state;
	module_all(head, cases, sizeof cases / sizeof cases[0]);
}

static void handles_and_memory(void **state)
{
	static const uint8_t der[] = {0x30, 0x0a, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x03, 'a', 'b', 'c'};
	static const char walk[] =
	    "(function() local o = {} for e in asn1.children(x) do o[#o + 1] = show(e) .. tostring(asn1.oid(x, e)) .. "
	    "tostring(asn1.string(x, e)) .. #asn1.bytes(x, e) end return table.concat(o) end)()";

	(void)state;
	module_common(head, walk, (pb_bytes){der, sizeof der});
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(elements), cmocka_unit_test(values),
	                                   cmocka_unit_test(handles_and_memory)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
