/* in-toto: envelopes, statements, links. Private to evidence/. */
#ifndef PROBITY_EVIDENCE_INTOTO_H
#define PROBITY_EVIDENCE_INTOTO_H

#include "evidence/reader.h"

#define PB_URN_REBUILD "urn:probity:rebuild:1"

bool pb_is_envelope(const pb_reading *r); /* DSSE, a Sigstore bundle, npm's attestations */
void pb_read_envelope(pb_reading *r);
bool pb_is_intoto(const pb_reading *r);
void pb_read_intoto(pb_reading *r);
bool pb_is_link(const pb_reading *r); /* in-toto's older form, of a rebuild */
void pb_read_link(pb_reading *r);

/* Of statements, whose subjects are read. */
void pb_read_provenance(const pb_node *predicate, const char *type); /* provenance.c: SLSA v0.2 and v1 */
void pb_read_rebuild(const pb_node *predicate, const pb_node *subjects);

/* The digests of {"sha256": ..., "gitCommit": ...} into row; what we do not keep is passed over. */
void pb_intoto_digests(const pb_node *digest, json_t *row);

/* rebuild.c: all fields of content of kind rebuild, empty. */
void pb_rebuild_begin(pb_reading *r);
/* A row of "files" and of subjects. NULL: as pb_doc_row. */
json_t *pb_rebuild_file(pb_reading *r, json_t *list, const char *name, int64_t size);

#endif
