/* In which country is an address registered? A dated table in DATA/rulesets/geo ("make geo" fetches it); without it nobody knows. */
#ifndef PROBITY_FACTS_GEO_H
#define PROBITY_FACTS_GEO_H

#include <stdbool.h>

#include "base/error.h"

typedef struct pb_geo pb_geo;

/* What geo.ini beside the table says of it; borrowed. */
typedef struct pb_geo_about {
	char source[300], date[11], licence[64], sha256[65]; /* date: "2026-06-17", of the table */
} pb_geo_about;

/* Opens FOLDER/country.mmdb; where there is none, *out is NULL and that is no error. geo.ini must be beside it, and its sha256 that of the
 * table: else PB_EINPUT. The table is mapped: open it before a box closes. */
int pb_geo_open(const char *folder, pb_geo **out, pb_error *err);
void pb_geo_close(pb_geo *g); /* NULL is fine */

const pb_geo_about *pb_geo_about_of(const pb_geo *g);
/* The country of an IPv4 or IPv6 address ("192.0.2.1", "2001:db8::1", "[2001:db8::1]"), two capital letters, into out. false: it is no address, or none
 * that the table knows. */
bool pb_geo_country(const pb_geo *g, const char *address, char out[3]);

#endif
