/* Reports as commands take them: a file (one, or one a line), standard input, or a number of the store. Only bytes are read here. */
#ifndef PROBITY_CLI_REPORTS_H
#define PROBITY_CLI_REPORTS_H

#include "base/buf.h"
#include "base/json.h"
#include "cli/stored.h"

enum { PB_REPORT_MOST = 1 << 30 }; /* bytes of a file */

/* The text of one report. name: a file, "-", or a number of `probity list` where no file has that name. number: which of a file's lines that are not
 * empty, from 1; 0: the first, and where that is no whole object, all of it. 0; PB_EINPUT, PB_EIO: err names it. */
int pb_report_take(const char *name, int64_t number, pb_stored_place *place, pb_buf *out, pb_error *err);

/* The report that a text is, or that a DSSE envelope holds: the predicate of its in-toto statement, or its payload. Signatures are not looked at, nor
 * the report's fields. most: bytes; from: names the text in err. unlike: NULL, or the first byte from which on the text (of an envelope: its payload)
 * is not in canonical form, SIZE_MAX where all of it is. New reference; NULL: err says why. */
json_t *pb_report_of(pb_bytes text, size_t most, const char *from, size_t *unlike, pb_error *err);

#endif
