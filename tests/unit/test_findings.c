/* Product results: what is right is read whole, and each single thing that is wrong is refused and named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "findings/product.h"

static const char right[] =
    "{\"product\":{},\"limits\":[],\"packages\":[],\"principles\":{},"
    "\"checks\":["
    "{\"id\":\"integrity.key\",\"catalogue\":\"I-09\",\"claim\":\"credentials\",\"pillar\":\"integrity\","
    "\"severity\":\"high\",\"reliability\":\"parsed\",\"online\":false,\"status\":\"fail\",\"coverage\":900,"
    "\"reason\":\"2 objects encrypted\"},"
    "{\"id\":\"data-care.host\",\"catalogue\":\"D-02\",\"claim\":\"telemetry\",\"pillar\":\"data-care\","
    "\"severity\":\"medium\",\"reliability\":\"exact\",\"online\":true,\"status\":\"unknown\",\"coverage\":0}],"
    "\"findings\":[{\"check\":\"integrity.key\",\"finding\":\"key\",\"key\":\"ab12\",\"kappa\":900,\"severity\":"
    "\"medium\","
    "\"says\":\"RSA key\",\"remediation\":\"rotate it\",\"maps\":[\"cwe:321\"],"
    "\"evidence\":[{\"path\":[\"a.deb\",\"id_rsa\"],\"sha256\":\"\",\"offset\":3,\"length\":10,\"excerpt\":\"---\"}"
    "]}]}";

static json_t *parse(const char *text)
{
	json_t *v = json_loads(text, 0, NULL);

	if (v == NULL)
		fail_msg("no JSON: %s", text);
	return v;
}

static void reads(void **state)
{
	pb_product_result r;
	pb_error err = {0};
	json_t *document = parse(right);

	(void)state;
	if (pb_product_result_read(document, &r, &err) != PB_OK)
		fail_msg("%s", err.text);
	json_decref(document); /* the result has its own reference */
	assert_int_equal(r.n_checks, 2);
	assert_string_equal(r.checks[0].id, "integrity.key");
	assert_string_equal(r.checks[0].catalogue, "I-09");
	assert_int_equal(r.checks[0].severity, PB_HIGH);
	assert_int_equal(r.checks[0].coverage, 900);
	assert_string_equal(r.checks[0].reason, "2 objects encrypted");
	assert_int_equal(r.checks[1].pillar, PB_DATA_CARE);
	assert_int_equal(r.checks[1].reliability, PB_EXACT);
	assert_int_equal(r.checks[1].status, PB_UNKNOWN);
	assert_true(r.checks[1].online);
	assert_string_equal(r.checks[1].reason, "");
	assert_string_equal(r.checks[0].title, "integrity.key"); /* it has no other */
	assert_int_equal(r.n_findings, 1);
	assert_int_equal(r.findings[0].check, 0);
	assert_int_equal(r.findings[0].kappa, 900);
	assert_int_equal(r.findings[0].severity, PB_MEDIUM);
	assert_string_equal(r.findings[0].key, "ab12");
	assert_null(r.findings[0].waived);
	assert_int_equal(json_array_size(r.findings[0].evidence), 1);
	pb_product_result_free(&r);
	assert_null(r.checks);
}

/* The text above with one piece of it replaced. */
static char *with(const char *piece, const char *by)
{
	const char *at = strstr(right, piece);
	char *text = calloc(1, sizeof right + strlen(by));

	if (at == NULL || text == NULL)
		fail_msg("not in the text: %s", piece);
	memcpy(text, right, (size_t)(at - right));
	(void)strcat(strcat(text, by), at + strlen(piece));
	return text;
}

