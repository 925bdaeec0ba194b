/* Signatures by certificates that no trust root has, but that a CA among the roots vouches for: in PKCS #7, and keyless ones in bundles. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/hash.h"
#include "base/timestamp.h"
#include "evidence/chain.h"
#include "evidence/rekor.h"
#include "evidence/signatures_inside.h"

/* The row of a signature that holds, by a leaf that root vouches for; what is left of its scope is about products. */
static int held(json_t *rows, const char *method, const char *key, const char *name, const pb_root *root, int64_t as_of, pb_error *err)
{
	char why[PB_CHAIN_WHY] = "";
	bool counts = pb_root_counts(root, as_of, why, sizeof why);
	json_t *row, *scope;

	if (counts)
		(void)snprintf(why, sizeof why, "for %.200s, by a certificate that leads to the root's", *name != '\0' ? name : "nobody by name");
	row = pb_signature_row(method, key, true, why, counts ? root : NULL);
	scope = counts ? pb_chain_scope(root) : json_array();
	if (row == NULL || scope == NULL || json_object_set(row, "scope", scope) != 0) {
		json_decref(row);
		row = NULL;
	}
	json_decref(scope);
	return pb_signature_add(rows, row, err);
}

/* The certificates of a PKCS #7 structure. all holds them. */
static int chain_of(pb_bytes der, pb_buf *all, pb_chain *c)
{
	size_t sizes[PB_PKCS7_CERTIFICATES], n = 0, at = 0;
	int rc = pb_pkcs7_certificates(der, all, sizes, &n);

	for (size_t i = 0; i < n && rc == PB_OK; i++) {
		pb_bytes one = pb_slice((pb_bytes){all->data, all->size}, at, sizes[i]);

		at += sizes[i];
		if (i == 0)
			c->leaf = one;
		else
			c->others[c->n++] = one;
	}
	return rc;
}

/* Is it shown when it was signed, by a time stamp over it? */
static bool stamped(const pb_trust *t, pb_bytes der, int64_t as_of, int64_t *at)
{
	pb_buf token = {.max = PB_PKCS7_MAX}, value = {.max = PB_DSSE_SIGNATURE}, all = {0};
	pb_chain c = {.stamps = true};
	pb_bytes stamp;
	bool fine = pb_pkcs7_token(der, &token, &value) == PB_OK;

	stamp = (pb_bytes){token.data, token.size};
	fine = fine && pb_timestamp_read(stamp, (pb_bytes){value.data, value.size}, at) && *at <= pb_chain_end_of(as_of) &&
	       chain_of(stamp, &all, &c) == PB_OK && pb_chain_stamps(t, &c, *at, as_of);
	pb_buf_free(&token);
	pb_buf_free(&value);
	pb_buf_free(&all);
	return fine;
}

/* Who vouches for the signer of a PKCS #7 signature? 0 and *root, or NULL and why; PB_ENOMEM. */
static int vouched(const pb_trust *t, pb_bytes der, int64_t as_of, const pb_root **root, char name[PB_CHAIN_NAME], char why[PB_CHAIN_WHY])
{
	pb_buf all = {0};
	pb_chain c = {0};
	int64_t at = 0;
	int rc = chain_of(der, &all, &c);

	*root = NULL;
	name[0] = '\0';
	(void)snprintf(why, PB_CHAIN_WHY, "more certificates beside it, or larger ones, than are looked at");
	if (rc == PB_OK) {
		if (!stamped(t, der, as_of, &at))
			at = pb_chain_end_of(as_of);
		*root = pb_chain_root(t, &c, at, name, why);
	}
	pb_buf_free(&all);
	return rc == PB_ENOMEM ? rc : PB_OK;
}

int pb_signature_pkcs7_chain(const pb_trust *t, pb_bytes der, const char *key, int64_t as_of, bool told, json_t *rows, pb_error *err)
{
	char name[PB_CHAIN_NAME], why[PB_CHAIN_WHY];
	const pb_root *root;

	if (vouched(t, der, as_of, &root, name, why) != PB_OK)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	if (root != NULL)
		return held(rows, "pkcs7", key, name, root, as_of, err);
	return told ? pb_signature_add(rows, pb_signature_row("pkcs7", key, false, why, NULL), err) : PB_OK;
}

int pb_signature_authenticode(const pb_trust *t, pb_bytes der, const pb_pkcs7 *p, int fits, int64_t as_of, json_t *rows, pb_error *err)
{
	const pb_root *exact = pb_signature_certificate(t, p->fingerprint), *root = exact;
	char name[PB_CHAIN_NAME] = "", why[PB_CHAIN_WHY] = "";

	if (root == NULL && vouched(t, der, as_of, &root, name, why) != PB_OK)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	if (root != NULL && (p->verified != 1 || fits != 1))
		(void)snprintf(why, sizeof why, "the signature in it does not hold for these bytes");
	else if (strcmp(p->digest, "md5") == 0 || strcmp(p->digest, "sha1") == 0)
		(void)snprintf(why, sizeof why, "made with a digest that can be forged");
	else if (root != NULL)
		return exact != NULL ? pb_signature_held(rows, "pkcs7", p->fingerprint, exact, as_of, err) :
		                       held(rows, "pkcs7", p->fingerprint, name, root, as_of, err);
	return pb_signature_add(rows, pb_signature_row("pkcs7", p->fingerprint, false, why, NULL), err);
}

