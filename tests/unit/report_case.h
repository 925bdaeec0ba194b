/* A product result, its score and its report, to take apart in tests of the report. */
#ifndef PROBITY_TESTS_REPORT_CASE_H
#define PROBITY_TESTS_REPORT_CASE_H

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "report/report.h"

#define HEX64 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

typedef struct report_case {
	json_t *document;
	pb_product_result result;
	pb_policy policy;
	pb_score score;
	pb_assessment how;
	json_t *database;
} report_case;

static inline json_t *case_check(const char *id, const char *row, const char *title, const char *claim,
                                 const char *severity, const char *reliability, const char *status, int coverage,
                                 const char *reason)
{
	char pillar[32];

	(void)snprintf(pillar, sizeof pillar, "%.*s", (int)strcspn(id, "."), id);
	return json_pack("{ss ss ss ss ss ss ss sb ss si ss}", "id", id, "catalogue", row, "title", title, "claim",
	                 claim, "pillar", pillar, "severity", severity, "reliability", reliability, "online", 0,
	                 "status", status, "coverage", coverage, "reason", reason);
}

static inline json_t *case_place(const char *container, const char *file)
{
	return json_pack("{s[ss] ss sI sI ss}", "path", container, file, "sha256", HEX64, "offset", (json_int_t)12,
	                 "length", (json_int_t)34, "excerpt", "an excerpt");
}

static inline json_t *case_finding(const char *check, const char *name, const char *key, int kappa,
                                   const char *severity, const char *says, const char *fix)
{
	return json_pack("{ss ss ss si ss ss ss s[ss] so}", "check", check, "finding", name, "key", key, "kappa", kappa,
	                 "severity", severity, "says", says, "remediation", fix, "maps", "paris:P6", "cwe:321",
	                 "evidence", json_array());
}

static inline void case_add(json_t *document, const char *list, json_t *item)
{
	(void)json_array_append_new(json_object_get(document, list), item);
}

static inline void case_add_finding(json_t *document, json_t *finding, json_t *place, json_t *other)
{
	(void)json_array_append_new(json_object_get(finding, "evidence"), place);
	if (other != NULL)
		(void)json_array_append_new(json_object_get(finding, "evidence"), other);
	case_add(document, "findings", finding);
}

/* A package with a private key, lazy binding in three programs, an old key in its documentation, and blind spots. */
static inline json_t *case_document(void)
{
	json_t *d = json_pack("{s{ss ss ss ss sI sI sI} s[] s[] s[] s[] s{s[sss] s[s] s[s]}}", "product", "name",
	                      "agent", "version", "3.2.1", "kind", "deb", "sha256", HEX64, "size", (json_int_t)53350,
	                      "objects", (json_int_t)94, "bytes", (json_int_t)319488, "checks", "findings", "limits",
	                      "packages", "principles", "P6", "integrity.key", "integrity.relro", "verification.sbom",
	                      "P5", "integrity.malware", "P2", "integrity.record");
	char key[32], file[64];

	case_add(d, "checks",
	         case_check("integrity.relro", "I-37", "Writable linkage table", "hardening", "high", "parsed", "fail",
	                    953, "encrypted member"));
	case_add(d, "checks",
	         case_check("integrity.key", "I-09", "Private key inside the product", "credentials", "high", "parsed",
	                    "fail", 1000, ""));
	case_add(d, "checks",
	         case_check("integrity.malware", "I-01", "Known malware", "malware", "critical", "exact", "unknown", 0,
	                    "no official database"));
	case_add(d, "checks",
	         case_check("integrity.record", "I-23", "Files that differ from RECORD", "contents", "critical",
	                    "verified", "n/a", 0, ""));
	case_add(d, "checks",
	         case_check("data-care.tls", "D-15", "Certificate checks off", "tls", "high", "exact", "pass", 1000,
	                    ""));
	case_add(d, "checks",
	         case_check("verification.sbom", "V-01", "Bill of materials", "sbom", "low", "self-declared", "unknown",
	                    0, "no evidence was supplied"));
	case_add(d, "checks",
	         case_check("culture.maintainer", "C-01", "Accountable maintainer", "accountability", "low",
	                    "self-declared", "pass", 1000, ""));
	case_add_finding(d,
	                 case_finding("integrity.key", "key", "old", 200, "high", "EC private key of the examples",
	                              "Rotate the key."),
	                 case_place("agent.deb", "usr/share/doc/agent/old.key"), NULL);
	for (int i = 0; i < 5; i++) {
		(void)snprintf(key, sizeof key, "program-%d", i);
		(void)snprintf(file, sizeof file, "usr/bin/program-%d", i);
		case_add_finding(d,
		                 case_finding("integrity.relro", "bindnow", key, 900, "low", "lazy binding",
		                              "Link with -z now."),
		                 case_place("agent.deb", file), NULL);
	}
	case_add_finding(d,
	                 case_finding("integrity.key", "key", "new", 900, "high", "RSA private key", "Rotate the key."),
	                 case_place("agent.deb", "etc/agent.key"), case_place("agent.deb", "usr/lib/copy.key"));
	for (int i = 0; i < 3; i++)
		case_add(d, "limits", json_pack("{s[ss] ss}", "path", "agent.deb", "model.zip", "why", "encrypted"));
	case_add(d, "limits", json_pack("{s[s] ss}", "path", "agent.deb", "why", "too deep"));
	return d;
}

