/* Certificates through libcrypto: the one file that sees its X.509. A library context of our own: it reads no configuration, so
 * that the same bytes give the same answer on every machine, and nothing is opened. */
#include "bindings/certificate.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/x509.h"
#include "bindings/armour.h"
#include "bindings/certificate_name.h"
#include "bindings/der.h"

typedef struct reader {
	pb_document *d;
	pb_node *root, *broken;
	X509 *x;
} reader;

static bool add_text(reader *r, pb_node *parent, const char *key, const char *text)
{
	return pb_document_add_string(r->d, parent, key, key != NULL ? strlen(key) : 0, text, strlen(text)) != NULL;
}

static bool add_number(reader *r, const char *key, int64_t value)
{
	pb_node *n = pb_document_add(r->d, r->root, PB_NODE_INTEGER, key, strlen(key));

	if (n != NULL)
		n->as.integer = value;
	return n != NULL;
}

static bool add_truth(reader *r, pb_node *parent, const char *key, bool value)
{
	pb_node *n = pb_document_add(r->d, parent, PB_NODE_BOOLEAN, key, strlen(key));

	if (n != NULL)
		n->as.boolean = value;
	return n != NULL;
}

static pb_bytes bytes_of(const ASN1_STRING *s)
{
	return (pb_bytes){ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s)};
}

/* What is there, but cannot be read. */
static bool add_broken(reader *r, const char *what)
{
	return add_text(r, r->broken, NULL, what);
}

static const char *oid_text(const ASN1_OBJECT *o, char text[PB_DER_OID_MAX])
{
	pb_bytes content = {OBJ_get0_data(o), OBJ_length(o)};

	if (!pb_der_oid(content, text))
		(void)snprintf(text, PB_DER_OID_MAX, "unknown");
	return text;
}

static bool add_oid(reader *r, pb_node *parent, const char *key, const ASN1_OBJECT *o)
{
	char text[PB_DER_OID_MAX];

	return add_text(r, parent, key, pb_oid_name(oid_text(o, text)));
}

/* The parts of a name in the order in which they are written, and all of it as one text. */
static bool add_name(reader *r, const char *list, const char *line, const X509_NAME *name)
{
	pb_node *parts = pb_document_add(r->d, r->root, PB_NODE_LIST, list, strlen(list));
	pb_buf all = {0};
	int set = -1;
	bool good = parts != NULL;

	for (int i = 0; good && i < X509_NAME_entry_count(name); i++) {
		const X509_NAME_ENTRY *e = X509_NAME_get_entry(name, i);
		char type[PB_DER_OID_MAX];
		pb_node *part = pb_document_add(r->d, parts, PB_NODE_TABLE, NULL, 0), *value;

		(void)oid_text(X509_NAME_ENTRY_get_object(e), type);
		good = part != NULL && add_text(r, part, "type", pb_oid_name(type));
		value = good ? pb_document_add(r->d, part, PB_NODE_STRING, "value", 5) : NULL;
		good = value != NULL && pb_name_value(r->d, bytes_of(X509_NAME_ENTRY_get_data(e)),
		                                      (uint32_t)ASN1_STRING_type(X509_NAME_ENTRY_get_data(e)), &value->string);
		if (good && pb_name_append(&all,
		                           i == 0                          ? ""
		                           : set == X509_NAME_ENTRY_set(e) ? "+"
		                                                           : ", ",
		                           pb_oid_name(type), value->string) != 0)
			good = pb_document_no_memory(r->d) == 0;
		set = X509_NAME_ENTRY_set(e);
	}
	good = good && pb_document_add_string(r->d, r->root, line, strlen(line), all.data != NULL ? all.data : (uint8_t *)"",
	                                      all.size) != NULL;
	pb_buf_free(&all);
	return good;
}

static bool add_serial(reader *r)
{
	const ASN1_INTEGER *s = X509_get0_serialNumber(r->x);
	pb_bytes b = bytes_of(s);
	char hex[3 + 2 * 64];
	size_t n = 0;

	if (b.size > 64)
		return add_broken(r, "serial");
	if (ASN1_STRING_type(s) == V_ASN1_NEG_INTEGER)
		hex[n++] = '-';
	for (size_t i = 0; i < b.size; i++, n += 2)
		(void)snprintf(hex + n, 3, "%02x", b.data[i]);
	hex[n] = '\0';
	return add_text(r, r->root, "serial", b.size > 0 ? hex : "00");
}

