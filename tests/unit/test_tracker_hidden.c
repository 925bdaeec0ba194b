/* plugin/clamav/tracker: what ClamAV left closed because it knew it is opened by a reader, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "clamav/tracker_inside.h"
#include "tests/unit/tracker_case.h"

#define MAIL_PLAIN "Received: from here\nSubject: words\n\nwords and nothing else\n"
#define MAIL_FULL  "Received: from here\nSubject: a file\nContent-Type: application/zip; name=a.zip\n\nUEsDBA==\n"

static char text[70000];
static uint8_t bytes[1 << 20];

/* The next request, digests as "#". */
static const char *request(size_t *n)
{
	static char shown[70000];
	size_t at = 0;

	*n = take_request(text, sizeof text, bytes, sizeof bytes);
	for (const char *p = text; *p != '\0'; at++) {
		bool digest = strspn(p, "0123456789abcdef") == 64;

		shown[at] = digest ? '#' : *p;
		p += digest ? 64 : 1;
	}
	shown[at] = '\0';
	return shown;
}

static void expect_request(const char *want, const char *content)
{
	size_t n;
	const char *got = request(&n);

	assert_string_equal(got, want);
	assert_int_equal(n, strlen(content));
	assert_memory_equal(bytes, content, n);
}

static void expect_none(void)
{
	size_t n;

	assert_string_equal(request(&n), "");
}

/* Everything of a product is shown but its outermost object: it goes to a reader at the scan's end. */
static void whole(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	rig.opened = 0;
	begin_scan(h, 1, "a.zip");
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	rig_turn();
	expect_none();
	end_scan(h, 1);
	rig_await(1);
	expect_request("{\"unpack\":{\"hidden\":true,\"inside\":true,\"kind\":\"\",\"path\":[\"a.zip\"],\"sha256\":\"#\",\"size\":10,\"tag\":1000}}",
	               A_ZIP);
	rig.opened = 1; /* opened this time */
	begin_scan(h, 2, "a.zip");
	object(h, 2, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	end_scan(h, 2);
	rig_await(2);
	expect_none();
	rig_end(0);
	rig_expect(B("1000", "0", "1", "a.zip", "a.zip", "10") O("1000", "\"a.zip\"", "zip", "10") I("1000", "zip", "#", "10")
	               E_WITH("1000", "0", "1", "", HIDDEN("1"), "0", "1", WHOLE) B("1001", "0", "2", "a.zip", "a.zip", "10")
	                   O("1001", "\"a.zip\"", "zip", "10") I("1001", "zip", "#", "10") CLEAN("1001", "0", "2"));
}

/* Each entry settles the object before it; texts hold nothing, whoever knew them. */
static void members(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "p.zip");
	rig.opened = 0;
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "p.zip", A_ZIP);
	rig.opened = 1;
	meta(h, 1, "CL_TYPE_ZIP", "a.zip", 11, 0);
	object(h, 1, 2, 1, "CL_TYPE_ZIP", "a.zip", "PK\3\4 first..");
	meta(h, 1, "CL_TYPE_ZIP", "n.txt", 9, 0); /* settles a.zip */
	object(h, 1, 3, 1, "CL_TYPE_TEXT_ASCII", "n.txt", "no packet");
	object(h, 1, 4, 1, "CL_TYPE_ZIP", "b.zip", "PK\3\4 second."); /* settles n.txt */
	rig.opened = 4;
	object(h, 1, 5, 2, "CL_TYPE_ELF", "in.elf", AN_ELF);
	object(h, 1, 6, 1, "CL_TYPE_BINARY_DATA", "c.bin", "bytes, and behind them PK\3\4 an archive");
	found(h, 1, 101, "Test.Sig"); /* settles c.bin */
	end_scan(h, 1);
	rig_await(1);
	expect_request("{\"unpack\":{\"hidden\":true,\"inside\":true,\"kind\":\"\",\"path\":[\"p.zip\",\"a.zip\"],\"sha256\":\"#\",\"size\":12,"
	               "\"tag\":1000}}",
	               "PK\3\4 first..");
	expect_request("{\"unpack\":{\"hidden\":true,\"inside\":true,\"kind\":\"\",\"path\":[\"p.zip\",\"c.bin\"],\"sha256\":\"#\",\"size\":38,"
	               "\"tag\":1000}}",
	               "bytes, and behind them PK\3\4 an archive");
	expect_none();
	rig_end(0);
	assert_non_null(strstr(rig.log, "\"hidden\":4,")); /* a.zip, n.txt, in.elf, c.bin */
	assert_null(strstr(rig.log, "whole"));
	assert_non_null(strstr(rig.log, "\"unpacks\":2"));
}

/* The one thing in a compression layer: its reader has to know, for the names of what lies in it. */
static void payload(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	rig.opened = 1;
	begin_scan(h, 1, "x.gz");
	object(h, 1, 1, 0, "CL_TYPE_GZ", "x.gz", "\37\213\10 something packed");
	object(h, 1, 2, 1, "CL_TYPE_ZIP", NULL, A_ZIP);
	end_scan(h, 1);
	rig_await(1);
	expect_request("{\"unpack\":{\"hidden\":true,\"inside\":true,\"kind\":\"\",\"path\":[\"x.gz\",\"x\"],\"payload\":true,\"sha256\":\"#\","
	               "\"size\":10,\"tag\":1000}}",
	               A_ZIP);
	rig_end(0);
}

