#include "evidence/deb822.h"

#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "evidence/intoto.h"
#include "evidence/lines.h"
#include "evidence/openpgp.h"

/* Where the signed text begins, for a look at it. */
static pb_bytes behind_armour(pb_bytes text)
{
	const uint8_t *end;

	if (!pb_openpgp_is_clear(text))
		return text;
	end = memmem(text.data, text.size < 4096 ? text.size : 4096, "\n\n", 2);
	return end != NULL ? pb_slice(text, (size_t)(end - text.data) + 2, text.size) : (pb_bytes){NULL, 0};
}

typedef enum form { NONE, BUILDINFO, CHANGES, DSC, RELEASE, PACKAGES } form;

static form form_of(const pb_stanza *s)
{
	if (pb_stanza_has(s, "Package") && pb_stanza_has(s, "Version") && pb_stanza_has(s, "Filename") && pb_stanza_has(s, "Size"))
		return PACKAGES;
	if (pb_stanza_has(s, "Source") && pb_stanza_has(s, "Build-Architecture") && pb_stanza_has(s, "Architecture"))
		return BUILDINFO;
	if (pb_stanza_has(s, "Source") && pb_stanza_has(s, "Distribution") && (pb_stanza_has(s, "Changes") || pb_stanza_has(s, "Changed-By")))
		return CHANGES;
	if (pb_stanza_has(s, "Source") && pb_stanza_has(s, "Format") && (pb_stanza_has(s, "Files") || pb_stanza_has(s, "Checksums-Sha256")))
		return DSC;
	if ((pb_stanza_has(s, "Suite") || pb_stanza_has(s, "Codename")) && (pb_stanza_has(s, "SHA256") || pb_stanza_has(s, "MD5Sum")))
		return RELEASE;
	return NONE;
}

/* By the beginning of the first stanza. */
static form form_at_first(pb_bytes text)
{
	pb_reading probe = {0};
	pb_bytes rest = pb_slice(behind_armour(text), 0, 64 << 10);
	pb_stanza s;
	size_t line = 0;

	(void)pb_stanza_next(&probe, &rest, &line, &s);
	return form_of(&s);
}

bool pb_is_deb822(const pb_reading *r)
{
	return r->json == NULL && form_at_first(r->text) != NONE;
}

static void put(pb_reading *r, json_t *row, const char *key, const pb_stanza *s, const char *field)
{
	pb_doc_put_bytes(r, row, key, pb_stanza_get(s, field));
}

/* The words of a field, or what stands between its commas. */
static void put_words(pb_reading *r, const char *key, pb_bytes text, const char *between)
{
	json_t *list = pb_doc_list(r, r->content, key);

	while (text.size > 0 && r->rc == PB_OK) {
		size_t n = 0;

		while (n < text.size && (text.data[n] == '\0' || strchr(between, text.data[n]) == NULL))
			n++;
		if (n > 0)
			pb_doc_word_bytes(r, list, pb_slice(text, 0, n));
		text = pb_slice(text, n + 1, text.size);
	}
}

/* "Sat, 21 Nov 2026 10:20:30 +0000": the day, where it was written. */
static bool day_of(pb_bytes text, char out[11])
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const uint8_t *comma = text.size > 4 ? memchr(text.data, ',', 4) : NULL;
	char day[12] = "0000-00-00";
	size_t n = 0;
	int64_t days;

	out[0] = '\0';
	if (comma != NULL)
		text = pb_doc_line_trim(pb_slice(text, (size_t)(comma - text.data) + 1, text.size));
	while (n < 2 && n < text.size && text.data[n] >= '0' && text.data[n] <= '9')
		n++;
	if (n == 0 || text.size < n + 9 || text.data[n] != ' ' || text.data[n + 4] != ' ')
		return false;
	day[8] = n == 2 ? (char)text.data[0] : '0';
	day[9] = (char)text.data[n - 1];
	for (unsigned m = 0; m < 12; m++)
		if (memcmp(months + 3 * (size_t)m, text.data + n + 1, 3) == 0) {
			day[5] = (char)('0' + (m + 1) / 10);
			day[6] = (char)('0' + (m + 1) % 10);
		}
	for (size_t i = 0; i < 4; i++)
		day[i] = (char)text.data[n + 5 + i];
	if (strlen(day) != 10 || !pb_date_parse(day, &days))
		return false;
	pb_date_format(days, out);
	return true;
}

