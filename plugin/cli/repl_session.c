#include "cli/repl_session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "object/walk.h"
#include "wire/lane.h"
#include "worker/prompt.h"

enum { MAX_FILES = 100000, MAP_BYTES = 4096 };
#define PROMPT_MEMORY ((json_int_t)6 << 30) /* the lane it has mapped, 1 GiB of objects, Lua, YARA */

struct pb_session {
	pb_assessor *a;
	int lane, stop_fd, prompt, reader; /* descriptors; sockets -1 while there is no such process */
	_Atomic uint32_t *stop;
	uint32_t prompt_process, reader_process;
	bool prompt_dead, reader_dead;
	char why[160]; /* a process' end in words */
	pb_buf in;
	size_t taken;
	bool got;      /* a message came */
	pb_message type;
	uint32_t tag;
	json_t *message;
};

static void on_prompt_died(void *user, uint32_t process, int status)
{
	pb_session *s = user;
	(void)process;
	pb_status_words(status, s->why, sizeof s->why);
	s->prompt_process = 0;
	s->prompt_dead = true;
}

static void on_reader_died(void *user, uint32_t process, int status)
{
	pb_session *s = user;
	(void)process;
	pb_status_words(status, s->why, sizeof s->why);
	s->reader_process = 0;
	s->reader_dead = true;
}

/* One message at a time: it is asked, then answered. */
static int take(pb_session *s)
{
	pb_bytes payload;
	if (s->got)
		return 0;
	int rc = pb_wire_take(&s->in, &s->taken, &s->type, &s->tag, &payload);
	if (rc != 1)
		return rc;
	s->got = true;
	json_decref(s->message);
	s->message = s->type == PB_MSG_ERROR ? pb_json_display(payload.data, payload.size, 500)
	                                     : pb_json_parse(payload, PB_WIRE_MAX, "an answer", NULL);
	return 0;
}

static int on_heard(void *user, int fd, uint32_t events)
{
	pb_session *s = user;
	uint8_t chunk[65536];
	(void)events;
	ssize_t n = recv(fd, chunk, sizeof chunk, MSG_DONTWAIT);
	if (n > 0 && pb_buf_add(&s->in, chunk, (size_t)n) == 0 && take(s) == 0)
		return 0;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	pb_loop_remove(s->a->keeper.loop, fd); /* its end comes with its process' */
	if (s->prompt_process)
		pb_template_kill(s->a->keeper.rules, s->prompt_process);
	return 0;
}

static int spawn(pb_session *s, pb_template *t, const char *role, int third, json_t *args, pb_died_fn died, uint32_t *process, int *socket,
                 pb_error *err)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
		json_decref(args);
		return pb_fail(err, PB_EIO, "socketpair: %s", strerror(errno));
	}
	int fds[3] = {pair[1], s->lane, third};
	int rc = pb_template_spawn(t, role, fds, third < 0 ? 2 : 3, args, died, s, process, err);
	json_decref(args);
	close(pair[1]);
	if (rc)
		close(pair[0]);
	else
		*socket = pair[0];
	return rc;
}

/* Waits for the next message. 0, or a code with err: the process is gone, or somebody is impatient. */
static int hear(pb_session *s, pb_error *err)
{
	bool busy;
	int rc = take(s);
	while (!rc && !s->got && !s->prompt_dead)
		rc = pb_keeper_turn(&s->a->keeper, &busy, err);
	if (rc)
		return err->code ? err->code : pb_fail(err, rc, "the process at the prompt sent nonsense");
	if (!s->got)
		return pb_fail(err, PB_EIO, "the process at the prompt has ended: %s", s->why);
	s->got = false;
	if (s->type == PB_MSG_ERROR)
		return pb_fail(err, PB_EINTERNAL, "%s", json_is_string(s->message) ? json_string_value(s->message) : "it cannot begin");
	return s->message ? 0 : pb_fail(err, PB_ECORRUPT, "the process at the prompt sent nonsense");
}

