/* What all whose opinions are kept say of a product together, and who counted how. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/text.h"
#include "cli/opinion.h"

enum { SOURCES_MAX = 1000 };

/* One who says something; sorted, so that those with one method stand together. */
typedef struct source {
	json_t *statement;
	char root[80]; /* "": ourselves */
	pb_opinion weight;
} source;

typedef struct sources {
	source of[SOURCES_MAX];
	size_t n;
	json_t *left_out;
} sources;

static const char *rules_of(const source *s)
{
	return pb_json_str(json_object_get(s->statement, "method"), "rules_digest", "");
}

static const char *assessor_of(const source *s)
{
	return pb_json_str(s->statement, "assessor", "");
}

static int by_method(const void *a, const void *b)
{
	int order = strcmp(rules_of(a), rules_of(b));

	return order ? order : strcmp(assessor_of(a), assessor_of(b));
}

/* Names sort by assessor, then by day: of each assessor the last one counts. */
static int take(const pb_opinion_options *o, sources *all, const char *name, pb_error *err)
{
	char *file = NULL;
	json_t *kept = NULL, *s = NULL;
	pb_opinion weight;
	int64_t until = 0;
	size_t at;
	int rc = asprintf(&file, "%s/%s", o->folder, name) < 0 ? PB_ENOMEM : pb_opinion_file(file, &kept, err);

	s = json_object_get(kept, "statement");
	rc = rc ? rc : pb_opinion_check(s, err);
	if (!rc && !pb_opinion_read(json_object_get(kept, "weight"), &weight))
		rc = pb_fail(err, PB_EINPUT, "%s: its weight is no opinion", file);
	if (!rc && pb_date_parse(pb_json_str(s, "valid_until", ""), &until) && until < o->as_of) {
		json_array_append_new(all->left_out, json_pack("{s:s,s:s,s:s}", "assessor", pb_json_str(s, "assessor", ""), "as_of", pb_json_str(s, "as_of", ""), "why",
		                                               "it has expired"));
	} else if (!rc) {
		for (at = 0; at < all->n && strcmp(assessor_of(&all->of[at]), pb_json_str(s, "assessor", "")) != 0;)
			at++;
		if (at == SOURCES_MAX)
			rc = pb_fail(err, PB_ELIMIT, "more than %d assessors", SOURCES_MAX);
		else {
			json_decref(at < all->n ? all->of[at].statement : NULL);
			all->of[at] = (source){.statement = json_incref(s), .weight = weight};
			snprintf(all->of[at].root, sizeof all->of[at].root, "%s", pb_json_str(kept, "root", "?"));
			all->n += at == all->n;
		}
	}
	json_decref(kept);
	free(file);
	return rc;
}

static int gather(const pb_opinion_options *o, const char *digest, sources *all, pb_error *err)
{
	char **names = NULL;
	size_t n = 0;
	int rc = access(o->folder, F_OK) != 0 ? 0 : pb_fs_names(o->folder, ".json", &names, &n, err);

	for (size_t i = 0; i < n && !rc; i++)
		if (strncmp(names[i], digest, 64) == 0 && names[i][64] == '.')
			rc = take(o, all, names[i], err);
	pb_fs_names_free(names, n);
	return rc;
}

/* claim NULL: of the product as a whole. false: this one says nothing of it. */
static bool said(const source *s, const json_t *claim, pb_opinion *out)
{
	const json_t *c;
	pb_opinion x;
	size_t i;
	bool there = !claim && pb_opinion_read(json_object_get(s->statement, "opinion"), &x);

	json_array_foreach (json_object_get(s->statement, "claims"), i, c)
		if (claim && !there && strcmp(pb_json_str(c, "claim", ""), pb_json_str(claim, "claim", "?")) == 0 &&
		    strcmp(pb_json_str(c, "pillar", ""), pb_json_str(claim, "pillar", "?")) == 0)
			there = pb_opinion_read(json_object_get(c, "opinion"), &x);
	if (there)
		*out = pb_opinion_discount(&s->weight, &x);
	return there;
}

