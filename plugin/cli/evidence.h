/* `probity evidence`: for suppliers, before they hand a dossier in. */
#ifndef PROBITY_CLI_EVIDENCE_H
#define PROBITY_CLI_EVIDENCE_H

#include "base/json.h"
#include "cli/dossier.h"
#include "evidence/forms.h"
#include "score/policy.h"

enum { PB_EVIDENCE_REPORT_MAX = 256 << 20 };

typedef struct pb_evidence_options {
	const char *product, *report;    /* --product, --for; at most one */
	const char *database, *output, *policy_name;
	pb_dossier_options handed_in;
	pb_policy *policy;               /* NULL: none was named */
	int64_t as_of;
	bool json, all;
} pb_evidence_options;

/* What is known of the product, and what the dossier says. */
typedef struct pb_evidence_asked {
	json_t *product;  /* {"name","version","sha256","size"}; NULL: none was named */
	json_t *result;   /* product result of the product with this dossier; NULL without --product */
	json_t *evidence; /* probity-evidence/1; NULL where no dossier was named */
} pb_evidence_asked;

/* 0 or a code with err. */
int pb_evidence_ask(const pb_evidence_options *o, pb_evidence_asked *out, pb_error *err);
void pb_evidence_asked_free(pb_evidence_asked *a);

/* {"schema":"probity-lint/1","documents":[{"name","sha256","kind","format","state","signer","role","freshness","wrong":[{"what","says","do"}],
 * "notes":[...]}],"missing":[{"id","title","rows","says","do"}],"unjudged":[...],"problems":[{"document","why"}],"fine"}. New reference; NULL: no memory.
 * what: "refused", "unfilled", "stale", "unsigned", "signature", "role", "other", "contradicted", "finding", "incomplete", "unknown". */
json_t *pb_evidence_lint(const pb_evidence_options *o, const pb_evidence_asked *a);
/* Requirements of the policy into "missing" and "unjudged" of out. false: no memory. */
bool pb_evidence_missing(const pb_evidence_options *o, const pb_evidence_asked *a, json_t *out);
void pb_evidence_lint_text(const json_t *lint);

/* Appends {"what","says","do"}. */
bool pb_evidence_row(json_t *list, const char *what, const char *does, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Writes forms, or lists them. Exit status. */
int pb_evidence_template(const pb_evidence_options *o, const pb_evidence_asked *a);

#endif
