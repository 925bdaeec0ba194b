/* From the tables that a file has to those that this program knows: one step after the other, counted by user_version.
 * Private to this folder. */
#ifndef PROBITY_STORE_MIGRATE_H
#define PROBITY_STORE_MIGRATE_H

#include "store/sql.h"

typedef struct pb_migration {
	int64_t application;      /* application_id, says whose file it is */
	const char *what;         /* "store", for messages */
	const char *const *steps; /* SQL: step i leads from version i to i + 1 */
	int64_t n_steps;
} pb_migration;

/* *version of a file: 0 where it holds nothing yet. PB_EINPUT where it is another program's. */
int pb_migrate_version(pb_sql *db, const pb_migration *m, int64_t *version, pb_error *err);

/* All missing steps in one transaction: a step that fails leaves the file as it was. PB_EINPUT: of another program, or
 * of a newer Probity. */
int pb_migrate(pb_sql *db, const pb_migration *m, pb_error *err);

#endif
