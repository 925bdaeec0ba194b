/* `probity pack verify` and `list`. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/assess.h"
#include "cli/cli.h"
#include "cli/pack.h"

static const char *key_of(const pb_pack *p)
{
	return p->state == PB_PACK_TRUSTED || p->state == PB_PACK_STRANGER ? p->key : "unsigned";
}

/* Text of a pack is text from outside. */
static void line(const char *what, const char *text)
{
	char *safe = *text != '\0' ? pb_text_safe(text, 0) : NULL;

	if (safe != NULL)
		printf("  %-12s %s\n", what, safe);
	free(safe);
}

static void print_pack(const pb_pack *p, const char *by)
{
	char files[40];

	printf("%s %s: %s\n", p->ini.name, p->ini.version, p->state == PB_PACK_TRUSTED ? by : "NOT TRUSTED");
	line("why", p->why);
	line("key", key_of(p));
	line("pack.sum", p->sum);
	(void)snprintf(files, sizeof files, "%zu", p->files);
	line("files", files);
	line("author", p->ini.author);
	line("licence", p->ini.licence);
	line("description", p->ini.description);
	line("homepage", p->ini.homepage);
	for (size_t i = 0; i < p->ini.n_needs; i++) {
		char need[PB_PACK_NAME + PB_PACK_VERSION + 8];

		(void)snprintf(need, sizeof need, "%s >= %s", p->ini.needs[i].name, p->ini.needs[i].least);
		line("requires", need);
	}
}

static json_t *to_json(const pb_pack *p, const char *dir, const char *broken)
{
	json_t *j = json_pack("{s:s,s:s,s:s,s:s,s:b,s:o,s:o,s:o}", "name", p->ini.name, "version", p->ini.version, "key", key_of(p), "sha256",
	                      p->sum, "trusted", p->dir != NULL && p->state == PB_PACK_TRUSTED, "dir", pb_json_display(dir, strlen(dir), 0),
	                      "author", pb_json_display(p->ini.author, strlen(p->ini.author), 0), "licence",
	                      pb_json_display(p->ini.licence, strlen(p->ini.licence), 0));
	const char *why = broken != NULL ? broken : p->why;

	if (j != NULL && *why != '\0')
		json_object_set_new(j, "why", pb_json_display(why, strlen(why), 0));
	return j;
}

static int print_json(const pb_pack *p, const char *dir, const char *broken)
{
	json_t *j = to_json(p, dir, broken);
	char *text = j != NULL ? pb_json_canonical(j) : NULL;

	if (text != NULL)
		puts(text);
	free(text);
	json_decref(j);
	return text != NULL ? PB_OK : PB_ENOMEM;
}

/* Those that -p or -P name, or all that are trusted. */
static int choose_keys(const pb_pack_options *o, pb_pack_keys *keys, pb_error *err)
{
	pb_public_key key;
	pb_error why = {0};
	int rc;

	memset(keys, 0, sizeof *keys);
	if (o->public_file == NULL && o->public_text == NULL)
		return pb_pack_keys_read(o->places.of.keys, pb_pack_told, NULL, keys, err);
	if (o->public_file != NULL) {
		rc = pb_pack_public(o->public_file, &key, err);
	} else {
		rc = pb_public_key_parse((pb_bytes){(const uint8_t *)o->public_text, strlen(o->public_text)}, &key, &why);
		if (rc != PB_OK)
			(void)pb_fail(err, rc, "-P: %s", why.text);
	}
	if (rc == PB_OK && pb_pack_keys_add(keys, &key, "") != PB_OK)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	return rc;
}

int pb_pack_verify(pb_pack_options *o)
{
	pb_pack_keys keys = {0};
	pb_error err = {0};
	pb_pack p = {0};
	char temp[256] = "", *dir = NULL;
	int rc, status = PB_EXIT_ERROR;

	if (o->n != 1 || (o->public_file != NULL && o->public_text != NULL))
		return pb_usage_error("pack", "verify: name one folder or .tar.gz, and at most one of -p and -P");
	rc = choose_keys(o, &keys, &err);
	if (rc == PB_OK)
		rc = pb_pack_folder(o->words[0], &dir, temp, &err);
	if (rc == PB_OK)
		rc = pb_pack_open(dir, false, &keys, &p, &err);
	if (rc == PB_OK) {
		status = p.state == PB_PACK_TRUSTED ? 0 : 1;
		if (!o->json)
			print_pack(&p, o->public_file || o->public_text ? "signed with this key" : "signed with a trusted key");
		else if (print_json(&p, o->words[0], NULL) != PB_OK)
			status = PB_EXIT_ERROR;
	} else {
		/* What no pack may hold is an answer, not a failure of ours. */
		status = (rc == PB_EINPUT || rc == PB_ELIMIT) && dir != NULL ? 1 : PB_EXIT_ERROR;
		pb_complain("%s", err.text);
	}
	if (temp[0] != '\0')
		pb_remove_folder(temp);
	free(dir);
	pb_pack_close(&p);
	pb_pack_keys_free(&keys);
	return fflush(stdout) == 0 ? status : PB_EXIT_ERROR;
}

static int one(const pb_pack_options *o, const char *dir, const char *name, const pb_pack_keys *keys)
{
	pb_pack p = {0};
	pb_error why = {0};
	int rc = pb_pack_open(dir, true, keys, &p, &why);
	const char *state = rc != PB_OK ? why.text : p.state == PB_PACK_TRUSTED ? "trusted" : p.why;

	if (rc == PB_ENOMEM)
		return rc;
	if (rc != PB_OK)
		(void)snprintf(p.ini.name, sizeof p.ini.name, "%.40s", name);
	if (o->json)
		rc = print_json(&p, dir, rc != PB_OK ? why.text : NULL);
	else {
		char *safe = pb_text_safe(state, 0);

		printf("%-24s %-10s %-16s %s  %s\n", p.ini.name, p.ini.version, rc != PB_OK ? "" : key_of(&p), dir, safe != NULL ? safe : "");
		free(safe);
		rc = PB_OK;
	}
	pb_pack_close(&p);
	return rc;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_name(const struct dirent *e)
{
	return pb_pack_name_ok(e->d_name);
}

static int list_place(const pb_pack_options *o, const char *place, const pb_pack_keys *keys)
{
	struct dirent **names = NULL;
	int n = scandir(place, &names, is_name, by_name), rc = PB_OK;

	for (int i = 0; i < n; i++) {
		char *dir = pb_fs_join(place, names[i]->d_name);

		if (rc == PB_OK)
			rc = dir != NULL ? one(o, dir, names[i]->d_name, keys) : PB_ENOMEM;
		free(dir);
		free(names[i]);
	}
	free(names);
	return rc;
}

int pb_pack_list(pb_pack_options *o)
{
	pb_pack_keys keys = {0};
	pb_error err = {0};
	int rc;

	if (o->n != 0)
		return pb_usage_error("pack", "list takes no \"%s\"", o->words[0]);
	rc = pb_pack_keys_read(o->places.of.keys, pb_pack_told, NULL, &keys, &err);
	for (const char *const *place = o->places.of.packs; rc == PB_OK && *place != NULL; place++)
		rc = list_place(o, *place, &keys);
	pb_pack_keys_free(&keys);
	if (rc != PB_OK)
		pb_complain("%s", err.code != PB_OK ? err.text : "out of memory");
	return rc == PB_OK && fflush(stdout) == 0 ? 0 : PB_EXIT_ERROR;
}
