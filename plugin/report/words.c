#include <stdio.h>
#include <string.h>

#include "findings/terms.h"
#include "report/text.h"

const json_t *pb_text_check(const json_t *report, const char *id)
{
	size_t i;
	json_t *check;

	json_array_foreach(json_object_get(report, "checks"), i, check) {
		if (strcmp(pb_json_str(check, "id", ""), id) == 0)
			return check;
	}
	return NULL;
}

json_t *pb_text_by_severity(const json_t *report)
{
	json_t *out = json_array();

	for (int s = PB_SEVERITIES - 1; s >= -1; s--) { /* -1: of a spelling that nobody knows */
		size_t i;
		json_t *check;

		json_array_foreach(json_object_get(report, "checks"), i, check) {
			if (pb_severity_of(pb_json_str(check, "severity", "")) == s &&
			    json_array_append(out, check) != 0) {
				json_decref(out);
				return NULL;
			}
		}
	}
	return out;
}

const char *pb_text_title(const json_t *check, const char *otherwise)
{
	const char *title = pb_json_str(check, "title", "");

	return title[0] != '\0' ? title : pb_json_str(check, "id", otherwise);
}

const char *pb_text_certainty(int64_t kappa)
{
	if (kappa >= 800)
		return "certain";
	if (kappa >= 600)
		return "likely";
	/* 200 is what the context discount leaves: tests, documentation, examples, comments. */
	return kappa > 200 ? "possible" : "in test or doc path";
}

const char *pb_text_plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

pb_style pb_text_severity_style(const char *severity)
{
	static const pb_style styles[PB_SEVERITIES] = {PB_DIM, PB_CYAN, PB_YELLOW, PB_RED, PB_ALARM};
	int s = pb_severity_of(severity);

	return s >= 0 ? styles[s] : PB_PLAIN;
}

void pb_text_size(int64_t bytes, char out[PB_TEXT_NUMBER])
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	int64_t unit = 1024;
	size_t u = 0;

	if (bytes < 1024) {
		(void)snprintf(out, PB_TEXT_NUMBER, "%lld byte%s", (long long)(bytes > 0 ? bytes : 0),
		               pb_text_plural(bytes));
		return;
	}
	while (u < 5 && bytes / unit >= 1024) {
		unit *= 1024;
		u++;
	}
	(void)snprintf(out, PB_TEXT_NUMBER, "%lld.%lld %s", (long long)(bytes / unit),
	               (long long)(bytes % unit / (unit / 1024) * 10 / 1024), units[u]);
}

void pb_text_milli(int64_t milli, char out[PB_TEXT_NUMBER])
{
	int64_t m = milli > 0 ? milli : 0;

	(void)snprintf(out, PB_TEXT_NUMBER, "%lld.%03lld", (long long)(m / 1000), (long long)(m % 1000));
}

static bool any_row(const json_t *report, const json_t *rows, const char *status, int64_t coverage)
{
	size_t r, i;
	json_t *row, *check;

	json_array_foreach(rows, r, row) {
		json_array_foreach(json_object_get(report, "checks"), i, check) {
			if (json_is_string(row) &&
			    strcmp(pb_json_str(check, "catalogue", ""), json_string_value(row)) == 0 &&
			    strcmp(pb_json_str(check, "status", ""), status) == 0 &&
			    pb_json_int(check, "coverage", 0) >= coverage)
				return true;
		}
	}
	return false;
}

bool pb_text_verified(const json_t *report, const json_t *required)
{
	return any_row(report, json_object_get(required, "rows"), "pass", 1);
}

bool pb_text_demanded(const json_t *report, const json_t *required)
{
	const json_t *only_if = json_object_get(required, "only_if");

	return json_array_size(only_if) == 0 || any_row(report, only_if, "fail", 0);
}
