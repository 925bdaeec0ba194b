/* Reports that a keeper made while clamd or another host scanned. What a host alone decides is told as what it is: which database it had, what its limits left out, and
 * how it called bytes that had no name. */
#include <stdio.h>
#include <string.h>

#include "cli/verify.h"

static const char unnamed[] = "instream("; /* what clamd calls bytes that came over a socket */

static int note(json_t *out, const char *says)
{
	json_t *notes = pb_json_array_at(out, "notes");

	return notes && json_array_append_new(notes, json_string(says)) == 0 ? 0 : PB_ENOMEM;
}

/* A keeper does not know its hosts' databases: such a report names none. */
bool pb_verify_hosted(const json_t *report)
{
	const json_t *db = json_object_get(json_object_get(json_object_get(report, "assessment"), "engine"), "clamav_db");

	return json_is_object(db) && !*pb_json_str(db, "digest", "?") && !*pb_json_str(db, "dir", "?");
}

static const char *first_of(const json_t *row)
{
	const char *name = json_string_value(json_array_get(json_object_get(row, "path"), 0));

	return name && strncmp(name, unnamed, sizeof unnamed - 1) == 0 ? name : NULL;
}

const char *pb_verify_streamed(const json_t *report)
{
	const char *name = pb_json_str(json_object_get(report, "product"), "name", "");
	const json_t *f, *row;
	size_t i, k;

	if (!pb_verify_hosted(report))
		return NULL;
	if (strncmp(name, unnamed, sizeof unnamed - 1) == 0)
		return name;
	name = NULL;
	json_array_foreach (json_object_get(report, "findings"), i, f)
		json_array_foreach (json_object_get(f, "evidence"), k, row)
			name = name ? name : first_of(row);
	json_array_foreach (json_object_get(report, "limits"), i, row)
		name = name ? name : first_of(row);
	return name;
}

static bool has_limit(const json_t *report, const json_t *limit)
{
	const json_t *row;
	size_t i;

	json_array_foreach (json_object_get(report, "limits"), i, row)
		if (json_equal(row, limit))
			return true;
	return false;
}

int pb_verify_hosts_word(const json_t *report, const json_t *fresh, json_t *out, bool *limited)
{
	const json_t *limits = json_object_get(report, "limits"), *row;
	const char *streamed = pb_verify_streamed(report);
	char says[300];
	size_t i, n = 0;
	int rc;

	*limited = false;
	if (!pb_verify_hosted(report))
		return 0;
	rc = note(out, "a host (clamd, clamscan) scanned while it was made: which database that had is not in it; --database DIR names the one to compare with");
	if (!rc && streamed) {
		snprintf(says, sizeof says, "the bytes had no name, the host called them %.200s", streamed);
		rc = note(out, says);
	}
	json_array_foreach (limits, i, row)
		n += !has_limit(fresh, row);
	*limited = n > 0;
	if (rc || n == 0)
		return rc;
	snprintf(says, sizeof says, "the report tells of %zu limit%s of the host's scan that %s none here, so that what follows from %s differs", n, n == 1 ? "" : "s",
	         n == 1 ? "is" : "are", n == 1 ? "it" : "them");
	return pb_verify_problem(out, "circumstance", "limits", NULL, NULL, says);
}
