#include "evidence/signatures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "evidence/signatures_inside.h"

enum { WHY = 300 };

json_t *pb_signature_row(const char *method, const char *key, bool verified, const char *why, const pb_root *root)
{
	json_t *scope = root != NULL ? json_deep_copy(root->scope) : json_array(), *shown = pb_json_display(key, strlen(key), 200),
	       *said = pb_json_display(why, strlen(why), 500);

	return json_pack("{s:s,s:o,s:b,s:o,s:s,s:s,s:o,s:s}", "method", method, "key", shown, "verified", verified, "why", said, "root",
	                 root != NULL ? root->name : "", "role", root != NULL ? root->role : "", "scope", scope, "payload", "");
}

int pb_signature_add(json_t *rows, json_t *row, pb_error *err)
{
	if (row != NULL && json_array_size(rows) >= PB_SIGNATURES_MAX) {
		json_decref(row);
		return PB_OK;
	}
	return row != NULL && json_array_append_new(rows, row) == 0 ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");
}

int pb_signature_held(json_t *rows, const char *method, const char *key, const pb_root *root, int64_t as_of, pb_error *err)
{
	char why[WHY] = "";
	bool counts = pb_root_counts(root, as_of, why, sizeof why);

	return pb_signature_add(rows, pb_signature_row(method, key, true, why, counts ? root : NULL), err);
}

/* What librnp said, as rows. */
static int openpgp_rows(const pb_trust *t, const pb_openpgp_signature *found, size_t n, int64_t as_of, bool told, json_t *rows, pb_error *err)
{
	int rc = PB_OK;

	for (size_t i = 0; i < n && rc == PB_OK; i++) {
		const pb_root *root = pb_trust_of_fingerprint(t, found[i].key);

		if (found[i].holds && !found[i].expired && root != NULL)
			rc = pb_signature_held(rows, "openpgp", found[i].key, root, as_of, err);
		else if (told || found[i].holds)
			rc = pb_signature_add(rows,
			                      pb_signature_row("openpgp", found[i].key, found[i].holds && root != NULL,
			                                       root == NULL ? "no trust root has this key" : found[i].why, NULL),
			                      err);
	}
	return rc;
}

int pb_signatures_clear(const pb_trust *t, pb_bytes document, int64_t as_of, json_t *rows, pb_buf *text, pb_error *err)
{
	pb_openpgp_signature found[PB_OPENPGP_SIGNATURES];
	pb_error why = {0};
	size_t n = 0;
	int rc = pb_openpgp_clear(pb_trust_openpgp(t), document, as_of, found, &n, text, &why);

	if (rc == PB_ENOMEM)
		return pb_fail(err, rc, "out of memory");
	if (rc != PB_OK)
		return pb_signature_add(rows, pb_signature_row("openpgp", "", false, why.text, NULL), err);
	return openpgp_rows(t, found, n, as_of, true, rows, err);
}

static int detached_openpgp(const pb_trust *t, pb_bytes signature, pb_bytes content, int64_t as_of, bool told, json_t *rows, pb_error *err)
{
	pb_openpgp_signature found[PB_OPENPGP_SIGNATURES];
	pb_error why = {0};
	size_t n = 0;
	int rc = pb_openpgp_detached(pb_trust_openpgp(t), content, signature, as_of, found, &n, &why);

	if (rc == PB_ENOMEM)
		return pb_fail(err, rc, "out of memory");
	if (rc != PB_OK)
		return told ? pb_signature_add(rows, pb_signature_row("openpgp", "", false, why.text, NULL), err) : PB_OK;
	return openpgp_rows(t, found, n, as_of, told, rows, err);
}

static int detached_minisign(const pb_trust *t, pb_bytes signature, pb_bytes content, int64_t as_of, bool told, json_t *rows, pb_error *err)
{
	pb_signature s;
	pb_error why = {0};
	char id[PB_KEY_ID] = "";
	bool known = false;

	if (pb_signature_parse(signature, &s, &why) != PB_OK)
		return told ? pb_signature_add(rows, pb_signature_row("minisign", "", false, why.text, NULL), err) : PB_OK;
	(void)pb_key_id_text(s.id, id);
	for (size_t i = 0; i < pb_trust_count(t); i++) {
		const pb_root *root = pb_trust_at(t, i);

		/* Ids are chosen by who makes the key: two roots may have the same. */
		if (root->method != PB_ROOT_MINISIGN || memcmp(root->minisign.id, s.id, sizeof s.id) != 0)
			continue;
		known = true;
		if (pb_verify(content, &s, &root->minisign, &why) == PB_OK)
			return pb_signature_held(rows, "minisign", id, root, as_of, err);
	}
	if (!told)
		return PB_OK;
	return pb_signature_add(rows, pb_signature_row("minisign", id, false, known ? why.text : "no trust root has this key", NULL), err);
}

int pb_signatures_detached(const pb_trust *t, const pb_dossier_file *signature, pb_bytes content, int64_t as_of, bool told, json_t *rows,
                           pb_error *err)
{
	if (signature->bytes.size > PB_SIGNATURE_FILE_MAX)
		return told ? pb_signature_add(rows, pb_signature_row("", "", false, "a file of signatures larger than 256 KiB", NULL), err) : PB_OK;
	switch (pb_detached_kind(signature)) {
	case PB_DETACHED_MINISIGN:
		return detached_minisign(t, signature->bytes, content, as_of, told, rows, err);
	case PB_DETACHED_OPENPGP:
		return detached_openpgp(t, signature->bytes, content, as_of, told, rows, err);
	case PB_DETACHED_PKCS7:
		return pb_signature_pkcs7(t, signature->bytes, content, as_of, told, rows, err);
	case PB_DETACHED_RAW:
		return pb_signature_raw(t, signature->bytes, content, as_of, told, rows, err);
	default:
		return PB_OK;
	}
}
