/* plugin/evidence: CycloneDX, SPDX as JSON and as tag-value. */
#include "evidence_case.h"

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char cyclonedx[] =
    "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"serialNumber\":\"urn:uuid:1\",\"version\":1,"
    "\"metadata\":{\"timestamp\":\"2026-03-04T05:06:07.089Z\",\"tools\":[{\"vendor\":\"npm\",\"name\":\"cli\",\"version\":\"10.9.0\"},{\"name\":\"x\"}],"
    "\"supplier\":{\"name\":\"Example Ltd\"},\"component\":{\"bom-ref\":\"root\",\"type\":\"application\",\"name\":\"app\",\"version\":\"1.0\","
    "\"purl\":\"pkg:npm/app@1.0\",\"hashes\":[{\"alg\":\"SHA-256\",\"content\":\"" SHA "\"}]}},"
    "\"components\":[{\"bom-ref\":\"a\",\"type\":\"library\",\"group\":\"@s\",\"name\":\"a\",\"version\":\"2\",\"purl\":\"pkg:npm/%40s/a@2\","
    "\"scope\":\"required\",\"cpe\":\"cpe:2.3:a:s:a:2:*:*:*:*:*:*:*\",\"hashes\":[{\"alg\":\"SHA-1\",\"content\":"
    "\"0123456789ABCDEF0123456789abcdef01234567\"},{\"alg\":\"BLAKE3\",\"content\":\"xx\"}],"
    "\"properties\":[{\"name\":\"cdx:npm:package:path\",\"value\":\"node_modules/@s/a\"}],"
    "\"components\":[{\"type\":\"file\",\"name\":\"lib/in.js\",\"version\":null}]}],"
    "\"compositions\":[{\"aggregate\":\"complete\",\"assemblies\":[\"root\"]}],"
    "\"vulnerabilities\":[{\"id\":\"CVE-2024-1\",\"references\":[{\"id\":\"GHSA-1\"}],\"ratings\":[{\"score\":5.3,\"method\":\"CVSSv31\",\"vector\":\"L\"},"
    "{\"score\":9.8,\"method\":\"CVSSv31\",\"vector\":\"H\"}],\"analysis\":{\"state\":\"false_positive\",\"justification\":\"code_not_present\","
    "\"detail\":\"not built\"},\"affects\":[{\"ref\":\"a\"},{\"ref\":\"urn:cdx:u/1#pkg:npm/b@1\"}]}]}";

static void a_cyclonedx(void **state)
{
	json_t *d = good(cyclonedx, "sbom", "cyclonedx-json 1.5");

	(void)state;
	says(d, "issued", "\"2026-03-04\"");
	says(d, "by", "\"Example Ltd\"");
	says(d, "subjects", "[{\"md5\":\"\",\"name\":\"app\",\"purl\":\"pkg:npm/app@1.0\",\"sha1\":\"\",\"sha256\":\"" SHA "\",\"sha512\":\"\"}]");
	content_says(d, "tool", "\"cli 10.9.0, x\"");
	content_says(d, "serial", "\"urn:uuid:1\"");
	content_says(d, "complete", "\"complete\"");
	content_says(d, "root", "{\"md5\":\"\",\"name\":\"app\",\"purl\":\"pkg:npm/app@1.0\",\"sha1\":\"\",\"sha256\":\"" SHA
	                        "\",\"sha512\":\"\",\"type\":\"application\",\"version\":\"1.0\"}");
	content_says(d, "components",
	             "[{\"cpe\":\"cpe:2.3:a:s:a:2:*:*:*:*:*:*:*\",\"md5\":\"\",\"name\":\"@s/a\",\"path\":\"node_modules/@s/a\","
	             "\"purl\":\"pkg:npm/%40s/a@2\",\"scope\":\"required\",\"sha1\":\"0123456789abcdef0123456789abcdef01234567\",\"sha256\":\"\","
	             "\"sha512\":\"\",\"type\":\"library\",\"version\":\"2\"},"
	             "{\"cpe\":\"\",\"md5\":\"\",\"name\":\"lib/in.js\",\"path\":\"lib/in.js\",\"purl\":\"\",\"scope\":\"\",\"sha1\":\"\","
	             "\"sha256\":\"\",\"sha512\":\"\",\"type\":\"file\",\"version\":\"\"}]");
	content_says(d, "statements",
	             "[{\"aliases\":[\"GHSA-1\"],\"justification\":\"code_not_present\",\"products\":["
	             "{\"cpe\":\"cpe:2.3:a:s:a:2:*:*:*:*:*:*:*\",\"md5\":\"\",\"name\":\"@s/a\",\"purl\":\"pkg:npm/%40s/a@2\","
	             "\"sha1\":\"0123456789abcdef0123456789abcdef01234567\",\"sha256\":\"\",\"sha512\":\"\",\"version\":\"2\"},"
	             "{\"cpe\":\"\",\"md5\":\"\",\"name\":\"urn:cdx:u/1#pkg:npm/b@1\",\"purl\":\"pkg:npm/b@1\",\"sha1\":\"\",\"sha256\":\"\","
	             "\"sha512\":\"\",\"version\":\"\"}],\"says\":\"not built\",\"score_tenths\":98,\"status\":\"not_affected\",\"vector\":\"H\","
	             "\"vulnerability\":\"CVE-2024-1\"}]");
	json_decref(d);
}

