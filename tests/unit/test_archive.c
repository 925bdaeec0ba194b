/* plugin/object: containers unpacked. Archives are made by the system's own tools, so that libarchive reads what
 * others wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/hash.h"
#include "tests/unit/archive_case.h"
#include "tests/unit/prng.h"

/* What came out of an archive: one line a member ("name size sha256..."), one line a limit ("! path: why"). */
typedef struct outcome {
	char text[16384];
	size_t n, members, limits;
	uint64_t total, count;
	int code; /* for the member function to return */
} outcome;

static void add(outcome *o, const char *line)
{
	o->n += (size_t)snprintf(o->text + o->n, sizeof o->text - o->n, "%s", line);
	if (o->n >= sizeof o->text)
		o->n = sizeof o->text - 1;
}

static void on_limit(void *user, const pb_path *path, const char *why)
{
	outcome *o = user;
	char *shown = pb_path_join(path, " > ");

	o->limits++;
	add(o, "! ");
	add(o, shown);
	add(o, ": ");
	add(o, why);
	add(o, "\n");
	free(shown);
}

static int on_member(void *user, const char *name, pb_bytes bytes)
{
	outcome *o = user;
	char hex[65], line[64];
	uint8_t sum = 0;

	for (size_t i = 0; i < bytes.size; i++) /* reads it all */
		sum ^= bytes.data[i];
	assert_true(bytes.size > 0 || (bytes.data == NULL && sum == 0));
	assert_true(pb_sha256_of(bytes, hex));
	o->members++;
	add(o, name != NULL ? name : "(payload)");
	(void)snprintf(line, sizeof line, " %zu %.8s\n", bytes.size, hex);
	add(o, line);
	return o->code;
}

static int unpack_bytes(pb_bytes b, const char *kind, const pb_budget *budget, outcome *o)
{
	pb_path path = {0};
	pb_unpack how = {.budget = budget,
	                 .total = &o->total,
	                 .members = &o->count,
	                 .path = &path,
	                 .limit = on_limit,
	                 .member = on_member,
	                 .user = o};
	int rc;

	assert_int_equal(pb_path_push(&path, "product"), PB_OK);
	rc = pb_archive_unpack(b, pb_kind_named(kind), &how);
	pb_path_free(&path);
	return rc;
}

static int unpack(const char *file, const char *kind, const pb_budget *budget, outcome *o)
{
	pb_bytes b = scratch_load(file);
	int rc;

	*o = (outcome){.code = o->code};
	assert_string_equal(pb_kind_of(b, "")->name, kind);
	rc = unpack_bytes(b, kind, budget, o);
	scratch_free(b);
	return rc;
}

static void layers(void **state)
{
	static const struct {
		const char *tool, *command, *file, *kind;
	} cases[] = {
	    {"zstd", "zstd -q d.tar -o d.tar.zst", "d.tar.zst", "zstd"},
	    {"zstd", "head -c 5000 d.tar | zstd -q >two.zst; tail -c +5001 d.tar | zstd -q >>two.zst", "two.zst", "zstd"},
	    {"lz4", "lz4 -q d.tar d.tar.lz4", "d.tar.lz4", "lz4"},
	    {"lz4", "lz4 -lq d.tar legacy.lz4", "legacy.lz4", "lz4"},
	    {"lzma", "lzma -k d.tar", "d.tar.lzma", "lzma"},
	    {"lzip", "lzip -k d.tar", "d.tar.lz", "lzip"},
	    {"compress", "compress -c d.tar >d.tar.Z", "d.tar.Z", "compress"},
	};
	pb_bytes tar = scratch_load("d.tar");
	char hex[65], want[128];

	(void)state;
	assert_true(pb_sha256_of(tar, hex));
	(void)snprintf(want, sizeof want, "(payload) %zu %.8s\n", tar.size, hex);
	scratch_free(tar);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		outcome o = {0};

		if (!scratch_has(cases[i].tool)) {
			print_message("no %s here\n", cases[i].tool);
			continue;
		}
		assert_int_equal(scratch_sh(cases[i].command), 0);
		assert_int_equal(unpack(cases[i].file, cases[i].kind, &pb_budget_default, &o), PB_OK);
		assert_string_equal(o.text, want);
	}
}

