/* libcrypto's PKCS #7: the one file that sees it. A library context of our own: it reads no configuration, and opens
 * nothing. */
#include "base/pkcs7.h"

#include <openssl/pkcs7.h>
#include <openssl/x509_vfy.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"

static OSSL_LIB_CTX *context;

static void make_context(void)
{
	context = OSSL_LIB_CTX_new(); /* kept to the end of the process; NULL: no memory, and nothing is a signature then */
}

static void digest_name(const X509_ALGOR *a, char out[12])
{
	static const struct {
		int nid;
		const char *name;
	} names[] = {
	    {NID_md5, "md5"}, {NID_sha1, "sha1"}, {NID_sha256, "sha256"}, {NID_sha384, "sha384"}, {NID_sha512, "sha512"}};
	const ASN1_OBJECT *o = NULL;

	out[0] = '\0';
	X509_ALGOR_get0(&o, NULL, NULL, a);
	for (size_t i = 0; o != NULL && i < sizeof names / sizeof names[0]; i++)
		if (OBJ_obj2nid(o) == names[i].nid)
			(void)snprintf(out, 12, "%s", names[i].name);
}

static void take_value(const ASN1_OCTET_STRING *s, pb_pkcs7 *out)
{
	int n = s != NULL ? ASN1_STRING_length(s) : 0;

	if (n <= 0 || (size_t)n > sizeof out->value)
		return;
	memcpy(out->value, ASN1_STRING_get0_data(s), (size_t)n);
	out->value_size = (size_t)n;
}

/* One name of a certificate: its common name, or what it is given as instead. */
static void take_name(const X509_NAME *name, int nid, int otherwise, char out[PB_PKCS7_TEXT])
{
	int at = X509_NAME_get_index_by_NID(name, nid, -1), n;
	unsigned char *text = NULL;

	out[0] = '\0';
	if (at < 0 && otherwise != NID_undef)
		at = X509_NAME_get_index_by_NID(name, otherwise, -1);
	if (at < 0)
		return;
	n = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (n < 0)
		return;
	(void)snprintf(out, PB_PKCS7_TEXT, "%.*s", n, (const char *)text); /* up to a NUL byte, if there is one */
	OPENSSL_free(text);
}

static int64_t days_of(const ASN1_TIME *t)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;
	bool fine = epoch != NULL && ASN1_TIME_diff(&days, &seconds, epoch, t);

	ASN1_TIME_free(epoch);
	return fine ? days : INT64_MIN;
}

static void take_certificate(X509 *x, pb_pkcs7 *out)
{
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);

	take_name(X509_get_subject_name(x), NID_commonName, NID_organizationName, out->subject);
	take_name(X509_get_subject_name(x), NID_organizationName, NID_undef, out->organisation);
	take_name(X509_get_issuer_name(x), NID_commonName, NID_organizationName, out->issuer);
	out->not_before = days_of(X509_get0_notBefore(x));
	out->not_after = days_of(X509_get0_notAfter(x));
	out->self_signed = X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x)) == 0;
	if (n > 0)
		(void)pb_sha256_of((pb_bytes){der, (size_t)n}, out->fingerprint);
	OPENSSL_free(der);
}

/* SpcIndirectDataContent: SEQUENCE { what it is, DigestInfo }. The digest of the image is in the DigestInfo. */
static bool take_image(const ASN1_STRING *sequence, pb_bytes *content, pb_pkcs7 *out)
{
	const unsigned char *p = ASN1_STRING_get0_data(sequence), *end = p + ASN1_STRING_length(sequence);
	const X509_ALGOR *algorithm = NULL;
	const ASN1_OCTET_STRING *value = NULL;
	X509_SIG *info;
	long length;
	int tag, class;

	if ((ASN1_get_object(&p, &length, &tag, &class, end - p) & 0x80) || tag != V_ASN1_SEQUENCE)
		return false;
	end = p + length;
	*content = (pb_bytes){p, (size_t)length}; /* what is signed: the content of the SEQUENCE */
	if ((ASN1_get_object(&p, &length, &tag, &class, end - p) & 0x80) || tag != V_ASN1_SEQUENCE)
		return false;
	p += length;
	info = d2i_X509_SIG(NULL, &p, end - p);
	if (info == NULL)
		return false;
	X509_SIG_get0(info, &algorithm, &value);
	digest_name(algorithm, out->digest);
	take_value(value, out);
	X509_SIG_free(info);
	out->image = true;
	return true;
}

static bool is_oid(const ASN1_OBJECT *o, const char *dotted)
{
	char text[80];

	return OBJ_obj2txt(text, sizeof text, o, 1) > 0 && strcmp(text, dotted) == 0;
}

