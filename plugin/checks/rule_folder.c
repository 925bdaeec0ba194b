#include "checks/rule_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/hash.h"
#include "base/text.h"
#include "facts/yara_text.h"

typedef struct reading {
	pb_rule_folder *f;
	void (*told)(void *, const char *);
	void *user;
	pb_error *err;
} reading;

/* Names come from a folder that anybody may have filled: what they can do to a terminal is taken out. */
static void tell(void *user, const char *message)
{
	reading *r = user;
	char *safe = pb_text_safe(message, 0);

	if (safe != NULL)
		r->told(r->user, safe);
	free(safe);
}

static void leave_out(reading *r, const char *message)
{
	r->f->left_out++;
	tell(r, message);
}

static bool ends_in(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);

	return n > m && strcmp(name + n - m, suffix) == 0;
}

static bool is_source(const char *name)
{
	return ends_in(name, ".yar") || ends_in(name, ".yara");
}

static bool is_compiled(const char *name)
{
	return ends_in(name, ".yac") || ends_in(name, ".yarc");
}

/* What version control and editors keep. */
static bool is_hidden(const char *name)
{
	return name[0] == '.' || strstr(name, "/.") != NULL;
}

/* Compiled rules: who could have written them, and can this YARA load them? */
static int look_at_compiled(pb_rule_folder *f, const char *name, pb_error *err)
{
	char *path = pb_fs_join(f->dir, name);
	pb_error why = {0};
	int rc = path != NULL ? pb_rule_trust(path, &why) : PB_ENOMEM;
	const char *fault;
	size_t rules;

	if (rc == PB_EINPUT)
		(void)pb_fail(err, rc, "%s: compiled rules are run as they are, so nobody else may be able to write them: %s", path, why.text);
	if (rc == PB_OK)
		rc = pb_rule_source_add(f, name, true, err);
	if (rc == PB_OK) {
		pb_rule_source *s = f->sources[f->n_sources - 1];

		fault = pb_rule_set_compiled((pb_bytes){(const uint8_t *)s->content, s->size}, &rules);
		s->rules = rules;
		s->refused = fault != NULL;
		if (fault != NULL)
			rc = pb_fail(err, PB_EINPUT, "%s: %s", path, fault);
	}
	free(path);
	return rc == PB_ENOMEM ? pb_fail(err, rc, "out of memory") : rc;
}

static int read_file(reading *r, const char *name)
{
	bool compiled = is_compiled(name);
	pb_error why = {0};
	int rc;

	if (is_hidden(name) || (!compiled && !is_source(name)))
		return PB_OK;
	rc = compiled ? look_at_compiled(r->f, name, &why) : pb_rule_source_add(r->f, name, false, &why);
	if (rc == PB_OK)
		r->f->sources[r->f->n_sources - 1]->listed = true;
	else if (rc != PB_ENOMEM)
		leave_out(r, why.text);
	return rc == PB_ENOMEM ? pb_fail(r->err, rc, "out of memory") : PB_OK;
}

/* Marks what source i includes, and what that includes. queue: room for all sources. */
static void reach(const pb_rule_folder *f, size_t i, bool *seen, size_t *queue)
{
	size_t n = 0;

	memset(seen, 0, f->n_sources * sizeof *seen);
	for (queue[n++] = i; n > 0;) {
		const pb_rule_source *s = f->sources[queue[--n]];

		for (size_t k = 0; k < s->text.n; k++) {
			size_t target = s->target[k];

			if (target == SIZE_MAX || seen[target])
				continue;
			seen[target] = true;
			queue[n++] = target;
		}
	}
}

/* Modules that libyara has and a worker cannot serve. Undefined values make conditions false: that would be a silent pass. */
static const struct {
	const char *name, *why;
} refused_modules[] = {
	{"cuckoo", "needs the record of a run in a sandbox, and nothing is run here"},
	{"magic", "reads files of its own, and whoever scans is closed off from all files"},
	{"time", "asks for the time of day, and a report must be the same tomorrow"},
};

typedef struct module_search {
	const char *name, *why;
	int line;
} module_search;

static int on_import(void *user, pb_yara_word what, const char *name, size_t n, int line)
{
	module_search *m = user;

	for (size_t i = 0; what == PB_YARA_IMPORT && i < sizeof refused_modules / sizeof refused_modules[0]; i++)
		if (strlen(refused_modules[i].name) == n && memcmp(refused_modules[i].name, name, n) == 0) {
			*m = (module_search){refused_modules[i].name, refused_modules[i].why, line};
			return 1;
		}
	return 0;
}

