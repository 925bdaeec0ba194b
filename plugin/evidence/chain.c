/* X509_verify_cert over certificates that are all here, and what it does not ask. */
#include "evidence/chain.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "base/x509.h"

enum { DAY = 86400, NAMES_MAX = 32 };

static X509 *certificate(pb_bytes der)
{
	const unsigned char *at = der.data;
	X509 *x;

	if (der.size == 0 || der.size > PB_PKCS7_CERTIFICATE)
		return NULL;
	x = d2i_X509(NULL, &at, (long)der.size);
	if (x != NULL && at != der.data + der.size) {
		X509_free(x);
		return NULL;
	}
	return x;
}

static bool fail(char why[PB_CHAIN_WHY], const char *text)
{
	(void)snprintf(why, PB_CHAIN_WHY, "%s", text);
	return false;
}

/* May it be used for software and documents, or for times? What says nothing of its use may; but not for times, where it must. */
static bool right_use(X509 *x, bool stamps, bool leaf)
{
	uint32_t use = X509_get_extended_key_usage(x);

	if (stamps)
		return leaf ? use == XKU_TIMESTAMP : (use & (XKU_TIMESTAMP | XKU_ANYEKU)) != 0;
	return (use & (XKU_CODE_SIGN | XKU_SMIME | XKU_ANYEKU)) != 0;
}

/* What X509_verify_cert lets pass: CAs by other signs than basicConstraints, and uses. */
static bool each_fits(const STACK_OF(X509) *chain, bool stamps, char why[PB_CHAIN_WHY])
{
	for (int i = 0; i < sk_X509_num(chain); i++) {
		X509 *x = sk_X509_value(chain, i);

		if (i > 0 && X509_check_ca(x) != 1)
			return fail(why, "a certificate in its chain is not one of a CA");
		if (!right_use(x, stamps, i == 0))
			return fail(why, i > 0 ? "a CA in its chain is not for signatures of software or documents" :
			                         "its certificate is not for signatures of software or documents");
		if (i == 0 && (X509_get_key_usage(x) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
			return fail(why, "its certificate is not for signatures");
	}
	return true;
}

static bool leads(X509 *leaf, STACK_OF(X509) *others, X509_STORE *store, bool stamps, int64_t at, char why[PB_CHAIN_WHY])
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *param;
	bool fine = false;

	if (ctx == NULL || !X509_STORE_CTX_init(ctx, store, leaf, others)) {
		X509_STORE_CTX_free(ctx);
		return fail(why, "its chain cannot be looked at");
	}
	param = X509_STORE_CTX_get0_param(ctx);
	/* An intermediate that the administrator trusts is a root as good as any. */
	(void)X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
	(void)X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY);
	X509_VERIFY_PARAM_set_time(param, (time_t)at);
	X509_VERIFY_PARAM_set_depth(param, PB_CHAIN_DEPTH);
	X509_VERIFY_PARAM_set_auth_level(param, 2); /* 112 bits: no SHA-1, no RSA below 2048 */
	if (X509_verify_cert(ctx) == 1)
		fine = each_fits(X509_STORE_CTX_get0_chain(ctx), stamps, why);
	else
		(void)snprintf(why, PB_CHAIN_WHY, "its certificate does not lead to it: %s", X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx)));
	X509_STORE_CTX_free(ctx);
	return fine;
}

bool pb_chain_leads(const pb_chain *c, pb_bytes root, int64_t at, char why[PB_CHAIN_WHY])
{
	X509 *leaf = certificate(c->leaf), *ca = certificate(root);
	X509_STORE *store = X509_STORE_new();
	STACK_OF(X509) *others = sk_X509_new_null();
	bool fine = leaf != NULL && ca != NULL && store != NULL && others != NULL && X509_STORE_add_cert(store, ca) == 1;

	for (size_t i = 0; i < c->n && fine; i++) {
		X509 *x = certificate(c->others[i]);

		/* One that is broken is none; the chain may do without. */
		if (x != NULL && !sk_X509_push(others, x)) {
			X509_free(x);
			fine = false;
		}
	}
	fine = fine ? leads(leaf, others, store, c->stamps, at, why) : fail(why, "its certificate cannot be read");
	sk_X509_pop_free(others, X509_free);
	X509_STORE_free(store);
	X509_free(ca);
	X509_free(leaf);
	return fine;
}

