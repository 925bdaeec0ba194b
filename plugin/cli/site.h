/* A static site of a store: what the files site*.c share. */
#ifndef PROBITY_CLI_SITE_H
#define PROBITY_CLI_SITE_H

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"

enum { PB_SITE_COMPARED = 6 /* products on one page of comparison */, PB_SITE_PAGE = 200 /* rows on a page of a long table */, PB_SITE_JOBS = 64 };

typedef struct pb_site {
	/* what was asked for */
	const char *dir, *store, *templates, *lang;
	int64_t as_of;
	int jobs; /* processes */
	bool progress, all_pages;
	/* the folder, and what is known of it; site_out.c */
	int fd;          /* the folder, locked */
	json_t *old;     /* {"maker","files":{path:digest},"rows":{id:facts}} of the last run that came to its end */
	json_t *owned;   /* {path:true} that this and earlier runs wrote, or began to */
	json_t *files;   /* {path:digest} of this run */
	char maker[65];  /* digest of what makes pages: version, scripts, language */
	int worker;      /* number of this process, for its temporary file */
	int64_t written, removed;
} pb_site;

/* site_out.c. Makes the folder, or takes one that is empty or has our manifest; else PB_EINPUT. */
int pb_site_open(pb_site *s, pb_error *err);
void pb_site_close(pb_site *s);
/* Before they are written: these paths are ours from now on, whatever becomes of this run. PB_EINPUT: one of them is there, and is not ours. */
int pb_site_plan(pb_site *s, const json_t *paths, pb_error *err);
/* Whole or not at all. Into one of the folders a, c, p, or the folder itself. */
int pb_site_put(pb_site *s, const char *path, const void *data, size_t n, pb_error *err);
bool pb_site_has(const pb_site *s, const char *path); /* is there such a file? */
/* Was it written with this digest, and is it still there? */
bool pb_site_current(const pb_site *s, const char *path, const char *digest);
/* Removes what earlier runs wrote and this one did not, and writes the manifest. rows: {id:facts}. */
int pb_site_finish(pb_site *s, json_t *rows, pb_error *err);

/* One page of phase 2, with its JSON beside it. */
typedef struct pb_site_job {
	char *path; /* without its ending */
	const char *folder, *format;
	json_t *doc;     /* what the format takes; NULL: made of the reports of ids */
	json_int_t ids[PB_SITE_COMPARED];
	int n_ids;
	const char *up;  /* from the page to the site's folder: "" or "../" */
	bool alone;      /* not a page: no JSON beside it; path has its ending */
	char digest[65]; /* of all that it is made of */
} pb_site_job;

typedef struct pb_site_jobs {
	pb_site_job *of;
	size_t n, cap;
} pb_site_jobs;
void pb_site_jobs_free(pb_site_jobs *j);

/* site_work.c. Reads and renders the reports of rows (as pb_stored_json, by number; "short": its page is a short one) in several processes: facts {id:facts}, which hold name, version,
 * kind, sha256, decision, trust_tenths, floor_tenths, confidence_permille, time, policy, policy_digest, rules_digest, as_of, valid_until, key, and page
 * (bool) or why there is none. */
int pb_site_reports(pb_site *s, json_t *rows, json_t **facts, pb_error *err);
/* Writes the pages of n jobs that are not current. */
int pb_site_write(pb_site *s, const pb_site_job *jobs, size_t n, pb_error *err);

/* site_pages.c. What tells one product from another, as a digest: its name and kind; without a name each path is one of its own. false: no memory. */
bool pb_site_product(const char *name, const char *kind, const char *path, char out[65]);
/* All other pages: overview, what falls due, products, comparisons. */
int pb_site_pages(const pb_site *s, const json_t *facts, pb_site_jobs *out, pb_error *err);

#endif
