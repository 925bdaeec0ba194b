/* plugin/clamav/tracker: what hooks tell becomes products on a lane. Here: what becomes of a scan; test_tracker_gaps.c:
 * what is missing; test_tracker_bytes.c: how the bytes come; test_tracker_hostile.c: what a host may lie about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/tracker_case.h"

static uint64_t skip_word(const hook_t *h)
{
	return atomic_load(pb_ring_word(h->ring, PB_WORD_SKIP));
}

/* The role as the keeper starts it: a process in its box. */
static void one_file(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(false, "{\"memory\":1073741824}");
	h = hook_begin();
	begin_in(h, 1, 0, "/tmp/x\n.elf", "/tmp/x\n.elf", 42);
	object(h, 1, 1, 0, "CL_TYPE_ELF", "x\n.elf", AN_ELF);
	end_scan(h, 1);
	rig_await(1);
	begin_scan(h, 2, "y.elf");
	object(h, 2, 1, 0, "CL_TYPE_ELF", "y.elf", AN_ELF);
	end_scan(h, 2);
	rig_await(2);
	hook_hang_up(h);
	h = hook_begin();
	begin_scan(h, 1, "");
	object(h, 1, 1, 0, "CL_TYPE_ELF", NULL, AN_ELF);
	end_scan(h, 1);
	rig_await(3);
	rig_end(0);
	rig_expect(B("1000", "0", "1", "x\\\\x0a.elf", "/tmp/x\\\\x0a.elf", "42")
	               O("1000", "\"x\\\\x0a.elf\"", "elf", "48") I("1000", "elf", "#", "48") CLEAN("1000", "0", "1")
	                   B("1001", "0", "2", "y.elf", "y.elf", "48") O("1001", "\"y.elf\"", "elf", "48")
	                       I("1001", "elf", "#", "48") CLEAN("1001", "0", "2") B("1002", "1", "1", "scan", "", "48")
	                           O("1002", "\"scan\"", "elf", "48") I("1002", "elf", "#", "48")
	                               CLEAN("1002", "1", "1"));
}

static void zip_in_zip(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "p.zip");
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "p.zip", A_ZIP);
	for (int twice = 0; twice < 2; twice++)
		meta(h, 1, "CL_TYPE_ZIP", "y/in.zip", 12, 0);
	object(h, 1, 2, 1, "CL_TYPE_ZIP", "in.zip", "PK\3\4 inner..");
	for (int twice = 0; twice < 2; twice++)
		meta(h, 1, "CL_TYPE_ZIP", "a/same.txt", 7, 0);
	object(h, 1, 3, 2, "CL_TYPE_TEXT_ASCII", "same.txt", "seven..");
	end_scan(h, 1);
	rig_await(1);
	rig_end(0);
	rig_expect(B("1000", "0", "1", "p.zip", "p.zip", "10") O("1000", "\"p.zip\"", "zip", "10")
	               O("1000", "\"p.zip\",\"y/in.zip\"", "zip", "12")
	                   O("1000", "\"p.zip\",\"y/in.zip\",\"a/same.txt\"", "text", "7") I("1000", "zip", "#", "10")
	                       CLEAN("1000", "0", "1"));
}

static void texts_are_skipped(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 7, "notes.txt");
	object(h, 7, 1, 0, "CL_TYPE_TEXT_ASCII", "notes.txt", "words, and some more words");
	rig_turn();
	assert_int_equal(skip_word(h), 7);
	found(h, 7, 100, "Eicar-Test"); /* was on its way already */
	object(h, 7, 2, 1, "CL_TYPE_ELF", "late", AN_ELF);
	end_with(h, 7, 1, "Eicar-Test", 0);
	begin_scan(h, 8, "x.elf");
	object_from(h, 8, 1, 0, "CL_TYPE_TEXT_UTF8", "gone.txt", NULL, 100, PB_BYTES_DROPPED);
	end_scan(h, 8);
	rig_await(2);
	assert_int_equal(skip_word(h), 8);
	rig_end(0);
	rig_expect(K("1000", "0", "7", "text") K("1001", "0", "8", "text"));
}