/* The certificates of a bundle: one (Sigstore since 0.3, PEP 740), or a chain with the leaf first. */
typedef struct brought {
	pb_buf der[PB_PKCS7_CERTIFICATES];
	pb_chain chain;
} brought;

static void let_go(brought *b)
{
	for (size_t i = 0; i < PB_PKCS7_CERTIFICATES; i++)
		pb_buf_free(&b->der[i]);
	free(b);
}

static bool take(brought *b, size_t i, const json_t *text)
{
	b->der[i].max = PB_PKCS7_CERTIFICATE;
	return json_is_string(text) && pb_base64_decode(json_string_value(text), json_string_length(text), &b->der[i]) == PB_OK && b->der[i].size > 0;
}

static bool take_all(brought *b, const json_t *material)
{
	const json_t *one = json_object_get(material, "certificate"),
	             *list = json_object_get(json_object_get(material, "x509CertificateChain"), "certificates");
	size_t n = json_array_size(list);

	if (one != NULL) {
		if (!take(b, 0, json_is_string(one) ? one : json_object_get(one, "rawBytes")))
			return false;
		n = 1;
	} else if (n == 0 || n > PB_PKCS7_CERTIFICATES) {
		return false;
	}
	for (size_t i = 0; i < n && one == NULL; i++)
		if (!take(b, i, json_object_get(json_array_get(list, i), "rawBytes")))
			return false;
	b->chain.leaf = (pb_bytes){b->der[0].data, b->der[0].size};
	for (size_t i = 1; i < n; i++)
		b->chain.others[b->chain.n++] = (pb_bytes){b->der[i].data, b->der[i].size};
	return true;
}

static bool holds(const brought *b, pb_bytes pae, const pb_dsse_signature *s)
{
	pb_verifier *v = NULL;
	bool fine = pb_verifier_of_certificate(b->chain.leaf, &v, NULL) == PB_OK && pb_verifier_holds(v, pae, (pb_bytes){s->bytes, s->size});

	pb_verifier_free(v);
	return fine;
}

/* It holds for the leaf's key: whose is that, and was it his when he signed? */
static int judged(const pb_trust *t, const pb_dsse *e, size_t i, const brought *b, const json_t *material, int64_t as_of, json_t *rows, pb_error *err)
{
	char key[65] = "", name[PB_CHAIN_NAME], why[PB_CHAIN_WHY], no_time[PB_CHAIN_WHY], text[2 * PB_CHAIN_WHY];
	int64_t at = 0, until = 0;
	const pb_root *root;

	(void)pb_sha256_of(b->chain.leaf, key);
	if (pb_rekor_time(t, material, e, i, b->chain.leaf, as_of, &at, no_time)) {
		root = pb_chain_root(t, &b->chain, at, name, why);
		return root != NULL ? held(rows, "dsse", key, name, root, as_of, err) :
		                      pb_signature_add(rows, pb_signature_row("dsse", key, false, why, NULL), err);
	}
	/* A certificate that is valid on the day of judging needs no witness. */
	root = pb_chain_root(t, &b->chain, pb_chain_end_of(as_of), name, why);
	if (root != NULL)
		return held(rows, "dsse", key, name, root, as_of, err);
	if (pb_chain_leaf_valid(b->chain.leaf, &at, &until))
		root = pb_chain_root(t, &b->chain, at, name, why);
	if (root == NULL)
		return pb_signature_add(rows, pb_signature_row("dsse", key, false, why, NULL), err);
	(void)snprintf(text, sizeof text, "verified, time of signing not shown: %s", no_time);
	return pb_signature_add(rows, pb_signature_row("dsse", key, true, text, NULL), err);
}

int pb_signature_keyless(const pb_trust *t, const pb_dsse *e, size_t i, pb_bytes pae, const json_t *material, int64_t as_of, bool *done,
                         json_t *rows, pb_error *err)
{
	brought *b = calloc(1, sizeof *b);
	int rc = PB_OK;

	*done = false;
	if (b == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	if (take_all(b, material)) {
		*done = true;
		rc = holds(b, pae, &e->signatures[i]) ?
		         judged(t, e, i, b, material, as_of, rows, err) :
		         pb_signature_add(rows, pb_signature_row("dsse", e->signatures[i].keyid, false,
		                                                 "the certificate that came with it does not hold for it", NULL), err);
	}
	let_go(b);
	return rc;
}
