#include "cli/reports.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/text.h"
#include "evidence/dsse.h"
#include "report/reread.h"

enum { BLOCK = 1 << 16 };

typedef struct stored {
	json_t *row, *report;
} stored;

/* The row, then the report. */
static int take(void *user, const json_t *line)
{
	stored *s = user;
	json_t **where = s->row ? &s->report : &s->row;
	if (s->report)
		return PB_ECORRUPT;
	*where = json_incref((json_t *)(uintptr_t)line);
	return 0;
}

static int read_stored(int64_t id, pb_stored_place *place, pb_buf *out, pb_error *err)
{
	stored s = {0};
	json_t *request = json_pack("{s:s,s:I}", "do", "show", "id", (json_int_t)id);
	int rc = request ? pb_stored_place_ask(place, request, take, &s, err) : pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc && !s.report)
		rc = pb_fail(err, PB_EINPUT, "assessment %" PRId64 " has no report: %s", id, pb_json_str(s.row, "reason", "no reason is kept"));
	char *text = rc ? NULL : pb_json_canonical(s.report);
	if (!rc)
		rc = text ? pb_buf_puts(out, text) : PB_ENOMEM;
	if (rc && !err->code)
		pb_fail(err, rc, rc == PB_ENOMEM ? "out of memory" : "the answer has too many lines");
	free(text);
	json_decref(request);
	json_decref(s.row);
	json_decref(s.report);
	return rc;
}

static int read_input(pb_buf *out, pb_error *err)
{
	static uint8_t block[BLOCK];
	ssize_t n;
	int rc = 0;
	while (!rc && (n = read(STDIN_FILENO, block, sizeof block)) != 0) {
		if (n > 0 && out->size + (size_t)n <= PB_REPORT_MOST)
			rc = pb_buf_add(out, block, (size_t)n);
		else if (n > 0)
			rc = pb_fail(err, PB_ELIMIT, "standard input: more than %d MiB", PB_REPORT_MOST >> 20);
		else if (errno != EINTR)
			rc = pb_fail(err, PB_EIO, "standard input: %s", strerror(errno));
	}
	return rc && !err->code ? pb_fail(err, rc, "out of memory") : rc;
}

static bool blank(pb_bytes line)
{
	for (size_t i = 0; i < line.size; i++)
		if (!strchr(" \t\r", line.data[i]) || line.data[i] == '\0')
			return false;
	return true;
}

/* The line of that number among those that are not empty; none: empty. */
static pb_bytes line_of(pb_bytes text, int64_t number)
{
	for (size_t at = 0; at < text.size;) {
		const uint8_t *end = memchr(text.data + at, '\n', text.size - at);
		size_t n = (end ? (size_t)(end - text.data) : text.size) - at;
		pb_bytes line = pb_slice(text, at, n);
		if (!blank(line) && --number == 0)
			return line;
		at += n + 1;
	}
	return (pb_bytes){NULL, 0};
}

/* A report that is laid out over several lines begins with one that no object ends. */
static bool whole(pb_bytes line)
{
	while (line.size > 0 && strchr(" \t\r", line.data[line.size - 1]))
		line.size--;
	return line.size > 0 && line.data[line.size - 1] == '}';
}

static int choose(const char *name, int64_t number, pb_buf *text, pb_buf *out, pb_error *err)
{
	pb_bytes all = {text->data, text->size}, line = line_of(all, number ? number : 1);
	if (!line.data)
		return pb_fail(err, PB_EINPUT, number > 1 ? "%s: it has no report number %" PRId64 : "%s: empty", name, number);
	if (!number && !whole(line)) {
		*out = *text;
		*text = (pb_buf){0};
		return 0;
	}
	if (line.data == text->data) { /* as most are: without a copy */
		text->size = line.size;
		*out = *text;
		*text = (pb_buf){0};
		return 0;
	}
	return pb_buf_add(out, line.data, line.size) ? pb_fail(err, PB_ENOMEM, "out of memory") : 0;
}

int pb_report_take(const char *name, int64_t number, pb_stored_place *place, pb_buf *out, pb_error *err)
{
	pb_buf text = {0};
	int64_t id;
	int rc;
	if (access(name, F_OK) != 0 && pb_text_int(name, 1, INT64_MAX, &id))
		return number > 1 ? pb_fail(err, PB_EINPUT, "--number is of several reports in a file") : read_stored(id, place, out, err);
	rc = strcmp(name, "-") == 0 ? read_input(&text, err) : pb_fs_read(name, PB_REPORT_MOST, &text, err);
	rc = rc ? rc : choose(name, number, &text, out, err);
	pb_buf_free(&text);
	return rc;
}

static int form(const json_t *value, pb_bytes text, size_t *unlike, pb_error *err)
{
	int is = unlike ? pb_report_canonical(value, text, unlike) : 1;
	if (is < 0)
		return pb_fail(err, is, "out of memory");
	if (unlike && is)
		*unlike = SIZE_MAX;
	return 0;
}

json_t *pb_report_of(pb_bytes text, size_t most, const char *from, size_t *unlike, pb_error *err)
{
	pb_dsse envelope = {0};
	pb_error why = {0};
	json_t *value = pb_json_parse(text, most, from, err), *report = NULL;
	if (!value)
		return NULL;
	if (!json_object_get(value, "payloadType")) {
		if (!form(value, text, unlike, err))
			report = json_incref(value);
		json_decref(value);
		return report;
	}
	int rc = pb_dsse_of_json(value, &envelope, &why);
	json_decref(value);
	if (rc) {
		pb_fail(err, rc, "%s: %s", from, why.text);
		return NULL;
	}
	text = (pb_bytes){envelope.payload.data, envelope.payload.size};
	value = pb_json_parse(text, most, from, err);
	if (value && !form(value, text, unlike, err)) {
		json_t *predicate = json_object_get(value, "predicate");
		report = json_incref(predicate ? predicate : value);
	}
	json_decref(value);
	pb_dsse_free(&envelope);
	return report;
}
