/* Private to rule_set*.c: an opened rule set. */
#ifndef PROBITY_FACTS_RULE_SET_INSIDE_H
#define PROBITY_FACTS_RULE_SET_INSIDE_H

#include "facts/yara_rules.h"

struct pb_rule_set {
	const pb_rule_file *files;
	size_t n;
	YR_RULES *rules;  /* of all sources together; NULL: there is none */
	size_t *space;    /* by index of a rule's namespace: its file */
	size_t n_spaces;
	size_t *file_of;  /* of the n-th source */
	size_t n_rules;
};

#endif
