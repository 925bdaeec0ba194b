/* OpenPGP signatures: which hold, on which day, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/date.h"
#include "box/box.h"
#include "evidence/openpgp.h"
#include "tests/unit/openpgp_case.h"

static pb_bytes text(const char *s)
{
	return (pb_bytes){(const uint8_t *)s, strlen(s)};
}

static int64_t day(const char *date)
{
	int64_t d = 0;

	assert_true(pb_date_parse(date, &d));
	return d;
}

static pb_openpgp *ring_with(const char *key)
{
	pb_openpgp *p = NULL;
	json_t *prints = json_array();

	assert_int_equal(pb_openpgp_new(&p, NULL), PB_OK);
	if (key != NULL)
		assert_int_equal(pb_openpgp_add(p, text(key), prints, NULL, NULL), PB_OK);
	json_decref(prints);
	return p;
}

static pb_openpgp_signature one(pb_openpgp *p, const char *message, const char *signature, const char *as_of)
{
	pb_openpgp_signature found[PB_OPENPGP_SIGNATURES];
	pb_error err = {0};
	size_t n = 0;

	if (pb_openpgp_detached(p, text(message), text(signature), day(as_of), found, &n, &err) != PB_OK)
		fail_msg("%s", err.text);
	assert_int_equal(n, 1);
	return found[0];
}

static void keys_are_listed(void **state)
{
	pb_openpgp *p = ring_with(NULL);
	json_t *prints = json_array(), *subkeys = json_array();
	pb_buf binary = {0};
	pb_error err = {0};

	(void)state;
	assert_int_equal(pb_openpgp_add(p, text(pgp_vendor_key), prints, subkeys, NULL), PB_OK);
	assert_int_equal(pb_base64_decode(pgp_other_key, strlen(pgp_other_key), &binary), PB_OK);
	assert_int_equal(pb_openpgp_add(p, (pb_bytes){binary.data, binary.size}, prints, subkeys, NULL), PB_OK);
	assert_int_equal(json_array_size(prints), 2);
	assert_string_equal(json_string_value(json_array_get(prints, 0)), PGP_VENDOR);
	assert_string_equal(json_string_value(json_array_get(prints, 1)), PGP_OTHER);
	assert_int_equal(pb_openpgp_add(p, text(pgp_signature), prints, NULL, &err), PB_EINPUT);
	assert_int_equal(pb_openpgp_add(p, text("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n"), prints, NULL, &err), PB_EINPUT);
	json_decref(prints);
	json_decref(subkeys);
	pb_buf_free(&binary);
	pb_openpgp_free(p);
}

static void detached_signatures_hold(void **state)
{
	pb_openpgp *p = ring_with(pgp_vendor_key);
	pb_openpgp_signature s = one(p, pgp_message, pgp_signature, "2026-01-01"), found[PB_OPENPGP_SIGNATURES];
	pb_buf binary = {0};
	size_t n;

	(void)state;
	assert_true(s.holds && s.known && !s.expired);
	assert_string_equal(s.key, PGP_VENDOR);
	assert_string_equal(s.why, "");
	assert_int_equal(s.made, day("2024-02-01"));
	assert_int_equal(pb_base64_decode(pgp_binary, strlen(pgp_binary), &binary), PB_OK);
	assert_int_equal(pb_openpgp_detached(p, text(pgp_message), (pb_bytes){binary.data, binary.size}, day("2026-01-01"), found, &n, NULL), PB_OK);
	assert_true(n == 1 && found[0].holds);
	s = one(p, "another message", pgp_signature, "2026-01-01");
	assert_true(!s.holds && s.known);
	assert_string_not_equal(s.why, "");
	assert_int_equal(pb_openpgp_detached(p, text(""), text(pgp_signature), day("2026-01-01"), found, &n, NULL), PB_EINPUT);
	/* Of two signatures each is told; one key is not here. */
	assert_int_equal(pb_openpgp_detached(p, text(pgp_message), text(pgp_two), day("2026-01-01"), found, &n, NULL), PB_OK);
	assert_int_equal(n, 2);
	assert_true(found[0].holds != found[1].holds);
	pb_buf_free(&binary);
	pb_openpgp_free(p);
}

