/* Signatures of packages. With words (FOLDER of documents, FOLDER of roots, PRODUCT, DAY) it prints the rows of real files: tests/cli/signatures.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/date.h"
#include "base/fs.h"
#include "base/hash.h"
#include "cli/trust.h"
#include "evidence/package.h"
#include "evidence/signatures.h"

static pb_bytes text(const char *s)
{
	return (pb_bytes){(const uint8_t *)s, strlen(s)};
}

static pb_bytes of(const pb_buf *b)
{
	return (pb_bytes){b->data, b->size};
}

/* --- rows of real files */

enum { FILES = 64, MOST = 512 << 20 };

static int complain(const pb_error *err)
{
	(void)fprintf(stderr, "%s\n", err->text);
	return 1;
}

static int print_rows(char **argv)
{
	static pb_buf bytes[FILES], product;
	static pb_dossier_file files[FILES];
	const char *dirs[] = {argv[2], NULL};
	json_t *roots = NULL, *rows = json_array();
	pb_trust *t = NULL;
	pb_error err = {0};
	char **names = NULL;
	size_t n = 0;
	int64_t day = 0;

	if (!pb_date_parse(argv[4], &day) || pb_trust_roots(dirs, &roots, &err) != PB_OK || pb_trust_open(roots, &t, NULL, &err) != PB_OK ||
	    pb_fs_names(argv[1], NULL, &names, &n, &err) != PB_OK || n > FILES || pb_fs_read(argv[3], MOST, &product, &err) != PB_OK)
		return complain(&err);
	for (size_t i = 0; i < n; i++) {
		char *path = pb_fs_join(argv[1], names[i]);

		if (pb_fs_read(path, MOST, &bytes[i], &err) != PB_OK)
			return complain(&err);
		files[i].name = names[i];
		files[i].bytes = of(&bytes[i]);
		free(path);
	}
	if (pb_package_signatures(t, files, n, of(&product), strrchr(argv[3], '/') != NULL ? strrchr(argv[3], '/') + 1 : argv[3], day, rows, &err) !=
	    PB_OK)
		return complain(&err);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *r = json_array_get(rows, i);

		printf("%s %s %s root=%s%s: %s\n", pb_json_str(r, "method", "?"), pb_json_str(r, "document", "?"),
		       json_is_true(json_object_get(r, "verified")) ? "verified" : "no", pb_json_str(r, "root", "?"),
		       json_is_true(json_object_get(r, "contradicts")) ? " CONTRADICTS" : "", pb_json_str(r, "why", "?"));
	}
	for (size_t i = 0; i < n; i++)
		pb_buf_free(&bytes[i]);
	pb_buf_free(&product);
	pb_fs_names_free(names, n);
	pb_trust_free(t);
	json_decref(roots);
	json_decref(rows);
	return 0;
}

/* --- with keys of the test's own */

typedef struct own {
	pb_secret_key secret;
	pb_trust *trust;
	json_t *rows;
} own;

static void make(own *o)
{
	json_t *roots;
	pb_public_key public;
	pb_buf b = {0};

	assert_int_equal(pb_secret_key_new(&o->secret, NULL), PB_OK);
	pb_secret_key_public(&o->secret, &public);
	assert_int_equal(pb_public_key_text(&public, &b), PB_OK);
	roots = json_pack("[{s:s,s:s,s:s}]", "name", "reg", "role", "distributor", "text", (const char *)b.data);
	assert_int_equal(pb_trust_open(roots, &o->trust, NULL, NULL), PB_OK);
	o->rows = json_array();
	json_decref(roots);
	pb_buf_free(&b);
}

static void let_go(own *o)
{
	pb_trust_free(o->trust);
	json_decref(o->rows);
}