static inline void case_business(pb_policy *p)
{
	*p = (pb_policy){
		.name = "business",
		.digest = HEX64,
		.weight = {1000, 1000, 750, 500},
		.confidence_weight = {3, 3, 2, 1},
		.half_life_days = 365,
		.accept_trust = 70,
		.accept_confidence = 50,
		.accept_floor = 25,
		.reject_below = 30,
		.n_required = 1,
	};
	p->required[0] =
	        (pb_required){.id = "sbom", .title = "a bill of materials", .catalogue = {"V-01"}, .n_catalogue = 1,
	                      .has_least = true, .least = PB_VENDOR_SIGNED};
}

/* Scores document (its reference is taken) days after the assessment. false: refused, and c->document alone is set. */
static inline bool case_score(report_case *c, json_t *document, int days)
{
	c->document = document;
	c->database = json_pack("{ss sb ss ss si ss}", "dir", "/var/lib/clamav", "official", 1, "version", "27800",
	                        "built", "2026-01-20", "signatures", 8700000, "digest", HEX64);
	c->how = (pb_assessment){
		.probity = "0.1.0",
		.clamav = "1.4.6",
		.yara = "4.2.3",
		.lua = "5.4.4",
		.clamav_db = c->database,
		.rules_digest = HEX64,
		.waivers_digest = "",
		.evidence_digest = "",
		.command = "",
	};
	(void)pb_date_parse("2026-02-01", &c->how.as_of);
	c->how.assessed = c->how.as_of - days;
	if (pb_product_result_read(document, &c->result, NULL) != PB_OK)
		return false;
	return pb_score_compute(&c->result, &c->policy, c->how.assessed, c->how.as_of, &c->score, NULL) == PB_OK;
}

static inline void case_free(report_case *c)
{
	pb_score_free(&c->score);
	pb_product_result_free(&c->result);
	json_decref(c->database);
	json_decref(c->document);
	*c = (report_case){.document = NULL};
}

/* The report of a document whose reference is taken, under the business policy, days after the assessment. */
static inline json_t *case_report(json_t *document, int days, pb_error *err)
{
	report_case c = {.document = NULL};
	json_t *report = NULL;

	case_business(&c.policy);
	if (case_score(&c, document, days))
		report = pb_report_new(&c.result, &c.policy, &c.score, &c.how, err);
	case_free(&c);
	return report;
}

#endif
