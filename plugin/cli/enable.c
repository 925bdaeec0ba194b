/* `probity enable clamd`: the drop-in, AppArmor's lines, the socket. Everything is looked at before the first file is written. */
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "cli/admin.h"
#include "cli/cli.h"
#include "cli/enable_plan.h"
#include "cli/enable_preload.h"
#include "cli/enable_text.h"
#include "keeper/config.h"

static const char help_text[] =
	"Usage: probity enable clamd [OPTIONS]\n"
	"Loads Probity into clamd: a systemd drop-in that preloads probity.so, AppArmor lines for\n"
	"it, and probityd.socket. Says what it changes. `probity disable clamd` takes it back.\n\n"
	"      --alert MODE    observe, reject or conditional: sets it in /etc/probity/probity.conf\n"
	"      --library FILE  probity.so, where it is not beside this program\n"
	"  -n, --dry-run       says what would be changed, changes nothing\n"
	"  -y, --yes           restarts clamd without a question\n"
	"      --root DIR      a folder that stands for /; systemctl and the like are not run\n"
	"  -h, --help          this text\n\n"
	"Exit status: 0 done (also where nothing was to be done), 2 error.\n";

/* May others than root write it? Debian lets its group staff write below /usr/local, and trusts it like root. */
static bool open_to_others(const struct stat *st)
{
	struct group *g = (st->st_mode & S_IWGRP) != 0 && st->st_gid != 0 ? getgrgid(st->st_gid) : NULL;

	if (st->st_uid != 0 || ((st->st_mode & S_IWOTH) != 0 && (st->st_mode & S_ISVTX) == 0))
		return true;
	return (st->st_mode & S_IWGRP) != 0 && st->st_gid != 0 && (g == NULL || strcmp(g->gr_name, "staff") != 0);
}

