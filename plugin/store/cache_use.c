/* The cache's traffic: looked up, added, written in batches. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "store/cache_inside.h"

enum {
	DIGEST = 32,
	HOUR = 3600 * 1000,
	BATCH_MS = 1000,
	BATCH_BYTES = 8 << 20,
	MOST_BYTES = 256 << 20,
	MOST_TOUCHED = 1 << 16
};

static void bind_key(pb_cache *c, pb_statement *s, pb_cache_space space, const uint8_t key[PB_KEY])
{
	pb_sql_int(s, 1, c->rules[space]);
	pb_sql_blob(s, 2, key, PB_KEY);
}

/* After an error of the file: a broken one is begun anew, and then "not there" is the truth. */
static int survive(pb_cache *c, int rc, pb_error *err)
{
	return rc == PB_ECORRUPT ? pb_cache_renew(c, err) : rc;
}

void pb_cache_stop_reading(pb_cache *c)
{
	if (c->reading && c->db)
		(void)pb_sql_run(c->db, "COMMIT", NULL);
	c->reading = 0;
}

/* Thousands of gets come one after the other: a transaction for each would double what they cost. A new one each
 * second, since an open one keeps the -wal of other processes from being emptied. Where none can begin, each get reads
 * by itself. */
static void share_reading(pb_cache *c, int64_t now)
{
	if (c->reading && now >= c->reading && now - c->reading < BATCH_MS)
		return;
	pb_cache_stop_reading(c);
	if (pb_sql_run(c->db, "BEGIN", NULL) == 0)
		c->reading = now;
}

/* 1: there is one. A code. */
static int find(pb_cache *c, pb_cache_space space, const uint8_t key[PB_KEY], pb_error *err)
{
	pb_statement *s = c->sql[PB_CACHE_FIND];
	bind_key(c, s, space, key);
	int rc = pb_sql_step(s, err);
	pb_sql_reset(s);
	return rc;
}

static int write_one(pb_cache *c, pb_cache_space space, const pb_pending_one *one, int64_t now, pb_error *err)
{
	uint8_t digest[64];
	pb_statement *text = c->sql[PB_CACHE_PUT_TEXT], *entry = c->sql[PB_CACHE_PUT_ENTRY];
	int rc = find(c, space, one->key, err);
	if (rc != 0)
		return rc < 0 ? rc : 0; /* another process was first: the same content, the same result */
	if (pb_hash_raw("sha256", (pb_bytes){one->text, one->size}, digest) != DIGEST)
		return pb_fail(err, PB_ENOMEM, "%s: out of memory", c->file);
	pb_sql_blob(text, 1, one->text, one->size);
	rc = pb_sql_done(text, err);
	if (rc)
		return rc;
	bind_key(c, entry, space, one->key);
	pb_sql_blob(entry, 3, digest, DIGEST);
	pb_sql_int(entry, 4, now);
	return pb_sql_done(entry, err);
}

static int write_batch(pb_cache *c, pb_error *err)
{
	int64_t now = pb_cache_clock(true);
	int rc = 0;
	for (int space = 0; space < PB_CACHE_SPACES; space++)
		for (size_t i = 0; i < c->pending[space].n && !rc; i++)
			rc = write_one(c, (pb_cache_space)space, &c->pending[space].all[i], now, err);
	for (size_t i = 0; i < c->n_touched && !rc; i++) {
		bind_key(c, c->sql[PB_CACHE_TOUCH], (pb_cache_space)c->touched[i].space, c->touched[i].key);
		pb_sql_int(c->sql[PB_CACHE_TOUCH], 3, now);
		rc = pb_sql_done(c->sql[PB_CACHE_TOUCH], err);
	}
	return !rc && c->pending[PB_CACHE_PRODUCTS].n ? pb_cache_make_room(c, err) : rc;
}

static bool nothing_pending(const pb_cache *c)
{
	return c->pending[PB_CACHE_OBJECTS].n == 0 && c->pending[PB_CACHE_PRODUCTS].n == 0;
}

static size_t pending_bytes(const pb_cache *c)
{
	return c->pending[PB_CACHE_OBJECTS].bytes + c->pending[PB_CACHE_PRODUCTS].bytes;
}

int pb_cache_flush(pb_cache *c, pb_error *err)
{
	pb_cache_stop_reading(c);
	if (nothing_pending(c) && c->n_touched == 0)
		return 0;
	c->batch_began = pb_cache_clock(false); /* where it fails: not again before a second has passed */
	if (!c->db)
		return pb_fail(err, PB_EIO, "%s: no cache can be made there", c->file);
	int rc = pb_sql_begin(c->db, err);
	rc = rc ? rc : pb_sql_end(c->db, write_batch(c, err), err);
	if (rc == PB_ECORRUPT && (rc = pb_cache_renew(c, err)) == 0) {
		rc = pb_sql_begin(c->db, err);
		rc = rc ? rc : pb_sql_end(c->db, write_batch(c, err), err);
	}
	c->n_touched = 0; /* lost where it failed, which only costs the order of eviction */
	for (int i = 0; i < PB_CACHE_SPACES && !rc; i++)
		pb_pending_clear(&c->pending[i]);
	return rc;
}

