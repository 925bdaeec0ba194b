/* plugin/evidence: SARIF, what other tools say that they found. */
#include "evidence_case.h"

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define TOOL "\"tool\":{\"driver\":{\"name\":\"Lint\\u001b\",\"semanticVersion\":\"1.2.3\",\"organization\":\"Lint Ltd\"," \
	"\"rules\":[{\"id\":\"A\",\"defaultConfiguration\":{\"level\":\"error\"}},{\"id\":\"B\"}]}}"
#define RUN(results, rest) "{" TOOL ",\"results\":" results rest "}"
#define LOG(runs) "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[" runs "]}"

#define RESULTS \
	"[{\"ruleIndex\":0,\"message\":{\"text\":\"x\"}},{\"ruleIndex\":1},{\"level\":\"note\",\"rank\":1.5},{\"level\":\"error\",\"suppressions\":[{\"kind\":\"inSource\"}]}," \
	"{\"kind\":\"pass\",\"level\":\"error\"},{\"kind\":\"fail\",\"level\":\"none\"},{\"ruleIndex\":7},{\"suppressions\":[]}]"
#define REST \
	",\"artifacts\":[{\"location\":{\"uri\":\"src/a.c\"},\"hashes\":{\"sha-256\":\"" SHA "\"}},{\"location\":{\"uri\":\"src/b.c\"}}]," \
	"\"invocations\":[{\"executionSuccessful\":true,\"endTimeUtc\":\"2026-03-04T05:06:07Z\"},{\"executionSuccessful\":true,\"endTimeUtc\":\"2026-01-02T00:00:00.5Z\"}]"

static const char whole[] = LOG(RUN(RESULTS, REST) "," RUN("[]", ""));

static void a_log_of_two_runs(void **state)
{
	json_t *d = good(whole, "sarif", "sarif 2.1.0");

	(void)state;
	says(d, "issued", "\"2026-03-04\"");
	says(d, "subjects", "[{\"md5\":\"\",\"name\":\"src/a.c\",\"purl\":\"\",\"sha1\":\"\",\"sha256\":\"" SHA "\",\"sha512\":\"\"}]");
	content_says(d, "runs",
	             "[{\"artifacts\":2,\"error\":2,\"finished\":true,\"hashed\":1,\"none\":2,\"note\":1,\"organization\":\"Lint Ltd\",\"succeeded\":true,\"suppressed\":1,"
	             "\"tool\":\"Lint\\\\x1b\",\"version\":\"1.2.3\",\"warning\":3},"
	             "{\"artifacts\":0,\"error\":0,\"finished\":true,\"hashed\":0,\"none\":0,\"note\":0,\"organization\":\"Lint Ltd\",\"succeeded\":true,\"suppressed\":0,"
	             "\"tool\":\"Lint\\\\x1b\",\"version\":\"1.2.3\",\"warning\":0}]");
	json_decref(d);
	d = good(LOG("{" TOOL ",\"invocations\":[{\"executionSuccessful\":false}]}"), "sarif", "sarif 2.1.0");
	assert_false(json_is_true(json_object_get(json_array_get(json_object_get(json_object_get(d, "content"), "runs"), 0), "finished")));
	assert_false(json_is_true(json_object_get(json_array_get(json_object_get(json_object_get(d, "content"), "runs"), 0), "succeeded")));
	json_decref(d);
	d = good(LOG(""), "sarif", "sarif 2.1.0");
	content_says(d, "runs", "[]");
	json_decref(d);
}

static void wrong_ones(void **state)
{
	(void)state;
	refused("{\"version\":\"2.0.0\",\"runs\":[]}", "sarif", "version: SARIF 2.1.0 is read, not: 2.0.0");
	refused(LOG("{}"), "sarif", "runs[0].tool.driver.name: it is missing");
	refused(LOG("null"), "sarif", "runs[0]: it is missing");
	refused(LOG(RUN("[{\"level\":\"fatal\"}]", "")), "sarif", "runs[0].results[0].level: no level of SARIF: fatal");
	refused(LOG(RUN("[{\"kind\":\"good\"}]", "")), "sarif", "runs[0].results[0].kind: no kind of a result of SARIF: good");
	refused(LOG(RUN("[]", ",\"artifacts\":[{\"hashes\":{\"sha-256\":\"12\"}}]")), "sarif", "runs[0].artifacts[0].hashes.sha-256: no such digest in hex: 12");
	refused(LOG(RUN("[]", ",\"invocations\":[{\"endTimeUtc\":\"soon\"}]")), "sarif", "runs[0].invocations[0].endTimeUtc: no date: soon");
}

static void spoiled(void **state)
{
	(void)state;
	spoil_json(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_log_of_two_runs),
	    cmocka_unit_test(wrong_ones),
	    cmocka_unit_test(spoiled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
