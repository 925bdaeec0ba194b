/* For this room, worker/ and bindings/: which texts name a host, and whose domain is it. The one place that asks libpsl. */
#ifndef PROBITY_FACTS_HOST_H
#define PROBITY_FACTS_HOST_H

#include <stdbool.h>

enum { PB_HOST_MAX = 254 }; /* with its NUL */

/* host: lower case, without brackets or port. True for an address, "localhost", and a name of letter-digit-hyphen labels below
 * a public suffix that libpsl knows (or below .local, .internal, .onion). Then *domain is the registrable domain, a part of
 * host; NULL for addresses, localhost, and what is itself a public suffix. */
bool pb_host_valid(const char *host, const char **domain);

#endif
