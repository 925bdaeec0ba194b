/* The cache's file: opened, kept small, set aside where it is broken. */
#include "store/cache.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/cache_inside.h"
#include "store/migrate.h"

enum { BUSY_MS = 500, EVICT_STEP = 64, ROOM_OF = 8 /* so much of the bound is made free at once: the next batch needs room, too */ };

/* Products have rules of their own: the same digest with this before it. */
#define PRODUCTS "products "

/* The small table is what is looked through; texts are only touched for a hit. Other versions are thrown away: it is a
 * cache. */
static const char *const steps[] = {
    "CREATE TABLE rules (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE result (id INTEGER PRIMARY KEY, text BLOB NOT NULL) STRICT;"
    "CREATE TABLE entry (rules INTEGER NOT NULL, key BLOB NOT NULL, id INTEGER NOT NULL, digest BLOB NOT NULL, used "
    "INTEGER NOT NULL,"
    " PRIMARY KEY (rules, key)) STRICT, WITHOUT ROWID",
};
static const pb_migration migration = {.application = 0x50524f43, /* "PROC" */
                                       .what = "cache",
                                       .steps = steps,
                                       .n_steps = sizeof steps / sizeof *steps};

static const char *const texts[PB_CACHE_STATEMENTS] = {
    [PB_CACHE_GET] = "SELECT text, digest, used FROM entry JOIN result USING (id) WHERE rules = ?1 AND key = ?2",
    [PB_CACHE_FIND] = "SELECT 1 FROM entry WHERE rules = ?1 AND key = ?2",
    [PB_CACHE_PUT_TEXT] = "INSERT INTO result(text) VALUES (?1)",
    [PB_CACHE_PUT_ENTRY] =
        "INSERT INTO entry(rules, key, id, digest, used) VALUES (?1, ?2, last_insert_rowid(), ?3, ?4)",
    [PB_CACHE_TOUCH] = "UPDATE entry SET used = ?3 WHERE rules = ?1 AND key = ?2 AND used < ?3",
    [PB_CACHE_DROP_TEXT] = "DELETE FROM result WHERE id = (SELECT id FROM entry WHERE rules = ?1 AND key = ?2)",
    [PB_CACHE_DROP_ENTRY] = "DELETE FROM entry WHERE rules = ?1 AND key = ?2",
};

