/* What the tests of the tracker share: a hook that writes what a test says, a worker that logs what the lane brings.
 * Include after cmocka.h. */
#ifndef PROBITY_TESTS_TRACKER_CASE_H
#define PROBITY_TESTS_TRACKER_CASE_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "clamav/tracker.h"
#include "clamav/tracker_stream.h"

enum { RIG_STREAMS = 4 };

/* One thread of a fake host. */
typedef struct hook {
	pb_ring *ring;
	int socket;
	pb_trail *stream; /* NULL where the tracker is a process */
	bool over;        /* the tracker gave the stream up */
} hook_t;

/* A tracker, here or in a process of its own, with hooks on one side and a worker on the other. */
typedef struct rig {
	pb_tracker here;
	pid_t pid;   /* 0: here */
	int control; /* the keeper's end */
	pb_lane *worker;
	json_t *args;
	hook_t hook[RIG_STREAMS];
	size_t n;
	char log[1 << 18];
	size_t logged;
	unsigned ends; /* E notes so far */
	unsigned gone; /* G notes so far */
	uint32_t allmatch; /* of the scans that begin */
	uint32_t opened;   /* as the entries tell it; PB_OPENED_UNKNOWN unless a test says other */
} rig_t;

static rig_t rig;

/* Digests are logged as "#": rig_log_entry has held them against the bytes. */
static inline void rig_log(const char *text)
{
	while (*text != '\0') {
		bool digest = strspn(text, "0123456789abcdef") == 64;

		assert_true(rig.logged + 1 < sizeof rig.log);
		rig.log[rig.logged++] = *text;
		if (digest)
			rig.log[rig.logged - 1] = '#';
		text += digest ? 64 : 1;
	}
	rig.log[rig.logged] = '\0';
}

/* An object: "TAG O [path] kind size", a note: "TAG LETTER {json}". */
static inline void rig_log_entry(const pb_lane_entry *e)
{
	char line[8192];

	if (e->is_object) {
		pb_error err;
		json_t *record = pb_json_parse((pb_bytes){(const uint8_t *)e->object.record, e->object.record_size},
		                               PB_LANE_TEXT, "record", &err);
		char *path, hex[65];

		assert_non_null(record);
		path = pb_json_canonical(json_object_get(record, "path"));
		assert_true(pb_sha256_of(e->object.bytes, hex));
		assert_string_equal(hex, e->object.sha256);
		assert_string_equal(hex, pb_json_str(record, "sha256", ""));
		assert_string_equal(e->object.kind, pb_json_str(record, "kind", ""));
		assert_int_equal(e->object.bytes.size, pb_json_int(record, "size", -1));
		(void)snprintf(line, sizeof line, "%u O %s %s %zu\n", e->tag, path, e->object.kind,
		               e->object.bytes.size);
		free(path);
		json_decref(record);
	} else if (e->type == PB_MSG_GONE) {
		rig.gone++; /* when a host's thread leaves is no matter of most tests */
		return;
	} else {
		(void)snprintf(line, sizeof line, "%u %c %.*s\n", e->tag, (char)e->type, (int)e->text.size,
		               (const char *)e->text.data);
		rig.ends += e->type == PB_MSG_DONE || e->type == PB_MSG_SKIPPED;
	}
	rig_log(line);
}

/* Takes everything that is there, waiting up to wait_ms for the first entry. */
static inline void rig_take(int wait_ms)
{
	pb_lane_entry e;
	int rc;

	while ((rc = pb_lane_take(rig.worker, &e, wait_ms)) == 1) {
		rig_log_entry(&e);
		pb_lane_done(rig.worker);
		wait_ms = 0;
	}
	assert_true(rc == 0 || rc == PB_EIO);
}

