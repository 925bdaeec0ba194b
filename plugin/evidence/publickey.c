#include "evidence/publickey.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/date.h"
#include "base/hash.h"
#include "base/x509.h"

enum { TEXT_MAX = 64 << 10, DER_MAX = 16 << 10, RSA_LEAST = 2048, RSA_MOST = 8192, DAY = 86400 };

typedef enum kind { ED25519, P256, P384, RSA_KEY, KINDS } kind;

static const char *const names[KINDS] = {"Ed25519", "ECDSA P-256", "ECDSA P-384", "RSA"};

struct pb_verifier {
	EVP_PKEY *key;
	kind of;
	int64_t from, until;
	char print[PB_VERIFIER_PRINT], certificate[PB_VERIFIER_PRINT];
	pb_buf der; /* of the certificate */
	bool ca;
};

/* Which of our kinds it is; KINDS: none. */
static kind kind_of(EVP_PKEY *key)
{
	char group[40] = "";
	int bits = EVP_PKEY_get_bits(key);

	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_ED25519:
		return ED25519;
	case EVP_PKEY_EC:
		if (!EVP_PKEY_get_group_name(key, group, sizeof group, NULL))
			return KINDS;
		return strcmp(group, "prime256v1") == 0 || strcmp(group, "P-256") == 0 ? P256 :
		       strcmp(group, "secp384r1") == 0 || strcmp(group, "P-384") == 0  ? P384 :
		                                                                         KINDS;
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
		return bits >= RSA_LEAST && bits <= RSA_MOST ? RSA_KEY : KINDS;
	default:
		return KINDS;
	}
}

static bool print_of(EVP_PKEY *key, char out[PB_VERIFIER_PRINT])
{
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(key, &der);
	bool fine = n > 0 && pb_sha256_of((pb_bytes){der, (size_t)n}, out);

	OPENSSL_free(der);
	return fine;
}

/* Takes key over. */
static int finish(EVP_PKEY *key, pb_verifier **out, pb_error *err)
{
	kind of = kind_of(key);
	pb_verifier *v = of == KINDS ? NULL : calloc(1, sizeof *v);

	if (v == NULL || !print_of(key, v->print)) {
		free(v);
		EVP_PKEY_free(key);
		return of == KINDS ? pb_fail(err, PB_EINPUT, "a key of another kind than Ed25519, ECDSA P-256 or P-384, RSA of %d to %d bits", RSA_LEAST,
		                             RSA_MOST) :
		                     pb_fail(err, PB_ENOMEM, "out of memory");
	}
	v->key = key;
	v->of = of;
	v->from = INT64_MIN;
	v->until = INT64_MAX;
	*out = v;
	return PB_OK;
}

/* The day of a certificate's time; otherwise where it has none. */
static int64_t day_of(const ASN1_TIME *time, int64_t otherwise)
{
	struct tm tm;
	char text[16];
	int64_t day;

	if (time == NULL || !ASN1_TIME_to_tm(time, &tm))
		return otherwise;
	(void)snprintf(text, sizeof text, "%04d-%02d-%02d", (tm.tm_year + 1900) % 10000, (tm.tm_mon + 1) % 100, tm.tm_mday % 100);
	return pb_date_parse(text, &day) ? day : otherwise;
}

static int of_certificate(const unsigned char *der, long size, pb_verifier **out, pb_error *err)
{
	const unsigned char *at = der;
	X509 *x = d2i_X509(NULL, &at, size);
	EVP_PKEY *key = x != NULL && at == der + size ? X509_get_pubkey(x) : NULL;
	int rc = key != NULL ? finish(key, out, err) : pb_fail(err, PB_EINPUT, "a broken certificate");

	if (rc == PB_OK) {
		(*out)->from = day_of(X509_get0_notBefore(x), INT64_MAX);
		(*out)->until = day_of(X509_get0_notAfter(x), INT64_MIN);
		(*out)->ca = X509_check_ca(x) == 1;
		if (!pb_sha256_of((pb_bytes){der, (size_t)size}, (*out)->certificate) || pb_buf_add(&(*out)->der, der, (size_t)size) != PB_OK) {
			pb_verifier_free(*out);
			*out = NULL;
			rc = pb_fail(err, PB_ENOMEM, "out of memory");
		}
	}
	X509_free(x);
	return rc;
}

static int of_key(const unsigned char *der, long size, pb_verifier **out, pb_error *err)
{
	const unsigned char *at = der;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &at, size);

	if (key != NULL && at == der + size)
		return finish(key, out, err);
	EVP_PKEY_free(key);
	return pb_fail(err, PB_EINPUT, "a broken public key");
}

