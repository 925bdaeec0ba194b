/* Trust roots, and the signatures of a dossier's files that they answer for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/hash.h"
#include "evidence/signatures.h"
#include "tests/unit/openpgp_case.h"

static pb_bytes text(const char *s)
{
	return (pb_bytes){(const uint8_t *)s, strlen(s)};
}

static pb_bytes of(const pb_buf *b)
{
	return (pb_bytes){b->data, b->size};
}

static int64_t day(const char *date)
{
	int64_t d = 0;

	assert_true(pb_date_parse(date, &d));
	return d;
}

/* A minisign key of the test's own. */
typedef struct own {
	pb_secret_key secret;
	pb_buf public;
} own;

static void make(own *k)
{
	pb_public_key public;

	memset(k, 0, sizeof *k);
	assert_int_equal(pb_secret_key_new(&k->secret, NULL), PB_OK);
	pb_secret_key_public(&k->secret, &public);
	assert_int_equal(pb_public_key_text(&public, &k->public), PB_OK);
}

static json_t *root(const char *name, const char *role, const char *key)
{
	return json_pack("{s:s,s:s,s:s,s:[s]}", "name", name, "role", role, "text", key, "scope", "*");
}

static pb_trust *trust_of(json_t *roots, size_t problems)
{
	pb_trust *t = NULL;
	json_t *told = json_array();

	assert_int_equal(pb_trust_open(roots, &t, told, NULL), PB_OK);
	if (json_array_size(told) != problems)
		fail_msg("%zu problems: %s", json_array_size(told), json_dumps(told, 0));
	json_decref(told);
	json_decref(roots);
	return t;
}

static json_t *rows_of(const pb_trust *t, const pb_dossier_file *files, size_t n, size_t at, const char *as_of)
{
	json_t *rows = json_array();

	assert_int_equal(pb_signatures_of(t, files, n, at, day(as_of), rows, NULL), PB_OK);
	return rows;
}

/* "method verified root role why" of the one row, which is let go. */
static const char *said(json_t *rows)
{
	static char out[700];
	const json_t *r = json_array_get(rows, 0);

	if (json_array_size(rows) != 1)
		(void)snprintf(out, sizeof out, "%zu rows", json_array_size(rows));
	else
		(void)snprintf(out, sizeof out, "%s %d %s %s: %s", pb_json_str(r, "method", "?"), json_is_true(json_object_get(r, "verified")),
		               pb_json_str(r, "root", "?"), pb_json_str(r, "role", "?"), pb_json_str(r, "why", "?"));
	json_decref(rows);
	return out;
}

static void roots_that_do_not_count(void **state)
{
	own k;
	json_t *roots = json_array(), *row;
	pb_trust *t;

	(void)state;
	make(&k);
	json_array_append_new(roots, root("good", "auditor", (const char *)k.public.data));
	json_array_append_new(roots, root("good", "auditor", (const char *)k.public.data)); /* of one name */
	json_array_append_new(roots, root("../x", "auditor", (const char *)k.public.data));
	json_array_append_new(roots, root("king", "king", (const char *)k.public.data));
	json_array_append_new(roots, root("text", "auditor", "nothing"));
	json_array_append_new(roots, json_pack("{s:s,s:s}", "name", "none", "role", "auditor"));
	row = root("days", "auditor", (const char *)k.public.data);
	json_object_set_new(row, "from", json_string("2026-02-31"));
	json_array_append_new(roots, row);
	row = root("print", "auditor", (const char *)k.public.data);
	json_object_set_new(row, "key", json_string("0000000000000000"));
	json_array_append_new(roots, row);
	json_array_append_new(roots, json_integer(7));
	t = trust_of(roots, 8);
	assert_int_equal(pb_trust_count(t), 1);
	assert_string_equal(pb_trust_at(t, 0)->name, "good");
	pb_trust_free(t);
	roots = json_object();
	assert_int_equal(pb_trust_open(roots, &t, NULL, NULL), PB_EINPUT);
	json_decref(roots);
	pb_buf_free(&k.public);
}

