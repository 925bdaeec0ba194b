/* Waivers: an assessor says that a finding is known, and why it is borne until when. What is missing or unknown refuses all of them: a waiver that
 * is not understood to the letter waives nothing. */
#include "evidence/waivers.h"

#include <string.h>

#include "base/text.h"

static const char schema[] = "probity-waivers/1";

bool pb_is_waivers(const pb_reading *r)
{
	return strncmp(pb_json_str(r->json, "schema", ""), schema, sizeof schema - 2) == 0;
}

static void only(const pb_node *n, const char *const *names, size_t count)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)(uintptr_t)n->v, name, value) {
		bool known = false;

		for (size_t i = 0; i < count; i++)
			known |= strcmp(name, names[i]) == 0;
		if (!known) {
			const char *near = pb_text_nearest(name, names, count);

			pb_doc_refuse_at(n, "unknown field: %.80s%s%s%s", name, near != NULL ? " (did you mean " : "", near != NULL ? near : "",
			                 near != NULL ? "?)" : "");
		}
	}
}

static void put_text(const pb_node *row, json_t *out, const char *key, bool must)
{
	pb_node at = pb_doc_at(row, key);
	const char *text;

	if (must)
		pb_doc_must(&at);
	text = pb_doc_text(&at);
	if (strlen(text) > PB_DOCUMENT_TEXT)
		pb_doc_refuse_at(&at, "longer than %d bytes", PB_DOCUMENT_TEXT);
	if (must && text[strspn(text, " \t\r\n")] == '\0')
		pb_doc_refuse_at(&at, "it says nothing");
	pb_doc_put_shown(row->r, out, key, text);
}

static void put_sha256(const pb_node *row, json_t *out)
{
	pb_node at = pb_doc_at(row, "sha256");
	const char *text;
	char hex[129] = "";

	pb_doc_must(&at);
	text = pb_doc_text(&at);
	if (!pb_doc_hex_of(text, 64, hex))
		pb_doc_refuse_at(&at, "the SHA-256 of one object is wanted (a waiver is for these bytes and no others), not: %.80s", text);
	pb_doc_put_shown(row->r, out, "sha256", hex);
}

static void put_day(const pb_node *row, json_t *out, const char *key)
{
	pb_node at = pb_doc_at(row, key);
	char day[11];

	pb_doc_must(&at);
	pb_doc_day(&at, day);
	if (strlen(pb_doc_text(&at)) > 10)
		pb_doc_refuse_at(&at, "a day is wanted, as in %s", day);
	pb_doc_put_shown(row->r, out, key, day);
}

static void read_one(const pb_node *row, json_t *list)
{
	static const char *const names[] = {"check", "key", "sha256", "reason", "expires", "owner"};
	json_t *out;

	pb_doc_must(row);
	if (!pb_doc_is_object(row))
		return;
	only(row, names, sizeof names / sizeof *names);
	out = pb_doc_row(row->r, list);
	put_text(row, out, "check", true);
	put_text(row, out, "key", true);
	put_sha256(row, out);
	put_text(row, out, "reason", true);
	put_day(row, out, "expires");
	put_text(row, out, "owner", false);
}

void pb_read_waivers(pb_reading *r)
{
	static const char *const names[] = {"schema", "owner", "issued", "waivers"};
	const pb_node root = pb_doc_root_of(r), waivers = pb_doc_at(&root, "waivers"), issued = pb_doc_at(&root, "issued"), owner = pb_doc_at(&root, "owner");
	const char *said = pb_json_str(r->json, "schema", "");
	json_t *list = pb_doc_list(r, r->content, "waivers");
	char day[11];

	pb_doc_says(r, "waivers", "%s", schema);
	if (strcmp(said, schema) != 0)
		pb_doc_refuse(r, "schema: %.80s is not %s", said, schema);
	only(&root, names, sizeof names / sizeof *names);
	pb_doc_must(&issued);
	pb_doc_day(&issued, day);
	pb_doc_dates(r, day, "");
	put_text(&root, r->content, "owner", true);
	pb_doc_by(r, pb_doc_text(&owner));
	pb_doc_must(&waivers);
	for (size_t i = 0, n = pb_doc_items(&waivers); i < n && r->rc == PB_OK; i++) {
		pb_node row = pb_doc_item(&waivers, i);

		read_one(&row, list);
	}
}