#define CDX "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\","

static void how_complete(void **state)
{
	static const char *const cases[][2] = {
	    {CDX "\"compositions\":[{\"aggregate\":\"complete\"}]}", "\"complete\""},
	    {CDX "\"compositions\":[{\"aggregate\":\"complete\",\"assemblies\":[\"part\"]}]}", "\"unknown\""},
	    {CDX "\"compositions\":[{\"aggregate\":\"complete\"},{\"aggregate\":\"incomplete_first_party_only\",\"assemblies\":[\"a\"]}]}", "\"incomplete\""},
	    {CDX "\"compositions\":[{\"aggregate\":\"unknown\"}]}", "\"unknown\""},
	    {CDX "\"components\":[]}", "\"unknown\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *d = good(cases[i][0], "sbom", "cyclonedx-json 1.6");

		content_says(d, "complete", cases[i][1]);
		json_decref(d);
	}
}

static void a_vex(void **state)
{
	json_t *d = good(CDX "\"metadata\":{\"tools\":{\"components\":[{\"name\":\"t\",\"version\":\"3\"}]}},\"vulnerabilities\":[{\"id\":\"CVE-1\"}]}", "vex",
	                 "cyclonedx-json 1.6");

	(void)state;
	content_says(d, "tool", "\"t 3\"");
	says(d, "subjects", "[]");
	json_decref(d);
}

static void refused_ones(void **state)
{
	static const char *const cases[][2] = {
	    {"{\"bomFormat\":\"CycloneDX\"}", "specVersion: it is missing"},
	    {"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.3\"}", "specVersion: CycloneDX 1.4 to 1.6 are read, not 1.3"},
	    {CDX "\"components\":[{\"type\":\"library\"}]}", "components[0].name: it is missing"},
	    {CDX "\"components\":{}}", "components: a list is wanted, not an object"},
	    {CDX "\"components\":[{\"name\":\"a\",\"components\":[{\"name\":3}]}]}", "components[0].components[0].name: a text is wanted, not a number"},
	    {CDX "\"components\":[{\"name\":\"a\",\"hashes\":[{\"alg\":\"SHA-256\",\"content\":\"abc\"}]}]}",
	     "components[0].hashes[0]: no SHA-256 in hex: abc"},
	    {CDX "\"metadata\":{\"timestamp\":\"2026-13-01T00:00:00Z\"}}", "metadata.timestamp: no date: 2026-13-01T00:00:00Z"},
	    {CDX "\"metadata\":{\"timestamp\":\"2026-12-01T99:00:00Z\"}}", "metadata.timestamp: no date: 2026-12-01T99:00:00Z"},
	    {CDX "\"components\":[{\"name\":\"a\"}],\"vulnerabilities\":[{\"ratings\":[{\"method\":\"CVSSv3\",\"score\":11}]}]}",
	     "vulnerabilities[0].ratings[0].score: a score from 0 to 10 is wanted"},
	    {CDX "\"components\":[],\"components\":[]}", "line 1: a key stands twice: components"},
	    {"{\"spdxVersion\":\"SPDX-3.0\",\"creationInfo\":{}}", "spdxVersion: SPDX-2.2 and SPDX-2.3 are read, not SPDX-3.0"},
	    {"{\"spdxVersion\":\"SPDX-2.3\"}", "creationInfo: it is missing"},
	    {"SPDXVersion: SPDX-2.3\nSPDXVersion: SPDX-2.2\n", "line 2: SPDXVersion stands twice"},
	    {"SPDXVersion: SPDX-2.3\nno tag\n", "line 2: \"Tag: value\" is wanted"},
	    {"SPDXVersion: SPDX-2.3\nPackageName: a\nPackageComment: <text>never\nends\n", "line 3: <text> does not end"},
	    {"SPDXVersion: SPDX-2.3\nPackageName: a\nPackageChecksum: abc\n", "line 3: a checksum is \"ALGORITHM: HEX\""},
	    {"SPDXVersion: SPDX-2.3\nRelationship: a b\n", "line 2: a relationship is \"ID TYPE ID\""},
	    {"SPDXVersion: SPDX-2.3\nPackageName: \xff\n", "it is not UTF-8"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		refused(cases[i][0], "sbom", cases[i][1]);
}

static const char spdx[] =
    "{\"spdxVersion\":\"SPDX-2.3\",\"SPDXID\":\"SPDXRef-DOCUMENT\",\"name\":\"app\",\"documentNamespace\":\"https://example.com/1\","
    "\"creationInfo\":{\"created\":\"2026-03-04T05:06:07Z\",\"creators\":[\"Tool: npm/cli-10.9.0\",\"Person: P\",\"Organization: Example Ltd\"]},"
    "\"documentDescribes\":[\"SPDXRef-app\"],"
    "\"packages\":[{\"SPDXID\":\"SPDXRef-app\",\"name\":\"app\",\"versionInfo\":\"1.0\",\"packageFileName\":\"app-1.0.tgz\",\"primaryPackagePurpose\":\"APPLICATION\","
    "\"checksums\":[{\"algorithm\":\"SHA256\",\"checksumValue\":\"" SHA "\"}]},"
    "{\"SPDXID\":\"SPDXRef-a\",\"name\":\"@s/a\",\"versionInfo\":\"NOASSERTION\",\"externalRefs\":[{\"referenceCategory\":\"PACKAGE-MANAGER\","
    "\"referenceType\":\"purl\",\"referenceLocator\":\"pkg:npm/%40s/a@2\"}]}],"
    "\"files\":[{\"SPDXID\":\"SPDXRef-f\",\"fileName\":\"./lib/in.js\",\"checksums\":[{\"algorithm\":\"SHA1\",\"checksumValue\":"
    "\"0123456789abcdef0123456789abcdef01234567\"}]}],"
    "\"relationships\":[{\"spdxElementId\":\"SPDXRef-app\",\"relationshipType\":\"CONTAINS\",\"relatedSpdxElement\":\"NONE\"}]}";

static const char tag[] =
    "# a comment\nSPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: app\n"
    "DocumentNamespace: https://example.com/1\nCreator: Tool: npm/cli-10.9.0\nCreator: Person: P\nCreator: Organization: Example Ltd\n"
    "Created: 2026-03-04T05:06:07Z\nCreatorComment: <text>one\nPackageName: not a tag\n</text>\n\n"
    "PackageName: app\r\nSPDXID: SPDXRef-app\nPackageVersion: 1.0\nPackageFileName: app-1.0.tgz\nPrimaryPackagePurpose: APPLICATION\n"
    "PackageChecksum: SHA256: " SHA "\n\nPackageName: @s/a\nSPDXID: SPDXRef-a\nPackageVersion: NOASSERTION\n"
    "ExternalRef: PACKAGE-MANAGER purl pkg:npm/%40s/a@2\n\nFileName: ./lib/in.js\nSPDXID: SPDXRef-f\n"
    "FileChecksum: SHA1: 0123456789abcdef0123456789abcdef01234567\n\n"
    "Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app\nRelationship: SPDXRef-app CONTAINS NONE\n";

static void spdx_in_both_forms(void **state)
{
	static const struct {
		const char *text, *format;
	} forms[] = {{spdx, "spdx-json 2.3"}, {tag, "spdx-tag 2.3"}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		json_t *d = good(forms[i].text, "sbom", forms[i].format);

		says(d, "issued", "\"2026-03-04\"");
		says(d, "by", "\"Example Ltd\"");
		says(d, "subjects", "[{\"md5\":\"\",\"name\":\"app\",\"purl\":\"\",\"sha1\":\"\",\"sha256\":\"" SHA "\",\"sha512\":\"\"}]");
		content_says(d, "tool", "\"npm/cli-10.9.0\"");
		content_says(d, "complete", "\"complete\"");
		content_says(d, "serial", "\"https://example.com/1\"");
		content_says(d, "root", "{\"md5\":\"\",\"name\":\"app\",\"purl\":\"\",\"sha1\":\"\",\"sha256\":\"" SHA
		                        "\",\"sha512\":\"\",\"type\":\"application\",\"version\":\"1.0\"}");
		content_says(d, "components",
		             "[{\"cpe\":\"\",\"md5\":\"\",\"name\":\"@s/a\",\"path\":\"\",\"purl\":\"pkg:npm/%40s/a@2\",\"scope\":\"\",\"sha1\":\"\","
		             "\"sha256\":\"\",\"sha512\":\"\",\"type\":\"package\",\"version\":\"\"},"
		             "{\"cpe\":\"\",\"md5\":\"\",\"name\":\"lib/in.js\",\"path\":\"lib/in.js\",\"purl\":\"\",\"scope\":\"\","
		             "\"sha1\":\"0123456789abcdef0123456789abcdef01234567\",\"sha256\":\"\",\"sha512\":\"\",\"type\":\"file\",\"version\":\"\"}]");
		json_decref(d);
	}
}

static void spoiled(void **state)
{
	(void)state;
	spoil_json(cyclonedx);
	spoil_json(spdx);
	spoil_bytes(tag, sizeof tag - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_cyclonedx),  cmocka_unit_test(how_complete),       cmocka_unit_test(a_vex),
	    cmocka_unit_test(refused_ones), cmocka_unit_test(spdx_in_both_forms), cmocka_unit_test(spoiled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