/* Its own, and those of what it includes. */
static void judge_modules(reading *r, size_t i, const bool *seen)
{
	pb_rule_folder *f = r->f;
	bool alone = f->sources[i]->text.n == 0;
	char words[1200];

	for (size_t k = alone ? i : 0; k < (alone ? i + 1 : f->n_sources); k++) {
		module_search m = {0};

		if ((k != i && !seen[k]) || f->sources[k]->compiled || pb_yara_read(f->sources[k]->content, on_import, &m) == 0)
			continue;
		(void)snprintf(words, sizeof words, "%.500s/%.400s:%d: module \"%s\" %s", f->dir, f->sources[k]->name, m.line, m.name, m.why);
		f->sources[i]->refused = true;
		leave_out(r, words);
		return;
	}
}

/* YARA notices a circle, too, and loses memory over it. */
static void judge_circles(reading *r, size_t i, const bool *seen)
{
	pb_rule_folder *f = r->f;
	char words[1500];

	for (size_t k = 0; k < f->n_sources; k++) {
		if (!f->sources[k]->circular || (k != i && !seen[k]))
			continue;
		(void)snprintf(words, sizeof words, "%.500s/%.400s: includes %.400s, which includes itself", f->dir, f->sources[i]->name,
		               f->sources[k]->name);
		f->sources[i]->refused = true;
		leave_out(r, words);
		return;
	}
}

typedef struct index_reading {
	reading *r;
	const pb_rule_source *source;
	size_t n;
} index_reading;

/* The compiler does not see an index, so what it names in vain is told here. */
static int on_index(void *user, pb_yara_word what, const char *name, size_t n, int line)
{
	index_reading *x = user;
	char words[1400];

	if (what != PB_YARA_INCLUDE || x->source->target[x->n++] != SIZE_MAX)
		return 0;
	(void)snprintf(words, sizeof words, "%.500s/%.400s:%d: includes \"%.*s\", which is not in that folder", x->r->f->dir, x->source->name,
	               line, n < 300 ? (int)n : 300, name);
	tell(x->r, words);
	return 0;
}

/* An index holds no rule of its own, and what it includes is compiled anyhow. */
static void judge_index(reading *r, size_t i, const bool *seen)
{
	const pb_rule_folder *f = r->f;
	pb_rule_source *s = f->sources[i];
	index_reading x = {r, s, 0};
	bool all_listed = s->text.n > 0 && s->rules == 0;

	for (size_t k = 0; k < f->n_sources && all_listed; k++)
		all_listed = !seen[k] || f->sources[k]->listed || f->sources[k]->rules == 0;
	s->skipped = all_listed;
	if (all_listed)
		(void)pb_yara_read(s->content, on_index, &x);
}

static int judge_sources(reading *r)
{
	pb_rule_folder *f = r->f;
	bool *seen = calloc(f->n_sources + 1, sizeof *seen);
	size_t *queue = calloc(f->n_sources + 1, sizeof *queue);
	int rc = seen != NULL && queue != NULL ? PB_OK : pb_fail(r->err, PB_ENOMEM, "out of memory");

	for (size_t i = 0; i < f->n_sources && rc == PB_OK; i++)
		if (f->sources[i]->text.n > 0) {
			reach(f, i, seen, queue);
			f->sources[i]->circular = seen[i];
		}
	for (size_t i = 0; i < f->n_sources && rc == PB_OK; i++) {
		if (!f->sources[i]->listed || f->sources[i]->compiled)
			continue;
		if (f->sources[i]->text.n > 0) {
			reach(f, i, seen, queue);
			judge_index(r, i, seen);
			if (!f->sources[i]->skipped)
				judge_circles(r, i, seen);
		}
		if (!f->sources[i]->skipped && !f->sources[i]->refused)
			judge_modules(r, i, seen);
	}
	free(seen);
	free(queue);
	return rc;
}

static int read_meta(reading *r, const char *data_dir)
{
	static const char own_name[] = "probity.ini";
	char *file = pb_fs_join(data_dir, "rulesets/yara-meta.ini"), *own = pb_fs_join(r->f->dir, own_name);
	pb_rule_meta with = {0};
	pb_error why = {0};
	int rc = file != NULL && own != NULL ? pb_rule_meta_read(file, &r->f->meta, r->err) : PB_ENOMEM;

	if (rc == PB_OK && access(own, F_OK) == 0) {
		/* One with a mistake does not count at all: half of it would be what nobody wrote. */
		rc = pb_rule_meta_read(file, &with, r->err);
		if (rc == PB_OK && pb_rule_meta_read(own, &with, &why) == PB_OK) {
			pb_rule_meta was = r->f->meta;

			r->f->meta = with;
			with = was;
		} else if (rc == PB_OK) {
			leave_out(r, why.text);
		}
	}
	pb_rule_meta_free(&with);
	free(file);
	free(own);
	return rc == PB_ENOMEM ? pb_fail(r->err, rc, "out of memory") : rc;
}

static bool add_to_digest(pb_sha256 *h, const char *name, const void *content, size_t n)
{
	char hex[65];

	if (!pb_sha256_of((pb_bytes){content, n}, hex))
		return false;
	pb_sha256_add(h, name, strlen(name) + 1);
	pb_sha256_add(h, hex, 64);
	return true;
}