static bool add_time(reader *r, const char *key, const ASN1_TIME *t)
{
	int64_t days;
	int32_t seconds;

	if (!pb_der_time(bytes_of(t), (uint32_t)ASN1_STRING_type(t), &days, &seconds))
		return add_broken(r, key);
	return add_number(r, key, days);
}

static const char *key_kind(int id)
{
	static const struct {
		int id;
		const char *name;
	} kinds[] = {{EVP_PKEY_RSA, "rsa"},       {EVP_PKEY_RSA_PSS, "rsa-pss"}, {EVP_PKEY_DSA, "dsa"},
	             {EVP_PKEY_EC, "ec"},         {EVP_PKEY_ED25519, "ed25519"}, {EVP_PKEY_ED448, "ed448"},
	             {EVP_PKEY_X25519, "x25519"}, {EVP_PKEY_X448, "x448"},       {EVP_PKEY_DH, "dh"},
	             {EVP_PKEY_DHX, "dh"},        {EVP_PKEY_SM2, "sm2"}};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].id == id)
			return kinds[i].name;
	return NULL;
}

/* The exponent of an RSA key, where it is small enough to be a number. */
static bool add_exponent(reader *r, const EVP_PKEY *key)
{
	BIGNUM *e = NULL;
	bool good = true;

	if (EVP_PKEY_get_bn_param(key, "e", &e) == 1 && BN_num_bits(e) <= 62)
		good = add_number(r, "exponent", (int64_t)BN_get_word(e));
	BN_free(e);
	return good;
}

static bool add_key(reader *r, const EVP_PKEY *key)
{
	ASN1_OBJECT *algorithm = NULL;
	const char *kind = key != NULL ? key_kind(EVP_PKEY_get_base_id(key)) : NULL;
	char curve[80];
	size_t n = 0;

	if (kind == NULL) {
		(void)X509_PUBKEY_get0_param(&algorithm, NULL, NULL, NULL, X509_get_X509_PUBKEY(r->x));
		return add_oid(r, r->root, "key", algorithm) && (key != NULL || add_broken(r, "key"));
	}
	if (!add_text(r, r->root, "key", kind) || !add_number(r, "bits", EVP_PKEY_get_bits(key)))
		return false;
	if (kind[0] == 'r')
		return add_exponent(r, key);
	if (strcmp(kind, "ec") == 0 && EVP_PKEY_get_group_name(key, curve, sizeof curve, &n) == 1)
		return add_text(r, r->root, "curve", curve);
	return true;
}

static bool add_signature(reader *r)
{
	const X509_ALGOR *a = NULL;
	const ASN1_OBJECT *o = NULL;
	int nid = X509_get_signature_nid(r->x);

	X509_get0_signature(NULL, &a, r->x);
	X509_ALGOR_get0(&o, NULL, NULL, a);
	return nid != NID_undef ? add_text(r, r->root, "signature", OBJ_nid2ln(nid)) : add_oid(r, r->root, "signature", o);
}

static bool add_version(reader *r)
{
	long version = X509_get_version(r->x);

	return version >= 0 && version <= 2 ? add_number(r, "version", version + 1) : add_broken(r, "version");
}

/* Who signed it, as far as it can tell itself. self_signed is left out where its signature cannot be checked. */
static bool add_self(reader *r, EVP_PKEY *key)
{
	bool issued = X509_NAME_cmp(X509_get_subject_name(r->x), X509_get_issuer_name(r->x)) == 0;
	int verified = issued && key != NULL ? X509_verify(r->x, key) : issued ? -1 : 0;

	return add_truth(r, r->root, "self_issued", issued) &&
	       (verified < 0 || add_truth(r, r->root, "self_signed", verified == 1));
}

/* The extension of that kind, decoded; *good becomes false where memory ran out. */
static void *extension(reader *r, int nid, const char *name, bool *good)
{
	int critical = -1;
	void *found = X509_get_ext_d2i(r->x, nid, &critical, NULL);

	if (found == NULL && critical != -1) /* there, but broken, or there twice */
		*good = add_broken(r, name);
	return found;
}

static bool add_constraints(reader *r)
{
	bool good = true;
	BASIC_CONSTRAINTS *c = extension(r, NID_basic_constraints, "basicConstraints", &good);
	int64_t length;

	good = good && add_truth(r, r->root, "is_ca", c != NULL && c->ca);
	if (good && c != NULL && c->pathlen != NULL && pb_der_integer(bytes_of(c->pathlen), &length))
		good = add_number(r, "path_length", length);
	BASIC_CONSTRAINTS_free(c);
	return good;
}

