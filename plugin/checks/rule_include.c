/* Which file does `include "x"` mean? One that lies in the folder, and no other. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "checks/rule_folder.h"
#include "facts/yara_text.h"

enum { SOURCE_BYTES = 64 << 20, ALL_BYTES = 512 << 20, INCLUDES_MAX = 5000, NAME_MAX_BYTES = 1000 };

/* Is the file below the folder once every link is followed? */
static int inside(const pb_rule_folder *f, const char *path, const char *name, pb_error *err)
{
	char *root = realpath(f->dir, NULL), *real = realpath(path, NULL);
	size_t n = root != NULL ? strlen(root) : 0;
	int rc = PB_OK;

	if (root == NULL || real == NULL)
		rc = pb_fail(err, errno == ENOMEM ? PB_ENOMEM : PB_EIO, "%s/%s: %s", f->dir, name, strerror(errno));
	else if (strncmp(real, root, n) != 0 || (n > 1 && real[n] != '/'))
		rc = pb_fail(err, PB_EINPUT, "%s/%s: a link that leads out of the folder", f->dir, name);
	free(root);
	free(real);
	return rc;
}

static int room_for_one(pb_rule_folder *f)
{
	size_t room = f->room > 0 ? 2 * f->room : 64;
	void *more;

	if (f->n_sources < f->room)
		return PB_OK;
	more = realloc(f->sources, room * sizeof *f->sources);
	if (more == NULL)
		return PB_ENOMEM;
	f->sources = more;
	f->room = room;
	return PB_OK;
}

int pb_rule_source_add(pb_rule_folder *f, const char *name, bool compiled, pb_error *err)
{
	char *path = pb_fs_join(f->dir, name);
	pb_rule_source *s = calloc(1, sizeof *s);
	pb_buf text = {0};
	int rc = path != NULL && s != NULL && (s->name = strdup(name)) != NULL ? room_for_one(f) : PB_ENOMEM;

	if (rc == PB_OK)
		rc = inside(f, path, name, err);
	if (rc == PB_OK)
		rc = pb_fs_read(path, SOURCE_BYTES, &text, err);
	if (rc == PB_OK && text.size > ALL_BYTES - f->bytes)
		rc = pb_fail(err, PB_ELIMIT, "%s: the rules of one folder are more than %d MB", path, ALL_BYTES >> 20);
	if (rc == PB_OK && !compiled && text.size > 0 && memchr(text.data, '\0', text.size) != NULL)
		rc = pb_fail(err, PB_EINPUT, "%s: a NUL byte: no YARA source", path);
	if (rc == PB_OK) {
		s->compiled = compiled;
		s->size = text.size;
		s->content = text.data != NULL ? (char *)text.data : strdup("");
		text = (pb_buf){0}; /* NUL-terminated by pb_buf */
		s->text.text = s->content;
		rc = s->content != NULL ? PB_OK : PB_ENOMEM;
	}
	free(path);
	pb_buf_free(&text);
	if (rc != PB_OK) {
		if (s != NULL) {
			free(s->name);
			free(s->content);
		}
		free(s);
		return rc == PB_ENOMEM ? pb_fail(err, rc, "out of memory") : rc;
	}
	f->bytes += s->size;
	f->sources[f->n_sources++] = s;
	return PB_OK;
}

/* "a/./b/../c" -> "a/c". false: it leads out, or is too long. */
static bool tidy(const char *from, const char *name, char out[NAME_MAX_BYTES])
{
	char joined[2 * NAME_MAX_BYTES];
	size_t n = 0;
	int length = snprintf(joined, sizeof joined, "%s/%s", from, name);

	if (length < 0 || length >= NAME_MAX_BYTES || name[0] == '/')
		return false;
	for (const char *s = joined; *s != '\0';) {
		size_t part = strcspn(s, "/");

		if (part == 2 && s[0] == '.' && s[1] == '.') {
			if (n == 0)
				return false;
			while (n > 0 && out[--n] != '/')
				;
		} else if (part > 0 && !(part == 1 && s[0] == '.')) {
			if (n > 0)
				out[n++] = '/';
			memcpy(out + n, s, part);
			n += part;
		}
		s += part + (s[part] == '/');
	}
	out[n] = '\0';
	return n > 0;
}

