#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/hash.h"
#include "cli/admin.h"
#include "cli/doctor.h"
#include "keeper/query.h"

enum { OLD_DAYS = 7, PROBE_MS = 10000, STEP_MS = 200 };

void pb_doctor_find_clamd(pb_doctor *d)
{
	pb_buf text = {0};
	char *line, *rest;

	if (*d->clamd != '\0')
		return;
	(void)snprintf(d->clamd, sizeof d->clamd, "/run/clamav/clamd.ctl");
	if (pb_fs_read("/etc/clamav/clamd.conf", 1 << 20, &text, NULL) != PB_OK)
		return;
	for (rest = (char *)text.data; (line = strsep(&rest, "\n")) != NULL;) {
		char *value = line + strlen("LocalSocket");

		if (strncmp(line, "LocalSocket", strlen("LocalSocket")) != 0 || !isblank((unsigned char)*value))
			continue;
		value += strspn(value, " \t");
		value[strcspn(value, " \t\r")] = '\0';
		(void)snprintf(d->clamd, sizeof d->clamd, "%s", value);
	}
	pb_buf_free(&text);
}

/* "ClamAV 1.4.6/27800/Mon Nov 16 08:26:12 2026": the database's number and day; without an official one there is no number. */
static void database(pb_doctor *d, const char *version)
{
	static const char todo[] = "freshclam fetches it (Debian: apt install clamav-freshclam)";
	const char *number = strchr(version, '/'), *day = number != NULL ? strchr(number + 1, '/') : NULL;
	struct tm tm = {0};
	char built[11];
	int64_t age, days;

	if (day == NULL || strptime(day + 1, "%a %b %d %H:%M:%S %Y", &tm) == NULL) {
		pb_doctor_say(d, "database", PB_HEALTH_WARNING, todo, "clamd has no official database: known malware is \"unknown\" to it");
		return;
	}
	days = timegm(&tm) / 86400;
	age = pb_date_today() - days;
	pb_date_format(days, built);
	pb_doctor_say(d, "database", age > OLD_DAYS ? PB_HEALTH_WARNING : PB_HEALTH_OK, age > OLD_DAYS ? todo : "",
	              "daily %.*s of %s, %lld days old", (int)(day - number - 1), number + 1, built, (long long)age);
}

static void library(pb_doctor *d, const pb_clamd *clamd)
{
	if (!clamd->visible)
		pb_doctor_say(d, "plugin", PB_HEALTH_UNSEEN, "sudo probity doctor", "what is loaded in clamd (%ld) may not be seen by this user",
		              (long)clamd->pid);
	else if (!clamd->loaded)
		pb_doctor_say(d, "plugin", PB_HEALTH_FAILED,
		              "sudo probity enable clamd; then systemctl restart clamav-daemon", "probity.so is not loaded in clamd (%ld)",
		              (long)clamd->pid);
	else
		pb_doctor_say(d, "plugin", PB_HEALTH_OK, "", "probity.so is loaded in clamd (%ld)", (long)clamd->pid);
}

/* The lines are needed where a profile confines clamd; without them it does not reach the keeper. */
static void apparmor(pb_doctor *d, const pb_clamd *clamd)
{
	static const char todo[] = "sudo probity enable clamd writes them";
	bool confined = strstr(clamd->confined, "(enforce)") != NULL, lines;
	pb_buf text = {0};

	if (!confined) {
		pb_doctor_say(d, "AppArmor", PB_HEALTH_OK, "", "does not confine clamd");
		return;
	}
	if (pb_fs_read("/etc/apparmor.d/local/usr.sbin.clamd", 1 << 20, &text, NULL) != PB_OK) {
		pb_doctor_say(d, "AppArmor", PB_HEALTH_UNSEEN, todo, "confines clamd; its local lines cannot be read");
		return;
	}
	lines = strstr((const char *)text.data, "probity/probityd.sock") != NULL;
	pb_doctor_say(d, "AppArmor", lines ? PB_HEALTH_OK : PB_HEALTH_FAILED, lines ? "" : todo, "confines clamd, %s probityd's socket",
	              lines ? "which may reach" : "without lines for");
	pb_buf_free(&text);
}

