#include "report/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/width.h"

enum { LINES = 6, LINES_VERBOSE = 12, PATH_LINES_VERBOSE = 3 };

static void raw(pb_page *p, const char *text, size_t n)
{
	if (p->code == PB_OK)
		p->code = pb_buf_add(p->out, text, n);
}

void pb_page_line(pb_page *p)
{
	raw(p, "\n", 1);
	p->column = 0;
}

void pb_page_to(pb_page *p, int column)
{
	for (; p->column < column && p->column < p->width; p->column++)
		raw(p, " ", 1);
}

static const char *sequence(pb_style style)
{
	static const char *const sequences[PB_STYLES] = {
		[PB_PLAIN] = "",         [PB_BOLD] = "\033[1m",    [PB_DIM] = "\033[2m",   [PB_RED] = "\033[31m",
		[PB_GREEN] = "\033[32m", [PB_YELLOW] = "\033[33m", [PB_CYAN] = "\033[36m", [PB_ALARM] = "\033[1;31m",
	};

	return sequences[style];
}

/* n bytes of inert text, known to fit. */
static void styled(pb_page *p, pb_style style, const char *text, size_t n, int width)
{
	bool color = p->color && style != PB_PLAIN && n > 0;

	if (color)
		raw(p, sequence(style), strlen(sequence(style)));
	raw(p, text, n);
	if (color)
		raw(p, "\033[0m", 4);
	p->column += width;
}

/* The inert form of text in at most width columns; NULL (and the error kept) where memory ran out. */
static char *inert(pb_page *p, const char *text, int width)
{
	char *safe = pb_text_safe(text != NULL ? text : "", 0);
	char *fits = safe != NULL ? pb_width_shorten(safe, width) : NULL;

	free(safe);
	if (fits == NULL && p->code == PB_OK)
		p->code = PB_ENOMEM;
	return fits;
}

void pb_page_put(pb_page *p, pb_style style, const char *text)
{
	char *fits = inert(p, text, p->width - p->column);

	if (fits != NULL)
		styled(p, style, fits, strlen(fits), pb_width(fits));
	free(fits);
}

/* The longest piece of text at s that fits into room, by words where a word fits into a whole line, else by units.
 * Returns its bytes (0: nothing fits here) and its columns. */
static size_t piece(const char *s, int room, int line, int *columns)
{
	size_t at = 0, end = 0;
	int width = 0, word_width = 0;

	*columns = 0;
	while (s[at] != '\0') {
		int w;
		size_t n = pb_width_unit(s + at, &w);

		if (width + w > room)
			break;
		width += w;
		at += n;
		if (s[at] == ' ' || s[at] == '\0') {
			end = at;
			*columns = width;
		}
	}
	if (end > 0 || s[0] == '\0')
		return end;
	/* Not even one word fits: it waits for the next line, unless it is longer than any line. */
	for (size_t i = 0; s[i] != '\0' && s[i] != ' ' && word_width <= line;) {
		int w;

		i += pb_width_unit(s + i, &w);
		word_width += w;
	}
	*columns = word_width > line ? width : 0;
	return word_width > line ? at : 0;
}

/* Text of ours and text from outside, laid out within [indent, width) from the present column on. */
static void flow(pb_page *p, pb_style style, int indent, const char *text, int lines)
{
	int line = p->width - indent;
	char *fits = inert(p, text, line > 0 ? line * lines : 0);
	const char *s = fits != NULL ? fits : "";

	while (*s != '\0' && p->code == PB_OK) {
		int columns = 0;
		size_t n = piece(s, p->width - p->column, line, &columns);

		styled(p, style, s, n, columns);
		s += n;
		if (n == 0 && p->column <= indent)
			break; /* nothing fits even on an empty line */
		while (*s == ' ')
			s++;
		if (*s == '\0')
			break;
		pb_page_line(p);
		pb_page_to(p, indent);
	}
	free(fits);
}

