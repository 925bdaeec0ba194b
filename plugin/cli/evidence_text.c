/* What lint found, for people. */
#include <stdio.h>
#include <string.h>

#include "cli/evidence.h"
#include "cli/lines.h"

static void rows(const json_t *list, const char *mark)
{
	const json_t *row;
	size_t i;

	json_array_foreach (list, i, row) {
		const char *does = pb_json_str(row, "do", "");

		pb_line(2, "%s%s: %s", mark, pb_json_str(row, "what", ""), pb_json_str(row, "says", ""));
		if (*does)
			pb_line(4, "to do: %s", does);
	}
}

static void document(const json_t *d)
{
	const char *signer = pb_json_str(d, "signer", ""), *format = pb_json_str(d, "format", "");
	bool read = strcmp(pb_json_str(d, "state", ""), "read") == 0;

	pb_line(0, "%s  %s%s%s%s%s%s%s%s", pb_json_str(d, "name", ""), pb_json_str(d, "kind", ""), *format ? " (" : "", format, *format ? ")" : "",
	        *signer ? ", signed by " : "", signer, *signer ? ", role " : "", pb_json_str(d, "role", ""));
	if (read && json_array_size(json_object_get(d, "wrong")) == 0)
		pb_line(2, "fine");
	rows(json_object_get(d, "wrong"), "");
	rows(json_object_get(d, "notes"), "note, ");
}

static void demands(const json_t *list, const char *title)
{
	const json_t *row;
	size_t i;

	if (json_array_size(list) > 0)
		pb_line(0, "%s", title);
	json_array_foreach (list, i, row) {
		pb_line(2, "%s: %s", pb_json_str(row, "id", ""), pb_json_str(row, "title", ""));
		pb_line(4, "%s", pb_json_str(row, "says", ""));
		pb_line(4, "to do: %s", pb_json_str(row, "do", ""));
	}
}

void pb_evidence_lint_text(const json_t *lint)
{
	const json_t *documents = json_object_get(lint, "documents"), *problems = json_object_get(lint, "problems"), *row;
	size_t i, wrong = 0;

	json_array_foreach (documents, i, row) {
		document(row);
		wrong += json_array_size(json_object_get(row, "wrong")) > 0;
	}
	if (json_array_size(problems) > 0)
		pb_line(0, "PROBLEMS");
	json_array_foreach (problems, i, row) {
		const char *name = pb_json_str(row, "document", "");

		pb_line(2, "%s%s%s", name, *name ? ": " : "", pb_json_str(row, "why", ""));
	}
	demands(json_object_get(lint, "missing"), "MISSING, and the policy demands it");
	demands(json_object_get(lint, "unjudged"), "NOT JUDGED");
	pb_line(0, "%zu documents, something is wrong with %zu; missing: %zu", json_array_size(documents), wrong,
	        json_array_size(json_object_get(lint, "missing")));
}
