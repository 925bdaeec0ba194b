/* require "probity.hash" */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "module_case.h"

static const char head[] = "local hash, text = require 'probity.hash', require 'probity.text'";

static void digests(void **state)
{
	static const char *const cases[][2] = {
	    {"return hash.md5('abc')", "900150983cd24fb0d6963f7d28e17f72"},
	    {"return hash.sha1('abc')", "a9993e364706816aba3e25717850c26c9cd0d89d"},
	    {"return hash.sha256('abc')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	    {"return hash.sha384('')",
	     "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b"},
	    {"return hash.sha512('abc')",
	     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fe"
	     "ebbd454d4423643ce80e2a9ac94fa54ca49f"},
	    {"return hash.blake2b('abc')",
	     "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4"
	     "533cc9518d38aa8dbf1925ab92386edd4009923"},
	    {"return tostring(hash.sha256('xabcx', 1, 3) == hash.sha256('abc')) .. tostring(hash.sha256('abc', 3) == "
	     "hash.sha256('')) .. tostring(hash.sha1('abc', 99, 5) == hash.sha1('')) .. tostring(hash.md5('abc', 0, 99) == "
	     "hash.md5('abc'))",
	     "truetruetruetrue"},
	    {"return text.hex_encode(hash.raw('md5', 'xabc', 1)) .. #hash.raw('blake2b', '')",
	     "900150983cd24fb0d6963f7d28e17f7264"},
	    {"return ('%x %x %x'):format(hash.crc32('123456789'), hash.crc32(''), hash.crc32('xabcx', 1, 3))", "cbf43926 0 352441c2"},
	    {"return hash.crc32({})", "an object, a slice or a string expected"},
	    {"local s = ('x'):rep(1 << 20) while true do hash.crc32(s) end", "limit instructions"},
	    {"return hash.raw('crc32', '')", "invalid option 'crc32'"},
	    {"return hash.md5()", "an object, a slice or a string expected"},
	    {"return hash.md5({})", "an object, a slice or a string expected"},
	    {"return hash.md5('', -1)", "counts from 0"},
	    {"return hash.md5('', 0, -1)", "counts from 0"},
	    {"return hash.md5('', 0.5)", "no integer representation"},
	    {"hash.md5 = nil", "read-only"},
	    {"local s = ('x'):rep(1 << 20) while true do hash.sha512(s) end", "limit instructions"},
	    {"while true do hash.md5('') end", "limit instructions"},
	};

	(void)state;
	module_all(head, cases, sizeof cases / sizeof cases[0]);
}

static void passwords(void **state)
{
	static const char *const cases[][2] = {
	    {"return tostring(hash.crypt('password', 'abJnggxhB/yWI')) .. tostring(hash.crypt('passwore', 'abJnggxhB/yWI'))", "truefalse"},
	    {"return tostring(hash.crypt('password', '$1$abcdefgh$G//4keteveJp0qb8z2DxG/'))", "true"},
	    {"return tostring(hash.crypt('password', '$5$abcdefgh$ZLdkj8mkc2XVSrPVjskDAgZPGjtj1VGVaa1aUkrMTU/'))", "true"},
	    {"return tostring(hash.crypt('password', '$6$abcdefgh$yVfUwsw5T.JApa8POvClA1pQ5peiq97DUNyXCZN5IrF.BMSkiaLQ5kvpuEm/"
	     "VQ1Tvh/KV2TcaWh8qinoW5dhA1'))",
	     "true"},
	    {"return tostring(hash.crypt('password', '$2b$05$abcdefghijklmnopqrstuuWG29KuyeAicPCJODk1zjyGvyQUU2awu'))", "true"},
	    {"return tostring(hash.crypt('', ''))", "nil"},
	    {"return tostring(hash.crypt('x', '*')) .. tostring(hash.crypt('x', '!ab'))", "nilnil"},
	    {"return tostring(hash.crypt('x', '$6$rounds=10001$a$b'))", "nil"},
	    {"return tostring(hash.crypt('x', '$6$rounds=99999999999999999999$a$b'))", "nil"},
	    {"return tostring(hash.crypt('x', '$6$rounds=1000$a$b'))", "false"},
	    {"return tostring(hash.crypt('x', '$2b$09$abcdefghijklmnopqrstuuWG29KuyeAicPCJODk1zjyGvyQUU2awu'))", "nil"},
	    {"return tostring(hash.crypt('x', '$2b$05$')) .. tostring(hash.crypt('x', '$2')) .. tostring(hash.crypt('x', '$2b$0'))", "nilnilnil"},
	    {"return tostring(hash.crypt('x', '$7$CU..../....a$b')) .. tostring(hash.crypt('x', '$y$jFT$abcdefgh$x'))", "nilnil"},
	    {"return tostring(hash.crypt(('x'):rep(257), 'abJnggxhB/yWI')) .. tostring(hash.crypt('x\\0', 'abJnggxhB/yWI'))", "nilnil"},
	    {"return tostring(hash.crypt('x', ('$1$'):rep(100))) .. tostring(hash.crypt('x', 'abJng\\0xhB/yWI'))", "nilnil"},
	    {"return hash.crypt('x')", "string expected"},
	    {"while true do hash.crypt('x', 'abJnggxhB/yWI') end", "limit instructions"},
	    {"while true do hash.crypt('x', '') end", "limit instructions"},
	};

	(void)state;
	module_all(head, cases, sizeof cases / sizeof cases[0]);
}

static void objects(void **state)
{
	(void)state;
	module_common(head, "hash.sha512(x, 1, 2) .. hash.raw('md5', x) .. hash.crc32(x) .. text.entropy(x)", (pb_bytes){(const uint8_t *)"abcdef", 6});
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(digests), cmocka_unit_test(passwords), cmocka_unit_test(objects)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
