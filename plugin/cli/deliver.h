/* Reports of a command on their way out: in a format, to standard output, a file or a folder. */
#ifndef PROBITY_CLI_DELIVER_H
#define PROBITY_CLI_DELIVER_H

#include "base/buf.h"
#include "cli/format_options.h"
#include "cli/renderer.h"

typedef struct pb_delivery {
	pb_format_options how;
	const char *output; /* NULL: standard output; "DIR/", or a folder: a file for each product */
	/* What follows is its own. */
	pb_renderer *renderer;
	pb_buf out;         /* where all go to one file: written at once */
	json_t *names;      /* of files in the folder */
	char *extension;
	size_t n;           /* delivered so far */
	bool folder, failed;
} pb_delivery;

/* Before anything costly: is there such a format, and can so many products be written in it? d->how and d->output are set. 0, or a code with err. */
int pb_delivery_open(pb_delivery *d, size_t products, pb_error *err);
/* One report. product: what it was called, for its file's name. Where its text comes to nothing, the report itself is kept as JSON, and err says where. */
int pb_deliver(pb_delivery *d, const json_t *report, const char *product, pb_error *err);
/* Writes what goes to one file: nothing where all that was delivered came to nothing. */
int pb_delivery_end(pb_delivery *d, pb_error *err);
void pb_delivery_close(pb_delivery *d);

/* Reports in canonical form, one a line, as they go to a file or to standard error: d->how is set, nothing else. Their texts are added to out. Opens and
 * closes what it needs. Where it comes to nothing they are kept, and err says where. */
int pb_deliver_lines(pb_delivery *d, pb_bytes lines, pb_buf *out, pb_error *err);

/* "Formats: html, json, ...", for --help; nothing where they cannot be read. */
void pb_delivery_help(void);

#endif