/* here: the streams run in this process, when rig_turn is called; else the role runs in a process of its own, boxed. */
static inline void rig_begin(bool here, const char *args)
{
	int lane = pb_lane_create(), pair[2];
	pb_error err = {0};

	rig = (rig_t){.pid = 0, .opened = PB_OPENED_UNKNOWN};
	assert_true(lane >= 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	rig.control = pair[0];
	rig.args = json_loads(args, 0, NULL);
	assert_non_null(rig.args);
	if (here) {
		rig.here =
		    (pb_tracker){.control = pair[1], .next_tag = PB_TRACKED_FIRST_TAG, .event = malloc(PB_TRAIL_EVENT)};
		rig.here.lane = pb_lane_open(lane, true, &err);
		assert_non_null(rig.here.lane);
		assert_non_null(rig.here.event);
		assert_int_equal(pb_wants_read(rig.args, &rig.here.wants, &err), PB_OK);
	} else if ((rig.pid = fork()) == 0) {
		const pb_role_args role = {.fd = {pair[1], lane, -1, -1}, .args = rig.args};

		(void)close(pair[0]);
		_exit(pb_tracker_main(NULL, &role));
	} else {
		assert_true(rig.pid > 0);
		(void)close(pair[1]);
	}
	rig.worker = pb_lane_open(lane, false, &err);
	assert_non_null(rig.worker);
	(void)close(lane);
}

/* A packet with descriptors. */
static inline void send_fds(int to, const void *bytes, size_t n, const int *fd, size_t n_fds)
{
	char room[CMSG_SPACE(4 * sizeof(int))] = {0};
	struct iovec part = {(void *)(uintptr_t)bytes, n};
	struct msghdr m = {
	    .msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = CMSG_SPACE(n_fds * sizeof(int))};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
	memcpy(CMSG_DATA(c), fd, n_fds * sizeof(int));
	assert_int_equal(sendmsg(to, &m, MSG_NOSIGNAL), n);
}

static inline void hook_wake(void *user)
{
	const uint32_t message = PB_STREAM_WAKE;

	(void)send(((hook_t *)user)->socket, &message, sizeof message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Another thread of a host; its stream's number is its index. */
static inline hook_t *hook_begin(void)
{
	struct {
		uint32_t type, stream;
	} packet = {1, (uint32_t)rig.n};
	hook_t *h = &rig.hook[rig.n++];
	int ring = pb_ring_create("ring", PB_EVENT_RING, 0), pair[2];

	assert_true(rig.n <= RIG_STREAMS);
	assert_true(ring >= 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	h->socket = pair[0];
	h->ring = pb_ring_open(ring, true);
	assert_non_null(h->ring);
	pb_ring_on_wake(h->ring, hook_wake, h);
	if (rig.pid == 0) {
		h->stream = pb_trail_new(&rig.here, packet.stream, ring, pair[1]);
		assert_non_null(h->stream);
	} else {
		send_fds(rig.control, &packet, sizeof packet, (const int[]){ring, pair[1]}, 2);
		(void)close(ring);
		(void)close(pair[1]);
	}
	return h;
}

/* The host's thread ends, in the midst or not. */
static inline void hook_hang_up(hook_t *h)
{
	if (h->socket >= 0)
		(void)close(h->socket);
	h->socket = -1;
	pb_ring_free(h->ring);
	h->ring = NULL;
}

/* Lets a tracker that is here do all that there is to do. */
static inline void rig_turn(void)
{
	bool busy = true;

	while (busy) {
		busy = false;
		for (size_t i = 0; i < rig.n; i++) {
			hook_t *h = &rig.hook[i];

			if (h->stream == NULL)
				continue;
			pb_trail_readable(h->stream, POLLIN);
			if (!pb_trail_turn(h->stream, &busy)) {
				pb_trail_free(h->stream);
				h->stream = NULL;
				h->over = true;
			}
			rig_take(0);
		}
	}
}

/* Waits for `ends` scans or products to be over. */
static inline void rig_await(unsigned ends)
{
	if (rig.pid == 0)
		rig_turn();
	for (int i = 0; rig.pid != 0 && i < 400 && rig.ends < ends; i++)
		rig_take(50);
	assert_int_equal(rig.ends, ends);
}

static inline void rig_end(int status)
{
	int got = 0;

	(void)close(rig.control);
	if (rig.pid != 0) {
		assert_int_equal(waitpid(rig.pid, &got, 0), rig.pid);
		assert_true(WIFEXITED(got));
		assert_int_equal(WEXITSTATUS(got), status);
	}
	for (size_t i = 0; i < rig.n; i++) {
		hook_hang_up(&rig.hook[i]);
		if (rig.hook[i].stream != NULL)
			pb_trail_free(rig.hook[i].stream);
	}
	if (rig.pid == 0) {
		assert_int_equal(rig.here.held, 0);
		pb_lane_free(rig.here.lane);
		pb_wants_free(&rig.here.wants);
		free(rig.here.event);
		(void)close(rig.here.control);
	}
	pb_lane_free(rig.worker);
	json_decref(rig.args);
}

/* What the log said, and all of it. */
static inline void rig_expect(const char *want)
{
	assert_string_equal(rig.log, want);
	rig.logged = 0;
	rig.log[0] = '\0';
}

/* The events. */

static inline void put(hook_t *h, const void *head, size_t n, const void *const *part, const size_t *size, size_t parts)
{
	size_t total = n;
	uint8_t *to;

	for (size_t i = 0; i < parts; i++)
		total += size[i];
	to = pb_ring_reserve(h->ring, total, 5000000);
	assert_non_null(to);
	memcpy(to, head, n);
	to += n;
	for (size_t i = 0; i < parts; i++) {
		if (size[i] > 0)
			memcpy(to, part[i], size[i]);
		to += size[i];
	}
	pb_ring_commit(h->ring, total, false);
}

/* size -1: no file is known. */
static inline void begin_in(hook_t *h, uint32_t scan, uint32_t outer, const char *name, const char *path, int64_t size)
{
	const pb_event_begin e = {.head = {PB_EVENT_BEGIN, scan},
	                          .outer = outer,
	                          .name_size = (uint32_t)strlen(name),
	                          .path_size = (uint32_t)strlen(path),
	                          .has_file = size >= 0,
	                          .allmatch = rig.allmatch,
	                          .size = size >= 0 ? (uint64_t)size : 0};

	put(h, &e, sizeof e, (const void *const[]){name, path}, (const size_t[]){e.name_size, e.path_size}, 2);
}

static inline void begin_scan(hook_t *h, uint32_t scan, const char *name)
{
	begin_in(h, scan, 0, name, "", -1);
}

static inline void object_from(hook_t *h, uint32_t scan, uint32_t serial, uint32_t level, const char *type,
                               const char *name, const void *bytes, uint64_t size, uint32_t source)
{
	const pb_event_object e = {.head = {PB_EVENT_OBJECT, scan},
	                           .serial = serial,
	                           .source = source,
	                           .fd = (int32_t)(100 + level),
	                           .level = level,
	                           .size = size,
	                           .opened = rig.opened,
	                           .type_size = (uint32_t)strlen(type),
	                           .name_size = name != NULL ? (uint32_t)strlen(name) : UINT32_MAX};

	put(h, &e, sizeof e, (const void *const[]){type, name, bytes},
	    (const size_t[]){e.type_size, name != NULL ? e.name_size : 0, source == PB_BYTES_INLINE ? (size_t)size : 0},
	    3);
}

static inline void object(hook_t *h, uint32_t scan, uint32_t serial, uint32_t level, const char *type, const char *name,
                          const char *text)
{
	object_from(h, scan, serial, level, type, name, text, strlen(text), PB_BYTES_INLINE);
}

static inline void chunk(hook_t *h, uint32_t scan, uint32_t serial, const void *bytes, size_t n, uint32_t cut)
{
	const pb_event_chunk e = {.head = {PB_EVENT_MORE, scan}, .serial = serial, .cut = cut};

	put(h, &e, sizeof e, &bytes, &n, 1);
}

static inline void meta(hook_t *h, uint32_t scan, const char *type, const char *name, uint64_t size, uint32_t encrypted)
{
	const pb_event_meta e = {.head = {PB_EVENT_META, scan},
	                         .size = size,
	                         .encrypted = encrypted,
	                         .opened = rig.opened,
	                         .type_size = (uint32_t)strlen(type),
	                         .name_size = (uint32_t)strlen(name)};

	put(h, &e, sizeof e, (const void *const[]){type, name}, (const size_t[]){e.type_size, e.name_size}, 2);
}

static inline void found(hook_t *h, uint32_t scan, int32_t fd, const char *signature)
{
	const pb_event_found e = {
	    .head = {PB_EVENT_FOUND, scan}, .fd = fd, .name_size = (uint32_t)strlen(signature), .opened = rig.opened};

	put(h, &e, sizeof e, (const void *const[]){signature}, (const size_t[]){e.name_size}, 1);
}

static inline void end_with(hook_t *h, uint32_t scan, int32_t result, const char *signature, uint32_t lost)
{
	const pb_event_end e = {.head = {PB_EVENT_END, scan},
	                        .result = result,
	                        .name_size = (uint32_t)strlen(signature),
	                        .lost = lost,
	                        .opened = rig.opened};

	put(h, &e, sizeof e, (const void *const[]){signature}, (const size_t[]){e.name_size}, 1);
}

static inline void end_scan(hook_t *h, uint32_t scan)
{
	end_with(h, scan, 0, "", 0);
}

/* A descriptor over the socket, for a message of the hook's. */
static inline void send_descriptor(hook_t *h, uint32_t scan, uint32_t serial, int fd)
{
	const pb_stream_descriptor d = {.type = PB_STREAM_DESCRIPTOR, .scan = scan, .serial = serial};

	send_fds(h->socket, &d, sizeof d, &fd, 1);
}

/* The keeper's side: the next request, its bytes. Returns their number. */
static inline size_t take_request(char *text, size_t room, uint8_t *bytes, size_t most)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct iovec part = {text, room - 1};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	ssize_t n = recvmsg(rig.control, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;
	ssize_t got;
	int fd;

	text[n > 0 ? n : 0] = '\0';
	if (n <= 0)
		return 0;
	assert_non_null(c);
	memcpy(&fd, CMSG_DATA(c), sizeof fd);
	got = pread(fd, bytes, most, 0);
	assert_true(got >= 0);
	(void)close(fd);
	return (size_t)got;
}

/* Notes as the log has them. */
#define B(tag, stream, scan, name, path, size)                                                                         \
	tag " B {\"name\":\"" name "\",\"path\":\"" path "\",\"scan\":" scan ",\"size\":" size ",\"stream\":" stream   \
	    "}\n"
#define O(tag, path, kind, size) tag " O [" path "] " kind " " size "\n"
#define L(tag, path, why)        tag " L {\"path\":[" path "],\"why\":\"" why "\"}\n"
#define D(tag, path, sha256, signature)                                                                                \
	tag " D {\"path\":[" path "],\"sha256\":\"" sha256 "\",\"signature\":\"" signature "\"}\n"
#define I(tag, kind, sha256, size) tag " I {\"kind\":\"" kind "\",\"sha256\":\"" sha256 "\",\"size\":" size "}\n"
#define IP(tag, kind, path, sha256, size)                                                                              \
	tag " I {\"kind\":\"" kind "\",\"path\":[" path "],\"sha256\":\"" sha256 "\",\"size\":" size "}\n"
#define E(tag, stream, scan, result, signature, lost, unpacks, ended)                                                  \
	tag " E {\"ended\":" ended ",\"lost\":" lost ",\"result\":" result ",\"scan\":" scan                           \
	    ",\"signature\":\"" signature "\",\"stream\":" stream ",\"unpacks\":" unpacks "}\n"
/* The same of a clean scan with what is told only where it is: `more` stands before "ended", `whole` at the end. */
#define E_WITH(tag, stream, scan, more, hidden, lost, unpacks, whole)                                                  \
	tag " E {" more "\"ended\":false," hidden "\"lost\":" lost ",\"result\":0,\"scan\":" scan                  \
	    ",\"signature\":\"\",\"stream\":" stream ",\"unpacks\":" unpacks whole "}\n"
#define DROPPED(n) "\"dropped\":" n ","
#define HIDDEN(n)  "\"hidden\":" n ","
#define WHOLE      ",\"whole\":true"
#define CLEAN(tag, stream, scan)   E(tag, stream, scan, "0", "", "0", "0", "false")
#define K(tag, stream, scan, kind) tag " K {\"kind\":\"" kind "\",\"scan\":" scan ",\"stream\":" stream "}\n"

/* Bytes of kinds, large enough to be told. */
#define AN_ELF "\177ELF\2\1\1 an executable, as far as anybody looks.."
#define A_ZIP  "PK\3\4 outer"
#define A_DEB  "!<arch>\ndebian-binary   0           0     0     100644  4         `\n2.0\n"

#endif
