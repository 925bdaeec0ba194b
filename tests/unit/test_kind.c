/* plugin/object: what kind of thing bytes are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "object/kind.h"
#include "tests/unit/prng.h"

#define BYTES(text) text, sizeof(text) - 1

typedef struct sample {
	const char *name_class, *kind;
	size_t at; /* zeros before the bytes */
	const char *bytes;
	size_t n;
	size_t pad; /* zeros behind them */
} sample;

static const sample samples[] = {
    {"", "elf", 0, BYTES("\177ELF\2\1\1"), 60},
    {".txt", "elf", 0, BYTES("\177ELF\2\1\1"), 60}, /* content before name */
    {".exe", "dos", 0, BYTES("MZ\220\0"), 60},
    {".exe", "text", 0, BYTES("MZ is how programs of DOS begin, and this text."), 0},
    {"", "macho", 0, BYTES("\xcf\xfa\xed\xfe\7\0\0\1"), 30},
    {"", "macho", 0, BYTES("\xca\xfe\xba\xbe\0\0\0\2"), 40},
    {".class", "java-class", 0, BYTES("\xca\xfe\xba\xbe\0\0\0\64"), 40},
    {"", "wasm", 0, BYTES("\0asm\1\0\0\0"), 0},
    {"", "dex", 0, BYTES("dex\n035\0"), 40},
    {".pyc", "pyc", 0, BYTES("\xa7\x0d\x0d\x0a\0\0\0\0"), 0},
    {"", "deb", 0, BYTES("!<arch>\ndebian-binary   1700000000  "), 30},
    {".a", "ar", 0, BYTES("!<arch>\nfoo.o/          "), 30},
    {".a", "thin-ar", 0, BYTES("!<thin>\n"), 30},
    {"", "rpm", 0, BYTES("\xed\xab\xee\xdb\3\0"), 90},
    {"", "7z", 0, BYTES("7z\xbc\xaf\x27\x1c\0\4"), 20},
    {"", "cpio", 0, BYTES("0707010000000000"), 100},
    {"", "tar", 257, BYTES("ustar\00000"), 300}, /* first byte: see below */
    {"", "iso", 32769, BYTES("CD001\1"), 2048},
    {"", "gzip", 0, BYTES("\x1f\x8b\x08\0"), 20},
    {"", "bzip2", 0, BYTES("BZh91AY&SY"), 20},
    {"", "text", 0, BYTES("BZh is a magic number."), 0},
    {"", "xz", 0,
     BYTES("\xfd"
           "7zXZ\0"),
     20},
    {"", "zstd", 0, BYTES("\x28\xb5\x2f\xfd"), 20},
    {"", "zstd", 0, BYTES("\x50\x2a\x4d\x18\4\0\0\0"), 20},
    {"", "lz4", 0, BYTES("\x04\x22\x4d\x18"), 20},
    {"", "lzip", 0, BYTES("LZIP\1\x14"), 20},
    {"", "compress", 0, BYTES("\x1f\x9d\x90"), 20},
    {"", "lzma", 0, BYTES("\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0"), 20},
    {"", "data", 0, BYTES("\x28\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0"), 20}, /* unusual properties: only by name */
    {".lzma", "lzma", 0, BYTES("\x28\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0"), 20},
    {"", "data", 0, BYTES("\x5d\0\0\x81\1\xff\xff\xff\xff\xff\xff\xff\xff\0"), 20},
    {"", "ole", 0, BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), 100},
    {"", "rar", 0, BYTES("Rar!\x1a\x07\1\0"), 20},
    {"", "lha", 0, BYTES("\x20\0-lh5-"), 20},
    {"", "squashfs", 0, BYTES("hsqs"), 100},
    {"", "encrypted", 0, BYTES("LUKS\xba\xbe"), 100},
    {"", "encrypted", 0, BYTES("Salted__\1\2\3\4\5\6\7\10"), 10},
    {".asc", "encrypted", 0, BYTES("-----BEGIN PGP MESSAGE-----\n\nhQEM"), 0},
    {".br", "brotli", 0, BYTES("\x8b\0\x80\1\2\3\3\xff\xfe"), 0},
    {"", "image", 0, BYTES("\x89PNG\r\n\x1a\n"), 20},
    {".png", "shell", 0, BYTES("#!/bin/sh\nrm -rf /\n"), 0},
    {"", "font", 0, BYTES("wOF2"), 20},
    {"", "media", 0, BYTES("OggS\0"), 20},
    {"", "media", 0,
     BYTES("\0\0\0\x18"
           "ftypmp42"),
     20},
    {"", "image", 0,
     BYTES("\0\0\0\x18"
           "ftypavif"),
     20},
    {"", "pdf", 0, BYTES("%PDF-1.7\n"), 20},
    {"", "rtf", 0, BYTES("{\\rtf1 x}"), 0},
    {"", "sqlite", 0, BYTES("SQLite format 3\0"), 80},
    {"", "keystore", 0, BYTES("\xfe\xed\xfe\xed\0\0\0\2"), 20},
    {".cer", "der", 0, BYTES("\x30\x82\0\x10"), 16},
    {"", "binary-plist", 0, BYTES("bplist00"), 20},
    {"", "dmg", 1000, BYTES("koly\0\0\0\4"), 504},

    {"", "shell", 0, BYTES("#!/bin/sh\n"), 0},
    {"", "shell", 0, BYTES("#! /bin/bash -e\n"), 0},
    {"", "python", 0, BYTES("#!/usr/bin/python3.11\n"), 0},
    {"", "python", 0, BYTES("#!/usr/bin/env -S LANG=C python3 -u\n"), 0},
    {"", "javascript", 0, BYTES("#!/usr/bin/env node\n"), 0},
    {".txt", "perl", 0, BYTES("#!/usr/bin/perl -w\n"), 0},
    {"", "script", 0, BYTES("#!/opt/own/interpreter\n"), 0},
    {"", "script", 0, BYTES("#!/usr/bin/env"), 0},
    {"", "script", 0, BYTES("#!/"), 0},
    {"", "script", 0, BYTES("#! /"), 0},
    {".py", "python", 0, BYTES("import os\n"), 0},
    {".js", "javascript", 0, BYTES("let x = 1\n"), 0},
    {".js", "javascript", 0, BYTES("let x = 1 /* \0 */\n"), 0}, /* no hiding place */
    {"", "shell", 0, BYTES("#!/bin/sh\n: '\0'\nrm -rf /\n"), 0},
    {"", "data", 0, BYTES("let x = 1 /* \0 */\n"), 0},
    {".js", "data", 0, BYTES("let x = 1\n\0\0\1\2\0\0\1\2"), 0},
    {"package.json", "json", 0, BYTES("{ }\n"), 0},
    {"", "json", 0, BYTES("  {\"a\": 1}\n"), 0},
    {"", "html", 0, BYTES("\n<!DOCTYPE HTML>\n<html>"), 0},
    {"", "xml", 0, BYTES("\xef\xbb\xbf<?xml version=\"1.0\"?>"), 0},
    {"", "php", 0, BYTES("<?php echo 1;"), 0},
    {".md", "markdown", 0, BYTES("# Title\n"), 0},
    {".key", "pem", 0, BYTES("-----BEGIN PRIVATE KEY-----\nMIIB"), 0},
    {"", "pem", 0, BYTES("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl"), 0},
    {".c", "pem", 0, BYTES("-----BEGIN RSA PRIVATE KEY-----\n"), 0},
    {".pub", "ssh-public-key", 0, BYTES("ssh-ed25519 AAAAC3Nz"), 0},
    {"", "pgp", 0, BYTES("-----BEGIN PGP PUBLIC KEY BLOCK-----\n"), 0},
    {"control", "text", 0, BYTES("Package: x\n"), 0},
    {"", "text", 0, BYTES("gr\xc3\xbc\xc3\x9f dich\n"), 0},
    {"", "text", 0, BYTES("gr\xfc\xdf dich, das ist lang genug\n"), 0}, /* Latin-1 */
    {"", "text", 0, BYTES("\xff\xfeh\0i\0"), 0},
    {"", "text", 0, BYTES("\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\xe5"), 0}, /* the last character is cut */
    {"", "data", 0, BYTES("\x80\x91\xa2\xb3\xc4\xd5\xe6\xf7\x88\x99"), 0},
    {"", "data", 0, BYTES(""), 0},
    {"", "text", 0, BYTES(" \n\t "), 0},
};

