/* One check: the table that an author writes, read into C. Functions stay in the sandbox's Lua state, by check index. */
#ifndef PROBITY_CHECKS_CHECK_H
#define PROBITY_CHECKS_CHECK_H

#include "base/error.h"
#include "findings/terms.h"

enum { PB_CHECK_FINDINGS = 32, PB_CHECK_LISTS = 64 };

/* What an answer rests on besides the bytes of an object. An object that went without it counts as not examined. */
typedef enum pb_need {
	PB_NEED_NOTHING,
	PB_NEED_CLAMAV /* "clamav": that ClamAV held its signatures against the object */
} pb_need;

typedef struct pb_finding_spec {
	char *name;      /* "key" */
	char *says;      /* "%s private key %s": %s and %d only, checked on loading */
	char *fix;       /* remediation, in plain words */
	pb_severity severity;       /* default: the check's; never above it */
	pb_reliability reliability; /* default: the check's; gives the default kappa */
	int placeholders;
} pb_finding_spec;

/* limits = { instructions = ..., pattern = ..., findings = ... }: what one call of the check may take, where it is less than what all
 * may (sandbox.h). 0: no less. */
typedef struct pb_check_limits {
	uint64_t instructions, steps, findings;
} pb_check_limits;

/* measured = { recall = 950, planted = 20, alarms = 1, clean = 210, date = "2026-11-22" }: how it did on findings that were planted in
 * clean products, and on clean products themselves. */
typedef struct pb_measured {
	int recall, planted, alarms, clean; /* recall: permille of the planted; alarms: clean products in which it found something above low */
	char date[11];                      /* "": nothing was measured */
} pb_measured;

typedef struct pb_check {
	char *id;          /* "integrity.private-key": pillar folder and file stem; "rules.NAME" for a folder's YARA files */
	char *file;        /* as it is named in errors */
	char *title, *why;
	char *confirm;     /* how a person confirms a finding of it by hand; NULL: it does not say */
	char *catalogue;   /* "I-09"; "" where the check is in no catalogue row */
	char *claim;       /* one of rulesets/claims.ini, whose pillar is the check's */
	pb_pillar pillar;
	pb_severity severity;
	pb_reliability reliability;
	bool online;
	pb_need needs;
	char **applies;    /* tags (facts.h); {"any"} by default */
	size_t n_applies;
	char *looks;       /* complete YARA source as it is compiled, NULL where there is none */
	int looks_line;    /* the line of file on which looks begins */
	char **maps;       /* "paris:P6", "cwe:321", ... each known to rulesets/mappings.ini; at least one paris: */
	size_t n_maps;
	char **hit, **clean; /* samples: file names in tests/samples/<pillar>/<stem>/, or beside a foreign check in <stem>.samples/ */
	char **expects;      /* for each of hit the finding that it must give; NULL: any */
	size_t n_hit, n_clean;
	pb_finding_spec findings[PB_CHECK_FINDINGS];
	size_t n_findings;
	bool has_object, has_product;
	pb_check_limits limits;
	pb_measured measured;
} pb_check;

void pb_check_free(pb_check *c);

#endif
