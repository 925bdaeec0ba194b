/* plugin/clamav/tracker: a host that lies costs its own stream, never another one, never the tracker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/prng.h"
#include "tests/unit/tracker_case.h"

static const char malformed[] = "the host's events were malformed";

static void put_raw(hook_t *h, const void *event, size_t n)
{
	put(h, event, n, NULL, NULL, 0);
}

/* What is wrong with each of them, behind a begin and an outermost object. */
enum {
	UNKNOWN_TYPE,
	SHORT_HEAD,
	UNKNOWN_SCAN,
	OLD_SERIAL,
	OLD_SCAN,
	INLINE_TOO_LONG,
	INLINE_TOO_SHORT,
	NAME_TOO_LONG,
	NAME_PAST_END,
	ANCESTORS_TOO_MANY,
	ANCESTORS_MISSING,
	SOURCE_UNKNOWN,
	TOO_DEEP,
	CHUNK_OF_NOTHING,
	CHUNKS_TOO_MANY,
	OUTER_UNKNOWN,
	TOO_NESTED,
	TRAILING_BYTES,
	EVENT_TOO_LONG,
	LIES
};

static void put_lie(hook_t *h, int lie)
{
	static uint8_t big[PB_EVENT_RING / 4 - 64];
	pb_event_object o = {
	    .head = {PB_EVENT_OBJECT, 1}, .serial = 2, .source = PB_BYTES_INLINE, .level = 1, .name_size = UINT32_MAX};
	const pb_event head = {lie == UNKNOWN_TYPE ? 77 : PB_EVENT_END, 1};

	switch (lie) {
	case UNKNOWN_TYPE:
	case SHORT_HEAD:
		put_raw(h, &head, sizeof head);
		return;
	case UNKNOWN_SCAN:
		end_scan(h, 5);
		return;
	case OLD_SERIAL:
		object(h, 1, 1, 1, "CL_TYPE_ELF", "x", AN_ELF);
		return;
	case OLD_SCAN:
		begin_scan(h, 1, "again");
		return;
	case INLINE_TOO_LONG:
		object_from(h, 1, 2, 1, "CL_TYPE_ELF", "x", big, PB_EVENT_INLINE + 1, PB_BYTES_INLINE);
		return;
	case INLINE_TOO_SHORT:
		o.size = 1;
		break;
	case NAME_TOO_LONG:
		o.name_size = PB_EVENT_NAME + 1;
		put(h, &o, sizeof o, (const void *const[]){big}, (const size_t[]){PB_EVENT_NAME + 1}, 1);
		return;
	case NAME_PAST_END:
		o.name_size = 10;
		break;
	case ANCESTORS_TOO_MANY:
		o.n_ancestors = PB_EVENT_ANCESTORS + 1;
		break;
	case ANCESTORS_MISSING:
		o.n_ancestors = 2;
		break;
	case SOURCE_UNKNOWN:
		o.source = 99;
		break;
	case TOO_DEEP:
		o.level = UINT32_MAX;
		break;
	case CHUNK_OF_NOTHING:
		chunk(h, 1, 9, "bytes", 5, 0);
		return;
	case CHUNKS_TOO_MANY:
		object_from(h, 1, 2, 1, "CL_TYPE_ELF", "x", NULL, 6, PB_BYTES_CHUNKS);
		chunk(h, 1, 2, "bytes", 5, 0);
		chunk(h, 1, 2, "bytes", 5, 0);
		return;
	case OUTER_UNKNOWN:
		begin_in(h, 2, 7, "inner", "", -1);
		return;
	case TOO_NESTED:
		for (uint32_t i = 0; i < PB_TRAIL_NESTED; i++)
			begin_in(h, 2 + i, 1 + i, "inner", "", -1);
		return;
	case TRAILING_BYTES:
		o.source = PB_BYTES_NONE;
		put(h, &o, sizeof o, (const void *const[]){big}, (const size_t[]){7}, 1);
		return;
	default:
		put_raw(h, big, sizeof big);
		return;
	}
	put_raw(h, &o, sizeof o);
}

