/* The formats. The first that recognises a document reads it. */
#include "evidence/bom.h"
#include "evidence/deb822.h"
#include "evidence/intoto.h"
#include "evidence/osv.h"
#include "evidence/others.h"
#include "evidence/ours.h"
#include "evidence/reader.h"
#include "evidence/sarif.h"
#include "evidence/security_txt.h"
#include "evidence/statement.h"
#include "evidence/vex.h"
#include "evidence/waivers.h"

const pb_reader pb_readers[] = {
    /* first kind, known by, read by, mark of its JSON */
    {"unknown", pb_is_envelope, pb_read_envelope, "\"payloadType\""}, /* before all that could stand beside an envelope */
    {"provenance", pb_is_intoto, pb_read_intoto, "https://slsa.dev/provenance/"},
    {"rebuild", pb_is_link, pb_read_link, NULL},
    {"statement", pb_is_statement, pb_read_statement, "probity-statement/"},
    {"sbom", pb_is_cyclonedx, pb_read_cyclonedx, "\"bomFormat\""},
    {"sbom", pb_is_spdx_json, pb_read_spdx_json, "\"spdxVersion\""},
    {"sbom", pb_is_spdx_tag, pb_read_spdx_tag, NULL},
    {"advisories", pb_is_csaf, pb_read_csaf, "\"csaf_version\""},
    {"advisories", pb_is_csaf_provider, pb_read_csaf_provider, "\"canonical_url\""},
    {"vex", pb_is_openvex, pb_read_openvex, "https://openvex.dev/ns"},
    {"osv", pb_is_osv, pb_read_osv, "\"affected\""},
    {"sarif", pb_is_sarif, pb_read_sarif, "sarif-2.1"},
    {"security-txt", pb_is_security_txt, pb_read_security_txt, NULL},
    {"changes", pb_is_deb822, pb_read_deb822, NULL}, /* and dsc, release, packages, .buildinfo */
    {"waivers", pb_is_waivers, pb_read_waivers, "probity-waivers/"},
    {"report", pb_is_report, pb_read_report, "probity-report/"},
    {"opinion", pb_is_opinion, pb_read_opinion, "probity-opinion/"},
    {"log", pb_is_log, pb_read_log, "\"previous\":\""},
    {"log", pb_is_checkpoint, pb_read_checkpoint, "probity-checkpoint/"},
    {"collected", pb_is_collected, pb_read_collected, "probity-collected/"},
    {"signature", pb_is_signature_file, pb_read_signature_file, NULL},
    {"key", pb_is_key_file, pb_read_key_file, NULL},
};
const size_t pb_readers_count = sizeof pb_readers / sizeof pb_readers[0];
