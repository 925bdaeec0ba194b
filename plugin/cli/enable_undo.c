/* `probity disable clamd`: takes back what enable wrote, and nothing else. Goes on where something is gone already. */
#include <stdio.h>
#include <string.h>

#include "cli/admin.h"
#include "cli/cli.h"
#include "cli/enable_plan.h"
#include "cli/enable_text.h"
#include "keeper/config.h"

static const char help_text[] =
	"Usage: probity disable clamd [OPTIONS]\n"
	"Takes back what `probity enable clamd` wrote; files are as they were before, to the byte.\n"
	"Reports and the log of assessments stay.\n\n"
	"  -n, --dry-run   says what would be changed, changes nothing\n"
	"  -y, --yes       restarts clamd without a question\n"
	"      --root DIR  a folder that stands for /; systemctl and the like are not run\n"
	"  -h, --help      this text\n\n"
	"Exit status: 0 done (also where nothing was to be done), 2 error.\n";

static int plan_drop_in(pb_plan *p, bool *socket, pb_error *err)
{
	pb_buf old = {0}, none = {0};
	bool exists;
	int rc = pb_plan_read(p, PB_DROP_IN, &old, &exists, err);

	if (rc == PB_OK && exists && strncmp((const char *)old.data, PB_DROP_IN_FIRST, strlen(PB_DROP_IN_FIRST)) != 0)
		printf("  left    %s: it was not written by this program\n", PB_DROP_IN);
	else if (rc == PB_OK && exists) {
		*socket = pb_undo_says(&old, PB_UNDO_SOCKET);
		rc = pb_plan_add(p, PB_DROP_IN, &none, true, pb_undo_says(&old, PB_UNDO_FOLDER), "clamd preloads nothing of ours", err);
	}
	pb_buf_free(&old);
	pb_buf_free(&none);
	return rc;
}

static int plan_block(pb_plan *p, const char *file, const char *why, pb_error *err)
{
	pb_buf old = {0}, text = {0};
	pb_error inner = {0};
	bool exists, removed = false, empty = false;
	int rc = pb_plan_read(p, file, &old, &exists, err);

	if (rc == PB_OK && exists && pb_block_take(&old, &text, &removed, &empty, &inner) != PB_OK)
		rc = pb_fail(err, inner.code, "%s: %s", file, inner.text);
	if (rc == PB_OK && removed)
		rc = pb_plan_add(p, file, &text, empty, false, why, err);
	pb_buf_free(&old);
	pb_buf_free(&text);
	return rc;
}

static int run_system(const pb_plan *p, bool socket, bool apparmor, bool config, pb_error *err)
{
	static const char *const reload[] = {"systemctl", "daemon-reload", NULL};
	static const char *const now[] = {"systemctl", "disable", "--now", PB_KEEPER_SOCKET, NULL};
	static const char *const later[] = {"systemctl", "disable", PB_KEEPER_SOCKET, NULL};
	static const char *const stop[] = {"systemctl", "stop", PB_KEEPER_SERVICE, NULL};
	static const char *const again[] = {"systemctl", "try-reload-or-restart", PB_KEEPER_SERVICE, NULL};
	bool systemd = pb_system_runs_systemd();
	int rc = PB_OK;

	if (systemd && p->n > 0)
		rc = pb_system_run(reload, err);
	if (rc >= 0 && socket)
		rc = pb_system_run(systemd ? now : later, err);
	if (rc >= 0 && systemd && (socket || config))
		rc = pb_system_run(socket ? stop : again, err);
	if (rc >= 0 && apparmor)
		rc = pb_system_apparmor(err);
	if (rc < 0)
		return rc;
	return pb_system_restart_clamd(p->options, pb_clamd_find(0).loaded, err);
}

static int disable(const pb_admin_options *o, pb_error *err)
{
	pb_plan plan = {.options = o};
	bool socket = false, apparmor, config;
	size_t n;
	int rc;

	printf("%s probity out of clamd:\n", o->dry ? "Would take" : "Taking");
	rc = plan_drop_in(&plan, &socket, err);
	n = plan.n;
	if (rc == PB_OK)
		rc = plan_block(&plan, PB_APPARMOR_LOCAL, "clamd's profile as it was", err);
	apparmor = plan.n > n;
	n = plan.n;
	if (rc == PB_OK)
		rc = plan_block(&plan, PB_CONFIG_DEFAULT, "no alert", err);
	config = plan.n > n;
	if (rc == PB_OK && plan.n == 0)
		printf("  nothing to change in files\n");
	if (rc == PB_OK)
		rc = pb_plan_check(&plan, err);
	if (rc == PB_OK)
		rc = pb_plan_apply(&plan, err);
	if (rc == PB_OK && (*o->root != '\0' || o->dry))
		printf("  not run systemctl, apparmor_parser: %s\n", o->dry ? "--dry-run" : "--root");
	else if (rc == PB_OK)
		rc = run_system(&plan, socket, apparmor, config, err);
	if (rc == PB_OK && !o->dry)
		printf("Done.\n");
	pb_plan_free(&plan);
	return rc;
}

int pb_cli_disable(int argc, char **argv)
{
	pb_admin_options o = {.root = ""};
	pb_error err = {0};
	int status = pb_admin_read(&o, argc, argv, help_text);

	if (status >= 0)
		return status;
	if (o.alert != NULL || o.library != NULL)
		return pb_usage_error("disable", "takes neither --alert nor --library");
	return disable(&o, &err) == PB_OK ? 0 : pb_admin_failed("disable", &err);
}
