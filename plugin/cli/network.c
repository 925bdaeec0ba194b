#include "cli/network.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "cli/assess.h"
#include "cli/cli.h"
#include "collector/job.h"
#include "collector/settings.h"
#include "collector/start.h"

int pb_network_settings(const char *file, json_t **out, pb_error *err)
{
	int rc = pb_collector_settings(file, out, err);

	if (rc || json_is_true(json_object_get(*out, "enabled")))
		return rc;
	rc = pb_fail(err, PB_EINPUT, "the collector is off: nothing is fetched or sent until %s says [collector] enabled = yes",
	             pb_json_str(*out, "file", ""));
	json_decref(*out);
	*out = NULL;
	return rc;
}

json_t *pb_network_job(const char *task, json_t *settings)
{
	return json_pack("{s:s,s:s,s:o}", "schema", PB_COLLECT_JOB, "task", task, "settings", settings);
}

int pb_network_folder(const json_t *settings, const char *key, const char *name, char **out, pb_error *err)
{
	const char *set = pb_json_str(settings, key, "");
	char *cache = *set ? NULL : pb_cache_dir();

	*out = *set ? strdup(set) : cache ? pb_fs_join(cache, name) : NULL;
	if (!*out && !*set && !cache)
		return pb_fail(err, PB_EIO, "there is no folder for what is kept: set %s in probity.conf", key);
	free(cache);
	if (!*out)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	if (mkdir(*out, 0700) == 0 || errno == EEXIST)
		return 0;
	pb_fail(err, PB_EIO, "%s: %s", *out, strerror(errno));
	free(*out);
	*out = NULL;
	return PB_EIO;
}

bool pb_network_is_url(const char *text)
{
	return strncasecmp(text, "https://", 8) == 0 || strncasecmp(text, "http://", 7) == 0;
}

/* What the file is called in the report: the last part of the URL's path, of plain characters. */
static void name_of(const char *url, char out[101])
{
	const char *host = strstr(url, "//"), *path = host ? strchr(host + 2, '/') : NULL, *end = path ? path + strcspn(path, "?#") : NULL, *from = end;
	size_t n = 0;

	while (path && from > path && from[-1] != '/')
		from--;
	for (; from && from < end && n < 100; from++, n++)
		out[n] = isalnum((unsigned char)*from) || (strchr("-_.+", *from) && !(n == 0 && *from == '.')) ? *from : '_';
	out[n] = '\0';
	if (n == 0)
		(void)snprintf(out, 101, "product");
}

int pb_network_product(const char *url, const char *sha256, const char *config, char **folder, char **file, pb_error *err)
{
	json_t *settings = NULL, *job = NULL, *answer = NULL;
	const char *tmp = getenv("TMPDIR");
	char name[101];
	int rc = pb_network_settings(config, &settings, err);

	*folder = *file = NULL;
	if (rc)
		return rc;
	name_of(url, name);
	if (asprintf(folder, "%s/probity-product.XXXXXX", tmp && *tmp ? tmp : "/tmp") < 0)
		*folder = NULL;
	if (!*folder || !mkdtemp(*folder)) {
		rc = pb_fail(err, PB_EIO, "no folder for the download: %s", strerror(errno));
		free(*folder);
		*folder = NULL;
		json_decref(settings);
		return rc;
	}
	*file = pb_fs_join(*folder, name);
	job = pb_network_job("download", settings);
	if (!*file || !job || json_object_set_new(job, "url", json_string(url)) || json_object_set_new(job, "folder", json_string(*folder)) ||
	    json_object_set_new(job, "file", json_string(name)))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	rc = rc ? rc : pb_collector_start(job, &pb_interrupted, &answer, err);
	if (!rc && strcasecmp(pb_json_str(answer, "sha256", ""), sha256) != 0)
		rc = pb_fail(err, PB_EINPUT, "%s has sha256 %s, and not what --sha256 says: it is not looked at", url, pb_json_str(answer, "sha256", "?"));
	json_decref(job);
	json_decref(answer);
	if (rc) {
		pb_remove_folder(*folder);
		free(*folder);
		free(*file);
		*folder = *file = NULL;
	}
	return rc;
}