/* "method verified contradicts root why" of the only row. */
static const char *said(own *o, const pb_dossier_file *files, size_t n, const char *product, const char *name)
{
	static char out[700];
	const json_t *r;

	json_array_clear(o->rows);
	assert_int_equal(pb_package_signatures(o->trust, files, n, text(product), name, 20500, o->rows, NULL), PB_OK);
	r = json_array_get(o->rows, 0);
	if (json_array_size(o->rows) != 1)
		(void)snprintf(out, sizeof out, "%zu rows", json_array_size(o->rows));
	else
		(void)snprintf(out, sizeof out, "%s %d %d %s: %s", pb_json_str(r, "method", "?"), json_is_true(json_object_get(r, "verified")),
		               json_is_true(json_object_get(r, "contradicts")), pb_json_str(r, "root", "?"), pb_json_str(r, "why", "?"));
	return out;
}

static void beside_the_file(void **state)
{
	own o;
	pb_buf sig = {0};
	pb_dossier_file files[1] = {{.name = "sub/app.tgz.minisig"}};

	(void)state;
	make(&o);
	assert_int_equal(pb_sign(text("bytes"), &o.secret, "c", &sig, NULL), PB_OK);
	files[0].bytes = of(&sig);
	assert_string_equal(said(&o, files, 1, "bytes", "app.tgz"), "minisign 1 0 reg: ");
	assert_string_equal(pb_json_str(json_array_get(o.rows, 0), "document", ""), "sub/app.tgz.minisig");
	assert_non_null(strstr(said(&o, files, 1, "other", "app.tgz"), "minisign 0 1 : the signature of key"));
	assert_string_equal(said(&o, files, 1, "other", "else.tgz"), "0 rows");
	assert_string_equal(said(&o, files, 0, "bytes", "app.tgz"), "0 rows");
	pb_buf_free(&sig);
	let_go(&o);
}

static void lists_of_sums(void **state)
{
	own o;
	char digest[65], list[300];
	pb_buf sig = {0};
	pb_dossier_file files[2] = {{.name = "SHA256SUMS"}, {.name = "SHA256SUMS.minisig"}};

	(void)state;
	make(&o);
	assert_true(pb_sha256_of(text("bytes"), digest));
	(void)snprintf(list, sizeof list, "%064d  other.tgz\n%s *app.tgz\n", 7, digest);
	assert_int_equal(pb_sign(text(list), &o.secret, "c", &sig, NULL), PB_OK);
	files[0].bytes = text(list);
	files[1].bytes = of(&sig);
	assert_string_equal(said(&o, files, 2, "bytes", "app.tgz"), "sums 1 0 reg: ");
	assert_string_equal(said(&o, files, 2, "changed", "app.tgz"), "sums 0 1 reg: it names other bytes under this name");
	assert_string_equal(said(&o, files, 2, "changed", "pp.tgz"), "0 rows");
	assert_string_equal(said(&o, files, 1, "bytes", "app.tgz"), "sums 0 0 : nobody signed it");
	list[0] = '1';
	assert_non_null(strstr(said(&o, files, 2, "bytes", "app.tgz"), "sums 0 0 : the signature of key"));
	pb_buf_free(&sig);
	let_go(&o);
}

