#include "keeper/config.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ini.h"
#include "base/text.h"
#include "keeper/config_read.h"
#include "base/value.h"

enum { GROUPS_MAX = 65536, NAMES_MAX = 1 << 20 /* bytes for what the user database says of one entry */ };

int pb_config_load(const char *file, pb_config *out, pb_error *err)
{
	pb_config_lines lines = {.config = out};
	int rc;

	*out = (pb_config){0};
	rc = pb_config_defaults(&lines, err);
	if (rc == PB_OK && (file != NULL || access(PB_CONFIG_DEFAULT, F_OK) == 0 || errno != ENOENT))
		rc = pb_ini_read(file != NULL ? file : PB_CONFIG_DEFAULT, pb_config_line, &lines, err);
	if (rc != PB_OK)
		pb_config_free(out);
	return rc;
}

void pb_config_free(pb_config *c)
{
	pb_value_words_free(c->kinds);
	pb_value_words_free(c->rules);
	pb_value_words_free(c->packs);
	pb_value_words_free(c->submit);
	pb_value_words_free(c->read);
	free(c->policy);
	free(c->store);
	free(c->cache);
	free(c->templates);
	for (size_t i = 0; i < c->n_allowed; i++)
		free(c->allowed[i].reason);
	free(c->allowed);
	*c = (pb_config){0};
}

const pb_allowed *pb_config_allows(const pb_config *c, const char *sha256, int64_t day)
{
	for (size_t i = 0; i < c->n_allowed; i++)
		if (strcmp(c->allowed[i].sha256, sha256) == 0)
			return day <= c->allowed[i].expires ? &c->allowed[i] : NULL;
	return NULL;
}

/* One entry of the user database, by name or (by_name NULL) by number; the buffer grows as the library asks for it. *name,
 * where wanted, is a fresh string. */
static bool find_user(const char *by_name, uid_t by_uid, uid_t *uid, gid_t *gid, char **name)
{
	struct passwd entry, *found = NULL;
	bool ok = false;

	for (size_t room = 1024; room <= NAMES_MAX; room *= 4) {
		char *space = malloc(room);
		int rc;

		if (space == NULL)
			return false;
		rc = by_name != NULL ? getpwnam_r(by_name, &entry, space, room, &found)
		                     : getpwuid_r(by_uid, &entry, space, room, &found);
		if (rc == 0 && found != NULL) {
			*uid = entry.pw_uid;
			*gid = entry.pw_gid;
			if (name != NULL)
				*name = strdup(entry.pw_name);
			ok = name == NULL || *name != NULL;
		}
		free(space);
		if (rc != ERANGE)
			break;
	}
	return ok;
}

static bool find_group(const char *name, gid_t *gid)
{
	struct group entry, *found = NULL;

	for (size_t room = 1024; room <= NAMES_MAX; room *= 4) {
		char *space = malloc(room);
		int rc;

		if (space == NULL)
			return false;
		rc = getgrnam_r(name, &entry, space, room, &found);
		if (rc == 0 && found != NULL)
			*gid = entry.gr_gid;
		free(space);
		if (rc != ERANGE)
			return rc == 0 && found != NULL;
	}
	return false;
}

/* An id by number or by name. (uid_t)-1 means "nobody in particular" to the kernel and never names a peer. */
static bool id_of(const char *text, bool group, uint32_t *id)
{
	int64_t number;
	uid_t uid;
	gid_t gid;
	bool ok;

	if (pb_text_int(text, 0, UINT32_MAX - INT64_C(1), &number)) {
		*id = (uint32_t)number;
		return true;
	}
	ok = group ? find_group(text, &gid) : find_user(text, 0, &uid, &gid, NULL);
	if (ok)
		*id = group ? gid : uid;
	return ok;
}

/* Is this user in the group by the user database? Peers tell one group; the others are looked up. */
static bool supplementary(uid_t uid, gid_t wanted)
{
	char *name = NULL;
	gid_t main_group, *groups = NULL;
	uid_t same;
	bool is = false;
	int n = 64;

	if (!find_user(NULL, uid, &same, &main_group, &name))
		return false;
	for (;;) {
		int room = n;
		gid_t *grown = realloc(groups, (size_t)room * sizeof *groups);

		if (grown == NULL)
			break;
		groups = grown;
		if (getgrouplist(name, main_group, groups, &n) >= 0) {
			for (int i = 0; i < n && !is; i++)
				is = groups[i] == wanted;
			break;
		}
		if (n <= room || n > GROUPS_MAX)
			break;
	}
	free(groups);
	free(name);
	return is;
}

bool pb_config_grants(char *const *specs, uid_t uid, gid_t gid)
{
	for (; specs != NULL && *specs != NULL; specs++) {
		bool group = strncmp(*specs, "group:", 6) == 0;
		uint32_t id;

		if (!group && strncmp(*specs, "user:", 5) != 0)
			continue;
		if (!id_of(*specs + (group ? 6 : 5), group, &id))
			continue; /* a name that the system does not know names nobody */
		if (group ? gid == id || supplementary(uid, id) : uid == id)
			return true;
	}
	return false;
}
