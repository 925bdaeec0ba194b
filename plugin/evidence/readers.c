/* The formats. The first that recognises a document reads it. */
#include "evidence/others.h"
#include "evidence/reader.h"
#include "evidence/statement.h"

const pb_reader pb_readers[] = {
    /* first kind, known by, read by, mark of its JSON */
    {"statement", pb_is_statement, pb_read_statement, "probity-statement/"},
    {"signature", pb_is_signature_file, pb_read_signature_file, NULL},
    {"key", pb_is_key_file, pb_read_key_file, NULL},
};
const size_t pb_readers_count = sizeof pb_readers / sizeof pb_readers[0];