static void registries(void **state)
{
	own o;
	uint8_t raw[64], sig[64];
	char message[300], doc[1200];
	pb_buf sum = {0}, coded = {0};
	pb_dossier_file file = {.name = "app.json"};

	(void)state;
	make(&o);
	assert_int_equal(pb_hash_raw("sha512", text("bytes"), raw), 64);
	assert_int_equal(pb_base64_encode((pb_bytes){raw, 64}, &sum), PB_OK);
	(void)snprintf(message, sizeof message, "app@1.0.0:sha512-%s", (const char *)sum.data);
	assert_int_equal(pb_sign_raw(text(message), &o.secret, sig, NULL), PB_OK);
	assert_int_equal(pb_base64_encode((pb_bytes){sig, 64}, &coded), PB_OK);
	(void)snprintf(doc, sizeof doc,
	               "{\"versions\":{\"0.9.0\":{\"dist\":{\"integrity\":\"sha512-AA==\"}},\"1.0.0\":{\"name\":\"app\",\"version\":\"1.0.0\",\"dist\":{"
	               "\"tarball\":\"https://r.example/app/-/app-1.0.0.tgz\",\"integrity\":\"sha512-%s\",\"signatures\":[{\"keyid\":\"k\",\"sig\":\"%s\"}]}}}}",
	               (const char *)sum.data, (const char *)coded.data);
	file.bytes = text(doc);
	assert_string_equal(said(&o, &file, 1, "bytes", "app-1.0.0.tgz"), "npm-registry 1 0 reg: ");
	assert_string_equal(said(&o, &file, 1, "bytes", "renamed.tgz"), "npm-registry 1 0 reg: ");
	assert_string_equal(said(&o, &file, 1, "changed", "app-1.0.0.tgz"), "npm-registry 0 1 reg: it names other bytes under this name");
	assert_string_equal(said(&o, &file, 1, "changed", "renamed.tgz"), "0 rows");
	/* A version that somebody signed as another one. */
	memcpy(strstr(doc, "\"version\":\"1.0.0\"") + 11, "1.0.1", 5);
	assert_string_equal(said(&o, &file, 1, "bytes", "app-1.0.0.tgz"), "npm-registry 0 0 : no trust root has a key that it holds for");
	pb_buf_free(&sum);
	pb_buf_free(&coded);
	let_go(&o);
}

/* What npm's registry really gave, with the two keys that it publishes. The packages are not here, so it "names other bytes": whose word that is
 * shows whether the registry's signature holds. */
static void npms_own_signatures(void **state)
{
	static const char old[] = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1Olb3zMAFFxXKHiIkQO5cJ3Yhl5i\n"
	                          "6UPp+IhuteBJbuHcA5UogKo0EWtlWwW6KSaKoTNEYL7JlCQiVnkhBktUgg==\n-----END PUBLIC KEY-----\n",
	                  new[] = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEY6Ya7W++7aUPzvMTrezH6Ycx3c+H\n"
	                          "OKYCcNGybJZSCJq/fd7Qa8uuAKtdIkUQtQiEKERhAmE5lMMJhP8OkDOa2g==\n-----END PUBLIC KEY-----\n",
	                  one[] = "{\"_id\":\"@midas-ds/checkbox@1.0.3\",\"name\":\"@midas-ds/checkbox\",\"version\":\"1.0.3\",\"dist\":{\"integrity\":\"sha512-SeURf24EoizN5/"
	                          "o2CdUnisZNeCya/KNqdAxAR0lNc842jPs8sGknhv+Woy8QTKswALTk0PrSP3Q/4MvdpFabNQ==\",\"tarball\":\"https://registry.npmjs.org/@midas-ds/"
	                          "checkbox/-/checkbox-1.0.3.tgz\",\"signatures\":[{\"keyid\":\"SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA\",\"sig\":"
	                          "\"MEUCIQDQJR84xvAX4KcEIR2HUjIZiSMiqnOBXNu9kx+eefUwPgIgCzdqT1+dzBwKuWSuM1IuCeo4ikBmi21hnIXLcK7dosY=\"}]}}",
	                  two[] = "{\"name\":\"@anthropic-ai/claude-code\",\"version\":\"2.1.96\",\"dist\":{\"integrity\":\"sha512-ETrc0+1qWHaqtKi+ixbsAecZyM+H52VIJj+"
	                          "zWIvw3jBU/JZ9v5vnE2kHShM1lcpr+Gji7GXk23l0CMGLA7hC0g==\",\"tarball\":\"https://registry.npmjs.org/@anthropic-ai/claude-code/-/"
	                          "claude-code-2.1.96.tgz\",\"signatures\":[{\"keyid\":\"SHA256:DhQ8wR5APBvFHLF/+Tc+AYvPOdTpcIDqOhxsBHRwC7U\",\"sig\":\"MEUCIDfVFVFY0"
	                          "qtDRV8JGrx0/QKyh70/hWuV+lO0LSTt2zz6AiEA20JmCcoQACXgZOSLdrLxZ8I2356j3KvBbianSlhxu0A=\"}]}}";
	own o;
	json_t *roots = json_pack("[{s:s,s:s,s:s},{s:s,s:s,s:s}]", "name", "old", "role", "distributor", "text", old, "name", "new", "role", "distributor",
	                          "text", new);
	char changed[sizeof one];
	pb_dossier_file file = {.name = "view.json"};

	(void)state;
	make(&o);
	pb_trust_free(o.trust);
	assert_int_equal(pb_trust_open(roots, &o.trust, NULL, NULL), PB_OK);
	file.bytes = text(one);
	assert_string_equal(said(&o, &file, 1, "bytes", "checkbox-1.0.3.tgz"), "npm-registry 0 1 old: it names other bytes under this name");
	file.bytes = text(two);
	assert_string_equal(said(&o, &file, 1, "bytes", "claude-code-2.1.96.tgz"), "npm-registry 0 1 new: it names other bytes under this name");
	memcpy(changed, one, sizeof changed);
	memcpy(strstr(changed, "sha512-SeUR"), "sha512-SeUS", 11);
	file.bytes = text(changed);
	assert_string_equal(said(&o, &file, 1, "bytes", "checkbox-1.0.3.tgz"), "npm-registry 0 1 : it names other bytes under this name");
	json_decref(roots);
	let_go(&o);
}

