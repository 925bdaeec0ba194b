#include "worker/context.h"

#include "facts/hints.h"

bool pb_context_discounts(const pb_lists *lists, const json_t *path)
{
	return lists && (pb_hints_of_path(lists, path) & pb_hints_discount(lists)) != 0;
}
