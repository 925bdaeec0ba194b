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

static void bind_key(pb_cache *c, pb_statement *s, const uint8_t key[PB_KEY])
{
	pb_sql_int(s, 1, c->rules);
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

static int write_one(pb_cache *c, const pb_pending_one *one, int64_t now, pb_error *err)
{
	uint8_t digest[64];
	pb_statement *find = c->sql[PB_CACHE_FIND], *text = c->sql[PB_CACHE_PUT_TEXT],
	             *entry = c->sql[PB_CACHE_PUT_ENTRY];
	bind_key(c, find, one->key);
	int rc = pb_sql_step(find, err);
	pb_sql_reset(find);
	if (rc != 0)
		return rc < 0 ? rc : 0; /* another process was first: the same content, the same result */
	if (pb_hash_raw("sha256", (pb_bytes){one->text, one->size}, digest) != DIGEST)
		return pb_fail(err, PB_ENOMEM, "%s: out of memory", c->file);
	pb_sql_blob(text, 1, one->text, one->size);
	rc = pb_sql_done(text, err);
	if (rc)
		return rc;
	bind_key(c, entry, one->key);
	pb_sql_blob(entry, 3, digest, DIGEST);
	pb_sql_int(entry, 4, now);
	return pb_sql_done(entry, err);
}

static int write_batch(pb_cache *c, pb_error *err)
{
	int64_t now = pb_cache_clock(true);
	int rc = 0;
	for (size_t i = 0; i < c->pending.n && !rc; i++)
		rc = write_one(c, &c->pending.all[i], now, err);
	for (size_t i = 0; i < c->n_touched && !rc; i++) {
		bind_key(c, c->sql[PB_CACHE_TOUCH], c->touched[i]);
		pb_sql_int(c->sql[PB_CACHE_TOUCH], 3, now);
		rc = pb_sql_done(c->sql[PB_CACHE_TOUCH], err);
	}
	return rc;
}

int pb_cache_flush(pb_cache *c, pb_error *err)
{
	pb_cache_stop_reading(c);
	if (c->pending.n == 0 && c->n_touched == 0)
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
	if (!rc)
		pb_pending_clear(&c->pending);
	return rc;
}

static void touch(pb_cache *c, const uint8_t key[PB_KEY])
{
	if (c->n_touched == c->cap_touched) {
		size_t cap = c->cap_touched ? c->cap_touched * 2 : 256;
		uint8_t(*grown)[PB_KEY] = cap <= MOST_TOUCHED ? realloc(c->touched, cap * PB_KEY) : NULL;
		if (!grown)
			return;
		c->touched = grown;
		c->cap_touched = cap;
	}
	memcpy(c->touched[c->n_touched++], key, PB_KEY);
}

static int forget(pb_cache *c, const uint8_t key[PB_KEY])
{
	pb_cache_stop_reading(c);
	int rc = pb_sql_begin(c->db, NULL);
	for (int i = PB_CACHE_DROP_TEXT; i <= PB_CACHE_DROP_ENTRY && !rc; i++) {
		bind_key(c, c->sql[i], key);
		rc = pb_sql_done(c->sql[i], NULL);
	}
	return pb_sql_end(c->db, rc, NULL);
}

static int from_file(pb_cache *c, const uint8_t key[PB_KEY], pb_buf *out, pb_error *err)
{
	pb_statement *s = c->sql[PB_CACHE_GET];
	uint8_t real[64];
	int64_t now = pb_cache_clock(true);
	share_reading(c, now);
	bind_key(c, s, key);
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
		(void)survive(c, forget(c, key), NULL);
		return 0; /* absent, whether it could be removed or not */
	}
	if (rc == 1 && (used < c->opened || used < now - HOUR)) /* once a run, and once an hour in a long one */
		touch(c, key);
	return rc;
}

int pb_cache_get(pb_cache *c, const uint8_t key[16], pb_buf *out, pb_error *err)
{
	const pb_pending_one *one = pb_pending_find(&c->pending, key);
	out->size = 0;
	if (one)
		return pb_buf_add(out, one->text, one->size)
		           ? pb_fail(err, PB_ENOMEM, "%s: no memory for a result of %zu bytes", c->file, one->size)
		           : 1;
	if (!c->db)
		return 0;
	if (c->n_touched == MOST_TOUCHED)
		(void)pb_cache_flush(c, NULL);
	return c->db ? from_file(c, key, out, err) : 0;
}

int pb_cache_put(pb_cache *c, const uint8_t key[16], const void *result, size_t n, pb_error *err)
{
	int64_t now = pb_cache_clock(false);
	if (pb_pending_find(&c->pending, key))
		return 0;
	if (n > MOST_BYTES)
		return pb_fail(err, PB_ELIMIT, "%s: a result of %zu bytes is not kept", c->file, n);
	if (c->pending.bytes + n > MOST_BYTES) {
		int rc = pb_cache_flush(c, err);
		if (rc)
			return rc;
	}
	if (c->pending.n == 0)
		c->batch_began = now;
	size_t before = c->pending.bytes;
	if (pb_pending_add(&c->pending, key, result, n))
		return pb_fail(err, PB_ENOMEM, "%s: out of memory", c->file);
	bool full = before < BATCH_BYTES && c->pending.bytes >= BATCH_BYTES;
	if (full || now - c->batch_began >= BATCH_MS)
		(void)pb_cache_flush(c, NULL); /* it stays pending where this fails, and is tried again */
	return 0;
}

int pb_cache_keys(pb_cache *c, void (*each)(void *user, const uint8_t key[16]), void *user, pb_error *err)
{
	pb_statement *s;
	for (size_t i = 0; i < c->pending.n; i++)
		each(user, c->pending.all[i].key);
	if (!c->db)
		return 0;
	int rc = pb_sql_prepare(c->db, "SELECT key FROM entry WHERE rules = ?1", &s, err);
	if (rc)
		return survive(c, rc, err);
	pb_sql_int(s, 1, c->rules);
	while ((rc = pb_sql_step(s, err)) == 1) {
		pb_bytes key = pb_sql_get_bytes(s, 0);
		if (key.size == PB_KEY && !pb_pending_find(&c->pending, key.data))
			each(user, key.data);
	}
	pb_sql_free(s);
	return survive(c, rc, err);
}
