/* plugin/evidence: envelopes, in-toto statements, SLSA provenance, rebuilds. */
#include "evidence_case.h"

#include "base/base64.h"
#include "base/hash.h"

#define SHA  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SHA1 "0123456789abcdef0123456789abcdef01234567"
#define SUBJECT "\"subject\":[{\"name\":\"pkg:npm/%40s/a@1.0.0\",\"digest\":{\"sha256\":\"" SHA "\",\"blake\":\"x\"}}]"

static const char v1[] =
    "{\"_type\":\"https://in-toto.io/Statement/v1\"," SUBJECT ",\"predicateType\":\"https://slsa.dev/provenance/v1\",\"predicate\":{"
    "\"buildDefinition\":{\"buildType\":\"https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1\","
    "\"externalParameters\":{\"workflow\":{\"ref\":\"refs/tags/v1.0.0\",\"repository\":\"https://github.com/s/a\",\"path\":\".github/workflows/r.yml\"}},"
    "\"resolvedDependencies\":[{\"uri\":\"https://other/x\",\"name\":\"x\",\"digest\":{\"sha256\":\"" SHA "\"}},"
    "{\"uri\":\"git+https://github.com/s/a@refs/tags/v1.0.0\",\"digest\":{\"gitCommit\":\"" SHA1 "\"}}]},"
    "\"runDetails\":{\"builder\":{\"id\":\"https://github.com/actions/runner/github-hosted\"},"
    "\"metadata\":{\"invocationId\":\"https://github.com/s/a/actions/runs/1\",\"startedOn\":\"2026-02-01T10:00:00Z\",\"finishedOn\":\"2026-02-02T00:10:00+02:00\"}}}}";

static const char v02[] =
    "{\"_type\":\"https://in-toto.io/Statement/v0.1\"," SUBJECT ",\"predicateType\":\"https://slsa.dev/provenance/v0.2\",\"predicate\":{"
    "\"builder\":{\"id\":\"https://builder/1\"},\"buildType\":\"make\",\"invocation\":{\"configSource\":{\"uri\":\"git+https://github.com/s/a@refs/heads/main\","
    "\"digest\":{\"sha1\":\"" SHA1 "\"},\"entryPoint\":\"r.yml\"}},\"metadata\":{\"buildInvocationId\":\"7\",\"buildFinishedOn\":\"2026-02-02T10:00:00Z\"},"
    "\"materials\":[{\"uri\":\"pkg:deb/gcc\",\"digest\":{\"sha256\":\"" SHA "\"}}]}}";

static const char rebuild[] = "{\"_type\":\"https://in-toto.io/Statement/v1\"," SUBJECT ",\"predicateType\":\"urn:probity:rebuild:1\","
                              "\"predicate\":{\"builder\":{\"id\":\"https://rebuild.example/1\"},\"result\":\"equal\",\"date\":\"2026-02-03\",\"source\":\"a\"}}";

static void provenance_v1(void **state)
{
	json_t *d = good(v1, "provenance", "in-toto slsa-provenance v1");

	(void)state;
	says(d, "issued", "\"2026-02-02\"");
	says(d, "by", "\"https://github.com/actions/runner/github-hosted\"");
	says(d, "subjects", "[{\"md5\":\"\",\"name\":\"pkg:npm/%40s/a@1.0.0\",\"purl\":\"pkg:npm/%40s/a@1.0.0\",\"sha1\":\"\",\"sha256\":\"" SHA "\",\"sha512\":\"\"}]");
	content_says(d, "builder", "\"https://github.com/actions/runner/github-hosted\"");
	content_says(d, "build_type", "\"https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1\"");
	content_says(d, "source", "\"https://github.com/s/a\"");
	content_says(d, "source_ref", "\"refs/tags/v1.0.0\"");
	content_says(d, "source_revision", "\"gitCommit:" SHA1 "\"");
	content_says(d, "invocation", "\"https://github.com/s/a/actions/runs/1\"");
	content_says(d, "started", "\"2026-02-01\"");
	content_says(d, "materials",
	             "[{\"md5\":\"\",\"name\":\"x\",\"revision\":\"\",\"sha1\":\"\",\"sha256\":\"" SHA "\",\"sha512\":\"\",\"uri\":\"https://other/x\"},"
	             "{\"md5\":\"\",\"name\":\"\",\"revision\":\"" SHA1
	             "\",\"sha1\":\"\",\"sha256\":\"\",\"sha512\":\"\",\"uri\":\"git+https://github.com/s/a@refs/tags/v1.0.0\"}]");
	json_decref(d);
}

