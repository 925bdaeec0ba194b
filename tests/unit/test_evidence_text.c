/* plugin/evidence: documents of lines: security.txt and Debian's control files. */
#include "evidence_case.h"

#define SHA  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define MD5  "0123456789abcdef0123456789abcdef"
#define SIGN "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n"
#define SIG  "-----BEGIN PGP SIGNATURE-----\n\nabcd\n-----END PGP SIGNATURE-----\n"

static const char security[] = "# ours\nContact: mailto:security@example.com\nContact: https://example.com/report\r\nExpires: 2027-01-31T12:00:00.000Z\n"
                               "Policy: https://example.com/policy\nPreferred-Languages: en, de\nCanonical: https://example.com/.well-known/security.txt\n"
                               "CSAF: https://example.com/provider-metadata.json\nX-Other: this\n";

static void a_security_txt(void **state)
{
	json_t *d = good(security, "security-txt", "rfc9116");

	(void)state;
	says(d, "expires", "\"2027-01-31\"");
	content_says(d, "contacts", "[\"mailto:security@example.com\",\"https://example.com/report\"]");
	content_says(d, "policies", "[\"https://example.com/policy\"]");
	content_says(d, "csaf", "[\"https://example.com/provider-metadata.json\"]");
	content_says(d, "languages", "\"en, de\"");
	content_says(d, "problems", "[]");
	content_says(d, "signed", "false");
	json_decref(d);
	d = good(SIGN "Contact: mailto:a@example.com\n- -X: a line\n" SIG, "security-txt", "rfc9116");
	json_decref(d);
}

static void a_security_txt_with_problems(void **state)
{
	json_t *d = good(SIGN "Contact: a@example.com\nPolicy: http://example.com/\n" SIG, "security-txt", "rfc9116");

	(void)state;
	content_says(d, "signed", "true");
	content_says(d, "problems", "[\"Contact is no URI (mailto:, tel: or https:)\",\"a URI of the web begins with https://\",\"no Expires\"]");
	json_decref(d);
	refused("Contact: mailto:a\nExpires: soon\n", "security-txt", "Expires: no date: soon");
	refused("Contact: mailto:a\nwhat is this\n", "security-txt", "line 2: \"Field: value\" is wanted");
	refused(SIGN "Contact: mailto:a\n" SIG "Contact: mailto:evil\n", "security-txt", "the clear-signed text is broken, or something stands outside of it");
	refused("Contact: mailto:\xc3\x28\n", "security-txt", "it is not UTF-8");
}

static const char changes[] =
    "Format: 1.8\nDate: Fri, 06 Feb 2026 09:00:00 +0100\nSource: a\nBinary: a a-doc\nArchitecture: source amd64\nVersion: 1.0-1\nDistribution: unstable\n"
    "Urgency: medium\nMaintainer: M <m@example.com>\nChanged-By: C <c@example.com>\nChanges:\n a (1.0-1) unstable; urgency=medium\n .\n   * First.\n"
    "Checksums-Sha256:\n " SHA " 10 a_1.0-1.dsc\n " SHA " 2000 a_1.0-1_amd64.deb\nFiles:\n " MD5 " 10 misc optional a_1.0-1.dsc\n " MD5
    " 2000 misc optional a_1.0-1_amd64.deb\n";

static const char dsc[] = "Format: 3.0 (quilt)\nSource: a\nBinary: a, a-doc\nArchitecture: any\nVersion: 1.0-1\nMaintainer: M <m@example.com>\n"
                          "Homepage: https://example.com\nVcs-Browser: https://salsa.example/a\nVcs-Git: https://salsa.example/a.git\n"
                          "Package-List:\n a deb misc optional arch=any\nChecksums-Sha256:\n " SHA " 10 a_1.0.orig.tar.xz\n";

static const char buildinfo[] =
    "Format: 1.0\nSource: a\nBinary: a\nArchitecture: amd64\nVersion: 1.0-1\nChecksums-Sha256:\n " SHA " 2000 a_1.0-1_amd64.deb\n"
    "Build-Origin: Debian\nBuild-Architecture: amd64\nBuild-Date: Fri, 06 Feb 2026 08:00:00 +0000\nBuild-Path: /build/a-1.0\n"
    "Installed-Build-Depends:\n autoconf (= 2.71-3),\n base-files (= 12.4)\nEnvironment:\n LANG=\"C\"\n";

static const char release[] = "Origin: Debian\nLabel: Debian\nSuite: stable\nVersion: 12.9\nCodename: bookworm\nDate: Sat, 11 Jan 2026 10:00:00 UTC\n"
                              "Valid-Until: Sat, 18 Jan 2026 10:00:00 UTC\nArchitectures: all amd64\nComponents: main contrib\nMD5Sum:\n " MD5
                              "   100 main/binary-amd64/Packages\nSHA256:\n " SHA "   100 main/binary-amd64/Packages\n";

static const char packages[] = "Package: a\nVersion: 1.0-1\nArchitecture: amd64\nFilename: pool/main/a/a/a_1.0-1_amd64.deb\nSize: 2000\nMD5sum: " MD5
                               "\nSHA256: " SHA "\nDescription: one\n more\n\n\nPackage: b\nSource: bb (2)\nVersion: 2\nArchitecture: all\n"
                               "Filename: pool/b_2_all.deb\nSize: 5\nSHA256: " SHA "\n";

