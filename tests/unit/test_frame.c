/* plugin/clamav: layers, names and limits from the callbacks alone. The sequences are those that libclamav 1.4.6 was seen to
 * make; test_engine.c plays real ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/frame_case.h"

static void zip_burst(void **state)
{
	pb_frame *f = begin("p.zip", NULL);

	(void)state;
	inspect(0, "CL_TYPE_ZIP", "p.zip", "PK\3\4 outer");
	announce_twice("x/", 0, 0);
	announce_twice("x/same.txt", 10, 0);
	announce_twice("x/tiny", 3, 0);
	announce_twice("y/in.zip", 10, 0);
	announce_twice("y/same.txt", 11, 0);
	announce_twice("z/same.txt", 10, 0);
	announce_twice("dup.txt", 6, 0);
	announce_twice("dup.txt", 6, 0);
	inspect(1, "CL_TYPE_TEXT_ASCII", "same.txt", "ten bytes.");
	inspect(1, "CL_TYPE_ZIP", "in.zip", "PK\3\4 inner");
	announce_twice("a/same.txt", 7, 0);
	inspect(2, "CL_TYPE_TEXT_ASCII", "same.txt", "seven..");
	inspect(1, "CL_TYPE_TEXT_ASCII", "same.txt", "eleven bytes");
	inspect(1, "CL_TYPE_TEXT_ASCII", "same.txt", "TEN BYTES.");
	inspect(1, "CL_TYPE_TEXT_ASCII", "dup.txt", "first.");
	inspect(1, "CL_TYPE_TEXT_ASCII", "dup.txt", "second");
	inspect(1, "CL_TYPE_TEXT_ASCII", "unannounced.txt", "whatever");
	expect(f, "p.zip|zip|.zip\n"
	          "p.zip > x/same.txt|text|.txt\n"
	          "p.zip > y/in.zip|zip|.zip\n"
	          "p.zip > y/in.zip > a/same.txt|text|.txt\n"
	          /* twelve bytes where eleven were announced: the size decides nothing, the order does */
	          "p.zip > y/same.txt|text|.txt\n"
	          "p.zip > z/same.txt|text|.txt\n"
	          "p.zip > dup.txt|text|.txt\n"
	          "p.zip > dup.txt|text|.txt\n"
	          "p.zip > unannounced.txt|text|.txt\n");
}

static void ciphers_and_cuts(void **state)
{
	pb_frame *f = begin("p.zip", NULL);

	(void)state;
	inspect(0, "CL_TYPE_ZIP", "p.zip", "PK\3\4 outer");
	announce_twice("secret/a.txt", 100, 1); /* libarchive lists zips: reduce sees what is encrypted */
	announce_twice("b.txt", 100, 0);
	announce_twice("never.txt", 100, 0); /* and what is missing */
	inspect(1, "CL_TYPE_TEXT_ASCII", "b.txt", "only the beginning");
	expect(f, "p.zip|zip|.zip\n"
	          "! p.zip > b.txt: cut short: fewer bytes than its archive announced\n"
	          "p.zip > b.txt|text|.txt\n");
}

static void never_delivered(void **state)
{
	pb_frame *f = begin("p.arj", NULL);

	(void)state;
	inspect_fd(3, 0, "CL_TYPE_ARJ", "p.arj", "\x60\xea\x29\0xx", 6);
	pb_frame_meta("CL_TYPE_ARJ", "dir/", 0, 0);
	pb_frame_meta("CL_TYPE_ARJ", "a.txt", 8, 0);
	inspect(1, "CL_TYPE_TEXT_ASCII", "a.txt", "is there");
	pb_frame_meta("CL_TYPE_ARJ", "tiny", 5, 0);
	pb_frame_meta("CL_TYPE_ARJ", "new\nline", 2000, 0);
	pb_frame_meta("CL_TYPE_ARJ", "b.txt", 8, 0);
	inspect(1, "CL_TYPE_TEXT_ASCII", "b.txt", "as well.");
	expect(f, "p.arj|arj|.arj\np.arj > a.txt|text|.txt\np.arj > b.txt|text|.txt\n"
	          "! p.arj > new\\x0aline: announced by the archive, not delivered by ClamAV\n");
}

