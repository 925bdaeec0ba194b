#include "cli/diff.h"

#include <stdlib.h>
#include <string.h>

static const char *const lists[] = {"hosts",   "capabilities", "scripts",      "makers",
                                    "signers", "privileged",   "dependencies", "opaque"};

static json_t *side(const json_t *report)
{
	const json_t *p = json_object_get(report, "product"), *s = json_object_get(report, "score");

	return json_pack("{s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:s}", "name", pb_json_str(p, "name", ""), "version",
	                 pb_json_str(p, "version", ""), "kind", pb_json_str(p, "kind", ""), "sha256",
	                 pb_json_str(p, "sha256", ""), "trust_tenths", (json_int_t)pb_json_int(s, "trust_tenths", 0),
	                 "floor_tenths", (json_int_t)pb_json_int(s, "floor_tenths", 0), "confidence_permille",
	                 (json_int_t)pb_json_int(s, "confidence_permille", 0), "decision",
	                 pb_json_str(s, "decision", ""));
}

static bool has_text(const json_t *list, const char *text)
{
	const json_t *t;
	size_t i;

	json_array_foreach (list, i, t)
		if (json_string_value(t) && strcmp(json_string_value(t), text) == 0)
			return true;
	return false;
}

/* What is in one list and not in the other, in its order. */
static json_t *without(const json_t *list, const json_t *other)
{
	json_t *out = json_array(), *t;
	size_t i;

	json_array_foreach (list, i, t)
		if (json_string_value(t) && !has_text(other, json_string_value(t)))
			json_array_append(out, t);
	return out;
}

static json_t *inventory(const json_t *before, const json_t *after)
{
	const json_t *old = json_object_get(before, "inventory"), *new = json_object_get(after, "inventory");
	json_t *out = json_object();

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		json_t *more = without(json_object_get(new, lists[i]), json_object_get(old, lists[i]));
		json_t *less = without(json_object_get(old, lists[i]), json_object_get(new, lists[i]));

		if (json_array_size(more) + json_array_size(less) > 0)
			json_object_set_new(out, lists[i], json_pack("{s:O,s:O}", "new", more, "gone", less));
		json_decref(more);
		json_decref(less);
	}
	return out;
}

/* check, finding and key; or in place of the key where it lies, without the product's own file, "*" for its version. */
static char *name_of(const json_t *report, const json_t *finding, bool by_place)
{
	const char *version = pb_json_str(json_object_get(report, "product"), "version", ""), *rest, *hit;
	const json_t *path = json_object_get(json_array_get(json_object_get(finding, "evidence"), 0), "path");
	pb_buf text = {0};
	size_t n = strlen(version);
	int rc =
	    pb_buf_printf(&text, "%s\n%s\n", pb_json_str(finding, "check", ""), pb_json_str(finding, "finding", ""));

	if (!rc && !by_place)
		rc = pb_buf_printf(&text, "=%s", pb_json_str(finding, "key", ""));
	for (size_t i = 1; by_place && !rc && i < json_array_size(path); i++) {
		for (rest = json_string_value(json_array_get(path, i));
		     rest && n >= 3 && (hit = strstr(rest, version)) != NULL; rest = hit + n)
			rc = rc ? rc : pb_buf_printf(&text, "%.*s*", (int)(hit - rest), rest);
		rc = rc ? rc : pb_buf_printf(&text, "%s\n", rest ? rest : "");
	}
	if (!rc)
		return (char *)text.data;
	pb_buf_free(&text);
	return NULL;
}

static void add_name(json_t *names, const json_t *report, const json_t *finding, bool by_place)
{
	char *name = name_of(report, finding, by_place);

	if (name)
		json_object_set_new(names, name, json_true());
	free(name);
}

static bool is_known(const json_t *names, const json_t *report, const json_t *finding, bool by_place)
{
	char *name = name_of(report, finding, by_place);
	bool known = name && json_object_get(names, name);

	free(name);
	return known;
}

/* Findings of one report that the other has neither by their key nor at their place. */
static json_t *more_findings(const json_t *report, const json_t *other)
{
	json_t *names = json_object(), *out = json_array(), *f;
	size_t i;

	json_array_foreach (json_object_get(other, "findings"), i, f) {
		add_name(names, other, f, false);
		add_name(names, other, f, true);
	}
	json_array_foreach (json_object_get(report, "findings"), i, f)
		if (!is_known(names, report, f, false) && !is_known(names, report, f, true))
			json_array_append(out, f);
	json_decref(names);
	return out;
}

/* The checks of a report by their ids; of two of one id the first. */
static json_t *by_id(const json_t *report)
{
	json_t *out = json_object(), *c;
	size_t i;

	json_array_foreach (json_object_get(report, "checks"), i, c)
		if (!json_object_get(out, pb_json_str(c, "id", "")))
			json_object_set(out, pb_json_str(c, "id", ""), c);
	return out;
}

static int64_t demerit(const json_t *of, const char *id, const char **title)
{
	const json_t *c = json_object_get(of, id);

	*title = pb_json_str(c, "title", *title);
	return pb_json_int(c, "demerit_milli", 0);
}

/* Checks that weigh differently, in the order of the new report, then those that only the old one has. */
static json_t *checks(const json_t *before, const json_t *after)
{
	json_t *out = json_array(), *seen = json_object(), *c;
	json_t *was = by_id(before), *is = by_id(after);
	const json_t *const reports[] = {after, before};
	size_t i;

	for (size_t k = 0; k < 2; k++) {
		json_array_foreach (json_object_get(reports[k], "checks"), i, c) {
			const char *id = pb_json_str(c, "id", ""), *title = "";
			int64_t old = demerit(was, id, &title), new = demerit(is, id, &title);

			if (old != new && !json_object_get(seen, id))
				json_array_append_new(out, json_pack("{s:s,s:s,s:I,s:I}", "id", id, "title", title,
				                                     "old_demerit_milli", (json_int_t)old,
				                                     "new_demerit_milli", (json_int_t) new));
			json_object_set_new(seen, id, json_true());
		}
	}
	json_decref(seen);
	json_decref(was);
	json_decref(is);
	return out;
}

json_t *pb_diff_of(const json_t *before, const json_t *after)
{
	int64_t old = pb_json_int(json_object_get(before, "score"), "trust_tenths", 0),
	        new = pb_json_int(json_object_get(after, "score"), "trust_tenths", 0);
	json_t *out = json_pack("{s:s,s:o,s:o,s:b,s:o,s:{s:o,s:o},s:o}", "schema", "probity-diff/1", "old",
	                        side(before), "new", side(after), "trust_fell", new < old, "inventory",
	                        inventory(before, after), "findings", "new", more_findings(after, before), "gone",
	                        more_findings(before, after), "checks", checks(before, after));

	if (out && (!json_object_get(before, "inventory") || !json_object_get(after, "inventory")))
		json_object_set_new(out, "partial", json_true());
	return out;
}
