/* collected.json, which the collector leaves beside what it fetched (collector/collected.h): which files, from where and when. It is the word of
 * whoever ran the collector: nothing is verified by it, and what the files say is read of the files. */
#include <string.h>

#include "evidence/ours.h"

static const char schema[] = "probity-collected/1";

bool pb_is_collected(const pb_reading *r)
{
	return strncmp(pb_json_str(r->json, "schema", ""), schema, sizeof schema - 2) == 0;
}

/* One file. last: the latest day so far. */
static void put_file(const pb_node *n, json_t *list, char last[11])
{
	static const char *const same[] = {"file", "url", "source", "kind"};
	const pb_node file = pb_doc_at(n, "file"), digest = pb_doc_at(n, "sha256"), time = pb_doc_at(n, "time"), status = pb_doc_at(n, "status");
	char day[11], hex[129] = "";
	json_t *row;

	pb_doc_must(&file);
	pb_doc_must(&digest);
	if (!pb_doc_hex_of(pb_doc_text(&digest), 64, hex))
		pb_doc_refuse_at(&digest, "a SHA-256 in hex is wanted, not: %.80s", pb_doc_text(&digest));
	pb_doc_day(&time, day);
	if (strcmp(day, last) > 0)
		memcpy(last, day, sizeof day);
	row = pb_doc_row(n->r, list);
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
		pb_doc_put(n->r, row, same[i], pb_doc_text_at(n, same[i]));
	pb_doc_put(n->r, row, "day", day);
	pb_doc_put(n->r, row, "sha256", hex);
	pb_doc_put_new(n->r, row, "status", json_integer((json_int_t)pb_doc_number(&status, 0, 999, 0)));
}

void pb_read_collected(pb_reading *r)
{
	const pb_node root = pb_doc_root_of(r), product = pb_doc_at(&root, "product"), entries = pb_doc_at(&root, "entries");
	json_t *list = pb_doc_list(r, r->content, "files");
	char last[11] = "";

	pb_doc_says(r, "collected", "%s", schema);
	if (strcmp(pb_json_str(r->json, "schema", ""), schema) != 0)
		pb_doc_refuse(r, "schema: %.80s is not %s", pb_json_str(r->json, "schema", ""), schema);
	pb_doc_must(&entries);
	(void)pb_doc_is_object(&product);
	pb_doc_put(r, r->content, "name", pb_doc_text_at(&product, "name"));
	pb_doc_put(r, r->content, "version", pb_doc_text_at(&product, "version"));
	for (size_t i = 0, n = pb_doc_items(&entries); i < n && r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&entries, i);

		pb_doc_must(&one);
		if (pb_doc_is_object(&one))
			put_file(&one, list, last);
	}
	pb_doc_dates(r, last, "");
}