static void payloads(void **state)
{
	static const char gz[] = "\x1f\x8b\x08\0......", xz[] = "\xfd"
	                                                        "7zXZ\0....";
	pb_frame *f = begin("d.tgz", NULL);

	(void)state;
	inspect_fd(3, 0, "CL_TYPE_GZ", "d.tgz", gz, sizeof gz - 1);
	inspect_fd(4, 1, "CL_TYPE_XZ", NULL, xz, sizeof xz - 1);
	inspect(2, "CL_TYPE_TEXT_ASCII", NULL, "payload of the payload");
	inspect(3, "CL_TYPE_TEXT_ASCII", "d/a.txt", "a member");
	inspect(3, "CL_TYPE_TEXT_ASCII", NULL, "one without a name");
	inspect(3, "CL_TYPE_TEXT_ASCII", "clamav-0e9877b751db8b9edefeee3f26ba5c73.tmp", "one with a random name");
	inspect(1, "CL_TYPE_TEXT_ASCII", NULL, "a second one, not the payload");
	expect(f, "d.tgz|gzip|.tgz\nd.tgz > d.tar|xz|.tar\nd.tgz > d.tar > d.tar~payload|text|\n"
	          "d.tgz > d/a.txt|text|.txt\nd.tgz > #1|text|\nd.tgz > #2|text|\nd.tgz > #1|text|\n");
}

/* A tar in a tar is left without a word; the outer one's next member is announced while the inner one is the innermost tar. */
static void tar_in_tar(void **state)
{
	pb_frame *f = begin("t.tar", NULL);
	char tar[512] = "x";

	(void)state;
	memcpy(tar + 257, "ustar", 5);
	inspect_fd(3, 0, "CL_TYPE_POSIX_TAR", "t.tar", tar, sizeof tar);
	pb_frame_meta("CL_TYPE_POSIX_TAR", "in.tar", 512, 0);
	inspect_fd(4, 1, "CL_TYPE_POSIX_TAR", "in.tar", tar, sizeof tar);
	pb_frame_meta("CL_TYPE_POSIX_TAR", "./a//b.txt", 6, 0);
	inspect(2, "CL_TYPE_TEXT_ASCII", "./a//b.txt", "inside");
	pb_frame_meta("CL_TYPE_POSIX_TAR", "a/b.txt", 7, 0);
	inspect(1, "CL_TYPE_TEXT_ASCII", "a/b.txt", "outside");
	expect(f, "t.tar|tar|.tar\nt.tar > in.tar|tar|.tar\nt.tar > in.tar > a/b.txt|text|.txt\nt.tar > a/b.txt|text|.txt\n");
}

static void twice(void **state)
{
	pb_frame *f = begin("x.doc", NULL);

	(void)state;
	inspect(0, "CL_TYPE_MSOLE2", "x.doc", "a document, say");
	inspect(1, "CL_TYPE_TEXT_ASCII", "stream_1", "same bytes");
	inspect(1, "CL_TYPE_TEXT_ASCII", "stream_1", "same bytes");
	inspect(1, "CL_TYPE_TEXT_ASCII", "stream_1", "other bytes");
	inspect(1, "CL_TYPE_TEXT_ASCII", "stream_2", "same bytes");
	expect(f, "x.doc|text|.doc\nx.doc > stream_1|text|\nx.doc > stream_1|text|\nx.doc > stream_2|text|\n");
}

static json_t *list_tar(void *user, pb_bytes bytes, const pb_kind *kind)
{
	json_t *fact, *entries = json_array();
	char a[300], path[400];

	(void)user;
	(void)bytes;
	assert_string_equal(kind->name, "tar");
	memset(a, 'n', 120);
	a[120] = '\0';
	(void)snprintf(path, sizeof path, "d/%s/one.js", a);
	json_array_append_new(entries, json_pack("{s:s,s:s,s:i}", "path", path, "type", "file", "size", 7));
	json_array_append_new(entries, json_pack("{s:s,s:s,s:i}", "path", "d/link", "type", "symlink", "size", 0));
	json_array_append_new(entries, json_pack("{s:s,s:s,s:i}", "path", "d/tiny", "type", "file", "size", 3));
	(void)snprintf(path, sizeof path, "d/%s/two.js", a);
	json_array_append_new(entries, json_pack("{s:s,s:s,s:i}", "path", path, "type", "file", "size", 7));
	json_array_append_new(entries, json_pack("{s:s,s:s,s:i}", "path", "prefix/of/ustar.txt", "type", "file", "size", 9));
	json_array_append_new(entries, json_pack("{s:s,s:s,s:i}", "path", "d/\xc3\xbcml.txt", "type", "file", "size", 8));
	json_array_append_new(entries, json_pack("{s:s,s:s,s:i}", "path", "quite/another", "type", "file", "size", 10));
	fact = json_pack("{s:o}", "entries", entries);
	assert_non_null(fact);
	return fact;
}