static bool add_usage(reader *r)
{
	static const char *const bits[] = {"digitalSignature", "nonRepudiation", "keyEncipherment",
	                                   "dataEncipherment", "keyAgreement",   "keyCertSign",
	                                   "cRLSign",          "encipherOnly",   "decipherOnly"};
	bool good = true;
	ASN1_BIT_STRING *usage = extension(r, NID_key_usage, "keyUsage", &good);
	pb_node *list = good && usage != NULL ? pb_document_add(r->d, r->root, PB_NODE_LIST, "usage", 5) : NULL;

	good = good && (usage == NULL || list != NULL);
	for (int i = 0; good && usage != NULL && i < (int)(sizeof bits / sizeof bits[0]); i++)
		good = !ASN1_BIT_STRING_get_bit(usage, i) || add_text(r, list, NULL, bits[i]);
	ASN1_BIT_STRING_free(usage);
	return good;
}

static bool add_extended_usage(reader *r)
{
	bool good = true;
	EXTENDED_KEY_USAGE *usage = extension(r, NID_ext_key_usage, "extKeyUsage", &good);
	pb_node *list = good && usage != NULL ? pb_document_add(r->d, r->root, PB_NODE_LIST, "extended_usage", 14) : NULL;

	good = good && (usage == NULL || list != NULL);
	for (int i = 0; good && usage != NULL && i < sk_ASN1_OBJECT_num(usage); i++)
		good = add_oid(r, list, NULL, sk_ASN1_OBJECT_value(usage, i));
	EXTENDED_KEY_USAGE_free(usage);
	return good;
}

static bool add_alternative(reader *r, pb_node *list, const GENERAL_NAME *g)
{
	pb_node *entry = pb_document_add(r->d, list, PB_NODE_TABLE, NULL, 0);
	const char *kind = g->type == GEN_DNS ? "dns" : g->type == GEN_EMAIL ? "email" : g->type == GEN_URI ? "uri" : "other";
	char text[PB_DER_OID_MAX];
	pb_bytes b;

	if (entry == NULL)
		return false;
	switch (g->type) {
	case GEN_DNS:
	case GEN_EMAIL:
	case GEN_URI:
		b = bytes_of(g->d.ia5);
		return add_text(r, entry, "kind", kind) &&
		       pb_document_add_string(r->d, entry, "value", 5, b.data, b.size) != NULL;
	case GEN_IPADD:
		b = bytes_of(g->d.iPAddress);
		if ((b.size != 4 && b.size != 16) ||
		    inet_ntop(b.size == 4 ? AF_INET : AF_INET6, b.data, text, sizeof text) == NULL)
			text[0] = '\0';
		return add_text(r, entry, "kind", "ip") && add_text(r, entry, "value", text);
	case GEN_RID:
		return add_text(r, entry, "kind", "oid") && add_text(r, entry, "value", oid_text(g->d.rid, text));
	default:
		return add_text(r, entry, "kind", g->type == GEN_DIRNAME ? "name" : "other") && add_text(r, entry, "value", "");
	}
}

static bool add_alternatives(reader *r)
{
	bool good = true;
	GENERAL_NAMES *names = extension(r, NID_subject_alt_name, "subjectAltName", &good);
	pb_node *list = good ? pb_document_add(r->d, r->root, PB_NODE_LIST, "names", 5) : NULL;

	good = list != NULL;
	for (int i = 0; good && names != NULL && i < sk_GENERAL_NAME_num(names); i++)
		good = add_alternative(r, list, sk_GENERAL_NAME_value(names, i));
	GENERAL_NAMES_free(names);
	return good;
}

static bool add_extensions(reader *r)
{
	pb_node *list = pb_document_add(r->d, r->root, PB_NODE_LIST, "extensions", 10);
	bool good = list != NULL;

	for (int i = 0; good && i < X509_get_ext_count(r->x); i++) {
		const X509_EXTENSION *e = X509_get_ext(r->x, i);
		pb_node *entry = pb_document_add(r->d, list, PB_NODE_TABLE, NULL, 0);
		union { /* X509_EXTENSION_get_object takes no const, and changes nothing */
			const X509_EXTENSION *in;
			X509_EXTENSION *out;
		} x = {.in = e};
		char text[PB_DER_OID_MAX];

		good = entry != NULL && add_text(r, entry, "oid", oid_text(X509_EXTENSION_get_object(x.out), text)) &&
		       add_truth(r, entry, "critical", X509_EXTENSION_get_critical(e) == 1);
	}
	return good;
}

