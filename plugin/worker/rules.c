#include "worker/rules.h"

#include <stdlib.h>
#include <string.h>

typedef struct compiling {
	pb_rules *rules;
	const pb_catalogue_options *options;
	const pb_pattern_source *sources;
	int own_broken; /* a source that ships with Probity was refused */
	pb_error *err;
} compiling;

static void refuse(void *user, size_t source, const char *message)
{
	compiling *c = user;
	pb_rules *r = c->rules;
	/* Our own patterns are never left out: a scan with half of its checks is no scan. */
	if (source < r->first_source || c->options->strict)
		c->own_broken = pb_fail(c->err, PB_EINPUT, "%s", message);
	else if (c->options->refused)
		c->options->refused(c->options->user, message);
	char **more = realloc(r->refused, (r->n_refused + 1) * sizeof *more);
	if (!more)
		return;
	r->refused = more;
	r->refused[r->n_refused] = strdup(message);
	if (r->refused[r->n_refused])
		r->n_refused++;
}

static void notice(void *user, const char *message)
{
	pb_rules *r = user;
	char **more = realloc(r->noticed, (r->n_noticed + 1) * sizeof *more);
	if (!more)
		return;
	r->noticed = more;
	r->noticed[r->n_noticed] = strdup(message);
	if (r->noticed[r->n_noticed])
		r->n_noticed++;
}

int pb_rules_open(const pb_catalogue_options *options, const char *cache_dir, pb_rules *out, pb_error *err)
{
	size_t n_lists, n_checks;
	pb_pattern_source *all = NULL;
	memset(out, 0, sizeof *out);
	int rc = pb_lists_open(options->data_dir, &out->lists, err);
	if (!rc)
		rc = pb_catalogue_open(options, &out->catalogue, err);
	if (rc)
		goto out;
	const pb_pattern_source *lists = pb_lists_sources(out->lists, &n_lists);
	const pb_pattern_source *checks = pb_catalogue_sources(out->catalogue, &n_checks, NULL);
	out->first_source = (uint32_t)n_lists;
	all = calloc(n_lists + n_checks + 1, sizeof *all);
	if (!all) {
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
		goto out;
	}
	memcpy(all, lists, n_lists * sizeof *all);
	if (n_checks)
		memcpy(all + n_lists, checks, n_checks * sizeof *all);
	compiling c = {out, options, all, 0, err};
	rc = pb_patterns_open(all, n_lists + n_checks, cache_dir, refuse, &c, &out->patterns, err);
	if (!rc)
		rc = c.own_broken;
	for (size_t i = 0; options->lint && i < n_checks && !rc; i++)
		rc = pb_patterns_lint(&checks[i], notice, out);
	if (rc == PB_ENOMEM && !err->code)
		pb_fail(err, rc, "out of memory");
out:
	free(all);
	if (rc)
		pb_rules_close(out);
	return rc;
}

void pb_rules_close(pb_rules *r)
{
	pb_patterns_close(r->patterns);
	pb_catalogue_close(r->catalogue);
	pb_lists_close(r->lists);
	for (size_t i = 0; i < r->n_refused; i++)
		free(r->refused[i]);
	free(r->refused);
	for (size_t i = 0; i < r->n_noticed; i++)
		free(r->noticed[i]);
	free(r->noticed);
	memset(r, 0, sizeof *r);
}
