/* plugin/clamav/tracker: how the bytes of objects come (pieces, descriptors), and how containers go to a reader. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/tracker_case.h"

/* A file of n bytes that nobody else has; its own bytes in *bytes (to be freed) where that is not NULL. */
static int file_of(size_t n, uint8_t **bytes)
{
	uint8_t *data = malloc(n + 1);
	char name[] = "/tmp/probity-file-XXXXXX";
	int fd = mkostemp(name, O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(unlink(name), 0);
	assert_non_null(data);
	for (size_t i = 0; i < n; i++)
		data[i] = (uint8_t)(i * 7 + (i >> 8));
	memcpy(data, AN_ELF, n < sizeof AN_ELF ? n : sizeof AN_ELF);
	assert_int_equal(pwrite(fd, data, n, 0), n);
	if (bytes != NULL)
		*bytes = data;
	else
		free(data);
	return fd;
}

/* The begin of a scan of this file. */
static void begin_file(hook_t *h, uint32_t scan, const char *name, int fd)
{
	struct stat st;
	pb_event_begin e = {.head = {PB_EVENT_BEGIN, scan}, .name_size = (uint32_t)strlen(name), .has_file = 1};

	assert_int_equal(fstat(fd, &st), 0);
	e.size = (uint64_t)st.st_size;
	e.device = st.st_dev;
	e.inode = st.st_ino;
	e.mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	put(h, &e, sizeof e, (const void *const[]){name}, (const size_t[]){e.name_size}, 1);
}

/* Across the processes: small and large files, the large ones in the lane's own area, one behind the other. */
static void descriptors(void **state)
{
	static const size_t sizes[] = {300000, 3 << 20, 5 << 20};
	hook_t *h;

	(void)state;
	rig_begin(false, "{}");
	h = hook_begin();
	for (uint32_t i = 0; i < 3; i++) {
		int fd = file_of(sizes[i], NULL);

		begin_file(h, i + 1, "x.elf", fd);
		if (i == 1) /* in either order */
			send_descriptor(h, i + 1, 1, fd);
		object_from(h, i + 1, 1, 0, "CL_TYPE_ELF", "x.elf", NULL, sizes[i], PB_BYTES_DESCRIPTOR);
		if (i != 1)
			send_descriptor(h, i + 1, 1, fd);
		end_scan(h, i + 1);
		(void)close(fd);
		rig_await(i + 1);
	}
	rig_end(0);
	rig_expect(B("1000", "0", "1", "x.elf", "x.elf", "300000") O("1000", "\"x.elf\"", "elf", "300000") I(
	    "1000", "elf", "#", "300000") CLEAN("1000", "0", "1") B("1001", "0", "2", "x.elf", "x.elf", "3145728")
	               O("1001", "\"x.elf\"", "elf", "3145728") I("1001", "elf", "#", "3145728") CLEAN("1001", "0", "2")
	                   B("1002", "0", "3", "x.elf", "x.elf", "5242880") O("1002", "\"x.elf\"", "elf", "5242880")
	                       I("1002", "elf", "#", "5242880") CLEAN("1002", "0", "3"));
}

/* The ring is ahead of the socket: what follows waits, for this stream alone. */
static void descriptor_is_late(void **state)
{
	hook_t *h, *other;
	int fd = file_of(300000, NULL);

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	other = hook_begin();
	begin_file(h, 1, "x.elf", fd);
	object_from(h, 1, 1, 0, "CL_TYPE_ELF", "x.elf", NULL, 300000, PB_BYTES_DESCRIPTOR);
	begin_scan(other, 1, "o.zip");
	object(other, 1, 1, 0, "CL_TYPE_ZIP", "o.zip", A_ZIP);
	end_scan(other, 1);
	rig_await(1);
	assert_null(strstr(rig.log, "x.elf"));
	send_descriptor(h, 1, 1, fd);
	rig_turn();
	assert_non_null(strstr(rig.log, O("1001", "\"x.elf\"", "elf", "300000")));
	end_scan(h, 1);
	rig_await(2);
	rig_end(0);
	(void)close(fd);
}

static void expect_gap(const char *why)
{
	assert_null(strstr(rig.log, " O "));
	assert_non_null(strstr(rig.log, L("1000", "\"x.elf\"", "no bytes delivered")));
	assert_non_null(strstr(rig.log, why));
	rig.logged = 0;
}

/* What a host may send instead of the file that it scanned. */
static void wrong_descriptors(void **state)
{
	int pipes[2], longer = file_of(300001, NULL), dev = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	const int wrong[] = {longer, dev, -1};
	hook_t *h;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	for (size_t i = 0; i < 3; i++) {
		rig_begin(true, "{}");
		h = hook_begin();
		begin_scan(h, 1, "x.elf");
		object_from(h, 1, 1, 0, "CL_TYPE_ELF", "x.elf", NULL, 300000, PB_BYTES_DESCRIPTOR);
		if (wrong[i] >= 0)
			send_descriptor(h, 1, 1, wrong[i]);
		else
			send_descriptor(h, 1, 2, longer); /* of another object */
		end_scan(h, 1);
		rig_await(1);
		rig_end(0);
		expect_gap(i < 2 ? "changed while it was read" : "dropped: the workers did not keep up");
	}
	/* writable, but not readable */
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "x.elf");
	object_from(h, 1, 1, 0, "CL_TYPE_ELF", "x.elf", NULL, 300000, PB_BYTES_DESCRIPTOR);
	send_descriptor(h, 1, 1, pipes[0]);
	end_scan(h, 1);
	rig_await(1);
	rig_end(0);
	expect_gap("changed while it was read");
	(void)close(pipes[0]);
	(void)close(pipes[1]);
	(void)close(longer);
	(void)close(dev);
}

