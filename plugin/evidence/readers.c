/* The formats. The first that recognises a document reads it. */
#include "evidence/bom.h"
#include "evidence/intoto.h"
#include "evidence/others.h"
#include "evidence/reader.h"
#include "evidence/statement.h"

const pb_reader pb_readers[] = {
    /* first kind, known by, read by, mark of its JSON */
    {"unknown", pb_is_envelope, pb_read_envelope, "\"payloadType\""}, /* before all that could stand beside an envelope */
    {"provenance", pb_is_intoto, pb_read_intoto, "https://slsa.dev/provenance/"},
    {"rebuild", pb_is_link, pb_read_link, NULL},
    {"statement", pb_is_statement, pb_read_statement, "probity-statement/"},
    {"sbom", pb_is_cyclonedx, pb_read_cyclonedx, "\"bomFormat\""},
    {"sbom", pb_is_spdx_json, pb_read_spdx_json, "\"spdxVersion\""},
    {"sbom", pb_is_spdx_tag, pb_read_spdx_tag, NULL},
    {"signature", pb_is_signature_file, pb_read_signature_file, NULL},
    {"key", pb_is_key_file, pb_read_key_file, NULL},
};
const size_t pb_readers_count = sizeof pb_readers / sizeof pb_readers[0];
