/* What a package carries itself: the header signature of an .rpm, the origin's signature in a .deb (debsig). */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "evidence/package_inside.h"
#include "object/rpm_header.h"

enum {
	TAG_DSA = 267, /* OpenPGP over the main header: Ed25519 and DSA, */
	TAG_RSA = 268, /* and RSA */
	TAG_PAYLOAD = 5092,    /* hex digest of the payload, as it is packed, */
	TAG_PAYLOAD_BY = 5093, /* with this algorithm: */
	SHA256 = 8,
	AR_HEADER = 60,
	DEBSIG_MAX = 512 << 20,
	MEMBERS_MAX = 64
};

/* The rows of a signature that the package carries, over message. */
static int carried(pb_package_job *j, const char *method, pb_bytes signature, pb_bytes message, pb_named named)
{
	pb_dossier_file file = {.name = "signature.gpg", .bytes = signature};
	json_t *rows = json_array();
	size_t before = json_array_size(j->rows);
	int rc = rows != NULL ? pb_signatures_detached(j->trust, &file, message, j->as_of, true, rows, j->err) :
	                        pb_fail(j->err, PB_ENOMEM, "out of memory");

	if (rc != PB_OK) {
		json_decref(rows);
		return rc;
	}
	rc = pb_package_rows(j, method, "", rows, named);
	for (size_t i = before; i < json_array_size(j->rows); i++)
		if (strstr(pb_json_str(json_array_get(j->rows, i), "why", ""), "does not hold for") != NULL)
			json_object_set_new(json_array_get(j->rows, i), "contradicts", json_true());
	return rc;
}

/* The header is what is signed; does it name the payload behind it? */
static pb_named names_payload(const pb_rpm_header *header)
{
	pb_rpm_value value, algorithm;
	pb_bytes text;
	uint64_t is = 0;
	char digest[65], said[65];

	if (!pb_rpm_find(header, TAG_PAYLOAD, &value) || !pb_rpm_find(header, TAG_PAYLOAD_BY, &algorithm) ||
	    !pb_rpm_number(&algorithm, 0, &is) || is != SHA256 || !pb_rpm_text(&value, &text) || !pb_package_hex(text, said))
		return PB_NAMED_NOT;
	return pb_sha256_of(header->rest, digest) && strcmp(digest, said) == 0 ? PB_NAMED_SO : PB_NAMED_OTHERWISE;
}

static int without_payload(pb_package_job *j)
{
	json_t *rows = json_array();

	if (rows == NULL ||
	    json_array_append_new(rows, pb_signature_row("openpgp", "", false, "its header, which is what is signed, has no SHA-256 of its payload", NULL)) != 0) {
		json_decref(rows);
		return pb_fail(j->err, PB_ENOMEM, "out of memory");
	}
	return pb_package_rows(j, "rpm", "", rows, PB_NAMED_SO);
}

int pb_package_rpm(pb_package_job *j)
{
	static const uint32_t tags[] = {TAG_RSA, TAG_DSA};
	pb_rpm_header signature, header;
	pb_named named;
	int rc = PB_OK;

	if (!pb_rpm_headers(j->product, &signature, &header))
		return PB_OK;
	for (size_t i = 0; i < sizeof tags / sizeof *tags && rc == PB_OK; i++) {
		pb_rpm_value value;
		pb_bytes bytes;

		if (!pb_rpm_find(&signature, tags[i], &value))
			continue;
		bytes = pb_rpm_bytes(&value);
		named = names_payload(&header);
		if (bytes.size > 0)
			rc = named == PB_NAMED_NOT ? without_payload(j) : carried(j, "rpm", bytes, header.whole, named);
	}
	return rc;
}

/* The next member of an ar archive; false: no more, or broken. */
static bool next_member(pb_bytes ar, size_t *at, char name[17], pb_bytes *body)
{
	pb_bytes h = pb_slice(ar, *at, AR_HEADER);
	size_t size = 0, n = 0;

	if (h.size < AR_HEADER || h.data[58] != '`' || h.data[59] != '\n')
		return false;
	for (size_t i = 48; i < 58 && h.data[i] >= '0' && h.data[i] <= '9'; i++)
		size = size * 10 + (h.data[i] - '0');
	while (n < 16 && h.data[n] != ' ' && h.data[n] != '/') {
		name[n] = (char)h.data[n];
		n++;
	}
	name[n] = '\0';
	*body = pb_slice(ar, *at + AR_HEADER, size);
	*at += AR_HEADER + size + (size & 1);
	return body->size == size;
}

int pb_package_debsig(pb_package_job *j)
{
	static const char magic[] = "!<arch>\n";
	pb_bytes body, signature = {NULL, 0};
	pb_buf message = {.max = DEBSIG_MAX};
	char name[17];
	size_t at = sizeof magic - 1;
	int rc = PB_OK;

	if (j->product.size < at || memcmp(j->product.data, magic, at) != 0)
		return PB_OK;
	for (int i = 0; i < MEMBERS_MAX && next_member(j->product, &at, name, &body); i++)
		if (strcmp(name, "_gpgorigin") == 0)
			signature = body;
	if (signature.size == 0)
		return PB_OK;
	/* What is signed is debian-binary, control and data, one behind the other. */
	at = sizeof magic - 1;
	for (int i = 0; i < MEMBERS_MAX && rc == PB_OK && next_member(j->product, &at, name, &body); i++)
		if (strcmp(name, "debian-binary") == 0 || strncmp(name, "control.tar", 11) == 0 || strncmp(name, "data.tar", 8) == 0)
			rc = pb_buf_add(&message, body.data, body.size);
	if (rc == PB_OK)
		rc = carried(j, "debsig", signature, (pb_bytes){message.data, message.size}, PB_NAMED_SO);
	else if (rc == PB_ELIMIT) {
		json_t *rows = json_pack("[o]", pb_signature_row("openpgp", "", false, "the package is too large to look at its own signature", NULL));

		rc = rows != NULL ? pb_package_rows(j, "debsig", "", rows, PB_NAMED_SO) : pb_fail(j->err, PB_ENOMEM, "out of memory");
	} else
		(void)pb_fail(j->err, rc, "out of memory");
	pb_buf_free(&message);
	return rc;
}