/* A library that another user could write would give him whatever clamd may do, which begins as root. */
static int check_owner(const char *library, pb_error *err)
{
	char *path = strdup(library), *slash;
	struct stat st;
	int rc = PB_OK;

	if (path == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	while (rc == PB_OK) {
		const char *at = *path != '\0' ? path : "/";

		if (stat(at, &st) != 0)
			rc = pb_fail(err, PB_EIO, "%s: %s", at, strerror(errno));
		else if (open_to_others(&st))
			rc = pb_fail(err, PB_EINPUT,
			             "%s may be written by others than root, and clamd starts as root: install probity first (make "
			             "install), or change its owner and mode",
			             at);
		slash = strrchr(path, '/');
		if (slash == NULL)
			break;
		*slash = '\0';
	}
	free(path);
	return rc;
}

static int find_library(const pb_admin_options *o, char **library, pb_error *err)
{
	*library = o->library != NULL ? strdup(o->library) : pb_hook_library();
	if (*library == NULL)
		return pb_fail(err, PB_EINPUT, "probity.so is not where this program looks for it; name it with --library FILE");
	if (!pb_path_plain(*library))
		return pb_fail(err, PB_EINPUT, "%s: the library needs an absolute path of letters, digits and . _ + - only", *library);
	if (*o->root != '\0')
		return PB_OK;
	return check_owner(*library, err);
}

static int plan_drop_in(pb_plan *p, const char *library, pb_error *err)
{
	const pb_admin_options *o = p->options;
	static const char folder_name[] = "/etc/systemd/system/" PB_CLAMD_UNIT ".d";
	pb_buf old = {0}, text = {0};
	char *value = NULL;
	bool exists, folder, socket;
	int rc = pb_plan_read(p, PB_DROP_IN, &old, &exists, err);

	if (rc == PB_OK && exists && strncmp((const char *)old.data, PB_DROP_IN_FIRST, strlen(PB_DROP_IN_FIRST)) != 0)
		rc = pb_fail(err, PB_EINPUT, "%s was not written by this program; move it away, then try again", PB_DROP_IN);
	if (rc == PB_OK)
		rc = pb_preload_value(o->root, library, &value, err);
	if (rc != PB_OK)
		goto out;
	folder = exists ? pb_undo_says(&old, PB_UNDO_FOLDER) : !pb_plan_there(o, folder_name);
	socket = pb_undo_says(&old, PB_UNDO_SOCKET) ||
	         (*o->root == '\0' && !pb_plan_there(o, "/etc/systemd/system/sockets.target.wants/" PB_KEEPER_SOCKET));
	rc = pb_buf_printf(&text,
	                   PB_DROP_IN_FIRST PB_UNDO "file%s%s\n[Unit]\nWants=" PB_KEEPER_SOCKET "\nAfter=" PB_KEEPER_SOCKET
	                                            "\n\n[Service]\nEnvironment=\"LD_PRELOAD=%s\"\n",
	                   folder ? " " PB_UNDO_FOLDER : "", socket ? " " PB_UNDO_SOCKET : "", value);
	rc = rc == PB_OK ? pb_plan_add(p, PB_DROP_IN, &text, false, folder, "clamd preloads probity.so", err)
	                 : pb_fail(err, rc, "out of memory");
out:
	free(value);
	pb_buf_free(&old);
	pb_buf_free(&text);
	return rc;
}

static int plan_apparmor(pb_plan *p, const char *library, pb_error *err)
{
	/* The profile lets clamd map what lies in the system's library folders. */
	bool covered = strncmp(library, "/usr/lib/", 9) == 0 || strncmp(library, "/lib/", 5) == 0;
	char body[PATH_MAX + 256];
	pb_buf old = {0}, text = {0};
	pb_error inner = {0};
	bool exists;
	int rc;

	if (!pb_plan_there(p->options, PB_APPARMOR))
		return PB_OK;
	(void)snprintf(body, sizeof body, "  /{,var/}run/probity/probityd.sock rw,\n%s%s%s", covered ? "" : "  ",
	               covered ? "" : library, covered ? "" : " mr,\n");
	rc = pb_plan_read(p, PB_APPARMOR_LOCAL, &old, &exists, err);
	if (rc == PB_OK && pb_block_put(exists ? &old : NULL, body, &text, &inner) != PB_OK)
		rc = pb_fail(err, inner.code, "%s: %s", PB_APPARMOR_LOCAL, inner.text);
	if (rc == PB_OK)
		rc = pb_plan_add(p, PB_APPARMOR_LOCAL, &text, false, false, "clamd may reach probityd's socket", err);
	pb_buf_free(&old);
	pb_buf_free(&text);
	return rc;
}

/* What a configuration of this text would say. */
static int alert_of(const pb_buf *text, pb_alert *alert, pb_error *err)
{
	pb_config config = {0};
	char file[64];
	int rc, fd = memfd_create("probity.conf", MFD_CLOEXEC);

	if (fd < 0 || write(fd, text->data, text->size) != (ssize_t)text->size) {
		rc = pb_fail(err, PB_EIO, "a copy of probity.conf: %s", strerror(errno));
	} else {
		(void)snprintf(file, sizeof file, "/proc/self/fd/%d", fd);
		rc = pb_config_load(file, &config, err);
	}
	if (rc == PB_OK) {
		*alert = config.alert;
		pb_config_free(&config);
	}
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

static int plan_alert(pb_plan *p, pb_error *err)
{
	const char *name = p->options->alert;
	pb_alert now = PB_ALERT_NEVER, wanted = PB_ALERT_NEVER;
	pb_buf old = {0}, text = {0};
	pb_error inner = {0};
	bool exists = false, removed = false, empty = false;
	char body[64];
	int rc;

	if (name == NULL)
		return PB_OK;
	wanted = strcmp(name, "reject") == 0 ? PB_ALERT_REJECT : strcmp(name, "conditional") == 0 ? PB_ALERT_CONDITIONAL : wanted;
	rc = pb_plan_read(p, PB_CONFIG_DEFAULT, &old, &exists, err);
	if (rc == PB_OK && (rc = alert_of(&old, &now, &inner)) != PB_OK)
		rc = pb_fail(err, rc, "%s has an error, mend it first: %s", PB_CONFIG_DEFAULT, inner.text);
	if (rc != PB_OK || now == wanted)
		goto out;
	(void)snprintf(body, sizeof body, "[alert]\nalert = %s\n", name);
	rc = wanted == PB_ALERT_NEVER ? pb_block_take(&old, &text, &removed, &empty, &inner)
	                              : pb_block_put(exists ? &old : NULL, body, &text, &inner);
	if (rc != PB_OK || alert_of(&text, &now, &inner) != PB_OK || now != wanted) {
		rc = pb_fail(err, PB_EINPUT, "%s sets alert itself: change it there to \"%s\"", PB_CONFIG_DEFAULT, name);
		goto out;
	}
	if (!exists && !pb_plan_there(p->options, "/etc/probity"))
		rc = pb_fail(err, PB_EINPUT, "there is no /etc/probity: install probity first");
	else
		rc = pb_plan_add(p, PB_CONFIG_DEFAULT, &text, empty, false, "what raises an alert", err);
out:
	pb_buf_free(&old);
	pb_buf_free(&text);
	return rc;
}

/* make install leaves the user to us; a package has made it. */
static int make_user(bool dry, pb_error *err)
{
	static const char *const add[] = {"systemd-sysusers", "probity.conf", NULL};
	int rc;

	if (getpwnam("probity") != NULL)
		return PB_OK;
	if (dry) {
		printf("  run     systemd-sysusers probity.conf\n");
		return PB_OK;
	}
	rc = pb_system_run(add, err);
	if (rc == 1 || (rc == PB_OK && getpwnam("probity") == NULL))
		return pb_fail(err, PB_EIO, "there is no user \"probity\": make one (adduser --system --group --no-create-home probity)");
	return rc;
}

static int run_system(bool alert, pb_error *err)
{
	static const char *const reload[] = {"systemctl", "daemon-reload", NULL};
	static const char *const now[] = {"systemctl", "enable", "--now", PB_KEEPER_SOCKET, NULL};
	static const char *const later[] = {"systemctl", "enable", PB_KEEPER_SOCKET, NULL};
	static const char *const again[] = {"systemctl", "try-reload-or-restart", PB_KEEPER_SERVICE, NULL};
	bool systemd = pb_system_runs_systemd();
	int rc = pb_system_apparmor(err);

	if (rc == PB_OK && systemd)
		rc = pb_system_run(reload, err);
	if (rc >= 0)
		rc = pb_system_run(systemd ? now : later, err);
	if (rc >= 0 && systemd && alert)
		rc = pb_system_run(again, err);
	return rc < 0 ? rc : PB_OK;
}

/* The system as it was before: its files, and whoever had read them anew. restart: clamd was told to start with the hook, and did not. */
static void take_back(pb_plan *p, bool socket, bool alert, bool restart)
{
	static const char *const reload[] = {"systemctl", "daemon-reload", NULL};
	static const char *const now[] = {"systemctl", "disable", "--now", PB_KEEPER_SOCKET, NULL};
	static const char *const later[] = {"systemctl", "disable", PB_KEEPER_SOCKET, NULL};
	static const char *const again[] = {"systemctl", "try-reload-or-restart", PB_KEEPER_SERVICE, NULL};
	static const char *const clamd[] = {"systemctl", "restart", PB_CLAMD_UNIT, NULL};
	bool systemd = pb_system_runs_systemd();

	printf("That failed. Taking it back:\n");
	pb_plan_undo(p);
	if (systemd)
		(void)pb_system_run(reload, NULL);
	if (restart)
		(void)pb_system_run(clamd, NULL);
	if (socket)
		(void)pb_system_run(systemd ? now : later, NULL);
	if (systemd && alert)
		(void)pb_system_run(again, NULL);
	(void)pb_system_apparmor(NULL);
}

static int on_the_system(pb_plan *p, bool alert, pb_error *err)
{
	bool socket = !pb_plan_there(p->options, "/etc/systemd/system/sockets.target.wants/" PB_KEEPER_SOCKET), changed = p->n > (size_t)alert;
	int rc = run_system(alert, err);

	if (rc != PB_OK) {
		take_back(p, socket, alert, false);
		return rc;
	}
	rc = pb_system_restart_clamd(p->options, changed || !pb_clamd_find(0).loaded, err);
	if (rc != PB_OK)
		take_back(p, socket, alert, true);
	return rc;
}

static int enable(const pb_admin_options *o, pb_error *err)
{
	pb_plan plan = {.options = o};
	char *library = NULL, *unit = NULL;
	bool alert = false;
	size_t before;
	int rc = find_library(o, &library, err);

	if (rc == PB_OK && (unit = pb_unit_file(o->root, PB_KEEPER_SOCKET)) == NULL)
		rc = pb_fail(err, PB_EINPUT, "%s is not among systemd's units: install probity first (make install, or its package)",
		             PB_KEEPER_SOCKET);
	if (rc == PB_OK)
		rc = plan_apparmor(&plan, library, err);
	if (rc == PB_OK)
		rc = plan_drop_in(&plan, library, err);
	before = plan.n;
	if (rc == PB_OK)
		rc = plan_alert(&plan, err);
	alert = plan.n > before;
	if (rc == PB_OK)
		rc = pb_plan_check(&plan, err);
	if (rc != PB_OK)
		goto out;
	printf("%s %s into clamd:\n", o->dry ? "Would load" : "Loading", library);
	if (plan.n == 0)
		printf("  nothing to change in files\n");
	if (*o->root == '\0')
		rc = make_user(o->dry, err);
	if (rc == PB_OK)
		rc = pb_plan_apply(&plan, err);
	if (rc == PB_OK && (*o->root != '\0' || o->dry))
		printf("  not run systemctl, apparmor_parser: %s\n", o->dry ? "--dry-run" : "--root");
	else if (rc == PB_OK)
		rc = on_the_system(&plan, alert, err);
	if (rc == PB_OK && !o->dry)
		printf("Done. `probity doctor` shows whether it works.\n");
out:
	pb_plan_free(&plan);
	free(library);
	free(unit);
	return rc;
}

int pb_cli_enable(int argc, char **argv)
{
	pb_admin_options o = {.root = ""};
	pb_error err = {0};
	int status = pb_admin_read(&o, argc, argv, help_text);

	if (status >= 0)
		return status;
	if (enable(&o, &err) == PB_OK)
		return 0;
	return pb_admin_failed("enable", &err);
}
