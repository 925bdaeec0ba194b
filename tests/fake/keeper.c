/* A keeper for tests: welcomes hooks and prints what they tell, a line an event. Ends when its standard input does.
 *	keeper SOCKET [OPTION=VALUE...]
 *	wait=MS room=US replay=0|1    as in the welcome
 *	alert=NAME                    the answer to each scan (only=TEXT: to those whose names contain TEXT)
 *	stale=1                       answers for the scan before as well
 *	skip=TEXT                     scans whose name contains TEXT are not wanted
 *	mode=silent                   accepts, never welcomes
 *	mode=rubbish, mode=ring, mode=two   welcomes with nonsense, without a ring, with two descriptors
 *	mode=idle                     welcomes, never reads
 *	mode=hangup                   hangs up at the first beginning of a scan */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "wire/event.h"
#include "wire/ring.h"

enum { STREAMS = 64 };

static struct stream {
	int fd, file, greeted;
	pb_ring *ring;
	uint32_t file_serial, serial;
	uint32_t scan; /* of the object with that serial; 0: it is known whether it was opened */
	uint64_t sum, left;
	char name[256];
} streams[STREAMS];
static int n_streams;
static const char *alert, *only, *skip, *mode = "";
static uint32_t wait_ms, room_us = 50000, replay;
static int stale, quiet_end;

static uint64_t sum(uint64_t h, const unsigned char *p, size_t n)
{
	while (n-- > 0)
		h = (h ^ *p++) * 1099511628211u;
	return h;
}

static void send_fds(int fd, const void *data, size_t n, const int *fds, size_t count)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(2 * sizeof(int))];
	} c = {0};
	struct iovec v = {.iov_base = (void *)data, .iov_len = n};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};

	if (count > 0) {
		m.msg_control = &c;
		m.msg_controllen = CMSG_SPACE(count * sizeof(int));
		CMSG_FIRSTHDR(&m)->cmsg_level = SOL_SOCKET;
		CMSG_FIRSTHDR(&m)->cmsg_type = SCM_RIGHTS;
		CMSG_FIRSTHDR(&m)->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(CMSG_FIRSTHDR(&m)), fds, count * sizeof(int));
	}
	(void)sendmsg(fd, &m, MSG_NOSIGNAL);
}

static void welcome(struct stream *s, const pb_stream_hello *hello)
{
	pb_stream_welcome w = {PB_STREAM_WELCOME, PB_EVENT_MAGIC, wait_ms, room_us, replay, 0};
	int fds[2];

	printf("S%ld hello host=%.31s clamav=%.31s\n", (long)(s - streams), hello->host, hello->clamav);
	s->greeted = 1;
	if (strcmp(mode, "silent") == 0)
		return;
	fds[0] = fds[1] = pb_ring_create("test", PB_EVENT_RING, 0);
	if (strcmp(mode, "rubbish") == 0)
		w.magic = 7;
	send_fds(s->fd, &w, sizeof w, fds, strcmp(mode, "ring") == 0 ? 0 : strcmp(mode, "two") == 0 ? 2 : 1);
	if (strcmp(mode, "idle") != 0)
		s->ring = pb_ring_open(fds[0], false);
	close(fds[0]);
}

static void text(const char *label, const unsigned char **p, uint32_t n)
{
	if (n == UINT32_MAX) {
		printf(" %s", label);
		return;
	}
	printf(" %s=%.*s", label, (int)n, (const char *)*p);
	*p += n;
}

static void print_sum(struct stream *s, const char *how)
{
	printf(" %s %llx", how, (unsigned long long)s->sum);
}

static void on_message(struct stream *s);

/* The message was sent before the entry, but may not have been looked at yet. */
static void on_descriptor(struct stream *s, const pb_event_object *o)
{
	unsigned char part[4096];
	ssize_t n;
	off_t at = 0;

	s->sum = 0;
	for (int i = 0; i < 100 && s->file < 0 && s->fd >= 0; i++)
		on_message(s);
	if (s->file < 0 || s->file_serial != o->serial) {
		printf(" no descriptor");
		return;
	}
	while ((n = pread(s->file, part, sizeof part, at)) > 0) {
		s->sum = sum(s->sum, part, (size_t)n);
		at += n;
	}
	close(s->file);
	s->file = -1;
	print_sum(s, "descriptor");
}

