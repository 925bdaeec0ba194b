/* inih reads leniently; what it would silently cut, merge or misread is refused here first. Its options are globals of
 * the library, set the same before each use. */
#include "base/ini.h"

#include <ini.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/text.h"

enum { FILE_MAX = 4 << 20, LINE_MAX_BYTES = 4096, SECTION_MAX = 48 /* inih cuts longer names */ };

typedef struct reader {
	const char *file;
	const char *at, *end; /* what inih has not read yet */
	int line;             /* the one that inih works on */
	pb_ini_fn fn;
	void *user;
	pb_error *err; /* the caller's */
	int rc;
} reader;

static int fail_line(reader *r, const char *what)
{
	r->rc = pb_fail(r->err, PB_EINPUT, "%s:%d: %s", r->file, r->line, what);
	return r->rc;
}

/* Leading blanks off, then "", or what is wrong with the line. */
static const char *fault(const char *s, size_t n)
{
	const char *close;

	if (n > LINE_MAX_BYTES)
		return "line too long, at most 4096 bytes";
	if (memchr(s, 0, n) != NULL)
		return "NUL byte in a text file";
	if (!pb_text_utf8(s, n))
		return "not valid UTF-8";
	while (n > 0 && (*s == ' ' || *s == '\t')) {
		s++;
		n--;
	}
	if (n == 0 || *s != '[')
		return n > 0 && (*s == '=' || *s == ':') ? "a value without a key" : "";
	close = memchr(s, ']', n);
	if (close == NULL)
		return "a section without its \"]\"";
	if (close - s - 1 > SECTION_MAX)
		return "section name too long, at most 48 bytes";
	for (const char *p = close + 1; p < s + n && *p != ';' && *p != '#'; p++)
		if (*p != ' ' && *p != '\t' && *p != '\r')
			return "text after the \"]\" of a section";
	return "";
}

/* inih's fgets: one line without its end. NULL at the end of the text, or once something failed. */
static char *next_line(char *out, int room, void *stream)
{
	reader *r = stream;
	const char *end, *why;
	size_t n;

	if (r->rc != PB_OK || r->at == r->end)
		return NULL;
	end = memchr(r->at, '\n', (size_t)(r->end - r->at));
	n = (size_t)((end != NULL ? end : r->end) - r->at);
	r->line++;
	why = fault(r->at, n);
	if (*why != '\0' || n >= (size_t)room) {
		(void)fail_line(r, *why != '\0' ? why : "line too long");
		return NULL;
	}
	memcpy(out, r->at, n);
	out[n] = '\0';
	r->at = end != NULL ? end + 1 : r->end;
	return out;
}

static int each(void *user, const char *section, const char *key, const char *value)
{
	reader *r = user;
	pb_error inner = {0};

	r->rc = r->fn(r->user, section, key, value, r->line, &inner);
	if (r->rc != PB_OK)
		(void)pb_fail(r->err, r->rc, "%s:%d: %s", r->file, r->line, inner.text);
	return r->rc == PB_OK;
}

int pb_ini_read(const char *file, pb_ini_fn fn, void *user, pb_error *err)
{
	pb_buf text = {0};
	reader r = {.file = file, .fn = fn, .user = user, .err = err};
	int rc = pb_fs_read(file, FILE_MAX, &text, err);

	if (rc != PB_OK)
		goto out;
	r.at = (const char *)text.data;
	r.end = r.at + text.size;
	ini_max_line = LINE_MAX_BYTES + 8;
	ini_allow_multiline = false; /* an indented line is a key of its own, not more of the last one */
	ini_stop_on_first_error = true;
	rc = ini_parse_stream(next_line, &r, each, &r);
	if (r.rc != PB_OK)
		rc = r.rc;
	else if (rc > 0)
		rc = fail_line(&r, "neither a [section], a key = value nor a comment");
	else if (rc < 0)
		rc = pb_fail(err, PB_ENOMEM, "%s: out of memory", file);
out:
	pb_buf_free(&text);
	return rc;
}
