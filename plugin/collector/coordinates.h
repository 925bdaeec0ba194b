/* What sources are told of a product: names, no bytes. */
#ifndef PROBITY_COLLECTOR_COORDINATES_H
#define PROBITY_COLLECTOR_COORDINATES_H

#include "base/json.h"

/* The members that are texts; --set gives them. Ends with NULL. */
extern const char *const pb_coordinate_names[];

/* {"name","version","kind","sha256","purl","homepage","domain","repository","packages":[{"name","version","kind","purl"}]} of a product result or of a
 * report (whose packages are not in it): what its metadata declares; what nothing declares is not there. New reference; NULL: no memory. */
json_t *pb_coordinates_of(const json_t *result);

/* Sets one, and what follows from it (the domain of a homepage, the purl of name and version) where that is not there. */
int pb_coordinates_set(json_t *coordinates, const char *name, const char *value);

#endif
