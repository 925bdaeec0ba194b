/* Who signed these bytes? Ed25519 in minisign's files, through libsodium: what minisign signed is verified here, and the other way round.
 * Bytes in memory only; reading and keeping files is the caller's. */
#ifndef PROBITY_BASE_SIGNATURE_H
#define PROBITY_BASE_SIGNATURE_H

#include "base/buf.h"
#include "base/error.h"

enum {
	PB_KEY_ID = 17,           /* of a key's id in capital hex digits, as minisign shows it, and its NUL */
	PB_KEY_FILE_MAX = 8192,   /* bytes of a key's or signature's file: whoever reads one bounds it by this */
	PB_SIGNATURE_COMMENT = 1024 /* bytes of a comment */
};

typedef struct pb_public_key {
	uint8_t id[8], key[32];
} pb_public_key;

typedef struct pb_secret_key {
	uint8_t id[8], key[64]; /* pb_secret_key_wipe when it is done with */
} pb_secret_key;

typedef struct pb_signature {
	uint8_t id[8];           /* of the key that it says it was made with */
	uint8_t bytes[64], global[64];
	char trusted[PB_SIGNATURE_COMMENT + 1]; /* covered by the signature, but text from outside: escape it */
} pb_signature;

/* "9A2B..." of 8 bytes of id. */
const char *pb_key_id_text(const uint8_t id[8], char out[PB_KEY_ID]);

/* A public key's file, or its base64 alone. 0, or PB_EINPUT: err says what is wrong, without a place. */
int pb_public_key_parse(pb_bytes text, pb_public_key *out, pb_error *err);
/* Its file, added to out. 0 or PB_ENOMEM. */
int pb_public_key_text(const pb_public_key *key, pb_buf *out);
/* Its base64, as minisign -P takes it. */
void pb_public_key_base64(const pb_public_key *key, char out[57]);

int pb_secret_key_new(pb_secret_key *out, pb_error *err);
void pb_secret_key_wipe(pb_secret_key *key);
void pb_secret_key_public(const pb_secret_key *key, pb_public_key *out);
/* Is a password needed? Of a secret key's file; false also where it is none. */
bool pb_secret_key_locked(pb_bytes text);
/* password: NULL: none. It takes seconds and up to 1 GiB of memory to try one. 0; PB_EINPUT: no such file, wrong password;
 * PB_ELIMIT: it asks for more than minisign ever does; PB_ENOMEM. */
int pb_secret_key_parse(pb_bytes text, const char *password, pb_secret_key *out, pb_error *err);
/* Its file, added to out; password NULL: kept in the clear. 0, PB_ENOMEM. */
int pb_secret_key_text(const pb_secret_key *key, const char *password, pb_buf *out, pb_error *err);

/* A signature's file, added to out. trusted: a comment of one line that is signed as well. 0, PB_EINPUT (a comment that is no line), PB_ENOMEM. */
int pb_sign(pb_bytes message, const pb_secret_key *key, const char *trusted, pb_buf *out, pb_error *err);

/* The bare Ed25519 signature of message, no digest between: what other programs than minisign verify. 0 or PB_EINTERNAL. */
int pb_sign_raw(pb_bytes message, const pb_secret_key *key, uint8_t out[64], pb_error *err);

int pb_signature_parse(pb_bytes text, pb_signature *out, pb_error *err); /* 0, or PB_EINPUT without a place */
/* 0; PB_EINPUT: another key's, other bytes, another comment. */
int pb_verify(pb_bytes message, const pb_signature *signature, const pb_public_key *key, pb_error *err);

#endif
