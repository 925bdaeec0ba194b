/* The nine principles of the Paris Call: which checks speak of each, and whether this product lets anyone say so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/build.h"

/* In the order P1..P9. */
static const char *const titles[] = {
	"Protect individuals and infrastructure",
	"Protect the public core of the Internet",
	"Defend electoral processes",
	"Defend intellectual property",
	"Non-proliferation of harmful software",
	"Security through life cycle and supply chain",
	"Cyber hygiene for all",
	"No private hack back",
	"International norms",
};
enum { PRINCIPLES = sizeof titles / sizeof titles[0] };

static bool lists(const json_t *array, const char *text)
{
	size_t i;
	json_t *one;

	json_array_foreach(array, i, one) {
		if (json_is_string(one) && strcmp(json_string_value(one), text) == 0)
			return true;
	}
	return false;
}

/* marks[c] is set where check c serves the principle: by the result's list, or by the map of one of its findings. */
static int mark(const pb_build *b, const char *id, bool *marks, pb_error *err)
{
	const json_t *ids = json_object_get(json_object_get(b->result->document, "principles"), id);
	char map[16];
	size_t i;
	json_t *one;

	memset(marks, 0, b->result->n_checks * sizeof *marks);
	json_array_foreach(ids, i, one) {
		const char *check = json_is_string(one) ? json_string_value(one) : "";
		size_t c = 0;

		while (c < b->result->n_checks && strcmp(b->result->checks[c].id, check) != 0)
			c++;
		if (c == b->result->n_checks)
			return pb_fail(err, PB_ECORRUPT, "%s names the unknown check \"%s\"", id, check);
		marks[c] = true;
	}
	(void)snprintf(map, sizeof map, "paris:%s", id);
	for (i = 0; i < b->result->n_findings; i++)
		if (lists(b->result->findings[i].maps, map))
			marks[b->result->findings[i].check] = true;
	return PB_OK;
}

static json_t *one_principle(const pb_build *b, size_t number, bool *marks, pb_error *err)
{
	json_t *checks = json_array(), *sorted;
	bool assessable = false;
	char id[8];
	int findings = 0;

	(void)snprintf(id, sizeof id, "P%zu", number + 1);
	if (mark(b, id, marks, err) != PB_OK)
		goto fail;
	for (size_t c = 0; c < b->result->n_checks; c++) {
		const pb_check_outcome *check = &b->result->checks[c];

		if (!marks[c] || check->status == PB_NA)
			continue;
		if (json_array_append_new(checks, pb_build_string(check->id)) != 0)
			goto fail;
		assessable = assessable || check->coverage > 0;
	}
	for (size_t i = 0; i < b->result->n_findings; i++)
		findings += marks[b->result->findings[i].check];
	sorted = pb_build_strings(checks);
	json_decref(checks);
	return json_pack("{s:s,s:s,s:o,s:i,s:s}", "id", id, "title", titles[number], "checks", sorted, "findings",
	                 findings, "assessable", assessable ? "yes" : "limited");
fail:
	json_decref(checks);
	return NULL;
}

json_t *pb_build_principles(const pb_build *b, pb_error *err)
{
	bool *marks = calloc(b->result->n_checks + 1, sizeof *marks);
	json_t *out = json_array();

	for (size_t p = 0; marks != NULL && p < PRINCIPLES; p++) {
		if (json_array_append_new(out, one_principle(b, p, marks, err)) != 0) {
			json_decref(out);
			out = NULL;
			break;
		}
	}
	if (marks == NULL) {
		json_decref(out);
		out = NULL;
	}
	free(marks);
	return out;
}