static int ask(pb_session *s, const char *what, const char *text, pb_error *err)
{
	json_t *question = json_pack("{s:s,s:s}", "do", what, "text", text);
	char *line = question ? json_dumps(question, JSON_COMPACT) : NULL;
	int rc = line ? pb_wire_send(s->prompt, PB_MSG_JOB, 0, line, strlen(line)) : PB_EINPUT;
	free(line);
	json_decref(question);
	return rc == PB_EINPUT ? pb_fail(err, rc, "the line is no UTF-8") : 0; /* an end is told by who waits */
}

/* One file to a reader, and until all of it is there. One that ends its reader is told, and the next one gets a fresh one. */
static int read_one(pb_session *s, uint32_t tag, const char *file, const json_t *path, pb_error *err)
{
	bool busy;
	int rc = 0, fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		pb_warn("%s: %s", file, strerror(errno));
		return 0;
	}
	s->reader_dead = s->reader_dead && s->reader_process;
	if (s->reader < 0)
		rc = spawn(s, s->a->keeper.clamav, "reader", -1, json_pack("{s:I}", "memory", (json_int_t)PB_READER_MEMORY), on_reader_died,
		           &s->reader_process, &s->reader, err);
	json_t *job = json_pack("{s:O,s:s}", "path", path, "kind", "");
	char *text = job ? json_dumps(job, JSON_COMPACT) : NULL;
	rc = rc ? rc : text ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc)
		(void)pb_wire_send_fd(s->reader, PB_MSG_JOB, tag, text, strlen(text), fd);
	free(text);
	json_decref(job);
	close(fd);
	while (!rc && !s->got && !s->reader_dead && !s->prompt_dead)
		rc = pb_keeper_turn(&s->a->keeper, &busy, err);
	if (!rc && s->reader_dead) {
		pb_warn("%s: not wholly read: its reader ended: %s", file, s->why);
		s->reader_dead = false;
		close(s->reader);
		s->reader = -1;
		rc = ask(s, "lost", "", err);
		do /* what it had finished may be told before */
			rc = rc ? rc : hear(s, err);
		while (!rc && s->type != PB_MSG_RESULT);
		return rc;
	}
	return rc ? rc : hear(s, err);
}

static char *name_of(const char *path)
{
	char *real = realpath(path, NULL), *slash = real ? strrchr(real, '/') : NULL;
	const char *base = slash && slash[1] ? slash + 1 : path;
	char *name = pb_text_display(base, strlen(base), 255);
	free(real);
	return name;
}

static void on_limit(void *user, const pb_path *path, const char *why)
{
	(void)user;
	json_t *shown = pb_path_json(path);
	const char *last = json_string_value(json_array_get(shown, json_array_size(shown) - 1));
	pb_warn("%s: %s", last ? last : "?", why);
	json_decref(shown);
}

static int read_folder(pb_session *s, const char *path, const char *name, pb_error *err)
{
	pb_walk walk = {0};
	int rc = pb_walk_folder(path, MAX_FILES, on_limit, s, &walk, err);
	for (size_t i = 0; i < walk.n_files && !rc; i++) {
		char *file = pb_fs_join(path, walk.files[i].path);
		json_t *chain = json_pack("[s,o]", name, pb_json_display(walk.files[i].path, strlen(walk.files[i].path), PB_PATH_PART));
		rc = file && chain ? read_one(s, (uint32_t)i + 1, file, chain, err) : pb_fail(err, PB_ENOMEM, "out of memory");
		free(file);
		json_decref(chain);
	}
	pb_walk_free(&walk);
	return rc;
}

