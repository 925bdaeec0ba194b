/* Debian's ways to name a package: an archive's Release names Packages, which names the .deb; .changes, .dsc and .buildinfo name files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/hash.h"
#include "evidence/package_inside.h"
#include "object/archive_reader.h"

enum { TEXT_MAX = 256 << 20 };

/* Does the line begin with this field? */
static bool field(pb_bytes line, const char *name)
{
	size_t n = strlen(name);

	return line.size > n && line.data[n] == ':' && strncasecmp((const char *)line.data, name, n) == 0;
}

static bool has_field(pb_bytes text, const char *name)
{
	pb_bytes line;
	size_t at = 0;

	while (pb_package_line(text, &at, &line) && line.size > 0)
		if (field(line, name))
			return true;
	return false;
}

/* The line of the last word `name` in the first paragraph's list of this field: "DIGEST SIZE NAME". tail: it may also end in "/name". */
static bool in_list(pb_bytes text, const char *list, const char *name, bool tail, char digest[65])
{
	size_t at = 0, n = strlen(name);
	pb_bytes line;
	bool inside = false;

	while (pb_package_line(text, &at, &line) && line.size > 0) {
		pb_bytes hex, size, path;
		size_t word = 0;

		if (line.data[0] != ' ' && line.data[0] != '\t') {
			inside = field(line, list);
			continue;
		}
		if (!inside || !pb_package_word(line, &word, &hex) || !pb_package_word(line, &word, &size) || !pb_package_word(line, &word, &path))
			continue;
		if (path.size < n || memcmp(path.data + path.size - n, name, n) != 0 ||
		    (path.size > n && !(tail && path.data[path.size - n - 1] == '/')))
			continue;
		if (pb_package_hex(hex, digest))
			return true;
	}
	return false;
}

/* Does any line of the list carry this digest? */
static bool lists_digest(pb_bytes text, const char *list, const char *digest)
{
	size_t at = 0;
	pb_bytes line;
	bool inside = false;

	while (pb_package_line(text, &at, &line) && line.size > 0) {
		pb_bytes hex;
		size_t word = 0;
		char is[65];

		if (line.data[0] != ' ' && line.data[0] != '\t')
			inside = field(line, list);
		else if (inside && pb_package_word(line, &word, &hex) && pb_package_hex(hex, is) && strcmp(is, digest) == 0)
			return true;
	}
	return false;
}

/* .changes, .dsc or .buildinfo; NULL: none. */
static const char *kind_of(pb_bytes text)
{
	if (!has_field(text, "Checksums-Sha256"))
		return NULL;
	return has_field(text, "Changes") ? "changes" : has_field(text, "Build-Architecture") ? "buildinfo" : has_field(text, "Source") ? "dsc" : NULL;
}

/* Who puts an old index before somebody who asks for today's keeps mended packages from them: past its end it proves nothing. */
static int past_its_end(const pb_package_job *j, size_t at, json_t *signatures)
{
	json_t *record = pb_document_read(j->files[at].name, j->files[at].bytes), *s;
	const char *until = pb_json_str(json_object_get(record, "content"), "valid_until", "");
	char why[80];
	int64_t day;
	int rc = record != NULL ? PB_OK : PB_ENOMEM;
	size_t i;

	if (rc == PB_OK && pb_date_parse(until, &day) && day < j->as_of) {
		(void)snprintf(why, sizeof why, "its Valid-Until, %.10s, is past", until);
		json_array_foreach (signatures, i, s)
			if (json_object_set_new(s, "verified", json_false()) != 0 || json_object_set_new(s, "why", json_string(why)) != 0)
				rc = PB_ENOMEM;
	}
	json_decref(record);
	return rc == PB_OK ? rc : pb_fail(j->err, rc, "out of memory");
}

static int told(pb_package_job *j, size_t at, const char *method, pb_named named)
{
	json_t *signatures = json_array();
	int rc = signatures != NULL ? pb_signatures_of(j->trust, j->files, j->n, at, j->as_of, signatures, j->err) :
	                              pb_fail(j->err, PB_ENOMEM, "out of memory");

	if (rc == PB_OK && strcmp(method, "debian-release") == 0)
		rc = past_its_end(j, at, signatures);
	if (rc != PB_OK) {
		json_decref(signatures);
		return rc;
	}
	return pb_package_rows(j, method, j->files[at].name, signatures, named);
}

static int list_of_files(pb_package_job *j, size_t at)
{
	pb_buf hold = {.max = TEXT_MAX};
	pb_bytes text = pb_package_signed_text(&j->files[at], &hold);
	const char *kind = kind_of(text);
	char digest[65];
	pb_named named = PB_NAMED_NOT;

	if (kind != NULL && in_list(text, "Checksums-Sha256", j->name, false, digest))
		named = strcmp(digest, j->sha256) == 0 ? PB_NAMED_SO : PB_NAMED_OTHERWISE;
	pb_buf_free(&hold);
	return named != PB_NAMED_NOT ? told(j, at, kind, named) : PB_OK;
}

