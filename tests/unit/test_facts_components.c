/* What is built into an object: lists of package managers, Maven's files, Go's build information, banners of libraries. */
#include "facts_case.h"

#include "facts/purl.h"

static void purls(void **state)
{
	static const struct {
		const char *type, *space, *name, *version, *wanted;
	} cases[] = {
	    {"npm", "@scope", "Name", "1.0.0-rc.1+b", "pkg:npm/%40scope/name@1.0.0-rc.1%2Bb"},
	    {"pypi", NULL, "Some._-Name", "1", "pkg:pypi/some-name@1"},
	    {"deb", "debian", "curl", "1:7.88.1-10~x", "pkg:deb/debian/curl@1:7.88.1-10~x"},
	    {"golang", "github.com/A/b", "v2", NULL, "pkg:golang/github.com/a/b/v2"},
	    {"maven", "org.Apache", "Commons", "", "pkg:maven/org.Apache/Commons"},
	    {"generic", "/", "a b/c?d#e@f%", "1\n2", "pkg:generic/a%20b%2Fc%3Fd%23e%40f%25@1%0A2"},
	    {"generic", NULL, "\xc3\xa4", "\xff", "pkg:generic/%C3%A4@%FF"},
	    {"gem", NULL, "", "1", NULL},
	    {"gem", NULL, NULL, "1", NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *purl = pb_purl(cases[i].type, cases[i].space, cases[i].name, cases[i].version);
		if (cases[i].wanted == NULL)
			assert_null(purl);
		else
			assert_string_equal(purl, cases[i].wanted);
		free(purl);
	}
}

static void found(void **state, const char *text, const char *name_class, const char *kind, const char *wanted)
{
	json_t *facts = facts_of_text(state, text, name_class, kind);

	assert_json(at(facts, "components", NULL), wanted);
	json_decref(facts);
}

static void installed_packages(void **state)
{
	found(state,
	      "Package: zlib1g\nStatus: install ok installed\nSource: zlib (1:1.2)\nVersion: 1:1.2-1+b1\nMaintainer: D <d@debian.org>\n\n"
	      "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\nPackage: u\nStatus: install ok installed\n"
	      "Maintainer: Ubuntu Developers <u@lists.ubuntu.com>\nVersion: 2\n",
	      "", "text",
	      "[{\"from\":\"dpkg-status\",\"name\":\"zlib1g\",\"purl\":\"pkg:deb/debian/zlib1g@1:1.2-1%2Bb1\",\"source\":\"zlib\","
	      "\"source_version\":\"1:1.2\",\"version\":\"1:1.2-1+b1\"},"
	      "{\"from\":\"dpkg-status\",\"name\":\"u\",\"purl\":\"pkg:deb/ubuntu/u@2\",\"version\":\"2\"}]");
	/* status.d: one paragraph, without a status */
	found(state, "Package: base-files\nVersion: 12\nArchitecture: amd64\n", "", "text",
	      "[{\"from\":\"dpkg-status\",\"name\":\"base-files\",\"purl\":\"pkg:deb/debian/base-files@12\",\"version\":\"12\"}]");
	/* an index of a repository, a control file, several without a status */
	found(state, "Package: a\nVersion: 1\nFilename: pool/a.deb\n", "", "text", "(absent)");
	found(state, "Package: a\nVersion: 1\n", "control", "text", "(absent)");
	found(state, "Package: a\nVersion: 1\n\nPackage: b\nVersion: 1\n", "", "text", "(absent)");
	found(state, "C:Q1abc=\nP:musl\nV:1.2.4-r2\nA:x86_64\no:musl\n\nC:Q1x\nP:busybox\nV:1.36\n\n", "", "text",
	      "[{\"from\":\"apk-installed\",\"name\":\"musl\",\"purl\":\"pkg:apk/alpine/musl@1.2.4-r2\",\"source\":\"musl\",\"version\":\"1.2.4-r2\"},"
	      "{\"from\":\"apk-installed\",\"name\":\"busybox\",\"purl\":\"pkg:apk/alpine/busybox@1.36\",\"version\":\"1.36\"}]");
}

static void maven(void **state)
{
	found(state, "#Generated\nversion=2.11.0\ngroupId=commons-io\nartifactId = commons-io\r\n", "pom.properties", NULL,
	      "[{\"from\":\"pom\",\"name\":\"commons-io\",\"purl\":\"pkg:maven/commons-io/commons-io@2.11.0\",\"version\":\"2.11.0\"}]");
	found(state, "version=2\nartifactId=x\n", "pom.properties", NULL, "(absent)");
	found(state,
	      "<?xml version=\"1.0\"?><!-- <project><groupId>no</groupId> --><project xmlns=\"x\">\n<modelVersion>4.0.0</modelVersion>"
	      "<parent><groupId>org.p</groupId><artifactId>parent</artifactId><version>7</version></parent>"
	      "<artifactId> own </artifactId><dependencies><dependency><groupId>other</groupId><version>9</version></dependency>"
	      "</dependencies><x/></project>",
	      "pom.xml", NULL, "[{\"from\":\"pom.xml\",\"name\":\"own\",\"purl\":\"pkg:maven/org.p/own@7\",\"version\":\"7\"}]");
	found(state, "<project><modelVersion/><groupId>g</groupId><artifactId>a</artifactId><version>${v}</version></project>", "pom.xml",
	      "xml", "[{\"from\":\"pom.xml\",\"name\":\"a\",\"purl\":\"pkg:maven/g/a\"}]");
	found(state, "<project><groupId>${g}</groupId><artifactId>a</artifactId></project>", "pom.xml", "xml", "(absent)");
	found(state, "<settings><groupId>g</groupId><artifactId>a</artifactId></settings>", "pom.xml", "xml", "(absent)");
	found(state, "</project></a></b><groupId>", "pom.xml", "xml", "(absent)");
}

/* A text that nests deeper than anybody writes is none. */
static void deep_pom(void **state)
{
	pb_buf text = {0};

	pb_buf_puts(&text, "<project><groupId>g</groupId><artifactId>a</artifactId>");
	for (int i = 0; i < 100000; i++)
		pb_buf_puts(&text, "<a>");
	found(state, (char *)text.data, "pom.xml", "xml", "(absent)");
	pb_buf_free(&text);
}

static void banners(void **state)
{
	found(state, "/*! jQuery v3.6.0 | (c) OpenJS */\n!function(){}();\n// https://d3js.org v7.8.5 Copyright\n", ".js", "javascript",
	      "[{\"from\":\"banner\",\"name\":\"jquery\",\"purl\":\"pkg:npm/jquery@3.6.0\",\"version\":\"3.6.0\"},"
	      "{\"from\":\"banner\",\"name\":\"d3\",\"purl\":\"pkg:npm/d3@7.8.5\",\"version\":\"7.8.5\"}]");
	/* a text about it, and a program's banner in a script */
	found(state, "jQuery v3.6.0\n", ".txt", "text", "(absent)");
	found(state, "// deflate 1.2.13 Copyright 1995-2022\n", ".js", "javascript", "(absent)");
}

/* A little ELF with one loaded segment of everything at 0x400000, and this at 1024. */
static json_t *program(void **state, const void *what, size_t n)
{
	uint8_t b[4096] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
	const struct {
		size_t at, n;
		uint64_t value;
	} fields[] = {{16, 2, 2},  {18, 2, 62},  {20, 4, 1}, {24, 8, 0x400000}, {32, 8, 64},        {52, 2, 64},         {54, 2, 56},
	              {56, 2, 1},  {58, 2, 64},  {64, 4, 1}, {68, 4, 5},        {80, 8, 0x400000},  {88, 8, 0x400000},   {96, 8, 4096},
	              {104, 8, 4096}, {112, 8, 4096}};

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		for (size_t k = 0; k < fields[i].n; k++)
			b[fields[i].at + k] = (uint8_t)(fields[i].value >> (8 * k));
	memcpy(b + 512, "\xff Go build ID: \"x\"", 18);
	assert_true(n <= 3072);
	memcpy(b + 1024, what, n);
	return facts_of(state, b, sizeof b, "", "elf");
}

static void assert_program(void **state, const void *what, size_t n, const char *wanted)
{
	json_t *facts = program(state, what, n);

	assert_json(at(facts, "components", NULL), wanted);
	json_decref(facts);
}

#define FRAME "0123456789abcdef"
#define MODULES FRAME "path\tx.org/m\nmod\tx.org/m\t(devel)\t\ndep\tx.org/a\tv1.0.0\th1:x\ndep\tx.org/b\tv2.0.0\n=>\tx.org/c\tv3.0.0\th1:y\n" FRAME
#define HEAD(flags) "\xff Go buildinf:\x08" flags "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define FOUND                                                                                                                      \
	"[{\"from\":\"go-buildinfo\",\"name\":\"stdlib\",\"purl\":\"pkg:golang/stdlib@1.22.1\",\"version\":\"1.22.1\"},"           \
	"{\"from\":\"go-buildinfo\",\"name\":\"x.org/m\",\"purl\":\"pkg:golang/x.org/m\"},"                                        \
	"{\"from\":\"go-buildinfo\",\"name\":\"x.org/a\",\"purl\":\"pkg:golang/x.org/a@v1.0.0\",\"version\":\"v1.0.0\"},"          \
	"{\"from\":\"go-buildinfo\",\"name\":\"x.org/c\",\"purl\":\"pkg:golang/x.org/c@v3.0.0\",\"version\":\"v3.0.0\"}]"

static void go_inline(void **state)
{
	uint8_t b[1024];
	size_t n = 32;

	memcpy(b, HEAD("\x02"), 32);
	b[n++] = 13;
	memcpy(b + n, "go1.22.1 X:no", 13);
	n += 13;
	b[n++] = ((sizeof MODULES - 1) & 0x7f) | 0x80;
	b[n++] = (sizeof MODULES - 1) >> 7;
	memcpy(b + n, MODULES, sizeof MODULES - 1);
	assert_program(state, b, n + sizeof MODULES - 1, FOUND);
	/* each length that lies: what is left of the file is never passed */
	for (int last = 0; last < 256; last += 51) {
		b[32] = b[46] = b[47] = 0xff;
		b[33] = (uint8_t)last;
		json_decref(program(state, b, n));
	}
	memset(b + 32, 0xff, 900);
	assert_program(state, b, 932, "(absent)");
}

static void go_pointers(void **state)
{
	uint8_t b[2048] = {0};
	static const struct {
		size_t at;
		uint64_t value;
	} fields[] = {{16, 0x400000 + 1024 + 64}, {24, 0x400000 + 1024 + 80}, {64, 0x400000 + 1024 + 128},
	              {72, 8},                    {80, 0x400000 + 1024 + 192}, {88, sizeof MODULES - 1}};

	memcpy(b, HEAD("\x00"), 32);
	for (size_t i = 0; i < 6; i++)
		for (size_t k = 0; k < 8; k++)
			b[fields[i].at + k] = (uint8_t)(fields[i].value >> (8 * k));
	memcpy(b + 128, "go1.22.1", 8);
	memcpy(b + 192, MODULES, sizeof MODULES - 1);
	assert_program(state, b, 1024, FOUND);
	/* pointers to nowhere, to themselves, lengths past everything */
	for (size_t i = 0; i < 6; i++)
		for (uint64_t value = 1; value != 0; value <<= 7) {
			uint8_t other[1024];
			memcpy(other, b, sizeof other);
			for (size_t k = 0; k < 8; k++)
				other[fields[i].at + k] = (uint8_t)(value >> (8 * k));
			json_decref(program(state, other, sizeof other));
		}
	b[14] = 7;
	assert_program(state, b, 1024, "(absent)");
}

static void further_digests(void **state)
{
	json_t *facts = facts_of(state, "abc", 3, ".whl", "data");

	assert_json(at(facts, "digests", "sha1", NULL), "\"a9993e364706816aba3e25717850c26c9cd0d89d\"");
	assert_json(at(facts, "digests", "md5", NULL), "\"900150983cd24fb0d6963f7d28e17f72\"");
	assert_int_equal(strlen(json_string_value(at(facts, "digests", "sha512", NULL))), 128);
	json_decref(facts);
	facts = facts_of(state, "abc", 3, ".txt", "text");
	assert_null(at(facts, "digests", NULL));
	json_decref(facts);
	facts = program(state, "", 0);
	assert_int_equal(strlen(json_string_value(at(facts, "digests", "sha1", NULL))), 40);
	assert_null(at(facts, "digests", "sha512", NULL));
	json_decref(facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(purls),     cmocka_unit_test(installed_packages), cmocka_unit_test(maven),
	    cmocka_unit_test(deep_pom),  cmocka_unit_test(banners),            cmocka_unit_test(go_inline),
	    cmocka_unit_test(go_pointers), cmocka_unit_test(further_digests),
	};
	return cmocka_run_group_tests(tests, facts_open, facts_close);
}
