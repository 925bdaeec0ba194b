/* A folder of YARA files into one entry: they count as one check, with a claim of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/entry.h"

const char *pb_folder_name(const char *dir, char *out, size_t room)
{
	size_t n = strlen(dir), from;

	while (n > 1 && dir[n - 1] == '/')
		n--;
	for (from = n; from > 0 && dir[from - 1] != '/'; from--)
		;
	(void)snprintf(out, room, "%.*s", (int)(n - from), dir + from);
	return out;
}

/* The one check that all YARA files of a folder make. Its id may hold but letters, digits, '-' and '_'. */
static bool describe(const pb_catalogue *c, const pb_rule_folder *f, pb_check *k)
{
	char name[60], id[90], title[120];

	(void)pb_folder_name(f->dir, name, sizeof name);
	for (char *p = name; *p != '\0'; p++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", *p) == NULL)
			*p = '_';
	(void)snprintf(id, sizeof id, "rules.%s", name);
	for (size_t i = 0, again = 2; i + 1 < c->n; i++) /* two folders of one name: the later one gets a number */
		if (strcmp(c->entries[i].check.id, id) == 0)
			(void)snprintf(id, sizeof id, "rules.%s-%zu", name, again++);
	(void)snprintf(title, sizeof title, "YARA rules of %s", name);
	*k = (pb_check){.id = strdup(id),
	                .file = strdup(f->dir),
	                .title = strdup(title),
	                .catalogue = strdup("I-02"),
	                .claim = strdup(id),
	                .pillar = PB_INTEGRITY,
	                .severity = f->meta.worst,
	                .reliability = PB_EXACT,
	                .why = strdup("Whoever supplied these rules looks for such files."),
	                .applies = calloc(1, sizeof(char *)),
	                .maps = calloc(2, sizeof(char *)),
	                .n_findings = 1,
	                .has_object = true};
	k->findings[0] = (pb_finding_spec){.name = strdup("match"),
	                                   .says = strdup("YARA rule %s (%s) matches"),
	                                   .placeholders = 2,
	                                   .fix = strdup("Look at the file by hand; ask the vendor what it is for."),
	                                   .severity = f->meta.worst,
	                                   .reliability = PB_EXACT};
	if (k->applies != NULL && (k->applies[0] = strdup("any")) != NULL)
		k->n_applies = 1;
	if (k->maps != NULL && (k->maps[0] = strdup("paris:P5")) != NULL && (k->maps[1] = strdup("cwe:506")) != NULL)
		k->n_maps = 2;
	return k->id && k->file && k->title && k->catalogue && k->claim && k->why && k->n_applies && k->n_maps &&
	       k->findings[0].name && k->findings[0].says && k->findings[0].fix;
}

int pb_catalogue_load_rules(pb_catalogue *c, const char *data_dir, const char *dir, void (*told)(void *, const char *), void *user,
                            pb_error *err)
{
	pb_rule_folder *f;
	pb_entry *e;
	int rc = pb_rule_folder_read(data_dir, dir, told, user, &f, err);

	if (rc != PB_OK || f == NULL)
		return rc;
	e = pb_catalogue_add(c);
	if (e == NULL) {
		pb_rule_folder_free(f);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	e->folder = f;
	if (!describe(c, f, &e->check) || pb_rule_folder_name(f, strchr(e->check.id, '.') + 1) != PB_OK) /* ids are unique */
		return pb_fail(err, PB_ENOMEM, "out of memory");
	return PB_OK;
}
