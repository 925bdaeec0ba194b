/* require "probity.text" */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "box_case.h"

static const char head[] = "local text = require 'probity.text'";

static void run_all(const char *const (*cases)[2], size_t n)
{
	pb_sandbox *box = box_open();

	for (size_t i = 0; i < n; i++)
		box_expect(box, (box_job){0}, head, cases[i][0], cases[i][1]);
	pb_box_close(box);
}

static void text_helpers(void **state)
{
	static const char *const cases[][2] = {
	    {"return '[' .. text.trim(' \\t a b \\r\\n') .. text.trim('') .. text.trim('  ') .. ']'", "[a b]"},
	    {"local o = '' for l, n, at in text.lines('a\\nbb\\r\\n\\rc') do o = o .. n .. l .. at .. ' ' end return o",
	     "1a0 2bb2 36 4c7 "},
	    {"local o = 'x' for l in text.lines('') do o = o .. l end return o", "x"},
	    {"local o = '' for l, n, at in text.lines('\\n') do o = o .. n .. at end return o", "10"},
	    {"local o = '' for l, n, at in text.lines('a\\r') do o = o .. l .. n .. at end return o", "a10"},
	    {"return table.concat(text.split('a,b,,c', ','), '|')", "a|b||c"},
	    {"return #text.split('', ',') .. #text.split(',', ',') .. text.split('abc', 'x')[1] .. #text.split('aXXb', 'XX')",
	     "12abc2"},
	    {"return text.split('a', '')", "the separator is empty"},
	    {"return tostring(text.starts('abc', 'ab')) .. tostring(text.starts('a', 'ab')) .. tostring(text.starts('a', ''))",
	     "truefalsetrue"},
	    {"return tostring(text.ends('abc', 'bc')) .. tostring(text.ends('c', 'bc')) .. tostring(text.ends('', ''))",
	     "truefalsetrue"},
	    {"return tostring(text.has('abc', 'b')) .. tostring(text.has('abc', 'x')) .. tostring(text.has(('x'):rep(200000) "
	     ".. '%', '%'))",
	     "truefalsetrue"},
	    {"return tostring(text.glob('*.js', 'a.js')) .. tostring(text.glob('*.js', 'b/a.js')) .. "
	     "tostring(text.glob('**.js', 'b/a.js'))",
	     "truefalsetrue"},
	    {"return text.glob(('*'):rep(1001), 'x')", "at most 1000 bytes"},
	    {"return text.base64_decode('aGVsbG8=') .. text.base64_decode('aGVsbG8') .. text.base64_decode(' aGVs\\nbG8= ') .. "
	     "text.base64_decode('')",
	     "hellohellohello"},
	    {"return text.base64_decode('-_-_'):byte(1) .. ' ' .. text.base64_decode('+/+/'):byte(1)", "251 251"},
	    {"for _, s in ipairs{ 'a', 'aGVsb', 'aGV*', 'aA===', 'aA=a', '====', 'aGVsbG8==' } do assert(text.base64_decode(s) "
	     "== nil, s) end return 'nil'",
	     "nil"},
	    {"return text.hex_decode('48656C6c6f') .. text.hex_encode('\\1\\255') .. text.hex_decode('')", "Hello01ff"},
	    {"return tostring(text.hex_decode('4')) .. tostring(text.hex_decode('4g')) .. tostring(text.hex_decode('0x'))",
	     "nilnilnil"},
	    {"return text.entropy('') .. ' ' .. text.entropy('aaaa') .. ' ' .. text.entropy('ab') .. ' ' .. "
	     "text.entropy('abcdefgh')",
	     "0 0 125 375"},
	    {"local t = {} for i = 0, 255 do t[#t + 1] = string.char(i) end return text.entropy(table.concat(t))", "1000"},
	    {"return text.entropy('aab')", "115"}, /* 0.918 bits */
	    {"return text.entropy({})", "an object, a slice or a string expected"},
	    {"return text.sha256('')", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	    {"return text.display('a\\27\\\\b\\255')", "a\\x1b\\x5cb\\xff"},
	    {"return text.trim()", "string expected"},
	    {"return text.lines({})", "string expected"},
	    {"return text.dispaly('x')", "probity.text has no \"dispaly\"; did you mean \"display\"?"},
	    {"local s = ('x'):rep(1 << 20) while true do text.has(s, 'y') end", "limit instructions"},
	    {"local s = ('x'):rep(1 << 20) while true do text.sha256(s) end", "limit instructions"},
	};

	(void)state;
	run_all(cases, sizeof cases / sizeof cases[0]);
}

static void codecs_and_likeness(void **state)
{
	static const char *const cases[][2] = {
	    {"return text.utf16_decode('a\\0\\xe4\\0\\xac\\x20', 'le') .. text.utf16_decode('\\0a', 'be') .. "
	     "text.utf16_decode('a\\0')",
	     "a\xc3\xa4\xe2\x82\xac"
	     "aa"},
	    {"return text.utf16_decode('\\xff\\xfea\\0') .. text.utf16_decode('\\xfe\\xff\\0b') .. "
	     "text.utf16_decode('\\xff\\xfec\\0', 'le') "
	     ".. text.utf16_decode('\\xfe\\xff\\0d', 'be') .. '[' .. text.utf16_decode('') .. ']'",
	     "abcd[]"},
	    {"return text.utf16_decode('\\x3d\\xd8\\x00\\xde')", "\xf0\x9f\x98\x80"},
	    {"for _, s in ipairs{ 'a', 'abc', '\\0\\xd8', '\\0\\xdc', '\\0\\xd8a\\0', '\\0\\xd8\\0\\xd8' } do "
	     "assert(text.utf16_decode(s) == nil) end return 'nil'",
	     "nil"},
	    {"return text.utf16_decode('', 'xe')", "invalid option 'xe'"},
	    {"return text.base64_encode('') .. text.base64_encode('a') .. text.base64_encode('ab') .. "
	     "text.base64_encode('abc') .. "
	     "text.base64_encode('\\xfb\\xff\\xbf')",
	     "YQ==YWI=YWJj+/+/"},
	    {"for i = 0, 300 do local s = ('\\xf0\\x0f'):rep(i) assert(text.base64_decode(text.base64_encode(s)) == s) end "
	     "return 'same'",
	     "same"},
	    {"return text.url_decode('a%20b+%C3%a4') .. text.url_decode('a+b%2B', true) .. text.url_decode('')", "a b+\xc3\xa4"
	                                                                                                         "a b+"},
	    {"return tostring(text.url_decode('%')) .. tostring(text.url_decode('a%4')) .. tostring(text.url_decode('%4g'))",
	     "nilnilnil"},
	    {"local s = text.similarity return s('', '') .. ' ' .. s('a', '') .. ' ' .. s('abc', 'abc') .. ' ' .. s('abc', "
	     "'xyz')",
	     "1000 0 1000 0"},
	    {"local s = text.similarity return s('lodash', 'lodahs') .. ' ' .. s('lodash', 'lodas') .. ' ' .. s('kitten', "
	     "'sitting') .. ' ' .. "
	     "s('ca', 'abc') .. ' ' .. s('requests', 'request')",
	     "833 833 571 0 875"},
	    {"return text.similarity('abcdef', 'badcfe') == text.similarity('badcfe', 'abcdef') and text.similarity('abcdef', "
	     "'badcfe')",
	     "500"},
	    {"return text.similarity(('a'):rep(2000), ('a'):rep(1999) .. 'b')", "999"},
	    {"return text.similarity(('a'):rep(2001), '')", "at most 2000 bytes are compared"},
	    {"return text.similarity('', ('a'):rep(2001))", "at most 2000 bytes are compared"},
	    {"local s = ('x'):rep(2000) while true do text.similarity(s, s) end", "limit instructions"},
	    {"local s = ('x'):rep(1 << 20) while true do text.base64_encode(s) end", "limit instructions"},
	};

	(void)state;
	run_all(cases, sizeof cases / sizeof cases[0]);
}

static void allocations_may_fail(void **state)
{
	pb_sandbox *box = box_open();

	(void)state;
	box_starve(
	    box,
	    (box_job){.code =
	                  "local text = require 'probity.text' return function() local o = {} "
	                  "for l in text.lines('one\\ntwo') do o[#o + 1] = text.hex_encode(l) .. text.display(l .. '\\1') end "
	                  "for _, p in ipairs(text.split('a b c', ' ')) do o[#o + 1] = text.base64_decode('aGVsbG8=') .. p end "
	                  "o[#o + 1] = text.utf16_decode('a\\0') .. text.base64_encode('abc') .. text.url_decode('%41') .. "
	                  "text.similarity('ab', 'ac') "
	                  "return table.concat(o, ' ') end"});
	pb_box_close(box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(text_helpers), cmocka_unit_test(codecs_and_likeness),
	                                   cmocka_unit_test(allocations_may_fail)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
