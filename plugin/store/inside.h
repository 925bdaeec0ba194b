/* What the files of the store share. Private to this folder. */
#ifndef PROBITY_STORE_INSIDE_H
#define PROBITY_STORE_INSIDE_H

#include "store/sql.h"
#include "store/store.h"

struct pb_store {
	pb_sql *db;
};

/* row.c: an assessment as columns, in one order for all statements. */
#define PB_ROW_COLUMNS                                                                                                 \
	"time,path,name,version,kind,sha256,host,uid,policy,rules_digest,trust_tenths,floor_tenths,confidence_"        \
	"permille,decision,clamav,reason,alert"
#define PB_ROW_VALUES "?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17"
/* One by its id, with its report as column PB_ROW_REPORT. */
#define PB_ROW_ONE                                                                                                     \
	"SELECT id," PB_ROW_COLUMNS                                                                                    \
	",(SELECT text FROM report WHERE report.id = assessment.id) FROM assessment WHERE id = ?1"
enum { PB_ROW_REPORT = 18, PB_ROW_TEXTS = 12, PB_ROW_TEXT_MAX = 8192 };

/* A copy whose strings are inert, bounded and never NULL, in the memory of own; 0 or PB_ENOMEM (nothing is to be
 * freed). */
int pb_row_clean(const pb_stored *from, pb_stored *to, char *own[PB_ROW_TEXTS]);
void pb_row_drop(char *own[PB_ROW_TEXTS]);
void pb_row_bind(pb_statement *s, const pb_stored *a);
/* From the row of a SELECT id, PB_ROW_COLUMNS; borrowed until the next step. */
void pb_row_read(pb_statement *s, pb_stored *a);

/* store_log.c: one more line, inside of a transaction. Takes line, which gets its "n" and "previous". */
int pb_log_append(pb_store *s, json_t *line, pb_error *err);
int pb_log_event(pb_store *s, int64_t time, const char *what, pb_error *err);

#endif
