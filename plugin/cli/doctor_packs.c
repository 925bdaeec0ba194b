/* Packs of rules: are those that are installed still what somebody signed whom we trust? */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "cli/doctor.h"
#include "cli/pack.h"

typedef struct looking {
	pb_pack_keys keys;
	size_t packs, trusted;
	char all[400], first[400]; /* names, versions and digests; the first that is not trusted, and why */
} looking;

static void quietly(void *user, const char *message)
{
	looking *l = user;

	if (l->first[0] == '\0')
		(void)snprintf(l->first, sizeof l->first, "%.390s", message);
}

static void look(looking *l, const char *dir, const char *name)
{
	pb_pack p = {0};
	pb_error why = {0};
	size_t used = strlen(l->all);
	bool read = pb_pack_open(dir, true, &l->keys, &p, &why) == PB_OK;

	l->packs++;
	if (read && p.state == PB_PACK_TRUSTED) {
		l->trusted++;
		(void)snprintf(l->all + used, sizeof l->all - used, "%s%s %s (%.16s)", used > 0 ? ", " : "", p.ini.name, p.ini.version, p.sum);
	} else if (l->first[0] == '\0') {
		(void)snprintf(l->first, sizeof l->first, "%.60s: %.300s", name, read ? p.why : why.text);
	}
	pb_pack_close(&p);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_name(const struct dirent *e)
{
	return pb_pack_name_ok(e->d_name);
}

static void look_at_place(looking *l, const char *place)
{
	struct dirent **names = NULL;
	int n = scandir(place, &names, is_name, by_name);

	for (int i = 0; i < n; i++) {
		char *dir = pb_fs_join(place, names[i]->d_name);

		if (dir != NULL)
			look(l, dir, names[i]->d_name);
		free(dir);
		free(names[i]);
	}
	free(names);
}

void pb_doctor_packs(pb_doctor *d)
{
	pb_places places;
	looking l = {.packs = 0};

	if (pb_places_open(false, &places, NULL) != PB_OK)
		return;
	if (pb_pack_keys_read(places.of.keys, quietly, &l, &l.keys, NULL) == PB_OK)
		for (const char *const *place = places.of.packs; *place != NULL; place++)
			look_at_place(&l, *place);
	if (l.first[0] != '\0')
		pb_doctor_say(d, "packs", PB_HEALTH_WARNING, "probity pack list", "%zu installed, %zu trusted; %s", l.packs, l.trusted, l.first);
	else
		pb_doctor_say(d, "packs", PB_HEALTH_OK, "", l.packs > 0 ? "%zu installed and as signed: %s" : "none installed", l.packs, l.all);
	pb_pack_keys_free(&l.keys);
	pb_places_close(&places);
}
