/* Our own statements: everything that is not in the table of their types is refused by its name, since nobody else writes them. */
#include "evidence/statement.h"

#include <string.h>

#include "base/text.h"
#include "evidence/statement_types.h"

static const char schema[] = "probity-statement/1";

bool pb_is_statement(const pb_reading *r)
{
	return strncmp(pb_json_str(r->json, "schema", ""), schema, sizeof schema - 2) == 0;
}

static const pb_field *field_of(const pb_field *fields, const char *name)
{
	for (; fields->form != PB_FIELD_END; fields++)
		if (strcmp(fields->name, name) == 0)
			return fields;
	return NULL;
}

static void refuse_unknown(const pb_node *n, const char *what, const char *name, const pb_field *fields)
{
	const char *names[32], *near;
	size_t k = 0;

	for (; fields->form != PB_FIELD_END && k < 32; fields++)
		names[k++] = fields->name;
	near = pb_text_nearest(name, names, k);
	pb_doc_refuse_at(n, "unknown %s: %.80s%s%s%s", what, name, near != NULL ? " (did you mean " : "", near != NULL ? near : "", near != NULL ? "?)" : "");
}

static void only(const pb_node *n, const pb_field *fields)
{
	const char *name;
	json_t *value;

	/* jansson's own order is that of the document */
	json_object_foreach ((json_t *)n->v, name, value)
		if (field_of(fields, name) == NULL)
			refuse_unknown(n, "field", name, fields);
}

static const char *short_text(const pb_node *n)
{
	const char *text = pb_doc_text(n);

	if (strlen(text) > PB_DOCUMENT_TEXT)
		pb_doc_refuse_at(n, "longer than %d bytes", PB_DOCUMENT_TEXT);
	return text;
}

/* A day and nothing behind it. */
static void plain_day(const pb_node *n, char out[11])
{
	pb_doc_day(n, out);
	if (strlen(pb_doc_text(n)) > 10)
		pb_doc_refuse_at(n, "a day is wanted, as in %s", out);
}

static void put_sha256(const pb_node *n, json_t *row, const char *key)
{
	char hex[129] = "";
	const char *text = pb_doc_text(n);

	if (text[0] != '\0' && !pb_doc_hex_of(text, 64, hex))
		pb_doc_refuse_at(n, "no SHA-256 in hex: %.80s", text);
	pb_doc_put(n->r, row, key, hex);
}

static void put_one_of(const pb_node *n, json_t *row, const pb_field *f)
{
	const char *text = pb_doc_text(n);

	if (n->v != NULL && field_of(f->row, text) == NULL)
		refuse_unknown(n, "word", text, f->row);
	pb_doc_put(n->r, row, f->name, text);
}

