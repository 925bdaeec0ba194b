/* Where in a product does a finding weigh less? */
#ifndef PROBITY_WORKER_CONTEXT_H
#define PROBITY_WORKER_CONTEXT_H

#include <stdbool.h>

#include "base/json.h"

enum { PB_CONTEXT_KAPPA = 200 };

/* Below test/, tests/, doc/, docs/, example/, examples/ or fixtures/, in a Markdown file or a scanner's rule file. The product's own
 * name (the first element) does not count: whoever scans ./test/ asked for what is in it. */
bool pb_context_discounts(const json_t *path);

#endif