static int read_product(pb_session *s, const char *path, pb_error *err)
{
	struct stat st;
	char *name = name_of(path);
	int rc = name ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc && stat(path, &st) < 0)
		rc = pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
	else if (!rc && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		rc = pb_fail(err, PB_EINPUT, "%s: a product is a file or a folder", path);
	else if (!rc && S_ISREG(st.st_mode) && access(path, R_OK) < 0)
		rc = pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
	if (!rc && S_ISDIR(st.st_mode)) {
		rc = read_folder(s, path, name, err);
	} else if (!rc) {
		json_t *chain = json_pack("[s]", name);
		rc = chain ? read_one(s, 1, path, chain, err) : pb_fail(err, PB_ENOMEM, "out of memory");
		json_decref(chain);
	}
	free(name);
	return rc;
}

static int start(pb_session *s, pb_error *err)
{
	s->lane = pb_lane_create();
	s->stop_fd = memfd_create("probity-stop", MFD_CLOEXEC);
	void *stop = MAP_FAILED;
	if (s->lane >= 0 && s->stop_fd >= 0 && ftruncate(s->stop_fd, MAP_BYTES) == 0)
		stop = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, s->stop_fd, 0);
	if (stop == MAP_FAILED)
		return pb_fail(err, PB_EIO, "no shared memory: %s", strerror(errno));
	s->stop = stop;
	int rc = spawn(s, s->a->keeper.rules, "repl", s->stop_fd, json_pack("{s:I}", "memory", PROMPT_MEMORY), on_prompt_died, &s->prompt_process,
	               &s->prompt, err);
	if (!rc && pb_loop_add(s->a->keeper.loop, s->prompt, on_heard, s))
		rc = pb_fail(err, PB_EIO, "cannot watch the process at the prompt");
	return rc;
}

static void end_reader(pb_session *s)
{
	if (s->reader_process)
		pb_template_forget(s->a->keeper.clamav, s->reader_process);
	s->reader_process = 0;
	if (s->reader >= 0)
		close(s->reader);
	s->reader = -1;
}

int pb_session_open(pb_assessor *a, const char *path, pb_session **out, json_t **about, pb_error *err)
{
	pb_session *s = calloc(1, sizeof *s);
	if (!s)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	s->a = a;
	s->lane = s->stop_fd = s->prompt = s->reader = -1;
	int rc = start(s, err);
	rc = rc ? rc : read_product(s, path, err);
	end_reader(s);
	rc = rc ? rc : ask(s, "begin", "", err);
	rc = rc ? rc : hear(s, err);
	if (rc) {
		pb_session_close(s);
		return rc;
	}
	a->keeper.o.interrupted = NULL; /* from here on it is for what runs at the prompt */
	*about = json_incref(s->message);
	*out = s;
	return 0;
}

void pb_session_close(pb_session *s)
{
	if (!s)
		return;
	end_reader(s);
	if (s->prompt >= 0) {
		pb_loop_remove(s->a->keeper.loop, s->prompt);
		close(s->prompt);
	}
	if (s->prompt_process)
		pb_template_forget(s->a->keeper.rules, s->prompt_process);
	if (s->stop)
		munmap((void *)s->stop, MAP_BYTES);
	if (s->stop_fd >= 0)
		close(s->stop_fd);
	if (s->lane >= 0)
		close(s->lane);
	json_decref(s->message);
	pb_buf_free(&s->in);
	free(s);
}

json_t *pb_session_ask(pb_session *s, const char *what, const char *text, pb_error *err)
{
	unsigned interrupts = 0;
	bool busy;
	atomic_store(s->stop, 0);
	int rc = ask(s, what, text, err);
	while (!rc && !s->got && !s->prompt_dead && !(rc = take(s)) && !s->got) {
		rc = pb_keeper_turn(&s->a->keeper, &busy, err);
		if (!pb_interrupted)
			continue;
		pb_interrupted = 0;
		atomic_store(s->stop, 1);
		if (++interrupts == 3 && s->prompt_process)
			pb_template_kill(s->a->keeper.rules, s->prompt_process);
	}
	rc = rc ? rc : hear(s, err);
	if (s->taken == s->in.size)
		s->in.size = s->taken = 0;
	return rc ? NULL : json_incref(s->message);
}
