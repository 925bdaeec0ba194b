#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/version.h"
#include "clamav/engine.h"
#include "cli/doctor.h"
#include "keeper/query.h"
#include "wire/event.h"

enum { STATUS_MS = 60000 /* the first question starts probityd, which compiles its rules */ };
static const char reload_hint[] = "mend the file, then: systemctl reload probityd";

static int keep_line(void *user, const json_t *line)
{
	pb_doctor *d = user;

	if (d->status == NULL)
		d->status = json_deep_copy(line);
	return 0;
}

static void ask_status(pb_doctor *d)
{
	json_t *request = json_pack("{s:s}", "do", "status");
	pb_error err = {0};
	int rc = request != NULL ? pb_query_ask(d->socket, request, STATUS_MS, keep_line, d, &err)
	                         : pb_fail(&err, PB_ENOMEM, "out of memory");

	json_decref(request);
	if (rc != PB_OK || d->status == NULL)
		pb_doctor_say(d, "keeper", PB_HEALTH_FAILED,
		              "systemctl status probityd.socket probityd.service; `sudo probity enable clamd` switches them on", "%s",
		              rc != PB_OK ? err.text : "probityd gave no answer");
}

void pb_doctor_versions(pb_doctor *d)
{
	const char *keeper, *clamav;
	pb_error err = {0};

	pb_doctor_say(d, "probity", PB_HEALTH_OK, "", "%s, with ClamAV %s", PB_VERSION, pb_engine_version());
	d->configured = pb_config_load(NULL, &d->config, &err) == PB_OK;
	if (!d->configured)
		pb_doctor_say(d, "configuration", err.code == PB_EIO ? PB_HEALTH_UNSEEN : PB_HEALTH_FAILED, reload_hint, "%s", err.text);
	else
		pb_doctor_say(d, "configuration", PB_HEALTH_OK, "", "%s%s, policy %s, %s", PB_CONFIG_DEFAULT,
		              access(PB_CONFIG_DEFAULT, F_OK) == 0 ? "" : " is not there: defaults", d->config.policy,
		              d->config.alert == PB_ALERT_NEVER    ? "observes only"
		              : d->config.alert == PB_ALERT_REJECT ? "alerts on reject"
		                                                   : "alerts on reject and conditional");
	ask_status(d);
	if (d->status == NULL)
		return;
	keeper = pb_json_str(d->status, "version", "");
	clamav = pb_json_str(d->status, "clamav", "");
	if (strcmp(keeper, PB_VERSION) == 0)
		pb_doctor_say(d, "keeper", PB_HEALTH_OK, "", "probityd %s answers%s%s", keeper, *clamav ? ", with ClamAV " : "", clamav);
	else
		pb_doctor_say(d, "keeper", PB_HEALTH_WARNING, "systemctl restart probityd", "probityd %s answers, this program is %s",
		              *keeper ? keeper : "of another version", PB_VERSION);
}

void pb_doctor_rules(pb_doctor *d)
{
	const json_t *refused = json_object_get(d->status, "refused"), *first = json_array_get(refused, 0);
	const char *digest = pb_json_str(d->status, "rules_digest", "");

	if (d->status == NULL)
		return;
	if (json_array_size(refused) > 0)
		pb_doctor_say(d, "rules", PB_HEALTH_WARNING, reload_hint, "%zu left out, the first: %s", json_array_size(refused),
		              json_is_string(first) ? json_string_value(first) : "?");
	else if (*digest == '\0')
		pb_doctor_say(d, "rules", PB_HEALTH_WARNING, "journalctl -u probityd", "probityd names no rules");
	else
		pb_doctor_say(d, "rules", PB_HEALTH_OK, "", "digest %.16s, none left out", digest);
}

void pb_doctor_kernel(pb_doctor *d)
{
	static const struct {
		const char *key, *name;
	} needs[] = {{"seccomp", "seccomp"}, {"landlock", "Landlock"}, {"no_new_privs", "no_new_privs"}, {"rlimits", "resource limits"}};
	const json_t *box = json_object_get(d->status, "box");
	char missing[128] = "";

	if (d->status == NULL)
		return;
	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
		const json_t *has = json_object_get(box, needs[i].key);
		size_t used = strlen(missing);

		if (!json_is_true(has) && json_integer_value(has) <= 0)
			(void)snprintf(missing + used, sizeof missing - used, "%s%s", used > 0 ? ", " : "", needs[i].name);
	}
	if (*missing != '\0')
		pb_doctor_say(d, "workers' box", PB_HEALTH_WARNING, "a kernel of 5.13 or later with Landlock and seccomp switched on",
		              "closed without %s", missing);
	else
		pb_doctor_say(d, "workers' box", PB_HEALTH_OK, "", "seccomp, Landlock %lld, no privileges, resource limits",
		              (long long)json_integer_value(json_object_get(box, "landlock")));
}

static void join(char *const *words, char *out, size_t n)
{
	size_t used = 0;

	*out = '\0';
	for (; words != NULL && *words != NULL && used < n; words++)
		used += (size_t)snprintf(out + used, n - used, "%s%s", used > 0 ? " " : "", *words);
}

void pb_doctor_socket(pb_doctor *d)
{
	const char *set = getenv("PROBITY_SOCKET");
	const char *path = d->socket != NULL ? d->socket : set != NULL && *set != '\0' ? set : PB_SOCKET_DEFAULT;
	char submit[256], readers[256];
	struct stat st;

	if (lstat(path, &st) != 0 || !S_ISSOCK(st.st_mode)) {
		pb_doctor_say(d, "socket", PB_HEALTH_FAILED, "systemctl start probityd.socket", "%s: %s", path,
		              errno != 0 ? strerror(errno) : "not a socket");
		return;
	}
	join(d->config.submit, submit, sizeof submit);
	join(d->config.read, readers, sizeof readers);
	pb_doctor_say(d, "socket", PB_HEALTH_OK, "", "%s, mode %04o; submit: root %s; read: root %s", path, (unsigned)st.st_mode & 07777,
	              submit, readers);
}

void pb_doctor_store(pb_doctor *d)
{
	enum { LOW = 64 << 20 };
	struct statvfs fs;
	pb_store *store = NULL;
	pb_error err = {0};
	/* The one that the keeper uses counts: it may have been started with another configuration. */
	const char *file = pb_json_str(d->status, "store", d->config.store);
	char folder[4096], *slash;
	unsigned long long space;

	if (file == NULL)
		return;
	if (*file == '\0') {
		pb_doctor_say(d, "store", PB_HEALTH_OK, "", "none: the configuration asks for none");
		return;
	}
	(void)snprintf(folder, sizeof folder, "%s", file);
	slash = strrchr(folder, '/');
	if (slash != NULL)
		slash[slash == folder] = '\0';
	if (access(file, R_OK) != 0 && errno == EACCES) {
		pb_doctor_say(d, "store", PB_HEALTH_UNSEEN, "sudo probity doctor", "%s may not be read by this user", file);
		return;
	}
	if (pb_store_open(file, true, 2000, &store, &err) != PB_OK) {
		pb_doctor_say(d, "store", PB_HEALTH_FAILED, "journalctl -u probityd", "%s", err.text);
		return;
	}
	pb_store_close(store);
	space = statvfs(folder, &fs) == 0 ? (unsigned long long)fs.f_bavail * fs.f_frsize : 0;
	pb_doctor_say(d, "store", space < LOW ? PB_HEALTH_WARNING : PB_HEALTH_OK, space < LOW ? "make room, or lower store_size" : "",
	              "%s opens, %llu MiB free beside it", file, space >> 20);
}
