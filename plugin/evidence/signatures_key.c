/* Signatures by keys and certificates in PEM: PKCS #7, bare ones, DSSE. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/hash.h"
#include "base/pkcs7.h"
#include "base/text.h"
#include "evidence/signatures_inside.h"

/* Bytes that may be digested for one document: who puts 64 signatures under 64 MiB does not make us compute for hours. */
#define WORK (UINT64_C(4) << 30)

enum { CERTIFIED = 4 }; /* signatures of a bundle that its certificate is tried on: it has one */

static pb_bytes trimmed(pb_bytes b)
{
	while (b.size > 0 && (b.data[b.size - 1] == '\n' || b.data[b.size - 1] == '\r' || b.data[b.size - 1] == ' '))
		b.size--;
	return b;
}

/* "-----BEGIN PKCS7-----" and lines of base64, or DER as it is. 0; PB_EINPUT; PB_ENOMEM. */
static int der_of(pb_bytes b, pb_buf *out)
{
	static const char begin[] = "-----BEGIN ", end[] = "-----END ";
	pb_buf text = {0};
	const uint8_t *at, *stop;
	int rc = PB_OK;

	if (b.size < sizeof begin || memcmp(b.data, begin, sizeof begin - 1) != 0)
		return pb_buf_add(out, b.data, b.size);
	at = memchr(b.data, '\n', b.size);
	stop = at != NULL ? memmem(at, b.size - (size_t)(at - b.data), end, sizeof end - 1) : NULL;
	if (stop == NULL)
		return PB_EINPUT;
	for (; at < stop && rc == PB_OK; at++)
		if (*at != '\n' && *at != '\r')
			rc = pb_buf_add(&text, at, 1);
	if (rc == PB_OK)
		rc = pb_base64_decode(text.size > 0 ? (const char *)text.data : "", text.size, out);
	pb_buf_free(&text);
	return rc;
}

const pb_root *pb_signature_certificate(const pb_trust *t, const char *print)
{
	for (size_t i = 0; i < pb_trust_count(t); i++) {
		const pb_root *root = pb_trust_at(t, i);

		if (root->method == PB_ROOT_X509 && strcmp(pb_verifier_certificate(root->verifier), print) == 0)
			return root;
	}
	return NULL;
}

int pb_signature_pkcs7(const pb_trust *t, pb_bytes signature, pb_bytes content, int64_t as_of, bool told, json_t *rows, pb_error *err)
{
	pb_pkcs7 *p = calloc(1, sizeof *p);
	pb_buf der = {.max = PB_PKCS7_MAX};
	const pb_root *root = NULL;
	const char *why = "no PKCS #7 signature can be read in it";
	int rc = p != NULL ? der_of(signature, &der) : PB_ENOMEM;
	bool read = rc == PB_OK && pb_pkcs7_read((pb_bytes){der.data, der.size}, content, p);

	if (read) {
		root = pb_signature_certificate(t, p->fingerprint);
		/* What holds for content of its own says nothing of the bytes that it stands beside. */
		why = p->verified != 1                                                   ? "the signature does not hold for these bytes" :
		      !p->apart                                                          ? "it signs content of its own, not these bytes" :
		      strcmp(p->digest, "md5") == 0 || strcmp(p->digest, "sha1") == 0 ? "made with a digest that can be forged" :
		                                                                           NULL;
	}
	if (rc == PB_ENOMEM)
		(void)pb_fail(err, rc, "out of memory");
	else if (read && why == NULL)
		rc = root != NULL ? pb_signature_held(rows, "pkcs7", p->fingerprint, root, as_of, err) :
		                    pb_signature_pkcs7_chain(t, (pb_bytes){der.data, der.size}, p->fingerprint, as_of, told, rows, err);
	else
		rc = told ? pb_signature_add(rows, pb_signature_row("pkcs7", read ? p->fingerprint : "", false, why, NULL), err) : PB_OK;
	pb_buf_free(&der);
	free(p);
	return rc;
}

