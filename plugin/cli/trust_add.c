/* `probity trust add` and `remove`. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/trust.h"
#include "evidence/trust.h"

/* "vendor" of "dir/vendor.pub". */
static bool name_of(const char *file, char out[PB_ROOT_NAME])
{
	static const char *const endings[] = {".pub", ".asc", ".gpg", ".pgp", ".key", ".pem", ".crt", ".cer"};
	const char *base = strrchr(file, '/') != NULL ? strrchr(file, '/') + 1 : file;
	size_t n = strlen(base);

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (n > 4 && strcmp(base + n - 4, endings[i]) == 0) {
			n -= 4;
			break;
		}
	if (n >= PB_ROOT_NAME)
		return false;
	(void)snprintf(out, PB_ROOT_NAME, "%.*s", (int)n, base);
	return pb_root_name(out);
}

/* What an INI value can hold, on one line. */
static bool plain(const char *s)
{
	return s == NULL || (strpbrk(s, "\r\n;") == NULL && strlen(s) < 2000);
}

static const char *wrong(const pb_trust_options *o)
{
	int64_t day;

	if (o->n != 1)
		return "add: name one file";
	if (o->role == NULL || !pb_root_role(o->role))
		return "add: --role is one of vendor, distributor, builder, auditor, assessor";
	if (o->name != NULL && !pb_root_name(o->name))
		return "add: a name is at most 63 letters, digits, '.', '_' and '-'";
	if ((o->from != NULL && !pb_date_parse(o->from, &day)) || (o->until != NULL && !pb_date_parse(o->until, &day)))
		return "add: --from and --until are days, as 2026-01-31";
	if (!plain(o->scope))
		return "add: --scope is globs with blanks between, on one line";
	return NULL;
}

static json_t *row_of(const pb_trust_options *o, const char *name, json_t *key)
{
	json_t *row = json_pack("{s:s,s:s,s:s,s:s,s:[]}", "name", name, "role", o->role, "from", o->from != NULL ? o->from : "", "until",
	                        o->until != NULL ? o->until : "", "scope");

	if (row != NULL && json_object_update(row, key) != 0) {
		json_decref(row);
		row = NULL;
	}
	return row;
}

/* With those that are there already: does every one of them still count? */
static int fits(const pb_trust_options *o, json_t *row, pb_error *err)
{
	json_t *roots = NULL, *problems = json_array();
	pb_trust *trust = NULL;
	int rc = pb_trust_roots(o->dirs, &roots, err);

	for (size_t i = 0; rc == PB_OK && i < json_array_size(roots); i++)
		if (strcmp(pb_json_str(json_array_get(roots, i), "name", ""), pb_json_str(row, "name", "")) == 0)
			rc = pb_fail(err, PB_EINPUT, "there is a trust root %s already: `probity trust remove %s`, or another --name",
			             pb_json_str(row, "name", ""), pb_json_str(row, "name", ""));
	if (rc == PB_OK && (problems == NULL || json_array_append(roots, row) != 0))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (rc == PB_OK)
		rc = pb_trust_open(roots, &trust, problems, err);
	for (size_t i = 0; rc == PB_OK && i < pb_trust_count(trust); i++) {
		const pb_root *r = pb_trust_at(trust, i);

		if (r->twice != NULL && strcmp(r->name, pb_json_str(row, "name", "")) == 0)
			rc = pb_fail(err, PB_EINPUT, "this key is trust root %s already, in another role: one key has one role", r->twice);
	}
	pb_trust_free(trust);
	json_decref(roots);
	json_decref(problems);
	return rc;
}

static int make_folder(const char *dir, pb_error *err)
{
	char *parent;
	int rc = PB_OK;

	if (mkdir(dir, 0755) == 0 || errno == EEXIST)
		return PB_OK;
	parent = errno == ENOENT ? pb_fs_parent(dir) : NULL;
	if (parent != NULL && strcmp(parent, dir) != 0)
		rc = make_folder(parent, err);
	free(parent);
	if (rc == PB_OK && mkdir(dir, 0755) != 0 && errno != EEXIST)
		rc = pb_fail(err, PB_EIO, "%s: %s", dir, strerror(errno));
	return rc;
}

