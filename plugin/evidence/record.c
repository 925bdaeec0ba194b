#include "evidence/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { DIGEST = 64 };

static const char none[] = "0000000000000000000000000000000000000000000000000000000000000000";

/* One line of a log. */
typedef struct log_line {
	int64_t n;
	char previous[129], digest[DIGEST + 1], report[129]; /* report: "" where it is of none */
} log_line;

static bool is_line(const json_t *line)
{
	char hex[129];

	return json_is_integer(json_object_get(line, "n")) && pb_doc_hex_of(pb_json_str(line, "previous", ""), DIGEST, hex);
}

bool pb_is_log(const pb_reading *r)
{
	return is_line(r->lines ? json_array_get(r->json, 0) : r->json);
}

/* The next line that is not blank, without its end. */
static bool next_line(pb_bytes text, size_t *at, pb_bytes *line)
{
	while (*at < text.size) {
		const uint8_t *from = text.data + *at, *end = memchr(from, '\n', text.size - *at);
		size_t n = end != NULL ? (size_t)(end - from) : text.size - *at;

		*at += n + (end != NULL ? 1 : 0);
		while (n > 0 && strchr(" \t\r", from[n - 1]) != NULL && from[n - 1] != '\0')
			n--;
		*line = (pb_bytes){from, n};
		if (n > 0)
			return true;
	}
	return false;
}

static bool read_line(pb_reading *r, const json_t *json, pb_bytes text, size_t number, log_line *out)
{
	const json_t *n = json_object_get(json, "n");

	if (!json_is_integer(n) || json_integer_value(n) < 1 || json_integer_value(n) == INT64_MAX ||
	    !pb_doc_hex_of(pb_json_str(json, "previous", ""), DIGEST, out->previous)) {
		pb_doc_refuse(r, "line %zu is none of a log: n and previous are wanted", number);
		return false;
	}
	out->n = json_integer_value(n);
	if (!pb_doc_hex_of(pb_json_str(json, "report_sha256", ""), DIGEST, out->report))
		out->report[0] = '\0';
	if (!pb_sha256_of(text, out->digest)) {
		pb_doc_starved(r);
		return false;
	}
	return true;
}

static log_line *read_lines(pb_reading *r, size_t count)
{
	log_line *lines = calloc(count > 0 ? count : 1, sizeof *lines);
	size_t at = 0, i = 0;
	pb_bytes text;

	if (lines == NULL) {
		pb_doc_starved(r);
		return NULL;
	}
	while (i < count && next_line(r->text, &at, &text)) {
		if (!read_line(r, r->lines ? json_array_get(r->json, i) : r->json, text, i + 1, &lines[i]))
			break;
		i++;
	}
	if (i < count)
		pb_doc_refuse(r, "line %zu of the log cannot be read", i + 1);
	return lines;
}

/* Why the chain does not hold, up to the first line that does not follow; "": it does. `log show` tells the newest first. */
static void chain(const log_line *lines, size_t count, bool falling, char why[160])
{
	const log_line *before = NULL;

	why[0] = '\0';
	for (size_t i = 0; i < count && why[0] == '\0'; i++) {
		const log_line *line = &lines[falling ? count - 1 - i : i];

		if (before == NULL && line->n == 1 && strcmp(line->previous, none) != 0)
			(void)snprintf(why, 160, "line 1 follows something");
		else if (before != NULL && line->n != before->n + 1)
			(void)snprintf(why, 160, "line %lld stands where line %lld is due", (long long)line->n, (long long)before->n + 1);
		else if (before != NULL && strcmp(line->previous, before->digest) != 0)
			(void)snprintf(why, 160, "line %lld does not follow line %lld as that reads here", (long long)line->n, (long long)before->n);
		before = line;
	}
}

void pb_read_log(pb_reading *r)
{
	size_t count = r->lines ? json_array_size(r->json) : 1;
	log_line *lines;
	char why[160];

	pb_doc_says(r, "log", "probity log");
	lines = read_lines(r, count);
	if (r->rc == PB_OK) {
		bool falling = count > 1 && lines[0].n > lines[count - 1].n;
		const log_line *first = &lines[falling ? count - 1 : 0], *last = &lines[falling ? 0 : count - 1];
		json_t *reports = pb_doc_list(r, r->content, "reports");

		chain(lines, count, falling, why);
		pb_doc_put_new(r, r->content, "lines", json_integer((json_int_t)count));
		pb_doc_put_new(r, r->content, "intact", json_boolean(why[0] == '\0'));
		pb_doc_put_new(r, r->content, "whole", json_boolean(first->n == 1));
		pb_doc_put(r, r->content, "why", why);
		pb_doc_put(r, r->content, "head", last->digest);
		for (size_t i = 0; i < count; i++)
			if (lines[i].report[0] != '\0')
				pb_doc_word(r, reports, lines[i].report);
	}
	free(lines);
}

bool pb_is_report(const pb_reading *r)
{
	return strncmp(pb_json_str(r->json, "schema", ""), "probity-report/", 15) == 0;
}

static void put_text(pb_reading *r, const pb_node *from, const char *key)
{
	const pb_node at = pb_doc_at(from, key);

	pb_doc_put(r, r->content, key, pb_doc_text(&at));
}

void pb_read_report(pb_reading *r)
{
	const pb_node root = pb_doc_root_of(r), product = pb_doc_at(&root, "product"), sha256 = pb_doc_at(&product, "sha256");
	const pb_node assessment = pb_doc_at(&root, "assessment"), as_of = pb_doc_at(&assessment, "as_of");
	const pb_node score = pb_doc_at(&root, "score"), decision = pb_doc_at(&score, "decision");
	char *text = pb_json_canonical(r->json);
	char digest[DIGEST + 1] = "", day[11];

	pb_doc_says(r, "report", "%s", pb_json_str(r->json, "schema", ""));
	if (strcmp(pb_json_str(r->json, "schema", ""), "probity-report/1") != 0)
		pb_doc_refuse(r, "schema: probity-report/1 is wanted");
	pb_doc_must(&product);
	pb_doc_must(&assessment);
	pb_doc_must(&score);
	pb_doc_must(&as_of);
	pb_doc_must(&decision);
	pb_doc_day(&as_of, day);
	pb_doc_dates(r, day, "");
	put_text(r, &product, "name");
	put_text(r, &product, "version");
	pb_doc_put(r, r->content, "as_of", day);
	put_text(r, &score, "decision");
	put_text(r, &score, "valid_until");
	put_text(r, &assessment, "rules_digest");
	/* What the log has of it is the digest of its canonical form, whatever stands around it here. */
	if (text == NULL || !pb_sha256_of((pb_bytes){(const uint8_t *)text, strlen(text)}, digest))
		pb_doc_starved(r);
	pb_doc_put(r, r->content, "report_sha256", digest);
	free(text);
	if (!r->about && *pb_doc_text(&sha256) != '\0') {
		json_t *row = pb_doc_subject(r, pb_doc_text_at(&product, "name"), "");

		if (!pb_doc_digest_put(r, row, "sha256", pb_doc_text(&sha256)))
			pb_doc_refuse_at(&sha256, "no SHA-256 in hex: %.80s", pb_doc_text(&sha256));
	} else if (!r->about) {
		(void)pb_doc_subject(r, pb_doc_text_at(&product, "name"), "");
	}
}