static bool seconds_of(const ASN1_TIME *t, int64_t *out)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;
	bool fine = epoch != NULL && ASN1_TIME_diff(&days, &seconds, epoch, t);

	ASN1_TIME_free(epoch);
	*out = (int64_t)days * DAY + seconds;
	return fine;
}

bool pb_chain_leaf_valid(pb_bytes leaf, int64_t *from, int64_t *until)
{
	X509 *x = certificate(leaf);
	bool fine = x != NULL && seconds_of(X509_get0_notBefore(x), from) && seconds_of(X509_get0_notAfter(x), until);

	X509_free(x);
	return fine;
}

/* Text that could be taken for another (a NUL byte, a control character) is none. */
static void add_name(json_t *names, const unsigned char *text, int n)
{
	if (n <= 0 || n >= PB_CHAIN_NAME || json_array_size(names) >= NAMES_MAX || !pb_text_utf8(text, (size_t)n))
		return;
	for (int i = 0; i < n; i++)
		if (text[i] < 0x20 || text[i] == 0x7f)
			return;
	(void)json_array_append_new(names, json_stringn((const char *)text, (size_t)n));
}

static void add_subject(json_t *names, const X509_NAME *subject, int nid)
{
	int at = X509_NAME_get_index_by_NID(subject, nid, -1), n;
	unsigned char *text = NULL;

	if (at < 0)
		return;
	n = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
	add_name(names, text, n);
	OPENSSL_free(text);
}

static void add_alternatives(json_t *names, const X509 *x)
{
	GENERAL_NAMES *all = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(all); i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(all, i);

		if (g->type == GEN_URI || g->type == GEN_EMAIL || g->type == GEN_DNS)
			add_name(names, ASN1_STRING_get0_data(g->d.ia5), ASN1_STRING_length(g->d.ia5));
	}
	GENERAL_NAMES_free(all);
}

/* Fulcio's: .1.8 is a UTF8String, the older .1.1 the bare text. */
static void add_issuer(json_t *names, const X509 *x, const char *dotted, bool bare)
{
	ASN1_OBJECT *oid = OBJ_txt2obj(dotted, 1);
	int at = oid != NULL ? X509_get_ext_by_OBJ(x, oid, -1) : -1;
	const ASN1_OCTET_STRING *data = at >= 0 ? X509_EXTENSION_get_data(X509_get_ext(x, at)) : NULL;
	const unsigned char *p = data != NULL ? ASN1_STRING_get0_data(data) : NULL;
	int n = data != NULL ? ASN1_STRING_length(data) : 0;
	ASN1_UTF8STRING *text = p != NULL && !bare ? d2i_ASN1_UTF8STRING(NULL, &p, n) : NULL;

	if (text != NULL)
		add_name(names, ASN1_STRING_get0_data(text), ASN1_STRING_length(text));
	else if (p != NULL && bare)
		add_name(names, p, n);
	ASN1_UTF8STRING_free(text);
	ASN1_OBJECT_free(oid);
}

json_t *pb_chain_identity(pb_bytes leaf)
{
	X509 *x = certificate(leaf);
	json_t *names = json_array(), *subjects = json_array(), *issuers = json_array(), *out = NULL;

	if (x != NULL && names != NULL && subjects != NULL && issuers != NULL) {
		add_alternatives(names, x);
		add_subject(subjects, X509_get_subject_name(x), NID_commonName);
		add_subject(subjects, X509_get_subject_name(x), NID_organizationName);
		add_issuer(issuers, x, "1.3.6.1.4.1.57264.1.8", false);
		add_issuer(issuers, x, "1.3.6.1.4.1.57264.1.1", true);
		out = json_pack("{s:O,s:O,s:s}", "names", names, "subjects", subjects, "issuer",
		                json_array_size(issuers) > 0 ? json_string_value(json_array_get(issuers, 0)) : "");
	}
	json_decref(names);
	json_decref(subjects);
	json_decref(issuers);
	X509_free(x);
	return out;
}

int64_t pb_chain_end_of(int64_t day)
{
	return day * DAY + DAY - 1;
}