/* What ClamAV never opens goes to a reader as ever, known or not. */
static void deb(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	rig.opened = 0;
	begin_scan(h, 1, "b.deb");
	object(h, 1, 1, 0, "CL_TYPE_BINARY_DATA", "b.deb", A_DEB);
	end_scan(h, 1);
	rig_await(1);
	expect_request("{\"unpack\":{\"kind\":\"deb\",\"path\":[\"b.deb\"],\"tag\":1000}}", A_DEB);
	expect_none();
	rig_end(0);
	assert_non_null(strstr(rig.log, E_WITH("1000", "0", "1", "", HIDDEN("1"), "0", "1", WHOLE)));
}

/* Large files travel as their descriptors, to the reader as well; large members in pieces. */
static void large(void **state)
{
	static char big[300000];
	int fd = memfd_create("file", MFD_CLOEXEC);
	size_t n;
	hook_t *h;

	(void)state;
	memcpy(big, A_ZIP, 10);
	assert_int_equal(write(fd, big, sizeof big), sizeof big);
	rig_begin(true, "{}");
	h = hook_begin();
	rig.opened = 0;
	begin_scan(h, 1, "big.zip");
	send_descriptor(h, 1, 1, fd);
	object_from(h, 1, 1, 0, "CL_TYPE_ZIP", "big.zip", NULL, sizeof big, PB_BYTES_DESCRIPTOR);
	end_scan(h, 1);
	begin_scan(h, 2, "p.zip");
	rig.opened = 1;
	object(h, 2, 1, 0, "CL_TYPE_ZIP", "p.zip", A_ZIP);
	object_from(h, 2, 2, 1, "CL_TYPE_ZIP", "in.zip", NULL, 100000, PB_BYTES_CHUNKS);
	chunk(h, 2, 2, big, 60000, 0);
	chunk(h, 2, 2, big + 60000, 40000, 0);
	end_scan(h, 2);
	rig_await(2);
	(void)request(&n);
	assert_int_equal(n, sizeof big);
	assert_memory_equal(bytes, big, n);
	assert_non_null(strstr(request(&n), "\"path\":[\"p.zip\",\"in.zip\"]"));
	assert_int_equal(n, 100000);
	assert_memory_equal(bytes, big, n);
	rig_end(0);
	(void)close(fd);
}

/* A program that is a file of its own is looked through, in pieces, for what it may carry. */
static void large_program(void **state)
{
	static char big[600000];
	int fd[2];
	hook_t *h;
	size_t n;

	(void)state;
	memcpy(big, AN_ELF, sizeof AN_ELF);
	rig_begin(true, "{}");
	h = hook_begin();
	rig.opened = 0;
	for (uint32_t i = 0; i < 2; i++) {
		fd[i] = memfd_create("file", MFD_CLOEXEC);
		if (i == 1)
			memcpy(big + 262144 - 2, "PK\3\4", 4); /* across two pieces */
		assert_int_equal(write(fd[i], big, sizeof big), sizeof big);
		begin_scan(h, 1 + i, "x.elf");
		send_descriptor(h, 1 + i, 1, fd[i]);
		object_from(h, 1 + i, 1, 0, "CL_TYPE_ELF", "x.elf", NULL, sizeof big, PB_BYTES_DESCRIPTOR);
		end_scan(h, 1 + i);
	}
	rig_await(2);
	assert_non_null(strstr(request(&n), "\"tag\":1001"));
	assert_int_equal(n, sizeof big);
	expect_none();
	rig_end(0);
	assert_non_null(strstr(rig.log, E_WITH("1000", "0", "1", "", HIDDEN("1"), "0", "0", WHOLE)));
	(void)close(fd[0]);
	(void)close(fd[1]);
}

