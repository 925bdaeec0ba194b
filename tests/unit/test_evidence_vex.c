/* plugin/evidence: OpenVEX, CSAF, OSV. */
#include "evidence_case.h"

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char openvex[] =
    "{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"@id\":\"https://example.com/vex/1\",\"author\":\"Example Ltd\",\"timestamp\":\"2026-01-02T03:04:05Z\","
    "\"version\":3,\"statements\":[{\"vulnerability\":{\"name\":\"CVE-2024-1\",\"aliases\":[\"GHSA-1\"]},\"products\":[{\"@id\":\"pkg:npm/app@1\","
    "\"hashes\":{\"sha-256\":\"" SHA "\"},\"subcomponents\":[{\"@id\":\"pkg:npm/a@2\"}]},\"pkg:npm/old@1\"],\"status\":\"not_affected\","
    "\"justification\":\"vulnerable_code_not_present\",\"impact_statement\":\"not built\"},"
    "{\"vulnerability\":\"CVE-2024-2\",\"products\":[{\"@id\":\"x\",\"identifiers\":{\"purl\":\"pkg:deb/x\",\"cpe23\":\"cpe:2.3:a:x\"}}],\"status\":\"affected\","
    "\"action_statement\":\"update\"}]}";

#define PRODUCT(name, purl, sha256, cpe) \
	"{\"cpe\":\"" cpe "\",\"md5\":\"\",\"name\":\"" name "\",\"purl\":\"" purl "\",\"sha1\":\"\",\"sha256\":\"" sha256 "\",\"sha512\":\"\",\"version\":\"\"}"

static void an_openvex(void **state)
{
	json_t *d = good(openvex, "vex", "openvex v0.2.0");

	(void)state;
	says(d, "issued", "\"2026-01-02\"");
	says(d, "by", "\"Example Ltd\"");
	content_says(d, "version", "\"3\"");
	content_says(d, "statements",
	             "[{\"aliases\":[\"GHSA-1\"],\"justification\":\"vulnerable_code_not_present\",\"products\":[" PRODUCT("pkg:npm/app@1", "pkg:npm/app@1", SHA, "")
	             "," PRODUCT("pkg:npm/a@2", "pkg:npm/a@2", "", "") "," PRODUCT("pkg:npm/old@1", "pkg:npm/old@1", "", "")
	             "],\"says\":\"not built\",\"score_tenths\":-1,\"status\":\"not_affected\",\"vector\":\"\",\"vulnerability\":\"CVE-2024-1\"},"
	             "{\"aliases\":[],\"justification\":\"\",\"products\":[" PRODUCT("x", "pkg:deb/x", "", "cpe:2.3:a:x")
	             "],\"says\":\"update\",\"score_tenths\":-1,\"status\":\"affected\",\"vector\":\"\",\"vulnerability\":\"CVE-2024-2\"}]");
	assert_int_equal(json_array_size(json_object_get(d, "subjects")), 3);
	json_decref(d);
}

#define CSAF(category) \
	"{\"document\":{\"category\":\"" category "\",\"csaf_version\":\"2.0\",\"title\":\"T\",\"publisher\":{\"name\":\"Example Ltd\",\"category\":\"vendor\"}," \
	"\"distribution\":{\"tlp\":{\"label\":\"WHITE\"}},\"references\":[{\"category\":\"self\",\"url\":\"https://example.com/a.json\"}]," \
	"\"tracking\":{\"id\":\"EX-1\",\"status\":\"final\",\"version\":\"2\",\"current_release_date\":\"2026-01-02T03:04:05Z\"}}," \
	"\"product_tree\":{\"branches\":[{\"category\":\"vendor\",\"name\":\"E\",\"branches\":[{\"category\":\"product_version\",\"name\":\"1\"," \
	"\"product\":{\"product_id\":\"P1\",\"name\":\"app 1\",\"product_identification_helper\":{\"purl\":\"pkg:generic/app@1\",\"cpe\":\"cpe:/a:e:app:1\"," \
	"\"hashes\":[{\"filename\":\"app\",\"file_hashes\":[{\"algorithm\":\"sha256\",\"value\":\"" SHA "\"}]}]}}}]}]," \
	"\"full_product_names\":[{\"product_id\":\"P2\",\"name\":\"app 2\"}]}," \
	"\"vulnerabilities\":[{\"cve\":\"CVE-2024-1\",\"title\":\"bad\",\"ids\":[{\"system_name\":\"s\",\"text\":\"GHSA-1\"}]," \
	"\"flags\":[{\"label\":\"component_not_present\",\"product_ids\":[\"P2\"]}],\"threats\":[{\"category\":\"impact\",\"details\":\"none there\"}]," \
	"\"product_status\":{\"fixed\":[\"P1\"],\"known_not_affected\":[\"P2\"]}," \
	"\"scores\":[{\"products\":[\"P1\"],\"cvss_v3\":{\"baseScore\":9.8,\"vectorString\":\"CVSS:3.1/AV:N\"}}]}]}"

