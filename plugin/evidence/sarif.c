/* Logs of static analysis, SARIF 2.1.0: which tool ran, how much it found by level, over which bytes. What it found is the tool's word and is counted only. */
#include "evidence/sarif.h"

#include <string.h>

enum { ERROR, WARNING, NOTE, NONE, LEVELS, WARNED_IF_UNSAID = WARNING };

static const char *const levels[LEVELS] = {"error", "warning", "note", "none"};
static const char *const kinds[] = {"pass", "open", "informational", "notApplicable", "review", "fail"};

bool pb_is_sarif(const pb_reading *r)
{
	return json_is_array(json_object_get(r->json, "runs")) &&
	       (strncmp(pb_json_str(r->json, "version", ""), "2.", 2) == 0 || strstr(pb_json_str(r->json, "$schema", ""), "sarif") != NULL);
}

static int level_of(const pb_node *n, int absent)
{
	const char *word = pb_doc_text(n);

	if (n->v == NULL)
		return absent;
	for (int i = 0; i < LEVELS; i++)
		if (strcmp(word, levels[i]) == 0)
			return i;
	pb_doc_refuse_at(n, "no level of SARIF: %.80s", word);
	return absent;
}

/* What a rule says of its results that say nothing themselves. */
static int level_of_rule(const pb_node *result, const pb_node *rules)
{
	const pb_node index = pb_doc_at(result, "ruleIndex");
	int64_t at = pb_doc_number(&index, -1, INT64_MAX, -1);

	if (at < 0 || (uint64_t)at >= json_array_size(rules->v))
		return WARNED_IF_UNSAID;
	const pb_node rule = pb_doc_item(rules, (size_t)at), usual = pb_doc_at(&rule, "defaultConfiguration"), level = pb_doc_at(&usual, "level");

	return level_of(&level, WARNED_IF_UNSAID);
}

/* A result that is no failure has the level none. */
static int level_of_result(const pb_node *result, const pb_node *rules)
{
	const pb_node kind = pb_doc_at(result, "kind"), level = pb_doc_at(result, "level");
	const char *word = pb_doc_text(&kind);
	bool known = kind.v == NULL;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		known |= strcmp(word, kinds[i]) == 0;
	if (!known)
		pb_doc_refuse_at(&kind, "no kind of a result of SARIF: %.80s", word);
	if (kind.v != NULL && strcmp(word, "fail") != 0)
		return NONE;
	return level.v != NULL ? level_of(&level, WARNED_IF_UNSAID) : level_of_rule(result, rules);
}

static void put_results(const pb_node *run, const pb_node *driver, json_t *row)
{
	const pb_node results = pb_doc_at(run, "results"), rules = pb_doc_at(driver, "rules");
	json_int_t count[LEVELS] = {0}, suppressed = 0;

	(void)pb_doc_items(&rules);
	for (size_t i = 0, n = pb_doc_items(&results); i < n && run->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&results, i), waived = pb_doc_at(&one, "suppressions");

		count[level_of_result(&one, &rules)]++;
		suppressed += pb_doc_items(&waived) > 0;
	}
	for (int i = 0; i < LEVELS; i++)
		pb_doc_put_new(run->r, row, levels[i], json_integer(count[i]));
	pb_doc_put_new(run->r, row, "suppressed", json_integer(suppressed));
	/* absent: the run did not get as far as results */
	pb_doc_put_new(run->r, row, "finished", json_boolean(results.v != NULL));
}

/* What was looked at, as far as its bytes are named: the document's subjects. */
static void put_artifacts(const pb_node *run, json_t *row)
{
	const pb_node artifacts = pb_doc_at(run, "artifacts");
	json_int_t hashed = 0, n = (json_int_t)pb_doc_items(&artifacts);
	const char *algorithm;
	json_t *value, *subject;

	for (size_t i = 0; i < (size_t)n && run->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&artifacts, i), where = pb_doc_at(&one, "location"), hashes = pb_doc_at(&one, "hashes");

		if (!pb_doc_is_object(&hashes) || json_object_size(hashes.v) == 0)
			continue;
		subject = pb_doc_subject(run->r, pb_doc_text_at(&where, "uri"), "");
		json_object_foreach ((json_t *)(uintptr_t)hashes.v, algorithm, value) {
			const pb_node hash = pb_doc_at(&hashes, algorithm);

			if (!pb_doc_digest_put(run->r, subject, algorithm, pb_doc_text(&hash)))
				pb_doc_refuse_at(&hash, "no such digest in hex: %.140s", pb_doc_text(&hash));
		}
		hashed++;
	}
	pb_doc_put_new(run->r, row, "artifacts", json_integer(n));
	pb_doc_put_new(run->r, row, "hashed", json_integer(hashed));
}

/* The day on which the last of a run's invocations ended, and whether all went well. */
static void put_invocations(const pb_node *run, json_t *row, char last[11])
{
	const pb_node invocations = pb_doc_at(run, "invocations");
	bool good = true;
	char day[11];

	for (size_t i = 0, n = pb_doc_items(&invocations); i < n && run->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&invocations, i), end = pb_doc_at(&one, "endTimeUtc"), success = pb_doc_at(&one, "executionSuccessful");

		pb_doc_day(&end, day);
		good &= pb_doc_yes(&success, false); /* which the format demands to be there */
		if (strcmp(day, last) > 0)
			memcpy(last, day, sizeof day);
	}
	pb_doc_put_new(run->r, row, "succeeded", json_boolean(good));
}

static void put_run(const pb_node *run, json_t *rows, char last[11])
{
	const pb_node tool = pb_doc_at(run, "tool"), driver = pb_doc_at(&tool, "driver"), name = pb_doc_at(&driver, "name");
	const char *version = pb_doc_text_at(&driver, "version");
	pb_reading *r = run->r;
	json_t *row = pb_doc_row(r, rows);

	pb_doc_must(&name);
	pb_doc_put(r, row, "tool", pb_doc_text(&name));
	pb_doc_put(r, row, "version", version[0] != '\0' ? version : pb_doc_text_at(&driver, "semanticVersion"));
	pb_doc_put(r, row, "organization", pb_doc_text_at(&driver, "organization"));
	put_results(run, &driver, row);
	put_artifacts(run, row);
	put_invocations(run, row, last);
}

void pb_read_sarif(pb_reading *r)
{
	const pb_node root = pb_doc_root_of(r), runs = pb_doc_at(&root, "runs");
	const char *version = pb_json_str(r->json, "version", "");
	json_t *rows = pb_doc_list(r, r->content, "runs");
	char last[11] = "";

	pb_doc_says(r, "sarif", "sarif %.20s", version);
	if (strcmp(version, "2.1.0") != 0)
		pb_doc_refuse(r, "version: SARIF 2.1.0 is read, not: %.80s", version);
	for (size_t i = 0, n = pb_doc_items(&runs); i < n && r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&runs, i);

		pb_doc_must(&one);
		if (pb_doc_is_object(&one))
			put_run(&one, rows, last);
	}
	pb_doc_dates(r, last, "");
}
