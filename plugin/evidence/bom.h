/* What software bills of materials of all formats have in common. Private to evidence/. */
#ifndef PROBITY_EVIDENCE_BOM_H
#define PROBITY_EVIDENCE_BOM_H

#include "evidence/reader.h"

bool pb_is_cyclonedx(const pb_reading *r);
void pb_read_cyclonedx(pb_reading *r);
bool pb_is_spdx_json(const pb_reading *r);
void pb_read_spdx_json(pb_reading *r);
bool pb_is_spdx_tag(const pb_reading *r);
void pb_read_spdx_tag(pb_reading *r);
void pb_read_spdx_as_tags(pb_reading *r); /* what spdx_tag.c made of its lines */

/* bom.c: all fields of content, empty. */
void pb_bom_begin(pb_reading *r);
/* A row of components in list (the root: NULL, then a row that is the caller's), all its fields "". NULL: as pb_doc_row. */
json_t *pb_bom_component(pb_reading *r, json_t *list, const char *type);
/* The root: content.root, and a subject where it has a name. Takes root. */
void pb_bom_root(pb_reading *r, json_t *root);
void pb_bom_complete(pb_reading *r, const char *word);
/* One more word of "tool". */
void pb_bom_tool(pb_reading *r, const char *name, const char *version);

/* cyclonedx_vex.c: "vulnerabilities" as statements; refs: bom-ref to component rows. */
void pb_cyclonedx_statements(const pb_node *root, const json_t *refs);

#endif