/* Bytes behind a compressed stream are no part of its payload: they must not vanish silently. */
static void garbage_behind(void **state)
{
	static const struct {
		const char *tool, *command, *kind;
	} cases[] = {
	    {"zstd", "zstd -q d.tar -c >g; printf 'not a frame at all' >>g", "zstd"},
	    {"lz4", "lz4 -q d.tar -c >g; printf 'not a frame at all' >>g", "lz4"},
	    {"lzma", "lzma -c d.tar >g; printf 'not a frame at all' >>g", "lzma"},
	    {"lzip", "lzip -c d.tar >g; printf 'not a frame at all' >>g", "lzip"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		outcome o = {0};

		if (!scratch_has(cases[i].tool))
			continue;
		assert_int_equal(scratch_sh(cases[i].command), 0);
		assert_int_equal(unpack("g", cases[i].kind, &pb_budget_default, &o), PB_OK);
		assert_int_equal(o.members, 1);
		if (o.limits == 0)
			fail_msg("%s: garbage behind the stream was not told:\n%s", cases[i].kind, o.text);
	}
}

/* The raw format of libarchive takes anything: what only looks like a layer must not come out of itself, for ever. */
static void no_layer(void **state)
{
	static const char *const kinds[] = {"zstd", "lzma", "lz4", "lzip", "compress"};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		outcome o = {0};

		assert_int_equal(
		    unpack_bytes((pb_bytes){(const uint8_t *)"just a text, no stream", 22}, kinds[i], &pb_budget_default, &o),
		    PB_OK);
		assert_int_equal(o.members, 0);
		assert_int_equal(o.limits, 1);
	}
}

static void ar_and_deb(void **state)
{
	outcome o = {0};
	json_t *fact;

	(void)state;
	scratch_need("ar");
	assert_int_equal(scratch_sh("cp d/a.txt a-name-that-is-longer-than-sixteen-bytes.txt\n"
	                            "ar rcD lib.a a-name-that-is-longer-than-sixteen-bytes.txt d/sub/b.txt\n"
	                            "printf '2.0\\n' >debian-binary; tar -cJf control.tar.xz d/a.txt; tar -cJf data.tar.xz d\n"
	                            "ar rcD p.deb debian-binary control.tar.xz data.tar.xz"),
	                 0);
	assert_int_equal(unpack("lib.a", "ar", &pb_budget_default, &o), PB_OK);
	assert_non_null(strstr(o.text, "a-name-that-is-longer-than-sixteen-bytes.txt 20 "));
	assert_non_null(strstr(o.text, "b.txt 19 "));
	assert_int_equal(o.limits, 0);
	assert_int_equal(unpack("p.deb", "deb", &pb_budget_default, &o), PB_OK);
	assert_int_equal(o.members, 3);
	assert_non_null(strstr(o.text, "debian-binary 4 "));
	assert_non_null(strstr(o.text, "control.tar.xz "));
	fact = list("p.deb", "", "deb", 100);
	assert_int_equal(json_array_size(json_object_get(fact, "entries")), 3);
	assert_true(json_is_true(json_object_get(fact, "complete")));
	assert_string_equal(pb_json_str(entry(fact, "debian-binary"), "md5", ""), "3cf918272ffa5de195752d73f3da3e5e");
	assert_int_equal(strlen(pb_json_str(entry(fact, "debian-binary"), "sha256", "")), 64);
	assert_null(json_object_get(entry(fact, "data.tar.xz"), "sha256"));
	json_decref(fact);
}

static void rpm(void **state)
{
	outcome o = {0};
	json_t *fact;

	(void)state;
	scratch_need("rpmbuild");
	assert_int_equal(
	    scratch_sh("cat >t.spec <<'END'\nName: demo\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\n"
	               "%description\nx\n%install\nmkdir -p %{buildroot}/opt\n"
	               "echo 'hello from an rpm' >%{buildroot}/opt/hello; ln %{buildroot}/opt/hello %{buildroot}/opt/second\n"
	               "ln -s hello %{buildroot}/opt/sym\n%files\n/opt\nEND\n"
	               "rpmbuild -bb --quiet --define \"_topdir $PWD/r\" --define '_binary_payload w19.zstdio' "
	               "--define '_build_name_fmt demo.rpm' t.spec && cp r/RPMS/demo.rpm ."),
	    0);
	assert_int_equal(unpack("demo.rpm", "rpm", &pb_budget_default, &o), PB_OK);
	assert_int_equal(o.members, 1); /* two links, one content */
	assert_non_null(strstr(o.text, " 18 "));
	assert_int_equal(o.limits, 0);
	fact = list("demo.rpm", "", "rpm", 100);
	assert_int_equal(json_array_size(json_object_get(fact, "entries")), 4);
	assert_string_equal(pb_json_str(entry(fact, "opt/sym"), "link", ""), "hello");
	assert_null(json_object_get(entry(fact, "opt/hello"), "sha256")); /* not those of an empty file */
	json_decref(fact);
}