/* Those with one method are averaged, the methods cumulated. Returns how many counted. */
static size_t fuse(const sources *all, const json_t *claim, pb_opinion *out)
{
	pb_opinion same[SOURCES_MAX], one;
	size_t counted = 0;

	for (size_t i = 0, end; i < all->n; i = end) {
		size_t n = 0;

		for (end = i; end < all->n && strcmp(rules_of(&all->of[end]), rules_of(&all->of[i])) == 0; end++)
			n += said(&all->of[end], claim, &same[n]);
		if (!n)
			continue;
		one = pb_opinion_average(same, n);
		*out = counted ? pb_opinion_cumulate(out, &one) : one;
		counted += n;
	}
	return counted;
}

/* {"claim|pillar": row} of all that anybody speaks of. */
static json_t *all_claims(const sources *all)
{
	json_t *out = json_object();
	char name[512];
	json_t *c;
	size_t k;

	for (size_t i = 0; i < all->n; i++)
		json_array_foreach (json_object_get(all->of[i].statement, "claims"), k, c) {
			snprintf(name, sizeof name, "%s|%s", pb_json_str(c, "claim", ""), pb_json_str(c, "pillar", ""));
			json_object_set(out, name, c);
		}
	return out;
}

static json_t *who(const sources *all)
{
	json_t *out = json_array();

	for (size_t i = 0; i < all->n; i++) {
		const source *s = &all->of[i];
		bool shared = (i > 0 && !strcmp(rules_of(s), rules_of(&all->of[i - 1]))) || (i + 1 < all->n && !strcmp(rules_of(s), rules_of(&all->of[i + 1])));

		json_array_append_new(out, json_pack("{s:s,s:s,s:s,s:s,s:o,s:s}", "assessor", assessor_of(s), "root", s->root, "as_of", pb_json_str(s->statement, "as_of", ""),
		                                     "rules_digest", rules_of(s), "weight", pb_opinion_json(&s->weight), "how", shared ? "averaged" : "cumulated"));
	}
	return out;
}

static json_t *result_of(const sources *all, const char *digest)
{
	json_t *claims = all_claims(all), *rows = json_array(), *c, *out;
	const char *name;
	pb_opinion x = {0, 0, PB_OPINION_ONE, PB_OPINION_ONE / 2};
	void *keys;

	(void)fuse(all, NULL, &x);
	out = json_pack("{s:s,s:s,s:o,s:o,s:O}", "schema", "probity-opinions/1", "digest", digest, "opinion", pb_opinion_json(&x), "assessors", who(all), "left_out",
	                all->left_out);
	json_object_foreach_safe (claims, keys, name, c) {
		size_t n = fuse(all, c, &x);

		json_array_append_new(rows, json_pack("{s:O,s:O,s:o,s:I}", "claim", json_object_get(c, "claim"), "pillar", json_object_get(c, "pillar"), "opinion",
		                                      pb_opinion_json(&x), "counted", (json_int_t)n));
	}
	json_object_set_new(out, "claims", rows);
	json_decref(claims);
	return out;
}

static void percent(const json_t *o, char out[160])
{
	const int64_t one = PB_OPINION_ONE / 1000;

	snprintf(out, 160, "belief %" PRId64 " %%, disbelief %" PRId64 " %%, uncertain %" PRId64 " %%", pb_json_int(o, "b", 0) / one / 10, pb_json_int(o, "d", 0) / one / 10,
	         pb_json_int(o, "u", 0) / one / 10);
}

static void print_text(const json_t *r)
{
	char numbers[160];
	const json_t *row;
	size_t i;

	percent(json_object_get(r, "opinion"), numbers);
	printf("%.16s: %s\n\nWho says so\n", pb_json_str(r, "digest", ""), numbers);
	json_array_foreach (json_object_get(r, "assessors"), i, row) {
		char *root = pb_text_safe(pb_json_str(row, "root", ""), 80);
		printf("  %s  %s  rules %.8s, %s  %s\n", pb_json_str(row, "assessor", ""), pb_json_str(row, "as_of", ""), pb_json_str(row, "rules_digest", ""),
		       pb_json_str(row, "how", ""), root && *root ? root : "(this report)");
		free(root);
	}
	json_array_foreach (json_object_get(r, "left_out"), i, row)
		printf("  %s  %s  not counted: %s\n", pb_json_str(row, "assessor", ""), pb_json_str(row, "as_of", ""), pb_json_str(row, "why", ""));
	printf("\nClaims\n");
	json_array_foreach (json_object_get(r, "claims"), i, row) {
		char *claim = pb_text_safe(pb_json_str(row, "claim", ""), 60);
		percent(json_object_get(row, "opinion"), numbers);
		printf("  %-24s %-12s %s, of %" PRId64 "\n", claim ? claim : "", pb_json_str(row, "pillar", ""), numbers, pb_json_int(row, "counted", 0));
		free(claim);
	}
}