void pb_page_flow(pb_page *p, pb_style style, int indent, const char *text)
{
	flow(p, style, indent, text, p->verbose ? LINES_VERBOSE : LINES);
}

static char *formatted(pb_page *p, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));

static char *formatted(pb_page *p, const char *fmt, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, args) >= 0)
		return text;
	if (p->code == PB_OK)
		p->code = PB_ENOMEM;
	return NULL;
}

void pb_page_putf(pb_page *p, pb_style style, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = formatted(p, fmt, args);
	va_end(args);
	if (text != NULL)
		pb_page_put(p, style, text);
	free(text);
}

void pb_page_flowf(pb_page *p, pb_style style, int indent, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = formatted(p, fmt, args);
	va_end(args);
	if (text != NULL)
		pb_page_flow(p, style, indent, text);
	free(text);
}

void pb_page_heading(pb_page *p, const char *title, const char *note)
{
	pb_page_line(p);
	pb_page_put(p, PB_BOLD, title);
	if (note != NULL && note[0] != '\0') {
		pb_page_to(p, p->column + 2);
		pb_page_flow(p, PB_PLAIN, 2, note);
	}
	pb_page_line(p);
}

void pb_page_bullet(pb_page *p)
{
	pb_page_to(p, 2);
	pb_page_put(p, PB_PLAIN, "- ");
}

void pb_page_bar(pb_page *p, int columns, int solid, int open)
{
	static const struct {
		char mark;
		pb_style style;
	} kinds[] = {{'#', PB_GREEN}, {'=', PB_YELLOW}, {'.', PB_DIM}};
	int room = p->width - p->column - 2, ends[3], from = 0;
	char marks[256];

	columns = columns < room ? columns : room;
	if (columns < 1 || columns > (int)sizeof marks)
		return;
	ends[0] = columns * solid / 1000;
	ends[1] = columns * (solid + open) / 1000;
	ends[2] = columns;
	styled(p, PB_PLAIN, "[", 1, 1);
	for (size_t k = 0; k < 3; k++) {
		int n = ends[k] > from ? (ends[k] <= columns ? ends[k] : columns) - from : 0;

		memset(marks, kinds[k].mark, sizeof marks);
		styled(p, kinds[k].style, marks, (size_t)n, n);
		from += n;
	}
	styled(p, PB_PLAIN, "]", 1, 1);
}

/* The elements joined; where some is left out, only the first and the last: "a.deb > ... > usr/bin/x". */
static int chain(pb_buf *out, const json_t *path, bool some)
{
	size_t n = json_array_size(path);

	for (size_t i = 0; i < n; i++) {
		const char *name = json_string_value(json_array_get(path, i));
		bool skip = some && i > 0 && i + 1 < n;
		int rc = PB_OK;

		if (!skip || i == 1)
			rc = pb_buf_printf(out, "%s%s", i > 0 ? " > " : "", skip ? "..." : name != NULL ? name : "?");
		if (rc != PB_OK)
			return rc;
	}
	return n > 0 ? PB_OK : pb_buf_puts(out, "(the product as a whole)");
}

void pb_page_path(pb_page *p, pb_style style, int indent, const json_t *path)
{
	int lines = p->verbose ? PATH_LINES_VERBOSE : 1;
	pb_buf text = {0};
	int rc = chain(&text, path, false);

	if (rc == PB_OK && pb_width((const char *)text.data) > (p->width - p->column) * lines) {
		pb_buf_free(&text);
		rc = chain(&text, path, true);
	}
	if (rc != PB_OK && p->code == PB_OK)
		p->code = rc;
	if (rc == PB_OK && p->verbose)
		flow(p, style, indent, (const char *)text.data, PATH_LINES_VERBOSE);
	else if (rc == PB_OK)
		pb_page_put(p, style, (const char *)text.data);
	pb_buf_free(&text);
}
