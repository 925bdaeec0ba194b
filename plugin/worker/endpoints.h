/* Reduce: the hosts of the inventory, with what each is worth knowing by: whose domain, where, how many objects name it. */
#ifndef PROBITY_WORKER_ENDPOINTS_H
#define PROBITY_WORKER_ENDPOINTS_H

#include "worker/join.h"

/* A new array of {"host","domain","regions":[...],"by","objects","connects"}, one for each of the inventory's hosts, in its order: as
 * bounded as that list. domain: the registrable one; "" for addresses and for names that nobody could register. regions: countries (ISO 3166),
 * none where nothing tells. by: what tells it (facts/located.h). connects: code that names it can open connections. NULL: no memory. */
json_t *pb_endpoints_of(const pb_join *j, const pb_lists *lists, const json_t *inventory);

#endif
