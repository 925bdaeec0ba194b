/* `probity pack install` and `remove`: a pack is there whole or not at all, and no other version of it goes away unasked. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "cli/assess.h"
#include "cli/cli.h"
#include "cli/pack.h"

int pb_pack_make_folders(int dir, const char *path, pb_error *err)
{
	char part[PB_PACK_PATH];

	for (size_t i = 0; i < sizeof part && path[i] != '\0'; i++) {
		if (path[i] == '/') {
			part[i] = '\0';
			if (mkdirat(dir, part, 0755) != 0 && errno != EEXIST)
				return pb_fail(err, PB_EIO, "%s: %s", part, strerror(errno));
		}
		part[i] = path[i];
	}
	return PB_OK;
}

static int copy_bytes(int from, int to, const char *path, pb_error *err)
{
	uint8_t block[1 << 16];
	uint64_t all = 0;
	ssize_t n, m;

	while ((n = read(from, block, sizeof block)) != 0) {
		all += n > 0 ? (uint64_t)n : 0;
		if (all > PB_PACK_FILE_BYTES)
			return pb_fail(err, PB_EINPUT, "%s: was changed meanwhile", path);
		for (ssize_t done = 0; done < n; done += m)
			if ((m = write(to, block + done, (size_t)(n - done))) <= 0)
				return pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
		if (n < 0 && errno != EINTR)
			return pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
	}
	return fchmod(to, 0644) == 0 && fsync(to) == 0 ? PB_OK : pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
}

static int copy_file(int from_dir, int to_dir, const char *path, pb_error *err)
{
	int from = openat(from_dir, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), to = -1, rc;

	rc = from >= 0 ? pb_pack_make_folders(to_dir, path, err) : pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
	if (rc == PB_OK && (to = openat(to_dir, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644)) < 0)
		rc = pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
	if (rc == PB_OK)
		rc = copy_bytes(from, to, path, err);
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return rc;
}

/* What is listed, and the list. Whether that is what was signed is looked at again where it arrived. */
static int copy(const char *from, const char *to, pb_error *err)
{
	pb_pack_files files = {0};
	int from_dir = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC), to_dir = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = from_dir >= 0 && to_dir >= 0 ? pb_pack_files_read(from, false, &files, err)
	                                      : pb_fail(err, PB_EIO, "%s: %s", from_dir < 0 ? from : to, strerror(errno));

	for (size_t i = 0; i < files.n && rc == PB_OK; i++)
		rc = copy_file(from_dir, to_dir, files.file[i].path, err);
	if (rc == PB_OK)
		rc = copy_file(from_dir, to_dir, PB_PACK_SUM, err);
	if (rc == PB_OK)
		rc = copy_file(from_dir, to_dir, PB_PACK_SIG, err);
	if (rc == PB_OK && (fchmod(to_dir, 0755) != 0 || syncfs(to_dir) != 0))
		rc = pb_fail(err, PB_EIO, "%s: %s", to, strerror(errno));
	pb_pack_files_free(&files);
	if (from_dir >= 0)
		close(from_dir);
	if (to_dir >= 0)
		close(to_dir);
	return rc;
}

/* Each folder of an absolute path. */
static int make_place(const char *place, pb_error *err)
{
	char part[4096];

	for (size_t i = 0;; i++) {
		if (i == sizeof part)
			return pb_fail(err, PB_EINPUT, "%s: too long", place);
		if (i > 0 && (place[i] == '/' || place[i] == '\0')) {
			part[i] = '\0';
			if (mkdir(part, 0755) != 0 && errno != EEXIST)
				return pb_fail(err, PB_EIO, "%s: %s", part, strerror(errno));
		}
		if (place[i] == '\0')
			return PB_OK;
		part[i] = place[i];
	}
}

/* Left by whoever was ended in midst of it. Under the lock. */
static void sweep(const char *place)
{
	DIR *d = opendir(place);

	for (const struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
		char *path = strncmp(e->d_name, ".new-", 5) == 0 ? pb_fs_join(place, e->d_name) : NULL;

		if (path != NULL)
			pb_remove_folder(path);
		free(path);
	}
	if (d != NULL)
		closedir(d);
}

