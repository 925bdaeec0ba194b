#include "checks/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "checks/entry.h"
#include "checks/samples.h"

/* Where mistakes go while folders are read. */
typedef struct collecting {
	pb_catalogue *c;
	const pb_catalogue_options *o;
	bool own; /* our own scripts: a broken one is an error */
	size_t told;
	char first[768]; /* the first message */
	bool no_memory;
	pb_error *err;
} collecting;

static void told(void *user, const char *message)
{
	collecting *k = user;
	char **more;

	if (k->told++ == 0)
		(void)snprintf(k->first, sizeof k->first, "%s", message);
	if (k->own)
		return;
	if (k->o->refused != NULL)
		k->o->refused(k->o->user, message);
	more = realloc(k->c->refused, (k->c->n_refused + 1) * sizeof *more);
	if (more == NULL || (more[k->c->n_refused] = strdup(message)) == NULL) {
		k->no_memory = true;
		k->c->refused = more != NULL ? more : k->c->refused;
		return;
	}
	k->c->refused = more;
	k->c->n_refused++;
}

static void noticed(void *user, const char *message)
{
	collecting *k = user;
	char **more = realloc(k->c->noticed, (k->c->n_noticed + 1) * sizeof *more);

	if (more != NULL)
		k->c->noticed = more;
	if (more == NULL || (more[k->c->n_noticed] = strdup(message)) == NULL)
		k->no_memory = true;
	else
		k->c->n_noticed++;
}

/* Our own mistakes, and all under strict, are errors once the folder was read. */
static int judge(collecting *k)
{
	if (k->no_memory)
		return pb_fail(k->err, PB_ENOMEM, "out of memory");
	if (k->told == 0 || (!k->own && !k->o->strict))
		return PB_OK;
	if (k->told == 1)
		return pb_fail(k->err, PB_EINPUT, "%s", k->first);
	return pb_fail(k->err, PB_EINPUT, "%s (and %zu more)", k->first, k->told - 1);
}