static void touch(pb_cache *c, pb_cache_space space, const uint8_t key[PB_KEY])
{
	if (c->n_touched == c->cap_touched) {
		size_t cap = c->cap_touched ? c->cap_touched * 2 : 256;
		pb_cache_touched *grown = cap <= MOST_TOUCHED ? realloc(c->touched, cap * sizeof *grown) : NULL;
		if (!grown)
			return;
		c->touched = grown;
		c->cap_touched = cap;
	}
	c->touched[c->n_touched].space = (uint8_t)space;
	memcpy(c->touched[c->n_touched++].key, key, PB_KEY);
}

static int forget(pb_cache *c, pb_cache_space space, const uint8_t key[PB_KEY])
{
	pb_cache_stop_reading(c);
	int rc = pb_sql_begin(c->db, NULL);
	for (int i = PB_CACHE_DROP_TEXT; i <= PB_CACHE_DROP_ENTRY && !rc; i++) {
		bind_key(c, c->sql[i], space, key);
		rc = pb_sql_done(c->sql[i], NULL);
	}
	return pb_sql_end(c->db, rc, NULL);
}

static int from_file(pb_cache *c, pb_cache_space space, const uint8_t key[PB_KEY], pb_buf *out, pb_error *err)
{
	pb_statement *s = c->sql[PB_CACHE_GET];
	uint8_t real[64];
	int64_t now = pb_cache_clock(true);
	share_reading(c, now);
	bind_key(c, s, space, key);
	int rc = pb_sql_step(s, err);
	if (rc != 1) {
		pb_sql_reset(s);
		return survive(c, rc, err);
	}
	pb_bytes text = pb_sql_get_bytes(s, 0), digest = pb_sql_get_bytes(s, 1);
	int64_t used = pb_sql_get_int(s, 2, 0);
	bool right = pb_hash_raw("sha256", text, real) == DIGEST && digest.size == DIGEST &&
	             memcmp(real, digest.data, DIGEST) == 0;
	if (right && pb_buf_add(out, text.size ? (const void *)text.data : "", text.size))
		rc = pb_fail(err, PB_ENOMEM, "%s: no memory for a result of %zu bytes", c->file, text.size);
	pb_sql_reset(s);
	if (!right) {
		(void)survive(c, forget(c, space, key), NULL);
		return 0; /* absent, whether it could be removed or not */
	}
	if (rc == 1 && (used < c->opened || used < now - HOUR)) /* once a run, and once an hour in a long one */
		touch(c, space, key);
	return rc;
}

int pb_cache_get(pb_cache *c, pb_cache_space space, const uint8_t key[16], pb_buf *out, pb_error *err)
{
	const pb_pending_one *one = pb_pending_find(&c->pending[space], key);
	out->size = 0;
	if (one)
		return pb_buf_add(out, one->text, one->size)
		           ? pb_fail(err, PB_ENOMEM, "%s: no memory for a result of %zu bytes", c->file, one->size)
		           : 1;
	if (!c->db)
		return 0;
	if (c->n_touched == MOST_TOUCHED)
		(void)pb_cache_flush(c, NULL);
	return c->db ? from_file(c, space, key, out, err) : 0;
}

bool pb_cache_has(pb_cache *c, pb_cache_space space, const uint8_t key[16])
{
	if (pb_pending_find(&c->pending[space], key))
		return true;
	if (!c->db)
		return false;
	share_reading(c, pb_cache_clock(true));
	int rc = find(c, space, key, NULL);
	if (rc < 0)
		(void)survive(c, rc, NULL);
	return rc == 1;
}

int pb_cache_put(pb_cache *c, pb_cache_space space, const uint8_t key[16], const void *result, size_t n, pb_error *err)
{
	int64_t now = pb_cache_clock(false);
	if (pb_pending_find(&c->pending[space], key))
		return 0;
	if (n > MOST_BYTES)
		return pb_fail(err, PB_ELIMIT, "%s: a result of %zu bytes is not kept", c->file, n);
	if (pending_bytes(c) + n > MOST_BYTES) {
		int rc = pb_cache_flush(c, err);
		if (rc)
			return rc;
	}
	if (nothing_pending(c))
		c->batch_began = now;
	size_t before = pending_bytes(c);
	if (pb_pending_add(&c->pending[space], key, result, n))
		return pb_fail(err, PB_ENOMEM, "%s: out of memory", c->file);
	bool full = before < BATCH_BYTES && pending_bytes(c) >= BATCH_BYTES;
	if (full || now - c->batch_began >= BATCH_MS)
		(void)pb_cache_flush(c, NULL); /* it stays pending where this fails, and is tried again */
	return 0;
}

int pb_cache_keys(pb_cache *c, void (*each)(void *user, const uint8_t key[16]), void *user, pb_error *err)
{
	pb_statement *s;
	const pb_pending *pending = &c->pending[PB_CACHE_OBJECTS];
	for (size_t i = 0; i < pending->n; i++)
		each(user, pending->all[i].key);
	if (!c->db)
		return 0;
	int rc = pb_sql_prepare(c->db, "SELECT key FROM entry WHERE rules = ?1", &s, err);
	if (rc)
		return survive(c, rc, err);
	pb_sql_int(s, 1, c->rules[PB_CACHE_OBJECTS]);
	while ((rc = pb_sql_step(s, err)) == 1) {
		pb_bytes key = pb_sql_get_bytes(s, 0);
		if (key.size == PB_KEY && !pb_pending_find(pending, key.data))
			each(user, key.data);
	}
	pb_sql_free(s);
	return survive(c, rc, err);
}
