#include "facts/fields.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

bool pb_line_next(pb_bytes *rest, pb_bytes *line)
{
	if (rest->size == 0)
		return false;
	const uint8_t *end = memchr(rest->data, '\n', rest->size);
	size_t n = end ? (size_t)(end - rest->data) : rest->size, used = end ? n + 1 : n;
	*line = (pb_bytes){rest->data, n};
	if (n > 0 && line->data[n - 1] == '\r')
		line->size--;
	*rest = (pb_bytes){rest->data + used, rest->size - used};
	return true;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

pb_bytes pb_trim(pb_bytes b)
{
	while (b.size > 0 && is_blank(b.data[0])) {
		b.data++;
		b.size--;
	}
	while (b.size > 0 && is_blank(b.data[b.size - 1]))
		b.size--;
	return b;
}

/* "Key: value" into key and value; false where the line is no such thing. */
static bool split(pb_bytes line, char key[PB_FIELD_KEY], pb_bytes *value)
{
	const uint8_t *colon = line.size ? memchr(line.data, ':', line.size) : NULL;
	size_t n = colon ? (size_t)(colon - line.data) : 0;

	if (n == 0 || n >= PB_FIELD_KEY)
		return false;
	for (size_t i = 0; i < n; i++) {
		uint8_t c = line.data[i];
		bool upper = c >= 'A' && c <= 'Z';
		if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
			return false;
		key[i] = (char)(upper ? c - 'A' + 'a' : c);
	}
	key[n] = '\0';
	*value = pb_trim(pb_slice(line, n + 1, line.size));
	return true;
}

/* What does not fit into the bound is left out; memory cannot run out below it for long, and the fact is then only shorter. */
static void add(pb_buf *value, pb_bytes more)
{
	size_t room = PB_FIELD_TEXT - (value->size < PB_FIELD_TEXT ? value->size : PB_FIELD_TEXT);
	(void)pb_buf_add(value, more.data, more.size < room ? more.size : room);
}

static void add_continuation(const pb_fields *f, pb_buf *value, pb_bytes line)
{
	static const uint8_t newline = '\n';
	if (f->glue) {
		add(value, pb_slice(line, 1, line.size));
		return;
	}
	line = pb_trim(line);
	add(value, (pb_bytes){&newline, 1});
	/* Debian writes an empty line as " ." */
	if (line.size != 1 || line.data[0] != '.')
		add(value, line);
}

bool pb_fields_next(pb_fields *f, pb_field *out)
{
	pb_bytes line, value;

	f->ended = false;
	while (f->n < PB_FIELDS && pb_line_next(&f->rest, &line)) {
		if (pb_trim(line).size == 0) {
			f->ended = true;
			return false;
		}
		if (is_blank(line.data[0]) || line.data[0] == '#' || !split(line, out->key, &value))
			continue;
		f->n++;
		pb_buf_free(&out->value);
		add(&out->value, value);
		while (f->rest.size > 0 && (f->rest.data[0] == ' ' || f->rest.data[0] == '\t')) {
			pb_bytes before = f->rest;
			(void)pb_line_next(&f->rest, &line);
			if (pb_trim(line).size == 0) {
				f->rest = before; /* a blank line ends the paragraph, whatever it is made of */
				break;
			}
			add_continuation(f, &out->value, line);
		}
		return true;
	}
	return false;
}

json_t *pb_text_json(pb_bytes b, size_t max)
{
	json_t *json = NULL;
	char *text = pb_text_display_lines(b.data ? b.data : (const void *)"", b.size, max);
	if (text)
		json = json_string(text);
	free(text);
	return json;
}

json_t *pb_json_lenient(pb_bytes text, size_t max, int *rc)
{
	json_error_t e = {.text = ""};
	json_t *value = NULL;

	*rc = text.size > max ? PB_ELIMIT : 0;
	if (text.size >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
		text = pb_slice(text, 3, text.size);
	if (*rc || text.size == 0)
		return NULL;
	value = json_loadb((const char *)text.data, text.size, 0, &e);
	if (!value && json_error_code(&e) == json_error_out_of_memory)
		*rc = PB_ENOMEM;
	return value;
}

int pb_list_add(json_t *object, const char *key, json_t *value)
{
	json_t *list = value ? pb_json_array_at(object, key) : NULL;

	if (!list) {
		json_decref(value);
		return PB_ENOMEM;
	}
	if (json_array_size(list) == PB_FIELD_LIST) {
		json_decref(value);
		return 0;
	}
	return json_array_append_new(list, value) ? PB_ENOMEM : 0;
}