static void kinds_are_chosen(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(true, "{\"kinds\":[\"script\",\"text\"]}");
	h = hook_begin();
	begin_scan(h, 1, "x.elf");
	object(h, 1, 1, 0, "CL_TYPE_ELF", "x.elf", AN_ELF);
	end_scan(h, 1);
	begin_scan(h, 2, "a.txt");
	object(h, 2, 1, 0, "CL_TYPE_TEXT_ASCII", "a.txt", "words, and some more words");
	end_scan(h, 2);
	rig_await(2);
	rig_end(0);
	rig_expect(K("1000", "0", "1", "elf") B("1001", "0", "2", "a.txt", "a.txt", "26")
	               O("1001", "\"a.txt\"", "text", "26") I("1001", "text", "#", "26") CLEAN("1001", "0", "2"));
}

static void mail_with_attachments(void **state)
{
	static const char mail[] = "Received: from here\nSubject: two\n\n",
	                  inner[] = "Received: from there\nSubject: one\n\n";
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	rig.allmatch = 1;
	h = hook_begin();
	begin_scan(h, 1, "/var/m.eml");
	object(h, 1, 1, 0, "CL_TYPE_MAIL", "m.eml", mail);
	object(h, 1, 2, 1, "CL_TYPE_TEXT_ASCII", "body.txt", "plain words are no product");
	object(h, 1, 3, 1, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	meta(h, 1, "CL_TYPE_ZIP", "in.txt", 7, 0);
	object(h, 1, 4, 2, "CL_TYPE_TEXT_ASCII", "in.txt", "inside.");
	object(h, 1, 5, 1, "CL_TYPE_TEXT_ASCII", "more.txt", "plain words once more, no product");
	object(h, 1, 6, 2, "CL_TYPE_TEXT_ASCII", "below.txt", "and what lies in it is none");
	object(h, 1, 7, 1, "CL_TYPE_ELF", "b.elf", AN_ELF);
	found(h, 1, 101, "Test.Sig");
	object(h, 1, 8, 1, "CL_TYPE_MAIL", "fwd.eml", inner);
	object(h, 1, 9, 2, "CL_TYPE_ELF", "c.elf", AN_ELF);
	end_with(h, 1, 1, "Test.Sig", 0);
	begin_scan(h, 2, "empty.eml");
	object(h, 2, 1, 0, "CL_TYPE_MAIL", "empty.eml", mail);
	object(h, 2, 2, 1, "CL_TYPE_TEXT_ASCII", "body.txt", "plain words are no product");
	end_scan(h, 2);
	rig_await(4);
	assert_int_equal(skip_word(h), 0); /* attachments could still come */
	rig_end(0);
	rig_expect(
	    B("1000", "0", "1", "a.zip", "/var/m.eml > a.zip", "10") O("1000", "\"a.zip\"", "zip", "10")
	        O("1000", "\"a.zip\",\"in.txt\"", "text", "7") B("1001", "0", "1", "b.elf", "/var/m.eml > b.elf", "48")
	            O("1001", "\"b.elf\"", "elf", "48") B("1002", "0", "1", "c.elf", "/var/m.eml > c.elf", "48")
	                O("1002", "\"c.elf\"", "elf", "48") D("1001", "\"b.elf\"", "#", "Test.Sig")
	                    I("1000", "zip", "#", "10") E("1000", "0", "1", "1", "Test.Sig", "0", "0", "false")
	                        I("1001", "elf", "#", "48") E("1001", "0", "1", "1", "Test.Sig", "0", "0", "false")
	                            I("1002", "elf", "#", "48") E("1002", "0", "1", "1", "Test.Sig", "0", "0", "false")
	                                K("1003", "0", "2", "mail"));
}

/* A mail in a mail is left for an attachment of the outer one. */
static void mail_is_left(void **state)
{
	static const char mail[] = "Received: from here\nSubject: two\n\n";
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "m.eml");
	object(h, 1, 1, 0, "CL_TYPE_MAIL", "m.eml", mail);
	object(h, 1, 2, 1, "CL_TYPE_MAIL", "fwd.eml", "Received: from there\nSubject: one\n\n");
	object(h, 1, 3, 2, "CL_TYPE_ZIP", "in.zip", A_ZIP);
	object(h, 1, 4, 1, "CL_TYPE_ELF", "out.elf", AN_ELF);
	end_scan(h, 1);
	rig_await(2);
	rig_end(0);
	rig_expect(B("1000", "0", "1", "in.zip", "m.eml > in.zip", "10") O("1000", "\"in.zip\"", "zip", "10")
	               B("1001", "0", "1", "out.elf", "m.eml > out.elf", "48") O("1001", "\"out.elf\"", "elf", "48")
	                   I("1000", "zip", "#", "10") CLEAN("1000", "0", "1") I("1001", "elf", "#", "48")
	                       CLEAN("1001", "0", "1"));
}