/* "a/b.lua" -> "a-b". false: too long. */
static bool stem_of(const char *name, char *out, size_t room)
{
	size_t n = strlen(name);

	if (n <= 4 || n - 4 >= room)
		return false;
	memcpy(out, name, n - 4);
	out[n - 4] = '\0';
	for (char *p = out; *p != '\0'; p++)
		if (*p == '/')
			*p = '-';
	return strspn(out, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == strlen(out);
}

/* The samples of a check outside of our own folders lie beside it: x.lua, x.samples/; in a checkout, ROOT/scripts/PILLAR/x.lua, where
 * all others lie: ROOT/tests/samples/PILLAR/x/. */
static int note_samples(pb_catalogue *c, const char *path)
{
	char *dir = pb_samples_dir_of(path);

	c->entries[c->n - 1].samples_dir = dir;
	return dir != NULL ? PB_OK : PB_ENOMEM;
}

/* One check file: path to open, label for messages, below: what of its name makes the id. */
static int load_at(collecting *k, const char *path, const char *label, const char *below, int pillar)
{
	char stem[64], message[500], *near = NULL;
	pb_check_file file = {path, label, stem, pillar, k->o->lint && !k->own ? noticed : NULL};
	int rc;

	if (!stem_of(below, stem, sizeof stem)) {
		(void)snprintf(message, sizeof message,
		               "%.300s:1: the name of a check's file has letters, digits, '-' and '_', at most 60", label);
		told(k, message);
		return PB_OK;
	}
	if (!k->own && (near = pb_libraries_near(path)) == NULL)
		return PB_ENOMEM;
	k->c->box->near = (const char *const[]){near, NULL};
	rc = pb_catalogue_load(k->c, &file, told, k, k->err);
	k->c->box->near = NULL;
	if (rc != PB_OK)
		free(near);
	else
		k->c->entries[k->c->n - 1].near = near;
	if (rc == PB_OK && !k->own)
		rc = note_samples(k->c, path);
	return rc == PB_EINPUT ? PB_OK : rc; /* told */
}

/* shown: dir, as messages name it. */
static int load_file(collecting *k, const char *dir, const char *shown, const char *name, const char *below, int pillar)
{
	char *path = pb_fs_join(dir, name), *label = pb_fs_join(shown, name);
	int rc = path != NULL && label != NULL ? load_at(k, path, label, below, pillar) : PB_ENOMEM;

	free(path);
	free(label);
	return rc == PB_ENOMEM ? pb_fail(k->err, rc, "out of memory") : rc;
}

static int load_pillar(collecting *k, const char *scripts, pb_pillar pillar)
{
	const char *name = pb_pillar_name(pillar);
	char *dir = pb_fs_join(scripts, name), shown[60], **names = NULL;
	size_t n = 0;
	int rc = PB_OK;

	if (dir == NULL)
		return pb_fail(k->err, PB_ENOMEM, "out of memory");
	(void)snprintf(shown, sizeof shown, "scripts/%s", name);
	if (access(dir, F_OK) == 0)
		rc = pb_fs_names(dir, ".lua", &names, &n, k->err);
	for (size_t i = 0; i < n && rc == PB_OK; i++)
		rc = load_file(k, dir, shown, names[i], names[i], (int)pillar);
	pb_fs_names_free(names, n);
	free(dir);
	return rc;
}

static int load_own(collecting *k)
{
	char *scripts = pb_fs_join(k->o->data_dir, "scripts");
	int rc = scripts != NULL ? PB_OK : pb_fail(k->err, PB_ENOMEM, "out of memory");

	for (int p = 0; p < PB_PILLARS && rc == PB_OK; p++)
		rc = load_pillar(k, scripts, (pb_pillar)p);
	free(scripts);
	return rc == PB_OK ? judge(k) : rc;
}

/* What is beside checks in a folder, and is none. */
static bool no_check(const char *name)
{
	static const char *const beside[] = {"lib/", "collectors/", "reports/", "tests/", "templates/"};

	for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
		if (strncmp(name, beside[i], strlen(beside[i])) == 0)
			return true;
	return strstr(name, ".samples/") != NULL || name[0] == '.' || strstr(name, "/.") != NULL;
}

/* Where the last element of a path begins; slashes at the end do not count. */
static size_t last_part(const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	while (n > 0 && path[n - 1] != '/')
		n--;
	return n;
}

/* The pillar that the element of path from `from` is named after, or -1. */
static int pillar_named(const char *path, size_t from)
{
	for (int p = 0; p < PB_PILLARS; p++) {
		size_t n = strlen(pb_pillar_name((pb_pillar)p));

		if (strncmp(path + from, pb_pillar_name((pb_pillar)p), n) == 0 && (path[from + n] == '/' || path[from + n] == '\0'))
			return p;
	}
	return -1;
}

/* One file by its path, as the command line names it. */
static int load_single(collecting *k, const char *path)
{
	size_t name = last_part(path), n = name;
	char message[500];
	int pillar = -1;

	if (strlen(path + name) <= 4 || strcmp(path + strlen(path) - 4, ".lua") != 0) {
		(void)snprintf(message, sizeof message, "%.400s:1: a check is a file of Lua, NAME.lua", path);
		told(k, message);
		return k->no_memory ? PB_ENOMEM : PB_OK;
	}
	while (n > 0 && path[n - 1] == '/')
		n--;
	while (n > 0 && path[n - 1] != '/')
		n--;
	if (name > 0)
		pillar = pillar_named(path, n);
	return load_at(k, path, path, path + name, pillar);
}

static int load_extra(collecting *k, const char *dir)
{
	char **names = NULL;
	size_t n = 0;
	int rc = pb_fs_names(dir, ".lua", &names, &n, k->err);

	for (size_t i = 0; i < n && rc == PB_OK; i++) {
		const char *below = names[i];
		int pillar = pillar_named(dir, last_part(dir)), within = pillar_named(names[i], 0);

		if (no_check(names[i]))
			continue;
		if (within >= 0) {
			pillar = within;
			below = names[i] + strlen(pb_pillar_name((pb_pillar)within)) + 1;
		}
		rc = load_file(k, dir, dir, names[i], below, pillar);
	}
	pb_fs_names_free(names, n);
	if (rc == PB_OK)
		rc = pb_catalogue_load_rules(k->c, k->o->data_dir, dir, told, k, k->err);
	return rc == PB_OK ? judge(k) : rc;
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const pb_entry *)a)->check.id, ((const pb_entry *)b)->check.id);
}

