/* A product by its URL: one file, whose digest the caller knows before. Redirects stay at that host, or go where [collector download] hosts allows. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "collector/tasks.h"

int pb_task_download(pb_task *t, pb_error *err)
{
	const json_t *own = json_object_get(json_object_get(t->settings, "source"), "download");
	const char *name = pb_json_str(t->job, "file", "");
	pb_fetch_request q = {.url = pb_json_str(t->job, "url", ""), .max = (size_t)pb_json_int(t->settings, "download_bytes", 0),
	                      .mirror = pb_json_str(own, "mirror", ""), .redirects = (unsigned)pb_json_int(t->settings, "redirects", 0)};
	json_t *hosts = json_copy(json_object_get(own, "hosts"));
	pb_fetch_answer answer = {0};
	char entry[PB_URL_HOST_MOST + 10], *file = NULL;
	pb_url u;
	int rc;

	hosts = hosts ? hosts : json_array();
	/* Whoever named the URL allowed its host. */
	rc = pb_url_parse(q.url, &u, err);
	if (!rc && (!*name || strchr(name, '/') || *name == '.' || !(file = pb_fs_join(pb_json_str(t->job, "folder", ""), name))))
		rc = pb_fail(err, PB_EINPUT, "a download without a file");
	if (!rc) {
		(void)snprintf(entry, sizeof entry, "%s:%u", u.host, u.port);
		json_array_append_new(hosts, json_string(entry));
		q.hosts = hosts;
		q.fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (q.fd < 0)
			rc = pb_fail(err, PB_EIO, "%s: %s", file, strerror(errno));
		rc = rc ? rc : pb_fetch(t->fetcher, &q, &answer, err);
		if (q.fd >= 0 && close(q.fd) != 0 && !rc)
			rc = pb_fail(err, PB_EIO, "%s: %s", file, strerror(errno));
	}
	if (!rc && answer.status != 200)
		rc = pb_fail(err, PB_EIO, "%s: answers with status %ld", answer.url, answer.status);
	if (!rc) {
		json_object_set_new(t->answer, "sha256", json_string(answer.sha256));
		json_object_set_new(t->answer, "size", json_integer((json_int_t)answer.size));
		json_object_set_new(t->answer, "url", json_string(answer.url));
	}
	pb_fetch_answer_free(&answer);
	json_decref(hosts);
	free(file);
	return rc;
}
