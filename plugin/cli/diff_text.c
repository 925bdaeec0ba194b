#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/diff.h"

static const char *const titles[][2] = {{"hosts", "Hosts"},
                                        {"capabilities", "Capabilities"},
                                        {"scripts", "Scripts of package managers"},
                                        {"makers", "Who answers for it"},
                                        {"signers", "Signed by"},
                                        {"privileged", "Files with rights of their own"},
                                        {"dependencies", "Dependencies"},
                                        {"opaque", "Not looked into"}};

/* One line; the text is inert whatever it holds: a stored report may have been written by anybody. */
static int line(pb_buf *out, const char *mark, const char *text)
{
	char *safe = pb_text_safe(text, 0);
	int rc = safe ? pb_buf_printf(out, "  %s %s\n", mark, safe) : PB_ENOMEM;

	free(safe);
	return rc;
}

static int side(pb_buf *out, const char *label, const json_t *s)
{
	char *name = pb_text_safe(pb_json_str(s, "name", ""), 0),
	     *version = pb_text_safe(pb_json_str(s, "version", ""), 0);
	int64_t trust = pb_json_int(s, "trust_tenths", 0), sure = pb_json_int(s, "confidence_permille", 0);
	char *decision = pb_text_safe(pb_json_str(s, "decision", ""), 0);
	int rc =
	    name && version && decision
	        ? pb_buf_printf(out, "%s %s%s%s, Trust %" PRId64 ".%" PRId64 ", Confidence %" PRId64 " %%, %s\n", label,
	                        name, *version ? " " : "", version, trust / 10, trust % 10, sure / 10, decision)
	        : PB_ENOMEM;

	free(name);
	free(version);
	free(decision);
	return rc;
}

static int list(pb_buf *out, const char *title, const json_t *change)
{
	const json_t *t;
	size_t i;
	int rc = change ? pb_buf_printf(out, "\n%s\n", title) : 0;

	json_array_foreach (json_object_get(change, "new"), i, t)
		rc = rc ? rc : line(out, "+", json_string_value(t) ? json_string_value(t) : "");
	json_array_foreach (json_object_get(change, "gone"), i, t)
		rc = rc ? rc : line(out, "-", json_string_value(t) ? json_string_value(t) : "");
	return rc;
}

static int findings(pb_buf *out, const char *mark, const json_t *all)
{
	const json_t *f;
	size_t i;
	int rc = 0;

	json_array_foreach (all, i, f) {
		pb_buf text = {0};
		rc = rc ? rc
		        : pb_buf_printf(&text, "%-8s %s", pb_json_str(f, "severity", ""), pb_json_str(f, "says", ""));
		rc = rc ? rc : line(out, mark, (const char *)text.data);
		pb_buf_free(&text);
	}
	return rc;
}

/* Demerits halve trust every 10,000 (plugin/score/README.md): what a check weighs, in whole demerits. */
static int weights(pb_buf *out, const json_t *all)
{
	const json_t *c;
	size_t i;
	int rc = json_array_size(all) > 0 ? pb_buf_puts(out, "\nWhat it did to Trust (10 demerits halve it)\n") : 0;

	json_array_foreach (all, i, c) {
		int64_t change = pb_json_int(c, "new_demerit_milli", 0) - pb_json_int(c, "old_demerit_milli", 0),
		        size = change < 0 ? -change : change;
		pb_buf text = {0};
		rc = rc ? rc
		        : pb_buf_printf(&text, "%" PRId64 ".%03" PRId64 " %s", size / 1000, size % 1000,
		                        pb_json_str(c, "title", ""));
		rc = rc ? rc : line(out, change > 0 ? "+" : "-", (const char *)text.data);
		pb_buf_free(&text);
	}
	return rc;
}

int pb_diff_text(const json_t *diff, pb_buf *out)
{
	const json_t *changes = json_object_get(diff, "inventory"), *found = json_object_get(diff, "findings");
	bool any = json_array_size(json_object_get(found, "new")) + json_array_size(json_object_get(found, "gone")) > 0;
	int rc = side(out, "old:", json_object_get(diff, "old"));

	rc = rc ? rc : side(out, "new:", json_object_get(diff, "new"));
	if (!rc && json_is_true(json_object_get(diff, "partial")))
		rc = pb_buf_puts(
		    out,
		    "A report has no inventory: hosts, capabilities and the like are not held against each other.\n");
	for (size_t i = 0; i < sizeof titles / sizeof *titles && !rc; i++)
		rc = list(out, titles[i][1], json_object_get(changes, titles[i][0]));
	if (!rc && any)
		rc = pb_buf_puts(out, "\nFindings\n");
	rc = rc ? rc : findings(out, "+", json_object_get(found, "new"));
	rc = rc ? rc : findings(out, "-", json_object_get(found, "gone"));
	rc = rc ? rc : weights(out, json_object_get(diff, "checks"));
	if (!rc && !any && json_object_size(changes) == 0)
		rc = pb_buf_puts(out, "\nNo difference was found in what is looked at.\n");
	return rc ? rc
	          : pb_buf_puts(out, json_is_true(json_object_get(diff, "trust_fell")) ? "\nTrust fell.\n"
	                                                                               : "\nTrust did not fall.\n");
}