static void print_union(const json_t *u)
{
	const int64_t trust = pb_json_int(u, "trust_tenths", 0), own = pb_json_int(u, "own_trust_tenths", 0);
	const json_t *row;
	size_t i;

	if (!u)
		return;
	printf("\nFindings of all, each once: trust %" PRId64 ".%" PRId64 ", by this report alone %" PRId64 ".%" PRId64 "\n", trust / 10, trust % 10, own / 10, own % 10);
	json_array_foreach (json_object_get(u, "reports"), i, row) {
		char *root = pb_text_safe(pb_json_str(row, "root", ""), 80);
		printf("  report of %s  %s  rules %.8s\n", root ? root : "", pb_json_str(row, "as_of", ""), pb_json_str(row, "rules_digest", ""));
		free(root);
	}
	json_array_foreach (json_object_get(u, "findings"), i, row) {
		char *key = pb_text_safe(pb_json_str(row, "key", ""), 100), *check = pb_text_safe(pb_json_str(row, "check", ""), 60);
		printf("  %-8s %4" PRId64 "  %s  %s\n", pb_json_str(row, "severity", ""), pb_json_int(row, "kappa", 0), check ? check : "", key ? key : "");
		free(key);
		free(check);
	}
}

int pb_opinion_show(const pb_opinion_options *o, pb_error *err)
{
	static const pb_opinion full = {PB_OPINION_ONE, 0, 0, PB_OPINION_ONE / 2};
	const char *word = o->words[0];
	bool is_digest = strlen(word) == 64 && strspn(word, "0123456789abcdef") == 64;
	sources *all = calloc(1, sizeof *all);
	json_t *report = NULL, *own = NULL, *result = NULL, *together = NULL;
	char *line = NULL;
	int rc = all && (all->left_out = json_array()) ? 0 : PB_ENOMEM;

	if (!rc && !is_digest) {
		rc = pb_opinion_file(word, &report, err);
		own = rc ? NULL : pb_opinion_of_report(report, "", err);
		rc = rc ? rc : own ? 0 : PB_EINPUT;
		word = pb_json_str(own, "digest", "");
	}
	if (!rc && o->n > 1)
		rc = report ? pb_opinion_union(o, report, &together, err)
		            : pb_fail(err, PB_EINPUT, "with signed reports, your own report is wanted first: the score that follows is by its policy");
	rc = rc ? rc : gather(o, word, all, err);
	if (!rc && own && all->n < SOURCES_MAX)
		all->of[all->n++] = (source){.statement = json_incref(own), .weight = full};
	if (!rc && all->n == 0 && json_array_size(all->left_out) == 0)
		rc = pb_fail(err, PB_EINPUT, "no opinion on %.64s is kept", word);
	if (!rc) {
		qsort(all->of, all->n, sizeof all->of[0], by_method);
		result = result_of(all, word);
		if (together && result)
			json_object_set(result, "union", together);
		line = o->json && result ? pb_json_canonical(result) : NULL;
		rc = result && (line || !o->json) ? 0 : PB_ENOMEM;
	}
	if (!rc && line)
		puts(line);
	else if (!rc) {
		print_text(result);
		print_union(together);
	}
	if (!rc && (fflush(stdout) || ferror(stdout)))
		rc = pb_fail(err, PB_EIO, "standard output cannot be written");
	for (size_t i = 0; all && i < all->n; i++)
		json_decref(all->of[i].statement);
	json_decref(all ? all->left_out : NULL);
	free(all);
	free(line);
	json_decref(result);
	json_decref(own);
	json_decref(together);
	json_decref(report);
	return rc;
}