static void minisign_beside_a_file(void **state)
{
	own k, stranger;
	pb_buf sig = {0};
	json_t *roots = json_array(), *row;
	pb_trust *t, *none = trust_of(json_array(), 0);
	pb_dossier_file files[3] = {{.name = "audit.json", .bytes = text("{}")}, {.name = "audit.json.minisig"}, {.name = "other", .bytes = text("x")}};

	(void)state;
	make(&k);
	make(&stranger);
	row = root("lab", "auditor", (const char *)k.public.data);
	json_object_set_new(row, "from", json_string("2026-01-01"));
	json_object_set_new(row, "until", json_string("2026-12-31"));
	json_array_append_new(roots, row);
	t = trust_of(roots, 0);
	assert_int_equal(pb_sign(text("{}"), &k.secret, "c", &sig, NULL), PB_OK);
	files[1].bytes = of(&sig);
	assert_string_equal(said(rows_of(t, files, 3, 0, "2026-06-01")), "minisign 1 lab auditor: ");
	assert_string_equal(said(rows_of(t, files, 3, 0, "2026-12-31")), "minisign 1 lab auditor: ");
	assert_string_equal(said(rows_of(t, files, 3, 0, "2025-12-31")), "minisign 1  : trust root lab counts from 2026-01-01 only");
	assert_string_equal(said(rows_of(t, files, 3, 0, "2027-01-01")), "minisign 1  : trust root lab counts until 2026-12-31 only");
	assert_string_equal(said(rows_of(none, files, 3, 0, "2026-06-01")), "minisign 0  : no trust root has this key");
	assert_string_equal(said(rows_of(t, files, 3, 2, "2026-06-01")), "0 rows");
	files[0].bytes = text("{} ");
	assert_non_null(strstr(said(rows_of(t, files, 3, 0, "2026-06-01")), "minisign 0  : the signature of key"));
	/* Under another name it is found by what it fits. */
	files[0].bytes = text("{}");
	files[1].name = "signatures/1.minisig";
	assert_string_equal(said(rows_of(t, files, 3, 0, "2026-06-01")), "minisign 1 lab auditor: ");
	assert_string_equal(said(rows_of(t, files, 3, 2, "2026-06-01")), "0 rows");
	pb_trust_free(t);
	pb_trust_free(none);
	pb_buf_free(&sig);
	pb_buf_free(&k.public);
	pb_buf_free(&stranger.public);
}

static void one_key_in_two_roles(void **state)
{
	own k;
	pb_buf sig = {0}, pem = {0};
	json_t *roots = json_array();
	pb_public_key public;
	pb_verifier *v;
	pb_trust *t;
	pb_dossier_file files[2] = {{.name = "a", .bytes = text("x")}, {.name = "a.minisig"}};

	(void)state;
	make(&k);
	pb_secret_key_public(&k.secret, &public);
	assert_int_equal(pb_verifier_of_minisign(&public, &v, NULL), PB_OK);
	assert_int_equal(pb_verifier_pem(v, &pem), PB_OK);
	json_array_append_new(roots, root("lab", "auditor", (const char *)k.public.data));
	json_array_append_new(roots, root("seller", "vendor", (const char *)pem.data)); /* in another kind of file */
	t = trust_of(roots, 1);
	assert_int_equal(pb_sign(text("x"), &k.secret, "c", &sig, NULL), PB_OK);
	files[1].bytes = of(&sig);
	assert_string_equal(said(rows_of(t, files, 2, 0, "2026-06-01")), "minisign 1  : its key is in two roles, of trust roots lab and seller");
	pb_trust_free(t);
	roots = json_array();
	json_array_append_new(roots, root("lab", "auditor", pgp_vendor_key));
	json_array_append_new(roots, root("seller", "vendor", pgp_vendor_key));
	t = trust_of(roots, 1);
	assert_non_null(pb_trust_at(t, 0)->twice);
	pb_trust_free(t);
	pb_verifier_free(v);
	pb_buf_free(&sig);
	pb_buf_free(&pem);
	pb_buf_free(&k.public);
}

