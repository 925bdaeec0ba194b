/* The control member of a .deb: control, md5sums, conffiles. */
#include <stdlib.h>
#include <string.h>

#include "facts/fields.h"
#include "object/path.h"

enum { FILES_MAX = 200000, MD5_HEX = 32 };

/* A list as long as this, or a name, comes from no packaging tool. */
enum { LIST_MAX = 64 << 20, LINE_MAX_BYTES = MD5_HEX + 2 + PB_PATH_PART };

int pb_fact_deb(pb_look *look)
{
	pb_fields fields = {.rest = look->object->bytes};
	pb_field field = {.value = {0}};
	json_t *deb = json_object();
	int rc = deb ? 0 : PB_ENOMEM;

	while (!rc && pb_fields_next(&fields, &field)) {
		json_t *value = pb_text_json((pb_bytes){field.value.data, field.value.size}, PB_FIELD_TEXT);
		rc = json_object_set_new(deb, field.key, value) ? PB_ENOMEM : 0;
	}
	pb_buf_free(&field.value);
	/* A source package's control begins with "Source:", and many other things are called "control". */
	if (!rc && json_object_get(deb, "package") && json_object_get(deb, "version") && json_object_get(deb, "architecture")) {
		pb_look_tag(look, "deb");
		pb_look_tag(look, "package");
		return pb_look_set(look, "deb", deb);
	}
	json_decref(deb);
	return rc;
}

/* The next line of a list; false at its end, or at a bound, which is told. */
static bool next_entry(pb_look *look, const char *fact, pb_bytes *rest, size_t entries, pb_bytes *line)
{
	if (entries == FILES_MAX || (rest->data == look->object->bytes.data && rest->size > LIST_MAX)) {
		pb_look_cut(look, fact);
		return false;
	}
	while (pb_line_next(rest, line)) {
		if (line->size <= LINE_MAX_BYTES)
			return true;
		pb_look_cut(look, fact);
	}
	return false;
}

/* The path of a file in the form that the paths of objects have. NULL: no memory. */
static char *member_name(pb_bytes raw)
{
	pb_member_name name = {0};
	return pb_member_name_read(raw.data, raw.size, &name) ? NULL : name.name;
}

/* 32 hexadecimal digits, lower-cased into hex; false. */
static bool read_md5(pb_bytes line, char hex[MD5_HEX + 1])
{
	if (line.size < MD5_HEX + 2 || (line.data[MD5_HEX] != ' ' && line.data[MD5_HEX] != '\t'))
		return false;
	for (int i = 0; i < MD5_HEX; i++) {
		char c = (char)line.data[i];
		if (c >= 'A' && c <= 'F')
			c = (char)(c - 'A' + 'a');
		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
		hex[i] = c;
	}
	hex[MD5_HEX] = '\0';
	return true;
}

int pb_fact_md5sums(pb_look *look)
{
	pb_bytes rest = look->object->bytes, line;
	json_t *sums = json_object();
	char hex[MD5_HEX + 1];
	int rc = sums ? 0 : PB_ENOMEM;

	while (!rc && next_entry(look, "md5sums", &rest, json_object_size(sums), &line)) {
		if (!read_md5(line, hex))
			continue;
		/* Two blanks, or a blank and md5sum's mark of a binary file; the name may begin with blanks of its own. */
		bool marked = line.data[MD5_HEX + 1] == ' ' || line.data[MD5_HEX + 1] == '*';
		pb_bytes path = pb_slice(line, MD5_HEX + (marked ? 2 : 1), line.size);
		if (path.size == 0)
			continue;
		char *name = member_name(path);
		if (!name || json_object_set_new(sums, name, json_string(hex)))
			rc = PB_ENOMEM;
		free(name);
	}
	if (!rc && json_object_size(sums) > 0)
		return pb_look_set(look, "md5sums", sums);
	json_decref(sums);
	return rc;
}

int pb_fact_conffiles(pb_look *look)
{
	static const char remove[] = "remove-on-upgrade ";
	pb_bytes rest = look->object->bytes, line;
	json_t *files = json_array();
	int rc = files ? 0 : PB_ENOMEM;

	while (!rc && next_entry(look, "conffiles", &rest, json_array_size(files), &line)) {
		line = pb_trim(line);
		/* A conffile that is to be removed is not in the package. */
		if (line.size == 0 || (line.size >= sizeof remove - 1 && memcmp(line.data, remove, sizeof remove - 1) == 0))
			continue;
		char *name = member_name(line);
		if (!name || json_array_append_new(files, json_string(name)))
			rc = PB_ENOMEM;
		free(name);
	}
	if (!rc && json_array_size(files) > 0)
		return pb_look_set(look, "conffiles", files);
	json_decref(files);
	return rc;
}