/* Same size, other file: its bytes are looked at, and the report says so. */
static void file_was_replaced(void **state)
{
	int scanned = file_of(300000, NULL), sent = file_of(300000, NULL);
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_file(h, 1, "x.elf", scanned);
	object_from(h, 1, 1, 0, "CL_TYPE_ELF", "x.elf", NULL, 300000, PB_BYTES_DESCRIPTOR);
	send_descriptor(h, 1, 1, sent);
	end_scan(h, 1);
	rig_await(1);
	rig_end(0);
	assert_non_null(strstr(rig.log, O("1000", "\"x.elf\"", "elf", "300000")
	                                    L("1000", "\"x.elf\"", "changed while it was read")));
	(void)close(scanned);
	(void)close(sent);
}

/* More descriptors than are kept, none of them for anything: they are closed, and the stream goes on. */
static void flood_of_descriptors(void **state)
{
	int fd = file_of(10, NULL), before = dup(fd), after;
	hook_t *h;

	(void)state;
	(void)close(before);
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "x.elf");
	object(h, 1, 1, 0, "CL_TYPE_ELF", "x.elf", AN_ELF);
	for (uint32_t i = 0; i < 2 * PB_TRAIL_WAITING; i++) {
		send_descriptor(h, 9, i, fd);
		if (i % 16 == 0)
			rig_turn();
	}
	object_from(h, 1, 2, 1, "CL_TYPE_ELF", "y", NULL, 10, PB_BYTES_DESCRIPTOR);
	end_scan(h, 1);
	rig_await(1);
	rig_end(0);
	after = dup(fd);
	assert_int_equal(after, before);
	(void)close(after);
	(void)close(fd);
}

static void chunks(void **state)
{
	uint8_t *bytes;
	hook_t *h;

	(void)state;
	(void)close(file_of(1500000, &bytes));
	rig_begin(false, "{}");
	h = hook_begin();
	begin_scan(h, 1, "x.elf");
	object_from(h, 1, 1, 0, "CL_TYPE_ELF", "x.elf", NULL, 1500000, PB_BYTES_CHUNKS);
	for (size_t at = 0; at < 1500000; at += PB_EVENT_CHUNK_MOST)
		chunk(h, 1, 1, bytes + at, 1500000 - at < PB_EVENT_CHUNK_MOST ? 1500000 - at : PB_EVENT_CHUNK_MOST, 0);
	end_scan(h, 1);
	rig_await(1);
	rig_end(0);
	free(bytes);
	rig_expect(B("1000", "0", "1", "x.elf", "x.elf", "1500000") O("1000", "\"x.elf\"", "elf", "1500000")
	               I("1000", "elf", "#", "1500000") CLEAN("1000", "0", "1"));
}

static void chunks_that_stop(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "a.zip");
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	object_from(h, 1, 2, 1, "CL_TYPE_TEXT_ASCII", "cut.txt", NULL, 10, PB_BYTES_CHUNKS);
	chunk(h, 1, 2, "first", 5, 0);
	chunk(h, 1, 2, NULL, 0, 1);
	chunk(h, 1, 2, "more", 4, 0); /* of an object that was given up */
	object_from(h, 1, 3, 1, "CL_TYPE_TEXT_ASCII", "left.txt", NULL, 10, PB_BYTES_CHUNKS);
	chunk(h, 1, 3, "first", 5, 0);
	object_from(h, 1, 4, 1, "CL_TYPE_TEXT_ASCII", "whole.txt", NULL, 10, PB_BYTES_CHUNKS);
	chunk(h, 1, 4, "first half", 10, 0);
	end_scan(h, 1);
	rig_await(1);
	rig_end(0);
	rig_expect(B("1000", "0", "1", "a.zip", "a.zip", "10") O("1000", "\"a.zip\"", "zip", "10")
	               L("1000", "\"a.zip\",\"cut.txt\"", "no bytes delivered")
	                   L("1000", "\"a.zip\",\"left.txt\"", "no bytes delivered")
	                       O("1000", "\"a.zip\",\"whole.txt\"", "text", "10")
	                           L("1000", "\"a.zip\"", "dropped: the workers did not keep up (2 objects)")
	                               I("1000", "zip", "#", "10")
	                                   E_WITH("1000", "0", "1", DROPPED("2"), "", "0", "0", ""));
}