static void attestations(void **state)
{
	own o;
	char digest[129], statement[500];
	pb_buf env = {0}, doc = {0};
	pb_dossier_file file = {.name = "attestations.json"};

	(void)state;
	make(&o);
	assert_true(pb_hash_hex("sha512", text("bytes"), digest));
	(void)snprintf(statement, sizeof statement, "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"pkg:npm/app@1.0.0\",\"digest\":{\"sha512\":\"%s\"}}]}",
	               digest);
	assert_int_equal(pb_dsse_sign(PB_DSSE_INTOTO, text(statement), &o.secret, &env, NULL), PB_OK);
	assert_int_equal(pb_buf_printf(&doc, "{\"attestations\":[{\"bundle\":{\"dsseEnvelope\":%s}}]}", (const char *)env.data), PB_OK);
	file.bytes = of(&doc);
	assert_string_equal(said(&o, &file, 1, "bytes", "app-1.0.0.tgz"), "npm-provenance 1 0 reg: ");
	assert_string_equal(said(&o, &file, 1, "changed", "app-1.0.0.tgz"), "0 rows");
	pb_buf_free(&env);
	pb_buf_free(&doc);
	let_go(&o);
}

static void archives_of_debian(void **state)
{
	own o;
	char deb[65], packages[400], digest[65], release[400];
	pb_buf sig = {0};
	pb_dossier_file files[3] = {{.name = "Packages"}, {.name = "Release"}, {.name = "Release.minisig"}};

	(void)state;
	make(&o);
	assert_true(pb_sha256_of(text("bytes"), deb));
	(void)snprintf(packages, sizeof packages, "Package: other\nFilename: pool/other_1_all.deb\nSHA256: %064d\n\nPackage: app\nFilename: pool/app_1_all.deb\nSHA256: %s\n", 3,
	               deb);
	assert_true(pb_sha256_of(text(packages), digest));
	(void)snprintf(release, sizeof release, "Suite: stable\nSHA256:\n %064d 12 main/x\n %s 123 main/binary-all/Packages\n", 4, digest);
	assert_int_equal(pb_sign(text(release), &o.secret, "c", &sig, NULL), PB_OK);
	files[0].bytes = text(packages);
	files[1].bytes = text(release);
	files[2].bytes = of(&sig);
	assert_string_equal(said(&o, files, 3, "bytes", "app_1_all.deb"), "debian-release 1 0 reg: ");
	assert_string_equal(said(&o, files, 3, "changed", "app_1_all.deb"), "debian-release 0 1 reg: it names other bytes under this name");
	assert_string_equal(said(&o, files, 3, "changed", "new_1_all.deb"), "0 rows");
	/* Packages that the Release does not name are nobody's. */
	packages[9] = 'O';
	assert_string_equal(said(&o, files, 3, "bytes", "app_1_all.deb"), "0 rows");
	packages[9] = 'o';
	release[7] = 'S';
	assert_non_null(strstr(said(&o, files, 3, "bytes", "app_1_all.deb"), "debian-release 0 0 : the signature of key"));
	pb_buf_free(&sig);
	let_go(&o);
}

