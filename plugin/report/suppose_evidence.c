/* Evidence that somebody supposes to be handed in: which rows would then pass, at best. What was found stays found. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/build.h"
#include "report/suppose_parts.h"

enum { ROWS_MOST = 16, NAMES_MOST = 128 };

typedef struct asked {
	char rows[ROWS_MOST][8];
	size_t n;
	const char *title; /* of required evidence; NULL */
	int required;      /* its index in the policy; -1: the policy does not require it by this name */
} asked;

static void add_row(asked *a, const char *row, size_t n)
{
	if (a->n < ROWS_MOST && n < sizeof a->rows[0]) {
		memcpy(a->rows[a->n], row, n);
		a->rows[a->n++][n] = '\0';
	}
}

static bool has_row(const asked *a, const char *row)
{
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->rows[i], row) == 0)
			return true;
	return false;
}

/* A name of the policy's, a kind of document, or a row of the catalogue. */
static bool resolve(const pb_policy *p, const char *name, const pb_evidence_name *names, asked *a)
{
	*a = (asked){.required = -1};
	for (size_t i = 0; i < p->n_required; i++)
		if (strcmp(p->required[i].id, name) == 0) {
			a->required = (int)i;
			a->title = p->required[i].title;
			for (size_t k = 0; k < p->required[i].n_catalogue; k++)
				add_row(a, p->required[i].catalogue[k], strlen(p->required[i].catalogue[k]));
			return true;
		}
	for (; names->name != NULL; names++) {
		if (strcmp(names->name, name) != 0)
			continue;
		for (const char *at = names->rows; *at != '\0'; at += strspn(at, " ")) {
			add_row(a, at, strcspn(at, " "));
			at += strcspn(at, " ");
		}
		return true;
	}
	if (pb_row_valid(name))
		add_row(a, name, strlen(name));
	return a->n > 0;
}

static int no_such(const pb_policy *p, const char *value, const pb_evidence_name *names, pb_error *err)
{
	const char *all[NAMES_MOST], *near;
	size_t n = 0;

	for (size_t i = 0; i < p->n_required && n < NAMES_MOST; i++)
		all[n++] = p->required[i].id;
	for (; names->name != NULL && n < NAMES_MOST; names++)
		all[n++] = names->name;
	near = pb_text_nearest(value, all, n);
	return pb_fail(err, PB_EINPUT,
	               near != NULL ? "evidence=%s: no such evidence; did you mean %s?"
	                            : "evidence=%s: no such evidence; name what the policy requires, a kind of "
	                              "document (`probity evidence template` lists them) or a row "
	                              "such as V-02",
	               value, near);
}

/* By as good a word as whatever the policy requires of the row asks for. */
static void vouch(const pb_policy *p, pb_check_outcome *c)
{
	for (size_t i = 0; i < p->n_required; i++)
		for (size_t k = 0; k < p->required[i].n_catalogue; k++)
			if (strcmp(p->required[i].catalogue[k], c->catalogue) == 0 &&
			    !pb_required_by(&p->required[i], c->reliability))
				c->reliability = p->required[i].least;
}

static json_t *check_row(const pb_check_outcome *c)
{
	return json_pack("{s:o,s:o,s:o,s:s,s:i}", "check", pb_build_string(c->id), "title",
	                 pb_build_string(pb_build_title(c)), "catalogue", pb_build_string(c->catalogue), "status",
	                 pb_status_name(c->status), "coverage", c->coverage);
}

/* As the score's step does it: unknown becomes pass, what was not wholly seen is; what failed or does not apply stays
 * so. */
static bool supply(pb_reread *r, const asked *a, json_t *pass, json_t *cannot, json_t *already)
{
	bool applies = false;

	for (size_t i = 0; i < r->result.n_checks; i++) {
		pb_check_outcome *c = &r->result.checks[i];
		pb_reliability before = c->reliability;
		bool stays = c->status == PB_NA || c->status == PB_FAIL;

		if (!has_row(a, c->catalogue))
			continue;
		applies |= c->status != PB_NA;
		if (!stays)
			vouch(&r->policy, c);
		if (stays)
			(void)json_array_append_new(cannot, check_row(c));
		else if (c->status == PB_PASS && c->coverage == 1000 && c->aged == 0 && c->reliability == before)
			(void)json_array_append_new(already, check_row(c));
		else
			(void)json_array_append_new(pass, check_row(c));
		if (stays)
			continue;
		c->status = PB_PASS;
		c->coverage = 1000;
		c->aged = 0;
	}
	return applies;
}

static json_t *unasked(const pb_product_result *r, const asked *a)
{
	json_t *out = json_array();

	for (size_t i = 0; i < a->n; i++) {
		bool any = false;

		for (size_t k = 0; k < r->n_checks; k++)
			any |= strcmp(r->checks[k].catalogue, a->rows[i]) == 0;
		if (!any)
			(void)json_array_append_new(out, pb_build_string(a->rows[i]));
	}
	return out;
}

/* Where no check of its rows applies the requirement counts as met, as the score's conditions have it. */
static void meet(pb_policy *p, size_t at)
{
	memmove(&p->required[at], &p->required[at + 1], (p->n_required - at - 1) * sizeof p->required[0]);
	p->n_required--;
}

int pb_suppose_evidence(pb_reread *r, const char *value, const pb_evidence_name *names, json_t **told, pb_error *err)
{
	json_t *pass = json_array(), *cannot = json_array(), *already = json_array(), *not_there;
	bool alone;
	asked a;

	if (pass == NULL || cannot == NULL || already == NULL || !resolve(&r->policy, value, names, &a)) {
		json_decref(pass);
		json_decref(cannot);
		json_decref(already);
		return pass == NULL ? PB_ENOMEM : no_such(&r->policy, value, names, err);
	}
	not_there = unasked(&r->result, &a);
	alone = !supply(r, &a, pass, cannot, already) && a.required >= 0;
	*told = json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:b}", "title",
	                  a.title != NULL ? pb_build_string(a.title) : json_null(), "rows",
	                  pb_suppose_rows((const char(*)[8])a.rows, a.n), "pass", pass, "cannot", cannot, "already",
	                  already, "unasked", not_there, "alone", (int)alone);
	if (alone)
		meet(&r->policy, (size_t)a.required);
	return PB_OK;
}
