/* Lines of the log of assessments, as `probity log show -f json` writes them (newest first, or the oldest first), and what was signed of such a log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/chain.h"
#include "base/date.h"
#include "evidence/lines.h"
#include "evidence/ours.h"

enum { DAY = 86400 };

static const char checkpoint[] = "probity-checkpoint/1";

static bool is_line(const json_t *v)
{
	return json_is_integer(json_object_get(v, "n")) && strlen(pb_json_str(v, "previous", "")) == 64;
}

bool pb_is_log(const pb_reading *r)
{
	return r->lines ? is_line(json_array_get(r->json, 0)) : is_line(r->json);
}

static size_t count_of(const pb_reading *r)
{
	return r->lines ? json_array_size(r->json) : 1;
}

static pb_node line_at(const pb_node *root, size_t i)
{
	return root->r->lines ? pb_doc_item(root, i) : *root;
}

/* The text of each line, which its digest was made of. Fresh; NULL: fault. */
static pb_bytes *texts_of(pb_reading *r, size_t n)
{
	pb_bytes *out = calloc(n, sizeof *out), rest = r->text, line;
	size_t k = 0;

	if (out == NULL) {
		pb_doc_starved(r);
		return NULL;
	}
	while (pb_doc_line_next(&rest, &line)) {
		line = pb_doc_line_trim(line);
		if (line.size == 0)
			continue;
		if (k < n)
			out[k] = line;
		k++;
	}
	if (k == n)
		return out;
	pb_doc_refuse(r, "each line of the log on a line of its own is wanted");
	free(out);
	return NULL;
}

/* An assessment that a line speaks of; its product is what the log is about, each once. */
static void put_assessment(const pb_node *line, json_t *rows, json_t *seen, const char *day)
{
	const pb_node sha256 = pb_doc_at(line, "sha256");
	const char *text = pb_doc_text(&sha256), *name = pb_doc_text_at(line, "name");
	pb_reading *r = line->r;
	char hex[129] = "";
	json_t *row = pb_doc_row(r, rows);

	if (text[0] != '\0' && !pb_doc_hex_of(text, 64, hex))
		pb_doc_refuse_at(&sha256, "a SHA-256 in hex is wanted, not: %.80s", text);
	pb_doc_put(r, row, "day", day);
	pb_doc_put_shown(r, row, "name", name);
	pb_doc_put_shown(r, row, "version", pb_doc_text_at(line, "version"));
	pb_doc_put(r, row, "sha256", hex);
	pb_doc_put_shown(r, row, "decision", pb_doc_text_at(line, "decision"));
	if (r->rc != PB_OK || hex[0] == '\0' || json_object_get(seen, hex) != NULL)
		return;
	row = pb_doc_subject(r, "", "");
	pb_doc_put_shown(r, row, "name", name);
	pb_doc_put(r, row, "sha256", hex);
	if (json_object_set_new(seen, hex, json_true()) != 0)
		pb_doc_starved(r);
}

typedef struct log_rows {
	json_t *assessments, *digests, *reports, *seen;
	char from[11], to[11];
} log_rows;

static void put_line(const pb_node *line, const pb_chain *chain, log_rows *rows)
{
	const pb_node time = pb_doc_at(line, "time"), id = pb_doc_at(line, "id");
	char day[11], report[129];

	pb_date_format(pb_doc_number(&time, INT64_MIN, INT64_MAX, 0) / DAY, day);
	if (rows->from[0] == '\0')
		memcpy(rows->from, day, sizeof day);
	memcpy(rows->to, day, sizeof day);
	pb_doc_word(line->r, rows->digests, chain->head);
	if (pb_doc_hex_of(pb_doc_text_at(line, "report_sha256"), 64, report))
		pb_doc_word(line->r, rows->reports, report);
	if (pb_doc_number(&id, 0, INT64_MAX, 0) > 0)
		put_assessment(line, rows->assessments, rows->seen, day);
}

/* The chain may begin behind its first line: then what came before is known by its digest alone. */
static void begin_at(const pb_node *first, pb_chain *chain)
{
	const pb_node n = pb_doc_at(first, "n");
	int64_t number = pb_doc_number(&n, 1, INT64_MAX, 1);
	char hex[129];

	pb_chain_begin(chain);
	if (number == 1)
		return;
	if (!pb_doc_hex_of(pb_doc_text_at(first, "previous"), 64, hex))
		pb_doc_refuse_at(first, "previous: a SHA-256 in hex is wanted");
	else
		memcpy(chain->head, hex, sizeof chain->head);
	chain->lines = number - 1;
}