int pb_signature_raw(const pb_trust *t, pb_bytes signature, pb_bytes content, int64_t as_of, bool told, json_t *rows, pb_error *err)
{
	pb_buf raw = {.max = PB_DSSE_SIGNATURE};
	pb_bytes text = trimmed(signature), sig;
	uint64_t work = 0;
	int rc = PB_OK;

	if (text.size == 0 || pb_base64_decode((const char *)text.data, text.size, &raw) != PB_OK || raw.size == 0) {
		pb_buf_free(&raw);
		if (signature.size == 0 || pb_buf_add(&raw, signature.data, signature.size) != PB_OK)
			return told ? pb_signature_add(rows, pb_signature_row("x509", "", false, "no signature can be read in it", NULL), err) : PB_OK;
	}
	sig = (pb_bytes){raw.data, raw.size};
	for (size_t i = 0; i < pb_trust_count(t); i++) {
		const pb_root *root = pb_trust_at(t, i);

		if (root->verifier == NULL || (work += content.size) > WORK)
			continue;
		if (!pb_verifier_holds(root->verifier, content, sig))
			continue;
		rc = pb_signature_held(rows, "x509", root->shown, root, as_of, err);
		pb_buf_free(&raw);
		return rc;
	}
	pb_buf_free(&raw);
	return told ? pb_signature_add(rows, pb_signature_row("x509", "", false, "no trust root has a key that it holds for", NULL), err) : PB_OK;
}

/* The key's id as its signature names it: of minisign's keys, or the print of others. */
static bool hinted(const pb_dsse *e, const pb_root *root)
{
	for (size_t i = 0; i < e->n; i++)
		if (strcasecmp(e->signatures[i].keyid, root->shown) == 0)
			return true;
	return false;
}

/* Which signature of the envelope this root made; n: none. */
static size_t made_by(const pb_dsse *e, pb_bytes pae, const pb_root *root, uint64_t *work)
{
	for (size_t i = 0; i < e->n; i++) {
		*work += pae.size;
		if (*work > WORK)
			break;
		if (pb_verifier_holds(root->verifier, pae, (pb_bytes){e->signatures[i].bytes, e->signatures[i].size}))
			return i;
	}
	return e->n;
}

static int try_roots(const pb_trust *t, const pb_dsse *e, pb_bytes pae, int64_t as_of, bool held[PB_DSSE_SIGNATURES], json_t *rows, pb_error *err)
{
	const char *done[PB_ROOTS_MAX];
	size_t n = 0;
	uint64_t work = 0;
	int rc = PB_OK;

	/* Those first whose keys the envelope names, so that the bound on work meets guesses. */
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < pb_trust_count(t) && rc == PB_OK; i++) {
			const pb_root *root = pb_trust_at(t, i);
			bool again = false;
			size_t at;

			if (root->verifier == NULL || hinted(e, root) != (round == 0))
				continue;
			/* One key counts once, however many roots and signatures it has. */
			for (size_t k = 0; k < n && !again; k++)
				again = strcmp(done[k], pb_verifier_print(root->verifier)) == 0;
			if (again || (at = made_by(e, pae, root, &work)) == e->n)
				continue;
			done[n++] = pb_verifier_print(root->verifier);
			held[at] = true;
			rc = pb_signature_held(rows, "dsse", root->shown, root, as_of, err);
		}
	return rc;
}

int pb_signatures_dsse(const pb_trust *t, const pb_dsse *e, int64_t as_of, json_t *rows, pb_error *err)
{
	return pb_signatures_bundle(t, e, NULL, as_of, rows, err);
}

int pb_signatures_bundle(const pb_trust *t, const pb_dsse *e, const json_t *material, int64_t as_of, json_t *rows, pb_error *err)
{
	bool held[PB_DSSE_SIGNATURES] = {false};
	pb_buf pae = {0};
	char payload[65] = "";
	size_t before = json_array_size(rows);
	int rc = pb_dsse_pae(e->type, (pb_bytes){e->payload.data, e->payload.size}, &pae);

	if (rc != PB_OK)
		(void)pb_fail(err, rc, "out of memory");
	else
		rc = try_roots(t, e, (pb_bytes){pae.data, pae.size}, as_of, held, rows, err);
	for (size_t i = 0; i < e->n && i < CERTIFIED && rc == PB_OK && material != NULL; i++)
		if (!held[i])
			rc = pb_signature_keyless(t, e, i, (pb_bytes){pae.data, pae.size}, material, as_of, &held[i], rows, err);
	for (size_t i = 0; i < e->n && rc == PB_OK; i++)
		if (!held[i])
			rc = pb_signature_add(
			    rows, pb_signature_row("dsse", e->signatures[i].keyid, false, "no trust root has a key that it holds for", NULL), err);
	if (rc == PB_OK && !pb_sha256_of((pb_bytes){e->payload.data, e->payload.size}, payload))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	for (size_t i = before; rc == PB_OK && i < json_array_size(rows); i++)
		if (json_object_set_new(json_array_get(rows, i), "payload", json_string(payload)) != 0)
			rc = pb_fail(err, PB_ENOMEM, "out of memory");
	pb_buf_free(&pae);
	return rc;
}
