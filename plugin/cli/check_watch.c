/* Again at each change: for who writes a check in one window and reads what comes of it in another. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "cli/check.h"
#include "cli/cli.h"

enum { FOLDERS = 2000, SETTLE_MS = 60 };

/* nftw has no argument for its caller's data. */
static struct {
	int fd;
	size_t n;
} watching;

static int on_entry(const char *path, const struct stat *st, int flag, struct FTW *where)
{
	const char *name = path + where->base;
	(void)st;
	if (flag != FTW_D || (name[0] == '.' && name[1] && strcmp(name, "..") != 0 && where->level > 0))
		return 0;
	if (watching.n++ < FOLDERS)
		inotify_add_watch(watching.fd, path, IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE);
	return 0;
}

static void add_tree(const char *dir)
{
	nftw(dir, on_entry, 16, FTW_PHYS);
}

static void add_below(const char *data, const char *name)
{
	char *dir = pb_fs_join(data, name);
	if (dir)
		add_tree(dir);
	free(dir);
}

static void add_beside(const char *file)
{
	char *dir = pb_fs_parent(file);
	if (dir)
		add_tree(dir);
	free(dir);
}

static int begin(const pb_check_paths *p, const pb_rule_options *rules, const char *data)
{
	watching.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	watching.n = 0;
	if (watching.fd < 0)
		return -1;
	for (size_t i = 0; i < rules->n_dirs; i++)
		add_tree(rules->dirs[i]);
	for (size_t i = 0; i < p->n_dirs; i++)
		add_tree(p->dirs[i]);
	for (size_t i = 0; i < p->n_files; i++)
		add_beside(p->files[i]);
	if (p->own) {
		add_below(data, "scripts");
		add_below(data, "tests/samples");
	}
	if (watching.n > FOLDERS)
		pb_warn("more than %d folders: not all are watched", FOLDERS);
	return watching.fd;
}

/* Waits for a change, and until an editor that writes in several steps is through. false: a signal came. */
static bool changed(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char buffer[4096] __attribute__((aligned(8)));
	int timeout = -1, n;
	while (!pb_interrupted) {
		n = poll(&p, 1, timeout);
		if (n == 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
		while (n > 0 && read(fd, buffer, sizeof buffer) > 0)
			timeout = SETTLE_MS;
	}
	return false;
}

int pb_check_watch(const pb_check_paths *p, const pb_rule_options *rules, const char *data, int (*run)(void *user), void *user)
{
	int rc = 0;
	pb_watch_signals();
	if (isatty(STDOUT_FILENO))
		fputs("Watching; Ctrl-C ends.\n", stdout);
	while (!pb_interrupted) {
		int fd = begin(p, rules, data); /* before the run: what changes meanwhile is seen */
		if (fd < 0) {
			pb_complain("cannot watch: %s", strerror(errno));
			return PB_EXIT_ERROR;
		}
		rc = run(user);
		bool again = changed(fd);
		close(fd);
		if (!again)
			break;
	}
	return rc;
}
