/* Reports on their way: one file for each report and destination, written before anything is sent, removed once it arrived. */
#ifndef PROBITY_COLLECTOR_OUTBOX_H
#define PROBITY_COLLECTOR_OUTBOX_H

#include "base/error.h"
#include "base/json.h"

#define PB_OUTBOX_ITEM "probity-outbox/1"

enum { PB_OUTBOX_MOST = 64 << 20, PB_OUTBOX_ITEMS = 10000 };

/* Puts a report (an object) in, for this destination; the folder is made (0700) where it is missing. The id is the SHA-256 of its canonical form, so
 * that the same report twice is one item. *name: fresh, the item's file. */
int pb_outbox_put(const char *dir, const json_t *report, const char *to, const char *format, const char *index, char **name, pb_error *err);

/* Names of all items, sorted: free with pb_fs_names_free. A folder that is not there is empty. */
int pb_outbox_names(const char *dir, char ***names, size_t *n, pb_error *err);

/* {"schema","id","to","format","index","report"}: a new reference. */
int pb_outbox_read(const char *dir, const char *name, json_t **item, pb_error *err);

#endif
