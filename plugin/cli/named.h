/* All reports that words of a person name: files, folders of them, numbers of `probity list`. */
#ifndef PROBITY_CLI_NAMED_H
#define PROBITY_CLI_NAMED_H

#include "cli/stored.h"

enum { PB_NAMED_FILE = 256 << 20 /* bytes of a file of reports */, PB_NAMED_MOST = 1000 /* in one folder or file */ };

/* Adds {"from","report"} to out for each report of `given`: a file of one or more reports in JSON, one a line, or of one in a DSSE envelope, whose
 * signatures are not looked at; a folder, of whose *.json and *.jsonl those that are no reports are named in a note; where there is no such file, a
 * number of the store. Each report was read field by field (report/reread.h). 0; PB_EINPUT, PB_ECORRUPT: err names what is no report; PB_EIO,
 * PB_ELIMIT, PB_ENOMEM. */
int pb_named_load(pb_stored_place *place, const char *given, json_t *out, pb_error *err);

#endif
