/* plugin/evidence: what Probity itself writes. Reports, opinions, lines of the log, checkpoints. */
#include "evidence_case.h"

#include "base/buf.h"
#include "base/chain.h"
#include "base/hash.h"

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

#define REPORT(decision, rest) \
	"{\"assessment\":{\"as_of\":\"2026-03-04\",\"policy\":{\"digest\":\"" SHA "\",\"name\":\"business\"},\"rules_digest\":\"" SHA "\"}," \
	"\"findings\":[{\"severity\":\"high\",\"waived\":\"\"},{\"severity\":\"high\",\"waived\":\"borne\"},{\"severity\":\"low\"}]," \
	"\"product\":{\"name\":\"a\\\\x1b b\",\"sha256\":\"" SHA "\",\"version\":\"1\"},\"schema\":\"probity-report/1\"," \
	"\"score\":{\"confidence_permille\":441,\"decision\":\"" decision "\",\"floor_tenths\":2,\"trust_tenths\":1000,\"valid_until\":\"2026-05-06\"}" rest "}"

static void a_report(void **state)
{
	static const char text[] = REPORT("conditional", "");
	json_t *d = good(text, "report", "probity-report/1");
	char sha256[65];

	(void)state;
	assert_true(pb_sha256_of((pb_bytes){(const uint8_t *)text, sizeof text - 1}, sha256));
	assert_string_equal(pb_json_str(json_object_get(d, "content"), "report_sha256", ""), sha256);
	json_object_del(json_object_get(d, "content"), "report_sha256");
	says(d, "issued", "\"2026-03-04\"");
	says(d, "expires", "\"2026-05-06\"");
	says(d, "subjects", "[{\"md5\":\"\",\"name\":\"a\\\\x1b b\",\"purl\":\"\",\"sha1\":\"\",\"sha256\":\"" SHA "\",\"sha512\":\"\"}]");
	says(d, "content", "{\"as_of\":\"2026-03-04\",\"confidence_permille\":441,\"decision\":\"conditional\","
	                   "\"findings\":{\"critical\":0,\"high\":2,\"info\":0,\"low\":1,\"medium\":0,\"waived\":1},\"floor_tenths\":2,\"left_out\":0,"
	                   "\"name\":\"a\\\\x1b b\",\"policy\":\"business\",\"policy_digest\":\"" SHA "\",\"rules_digest\":\"" SHA "\",\"sha256\":\"" SHA
	                   "\",\"trust_tenths\":1000,\"version\":\"1\"}");
	json_decref(d);
	json_decref(good(REPORT("accept", "") "\n", "report", "probity-report/1"));
	refused(REPORT("accept", "") "\n\n", "report", "not as it was written: reports are read in their canonical form alone");
	refused(" " REPORT("accept", ""), "report", "not as it was written: reports are read in their canonical form alone");
	refused(REPORT("good", ""), "report", "score.decision: no decision: good");
	refused("{\"schema\":\"probity-report/2\"}", "report", "schema: probity-report/2 is not probity-report/1");
}

#define STATEMENT(digest) \
	"{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"x\",\"digest\":{\"sha256\":\"" digest "\"}}]," \
	"\"predicateType\":\"urn:probity:report:1\",\"predicate\":" REPORT("reject", "") "}"

/* In a statement its text is the statement's, which the signature is over. */
static void a_stated_report(void **state)
{
	json_t *d = good(STATEMENT(SHA), "report", "probity-report/1");

	(void)state;
	assert_int_equal(json_array_size(json_object_get(d, "subjects")), 1);
	content_says(d, "decision", "\"reject\"");
	json_decref(d);
	refused(STATEMENT(ZEROS), "report", "product.sha256: the statement around the report is about another product");
}

#define WEIGHTS(b, d, u, a) "{\"a\":" #a ",\"b\":" #b ",\"d\":" #d ",\"u\":" #u "}"
#define OPINION(digest, weights) \
	"{\"schema\":\"probity-opinion/1\",\"digest\":\"" digest "\",\"as_of\":\"2026-03-04\",\"valid_until\":\"2026-05-06\",\"assessor\":\"0123456789ABCDEF\"," \
	"\"method\":{\"rules_digest\":\"" SHA "\",\"engine\":{}},\"opinion\":" weights ",\"claims\":[{\"claim\":\"backdoor\",\"pillar\":\"integrity\",\"opinion\":" \
	WEIGHTS(0, 1000000000, 0, 500000000) "}]}"