/* What stands among the attributes that nobody signed. */
static void take_unsigned(const PKCS7_SIGNER_INFO *si, pb_pkcs7 *out)
{
	for (int i = 0; i < sk_X509_ATTRIBUTE_num(si->unauth_attr); i++) {
		X509_ATTRIBUTE *a = sk_X509_ATTRIBUTE_value(si->unauth_attr, i);
		const ASN1_OBJECT *o = X509_ATTRIBUTE_get0_object(a);
		bool time = is_oid(o, "1.2.840.113549.1.9.6") || is_oid(o, "1.3.6.1.4.1.311.3.3.1") ||
	            is_oid(o, "1.2.840.113549.1.9.16.2.14");
		int n = time || is_oid(o, "1.3.6.1.4.1.311.2.4.1") ? 0 : i2d_X509_ATTRIBUTE(a, NULL);

		out->timestamped |= time;
		out->unsigned_size += n > 0 ? (size_t)n : 0;
	}
}

/* Was it signed with the key of its own certificate? -1 where that cannot be told: the content is not here, or an algorithm
 * is unknown. By the parts of PKCS7_verify, which loses memory where a digest is unknown (3.0). */
static int verify(PKCS7 *p7, PKCS7_SIGNER_INFO *si, X509 *x, pb_bytes content)
{
	BIO *in = content.size > 0 && content.size <= INT32_MAX ? BIO_new_mem_buf(content.data, (int)content.size) : NULL;
	BIO *chain = in != NULL ? PKCS7_dataInit(p7, in) : NULL;
	uint8_t passed[4096];
	int ok = -1;

	if (chain != NULL) {
		while (BIO_read(chain, passed, sizeof passed) > 0)
			continue;
		ok = PKCS7_signatureVerify(chain, p7, si, x) == 1;
	}
	BIO_free_all(chain != NULL ? chain : in); /* the chain ends in it */
	return ok;
}

/* TSTInfo of a time stamp. */
static const ASN1_OCTET_STRING *info_of(const PKCS7 *inner)
{
	const ASN1_TYPE *t = is_oid(inner->type, "1.2.840.113549.1.9.16.1.4") ? inner->d.other : NULL;

	return t != NULL && t->type == V_ASN1_OCTET_STRING ? t->value.octet_string : NULL;
}

static bool take_signature(PKCS7 *p7, pb_bytes content, pb_pkcs7 *out)
{
	PKCS7 *inner = PKCS7_type_is_signed(p7) && p7->d.sign != NULL ? p7->d.sign->contents : NULL;
	PKCS7_SIGNER_INFO *si = inner != NULL ? sk_PKCS7_SIGNER_INFO_value(p7->d.sign->signer_info, 0) : NULL;
	X509 *x;

	if (si == NULL)
		return false;
	out->apart = content.size > 0;
	if (is_oid(inner->type, "1.3.6.1.4.1.311.2.1.4")) {
		if (inner->d.other == NULL || inner->d.other->type != V_ASN1_SEQUENCE ||
		    !take_image(inner->d.other->value.sequence, &content, out))
			return false;
		out->apart = false;
	} else {
		const ASN1_OCTET_STRING *info = info_of(inner);

		if (info != NULL) {
			content = (pb_bytes){ASN1_STRING_get0_data(info), (size_t)ASN1_STRING_length(info)};
			out->apart = false;
		}
		digest_name(si->digest_alg, out->digest);
		take_value(PKCS7_digest_from_attributes(si->auth_attr), out);
		if (PKCS7_type_is_data(inner) && inner->d.data != NULL) { /* it holds its content itself */
			pb_bytes own = {ASN1_STRING_get0_data(inner->d.data), (size_t)ASN1_STRING_length(inner->d.data)};

			out->apart = own.size > 0 && own.size == content.size && memcmp(own.data, content.data, own.size) == 0;
			content = own;
		}
	}
	take_unsigned(si, out);
	x = PKCS7_cert_from_signer_info(p7, si);
	if (x != NULL)
		take_certificate(x, out);
	out->verified = x != NULL ? verify(p7, si, x, content) : -1;
	return true;
}

/* NULL: it is none. *size: how many bytes it has. */
static PKCS7 *parse(pb_bytes der, size_t *size)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const unsigned char *p = der.data;
	PKCS7 *p7;

	(void)pthread_once(&once, make_context);
	if (der.size == 0 || der.size > PB_PKCS7_MAX || context == NULL || (p7 = PKCS7_new_ex(context, NULL)) == NULL)
		return NULL;
	if (d2i_PKCS7(&p7, &p, (long)der.size) == NULL) {
		PKCS7_free(p7); /* NULL, where libcrypto has let it go */
		return NULL;
	}
	*size = (size_t)(p - der.data);
	return p7;
}

