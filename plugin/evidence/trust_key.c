/* A key's text: what kind of key it is, and how it is shown. */
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/text.h"
#include "evidence/trust_inside.h"

#define BINARY "base64:"

static int of_minisign(pb_bytes text, pb_root_key *out, pb_error *err)
{
	char id[PB_KEY_ID];
	int rc = pb_public_key_parse(text, &out->minisign, err);

	if (rc == PB_OK)
		rc = pb_verifier_of_minisign(&out->minisign, &out->verifier, err);
	if (rc != PB_OK)
		return rc;
	out->method = PB_ROOT_MINISIGN;
	(void)pb_buf_puts(&out->shown, pb_key_id_text(out->minisign.id, id));
	return PB_OK;
}

static int of_pem(pb_bytes text, pb_root_key *out, pb_error *err)
{
	int rc = pb_verifier_open(text, &out->verifier, err);
	bool x509;

	if (rc != PB_OK)
		return rc;
	x509 = *pb_verifier_certificate(out->verifier) != '\0';
	out->method = x509 ? PB_ROOT_X509 : PB_ROOT_PEM;
	(void)pb_buf_puts(&out->shown, x509 ? pb_verifier_certificate(out->verifier) : pb_verifier_print(out->verifier));
	return PB_OK;
}

static int of_openpgp(pb_bytes text, pb_openpgp *ring, pb_root_key *out, pb_error *err)
{
	json_t *prints = json_array();
	char *joined = NULL;
	int rc = prints != NULL ? pb_openpgp_add(ring, text, prints, out->prints, err) : pb_fail(err, PB_ENOMEM, "out of memory");

	out->method = PB_ROOT_OPENPGP;
	if (rc == PB_OK) {
		joined = pb_json_joined(prints, " ");
		if (joined == NULL || pb_buf_puts(&out->shown, joined) != PB_OK || json_array_extend(out->prints, prints) != 0)
			rc = pb_fail(err, PB_ENOMEM, "out of memory");
	}
	free(joined);
	json_decref(prints);
	return rc;
}

int pb_root_key_read(pb_bytes text, pb_openpgp *ring, pb_root_key *out, pb_error *err)
{
	pb_error ignored;
	int rc;

	memset(out, 0, sizeof *out);
	out->prints = json_array();
	if (out->prints == NULL)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	else if (text.size == 0 || text.size > PB_ROOT_TEXT_MAX)
		rc = pb_fail(err, PB_EINPUT, "an empty key, or one of more than %d bytes", PB_ROOT_TEXT_MAX);
	else if (pb_openpgp_is_key(text))
		rc = of_openpgp(text, ring, out, err);
	else if (of_minisign(text, out, &ignored) == PB_OK)
		rc = PB_OK;
	else
		rc = of_pem(text, out, err);
	if (rc == PB_OK && out->verifier != NULL && json_array_append_new(out->prints, json_string(pb_verifier_print(out->verifier))) != 0)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (rc == PB_OK && out->shown.size == 0)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (rc != PB_OK)
		pb_root_key_free(out);
	return rc;
}

void pb_root_key_free(pb_root_key *k)
{
	pb_verifier_free(k->verifier);
	pb_buf_free(&k->shown);
	json_decref(k->prints);
	memset(k, 0, sizeof *k);
}

int pb_root_text(const json_t *text, pb_buf *out)
{
	const char *s = json_string_value(text);
	size_t n = json_string_length(text), prefix = sizeof BINARY - 1;

	if (s == NULL || n > PB_ROOT_TEXT_MAX * 2)
		return PB_EINPUT;
	if (strncmp(s, BINARY, prefix) == 0)
		return pb_base64_decode(s + prefix, n - prefix, out);
	return pb_buf_add(out, s, n);
}

json_t *pb_trust_text(pb_bytes text)
{
	pb_buf b = {0};
	json_t *out = NULL;

	if (pb_text_utf8(text.data, text.size) && memchr(text.data, '\0', text.size) == NULL)
		return json_stringn((const char *)text.data, text.size);
	if (pb_buf_puts(&b, BINARY) == PB_OK && pb_base64_encode(text, &b) == PB_OK)
		out = json_stringn((const char *)b.data, b.size);
	pb_buf_free(&b);
	return out;
}

json_t *pb_trust_key(pb_bytes text, pb_error *err)
{
	pb_openpgp *ring = NULL;
	pb_root_key key = {0};
	json_t *out = NULL;

	if (pb_openpgp_new(&ring, err) == PB_OK && pb_root_key_read(text, ring, &key, err) == PB_OK) {
		out = json_pack("{s:s,s:s%,s:o}", "method", pb_root_method_name(key.method), "key", (const char *)key.shown.data, key.shown.size, "text",
		                pb_trust_text(text));
		if (out == NULL)
			(void)pb_fail(err, PB_ENOMEM, "out of memory");
	}
	pb_root_key_free(&key);
	pb_openpgp_free(ring);
	return out;
}
