#include "evidence/dsse.h"

#include <stdlib.h>
#include <string.h>

#include "base/base64.h"

static int refuse(pb_dsse *out, pb_error *err, const char *why)
{
	pb_dsse_free(out);
	return pb_fail(err, PB_EINPUT, "no DSSE envelope: %s", why);
}

void pb_dsse_free(pb_dsse *e)
{
	pb_buf_free(&e->payload);
	free(e->signatures);
	memset(e, 0, sizeof *e);
}

/* Printable ASCII of less than size bytes. */
static bool copied(const char *text, char *out, size_t size)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			return false;
	if (n >= size)
		return false;
	memcpy(out, text, n + 1);
	return true;
}

/* 1: read; 0: no signature; PB_ENOMEM. */
static int read_signature(const json_t *row, pb_dsse_signature *out)
{
	const json_t *id = json_object_get(row, "keyid"), *sig = json_object_get(row, "sig");
	pb_buf raw = {.max = PB_DSSE_SIGNATURE};
	int rc;

	memset(out, 0, sizeof *out);
	if (!json_is_string(sig) || (id != NULL && !json_is_string(id) && !json_is_null(id)) ||
	    (json_is_string(id) && !copied(json_string_value(id), out->keyid, sizeof out->keyid)))
		return 0;
	rc = pb_base64_decode(json_string_value(sig), json_string_length(sig), &raw);
	if (rc == PB_OK && raw.size > 0) {
		memcpy(out->bytes, raw.data, raw.size);
		out->size = raw.size;
	}
	pb_buf_free(&raw);
	return rc == PB_ENOMEM ? rc : rc == PB_OK && out->size > 0;
}

/* Said twice it is said once. */
static bool there_already(const pb_dsse *e, const pb_dsse_signature *s)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->signatures[i].size == s->size && memcmp(e->signatures[i].bytes, s->bytes, s->size) == 0)
			return true;
	return false;
}

static int read_signatures(const json_t *rows, pb_dsse *out, pb_error *err)
{
	size_t n = json_array_size(rows);

	if (!json_is_array(rows) || n == 0)
		return refuse(out, err, "nobody signed it (\"signatures\")");
	if (n > PB_DSSE_SIGNATURES) {
		pb_dsse_free(out);
		return pb_fail(err, PB_ELIMIT, "a DSSE envelope with more than %d signatures", PB_DSSE_SIGNATURES);
	}
	out->signatures = calloc(n, sizeof *out->signatures);
	for (size_t i = 0; i < n; i++) {
		int got = out->signatures == NULL ? PB_ENOMEM : read_signature(json_array_get(rows, i), &out->signatures[out->n]);

		if (got == PB_ENOMEM) {
			pb_dsse_free(out);
			return pb_fail(err, PB_ENOMEM, "out of memory");
		}
		if (got == 0)
			return refuse(out, err, "a signature is not {\"keyid\",\"sig\"} with base64");
		out->n += !there_already(out, &out->signatures[out->n]);
	}
	return PB_OK;
}

/* PEP 740's envelope: a statement's base64, and one signature. */
static bool is_pep740(const json_t *value)
{
	return json_is_string(json_object_get(value, "statement")) && json_is_string(json_object_get(value, "signature"));
}

/* The same as an envelope. NULL: no memory. */
static json_t *of_python(const json_t *value)
{
	return json_pack("{s:s,s:O,s:[{s:O}]}", "payloadType", PB_DSSE_INTOTO, "payload", json_object_get(value, "statement"), "signatures", "sig",
	                 json_object_get(value, "signature"));
}

int pb_dsse_of_json(const json_t *value, pb_dsse *out, pb_error *err)
{
	const json_t *type = json_object_get(value, "payloadType"), *payload = json_object_get(value, "payload");
	int rc;

	memset(out, 0, sizeof *out);
	if (type == NULL && payload == NULL && is_pep740(value)) {
		json_t *as = of_python(value);

		rc = as != NULL ? pb_dsse_of_json(as, out, err) : pb_fail(err, PB_ENOMEM, "out of memory");
		json_decref(as);
		return rc;
	}
	out->payload.max = PB_DSSE_MAX;
	if (!json_is_string(type) || json_string_length(type) == 0 || !copied(json_string_value(type), out->type, sizeof out->type))
		return refuse(out, err, "\"payloadType\" is no type");
	if (!json_is_string(payload))
		return refuse(out, err, "\"payload\" is no text");
	rc = pb_base64_decode(json_string_value(payload), json_string_length(payload), &out->payload);
	if (rc == PB_EINPUT)
		return refuse(out, err, "\"payload\" is not base64");
	if (rc != PB_OK) {
		pb_dsse_free(out);
		return pb_fail(err, rc, rc == PB_ENOMEM ? "out of memory" : "a DSSE envelope whose payload is too large");
	}
	return read_signatures(json_object_get(value, "signatures"), out, err);
}

int pb_dsse_parse(pb_bytes text, pb_dsse *out, pb_error *err)
{
	json_t *value = pb_json_parse(text, PB_DSSE_MAX, "envelope", err);
	int rc;

	memset(out, 0, sizeof *out);
	if (value == NULL)
		return err != NULL && (err->code == PB_ENOMEM || err->code == PB_ELIMIT) ? err->code : PB_EINPUT;
	rc = pb_dsse_of_json(value, out, err);
	json_decref(value);
	return rc;
}

