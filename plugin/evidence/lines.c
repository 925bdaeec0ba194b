#include "evidence/lines.h"

#include <string.h>

#include "base/text.h"

bool pb_doc_line_next(pb_bytes *rest, pb_bytes *line)
{
	const uint8_t *end;
	size_t n;

	if (rest->size == 0)
		return false;
	end = memchr(rest->data, '\n', rest->size);
	n = end != NULL ? (size_t)(end - rest->data) : rest->size;
	*line = pb_slice(*rest, 0, n);
	*rest = pb_slice(*rest, n + 1, rest->size);
	if (line->size > 0 && line->data[line->size - 1] == '\r')
		line->size--;
	return true;
}

static bool blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

pb_bytes pb_doc_line_trim(pb_bytes b)
{
	while (b.size > 0 && blank(b.data[b.size - 1]))
		b.size--;
	while (b.size > 0 && blank(b.data[0]))
		b = pb_slice(b, 1, b.size);
	return b;
}

bool pb_doc_line_field(pb_bytes line, pb_bytes *name, pb_bytes *value)
{
	const uint8_t *colon = line.size > 0 ? memchr(line.data, ':', line.size) : NULL;

	if (colon == NULL)
		return false;
	*name = pb_doc_line_trim(pb_slice(line, 0, (size_t)(colon - line.data)));
	*value = pb_doc_line_trim(pb_slice(line, (size_t)(colon - line.data) + 1, line.size));
	return true;
}

bool pb_doc_line_is(pb_bytes b, const char *text)
{
	return b.size == strlen(text) && (b.size == 0 || memcmp(b.data, text, b.size) == 0);
}

bool pb_doc_line_is_word(pb_bytes b, const char *text)
{
	return b.size == strlen(text) && (b.size == 0 || strncasecmp((const char *)b.data, text, b.size) == 0);
}

bool pb_doc_lines_are_text(pb_reading *r, pb_bytes text)
{
	const uint8_t *nul = text.size > 0 ? memchr(text.data, '\0', text.size) : NULL;

	if (nul != NULL)
		pb_doc_refuse(r, "byte %zu: a NUL, which is no text", (size_t)(nul - text.data));
	else if (!pb_text_utf8(text.data, text.size))
		pb_doc_refuse(r, "it is not UTF-8");
	return r->rc == PB_OK;
}
