/* Formats of reports: scripts that write text from a report, run in the Lua sandbox. Their files are read before the process that runs them is
 * forked and shut; there, nothing opens a file any more. No Lua in this header. */
#ifndef PROBITY_CHECKS_FORMAT_H
#define PROBITY_CHECKS_FORMAT_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/json.h"

typedef struct pb_bindings pb_bindings;

/* Files of folders of formats: NAME.lua, FOLDER/NAME.lua, lib/NAME.lua, assets/NAME. */
typedef struct pb_formats pb_formats;

/* own: Probity's scripts/reports; extra: a buyer's folder of the same layout, whose files come before ours of the same name; NULL: none. What
 * cannot be read is told to who asks for it. 0; PB_EINPUT: extra is no folder; PB_EIO, PB_ENOMEM. */
int pb_formats_read(const char *own, const char *extra, pb_formats **out, pb_error *err);
void pb_formats_free(pb_formats *f); /* NULL is fine */
/* [{"name","folder"}], sorted; folder: "" for formats of one report. New reference, NULL: no memory. */
json_t *pb_formats_names(const pb_formats *f);

typedef struct pb_format_limits {
	size_t memory;         /* bytes of the Lua state */
	uint64_t instructions; /* of one text */
	uint64_t steps;        /* of pattern matching in one text */
	size_t output;         /* bytes of one text */
	const _Atomic uint32_t *stop; /* once it is not 0, the text under way ends with "limit time"; NULL: nobody says so */
} pb_format_limits;
extern const pb_format_limits pb_format_defaults; /* fit for reports of 50,000 findings */

typedef struct pb_format_box pb_format_box;
/* formats and bindings are borrowed. 0, or a code with err. */
int pb_format_open(const pb_formats *formats, const struct pb_bindings *bindings, const pb_format_limits *limits, pb_format_box **out, pb_error *err);
void pb_format_close(pb_format_box *b); /* NULL is fine */

/* What a format says of itself: {"name","folder","title","extension","type","takes","many"}, or {"name","folder","error"} where it is broken. */
json_t *pb_format_about(pb_format_box *b, const char *folder, const char *name);

typedef struct pb_format_job {
	const char *folder, *name;  /* of the format */
	json_t *options;            /* an object: the script's third argument */
	const pb_bytes *documents;  /* JSON texts, borrowed; a report may be in a DSSE envelope */
	size_t n_documents;
	json_t *frame;              /* NULL: the one document is the script's first argument; an object: it is that, and */
	const char *as;             /* the documents are a list in it, of this name */
	int (*write)(void *user, const void *bytes, size_t n); /* 0 or PB_E* */
	void *user;
} pb_format_job;

/* Writes the text; *about: as above, the caller's. 0; PB_EINPUT: the report or the script is wrong, err says where; PB_ELIMIT: err names the limit;
 * or the code of write. Whatever was written by then is no text to be shown. */
int pb_format_run(pb_format_box *b, const pb_format_job *job, json_t **about, pb_error *err);

#endif
