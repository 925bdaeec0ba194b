#include "store/migrate.h"

#include <inttypes.h>
#include <stdio.h>

int pb_migrate_version(pb_sql *db, const pb_migration *m, int64_t *version, pb_error *err)
{
	int64_t application, tables;
	int rc = pb_sql_number(db, "PRAGMA application_id", &application, err);
	rc = rc ? rc : pb_sql_number(db, "PRAGMA user_version", version, err);
	rc = rc ? rc : pb_sql_number(db, "SELECT count(*) FROM sqlite_schema", &tables, err);
	if (rc)
		return rc;
	bool empty = application == 0 && *version == 0 && tables == 0;
	if (!empty && application != m->application)
		return pb_fail(err, PB_EINPUT, "%s: a database of another program, not a %s of Probity",
		               pb_sql_file(db), m->what);
	return 0;
}

static int climb(pb_sql *db, const pb_migration *m, pb_error *err)
{
	char stamp[96];
	int64_t version;
	int rc = pb_migrate_version(db, m, &version, err); /* again, now that nobody else can change it */
	if (rc || version == m->n_steps)
		return rc;
	if (version < 0 || version > m->n_steps)
		return pb_fail(err, PB_EINPUT,
		               "%s: its %s has version %" PRId64 ", this Probity knows up to %" PRId64
		               ": use the newer Probity",
		               pb_sql_file(db), m->what, version, m->n_steps);
	for (int64_t i = version; i < m->n_steps && !rc; i++)
		rc = pb_sql_run(db, m->steps[i], err);
	if (rc)
		return rc;
	/* A PRAGMA takes no parameters; both numbers are ours. */
	snprintf(stamp, sizeof stamp, "PRAGMA application_id=%" PRId64 "; PRAGMA user_version=%" PRId64, m->application,
	         m->n_steps);
	return pb_sql_run(db, stamp, err);
}

int pb_migrate(pb_sql *db, const pb_migration *m, pb_error *err)
{
	int64_t version;
	int rc = pb_migrate_version(db, m, &version, err);
	if (rc || version == m->n_steps)
		return rc;
	rc = pb_sql_begin(db, err);
	return rc ? rc : pb_sql_end(db, climb(db, m, err), err);
}
