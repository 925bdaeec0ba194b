/* plugin/clamav: real libclamav, a database of a few lines, real archives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>

#include "base/error.h"
#include "base/fs.h"
#include "clamav/engine.h"
#include "tests/unit/prng.h"
#include "tests/unit/scratch.h"

/* The EICAR test string, in two parts so that this file is none. */
static const char eicar[] = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-"
                            "ANTIVIRUS-TEST-FILE!$H+H*";

static pb_engine *engine;

typedef struct seen {
	char text[65536];
	size_t n, objects;
	bool quiet;
} seen_t;

static void add(seen_t *s, const pb_path *path, const char *before, const char *after)
{
	char *shown = pb_path_join(path, " > ");

	s->n += (size_t)snprintf(s->text + s->n, sizeof s->text - s->n, "%s%s%s\n", before, shown, after);
	if (s->n >= sizeof s->text)
		s->n = sizeof s->text - 1;
	free(shown);
}

static void on_object(void *user, const pb_object *o)
{
	seen_t *s = user;

	s->objects++;
	if (!s->quiet)
		add(s, o->path, "", "");
}

static void on_limit(void *user, const pb_path *path, const char *why)
{
	char after[128];

	(void)snprintf(after, sizeof after, ": %s", why);
	add(user, path, "! ", after);
}

static void on_detected(void *user, const pb_detection *found, size_t count)
{
	char after[160];

	for (size_t i = 0; i < count; i++) {
		(void)snprintf(after, sizeof after, " = %s", found[i].signature);
		assert_int_equal(strlen(found[i].sha256), 64);
		add(user, &found[i].path, "* ", after);
	}
}

static int scan_file(pb_engine *e, const char *name, seen_t *s)
{
	pb_sink sink = {.object = on_object, .limit = on_limit, .user = s};
	pb_error err = {0};
	pb_path base = {0};
	int fd = open(scratch_path(name), O_RDONLY), rc;

	assert_true(fd >= 0);
	assert_int_equal(pb_path_push(&base, name), PB_OK);
	s->n = s->objects = 0;
	s->text[0] = '\0';
	rc = pb_engine_scan_fd(e, fd, &base, &sink, on_detected, &err);
	assert_true((rc == PB_OK) == (err.text[0] == '\0'));
	pb_path_free(&base);
	assert_int_equal(close(fd), 0); /* still open: libclamav did not close it */
	return rc;
}

static int scan_bytes(pb_engine *e, pb_bytes b, const char *name, seen_t *s)
{
	pb_sink sink = {.object = on_object, .limit = on_limit, .user = s};
	pb_error err = {0};
	pb_path base = {0};
	int rc;

	assert_int_equal(pb_path_push(&base, "outer.deb"), PB_OK);
	assert_int_equal(pb_path_push(&base, name), PB_OK);
	s->n = s->objects = 0;
	s->text[0] = '\0';
	rc = pb_engine_scan_bytes(e, b, &base, &sink, on_detected, &err);
	pb_path_free(&base);
	return rc;
}

static int open_engine(const char *dir, const char *extra, const pb_budget *budget, pb_engine **e, pb_database *about,
                       pb_error *err)
{
	char db[512], more[512], temp[512];

	(void)snprintf(db, sizeof db, "%s/%s", scratch_dir, dir);
	(void)snprintf(more, sizeof more, "%s/%s", scratch_dir, extra != NULL ? extra : "");
	(void)snprintf(temp, sizeof temp, "%s/temp", scratch_dir);
	return pb_engine_open(db, extra != NULL ? more : NULL, temp, budget, e, about, err);
}

