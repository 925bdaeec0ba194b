/* Readers ask keepers over real sockets: honest, hostile, silent and absent ones. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include <cmocka.h>

#include "query_case.h"

/* Keepers that misbehave. They read the question first. */
typedef enum manner {
	HONEST,
	SILENT,
	HANGS_UP,
	WRONG_TYPE,
	LONG,
	NO_FILE,
	A_PIPE,
	A_FILE,
	UNSEALED,
	HUGE_FILE,
	TWO_FILES,
	NO_JSON,
	NO_OBJECT,
	CUT_SHORT,
	AN_ERROR,
	EMPTY,
	MANY,
	MANNERS
} manner;

static void send_answer(int to, uint32_t type, size_t n, const int *fds, size_t n_fds)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(64 * sizeof(int))];
	} control = {0};
	uint32_t words[64] = {type};
	struct iovec part = {words, n};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1};
	if (n_fds) {
		m.msg_control = &control;
		m.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	}
	CHILD_CHECK(sendmsg(to, &m, MSG_NOSIGNAL) >= 0);
}

static int memory(const char *text, off_t size, int seals)
{
	int fd = memfd_create("answer", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	CHILD_CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	if (size)
		CHILD_CHECK(ftruncate(fd, size) == 0);
	CHILD_CHECK(fcntl(fd, F_ADD_SEALS, seals) == 0);
	return fd;
}

static void misbehave(int to, manner how)
{
	const int seals = F_SEAL_SHRINK | F_SEAL_WRITE;
	const char *text = how == NO_JSON     ? "{\"a\":\n"
	                   : how == NO_OBJECT ? "3\n"
	                   : how == CUT_SHORT ? "{}\n{\"a\":1}"
	                   : how == AN_ERROR  ? "{\"error\":\"no \\u001b[2J such\"}\n"
	                   : how == EMPTY     ? ""
	                                      : "{\"id\":1}\n";
	int fds[64] = {memory(text, how == HUGE_FILE ? (off_t)3 << 30 : 0, how == UNSEALED ? F_SEAL_SHRINK : seals)},
	    ends[2];
	switch (how) {
	case SILENT:
		pause();
		break;
	case HANGS_UP:
		return;
	case WRONG_TYPE:
		send_answer(to, 64, 4, fds, 1);
		break;
	case LONG:
		send_answer(to, PB_STREAM_ANSWER, 200, fds, 1);
		break;
	case NO_FILE:
		send_answer(to, PB_STREAM_ANSWER, 4, NULL, 0);
		break;
	case A_PIPE:
		CHILD_CHECK(pipe(ends) == 0);
		send_answer(to, PB_STREAM_ANSWER, 4, ends, 1);
		break;
	case A_FILE:
		fds[0] = open(file, O_RDONLY);
		send_answer(to, PB_STREAM_ANSWER, 4, fds, 1);
		break;
	case TWO_FILES:
	case MANY:
		for (int i = 1; i < 64; i++)
			fds[i] = fds[0];
		send_answer(to, PB_STREAM_ANSWER, 4, fds, how == MANY ? 64 : 2);
		break;
	default:
		send_answer(to, PB_STREAM_ANSWER, 4, fds, 1);
	}
}

/* One question is read and answered; the honest one takes it as a keeper does. */
static void keeper(int listener, manner how)
{
	char packet[PB_QUERY_MAX + 1];
	uint32_t type;
	int to = accept(listener, NULL, NULL);
	CHILD_CHECK(to >= 0);
	ssize_t n = recv(to, packet, sizeof packet, 0);
	CHILD_CHECK(n > 4 && n <= PB_QUERY_MAX);
	memcpy(&type, packet, 4);
	CHILD_CHECK(type == PB_STREAM_QUERY);
	if (how != HONEST) {
		misbehave(to, how);
		_exit(0);
	}
	pb_buf out = {0};
	pb_store *s;
	CHILD_CHECK(pb_store_open(file, true, 100, &s, NULL) == 0);
	json_t *q = pb_json_parse((pb_bytes){(uint8_t *)packet + 4, (size_t)n - 4}, PB_QUERY_MAX, "question", NULL);
	CHILD_CHECK(pb_query_answer(s, q, 0, true, &out, NULL) == 1);
	CHILD_CHECK(pb_query_reply(to, &out) == 0);
	_exit(0);
}

static int listen_at(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0 && strlen(path) < sizeof a.sun_path);
	strcpy(a.sun_path, path);
	(void)unlink(path);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static int open_descriptors(void)
{
	int n = 0;
	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static int ask(manner how, const json_t *q, heard *h, pb_error *err)
{
	char path[256];
	int status;
	snprintf(path, sizeof path, "%s/sock", scratch_dir);
	int listener = listen_at(path);
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0)
		keeper(listener, how);
	close(listener);
	forget(h);
	*err = (pb_error){0};
	int before = open_descriptors();
	int rc = pb_query_ask(path, q, how == SILENT ? 200 : 5000, hear, h, err);
	assert_int_equal(open_descriptors(), before); /* whatever came, nothing stays open */
	if (how == SILENT)
		kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(how == SILENT || status == 0);
	return rc;
}

static void over_a_socket(void **state)
{
	(void)state;
	heard h = {0};
	pb_error err;
	json_t *q = json_pack("{s:s}", "do", "list");
	assert_int_equal(ask(HONEST, q, &h, &err), 0);
	assert_int_equal(h.n, 20);
	h.stop_at = 0;
	char path[256];
	snprintf(path, sizeof path, "%s/sock", scratch_dir);
	assert_int_equal(setenv("PROBITY_SOCKET", path, 1), 0);
	int listener = listen_at(path);
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0)
		keeper(listener, HONEST);
	forget(&h);
	h.stop_at = 5;
	assert_int_equal(pb_query_ask(NULL, q, 5000, hear, &h, &err),
	                 42); /* by the environment; stopped by who listens */
	assert_int_equal(h.n, 5);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(listener);
	assert_int_equal(unsetenv("PROBITY_SOCKET"), 0);
	json_decref(q);
	q = json_pack("{s:s,s:i}", "do", "show", "id", 999);
	assert_int_equal(ask(HONEST, q, &h, &err), PB_EINPUT);
	assert_string_equal(err.text, "there is no assessment 999");
	json_decref(q);
	forget(&h);
}

