/* Where in a product does a finding weigh less? */
#ifndef PROBITY_WORKER_CONTEXT_H
#define PROBITY_WORKER_CONTEXT_H

#include <stdbool.h>

#include "base/json.h"
#include "facts/facts.h"

enum { PB_CONTEXT_KAPPA = 200 };

/* Below test/, tests/, doc/, docs/, example/, examples/ or fixtures/, in a Markdown file or a scanner's rule file: the classes that
 * [discount] of rulesets/lists/hints.ini names. The product's own name (the first element) does not count: whoever scans ./test/ asked
 * for what is in it. lists NULL: nowhere. */
bool pb_context_discounts(const pb_lists *lists, const json_t *path);

#endif
