#include "checks/rule_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/hash.h"
#include "base/text.h"

/* Names come from a folder that anybody may have filled: what they can do to a terminal is taken out. */
void pb_rule_tell(const pb_rule_reading *r, const char *message)
{
	char *safe = pb_text_safe(message, 0);

	if (safe != NULL)
		r->told(r->user, safe);
	free(safe);
}

void pb_rule_leave_out(pb_rule_reading *r, const char *message)
{
	r->f->left_out++;
	pb_rule_tell(r, message);
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
	const char *fault;
	size_t rules;
	int rc;

	if (path == NULL)
		return PB_ENOMEM;
	rc = pb_rule_trust(path, &why);
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
	return rc;
}

static int read_file(pb_rule_reading *r, const char *name)
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
		pb_rule_leave_out(r, why.text);
	return rc == PB_ENOMEM ? pb_fail(r->err, rc, "out of memory") : PB_OK;
}

static int read_meta(pb_rule_reading *r, const char *data_dir)
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
			pb_rule_leave_out(r, why.text);
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
static int digest(pb_rule_reading *r)
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
	pb_rule_reading r = {f, told, user, err};
	char **names = NULL;
	size_t n = 0;
	int rc;

	*out = NULL;
	if (f == NULL || (f->dir = strdup(dir)) == NULL) {
		free(f);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	rc = pb_fs_names(dir, NULL, &names, &n, err);
	for (size_t i = 0; i < n && rc == PB_OK; i++)
		rc = read_file(&r, names[i]);
	pb_fs_names_free(names, n);
	/* Files that are only included come to the end, and may include others. */
	for (size_t i = 0; rc == PB_OK && i < f->n_sources; i++)
		rc = pb_rule_includes(f, i, err);
	if (rc == PB_OK && (f->n_sources > 0 || f->left_out > 0)) {
		rc = pb_rule_judge(&r);
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
		pb_rule_reach(f, f->source_of[a], seen, queue);
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
