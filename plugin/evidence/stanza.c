#include <string.h>

#include "evidence/deb822.h"
#include "evidence/lines.h"

static bool continued(pb_bytes line)
{
	return line.size > 0 && (line.data[0] == ' ' || line.data[0] == '\t');
}

static bool field_name(pb_bytes name)
{
	for (size_t i = 0; i < name.size; i++)
		if (name.data[i] <= ' ' || name.data[i] > '~')
			return false;
	return name.size > 0 && name.data[0] != '-';
}

bool pb_stanza_has(const pb_stanza *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (pb_doc_line_is_word(s->fields[i].name, name))
			return true;
	return false;
}

static bool twice(const pb_stanza *s, pb_bytes name)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->fields[i].name.size == name.size && strncasecmp((const char *)s->fields[i].name.data, (const char *)name.data, name.size) == 0)
			return true;
	return false;
}

static void begin(pb_reading *r, pb_stanza *s, pb_bytes line, size_t at)
{
	pb_bytes name, value;

	if (!pb_doc_line_field(line, &name, &value) || !field_name(name)) {
		pb_doc_refuse(r, "line %zu: \"Field: value\" is wanted", at);
	} else if (twice(s, name)) {
		pb_doc_refuse(r, "line %zu: a field stands twice: %.*s", at, (int)(name.size < 80 ? name.size : 80), (const char *)name.data);
	} else if (s->n == PB_STANZA_FIELDS) {
		pb_doc_refuse(r, "line %zu: more than %d fields", at, PB_STANZA_FIELDS);
	} else {
		/* an empty value keeps its place, so that continued lines begin there */
		s->fields[s->n].name = name;
		s->fields[s->n++].value = value.size > 0 ? value : (pb_bytes){line.data + line.size, 0};
	}
}

bool pb_stanza_next(pb_reading *r, pb_bytes *rest, size_t *at, pb_stanza *s)
{
	pb_bytes line;

	s->n = 0;
	while (r->rc == PB_OK && pb_doc_line_next(rest, &line)) {
		(*at)++;
		if (line.size > 0 && line.data[0] == '#')
			continue;
		if (pb_doc_line_trim(line).size == 0) {
			if (s->n > 0)
				return true;
		} else if (!continued(line)) {
			begin(r, s, line, *at);
		} else if (s->n == 0) {
			pb_doc_refuse(r, "line %zu: a continued line without a field", *at);
		} else {
			pb_bytes *value = &s->fields[s->n - 1].value;

			value->size = (size_t)(line.data + line.size - value->data);
		}
	}
	return r->rc == PB_OK && s->n > 0;
}

pb_bytes pb_stanza_get(const pb_stanza *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (pb_doc_line_is_word(s->fields[i].name, name))
			return pb_doc_line_trim(s->fields[i].value);
	return (pb_bytes){NULL, 0};
}