/* ClamAV cuts names in a tar at 100 bytes and knows no prefixes: the listing has the true ones. */
static void long_names(void **state)
{
	pb_frame *f = begin("t.tar", list_tar);
	char tar[512] = "x", cut[101], a[121], want[2048];

	(void)state;
	memcpy(tar + 257, "ustar", 5);
	memset(a, 'n', 120);
	a[120] = '\0';
	memset(cut, 'n', 100);
	cut[100] = '\0';
	memcpy(cut, "d/", 2);
	inspect_fd(3, 0, "CL_TYPE_POSIX_TAR", "t.tar", tar, sizeof tar);
	inspect(1, "CL_TYPE_TEXT_ASCII", cut, "first..");
	inspect(1, "CL_TYPE_TEXT_ASCII", cut, "second.");
	inspect(1, "CL_TYPE_TEXT_ASCII", "of/ustar.txt", "third....");
	inspect(1, "CL_TYPE_TEXT_ASCII", "d/?ml.txt", "fourth..");
	inspect(1, "CL_TYPE_TEXT_ASCII", "paxheader.name", "fifth.....");
	inspect(1, "CL_TYPE_TEXT_ASCII", "unlisted.txt", "sixth");
	(void)snprintf(
	    want, sizeof want,
	    "t.tar|tar|.tar\nt.tar > d/%s/one.js|javascript|.js\nt.tar > d/%s/two.js|javascript|.js\n"
	    "t.tar > prefix/of/ustar.txt|text|.txt\nt.tar > d/\xc3\xbcml.txt|text|.txt\nt.tar > quite/another|text|\n"
	    "t.tar > unlisted.txt|text|.txt\n",
	    a, a);
	expect(f, want);
}

static void detections(void **state)
{
	pb_frame *f = begin("p.zip", NULL);
	const pb_detection *d;
	size_t n;

	(void)state;
	pb_frame_found(-1, "Before.Anything");
	inspect_fd(3, 0, "CL_TYPE_ZIP", "p.zip", "PK\3\4 outer", 10);
	announce_twice("a/eicar.com", 8, 0);
	announce_twice("b.txt", 8, 0);
	inspect_fd(4, 1, "CL_TYPE_TEXT_ASCII", "eicar.com", "not true", 8);
	pb_frame_found(4, "Eicar");
	pb_frame_found(4, "Eicar");
	pb_frame_found(4, "PUA.Something");
	inspect_fd(4, 1, "CL_TYPE_TEXT_ASCII", "b.txt", "harmless", 8);
	pb_frame_found(3, "Zip.As.Such");
	pb_frame_found(99, "No.Such.Descriptor");
	pb_frame_found(3, "Heuristics.Limits.Exceeded.MaxFiles");
	pb_frame_found(3, "Heuristics.Limits.Exceeded.Whatever.Comes");
	d = pb_frame_detections(f, &n);
	assert_int_equal(n, 5);
	assert_string_equal(d[0].signature, "Before.Anything");
	assert_int_equal(d[0].path.n, 1);
	assert_string_equal(d[0].sha256, "");
	assert_string_equal(d[1].signature, "Eicar");
	assert_string_equal(d[1].path.part[1], "a/eicar.com");
	assert_int_equal(strlen(d[1].sha256), 64);
	assert_string_equal(d[2].signature, "PUA.Something");
	assert_string_equal(d[3].signature, "Zip.As.Such");
	assert_int_equal(d[3].path.n, 1);
	assert_int_equal(strlen(d[3].sha256), 64);
	assert_string_equal(d[4].path.part[1], "b.txt");
	expect(f, "p.zip|zip|.zip\np.zip > a/eicar.com|text|.com\np.zip > b.txt|text|.txt\n"
	          "! p.zip: more members than ClamAV's bound\n! p.zip: a bound of ClamAV struck\n");
}