static void add_source(pb_catalogue *c, size_t entry, pb_pattern_source source)
{
	c->check_of[c->n_sources] = entry;
	/* Where a check does not apply, its hits would be passed over (runner.c). */
	source.applies = (const char *const *)c->entries[entry].check.applies;
	source.n_applies = c->entries[entry].check.n_applies;
	c->sources[c->n_sources++] = source;
	c->entries[entry].n_sources++;
}

/* Once all checks are there: sorted, flat, with their sources in the same order. */
static int arrange(pb_catalogue *c, pb_error *err)
{
	size_t n_sources = 0;

	if (c->n > 0)
		qsort(c->entries, c->n, sizeof *c->entries, by_id);
	for (size_t i = 0; i < c->n; i++)
		n_sources += c->entries[i].check.looks != NULL;
	c->checks = calloc(c->n + 1, sizeof *c->checks);
	c->plain = calloc(c->n + 1, sizeof *c->plain);
	c->folders = calloc(c->n + 1, sizeof *c->folders);
	c->sources = calloc(n_sources + 1, sizeof *c->sources);
	c->check_of = calloc(n_sources + 1, sizeof *c->check_of);
	if (c->checks == NULL || c->plain == NULL || c->folders == NULL || c->sources == NULL || c->check_of == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	for (size_t i = 0; i < c->n; i++) {
		pb_entry *e = &c->entries[i];

		c->checks[i] = e->check;
		e->first_source = (uint32_t)c->n_sources;
		if (e->check.looks != NULL)
			add_source(c, i, (pb_pattern_source){e->check.id, e->check.looks, e->check.file, e->check.looks_line, NULL, 0});
		if (e->folder != NULL)
			c->folders[c->n_folders++] = i;
		else if (e->check.has_object && e->n_sources == 0)
			c->plain[c->n_plain++] = i;
	}
	return PB_OK;
}

static bool is_pack(const char *dir)
{
	char *file = pb_fs_join(dir, PB_PACK_INI);
	bool is = file != NULL && access(file, F_OK) == 0;

	free(file);
	return is;
}

/* The folders of others: a pack that is named as a folder of rules is one all the same, and the report says who signed it, or nobody. */
static int choose(collecting *k)
{
	const pb_catalogue_options *o = k->o;
	pb_catalogue *c = k->c;
	pb_pack_wish *wishes = calloc(o->n_packs + o->n_extra + 1, sizeof *wishes);
	size_t n = 0;
	int rc;

	c->dirs = calloc(o->n_extra + PB_PACK_MANY, sizeof *c->dirs);
	if (wishes == NULL || c->dirs == NULL) {
		free(wishes);
		(void)pb_fail(k->err, PB_ENOMEM, "out of memory");
		return PB_ENOMEM;
	}
	for (size_t i = 0; i < o->n_packs; i++)
		wishes[n++] = o->packs[i];
	for (size_t i = 0; i < o->n_extra; i++) {
		if (is_pack(o->extra_dirs[i]))
			wishes[n++] = (pb_pack_wish){o->extra_dirs[i], true, true};
		else
			c->dirs[c->n_dirs++] = o->extra_dirs[i];
	}
	rc = pb_pack_select(&o->pack_places, wishes, n, told, k, &c->packs, k->err);
	for (size_t i = 0; i < c->packs.n && rc == PB_OK; i++)
		if (!c->packs.pack[i]->left_out)
			c->dirs[c->n_dirs++] = c->packs.pack[i]->dir;
	free(wishes);
	return rc == PB_OK ? judge(k) : rc;
}

static int fill(pb_catalogue *c, const pb_catalogue_options *o, pb_error *err)
{
	char *lib = pb_fs_join(o->data_dir, "scripts/lib");
	int rc;

	if (lib == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	rc = pb_box_open(&o->limits, o->bindings, lib, &c->box, err);
	free(lib);
	if (rc == PB_OK)
		c->box->lists = o->lists;
	if (rc == PB_OK)
		rc = pb_rulebook_open(o->data_dir, &c->book, err);
	if (rc == PB_OK && !o->without_own) {
		collecting k = {.c = c, .o = o, .own = true, .err = err};

		rc = load_own(&k);
	}
	if (rc == PB_OK) {
		collecting k = {.c = c, .o = o, .err = err};

		rc = choose(&k);
	}
	for (size_t i = 0; i < c->n_dirs && rc == PB_OK; i++) {
		collecting k = {.c = c, .o = o, .err = err};

		rc = load_extra(&k, c->dirs[i]);
	}
	for (size_t i = 0; i < o->n_files && rc == PB_OK; i++) {
		collecting k = {.c = c, .o = o, .err = err};

		rc = load_single(&k, o->files[i]);
		rc = rc == PB_ENOMEM ? pb_fail(err, rc, "out of memory") : rc == PB_OK ? judge(&k) : rc;
	}
	if (rc == PB_OK)
		rc = arrange(c, err);
	if (rc == PB_OK)
		rc = pb_catalogue_digest_files(o->data_dir, c->dirs, c->n_dirs, c->digest, err);
	return rc;
}

int pb_catalogue_open(const pb_catalogue_options *options, pb_catalogue **out, pb_error *err)
{
	pb_catalogue *c = calloc(1, sizeof *c);
	int rc = c != NULL ? fill(c, options, err) : pb_fail(err, PB_ENOMEM, "out of memory");

	if (rc == PB_OK)
		*out = c;
	else
		pb_catalogue_close(c);
	return rc;
}

void pb_catalogue_close(pb_catalogue *c)
{
	if (c == NULL)
		return;
	pb_box_close(c->box);
	for (size_t i = 0; i < c->n; i++)
		pb_entry_free(&c->entries[i]);
	for (size_t i = 0; i < c->n_refused; i++)
		free(c->refused[i]);
	free(c->entries);
	free(c->checks);
	free(c->plain);
	free(c->folders);
	free(c->sources);
	free(c->check_of);
	free(c->refused);
	for (size_t i = 0; i < c->n_noticed; i++)
		free(c->noticed[i]);
	free(c->noticed);
	free(c->dirs);
	pb_libraries_free(c);
	pb_packs_free(&c->packs);
	pb_rulebook_close(&c->book);
	free(c);
}

const pb_check *pb_catalogue_checks(const pb_catalogue *c, size_t *n)
{
	*n = c->n;
	return c->checks;
}

const pb_pattern_source *pb_catalogue_sources(const pb_catalogue *c, size_t *n, const size_t **check_of)
{
	*n = c->n_sources;
	if (check_of != NULL)
		*check_of = c->check_of;
	return c->sources;
}

const char *pb_catalogue_digest(const pb_catalogue *c)
{
	return c->digest;
}

const char *const *pb_catalogue_refused(const pb_catalogue *c, size_t *n)
{
	*n = c->n_refused;
	return (const char *const *)c->refused;
}

const char *const *pb_catalogue_noticed(const pb_catalogue *c, size_t *n)
{
	*n = c->n_noticed;
	return (const char *const *)c->noticed;
}

const pb_packs *pb_catalogue_packs(const pb_catalogue *c)
{
	return &c->packs;
}

size_t pb_catalogue_folders(const pb_catalogue *c)
{
	return c->n_folders;
}

const pb_rule_folder *pb_catalogue_folder(const pb_catalogue *c, size_t i, const pb_check **check)
{
	const pb_entry *e = &c->entries[c->folders[i]];

	if (check != NULL)
		*check = &e->check;
	return e->folder;
}
