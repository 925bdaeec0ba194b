/* The form of opinions: of reports, and as others send them. */
#include <string.h>

#include "base/date.h"
#include "base/fs.h"
#include "cli/opinion.h"
#include "report/reread.h"

enum { FILE_MAX = 32 << 20, CLAIMS_MAX = 2000, TEXT_MAX = 200 };

json_t *pb_opinion_json(const pb_opinion *x)
{
	return json_pack("{s:I,s:I,s:I,s:I}", "b", (json_int_t)x->b, "d", (json_int_t)x->d, "u", (json_int_t)x->u, "a", (json_int_t)x->a);
}

bool pb_opinion_read(const json_t *o, pb_opinion *out)
{
	*out = (pb_opinion){pb_json_int(o, "b", -1), pb_json_int(o, "d", -1), pb_json_int(o, "u", -1), pb_json_int(o, "a", -1)};
	return json_object_size(o) == 4 && out->b <= PB_OPINION_ONE && out->d <= PB_OPINION_ONE && out->u <= PB_OPINION_ONE && pb_opinion_valid(out);
}

int pb_opinion_file(const char *file, json_t **out, pb_error *err)
{
	pb_buf text = {0};
	int rc = pb_fs_read(file, FILE_MAX, &text, err);

	*out = rc ? NULL : pb_json_parse((pb_bytes){text.data, text.size}, FILE_MAX, file, err);
	pb_buf_free(&text);
	return rc ? rc : *out ? 0 : PB_EINPUT;
}

static json_t *claims_of(const json_t *report)
{
	json_t *out = json_array();
	const json_t *c;
	size_t i;

	json_array_foreach (json_object_get(report, "claims"), i, c) {
		pb_opinion x = pb_opinion_of_claim(pb_json_int(c, "lambda_milli", 0), pb_json_int(c, "worst_milli", 0));

		json_array_append_new(out, json_pack("{s:s,s:s,s:o}", "claim", pb_json_str(c, "claim", ""), "pillar", pb_json_str(c, "pillar", ""), "opinion",
		                                     pb_opinion_json(&x)));
	}
	return out;
}

json_t *pb_opinion_of_report(const json_t *report, const char *assessor, pb_error *err)
{
	json_t *again = pb_report_again(report, err), *out = NULL; /* nobody signs numbers that do not follow from the report */
	const json_t *score = json_object_get(report, "score"), *assessment = json_object_get(report, "assessment"), *engine = json_object_get(assessment, "engine");
	pb_opinion whole = pb_opinion_of_score((int)pb_json_int(score, "trust_tenths", 0), (int)pb_json_int(score, "floor_tenths", 0));

	if (!again)
		return NULL;
	if (!json_equal(again, report))
		(void)pb_fail(err, PB_EINPUT, "the report does not hold: `probity verify` says why");
	else
		out = json_pack("{s:s,s:s,s:s,s:s,s:s,s:{s:s,s:{s:s,s:s,s:s,s:s}},s:o,s:o}", "schema", "probity-opinion/1", "digest",
		                pb_json_str(json_object_get(report, "product"), "sha256", ""), "as_of", pb_json_str(assessment, "as_of", ""), "valid_until",
		                pb_json_str(score, "valid_until", ""), "assessor", assessor, "method", "rules_digest", pb_json_str(assessment, "rules_digest", ""),
		                "engine", "probity", pb_json_str(engine, "probity", ""), "clamav", pb_json_str(engine, "clamav", ""), "yara",
		                pb_json_str(engine, "yara", ""), "lua", pb_json_str(engine, "lua", ""), "opinion", pb_opinion_json(&whole), "claims",
		                claims_of(report));
	if (!out && !err->code)
		(void)pb_fail(err, PB_ENOMEM, "out of memory");
	json_decref(again);
	return out;
}

static bool is_digest(const char *s, bool none)
{
	size_t n = strlen(s);

	return (n == 64 || (none && n == 0)) && strspn(s, "0123456789abcdef") == n;
}

int pb_opinion_check(const json_t *s, pb_error *err)
{
	const json_t *claims = json_object_get(s, "claims"), *c, *method = json_object_get(s, "method");
	const char *assessor = pb_json_str(s, "assessor", "");
	pb_opinion x;
	int64_t day;
	size_t i;

	if (strcmp(pb_json_str(s, "schema", ""), "probity-opinion/1") != 0 || json_object_size(s) != 8)
		return pb_fail(err, PB_EINPUT, "not an opinion (probity-opinion/1)");
	if (!is_digest(pb_json_str(s, "digest", ""), false) || !is_digest(pb_json_str(method, "rules_digest", "?"), true))
		return pb_fail(err, PB_EINPUT, "digest, method.rules_digest: a SHA-256 in lower-case hex is wanted");
	if (!pb_date_parse(pb_json_str(s, "as_of", ""), &day) || !pb_date_parse(pb_json_str(s, "valid_until", ""), &day))
		return pb_fail(err, PB_EINPUT, "as_of, valid_until: a day is wanted, as in 2026-11-21");
	if (strlen(assessor) != 16 || strspn(assessor, "0123456789ABCDEF") != 16)
		return pb_fail(err, PB_EINPUT, "assessor: the id of a key is wanted");
	if (!pb_opinion_read(json_object_get(s, "opinion"), &x) || !json_is_array(claims) || json_array_size(claims) > CLAIMS_MAX)
		return pb_fail(err, PB_EINPUT, "opinion: b, d, u and a are wanted, b + d + u = 1000000000; at most %d claims", CLAIMS_MAX);
	json_array_foreach (claims, i, c) {
		size_t n = strlen(pb_json_str(c, "claim", ""));

		if (n == 0 || n > TEXT_MAX || pb_pillar_of(pb_json_str(c, "pillar", "")) < 0 || !pb_opinion_read(json_object_get(c, "opinion"), &x) ||
		    json_object_size(c) != 3)
			return pb_fail(err, PB_EINPUT, "claims[%zu]: claim, pillar and opinion are wanted", i);
	}
	return 0;
}
