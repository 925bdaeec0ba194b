#include "cli/anchor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int same(void *user, const char *line, const char *digest)
{
	(void)line;
	return strcmp(digest, user) == 0;
}

pb_anchored pb_anchor_look(pb_anchor *a, pb_store *store, int64_t now, bool anyway, char out[PB_ANCHOR_TEXT])
{
	pb_anchor before = *a;
	char digest[65];
	int64_t n;
	int there;

	if (!store || pb_store_head(store, &n, digest, NULL))
		return PB_ANCHOR_NOT_NOW;
	/* A log that has become shorter is looked at at once. */
	if (!anyway && (n == a->line || (now - a->time < PB_ANCHOR_SECONDS && n > a->line && n - a->line < PB_ANCHOR_LINES)))
		return PB_ANCHOR_NOT_NOW;
	there = before.line > 0 ? pb_store_log(store, before.line + 1, 1, same, before.digest, NULL) : 1;
	if (there < 0)
		return PB_ANCHOR_NOT_NOW;
	*a = (pb_anchor){.line = n, .time = now};
	memcpy(a->digest, digest, sizeof digest);
	if (there == 1)
		snprintf(out, PB_ANCHOR_TEXT, "line %" PRId64 " of the log has digest %s", n, digest);
	else
		snprintf(out, PB_ANCHOR_TEXT, "the log was cut off or changed by somebody else: line %" PRId64 " had digest %s, and has it no more",
		         before.line, before.digest);
	return there == 1 ? PB_ANCHOR_NOTE : PB_ANCHOR_BROKEN;
}
