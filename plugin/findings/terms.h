/* The words of a verdict, their numbers and their spelling. ../shared design SCORING is the specification. */
#ifndef PROBITY_FINDINGS_TERMS_H
#define PROBITY_FINDINGS_TERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum pb_pillar { PB_INTEGRITY, PB_DATA_CARE, PB_VERIFICATION, PB_CULTURE, PB_PILLARS } pb_pillar;
typedef enum pb_severity { PB_INFO, PB_LOW, PB_MEDIUM, PB_HIGH, PB_CRITICAL, PB_SEVERITIES } pb_severity;
typedef enum pb_status { PB_PASS, PB_FAIL, PB_UNKNOWN, PB_NA, PB_STATUSES } pb_status;

/* By what means a check looks; its number is rho (weight of a pass) and the default kappa of its findings, in permille. */
typedef enum pb_reliability {
	PB_VERIFIED,      /* 1000: signature or digest checked */
	PB_PARSED,        /*  900: full structural parse */
	PB_THIRD_PARTY,   /*  900: statement signed by a third party */
	PB_EXACT,         /*  700: exact string or YARA pattern */
	PB_VENDOR_SIGNED, /*  600: statement signed by the vendor */
	PB_HEURISTIC,     /*  500 */
	PB_SELF_DECLARED, /*  300: unsigned self-declaration */
	PB_RELIABILITIES
} pb_reliability;

/* Spellings: "integrity" "data-care" "verification" "culture"; "info" ... "critical"; "pass" "fail" "unknown" "n/a";
 * "verified" "parsed" "third-party" "exact" "vendor-signed" "heuristic" "self-declared". Static strings. */
const char *pb_pillar_name(pb_pillar p);
const char *pb_severity_name(pb_severity s);
const char *pb_status_name(pb_status s);
const char *pb_reliability_name(pb_reliability r);
int pb_reliability_permille(pb_reliability r);

/* The value of a spelling, or -1. */
int pb_pillar_of(const char *name);
int pb_severity_of(const char *name);
int pb_status_of(const char *name);
int pb_reliability_of(const char *name);

/* A row of the check catalogue, as it is spelled: 1 to 3 capitals, '-', 1 to 3 digits ("I-09"). At most 7 bytes. */
bool pb_row_valid(const char *row);

#endif
