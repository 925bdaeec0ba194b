/* Tables of digests: "HEX SIZE [SECTION PRIORITY] NAME", one a line, one table for each algorithm. */
#include <string.h>

#include "base/text.h"
#include "evidence/deb822.h"
#include "evidence/intoto.h"
#include "evidence/lines.h"

static const struct {
	const char *field, *algorithm;
} tables[] = {
    {"Checksums-Sha256", "sha256"}, {"Checksums-Sha1", "sha1"}, {"Checksums-Sha512", "sha512"}, {"Checksums-Md5", "md5"}, {"Files", "md5"},
    {"SHA256", "sha256"},           {"SHA1", "sha1"},           {"SHA512", "sha512"},           {"MD5Sum", "md5"},
};

static bool word(pb_bytes *line, char *out, size_t size)
{
	size_t n = 0;

	*line = pb_doc_line_trim(*line);
	while (n < line->size && line->data[n] != ' ' && line->data[n] != '\t')
		n++;
	if (n == 0 || n >= size)
		return false;
	memcpy(out, line->data, n);
	out[n] = '\0';
	*line = pb_slice(*line, n, line->size);
	return true;
}

/* Rows by their name as it stands, so that tables of several algorithms meet. */
static void put(pb_reading *r, json_t *by_name, json_t *list, const char *algorithm, const char *hex, int64_t size, const char *name)
{
	json_t *row = json_object_get(by_name, name);

	if (row == NULL) {
		row = pb_rebuild_file(r, list, name, size);
		if (row == NULL)
			return;
		if (json_object_set(by_name, name, row) != 0)
			pb_doc_starved(r);
	} else if (pb_json_int(row, "size", -1) != size) {
		pb_doc_refuse(r, "%.120s has two sizes", name);
	}
	if (pb_json_str(row, algorithm, "")[0] != '\0')
		pb_doc_refuse(r, "%.120s stands twice among the files with %s", name, algorithm);
	if (!pb_doc_digest_put(r, row, algorithm, hex))
		pb_doc_refuse(r, "%.120s: no %s in hex: %.140s", name, algorithm, hex);
}

static void take_line(pb_reading *r, json_t *by_name, json_t *list, const char *algorithm, pb_bytes line)
{
	char hex[140], size[24], name[PB_DOCUMENT_TEXT], next[PB_DOCUMENT_TEXT];
	int64_t bytes;

	if (!word(&line, hex, sizeof hex) || !word(&line, size, sizeof size) || !pb_text_int(size, 0, INT64_MAX, &bytes) || !word(&line, name, sizeof name)) {
		pb_doc_refuse(r, "a file is \"DIGEST SIZE NAME\"");
		return;
	}
	while (word(&line, next, sizeof next)) /* section and priority stand before the name in .changes */
		memcpy(name, next, sizeof name);
	if (line.size > 0)
		pb_doc_refuse(r, "a file is \"DIGEST SIZE NAME\"");
	put(r, by_name, list, algorithm, hex, bytes, name);
}

static void copy_subjects(pb_reading *r, const json_t *list)
{
	static const char *const same[] = {"name", "sha256", "sha512", "sha1", "md5"};
	const json_t *row;
	size_t i;

	json_array_foreach (list, i, row) {
		json_t *subject = pb_doc_subject(r, "", "");

		for (size_t k = 0; k < 5 && subject != NULL; k++)
			pb_doc_put_new(r, subject, same[k], json_incref(json_object_get(row, same[k])));
	}
}

void pb_deb822_files(pb_reading *r, const pb_stanza *s, json_t *list, bool subjects)
{
	json_t *by_name = json_object();

	if (by_name == NULL)
		pb_doc_starved(r);
	for (size_t i = 0; i < sizeof tables / sizeof tables[0] && r->rc == PB_OK; i++) {
		pb_bytes rest = pb_stanza_get(s, tables[i].field), line;

		while (r->rc == PB_OK && pb_doc_line_next(&rest, &line))
			if (pb_doc_line_trim(line).size > 0)
				take_line(r, by_name, list, tables[i].algorithm, line);
	}
	json_decref(by_name);
	if (subjects && r->rc == PB_OK)
		copy_subjects(r, list);
}
