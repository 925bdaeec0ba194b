#include "worker/cover.h"

#include <stdio.h>
#include <string.h>

#include "checks/runner.h"
#include "object/limits.h"
#include "worker/cover_rows.h"

/* Tags that only a package's own metadata carries: a member that could not be read may hold anything, but it is not the manifest
 * of a package that was read. Documents of a dossier are no objects of the product at all. */
static bool asks_for_packages(const pb_check *c)
{
	static const char *const tags[] = {"package", "deb", "rpm", "npm", "wheel", "jar", "manifest", "evidence", "evidence-audit", "evidence-statement"};
	for (size_t i = 0; i < c->n_applies; i++) {
		bool one = false;
		for (size_t k = 0; k < sizeof tags / sizeof *tags; k++)
			one |= strcmp(c->applies[i], tags[k]) == 0;
		if (!one)
			return false;
	}
	return c->n_applies > 0;
}

static bool asks_for_any(const pb_check *c)
{
	for (size_t i = 0; i < c->n_applies; i++)
		if (strcmp(c->applies[i], "any") == 0)
			return true;
	return c->n_applies == 0;
}

/* What nobody examined may be of any kind; but of a tar that was read member by member it is known what it is, and as with every container that
 * was opened, its members count for whoever asks for anything. */
typedef struct left_out {
	size_t any, tars;
	const char *why, *why_tar; /* of the first one; "not examined" */
	json_t *tags;              /* of a tar */
} left_out;

static int find_left_out(const pb_join *j, left_out *out)
{
	size_t i;
	json_t *limit;
	*out = (left_out){.why = "not examined", .why_tar = "not examined", .tags = json_pack("[s,s,s]", "any", "archive", "tar")};
	json_array_foreach(j->limits, i, limit) {
		const char *why = pb_json_str(limit, "why", "not examined");
		bool tar = strcmp(why, PB_WHY_STREAMED) == 0;
		size_t *n = tar ? &out->tars : &out->any;
		if ((*n)++ == 0)
			*(tar ? &out->why_tar : &out->why) = why;
	}
	return out->tags ? 0 : PB_ENOMEM;
}

/* How much that is not there may concern this check; *why of the first. */
static size_t left_out_of(const left_out *l, const pb_check *c, const char **why)
{
	bool tars = l->tars > 0 && !asks_for_any(c) && pb_check_applies(c, l->tags);
	*why = l->any ? l->why : l->why_tar;
	return l->any + (tars ? l->tars : 0);
}

/* Documents of the dossier that the check is about. */
static size_t documents_of(const pb_join *j, const pb_check *c)
{
	size_t i, n = 0;
	json_t *d;
	json_array_foreach(j->documents, i, d)
		n += pb_check_applies(c, json_object_get(json_object_get(json_object_get(d, "result"), "facts"), "tags"));
	return n;
}

/* How a check's pass counts, where it rests on evidence: never better than its own means, never more than it covered. */
typedef struct resting {
	const json_t *pass;
	pb_reliability reliability;
	int coverage, freshness;
	bool worthless;
} resting;

static resting rest(const json_t *pass, const pb_check *c, int coverage)
{
	int word = pb_reliability_of(pb_json_str(pass, "reliability", ""));
	resting r = {pass, c->reliability, coverage, 1000, false};
	if (!pass || word < 0 || coverage == 0)
		return r;
	if (pb_reliability_permille((pb_reliability)word) <= pb_reliability_permille(c->reliability))
		r.reliability = (pb_reliability)word;
	r.coverage = (int)(coverage * pb_json_int(pass, "coverage", 0) / 1000);
	r.freshness = (int)pb_json_int(pass, "freshness", 1000);
	r.worthless = r.coverage == 0 || r.freshness == 0;
	if (r.worthless)
		r.coverage = 0;
	return r;
}

static json_t *outcome(const pb_check *c, pb_reliability reliability, const char *status, int coverage, const char *reason)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:b,s:s,s:i,s:s,s:s}", "id", c->id, "catalogue", c->catalogue, "claim", c->claim,
	                 "pillar", pb_pillar_name(c->pillar), "severity", pb_severity_name(c->severity), "reliability",
	                 pb_reliability_name(reliability), "online", c->online, "status", status, "coverage", coverage, "reason",
	                 reason, "title", c->title);
}

/* What a reader needs who wants to look for himself; the report of a check that looked and found nothing goes without. */
static int explain(json_t *out, const pb_check *c)
{
	if (!out || json_object_set_new(out, "why", json_string(c->why)))
		return PB_ENOMEM;
	return c->confirm && json_object_set_new(out, "confirm", json_string(c->confirm)) ? PB_ENOMEM : 0;
}

/* Why this row was not examined for this check, which applies to it. */
static const char *missed_of(const pb_row *r, const pb_check *c)
{
	return pb_json_str(json_object_get(r->result, "unknown"), c->id, "not scanned by ClamAV: unpacked by Probity");
}

/* What a check applies to, and what of it it could not look at. */
typedef struct counted {
	size_t applies, missed;
	size_t first; /* row that was missed; SIZE_MAX: none */
} counted;

static void miss(counted *k, size_t n, size_t first)
{
	k->missed += n;
	if (first < k->first)
		k->first = first;
}

static bool applies_to(const pb_check *c, bool any, const pb_row_group *g)
{
	return !(any && g->opened) && pb_check_applies(c, g->tags);
}

