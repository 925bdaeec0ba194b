/* Lua's patterns with counted steps. Lua's own matcher can run for hours on 800 bytes, and no count hook sees it; its language
 * is kept (reference manual, 6.4.1), its matching is done here. Private to checks/. */
#ifndef PROBITY_CHECKS_PATTERN_H
#define PROBITY_CHECKS_PATTERN_H

#include <lua.h>

#include "base/bytes.h"

enum { PB_PATTERN_ITEMS = 256, PB_PATTERN_CAPTURES = 32, PB_PATTERN_BYTES = 1000 };
enum { PB_CAPTURE_OPEN = -1, PB_CAPTURE_PLACE = -2 };

/* What one item stands for, and how often it may match. */
enum { PB_ITEM_SET, PB_ITEM_OPEN, PB_ITEM_CLOSE, PB_ITEM_PLACE, PB_ITEM_BACK, PB_ITEM_BALANCE, PB_ITEM_FRONTIER, PB_ITEM_END };
enum { PB_TIMES_ONE, PB_TIMES_ANY, PB_TIMES_SOME, PB_TIMES_LAZY, PB_TIMES_MAYBE }; /* "", '*', '+', '-', '?' */

typedef struct pb_pattern_item {
	uint8_t kind, quantifier, a, b; /* a and b: a capture's number, %b's pair */
	uint32_t set[8];                /* the bytes that match, as bits */
} pb_pattern_item;

typedef struct pb_pattern {
	pb_pattern_item items[PB_PATTERN_ITEMS];
	int n_items, n_captures;
	bool anchored; /* began with '^' */
} pb_pattern;

typedef struct pb_capture {
	size_t at;
	ptrdiff_t length; /* or PB_CAPTURE_PLACE: "()" */
} pb_capture;

typedef struct pb_match {
	size_t at, end;
	pb_capture capture[PB_PATTERN_CAPTURES];
} pb_match;

/* anchor: does a leading '^' mean the start of the subject? (not in gmatch). NULL, or what is wrong with the pattern. */
const char *pb_pattern_read(const char *pattern, size_t n, bool anchor, pb_pattern *out);

/* The first match at or after `from`. Raises when the steps are spent. */
bool pb_pattern_find(lua_State *L, const pb_pattern *p, pb_bytes subject, size_t from, pb_match *out);

#endif
