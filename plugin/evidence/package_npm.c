/* npm: the registry's signature over name, version and digest; and attestations (in-toto statements) that name the package by its digest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/hash.h"
#include "base/text.h"
#include "evidence/package_inside.h"

enum { VERSIONS_MAX = 20000, ENVELOPES = 32, TEXT = 1024 };

/* "sha512-BASE64" of the product. */
static bool integrity(pb_package_job *j, char out[120])
{
	uint8_t raw[64];
	pb_buf b = {0};
	bool fine = pb_hash_raw("sha512", j->product, raw) == 64 && pb_buf_puts(&b, "sha512-") == PB_OK &&
	            pb_base64_encode((pb_bytes){raw, sizeof raw}, &b) == PB_OK && b.size < 120;

	if (fine)
		memcpy(out, b.data, b.size + 1);
	pb_buf_free(&b);
	return fine;
}

/* Rows of one version's dist.signatures; what they sign is told. */
static int signatures(pb_package_job *j, const json_t *dist, const char *message, json_t *rows)
{
	const json_t *list = json_object_get(dist, "signatures");
	int rc = PB_OK;

	for (size_t i = 0; i < json_array_size(list) && i < PB_SIGNATURES_MAX && rc == PB_OK; i++) {
		const char *sig = pb_json_str(json_array_get(list, i), "sig", ""), *id = pb_json_str(json_array_get(list, i), "keyid", "");
		pb_buf raw = {.max = PB_DSSE_SIGNATURE};
		const pb_root *by = NULL;
		char why[300] = "no trust root has a key that it holds for";
		bool counts;

		if (pb_base64_decode(sig, strlen(sig), &raw) == PB_ENOMEM)
			rc = PB_ENOMEM;
		for (size_t k = 0; k < pb_trust_count(j->trust) && by == NULL && raw.size > 0; k++) {
			const pb_root *root = pb_trust_at(j->trust, k);

			if (root->verifier != NULL && pb_verifier_holds(root->verifier, (pb_bytes){(const uint8_t *)message, strlen(message)},
			                                                (pb_bytes){raw.data, raw.size}))
				by = root;
		}
		counts = by != NULL && pb_root_counts(by, j->as_of, why, sizeof why);
		if (rc == PB_OK && json_array_append_new(rows, pb_signature_row("x509", by != NULL ? by->shown : id, by != NULL, counts ? "" : why,
		                                                                counts ? by : NULL)) != 0)
			rc = PB_ENOMEM;
		pb_buf_free(&raw);
	}
	return rc == PB_OK ? rc : pb_fail(j->err, rc, "out of memory");
}

/* One version's manifest. */
static int version(pb_package_job *j, const char *document, const json_t *manifest, const char *is)
{
	const json_t *dist = json_object_get(manifest, "dist");
	const char *said = pb_json_str(dist, "integrity", ""), *tarball = pb_json_str(dist, "tarball", "");
	pb_named named = strcmp(said, is) == 0                                                                   ? PB_NAMED_SO :
	                 *said != '\0' && *j->name != '\0' && strcmp(pb_package_base(tarball), j->name) == 0 ? PB_NAMED_OTHERWISE :
	                                                                                                       PB_NAMED_NOT;
	char message[TEXT];
	json_t *rows;
	int rc;

	if (named == PB_NAMED_NOT)
		return PB_OK;
	rows = json_array();
	if (rows == NULL)
		return pb_fail(j->err, PB_ENOMEM, "out of memory");
	rc = snprintf(message, sizeof message, "%s@%s:%s", pb_json_str(manifest, "name", ""), pb_json_str(manifest, "version", ""), said) < TEXT ?
	         signatures(j, dist, message, rows) :
	         PB_OK;
	/* Unsigned, it still says which bytes this version has. */
	if (rc == PB_OK && json_array_size(rows) == 0 && json_array_append_new(rows, pb_signature_row("", "", false, "nobody signed it", NULL)) != 0)
		rc = pb_fail(j->err, PB_ENOMEM, "out of memory");
	if (rc != PB_OK) {
		json_decref(rows);
		return rc;
	}
	return pb_package_rows(j, "npm-registry", document, rows, named);
}

