/* Which packs take part? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/text.h"
#include "base/version.h"
#include "checks/pack.h"

typedef struct selecting {
	const pb_pack_places *places;
	pb_pack_keys keys;
	void (*told)(void *user, const char *message);
	void *user;
	pb_packs *out;
	const char *busy[PB_PACK_MANY]; /* names of those whose requirements are looked at */
	size_t n_busy;
	pb_error *err;
} selecting;

static int no_memory(pb_error *err)
{
	return pb_fail(err, PB_ENOMEM, "out of memory");
}

char *pb_pack_find(const pb_pack_places *places, const char *name)
{
	if (!pb_pack_name_ok(name))
		return NULL;
	for (const char *const *dir = places->packs; dir != NULL && *dir != NULL; dir++) {
		char *at = pb_fs_join(*dir, name);

		if (at == NULL || access(at, F_OK) == 0)
			return at;
		free(at);
	}
	return NULL;
}

static pb_pack *selected(const selecting *s, const char *name)
{
	for (size_t i = 0; i < s->out->n; i++)
		if (strcmp(s->out->pack[i]->ini.name, name) == 0)
			return s->out->pack[i];
	return NULL;
}

static void tell(const selecting *s, const char *what, const char *why)
{
	char message[700], *safe;

	(void)snprintf(message, sizeof message, "pack %.200s: %.450s", what, why);
	safe = pb_text_safe(message, 0);
	if (safe != NULL)
		s->told(s->user, safe);
	free(safe);
}

static int unmet(pb_error *err, const pb_pack_need *need, const char *has)
{
	return pb_fail(err, PB_EINPUT, "requires %s >= %s; %s", need->name, need->least, has);
}

static int need_met(const pb_pack_need *need, const char *version, pb_error *err)
{
	char has[80];

	if (pb_pack_version_order(version, need->least) >= 0)
		return PB_OK;
	(void)snprintf(has, sizeof has, "this is %.60s", version);
	return unmet(err, need, has);
}

int pb_pack_needs_met(const pb_pack_places *places, const pb_pack_ini *ini, pb_error *err)
{
	int rc = PB_OK;

	for (size_t i = 0; i < ini->n_needs && rc == PB_OK; i++) {
		const pb_pack_need *need = &ini->needs[i];
		pb_pack_ini other;
		char *dir;

		if (strcmp(need->name, "probity") == 0) {
			rc = need_met(need, PB_VERSION, err);
			continue;
		}
		dir = pb_pack_find(places, need->name);
		if (dir == NULL)
			rc = unmet(err, need, "it is not installed");
		else if ((rc = pb_pack_ini_read(dir, &other, err)) == PB_OK)
			rc = need_met(need, other.version, err);
		free(dir);
	}
	return rc;
}

static int take(selecting *s, const char *dir, bool installed, bool any);

/* What it requires comes before it. Why it cannot take part: PB_EINPUT. */
static int take_needs(selecting *s, const pb_pack *p, pb_error *why)
{
	int rc = PB_OK;

	for (size_t i = 0; i < p->ini.n_needs && rc == PB_OK; i++) {
		const pb_pack_need *need = &p->ini.needs[i];
		const pb_pack *other;
		char *dir;

		if (strcmp(need->name, "probity") == 0) {
			rc = need_met(need, PB_VERSION, why);
			continue;
		}
		for (size_t j = 0; j < s->n_busy; j++)
			if (strcmp(s->busy[j], need->name) == 0)
				return pb_fail(why, PB_EINPUT, "requires %s, which requires it", need->name);
		other = selected(s, need->name);
		dir = other == NULL ? pb_pack_find(s->places, need->name) : NULL;
		if (dir != NULL) {
			rc = take(s, dir, true, false);
			other = rc == PB_OK ? selected(s, need->name) : NULL;
		}
		free(dir);
		if (rc == PB_OK && other == NULL)
			rc = unmet(why, need, "it is not installed");
		else if (rc == PB_OK && other->left_out)
			rc = unmet(why, need, "it is left out itself");
		else if (rc == PB_OK)
			rc = need_met(need, other->ini.version, why);
	}
	return rc;
}

static int add(selecting *s, pb_pack *p)
{
	if (s->out->n == PB_PACK_MANY)
		return pb_fail(s->err, PB_EINPUT, "more than %d packs", PB_PACK_MANY);
	s->out->pack[s->out->n++] = p;
	return PB_OK;
}

