/* Where trust roots lie, and what is in their files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/ini.h"
#include "checks/rule_folder.h"
#include "cli/trust.h"
#include "evidence/trust.h"

#define SYSTEM_ROOTS "/etc/probity/trust"

int pb_trust_places_open(pb_trust_places *out, pb_error *err)
{
	const char *set = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	size_t n = 0;

	memset(out, 0, sizeof *out);
	if (set != NULL && *set == '/')
		out->user = pb_fs_join(set, "probity/trust");
	else if (home != NULL && *home == '/')
		out->user = pb_fs_join(home, ".config/probity/trust");
	out->system = strdup(SYSTEM_ROOTS);
	if (out->system == NULL)
		return pb_trust_places_close(out), pb_fail(err, PB_ENOMEM, "out of memory");
	if (out->user != NULL)
		out->dirs[n++] = out->user;
	out->dirs[n] = out->system;
	return PB_OK;
}

void pb_trust_places_close(pb_trust_places *p)
{
	free(p->user);
	free(p->system);
	memset(p, 0, sizeof *p);
}

/* Globs, with blanks between them. */
static json_t *words_of(const char *text)
{
	json_t *out = json_array();

	while (out != NULL && *(text += strspn(text, " \t\n")) != '\0') {
		size_t n = strcspn(text, " \t\n");

		if (json_array_append_new(out, json_stringn(text, n)) != 0) {
			json_decref(out);
			return NULL;
		}
		text += n;
	}
	return out;
}

static int on_key(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	static const char *const keys[] = {"role", "from", "until", "method", "key", "scope"};
	json_t *row = user;

	(void)line;
	if (strcmp(section, "root") != 0)
		return pb_fail(err, PB_EINPUT, "no section [%s]; there is [root]", section);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(keys[i], key) == 0) {
			if (json_object_get(row, key) != NULL)
				return pb_fail(err, PB_EINPUT, "%s is there twice", key);
			return json_object_set_new(row, key, strcmp(key, "scope") == 0 ? words_of(value) : json_string(value)) == 0 ?
			           PB_OK :
			           pb_fail(err, PB_EINPUT, "%s: no text, or no memory for it", key);
		}
	return pb_fail(err, PB_EINPUT, "no key \"%s\"; there are role, scope, from, until, method and key", key);
}

/* What every root must have; whether the key fits is for pb_trust_open. */
static int look_at(const char *file, const json_t *row, pb_error *err)
{
	static const char *const needed[] = {"role", "method", "key"};

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (*pb_json_str(row, needed[i], "") == '\0')
			return pb_fail(err, PB_EINPUT, "%s: %s is missing", file, needed[i]);
	if (!pb_root_role(pb_json_str(row, "role", "")))
		return pb_fail(err, PB_EINPUT, "%s: no role \"%s\"; there are vendor, distributor, builder, auditor and assessor", file,
		               pb_json_str(row, "role", ""));
	return PB_OK;
}

static int read_text(const char *file, json_t *row, pb_error *err)
{
	pb_buf text = {0};
	int rc = pb_rule_trust(file, err);

	if (rc == PB_OK)
		rc = pb_fs_read(file, PB_ROOT_TEXT_MAX, &text, err);
	if (rc == PB_OK && json_object_set_new(row, "text", pb_trust_text((pb_bytes){text.data, text.size})) != 0)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	pb_buf_free(&text);
	return rc;
}

static bool is_there(const json_t *roots, const char *name)
{
	for (size_t i = 0; i < json_array_size(roots); i++)
		if (strcmp(pb_json_str(json_array_get(roots, i), "name", ""), name) == 0)
			return true;
	return false;
}

/* ini: "NAME.ini" in dir. */
static int read_root(const char *dir, const char *ini, json_t *roots, pb_error *err)
{
	char name[PB_ROOT_NAME], key_name[PB_ROOT_NAME + 8], *file = pb_fs_join(dir, ini), *key = NULL;
	json_t *row = NULL;
	size_t n = strlen(ini) - 4;
	int rc = PB_OK;

	(void)snprintf(name, sizeof name, "%.*s", (int)(n < sizeof name ? n : sizeof name - 1), ini);
	(void)snprintf(key_name, sizeof key_name, "%s.key", name);
	key = pb_fs_join(dir, key_name);
	row = json_pack("{s:s}", "name", name);
	if (file == NULL || key == NULL)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	else if (n >= sizeof name || !pb_root_name(name) || row == NULL)
		rc = pb_fail(err, PB_EINPUT, "%s: a root's name is at most %d letters, digits, '.', '_' and '-'", file, PB_ROOT_NAME - 1);
	if (rc == PB_OK && !is_there(roots, name)) {
		rc = pb_rule_trust(file, err);
		if (rc == PB_OK)
			rc = pb_ini_read(file, on_key, row, err);
		if (rc == PB_OK)
			rc = look_at(file, row, err);
		if (rc == PB_OK)
			rc = read_text(key, row, err);
		if (rc == PB_OK && json_array_append(roots, row) != 0)
			rc = pb_fail(err, PB_ENOMEM, "out of memory");
	}
	json_decref(row);
	free(file);
	free(key);
	return rc;
}

static int read_folder(const char *dir, json_t *roots, pb_error *err)
{
	char **names = NULL;
	size_t n = 0;
	int rc = access(dir, F_OK) == 0 ? pb_fs_names(dir, ".ini", &names, &n, err) : PB_OK;

	for (size_t i = 0; i < n && rc == PB_OK; i++)
		if (strchr(names[i], '/') == NULL)
			rc = read_root(dir, names[i], roots, err);
	pb_fs_names_free(names, n);
	if (rc == PB_OK && json_array_size(roots) > PB_ROOTS_MAX)
		rc = pb_fail(err, PB_EINPUT, "%s: more than %d trust roots", dir, PB_ROOTS_MAX);
	return rc;
}

int pb_trust_roots(const char *const *dirs, json_t **roots, pb_error *err)
{
	int rc = PB_OK;

	*roots = json_array();
	if (*roots == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	for (; *dirs != NULL && rc == PB_OK; dirs++)
		rc = read_folder(*dirs, *roots, err);
	if (rc != PB_OK) {
		json_decref(*roots);
		*roots = NULL;
	}
	return rc;
}
