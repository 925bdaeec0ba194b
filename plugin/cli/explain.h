/* What `check explain` knows of one check on one product, put together and told. */
#ifndef PROBITY_CLI_EXPLAIN_H
#define PROBITY_CLI_EXPLAIN_H

#include "base/json.h"

/* What one record says of the check: {"path","sha256","size","kind","name_class", "trace"?, "findings":[...], "unknown"?, "copy":bool}. A
 * copy's bytes were looked at in another place. record comes from another process: anything may be in it. New reference. */
json_t *pb_explain_step(const json_t *record, const char *check);

/* Everything: {"check":{...},"objects":{...},"steps":[...],"product":{...},"merged":[...],"score":{...}}. check: its row of the catalogue
 * (checks/samples.h); steps: pb_explain_step of every record, gets sorted; trace: of the product result; document: that result; report: what
 * came of it. New reference; NULL: no memory. */
json_t *pb_explain(const json_t *check, json_t *steps, const json_t *trace, const json_t *document, const json_t *report);

/* On stdout, for people. verbose: every object, not only those on which something happened. */
void pb_explain_text(const json_t *told, bool verbose);

#endif