static void unknown_keys_do_not_hold(void **state)
{
	pb_openpgp *p = ring_with(pgp_vendor_key), *empty = ring_with(NULL);
	pb_openpgp_signature s = one(p, pgp_message, pgp_other_signature, "2026-01-01");

	(void)state;
	assert_true(!s.holds && !s.known);
	assert_string_equal(s.key, PGP_OTHER);
	s = one(empty, pgp_message, pgp_signature, "2026-01-01");
	assert_true(!s.holds && !s.known);
	pb_openpgp_free(p);
	pb_openpgp_free(empty);
}

static void the_day_of_judging_decides(void **state)
{
	pb_openpgp *p = ring_with(pgp_vendor_key), *old = ring_with(pgp_old_key);
	pb_openpgp_signature s = one(p, pgp_message, pgp_expiring, "2024-02-20");

	(void)state;
	assert_true(s.holds && !s.expired);
	s = one(p, pgp_message, pgp_expiring, "2024-04-01");
	assert_true(s.holds && s.expired);
	assert_string_equal(s.why, "it expired on 2024-03-02");
	s = one(p, pgp_message, pgp_signature, "2024-01-31");
	assert_true(s.holds && s.expired);
	assert_non_null(strstr(s.why, "after the day of judging"));
	s = one(old, pgp_message, pgp_old_signature, "2024-05-01");
	assert_true(s.holds && !s.expired);
	s = one(old, pgp_message, pgp_old_signature, "2025-01-01");
	assert_true(s.holds && s.expired);
	assert_string_equal(s.why, "its key was valid until 2024-06-01");
	pb_openpgp_free(p);
	pb_openpgp_free(old);
}

static void weak_digests_do_not_count(void **state)
{
	pb_openpgp *p = ring_with(pgp_vendor_key);
	pb_openpgp_signature s = one(p, pgp_message, pgp_sha1, "2024-02-20");

	(void)state;
	assert_true(!s.holds && s.known);
	assert_non_null(strstr(s.why, "SHA1"));
	pb_openpgp_free(p);
}

/* Reads document as clear-signed; the one signature in *s; what was signed in out. */
static int clear(pb_openpgp *p, const char *document, pb_openpgp_signature *s, pb_buf *out)
{
	pb_openpgp_signature found[PB_OPENPGP_SIGNATURES];
	size_t n = 0;
	int rc = pb_openpgp_clear(p, text(document), day("2026-01-01"), found, &n, out, NULL);

	if (rc == PB_OK) {
		assert_int_equal(n, 1);
		*s = found[0];
	}
	return rc;
}

static char *changed(const char *from, const char *old, const char *new)
{
	const char *at = strstr(from, old);
	size_t size = strlen(from) + strlen(new) + 1;
	char *out = malloc(size);

	assert_non_null(at);
	assert_non_null(out);
	(void)snprintf(out, size, "%.*s%s%s", (int)(at - from), from, new, at + strlen(old));
	return out;
}

static void clear_signed_documents(void **state)
{
	static const struct {
		const char *old, *new;
		int rc;
		bool holds;
	} cases[] = {
	    {"hello", "hallo", PB_OK, false},
	    {"trailing  \n", "trailing\n", PB_OK, true}, /* blanks at the end of a line are not signed */
	    {"Hash: SHA256\n", "Hash: SHA256\nPretend: yes\n", PB_EINPUT, false},
	    {"-----BEGIN PGP SIGNED", "before\n-----BEGIN PGP SIGNED", PB_EINPUT, false},
	    {"-----END PGP SIGNATURE-----\n", "-----END PGP SIGNATURE-----\nafter\n", PB_EINPUT, false},
	    {"-----END PGP SIGNATURE-----\n", "-----END PGP SIGNATURE-----\n\n \n", PB_OK, true},
	    {"-----END PGP SIGNATURE-----\n", "", PB_EINPUT, false},
	    {"- - dash", "- dash", PB_OK, false},
	    {"- - dash", "-- dash", PB_EINPUT, false},
	    {"-----BEGIN PGP SIGNATURE-----\n\n", "-----BEGIN PGP SIGNATURE-----\n\n-----BEGIN PGP SIGNATURE-----\n", PB_EINPUT, false},
	};
	pb_openpgp *p = ring_with(pgp_vendor_key);
	pb_openpgp_signature s = {0};
	pb_buf out = {0};

	(void)state;
	assert_int_equal(clear(p, pgp_clear, &s, &out), PB_OK);
	assert_true(s.holds);
	assert_string_equal(s.key, PGP_VENDOR);
	assert_string_equal((const char *)out.data, "hello evidence\n- dash line\ntrailing\nend\n");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *document = changed(pgp_clear, cases[i].old, cases[i].new);
		int rc;

		s.holds = false;
		pb_buf_free(&out);
		rc = clear(p, document, &s, &out);
		if (rc != cases[i].rc || s.holds != cases[i].holds)
			fail_msg("%s for %s: %d, holds %d: %s", cases[i].new, cases[i].old, rc, s.holds, s.why);
		free(document);
	}
	pb_buf_free(&out);
	pb_openpgp_free(p);
}