static void control_files(void **state)
{
	json_t *d = good(changes, "changes", "debian-changes 1.8");

	(void)state;
	says(d, "issued", "\"2026-02-06\"");
	says(d, "by", "\"C <c@example.com>\"");
	content_says(d, "architectures", "[\"source\",\"amd64\"]");
	content_says(d, "files",
	             "[{\"md5\":\"" MD5 "\",\"name\":\"a_1.0-1.dsc\",\"sha1\":\"\",\"sha256\":\"" SHA "\",\"sha512\":\"\",\"size\":10},"
	             "{\"md5\":\"" MD5 "\",\"name\":\"a_1.0-1_amd64.deb\",\"sha1\":\"\",\"sha256\":\"" SHA "\",\"sha512\":\"\",\"size\":2000}]");
	assert_int_equal(json_array_size(json_object_get(d, "subjects")), 2);
	json_decref(d);
	d = good(dsc, "dsc", "debian-dsc 3.0 (quilt)");
	content_says(d, "vcs", "\"https://salsa.example/a.git\"");
	content_says(d, "binaries", "[\"a\",\"a-doc\"]");
	json_decref(d);
	d = good(buildinfo, "rebuild", "debian-buildinfo 1.0");
	content_says(d, "builder", "\"Debian\"");
	content_says(d, "date", "\"2026-02-06\"");
	content_says(d, "path", "\"/build/a-1.0\"");
	content_says(d, "depends", "[{\"name\":\"autoconf\",\"version\":\"2.71-3\"},{\"name\":\"base-files\",\"version\":\"12.4\"}]");
	json_decref(d);
	d = good(release, "release", "debian-release");
	says(d, "expires", "\"2026-01-18\"");
	says(d, "subjects", "[]");
	content_says(d, "components", "[\"main\",\"contrib\"]");
	content_says(d, "files", "[{\"md5\":\"" MD5 "\",\"name\":\"main/binary-amd64/Packages\",\"sha1\":\"\",\"sha256\":\"" SHA
	                         "\",\"sha512\":\"\",\"size\":100}]");
	json_decref(d);
	d = good(packages, "packages", "debian-packages");
	content_says(d, "packages",
	             "[{\"architecture\":\"amd64\",\"filename\":\"pool/main/a/a/a_1.0-1_amd64.deb\",\"md5\":\"" MD5
	             "\",\"name\":\"a\",\"sha1\":\"\",\"sha256\":\"" SHA "\",\"sha512\":\"\",\"size\":2000,\"source\":\"\",\"version\":\"1.0-1\"},"
	             "{\"architecture\":\"all\",\"filename\":\"pool/b_2_all.deb\",\"md5\":\"\",\"name\":\"b\",\"sha1\":\"\",\"sha256\":\"" SHA
	             "\",\"sha512\":\"\",\"size\":5,\"source\":\"bb (2)\",\"version\":\"2\"}]");
	assert_string_equal(pb_json_str(json_array_get(json_object_get(d, "subjects"), 0), "name", ""), "a_1.0-1_amd64.deb");
	json_decref(d);
}

static char *with(const char *before, const char *text, const char *after)
{
	size_t n = strlen(before) + strlen(text) + strlen(after) + 1;
	char *all = malloc(n);

	assert_non_null(all);
	strcpy(all, before);
	strcat(all, text);
	strcat(all, after);
	return all;
}

static void signed_and_broken(void **state)
{
	static const char *const cases[][3] = {
	    {"Format: 1.8\nSource: a\nDistribution: x\nChanged-By: y\nDate: yesterday\n", "changes", "Date: no date: yesterday"},
	    {"Format: 1.8\nSource: a\nDistribution: x\nChanged-By: y\nsource: b\n", "changes", "line 5: a field stands twice: source"},
	    {"Format: 1.8\nSource: a\nDistribution: x\nChanged-By: y\n\nFormat: 1.8\n", "changes", "line 6: more than one stanza"},
	    {"Format: 1.8\nSource: a\nDistribution: x\nChanged-By: y\nwhat\n", "changes", "line 5: \"Field: value\" is wanted"},
	    {"Format: 1.8\nSource: a\nDistribution: x\nChanged-By: y\nFiles:\n abc 1 a\n", "changes", "a: no md5 in hex: abc"},
	    {"Format: 1.8\nSource: a\nDistribution: x\nChanged-By: y\nFiles:\n " MD5 " one a\n", "changes", "a file is \"DIGEST SIZE NAME\""},
	    {"Format: 1.8\nSource: a\nDistribution: x\nChanged-By: y\nFiles:\n " MD5 " 1 a\n " MD5 " 1 a\n", "changes", "a stands twice among the files with md5"},
	    {"Package: a\nVersion: 1\nFilename: f\nSize: -1\n", "packages", "Size: no number: -1"},
	    {"Package: a\nVersion: 1\nFilename: f\nSize: 1\nSHA256: 12\n", "packages", "SHA256: no such digest in hex: 12"},
	};
	char *text = with(SIGN, dsc, SIG);
	json_t *d = good(text, "dsc", "debian-dsc 3.0 (quilt)");

	(void)state;
	json_decref(d);
	spoil_bytes(text, strlen(text));
	free(text);
	text = with("Source: evil\n" SIGN, dsc, SIG);
	d = read_text(text);
	assert_string_not_equal(pb_json_str(d, "state", ""), "read");
	json_decref(d);
	free(text);
	text = with(SIGN, dsc, "");
	refused(text, "dsc", "the clear-signed text is broken, or something stands outside of it");
	free(text);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		refused(cases[i][0], cases[i][1], cases[i][2]);
}

static void spoiled(void **state)
{
	(void)state;
	spoil_bytes(security, sizeof security - 1);
	spoil_bytes(changes, sizeof changes - 1);
	spoil_bytes(buildinfo, sizeof buildinfo - 1);
	spoil_bytes(release, sizeof release - 1);
	spoil_bytes(packages, sizeof packages - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_security_txt),    cmocka_unit_test(a_security_txt_with_problems), cmocka_unit_test(control_files),
	    cmocka_unit_test(signed_and_broken), cmocka_unit_test(spoiled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