static void on_object(struct stream *s, const unsigned char *p, size_t n)
{
	static const char *const sources[] = {"", "inline", "chunks", "descriptor", "none", "dropped"};
	const unsigned char *end = p + n;
	pb_event_object o;

	memcpy(&o, p, sizeof o);
	p += sizeof o;
	printf("object %u.%u level=%u size=%llu parent=%llu", o.head.scan, o.serial, o.level,
	       (unsigned long long)o.size, (unsigned long long)o.parent_size);
	text("type", &p, o.type_size);
	text("name", &p, o.name_size);
	for (uint32_t i = 0; i < o.n_ancestors; i++) {
		uint32_t length;
		memcpy(&length, p, sizeof length);
		p += sizeof length;
		text("in", &p, length);
	}
	s->serial = o.serial;
	s->scan = o.head.scan;
	s->left = 0;
	s->sum = 0;
	if (o.source == PB_BYTES_INLINE) {
		s->sum = sum(0, p, (size_t)(end - p));
		print_sum(s, (uint64_t)(end - p) == o.size ? "inline" : "inline, WRONG SIZE");
	} else if (o.source == PB_BYTES_DESCRIPTOR) {
		on_descriptor(s, &o);
	} else {
		printf(" %s", sources[o.source]);
	}
	if (o.source == PB_BYTES_CHUNKS)
		s->left = o.size;
}

static void on_chunk(struct stream *s, const unsigned char *p, size_t n)
{
	pb_event_chunk c;

	memcpy(&c, p, sizeof c);
	n -= sizeof c;
	s->sum = sum(s->sum, p + sizeof c, n);
	if (c.serial != s->serial || n > s->left)
		printf("chunk of %u, WRONG", c.serial);
	s->left -= n;
	if (c.cut)
		printf("cut %u.%u, %llu missing", c.head.scan, c.serial, (unsigned long long)s->left);
	else if (s->left == 0)
		print_sum(s, "whole");
	else
		quiet_end = 1;
}

static void answer(struct stream *s, const pb_event_end *e)
{
	pb_stream_verdict v = {.type = PB_STREAM_VERDICT, .scan = e->head.scan};

	if (alert == NULL || wait_ms == 0)
		return;
	v.alert = only == NULL || strstr(s->name, only) != NULL;
	(void)snprintf(v.name, sizeof v.name, "%s", alert);
	if (stale) {
		v.scan--;
		send_fds(s->fd, &v, sizeof v, NULL, 0);
		send_fds(s->fd, "rubbish", 7, NULL, 0);
		v.scan++;
		v.alert = 0;
	}
	send_fds(s->fd, &v, sizeof v, NULL, 0);
}

/* What the next entry of its scan says of the object before. */
static void settle(struct stream *s, uint32_t scan, uint32_t opened)
{
	if (s->scan == scan && opened != PB_OPENED_UNKNOWN && opened != s->serial)
		printf("S%ld hidden %u.%u\n", (long)(s - streams), scan, s->serial);
	if (s->scan == scan)
		s->scan = 0;
}

static void look_at_opened(struct stream *s, const pb_event *head, const unsigned char *p)
{
	if (head->type == PB_EVENT_OBJECT)
		settle(s, head->scan, ((const pb_event_object *)(const void *)p)->opened);
	else if (head->type == PB_EVENT_META)
		settle(s, head->scan, ((const pb_event_meta *)(const void *)p)->opened);
	else if (head->type == PB_EVENT_FOUND)
		settle(s, head->scan, ((const pb_event_found *)(const void *)p)->opened);
	else if (head->type == PB_EVENT_END)
		settle(s, head->scan, ((const pb_event_end *)(const void *)p)->opened);
}

static void on_event(struct stream *s, const unsigned char *p, size_t n)
{
	pb_event head;

	memcpy(&head, p, sizeof head);
	quiet_end = 0;
	look_at_opened(s, &head, p);
	if (head.type != PB_EVENT_MORE)
		printf("S%ld ", (long)(s - streams));
	if (head.type == PB_EVENT_BEGIN) {
		pb_event_begin b;
		memcpy(&b, p, sizeof b);
		p += sizeof b;
		if (b.outer == 0)
			(void)snprintf(s->name, sizeof s->name, "%.*s", (int)b.name_size, (const char *)p);
		printf("begin %u outer=%u file=%u size=%llu", head.scan, b.outer, b.has_file,
		       (unsigned long long)b.size);
		text("name", &p, b.name_size);
		text("path", &p, b.path_size);
		if (skip != NULL && strstr(s->name, skip) != NULL)
			*pb_ring_word(s->ring, PB_WORD_SKIP) = head.scan;
	} else if (head.type == PB_EVENT_OBJECT) {
		on_object(s, p, n);
	} else if (head.type == PB_EVENT_MORE) {
		on_chunk(s, p, n);
	} else if (head.type == PB_EVENT_META) {
		pb_event_meta m;
		memcpy(&m, p, sizeof m);
		p += sizeof m;
		printf("meta %u size=%llu encrypted=%u", head.scan, (unsigned long long)m.size, m.encrypted);
		text("type", &p, m.type_size);
		text("name", &p, m.name_size);
	} else if (head.type == PB_EVENT_FOUND) {
		pb_event_found f;
		memcpy(&f, p, sizeof f);
		p += sizeof f;
		printf("found %u", head.scan);
		text("name", &p, f.name_size);
	} else if (head.type == PB_EVENT_END) {
		pb_event_end e;
		memcpy(&e, p, sizeof e);
		p += sizeof e;
		printf("end %u result=%d lost=%u objects=%u", head.scan, e.result, e.lost, e.objects);
		text("name", &p, e.name_size);
		answer(s, &e);
	} else {
		printf("UNKNOWN %u", head.type);
	}
	if (!quiet_end)
		printf("\n");
}