static void openpgp_files(void **state)
{
	json_t *roots = json_array();
	pb_trust *t;
	pb_dossier_file files[] = {{.name = "m.txt", .bytes = text(pgp_message)},
	                           {.name = "m.txt.asc", .bytes = text(pgp_signature)},
	                           {.name = "Release", .bytes = text(pgp_clear)}};

	(void)state;
	json_array_append_new(roots, root("dist", "distributor", pgp_vendor_key));
	json_array_append_new(roots, root("old", "vendor", pgp_old_key));
	t = trust_of(roots, 0);
	assert_string_equal(said(rows_of(t, files, 3, 0, "2026-06-01")), "openpgp 1 dist distributor: ");
	assert_string_equal(said(rows_of(t, files, 3, 2, "2026-06-01")), "openpgp 1 dist distributor: ");
	files[1].bytes = text(pgp_old_signature);
	assert_string_equal(said(rows_of(t, files, 3, 0, "2024-03-01")), "openpgp 1 old vendor: ");
	assert_string_equal(said(rows_of(t, files, 3, 0, "2026-06-01")), "openpgp 1  : its key was valid until 2024-06-01");
	files[1].bytes = text(pgp_other_signature);
	assert_string_equal(said(rows_of(t, files, 3, 0, "2026-06-01")), "openpgp 0  : no trust root has this key");
	files[1].bytes = text(pgp_sha1);
	assert_string_equal(said(rows_of(t, files, 3, 0, "2026-06-01")), "openpgp 0  : made with SHA1, which can be forged");
	files[1].bytes = text("-----BEGIN PGP SIGNATURE-----\n\nnonsense\n");
	assert_non_null(strstr(said(rows_of(t, files, 3, 0, "2026-06-01")), "openpgp 0  : "));
	pb_trust_free(t);
}

static void envelopes(void **state)
{
	own k, stranger;
	pb_buf one = {0}, two = {0}, both = {0};
	json_t *roots = json_array(), *rows;
	pb_trust *t;
	pb_dossier_file file = {.name = "provenance.json"};
	char digest[65];

	(void)state;
	make(&k);
	make(&stranger);
	json_array_append_new(roots, root("ci", "builder", (const char *)k.public.data));
	t = trust_of(roots, 0);
	assert_int_equal(pb_dsse_sign(PB_DSSE_INTOTO, text("{\"a\":1}"), &k.secret, &one, NULL), PB_OK);
	assert_int_equal(pb_dsse_sign(PB_DSSE_INTOTO, text("{\"a\":2}"), &stranger.secret, &two, NULL), PB_OK);
	file.bytes = of(&one);
	assert_string_equal(said(rows_of(t, &file, 1, 0, "2026-06-01")), "dsse 1 ci builder: ");
	file.bytes = of(&two);
	assert_string_equal(said(rows_of(t, &file, 1, 0, "2026-06-01")), "dsse 0  : no trust root has a key that it holds for");
	/* Of several envelopes each has its own rows, which say over what they are. */
	assert_int_equal(pb_buf_printf(&both, "{\"attestations\":[{\"bundle\":{\"dsseEnvelope\":%s}},{\"bundle\":{\"dsseEnvelope\":%s}}]}",
	                               (const char *)one.data, (const char *)two.data),
	                 PB_OK);
	file.bytes = of(&both);
	rows = rows_of(t, &file, 1, 0, "2026-06-01");
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(pb_json_str(json_array_get(rows, 0), "root", "?"), "ci");
	assert_true(pb_sha256_of(text("{\"a\":1}"), digest));
	assert_string_equal(pb_json_str(json_array_get(rows, 0), "payload", "?"), digest);
	assert_string_equal(pb_json_str(json_array_get(rows, 1), "root", "?"), "");
	assert_true(pb_sha256_of(text("{\"a\":2}"), digest));
	assert_string_equal(pb_json_str(json_array_get(rows, 1), "payload", "?"), digest);
	json_decref(rows);
	pb_trust_free(t);
	pb_buf_free(&one);
	pb_buf_free(&two);
	pb_buf_free(&both);
	pb_buf_free(&k.public);
	pb_buf_free(&stranger.public);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(roots_that_do_not_count), cmocka_unit_test(minisign_beside_a_file), cmocka_unit_test(one_key_in_two_roles),
	    cmocka_unit_test(openpgp_files),           cmocka_unit_test(envelopes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
