/* What a path or a value hints at: words of one table, rulesets/lists/hints.ini, for the engine's context discount and for checks. */
#ifndef PROBITY_FACTS_HINTS_H
#define PROBITY_FACTS_HINTS_H

#include "base/json.h"
#include "facts/facts.h"

enum { PB_HINT_CLASSES = 32 };

/* The name of class i ("test"); NULL past the last one. Sorted as in the table. */
const char *pb_hints_class(const pb_lists *l, size_t i);

/* The classes, as bits, of one element of a path: of the folders in it, each name whole, and of its suffix. Any case. */
uint32_t pb_hints_of(const pb_lists *l, const char *part);
/* Of a path, an array of elements. The first one is the product's own name, which does not count. */
uint32_t pb_hints_of_path(const pb_lists *l, const json_t *path);
uint32_t pb_hints_discount(const pb_lists *l); /* the classes in which a finding weighs less */

/* Why a value cannot be a real secret: the word of the table that it is or holds, "repeated" (one character), "sequence" ("123456"),
 * "template" ("${KEY}", "<your key>"), "empty"; NULL: nothing says so. Borrowed. */
const char *pb_hints_placeholder(const pb_lists *l, pb_bytes value);

#endif
