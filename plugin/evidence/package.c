#include "evidence/package.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "evidence/package_inside.h"

enum { SUMS_MAX = 4 << 20 };

const char *pb_package_sha512(pb_package_job *j)
{
	if (j->sha512[0] == '\0' && !pb_hash_hex("sha512", j->product, j->sha512))
		j->sha512[0] = '\0';
	return j->sha512;
}

const char *pb_package_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* One row of ours of one of a signature's. */
static json_t *row_of(const pb_package_job *j, const char *method, const char *document, const json_t *s, pb_named named)
{
	bool holds = json_is_true(json_object_get(s, "verified")), so = named == PB_NAMED_SO && holds;
	const char *why = named == PB_NAMED_OTHERWISE ? "it names other bytes under this name" : pb_json_str(s, "why", "");

	return json_pack("{s:s,s:s,s:s,s:s,s:b,s:b,s:s,s:s,s:s,s:O,s:s}", "kind", "package-signature", "method", method, "document", document, "key",
	                 pb_json_str(s, "key", ""), "verified", so, "contradicts", named == PB_NAMED_OTHERWISE, "why", why, "root",
	                 holds ? pb_json_str(s, "root", "") : "", "role", holds ? pb_json_str(s, "role", "") : "", "scope", json_object_get(s, "scope"), "sha256",
	                 j->sha256);
}

int pb_package_rows(pb_package_job *j, const char *method, const char *document, json_t *signatures, pb_named named)
{
	int rc = PB_OK;

	for (size_t i = 0; i < json_array_size(signatures) && rc == PB_OK && named != PB_NAMED_NOT && json_array_size(j->rows) < PB_PACKAGE_ROWS; i++)
		if (json_array_append_new(j->rows, row_of(j, method, document, json_array_get(signatures, i), named)) != 0)
			rc = pb_fail(j->err, PB_ENOMEM, "out of memory");
	json_decref(signatures);
	return rc;
}

pb_bytes pb_package_signed_text(const pb_dossier_file *file, pb_buf *hold)
{
	if (!pb_openpgp_is_clear(file->bytes))
		return file->bytes;
	if (!pb_openpgp_cleartext(file->bytes, hold))
		return (pb_bytes){NULL, 0};
	return (pb_bytes){hold->data, hold->size};
}

bool pb_package_line(pb_bytes text, size_t *at, pb_bytes *line)
{
	const uint8_t *end;
	size_t n;

	if (*at >= text.size)
		return false;
	end = memchr(text.data + *at, '\n', text.size - *at);
	n = end != NULL ? (size_t)(end - (text.data + *at)) : text.size - *at;
	*line = (pb_bytes){text.data + *at, n};
	*at += n + (end != NULL);
	if (line->size > 0 && line->data[line->size - 1] == '\r')
		line->size--;
	return true;
}

bool pb_package_hex(pb_bytes word, char digest[65])
{
	if (word.size != 64)
		return false;
	for (size_t i = 0; i < 64; i++) {
		uint8_t c = word.data[i];

		c = c >= 'A' && c <= 'F' ? (uint8_t)(c + 32) : c;
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
		digest[i] = (char)c;
	}
	digest[64] = '\0';
	return true;
}

bool pb_package_word(pb_bytes line, size_t *at, pb_bytes *word)
{
	size_t from;

	while (*at < line.size && (line.data[*at] == ' ' || line.data[*at] == '\t'))
		++*at;
	from = *at;
	while (*at < line.size && line.data[*at] != ' ' && line.data[*at] != '\t')
		++*at;
	*word = pb_slice(line, from, *at - from);
	return word->size > 0;
}

static bool ends_in_name(pb_bytes path, const char *name)
{
	size_t n = strlen(name);

	if (path.size < n || n == 0 || memcmp(path.data + path.size - n, name, n) != 0)
		return false;
	return path.size == n || path.data[path.size - n - 1] == '/' || path.data[path.size - n - 1] == '*';
}

/* "DIGEST  NAME" as sha256sum writes it. *lines counts such lines. */
static pb_named in_sums(const pb_package_job *j, pb_bytes text, size_t *lines)
{
	pb_named named = PB_NAMED_NOT;
	pb_bytes line;
	size_t at = 0;

	while (pb_package_line(text, &at, &line)) {
		char digest[65];

		if (line.size < 67 || !pb_package_hex(pb_slice(line, 0, 64), digest) || line.data[64] != ' ')
			continue;
		++*lines;
		if (!ends_in_name(pb_slice(line, 66, line.size), j->name))
			continue;
		if (strcmp(digest, j->sha256) == 0)
			return PB_NAMED_SO;
		named = PB_NAMED_OTHERWISE;
	}
	return named;
}

