#include "keeper/results.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "findings/product.h"
#include "store/cache.h"
#include "wire/known.h"

enum {
	KEYS = 2000000,         /* of the table; what does not fit is mapped again */
	PRODUCT_MOST = 4 << 20, /* bytes of a product result; few are larger, and those are cheap to make beside what they are of */
	DIGEST = 32
};

struct pb_results {
	pb_cache *cache;
	pb_known *known;
	int table;
	char program[48]; /* this one, by size and time: another build may come to other product results */
};

static void add_key(void *user, const uint8_t key[16])
{
	pb_known_add(user, key);
}

/* A cache is worth a warning when it fails, never a failed assessment. */
static void do_without(pb_results *r, const pb_error *err)
{
	pb_warn("the cache of object results is not used: %s", err->text);
	pb_cache_close(r->cache);
	r->cache = NULL;
}

static void name_program(char *out, size_t size)
{
	struct stat st;
	if (stat("/proc/self/exe", &st) == 0)
		snprintf(out, size, "%lld %lld.%09ld", (long long)st.st_size, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

int pb_results_open(const char *file, const char *rules_digest, int64_t max_bytes, pb_results **out, pb_error *err)
{
	pb_error why = {0};
	pb_results *r = calloc(1, sizeof *r);
	if (!r)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	*out = r;
	r->table = -1;
	name_program(r->program, sizeof r->program);
	if (!file || !*file)
		return 0;
	if (pb_cache_open(file, rules_digest, max_bytes, &r->cache, &why)) {
		do_without(r, &why);
		return 0;
	}
	r->known = pb_known_create(KEYS, &r->table);
	if (!r->known) {
		pb_fail(&why, PB_EIO, "no shared memory: %s", strerror(errno));
		do_without(r, &why);
	} else if (pb_cache_keys(r->cache, add_key, r->known, &why)) {
		do_without(r, &why);
	}
	if (!r->cache) {
		pb_known_free(r->known);
		r->known = NULL;
		if (r->table >= 0)
			close(r->table);
		r->table = -1;
	}
	return 0;
}

void pb_results_close(pb_results *r)
{
	if (!r)
		return;
	pb_cache_close(r->cache);
	pb_known_free(r->known);
	if (r->table >= 0)
		close(r->table);
	free(r);
}

int pb_results_table(const pb_results *r)
{
	return r->table;
}

void pb_results_put(pb_results *r, const uint8_t key[16], const json_t *result)
{
	pb_error err = {0};
	if (!r->cache || json_object_size(json_object_get(result, "unknown")) > 0 || pb_known_has(r->known, key))
		return;
	char *text = json_dumps(result, JSON_COMPACT);
	if (!text)
		return;
	int rc = pb_cache_put(r->cache, PB_CACHE_OBJECTS, key, text, strlen(text), &err);
	free(text);
	if (rc) /* what is known so far stays readable; nothing more is added */
		pb_warn("the cache of object results takes nothing more: %s", err.text);
	else
		pb_known_add(r->known, key);
}

int pb_results_get(pb_results *r, const uint8_t key[16], pb_buf *out)
{
	if (!r->cache)
		return 0;
	if (pb_cache_get(r->cache, PB_CACHE_OBJECTS, key, out, NULL) == 1)
		return 1;
	/* Somebody damaged the file, or made it anew: whatever else was in it may be gone too, so workers look for themselves again. */
	if (r->known && pb_known_has(r->known, key)) {
		pb_warn("the cache of object results has lost some: they are made anew");
		pb_known_void(r->known);
	}
	return 0;
}

/* Of what it is, whole: kept beside the result, since a key is only part of a digest. NULL: no memory. */
static json_t *key_of(const pb_results *r, const json_t *of, uint8_t key[16])
{
	json_t *whole = json_pack("{s:O,s:s}", "of", of, "program", r->program);
	char *text = whole ? pb_json_canonical(whole) : NULL;
	uint8_t digest[64];
	bool hashed = text && pb_hash_raw("sha256", (pb_bytes){(const uint8_t *)text, strlen(text)}, digest) == DIGEST;
	free(text);
	if (hashed) {
		memcpy(key, digest, 16);
		return whole;
	}
	json_decref(whole);
	return NULL;
}

bool pb_results_knows(pb_results *r, const json_t *of)
{
	uint8_t key[16];
	json_t *whole = r->cache ? key_of(r, of, key) : NULL;
	bool is = whole && pb_cache_has(r->cache, PB_CACHE_PRODUCTS, key);
	json_decref(whole);
	return is;
}

/* What is in the file is no more than a hint: only what reads as a product result, and is of this very thing, is taken. */
static bool is_of(const json_t *kept, const json_t *whole)
{
	pb_product_result result = {0};
	json_t *document = json_object_get(kept, "document");
	bool is = json_equal(json_object_get(kept, "key"), whole) && json_is_object(json_object_get(kept, "database")) && document &&
	          pb_product_result_read(document, &result, NULL) == 0;
	pb_product_result_free(&result);
	return is;
}

int pb_results_get_product(pb_results *r, const json_t *of, json_t **document, json_t **database)
{
	uint8_t key[16];
	pb_buf text = {0};
	json_t *whole = r->cache ? key_of(r, of, key) : NULL, *kept = NULL;
	if (whole && pb_cache_get(r->cache, PB_CACHE_PRODUCTS, key, &text, NULL) == 1)
		kept = pb_json_parse((pb_bytes){text.data, text.size}, PRODUCT_MOST, "a kept product result", NULL);
	bool is = is_of(kept, whole);
	if (is) {
		*document = json_incref(json_object_get(kept, "document"));
		*database = json_incref(json_object_get(kept, "database"));
	}
	json_decref(kept);
	json_decref(whole);
	pb_buf_free(&text);
	return is;
}

void pb_results_put_product(pb_results *r, const json_t *of, json_t *document, json_t *database)
{
	uint8_t key[16];
	pb_error err = {0};
	json_t *whole = r->cache ? key_of(r, of, key) : NULL;
	json_t *kept = whole ? json_pack("{s:O,s:O,s:O}", "key", whole, "document", document, "database", database) : NULL;
	char *text = kept ? json_dumps(kept, JSON_COMPACT) : NULL;
	if (text && strlen(text) <= PRODUCT_MOST && pb_cache_put(r->cache, PB_CACHE_PRODUCTS, key, text, strlen(text), &err))
		pb_warn("the cache of results takes nothing more: %s", err.text);
	free(text);
	json_decref(kept);
	json_decref(whole);
}

void pb_results_flush(pb_results *r)
{
	pb_error err = {0};
	if (r->cache && pb_cache_flush(r->cache, &err))
		pb_warn("the cache of object results could not be written: %s", err.text);
}
