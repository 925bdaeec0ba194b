#include "evidence/osv.h"

#include <stdlib.h>
#include <string.h>

#include "evidence/vex.h"

static bool is_record(const json_t *v)
{
	return json_is_string(json_object_get(v, "id")) && json_is_string(json_object_get(v, "modified")) &&
	       (json_is_array(json_object_get(v, "affected")) || json_object_get(v, "schema_version") != NULL || json_object_get(v, "withdrawn") != NULL);
}

bool pb_is_osv(const pb_reading *r)
{
	return is_record(json_is_array(r->json) ? json_array_get(r->json, 0) : r->json);
}

/* CVSS_V2 < CVSS_V3 < CVSS_V4: the newest is kept. A score that is a number ("7.5") is one; else it is a vector. */
static void put_severity(const pb_node *record, json_t *row)
{
	const pb_node list = pb_doc_at(record, "severity"), specific = pb_doc_at(record, "database_specific");
	const char *word = json_is_string(json_object_get(specific.v, "severity")) ? pb_doc_text_at(&specific, "severity") : "";
	char newest = '0', lower[40];
	size_t n;

	for (size_t i = 0, m = pb_doc_items(&list); i < m && list.r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&list, i);
		const char *type = pb_doc_text_at(&one, "type"), *score = pb_doc_text_at(&one, "score");

		if (strncmp(type, "CVSS_V", 6) != 0 || type[6] <= newest)
			continue;
		newest = type[6];
		/* strtod would read the locale's comma */
		if (score[0] >= '0' && score[0] <= '9' && strspn(score, "0123456789.") == strlen(score) && strlen(score) <= 4) {
			const char *dot = strchr(score, '.');
			int tenths = atoi(score) * 10 + (dot != NULL && dot[1] != '\0' && dot[1] != '.' ? dot[1] - '0' : 0);

			pb_doc_put(list.r, row, "vector", "");
			pb_doc_put_new(list.r, row, "score_tenths", json_integer(tenths <= 100 ? tenths : -1));
		} else {
			pb_doc_put(list.r, row, "vector", score);
			pb_doc_put_new(list.r, row, "score_tenths", json_integer(-1));
		}
	}
	n = strnlen(word, sizeof lower - 1);
	for (size_t i = 0; i < n; i++)
		lower[i] = word[i] >= 'A' && word[i] <= 'Z' ? (char)(word[i] - 'A' + 'a') : word[i];
	lower[n] = '\0';
	pb_doc_put(record->r, row, "severity", lower);
}

static json_t *new_range(pb_reading *r, json_t *rows, const char *type, const char *introduced)
{
	json_t *row = pb_doc_row(r, rows);

	pb_doc_put(r, row, "type", type);
	pb_doc_put(r, row, "introduced", introduced);
	pb_doc_put(r, row, "fixed", "");
	pb_doc_put(r, row, "last_affected", "");
	return row;
}

/* Events are "introduced", and then "fixed" or "last_affected"; each "introduced" begins an interval. "limit" is a bound of git alone. */
static void put_range(const pb_node *range, json_t *rows)
{
	pb_reading *r = range->r;
	const pb_node events = pb_doc_at(range, "events");
	const char *type = pb_doc_text_at(range, "type");
	json_t *open = NULL;

	for (size_t i = 0, n = pb_doc_items(&events); i < n && r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&events, i), introduced = pb_doc_at(&one, "introduced");
		const char *fixed = pb_doc_text_at(&one, "fixed"), *last = pb_doc_text_at(&one, "last_affected");

		if (!pb_doc_is_object(&one))
			continue;
		if (introduced.v != NULL)
			open = new_range(r, rows, type, pb_doc_text(&introduced));
		if (fixed[0] == '\0' && last[0] == '\0')
			continue;
		if (open == NULL)
			open = new_range(r, rows, type, "0");
		pb_doc_put(r, open, "fixed", fixed);
		pb_doc_put(r, open, "last_affected", last);
		open = NULL;
	}
}

static void put_package(const pb_node *affected, json_t *rows)
{
	pb_reading *r = affected->r;
	const pb_node package = pb_doc_at(affected, "package"), ranges = pb_doc_at(affected, "ranges"), versions = pb_doc_at(affected, "versions");
	json_t *row = pb_doc_row(r, rows), *list = pb_doc_list(r, row, "ranges");

	if (package.v != NULL && !pb_doc_is_object(&package))
		return;
	pb_doc_put(r, row, "ecosystem", pb_doc_text_at(&package, "ecosystem"));
	pb_doc_put(r, row, "name", pb_doc_text_at(&package, "name"));
	pb_doc_put(r, row, "purl", pb_doc_text_at(&package, "purl"));
	(void)pb_doc_list(r, row, "versions");
	pb_doc_put_texts(&versions, row, "versions");
	for (size_t i = 0, n = pb_doc_items(&ranges); i < n && r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&ranges, i);

		put_range(&one, list);
	}
}

static void put_record(const pb_node *n, json_t *rows)
{
	static const char *const days[] = {"published", "modified", "withdrawn"};
	pb_reading *r = n->r;
	const pb_node id = pb_doc_at(n, "id"), aliases = pb_doc_at(n, "aliases"), affected = pb_doc_at(n, "affected");
	json_t *row = pb_doc_row(r, rows), *packages = pb_doc_list(r, row, "packages");
	char day[11];

	pb_doc_must(&id);
	pb_doc_put(r, row, "id", pb_doc_text(&id));
	pb_doc_put(r, row, "summary", pb_doc_text_at(n, "summary"));
	pb_doc_put(r, row, "vector", "");
	pb_doc_put_new(r, row, "score_tenths", json_integer(-1));
	(void)pb_doc_list(r, row, "aliases");
	pb_doc_put_texts(&aliases, row, "aliases");
	for (size_t i = 0; i < 3; i++) {
		const pb_node at = pb_doc_at(n, days[i]);

		pb_doc_day(&at, day);
		pb_doc_put(r, row, days[i], day);
		if (i == 1 && strcmp(day, pb_json_str(r->record, "issued", "")) > 0)
			pb_doc_dates(r, day, "");
	}
	put_severity(n, row);
	for (size_t i = 0, m = pb_doc_items(&affected); i < m && r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&affected, i);

		pb_doc_must(&one);
		if (pb_doc_is_object(&one))
			put_package(&one, packages);
	}
}

void pb_read_osv(pb_reading *r)
{
	const pb_node root = pb_doc_root_of(r);
	json_t *rows;
	size_t n = 1;

	pb_doc_says(r, "osv", "osv %s", r->lines ? "json-lines" : json_is_array(r->json) ? "json-array" : "json");
	rows = pb_doc_list(r, r->content, "records");
	if (json_is_array(r->json)) {
		n = pb_doc_items(&root);
		for (size_t i = 0; i < n && r->rc == PB_OK; i++) {
			const pb_node one = pb_doc_item(&root, i);

			pb_doc_must(&one);
			if (pb_doc_is_object(&one))
				put_record(&one, rows);
		}
	} else {
		put_record(&root, rows);
	}
	pb_doc_put_new(r, r->content, "count", json_integer((json_int_t)n));
}
