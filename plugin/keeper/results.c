#include "keeper/results.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "store/cache.h"
#include "wire/known.h"

enum { KEYS = 2000000 }; /* of the table; what does not fit is mapped again */

struct pb_results {
	pb_cache *cache;
	pb_known *known;
	int table;
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

int pb_results_open(const char *file, const char *rules_digest, int64_t max_bytes, pb_results **out, pb_error *err)
{
	pb_error why = {0};
	pb_results *r = calloc(1, sizeof *r);
	if (!r)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	*out = r;
	r->table = -1;
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
	int rc = pb_cache_put(r->cache, key, text, strlen(text), &err);
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
	if (pb_cache_get(r->cache, key, out, NULL) == 1)
		return 1;
	/* Somebody damaged the file, or made it anew: whatever else was in it may be gone too, so workers look for themselves again. */
	if (r->known && pb_known_has(r->known, key)) {
		pb_warn("the cache of object results has lost some: they are made anew");
		pb_known_void(r->known);
	}
	return 0;
}

void pb_results_flush(pb_results *r)
{
	pb_error err = {0};
	if (r->cache && pb_cache_flush(r->cache, &err))
		pb_warn("the cache of object results could not be written: %s", err.text);
}