/* A Release signed with this Valid-Until, and what is said of the package that it leads to, on day 20500 (2026-02-16). */
static void release_until(const char *until, const char *wanted, const char *of_others)
{
	own o;
	char deb[65], packages[200], digest[65], release[400];
	pb_buf sig = {0};
	pb_dossier_file files[3] = {{.name = "Packages"}, {.name = "Release"}, {.name = "Release.minisig"}};

	make(&o);
	assert_true(pb_sha256_of(text("bytes"), deb));
	(void)snprintf(packages, sizeof packages, "Package: app\nFilename: pool/app_1_all.deb\nSHA256: %s\n", deb);
	assert_true(pb_sha256_of(text(packages), digest));
	(void)snprintf(release, sizeof release, "Origin: x\nSuite: stable\nCodename: s\nDate: Sun, 01 Feb 2026 10:00:00 UTC\n%sSHA256:\n %s 123 main/binary-all/Packages\n",
	               until, digest);
	assert_int_equal(pb_sign(text(release), &o.secret, "c", &sig, NULL), PB_OK);
	files[0].bytes = text(packages);
	files[1].bytes = text(release);
	files[2].bytes = of(&sig);
	assert_string_equal(said(&o, files, 3, "bytes", "app_1_all.deb"), wanted);
	assert_string_equal(said(&o, files, 3, "changed", "app_1_all.deb"), of_others);
	pb_buf_free(&sig);
	let_go(&o);
}

static void old_indexes(void **state)
{
	static const char past[] = "debian-release 0 0 : its Valid-Until, 2026-02-15, is past";
	static const char others[] = "debian-release 0 1 reg: it names other bytes under this name";

	(void)state;
	release_until("", "debian-release 1 0 reg: ", others);
	release_until("Valid-Until: Mon, 16 Feb 2026 10:00:00 UTC\n", "debian-release 1 0 reg: ", others);
	/* what it says of others is told, and proves nothing either */
	release_until("Valid-Until: Sun, 15 Feb 2026 10:00:00 UTC\n", past, "debian-release 0 1 : it names other bytes under this name");
}

/* Nothing is read past the end of what is broken. */
static void broken_packages(void **state)
{
	static const char *const bad[] = {"!<arch>\n", "!<arch>\n_gpgorigin      0           0     0     100644  9999999999`\nx", "\xed\xab\xee\xdb", "{\"dist\":{\"integrity\":7}}",
	                                  "Package: \n\n\n", "SHA256:\n \n"};
	own o;
	pb_dossier_file file = {.name = "x.sig"};

	(void)state;
	make(&o);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		file.bytes = text(bad[i]);
		assert_int_equal(pb_package_signatures(o.trust, &file, 1, text(bad[i]), "x", 20000, o.rows, NULL), PB_OK);
		assert_int_equal(pb_package_signatures(o.trust, &file, 1, text(bad[i]), "", 20000, o.rows, NULL), PB_OK);
	}
	for (size_t i = 0; i < json_array_size(o.rows); i++)
		assert_false(json_is_true(json_object_get(json_array_get(o.rows, i), "verified")));
	let_go(&o);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(beside_the_file), cmocka_unit_test(lists_of_sums),      cmocka_unit_test(registries), cmocka_unit_test(npms_own_signatures),
	    cmocka_unit_test(attestations),    cmocka_unit_test(archives_of_debian), cmocka_unit_test(old_indexes), cmocka_unit_test(broken_packages),
	};

	return argc == 5 ? print_rows(argv) : cmocka_run_group_tests(tests, NULL, NULL);
}
