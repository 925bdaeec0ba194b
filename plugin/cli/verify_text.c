#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/verify.h"

enum { SHOWN = 20, VALUE = 100 };

/* A value as one line that can do nothing to a terminal. */
static char *shown(const json_t *v)
{
	char *text = json_is_string(v) ? strdup(json_string_value(v)) : pb_json_canonical(v);
	char *safe = text ? pb_text_safe(text, VALUE) : NULL;

	free(text);
	return safe;
}

static int problem(pb_buf *out, const json_t *p)
{
	const json_t *report = json_object_get(p, "report"), *found = json_object_get(p, "found");
	char *field = pb_text_safe(pb_json_str(p, "field", ""), 300), *says = pb_text_safe(pb_json_str(p, "says", ""), 900);
	char *a = shown(report), *b = shown(found);
	int rc = field && says && a && b ? 0 : PB_ENOMEM;

	rc = rc ? rc : pb_buf_printf(out, "  - %s%s%s\n", field, *field ? ": " : "", says);
	if (!rc && !json_is_null(report))
		rc = pb_buf_printf(out, "      the report says: %s\n", a);
	if (!rc && !json_is_null(found))
		rc = pb_buf_printf(out, "      found:           %s\n", b);
	free(field);
	free(says);
	free(a);
	free(b);
	return rc;
}

static int signature(pb_buf *out, const json_t *s)
{
	char *key = pb_text_safe(pb_json_str(s, "key", ""), 200), *root = pb_text_safe(pb_json_str(s, "root", ""), 100);
	char *role = pb_text_safe(pb_json_str(s, "role", ""), 40), *why = pb_text_safe(pb_json_str(s, "why", ""), 300);
	bool verified = json_is_true(json_object_get(s, "verified"));
	int rc = key && root && role && why ? 0 : PB_ENOMEM;

	rc = rc ? rc
	        : pb_buf_printf(out, "  %s  signature of key %s%s%s%s%s%s%s\n", verified ? "holds " : "DIFFERS", key, *root ? ", trust root " : "", root,
	                        *role ? ", role " : "", role, *why ? ": " : "", why);
	free(key);
	free(root);
	free(role);
	free(why);
	return rc;
}

static int counts(pb_buf *out, const json_t *r)
{
	const json_t *numbers = json_object_get(r, "numbers"), *evidence = json_object_get(r, "evidence"), *s;
	size_t i;
	int rc = 0;

	if (numbers)
		rc = pb_buf_printf(out, "  %" PRId64 " of %" PRId64 " numbers and words of the score hold, made again from the report alone\n",
		                   pb_json_int(numbers, "hold", 0), pb_json_int(numbers, "compared", 0));
	if (!rc && evidence)
		rc = pb_buf_printf(out, "  %" PRId64 " of %" PRId64 " evidence records hold, derived again from the product\n", pb_json_int(evidence, "hold", 0),
		                   pb_json_int(evidence, "records", 0));
	if (!rc && !evidence)
		rc = pb_buf_puts(out, "  not looked at: what was found, where bytes and hosts are, what is declared, since no product was given\n");
	json_array_foreach (json_object_get(r, "signatures"), i, s)
		rc = rc ? rc : signature(out, s);
	return rc;
}

int pb_verify_text(const json_t *r, pb_buf *out)
{
	const json_t *product = json_object_get(r, "product"), *problems = json_object_get(r, "problems"), *p;
	char *file = pb_text_safe(pb_json_str(r, "file", ""), 300), *name = pb_text_safe(pb_json_str(product, "name", ""), 200);
	char *version = pb_text_safe(pb_json_str(product, "version", ""), 100);
	int64_t more = pb_json_int(r, "more", 0), explained = pb_json_int(r, "explained", 0);
	size_t n = json_array_size(problems), i;
	int rc = file && name && version ? 0 : PB_ENOMEM;

	rc = rc ? rc : pb_buf_printf(out, "%s: %s%s%s%s%s\n", file, json_is_true(json_object_get(r, "holds")) ? "HOLDS" : "DOES NOT HOLD", *name ? ", " : "", name,
	                             *version ? " " : "", version);
	rc = rc ? rc : counts(out, r);
	json_array_foreach (json_object_get(r, "notes"), i, p) {
		char *says = pb_text_safe(json_string_value(p), 400);

		rc = rc ? rc : says ? pb_buf_printf(out, "  note: %s\n", says) : PB_ENOMEM;
		free(says);
	}
	json_array_foreach (problems, i, p)
		if (!rc && i < SHOWN)
			rc = problem(out, p);
	more += n > SHOWN ? (int64_t)(n - SHOWN) : 0;
	if (!rc && more)
		rc = pb_buf_printf(out, "  - and %" PRId64 " more; -f json names up to %d\n", more, PB_VERIFY_PROBLEMS);
	if (!rc && explained)
		rc = pb_buf_printf(out, "  %" PRId64 " other fields differ as well, which other rules, versions, database, policy or limits may explain\n", explained);
	free(file);
	free(name);
	free(version);
	return rc;
}