static void get_day(pb_reading *r, const pb_stanza *s, const char *field, char out[11])
{
	pb_bytes text = pb_stanza_get(s, field);

	out[0] = '\0';
	if (text.size > 0 && !day_of(text, out))
		pb_doc_refuse(r, "%s: no date: %.*s", field, (int)(text.size < 60 ? text.size : 60), (const char *)text.data);
}

static void set_by(pb_reading *r, const pb_stanza *s)
{
	put(r, r->record, "by", s, pb_stanza_has(s, "Changed-By") ? "Changed-By" : "Maintainer");
}

static void read_changes(pb_reading *r, const pb_stanza *s, bool dsc)
{
	static const char *const vcs[] = {"Vcs-Git", "Vcs-Svn", "Vcs-Hg", "Vcs-Bzr", "Vcs-Arch", "Vcs-Cvs", "Vcs-Darcs", "Vcs-Mtn"};
	static const char *const fields[][2] = {
	    {"source", "Source"},         {"version", "Version"},       {"distribution", "Distribution"}, {"urgency", "Urgency"},
	    {"maintainer", "Maintainer"}, {"changed_by", "Changed-By"}, {"homepage", "Homepage"},         {"vcs_browser", "Vcs-Browser"},
	};
	pb_bytes format = pb_stanza_get(s, "Format");
	char day[11];

	pb_doc_says(r, dsc ? "dsc" : "changes", "debian-%s %.*s", dsc ? "dsc" : "changes", (int)(format.size < 40 ? format.size : 40),
	            format.size > 0 ? (const char *)format.data : "");
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		put(r, r->content, fields[i][0], s, fields[i][1]);
	pb_doc_put(r, r->content, "vcs", "");
	for (size_t i = sizeof vcs / sizeof vcs[0]; i-- > 0;)
		if (pb_stanza_has(s, vcs[i]))
			put(r, r->content, "vcs", s, vcs[i]);
	put_words(r, "architectures", pb_stanza_get(s, "Architecture"), " \t\r\n");
	put_words(r, "binaries", pb_stanza_get(s, "Binary"), ", \t\r\n");
	get_day(r, s, "Date", day);
	pb_doc_dates(r, day, "");
	set_by(r, s);
	pb_deb822_files(r, s, pb_doc_list(r, r->content, "files"), true);
}

/* "a (= 1.0)," one a line. */
static void put_depends(pb_reading *r, pb_bytes text)
{
	json_t *list = pb_doc_list(r, r->content, "depends");
	pb_bytes line;

	while (r->rc == PB_OK && pb_doc_line_next(&text, &line)) {
		const uint8_t *open;
		json_t *row;
		pb_bytes version = {NULL, 0};

		line = pb_doc_line_trim(line);
		if (line.size > 0 && line.data[line.size - 1] == ',')
			line.size--;
		if (line.size == 0)
			continue;
		open = memmem(line.data, line.size, "(= ", 3);
		if (open != NULL && line.data[line.size - 1] == ')') {
			version = pb_slice(line, (size_t)(open - line.data) + 3, line.size);
			version.size -= version.size > 0;
			line = pb_doc_line_trim(pb_slice(line, 0, (size_t)(open - line.data)));
		}
		row = pb_doc_row(r, list);
		pb_doc_put_bytes(r, row, "name", line);
		pb_doc_put_bytes(r, row, "version", version);
	}
}

static void read_buildinfo(pb_reading *r, const pb_stanza *s)
{
	pb_bytes format = pb_stanza_get(s, "Format");
	char day[11];

	pb_doc_says(r, "rebuild", "debian-buildinfo %.*s", (int)(format.size < 40 ? format.size : 40), format.size > 0 ? (const char *)format.data : "");
	pb_rebuild_begin(r);
	put(r, r->content, "builder", s, "Build-Origin");
	put(r, r->record, "by", s, "Build-Origin");
	pb_doc_put(r, r->content, "result", "built");
	put(r, r->content, "source", s, "Source");
	put(r, r->content, "version", s, "Version");
	put(r, r->content, "architecture", s, "Architecture");
	put(r, r->content, "path", s, "Build-Path");
	get_day(r, s, "Build-Date", day);
	pb_doc_put(r, r->content, "date", day);
	pb_doc_dates(r, day, "");
	put_depends(r, pb_stanza_get(s, "Installed-Build-Depends"));
	pb_deb822_files(r, s, pb_doc_list(r, r->content, "files"), true);
}

