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
	const char *at, *end; /* what inih has not read yet */
	int *line;            /* the one that inih works on */
	bool *continued;      /* NULL: no line goes on with a value */
	bool indented, keyed; /* the line begins with a blank; its section had a key before it */
	pb_ini_fn fn;
	void *user;
	pb_error *err; /* the caller's */
	int rc;
} reader;

static int fail_line(reader *r, const char *what)
{
	r->rc = pb_fail(r->err, PB_EINPUT, "%s", what);
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
	++*r->line;
	r->keyed = r->keyed && (n == 0 || *r->at != '[');
	r->indented = n > 0 && (*r->at == ' ' || *r->at == '\t');
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

	if (r->continued != NULL)
		*r->continued = r->indented && r->keyed;
	r->keyed = true;
	r->rc = r->fn(r->user, section, key, value, *r->line, r->err);
	return r->rc == PB_OK;
}

int pb_ini_parse(pb_bytes text, pb_ini_fn fn, void *user, int *line, bool *continued, pb_error *err)
{
	reader r = {.at = (const char *)text.data, .line = line, .continued = continued, .fn = fn, .user = user, .err = err};
	int rc;

	*line = 0;
	r.end = text.size > 0 ? r.at + text.size : r.at;
	ini_max_line = LINE_MAX_BYTES + 8;
	ini_allow_multiline = continued != NULL; /* else an indented line is a key of its own */
	ini_stop_on_first_error = true;
	rc = ini_parse_stream(next_line, &r, each, &r);
	if (r.rc != PB_OK)
		return r.rc;
	if (rc > 0)
		return fail_line(&r, "neither a [section], a key = value nor a comment");
	*line = 0;
	return rc < 0 ? pb_fail(err, PB_ENOMEM, "out of memory") : PB_OK;
}

int pb_ini_read(const char *file, pb_ini_fn fn, void *user, pb_error *err)
{
	pb_buf text = {0};
	pb_error inner = {0};
	int line = 0, rc = pb_fs_read(file, FILE_MAX, &text, err);

	if (rc != PB_OK)
		goto out;
	rc = pb_ini_parse((pb_bytes){text.data, text.size}, fn, user, &line, NULL, &inner);
	if (rc != PB_OK && line > 0)
		(void)pb_fail(err, rc, "%s:%d: %s", file, line, inner.text);
	else if (rc != PB_OK)
		(void)pb_fail(err, rc, "%s: %s", file, inner.text);
out:
	pb_buf_free(&text);
	return rc;
}