static void leave_out(const selecting *s, pb_pack *p, const char *why)
{
	p->left_out = true;
	if (why != p->why)
		(void)snprintf(p->why, sizeof p->why, "%.390s", why);
	tell(s, p->ini.name, why);
}

/* What cannot be read as a pack at all, though it is installed: named all the same. */
static int take_broken(selecting *s, pb_pack *p, const char *dir, const char *why)
{
	const char *slash = strrchr(dir, '/');

	(void)snprintf(p->ini.name, sizeof p->ini.name, "%.40s", slash != NULL ? slash + 1 : dir);
	p->state = PB_PACK_CHANGED;
	leave_out(s, p, why);
	return PB_OK;
}

static int judge(selecting *s, pb_pack *p, const char *dir, bool installed, bool any)
{
	const char *slash = strrchr(dir, '/');
	pb_error why = {0};
	int rc = PB_OK;

	if (installed && strcmp(slash != NULL ? slash + 1 : dir, p->ini.name) != 0)
		return take_broken(s, p, dir, "its folder has another name than its " PB_PACK_INI " says");
	if (p->state != PB_PACK_TRUSTED && installed)
		leave_out(s, p, p->why);
	else if (p->state != PB_PACK_TRUSTED && !any)
		return pb_fail(s->err, PB_EINPUT, "%s: %s; trust its key, or add --unsigned to use it all the same", dir, p->why);
	if (s->n_busy == PB_PACK_MANY)
		return pb_fail(s->err, PB_EINPUT, "more than %d packs", PB_PACK_MANY);
	s->busy[s->n_busy++] = p->ini.name;
	if (!p->left_out)
		rc = take_needs(s, p, &why);
	s->n_busy--;
	if (rc == PB_EINPUT && s->err->code == PB_OK) {
		leave_out(s, p, why.text);
		rc = PB_OK;
	}
	return rc;
}

static int take(selecting *s, const char *dir, bool installed, bool any)
{
	pb_pack *p = calloc(1, sizeof *p);
	pb_error why = {0};
	int rc = p != NULL ? pb_pack_open(dir, installed, &s->keys, p, &why) : PB_ENOMEM;

	if (rc == PB_ENOMEM) {
		free(p);
		return no_memory(s->err);
	}
	if (rc != PB_OK)
		rc = installed ? take_broken(s, p, dir, why.text) : pb_fail(s->err, rc, "%s", why.text);
	else
		rc = judge(s, p, dir, installed, any);
	if (rc == PB_OK && selected(s, p->ini.name) != NULL)
		rc = pb_fail(s->err, PB_EINPUT, "two packs are called \"%s\": one of them is %s", p->ini.name, dir);
	if (rc == PB_OK)
		rc = add(s, p);
	if (rc != PB_OK) {
		pb_pack_close(p);
		free(p);
	}
	return rc;
}

static int wish_for(selecting *s, const pb_pack_wish *w)
{
	char *dir;
	int rc;

	if (w->folder)
		return take(s, w->what, false, w->any);
	if (selected(s, w->what) != NULL) /* another one required it */
		return PB_OK;
	dir = pb_pack_find(s->places, w->what);
	if (dir == NULL)
		return pb_fail(s->err, PB_EINPUT, "no pack \"%s\" is installed: `probity pack list` shows those that are; a folder is named with a '/'",
		               w->what);
	rc = take(s, dir, true, false);
	free(dir);
	return rc;
}

int pb_pack_select(const pb_pack_places *places, const pb_pack_wish *wishes, size_t n, void (*told)(void *, const char *), void *user,
                   pb_packs *out, pb_error *err)
{
	pb_error inner = {0};
	selecting s = {.places = places, .told = told, .user = user, .out = out, .err = &inner};
	int rc = PB_OK;

	memset(out, 0, sizeof *out);
	if (n == 0)
		return PB_OK;
	rc = pb_pack_keys_read(places->keys, told, user, &s.keys, &inner);
	for (size_t i = 0; i < n && rc == PB_OK; i++)
		rc = wish_for(&s, &wishes[i]);
	pb_pack_keys_free(&s.keys);
	if (rc == PB_OK)
		return PB_OK;
	pb_packs_free(out);
	return pb_fail(err, rc, "%s", inner.text);
}

void pb_packs_free(pb_packs *packs)
{
	for (size_t i = 0; i < packs->n; i++) {
		pb_pack_close(packs->pack[i]);
		free(packs->pack[i]);
	}
	memset(packs, 0, sizeof *packs);
}
