#include "base/hash.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct pb_sha256 {
	EVP_MD_CTX *ctx; /* NULL once a step failed */
};

static struct digest {
	const char *name;
	const EVP_MD *(*md)(void);
	const EVP_MD *fetched;
} digests[] = {
    {"md5", EVP_md5, NULL},       {"sha1", EVP_sha1, NULL},     {"sha256", EVP_sha256, NULL},
    {"sha384", EVP_sha384, NULL}, {"sha512", EVP_sha512, NULL}, {"blake2b", EVP_blake2b512, NULL},
};

/* libcrypto looks for who provides a digest each time it is used, which costs more than the digest of a short text. Found
 * once, they are kept to the end of the process. Where one cannot be had now, it is looked for each time. */
static void fetch(void)
{
	for (size_t i = 0; i < sizeof digests / sizeof digests[0]; i++) {
		digests[i].fetched = EVP_MD_fetch(NULL, EVP_MD_get0_name(digests[i].md()), NULL);
		if (digests[i].fetched == NULL)
			digests[i].fetched = digests[i].md();
	}
}

static const EVP_MD *digest_of(const char *name)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, fetch);
	for (size_t i = 0; i < sizeof digests / sizeof digests[0]; i++)
		if (strcmp(digests[i].name, name) == 0)
			return digests[i].fetched;
	return NULL;
}

static void to_hex(const uint8_t *raw, size_t n, char *hex)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		hex[2 * i] = digits[raw[i] >> 4];
		hex[2 * i + 1] = digits[raw[i] & 15];
	}
	hex[2 * n] = '\0';
}

size_t pb_hash_raw(const char *name, pb_bytes b, uint8_t out[64])
{
	const EVP_MD *md = digest_of(name);
	unsigned n = 0;

	const void *data = b.size > 0 ? b.data : (const void *)"";

	if (md == NULL || EVP_MD_size(md) > 64 || !EVP_Digest(data, b.size, out, &n, md, NULL))
		return 0;
	return n;
}

size_t pb_hash_pieces(const char *name, const pb_bytes *pieces, size_t n, uint8_t out[64])
{
	const EVP_MD *md = digest_of(name);
	EVP_MD_CTX *ctx = md != NULL && EVP_MD_size(md) <= 64 ? EVP_MD_CTX_new() : NULL;
	bool fine = ctx != NULL && EVP_DigestInit_ex(ctx, md, NULL);
	unsigned size = 0;

	for (size_t i = 0; i < n && fine; i++)
		fine = pieces[i].size == 0 || EVP_DigestUpdate(ctx, pieces[i].data, pieces[i].size);
	fine = fine && EVP_DigestFinal_ex(ctx, out, &size);
	EVP_MD_CTX_free(ctx);
	return fine ? size : 0;
}

bool pb_hash_hex(const char *name, pb_bytes b, char hex[PB_HEX_MAX])
{
	uint8_t raw[64];
	size_t n = pb_hash_raw(name, b, raw);

	to_hex(raw, n, hex);
	return n > 0;
}

pb_sha256 *pb_sha256_new(void)
{
	pb_sha256 *h = calloc(1, sizeof *h);

	if (h == NULL)
		return NULL;
	h->ctx = EVP_MD_CTX_new();
	if (h->ctx == NULL || !EVP_DigestInit_ex(h->ctx, digest_of("sha256"), NULL)) {
		pb_sha256_drop(h);
		return NULL;
	}
	return h;
}

void pb_sha256_add(pb_sha256 *h, const void *data, size_t n)
{
	if (n > 0 && h->ctx != NULL && !EVP_DigestUpdate(h->ctx, data, n)) {
		EVP_MD_CTX_free(h->ctx);
		h->ctx = NULL;
	}
}

void pb_sha256_hex(pb_sha256 *h, char hex[65])
{
	uint8_t raw[EVP_MAX_MD_SIZE] = {0};
	unsigned n = 0;

	hex[0] = '\0';
	if (h->ctx != NULL && EVP_DigestFinal_ex(h->ctx, raw, &n) && n == 32)
		to_hex(raw, n, hex);
	pb_sha256_drop(h);
}

void pb_sha256_drop(pb_sha256 *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->ctx);
	free(h);
}

bool pb_sha256_of(pb_bytes b, char hex[65])
{
	char all[PB_HEX_MAX];
	if (!pb_hash_hex("sha256", b, all)) {
		hex[0] = '\0';
		return false;
	}
	memcpy(hex, all, 65);
	return true;
}