void pb_doctor_host(pb_doctor *d)
{
	char answer[512];
	pb_error err = {0};
	pid_t pid = 0;
	pb_clamd clamd;

	if (pb_clamd_ask(d->clamd, "VERSION", answer, sizeof answer, &pid, &err) != PB_OK) {
		pb_doctor_say(d, "clamd", PB_HEALTH_FAILED, "systemctl status clamav-daemon; --clamd-socket names another one", "%s", err.text);
		clamd = pb_clamd_find(0);
	} else {
		clamd = pb_clamd_find(pid);
		pb_doctor_say(d, "clamd", PB_HEALTH_OK, "", "%s answers: %s", d->clamd, answer);
		database(d, answer);
	}
	if (clamd.pid == 0)
		return;
	library(d, &clamd);
	apparmor(d, &clamd);
}

/* A tar of one short text, new each time, so that no cache and no earlier report answers for it. */
static size_t make_probe(char *tar, size_t room)
{
	unsigned char salt[16];
	char text[256];
	unsigned sum = 0;
	int n;

	if (getrandom(salt, sizeof salt, 0) != (ssize_t)sizeof salt)
		return 0;
	n = snprintf(text, sizeof text, "A harmless text by which `probity doctor` finds its own report: ");
	for (size_t i = 0; i < sizeof salt; i++)
		n += snprintf(text + n, sizeof text - (size_t)n, "%02x", salt[i]);
	memset(tar, 0, room);
	(void)snprintf(tar, 100, "probity-doctor.txt");
	(void)snprintf(tar + 100, 8, "%07o", 0644u);
	(void)snprintf(tar + 108, 8, "%07o", 0u);
	(void)snprintf(tar + 116, 8, "%07o", 0u);
	(void)snprintf(tar + 124, 12, "%011o", (unsigned)n);
	(void)snprintf(tar + 136, 12, "%011o", 0u);
	tar[156] = '0';
	memcpy(tar + 257, "ustar\00000", sizeof "ustar\00000" - 1);
	memset(tar + 148, ' ', 8); /* the sum is of a header with blanks in its place */
	for (int i = 0; i < 512; i++)
		sum += (unsigned char)tar[i];
	(void)snprintf(tar + 148, 8, "%06o", sum);
	memcpy(tar + 512, text, (size_t)n);
	return room;
}

static int take_report(void *user, const json_t *line)
{
	json_t **found = user;

	if (*found == NULL)
		*found = json_deep_copy(line);
	return 0;
}

static json_t *wait_for_report(pb_doctor *d, const char *sha256, pb_error *err)
{
	json_t *request = json_pack("{s:s,s:s}", "do", "list", "sha256", sha256), *found = NULL;
	int rc = request != NULL ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");

	for (int waited = 0; rc == PB_OK && found == NULL && waited < PROBE_MS; waited += STEP_MS) {
		rc = pb_query_ask(d->socket, request, PROBE_MS, take_report, &found, err);
		if (found == NULL)
			(void)poll(NULL, 0, STEP_MS);
	}
	json_decref(request);
	return found;
}

void pb_doctor_probe(pb_doctor *d)
{
	char tar[2048], answer[512], hex[65] = "";
	pb_bytes bytes = {(const uint8_t *)tar, make_probe(tar, sizeof tar)};
	pb_error err = {0};
	const char *reason;
	json_t *found;

	if (d->status == NULL || bytes.size == 0 || !pb_sha256_of(bytes, hex)) {
		pb_doctor_say(d, "probe", PB_HEALTH_UNSEEN, "", "not scanned: %s", d->status == NULL ? "no keeper answers" : "no digest");
		return;
	}
	if (pb_clamd_scan(d->clamd, bytes, answer, sizeof answer, &err) != PB_OK) {
		pb_doctor_say(d, "probe", PB_HEALTH_UNSEEN, "", "not scanned: %s", err.text);
		return;
	}
	found = wait_for_report(d, hex, &err);
	reason = pb_json_str(found, "reason", "");
	if (found == NULL && err.code != PB_OK)
		pb_doctor_say(d, "probe", PB_HEALTH_UNSEEN, "sudo probity doctor", "scanned (%s), but: %s", answer, err.text);
	else if (found == NULL)
		pb_doctor_say(d, "probe", PB_HEALTH_FAILED, "journalctl -u probityd -u clamav-daemon",
		              "clamd scanned it (%s), and no report of it came within 10 s", answer);
	else if (*reason != '\0')
		pb_doctor_say(d, "probe", PB_HEALTH_FAILED, "journalctl -u probityd", "scanned, and not assessed: %s", reason);
	else
		pb_doctor_say(d, "probe", PB_HEALTH_OK, "", "scanned by clamd (%s), and its report is number %lld", answer,
		              (long long)pb_json_int(found, "id", 0));
	json_decref(found);
}
