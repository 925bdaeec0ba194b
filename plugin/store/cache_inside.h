/* What the files of the cache share. Private to this folder. */
#ifndef PROBITY_STORE_CACHE_INSIDE_H
#define PROBITY_STORE_CACHE_INSIDE_H

#include "store/cache.h"
#include "store/pending.h"
#include "store/sql.h"

typedef enum pb_cache_sql {
	PB_CACHE_GET,
	PB_CACHE_FIND,
	PB_CACHE_PUT_TEXT,
	PB_CACHE_PUT_ENTRY,
	PB_CACHE_TOUCH,
	PB_CACHE_DROP_TEXT,
	PB_CACHE_DROP_ENTRY,
	PB_CACHE_STATEMENTS
} pb_cache_sql;

/* One that was used in this run. */
typedef struct pb_cache_touched {
	uint8_t space, key[PB_KEY];
} pb_cache_touched;

struct pb_cache {
	char *file, *rules_digest;
	int64_t max_bytes; /* of the file; 0: no bound */
	pb_sql *db; /* NULL: the file broke and no new one could be made; then there is only what is pending */
	pb_statement *sql[PB_CACHE_STATEMENTS];
	int64_t rules[PB_CACHE_SPACES]; /* numbers of rules_digest in this file */
	int64_t opened;  /* milliseconds since 1970 */
	int64_t reading; /* since when (milliseconds since 1970) gets share one read transaction; 0: none is open */
	pb_pending pending[PB_CACHE_SPACES];
	int64_t
	    batch_began; /* milliseconds of a steady clock; when the first of the batch came, or writing failed last */
	pb_cache_touched *touched; /* to be written with the next batch; may repeat */
	size_t n_touched, cap_touched;
};

/* cache.c. Milliseconds: of the calendar (since 1970), or of a clock that is never set back. */
int64_t pb_cache_clock(bool calendar);
/* The file broke: sets it aside and begins a new one. What is pending stays. 0 or a code (then db is NULL). */
int pb_cache_renew(pb_cache *c, pb_error *err);

/* Products make room where the file outgrew its bound. Inside a transaction. */
int pb_cache_make_room(pb_cache *c, pb_error *err);

/* cache_use.c. Ends the read transaction that gets share; before every write. */
void pb_cache_stop_reading(pb_cache *c);

#endif
