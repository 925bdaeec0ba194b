/* Private to this room: rulesets/lists/banners.tsv as patterns: texts by which libraries name themselves and their version. */
#ifndef PROBITY_FACTS_BANNERS_H
#define PROBITY_FACTS_BANNERS_H

#include "facts/lists.h"

/* Sets the sources PB_OWN_BANNERS and PB_OWN_SCRIPT_BANNERS; their texts are l->banners, to be freed. */
int pb_banners_read(pb_lists *l, pb_error *err);

#endif