static void an_opinion(void **state)
{
	static const char text[] = OPINION(SHA, WEIGHTS(700000000, 100000000, 200000000, 500000000));
	json_t *d = good(text, "opinion", "probity-opinion/1");

	(void)state;
	says(d, "issued", "\"2026-03-04\"");
	says(d, "expires", "\"2026-05-06\"");
	says(d, "by", "\"0123456789ABCDEF\"");
	says(d, "content", "{\"assessor\":\"0123456789ABCDEF\",\"claims\":[{\"claim\":\"backdoor\",\"opinion\":" WEIGHTS(0, 1000000000, 0, 500000000)
	                   ",\"pillar\":\"integrity\"}],\"digest\":\"" SHA "\",\"left_out\":0,\"opinion\":" WEIGHTS(700000000, 100000000, 200000000, 500000000)
	                   ",\"rules_digest\":\"" SHA "\"}");
	assert_string_equal(pb_json_str(json_array_get(json_object_get(d, "subjects"), 0), "sha256", ""), SHA);
	json_decref(d);
	refused(OPINION(SHA, WEIGHTS(1, 2, 3, 0)), "opinion", "opinion: b + d + u is 6, not 1000000000");
	refused(OPINION(SHA, WEIGHTS(-1, 1000000000, 1, 0)), "opinion", "opinion.b: a number from 0 to 1000000000 is wanted");
	refused(OPINION("12", WEIGHTS(0, 0, 1000000000, 0)), "opinion", "digest: a SHA-256 in hex is wanted, not: 12");
	spoil_json(text);
}

/* count lines from 1 on, the second and each third of another product; the oldest or the newest first. */
static char *log_of(int count, bool newest_first)
{
	pb_buf out = {0};
	pb_chain chain;
	char **lines = calloc((size_t)count, sizeof *lines);

	assert_non_null(lines);
	pb_chain_begin(&chain);
	for (int i = 0; i < count; i++) {
		json_t *line = i % 3 == 2 ? json_pack("{s:I,s:s}", "time", (json_int_t)86400 * i, "what", "probityd began")
		                          : json_pack("{s:s,s:i,s:I,s:s,s:s,s:s,s:s}", "report_sha256", i % 3 ? "" : SHA, "id", i + 1, "time", (json_int_t)86400 * i,
		                                      "sha256", i % 3 ? ZEROS : SHA, "name", "app\\x1b", "version", "1", "decision", "accept");

		assert_non_null(line);
		lines[i] = pb_chain_add(&chain, line);
		assert_non_null(lines[i]);
		json_decref(line);
	}
	for (int i = 0; i < count; i++)
		assert_int_equal(pb_buf_printf(&out, "%s\n", lines[newest_first ? count - 1 - i : i]), 0);
	for (int i = 0; i < count; i++)
		free(lines[i]);
	free(lines);
	assert_int_equal(pb_buf_add(&out, "", 1), 0);
	return (char *)out.data;
}

static void a_log(void **state)
{
	(void)state;
	for (int way = 0; way < 2; way++) {
		char *text = log_of(5, way == 1);
		json_t *d = good(text, "log", "probity-log"), *content = json_object_get(d, "content");
		const json_t *digests = json_object_get(content, "digests");

		says(d, "issued", "\"1970-01-05\"");
		content_says(d, "what", "\"lines\"");
		content_says(d, "lines", "5");
		content_says(d, "first", "1");
		content_says(d, "last", "5");
		content_says(d, "chain", "\"intact\"");
		content_says(d, "from", "\"1970-01-01\"");
		content_says(d, "reports", "[\"" SHA "\",\"" SHA "\"]");
		assert_int_equal(json_array_size(json_object_get(content, "assessments")), 4);
		assert_int_equal(json_array_size(json_object_get(d, "subjects")), 2);
		assert_int_equal(json_array_size(digests), 5);
		assert_string_equal(json_string_value(json_array_get(digests, 4)), pb_json_str(content, "digest", ""));
		assert_string_equal(pb_json_str(json_array_get(json_object_get(d, "subjects"), 0), "name", ""), "app\\x1b");
		json_decref(d);
		free(text);
	}
}

/* A part of a log holds from its first line on; a single line is a log. */
static void a_part(void **state)
{
	char *text = log_of(5, false), *second = strchr(text, '\n') + 1, *third = strchr(second, '\n') + 1;
	json_t *d = good(second, "log", "probity-log");

	(void)state;
	content_says(d, "first", "2");
	content_says(d, "lines", "4");
	content_says(d, "chain", "\"intact\"");
	json_decref(d);
	*third = '\0';
	d = good(second, "log", "probity-log");
	content_says(d, "first", "2");
	content_says(d, "last", "2");
	content_says(d, "chain", "\"intact\"");
	json_decref(d);
	free(text);
}

static void broken(const char *text, const char *chain, const char *why, const char *last)
{
	json_t *d = good(text, "log", "probity-log");

	content_says(d, "chain", chain);
	content_says(d, "why", why);
	content_says(d, "last", last);
	json_decref(d);
}

