/* What a product's checks came to: the input of the score. Plain data, no bytes, no Lua. */
#ifndef PROBITY_FINDINGS_PRODUCT_H
#define PROBITY_FINDINGS_PRODUCT_H

#include "base/error.h"
#include "base/json.h"
#include "findings/terms.h"

/* One check's outcome. Strings are owned by the pb_product_result that holds it. */
typedef struct pb_check_outcome {
	const char *id;        /* "integrity.private-key" */
	const char *catalogue; /* "I-09" */
	const char *claim;     /* "credentials" */
	pb_pillar pillar;
	pb_severity severity; /* the worst that it may raise */
	pb_reliability reliability;
	bool online;
	pb_status status;   /* pass, fail, unknown, n/a; PB_FAIL where and only where a finding names the check */
	int coverage;       /* permille, 0..1000; 0 where status is unknown or n/a */
	int aged;           /* permille, 0..999: what the age of the evidence that a pass rests on took of its weight; the document's "freshness" is the rest */
	const char *reason; /* why unknown or not fully covered, "" where there is none */
	bool mended;        /* never read from a document: somebody supposes that its findings are mended, so that by whose word it passes is not known */
	const char *title;  /* "Private key inside the product"; the id where the document holds none */
	const char *why;    /* whom it harms, and how; "": not said, as where a check looked and found nothing */
	const char *confirm; /* how a person confirms it by hand; "" likewise */
} pb_check_outcome;

/* One finding, merged over all copies of what it is about. */
typedef struct pb_finding {
	size_t check;         /* index into checks */
	const char *name;     /* the finding's name in the check: "key" */
	const char *key;      /* evidence key: what it is about, normalised */
	int kappa;            /* permille, 0..1000, after the context discount, before waivers */
	pb_severity severity; /* at most the check's */
	const char *says;
	const char *remediation;
	/* Why, and until when; NULL where it is not waived. Never read from the document: set, after reading, by whoever holds
	 * the signed waivers, and owned by them. */
	const char *waived;
	const json_t *maps;     /* array of strings, borrowed from the result */
	const json_t *evidence; /* array of {path, sha256, offset, length, excerpt}; never empty */
	int64_t places;         /* how many places there are, of which evidence may hold the first few only */
} pb_finding;

typedef struct pb_product_result {
	pb_check_outcome *checks;
	size_t n_checks;
	pb_finding *findings;
	size_t n_findings;
	json_t *document; /* the serial form; owns every string above */
} pb_product_result;

/* Reads a product result from its serial form, checking every field (types, ranges, spellings, unknown check ids, a finding
 * above its check's severity, a finding without an evidence record, status that disagrees with the findings, an unknown
 * field of a check, finding or evidence record: all refused with PB_ECORRUPT; more than 2,000 checks or 1,000,000
 * findings with PB_ELIMIT). In an evidence record offset, length and excerpt may be missing, and sha256 may be "".
 * Takes its own reference to document. Schema of document ("probity-product-result/1"):
 *   {"product":{name,version,kind,sha256,size,objects,bytes},
 *    "checks":[{id,catalogue,claim,pillar,severity,reliability,online,status,coverage,freshness?,reason,title?,why?,confirm?}],
 *    "findings":[{check,finding,key,kappa,severity,says,remediation,maps,evidence,places?}],
 *    "limits":[{path:[...],why}], "packages":[...], "principles":{"P6":[check ids],...},
 *    "inventory"?:{"hosts":[...],...,"endpoints":[{host,domain,regions,by,objects,connects}]},
 *    "composition"?:{"rows":[{path,bytes,objects,kind}],"cut"}, "declared"?:[{what,value,declared,observed,by}],
 *    "evidence"?:[{name,sha256,size,kind,format,state,why,issued,expires,by,signatures,reliability,freshness,about}],
 *    "statements"?:[{document,sha256,claim,status,why,check}],
 *    "waivers"?:[documents of probity-evidence/1], as they were handed in: whether they count is for whoever judges}
 * (the score reads checks and findings only) */
int pb_product_result_read(json_t *document, pb_product_result *out, pb_error *err);
void pb_product_result_free(pb_product_result *r);

#endif
