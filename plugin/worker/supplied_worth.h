/* What a document speaks about, and how much its word is worth. */
#ifndef PROBITY_WORKER_SUPPLIED_WORTH_H
#define PROBITY_WORKER_SUPPLIED_WORTH_H

#include "worker/join.h"

/* What the documents are held against. */
typedef struct pb_supplied_product {
	const json_t *product; /* {"name","version","sha256"} */
	const json_t *digests; /* of the product's own file: {"sha512","sha1","md5"}, "" where unknown */
	const char *file;      /* its name */
	json_t *objects;       /* {digest: index of the record} */
} pb_supplied_product;

/* Digests of the objects of j. NULL: no memory. */
json_t *pb_supplied_objects(const pb_join *j);

/* "product", "object" (*object: index of its record), "other", "name" or "none". */
const char *pb_supplied_about(const pb_supplied_product *p, const json_t *document, int64_t *object);

/* The best of the signatures that count: *signer and *role (NULL: nobody known), and what the document's word is then. */
const char *pb_supplied_reliability(const pb_supplied_product *p, const json_t *document, const char **signer, const char **role);

#endif