static pb_bytes make(const sample *s)
{
	size_t size = s->at + s->n + s->pad;
	uint8_t *data = calloc(1, size > 0 ? size : 1);

	assert_non_null(data);
	memcpy(data + s->at, s->bytes, s->n);
	if (strcmp(s->kind, "tar") == 0)
		data[0] = 'x';
	return (pb_bytes){data, size};
}

static void by_content(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		pb_bytes b = make(&samples[i]);
		const pb_kind *got = pb_kind_of(b, samples[i].name_class);

		if (strcmp(got->name, samples[i].kind) != 0)
			fail_msg("sample %zu (%s): %s, wanted %s", i, samples[i].name_class, got->name, samples[i].kind);
		free((void *)(uintptr_t)b.data);
	}
}

static void pe(void **state)
{
	uint8_t b[256] = {'M', 'Z'};

	(void)state;
	b[60] = 128;
	memcpy(b + 128, "PE\0\0", 4);
	assert_string_equal(pb_kind_of((pb_bytes){b, sizeof b}, "")->name, "pe");
	memset(b + 60, 0xff, 4); /* a header that lies far outside */
	assert_string_equal(pb_kind_of((pb_bytes){b, sizeof b}, "")->name, "dos");
	b[61] = b[62] = b[63] = 0;
	b[60] = 253;
	assert_string_equal(pb_kind_of((pb_bytes){b, sizeof b}, "")->name, "dos");
}