static void kinds_by_first_bytes(void **state)
{
	pb_buf key = {0};

	(void)state;
	assert_int_equal(pb_base64_decode(pgp_other_key, strlen(pgp_other_key), &key), PB_OK);
	assert_true(pb_openpgp_is_key((pb_bytes){key.data, key.size}));
	assert_false(pb_openpgp_is_signature((pb_bytes){key.data, key.size}));
	assert_true(pb_openpgp_is_signature(text(pgp_signature)));
	assert_true(pb_openpgp_is_clear(text(pgp_clear)));
	assert_false(pb_openpgp_is_clear(text(pgp_signature)));
	assert_false(pb_openpgp_is_signature((pb_bytes){NULL, 0}));
	pb_buf_free(&key);
}

/* Cut and changed at every byte: never a signature of something else, never a crash. */
static void broken_signatures(void **state)
{
	pb_openpgp *p = ring_with(pgp_vendor_key);
	pb_openpgp_signature found[PB_OPENPGP_SIGNATURES];
	pb_buf binary = {0};
	size_t n;

	(void)state;
	assert_int_equal(pb_base64_decode(pgp_binary, strlen(pgp_binary), &binary), PB_OK);
	for (size_t i = 0; i < binary.size; i++) {
		uint8_t was = binary.data[i];

		(void)pb_openpgp_detached(p, text(pgp_message), (pb_bytes){binary.data, i}, 20000, found, &n, NULL);
		assert_true(n == 0 || !found[0].holds);
		binary.data[i] ^= 0x55;
		if (pb_openpgp_detached(p, text("another message"), (pb_bytes){binary.data, binary.size}, 20000, found, &n, NULL) == PB_OK && n > 0)
			assert_false(found[0].holds);
		binary.data[i] = was;
	}
	pb_buf_free(&binary);
	pb_openpgp_free(p);
}

/* No file, no clock that matters, no call that the box forbids. */
static void works_in_the_box(void **state)
{
	pid_t child;
	int status = 0;

	(void)state;
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int held = pb_openpgp_warm();

		pb_box_limits limits = {.memory = 256 << 20, .cpu_seconds = 20, .files = 16};
		pb_openpgp_signature s = {0}, d;
		pb_openpgp *p;

		/* As roles do: nothing else stays open. */
		for (int fd = 3; fd < 256; fd++)
			if (fd != held)
				close(fd);
		if (held >= 0 && write(held, "x", 1) >= 0)
			_exit(4);
		if (pb_box_shut(&limits, NULL) != PB_OK)
			_exit(2);
		p = ring_with(pgp_vendor_key);
		d = one(p, pgp_message, pgp_signature, "2026-01-01");
		_exit(d.holds && clear(p, pgp_clear, &s, NULL) == PB_OK && s.holds ? 0 : 3);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keys_are_listed),         cmocka_unit_test(detached_signatures_hold), cmocka_unit_test(unknown_keys_do_not_hold),
	    cmocka_unit_test(the_day_of_judging_decides), cmocka_unit_test(weak_digests_do_not_count),  cmocka_unit_test(clear_signed_documents),
	    cmocka_unit_test(kinds_by_first_bytes),    cmocka_unit_test(broken_signatures),        cmocka_unit_test(works_in_the_box),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
