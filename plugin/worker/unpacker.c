#include "worker/unpacker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "checks/pack.h"
#include "object/archive_reader.h"
#include "wire/message.h"
#include "worker/inside.h"

typedef struct unpacking {
	pb_reader *reader;
	pb_unpacked_fn file;
	void *user;
	pb_error *err;
} unpacking;

static int damaged(pb_error *err)
{
	return pb_fail(err, PB_ECORRUPT, "damaged, or no .tar.gz");
}

/* The archive may be changed by others while it is looked at: a copy may not. */
static int read_whole(int fd, pb_buf *out, pb_error *err)
{
	uint8_t block[1 << 16];
	ssize_t n;

	out->max = PB_UNPACKER_BYTES;
	while ((n = read(fd, block, sizeof block)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return pb_fail(err, PB_EIO, "%s", strerror(errno));
		if (pb_buf_add(out, block, (size_t)n) != PB_OK)
			return pb_fail(err, PB_ELIMIT, "larger than 64 MiB");
	}
	return PB_OK;
}

/* The content of the current member, added to out, whose ceiling bounds it. */
static int read_member(pb_reader *r, pb_buf *out, pb_error *err)
{
	size_t from = out->size;
	pb_bytes block;
	uint64_t at;
	int step, rc = PB_OK;

	while (rc == PB_OK && (step = pb_reader_data(r, &block, &at)) != PB_READ_END) {
		if (step != PB_READ_MORE || at != out->size - from) /* no holes: nobody packs rules with them */
			return damaged(err);
		rc = pb_buf_add(out, block.data, block.size);
	}
	return rc == PB_OK ? rc : pb_fail(err, rc, rc == PB_ELIMIT ? "unpacks to more than a pack may hold" : "out of memory");
}

static int open_kind(pb_bytes bytes, const char *kind, pb_reader **out, pb_error *err)
{
	int rc = pb_reader_open(bytes, pb_kind_named(kind), out);

	return rc == PB_OK ? rc : rc == PB_ENOMEM ? pb_fail(err, rc, "out of memory") : damaged(err);
}

static int inflate(pb_bytes packed, pb_buf *out, pb_error *err)
{
	pb_reader *r = NULL;
	pb_entry entry;
	int rc = open_kind(packed, "gzip", &r, err);

	out->max = PB_PACK_BYTES + ((size_t)64 << 20); /* headers of tar */
	if (rc == PB_OK && pb_reader_next(r, &entry) != PB_READ_MORE)
		rc = damaged(err);
	if (rc == PB_OK)
		rc = read_member(r, out, err);
	pb_reader_close(r);
	return rc;
}

/* "./x" as `tar -C dir .` writes it. */
static const char *below(const char *name)
{
	while (name[0] == '.' && name[1] == '/')
		name += 2;
	return name;
}

/* What version control keeps is no part of a pack (checks/pack.h). Where it would lead is looked at all the same. */
static bool hidden(const char *path)
{
	bool is = false;

	for (size_t n; *path != '\0'; path += n + (path[n] == '/')) {
		n = strcspn(path, "/");
		if (n == 2 && path[0] == '.' && path[1] == '.')
			return false;
		is = is || (n > 1 && path[0] == '.');
	}
	return is;
}

static int refuse(const char *name, const char *why, pb_error *err)
{
	return pb_fail(err, PB_EINPUT, "%s: %s", name, why);
}

static int hand_over(unpacking *u, const pb_entry *e)
{
	const char *name = below(e->name);
	char path[PB_PACK_PATH];
	pb_buf content = {.max = PB_PACK_FILE_BYTES};
	int rc;

	if (!pb_pack_path_ok(name))
		return refuse(e->name, "a path that leads out, or that no pack may have", u->err);
	(void)snprintf(path, sizeof path, "%s", name); /* the reader's own goes with its next step */
	rc = read_member(u->reader, &content, u->err);
	if (rc == PB_OK)
		rc = u->file(u->user, path, (pb_bytes){content.data, content.size}, u->err);
	pb_buf_free(&content);
	return rc;
}

/* A folder is made for the files in it; but one that leads out tells what this is. */
static int look_at_folder(const pb_entry *e, pb_error *err)
{
	char *folder = strdup(below(e->name));
	size_t n;
	bool is;

	if (folder == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	for (n = strlen(folder); n > 0 && folder[n - 1] == '/';)
		folder[--n] = '\0';
	is = e->name[0] != '/' && (n == 0 || strcmp(folder, ".") == 0 || pb_pack_path_ok(folder));
	free(folder);
	return is ? PB_OK : refuse(e->name, "a path that leads out, or that no pack may have", err);
}

static int one_entry(unpacking *u, const pb_entry *e)
{
	if (e->name[0] != '/' && hidden(below(e->name)))
		return PB_OK;
	switch (e->type) {
	case PB_ENTRY_FILE:
		return e->elsewhere ? refuse(e->name, "a link: there are none in a pack", u->err) : hand_over(u, e);
	case PB_ENTRY_DIR:
		return look_at_folder(e, u->err);
	case PB_ENTRY_SYMLINK:
	case PB_ENTRY_HARDLINK:
		return refuse(e->name, "a link: there are none in a pack", u->err);
	default:
		return refuse(e->name, "neither a file nor a folder", u->err);
	}
}

int pb_unpack_pack(pb_bytes archive, pb_unpacked_fn file, void *user, pb_error *err)
{
	unpacking u = {.file = file, .user = user, .err = err};
	pb_buf tar = {0};
	pb_entry entry;
	size_t members = 0;
	int step = PB_READ_MORE, rc = inflate(archive, &tar, err);

	if (rc == PB_OK)
		rc = open_kind((pb_bytes){tar.data, tar.size}, "tar", &u.reader, err);
	while (rc == PB_OK && (step = pb_reader_next(u.reader, &entry)) == PB_READ_MORE)
		rc = members++ == 2 * PB_PACK_FILES ? pb_fail(err, PB_ELIMIT, "more than %d members", 2 * PB_PACK_FILES) : one_entry(&u, &entry);
	if (rc == PB_OK && (step != PB_READ_END || pb_reader_damaged(u.reader)))
		rc = damaged(err);
	pb_reader_close(u.reader);
	pb_buf_free(&tar);
	return rc;
}

/* Its path and its bytes in one message. */
static int send_file(void *user, const char *path, pb_bytes content, pb_error *err)
{
	pb_buf out = {0};
	int rc = pb_buf_add(&out, path, strlen(path) + 1);

	if (rc == PB_OK)
		rc = pb_buf_add(&out, content.data, content.size);
	if (rc != PB_OK)
		rc = pb_fail(err, rc, "out of memory");
	else if (pb_wire_send(*(const int *)user, PB_MSG_RECORD, 0, out.data, out.size) != PB_OK)
		rc = pb_fail(err, PB_EIO, "nobody takes it");
	pb_buf_free(&out);
	return rc;
}

int pb_unpacker_main(void *state, const pb_role_args *args)
{
	pb_buf archive = {0};
	pb_error err = {0};
	int to = args->fd[0], rc = pb_inside(args, args->fd, 2, 0, &err);

	(void)state;
	if (rc == PB_OK)
		rc = read_whole(args->fd[1], &archive, &err);
	if (rc == PB_OK)
		rc = pb_unpack_pack((pb_bytes){archive.data, archive.size}, send_file, &to, &err);
	pb_buf_free(&archive);
	if (rc != PB_OK)
		rc = pb_wire_send(to, PB_MSG_ERROR, 0, err.text, strlen(err.text));
	else
		rc = pb_wire_send(to, PB_MSG_DONE, 0, "{}", 2);
	return rc != PB_OK;
}