static int packument(pb_package_job *j, const char *document, const json_t *value)
{
	json_t *versions = json_object_get(value, "versions");
	const char *key;
	json_t *manifest;
	char is[120];
	int rc = PB_OK;

	if (!integrity(j, is))
		return pb_fail(j->err, PB_ENOMEM, "out of memory");
	if (json_object_get(value, "dist") != NULL)
		return version(j, document, value, is);
	if (json_object_size(versions) > VERSIONS_MAX)
		return PB_OK;
	json_object_foreach(versions, key, manifest)
	{
		if (rc == PB_OK)
			rc = version(j, document, manifest, is);
	}
	return rc;
}

/* Does the statement in this envelope name the product? By digest alone: names are whoever's. */
static bool names_product(pb_package_job *j, const json_t *envelope)
{
	const json_t *subjects;
	json_t *statement = NULL;
	pb_dsse e;
	bool found = false;

	if (pb_dsse_of_json(envelope, &e, NULL) != PB_OK)
		return false;
	if (strcmp(e.type, PB_DSSE_INTOTO) == 0)
		statement = pb_json_parse((pb_bytes){e.payload.data, e.payload.size}, PB_DSSE_MAX, "statement", NULL);
	pb_dsse_free(&e);
	subjects = json_object_get(statement, "subject");
	for (size_t i = 0; i < json_array_size(subjects) && !found; i++) {
		const json_t *digest = json_object_get(json_array_get(subjects, i), "digest");
		const char *sha512 = pb_json_str(digest, "sha512", "");

		found = strcmp(pb_json_str(digest, "sha256", ""), j->sha256) == 0 || (*sha512 != '\0' && strcmp(sha512, pb_package_sha512(j)) == 0);
	}
	json_decref(statement);
	return found;
}

static int attestations(pb_package_job *j, const char *document, const json_t *value)
{
	const json_t *found[ENVELOPES], *materials[ENVELOPES];
	size_t n = pb_dsse_bundles(value, found, materials, ENVELOPES);
	int rc = PB_OK;

	for (size_t i = 0; i < n && n <= ENVELOPES && rc == PB_OK; i++) {
		pb_dsse e;
		json_t *rows;

		if (!names_product(j, found[i]) || pb_dsse_of_json(found[i], &e, NULL) != PB_OK)
			continue;
		rows = json_array();
		rc = rows != NULL ? pb_signatures_bundle(j->trust, &e, materials[i], j->as_of, rows, j->err) : pb_fail(j->err, PB_ENOMEM, "out of memory");
		pb_dsse_free(&e);
		if (rc == PB_OK)
			rc = pb_package_rows(j, "npm-provenance", document, rows, PB_NAMED_SO);
		else
			json_decref(rows);
	}
	return rc;
}

static bool holds(pb_bytes b, const char *what)
{
	return memmem(b.data, b.size, what, strlen(what)) != NULL;
}

int pb_package_npm(pb_package_job *j)
{
	int rc = PB_OK;

	for (size_t i = 0; i < j->n && rc == PB_OK; i++) {
		pb_bytes b = j->files[i].bytes;
		bool pack = b.size > 0 && holds(b, "\"dist\"") && holds(b, "\"integrity\""), envelope = b.size > 0 && (holds(b, "\"attestations\"") || holds(b, "\"dsseEnvelope\"") || holds(b, "\"verification_material\""));
		json_t *value = pack || envelope ? pb_json_parse(b, PB_DSSE_MAX, "document", NULL) : NULL;

		if (value != NULL && pack)
			rc = packument(j, j->files[i].name, value);
		if (rc == PB_OK && value != NULL && envelope)
			rc = attestations(j, j->files[i].name, value);
		json_decref(value);
	}
	return rc;
}