int64_t pb_cache_clock(bool calendar)
{
	struct timespec t = {0};
	clock_gettime(calendar ? CLOCK_REALTIME : CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void close_file(pb_cache *c)
{
	c->reading = 0;
	for (int i = 0; i < PB_CACHE_STATEMENTS; i++) {
		pb_sql_free(c->sql[i]);
		c->sql[i] = NULL;
	}
	pb_sql_close(c->db);
	c->db = NULL;
}

static void beside(const char *file, const char *suffix, bool keep)
{
	char *name = NULL;
	if (asprintf(&name, "%s%s", file, suffix) < 0)
		return;
	if (keep)
		(void)rename(file, name); /* where it fails, opening anew fails and says why */
	else
		(void)unlink(name);
	free(name);
}

/* keep: as FILE.broken, to be looked into; another process that has it open goes on with it unharmed. */
static void put_aside(const char *file, bool keep)
{
	beside(file, keep ? ".broken" : "", keep);
	beside(file, "-wal", false); /* or its pages would be taken into the new file */
	beside(file, "-shm", false);
}

static int find_rules(pb_cache *c, const char *digest, int64_t *number, pb_error *err)
{
	static const char *const ways[] = {"SELECT id FROM rules WHERE digest = ?1",
	                                   "INSERT INTO rules(digest) VALUES (?1)",
	                                   "SELECT id FROM rules WHERE digest = ?1"};
	int rc = 0;
	*number = 0;
	for (int i = 0; i < 3 && !rc && !*number; i++) {
		pb_statement *s;
		rc = pb_sql_prepare(c->db, ways[i], &s, err);
		if (rc)
			return rc;
		pb_sql_text(s, 1, digest);
		rc = pb_sql_step(s, err);
		if (rc == 1)
			*number = pb_sql_get_int(s, 0, 0);
		pb_sql_free(s);
		rc = rc < 0 ? rc : 0;
	}
	return rc;
}

static int find_both(pb_cache *c, pb_error *err)
{
	char *products = NULL;
	int rc = find_rules(c, c->rules_digest, &c->rules[PB_CACHE_OBJECTS], err);
	if (!rc && asprintf(&products, PRODUCTS "%s", c->rules_digest) < 0)
		rc = pb_fail(err, PB_ENOMEM, "%s: out of memory", c->file);
	if (!rc)
		rc = find_rules(c, products, &c->rules[PB_CACHE_PRODUCTS], err);
	free(products);
	return rc;
}

static int open_file(pb_cache *c, bool *stale, pb_error *err)
{
	const pb_sql_mode mode = {.permissions = 0600, .busy_ms = BUSY_MS};
	int64_t version;
	int rc = pb_sql_open(c->file, &mode, &c->db, err);
	*stale = false;
	rc = rc ? rc : pb_migrate_version(c->db, &migration, &version, err);
	if (!rc && version != 0 && version != migration.n_steps) {
		*stale = true;
		return 0;
	}
	rc = rc ? rc : pb_sql_settle(c->db, false, err);
	rc = rc ? rc : pb_migrate(c->db, &migration, err);
	rc = rc ? rc : pb_sql_run(c->db, "PRAGMA cache_size=-16000", err);
	for (int i = 0; i < PB_CACHE_STATEMENTS && !rc; i++)
		rc = pb_sql_prepare(c->db, texts[i], &c->sql[i], err);
	return rc ? rc : find_both(c, err);
}

/* At most twice: what is broken or of another version goes, then it is begun anew. */
static int open_or_renew(pb_cache *c, pb_error *err)
{
	bool stale;
	int rc = open_file(c, &stale, err);
	if (rc == PB_ECORRUPT || (!rc && stale)) {
		close_file(c);
		put_aside(c->file, rc != 0);
		rc = open_file(c, &stale, err);
	}
	if (rc)
		close_file(c);
	return rc;
}

int pb_cache_renew(pb_cache *c, pb_error *err)
{
	close_file(c);
	put_aside(c->file, true);
	c->n_touched = 0;
	return open_or_renew(c, err);
}

static int over(pb_cache *c, int64_t max_bytes, bool *is, pb_error *err)
{
	int64_t pages, unused, size;
	int rc = pb_sql_number(c->db, "PRAGMA page_count", &pages, err);
	rc = rc ? rc : pb_sql_number(c->db, "PRAGMA freelist_count", &unused, err);
	rc = rc ? rc : pb_sql_number(c->db, "PRAGMA page_size", &size, err);
	*is = !rc && (pages - unused) * size > max_bytes;
	return rc;
}

/* One entry of whatever rules; the row of the list is where key lies. */
static int drop(pb_cache *c, int64_t rules, pb_bytes key, pb_error *err)
{
	for (int i = PB_CACHE_DROP_TEXT; i <= PB_CACHE_DROP_ENTRY; i++) {
		pb_sql_int(c->sql[i], 1, rules);
		pb_sql_blob(c->sql[i], 2, key.data, key.size);
		int rc = pb_sql_done(c->sql[i], err);
		if (rc)
			return rc;
	}
	return 0;
}

/* The least lately used first, until the file is small enough. Sorted, so all of it was read before the first is dropped. */
static int evict(pb_cache *c, const char *which, int64_t max_bytes, pb_error *err)
{
	pb_statement *oldest;
	bool is = true;
	int rc = pb_sql_prepare(c->db, which, &oldest, err);
	if (rc)
		return rc;
	for (int i = 1; !rc && is && (rc = pb_sql_step(oldest, err)) == 1; i++) {
		rc = drop(c, pb_sql_get_int(oldest, 0, 0), pb_sql_get_bytes(oldest, 1), err);
		if (!rc && i % EVICT_STEP == 0)
			rc = over(c, max_bytes, &is, err);
	}
	pb_sql_free(oldest);
	return rc < 0 ? rc : 0;
}

static int shrink(pb_cache *c, int64_t max_bytes, pb_error *err)
{
	bool is;
	int rc = over(c, max_bytes, &is, err);
	if (rc || !is)
		return rc;
	rc = pb_sql_begin(c->db, err);
	rc = rc ? rc : pb_sql_end(c->db, evict(c, "SELECT rules, key FROM entry ORDER BY used, id", max_bytes, err), err);
	return rc ? rc : pb_sql_run(c->db, "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)", err);
}

int pb_cache_make_room(pb_cache *c, pb_error *err)
{
	static const char products[] = "SELECT e.rules, e.key FROM entry e JOIN rules r ON r.id = e.rules WHERE r.digest LIKE '" PRODUCTS
	                               "%' ORDER BY e.used, e.id";
	bool is;
	int rc = c->max_bytes > 0 ? over(c, c->max_bytes, &is, err) : 0;
	if (rc || c->max_bytes <= 0 || !is)
		return rc;
	return evict(c, products, c->max_bytes - c->max_bytes / ROOM_OF, err);
}

int pb_cache_open(const char *file, const char *rules_digest, int64_t max_bytes, pb_cache **out, pb_error *err)
{
	pb_cache *c = calloc(1, sizeof *c);
	int rc = PB_ENOMEM;
	*out = NULL;
	if (!c)
		return pb_fail(err, rc, "%s: out of memory", file);
	c->file = strdup(file);
	c->rules_digest = strdup(rules_digest);
	if (!c->file || !c->rules_digest) {
		pb_fail(err, rc, "%s: out of memory", file);
		goto out;
	}
	c->max_bytes = max_bytes;
	c->opened = pb_cache_clock(true);
	rc = open_or_renew(c, err);
	if (!rc && max_bytes > 0 && shrink(c, max_bytes, NULL) == PB_ECORRUPT) /* else it stays too large for once */
		rc = pb_cache_renew(c, err);
out:
	if (rc)
		pb_cache_close(c);
	else
		*out = c;
	return rc;
}

void pb_cache_close(pb_cache *c)
{
	if (!c)
		return;
	(void)pb_cache_flush(c, NULL);
	close_file(c);
	for (int i = 0; i < PB_CACHE_SPACES; i++)
		pb_pending_clear(&c->pending[i]);
	free(c->touched);
	free(c->file);
	free(c->rules_digest);
	free(c);
}
