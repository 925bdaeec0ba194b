/* For worker/: where is a host, by what tells it best? The same order as in scripts/data-care/residency.lua. */
#ifndef PROBITY_FACTS_LOCATED_H
#define PROBITY_FACTS_LOCATED_H

#include "facts/facts.h"

typedef enum pb_located_by {
	PB_LOCATED_NONE,    /* nothing tells it: it may be anywhere */
	PB_LOCATED_CCTLD,   /* the country's domain: under whose law the name is, not where the machine stands */
	PB_LOCATED_CLOUD,   /* the name of a provider's region in it */
	PB_LOCATED_ADDRESS, /* an address, by the table of countries (geo.h) */
} pb_located_by;

typedef struct pb_located {
	pb_located_by by;
	char country[3];    /* ISO 3166, "" with PB_LOCATED_NONE */
	const char *domain; /* the registrable domain, a part of host; NULL: an address, or no name that anybody could register */
} pb_located;

/* host: as the fact `hosts` has it. Anything else is nowhere. */
pb_located pb_host_located(const pb_lists *lists, const char *host);

const char *pb_located_by_name(pb_located_by by); /* "cctld" */

#endif
