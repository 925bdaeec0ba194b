#include "evidence/rekor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/hash.h"
#include "base/text.h"

static bool fail(char why[PB_CHAIN_WHY], const char *text)
{
	(void)snprintf(why, PB_CHAIN_WHY, "%s", text);
	return false;
}

static bool decoded(const json_t *text, pb_buf *out)
{
	return json_is_string(text) && pb_base64_decode(json_string_value(text), json_string_length(text), out) == PB_OK && out->size > 0;
}

/* int64 of protobuf's JSON: as a text, or as a number. */
static bool number(const json_t *value, int64_t *out)
{
	if (json_is_integer(value))
		*out = json_integer_value(value);
	else if (!json_is_string(value) || !pb_text_int(json_string_value(value), 0, INT64_MAX, out))
		return false;
	return *out >= 0;
}

static bool is_leaf(const json_t *pem, pb_bytes leaf)
{
	pb_buf text = {.max = PB_REKOR_BODY};
	pb_verifier *v = NULL;
	char print[65];
	bool same = decoded(pem, &text) && pb_verifier_open((pb_bytes){text.data, text.size}, &v, NULL) == PB_OK && pb_sha256_of(leaf, print) &&
	            strcmp(pb_verifier_certificate(v), print) == 0;

	pb_verifier_free(v);
	pb_buf_free(&text);
	return same;
}

/* folds: entries of type intoto have the signature's base64 in base64 once more. */
static bool is_signature(const json_t *text, const pb_dsse_signature *s, bool folds)
{
	pb_buf once = {.max = 4 * PB_DSSE_SIGNATURE}, raw = {.max = PB_DSSE_SIGNATURE};
	bool same = decoded(text, &once);

	if (same && folds)
		same = pb_base64_decode((const char *)once.data, once.size, &raw) == PB_OK && raw.size == s->size && memcmp(raw.data, s->bytes, s->size) == 0;
	else
		same = same && once.size == s->size && memcmp(once.data, s->bytes, s->size) == 0;
	pb_buf_free(&once);
	pb_buf_free(&raw);
	return same;
}

/* Is the log's entry about this payload, this signature, this certificate? */
static bool is_about(const json_t *body, const pb_dsse *e, const pb_dsse_signature *s, pb_bytes leaf)
{
	const json_t *spec = json_object_get(body, "spec"), *hash, *rows;
	bool folds = strcmp(pb_json_str(body, "kind", ""), "intoto") == 0;
	char payload[65];

	if (folds)
		spec = json_object_get(spec, "content");
	else if (strcmp(pb_json_str(body, "kind", ""), "dsse") != 0)
		return false;
	hash = json_object_get(spec, "payloadHash");
	rows = json_object_get(folds ? json_object_get(spec, "envelope") : spec, "signatures");
	if (strcmp(pb_json_str(hash, "algorithm", ""), "sha256") != 0 || !pb_sha256_of((pb_bytes){e->payload.data, e->payload.size}, payload) ||
	    strcmp(pb_json_str(hash, "value", ""), payload) != 0)
		return false;
	for (size_t i = 0; i < json_array_size(rows) && i < PB_DSSE_SIGNATURES; i++) {
		const json_t *row = json_array_get(rows, i);

		if (is_signature(json_object_get(row, folds ? "sig" : "signature"), s, folds) &&
		    is_leaf(json_object_get(row, folds ? "publicKey" : "verifier"), leaf))
			return true;
	}
	return false;
}

/* The root whose key this log has. */
static const pb_root *log_of(const pb_trust *t, const char *id)
{
	for (size_t i = 0; i < pb_trust_count(t); i++) {
		const pb_root *root = pb_trust_at(t, i);

		if (root->verifier != NULL && strcmp(root->role, "builder") == 0 && pb_chain_scope_has(root, "rekor") &&
		    strcmp(pb_verifier_print(root->verifier), id) == 0)
			return root;
	}
	return NULL;
}

