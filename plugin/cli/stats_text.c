/* What `check stats` has counted, for people: who fires how often, who could not look and why, who never fired. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/text.h"
#include "cli/lines.h"
#include "cli/stats.h"

enum { DAY = 86400, ID_COLUMNS = 38 };

/* "12.5 %" of all; "-" of none. */
static const char *share(int64_t n, int64_t of, char out[16])
{
	if (of > 0)
		snprintf(out, 16, "%.1f %%", 100.0 * (double)n / (double)of);
	else
		snprintf(out, 16, "-");
	return out;
}

static void one(const json_t *row)
{
	char fired[16], unknown[16], waived[16], day[11];
	int64_t applied = pb_json_int(row, "applied", 0), findings = pb_json_int(row, "findings", 0);
	char *id = pb_text_safe(pb_json_str(row, "id", ""), 0);
	pb_date_format(pb_json_int(row, "last_fired", 0) / DAY, day);
	printf("%-*s %6" PRId64 " %6" PRId64 " %8s %8s %8" PRId64 " %8s  %s\n", ID_COLUMNS, id ? id : "", applied,
	       pb_json_int(row, "fired", 0), share(pb_json_int(row, "fired", 0), applied, fired),
	       share(pb_json_int(row, "unknown", 0), applied, unknown), findings,
	       share(pb_json_int(row, "waived", 0), findings, waived), day);
	free(id);
}

static void table(const json_t *told)
{
	const json_t *row;
	bool any = false;
	size_t i;
	json_array_foreach (told, i, row) {
		if (pb_json_int(row, "fired", 0) == 0)
			continue;
		if (!any)
			printf("%-*s %6s %6s %8s %8s %8s %8s  %s\n", ID_COLUMNS, "check", "there", "fired", "share", "unknown",
			       "findings", "waived", "last");
		any = true;
		one(row);
	}
	if (!any)
		puts("No check fired.");
}

static void unknowns(const json_t *told)
{
	char of[16];
	const json_t *row;
	bool any = false;
	size_t i;
	json_array_foreach (told, i, row) {
		int64_t n = pb_json_int(row, "unknown", 0), applied = pb_json_int(row, "applied", 0);
		if (n == 0)
			continue;
		if (!any)
			puts("\nCould not look, and the most frequent reason");
		any = true;
		pb_line(2, "%s: %" PRId64 " of %" PRId64 " (%s); %" PRId64 " of these: %s", pb_json_str(row, "id", ""), n,
		        applied, share(n, applied, of), pb_json_int(row, "reason_products", 0), pb_json_str(row, "reason", ""));
	}
}

/* Those that never fired: there, or not even that. */
static void silent(const json_t *told, bool there, const char *title)
{
	const json_t *row;
	bool any = false;
	size_t i;
	json_array_foreach (told, i, row) {
		if (pb_json_int(row, "fired", 0) > 0 || (pb_json_int(row, "applied", 0) > 0) != there)
			continue;
		if (!any)
			printf("\n%s\n", title);
		any = true;
		pb_line(2, "%s: %s; there for %" PRId64, pb_json_str(row, "id", ""), pb_json_str(row, "title", ""),
		        pb_json_int(row, "applied", 0));
	}
}

void pb_stats_text(const json_t *told)
{
	table(told);
	unknowns(told);
	silent(told, true, "Never fired, though there was something that they apply to");
	silent(told, false, "Nothing that they apply to was ever there");
}