static void put_chain(pb_reading *r, int64_t first, const pb_chain *chain, size_t lines, const char *what)
{
	pb_doc_put(r, r->content, "what", what);
	pb_doc_put_new(r, r->content, "lines", json_integer((json_int_t)lines));
	pb_doc_put_new(r, r->content, "first", json_integer((json_int_t)first));
	pb_doc_put_new(r, r->content, "last", json_integer((json_int_t)chain->lines));
	pb_doc_put(r, r->content, "digest", chain->head);
}

/* Walks as far as the chain holds: what stands behind a break is nobody's word. */
static void walk(const pb_node *root, const pb_bytes *texts, size_t n, log_rows *rows)
{
	const pb_node top = line_at(root, 0), bottom = line_at(root, n - 1);
	const bool newest_first = pb_json_int(top.v, "n", 0) > pb_json_int(bottom.v, "n", 0);
	pb_reading *r = root->r;
	pb_chain chain;
	pb_error why = {0};
	char broken[80] = "intact";
	int64_t before;
	int rc = PB_OK;

	begin_at(newest_first ? &bottom : &top, &chain);
	before = chain.lines;
	for (size_t i = 0; i < n && rc == PB_OK && r->rc == PB_OK; i++) {
		const size_t at = newest_first ? n - 1 - i : i;
		const pb_node line = line_at(root, at);

		rc = pb_chain_next(&chain, texts[at], line.v, &why);
		if (rc == PB_OK)
			put_line(&line, &chain, rows);
		else if (rc == PB_ENOMEM)
			pb_doc_starved(r);
	}
	if (rc != PB_OK)
		(void)snprintf(broken, sizeof broken, "broken at line %lld", (long long)chain.lines + 1);
	put_chain(r, before + 1, &chain, n, "lines");
	pb_doc_put(r, r->content, "chain", broken);
	pb_doc_put(r, r->content, "why", why.text);
}

void pb_read_log(pb_reading *r)
{
	const pb_node root = pb_doc_root_of(r);
	const size_t n = count_of(r);
	pb_bytes *texts;
	log_rows rows = {.seen = json_object()};

	pb_doc_says(r, "log", "probity-log");
	rows.assessments = pb_doc_list(r, r->content, "assessments");
	rows.digests = pb_doc_list(r, r->content, "digests");
	rows.reports = pb_doc_list(r, r->content, "reports");
	if (rows.seen == NULL)
		pb_doc_starved(r);
	texts = texts_of(r, n);
	if (texts != NULL)
		walk(&root, texts, n, &rows);
	pb_doc_put(r, r->content, "from", rows.from);
	pb_doc_put(r, r->content, "to", rows.to);
	pb_doc_dates(r, rows.to, "");
	json_decref(rows.seen);
	free(texts);
}

bool pb_is_checkpoint(const pb_reading *r)
{
	return strncmp(pb_json_str(r->json, "schema", ""), checkpoint, sizeof checkpoint - 2) == 0;
}

void pb_read_checkpoint(pb_reading *r)
{
	const pb_node root = pb_doc_root_of(r), lines = pb_doc_at(&root, "lines"), digest = pb_doc_at(&root, "digest"), as_of = pb_doc_at(&root, "as_of");
	pb_chain chain;
	char day[11], hex[129] = "";

	pb_doc_says(r, "log", "%s", checkpoint);
	if (strcmp(pb_json_str(r->json, "schema", ""), checkpoint) != 0)
		pb_doc_refuse(r, "schema: %.80s is not %s", pb_json_str(r->json, "schema", ""), checkpoint);
	pb_doc_must(&lines);
	pb_doc_must(&digest);
	pb_doc_must(&as_of);
	pb_chain_begin(&chain);
	chain.lines = pb_doc_number(&lines, 1, INT64_MAX, 1);
	if (!pb_doc_hex_of(pb_doc_text(&digest), 64, hex))
		pb_doc_refuse_at(&digest, "a SHA-256 in hex is wanted, not: %.80s", pb_doc_text(&digest));
	else
		memcpy(chain.head, hex, sizeof chain.head);
	pb_doc_day(&as_of, day);
	pb_doc_dates(r, day, "");
	(void)pb_doc_list(r, r->content, "assessments");
	(void)pb_doc_list(r, r->content, "digests");
	(void)pb_doc_list(r, r->content, "reports");
	put_chain(r, 1, &chain, (size_t)chain.lines, "checkpoint");
	pb_doc_put(r, r->content, "chain", "");
	pb_doc_put(r, r->content, "why", "");
	pb_doc_put(r, r->content, "from", "");
	pb_doc_put(r, r->content, "to", day);
}
