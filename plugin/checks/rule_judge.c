/* Which of the files that were read make rules: not an index, not one that goes in circles, not one that asks for what a worker has not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/rule_folder.h"
#include "facts/yara_text.h"

void pb_rule_reach(const pb_rule_folder *f, size_t i, bool *seen, size_t *queue)
{
	size_t n = 0;

	memset(seen, 0, f->n_sources * sizeof *seen);
	for (queue[n++] = i; n > 0;) {
		const pb_rule_source *s = f->sources[queue[--n]];

		for (size_t k = 0; k < s->text.n; k++) {
			size_t target = s->target[k];

			if (target == SIZE_MAX || seen[target])
				continue;
			seen[target] = true;
			queue[n++] = target;
		}
	}
}

/* Modules that libyara has and a worker cannot serve. Undefined values make conditions false: that would be a silent pass. */
static const struct {
	const char *name, *why;
} refused_modules[] = {
	{"cuckoo", "needs the record of a run in a sandbox, and nothing is run here"},
	{"magic", "reads files of its own, and whoever scans is closed off from all files"},
	{"time", "asks for the time of day, and a report must be the same tomorrow"},
};

typedef struct module_search {
	const char *name, *why;
	int line;
} module_search;

static int on_import(void *user, pb_yara_word what, const char *name, size_t n, int line)
{
	module_search *m = user;

	for (size_t i = 0; what == PB_YARA_IMPORT && i < sizeof refused_modules / sizeof refused_modules[0]; i++)
		if (strlen(refused_modules[i].name) == n && memcmp(refused_modules[i].name, name, n) == 0) {
			*m = (module_search){refused_modules[i].name, refused_modules[i].why, line};
			return 1;
		}
	return 0;
}

/* Its own, and those of what it includes. */
static void judge_modules(pb_rule_reading *r, size_t i, const bool *seen)
{
	pb_rule_folder *f = r->f;
	bool alone = f->sources[i]->text.n == 0;
	char words[1200];

	for (size_t k = alone ? i : 0; k < (alone ? i + 1 : f->n_sources); k++) {
		module_search m = {0};

		if ((k != i && !seen[k]) || f->sources[k]->compiled || pb_yara_read(f->sources[k]->content, on_import, &m) == 0)
			continue;
		(void)snprintf(words, sizeof words, "%.500s/%.400s:%d: module \"%s\" %s", f->dir, f->sources[k]->name, m.line, m.name, m.why);
		f->sources[i]->refused = true;
		pb_rule_leave_out(r, words);
		return;
	}
}

/* YARA notices a circle, too, and loses memory over it. */
static void judge_circles(pb_rule_reading *r, size_t i, const bool *seen)
{
	pb_rule_folder *f = r->f;
	char words[1500];

	for (size_t k = 0; k < f->n_sources; k++) {
		if (!f->sources[k]->circular || (k != i && !seen[k]))
			continue;
		(void)snprintf(words, sizeof words, "%.500s/%.400s: includes %.400s, which includes itself", f->dir, f->sources[i]->name,
		               f->sources[k]->name);
		f->sources[i]->refused = true;
		pb_rule_leave_out(r, words);
		return;
	}
}

typedef struct index_reading {
	pb_rule_reading *r;
	const pb_rule_source *source;
	size_t n;
} index_reading;

/* The compiler does not see an index, so what it names in vain is told here. */
static int on_index(void *user, pb_yara_word what, const char *name, size_t n, int line)
{
	index_reading *x = user;
	char words[1400];

	if (what != PB_YARA_INCLUDE || x->source->target[x->n++] != SIZE_MAX)
		return 0;
	(void)snprintf(words, sizeof words, "%.500s/%.400s:%d: includes \"%.*s\", which is not in that folder", x->r->f->dir, x->source->name,
	               line, n < 300 ? (int)n : 300, name);
	pb_rule_tell(x->r, words);
	return 0;
}

/* An index holds no rule of its own, and what it includes is compiled anyhow. */
static void judge_index(pb_rule_reading *r, size_t i, const bool *seen)
{
	const pb_rule_folder *f = r->f;
	pb_rule_source *s = f->sources[i];
	index_reading x = {r, s, 0};
	bool all_listed = s->text.n > 0 && s->rules == 0;

	for (size_t k = 0; k < f->n_sources && all_listed; k++)
		all_listed = !seen[k] || f->sources[k]->listed || f->sources[k]->rules == 0;
	s->skipped = all_listed;
	if (all_listed)
		(void)pb_yara_read(s->content, on_index, &x);
}

int pb_rule_judge(pb_rule_reading *r)
{
	pb_rule_folder *f = r->f;
	bool *seen = calloc(f->n_sources + 1, sizeof *seen);
	size_t *queue = calloc(f->n_sources + 1, sizeof *queue);

	if (seen == NULL || queue == NULL) {
		free(seen);
		free(queue);
		return pb_fail(r->err, PB_ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < f->n_sources; i++)
		if (f->sources[i]->text.n > 0) {
			pb_rule_reach(f, i, seen, queue);
			f->sources[i]->circular = seen[i];
		}
	for (size_t i = 0; i < f->n_sources; i++) {
		if (!f->sources[i]->listed || f->sources[i]->compiled)
			continue;
		if (f->sources[i]->text.n > 0) {
			pb_rule_reach(f, i, seen, queue);
			judge_index(r, i, seen);
			if (!f->sources[i]->skipped)
				judge_circles(r, i, seen);
		}
		if (!f->sources[i]->skipped && !f->sources[i]->refused)
			judge_modules(r, i, seen);
	}
	free(seen);
	free(queue);
	return PB_OK;
}
