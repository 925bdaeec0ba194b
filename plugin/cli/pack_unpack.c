/* A pack that comes as a .tar.gz: unpacked by a boxed process, taken from it file by file. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/fs.h"
#include "cli/assess.h"
#include "cli/pack.h"
#include "keeper/template.h"
#include "wire/message.h"
#include "worker/unpacker.h"

enum { SECONDS = 60 /* without a word from it */ };

static const pb_role roles[] = {{"unpacker", pb_unpacker_main}};

/* The template has nothing to open: it is there so that a process is forked that holds nothing of ours. */
static int open_nothing(void *user, void **state, json_t **about, pb_error *err)
{
	(void)user;
	*state = NULL;
	*about = json_object();
	return *about != NULL ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");
}

static void on_died(void *user, uint32_t process, int status)
{
	(void)user;
	(void)process;
	(void)status;
}

typedef struct taking {
	int dir; /* into which */
	size_t files;
	uint64_t bytes;
} taking;

static int write_file(int dir, const char *path, pb_bytes content, pb_error *err)
{
	size_t done = 0;
	ssize_t n = 0;
	int fd, rc = pb_pack_make_folders(dir, path, err);

	if (rc != PB_OK)
		return rc;
	fd = openat(dir, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return pb_fail(err, errno == EEXIST ? PB_EINPUT : PB_EIO, "%s: %s", path, errno == EEXIST ? "is in it twice" : strerror(errno));
	while (done < content.size && ((n = write(fd, content.data + done, content.size - done)) > 0 || errno == EINTR))
		done += n > 0 ? (size_t)n : 0;
	if (done < content.size)
		rc = pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
	close(fd);
	return rc;
}

/* The other side has read hostile bytes: nothing that it says is taken on trust. */
static int take_file(taking *t, const pb_buf *message, pb_error *err)
{
	const char *path = (const char *)message->data;
	const uint8_t *end = message->size > 0 ? memchr(message->data, '\0', message->size) : NULL;
	pb_bytes content;

	if (end == NULL || !pb_pack_path_ok(path))
		return pb_fail(err, PB_ECORRUPT, "a file without a proper path");
	content = (pb_bytes){end + 1, message->size - (size_t)(end + 1 - message->data)};
	t->bytes += content.size;
	if (++t->files > PB_PACK_FILES + 2 || content.size > PB_PACK_FILE_BYTES || t->bytes > PB_PACK_BYTES + PB_PACK_SUM_BYTES)
		return pb_fail(err, PB_ELIMIT, "more than a pack may hold");
	return write_file(t->dir, path, content, err);
}

static int take_all(int from, int dir, pb_error *err)
{
	taking t = {.dir = dir};
	pb_buf in = {0};
	pb_message type = PB_MSG_ERROR;
	uint32_t tag;
	int rc = PB_OK, got;

	while (rc == PB_OK) {
		in.size = 0;
		got = pb_wire_receive(from, &type, &tag, &in, NULL);
		if (got != 1)
			rc = pb_fail(err, PB_ECORRUPT, "the process that unpacks it came to nothing");
		else if (type == PB_MSG_DONE)
			break;
		else if (type == PB_MSG_RECORD)
			rc = take_file(&t, &in, err);
		else
			rc = pb_fail(err, PB_EINPUT, "%.*s", (int)(in.size < 500 ? in.size : 500), in.data != NULL ? (const char *)in.data : "");
	}
	pb_buf_free(&in);
	return rc;
}

static int unpack(int archive, int dir, pb_error *err)
{
	pb_template_spec spec = {.name = "packs", .open = open_nothing, .roles = roles, .n_roles = 1};
	struct timeval patience = {.tv_sec = SECONDS};
	pb_template *t = NULL;
	uint32_t process;
	int pair[2], rc;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return pb_fail(err, PB_EIO, "socketpair: %s", strerror(errno));
	(void)setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	rc = pb_template_start(&spec, &t, err);
	if (rc == PB_OK)
		rc = pb_template_ready(t, err);
	if (rc == PB_OK)
		rc = pb_template_spawn(t, "unpacker", (int[]){pair[1], archive}, 2, NULL, on_died, NULL, &process, err);
	close(pair[1]);
	if (rc == PB_OK)
		rc = take_all(pair[0], dir, err);
	close(pair[0]);
	pb_template_stop(t);
	return rc;
}

/* The folder itself, or, as most archives have it, the one folder in it. */
static int find_root(const char *temp, char **dir, pb_error *err)
{
	char *file = pb_fs_join(temp, PB_PACK_INI), *only = NULL;
	struct dirent *e;
	bool here = file != NULL && access(file, F_OK) == 0;
	DIR *d = here || file == NULL ? NULL : opendir(temp);
	size_t n = 0;

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		free(only);
		only = pb_fs_join(temp, e->d_name);
		n++;
	}
	if (d != NULL)
		closedir(d);
	*dir = here ? strdup(temp) : n == 1 ? only : NULL;
	if (*dir != only)
		free(only);
	free(file);
	return *dir != NULL ? PB_OK : pb_fail(err, PB_EINPUT, "holds no " PB_PACK_INI);
}

static int unpack_named(const char *path, char **dir, char temp[256], pb_error *err)
{
	pb_error why = {0};
	struct stat st;
	int archive = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), into = -1, rc;

	if (archive < 0 || fstat(archive, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void)pb_fail(err, PB_EINPUT, "%s: %s", path, archive < 0 ? strerror(errno) : "neither a folder nor a file");
		if (archive >= 0)
			close(archive);
		return PB_EINPUT;
	}
	rc = pb_make_temp(temp, 256, &why);
	if (rc == PB_OK && (into = open(temp, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		rc = pb_fail(&why, PB_EIO, "%s: %s", temp, strerror(errno));
	if (rc == PB_OK)
		rc = unpack(archive, into, &why);
	if (rc == PB_OK)
		rc = find_root(temp, dir, &why);
	close(archive);
	if (into >= 0)
		close(into);
	return rc == PB_OK ? rc : pb_fail(err, rc, "%s: %s", path, why.text);
}

int pb_pack_folder(const char *path, char **dir, char temp[256], pb_error *err)
{
	struct stat st;

	temp[0] = '\0';
	*dir = NULL;
	if (stat(path, &st) != 0)
		return pb_fail(err, PB_EINPUT, "%s: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return unpack_named(path, dir, temp, err);
	*dir = strdup(path);
	return *dir != NULL ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");
}
