#include "cli/deliver.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/text.h"
#include "cli/cli.h"

enum { NAME_MOST = 200, LINES_AT_ONCE = 500 };

static const char *format_of(const pb_delivery *d)
{
	return d->how.format ? d->how.format : "text";
}

/* The canonical report needs no script. */
static bool is_json(const pb_delivery *d)
{
	return strcmp(format_of(d), "json") == 0;
}

static bool is_folder(const char *path)
{
	struct stat st;
	return path && *path && (path[strlen(path) - 1] == '/' || (stat(path, &st) == 0 && S_ISDIR(st.st_mode)));
}

/* Its extension, and whether several of it may stand in one text. */
static int look_at_format(pb_delivery *d, size_t products, pb_error *err)
{
	json_t *rows = NULL, *row;
	size_t i;
	int rc = pb_renderer_about(d->renderer, "", &rows, err);
	json_array_foreach(rows, i, row) {
		if (strcmp(pb_json_str(row, "name", ""), format_of(d)) != 0)
			continue;
		if (json_object_get(row, "error"))
			rc = pb_fail(err, PB_EINPUT, "%s", pb_json_str(row, "error", ""));
		else if (!d->folder && products > 1 && !json_is_true(json_object_get(row, "many")))
			rc = pb_fail(err, PB_EINPUT, "-f %s: a text of one product: -o DIR/ writes a file for each", format_of(d));
		d->extension = rc ? NULL : strdup(pb_json_str(row, "extension", "txt"));
	}
	json_decref(rows);
	return rc;
}

int pb_delivery_open(pb_delivery *d, size_t products, pb_error *err)
{
	int rc = 0;
	d->folder = is_folder(d->output);
	d->names = json_object();
	if (is_json(d)) {
		d->extension = strdup("json");
	} else {
		rc = pb_renderer_open(d->how.templates, &d->renderer, err);
		rc = rc ? rc : pb_renderer_knows(d->renderer, "", format_of(d), err);
		if (!rc && (d->folder || products > 1))
			rc = look_at_format(d, products, err);
	}
	if (!rc && d->folder && mkdir(d->output, 0777) != 0 && errno != EEXIST)
		rc = pb_fail(err, PB_EIO, "%s: %s", d->output, strerror(errno));
	if (!rc && (!d->names || (d->folder && !d->extension)))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	return rc;
}

void pb_delivery_close(pb_delivery *d)
{
	pb_renderer_close(d->renderer);
	pb_buf_free(&d->out);
	json_decref(d->names);
	free(d->extension);
	d->renderer = NULL;
	d->names = NULL;
	d->extension = NULL;
}

static int render(const pb_delivery *d, const char *canonical, pb_buf *text, pb_error *err)
{
	pb_bytes document = {(const uint8_t *)canonical, strlen(canonical)};
	json_t *settings = pb_format_settings(&d->how, d->output != NULL);
	pb_render_job job = {.folder = "", .name = format_of(d), .options = settings, .documents = &document, .n_documents = 1};
	int rc = settings ? json_object_set_new(settings, "number", json_integer(d->folder ? 1 : (json_int_t)d->n + 1)) : PB_ENOMEM;
	rc = rc ? pb_fail(err, PB_ENOMEM, "out of memory") : pb_render(d->renderer, &job, text, err);
	json_decref(settings);
	return rc;
}

/* What was assessed at some cost is not lost for a script: it is kept beside what was to be written, else among the temporary files. */
static void keep(const pb_delivery *d, const char *canonical, size_t size, pb_error *err)
{
	const char *temp = getenv("TMPDIR");
	char path[4096];
	FILE *f = NULL;
	int fd, n = d->output && !d->folder ? snprintf(path, sizeof path, "%s.report-XXXXXX", d->output)
	                                     : snprintf(path, sizeof path, "%s/probity-report-XXXXXX", d->output ? d->output : temp && *temp == '/' ? temp : "/tmp");
	pb_error why = *err;
	if (n < 0 || (size_t)n >= sizeof path - 6)
		return;
	memcpy(path + n, ".json", 6);
	fd = mkstemps(path, 5);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	bool kept = f && fwrite(canonical, 1, size, f) == size && putc('\n', f) != EOF;
	if (f)
		kept = fclose(f) == 0 && kept;
	if (kept)
		pb_fail(err, why.code, "%s; the report itself is kept: %s", why.text, path);
	else
		pb_fail(err, why.code, "%s; the report itself cannot be kept in %s: %s", why.text, path, strerror(errno));
}

/* Was there a file of that name before? Notes it. */
static bool taken(pb_delivery *d, const char *name)
{
	char *shown = pb_text_display(name, strlen(name), 0);
	bool is = shown && json_object_get(d->names, shown);
	if (shown && !is)
		json_object_set_new(d->names, shown, json_true());
	free(shown);
	return is;
}