/* The key first: a root without one would break every assessment. */
static int write_root(const pb_trust_options *o, const char *name, const json_t *key, const pb_buf *text, pb_error *err)
{
	char *ini = NULL, *beside = NULL;
	pb_buf out = {0};
	int rc = make_folder(o->to, err);

	if (asprintf(&ini, "%s/%s.ini", o->to, name) < 0)
		ini = NULL;
	if (asprintf(&beside, "%s/%s.key", o->to, name) < 0)
		beside = NULL;
	if (rc == PB_OK && (ini == NULL || beside == NULL ||
	                    pb_buf_printf(&out, "[root]\nrole = %s\nmethod = %s\nkey = %s\n", o->role, pb_json_str(key, "method", ""),
	                                  pb_json_str(key, "key", "")) != PB_OK))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (rc == PB_OK && o->scope != NULL)
		rc = pb_buf_printf(&out, "scope = %s\n", o->scope);
	if (rc == PB_OK && o->from != NULL)
		rc = pb_buf_printf(&out, "from = %s\n", o->from);
	if (rc == PB_OK && o->until != NULL)
		rc = pb_buf_printf(&out, "until = %s\n", o->until);
	if (rc != PB_OK && err->code == PB_OK)
		(void)pb_fail(err, rc, "out of memory");
	if (rc == PB_OK)
		rc = pb_fs_write(beside, text->data, text->size, err);
	if (rc == PB_OK)
		rc = pb_fs_write(ini, out.data, out.size, err);
	free(ini);
	free(beside);
	pb_buf_free(&out);
	return rc;
}

static int add(const pb_trust_options *o, const char *name, pb_error *err)
{
	pb_buf text = {0};
	pb_error why = {0};
	json_t *key = NULL, *row = NULL;
	int rc = pb_fs_read(o->words[0], PB_ROOT_TEXT_MAX, &text, err);

	if (rc == PB_OK) {
		key = pb_trust_key((pb_bytes){text.data, text.size}, &why);
		if (key == NULL)
			rc = pb_fail(err, why.code, "%s: %s", o->words[0], why.text);
	}
	if (rc == PB_OK) {
		row = row_of(o, name, key);
		rc = row != NULL ? fits(o, row, err) : pb_fail(err, PB_ENOMEM, "out of memory");
	}
	if (rc == PB_OK)
		rc = write_root(o, name, key, &text, err);
	if (rc == PB_OK)
		printf("%s: %s, %s key %s\n", name, o->role, pb_json_str(key, "method", ""), pb_json_str(key, "key", ""));
	json_decref(row);
	json_decref(key);
	pb_buf_free(&text);
	return rc;
}

static int status_of(int rc, const pb_error *err)
{
	if (rc != PB_OK)
		pb_complain("%s", err->text);
	return rc == PB_OK && fflush(stdout) == 0 ? 0 : PB_EXIT_ERROR;
}

int pb_trust_add(pb_trust_options *o)
{
	char name[PB_ROOT_NAME];
	pb_error err = {0};
	const char *why = wrong(o);

	if (why != NULL)
		return pb_usage_error("trust", "%s", why);
	if (o->name != NULL)
		(void)snprintf(name, sizeof name, "%s", o->name);
	else if (!name_of(o->words[0], name))
		return pb_usage_error("trust", "add: --name says what this root is called");
	return status_of(add(o, name, &err), &err);
}

/* 1: it was there. */
static int remove_from(const char *dir, const char *name, pb_error *err)
{
	static const char *const endings[] = {"ini", "key"};
	int found = 0;

	for (size_t i = 0; i < 2; i++) {
		char *file = NULL;
		int rc = asprintf(&file, "%s/%s.%s", dir, name, endings[i]) < 0 ? PB_ENOMEM : unlink(file);

		if (rc == 0)
			found = 1;
		else if (rc != PB_ENOMEM && errno != ENOENT)
			(void)pb_fail(err, PB_EIO, "%s: %s", file, strerror(errno));
		if (rc != PB_ENOMEM)
			free(file);
		if (err->code != PB_OK)
			return err->code;
	}
	return found;
}

int pb_trust_remove(pb_trust_options *o)
{
	pb_error err = {0};
	int found = 0;

	if (o->n != 1 || !pb_root_name(o->words[0]))
		return pb_usage_error("trust", "remove: name one root");
	for (const char *const *dir = o->dirs; *dir != NULL && found == 0; dir++)
		found = remove_from(*dir, o->words[0], &err);
	if (found == 0)
		(void)pb_fail(&err, PB_EINPUT, "there is no trust root %s: `probity trust list` has their names", o->words[0]);
	return status_of(found == 1 ? PB_OK : err.code, &err);
}
