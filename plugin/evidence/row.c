/* Rows of what a document says, with their bounds. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "evidence/reader.h"

static bool kept(pb_reading *r, int failed)
{
	if (failed)
		pb_doc_starved(r);
	return !failed;
}

json_t *pb_doc_list(pb_reading *r, json_t *object, const char *key)
{
	json_t *list;

	if (object == NULL || r->rc != PB_OK)
		return NULL;
	list = pb_json_array_at(object, key);
	return kept(r, list == NULL) ? list : NULL;
}

static bool room(pb_reading *r, const json_t *list)
{
	if (list == NULL || r->rc != PB_OK)
		return false;
	if (json_array_size(list) < PB_DOCUMENT_LIST && r->rows < PB_DOCUMENT_ROWS) {
		r->rows++;
		return true;
	}
	r->left_out++;
	return false;
}

json_t *pb_doc_row(pb_reading *r, json_t *list)
{
	json_t *row;

	if (!room(r, list))
		return NULL;
	row = json_object();
	return kept(r, row == NULL || json_array_append_new(list, row) != 0) ? row : NULL;
}

void pb_doc_put_new(pb_reading *r, json_t *row, const char *key, json_t *value)
{
	if (row == NULL)
		json_decref(value);
	else
		(void)kept(r, value == NULL || json_object_set_new(row, key, value) != 0);
}

void pb_doc_put_bytes(pb_reading *r, json_t *row, const char *key, pb_bytes text)
{
	if (row != NULL)
		pb_doc_put_new(r, row, key, pb_json_display(text.size > 0 ? (const char *)text.data : "", text.size, PB_DOCUMENT_TEXT));
}

void pb_doc_put(pb_reading *r, json_t *row, const char *key, const char *text)
{
	pb_doc_put_bytes(r, row, key, (pb_bytes){(const uint8_t *)text, strlen(text)});
}

void pb_doc_put_shown(pb_reading *r, json_t *row, const char *key, const char *text)
{
	char *safe = row != NULL ? pb_text_safe(text, PB_DOCUMENT_TEXT) : NULL;

	if (row != NULL)
		pb_doc_put_new(r, row, key, safe != NULL ? json_string(safe) : NULL);
	free(safe);
}

void pb_doc_word_bytes(pb_reading *r, json_t *list, pb_bytes text)
{
	json_t *word;

	if (!room(r, list))
		return;
	word = pb_json_display(text.size > 0 ? (const char *)text.data : "", text.size, PB_DOCUMENT_TEXT);
	(void)kept(r, word == NULL || json_array_append_new(list, word) != 0);
}

void pb_doc_word(pb_reading *r, json_t *list, const char *text)
{
	pb_doc_word_bytes(r, list, (pb_bytes){(const uint8_t *)text, strlen(text)});
}

void pb_doc_put_texts(const pb_node *list, json_t *row, const char *key)
{
	json_t *words = pb_doc_list(list->r, row, key);

	if (json_is_string(list->v)) {
		pb_doc_word(list->r, words, json_string_value(list->v));
		return;
	}
	for (size_t i = 0, n = pb_doc_items(list); i < n && list->r->rc == PB_OK; i++) {
		pb_node item = pb_doc_item(list, i);

		pb_doc_must(&item);
		pb_doc_word(list->r, words, pb_doc_text(&item));
	}
}

static const struct {
	const char *name;
	size_t digits;
} digests[] = {{"sha256", 64}, {"sha512", 128}, {"sha1", 40}, {"md5", 32}};

enum { DIGESTS = sizeof digests / sizeof digests[0] };

void pb_doc_digest_none(pb_reading *r, json_t *row)
{
	for (size_t i = 0; i < DIGESTS; i++)
		pb_doc_put(r, row, digests[i].name, "");
}

/* "SHA-256" and "sha256" are one algorithm. */
static bool same_algorithm(const char *given, const char *name)
{
	for (; *given != '\0'; given++) {
		char c = *given >= 'A' && *given <= 'Z' ? (char)(*given - 'A' + 'a') : *given;

		if (c == '-')
			continue;
		if (c != *name)
			return false;
		name++;
	}
	return *name == '\0';
}

bool pb_doc_hex_of(const char *text, size_t digits, char out[129])
{
	size_t n = strnlen(text, 129);

	if (n != digits || n > 128 || strspn(text, "0123456789abcdefABCDEF") != n)
		return false;
	for (size_t i = 0; i <= n; i++)
		out[i] = text[i] >= 'A' && text[i] <= 'F' ? (char)(text[i] - 'A' + 'a') : text[i];
	return true;
}

bool pb_doc_digest_put(pb_reading *r, json_t *row, const char *algorithm, const char *hex)
{
	char lower[129];

	for (size_t i = 0; i < DIGESTS; i++) {
		if (!same_algorithm(algorithm, digests[i].name))
			continue;
		if (!pb_doc_hex_of(hex, digests[i].digits, lower))
			return false;
		pb_doc_put(r, row, digests[i].name, lower);
		return true;
	}
	return true;
}

json_t *pb_doc_subject(pb_reading *r, const char *name, const char *purl)
{
	json_t *row = r->about ? NULL : pb_doc_row(r, r->subjects);

	pb_doc_put(r, row, "name", name);
	pb_doc_put(r, row, "purl", purl);
	pb_doc_digest_none(r, row);
	return row;
}

void pb_doc_says(pb_reading *r, const char *kind, const char *fmt, ...)
{
	char format[160];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(format, sizeof format, fmt, ap);
	va_end(ap);
	pb_doc_put(r, r->record, "kind", kind);
	pb_doc_put(r, r->record, "format", format);
}

void pb_doc_dates(pb_reading *r, const char *issued, const char *expires)
{
	if (issued[0] != '\0')
		pb_doc_put(r, r->record, "issued", issued);
	if (expires[0] != '\0')
		pb_doc_put(r, r->record, "expires", expires);
}

void pb_doc_by(pb_reading *r, const char *text)
{
	pb_doc_put(r, r->record, "by", text);
}
