/* SPDX tag-value: made into the JSON form, which spdx_json.c reads. */
#include <string.h>

#include "evidence/bom.h"
#include "evidence/lines.h"

typedef struct tags {
	pb_reading *r;
	json_t *root, *packages, *files, *relations; /* borrowed but root */
	json_t *element; /* the package or file that lines now speak of; NULL: the document */
	size_t line;
} tags;

bool pb_is_spdx_tag(const pb_reading *r)
{
	pb_bytes rest = pb_slice(r->text, 0, 8192), line;

	while (r->json == NULL && pb_doc_line_next(&rest, &line)) {
		pb_bytes name, value;

		if (pb_doc_line_trim(line).size == 0 || line.data[0] == '#')
			continue;
		if (!pb_doc_line_field(line, &name, &value))
			return false;
		if (pb_doc_line_is(name, "SPDXVersion"))
			return value.size > 5 && memcmp(value.data, "SPDX-", 5) == 0;
	}
	return false;
}

static json_t *text_of(pb_bytes b)
{
	return json_stringn(b.size > 0 ? (const char *)b.data : "", b.size);
}

/* A new element in list, which the next lines speak of. */
static void begin(tags *t, json_t *list, const char *key, pb_bytes value)
{
	t->element = json_object();
	if (t->element == NULL || json_array_append_new(list, t->element) != 0)
		pb_doc_starved(t->r);
	else
		pb_doc_put_new(t->r, t->element, key, text_of(value));
}

/* The first word of *b, taken from it. */
static pb_bytes word(pb_bytes *b)
{
	size_t n = 0;
	pb_bytes first;

	while (n < b->size && b->data[n] != ' ' && b->data[n] != '\t')
		n++;
	first = pb_slice(*b, 0, n);
	*b = pb_doc_line_trim(pb_slice(*b, n, b->size));
	return first;
}

/* An object of n texts appended to to[list]. */
static void append(tags *t, json_t *to, const char *list, size_t n, const char *const *keys, const pb_bytes *values)
{
	json_t *row = json_object(), *rows = to != NULL ? pb_json_array_at(to, list) : NULL;

	for (size_t i = 0; i < n && row != NULL; i++)
		pb_doc_put_new(t->r, row, keys[i], text_of(values[i]));
	if (rows == NULL || row == NULL)
		json_decref(row);
	if (to != NULL && (rows == NULL || row == NULL || json_array_append_new(rows, row) != 0))
		pb_doc_starved(t->r);
}

/* "SHA256: 0123..." */
static void checksum(tags *t, pb_bytes value)
{
	static const char *const keys[] = {"algorithm", "checksumValue"};
	pb_bytes both[2];

	if (!pb_doc_line_field(value, &both[0], &both[1]))
		pb_doc_refuse(t->r, "line %zu: a checksum is \"ALGORITHM: HEX\"", t->line);
	else
		append(t, t->element, "checksums", 2, keys, both);
}

/* "PACKAGE-MANAGER purl pkg:npm/a@1" */
static void reference(tags *t, pb_bytes value)
{
	static const char *const keys[] = {"referenceCategory", "referenceType", "referenceLocator"};
	pb_bytes all[3];

	all[0] = word(&value);
	all[1] = word(&value);
	all[2] = value;
	append(t, t->element, "externalRefs", 3, keys, all);
}

/* "SPDXRef-DOCUMENT DESCRIBES SPDXRef-a" */
static void relation(tags *t, pb_bytes value)
{
	static const char *const keys[] = {"spdxElementId", "relationshipType", "relatedSpdxElement"};
	pb_bytes all[3];

	all[0] = word(&value);
	all[1] = word(&value);
	all[2] = value;
	if (value.size == 0)
		pb_doc_refuse(t->r, "line %zu: a relationship is \"ID TYPE ID\"", t->line);
	else
		append(t, t->root, "relationships", 3, keys, all);
}