/* One at a time changes what is installed there. The lock goes with the descriptor. */
static int lock(const char *place, int *fd, pb_error *err)
{
	char *file = pb_fs_join(place, ".lock");

	*fd = file != NULL ? open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;
	free(file);
	if (*fd < 0 || flock(*fd, LOCK_EX) != 0)
		return pb_fail(err, PB_EIO, "%s: %s", place, strerror(errno));
	sweep(place);
	return PB_OK;
}

static int choose_place(const pb_pack_options *o, const char **place, pb_error *err)
{
	*place = o->system || (!o->user && geteuid() == 0) ? o->places.system : o->places.user;
	return *place != NULL ? PB_OK : pb_fail(err, PB_EINPUT, "neither $HOME nor $XDG_DATA_HOME is set: where to?");
}

/* May it take this name? *exchange: in place of another one. 1: it is there already. */
static int look_at_other(const pb_pack_options *o, const pb_pack *p, const char *to, const pb_pack_keys *keys, bool *exchange, pb_error *err)
{
	pb_pack other = {0};
	bool same;

	*exchange = access(to, F_OK) == 0;
	if (!*exchange)
		return PB_OK;
	same = pb_pack_open(to, true, keys, &other, NULL) == PB_OK && other.state == PB_PACK_TRUSTED && strcmp(other.sum, p->sum) == 0;
	if (!same && !o->replace)
		(void)pb_fail(err, PB_EINPUT, "%s %s is installed, and differs from this %s: --replace puts this one in its place", p->ini.name,
		              other.ini.version[0] != '\0' ? other.ini.version : "(broken)", p->ini.version);
	pb_pack_close(&other);
	return same ? 1 : o->replace ? PB_OK : PB_EINPUT;
}

/* Is what arrived what was looked at? */
static int verify_copy(const char *dir, const pb_pack *p, const pb_pack_keys *keys, pb_error *err)
{
	pb_pack copied;
	int rc = pb_pack_open(dir, true, keys, &copied, err);

	if (rc != PB_OK)
		return rc;
	if (copied.state != PB_PACK_TRUSTED || strcmp(copied.sum, p->sum) != 0)
		rc = pb_fail(err, PB_EINPUT, "%s: was changed meanwhile", p->dir);
	pb_pack_close(&copied);
	return rc;
}