static void an_advisory(void **state)
{
	json_t *d = good(CSAF("csaf_security_advisory"), "advisories", "csaf 2.0");

	(void)state;
	says(d, "issued", "\"2026-01-02\"");
	content_says(d, "what", "\"advisory\"");
	content_says(d, "tracking_id", "\"EX-1\"");
	content_says(d, "tlp", "\"WHITE\"");
	content_says(d, "url", "\"https://example.com/a.json\"");
	content_says(d, "statements",
	             "[{\"aliases\":[\"GHSA-1\"],\"justification\":\"component_not_present\",\"products\":[" PRODUCT("app 2", "", "", "")
	             "],\"says\":\"none there\",\"score_tenths\":98,\"status\":\"not_affected\",\"vector\":\"CVSS:3.1/AV:N\",\"vulnerability\":\"CVE-2024-1\"},"
	             "{\"aliases\":[\"GHSA-1\"],\"justification\":\"\",\"products\":[" PRODUCT("app 1", "pkg:generic/app@1", SHA, "cpe:/a:e:app:1")
	             "],\"says\":\"none there\",\"score_tenths\":98,\"status\":\"fixed\",\"vector\":\"CVSS:3.1/AV:N\",\"vulnerability\":\"CVE-2024-1\"}]");
	assert_int_equal(json_array_size(json_object_get(d, "subjects")), 2);
	json_decref(d);
	json_decref(good(CSAF("csaf_vex"), "vex", "csaf 2.0"));
}

#define NOT_AFFECTED(label, name, sha)                                                                                         \
	"{\"aliases\":[],\"justification\":\"" label "\",\"products\":[" PRODUCT(name, "", sha, "")                            \
	"],\"says\":\"\",\"score_tenths\":-1,\"status\":\"not_affected\",\"vector\":\"\",\"vulnerability\":\"CVE-2024-1\"}"

/* What justifies one product says nothing of another; and a null among the hashes hides none. */
static void a_flag_is_of_its_products(void **state)
{
	static const char text[] =
	    "{\"document\":{\"category\":\"csaf_vex\",\"csaf_version\":\"2.0\",\"publisher\":{\"name\":\"E\"},"
	    "\"tracking\":{\"id\":\"EX-1\",\"current_release_date\":\"2026-01-02T03:04:05Z\"}},"
	    "\"product_tree\":{\"full_product_names\":[{\"product_id\":\"P1\",\"name\":\"a\"},{\"product_id\":\"P2\",\"name\":\"b\"},"
	    "{\"product_id\":\"P3\",\"name\":\"c\",\"product_identification_helper\":{\"hashes\":[null,"
	    "{\"file_hashes\":[{\"algorithm\":\"sha256\",\"value\":\"" SHA "\"}]}]}}]},"
	    "\"vulnerabilities\":[{\"cve\":\"CVE-2024-1\",\"flags\":[{\"label\":\"component_not_present\",\"product_ids\":[\"P2\"]},"
	    "{\"label\":\"vulnerable_code_not_present\",\"product_ids\":[\"P3\",\"P2\"]}],"
	    "\"product_status\":{\"known_not_affected\":[\"P1\",\"P2\",\"P3\"]}}]}";
	json_t *d = good(text, "vex", "csaf 2.0");

	(void)state;
	content_says(d, "statements",
	             "[" NOT_AFFECTED("", "a", "") "," NOT_AFFECTED("component_not_present", "b", "") ","
	             NOT_AFFECTED("vulnerable_code_not_present", "c", SHA) "]");
	json_decref(d);
}