/* From inside of the box. */
static void deb_from_the_box(void **state)
{
	char text[512];
	uint8_t bytes[512];
	hook_t *h;

	(void)state;
	rig_begin(false, "{\"memory\":1073741824}");
	h = hook_begin();
	begin_scan(h, 1, "b.deb");
	object(h, 1, 1, 0, "CL_TYPE_AR", "b.deb", A_DEB);
	end_scan(h, 1);
	rig_await(1);
	assert_int_equal(take_request(text, sizeof text, bytes, sizeof bytes), strlen(A_DEB));
	assert_memory_equal(bytes, A_DEB, strlen(A_DEB));
	rig_end(0);
	assert_non_null(strstr(rig.log, E("1000", "0", "1", "0", "", "0", "1", "false")));
}

static void deb_is_sent_on(void **state)
{
	char text[512];
	uint8_t bytes[512];
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "a.zip");
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	object(h, 1, 2, 1, "CL_TYPE_AR", "b.deb", A_DEB);
	rig_turn();
	assert_int_equal(take_request(text, sizeof text, bytes, sizeof bytes), strlen(A_DEB));
	assert_string_equal(text, "{\"unpack\":{\"kind\":\"deb\",\"path\":[\"a.zip\",\"b.deb\"],\"tag\":1000}}");
	assert_memory_equal(bytes, A_DEB, strlen(A_DEB));
	end_scan(h, 1);
	rig_await(1);
	assert_int_equal(take_request(text, sizeof text, bytes, sizeof bytes), 0);
	rig_end(0);
	rig_expect(B("1000", "0", "1", "a.zip", "a.zip", "10") O("1000", "\"a.zip\"", "zip", "10")
	               O("1000", "\"a.zip\",\"b.deb\"", "deb", "72") I("1000", "zip", "#", "10")
	                   E("1000", "0", "1", "0", "", "0", "1", "false"));
}

/* An attachment is called as if it came alone, also to the reader. */
static void deb_in_a_mail(void **state)
{
	char text[512];
	uint8_t bytes[512];
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "m.eml");
	object(h, 1, 1, 0, "CL_TYPE_MAIL", "m.eml", "Received: from here\nSubject: two\n\n");
	object(h, 1, 2, 1, "CL_TYPE_AR", "b.deb", A_DEB);
	end_scan(h, 1);
	rig_await(1);
	assert_int_equal(take_request(text, sizeof text, bytes, sizeof bytes), strlen(A_DEB));
	assert_string_equal(text, "{\"unpack\":{\"kind\":\"deb\",\"path\":[\"b.deb\"],\"tag\":1000}}");
	rig_end(0);
	assert_non_null(strstr(rig.log, E("1000", "0", "1", "0", "", "0", "1", "false")));
}

static void unpacking_has_a_budget(void **state)
{
	static const char why[] = "not opened: the product's budget for containers that ClamAV does not open is spent";
	char text[512], deb[128], name[16];
	uint8_t bytes[512];
	unsigned sent = 0;
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "a.zip");
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	for (unsigned i = 0; i < PB_TRACKED_UNPACKS + 2; i++) {
		(void)snprintf(deb, sizeof deb, "%s%u", A_DEB, i);
		(void)snprintf(name, sizeof name, "%u.deb", i);
		object(h, 1, 2 + i, 1, "CL_TYPE_AR", name, deb);
		rig_turn();
		sent += take_request(text, sizeof text, bytes, sizeof bytes) > 0;
	}
	end_scan(h, 1);
	rig_await(1);
	rig_end(0);
	assert_int_equal(sent, PB_TRACKED_UNPACKS);
	assert_non_null(strstr(rig.log, why));
	assert_non_null(strstr(rig.log, E("1000", "0", "1", "0", "", "0", "2048", "false")));
}

/* A keeper that is gone costs the unpacking, nothing else. */
static void keeper_takes_nothing(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	(void)shutdown(rig.control, SHUT_RDWR);
	begin_scan(h, 1, "b.deb");
	object(h, 1, 1, 0, "CL_TYPE_AR", "b.deb", A_DEB);
	end_scan(h, 1);
	rig_await(1);
	rig_end(0);
	assert_non_null(strstr(rig.log, L("1000", "\"b.deb\"", "not opened: the keeper did not take it")));
	assert_non_null(strstr(rig.log, E("1000", "0", "1", "0", "", "0", "0", "false")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(descriptors),
	    cmocka_unit_test(descriptor_is_late),
	    cmocka_unit_test(wrong_descriptors),
	    cmocka_unit_test(file_was_replaced),
	    cmocka_unit_test(flood_of_descriptors),
	    cmocka_unit_test(chunks),
	    cmocka_unit_test(chunks_that_stop),
	    cmocka_unit_test(deb_from_the_box),
	    cmocka_unit_test(deb_is_sent_on),
	    cmocka_unit_test(deb_in_a_mail),
	    cmocka_unit_test(unpacking_has_a_budget),
	    cmocka_unit_test(keeper_takes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