/* ClamAV tells the names of all layers around an object: two of one level and size are told apart by them. */
static void ancestors(void **state)
{
	static const char *const names[] = {"p.zip", "a.zip"};
	const uint32_t sizes[] = {5, 5, UINT32_MAX};
	pb_event_object e = {.head = {PB_EVENT_OBJECT, 1},
	                     .serial = 4,
	                     .source = PB_BYTES_INLINE,
	                     .fd = 9,
	                     .level = 2,
	                     .size = 7,
	                     .parent_size = 12,
	                     .name_size = 6,
	                     .n_ancestors = 3};
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "p.zip");
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "p.zip", A_ZIP);
	object(h, 1, 2, 1, "CL_TYPE_ZIP", "a.zip", "PK\3\4 inner..");
	object(h, 1, 3, 2, "CL_TYPE_TEXT_ASCII", "a.txt", "first..");
	put(h, &e, sizeof e,
	    (const void *const[]){"in.txt", &sizes[0], names[0], &sizes[1], names[1], &sizes[2], "inside."},
	    (const size_t[]){6, 4, 5, 4, 5, 4, 7}, 7);
	e.serial = 5; /* another layer that was never inspected is around this one */
	e.size = 8;
	put(h, &e, sizeof e, (const void *const[]){"on.txt", &sizes[0], names[0], &sizes[2], &sizes[2], "outside."},
	    (const size_t[]){6, 4, 5, 4, 4, 8}, 6);
	end_scan(h, 1);
	rig_await(1);
	rig_end(0);
	assert_non_null(strstr(rig.log, O("1000", "\"p.zip\",\"a.zip\",\"in.txt\"", "text", "7")));
	assert_non_null(strstr(rig.log, O("1000", "\"p.zip\",\"on.txt\"", "text", "8")));
}

/* Names that ClamAV cuts come from the container's own listing. */
static void names_of_a_tar(void **state)
{
	static char tar[2048], name[] = "a/name/of/a/member/in/a/tar.txt";
	unsigned sum = 0;
	hook_t *h;

	(void)state;
	memcpy(tar, name, sizeof name);
	memcpy(tar + 100, "0000644\0000000000\0000000000\00000000000007\00000000000000\0        0", 57);
	memcpy(tar + 257, "ustar\00000", 8);
	for (size_t i = 0; i < 512; i++)
		sum += (uint8_t)tar[i];
	(void)snprintf(tar + 148, 8, "%06o", sum);
	memcpy(tar + 512, "inside.", 7);
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "t.tar");
	object_from(h, 1, 1, 0, "CL_TYPE_POSIX_TAR", "t.tar", tar, sizeof tar, PB_BYTES_INLINE);
	object(h, 1, 2, 1, "CL_TYPE_TEXT_ASCII", "a/name/of/a/member", "inside.");
	end_scan(h, 1);
	rig_await(1);
	rig_end(0);
	assert_non_null(strstr(rig.log, O("1000", "\"t.tar\",\"a/name/of/a/member/in/a/tar.txt\"", "text", "7")));
}

