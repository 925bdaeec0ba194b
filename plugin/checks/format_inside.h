/* Private to checks/: the files of formats. */
#ifndef PROBITY_CHECKS_FORMAT_INSIDE_H
#define PROBITY_CHECKS_FORMAT_INSIDE_H

#include "base/buf.h"
#include "checks/box.h"
#include "checks/format.h"

#define PB_FORMATS_OWN "scripts/reports" /* how messages name our folder */
enum { PB_FORMAT_PATH = 4096 };

typedef struct pb_format_file {
	char *path;  /* "html.lua", "compare/html.lua", "assets/report.css" */
	char *shown; /* as messages name it */
	bool own;
	pb_buf text;
	pb_error why; /* it cannot be read; code 0: it can */
} pb_format_file;

struct pb_formats {
	pb_format_file *all;
	size_t n, bytes;
	pb_shelf *shelf;       /* of both lib folders */
	char *own_lib;
	char *extra_lib[2];    /* the buyer's, then NULL; or NULL */
};

const pb_format_file *pb_format_file_at(const pb_formats *f, const char *path); /* NULL: there is none */

#endif