static int put(const pb_pack_options *o, const pb_pack *p, const char *place, const pb_pack_keys *keys, pb_error *err)
{
	char *to = pb_fs_join(place, p->ini.name), *staging = pb_fs_join(place, ".new-XXXXXX");
	bool exchange = false, made = false;
	int rc;

	if (to == NULL || staging == NULL) {
		free(to);
		free(staging);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	rc = look_at_other(o, p, to, keys, &exchange, err);
	if (rc == PB_OK && !(made = mkdtemp(staging) != NULL))
		rc = pb_fail(err, PB_EIO, "%s: %s", place, strerror(errno));
	if (rc == PB_OK)
		rc = copy(p->dir, staging, err);
	if (rc == PB_OK)
		rc = verify_copy(staging, p, keys, err);
	if (rc == PB_OK && renameat2(AT_FDCWD, staging, AT_FDCWD, to, exchange ? RENAME_EXCHANGE : RENAME_NOREPLACE) != 0)
		rc = pb_fail(err, PB_EIO, "%s: %s", to, strerror(errno));
	if (made && (rc != PB_OK || exchange))
		pb_remove_folder(staging);
	if (rc == PB_OK)
		printf("%s %s: %s %s\n", p->ini.name, p->ini.version, exchange ? "replaced" : "installed in", to);
	else if (rc == 1)
		printf("%s %s: installed already in %s\n", p->ini.name, p->ini.version, to);
	free(to);
	free(staging);
	return rc == 1 ? PB_OK : rc;
}

static int install(const pb_pack_options *o, const char *dir, const pb_pack_keys *keys, pb_error *err)
{
	pb_pack p;
	pb_error why = {0};
	const char *place;
	int held = -1, rc = pb_pack_open(dir, false, keys, &p, err);

	if (rc != PB_OK)
		return rc;
	if (p.state != PB_PACK_TRUSTED)
		rc = pb_fail(err, PB_EINPUT, "%s: not installed: %s%s%s", o->words[0], p.why,
		             p.state == PB_PACK_STRANGER ? "; where you trust it, put its public key into " : "",
		             p.state == PB_PACK_STRANGER ? o->places.keys[0] : "");
	if (rc == PB_OK && pb_pack_needs_met(&o->places.of, &p.ini, &why) != PB_OK)
		rc = pb_fail(err, PB_EINPUT, "%s: not installed: %s", o->words[0], why.text);
	if (rc == PB_OK)
		rc = choose_place(o, &place, err);
	if (rc == PB_OK)
		rc = make_place(place, err);
	if (rc == PB_OK)
		rc = lock(place, &held, err);
	if (rc == PB_OK)
		rc = put(o, &p, place, keys, err);
	if (held >= 0)
		close(held);
	pb_pack_close(&p);
	return rc;
}

static int finish(int rc, const pb_error *err)
{
	if (rc != PB_OK)
		pb_complain("%s", err->text);
	return rc == PB_OK && fflush(stdout) == 0 ? 0 : PB_EXIT_ERROR;
}

int pb_pack_install(pb_pack_options *o)
{
	pb_pack_keys keys = {0};
	pb_error err = {0};
	char temp[256] = "", *dir = NULL;
	int rc;

	if (o->n != 1)
		return pb_usage_error("pack", "install: name one folder or .tar.gz");
	rc = pb_pack_keys_read(o->places.of.keys, pb_pack_told, NULL, &keys, &err);
	if (rc == PB_OK)
		rc = pb_pack_folder(o->words[0], &dir, temp, &err);
	if (rc == PB_OK)
		rc = install(o, dir, &keys, &err);
	if (temp[0] != '\0')
		pb_remove_folder(temp);
	free(dir);
	pb_pack_keys_free(&keys);
	return finish(rc, &err);
}

/* Another one that cannot be without it. */
static int needed_by_none(const char *place, const char *name, pb_error *err)
{
	DIR *d = opendir(place);
	int rc = PB_OK;

	for (const struct dirent *e; rc == PB_OK && d != NULL && (e = readdir(d)) != NULL;) {
		char *dir = pb_pack_name_ok(e->d_name) ? pb_fs_join(place, e->d_name) : NULL;
		pb_pack_ini ini;

		if (dir != NULL && pb_pack_ini_read(dir, &ini, NULL) == PB_OK)
			for (size_t i = 0; i < ini.n_needs && rc == PB_OK; i++)
				if (strcmp(ini.needs[i].name, name) == 0)
					rc = pb_fail(err, PB_EINPUT, "%s: %s requires it: remove that first", name, ini.name);
		free(dir);
	}
	if (d != NULL)
		closedir(d);
	return rc;
}

static int take_away(const char *place, const char *name, pb_error *err)
{
	char *from = pb_fs_join(place, name), *aside = pb_fs_join(place, ".new-XXXXXX");
	int rc = PB_OK;

	if (from == NULL || aside == NULL) {
		free(from);
		free(aside);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	if (access(from, F_OK) != 0)
		rc = pb_fail(err, PB_EINPUT, "no pack \"%s\" is installed in %s", name, place);
	if (rc == PB_OK)
		rc = needed_by_none(place, name, err);
	/* Away at once: no half of it is ever loaded. */
	if (rc == PB_OK && (mkdtemp(aside) == NULL || rename(from, aside) != 0))
		rc = pb_fail(err, PB_EIO, "%s: %s", from, strerror(errno));
	if (rc == PB_OK) {
		pb_remove_folder(aside);
		printf("%s: removed from %s\n", name, place);
	}
	free(from);
	free(aside);
	return rc;
}

int pb_pack_remove(pb_pack_options *o)
{
	pb_error err = {0};
	const char *place;
	int held = -1, rc;

	if (o->n != 1 || !pb_pack_name_ok(o->words[0]))
		return pb_usage_error("pack", "remove: name one pack");
	rc = choose_place(o, &place, &err);
	if (rc == PB_OK && access(place, F_OK) != 0)
		rc = pb_fail(&err, PB_EINPUT, "no pack \"%s\" is installed in %s", o->words[0], place);
	if (rc == PB_OK)
		rc = lock(place, &held, &err);
	if (rc == PB_OK)
		rc = take_away(place, o->words[0], &err);
	if (held >= 0)
		close(held);
	return finish(rc, &err);
}