static void provenance_v02(void **state)
{
	json_t *d = good(v02, "provenance", "in-toto slsa-provenance v0.2");

	(void)state;
	content_says(d, "source", "\"https://github.com/s/a\"");
	content_says(d, "source_ref", "\"refs/heads/main\"");
	content_says(d, "source_revision", "\"sha1:" SHA1 "\"");
	content_says(d, "invocation", "\"7\"");
	content_says(d, "finished", "\"2026-02-02\"");
	json_decref(d);
}

static void a_rebuild(void **state)
{
	json_t *d = good(rebuild, "rebuild", "in-toto rebuild 1");

	(void)state;
	content_says(d, "result", "\"equal\"");
	content_says(d, "builder", "\"https://rebuild.example/1\"");
	content_says(d, "date", "\"2026-02-03\"");
	content_says(d, "files", "[{\"md5\":\"\",\"name\":\"pkg:npm/%40s/a@1.0.0\",\"sha1\":\"\",\"sha256\":\"" SHA "\",\"sha512\":\"\",\"size\":-1}]");
	json_decref(d);
	d = good("{\"signed\":{\"_type\":\"link\",\"name\":\"rebuild a.deb\",\"materials\":{},\"products\":{\"a.deb\":{\"sha256\":\"" SHA
	         "\"}}},\"signatures\":[{\"keyid\":\"1\",\"sig\":\"00\"}]}",
	         "rebuild", "in-toto link");
	content_says(d, "result", "\"built\"");
	says(d, "subjects", "[{\"md5\":\"\",\"name\":\"a.deb\",\"purl\":\"\",\"sha1\":\"\",\"sha256\":\"" SHA "\",\"sha512\":\"\"}]");
	json_decref(d);
}

/* --- envelopes: the caller's text */

static char *envelope(const char *payload, const char *around)
{
	pb_buf body = {0}, text = {0};

	assert_int_equal(pb_base64_encode((pb_bytes){(const uint8_t *)payload, strlen(payload)}, &body), 0);
	assert_int_equal(pb_buf_printf(&text, "{%s\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"%s\",\"signatures\":[{\"keyid\":\"k\",\"sig\":\"MTIz\"}]}",
	                               around, (const char *)body.data),
	                 0);
	pb_buf_free(&body);
	return (char *)text.data;
}

static char *sentence(const char *before, const char *inside, const char *after)
{
	pb_buf text = {0};

	assert_int_equal(pb_buf_printf(&text, "%s%s%s", before, inside, after), 0);
	return (char *)text.data;
}

static void read_from(char *text, const char *kind, const char *format, const char *payload)
{
	json_t *d = good(text, kind, format);
	char hex[65];

	assert_true(pb_sha256_of((pb_bytes){(const uint8_t *)payload, strlen(payload)}, hex));
	assert_string_equal(pb_json_str(d, "payload", ""), hex);
	json_decref(d);
	free(text);
}

static void envelopes(void **state)
{
	static const char statement[] =
	    "{\"schema\":\"probity-statement/1\",\"issued\":\"2026-01-15\",\"by\":\"E\",\"type\":\"source\",\"content\":{}}";
	char *one = envelope(v1, ""), *other = envelope("{\"_type\":\"https://in-toto.io/Statement/v0.1\",\"predicateType\":\"publish\"}", "");
	char *inner, *both;

	(void)state;
	read_from(envelope(v1, ""), "provenance", "in-toto slsa-provenance v1", v1);
	read_from(envelope(statement, ""), "source", "probity-statement/1", statement);
	/* what stands beside an envelope is not what was signed */
	read_from(envelope(statement, "\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"schema\":\"probity-statement/1\","), "source",
	          "probity-statement/1", statement);
	read_from(sentence("{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"verificationMaterial\":{},\"dsseEnvelope\":", one, "}"),
	          "provenance", "in-toto slsa-provenance v1", v1);
	inner = sentence(other, "}},{\"predicateType\":\"https://slsa.dev/provenance/v1\",\"bundle\":{\"dsseEnvelope\":", one);
	both = sentence("{\"attestations\":[{\"predicateType\":\"p\",\"bundle\":{\"dsseEnvelope\":", inner, "}}]}");
	read_from(both, "provenance", "in-toto slsa-provenance v1", v1);
	free(inner);
	inner = envelope(one, "");
	refused(inner, "unknown", "an envelope within an envelope");
	free(inner);
	inner = envelope("{\"bomFormat\":\"CycloneDX\",", "");
	refused(inner, "sbom", "line 1: string or '}' expected near end of file");
	free(inner);
	refused("{\"payloadType\":\"a\",\"payload\":\"%\",\"signatures\":[{\"sig\":\"MTIz\"}]}", "unknown", "no DSSE envelope: \"payload\" is not base64");
	refused("{\"payloadType\":\"a\",\"payload\":\"MTIz\",\"signatures\":[]}", "unknown", "no DSSE envelope: nobody signed it (\"signatures\")");
	free(one);
	free(other);
}