static void hostile_answers(void **state)
{
	(void)state;
	static const int wanted[MANNERS] = {
	    [SILENT] = PB_EIO,         [HANGS_UP] = PB_EIO,      [WRONG_TYPE] = PB_ECORRUPT,
	    [LONG] = PB_ECORRUPT,      [NO_FILE] = PB_ECORRUPT,  [A_PIPE] = PB_ECORRUPT,
	    [A_FILE] = PB_ECORRUPT,    [UNSEALED] = PB_ECORRUPT, [HUGE_FILE] = PB_ECORRUPT,
	    [TWO_FILES] = 0,           [NO_JSON] = PB_ECORRUPT,  [NO_OBJECT] = PB_ECORRUPT,
	    [CUT_SHORT] = PB_ECORRUPT, [AN_ERROR] = PB_EINPUT,   [EMPTY] = 0,
	    [MANY] = PB_ECORRUPT};
	heard h = {0};
	pb_error err;
	json_t *q = json_pack("{s:s}", "do", "list");
	for (int how = SILENT; how < MANNERS; how++) {
		int rc = ask((manner)how, q, &h, &err);
		if (rc != wanted[how])
			print_error("manner %d: %d %s\n", how, rc, err.text);
		assert_int_equal(rc, wanted[how]);
		if (rc)
			assert_true(err.code == rc && err.text[0] && !strchr(err.text, '\x1b'));
	}
	json_decref(q);
	forget(&h);
}

static void nobody_there(void **state)
{
	(void)state;
	heard h = {0};
	pb_error err = {0};
	char path[256], long_name[300];
	json_t *q = json_pack("{s:s}", "do", "list");
	snprintf(path, sizeof path, "%s/none", scratch_dir);
	assert_int_equal(pb_query_ask(path, q, 1000, hear, &h, &err), PB_EIO);
	assert_non_null(strstr(err.text, path));
	assert_non_null(strstr(err.text, "systemctl start probityd.socket"));
	memset(long_name, 'x', sizeof long_name);
	long_name[sizeof long_name - 1] = '\0';
	assert_int_equal(pb_query_ask(long_name, q, 1000, hear, &h, &err), PB_EINPUT);
	assert_int_equal(pb_query_ask(path, q, 1000, hear, &h, NULL), PB_EIO);
	int listener = listen_at(path), waiting[8]; /* nobody accepts: the queue is full */
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	strcpy(a.sun_path, path);
	for (int i = 0; i < 8; i++) {
		waiting[i] = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);
		(void)connect(waiting[i], (struct sockaddr *)&a, sizeof a);
	}
	struct timespec began, ended;
	clock_gettime(CLOCK_MONOTONIC, &began);
	assert_int_equal(pb_query_ask(path, q, 300, hear, &h, &err), PB_EIO);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	assert_in_range((ended.tv_sec - began.tv_sec) * 1000 + (ended.tv_nsec - began.tv_nsec) / 1000000, 250, 3000);
	for (int i = 0; i < 8; i++)
		close(waiting[i]);
	close(listener);
	json_decref(q);
	char *text = malloc(PB_QUERY_MAX);
	assert_non_null(text);
	memset(text, 'a', PB_QUERY_MAX - 1);
	text[PB_QUERY_MAX - 1] = '\0';
	q = json_pack("{s:s,s:s}", "do", "list", "name", text);
	listener = listen_at(path);
	assert_int_equal(pb_query_ask(path, q, 300, hear, &h, &err), PB_EINPUT);
	close(listener);
	json_decref(q);
	free(text);
}

/* A reader that went away, or does not read: the keeper is not held up. */
static void reply_never_waits(void **state)
{
	(void)state;
	int ends[2], rc = 0, n = 0;
	pb_buf lines = {0};
	assert_int_equal(pb_buf_puts(&lines, "{}\n"), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
	while (n < 100000 && (rc = pb_query_reply(ends[0], &lines)) == 0)
		n++;
	assert_int_equal(rc, PB_EIO);
	assert_true(n > 0);
	close(ends[1]);
	assert_int_equal(pb_query_reply(ends[0], &lines), PB_EIO);
	assert_int_equal(pb_query_reply(-1, &lines), PB_EIO);
	close(ends[0]);
	pb_buf_free(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(over_a_socket, with_store, without_store),
	    cmocka_unit_test_setup_teardown(hostile_answers, with_store, without_store),
	    cmocka_unit_test(nobody_there),
	    cmocka_unit_test(reply_never_waits),
	};
	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