static int sums(pb_package_job *j, size_t at)
{
	pb_buf hold = {.max = SUMS_MAX};
	json_t *signatures;
	size_t lines = 0;
	pb_named named = PB_NAMED_NOT;
	int rc = PB_OK;

	if (j->files[at].bytes.size <= SUMS_MAX)
		named = in_sums(j, pb_package_signed_text(&j->files[at], &hold), &lines);
	pb_buf_free(&hold);
	if (named == PB_NAMED_NOT)
		return PB_OK;
	signatures = json_array();
	if (signatures == NULL)
		return pb_fail(j->err, PB_ENOMEM, "out of memory");
	rc = pb_signatures_of(j->trust, j->files, j->n, at, j->as_of, signatures, j->err);
	/* A list that nobody signed is told where it says otherwise. */
	if (rc == PB_OK && json_array_size(signatures) == 0 &&
	    json_array_append_new(signatures, pb_signature_row("", "", false, "nobody signed it", NULL)) != 0)
		rc = pb_fail(j->err, PB_ENOMEM, "out of memory");
	if (rc != PB_OK)
		json_decref(signatures);
	return rc == PB_OK ? pb_package_rows(j, "sums", j->files[at].name, signatures, named) : rc;
}

/* "hello.tar.gz" of "dossier/hello.tar.gz.asc". */
static bool beside(const pb_package_job *j, const char *name)
{
	size_t n = strlen(j->name);
	const char *base = pb_package_base(name);

	return n > 0 && strncmp(base, j->name, n) == 0 && base[n] == '.' && strchr(base + n + 1, '.') == NULL;
}

/* Of a file of signatures of its own: does any that is by a known key not hold? */
static bool known_but_wrong(const json_t *signatures)
{
	bool wrong = false;

	for (size_t i = 0; i < json_array_size(signatures); i++) {
		const json_t *row = json_array_get(signatures, i);

		if (json_is_true(json_object_get(row, "verified")))
			return false;
		wrong = wrong || strstr(pb_json_str(row, "why", ""), "does not hold for") != NULL ||
		        (strncmp(pb_json_str(row, "why", ""), "the signature of key", 20) == 0);
	}
	return wrong;
}

static int detached(pb_package_job *j, size_t at)
{
	static const char *const methods[] = {"", "minisign", "openpgp", "pkcs7", "x509"};
	const pb_dossier_file *file = &j->files[at];
	pb_detached kind = pb_detached_kind(file);
	bool mine = beside(j, file->name), wrong;
	json_t *signatures;
	size_t before = json_array_size(j->rows);
	int rc;

	if (kind == PB_DETACHED_NONE || (kind == PB_DETACHED_RAW && !mine))
		return PB_OK;
	signatures = json_array();
	if (signatures == NULL)
		return pb_fail(j->err, PB_ENOMEM, "out of memory");
	rc = pb_signatures_detached(j->trust, file, j->product, j->as_of, mine, signatures, j->err);
	if (rc != PB_OK) {
		json_decref(signatures);
		return rc;
	}
	wrong = mine && known_but_wrong(signatures);
	rc = pb_package_rows(j, methods[kind], file->name, signatures, PB_NAMED_SO);
	for (size_t i = before; wrong && i < json_array_size(j->rows); i++)
		json_object_set_new(json_array_get(j->rows, i), "contradicts", json_true());
	return rc;
}

int pb_package_signatures(const pb_trust *t, const pb_dossier_file *files, size_t n, pb_bytes product, const char *product_name, int64_t as_of,
                          json_t *rows, pb_error *err)
{
	pb_package_job j = {.trust = t, .files = files, .n = n, .product = product, .name = product_name, .as_of = as_of, .rows = rows, .err = err};
	int rc = PB_OK;

	if (!pb_sha256_of(product, j.sha256))
		return pb_fail(err, PB_ENOMEM, "out of memory");
	for (size_t i = 0; i < n && rc == PB_OK; i++) {
		rc = detached(&j, i);
		if (rc == PB_OK)
			rc = sums(&j, i);
	}
	if (rc == PB_OK)
		rc = pb_package_debian(&j);
	if (rc == PB_OK)
		rc = pb_package_debsig(&j);
	if (rc == PB_OK)
		rc = pb_package_rpm(&j);
	if (rc == PB_OK)
		rc = pb_package_pe(&j);
	if (rc == PB_OK)
		rc = pb_package_jar(&j);
	return rc == PB_OK ? pb_package_npm(&j) : rc;
}