static void old_tar(void **state)
{
	uint8_t b[1024] = "file.txt";
	unsigned sum = 0;

	(void)state;
	memcpy(b + 100, "0000644\0", 8);
	memcpy(b + 124, "00000000000\0", 12);
	memset(b + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += b[i];
	(void)snprintf((char *)b + 148, 8, "%06o", sum);
	assert_string_equal(pb_kind_of((pb_bytes){b, sizeof b}, "")->name, "tar");
	b[0] ^= 1;
	assert_string_equal(pb_kind_of((pb_bytes){b, sizeof b}, "")->name, "data");
	assert_string_equal(pb_kind_of((pb_bytes){b, 511}, "")->name, "data");
}

static size_t zip_entry(uint8_t *b, const char *name, unsigned method, unsigned flags)
{
	memset(b, 0, 30);
	memcpy(b, "PK\3\4\x14", 5);
	b[6] = (uint8_t)flags;
	b[8] = (uint8_t)method;
	b[26] = (uint8_t)strlen(name);
	memcpy(b + 30, name, strlen(name));
	return 30 + strlen(name);
}

static void zips(void **state)
{
	static const struct {
		const char *name_class, *first;
		unsigned method, flags;
		const char *kind;
	} cases[] = {
	    {".zip", "a.txt", 8, 0, "zip"},
	    {".zip", "a.txt", 12, 0, "zip"},
	    {".zip", "a.txt", 14, 0, "zip-lzma"},
	    {".zip", "a.txt", 95, 0, "zip-lzma"},
	    {".zip", "a.txt", 93, 0, "zip-lzma"},
	    {".zip", "a.txt", 99, 1, "zip"}, /* a cipher: nobody opens it */
	    {".jar", "a.txt", 8, 0, "jar"},
	    {"", "META-INF/MANIFEST.MF", 8, 0, "jar"},
	    {".jar", "a.txt", 14, 0, "zip-lzma"},
	    {".whl", "demo/__init__.py", 8, 0, "wheel"},
	    {".apk", "AndroidManifest.xml", 8, 0, "apk"},
	    {".nupkg", "x.nuspec", 8, 0, "nupkg"},
	    {".bin", "[Content_Types].xml", 8, 0, "ooxml"},
	    {".docx", "word/x.xml", 8, 0, "ooxml"},
	};
	uint8_t b[4096];
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		n = zip_entry(b, cases[i].first, cases[i].method, cases[i].flags);
		assert_string_equal(pb_kind_of((pb_bytes){b, n}, cases[i].name_class)->name, cases[i].kind);
	}
	/* a modern member behind a plain one, and one that only the directory at the end names */
	n = zip_entry(b, "a", 8, 0);
	n += zip_entry(b + n, "b", 14, 0);
	assert_string_equal(pb_kind_of((pb_bytes){b, n}, "")->name, "zip-lzma");
	memset(b, 0, sizeof b);
	(void)zip_entry(b, "a", 8, 0);
	memcpy(b + 4000, "PK\1\2", 4);
	b[4010] = 95;
	assert_string_equal(pb_kind_of((pb_bytes){b, sizeof b}, "")->name, "zip-lzma");
	assert_string_equal(pb_kind_of((pb_bytes){(const uint8_t *)"PK\5\6", 4}, "")->name, "zip");
}

/* Any prefix of any sample, and random bytes behind any magic number: an answer, and no read outside (ASan). */
static void robust(void **state)
{
	static const char *const classes[] = {"", ".js", ".lzma", ".pkl", ".ico", "package.json"};
	prng r = prng_of_case(7, 1);

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		pb_bytes b = make(&samples[i]);

		for (size_t n = 0; n < samples[i].at + samples[i].n && n < 3000; n++) {
			uint8_t *cut = malloc(n > 0 ? n : 1);

			memcpy(cut, b.data, n);
			assert_non_null(pb_kind_of((pb_bytes){cut, n}, classes[n % 6]));
			free(cut);
		}
		for (int k = 0; k < 20; k++) {
			size_t n = (size_t)prng_in(&r, 0, 200);
			uint8_t *noise = malloc(samples[i].n + n + 1);

			memcpy(noise, samples[i].bytes, samples[i].n);
			for (size_t j = 0; j < n; j++)
				noise[samples[i].n + j] = (uint8_t)prng_next(&r);
			noise = realloc(noise, samples[i].n + n > 0 ? samples[i].n + n : 1);
			assert_non_null(pb_kind_of((pb_bytes){noise, samples[i].n + n}, classes[k % 6]));
			free(noise);
		}
		free((void *)(uintptr_t)b.data);
	}
}