static void two_streams(void **state)
{
	hook_t *a, *b;

	(void)state;
	rig_begin(true, "{}");
	a = hook_begin();
	b = hook_begin();
	begin_scan(a, 1, "a.zip");
	begin_scan(b, 1, "b.zip");
	rig_turn();
	object(a, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	object(b, 1, 1, 0, "CL_TYPE_ZIP", "b.zip", A_ZIP);
	rig_turn();
	object_from(a, 1, 2, 1, "CL_TYPE_TEXT_ASCII", "of-a.txt", NULL, 10, PB_BYTES_CHUNKS);
	object_from(b, 1, 2, 1, "CL_TYPE_TEXT_ASCII", "of-b.txt", NULL, 10, PB_BYTES_CHUNKS);
	rig_turn();
	chunk(a, 1, 2, "first", 5, 0);
	rig_turn();
	chunk(b, 1, 2, "other", 5, 0);
	rig_turn();
	chunk(a, 1, 2, " half", 5, 0);
	rig_turn();
	chunk(b, 1, 2, " bits", 5, 0);
	rig_turn();
	end_scan(b, 1);
	rig_turn();
	end_scan(a, 1);
	rig_await(2);
	rig_end(0);
	rig_expect(B("1000", "0", "1", "a.zip", "a.zip", "10") O("1000", "\"a.zip\"", "zip", "10")
	               B("1001", "1", "1", "b.zip", "b.zip", "10") O("1001", "\"b.zip\"", "zip", "10")
	                   O("1000", "\"a.zip\",\"of-a.txt\"", "text", "10")
	                       O("1001", "\"b.zip\",\"of-b.txt\"", "text", "10") I("1001", "zip", "#", "10")
	                           CLEAN("1001", "1", "1") I("1000", "zip", "#", "10") CLEAN("1000", "0", "1"));
}

/* A host that scans from inside its own callback. */
static void scan_in_scan(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "a.zip");
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	begin_in(h, 2, 1, "/tmp/extra.bin", "", -1);
	object(h, 2, 1, 0, "CL_TYPE_ELF", "extra.bin", AN_ELF);
	begin_in(h, 3, 2, "deep.txt", "", -1);
	object(h, 3, 1, 0, "CL_TYPE_TEXT_ASCII", "deep.txt", "text in the deepest scan");
	end_with(h, 3, 1, "Deep.Sig", 0);
	end_scan(h, 2);
	object(h, 1, 2, 1, "CL_TYPE_TEXT_ASCII", "in.txt", "inside.");
	end_scan(h, 1);
	begin_scan(h, 4, "early.zip");
	begin_in(h, 5, 4, "first.txt", "", -1);
	object(h, 5, 1, 0, "CL_TYPE_TEXT_ASCII", "first.txt", "before it is known what it is in");
	end_scan(h, 5);
	object(h, 4, 1, 0, "CL_TYPE_ZIP", "early.zip", A_ZIP);
	end_scan(h, 4);
	rig_await(2);
	rig_end(0);
	rig_expect(B("1000", "0", "1", "a.zip", "a.zip", "10") O("1000", "\"a.zip\"", "zip",
	                                                         "10") O("1000", "\"a.zip\",\"extra.bin\"", "elf", "48")
	               O("1000", "\"a.zip\",\"extra.bin\",\"deep.txt\"", "text", "24")
	                   D("1000", "\"a.zip\",\"extra.bin\",\"deep.txt\"", "", "Deep.Sig")
	                       O("1000", "\"a.zip\",\"in.txt\"", "text", "7") I("1000", "zip", "#", "10")
	                           CLEAN("1000", "0", "1") B("1001", "0", "4", "early.zip", "early.zip", "10")
	                               O("1001", "\"early.zip\"", "zip", "10")
	                                   L("1001", "\"early.zip\"",
	                                     "a scan inside the host's own callback came too early to be told apart")
	                                       I("1001", "zip", "#", "10") CLEAN("1001", "0", "4"));
}

/* A worker that gives the lane up for good ends the tracker. */
static void lane_closed(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(false, "{}");
	h = hook_begin();
	pb_lane_close(rig.worker);
	begin_scan(h, 1, "a.zip");
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	end_scan(h, 1);
	for (int i = 0; i < 200 && !pb_ring_gone(h->ring); i++)
		(void)usleep(10000);
	assert_true(pb_ring_gone(h->ring));
	rig_end(1);
}

static void bad_arguments(void **state)
{
	(void)state;
	rig_begin(false, "{\"group\":\"nonsense\"}");
	rig_end(1);
	rig_begin(false, "{\"group\":\"path\",\"prefixes\":[{\"path\":\"relative\",\"name\":\"x\"}]}");
	rig_end(1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_file),
	    cmocka_unit_test(zip_in_zip),
	    cmocka_unit_test(texts_are_skipped),
	    cmocka_unit_test(kinds_are_chosen),
	    cmocka_unit_test(mail_with_attachments),
	    cmocka_unit_test(mail_is_left),
	    cmocka_unit_test(ancestors),
	    cmocka_unit_test(names_of_a_tar),
	    cmocka_unit_test(two_streams),
	    cmocka_unit_test(scan_in_scan),
	    cmocka_unit_test(lane_closed),
	    cmocka_unit_test(bad_arguments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
