/* A wheel's *.dist-info: METADATA and RECORD. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "facts/fields.h"
#include "object/path.h"

enum { ROWS_MAX = 200000, SHA256 = 32, RECORD_MAX = 64 << 20, ROW_MAX = PB_PATH_PART + 256 };

/* Fields that may come more than once. */
static bool is_list(const char *key)
{
	static const char *const lists[] = {"classifiers",       "requires_dist", "platform",       "supported_platform",
	                                    "provides_extra",    "license_file",  "project_url",    "dynamic",
	                                    "requires_external", "provides_dist", "obsoletes_dist", "requires"};
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		if (strcmp(lists[i], key) == 0)
			return true;
	return false;
}

static int add_field(json_t *wheel, pb_field *field)
{
	pb_bytes value = {field->value.data, field->value.size};

	for (char *p = field->key; *p; p++)
		if (*p == '-')
			*p = '_';
	const char *key = strcmp(field->key, "classifier") == 0 ? "classifiers" : field->key;
	/* Some tools write UNKNOWN for what they were not told. */
	if (value.size == 0 || (value.size == 7 && memcmp(value.data, "UNKNOWN", 7) == 0))
		return 0;
	if (is_list(key))
		return pb_list_add(wheel, key, pb_text_json(value, PB_FIELD_TEXT));
	return json_object_set_new(wheel, key, pb_text_json(value, PB_FIELD_TEXT)) ? PB_ENOMEM : 0;
}

int pb_fact_wheel(pb_look *look)
{
	pb_fields fields = {.rest = look->object->bytes};
	pb_field field = {.value = {0}};
	json_t *wheel = json_object();
	int rc = wheel ? 0 : PB_ENOMEM;

	while (!rc && pb_fields_next(&fields, &field))
		rc = add_field(wheel, &field);
	pb_buf_free(&field.value);
	if (!rc && json_object_get(wheel, "metadata_version") && json_object_get(wheel, "name")) {
		pb_look_tag(look, "wheel");
		pb_look_tag(look, "package");
		return pb_look_set(look, "wheel", wheel);
	}
	json_decref(wheel);
	return rc;
}

/* One field of a row of comma-separated values into out; false: the row is broken. *rest is what follows the comma. */
static bool csv_field(pb_bytes *rest, pb_buf *out)
{
	size_t i = 0;
	bool quoted = rest->size > 0 && rest->data[0] == '"';

	pb_buf_free(out);
	for (i = quoted; i < rest->size; i++) {
		if (quoted && rest->data[i] == '"') {
			if (i + 1 >= rest->size || rest->data[i + 1] != '"')
				break;
			i++;
		} else if (!quoted && rest->data[i] == ',') {
			break;
		}
		if (pb_buf_add(out, &rest->data[i], 1))
			return false;
	}
	if (quoted && i >= rest->size)
		return false;
	i += quoted;
	if (i < rest->size && rest->data[i] != ',')
		return false;
	*rest = pb_slice(*rest, i + 1, rest->size);
	return true;
}

static int base64url(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' || c == '+' ? 62 : c == '_' || c == '/' ? 63 : -1;
}

/* "sha256=..." (base64url without padding) as hexadecimal; "" for another digest, none, or one that is not whole. */
static void read_digest(const pb_buf *field, char hex[2 * SHA256 + 1])
{
	static const char prefix[] = "sha256=", digits[] = "0123456789abcdef";
	const char *text = (const char *)field->data + sizeof prefix - 1;
	uint32_t bits = 0;
	unsigned have = 0, n = 0;

	hex[0] = '\0';
	if (field->size < sizeof prefix - 1 || memcmp(field->data, prefix, sizeof prefix - 1) != 0)
		return;
	for (; *text && *text != '='; text++) {
		int value = base64url(*text);
		if (value < 0)
			break;
		bits = bits << 6 | (uint32_t)value;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if (n == SHA256)
			break; /* longer than a SHA-256 */
		hex[2 * n] = digits[bits >> (have + 4) & 15];
		hex[2 * n + 1] = digits[bits >> have & 15];
		n++;
	}
	bool whole = n == SHA256 && (*text == '\0' || *text == '=');
	hex[whole ? 2 * SHA256 : 0] = '\0';
}

/* path,digest,size */
static int add_row(json_t *record, pb_bytes line)
{
	pb_buf path = {0}, digest = {0}, size = {0};
	pb_member_name name = {0};
	char hex[2 * SHA256 + 1];
	int64_t bytes;
	int rc = 0;

	if (!csv_field(&line, &path) || path.size == 0 || !csv_field(&line, &digest))
		goto out;
	rc = pb_member_name_read(path.data, path.size, &name);
	if (rc || !name.name[0])
		goto out;
	read_digest(&digest, hex);
	json_t *row = json_pack("{s:s}", "sha256", hex);
	if (row && csv_field(&line, &size) && size.size && pb_text_int((char *)size.data, 0, INT64_MAX, &bytes))
		rc = json_object_set_new(row, "size", json_integer(bytes)) ? PB_ENOMEM : 0;
	if (json_object_set_new(record, name.name, row))
		rc = PB_ENOMEM;
out:
	free(name.name);
	pb_buf_free(&path);
	pb_buf_free(&digest);
	pb_buf_free(&size);
	return rc;
}

int pb_fact_record(pb_look *look)
{
	pb_bytes rest = look->object->bytes, line;
	json_t *record = json_object();
	int rc = record ? 0 : PB_ENOMEM;

	if (rest.size > RECORD_MAX) {
		pb_look_cut(look, "record");
		rest.size = 0;
	}
	while (!rc && pb_line_next(&rest, &line)) {
		if (line.size > ROW_MAX || json_object_size(record) == ROWS_MAX)
			pb_look_cut(look, "record");
		else
			rc = add_row(record, line);
	}
	if (!rc && json_object_size(record) > 0)
		return pb_look_set(look, "record", record);
	json_decref(record);
	return rc;
}
