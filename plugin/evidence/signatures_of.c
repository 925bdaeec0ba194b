/* All signatures of one document of a dossier: those in it, and those in the files beside it. */
#include <stdlib.h>
#include <string.h>

#include "evidence/signatures_inside.h"

enum {
	ENVELOPES = 32,
	ORPHANS = 16,     /* that are tried on a file with another name */
	ORPHANS_OF = 200, /* files of a dossier in which that is done: it takes all files times all signatures */
	RAW_MOST = 4096
};

static const char *const endings[] = {".minisig", ".asc", ".sig", ".gpg", ".p7s", ".p7", ".sign", ".signature"};

static bool begins(pb_bytes b, const char *with)
{
	size_t n = strlen(with);

	return b.size >= n && memcmp(b.data, with, n) == 0;
}

static bool ends(const char *name, const char *with)
{
	size_t n = strlen(name), k = strlen(with);

	return n > k && strcmp(name + n - k, with) == 0;
}

/* "untrusted comment:", a line, and a line that is trusted: public keys have no second comment. */
static bool minisign(pb_bytes b)
{
	return begins(b, "untrusted comment:") && memmem(b.data, b.size < 2 * PB_KEY_FILE_MAX ? b.size : 2 * PB_KEY_FILE_MAX, "\ntrusted comment:", 17) != NULL;
}

/* SEQUENCE { OBJECT IDENTIFIER signedData: with lengths of any form. */
static bool pkcs7(pb_bytes b)
{
	static const uint8_t oid[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02};

	if (begins(b, "-----BEGIN PKCS7-----") || begins(b, "-----BEGIN CMS-----"))
		return true;
	return b.size > 32 && b.data[0] == 0x30 && memmem(b.data, 24, oid, sizeof oid) != NULL;
}

pb_detached pb_detached_kind(const pb_dossier_file *file)
{
	if (minisign(file->bytes))
		return PB_DETACHED_MINISIGN;
	if (pb_openpgp_is_signature(file->bytes))
		return PB_DETACHED_OPENPGP;
	if (pkcs7(file->bytes))
		return PB_DETACHED_PKCS7;
	if (file->bytes.size > 0 && file->bytes.size <= RAW_MOST && (ends(file->name, ".sig") || ends(file->name, ".signature")))
		return PB_DETACHED_RAW;
	return PB_DETACHED_NONE;
}

/* Is a the name of a signature of b? */
static bool names(const char *a, const char *b)
{
	size_t n = strlen(b);

	if (strncmp(a, b, n) != 0)
		return false;
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (strcmp(a + n, endings[i]) == 0)
			return true;
	return false;
}

/* A signature whose name is of no file here. */
static bool orphan(const pb_dossier_file *files, size_t n, size_t at)
{
	for (size_t i = 0; i < n; i++)
		if (i != at && names(files[at].name, files[i].name))
			return false;
	return true;
}

static int beside(const pb_trust *t, const pb_dossier_file *files, size_t n, size_t at, int64_t as_of, json_t *rows, pb_error *err)
{
	size_t orphans = 0;
	int rc = PB_OK;

	for (size_t i = 0; i < n && rc == PB_OK; i++) {
		bool mine = names(files[i].name, files[at].name);

		if (i == at || pb_detached_kind(&files[i]) == PB_DETACHED_NONE)
			continue;
		if (mine || (n <= ORPHANS_OF && orphans < ORPHANS && orphan(files, n, i) && ++orphans > 0))
			rc = pb_signatures_detached(t, &files[i], files[at].bytes, as_of, mine, rows, err);
	}
	return rc;
}

static int one_envelope(const pb_trust *t, const json_t *value, const json_t *material, int64_t as_of, json_t *rows, pb_error *err)
{
	pb_dsse e;
	pb_error why = {0};
	int rc = pb_dsse_of_json(value, &e, &why);

	if (rc == PB_ENOMEM)
		return pb_fail(err, rc, "out of memory");
	if (rc != PB_OK)
		return pb_signature_add(rows, pb_signature_row("dsse", "", false, why.text, NULL), err);
	rc = pb_signatures_bundle(t, &e, material, as_of, rows, err);
	pb_dsse_free(&e);
	return rc;
}

static int envelopes(const pb_trust *t, pb_bytes text, int64_t as_of, json_t *rows, pb_error *err)
{
	const json_t *found[ENVELOPES], *materials[ENVELOPES];
	json_t *value = pb_json_parse(text, PB_DSSE_MAX, "document", NULL);
	size_t n = pb_dsse_bundles(value, found, materials, ENVELOPES);
	int rc = PB_OK;

	if (n > ENVELOPES) {
		json_decref(value);
		return pb_signature_add(rows, pb_signature_row("dsse", "", false, "too many envelopes in one file", NULL), err);
	}
	/* Which of them the document was read off, and so whose signature counts, is told by "payload" of both. */
	for (size_t i = 0; i < n && rc == PB_OK; i++)
		rc = one_envelope(t, found[i], materials[i], as_of, rows, err);
	json_decref(value);
	return rc;
}

/* Only what may be one is parsed. */
static bool may_hold_envelope(pb_bytes b)
{
	size_t at = 0;

	while (at < b.size && strchr(" \t\r\n", b.data[at]) != NULL && b.data[at] != '\0')
		at++;
	return at < b.size && b.data[at] == '{' &&
	       (memmem(b.data, b.size, "\"payload\"", 9) != NULL || memmem(b.data, b.size, "\"statement\"", 11) != NULL);
}

int pb_signatures_of(const pb_trust *t, const pb_dossier_file *files, size_t n, size_t at, int64_t as_of, json_t *signatures, pb_error *err)
{
	pb_bytes bytes = files[at].bytes;
	int rc = PB_OK;

	if (may_hold_envelope(bytes))
		rc = envelopes(t, bytes, as_of, signatures, err);
	else if (pb_openpgp_is_clear(bytes))
		rc = pb_signatures_clear(t, bytes, as_of, signatures, NULL, err);
	return rc == PB_OK ? beside(t, files, n, at, as_of, signatures, err) : rc;
}