static void modern_zip(void **state)
{
	outcome o = {0};

	(void)state;
	scratch_need("python3");
	assert_int_equal(
	    scratch_sh("python3 - <<'END'\nimport zipfile\nz=zipfile.ZipFile('m.zip','w')\n"
	               "z.writestr('plain.txt','x'*50,zipfile.ZIP_DEFLATED)\nz.writestr('new.txt','y'*60,zipfile.ZIP_LZMA)\n"
	               "z.writestr('dir/bz.txt','z'*70,zipfile.ZIP_BZIP2)\nz.close()\nEND"),
	    0);
	assert_int_equal(unpack("m.zip", "zip-lzma", &pb_budget_default, &o), PB_OK);
	assert_int_equal(o.members, 1); /* ClamAV delivers the other two */
	assert_non_null(strstr(o.text, "new.txt 60 "));
	assert_int_equal(o.limits, 0);
}

/* Each bound, told under its name, without unpacking beyond it. */
static void bounds(void **state)
{
	pb_budget small = pb_budget_default;
	outcome o = {0};

	(void)state;
	scratch_need("zstd");
	assert_int_equal(scratch_sh("ar rcD three.a d/a.txt d/sub/b.txt d/tiny\n"
	                            "head -c 100000000 /dev/zero | zstd -q -19 >zeros.zst; ls -l zeros.zst"),
	                 0);
	small.members = 2;
	assert_int_equal(unpack("three.a", "ar", &small, &o), PB_OK);
	assert_int_equal(o.members, 2);
	assert_non_null(strstr(o.text, "! product: more than 2 members\n"));
	small = pb_budget_default;
	small.member_bytes = 19;
	assert_int_equal(unpack("three.a", "ar", &small, &o), PB_OK);
	assert_int_equal(o.members, 2); /* the large one is left out, the next ones come */
	assert_non_null(strstr(o.text, "! product > a.txt: member larger than 19 bytes\n"));
	small = pb_budget_default;
	small.total_bytes = 25;
	assert_int_equal(unpack("three.a", "ar", &small, &o), PB_OK);
	assert_int_equal(o.members, 1);
	assert_non_null(strstr(o.text, "! product: more than 25 bytes unpacked\n"));
	assert_true(o.total <= 25);
	assert_int_equal(unpack("zeros.zst", "zstd", &pb_budget_default, &o), PB_OK);
	assert_int_equal(o.members, 0);
	assert_non_null(strstr(o.text, "! product: unpacks to more than 1000 times its size\n"));
	assert_true(o.total <= 20 << 20);
	small = pb_budget_default;
	small.ratio = 1000000;
	small.member_bytes = 50000000;
	assert_int_equal(unpack("zeros.zst", "zstd", &small, &o), PB_OK);
	assert_int_equal(o.members, 0);
	assert_non_null(strstr(o.text, "! product: member larger than 50000000 bytes\n"));
	o.code = PB_EIO; /* the member function stops it */
	assert_int_equal(unpack("three.a", "ar", &pb_budget_default, &o), PB_EIO);
	assert_int_equal(o.members, 1);
	o.code = 1;
	assert_int_equal(unpack("three.a", "ar", &pb_budget_default, &o), 1);
	assert_int_equal(o.members, 1);
}

