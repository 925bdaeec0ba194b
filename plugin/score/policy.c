#include "score/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/hash.h"
#include "base/ini.h"
#include "base/text.h"
#include "score/policy_read.h"

static const char folder[] = "rulesets/policies", suffix[] = ".ini";

static bool is_path(const char *name)
{
	size_t n = strlen(name);

	return strchr(name, '/') != NULL || (n >= 4 && strcmp(name + n - 4, suffix) == 0);
}

static int unknown_name(const char *name, const char *dir, pb_error *err)
{
	char **names = NULL;
	const char *near;
	size_t n = 0;
	pb_buf list = {0};
	int rc = pb_fs_names(dir, suffix, &names, &n, err);

	if (rc != PB_OK)
		return rc;
	for (size_t i = 0; i < n && rc == PB_OK; i++) {
		names[i][strlen(names[i]) - strlen(suffix)] = '\0';
		rc = pb_buf_printf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
	}
	near = pb_text_nearest(name, (const char *const *)names, n);
	rc = pb_fail(err, PB_EINPUT, "no policy \"%s\"%s%s%s (there are: %s)", name, near != NULL ? ", did you mean \"" : "",
	             near != NULL ? near : "", near != NULL ? "\"?" : "",
	             rc == PB_OK && n > 0 ? (const char *)list.data : "none");
	pb_buf_free(&list);
	pb_fs_names_free(names, n);
	return rc;
}

/* A name among the data, as the path of its file: there, or an error that says which are. */
static int look_up(const char *name, const char *data_dir, const char *file, pb_error *err)
{
	pb_buf probe = {0};
	char *dir;
	int rc = pb_fs_read(file, 4 << 20, &probe, err);

	pb_buf_free(&probe);
	if (rc != PB_EIO)
		return rc;
	dir = pb_fs_join(data_dir, folder);
	rc = dir != NULL ? unknown_name(name, dir, err) : pb_fail(err, PB_ENOMEM, "out of memory");
	free(dir);
	return rc;
}

/* The file of a policy's name, as a fresh string; NULL where memory ran out. */
static char *file_of(const char *name, const char *data_dir)
{
	char *file = NULL;

	if (is_path(name))
		return strdup(name);
	return asprintf(&file, "%s/%s/%s%s", data_dir, folder, name, suffix) < 0 ? NULL : file;
}

static int digest(const char *file, char out[65], pb_error *err)
{
	char hex[PB_HEX_MAX];
	pb_buf bytes = {0};
	int rc = pb_fs_read(file, 4 << 20, &bytes, err);

	if (rc == PB_OK && !pb_hash_hex("sha256", (pb_bytes){bytes.data, bytes.size}, hex))
		rc = pb_fail(err, PB_EINTERNAL, "%s: no digest", file);
	if (rc == PB_OK)
		(void)snprintf(out, 65, "%.64s", hex);
	pb_buf_free(&bytes);
	return rc;
}

static int set_name(const char *file, char *out, size_t room, pb_error *err)
{
	const char *slash = strrchr(file, '/'), *base = slash != NULL ? slash + 1 : file;
	size_t n = strlen(base);

	if (n > 4 && strcmp(base + n - 4, suffix) == 0)
		n -= 4;
	if (n == 0 || n >= room)
		return pb_fail(err, PB_EINPUT, "%s: a policy's file name has 1 to %zu bytes before .ini", file, room - 1);
	memcpy(out, base, n);
	out[n] = '\0';
	return PB_OK;
}

int pb_policy_load(const char *name, const char *data_dir, pb_policy *out, pb_error *err)
{
	pb_policy_lines lines = {.policy = out};
	pb_error inner = {0};
	char *file = file_of(name, data_dir);
	int rc = PB_OK;

	*out = (pb_policy){0};
	if (file == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	if (!is_path(name))
		rc = look_up(name, data_dir, file, err);
	if (rc == PB_OK)
		rc = set_name(file, out->name, sizeof out->name, err);
	if (rc == PB_OK)
		rc = digest(file, out->digest, err);
	if (rc == PB_OK)
		rc = pb_ini_read(file, pb_policy_line, &lines, err);
	if (rc == PB_OK && pb_policy_whole(&lines, &inner) != PB_OK)
		rc = pb_fail(err, inner.code, "%s: %s", file, inner.text);
	free(file);
	return rc;
}

const pb_override *pb_policy_override(const pb_policy *policy, const char *id, const char *catalogue)
{
	const pb_override *by_row = NULL;

	for (size_t i = 0; i < policy->n_overrides; i++) {
		const pb_override *o = &policy->overrides[i];

		if (strcmp(o->check, id) == 0)
			return o;
		if (strcmp(o->check, catalogue) == 0)
			by_row = o;
	}
	return by_row;
}

bool pb_required_by(const pb_required *r, pb_reliability reliability)
{
	return !r->has_least || pb_reliability_permille(reliability) >= pb_reliability_permille(r->least);
}

int pb_policy_regions(const pb_policy *policy, json_t **out)
{
	*out = policy->n_regions > 0 ? json_array() : NULL;
	if (policy->n_regions > 0 && *out == NULL)
		return PB_ENOMEM;
	for (size_t i = 0; i < policy->n_regions; i++)
		if (json_array_append_new(*out, json_string(policy->regions[i])) != 0) {
			json_decref(*out);
			*out = NULL;
			return PB_ENOMEM;
		}
	return PB_OK;
}