static void many_detections(void **state)
{
	pb_frame *f = begin("p", NULL);
	char name[32];
	size_t n;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		(void)snprintf(name, sizeof name, "Sig.%d", i);
		pb_frame_found(-1, name);
	}
	(void)pb_frame_detections(f, &n);
	assert_int_equal(n, 4096);
	expect(f, "! p: more detections than are kept\n");
}

static void hostile(void **state)
{
	pb_frame *f = begin("p", NULL);
	char *large = malloc(1 << 20);

	(void)state;
	pb_frame_meta("CL_TYPE_ZIP", "before any layer", 10, 1);
	inspect(5, "CL_TYPE_BINARY_DATA", "first at level five", "something");
	inspect(0, NULL, NULL, "again from the start");
	inspect_fd(-1, 1, "CL_TYPE_BINARY_DATA", "nothing", NULL, 10);
	inspect_fd(-1, 2, "CL_TYPE_BINARY_DATA", "in nothing", "something", 9);
	inspect_fd(-1, 1, "CL_TYPE_BINARY_DATA", "empty", NULL, 0);
	inspect(1, "CL_TYPE_TEXT_ASCII", "", "an empty name");
	inspect(1, "CL_TYPE_TEXT_ASCII", "../../up\xff\n\033[31m", "a name to climb");
	inspect(1, "CL_TYPE_TEXT_ASCII", "/", "only a slash");
	pb_frame_meta(NULL, "no type", 10, 0);
	pb_frame_meta("CL_TYPE_ZIP", NULL, 10, 0);
	pb_frame_meta("CL_TYPE_ZIP", "", 10, 0);
	pb_frame_found(-1, NULL);
	memset(large, 'n', (1 << 20) - 1);
	large[(1 << 20) - 1] = '\0';
	pb_frame_meta("CL_TYPE_TEXT_ASCII", large, 4, 0);
	pb_frame_found(-1, "A.Signature");
	expect(f, "p|text|\np|text|\n! p > nothing: no bytes delivered\np > nothing > in nothing|text|\np > empty|data|\n"
	          "p > #1|text|\np > ../../up\\xff\\x0a\\x1b[31m|text|\np > .|text|\n"
	          "! p > no type: announced by the archive, not delivered by ClamAV\n");
	free(large);
}

/* What ClamAV takes for a cab inside of something else. */
static void guests(void **state)
{
	pb_frame *f = begin("p", NULL);

	(void)state;
	inspect(0, "CL_TYPE_BINARY_DATA", NULL, "nothing of it comes");
	pb_frame_meta("CL_TYPE_MSCAB", "a.txt", 10, 0);
	expect(f, "p|text|\n");
	f = begin("p", NULL);
	inspect(0, "CL_TYPE_BINARY_DATA", NULL, "one of two comes");
	pb_frame_meta("CL_TYPE_MSCAB", "a.txt", 10, 0);
	pb_frame_meta("CL_TYPE_MSCAB", "b.txt", 10, 0);
	inspect(1, "CL_TYPE_TEXT_ASCII", "a.txt", "0123456789");
	expect(f, "p|text|\np > a.txt|text|.txt\n! p > b.txt: announced by the archive, not delivered by ClamAV\n");
	f = begin("p", NULL);
	inspect(0, "CL_TYPE_BINARY_DATA", NULL, "names of chance");
	pb_frame_meta("CL_TYPE_MSCAB", "a.txt", 10, 0);
	pb_frame_meta("CL_TYPE_MSCAB", "\x01\x13x", 10, 0);
	pb_frame_meta("CL_TYPE_MSCAB", "b", 10, 0);
	inspect(1, "CL_TYPE_TEXT_ASCII", "a.txt", "0123456789");
	expect(f, "p|text|\np > a.txt|text|.txt\n");
}

static void too_deep(void **state)
{
	pb_frame *f = begin("p", NULL);
	size_t objects = 0;

	(void)state;
	for (uint32_t level = 0; level < 100; level++) {
		char name[16];

		(void)snprintf(name, sizeof name, "%u", level);
		inspect(level, "CL_TYPE_TEXT_ASCII", name, "something");
	}
	pb_frame_end(f);
	for (const char *p = out.text; (p = strchr(p, '|')) != NULL; p++)
		objects++;
	assert_int_equal(objects, 2 * PB_PATH_DEPTH); /* two bars an object */
	assert_non_null(strstr(out.text, ": " PB_WHY_DEEP "\n"));
	assert_null(strstr(strstr(out.text, PB_WHY_DEEP) + 1, PB_WHY_DEEP)); /* told once */
}

