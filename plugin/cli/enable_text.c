#include "cli/enable_text.h"

#include <stdbool.h>
#include <string.h>

static const char begin[] = "# >>> probity enable clamd >>>";
static const char end[] = "# <<< probity enable clamd <<<\n";
/* Behind the first mark: what else has to be undone. */
static const char made_file[] = " (the file is new)", ended_line[] = " (the line before had no end)";

typedef struct block {
	size_t from, to; /* the block's bytes in the file; from == to: there is none */
	bool made_file, ended_line;
} block;

/* Where a line begins with what, from `at` on; the size of the text where none does. */
static size_t line_with(const pb_buf *b, size_t at, const char *what)
{
	size_t n = strlen(what);

	while (at < b->size) {
		const uint8_t *next = memchr(b->data + at, '\n', b->size - at);

		if (b->size - at >= n && memcmp(b->data + at, what, n) == 0)
			return at;
		at = next != NULL ? (size_t)(next - b->data) + 1 : b->size;
	}
	return b->size;
}

static bool mark_says(const pb_buf *b, size_t at, const char *flag)
{
	size_t n = strlen(flag);

	at += strlen(begin);
	return b->size - at >= n && memcmp(b->data + at, flag, n) == 0;
}

static int find(const pb_buf *b, block *out, pb_error *err)
{
	size_t first = line_with(b, 0, begin), last = line_with(b, 0, end);

	*out = (block){b->size, b->size, false, false};
	if (first == b->size && last == b->size)
		return PB_OK;
	if (last == b->size || last < first || line_with(b, first + 1, begin) < b->size || line_with(b, last + 1, end) < b->size)
		return pb_fail(err, PB_EINPUT,
		               "the marks \"%s\" and \"%.*s\" do not stand there once each; remove them and what they enclose", begin,
		               (int)strlen(end) - 1, end);
	*out = (block){first, last + strlen(end), mark_says(b, first, made_file), mark_says(b, first, ended_line)};
	return PB_OK;
}

int pb_block_put(const pb_buf *old, const char *body, pb_buf *out, pb_error *err)
{
	static uint8_t none[1];
	static const pb_buf nothing = {.data = none};
	const pb_buf *b = old != NULL ? old : &nothing;
	block at;
	bool fresh;
	int rc = find(b, &at, err);

	pb_buf_free(out);
	if (rc != PB_OK)
		return rc;
	fresh = at.from == at.to;
	at.made_file = fresh ? old == NULL : at.made_file;
	at.ended_line = fresh ? b->size > 0 && b->data[b->size - 1] != '\n' : at.ended_line;
	rc = pb_buf_add(out, b->data, at.from);
	if (rc == PB_OK)
		rc = pb_buf_printf(out, "%s%s%s%s\n%s%s", fresh && at.ended_line ? "\n" : "", begin, at.made_file ? made_file : "",
		                   at.ended_line ? ended_line : "", body, end);
	if (rc == PB_OK && at.to < b->size)
		rc = pb_buf_add(out, b->data + at.to, b->size - at.to);
	return rc == PB_OK ? rc : pb_fail(err, rc, "out of memory");
}

int pb_block_take(const pb_buf *old, pb_buf *out, bool *removed, bool *empty, pb_error *err)
{
	block at;
	int rc = find(old, &at, err);

	pb_buf_free(out);
	*removed = *empty = false;
	if (rc != PB_OK)
		return rc;
	*removed = at.from < at.to;
	/* The line end that was added goes too, unless somebody has written on behind the block. */
	rc = pb_buf_add(out, old->data, at.from - (at.ended_line && at.to == old->size && at.from > 0));
	if (rc == PB_OK && at.to < old->size)
		rc = pb_buf_add(out, old->data + at.to, old->size - at.to);
	*empty = at.made_file && out->size == 0;
	return rc == PB_OK ? rc : pb_fail(err, rc, "out of memory");
}

bool pb_path_plain(const char *path)
{
	return *path == '/' &&
	       path[strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+-")] == '\0';
}