static void refuses(void **state)
{
	static const struct {
		const char *piece, *by, *says;
	} cases[] = {
	    {"\"product\":{},", "", "\"product\" is missing"},
	    {"\"product\":{}", "\"product\":[]", "\"product\" is of a wrong type"},
	    {"\"limits\":[]", "\"limits\":{}", "\"limits\" is of a wrong type"},
	    {"integrity.key", "", "checks[0].id: must be a name"},
	    {"integrity.key", "integrity key", "checks[0].id: must be a name"},
	    {"integrity.key", "data-care.host", "checks: \"data-care.host\" stands there twice"},
	    {"I-09", "I09", "checks[0].catalogue: must be a catalogue row"},
	    {"I-09", "IIII-9", "checks[0].catalogue"},
	    {"\"credentials\"", "7", "checks[0].claim"},
	    {"\"integrity\"", "\"integrty\"", "checks[0].pillar: \"integrty\" is not a pillar"},
	    {"\"high\"", "\"HIGH\"", "checks[0].severity: \"HIGH\" is not a severity"},
	    {"\"parsed\"", "\"guessed\"", "checks[0].reliability"},
	    {"\"online\":false", "\"online\":0", "checks[0].online: must be true or false"},
	    {"\"fail\"", "\"n/a\"", "checks[0]: status \"n/a\" with a coverage of 900"},
	    {"\"fail\"", "\"pass\"", "has a finding and status \"pass\""},
	    {"\"status\":\"unknown\"", "\"status\":\"fail\"", "\"data-care.host\" failed without a finding"},
	    {"\"coverage\":900", "\"coverage\":900,\"freshness\":700", "checks[0]: status \"fail\" with a freshness of 700"},
	    {"\"coverage\":900", "\"coverage\":1001", "checks[0].coverage: must be an integer from 0 to 1000"},
	    {"\"coverage\":900", "\"coverage\":9e2", "checks[0].coverage"},
	    {"\"coverage\":0", "\"coverage\":1", "checks[1]: status \"unknown\" with a coverage of 1"},
	    {"\"coverage\":900,", "", "checks[0]: field \"coverage\" is missing"},
	    {"\"coverage\":900", "\"coverage\":900,\"severty\":1", "unknown field \"severty\", did you mean \"severity\"?"},
	    {"\"check\":\"integrity.key\"", "\"check\":\"integrity.kex\"", "findings[0].check: no check \"integrity.kex\""},
	    {"\"finding\":\"key\"", "\"finding\":\"\"", "findings[0].finding"},
	    {"\"ab12\"", "\"\"", "findings[0].key: must be a string that is not empty"},
	    {"\"kappa\":900", "\"kappa\":-1", "findings[0].kappa"},
	    {"\"kappa\":900", "\"kappa\":1001", "findings[0].kappa"},
	    {"\"severity\":\"medium\",\"says\"", "\"severity\":\"critical\",\"says\"", "critical is above the high of check"},
	    {"\"severity\":\"medium\",\"says\"", "\"severity\":\"worst\",\"says\"", "findings[0].severity"},
	    {"\"says\":\"RSA key\"", "\"says\":null", "findings[0].says"},
	    {"[\"cwe:321\"]", "[321]", "findings[0].maps: must be an array of strings"},
	    {"\"says\"", "\"waived\":\"by itself\",\"says\"", "findings[0]: unknown field \"waived\""},
	    {"\"evidence\":[{", "\"evidence\":[],\"e\":[{", "findings[0].evidence: must be an array of objects, at least one"},
	    {"[\"a.deb\",\"id_rsa\"]", "[]", "findings[0].evidence[0].path"},
	    {"[\"a.deb\",\"id_rsa\"]", "[\"\"]", "findings[0].evidence[0].path"},
	    {"[\"a.deb\",\"id_rsa\"]", "\"a.deb\"", "findings[0].evidence[0].path"},
	    {"\"sha256\":\"\"", "\"sha256\":\"AB\"", "findings[0].evidence[0].sha256"},
	    {"\"offset\":3", "\"offset\":-2", "findings[0].evidence[0].offset"},
	    {"\"length\":10", "\"length\":\"10\"", "findings[0].evidence[0].length"},
	    {"\"excerpt\"", "\"excerp\"", "unknown field \"excerp\", did you mean \"excerpt\"?"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *text = with(cases[i].piece, cases[i].by);
		json_t *document = parse(text);
		pb_product_result r;
		pb_error err = {0};

		if (pb_product_result_read(document, &r, &err) != PB_ECORRUPT)
			fail_msg("case %zu was read: %s", i, text);
		if (strstr(err.text, cases[i].says) == NULL)
			fail_msg("case %zu says: %s", i, err.text);
		assert_null(r.document);
		pb_product_result_free(&r);
		json_decref(document);
		free(text);
	}
}

static void refuses_other_values(void **state)
{
	static const char *const values[] = {"[]", "{}", "{\"product\":{},\"checks\":[1],\"findings\":[]}",
	                                     "{\"product\":{},\"checks\":[],\"findings\":[[]]}"};
	pb_product_result r;
	pb_error err;

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		json_t *document = parse(values[i]);

		assert_int_equal(pb_product_result_read(document, &r, &err), PB_ECORRUPT);
		json_decref(document);
	}
	assert_int_equal(pb_product_result_read(NULL, &r, &err), PB_ECORRUPT);
}

static void bounds(void **state)
{
	json_t *document = parse("{\"product\":{},\"checks\":[],\"findings\":[]}"),
	       *checks = json_object_get(document, "checks");
	pb_product_result r;
	pb_error err;

	(void)state;
	assert_int_equal(pb_product_result_read(document, &r, &err), PB_OK);
	pb_product_result_free(&r);
	for (int i = 0; i < 2001; i++)
		assert_int_equal(json_array_append_new(checks, json_null()), 0);
	assert_int_equal(pb_product_result_read(document, &r, &err), PB_ELIMIT);
	json_decref(document);
}

static void terms(void **state)
{
	(void)state;
	for (int i = 0; i < PB_PILLARS; i++)
		assert_int_equal(pb_pillar_of(pb_pillar_name((pb_pillar)i)), i);
	for (int i = 0; i < PB_SEVERITIES; i++)
		assert_int_equal(pb_severity_of(pb_severity_name((pb_severity)i)), i);
	for (int i = 0; i < PB_STATUSES; i++)
		assert_int_equal(pb_status_of(pb_status_name((pb_status)i)), i);
	for (int i = 0; i < PB_RELIABILITIES; i++)
		assert_int_equal(pb_reliability_of(pb_reliability_name((pb_reliability)i)), i);
	assert_string_equal(pb_status_name(PB_NA), "n/a");
	assert_int_equal(pb_reliability_permille(PB_SELF_DECLARED), 300);
	assert_int_equal(pb_pillar_of(""), -1);
	assert_true(pb_row_valid("I-09") && pb_row_valid("ABC-123"));
	assert_false(pb_row_valid("") || pb_row_valid("-1") || pb_row_valid("I-") || pb_row_valid("I-1234") ||
	             pb_row_valid("i-1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads),  cmocka_unit_test(refuses), cmocka_unit_test(refuses_other_values),
	    cmocka_unit_test(bounds), cmocka_unit_test(terms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