/* A Packages file, unpacked where it is packed: what stands in it, or nothing. 0, PB_ENOMEM. */
static int packages_text(pb_bytes bytes, pb_buf *out)
{
	const pb_kind *kind = pb_kind_of(bytes, "");
	pb_reader *r = NULL;
	pb_entry entry;
	pb_bytes block;
	uint64_t at;
	int rc;

	if (!kind->layer)
		return PB_OK;
	rc = pb_reader_open(bytes, kind, &r);
	if (rc != PB_OK)
		return rc == PB_ENOMEM ? rc : PB_OK;
	if (pb_reader_next(r, &entry) == PB_READ_MORE)
		while (rc == PB_OK && pb_reader_data(r, &block, &at) == PB_READ_MORE)
			rc = at == out->size ? pb_buf_add(out, block.data, block.size) : PB_ELIMIT;
	pb_reader_close(r);
	return rc == PB_ENOMEM ? rc : PB_OK;
}

static bool is_packages(pb_bytes text)
{
	return text.size > 9 && memcmp(text.data, "Package: ", 9) == 0;
}

/* One paragraph: its SHA256, and does its Filename end in name? *at moves behind it. */
static bool paragraph(pb_bytes text, size_t *at, const char *name, char digest[65], bool *called)
{
	pb_bytes line, word;
	size_t n = strlen(name), seen = *at;

	digest[0] = '\0';
	*called = false;
	while (pb_package_line(text, at, &line) && line.size > 0) {
		size_t w = strlen("SHA256:");

		if (field(line, "SHA256") && pb_package_word(line, &w, &word))
			(void)pb_package_hex(word, digest);
		w = strlen("Filename:");
		if (field(line, "Filename") && pb_package_word(line, &w, &word))
			*called = word.size > n && n > 0 && memcmp(word.data + word.size - n, name, n) == 0 && word.data[word.size - n - 1] == '/';
	}
	return *at > seen;
}

static pb_named in_packages(const pb_package_job *j, pb_bytes text)
{
	pb_named named = PB_NAMED_NOT;
	size_t at = 0;
	char digest[65];
	bool called;

	while (paragraph(text, &at, j->name, digest, &called)) {
		if (strcmp(digest, j->sha256) == 0)
			return PB_NAMED_SO;
		if (called && digest[0] != '\0')
			named = PB_NAMED_OTHERWISE;
	}
	return named;
}

/* Which Release files name these Packages? Their signatures are those of the package. */
static int by_release(pb_package_job *j, const char *packed, const char *unpacked, pb_named named)
{
	int rc = PB_OK;

	for (size_t i = 0; i < j->n && rc == PB_OK; i++) {
		pb_buf hold = {.max = TEXT_MAX};
		pb_bytes text;
		bool lists;

		if (j->files[i].bytes.size > TEXT_MAX)
			continue;
		text = pb_package_signed_text(&j->files[i], &hold);
		lists = has_field(text, "SHA256") && (has_field(text, "Codename") || has_field(text, "Suite")) &&
		        (lists_digest(text, "SHA256", packed) || lists_digest(text, "SHA256", unpacked));
		pb_buf_free(&hold);
		if (lists)
			rc = told(j, i, "debian-release", named);
	}
	return rc;
}

static int packages(pb_package_job *j, const pb_dossier_file *file)
{
	pb_buf hold = {.max = TEXT_MAX};
	pb_bytes text = file->bytes;
	char packed[65], unpacked[65];
	pb_named named = PB_NAMED_NOT;
	int rc = PB_OK;

	if (!is_packages(text)) {
		rc = packages_text(file->bytes, &hold);
		text = (pb_bytes){hold.data, hold.size};
	}
	if (rc == PB_OK && is_packages(text) && pb_sha256_of(file->bytes, packed) && pb_sha256_of(text, unpacked))
		named = in_packages(j, text);
	pb_buf_free(&hold);
	if (rc != PB_OK)
		return pb_fail(j->err, rc, "out of memory");
	return named != PB_NAMED_NOT ? by_release(j, packed, unpacked, named) : PB_OK;
}

int pb_package_debian(pb_package_job *j)
{
	int rc = PB_OK;

	for (size_t i = 0; i < j->n && rc == PB_OK; i++) {
		rc = list_of_files(j, i);
		if (rc == PB_OK)
			rc = packages(j, &j->files[i]);
	}
	return rc;
}