static bool looks(const json_t *value)
{
	return json_is_string(json_object_get(value, "payload")) && json_is_array(json_object_get(value, "signatures"));
}

typedef struct finding {
	const json_t **out, **materials;
	size_t max, n;
} finding;

static void found(finding *f, const json_t *envelope, const json_t *material)
{
	if (envelope == NULL || f->n > f->max)
		return;
	if (f->n < f->max) {
		f->out[f->n] = envelope;
		if (f->materials != NULL)
			f->materials[f->n] = material;
	}
	f->n++;
}

/* {"version":1,"verification_material","envelope":{"statement","signature"}} */
static void of_pep740(finding *f, const json_t *value)
{
	const json_t *envelope = json_object_get(value, "envelope");

	if (is_pep740(envelope))
		found(f, envelope, json_object_get(value, "verification_material"));
}

size_t pb_dsse_bundles(const json_t *value, const json_t **out, const json_t **materials, size_t max)
{
	const json_t *inside = json_object_get(value, "dsseEnvelope"), *rows = json_object_get(value, "attestations"),
	             *publishers = json_object_get(value, "attestation_bundles");
	finding f = {.out = out, .materials = materials, .max = max};

	if (looks(value))
		found(&f, value, NULL);
	else
		found(&f, inside, json_object_get(value, "verificationMaterial"));
	if (f.n == 0)
		of_pep740(&f, value);
	if (f.n > 0)
		return f.n;
	for (size_t i = 0; i < json_array_size(rows) && f.n <= max; i++) {
		const json_t *bundle = json_object_get(json_array_get(rows, i), "bundle");

		found(&f, json_object_get(bundle, "dsseEnvelope"), json_object_get(bundle, "verificationMaterial"));
	}
	/* The index of packages gives the attestations of all publishers of a file. */
	for (size_t i = 0; i < json_array_size(publishers) && f.n <= max; i++) {
		const json_t *theirs = json_object_get(json_array_get(publishers, i), "attestations");

		for (size_t k = 0; k < json_array_size(theirs) && f.n <= max; k++)
			of_pep740(&f, json_array_get(theirs, k));
	}
	return f.n;
}

size_t pb_dsse_find(const json_t *value, const json_t **out, size_t max)
{
	return pb_dsse_bundles(value, out, NULL, max);
}

int pb_dsse_pae(const char *type, pb_bytes payload, pb_buf *out)
{
	int rc = pb_buf_printf(out, "DSSEv1 %zu %s %zu ", strlen(type), type, payload.size);

	return rc == PB_OK && payload.size > 0 ? pb_buf_add(out, payload.data, payload.size) : rc;
}

int pb_dsse_verify(const pb_dsse *e, const pb_verifier *key, pb_error *err)
{
	pb_buf signed_bytes = {0};
	bool holds = false;

	if (pb_dsse_pae(e->type, (pb_bytes){e->payload.data, e->payload.size}, &signed_bytes) != PB_OK) {
		pb_buf_free(&signed_bytes);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < e->n && !holds; i++)
		holds = pb_verifier_holds(key, (pb_bytes){signed_bytes.data, signed_bytes.size},
		                          (pb_bytes){e->signatures[i].bytes, e->signatures[i].size});
	pb_buf_free(&signed_bytes);
	return holds ? PB_OK : pb_fail(err, PB_EINPUT, "no signature of key %s holds", pb_verifier_print(key));
}

/* The envelope's JSON. */
static char *envelope(const char *type, const pb_buf *payload, const char *keyid, const pb_buf *sig)
{
	json_t *value = json_pack("{s:s,s:s%,s:[{s:s,s:s%}]}", "payloadType", type, "payload", payload->size > 0 ? (const char *)payload->data : "",
	                          payload->size, "signatures", "keyid", keyid, "sig", (const char *)sig->data, sig->size);
	char *text = value != NULL ? pb_json_canonical(value) : NULL;

	json_decref(value);
	return text;
}

int pb_dsse_sign(const char *type, pb_bytes payload, const pb_secret_key *key, pb_buf *out, pb_error *err)
{
	pb_buf pae = {0}, body = {0}, sig = {0};
	char keyid[PB_KEY_ID], *text = NULL, checked[PB_DSSE_TYPE];
	uint8_t raw[64];
	int rc = PB_OK;

	if (*type == '\0' || !copied(type, checked, sizeof checked))
		return pb_fail(err, PB_EINPUT, "a payload's type is printable ASCII of at most %d bytes", PB_DSSE_TYPE - 1);
	if (payload.size > PB_DSSE_MAX / 4 * 3 - PB_DSSE_MAX / 64)
		return pb_fail(err, PB_ELIMIT, "%zu bytes are too many for an envelope", payload.size);
	if (pb_dsse_pae(type, payload, &pae) != PB_OK)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (rc == PB_OK)
		rc = pb_sign_raw((pb_bytes){pae.data, pae.size}, key, raw, err);
	if (rc == PB_OK) {
		if (pb_base64_encode(payload, &body) == PB_OK && pb_base64_encode((pb_bytes){raw, sizeof raw}, &sig) == PB_OK)
			text = envelope(type, &body, pb_key_id_text(key->id, keyid), &sig);
		if (text == NULL || pb_buf_puts(out, text) != PB_OK || pb_buf_puts(out, "\n") != PB_OK)
			rc = pb_fail(err, PB_ENOMEM, "out of memory");
	}
	free(text);
	pb_buf_free(&pae);
	pb_buf_free(&body);
	pb_buf_free(&sig);
	return rc;
}