static void drain(struct stream *s)
{
	const void *entry;
	size_t n;

	while (s->ring != NULL && pb_ring_take(s->ring, &entry, &n, 0) == 1) {
		on_event(s, entry, n);
		pb_ring_done(s->ring);
		if (strcmp(mode, "hangup") == 0) {
			shutdown(s->fd, SHUT_RDWR);
			pb_ring_close(s->ring);
			break;
		}
	}
}

static void on_message(struct stream *s)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int))];
	} c;
	unsigned char data[512];
	struct iovec v = {.iov_base = data, .iov_len = sizeof data};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = &c, .msg_controllen = sizeof c};
	ssize_t n = recvmsg(s->fd, &m, MSG_DONTWAIT);
	uint32_t type = 0;

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		drain(s);
		printf("S%ld gone%s\n", (long)(s - streams),
		       s->ring != NULL && pb_ring_gone(s->ring) ? ", said so" : "");
		close(s->fd);
		s->fd = -1;
		return;
	}
	if ((size_t)n >= sizeof type)
		memcpy(&type, data, sizeof type);
	if (type == PB_STREAM_HELLO && n == sizeof(pb_stream_hello) && !s->greeted) {
		welcome(s, (pb_stream_hello *)(void *)data);
	} else if (type == PB_STREAM_DESCRIPTOR && n == sizeof(pb_stream_descriptor) && CMSG_FIRSTHDR(&m) != NULL) {
		memcpy(&s->file, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof s->file);
		s->file_serial = ((pb_stream_descriptor *)(void *)data)->serial;
	} else if (type != PB_STREAM_WAKE || n != sizeof type) {
		printf("S%ld odd message of %zd bytes\n", (long)(s - streams), n);
	}
}

static void option(const char *arg)
{
	const char *value = strchr(arg, '=');

	if (value == NULL)
		return;
	value++;
	if (strncmp(arg, "wait=", 5) == 0)
		wait_ms = (uint32_t)atoi(value);
	else if (strncmp(arg, "room=", 5) == 0)
		room_us = (uint32_t)atoi(value);
	else if (strncmp(arg, "replay=", 7) == 0)
		replay = (uint32_t)atoi(value);
	else if (strncmp(arg, "alert=", 6) == 0)
		alert = value;
	else if (strncmp(arg, "only=", 5) == 0)
		only = value;
	else if (strncmp(arg, "skip=", 5) == 0)
		skip = value;
	else if (strncmp(arg, "mode=", 5) == 0)
		mode = value;
	else if (strncmp(arg, "stale=", 6) == 0)
		stale = atoi(value);
}

/* 0: the input has ended, or without one: nothing has happened for a while. */
static int serve(int input, int listener)
{
	struct pollfd p[STREAMS + 2] = {{.fd = input, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
	bool awake = false;
	int happened;

	for (int i = 0; i < n_streams; i++)
		p[2 + i] = (struct pollfd){.fd = streams[i].fd, .events = POLLIN};
	for (int i = 0; i < n_streams; i++)
		awake |= streams[i].ring != NULL && streams[i].fd >= 0 && !pb_ring_sleep(streams[i].ring);
	happened = poll(p, (nfds_t)n_streams + 2, awake ? 0 : input >= 0 ? 2 : 30);
	if (p[0].revents != 0)
		return 0;
	for (int i = 0; i < n_streams; i++) {
		if (p[2 + i].revents != 0)
			on_message(&streams[i]);
		drain(&streams[i]);
	}
	if ((p[1].revents & POLLIN) != 0 && n_streams < STREAMS) {
		streams[n_streams] = (struct stream){.fd = accept(listener, NULL, NULL), .file = -1};
		n_streams++;
	}
	fflush(stdout);
	return input >= 0 || happened > 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	if (argc < 2 || strlen(argv[1]) >= sizeof a.sun_path)
		return 2;
	memcpy(a.sun_path, argv[1], strlen(argv[1]) + 1);
	for (int i = 2; i < argc; i++)
		option(argv[i]);
	unlink(argv[1]);
	if (bind(listener, (struct sockaddr *)&a, sizeof a) != 0 || chmod(argv[1], 0666) != 0 ||
	    listen(listener, 16) != 0) {
		perror(argv[1]);
		return 2;
	}
	printf("ready\n");
	fflush(stdout);
	while (serve(0, listener))
		;
	while (serve(-1, listener))
		;
	return 0;
}