/* "DIR/NAME.EXTENSION"; of several products with one name the second is "NAME-2". */
static int write_file(pb_delivery *d, const char *product, const pb_buf *text, pb_error *err)
{
	char path[4096], base[NAME_MOST + 1], name[NAME_MOST + 32];
	size_t end = strlen(product), from;
	while (end > 1 && product[end - 1] == '/')
		end--;
	for (from = end; from > 0 && product[from - 1] != '/';)
		from--;
	snprintf(base, sizeof base, "%.*s", (int)(end - from < NAME_MOST ? end - from : NAME_MOST), product + from);
	if (base[0] == '\0' || base[0] == '.' || base[0] == '/')
		base[0] = '_';
	snprintf(name, sizeof name, "%s", base);
	for (int again = 2; taken(d, name); again++)
		snprintf(name, sizeof name, "%s-%d", base, again);
	int n = snprintf(path, sizeof path, "%s%s%s.%s", d->output, d->output[strlen(d->output) - 1] == '/' ? "" : "/", name, d->extension);
	return n < 0 || (size_t)n >= sizeof path ? pb_fail(err, PB_EINPUT, "%s: too long a name", d->output) : pb_fs_write(path, text->data, text->size, err);
}

int pb_deliver(pb_delivery *d, const json_t *report, const char *product, pb_error *err)
{
	pb_buf text = {0};
	char *canonical = pb_json_canonical(report);
	int rc = canonical ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc && is_json(d))
		rc = pb_buf_printf(&text, "%s\n", canonical);
	else if (!rc && (rc = render(d, canonical, &text, err)) != 0 && !pb_interrupted)
		keep(d, canonical, strlen(canonical), err);
	d->failed |= rc != 0;
	free(canonical);
	if (!rc && d->folder)
		rc = write_file(d, product, &text, err);
	else if (!rc && d->output)
		rc = pb_buf_add(&d->out, text.data, text.size);
	else if (!rc && (fwrite(text.data, 1, text.size, stdout) != text.size || fflush(stdout)))
		rc = pb_fail(err, PB_EIO, pb_interrupted ? "interrupted" : "standard output cannot be written");
	d->n += !rc;
	if (rc && !err->code)
		pb_fail(err, rc, "out of memory");
	pb_buf_free(&text);
	return rc;
}

int pb_delivery_end(pb_delivery *d, pb_error *err)
{
	return d->output && !d->folder && (d->n > 0 || !d->failed) ? pb_fs_write(d->output, d->out.data, d->out.size, err) : 0;
}

/* So many at a time as one process renders. Their settings differ by a number only. */
static int some_lines(const pb_delivery *d, pb_bytes *lines, size_t n, size_t before, pb_buf *out, pb_error *err)
{
	pb_render_job *jobs = calloc(n, sizeof *jobs);
	json_t *settings = pb_format_settings(&d->how, d->output != NULL), *all = json_array();
	pb_rendering done = {0};
	int rc = jobs && settings ? 0 : PB_ENOMEM;
	for (size_t i = 0; i < n && !rc; i++) {
		json_t *own = json_copy(settings);
		rc = json_object_set_new(own, "number", json_integer((json_int_t)(before + i + 1))) || json_array_append_new(all, own) ? PB_ENOMEM : 0;
		jobs[i] = (pb_render_job){.folder = "", .name = format_of(d), .options = own, .documents = &lines[i], .n_documents = 1};
	}
	rc = rc ? rc : pb_render_all(d->renderer, jobs, n, &done, err);
	for (size_t i = 0; i < n && !rc; i++)
		rc = done.of[i].why.code ? pb_fail(err, done.of[i].why.code, "%s", done.of[i].why.text) : pb_buf_add(out, done.of[i].text.data, done.of[i].text.size);
	if (rc && !err->code)
		pb_fail(err, rc, "out of memory");
	pb_rendering_free(&done);
	json_decref(settings);
	json_decref(all);
	free(jobs);
	return rc;
}

int pb_deliver_lines(pb_delivery *d, pb_bytes text, pb_buf *out, pb_error *err)
{
	static pb_bytes lines[LINES_AT_ONCE];
	size_t n = 0, before = 0;
	int rc = is_json(d) ? pb_buf_add(out, text.data, text.size) : pb_renderer_open(d->how.templates, &d->renderer, err);
	for (size_t at = 0; at < text.size && !rc && !is_json(d);) {
		const uint8_t *end = memchr(text.data + at, '\n', text.size - at);
		size_t size = (end ? (size_t)(end - text.data) : text.size) - at;
		lines[n++] = pb_slice(text, at, size);
		at += size + 1;
		if (n < LINES_AT_ONCE && at < text.size)
			continue;
		rc = some_lines(d, lines, n, before, out, err);
		before += n;
		n = 0;
	}
	if (rc && !is_json(d) && text.size > 0)
		keep(d, (const char *)text.data, text.size - 1, err);
	pb_delivery_close(d);
	return rc;
}

void pb_delivery_help(void)
{
	pb_renderer *r = NULL;
	char *names = pb_renderer_open(NULL, &r, NULL) ? NULL : pb_renderer_names(r, "");
	if (names)
		printf("\nFormats: %s (`probity report --list` says what each is).\n", names);
	free(names);
	pb_renderer_close(r);
}
