/* What a dossier says: asked of a process in a box, and checked before anybody relies on it. */
#ifndef PROBITY_KEEPER_EVIDENCE_H
#define PROBITY_KEEPER_EVIDENCE_H

#include "keeper/keeper.h"

/* input: sealed (worker/evidence.h), stays yours; product: the product's own file, -1: none. It may take four times what one object
 * may. "probity-evidence/1" as a new
 * reference. 0; PB_EINTERNAL: the process died, took too long or spoke nonsense, and err says which; PB_EIO: interrupted. */
int pb_keeper_evidence(pb_keeper *k, int input, int product, json_t **out, pb_error *err);

/* The same with all these files ({"name","size","list"}) refused, for this reason. New reference; NULL: no memory. */
json_t *pb_evidence_refused(const json_t *files, const char *why);

#endif