static bool add_digest(reader *r, const char *key, pb_bytes b)
{
	char hex[PB_HEX_MAX];

	if (!pb_hash_hex("sha256", b, hex))
		return pb_document_no_memory(r->d) == 0;
	return add_text(r, r->root, key, hex);
}

static bool add_spki(reader *r)
{
	unsigned char *der = NULL;
	int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(r->x), &der);
	bool good = n > 0 ? add_digest(r, "spki_sha256", (pb_bytes){der, (size_t)n}) : pb_document_no_memory(r->d) == 0;

	OPENSSL_free(der);
	return good;
}

static bool add_all(reader *r, pb_bytes der, size_t length)
{
	EVP_PKEY *key = X509_get0_pubkey(r->x);

	r->root = pb_document_add(r->d, NULL, PB_NODE_TABLE, NULL, 0);
	r->broken = r->root != NULL ? pb_document_add(r->d, r->root, PB_NODE_LIST, "broken", 6) : NULL;
	return r->broken != NULL && add_number(r, "length", (int64_t)length) && add_version(r) &&
	       add_name(r, "subject", "subject_text", X509_get_subject_name(r->x)) &&
	       add_name(r, "issuer", "issuer_text", X509_get_issuer_name(r->x)) && add_serial(r) &&
	       add_time(r, "not_before", X509_get0_notBefore(r->x)) && add_time(r, "not_after", X509_get0_notAfter(r->x)) &&
	       add_key(r, key) && add_signature(r) && add_self(r, key) && add_constraints(r) && add_usage(r) &&
	       add_extended_usage(r) && add_alternatives(r) && add_extensions(r) && add_digest(r, "fingerprint", der) &&
	       add_spki(r);
}

/* Libcrypto notes what went wrong in a list of its own: was it memory? Empties the list. */
static bool ran_out(void)
{
	bool out = false;
	unsigned long e;

	while ((e = ERR_get_error()) != 0)
		out |= ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE;
	ERR_clear_error(); /* its texts, too */
	return out;
}

static int read_der(pb_document *d, pb_bytes der, size_t length)
{
	static OSSL_LIB_CTX *context; /* kept: making one costs more than reading a certificate */
	reader r = {.d = d};
	const unsigned char *p = der.data;
	bool good;

	ERR_clear_error();
	if (context == NULL)
		context = OSSL_LIB_CTX_new();
	r.x = context != NULL ? X509_new_ex(context, NULL) : NULL;
	if (r.x == NULL)
		return ERR_clear_error(), pb_document_no_memory(d);
	good = d2i_X509(&r.x, &p, (long)der.size) != NULL; /* frees it, and sets it to NULL, where it fails */
	good = good && add_all(&r, der, length);
	X509_free(r.x);
	if (ran_out())
		return pb_document_no_memory(d);
	return good ? 0 : pb_document_fail(d, "not a certificate");
}

int pb_certificate_read(pb_document *d, pb_bytes text, unsigned flags)
{
	static const char kind[] = "CERTIFICATE";
	uint8_t *body;
	pb_armour armour;
	pb_der e;
	const char *why;
	int rc;

	(void)flags;
	if (!pb_armour_begins(text)) {
		why = pb_der_read(text, 0, &e);
		if (why == NULL && (e.class != PB_DER_UNIVERSAL || e.tag != PB_DER_SEQUENCE || !e.constructed))
			why = "neither DER nor a PEM block";
		if (why != NULL)
			return pb_document_fail(d, "%s", why);
		return read_der(d, pb_slice(text, 0, e.header + e.length), e.header + e.length);
	}
	body = malloc(text.size);
	if (body == NULL)
		return pb_document_no_memory(d);
	if (!pb_armour_read(text, body, &armour))
		rc = pb_document_fail(d, "a PEM block that does not decode");
	else if (armour.kind_length < sizeof kind - 1 ||
	         memcmp(armour.kind + armour.kind_length - (sizeof kind - 1), kind, sizeof kind - 1) != 0)
		rc = pb_document_fail(d, "a PEM block of another kind: %.*s", (int)armour.kind_length, armour.kind);
	else
		rc = read_der(d, (pb_bytes){body, armour.size}, armour.length);
	free(body);
	return rc;
}
