/* Reduce: the documents of a dossier as records beside those of the product, and what they are worth. */
#ifndef PROBITY_WORKER_SUPPLIED_H
#define PROBITY_WORKER_SUPPLIED_H

#include "worker/join.h"

/* Adds to j->documents one record a document: {"path":["(evidence)",name],"sha256","size","kind":"evidence",...,"supplied":{"reliability","signer",
 * "role","freshness","about","object"?},"result":{"facts":{"tags":["evidence","evidence-audit"|"evidence-statement"],"evidence":the document},...}}; and to j->supplied the rows
 * of the report. about: "product", "object" ("object": index of its record), "other", "name", "none". evidence: "probity-evidence/1", NULL or null: none.
 * product: {"name","version","sha256",...}; file: the product's own name as a file. The records of j must be in place. 0, PB_ENOMEM, or PB_ECORRUPT with err. */
int pb_supplied_add(pb_join *j, const json_t *evidence, const json_t *product, const char *file, int64_t as_of, pb_error *err);

/* Problems of the dossier become limits that count against no check: to be added once pb_cover has counted. 0 or PB_ENOMEM. */
int pb_supplied_problems(const json_t *evidence, json_t *limits);

#endif
