#include "object/walk_row.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "object/path.h"

static const char changed[] = "changed while it was read";

static int put(json_t *row, const char *key, json_t *value)
{
	return json_object_set_new(row, key, value) == 0 ? PB_OK : PB_ENOMEM;
}

/* Reads at most room bytes of a regular file; -1 with *why set where that does not work. */
static ssize_t read_tiny(const pb_walk_entry *e, uint8_t *data, size_t room, const char **why)
{
	int fd = openat(e->folder, e->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	ssize_t n = -1;

	if (fd < 0) {
		*why = "cannot be opened";
		return -1;
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		*why = changed;
	else if ((n = read(fd, data, room)) < 0)
		*why = "cannot be read";
	(void)close(fd);
	return n;
}

static int put_tiny(json_t *row, const pb_walk_entry *e, const char **why)
{
	static const char *const names[] = {"md5", "sha256"};
	uint8_t data[PB_TINY + 1];
	char hex[PB_HEX_MAX];
	ssize_t n = read_tiny(e, data, sizeof data, why);

	if (n < 0)
		return PB_OK;
	if (n != (ssize_t)e->st.st_size) {
		*why = changed;
		return PB_OK;
	}
	for (size_t i = 0; i < 2; i++)
		if (!pb_hash_hex(names[i], (pb_bytes){data, (size_t)n}, hex) || put(row, names[i], json_string(hex)) != PB_OK)
			return PB_ENOMEM;
	return PB_OK;
}

static int put_link(json_t *row, const pb_walk_entry *e, const char **why)
{
	char target[PB_PATH_PART + 1];
	ssize_t n = readlinkat(e->folder, e->name, target, sizeof target - 1);
	const char *flag = NULL;

	if (n < 0) {
		*why = "link cannot be read";
		return PB_OK;
	}
	target[n] = '\0';
	if (pb_link_absolute(target))
		flag = "absolute_link";
	else if (pb_link_leaves(e->path, target, false))
		flag = "leaves";
	if (flag != NULL && put(row, flag, json_true()) != PB_OK)
		return PB_ENOMEM;
	return put(row, "link", pb_json_display(target, (size_t)n, PB_PATH_PART));
}

const char *pb_walk_type(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return "file";
	case S_IFDIR:
		return "dir";
	case S_IFLNK:
		return "symlink";
	case S_IFCHR:
	case S_IFBLK:
		return "device";
	case S_IFIFO:
		return "fifo";
	default:
		return "other";
	}
}

/* Owners belong to this machine, not to the product: they are left out. */
int pb_walk_row(json_t *entries, const pb_walk_entry *e, const char **why)
{
	json_t *row = json_object();
	mode_t mode = e->st.st_mode;
	int rc;

	*why = NULL;
	if (json_array_append_new(entries, row) != 0) /* takes row even where it fails */
		return PB_ENOMEM;
	rc = put(row, "path", pb_json_display(e->path, strlen(e->path), PB_PATH_PART));
	if (rc == PB_OK)
		rc = put(row, "type", json_string(pb_walk_type(mode)));
	if (rc == PB_OK)
		rc = put(row, "mode", json_integer(mode & 07777));
	if (rc == PB_OK && S_ISREG(mode))
		rc = put(row, "size", json_integer((json_int_t)e->st.st_size));
	if (rc == PB_OK && S_ISLNK(mode))
		rc = put_link(row, e, why);
	if (rc == PB_OK && S_ISREG(mode) && e->st.st_size <= PB_TINY)
		rc = put_tiny(row, e, why);
	return rc;
}