/* A document as the predicate: its kind, and the statement's subjects instead of its own. */
static void documents_inside(void **state)
{
	char *text = sentence("{\"_type\":\"https://in-toto.io/Statement/v1\"," SUBJECT ",\"predicateType\":\"https://cyclonedx.org/bom\",\"predicate\":",
	                      "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"metadata\":{\"component\":{\"type\":\"x\",\"name\":\"other\"}}}", "}");
	json_t *d = good(text, "sbom", "cyclonedx-json 1.5");

	(void)state;
	assert_int_equal(json_array_size(json_object_get(d, "subjects")), 1);
	assert_string_equal(pb_json_str(json_array_get(json_object_get(d, "subjects"), 0), "sha256", ""), SHA);
	json_decref(d);
	free(text);
	d = read_text("{\"_type\":\"https://in-toto.io/Statement/v1\"," SUBJECT ",\"predicateType\":\"https://example.com/x\",\"predicate\":{}}");
	says(d, "state", "\"unknown\"");
	says(d, "format", "\"in-toto https://example.com/x\"");
	json_decref(d);
}

static void refused_ones(void **state)
{
	static const char *const cases[][3] = {
	    {"{\"_type\":\"https://in-toto.io/Statement/v2\"}", "unknown", "_type: statements of in-toto v0.1 and v1 are read"},
	    {"{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"https://slsa.dev/provenance/v1\"}", "provenance", "subject: it is missing"},
	    {"{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"https://slsa.dev/provenance/v1\",\"subject\":[]}", "provenance",
	     "subject: it is empty: the statement is about nothing"},
	    {"{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"https://slsa.dev/provenance/v1\",\"subject\":[{\"name\":\"a\",\"digest\":"
	     "{\"sha256\":\"12\"}}]}",
	     "provenance", "subject[0].digest.sha256: no such digest in hex: 12"},
	    {"{\"_type\":\"https://in-toto.io/Statement/v1\"," SUBJECT ",\"predicateType\":\"https://slsa.dev/provenance/v1\",\"predicate\":{\"buildDefinition\":"
	     "{\"buildType\":\"x\"},\"runDetails\":{\"builder\":{}}}}",
	     "provenance", "predicate.runDetails.builder.id: it is missing"},
	    {"{\"_type\":\"https://in-toto.io/Statement/v1\"," SUBJECT ",\"predicateType\":\"https://slsa.dev/provenance/v0.1\",\"predicate\":{}}", "provenance",
	     "predicateType: SLSA provenance v0.2 and v1 are read, not v0.1"},
	    {"{\"_type\":\"https://in-toto.io/Statement/v1\"," SUBJECT ",\"predicateType\":\"urn:probity:rebuild:1\",\"predicate\":{\"builder\":\"b\",\"result\":\"yes\"}}",
	     "rebuild", "predicate.result: \"equal\" or \"differs\" is wanted, not yes"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		refused(cases[i][0], cases[i][1], cases[i][2]);
}

static void spoiled(void **state)
{
	char *text = envelope(rebuild, "");

	(void)state;
	spoil_json(v1);
	spoil_json(v02);
	spoil_json(rebuild);
	spoil_json(text);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(provenance_v1), cmocka_unit_test(provenance_v02),   cmocka_unit_test(a_rebuild), cmocka_unit_test(envelopes),
	    cmocka_unit_test(documents_inside), cmocka_unit_test(refused_ones), cmocka_unit_test(spoiled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
