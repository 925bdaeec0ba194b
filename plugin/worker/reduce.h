/* Reduce: all object results of one product to one product result (findings/product.h). Pure: no bytes, no clock, no order. */
#ifndef PROBITY_WORKER_REDUCE_H
#define PROBITY_WORKER_REDUCE_H

#include "checks/runner.h"
#include "worker/rules.h"

typedef struct pb_reduce_input {
	json_t *records;       /* array of object records (findings/record.h), in any order; borrowed, gets reordered */
	const json_t *limits;  /* array of {"path","why"}, any order */
	const json_t *detections; /* array of {"path","sha256","signature"}, any order */
	const json_t *database; /* {"official",...} */
	const json_t *regions;  /* where data may be, of the policy: array of texts; NULL or null: nothing is demanded */
	const char *name;      /* the product's own name, display form: the first element of every path */
	const char *kind;      /* what it is as a file: "folder", "deb", ... */
	const char *sha256;    /* of the file, or of the folder's listing */
	uint64_t size;         /* bytes of the file, or sum over the folder */
	const json_t *previous; /* the inventory of an earlier version; NULL or null: none was given */
	const json_t *evidence; /* "probity-evidence/1"; NULL or null: none was handed in */
	int64_t as_of;         /* days */
	const pb_run_how *how; /* NULL, or who watches and which checks are left out (checks/runner.h) */
} pb_reduce_input;

/* A new reference to "probity-product-result/1". 0, PB_ENOMEM, PB_ECORRUPT (a record is malformed), PB_EINTERNAL. */
int pb_reduce(const pb_rules *rules, const pb_reduce_input *in, json_t **out, pb_error *err);

#endif