static size_t find(const pb_rule_folder *f, const char *name)
{
	for (size_t i = 0; i < f->n_sources; i++)
		if (strcmp(f->sources[i]->name, name) == 0)
			return i;
	return SIZE_MAX;
}

typedef struct including {
	pb_rule_folder *f;
	size_t source;
	pb_error *err;
} including;

/* The number of the file, read where it was not yet; SIZE_MAX: there is none. A negative code: no memory. */
static int resolve(const including *in, const char *from, const char *name, size_t *out)
{
	char path[NAME_MAX_BYTES];
	pb_error why = {0};
	int rc;

	*out = SIZE_MAX;
	if (!tidy(from, name, path))
		return PB_OK;
	*out = find(in->f, path);
	if (*out != SIZE_MAX)
		return PB_OK;
	rc = pb_rule_source_add(in->f, path, false, &why);
	if (rc == PB_OK)
		*out = in->f->n_sources - 1;
	return rc == PB_ENOMEM ? rc : PB_OK;
}

/* As YARA has it, beside the file that includes; and, as some collections write it, from their top folder. */
static int resolve_both(const including *in, const char *name, size_t *out)
{
	const char *own = in->f->sources[in->source]->name, *slash = strrchr(own, '/');
	char beside[NAME_MAX_BYTES] = "";
	int rc;

	if (slash != NULL)
		(void)snprintf(beside, sizeof beside, "%.*s", (int)(slash - own), own);
	rc = resolve(in, beside, name, out);
	if (rc == PB_OK && *out == SIZE_MAX && slash != NULL)
		rc = resolve(in, "", name, out);
	return rc;
}

/* Room for one more include and its target. */
static bool make_room(pb_rule_source *s)
{
	void *more = realloc(s->include, (s->text.n + 1) * sizeof *s->include);

	if (more == NULL)
		return false;
	s->include = more;
	s->text.includes = s->include;
	more = realloc(s->target, (s->text.n + 1) * sizeof *s->target);
	if (more == NULL)
		return false;
	s->target = more;
	return true;
}

static int on_word(void *user, pb_yara_word what, const char *word, size_t n, int line)
{
	including *in = user;
	pb_rule_source *s = in->f->sources[in->source];
	size_t target;
	char *name;
	int rc;

	s->rules += what == PB_YARA_RULE;
	if (what != PB_YARA_INCLUDE)
		return PB_OK;
	if (s->text.n == INCLUDES_MAX)
		return pb_fail(in->err, PB_ELIMIT, "%s/%s:%d: more than %d includes", in->f->dir, s->name, line, INCLUDES_MAX);
	name = strndup(word, n);
	if (name == NULL || !make_room(s)) {
		free(name);
		return pb_fail(in->err, PB_ENOMEM, "out of memory");
	}
	s->include[s->text.n] = (pb_rule_include){name, NULL};
	s->target[s->text.n++] = SIZE_MAX;
	rc = resolve_both(in, name, &target);
	if (rc != PB_OK)
		return pb_fail(in->err, rc, "out of memory");
	if (target == SIZE_MAX)
		return PB_OK; /* the compiler will say so */
	s->target[s->text.n - 1] = target;
	s->include[s->text.n - 1].file = &in->f->sources[target]->text; /* sources stay where they are */
	return PB_OK;
}

int pb_rule_includes(pb_rule_folder *f, size_t source, pb_error *err)
{
	including in = {f, source, err};

	return f->sources[source]->compiled ? PB_OK : pb_yara_read(f->sources[source]->content, on_word, &in);
}
