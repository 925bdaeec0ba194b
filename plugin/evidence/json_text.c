#include <string.h>

#include "evidence/reader.h"

static size_t line_of(pb_bytes text, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at && i < text.size; i++)
		line += text.data[i] == '\n';
	return line;
}

/* Before anything is built: jansson bounds neither the depth that we want nor how much a text of many small values takes. */
static int within_bounds(pb_bytes text, pb_error *err)
{
	size_t depth = 0, values = 1;
	bool quoted = false;

	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (quoted) {
			if (c == '\\')
				i++;
			else
				quoted = c != '"';
			continue;
		}
		quoted = c == '"';
		if (c == '[' || c == '{')
			depth++;
		else if ((c == ']' || c == '}') && depth > 0)
			depth--;
		values += c == '[' || c == '{' || c == ',' || c == ':';
		if (depth > PB_DOCUMENT_DEPTH)
			return pb_fail(err, PB_ELIMIT, "line %zu: deeper than %d levels", line_of(text, i), PB_DOCUMENT_DEPTH);
		if (values > PB_DOCUMENT_VALUES)
			return pb_fail(err, PB_ELIMIT, "line %zu: more than %d values", line_of(text, i), PB_DOCUMENT_VALUES);
	}
	return PB_OK;
}

/* The key that ends at the byte where jansson stopped. */
static pb_bytes key_before(pb_bytes text, size_t end)
{
	size_t close, open;

	end = end < text.size ? end : text.size;
	while (end > 0 && text.data[end - 1] != '"')
		end--;
	if (end < 2)
		return (pb_bytes){NULL, 0};
	close = end - 1;
	for (open = close; open > 0; open--) {
		size_t slashes = 0;

		if (text.data[open - 1] != '"')
			continue;
		while (open - 1 > slashes && text.data[open - 2 - slashes] == '\\')
			slashes++;
		if (slashes % 2 == 0)
			break;
	}
	return pb_slice(text, open, close - open);
}

static json_t *parse(pb_bytes text, size_t first_line, pb_error *err)
{
	json_error_t e;
	json_t *value = json_loadb(text.size > 0 ? (const char *)text.data : "", text.size, JSON_REJECT_DUPLICATES, &e);
	size_t line = first_line + (e.line > 0 ? (size_t)e.line - 1 : 0);

	if (value != NULL)
		return value;
	if (json_error_code(&e) == json_error_duplicate_key) {
		pb_bytes key = key_before(text, e.position > 0 ? (size_t)e.position : 0);

		(void)pb_fail(err, PB_ECORRUPT, "line %zu: a key stands twice: %.*s", line, (int)(key.size < 200 ? key.size : 200),
		              key.size > 0 ? (const char *)key.data : "");
	} else if (json_error_code(&e) == json_error_out_of_memory) {
		(void)pb_fail(err, PB_ENOMEM, "it takes more memory than there is");
	} else {
		(void)pb_fail(err, PB_ECORRUPT, "line %zu: %s", line, e.text);
	}
	return NULL;
}

json_t *pb_evidence_json(pb_bytes text, pb_error *err)
{
	return within_bounds(text, err) == PB_OK ? parse(text, 1, err) : NULL;
}

static bool blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static pb_bytes trimmed(pb_bytes b)
{
	while (b.size > 0 && blank(b.data[0]))
		b = pb_slice(b, 1, b.size);
	while (b.size > 0 && blank(b.data[b.size - 1]))
		b.size--;
	return b;
}

bool pb_evidence_is_lines(pb_bytes text)
{
	const uint8_t *end = text.size > 0 ? memchr(text.data, '\n', text.size) : NULL;
	pb_bytes first, rest;

	if (end == NULL)
		return false;
	first = trimmed(pb_slice(text, 0, (size_t)(end - text.data)));
	rest = trimmed(pb_slice(text, (size_t)(end - text.data), text.size));
	return first.size > 1 && first.data[0] == '{' && first.data[first.size - 1] == '}' && rest.size > 0 && rest.data[0] == '{';
}

json_t *pb_evidence_json_lines(pb_bytes text, pb_error *err)
{
	json_t *all = within_bounds(text, err) == PB_OK ? json_array() : NULL;
	size_t line = 1;

	while (all != NULL && text.size > 0) {
		const uint8_t *end = memchr(text.data, '\n', text.size);
		size_t n = end != NULL ? (size_t)(end - text.data) + 1 : text.size;
		pb_bytes one = trimmed(pb_slice(text, 0, n));
		json_t *value = one.size > 0 ? parse(one, line, err) : NULL;

		if (one.size > 0 && (value == NULL || json_array_append_new(all, value) != 0)) {
			if (value != NULL)
				(void)pb_fail(err, PB_ENOMEM, "it takes more memory than there is");
			json_decref(all);
			return NULL;
		}
		text = pb_slice(text, n, text.size);
		line++;
	}
	return all;
}