static counted count(const pb_cover_rows *rows, const pb_check *c, size_t check)
{
	counted k = {.first = SIZE_MAX};
	bool any = asks_for_any(c), unscanned = c->needs == PB_NEED_CLAMAV;
	size_t n;
	const pb_missed_row *missed = pb_cover_rows_missed(rows, check, &n);
	for (size_t i = 0; i < rows->n_groups; i++) {
		const pb_row_group *g = &rows->groups[i];
		if (!applies_to(c, any, g))
			continue;
		k.applies += g->n;
		if (unscanned && g->unscanned)
			miss(&k, g->n, g->first);
	}
	for (size_t i = 0; i < n; i++) {
		const pb_row_group *g = &rows->groups[rows->group_of[missed[i].row]];
		if (applies_to(c, any, g) && !(unscanned && g->unscanned)) /* once is enough */
			miss(&k, 1, missed[i].row);
	}
	return k;
}

static json_t *cover_one(const pb_join *j, const pb_cover_rows *rows, const left_out *absent, const pb_check *checks, size_t check,
                         const json_t *failed, const json_t *raised)
{
	const pb_check *c = &checks[check];
	const json_t *unknown = json_object_get(raised, "unknown"), *passes = json_object_get(raised, "pass");
	counted k = count(rows, c, check);
	k.applies += asks_for_any(c) ? 0 : documents_of(j, c);
	size_t applies = k.applies, examined = k.applies - k.missed;
	bool fail = json_object_get(failed, c->id) != NULL;
	const char *reason = k.missed ? missed_of(&j->rows[k.first], c) : "", *why = pb_json_str(unknown, c->id, NULL);
	const char *why_absent;
	char words[600];
	/* Nothing at all came out of a product: then even its packaging is unknown. */
	if (!asks_for_packages(c) || j->n == 0) {
		size_t n = left_out_of(absent, c, &why_absent);
		applies += n;
		if (n && !*reason)
			reason = why_absent;
	}
	/* A script may say that it could not look, never that there was nothing to look at. */
	if (applies == 0 && !fail)
		return outcome(c, c->reliability, "n/a", 0, "");
	int coverage = why || applies == 0 ? 0 : (int)(examined * 1000 / applies);
	if (fail && applies == 0)
		coverage = 1000;
	if (why) {
		reason = why;
	} else if (coverage < 1000 && applies > examined) {
		snprintf(words, sizeof words, "%zu of %zu not examined: %.400s", applies - examined, applies, reason);
		reason = words;
	} else {
		reason = "";
	}
	const resting by = rest(fail || why ? NULL : json_object_get(passes, c->id), c, coverage);
	if (by.worthless)
		reason = "the evidence for it has expired, or is too old to count";
	else if ((by.coverage < coverage || by.freshness < 1000) && !*reason) {
		int counts = by.coverage * by.freshness / 1000;
		snprintf(words, sizeof words, "rests on evidence that counts for %d.%d %% on this day", counts / 10, counts % 10);
		reason = words;
	}
	json_t *out = outcome(c, by.reliability, fail ? "fail" : by.coverage > 0 ? "pass" : "unknown", by.coverage, reason);
	if ((fail || (by.coverage == 0 && !why && applies > examined)) && explain(out, c)) {
		json_decref(out);
		return NULL;
	}
	if (out && by.coverage > 0 && by.freshness < 1000 && json_object_set_new(out, "freshness", json_integer(by.freshness))) {
		json_decref(out);
		return NULL;
	}
	return out;
}

json_t *pb_cover(const pb_join *j, const pb_check *checks, size_t n_checks, const json_t *findings, const json_t *raised)
{
	json_t *out = json_array(), *failed = json_object(), *f;
	pb_cover_rows rows = {0};
	left_out absent = {0};
	size_t i;
	if (find_left_out(j, &absent) || !out || !failed || pb_cover_rows_make(j, checks, n_checks, &rows))
		goto bad;
	json_array_foreach(findings, i, f)
		if (json_object_set_new(failed, pb_json_str(f, "check", ""), json_true()))
			goto bad;
	for (i = 0; i < n_checks; i++)
		if (json_array_append_new(out, cover_one(j, &rows, &absent, checks, i, failed, raised)))
			goto bad;
	json_decref(failed);
	json_decref(absent.tags);
	pb_cover_rows_free(&rows);
	return out;
bad:
	json_decref(absent.tags);
	pb_cover_rows_free(&rows);
	json_decref(out);
	json_decref(failed);
	return NULL;
}

/* Elements of the path that lead to the container which ClamAV still scanned, but only as the bytes that it is. */
static size_t depth_of_closed(const pb_join *j, const pb_row *r)
{
	for (size_t depth = r->depth - 1; depth > 0; depth--) {
		const char *name = json_string_value(json_array_get(r->path, depth - 1));
		size_t at = pb_join_find(j, r->path, depth - 1, name);
		if (at < j->n && !pb_row_unscanned(&j->rows[at]))
			return depth;
	}
	return 1;
}

int pb_cover_unscanned(const pb_join *j, json_t *limits)
{
	size_t from, next;
	for (size_t i = 0; i < j->n; i = next) {
		const pb_row *r = &j->rows[i];
		next = i + 1;
		if (!pb_row_unscanned(r))
			continue;
		size_t depth = depth_of_closed(j, r);
		json_t *path = json_copy((json_t *)r->path);
		while (json_array_size(path) > depth)
			json_array_remove(path, depth);
		if (!path || json_array_append_new(limits, json_pack("{s:o,s:s}", "path", path, "why",
		                                                     "members not scanned by ClamAV: unpacked by Probity")))
			return PB_ENOMEM;
		pb_join_below(j, r->path, depth, &from, &next); /* one line a container, however much lies in it */
	}
	return 0;
}
