/* Formats of reports, for commands: a template that has read them, and boxed processes that run them. This process runs no Lua. */
#ifndef PROBITY_CLI_RENDERER_H
#define PROBITY_CLI_RENDERER_H

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"

typedef struct pb_renderer pb_renderer;

/* Forks the template: early, while this process is small. templates: a folder whose files come before Probity's own; NULL: that of probity.conf, if it
 * names one. 0, or a code with err. */
int pb_renderer_open(const char *templates, pb_renderer **out, pb_error *err);
void pb_renderer_close(pb_renderer *r); /* NULL is fine */

/* Is there such a format? Otherwise PB_EINPUT, and err says which there are. folder: "" for formats of one report. */
int pb_renderer_knows(const pb_renderer *r, const char *folder, const char *name, pb_error *err);
/* "html, json and text": the names of a folder's formats. Fresh string; NULL: no memory. */
char *pb_renderer_names(const pb_renderer *r, const char *folder);
/* [{"folder","name","title","extension","type","takes"}|{"folder","name","error"}] of all, or of one folder (NULL: all). */
int pb_renderer_about(pb_renderer *r, const char *folder, json_t **out, pb_error *err);

/* One text to be written. */
typedef struct pb_render_job {
	const char *folder, *name;
	const json_t *options;     /* an object, borrowed; NULL: none */
	const pb_bytes *documents; /* JSON texts, borrowed */
	size_t n_documents;
	const json_t *frame;       /* NULL: the one document is what the format takes; an object: it is that, and the documents a list in it */
	const char *as;            /* of this name */
} pb_render_job;

/* What becomes of it. */
typedef struct pb_rendered {
	pb_bytes text;   /* within pb_rendering's */
	char *extension; /* owned by pb_rendering */
	pb_error why;    /* code 0: text is there */
} pb_rendered;

typedef struct pb_rendering {
	void *map;
	size_t size;
	json_t *answer;
	pb_rendered *of; /* one for each job */
	size_t n;
} pb_rendering;

/* Runs the jobs in one process, one after the other (at most 4096; their documents may have 4 GiB together). 0 also where single ones failed (of[i].why);
 * PB_EIO, PB_EINTERNAL, PB_ENOMEM with err: nothing came of all of them. */
int pb_render_all(pb_renderer *r, const pb_render_job *jobs, size_t n, pb_rendering *out, pb_error *err);
void pb_rendering_free(pb_rendering *r);

/* One job whose text goes to out. 0, or a code with err. */
int pb_render(pb_renderer *r, const pb_render_job *job, pb_buf *out, pb_error *err);

#endif
