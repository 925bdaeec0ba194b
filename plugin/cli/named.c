#include "cli/named.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/reports.h"
#include "report/reread.h"

static const char schema[] = "probity-report/1";

/* Takes report. What is shown of it later was checked here: its fields, their types and ranges. */
static int add(json_t *out, const char *from, json_t *report, pb_error *err)
{
	pb_reread read;
	pb_error why = {0};
	int rc = 0;

	if (strcmp(pb_json_str(report, "schema", ""), schema) != 0)
		rc = pb_fail(err, PB_EINPUT, "%s: not a report of Probity (\"schema\":\"%s\")", from, schema);
	else if (json_array_size(out) >= PB_NAMED_MOST)
		rc = pb_fail(err, PB_ELIMIT, "%s: more than %d reports", from, PB_NAMED_MOST);
	if (!rc) {
		rc = pb_report_read(report, &read, &why);
		pb_reread_free(&read);
		if (rc)
			rc = pb_fail(err, rc, "%s: %s", from, why.text);
	}
	if (!rc && json_array_append_new(out, json_pack("{s:o,s:O}", "from", pb_json_display(from, strlen(from), 0), "report", report)))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	json_decref(report);
	return rc;
}

/* One line, or the whole of a file: a report, or an envelope of one. */
static int add_text(json_t *out, const char *from, pb_bytes text, pb_error *err)
{
	json_t *report = pb_report_of(text, PB_NAMED_FILE, from, NULL, err);

	return report ? add(out, from, report, err) : err->code ? err->code : PB_EINPUT;
}

/* Many reports with a line for each, or one, over many lines perhaps. */
static bool is_lines(pb_bytes text, const char **stop)
{
	const char *at = (const char *)text.data, *end = at + text.size;
	json_t *first;

	*stop = text.size ? memchr(at, '\n', text.size) : NULL;
	if (!*stop || *stop + 1 == end)
		return false;
	first = pb_json_parse((pb_bytes){text.data, (size_t)(*stop - at)}, PB_NAMED_FILE, "", NULL);
	json_decref(first);
	return first != NULL;
}

static int add_file(json_t *out, const char *file, pb_error *err)
{
	pb_buf text = {0};
	int rc = pb_fs_read(file, PB_NAMED_FILE, &text, err);
	const char *at = (const char *)text.data, *end = at + text.size, *stop = NULL;

	if (!rc && text.size == 0)
		rc = pb_fail(err, PB_EINPUT, "%s: an empty file", file);
	if (!rc && !is_lines((pb_bytes){text.data, text.size}, &stop))
		stop = end;
	while (!rc && at < end) {
		if (stop > at)
			rc = add_text(out, file, (pb_bytes){(const uint8_t *)at, (size_t)(stop - at)}, err);
		at = stop < end ? stop + 1 : end;
		stop = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
		stop = stop ? stop : end;
	}
	pb_buf_free(&text);
	return rc;
}

static bool ends(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);

	return n >= m && strcmp(name + n - m, suffix) == 0;
}

static int add_folder(json_t *out, const char *folder, pb_error *err)
{
	char **names = NULL;
	size_t n = 0, before = json_array_size(out);
	int rc = pb_fs_names(folder, NULL, &names, &n, err);

	for (size_t i = 0; i < n && !rc; i++) {
		pb_error why = {0};
		char *file = ends(names[i], ".json") || ends(names[i], ".jsonl") ? pb_fs_join(folder, names[i]) : NULL;

		if (file && (rc = add_file(out, file, &why)) != 0) {
			bool left = rc == PB_EINPUT || rc == PB_ECORRUPT;
			if (left)
				pb_note("left out: %s", why.text);
			else
				*err = why;
			rc = left ? 0 : rc;
		}
		free(file);
	}
	pb_fs_names_free(names, n);
	return !rc && json_array_size(out) == before ? pb_fail(err, PB_EINPUT, "%s: no report of Probity is in this folder", folder) : rc;
}

static int add_number(pb_stored_place *place, const char *given, json_t *out, pb_error *err)
{
	char *from = NULL;
	pb_buf text = {0};
	int rc = asprintf(&from, "assessment %s", given) < 0 ? PB_ENOMEM : pb_report_take(given, 0, place, &text, err);

	rc = rc ? rc : add_text(out, from, (pb_bytes){text.data, text.size}, err);
	pb_buf_free(&text);
	free(from);
	return rc;
}

int pb_named_load(pb_stored_place *place, const char *given, json_t *out, pb_error *err)
{
	struct stat st;
	int64_t id;

	if (stat(given, &st) == 0)
		return S_ISDIR(st.st_mode) ? add_folder(out, given, err) : add_file(out, given, err);
	if (pb_text_int(given, 1, INT64_MAX, &id))
		return add_number(place, given, out, err);
	return pb_fail(err, PB_EINPUT, "%s: no such file or folder, and no number of `probity list`", given);
}