#define GROUPED(id, groups, flag)                                                                                                      \
	"{\"document\":{\"category\":\"csaf_vex\",\"csaf_version\":\"2.0\",\"publisher\":{\"name\":\"E\"},"                                \
	"\"tracking\":{\"id\":\"EX-1\",\"current_release_date\":\"2026-01-02T03:04:05Z\"}},"                                             \
	"\"product_tree\":{\"product_groups\":" groups ",\"full_product_names\":[{\"product_id\":\"P1\",\"name\":\"a\"},"                  \
	"{\"product_id\":\"" id "\",\"name\":\"b\"}]},\"vulnerabilities\":[{\"cve\":\"CVE-2024-1\",\"flags\":["                            \
	"{\"label\":\"component_not_present\"," flag "}],\"product_status\":{\"known_not_affected\":[\"P1\",\"" id "\"]}}]}"

/* A flag of a group says nothing of products outside of it. */
static void a_flag_is_of_its_groups(void **state)
{
	json_t *d = good(GROUPED("P2", "[{\"group_id\":\"G\",\"product_ids\":[\"P2\"]}]", "\"group_ids\":[\"G\",\"G\"]"), "vex", "csaf 2.0");

	(void)state;
	content_says(d, "statements", "[" NOT_AFFECTED("", "a", "") "," NOT_AFFECTED("component_not_present", "b", "") "]");
	json_decref(d);
	refused(GROUPED("P2", "[]", "\"group_ids\":[\"G\"]"), "vex", "vulnerabilities[0].flags[0].group_ids[0]: no group of products of this document: G");
	refused(GROUPED("P1", "[]", "\"product_ids\":[\"P1\"]"), "vex", "product_tree.full_product_names[1].product_id: two products of one id: P1");
}

static const char provider[] =
    "{\"canonical_url\":\"https://example.com/provider-metadata.json\",\"metadata_version\":\"2.0\",\"last_updated\":\"2026-01-02T03:04:05Z\","
    "\"role\":\"csaf_provider\",\"publisher\":{\"name\":\"Example Ltd\",\"category\":\"vendor\",\"namespace\":\"https://example.com\"},"
    "\"public_openpgp_keys\":[{\"fingerprint\":\"ABCD\",\"url\":\"https://example.com/k.asc\"}],"
    "\"distributions\":[{\"directory_url\":\"https://example.com/csaf/\"},{\"rolie\":{\"feeds\":[{\"url\":\"https://example.com/f.json\"}]}}]}";

static void a_provider(void **state)
{
	json_t *d = good(provider, "advisories", "csaf-provider-metadata 2.0");

	(void)state;
	content_says(d, "what", "\"provider-metadata\"");
	content_says(d, "url", "\"https://example.com/provider-metadata.json\"");
	content_says(d, "keys", "[{\"fingerprint\":\"ABCD\",\"url\":\"https://example.com/k.asc\"}]");
	content_says(d, "distributions", "[\"https://example.com/csaf/\",\"https://example.com/f.json\"]");
	says(d, "subjects", "[]");
	json_decref(d);
}

#define RECORD \
	"{\"id\":\"GHSA-1\",\"schema_version\":\"1.6.0\",\"modified\":\"2026-01-02T03:04:05Z\",\"published\":\"2025-01-02T03:04:05Z\",\"aliases\":[\"CVE-2024-1\"]," \
	"\"summary\":\"bad\",\"severity\":[{\"type\":\"CVSS_V4\",\"score\":\"CVSS:4.0/AV:N\"},{\"type\":\"CVSS_V3\",\"score\":\"CVSS:3.1/AV:N\"}]," \
	"\"affected\":[{\"package\":{\"ecosystem\":\"npm\",\"name\":\"a\",\"purl\":\"pkg:npm/a\"},\"versions\":[\"1.0\"],\"ranges\":[{\"type\":\"SEMVER\"," \
	"\"events\":[{\"introduced\":\"0\"},{\"fixed\":\"1.2\"},{\"introduced\":\"2.0\"},{\"last_affected\":\"2.5\"},{\"introduced\":\"3\"}]}]}]," \
	"\"database_specific\":{\"severity\":\"HIGH\"}}"