static void hex_of(const pb_buf *b, char out[65])
{
	out[0] = '\0';
	for (size_t i = 0; b->size == 32 && i < 32; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", b->data[i]);
}

/* Did the log sign that it took this body at that time? */
static bool promised(const pb_trust *t, const json_t *entry, int64_t as_of, int64_t *at, char why[PB_CHAIN_WHY])
{
	const json_t *body = json_object_get(entry, "canonicalizedBody"), *promise = json_object_get(entry, "inclusionPromise");
	pb_buf id = {.max = 64}, set = {.max = PB_DSSE_SIGNATURE}, message = {.max = 2 * PB_REKOR_BODY};
	const pb_root *log = NULL;
	char hex[65] = "", told[PB_CHAIN_WHY] = "";
	int64_t index = 0;
	bool fine = false;

	if (!decoded(json_object_get(json_object_get(entry, "logId"), "keyId"), &id) || !number(json_object_get(entry, "integratedTime"), at) ||
	    !number(json_object_get(entry, "logIndex"), &index) || !json_is_string(body)) {
		(void)fail(why, "an entry of a log without its number, time or body");
	} else if (!decoded(json_object_get(promise, "signedEntryTimestamp"), &set)) {
		(void)fail(why, "the log has not signed when it took its entry");
	} else {
		hex_of(&id, hex);
		log = log_of(t, hex);
		/* What is signed, as RFC 8785 writes it; body was decoded as base64, so nothing in it needs escapes. */
		if (log == NULL)
			(void)snprintf(why, PB_CHAIN_WHY, "no trust root of scope \"rekor\" has the key of log %.64s", hex);
		else if (!pb_root_counts(log, as_of, told, sizeof told))
			(void)fail(why, told);
		else if (pb_buf_printf(&message, "{\"body\":\"%s\",\"integratedTime\":%" PRId64 ",\"logID\":\"%s\",\"logIndex\":%" PRId64 "}",
		                       json_string_value(body), *at, hex, index) != PB_OK ||
		         !pb_verifier_holds(log->verifier, (pb_bytes){message.data, message.size}, (pb_bytes){set.data, set.size}))
			(void)snprintf(why, PB_CHAIN_WHY, "the time is not signed with the key of trust root %s", log->name);
		else if (*at > pb_chain_end_of(as_of))
			(void)fail(why, "the log took it after the day of judging");
		else
			fine = true;
	}
	pb_buf_free(&id);
	pb_buf_free(&set);
	pb_buf_free(&message);
	return fine;
}

static bool one(const pb_trust *t, const json_t *entry, const pb_dsse *e, const pb_dsse_signature *s, pb_bytes leaf, int64_t as_of, int64_t *at,
                char why[PB_CHAIN_WHY])
{
	pb_buf text = {.max = PB_REKOR_BODY};
	json_t *body = NULL;
	bool fine = decoded(json_object_get(entry, "canonicalizedBody"), &text);

	if (fine)
		body = pb_json_parse((pb_bytes){text.data, text.size}, PB_REKOR_BODY, "entry", NULL);
	fine = body != NULL && is_about(body, e, s, leaf);
	if (!fine)
		(void)fail(why, "the log's entry is not about this signature");
	json_decref(body);
	pb_buf_free(&text);
	return fine && promised(t, entry, as_of, at, why);
}

bool pb_rekor_time(const pb_trust *t, const json_t *material, const pb_dsse *e, size_t i, pb_bytes leaf, int64_t as_of, int64_t *at,
                   char why[PB_CHAIN_WHY])
{
	const json_t *entries = json_object_get(material, "tlogEntries");

	if (entries == NULL)
		entries = json_object_get(material, "transparency_entries");
	(void)fail(why, "no log has an entry of it");
	for (size_t k = 0; k < json_array_size(entries) && k < PB_REKOR_ENTRIES; k++)
		if (one(t, json_array_get(entries, k), e, &e->signatures[i], leaf, as_of, at, why))
			return true;
	return false;
}
