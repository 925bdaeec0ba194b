/* Who built it again, and what came out: our own predicate, and links of rebuilderd. */
#include <string.h>

#include "evidence/intoto.h"

void pb_rebuild_begin(pb_reading *r)
{
	static const char *const texts[] = {"builder", "result", "source", "version", "architecture", "date", "path"};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		pb_doc_put(r, r->content, texts[i], "");
	(void)pb_doc_list(r, r->content, "files");
	(void)pb_doc_list(r, r->content, "depends");
}

json_t *pb_rebuild_file(pb_reading *r, json_t *list, const char *name, int64_t size)
{
	json_t *row = list != NULL ? pb_doc_row(r, list) : NULL;

	if (row == NULL)
		return NULL;
	pb_doc_put(r, row, "name", name);
	pb_doc_put_new(r, row, "size", json_integer(size));
	pb_doc_digest_none(r, row);
	return row;
}

void pb_read_rebuild(const pb_node *predicate, const pb_node *subjects)
{
	pb_reading *r = predicate->r;
	const pb_node builder = pb_doc_at(predicate, "builder"), id = pb_doc_at(&builder, "id"), date = pb_doc_at(predicate, "date");
	const pb_node *const who = json_is_object(builder.v) ? &id : &builder;
	const pb_node result = pb_doc_at(predicate, "result");
	json_t *files;
	char day[11];

	pb_doc_says(r, "rebuild", "in-toto rebuild 1");
	pb_rebuild_begin(r);
	pb_doc_must(who);
	pb_doc_must(&result);
	if (strcmp(pb_doc_text(&result), "equal") != 0 && strcmp(pb_doc_text(&result), "differs") != 0)
		pb_doc_refuse_at(&result, "\"equal\" or \"differs\" is wanted, not %.80s", pb_doc_text(&result));
	pb_doc_day(&date, day);
	pb_doc_dates(r, day, "");
	pb_doc_by(r, pb_doc_text(who));
	pb_doc_put(r, r->content, "date", day);
	pb_doc_put(r, r->content, "builder", pb_doc_text(who));
	pb_doc_put(r, r->content, "result", pb_doc_text(&result));
	pb_doc_put(r, r->content, "source", pb_doc_text_at(predicate, "source"));
	pb_doc_put(r, r->content, "version", pb_doc_text_at(predicate, "version"));
	pb_doc_put(r, r->content, "architecture", pb_doc_text_at(predicate, "architecture"));
	files = pb_doc_list(r, r->content, "files");
	for (size_t i = 0, n = pb_doc_items(subjects); i < n && r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(subjects, i), digest = pb_doc_at(&one, "digest");

		pb_intoto_digests(&digest, pb_rebuild_file(r, files, pb_doc_text_at(&one, "name"), -1));
	}
}

bool pb_is_link(const pb_reading *r)
{
	const json_t *inside = json_object_get(r->json, "signed");

	return strcmp(pb_json_str(inside, "_type", ""), "link") == 0 && strncmp(pb_json_str(inside, "name", ""), "rebuild ", 8) == 0;
}

void pb_read_link(pb_reading *r)
{
	const pb_node root = pb_doc_root_of(r), link = pb_doc_at(&root, "signed"), products = pb_doc_at(&link, "products");
	const char *name;
	json_t *value, *files;

	pb_doc_says(r, "rebuild", "in-toto link");
	pb_rebuild_begin(r);
	pb_doc_put(r, r->content, "result", "built");
	pb_doc_must(&products);
	if (!pb_doc_is_object(&products))
		return;
	files = pb_doc_list(r, r->content, "files");
	json_object_foreach ((json_t *)products.v, name, value) {
		const pb_node digest = pb_doc_at(&products, name);

		pb_intoto_digests(&digest, pb_rebuild_file(r, files, name, -1));
		pb_intoto_digests(&digest, pb_doc_subject(r, name, ""));
	}
}
