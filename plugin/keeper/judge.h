/* From a product result to its report: score, decision, canonical JSON. */
#ifndef PROBITY_KEEPER_JUDGE_H
#define PROBITY_KEEPER_JUDGE_H

#include "report/report.h"

/* By what it is judged, and what the report says of how it was made. Strings borrowed. */
typedef struct pb_judge {
	const pb_policy *policy;
	int64_t as_of;               /* days */
	const char *clamav, *yara, *lua, *rules_digest;
	const json_t *database;
	const json_t *rule_sets;     /* of folders of YARA rules (worker/rules.h: pb_rules_sets); NULL or empty: none */
	const json_t *packs;         /* of rules (worker/rules.h: pb_rules_packs); NULL or empty: none */
	const char *trust_digest;    /* of the trust roots that evidence was held against; NULL: none was handed in */
	const json_t *box;           /* what the kernel offers to close processes in (box/box.h: pb_box_about); NULL: not told */
} pb_judge;

typedef struct pb_judgement {
	json_t *report;              /* new reference */
	pb_decision decision;
	int trust_tenths, floor_tenths, confidence_permille;
} pb_judgement;

/* document: a product result ("probity-product-result/1"), checked here. 0 or a code with err. */
int pb_judge_product(const pb_judge *by, json_t *document, pb_judgement *out, pb_error *err);

#endif