/* Sources are in the order of their names, then those that are only included, in the order of the includes. */
static int digest(reading *r)
{
	pb_rule_folder *f = r->f;
	pb_sha256 *h = pb_sha256_new();
	char *own = pb_fs_join(f->dir, "probity.ini");
	pb_buf text = {0};
	bool done = h != NULL && own != NULL;

	for (size_t i = 0; i < f->n_sources && done; i++)
		done = add_to_digest(h, f->sources[i]->name, f->sources[i]->content, f->sources[i]->size);
	if (done && access(own, F_OK) == 0 && pb_fs_read(own, 4 << 20, &text, NULL) == PB_OK)
		done = add_to_digest(h, "probity.ini", text.data, text.size);
	if (h != NULL)
		pb_sha256_hex(h, f->digest);
	pb_buf_free(&text);
	free(own);
	return done && f->digest[0] != '\0' ? PB_OK : pb_fail(r->err, PB_ENOMEM, "out of memory");
}

int pb_rule_folder_read(const char *data_dir, const char *dir, void (*told)(void *, const char *), void *user, pb_rule_folder **out,
                        pb_error *err)
{
	pb_rule_folder *f = calloc(1, sizeof *f);
	reading r = {f, told, user, err};
	char **names = NULL;
	size_t n = 0;
	int rc = f != NULL && (f->dir = strdup(dir)) != NULL ? pb_fs_names(dir, NULL, &names, &n, err)
	                                                     : pb_fail(err, PB_ENOMEM, "out of memory");

	*out = NULL;
	for (size_t i = 0; i < n && rc == PB_OK; i++)
		rc = read_file(&r, names[i]);
	pb_fs_names_free(names, n);
	/* Files that are only included come to the end, and may include others. */
	for (size_t i = 0; rc == PB_OK && i < f->n_sources; i++)
		rc = pb_rule_includes(f, i, err);
	if (rc == PB_OK && (f->n_sources > 0 || f->left_out > 0)) {
		rc = judge_sources(&r);
		rc = rc == PB_OK ? read_meta(&r, data_dir) : rc;
		rc = rc == PB_OK ? digest(&r) : rc;
		if (rc == PB_OK) {
			*out = f;
			return PB_OK;
		}
	}
	pb_rule_folder_free(f);
	return rc;
}

int pb_rule_folder_name(pb_rule_folder *f, const char *name)
{
	f->name = strdup(name);
	f->files = calloc(f->n_sources + 1, sizeof *f->files);
	f->source_of = calloc(f->n_sources + 1, sizeof *f->source_of);
	if (f->name == NULL || f->files == NULL || f->source_of == NULL)
		return PB_ENOMEM;
	for (size_t i = 0; i < f->n_sources; i++) {
		const pb_rule_source *s = f->sources[i];
		pb_rule_file *file = &f->files[f->n_files];
		char space[400];

		if (!s->listed || s->skipped || s->refused)
			continue;
		/* A name that does not fit is told apart by its number. */
		if (snprintf(space, sizeof space, "rules/%s/%s", name, s->name) >= (int)sizeof space)
			(void)snprintf(space, sizeof space, "rules/%s/%.250s#%zu", name, s->name, i);
		f->source_of[f->n_files++] = i;
		file->space = strdup(space);
		file->file = pb_fs_join(f->dir, s->name);
		if (s->compiled)
			file->compiled = (pb_bytes){(const uint8_t *)s->content, s->size};
		else
			file->text = &s->text;
		if (file->space == NULL || file->file == NULL)
			return PB_ENOMEM;
	}
	return PB_OK;
}

bool pb_rule_folder_includes(const pb_rule_folder *f, size_t a, size_t b)
{
	bool *seen, is;
	size_t *queue;

	if (f->sources[f->source_of[a]]->text.n == 0)
		return false;
	seen = calloc(f->n_sources + 1, sizeof *seen);
	queue = calloc(f->n_sources + 1, sizeof *queue);
	if (seen != NULL && queue != NULL)
		reach(f, f->source_of[a], seen, queue);
	is = seen != NULL && queue != NULL && seen[f->source_of[b]];
	free(seen);
	free(queue);
	return is;
}

static void source_free(pb_rule_source *s)
{
	for (size_t i = 0; i < s->text.n; i++)
		free((char *)s->include[i].name);
	free(s->include);
	free(s->target);
	free(s->name);
	free(s->content);
	free(s);
}

void pb_rule_folder_free(pb_rule_folder *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n_files; i++) {
		free((char *)f->files[i].space);
		free((char *)f->files[i].file);
	}
	for (size_t i = 0; i < f->n_sources; i++)
		source_free(f->sources[i]);
	free(f->sources);
	free(f->files);
	free(f->source_of);
	free(f->dir);
	free(f->name);
	pb_rule_meta_free(&f->meta);
	free(f);
}