static void lies(void **state)
{
	(void)state;
	for (int lie = 0; lie < LIES; lie++) {
		hook_t *liar, *other;

		rig_begin(true, "{}");
		liar = hook_begin();
		other = hook_begin();
		begin_scan(liar, 1, "a.zip");
		object(liar, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
		begin_scan(other, 1, "o.zip");
		object(other, 1, 1, 0, "CL_TYPE_ZIP", "o.zip", A_ZIP);
		rig_turn();
		put_lie(liar, lie);
		end_scan(other, 1);
		rig_await(2);
		if (!liar->over)
			print_message("lie %d was believed\n", lie);
		assert_true(liar->over);
		assert_true(pb_ring_gone(liar->ring));
		assert_int_equal(send(liar->socket, "x", 1, MSG_NOSIGNAL), -1);
		assert_false(other->over);
		assert_non_null(strstr(rig.log, L("1000", "\"a.zip\"", "the host's events were malformed")));
		assert_non_null(strstr(rig.log, E("1000", "0", "1", "-1", "", "0", "0", "true")));
		assert_non_null(strstr(rig.log, CLEAN("1001", "1", "1")));
		rig_end(0);
	}
}

/* Positions in the shared part that cannot be. */
static void ring_that_lies(void **state)
{
	int fd = pb_ring_create("ring", PB_EVENT_RING, 0), pair[2];
	uint64_t *words, most;
	bool busy = false;
	pb_ring *writer;
	pb_trail *s;

	(void)state;
	rig_begin(true, "{}");
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(words != MAP_FAILED);
	s = pb_trail_new(&rig.here, 0, fd, pair[1]);
	assert_non_null(s);
	for (most = 4; most < 64; most++) /* behind its size, wherever they are */
		words[most] = UINT64_MAX / 3;
	assert_false(pb_trail_turn(s, &busy));
	pb_trail_free(s);
	assert_int_equal(munmap(words, 4096), 0);
	(void)close(pair[0]);
	rig_end(0);
	/* a larger ring than is usual, and one event that fills it */
	rig_begin(true, "{}");
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	fd = pb_ring_create("ring", 4 << 20, 0);
	writer = pb_ring_open(fd, true);
	assert_non_null(writer);
	s = pb_trail_new(&rig.here, 0, fd, pair[1]);
	assert_non_null(s);
	assert_non_null(pb_ring_reserve(writer, PB_TRAIL_EVENT + 1, 0));
	pb_ring_commit(writer, PB_TRAIL_EVENT + 1, false);
	assert_false(pb_trail_turn(s, &busy));
	pb_trail_free(s);
	pb_ring_free(writer);
	(void)close(pair[0]);
	rig_end(0);
	/* and what is no ring at all */
	rig_begin(true, "{}");
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	assert_null(pb_trail_new(&rig.here, 0, open("/dev/null", O_RDWR | O_CLOEXEC), pair[1]));
	(void)close(pair[0]);
	rig_end(0);
}

/* Packets of the keeper's that are no streams are passed over; their descriptors are closed. */
static void odd_packets(void **state)
{
	const uint32_t odd[] = {2, 0, 0};
	hook_t *h;

	(void)state;
	rig_begin(false, "{}");
	send_fds(rig.control, odd, 8, (const int[]){0, 0}, 2);
	send_fds(rig.control, odd, 12, (const int[]){0}, 1);
	send_fds(rig.control, (const uint32_t[]){1, 5}, 8, (const int[]){0}, 1);
	send_fds(rig.control, (const uint32_t[]){1, 5}, 8, (const int[]){0, 0}, 2); /* no ring */
	h = hook_begin();
	begin_scan(h, 1, "a.zip");
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	end_scan(h, 1);
	rig_await(1);
	rig_end(0);
}

/* Names that are no text, and a type that no lane would take. */
static void odd_strings(void **state)
{
	static const char name[] = "a\0b\x1b[31m\xff";
	const pb_event_begin b = {.head = {PB_EVENT_BEGIN, 1}, .name_size = sizeof name - 1};
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	put(h, &b, sizeof b, (const void *const[]){name}, (const size_t[]){sizeof name - 1}, 1);
	object(h, 1, 1, 0, "CL_TYPE_\n\xff", name, A_ZIP);
	object(h, 1, 2, 1, "CL_TYPE_TEXT_ASCII", "../../etc/\x1b[31mpasswd", "words");
	end_scan(h, 1);
	rig_await(1);
	rig_end(0);
	rig_expect(B("1000", "0", "1", "a\\\\x00b\\\\x1b[31m\\\\xff", "a\\\\x00b\\\\x1b[31m\\\\xff", "10")
	               O("1000", "\"a\\\\x00b\\\\x1b[31m\\\\xff\"", "zip", "10")
	                   O("1000", "\"a\\\\x00b\\\\x1b[31m\\\\xff\",\"../../etc/\\\\x1b[31mpasswd\"", "text", "5")
	                       I("1000", "zip", "#", "10") CLEAN("1000", "0", "1"));
}

/* Events as bytes, to be broken. */
typedef struct tape {
	uint8_t *event[64];
	size_t size[64], n;
} tape;

static void record(tape *t, hook_t *h)
{
	pb_ring *reader = h->stream->ring;
	const void *entry;
	size_t n;

	while (pb_ring_take(reader, &entry, &n, 0) == 1) {
		assert_true(t->n < 64);
		t->event[t->n] = malloc(n);
		assert_non_null(t->event[t->n]);
		memcpy(t->event[t->n], entry, n);
		t->size[t->n++] = n;
		pb_ring_done(reader);
	}
}

static void play(hook_t *h)
{
	begin_in(h, 1, 0, "/tmp/m.eml", "/tmp/m.eml", 34);
	object(h, 1, 1, 0, "CL_TYPE_MAIL", "m.eml", "Received: from here\nSubject: two\n\n");
	meta(h, 1, "CL_TYPE_MAIL", "a.zip", 10, 0);
	object(h, 1, 2, 1, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	meta(h, 1, "CL_TYPE_ZIP", "x/in.txt", 7, 0);
	meta(h, 1, "CL_TYPE_ZIP", "x/in.txt", 7, 0);
	object(h, 1, 3, 2, "CL_TYPE_TEXT_ASCII", "in.txt", "inside.");
	object_from(h, 1, 4, 1, "CL_TYPE_ELF", "b.elf", NULL, 48, PB_BYTES_CHUNKS);
	chunk(h, 1, 4, AN_ELF, 20, 0);
	chunk(h, 1, 4, &AN_ELF[20], 28, 0);
	found(h, 1, 101, "Test.Sig");
	begin_in(h, 2, 1, "inner", "", -1);
	object(h, 2, 1, 0, "CL_TYPE_AR", "c.deb", A_DEB);
	end_scan(h, 2);
	object_from(h, 1, 5, 1, "CL_TYPE_ELF", "d.elf", NULL, 400000, PB_BYTES_DESCRIPTOR);
	object_from(h, 1, 6, 1, "CL_TYPE_GZ", "e.gz", NULL, 10, PB_BYTES_DROPPED);
	end_with(h, 1, 1, "Test.Sig", 2);
	begin_scan(h, 3, "t.txt");
	object(h, 3, 1, 0, "CL_TYPE_TEXT_ASCII", "t.txt", "a text, no product at all");
	end_scan(h, 3);
	begin_scan(h, 4, "f.deb");
	object(h, 4, 1, 0, "CL_TYPE_AR", "f.deb", A_DEB);
	end_scan(h, 4);
}

/* Breaks one event: a byte, a word of its head, its length. The copy has just its size, so that a look behind it is
 * seen. */
static uint8_t *broken(prng *r, const uint8_t *event, size_t *n)
{
	static const uint32_t words[] = {0,   1,   2,    3,    4,     5,     6,          7,          33,
	                                 255, 256, 4096, 4097, 49152, 65536, 0x7fffffff, 0x80000000, 0xffffffff};
	size_t size = *n;
	uint8_t *copy;

	if (prng_chance(r, 15))
		size = (size_t)prng_in(r, 0, (int)size);
	else if (prng_chance(r, 10))
		size += (size_t)prng_in(r, 1, 64);
	copy = calloc(1, size + 1);
	assert_non_null(copy);
	memcpy(copy, event, size < *n ? size : *n);
	for (int i = prng_in(r, 0, 3); i > 0 && size >= 4; i--) {
		if (prng_chance(r, 50)) {
			copy[(size_t)prng_in(r, 0, (int)size - 1)] = (uint8_t)prng_next(r);
		} else {
			uint32_t word = words[(size_t)prng_in(r, 0, sizeof words / sizeof words[0] - 1)];

			memcpy(copy + 4 * (size_t)prng_in(r, 0, (int)(size / 4 < 16 ? size / 4 : 16) - 1), &word, 4);
		}
	}
	*n = size;
	return copy;
}

static unsigned count(const char *what)
{
	unsigned n = 0;

	for (const char *at = rig.log; (at = strstr(at, what)) != NULL; at++)
		n++;
	return n;
}

static void mutations(void **state)
{
	static const char *const args[] = {"{}", "{\"group\":\"run\"}", "{\"kinds\":[\"script\",\"text\",\"elf\"]}"};
	char packet[512];
	tape t = {.n = 0};
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	play(h);
	record(&t, h);
	rig_end(0);
	for (uint64_t number = 0; number < 20000; number++) {
		prng r = prng_of_case(3, number);
		int rc = 0;

		if (number % 2000 == 0) {
			if (number > 0)
				rig_end(0);
			rig_begin(true, args[number / 2000 % 3]);
			h = hook_begin();
		}
		rig.logged = 0;
		rig.log[0] = '\0';
		h->stream->last_scan = 0;
		for (size_t i = 0; i < t.n && rc == 0; i++) {
			size_t from = prng_chance(&r, 3) ? (size_t)prng_in(&r, 0, (int)t.n - 1) : i, n = t.size[from];
			uint8_t *event = t.event[from];
			bool is_broken = prng_chance(&r, 8);

			if (prng_chance(&r, 2))
				continue;
			event = is_broken ? broken(&r, event, &n) : event;
			rc = pb_trail_event(h->stream, event, n);
			if (is_broken)
				free(event);
		}
		assert_true(rc == 0 || rc == PB_ECORRUPT);
		pb_trail_abandon(h->stream, 0, malformed);
		assert_int_equal(h->stream->n, 0);
		assert_false(h->stream->awaited.is);
		assert_int_equal(rig.here.held, 0);
		assert_int_equal(rig.here.failed, 0);
		rig_take(0);
		while (recv(rig.control, packet, sizeof packet, MSG_DONTWAIT) > 0)
			;
		/* whatever was begun was ended */
		assert_int_equal(count(" B {"), count(" E {"));
		assert_int_equal(count(" B {"), count(" I {"));
		assert_true(count(" B {") + count(" K {") > 0 || rc != 0);
	}
	rig_end(0);
	for (size_t i = 0; i < t.n; i++)
		free(t.event[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lies),        cmocka_unit_test(ring_that_lies), cmocka_unit_test(odd_packets),
	    cmocka_unit_test(odd_strings), cmocka_unit_test(mutations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
