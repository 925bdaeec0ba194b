#include "object/limits.h"

const pb_budget pb_budget_default = {
	.depth = 32,
	.members = 500000,
	.member_bytes = INT32_MAX - 2,
	.memory_bytes = (uint64_t)1 << 30,
	.total_bytes = (uint64_t)16 << 30,
	.ratio = 1000,
	.seconds = 600,
};
