/* PKCS #7 signatures, through libcrypto: what the signature of a program, an archive or a package says, whom its
 * certificate names, and whether it was made with that certificate's key. No chain is followed and nothing is trusted: that
 * somebody signed is found here, not whether that somebody may. */
#ifndef PROBITY_BASE_PKCS7_H
#define PROBITY_BASE_PKCS7_H

#include "base/buf.h"

enum {
	PB_PKCS7_TEXT = 256,
	PB_PKCS7_MAX = 4 << 20,
	PB_PKCS7_CERTIFICATES = 16,      /* that are taken out of one structure, */
	PB_PKCS7_CERTIFICATE = 16 << 10 /* and bytes of each */
};

typedef struct pb_pkcs7 {
	size_t size;       /* bytes of the structure; what stands behind them is not part of it */
	char digest[12];   /* as pb_hash_raw spells it; "" where it is none of these */
	uint8_t value[64]; /* the digest that was signed: of the image (Authenticode), else of the content (messageDigest) */
	size_t value_size; /* 0: there is none */
	bool image;        /* Authenticode: SpcIndirectDataContent */
	int verified;      /* 1: signed with the key of its certificate; 0: not; -1: that cannot be told from the bytes here */
	bool apart;        /* what was signed is the content that the caller gave: neither other content of its own nor the digest of an image */
	bool timestamped;  /* there is a countersignature; nobody verified it */
	bool self_signed;  /* subject and issuer are equal */
	/* Of the signer's certificate, raw UTF-8, "" where it says nothing; days since 1970, INT64_MIN where broken. */
	char subject[PB_PKCS7_TEXT], organisation[PB_PKCS7_TEXT], issuer[PB_PKCS7_TEXT];
	int64_t not_before, not_after;
	char fingerprint[65]; /* SHA-256 of the certificate; "": it is not there */
	size_t unsigned_size; /* bytes of attributes that no signature covers, countersignatures apart */
} pb_pkcs7;

/* der: the structure at its beginning, of at most PB_PKCS7_MAX bytes. content: the bytes that were signed apart from it
 * (detached), or {NULL, 0}: they are not here. false: it is no PKCS #7 signature with a signer. */
bool pb_pkcs7_read(pb_bytes der, pb_bytes content, pb_pkcs7 *out);

/* Its certificates as DER, one behind the other, added to out; sizes: of each, the first one the signer's. 0; PB_EINPUT: it is no signature, or has
 * not its signer's certificate; PB_ELIMIT: more or larger ones than are taken; PB_ENOMEM. */
int pb_pkcs7_certificates(pb_bytes der, pb_buf *out, size_t sizes[PB_PKCS7_CERTIFICATES], size_t *n);

/* Its countersignature of RFC 3161 (nobody verified it), added to token, and the value of the signature that it is over, to value. 0; PB_EINPUT: there is
 * none; PB_ENOMEM. */
int pb_pkcs7_token(pb_bytes der, pb_buf *token, pb_buf *value);
/* What a token says, if der is one: its TSTInfo, added to out. 0; PB_EINPUT; PB_ENOMEM. */
int pb_pkcs7_token_info(pb_bytes der, pb_buf *out);

#endif