static void read_release(pb_reading *r, const pb_stanza *s)
{
	static const char *const fields[][2] = {{"origin", "Origin"}, {"label", "Label"}, {"suite", "Suite"}, {"codename", "Codename"}, {"version", "Version"}};
	char day[11], until[11];

	pb_doc_says(r, "release", "debian-release");
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		put(r, r->content, fields[i][0], s, fields[i][1]);
	put_words(r, "architectures", pb_stanza_get(s, "Architectures"), " \t\r\n");
	put_words(r, "components", pb_stanza_get(s, "Components"), " \t\r\n");
	get_day(r, s, "Date", day);
	get_day(r, s, "Valid-Until", until);
	pb_doc_put(r, r->content, "valid_until", until);
	pb_doc_dates(r, day, until);
	put(r, r->record, "by", s, "Origin");
	pb_deb822_files(r, s, pb_doc_list(r, r->content, "files"), false);
}

static void put_digests(pb_reading *r, const pb_stanza *s, json_t *row)
{
	static const char *const fields[][2] = {{"SHA256", "sha256"}, {"SHA512", "sha512"}, {"SHA1", "sha1"}, {"MD5sum", "md5"}};
	char hex[130];

	for (size_t i = 0; i < 4; i++) {
		pb_bytes value = pb_stanza_get(s, fields[i][0]);

		if (value.size == 0)
			continue;
		memcpy(hex, value.data, value.size < 129 ? value.size : 129);
		hex[value.size < 129 ? value.size : 129] = '\0';
		if (!pb_doc_digest_put(r, row, fields[i][1], hex))
			pb_doc_refuse(r, "%s: no such digest in hex: %s", fields[i][0], hex);
	}
}

static void put_package(pb_reading *r, const pb_stanza *s, json_t *list)
{
	static const char *const fields[][2] = {
	    {"name", "Package"}, {"version", "Version"}, {"architecture", "Architecture"}, {"source", "Source"}, {"filename", "Filename"}};
	pb_bytes file = pb_stanza_get(s, "Filename"), number = pb_stanza_get(s, "Size");
	json_t *row = pb_doc_row(r, list), *subject = pb_doc_subject(r, "", "");
	char text[24] = "";
	int64_t size = -1;

	if (number.size > 0 && number.size < sizeof text)
		memcpy(text, number.data, number.size);
	if (number.size > 0 && !pb_text_int(text, 0, INT64_MAX, &size))
		pb_doc_refuse(r, "Size: no number: %.*s", (int)(number.size < 40 ? number.size : 40), (const char *)number.data);
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		put(r, row, fields[i][0], s, fields[i][1]);
	pb_doc_put_new(r, row, "size", json_integer(size));
	pb_doc_digest_none(r, row);
	put_digests(r, s, row);
	for (size_t i = file.size; i-- > 0;)
		if (file.data[i] == '/') {
			file = pb_slice(file, i + 1, file.size);
			break;
		}
	pb_doc_put_bytes(r, subject, "name", file);
	put_digests(r, s, subject);
}

static void read_packages(pb_reading *r, pb_bytes text)
{
	json_t *list = pb_doc_list(r, r->content, "packages");
	pb_stanza s;
	size_t line = 0;

	pb_doc_says(r, "packages", "debian-packages");
	while (pb_stanza_next(r, &text, &line, &s))
		put_package(r, &s, list);
}

static void read_text(pb_reading *r, pb_bytes text)
{
	pb_bytes rest = text;
	pb_stanza s = {.n = 0};
	size_t line = 0;
	form f;

	(void)pb_stanza_next(r, &rest, &line, &s);
	f = form_of(&s);
	if (f == PACKAGES) {
		read_packages(r, text);
		return;
	}
	if (f == BUILDINFO)
		read_buildinfo(r, &s);
	else if (f == RELEASE)
		read_release(r, &s);
	else if (f != NONE)
		read_changes(r, &s, f == DSC);
	else
		pb_doc_refuse(r, "it holds no whole stanza");
	if (r->rc == PB_OK && pb_stanza_next(r, &rest, &line, &s))
		pb_doc_refuse(r, "line %zu: more than one stanza", line);
}

void pb_read_deb822(pb_reading *r)
{
	static const char *const kinds[] = {"unknown", "rebuild", "changes", "dsc", "release", "packages"};
	const bool clear = pb_openpgp_is_clear(r->text);
	pb_buf text = {0};

	pb_doc_says(r, kinds[form_at_first(r->text)], "deb822");
	if (clear && !pb_openpgp_cleartext(r->text, &text))
		pb_doc_refuse(r, "the clear-signed text is broken, or something stands outside of it");
	if (r->rc == PB_OK && pb_doc_lines_are_text(r, clear ? (pb_bytes){text.data, text.size} : r->text))
		read_text(r, clear ? (pb_bytes){text.data, text.size} : r->text);
	pb_buf_free(&text);
}
