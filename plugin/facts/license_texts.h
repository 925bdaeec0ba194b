/* Private to this room: how licences are known by their words, and what Debian calls them. */
#ifndef PROBITY_FACTS_LICENSE_TEXTS_H
#define PROBITY_FACTS_LICENSE_TEXTS_H

#include <stdbool.h>
#include <stddef.h>

/* Goes over the licences that are known: *i counts up from 0, *id is the SPDX id where text (lower case, runs of blanks and
 * decoration as one blank) holds its words, else NULL. False after the last one. */
bool pb_license_in_text(const char *text, size_t *i, const char **id);

/* The SPDX id of a short name of Debian's copyright format ("Expat", "GPL-2+"); NULL where it has none. */
const char *pb_license_of_debian(const char *name);

int pb_license_order(const void *a, const void *b); /* for qsort of const char * */

#endif