static int prepare(void **state)
{
	pb_error err = {0};
	pb_database about;

	if (scratch_begin(state) != 0 || scratch_sh("mkdir db temp empty extra d d/x d/y") != 0)
		return -1;
	scratch_save("eicar.com", eicar, sizeof eicar - 1);
	if (scratch_sh("echo 44d88612fea8a8f36de82e1278abb02f:68:Test.EICAR >db/t.hdb; echo 'Test.Marker:0:*:504c414e544544' "
	               ">extra/t.ndb\n"
	               "echo no database >db/README.md; cp eicar.com d/x/e.com; echo 'text, the first one' >d/x/same.txt\n"
	               "echo 'text, another one' >d/y/same.txt; printf abc >d/tiny") != 0)
		return -1;
	if (open_engine("db", NULL, &pb_budget_default, &engine, &about, &err) == PB_OK)
		return 0;
	print_message("%s\n", err.text);
	return -1;
}

static int finish(void **state)
{
	pb_engine_close(engine);
	return scratch_end(state);
}

static void databases(void **state)
{
	pb_error err = {0};
	pb_database one, two;
	pb_engine *e;
	seen_t s = {.n = 0};

	(void)state;
	assert_true(strlen(pb_engine_version()) >= 3);
	assert_int_equal(open_engine("db", NULL, &pb_budget_default, &e, &one, &err), PB_OK);
	assert_int_equal(one.signatures, 1);
	assert_false(one.official);
	assert_string_equal(one.version, "");
	assert_int_equal(one.built_days, -1);
	assert_int_equal(strlen(one.digest), 64);
	assert_non_null(strstr(one.dir, "/db"));
	pb_engine_close(e);
	/* what is known of a product is asked for by the digest, before any engine is open */
	assert_int_equal(pb_engine_digest(one.dir, NULL, &two, &err), PB_OK);
	assert_string_equal(two.digest, one.digest);
	assert_string_equal(two.dir, one.dir);
	assert_int_equal(pb_engine_digest(one.dir, "/no such folder", &two, &err), PB_EINPUT);
	assert_string_equal(two.digest, "");
	assert_int_equal(open_engine("db", "extra", &pb_budget_default, &e, &two, &err), PB_OK);
	assert_int_equal(two.signatures, 2);
	assert_string_not_equal(one.digest, two.digest);
	scratch_save("marked.txt", "something PLANTED in a text", 27);
	assert_int_equal(scan_file(e, "marked.txt", &s), PB_OK);
	assert_string_equal(s.text, "marked.txt\n* marked.txt = Test.Marker.UNOFFICIAL\n");
	pb_engine_close(e);
	/* no signature at all: nothing is found, and everything is unpacked */
	assert_int_equal(open_engine("empty", NULL, &pb_budget_default, &e, &one, &err), PB_OK);
	assert_int_equal(one.signatures, 0);
	assert_int_equal(scan_file(e, "eicar.com", &s), PB_OK);
	assert_string_equal(s.text, "eicar.com\n");
	pb_engine_close(e);
}