/* Headers that announce far more than there is: nothing is allocated for the announcement. */
static void lies(void **state)
{
	char header[128];
	pb_bytes b;
	outcome o = {0};
	json_t *fact;
	uint8_t *copy;
	unsigned sum = 0;

	(void)state;
	(void)snprintf(header, sizeof header, "!<arch>\n%-16s%-12s%-6s%-6s%-8s%-10s`\nfew bytes", "big/", "0", "0", "0",
	               "100644", "9999999999");
	assert_int_equal(unpack_bytes((pb_bytes){(const uint8_t *)header, strlen(header)}, "ar", &pb_budget_default, &o),
	                 PB_OK);
	assert_int_equal(o.limits, 1);
	assert_true(o.total < 100);
	fact = pb_archive_list((pb_bytes){(const uint8_t *)header, strlen(header)}, pb_kind_named("ar"), 10, NULL);
	assert_int_equal(pb_json_int(entry(fact, "big"), "size", 0), 9999999999);
	assert_false(json_is_true(json_object_get(fact, "complete")));
	json_decref(fact);
	b = scratch_load("d.tar"); /* the first file is said to have 2^62 bytes */
	copy = (uint8_t *)(uintptr_t)b.data;
	memset(copy + 512 + 124, 0, 12);
	copy[512 + 124] = 0x80;
	copy[512 + 128] = 0x40;
	fact = pb_archive_list(b, pb_kind_named("tar"), 10, NULL);
	assert_false(
	    json_is_true(json_object_get(fact, "complete"))); /* the checksum is wrong: told, and what follows is found */
	assert_true(json_array_size(json_object_get(fact, "entries")) > 3);
	json_decref(fact);
	memset(copy + 512 + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += copy[512 + i];
	(void)snprintf((char *)copy + 512 + 148, 8, "%06o", sum);
	fact = pb_archive_list(b, pb_kind_named("tar"), 10, NULL);
	assert_false(json_is_true(json_object_get(fact, "complete")));
	json_decref(fact);
	scratch_free(b);
}

/* Cut at every 97th byte and with bytes overturned, each kind of archive is read to an end without an accident. */
static void damage(void **state)
{
	static const struct {
		const char *file, *kind;
	} files[] = {
	    {"p.deb", "deb"},     {"lib.a", "ar"},        {"demo.rpm", "rpm"},  {"d.tar.zst", "zstd"},
	    {"d.tar.lz4", "lz4"}, {"d.tar.lzma", "lzma"}, {"d.tar.lz", "lzip"}, {"m.zip", "zip-lzma"},
	    {"d.tar", "tar"},     {"plain.zip", "zip"},   {"solid.7z", "7z"},
	};
	pb_budget small = pb_budget_default;
	prng r = prng_of_case(21, 3);

	(void)state;
	small.member_bytes = 1 << 20;
	if (scratch_has("zip"))
		assert_int_equal(scratch_sh("zip -q -r plain.zip d"), 0);
	if (scratch_has("7z"))
		assert_int_equal(scratch_sh("7z a -bd solid.7z d"), 0);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		pb_bytes whole;
		const pb_kind *kind = pb_kind_named(files[i].kind);

		if (access(scratch_path(files[i].file), R_OK) != 0)
			continue; /* its tool is not here */
		whole = scratch_load(files[i].file);
		for (size_t n = 0, round = 0; n < whole.size || round < 150; n += 97, round++) {
			size_t size = n < whole.size ? n : whole.size;
			uint8_t *data = malloc(size > 0 ? size : 1);
			outcome o = {0};
			json_t *fact;

			memcpy(data, whole.data, size);
			for (int k = 0; n >= whole.size && k < 4; k++)
				data[prng_next(&r) % size] = (uint8_t)prng_next(&r);
			if (kind->opener == PB_OPENS_LIBARCHIVE)
				assert_int_equal(unpack_bytes((pb_bytes){data, size}, files[i].kind, &small, &o), PB_OK);
			if (kind->members) {
				fact = pb_archive_list((pb_bytes){data, size}, kind, 100, NULL);
				json_decref(fact);
			}
			free(data);
		}
		scratch_free(whole);
	}
}

static void cut_short(void **state)
{
	pb_bytes b;
	outcome o = {0};

	(void)state;
	scratch_need("zstd");
	assert_int_equal(scratch_sh("head -c 3000000 /dev/urandom >noise; zstd -qf noise"), 0);
	b = scratch_load("noise.zst");
	assert_int_equal(unpack_bytes((pb_bytes){b.data, b.size / 2}, "zstd", &pb_budget_default, &o), PB_OK);
	assert_int_equal(o.members, 1); /* what could be read is examined */
	assert_int_equal(o.limits, 1);  /* and that it is not all is told, once */
	assert_non_null(strstr(o.text, "! product: " PB_WHY_DAMAGED "\n"));
	assert_true(o.total > 1000000);
	scratch_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(layers),   cmocka_unit_test(garbage_behind),
	    cmocka_unit_test(no_layer), cmocka_unit_test(ar_and_deb),
	    cmocka_unit_test(rpm),      cmocka_unit_test(modern_zip),
	    cmocka_unit_test(bounds),   cmocka_unit_test(lies),
	    cmocka_unit_test(damage),   cmocka_unit_test(cut_short),
	};

	return cmocka_run_group_tests(tests, archive_case_begin, scratch_end);
}
