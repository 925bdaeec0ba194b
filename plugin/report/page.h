/* A page of fixed width for a terminal: words flow, columns align, colours are closed on the line they were opened on.
 * Layout is plain ASCII, the same in every locale; text from outside may be any UTF-8. Private to this folder. */
#ifndef PROBITY_REPORT_PAGE_H
#define PROBITY_REPORT_PAGE_H

#include "base/buf.h"
#include "base/json.h"

typedef enum pb_style { PB_PLAIN, PB_BOLD, PB_DIM, PB_RED, PB_GREEN, PB_YELLOW, PB_CYAN, PB_ALARM, PB_STYLES } pb_style;

typedef struct pb_page {
	pb_buf *out; /* borrowed */
	int width;   /* columns; no line is ever wider */
	bool color, verbose;
	int column; /* where the next character goes */
	int code;   /* the first error, 0 while all went well: look once, at the end */
} pb_page;

/* Every function takes text from outside as it is: what could move the cursor or turn a line round is escaped here. */

void pb_page_line(pb_page *p);           /* ends the line */
void pb_page_to(pb_page *p, int column); /* spaces up to column; none where the line is there already */
void pb_page_put(pb_page *p, pb_style style,
                 const char *text); /* on this line; shortened in the middle to what room is left */
void pb_page_putf(pb_page *p, pb_style style, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Words from here on; the lines that follow begin at column indent. Very long text is shortened in the middle. */
void pb_page_flow(pb_page *p, pb_style style, int indent, const char *text);
void pb_page_flowf(pb_page *p, pb_style style, int indent, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* An empty line, then a heading and what follows it on the same line (may be NULL), then the end of the line. */
void pb_page_heading(pb_page *p, const char *title, const char *note);
void pb_page_bullet(pb_page *p); /* "  - ", to go on with at indent 4 */
/* A bar of so many columns, "[####====....]": of 1000, solid are '#', open more are '=', the rest '.'. */
void pb_page_bar(pb_page *p, int columns, int solid, int open);
/* A path chain on this line, " > " between its elements; too long a one loses its inner elements first, then is
 * shortened in the middle. Where verbose, over up to three lines. */
void pb_page_path(pb_page *p, pb_style style, int indent, const json_t *path);

#endif
