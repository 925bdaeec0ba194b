/* For located.c and the binding probity.geo: whose cloud does a host's name name, and which of its regions? By cloud-hosts.tsv and
 * cloud-regions.tsv of rulesets/lists. */
#ifndef PROBITY_FACTS_CLOUD_H
#define PROBITY_FACTS_CLOUD_H

#include "facts/list.h"

/* Texts of the lists; "" where a row leaves one out. */
typedef struct pb_cloud {
	const char *provider, *whose;        /* "aws", "Amazon Web Services" */
	const char *region, *country, *place; /* "aws:eu-central-1", "DE", "Frankfurt"; all NULL: the name tells no region */
} pb_cloud;

/* host: a name, in any case. false: it is of no provider that the lists know, or they are not there. *looked is raised by the number
 * of keys that were asked for. */
bool pb_cloud_of(const pb_lists *lists, const char *host, pb_cloud *out, size_t *looked);

#endif