bool pb_pkcs7_read(pb_bytes der, pb_bytes content, pb_pkcs7 *out)
{
	PKCS7 *p7;
	size_t size;
	bool fine;

	memset(out, 0, sizeof *out);
	out->not_before = out->not_after = INT64_MIN;
	p7 = parse(der, &size);
	if (p7 == NULL)
		return false;
	fine = take_signature(p7, content, out);
	PKCS7_free(p7);
	if (fine)
		out->size = size;
	return fine;
}

static int add_certificate(X509 *x, pb_buf *out, size_t sizes[PB_PKCS7_CERTIFICATES], size_t *n)
{
	unsigned char *der = NULL;
	int size = i2d_X509(x, &der), rc = PB_ELIMIT;

	if (size > 0 && size <= PB_PKCS7_CERTIFICATE && *n < PB_PKCS7_CERTIFICATES) {
		rc = pb_buf_add(out, der, (size_t)size);
		sizes[(*n)++] = (size_t)size;
	}
	OPENSSL_free(der);
	return rc;
}

int pb_pkcs7_certificates(pb_bytes der, pb_buf *out, size_t sizes[PB_PKCS7_CERTIFICATES], size_t *n)
{
	size_t size;
	PKCS7 *p7 = parse(der, &size);
	PKCS7_SIGNED *is = p7 != NULL && PKCS7_type_is_signed(p7) ? p7->d.sign : NULL;
	PKCS7_SIGNER_INFO *si = is != NULL ? sk_PKCS7_SIGNER_INFO_value(is->signer_info, 0) : NULL;
	X509 *signer = si != NULL ? PKCS7_cert_from_signer_info(p7, si) : NULL;
	int rc = PB_EINPUT;

	*n = 0;
	if (signer != NULL)
		rc = add_certificate(signer, out, sizes, n);
	for (int i = 0; rc == PB_OK && i < sk_X509_num(is->cert); i++)
		if (sk_X509_value(is->cert, i) != signer)
			rc = add_certificate(sk_X509_value(is->cert, i), out, sizes, n);
	PKCS7_free(p7);
	return rc;
}

int pb_pkcs7_token(pb_bytes der, pb_buf *token, pb_buf *value)
{
	size_t size;
	PKCS7 *p7 = parse(der, &size);
	PKCS7_SIGNED *is = p7 != NULL && PKCS7_type_is_signed(p7) ? p7->d.sign : NULL;
	PKCS7_SIGNER_INFO *si = is != NULL ? sk_PKCS7_SIGNER_INFO_value(is->signer_info, 0) : NULL;
	int rc = PB_EINPUT;

	for (int i = 0; si != NULL && si->enc_digest != NULL && i < sk_X509_ATTRIBUTE_num(si->unauth_attr) && rc == PB_EINPUT; i++) {
		X509_ATTRIBUTE *a = sk_X509_ATTRIBUTE_value(si->unauth_attr, i);
		const ASN1_OBJECT *o = X509_ATTRIBUTE_get0_object(a);
		const ASN1_TYPE *t = X509_ATTRIBUTE_count(a) == 1 ? X509_ATTRIBUTE_get0_type(a, 0) : NULL;

		if (t == NULL || t->type != V_ASN1_SEQUENCE || (!is_oid(o, "1.3.6.1.4.1.311.3.3.1") && !is_oid(o, "1.2.840.113549.1.9.16.2.14")))
			continue;
		rc = pb_buf_add(token, ASN1_STRING_get0_data(t->value.sequence), (size_t)ASN1_STRING_length(t->value.sequence));
		if (rc == PB_OK)
			rc = pb_buf_add(value, ASN1_STRING_get0_data(si->enc_digest), (size_t)ASN1_STRING_length(si->enc_digest));
	}
	PKCS7_free(p7);
	return rc;
}

int pb_pkcs7_token_info(pb_bytes der, pb_buf *out)
{
	size_t size;
	PKCS7 *p7 = parse(der, &size);
	const PKCS7 *inner = p7 != NULL && PKCS7_type_is_signed(p7) && p7->d.sign != NULL ? p7->d.sign->contents : NULL;
	const ASN1_OCTET_STRING *info = inner != NULL ? info_of(inner) : NULL;
	int rc = info != NULL ? pb_buf_add(out, ASN1_STRING_get0_data(info), (size_t)ASN1_STRING_length(info)) : PB_EINPUT;

	PKCS7_free(p7);
	return rc;
}