/* The attachments of a mail that is known are never shown: the mail is a product then, where something may hang on it. */
static void mails(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	rig.opened = 0;
	begin_scan(h, 1, "/var/plain.eml");
	object(h, 1, 1, 0, "CL_TYPE_MAIL", "plain.eml", MAIL_PLAIN);
	end_scan(h, 1);
	begin_scan(h, 2, "/var/full.eml");
	object(h, 2, 1, 0, "CL_TYPE_MAIL", "full.eml", MAIL_FULL);
	end_scan(h, 2);
	begin_scan(h, 3, "/var/outer.eml");
	object(h, 3, 1, 0, "CL_TYPE_MAIL", "outer.eml", MAIL_PLAIN);
	rig.opened = 1;
	object(h, 3, 2, 1, "CL_TYPE_MAIL", "fwd.eml", MAIL_FULL);
	object(h, 3, 3, 1, "CL_TYPE_ELF", "b.elf", AN_ELF);
	rig.opened = 3;
	end_scan(h, 3);
	rig_await(4);
	expect_request("{\"unpack\":{\"hidden\":true,\"kind\":\"\",\"path\":[\"full.eml\"],\"sha256\":\"#\",\"size\":88,\"tag\":1001}}",
	               MAIL_FULL);
	expect_request("{\"unpack\":{\"hidden\":true,\"kind\":\"\",\"path\":[\"fwd.eml\"],\"sha256\":\"#\",\"size\":88,\"tag\":1002}}",
	               MAIL_FULL);
	expect_none();
	rig_end(0);
	rig_expect(K("1000", "0", "1", "mail") B("1001", "0", "2", "full.eml", "/var/full.eml", "88") I("1001", "mail", "#", "88")
	               E_WITH("1001", "0", "2", "", HIDDEN("1"), "0", "1", WHOLE)
	                   B("1002", "0", "3", "fwd.eml", "/var/outer.eml > fwd.eml", "88")
	                       B("1003", "0", "3", "b.elf", "/var/outer.eml > b.elf", "48") O("1003", "\"b.elf\"", "elf", "48")
	                           I("1002", "mail", "#", "88") E_WITH("1002", "0", "3", "", HIDDEN("1"), "0", "1", WHOLE)
	                               I("1003", "elf", "#", "48") CLEAN("1003", "0", "3"));
}

/* What was not seen whole, or changed, was told as that: there is nothing to open. Nor is there when the host goes. */
static void not_kept(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	rig.opened = 1;
	begin_scan(h, 1, "a.zip");
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	object_from(h, 1, 2, 1, "CL_TYPE_ZIP", "in.zip", NULL, 10, PB_BYTES_CHUNKS);
	chunk(h, 1, 2, "PK\3\4", 4, 1);
	object_from(h, 1, 3, 1, "CL_TYPE_ZIP", "on.zip", NULL, 10, PB_BYTES_DROPPED);
	end_scan(h, 1);
	begin_scan(h, 2, "b.zip");
	object(h, 2, 1, 0, "CL_TYPE_ZIP", "b.zip", A_ZIP);
	rig_turn();
	hook_hang_up(h);
	rig_await(2);
	expect_none();
	rig_end(0);
	assert_null(strstr(rig.log, "hidden"));
}

/* Scans inside of scans each have their own objects. */
static void scan_in_scan(void **state)
{
	hook_t *h;
	size_t n;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "a.zip");
	rig.opened = 0;
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	begin_in(h, 2, 1, "in.zip", "", -1);
	object(h, 2, 1, 0, "CL_TYPE_ZIP", "in.zip", "PK\3\4 inner..");
	end_scan(h, 2); /* hidden there */
	rig.opened = 1;
	end_scan(h, 1); /* opened here */
	rig_await(1);
	assert_non_null(strstr(request(&n), "\"path\":[\"a.zip\",\"in.zip\"]"));
	expect_none();
	rig_end(0);
	assert_non_null(strstr(rig.log, E_WITH("1000", "0", "1", "", HIDDEN("1"), "0", "1", "")));
}

/* Many at once: a budget bounds them, and what is left out is named. */
static void budget(void **state)
{
	char name[16], packed[64];
	unsigned sent = 0;
	size_t n;
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	rig.opened = 1;
	begin_scan(h, 1, "a.zip");
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	for (unsigned i = 0; i < PB_TRACKED_UNPACKS + 1; i++) {
		(void)snprintf(packed, sizeof packed, "PK\3\4 number %u", i);
		(void)snprintf(name, sizeof name, "%u.zip", i);
		object(h, 1, 2 + i, 1, "CL_TYPE_ZIP", name, packed);
		rig_turn();
		sent += request(&n)[0] != '\0';
	}
	end_scan(h, 1);
	rig_await(1);
	rig_end(0);
	assert_int_equal(sent, PB_TRACKED_UNPACKS);
	assert_non_null(strstr(rig.log, "not opened: ClamAV knew it, and the product's budget for opening such objects again is spent"));
}

/* A chain that a packet does not hold. */
static void long_chain(void **state)
{
	static char name[4000];
	hook_t *h;

	(void)state;
	memset(name, '"', sizeof name - 1); /* two bytes each as JSON */
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "a.zip");
	for (uint32_t i = 1; i <= 12; i++) {
		char packed[32];

		(void)snprintf(packed, sizeof packed, "PK\3\4 level %u", i);
		rig.opened = i - 1;
		object(h, 1, i, i - 1, "CL_TYPE_ZIP", name, packed);
	}
	end_scan(h, 1);
	rig_await(1);
	expect_none();
	rig_end(0);
	assert_non_null(strstr(rig.log, "1000 L {\"path\":[\"a.zip\",")); /* (of which the log keeps but the beginning) */
	assert_non_null(strstr(rig.log, "\"hidden\":1,"));
	assert_non_null(strstr(rig.log, "\"unpacks\":0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whole),         cmocka_unit_test(members),  cmocka_unit_test(payload),      cmocka_unit_test(deb),
	    cmocka_unit_test(large),         cmocka_unit_test(large_program), cmocka_unit_test(mails),   cmocka_unit_test(not_kept),
	    cmocka_unit_test(scan_in_scan),  cmocka_unit_test(budget),   cmocka_unit_test(long_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
