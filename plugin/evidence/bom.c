#include "evidence/bom.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

static const char *const texts[] = {"name", "version", "purl", "path", "cpe", "scope"};

json_t *pb_bom_component(pb_reading *r, json_t *list, const char *type)
{
	json_t *row = list != NULL ? pb_doc_row(r, list) : r->rc == PB_OK ? json_object() : NULL;

	if (row == NULL) {
		if (list == NULL)
			pb_doc_starved(r);
		return NULL;
	}
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		pb_doc_put(r, row, texts[i], "");
	pb_doc_put(r, row, "type", type);
	pb_doc_digest_none(r, row);
	return row;
}

void pb_bom_begin(pb_reading *r)
{
	(void)pb_doc_list(r, r->content, "components");
	(void)pb_doc_list(r, r->content, "statements");
	pb_doc_put(r, r->content, "complete", "unknown");
	pb_doc_put(r, r->content, "tool", "");
	pb_doc_put(r, r->content, "serial", "");
}

void pb_bom_root(pb_reading *r, json_t *root)
{
	static const char *const digests[] = {"sha256", "sha512", "sha1", "md5"};
	const char *name = pb_json_str(root, "name", ""), *purl = pb_json_str(root, "purl", "");
	json_t *subject = name[0] != '\0' ? pb_doc_subject(r, "", "") : NULL;

	/* copied as they are: they have their display form already */
	for (size_t i = 0; subject != NULL && i < sizeof digests / sizeof digests[0]; i++)
		pb_doc_put_new(r, subject, digests[i], json_incref(json_object_get(root, digests[i])));
	if (subject != NULL) {
		pb_doc_put_new(r, subject, "name", json_string(name));
		pb_doc_put_new(r, subject, "purl", json_string(purl));
	}
	if (root != NULL)
		for (size_t i = 3; i < sizeof texts / sizeof texts[0]; i++)
			(void)json_object_del(root, texts[i]);
	if (root != NULL && json_object_get(r->content, "root") == NULL)
		pb_doc_put_new(r, r->content, "root", root);
	else
		json_decref(root);
}

void pb_bom_complete(pb_reading *r, const char *word)
{
	pb_doc_put(r, r->content, "complete", r->left_out > 0 ? "incomplete" : word);
}

void pb_bom_tool(pb_reading *r, const char *name, const char *version)
{
	const char *before = pb_json_str(r->content, "tool", "");
	pb_buf b = {.max = PB_DOCUMENT_TEXT};
	json_t *more;

	if (name[0] == '\0' || strlen(before) + strlen(name) + strlen(version) > PB_DOCUMENT_TEXT / 4)
		return;
	if (pb_buf_printf(&b, "%s%s%s", name, version[0] != '\0' ? " " : "", version) != PB_OK)
		pb_doc_starved(r);
	more = pb_json_display(b.data != NULL ? (const char *)b.data : "", b.size, PB_DOCUMENT_TEXT / 2);
	pb_doc_put_new(r, r->content, "tool", json_sprintf("%s%s%s", before, before[0] != '\0' ? ", " : "", json_string_value(more)));
	json_decref(more);
	pb_buf_free(&b);
}
