#include "evidence/statement_types.h"

/* probity-statement-1.schema.json says the same; tests/unit/test_evidence_statement.c holds them against each other. */

#define END {NULL, PB_FIELD_END, false, NULL}

static const pb_field audit[] = {
    {"auditor", PB_FIELD_TEXT, true, NULL},     {"products", PB_FIELD_TEXTS, true, NULL},   {"versions", PB_FIELD_TEXTS, false, NULL},
    {"scope", PB_FIELD_TEXT, true, NULL},       {"method", PB_FIELD_TEXT, false, NULL},     {"period_start", PB_FIELD_DAY, true, NULL},
    {"period_end", PB_FIELD_DAY, true, NULL},   {"result", PB_FIELD_TEXT, false, NULL},     {"report_sha256", PB_FIELD_SHA256, false, NULL},
    END,
};

static const pb_field declaration[] = {
    {"entity", PB_FIELD_TEXT, false, NULL},      {"address", PB_FIELD_TEXT, false, NULL},        {"country", PB_FIELD_TEXT, false, NULL},
    {"contact", PB_FIELD_TEXT, false, NULL},     {"claims", PB_FIELD_SLUGS, false, NULL},        {"privacy_notice", PB_FIELD_TEXT, false, NULL},
    {"conformity", PB_FIELD_TEXTS, false, NULL}, {"text", PB_FIELD_TEXT, false, NULL},           END,
};

static const pb_field support_period[] = {
    {"until", PB_FIELD_DAY, true, NULL},        {"from", PB_FIELD_DAY, false, NULL},     {"products", PB_FIELD_TEXTS, false, NULL},
    {"versions", PB_FIELD_TEXTS, false, NULL},  {"updates", PB_FIELD_TEXT, false, NULL}, END,
};

static const pb_field transparency[] = {
    {"period_start", PB_FIELD_DAY, true, NULL},  {"period_end", PB_FIELD_DAY, true, NULL}, {"requests", PB_FIELD_COUNT, false, NULL},
    {"complied", PB_FIELD_COUNT, false, NULL},   {"url", PB_FIELD_TEXT, false, NULL},      END,
};

static const pb_field commitment[] = {{"names", PB_FIELD_TEXTS, true, NULL}, {"url", PB_FIELD_TEXT, false, NULL}, END};

static const pb_field recipient[] = {
    {"host", PB_FIELD_TEXT, true, NULL},
    {"name", PB_FIELD_TEXT, false, NULL},
    {"region", PB_FIELD_TEXT, false, NULL},
    {"purpose", PB_FIELD_TEXT, false, NULL},
    END,
};
static const pb_field processor[] = {
    {"name", PB_FIELD_TEXT, true, NULL},
    {"region", PB_FIELD_TEXT, false, NULL},
    {"purpose", PB_FIELD_TEXT, false, NULL},
    END,
};
static const pb_field defaults[] = {
    {"opt-in", PB_FIELD_TEXT, false, NULL}, {"opt-out", PB_FIELD_TEXT, false, NULL}, {"none", PB_FIELD_TEXT, false, NULL}, END};
static const pb_field telemetry[] = {
    {"present", PB_FIELD_YES, true, NULL},
    {"default", PB_FIELD_ONE_OF, false, defaults},
    {"switch", PB_FIELD_TEXT, false, NULL},
    END,
};
static const pb_field data_manifest[] = {
    {"purposes", PB_FIELD_TEXTS, true, NULL},       {"categories", PB_FIELD_TEXTS, true, NULL},
    {"recipients", PB_FIELD_ROWS, true, recipient}, {"regions", PB_FIELD_TEXTS, false, NULL},
    {"legal_basis", PB_FIELD_TEXTS, false, NULL},   {"retention", PB_FIELD_TEXT, false, NULL},
    {"deletion", PB_FIELD_TEXT, false, NULL},       {"processors", PB_FIELD_ROWS, false, processor},
    {"telemetry", PB_FIELD_OBJECT, false, telemetry}, END,
};

static const pb_field protocols[] = {{"tcp", PB_FIELD_TEXT, false, NULL}, {"udp", PB_FIELD_TEXT, false, NULL}, END};
static const pb_field port[] = {
    {"port", PB_FIELD_PORT, true, NULL},
    {"proto", PB_FIELD_ONE_OF, true, protocols},
    {"why", PB_FIELD_TEXT, false, NULL},
    END,
};
static const pb_field capabilities[] = {
    {"capabilities", PB_FIELD_TEXTS, true, NULL},
    {"ports", PB_FIELD_ROWS, true, port},
    {"accounts", PB_FIELD_TEXTS, false, NULL},
    END,
};

static const pb_field answer[] = {
    {"check", PB_FIELD_TEXT, true, NULL},
    {"key", PB_FIELD_TEXT, true, NULL},
    {"says", PB_FIELD_TEXT, true, NULL},
    END,
};
static const pb_field response[] = {{"answers", PB_FIELD_ROWS, true, answer}, END};

static const pb_field disclosure_policy[] = {
    {"contact", PB_FIELD_TEXT, true, NULL},
    {"policy", PB_FIELD_TEXT, false, NULL},
    {"response_days", PB_FIELD_COUNT, false, NULL},
    {"bounty", PB_FIELD_YES, false, NULL},
    END,
};

static const pb_field source[] = {
    {"repository", PB_FIELD_TEXT, false, NULL},       {"revision", PB_FIELD_TEXT, false, NULL}, {"archive", PB_FIELD_TEXT, false, NULL},
    {"archive_sha256", PB_FIELD_SHA256, false, NULL}, {"version", PB_FIELD_TEXT, false, NULL},  END,
};

static const pb_field documentation[] = {
    {"ports", PB_FIELD_ROWS, false, port},       {"accounts", PB_FIELD_TEXTS, false, NULL},
    {"data_flow", PB_FIELD_TEXT, false, NULL},   {"support_end", PB_FIELD_DAY, false, NULL},
    {"declaration_of_conformity", PB_FIELD_TEXT, false, NULL}, {"url", PB_FIELD_TEXT, false, NULL}, END,
};

static const pb_field item[] = {
    {"name", PB_FIELD_TEXT, true, NULL},
    {"version", PB_FIELD_TEXT, false, NULL},
    {"sha256", PB_FIELD_SHA256, true, NULL},
    {"signed_by", PB_FIELD_TEXT, false, NULL},
    END,
};
static const pb_field content_updates[] = {{"items", PB_FIELD_ROWS, true, item}, END};

const pb_statement_type pb_statement_types[] = {
    {"audit", audit},
    {"penetration-test", audit},
    {"declaration", declaration},
    {"support-period", support_period},
    {"transparency", transparency},
    {"commitment", commitment},
    {"data-manifest", data_manifest},
    {"capabilities", capabilities},
    {"response", response},
    {"disclosure-policy", disclosure_policy},
    {"source", source},
    {"documentation", documentation},
    {"content-updates", content_updates},
};
const size_t pb_statement_types_count = sizeof pb_statement_types / sizeof pb_statement_types[0];
