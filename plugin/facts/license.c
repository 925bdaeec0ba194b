/* Under which licences? From SPDX lines in any text, and from the words of files that are licences by name. */
#include <stdlib.h>
#include <string.h>

#include "facts/fields.h"
#include "facts/license_texts.h"
#include "facts/sources.h"

const char pb_marks_yara[] = "rule marks { strings: $spdx = \"SPDX-License-Identifier:\" condition: any of them }";

enum { IDS_MAX = 64, ID_MAX = 64, LOOK_AT = 256 << 10 };

/* Ids and names as the keys of an object: each once, and sorted when they become a list. */
typedef struct licenses {
	json_t *spdx, *names;
} licenses;

static int add(json_t *set, const char *id, size_t n)
{
	if (n == 0 || n > ID_MAX || json_object_size(set) == IDS_MAX)
		return 0;
	return json_object_setn_new(set, id, n, json_true()) ? PB_ENOMEM : 0;
}

static bool is_id_char(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+';
}

static bool is_operator(const uint8_t *word, size_t n)
{
	return (n == 2 && (memcmp(word, "OR", 2) == 0 || memcmp(word, "or", 2) == 0)) ||
	       (n == 3 && (memcmp(word, "AND", 3) == 0 || memcmp(word, "and", 3) == 0));
}

/* "MIT OR (Apache-2.0 WITH LLVM-exception)" to the end of the line, or to where the comment ends. */
static int add_expression(licenses *l, pb_bytes b)
{
	size_t at = 0;
	int rc = 0;

	while (!rc && at < b.size && b.data[at] != '\n') {
		size_t n = 0;
		while (at + n < b.size && is_id_char(b.data[at + n]))
			n++;
		const uint8_t *word = b.data + at;
		if (n == 0 && (*word == ' ' || *word == '\t' || *word == '(' || *word == ')')) {
			at++;
			continue;
		}
		/* Anything else ends it: the end of a comment, a quote, a bracket of a template. "-->" is made of id
		 * characters. */
		if (n == 0 || word[0] == '-' || word[0] == '.')
			break;
		if (n == 4 && (memcmp(word, "WITH", 4) == 0 || memcmp(word, "with", 4) == 0)) {
			/* The exception belongs to the id before, and is none itself. */
			at += n;
			while (at < b.size && b.data[at] == ' ')
				at++;
			while (at < b.size && is_id_char(b.data[at]))
				at++;
			continue;
		}
		if (!is_operator(word, n))
			rc = add(l->spdx, (const char *)word, n);
		at += n;
	}
	return rc;
}

static int from_lines(pb_look *look, licenses *l)
{
	static const char mark[] = "SPDX-License-Identifier:";
	const pb_hit *hit;
	size_t n = pb_look_hits(look, PB_OWN_MARKS, "$spdx", &hit);
	int rc = 0;

	for (size_t i = 0; i < n && !rc; i++)
		rc = add_expression(l, pb_slice(look->object->bytes, (size_t)hit[i].at + sizeof mark - 1, 512));
	return rc;
}

/* The "License:" fields of Debian's copyright format: "GPL-2+ or Artistic". */
static int from_debian(licenses *l, pb_bytes b)
{
	pb_fields fields = {.rest = b};
	pb_field field = {.value = {0}};
	int rc = 0;

	do {
		fields.n = 0; /* the bound is for one paragraph: a file has one for each of its parts */
		while (!rc && pb_fields_next(&fields, &field)) {
			char *save = NULL;
			if (strcmp(field.key, "license") != 0 || !field.value.size)
				continue;
			char *line = (char *)field.value.data;
			line[strcspn(line, "\n")] = '\0';
			for (char *word = strtok_r(line, " ,\t", &save); word && !rc; word = strtok_r(NULL, " ,\t", &save)) {
				const char *id = pb_license_of_debian(word);
				size_t n = strlen(word);
				if (strcmp(word, "with") == 0)
					break; /* "with OpenSSL exception" */
				if (is_operator((uint8_t *)word, n))
					continue;
				json_t *shown = id ? NULL : pb_json_display(word, n, ID_MAX);
				const char *name = id ? id : json_string_value(shown);
				rc = name ? add(id ? l->spdx : l->names, name, strlen(name)) : PB_ENOMEM;
				json_decref(shown);
			}
		}
	} while (!rc && fields.ended);
	pb_buf_free(&field.value);
	return rc;
}

/* Lower case, every run of blanks, comment signs and quotes as one blank: licences are wrapped and decorated in many ways. */
static char *plain_text(pb_bytes b)
{
	b = pb_slice(b, 0, LOOK_AT);
	char *text = malloc(b.size + 2);
	size_t n = 0;

	if (!text)
		return NULL;
	for (size_t i = 0; i < b.size; i++) {
		uint8_t c = b.data[i];
		if (c >= 'A' && c <= 'Z')
			c = (uint8_t)(c - 'A' + 'a');
		bool blank = c <= ' ' || strchr("*#/;\"'`_<>=|", c);
		if (!blank)
			text[n++] = (char)c;
		else if (n > 0 && text[n - 1] != ' ')
			text[n++] = ' ';
	}
	text[n] = '\0';
	return text;
}

static int from_text(licenses *l, pb_bytes b)
{
	char *text = plain_text(b);
	int rc = text ? 0 : PB_ENOMEM;
	const char *id;

	for (size_t i = 0; !rc && pb_license_in_text(text, &i, &id);)
		rc = id ? add(l->spdx, id, strlen(id)) : 0;
	free(text);
	return rc;
}

static json_t *sorted_keys(json_t *set)
{
	const char *keys[IDS_MAX], *key;
	json_t *value, *list = json_array();
	size_t n = 0;

	json_object_foreach (set, key, value)
		keys[n++] = key;
	if (n > 1)
		qsort(keys, n, sizeof keys[0], pb_license_order);
	for (size_t i = 0; i < n; i++)
		if (json_array_append_new(list, json_string(keys[i]))) {
			json_decref(list);
			return NULL;
		}
	return list;
}

static int set_license(pb_look *look, const licenses *l)
{
	json_t *license = json_object();
	int rc = 0;

	if (json_object_size(l->spdx) + json_object_size(l->names) == 0) {
		json_decref(license);
		return 0;
	}
	rc |= json_object_set_new(license, "spdx", sorted_keys(l->spdx));
	if (json_object_size(l->names) > 0)
		rc |= json_object_set_new(license, "names", sorted_keys(l->names));
	if (!rc)
		return pb_look_set(look, "license", license);
	json_decref(license);
	return PB_ENOMEM;
}

int pb_fact_license(pb_look *look)
{
	static const char format[] = "copyright-format";
	const char *name = look->object->name_class;
	pb_bytes b = look->object->bytes, head = pb_slice(b, 0, 1024);
	licenses l = {json_object(), json_object()};
	int rc = l.spdx && l.names ? from_lines(look, &l) : PB_ENOMEM;
	bool paper = strcmp(name, "license") == 0 || strcmp(name, "copying") == 0 || strcmp(name, "copyright") == 0;

	if (!rc && paper && head.size && memmem(head.data, head.size, format, sizeof format - 1))
		rc = from_debian(&l, b);
	else if (!rc && paper)
		rc = from_text(&l, b);
	if (!rc)
		rc = set_license(look, &l);
	json_decref(l.spdx);
	json_decref(l.names);
	return rc;
}