static void broken_databases(void **state)
{
	static const struct {
		const char *command, *dir, *names;
	} cases[] = {
	    {"mkdir b1; echo 'not:a' >b1/broken.hdb; echo 44d88612fea8a8f36de82e1278abb02f:68:Fine >b1/fine.hdb", "b1",
	     "b1/broken.hdb"},
	    {"mkdir b2; mkfifo b2/waits.ndb", "b2", "b2/waits.ndb"},
	    {"mkdir b3; head -c 2000 /dev/zero >b3/daily.cvd", "b3", "b3/daily.cvd"},
	    {"mkdir b4; ln -s nowhere b4/gone.hdb", "b4", "b4/gone.hdb"},
	    {"true", "no-such-folder", "no-such-folder"},
	    {"true", "eicar.com", "eicar.com"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		pb_error err = {0};
		pb_database about;
		pb_engine *e = engine;

		assert_int_equal(scratch_sh(cases[i].command), 0);
		assert_int_equal(open_engine(cases[i].dir, NULL, &pb_budget_default, &e, &about, &err), PB_EINPUT);
		assert_null(e);
		if (strstr(err.text, cases[i].names) == NULL)
			fail_msg("%s does not name %s", err.text, cases[i].names);
	}
}

/* The signatures that the project ships. */
static void shipped(void **state)
{
	char *data = pb_fs_data_dir(), *folder = data != NULL ? pb_fs_join(data, "rulesets/clamav") : NULL;
	char text[256];
	pb_error err = {0};
	pb_database about;
	pb_engine *e;
	seen_t s = {.n = 0};

	(void)state;
	assert_non_null(folder);
	assert_int_equal(pb_engine_open(scratch_path("empty"), folder, "/tmp", &pb_budget_default, &e, &about, &err), PB_OK);
	assert_false(about.official);
	(void)snprintf(text, sizeof text, "before %s behind", eicar);
	assert_int_equal(scan_bytes(e, (pb_bytes){(const uint8_t *)text, strlen(text)}, "a.txt", &s), PB_OK);
	assert_non_null(strstr(s.text, "* outer.deb > a.txt = Probity.Test.EICAR.Embedded.UNOFFICIAL\n"));
	(void)snprintf(text, sizeof text, "PROBITY-TEST-STRING-%s", "THAT-NO-PRODUCT-CONTAINS-f3a91c");
	assert_int_equal(scan_bytes(e, (pb_bytes){(const uint8_t *)text, strlen(text)}, "a.txt", &s), PB_OK);
	assert_non_null(strstr(s.text, "= Probity.Test.Marker.UNOFFICIAL\n"));
	pb_engine_close(e);
	free(folder);
	free(data);
}

static void chains(void **state)
{
	seen_t s = {.n = 0};

	(void)state;
	scratch_need("zip");
	assert_int_equal(scratch_sh("(cd d; zip -q -r ../in.zip x y tiny; tar -czf ../in.tgz x y tiny)\n"
	                            "mkdir o; cp in.zip in.tgz o/; (cd o; zip -q ../out.zip in.zip in.tgz)\n"
	                            "tar -cf out.tar o; bzip2 -k out.tar; xz -k out.tar"),
	                 0);
	assert_int_equal(scan_file(engine, "out.zip", &s), PB_OK);
	assert_string_equal(s.text, "out.zip\nout.zip > in.zip\nout.zip > in.zip > x/e.com\nout.zip > in.zip > x/same.txt\n"
	                            "out.zip > in.zip > y/same.txt\nout.zip > in.tgz\nout.zip > in.tgz > in.tar\n"
	                            "out.zip > in.tgz > x/e.com\nout.zip > in.tgz > x/same.txt\nout.zip > in.tgz > y/same.txt\n"
	                            "* out.zip > in.zip > x/e.com = Test.EICAR.UNOFFICIAL\n"
	                            "* out.zip > in.tgz > x/e.com = Test.EICAR.UNOFFICIAL\n");
	assert_int_equal(scan_file(engine, "out.tar.bz2", &s), PB_OK);
	assert_int_equal(s.objects, 2 + 9);
	assert_non_null(strstr(s.text, "* out.tar.bz2 > o/in.zip > x/e.com = Test.EICAR.UNOFFICIAL\n"));
	assert_int_equal(scan_file(engine, "out.tar.xz", &s), PB_OK);
	assert_int_equal(s.objects, 2 + 9);
	assert_non_null(strstr(s.text, "* out.tar.xz > o/in.tgz > x/e.com = Test.EICAR.UNOFFICIAL\n"));
	if (!scratch_has("7z"))
		return;
	assert_int_equal(scratch_sh("7z a -bd out.7z o"), 0);
	assert_int_equal(scan_file(engine, "out.7z", &s), PB_OK);
	assert_non_null(strstr(s.text, "* out.7z > o/in.zip > x/e.com = Test.EICAR.UNOFFICIAL\n"));
}

/* The second scan sees what the first one saw: libclamav's cache would hide it. */
static void no_cache(void **state)
{
	static seen_t one, two;

	(void)state;
	scratch_need("zip");
	assert_int_equal(scan_file(engine, "out.zip", &one), PB_OK);
	assert_int_equal(scan_file(engine, "out.zip", &two), PB_OK);
	assert_string_equal(one.text, two.text);
	assert_true(one.objects > 9);
}

static void from_memory(void **state)
{
	pb_bytes b;
	seen_t s = {.n = 0};

	(void)state;
	scratch_need("zip");
	b = scratch_load("in.zip");
	assert_int_equal(scan_bytes(engine, b, "in.zip", &s), PB_OK);
	assert_string_equal(s.text,
	                    "outer.deb > in.zip\nouter.deb > in.zip > x/e.com\nouter.deb > in.zip > x/same.txt\n"
	                    "outer.deb > in.zip > y/same.txt\n* outer.deb > in.zip > x/e.com = Test.EICAR.UNOFFICIAL\n");
	scratch_free(b);
	assert_int_equal(scan_bytes(engine, (pb_bytes){(const uint8_t *)eicar, sizeof eicar - 1}, "e", &s), PB_OK);
	assert_string_equal(s.text, "outer.deb > e\n* outer.deb > e = Test.EICAR.UNOFFICIAL\n");
	assert_int_equal(scan_bytes(engine, (pb_bytes){(const uint8_t *)"tiny!", 5}, "t", &s), PB_OK);
	assert_string_equal(s.text, "");
	assert_int_equal(scan_bytes(engine, (pb_bytes){NULL, 0}, "t", &s), PB_OK);
	assert_string_equal(s.text, "");
}

static void names(void **state)
{
	seen_t s = {.n = 0};

	(void)state;
	scratch_need("python3");
	assert_int_equal(
	    scratch_sh("python3 - <<'END'\nimport tarfile,io,zipfile,warnings\nwarnings.simplefilter('ignore')\n"
	               "names=['../../up.txt','/abs.txt','n'*60+'/'+'m'*60+'/x.js','new\\nline\\x1b[31m.txt','\\u00fcml.txt']\n"
	               "z=zipfile.ZipFile('names.zip','w')\n"
	               "for f,k in ((tarfile.GNU_FORMAT,'gnu'),(tarfile.PAX_FORMAT,'pax'),(tarfile.USTAR_FORMAT,'ustar')):\n"
	               "  t=tarfile.open('names.tar.'+k,'w',format=f)\n"
	               "  for n in names:\n    i=tarfile.TarInfo(n);i.size=20;t.addfile(i,io.BytesIO(b'q'*20))\n  t.close()\n"
	               "for n in names: z.writestr(n,'q'*20)\n"
	               "z.writestr('dup.txt','first one');z.writestr('dup.txt','other one');z.close()\nEND"),
	    0);
	for (int i = 0; i < 4; i++) {
		static const char *const files[] = {"names.tar.gnu", "names.tar.pax", "names.tar.ustar", "names.zip"};
		char want[1024], n[61], m[61];

		memset(n, 'n', 60);
		memset(m, 'm', 60);
		n[60] = m[60] = '\0';
		(void)snprintf(want, sizeof want,
		               "%s\n%s > ../../up.txt\n%s > abs.txt\n%s > %s/%s/x.js\n%s > new\\x0aline\\x1b[31m.txt\n"
		               "%s > \xc3\xbcml.txt\n%s%s%s%s",
		               files[i], files[i], files[i], files[i], n, m, files[i], files[i], i == 3 ? files[i] : "",
		               i == 3 ? " > dup.txt\n" : "", i == 3 ? files[i] : "", i == 3 ? " > dup.txt\n" : "");
		assert_int_equal(scan_file(engine, files[i], &s), PB_OK);
		assert_string_equal(s.text, want);
	}
}

static void ciphers(void **state)
{
	seen_t s = {.n = 0};

	(void)state;
	scratch_need("zip");
	assert_int_equal(scratch_sh("(cd d; zip -q -r -P secret ../enc.zip x)"), 0);
	assert_int_equal(scan_file(engine, "enc.zip", &s), PB_OK);
	assert_string_equal(s.text, "enc.zip\n"); /* listed by libarchive, and told by reduce */
	if (!scratch_has("7z"))
		return;
	/* A 7z behind a program: only ClamAV sees it. */
	assert_int_equal(
	    scratch_sh("(cd d; 7z a -bd -psecret ../enc.7z x/same.txt y/same.txt; 7z a -bd ../some.7z x y)\n"
	               "cp /bin/true plain; cat plain enc.7z >sfx; cat plain some.7z >sfx2; tar -cf sfx.tar plain sfx sfx2"),
	    0);
	assert_int_equal(scan_file(engine, "sfx", &s), PB_OK);
	assert_string_equal(s.text, "sfx\n! sfx > x/same.txt: encrypted\n! sfx > y/same.txt: encrypted\n");
	assert_int_equal(scan_file(engine, "sfx.tar", &s), PB_OK);
	assert_string_equal(s.text, "sfx.tar\nsfx.tar > plain\nsfx.tar > sfx\n! sfx.tar > sfx > x/same.txt: encrypted\n"
	                            "! sfx.tar > sfx > y/same.txt: encrypted\nsfx.tar > sfx2\nsfx.tar > sfx2 > x/e.com\n"
	                            "sfx.tar > sfx2 > x/same.txt\nsfx.tar > sfx2 > y/same.txt\n"
	                            "* sfx.tar > sfx2 > x/e.com = Test.EICAR.UNOFFICIAL\n");
}

/* The letters PK\3\4 in the midst of a program: ClamAV announces members with names of garbage. */
static void letters_of_zip(void **state)
{
	seen_t s = {.n = 0};

	(void)state;
	scratch_need("zip");
	assert_int_equal(scratch_sh("cp /bin/true plain; { cat plain; head -c 120 enc.zip; head -c 5000 /dev/zero; } >letters\n"
	                            "cat plain in.zip >carrier; tar -cf letters.tar letters; zip -q letters.zip letters"),
	                 0);
	assert_int_equal(scan_file(engine, "letters", &s), PB_OK);
	assert_string_equal(s.text, "letters\n");
	assert_int_equal(scan_file(engine, "letters.tar", &s), PB_OK);
	assert_string_equal(s.text, "letters.tar\nletters.tar > letters\n");
	assert_int_equal(scan_file(engine, "letters.zip", &s), PB_OK);
	assert_string_equal(s.text, "letters.zip\nletters.zip > letters\n");
	assert_int_equal(scan_file(engine, "carrier", &s), PB_OK); /* a zip that is one is opened */
	assert_string_equal(s.text, "carrier\ncarrier > x/e.com\ncarrier > x/same.txt\ncarrier > y/same.txt\n"
	                            "* carrier > x/e.com = Test.EICAR.UNOFFICIAL\n");
}

/* ClamAV's limits are told, and never as detections. */
static void limits(void **state)
{
	pb_budget small = pb_budget_default;
	pb_error err = {0};
	pb_database about;
	pb_engine *e;
	seen_t s = {.n = 0};

	(void)state;
	scratch_need("zip");
	small.depth = 1;
	assert_int_equal(open_engine("db", NULL, &small, &e, &about, &err), PB_OK);
	assert_int_equal(scan_file(e, "out.zip", &s), PB_OK);
	assert_non_null(strstr(s.text, "! out.zip > in.zip: nested deeper than ClamAV's bound\n"));
	assert_null(strstr(s.text, "Heuristics"));
	pb_engine_close(e);
	small = pb_budget_default;
	small.member_bytes = 100;
	assert_int_equal(open_engine("db", NULL, &small, &e, &about, &err), PB_OK);
	assert_int_equal(scan_file(e, "out.zip", &s), PB_OK);
	assert_string_equal(s.text, "! out.zip: larger than ClamAV's bound for one file\n");
	pb_engine_close(e);
	small = pb_budget_default;
	small.memory_bytes = 100; /* of what it unpacks alone */
	assert_int_equal(open_engine("db", NULL, &small, &e, &about, &err), PB_OK);
	assert_true(scan_file(e, "out.zip", &s) == PB_OK && strstr(s.text, "! out.zip > in.zip: cut short") && !strstr(s.text, "! out.zip: "));
	pb_engine_close(e);
	small = pb_budget_default;
	small.members = 1;
	assert_int_equal(open_engine("db", NULL, &small, &e, &about, &err), PB_OK);
	assert_int_equal(scan_file(e, "in.zip", &s), PB_OK);
	assert_non_null(strstr(s.text, "! in.zip: more members than ClamAV's bound\n"));
	pb_engine_close(e);
}

/* A process that is forked off scans with the engine that was compiled before, and leaves nothing behind. */
static void forked(void **state)
{
	pid_t child[4];

	(void)state;
	scratch_need("zip");
	for (size_t i = 0; i < 4; i++) {
		child[i] = fork();
		assert_true(child[i] >= 0);
		if (child[i] == 0) {
			static seen_t s;
			int bad = 0;

			for (int k = 0; k < 20 && !bad; k++)
				bad = scan_file(engine, "out.zip", &s) != PB_OK || s.objects != 10 ||
				      strstr(s.text, "* out.zip > in.zip > x/e.com") == NULL;
			pb_engine_close(engine);
			_exit(bad);
		}
	}
	for (size_t i = 0; i < 4; i++) {
		int status = -1;

		assert_int_equal(waitpid(child[i], &status, 0), child[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(scratch_sh("test -z \"$(find temp -mindepth 1)\""), 0);
}

static void testfiles(void **state)
{
	static const char *const files[] = {"clam.cab",       "clam.arj",      "clam.chm",           "clam.mail",
	                                    "clam.ole.doc",   "clam.pdf",      "clam-nsis.exe",      "clam-upx.exe",
	                                    "clam.newc.cpio", "clam.exe.szdd", "clam_IScab_int.exe", "clam.exe.html"};
	static seen_t one, two;

	(void)state;
	if (access("/usr/share/clamav-testfiles", R_OK) != 0) {
		print_message("no clamav-testfiles here\n");
		skip();
	}
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		char command[128];

		(void)snprintf(command, sizeof command, "cp /usr/share/clamav-testfiles/%s .", files[i]);
		assert_int_equal(scratch_sh(command), 0);
		assert_int_equal(scan_file(engine, files[i], &one), PB_OK);
		assert_true(one.objects >= 2);
		assert_int_equal(scan_file(engine, files[i], &two), PB_OK);
		assert_string_equal(one.text, two.text); /* no random names of temporary files */
		assert_null(strstr(one.text, "clamav-"));
	}
}

static void damaged(void **state)
{
	static const char *const files[] = {"out.zip", "in.tgz", "out.tar", "out.tar.xz", "out.7z"};
	prng r = prng_of_case(5, 9);
	static seen_t s;

	(void)state;
	s.quiet = true;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		pb_bytes whole;

		if (access(scratch_path(files[i]), R_OK) != 0)
			continue;
		whole = scratch_load(files[i]);
		for (int k = 0; k < 60; k++) {
			size_t size = 6 + (size_t)prng_next(&r) % (whole.size - 6);
			uint8_t *data = malloc(size);

			memcpy(data, whole.data, size);
			for (int j = 0; j < k % 5; j++)
				data[prng_next(&r) % size] = (uint8_t)prng_next(&r);
			(void)scan_bytes(engine, (pb_bytes){data, size}, files[i], &s);
			assert_true(s.objects >= 1);
			free(data);
		}
		scratch_free(whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(databases), cmocka_unit_test(broken_databases), cmocka_unit_test(shipped),
	    cmocka_unit_test(chains),    cmocka_unit_test(no_cache),         cmocka_unit_test(from_memory),
	    cmocka_unit_test(names),     cmocka_unit_test(ciphers),          cmocka_unit_test(letters_of_zip),
	    cmocka_unit_test(limits),    cmocka_unit_test(forked),           cmocka_unit_test(testfiles),
	    cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, prepare, finish);
}
