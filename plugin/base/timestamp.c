/* libcrypto's time stamps: the one file that sees them. */
#include "base/timestamp.h"

#include <openssl/ts.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"

enum { DAY = 86400 };

static const char *digest_of(const X509_ALGOR *a)
{
	const ASN1_OBJECT *o = NULL;

	X509_ALGOR_get0(&o, NULL, NULL, a);
	switch (o != NULL ? OBJ_obj2nid(o) : NID_undef) {
	case NID_sha256:
		return "sha256";
	case NID_sha384:
		return "sha384";
	case NID_sha512:
		return "sha512";
	default:
		return NULL;
	}
}

static bool is_over(TS_TST_INFO *info, pb_bytes value)
{
	TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(info);
	const char *digest = imprint != NULL ? digest_of(TS_MSG_IMPRINT_get_algo(imprint)) : NULL;
	const ASN1_OCTET_STRING *said = digest != NULL ? TS_MSG_IMPRINT_get_msg(imprint) : NULL;
	uint8_t raw[64];
	size_t n = said != NULL ? pb_hash_raw(digest, value, raw) : 0;

	return n > 0 && (size_t)ASN1_STRING_length(said) == n && memcmp(ASN1_STRING_get0_data(said), raw, n) == 0;
}

static bool time_of(const TS_TST_INFO *info, int64_t *at)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;
	bool fine = epoch != NULL && ASN1_TIME_diff(&days, &seconds, epoch, TS_TST_INFO_get_time(info));

	ASN1_TIME_free(epoch);
	*at = (int64_t)days * DAY + seconds;
	return fine;
}

bool pb_timestamp_read(pb_bytes token, pb_bytes value, int64_t *at)
{
	pb_pkcs7 *p = calloc(1, sizeof *p);
	pb_buf text = {.max = PB_PKCS7_MAX};
	TS_TST_INFO *info = NULL;
	const unsigned char *from;
	bool fine = p != NULL && pb_pkcs7_token_info(token, &text) == PB_OK && pb_pkcs7_read(token, (pb_bytes){NULL, 0}, p) && p->verified == 1 &&
	            strcmp(p->digest, "md5") != 0 && strcmp(p->digest, "sha1") != 0;

	from = text.data;
	info = fine ? d2i_TS_TST_INFO(NULL, &from, (long)text.size) : NULL;
	fine = info != NULL && is_over(info, value) && time_of(info, at);
	TS_TST_INFO_free(info);
	pb_buf_free(&text);
	free(p);
	return fine;
}