static const char record[] = "[{\"aliases\":[\"CVE-2024-1\"],\"id\":\"GHSA-1\",\"modified\":\"2026-01-02\",\"packages\":[{\"ecosystem\":\"npm\",\"name\":\"a\","
                             "\"purl\":\"pkg:npm/a\",\"ranges\":[{\"fixed\":\"1.2\",\"introduced\":\"0\",\"last_affected\":\"\",\"type\":\"SEMVER\"},"
                             "{\"fixed\":\"\",\"introduced\":\"2.0\",\"last_affected\":\"2.5\",\"type\":\"SEMVER\"},"
                             "{\"fixed\":\"\",\"introduced\":\"3\",\"last_affected\":\"\",\"type\":\"SEMVER\"}],\"versions\":[\"1.0\"]}],"
                             "\"published\":\"2025-01-02\",\"score_tenths\":-1,\"severity\":\"high\",\"summary\":\"bad\",\"vector\":\"CVSS:4.0/AV:N\","
                             "\"withdrawn\":\"\"}]";

static void osv_in_three_forms(void **state)
{
	json_t *d = good(RECORD, "osv", "osv json");

	(void)state;
	content_says(d, "records", record);
	content_says(d, "count", "1");
	says(d, "issued", "\"2026-01-02\"");
	json_decref(d);
	d = good("[" RECORD "]", "osv", "osv json-array");
	content_says(d, "records", record);
	json_decref(d);
	d = good(RECORD "\n" RECORD "\r\n\n{\"id\":\"X-1\",\"modified\":\"2026-03-01T00:00:00Z\",\"withdrawn\":\"2026-03-01T00:00:00Z\","
	                "\"severity\":[{\"type\":\"CVSS_V3\",\"score\":\"7.5\"}]}\n",
	         "osv", "osv json-lines");
	content_says(d, "count", "3");
	says(d, "issued", "\"2026-03-01\"");
	assert_int_equal(pb_json_int(json_array_get(json_object_get(json_object_get(d, "content"), "records"), 2), "score_tenths", 0), 75);
	assert_string_equal(pb_json_str(json_array_get(json_object_get(json_object_get(d, "content"), "records"), 2), "withdrawn", ""), "2026-03-01");
	json_decref(d);
}

static void refused_ones(void **state)
{
	static const char *const cases[][3] = {
	    {"{\"@context\":\"https://openvex.dev/ns/v0.2.0\"}", "vex", "statements: it is missing"},
	    {"{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"statements\":[{\"vulnerability\":\"C\",\"status\":\"safe\"}]}", "vex",
	     "statements[0].status: no status of OpenVEX: safe"},
	    {"{\"document\":{\"csaf_version\":\"2.1\",\"tracking\":{\"id\":\"a\"}}}", "advisories", "document.csaf_version: CSAF 2.0 is read, not 2.1"},
	    {"{\"document\":{\"csaf_version\":\"2.0\",\"tracking\":{\"id\":\"a\"}},\"vulnerabilities\":[{\"product_status\":{\"fixed\":[\"P9\"]}}]}", "advisories",
	     "vulnerabilities[0].product_status.fixed[0]: no product of this document: P9"},
	    {RECORD "\n{\"id\":\"a\",\"id\":\"b\"}\n", "osv", "line 2: a key stands twice: id"},
	    {"{\"id\":\"a\",\"modified\":\"now\",\"affected\":[]}", "osv", "modified: no date: now"},
	    {"[{\"id\":\"a\",\"modified\":\"2026-01-01T00:00:00Z\",\"affected\":[]},7]", "osv", "[1]: an object is wanted, not a number"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		refused(cases[i][0], cases[i][1], cases[i][2]);
}

static void spoiled(void **state)
{
	(void)state;
	spoil_json(openvex);
	spoil_json(CSAF("csaf_vex"));
	spoil_json(provider);
	spoil_json(RECORD);
	spoil_bytes(RECORD "\n" RECORD, 2 * sizeof RECORD - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_openvex),         cmocka_unit_test(an_advisory), cmocka_unit_test(a_flag_is_of_its_products), cmocka_unit_test(a_flag_is_of_its_groups),
	    cmocka_unit_test(a_provider),
	    cmocka_unit_test(osv_in_three_forms), cmocka_unit_test(refused_ones), cmocka_unit_test(spoiled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
