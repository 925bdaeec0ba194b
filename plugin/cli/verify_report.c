/* A report held against itself: its form, its bytes, and every number made again from the others. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/verify.h"
#include "report/differ.h"
#include "report/reread.h"

int pb_verify_problem(json_t *out, const char *part, const char *field, const json_t *report, const json_t *found, const char *says)
{
	json_t *list = json_object_get(out, "problems");
	json_t *row;

	if (json_array_size(list) >= PB_VERIFY_PROBLEMS)
		return json_object_set_new(out, "more", json_integer(pb_json_int(out, "more", 0) + 1));
	row = json_pack("{s:s,s:s,s:o,s:o,s:s}", "part", part, "field", field, "report", report ? json_deep_copy(report) : json_null(), "found",
	                found ? json_deep_copy(found) : json_null(), "says", says);
	return json_array_append_new(list, row) ? PB_ENOMEM : 0;
}

bool pb_verify_told(const json_t *out, const char *field)
{
	const json_t *p;
	size_t i;

	json_array_foreach (json_object_get(out, "problems"), i, p)
		if (strcmp(pb_json_str(p, "field", ""), field) == 0)
			return true;
	return false;
}

typedef struct sum {
	json_t *out, *score;
	int64_t compared, hold;
	int rc;
} sum;

static bool has_prefix(const char *field, const char *prefix)
{
	return strncmp(field, prefix, strlen(prefix)) == 0;
}

/* Numbers and decisions are counted, those of the score and the pillars listed; what differs is a problem wherever it stands. */
static void each(void *user, const char *field, const json_t *said, const json_t *found)
{
	sum *s = user;
	bool equal = json_equal(said, found);
	bool listed = has_prefix(field, "score.") || has_prefix(field, "pillars.");

	if (listed || has_prefix(field, "claims[") || has_prefix(field, "checks[")) {
		s->compared++;
		s->hold += equal;
	}
	if (listed && !s->rc && json_array_append_new(s->score, json_pack("{s:s,s:O?,s:O?,s:b}", "field", field, "report", said, "found", found, "holds", equal)))
		s->rc = PB_ENOMEM;
	if (!equal && !s->rc)
		s->rc = pb_verify_problem(s->out, "score", field, said, found,
		                          !found  ? "nothing of this name belongs there"
		                          : !said ? "it is missing"
		                                  : "made again from the rest of the report it is another");
}

static int recompute(const json_t *report, json_t *out)
{
	sum s = {.out = out, .score = json_array()};
	pb_error err = {0};
	json_t *again = pb_report_again(report, &err);

	if (!again && err.code == PB_ENOMEM)
		s.rc = PB_ENOMEM;
	else if (!again)
		s.rc = pb_verify_problem(out, "form", "", NULL, NULL, err.text);
	else
		s.rc = pb_report_differ(report, again, each, &s);
	json_object_set_new(out, "numbers", json_pack("{s:I,s:I}", "compared", (json_int_t)s.compared, "hold", (json_int_t)s.hold));
	json_object_set_new(out, "score", s.score);
	json_decref(again);
	return s.rc;
}

static int canonical(const json_t *report, pb_bytes text, json_t *out)
{
	char says[200];
	size_t at = 0, from, n;
	int rc = pb_report_canonical(report, text, &at);

	if (rc)
		return rc < 0 ? rc : 0;
	from = at > 20 ? at - 20 : 0;
	n = text.size - from < 40 ? text.size - from : 40;
	json_t *there = pb_json_display(text.data + from, n, 200);
	snprintf(says, sizeof says, "not in canonical form from byte %zu on", at);
	rc = pb_verify_problem(out, "canonical", "", there, NULL, says);
	json_decref(there);
	return rc;
}

static int identity(const json_t *report, json_t *out)
{
	const json_t *p = json_object_get(report, "product");
	json_t *id = json_pack("{s:s,s:s,s:s}", "name", pb_json_str(p, "name", ""), "version", pb_json_str(p, "version", ""), "sha256",
	                       pb_json_str(p, "sha256", ""));

	return json_object_set_new(out, "product", id) ? PB_ENOMEM : 0;
}

/* What no number is made of can still contradict the rest: its bytes have to be the product's, its hosts those of the inventory. Whether
 * they lie and are where it says, the product alone can tell. */
static int parts_agree(const json_t *report, json_t *out)
{
	const json_t *composition = json_object_get(report, "composition"), *inventory = json_object_get(report, "inventory");
	const json_t *endpoints = json_object_get(inventory, "endpoints"), *hosts = json_object_get(inventory, "hosts"), *row;
	int64_t bytes = pb_json_int(json_object_get(report, "product"), "bytes", 0), left = bytes;
	size_t i;
	int rc = 0;

	json_array_foreach (json_object_get(composition, "rows"), i, row) {
		int64_t size = pb_json_int(row, "bytes", 0);

		left = size < 0 || left < size ? -1 : left - size;
		if (left < 0)
			break;
	}
	if (composition && left != 0)
		rc = pb_verify_problem(out, "score", "composition.rows", NULL, json_object_get(json_object_get(report, "product"), "bytes"),
		                       "their bytes do not sum up to those of the product");
	for (i = 0; !rc && endpoints && i < json_array_size(hosts) + json_array_size(endpoints); i++) {
		const json_t *host = json_array_get(hosts, i), *other = json_object_get(json_array_get(endpoints, i), "host");

		if (!json_equal(host, other) && (host || other))
			return pb_verify_problem(out, "score", "inventory.endpoints", other, host, "they are not the hosts of the inventory");
	}
	return rc;
}

int pb_verify_alone(pb_bytes text, json_t *out, json_t **report)
{
	pb_error err = {0};
	json_t *read = pb_json_parse(text, PB_VERIFY_REPORT_MAX, "the report", &err);
	int rc;

	*report = NULL;
	if (!read)
		return err.code == PB_ENOMEM ? PB_ENOMEM : pb_verify_problem(out, "form", "", NULL, NULL, err.text);
	if (!json_is_object(read)) {
		json_decref(read);
		return pb_verify_problem(out, "form", "", NULL, NULL, "it is no JSON object");
	}
	rc = identity(read, out);
	rc = rc ? rc : canonical(read, text, out);
	rc = rc ? rc : recompute(read, out);
	rc = rc ? rc : parts_agree(read, out);
	*report = read;
	return rc;
}