static void creator(tags *t, const char *key, pb_bytes value)
{
	json_t *info = pb_json_object_at(t->root, "creationInfo"), *list;

	if (info == NULL)
		pb_doc_starved(t->r);
	else if (strcmp(key, "created") == 0)
		pb_doc_put_new(t->r, info, key, text_of(value));
	else if ((list = pb_json_array_at(info, key)) == NULL || json_array_append_new(list, text_of(value)) != 0)
		pb_doc_starved(t->r);
}

/* Tags that are a text of the document, or of its element. */
static const struct {
	const char *tag, *key;
	bool of_element;
} plain[] = {
    {"SPDXVersion", "spdxVersion", false},
    {"DocumentNamespace", "documentNamespace", false},
    {"DocumentName", "name", false},
    {"SPDXID", "SPDXID", true},
    {"PackageVersion", "versionInfo", true},
    {"PackageFileName", "packageFileName", true},
    {"PrimaryPackagePurpose", "primaryPackagePurpose", true},
};

static void take(tags *t, pb_bytes name, pb_bytes value)
{
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		if (pb_doc_line_is(name, plain[i].tag)) {
			json_t *to = plain[i].of_element && t->element != NULL ? t->element : t->root;

			if (json_object_get(to, plain[i].key) != NULL)
				pb_doc_refuse(t->r, "line %zu: %s stands twice", t->line, plain[i].tag);
			pb_doc_put_new(t->r, to, plain[i].key, text_of(value));
			return;
		}
	if (pb_doc_line_is(name, "PackageName"))
		begin(t, t->packages, "name", value);
	else if (pb_doc_line_is(name, "FileName"))
		begin(t, t->files, "fileName", value);
	else if (pb_doc_line_is(name, "PackageChecksum") || pb_doc_line_is(name, "FileChecksum"))
		checksum(t, value);
	else if (pb_doc_line_is(name, "ExternalRef"))
		reference(t, value);
	else if (pb_doc_line_is(name, "Relationship"))
		relation(t, value);
	else if (pb_doc_line_is(name, "Creator") || pb_doc_line_is(name, "Created"))
		creator(t, pb_doc_line_is(name, "Created") ? "created" : "creators", value);
}

/* "<text>" and what follows, up to "</text>", on this line or a later one. */
static void skip_text(tags *t, pb_bytes value, pb_bytes *rest)
{
	const size_t begun = t->line;

	if (memmem(value.data, value.size, "</text>", 7) != NULL)
		return;
	for (pb_bytes line; pb_doc_line_next(rest, &line);) {
		t->line++;
		if (line.size > 0 && memmem(line.data, line.size, "</text>", 7) != NULL)
			return;
	}
	pb_doc_refuse(t->r, "line %zu: <text> does not end", begun);
}

static void take_lines(tags *t)
{
	pb_bytes rest = t->r->text, line, name, value;

	while (t->r->rc == PB_OK && pb_doc_line_next(&rest, &line)) {
		t->line++;
		line = pb_doc_line_trim(line);
		if (line.size == 0 || line.data[0] == '#')
			continue;
		if (t->line > PB_DOCUMENT_VALUES)
			pb_doc_refuse(t->r, "more than %d lines", PB_DOCUMENT_VALUES);
		else if (!pb_doc_line_field(line, &name, &value))
			pb_doc_refuse(t->r, "line %zu: \"Tag: value\" is wanted", t->line);
		else if (value.size >= 6 && memcmp(value.data, "<text>", 6) == 0)
			skip_text(t, value, &rest);
		else
			take(t, name, value);
	}
}

void pb_read_spdx_tag(pb_reading *r)
{
	tags t = {.r = r, .root = json_object()};

	pb_doc_says(r, "sbom", "spdx-tag");
	if (t.root != NULL) {
		t.packages = pb_json_array_at(t.root, "packages");
		t.files = pb_json_array_at(t.root, "files");
	}
	if (t.packages == NULL || t.files == NULL)
		pb_doc_starved(r);
	if (pb_doc_lines_are_text(r, r->text))
		take_lines(&t);
	if (r->rc == PB_OK) {
		r->json = t.root;
		pb_read_spdx_as_tags(r);
		r->json = NULL;
	}
	json_decref(t.root);
}