static void broken_logs(void **state)
{
	char *text = log_of(5, false), *second = strchr(text, '\n') + 1, *third = strchr(second, '\n') + 1, *at;

	(void)state;
	at = strstr(second, "accept"); /* what line 2 says is another: line 3 does not follow it */
	memcpy(at, "reject", 6);
	broken(text, "\"broken at line 3\"", "\"it does not follow the line before\"", "2");
	memcpy(at, "accept", 6);
	memmove(second, third, strlen(third) + 1); /* line 2 is gone */
	broken(text, "\"broken at line 2\"", "\"it does not say its number\"", "1");
	free(text);
	text = log_of(2, false);
	at = strstr(text, ZEROS); /* the first line claims that there is one before */
	at[0] = '1';
	broken(text, "\"broken at line 1\"", "\"it does not follow the line before\"", "0");
	spoil_bytes(text, strlen(text));
	free(text);
	text = log_of(1, false);
	spoil_json(text);
	free(text);
	refused("{\"n\":1,\n\"previous\":\"" ZEROS "\"}", "log", "each line of the log on a line of its own is wanted");
	refused("{\"n\":0,\"previous\":\"" ZEROS "\"}", "log", "n: a number from 1 to 9223372036854775807 is wanted");
}

static void a_checkpoint(void **state)
{
	static const char text[] = "{\"as_of\":\"2026-03-04\",\"digest\":\"" SHA "\",\"lines\":7,\"schema\":\"probity-checkpoint/1\"}";
	json_t *d = good(text, "log", "probity-checkpoint/1");

	(void)state;
	says(d, "issued", "\"2026-03-04\"");
	says(d, "content", "{\"assessments\":[],\"chain\":\"\",\"digest\":\"" SHA "\",\"digests\":[],\"first\":1,\"from\":\"\",\"last\":7,\"left_out\":0,\"lines\":7,"
	                   "\"reports\":[],\"to\":\"2026-03-04\",\"what\":\"checkpoint\",\"why\":\"\"}");
	json_decref(d);
	refused("{\"schema\":\"probity-checkpoint/1\",\"as_of\":\"2026-03-04\",\"digest\":\"" SHA "\",\"lines\":0}", "log",
	        "lines: a number from 1 to 9223372036854775807 is wanted");
	spoil_json(text);
}

static const char collected[] = "{\"entries\":[{\"file\":\"osv/a.json\",\"headers\":{},\"kind\":\"osv\",\"sha256\":\"" SHA
                                "\",\"size\":1,\"source\":\"osv\",\"status\":200,\"time\":\"2026-03-05T10:00:00Z\",\"url\":\"https://a.example/b\"},"
                                "{\"file\":\"osv/b.json\",\"sha256\":\"" SHA "\",\"time\":\"2026-03-04T10:00:00Z\"}],"
                                "\"product\":{\"name\":\"thing\",\"version\":\"1\"},\"schema\":\"probity-collected/1\"}";

static void what_was_collected(void **state)
{
	json_t *d = good(collected, "collected", "probity-collected/1");

	(void)state;
	says(d, "issued", "\"2026-03-05\"");
	says(d, "expires", "\"\"");
	says(d, "subjects", "[]");
	says(d, "content", "{\"files\":[{\"day\":\"2026-03-05\",\"file\":\"osv/a.json\",\"kind\":\"osv\",\"sha256\":\"" SHA
	                   "\",\"source\":\"osv\",\"status\":200,\"url\":\"https://a.example/b\"},{\"day\":\"2026-03-04\",\"file\":\"osv/b.json\","
	                   "\"kind\":\"\",\"sha256\":\"" SHA "\",\"source\":\"\",\"status\":0,\"url\":\"\"}],\"left_out\":0,\"name\":\"thing\","
	                   "\"version\":\"1\"}");
	json_decref(d);
	refused("{\"schema\":\"probity-collected/2\"}", "collected", "schema: probity-collected/2 is not probity-collected/1");
	refused("{\"schema\":\"probity-collected/1\"}", "collected", "entries: it is missing");
	refused("{\"schema\":\"probity-collected/1\",\"entries\":[{\"file\":\"a\",\"sha256\":\"12\"}]}", "collected",
	        "entries[0].sha256: a SHA-256 in hex is wanted, not: 12");
}

static void spoiled_collected(void **state)
{
	(void)state;
	spoil_json(collected);
}

static void spoiled_report(void **state)
{
	(void)state;
	spoil_json(REPORT("accept", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_collected), cmocka_unit_test(spoiled_collected),
	    cmocka_unit_test(a_report), cmocka_unit_test(a_stated_report), cmocka_unit_test(an_opinion),     cmocka_unit_test(a_log),
	    cmocka_unit_test(a_part),   cmocka_unit_test(broken_logs),     cmocka_unit_test(a_checkpoint), cmocka_unit_test(spoiled_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