/* The first PEM block, which must be the only one. */
static int of_pem(pb_bytes text, pb_verifier **out, pb_error *err)
{
	BIO *in = BIO_new_mem_buf(text.data, (int)text.size);
	char *name = NULL, *header = NULL, *more_name = NULL, *more_header = NULL;
	unsigned char *der = NULL, *more = NULL;
	long size = 0, more_size = 0;
	int rc;

	if (in == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	if (!PEM_read_bio(in, &name, &header, &der, &size) || size <= 0 || size > DER_MAX)
		rc = pb_fail(err, PB_EINPUT, "neither a public key nor a certificate in PEM");
	else if (PEM_read_bio(in, &more_name, &more_header, &more, &more_size))
		rc = pb_fail(err, PB_EINPUT, "more than one key or certificate in one file");
	else if (strcmp(name, "CERTIFICATE") == 0)
		rc = of_certificate(der, size, out, err);
	else if (strcmp(name, "PUBLIC KEY") == 0)
		rc = of_key(der, size, out, err);
	else
		rc = pb_fail(err, PB_EINPUT, strstr(name, "PRIVATE") != NULL ? "a secret key: name the file of the public one" :
		                                                                "neither a \"PUBLIC KEY\" nor a \"CERTIFICATE\" in PEM");
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(der);
	OPENSSL_free(more_name);
	OPENSSL_free(more_header);
	OPENSSL_free(more);
	BIO_free(in);
	return rc;
}

int pb_verifier_open(pb_bytes text, pb_verifier **out, pb_error *err)
{
	*out = NULL;
	if (text.size == 0 || text.size > TEXT_MAX)
		return pb_fail(err, PB_EINPUT, "neither a public key nor a certificate in PEM");
	return text.data[0] == 0x30 ? of_key(text.data, (long)text.size, out, err) : of_pem(text, out, err);
}

int pb_verifier_of_certificate(pb_bytes der, pb_verifier **out, pb_error *err)
{
	*out = NULL;
	if (der.size == 0 || der.size > DER_MAX)
		return pb_fail(err, PB_EINPUT, "a certificate of more than %d bytes, or none", DER_MAX);
	return of_certificate(der.data, (long)der.size, out, err);
}

int pb_verifier_of_minisign(const pb_public_key *key, pb_verifier **out, pb_error *err)
{
	EVP_PKEY *raw = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->key, sizeof key->key);

	*out = NULL;
	return raw != NULL ? finish(raw, out, err) : pb_fail(err, PB_EINPUT, "no Ed25519 key");
}

void pb_verifier_free(pb_verifier *v)
{
	if (v == NULL)
		return;
	EVP_PKEY_free(v->key);
	pb_buf_free(&v->der);
	free(v);
}

const char *pb_verifier_print(const pb_verifier *v)
{
	return v->print;
}

const char *pb_verifier_certificate(const pb_verifier *v)
{
	return v->certificate;
}

pb_bytes pb_verifier_der(const pb_verifier *v)
{
	return (pb_bytes){v->der.data, v->der.size};
}

bool pb_verifier_ca(const pb_verifier *v)
{
	return v->ca;
}

void pb_verifier_days(const pb_verifier *v, int64_t *from, int64_t *until)
{
	*from = v->from;
	*until = v->until;
}

const char *pb_verifier_kind(const pb_verifier *v)
{
	return names[v->of];
}

static bool holds_with(const pb_verifier *v, const EVP_MD *md, int padding, pb_bytes message, pb_bytes signature)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *key = NULL;
	bool fine = ctx != NULL && EVP_DigestVerifyInit(ctx, &key, md, NULL, v->key) == 1;

	if (fine && padding != 0)
		fine = EVP_PKEY_CTX_set_rsa_padding(key, padding) == 1;
	if (fine && padding == RSA_PKCS1_PSS_PADDING)
		fine = EVP_PKEY_CTX_set_rsa_pss_saltlen(key, RSA_PSS_SALTLEN_AUTO) == 1;
	fine = fine && EVP_DigestVerify(ctx, signature.data, signature.size, message.size > 0 ? message.data : (const uint8_t *)"",
	                                message.size) == 1;
	EVP_MD_CTX_free(ctx);
	return fine;
}

bool pb_verifier_holds(const pb_verifier *v, pb_bytes message, pb_bytes signature)
{
	if (signature.size == 0)
		return false;
	switch (v->of) {
	case ED25519:
		return signature.size == 64 && holds_with(v, NULL, 0, message, signature);
	case P384:
		if (holds_with(v, EVP_sha384(), 0, message, signature))
			return true;
		return holds_with(v, EVP_sha256(), 0, message, signature);
	case P256:
		return holds_with(v, EVP_sha256(), 0, message, signature);
	default:
		if (signature.size != (size_t)EVP_PKEY_get_size(v->key))
			return false;
		return holds_with(v, EVP_sha256(), RSA_PKCS1_PADDING, message, signature) ||
		       holds_with(v, EVP_sha512(), RSA_PKCS1_PADDING, message, signature) ||
		       holds_with(v, EVP_sha256(), RSA_PKCS1_PSS_PADDING, message, signature) ||
		       holds_with(v, EVP_sha512(), RSA_PKCS1_PSS_PADDING, message, signature);
	}
}

int pb_verifier_pem(const pb_verifier *v, pb_buf *out)
{
	BIO *to = BIO_new(BIO_s_mem());
	char *data = NULL;
	long n = to != NULL && PEM_write_bio_PUBKEY(to, v->key) ? BIO_get_mem_data(to, &data) : 0;
	int rc = n > 0 ? pb_buf_add(out, data, (size_t)n) : PB_ENOMEM;

	BIO_free(to);
	return rc;
}

/* A key of which nobody keeps the secret half. */
void pb_verifier_warm(void)
{
	static const char key[] = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
	static const uint8_t nothing[64];
	pb_verifier *v = NULL;

	if (pb_verifier_open((pb_bytes){(const uint8_t *)key, sizeof key - 1}, &v, NULL) == PB_OK)
		(void)pb_verifier_holds(v, (pb_bytes){NULL, 0}, (pb_bytes){nothing, sizeof nothing});
	pb_verifier_free(v);
}
