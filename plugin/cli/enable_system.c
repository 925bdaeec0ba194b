/* The system's own programs: by fixed paths, with fixed words, never through a shell. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/admin.h"
#include "cli/enable_plan.h"
#include "cli/enable_preload.h"

static const char *const folders[] = {"/usr/bin", "/usr/sbin", "/bin", "/sbin"};
enum { FOLDERS = sizeof folders / sizeof *folders };

static bool program(const char *name, char *out, size_t n)
{
	for (int i = 0; i < FOLDERS; i++) {
		(void)snprintf(out, n, "%s/%s", folders[i], name);
		if (access(out, X_OK) == 0)
			return true;
	}
	return false;
}

/* The exit status, 128 + signal, or -1 with errno. */
static int spawn(const char *file, const char *const words[], bool quiet)
{
	/* Nothing of the caller's environment: it may come from somebody who was given sudo for this one command. */
	static const char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "SYSTEMD_PAGER=", NULL};
	posix_spawn_file_actions_t files;
	int status, rc;
	pid_t pid;

	if ((errno = posix_spawn_file_actions_init(&files)) != 0)
		return -1;
	rc = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	for (int fd = STDOUT_FILENO; quiet && rc == 0 && fd <= STDERR_FILENO; fd++)
		rc = posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_WRONLY, 0);
	if (rc == 0)
		rc = posix_spawn(&pid, file, &files, NULL, (char *const *)(uintptr_t)words,
		                 (char *const *)(uintptr_t)environment);
	(void)posix_spawn_file_actions_destroy(&files);
	if ((errno = rc) != 0)
		return -1;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void join(const char *const words[], char *out, size_t n)
{
	size_t used = 0;

	*out = '\0';
	for (; *words != NULL && used < n; words++)
		used += (size_t)snprintf(out + used, n - used, "%s%s", used > 0 ? " " : "", *words);
}

int pb_system_run(const char *const words[], pb_error *err)
{
	char file[64], command[256];
	int status;

	join(words, command, sizeof command);
	if (!program(words[0], file, sizeof file)) {
		printf("  not run %s: there is no such program here\n", command);
		return 1;
	}
	printf("  run     %s\n", command);
	(void)fflush(stdout);
	status = spawn(file, words, false);
	if (status < 0)
		return pb_fail(err, PB_EIO, "%s: %s", file, strerror(errno));
	return status == 0 ? PB_OK : pb_fail(err, PB_EIO, "\"%s\" ended with status %d", command, status);
}

bool pb_system_asks(const char *const words[])
{
	char file[64];

	return program(words[0], file, sizeof file) && spawn(file, words, true) == 0;
}

bool pb_system_runs_systemd(void)
{
	return access("/run/systemd/system", F_OK) == 0;
}

int pb_system_apparmor(pb_error *err)
{
	static const char *const load[] = {"apparmor_parser", "-r", "-T", "-W", PB_APPARMOR, NULL};
	int rc;

	if (access(PB_APPARMOR, F_OK) != 0)
		return PB_OK;
	if (access("/sys/kernel/security/apparmor/profiles", F_OK) != 0) {
		printf("  not run apparmor_parser: AppArmor is not on in this kernel\n");
		return PB_OK;
	}
	rc = pb_system_run(load, err);
	return rc == 1 ? PB_OK : rc;
}

static bool says_yes(void)
{
	char answer[16];

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return false;
	printf("Restart clamd now? It loads its database again, which takes a while. [y/N] ");
	(void)fflush(stdout);
	return fgets(answer, sizeof answer, stdin) != NULL && (*answer == 'y' || *answer == 'Y');
}

int pb_system_restart_clamd(const pb_admin_options *o, bool wanted, pb_error *err)
{
	static const char *const active[] = {"systemctl", "is-active", "--quiet", PB_CLAMD_UNIT, NULL};
	static const char *const restart[] = {"systemctl", "restart", PB_CLAMD_UNIT, NULL};

	if (!wanted)
		return PB_OK;
	if (!pb_system_runs_systemd() || !pb_system_asks(active)) {
		printf("%s\n", pb_clamd_find(0).pid != 0
		                       ? "A clamd runs that systemd did not start: restart it yourself, the way it was started."
		                       : "clamd does not run; the change holds from its next start on.");
		return PB_OK;
	}
	if (o->yes || says_yes()) {
		int rc = pb_system_run(restart, err);

		return rc == 1 ? PB_OK : rc;
	}
	printf("clamd was not restarted; the change holds once it is: systemctl restart %s\n", PB_CLAMD_UNIT);
	return PB_OK;
}