static void table(void **state)
{
	size_t count;
	const pb_kind *kinds = pb_kinds(&count);

	(void)state;
	assert_true(count > 100);
	for (size_t i = 0; i < count; i++) {
		assert_ptr_equal(pb_kind_named(kinds[i].name), &kinds[i]); /* no spelling stands twice */
		for (const char *p = kinds[i].name; *p != '\0'; p++)
			assert_true(islower((unsigned char)*p) || isdigit((unsigned char)*p) || *p == '-');
		if (kinds[i].layer || kinds[i].members || kinds[i].opener == PB_OPENS_LIBARCHIVE)
			assert_string_equal(pb_class_name(kinds[i].class), "archive");
		assert_false(kinds[i].layer && kinds[i].members);
	}
	assert_null(pb_kind_named("no such kind"));
	assert_string_equal(pb_class_name(PB_CLASS_BINARY), "binary");
	assert_string_equal(pb_class_name(PB_CLASSES), "data");
	assert_int_equal(pb_kind_named("deb")->opener, PB_OPENS_LIBARCHIVE);
	assert_int_equal(pb_kind_named("zip")->opener, PB_OPENS_CLAMAV);
}

static void put(uint8_t *p, size_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

/* Some bytes, a list of one member of 46 bytes, and an end record that says what the case wants. The length of it all. */
static size_t carrier(uint8_t *b, size_t before, size_t members, size_t size, size_t offset, size_t comment)
{
	memset(b, 'x', before);
	memset(b + before, 0, 46 + 22);
	memcpy(b + before, "PK\1\2", 4);
	memcpy(b + before + 46, "PK\5\6", 4);
	put(b + before + 46 + 10, members, 2);
	put(b + before + 46 + 12, size, 4);
	put(b + before + 46 + 16, offset, 4);
	put(b + before + 46 + 20, comment, 2);
	return before + 46 + 22;
}

/* The zip that something else carries at its end. */
static void zips_behind_something(void **state)
{
	enum { ROOM = (1 << 20) + 70000 };
	uint8_t *b = malloc(ROOM);
	size_t n, end;

	(void)state;
	assert_non_null(b);
#define END(n) pb_zip_end((pb_bytes){b, n})
	n = carrier(b, 500, 1, 46, 0, 0);
	assert_int_equal(END(n), n);
	assert_int_equal(END(n - 1), 0);
	memset(b + n, 'y', 70000); /* a signature behind it */
	assert_int_equal(END(n + 70000), n);
	assert_int_equal(END(0), 0);
	assert_int_equal(END(21), 0);
	for (size_t cut = 0; cut < n; cut++) {
		uint8_t *own = malloc(cut + 1); /* so that a read past the end is seen */
		memcpy(own, b, cut);
		assert_int_equal(pb_zip_end((pb_bytes){own, cut}), 0);
		free(own);
	}
	n = carrier(b, 500, 1, 46, 0, 10); /* its comment */
	assert_int_equal(END(n), 0);
	assert_int_equal(END(n + 10), n + 10);
	assert_int_equal(END(n + 99), n + 10);
	n = carrier(b, 500, 1, 45, 500, 0); /* a list is no shorter than a member */
	assert_int_equal(END(n), 0);
	n = carrier(b, 500, 0, 46, 500, 0);
	assert_int_equal(END(n), 0);
	n = carrier(b, 500, 1, 47, 500, 0); /* where its offset says, if not before the record */
	assert_int_equal(END(n), n);
	n = carrier(b, 500, 1, 47, 499, 0);
	assert_int_equal(END(n), 0);
	n = carrier(b, 500, 1, 0xffffffff, 0xffffffff, 0);
	assert_int_equal(END(n), 0);
	memcpy(b + 500 + 46 - 20, "PK\6\7", 4); /* zip64: the numbers are elsewhere */
	assert_int_equal(END(n), n);
	end = carrier(b, 500, 1, 46, 0, 0); /* of two records the last one counts */
	n = end + carrier(b + end, 0, 1, 46, 0, 0);
	assert_int_equal(END(n), n);
	n = carrier(b, 0, 1, 46, 0, 0);
	memset(b + n, 'y', ROOM - n);
	assert_int_equal(END(ROOM), 0); /* too far away from the end */
	for (size_t i = 0; i + 4 <= ROOM; i += 4)
		memcpy(b + i, "PK\5\6", 4);
	assert_int_equal(END(ROOM), 0);
#undef END
	free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(by_content),
	    cmocka_unit_test(pe),
	    cmocka_unit_test(old_tar),
	    cmocka_unit_test(zips),
	    cmocka_unit_test(zips_behind_something),
	    cmocka_unit_test(robust),
	    cmocka_unit_test(table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