/* Thousands of members of one name must not cost thousands of looks each. */
static void many_of_one_name(void **state)
{
	pb_frame *f = begin("p.zip", NULL);
	enum { N = 60000 };

	(void)state;
	inspect(0, "CL_TYPE_ZIP", "p.zip", "PK\3\4 outer");
	for (int i = 0; i < N; i++) {
		char name[32];

		(void)snprintf(name, sizeof name, "%d/index.js", i);
		announce_twice(name, 1000, 0);
	}
	out.n = 0;
	for (int i = 0; i < N; i++) {
		out.n = 0;
		inspect(1, "CL_TYPE_TEXT_ASCII", "index.js", "another size");
	}
	pb_frame_end(f);
	assert_non_null(strstr(out.text, "59999/index.js"));
}

static void nested_object(void *user, const pb_object *o)
{
	pb_sink sink = {on_object, on_limit, &out, NULL};
	pb_path base = {0};
	pb_frame *f;

	on_object(user, o);
	if (o->path->n > 1)
		return;
	assert_int_equal(pb_path_push(&base, "other"), PB_OK);
	f = pb_frame_begin(&base, &sink); /* a scan inside a callback */
	pb_path_free(&base);
	inspect(0, "CL_TYPE_TEXT_ASCII", "other", "the other one");
	inspect(1, "CL_TYPE_TEXT_ASCII", "part", "of the other");
	pb_frame_end(f);
}

static void nesting(void **state)
{
	pb_sink sink = {nested_object, on_limit, &out, NULL};
	pb_path base = {0};
	pb_frame *f;

	(void)state;
	out = (log_t){.n = 0};
	inspect(0, "CL_TYPE_TEXT_ASCII", "x", "nobody listens"); /* no frame: nothing happens */
	pb_frame_meta("CL_TYPE_ZIP", "x", 10, 1);
	pb_frame_found(-1, "x");
	assert_int_equal(pb_path_push(&base, "outer"), PB_OK);
	f = pb_frame_begin(&base, &sink);
	pb_path_free(&base);
	inspect(0, "CL_TYPE_TEXT_ASCII", "outer", "the outer one");
	inspect(1, "CL_TYPE_TEXT_ASCII", "part", "of the outer");
	expect(f, "outer|text|\nother|text|\nother > part|text|\nouter > part|text|\n");
	inspect(0, "CL_TYPE_TEXT_ASCII", "x", "nobody listens");
	assert_null(strstr(out.text, "x|"));
}

/* Two scans followed from one thread. */
static void swapped(void **state)
{
	pb_frame *a, *b, *before;

	(void)state;
	before = pb_frame_swap(NULL);
	assert_null(before);
	a = begin("a.zip", NULL);
	assert_ptr_equal(pb_frame_swap(NULL), a);
	b = begin("b.zip", NULL);
	inspect(0, "CL_TYPE_ZIP", "b.zip", "PK\3\4 b");
	assert_ptr_equal(pb_frame_swap(a), b);
	inspect(0, "CL_TYPE_ZIP", "a.zip", "PK\3\4 a");
	inspect(1, "CL_TYPE_TEXT_ASCII", "in.txt", "of a, not of b");
	assert_ptr_equal(pb_frame_swap(b), a);
	inspect(1, "CL_TYPE_TEXT_ASCII", "in.txt", "of b, not of a");
	pb_frame_end(b);
	assert_null(pb_frame_swap(a)); /* b was begun without an outer one */
	pb_frame_end(a);
	assert_null(pb_frame_swap(NULL));
	expect(NULL, "b.zip|zip|.zip\na.zip|zip|.zip\na.zip > in.txt|text|.txt\nb.zip > in.txt|text|.txt\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(zip_burst),  cmocka_unit_test(ciphers_and_cuts), cmocka_unit_test(never_delivered),
	    cmocka_unit_test(payloads),   cmocka_unit_test(tar_in_tar),       cmocka_unit_test(twice),
	    cmocka_unit_test(long_names), cmocka_unit_test(detections),       cmocka_unit_test(many_detections),
	    cmocka_unit_test(hostile),    cmocka_unit_test(guests),
	    cmocka_unit_test(too_deep),         cmocka_unit_test(many_of_one_name),
	    cmocka_unit_test(nesting),    cmocka_unit_test(swapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