static void check_texts(const pb_node *n, bool slugs)
{
	for (size_t i = 0, all = pb_doc_items(n); i < all && n->r->rc == PB_OK; i++) {
		pb_node item = pb_doc_item(n, i);
		const char *text = short_text(&item);

		if (slugs && text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
			pb_doc_refuse_at(&item, "a word of a-z, 0-9 and \"-\" is wanted, not: %.80s", text);
	}
}

static void put_fields(const pb_node *n, const pb_field *fields, json_t *row);

static void put_rows(const pb_node *n, json_t *row, const pb_field *f)
{
	json_t *list = pb_doc_list(n->r, row, f->name);

	for (size_t i = 0, all = pb_doc_items(n); i < all && n->r->rc == PB_OK; i++) {
		pb_node item = pb_doc_item(n, i);

		pb_doc_must(&item);
		if (pb_doc_is_object(&item))
			put_fields(&item, f->row, pb_doc_row(n->r, list));
	}
}

static void put_object(const pb_node *n, json_t *row, const pb_field *f)
{
	json_t *object;

	if (n->v != NULL && !pb_doc_is_object(n))
		return;
	pb_doc_put_new(n->r, row, f->name, json_object());
	object = json_object_get(row, f->name);
	if (object != NULL)
		put_fields(n, f->row, object);
}

static void put_field(const pb_node *n, json_t *row, const pb_field *f)
{
	char day[11];

	switch (f->form) {
	case PB_FIELD_TEXT: pb_doc_put(n->r, row, f->name, short_text(n)); break;
	case PB_FIELD_DAY:
		plain_day(n, day);
		pb_doc_put(n->r, row, f->name, day);
		break;
	case PB_FIELD_SHA256: put_sha256(n, row, f->name); break;
	case PB_FIELD_COUNT: pb_doc_put_new(n->r, row, f->name, json_integer(pb_doc_number(n, 0, 1000000000, -1))); break;
	case PB_FIELD_PORT: pb_doc_put_new(n->r, row, f->name, json_integer(pb_doc_number(n, 0, 65535, -1))); break;
	case PB_FIELD_YES: pb_doc_put_new(n->r, row, f->name, json_boolean(pb_doc_yes(n, false))); break;
	case PB_FIELD_TEXTS:
	case PB_FIELD_SLUGS:
		check_texts(n, f->form == PB_FIELD_SLUGS);
		pb_doc_put_texts(n, row, f->name);
		break;
	case PB_FIELD_ROWS: put_rows(n, row, f); break;
	case PB_FIELD_OBJECT: put_object(n, row, f); break;
	case PB_FIELD_ONE_OF: put_one_of(n, row, f); break;
	case PB_FIELD_END: break;
	}
}

/* n absent: every field as if it had not been stated. */
static void put_fields(const pb_node *n, const pb_field *fields, json_t *row)
{
	if (n->v != NULL)
		only(n, fields);
	for (const pb_field *f = fields; f->form != PB_FIELD_END && n->r->rc == PB_OK; f++) {
		pb_node at = pb_doc_at(n, f->name);

		if (n->v != NULL && f->must)
			pb_doc_must(&at);
		put_field(&at, row, f);
	}
}

static void put_stated(const pb_node *content, const pb_field *fields)
{
	json_t *stated = pb_doc_list(content->r, content->r->content, "stated");

	for (; fields->form != PB_FIELD_END; fields++) {
		pb_node at = pb_doc_at(content, fields->name);

		if (at.v != NULL)
			pb_doc_word(content->r, stated, fields->name);
	}
}

static void in_order(pb_reading *r, const char *from, const char *until, const char *first, const char *last)
{
	if (first[0] != '\0' && last[0] != '\0' && strcmp(first, last) > 0)
		pb_doc_refuse(r, "%s (%s) is after %s (%s)", from, first, until, last);
}

static const pb_field head[] = {
    {"$schema", PB_FIELD_TEXT, false, NULL},   {"schema", PB_FIELD_TEXT, true, NULL}, {"type", PB_FIELD_TEXT, true, NULL},
    {"issued", PB_FIELD_DAY, true, NULL},      {"expires", PB_FIELD_DAY, false, NULL}, {"by", PB_FIELD_TEXT, true, NULL},
    {"subjects", PB_FIELD_ROWS, false, NULL},  {"content", PB_FIELD_OBJECT, true, NULL}, {NULL, PB_FIELD_END, false, NULL},
};

static const pb_field subject[] = {
    {"name", PB_FIELD_TEXT, false, NULL},   {"purl", PB_FIELD_TEXT, false, NULL}, {"sha256", PB_FIELD_TEXT, false, NULL},
    {"sha512", PB_FIELD_TEXT, false, NULL}, {"sha1", PB_FIELD_TEXT, false, NULL}, {"md5", PB_FIELD_TEXT, false, NULL},
    {NULL, PB_FIELD_END, false, NULL},
};

static void read_subject(const pb_node *n)
{
	static const char *const digests[] = {"sha256", "sha512", "sha1", "md5"};
	json_t *row;

	pb_doc_must(n);
	if (!pb_doc_is_object(n))
		return;
	only(n, subject);
	if (json_object_size(n->v) == 0)
		pb_doc_refuse_at(n, "it names nothing: a name, a purl or a digest is wanted");
	row = pb_doc_subject(n->r, pb_doc_text_at(n, "name"), pb_doc_text_at(n, "purl"));
	for (size_t i = 0; i < 4; i++) {
		pb_node at = pb_doc_at(n, digests[i]);
		const char *hex = pb_doc_text(&at);

		if (hex[0] != '\0' && !pb_doc_digest_put(n->r, row, digests[i], hex))
			pb_doc_refuse_at(&at, "no such digest in hex: %.140s", hex);
	}
}

static void read_head(const pb_node *root)
{
	char issued[11], expires[11];
	pb_node at = pb_doc_at(root, "subjects");

	only(root, head);
	for (const pb_field *f = head; f->form != PB_FIELD_END; f++) {
		pb_node one = pb_doc_at(root, f->name);

		if (f->must)
			pb_doc_must(&one);
	}
	for (size_t i = 0, n = pb_doc_items(&at); i < n && root->r->rc == PB_OK; i++) {
		pb_node one = pb_doc_item(&at, i);

		read_subject(&one);
	}
	at = pb_doc_at(root, "issued");
	plain_day(&at, issued);
	at = pb_doc_at(root, "expires");
	plain_day(&at, expires);
	in_order(root->r, "issued", "expires", issued, expires);
	pb_doc_dates(root->r, issued, expires);
	at = pb_doc_at(root, "by");
	pb_doc_by(root->r, short_text(&at));
}

static const pb_statement_type *type_of(const pb_node *root)
{
	const char *names[32];
	const char *wanted = pb_doc_text_at(root, "type"), *near;
	size_t n = 0;

	for (size_t i = 0; i < pb_statement_types_count; i++)
		if (strcmp(pb_statement_types[i].type, wanted) == 0)
			return &pb_statement_types[i];
	for (; n < pb_statement_types_count && n < sizeof names / sizeof names[0]; n++)
		names[n] = pb_statement_types[n].type;
	near = pb_text_nearest(wanted, names, n);
	pb_doc_refuse(root->r, "type: no statement is of type %.80s%s%s%s", wanted, near != NULL ? " (did you mean " : "", near != NULL ? near : "",
	          near != NULL ? "?)" : "");
	return NULL;
}

void pb_read_statement(pb_reading *r)
{
	const pb_node root = pb_doc_root_of(r);
	const pb_node content = pb_doc_at(&root, "content");
	const pb_statement_type *type;

	pb_doc_says(r, "statement", "%s", pb_json_str(r->json, "schema", ""));
	if (strcmp(pb_json_str(r->json, "schema", ""), schema) != 0)
		pb_doc_refuse(r, "schema: %s is wanted", schema);
	type = type_of(&root);
	if (type == NULL)
		return;
	pb_doc_says(r, type->type, "%s", schema);
	read_head(&root);
	if (!pb_doc_is_object(&content))
		return;
	put_fields(&content, type->fields, r->content);
	put_stated(&content, type->fields);
	in_order(r, "content.period_start", "content.period_end", pb_json_str(r->content, "period_start", ""),
	         pb_json_str(r->content, "period_end", ""));
	in_order(r, "content.from", "content.until", pb_json_str(r->content, "from", ""), pb_json_str(r->content, "until", ""));
}
