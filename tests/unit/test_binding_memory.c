/* Readers of structured text when memory runs out: each allocation of C fails once, those of the libraries too. The outcome is
 * the right one or "out of memory", and every block is given back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bindings/certificate.h"
#include "bindings/document.h"
#include "starve_case.h"

#ifndef SANITIZED

#define LONG "a string that is longer than most, so that it needs room of its own, and then some more of it"
#define BINARY                                                                                                                 \
	"bplist00\xd2\x01\x02\x03\x04\x51k\x51l\x61\0h\xa1\x03\x08\x0d\x0f\x11\x14\0\0\0\0\0\0\x01\x01\0\0\0\0\0\0\0\x05"      \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x16"

#define ED                                                                                                                     \
	"MIIBDTCBwKADAgECAgEBMAUGAytlcDANMQswCQYDVQQDDAJlZDAeFw0yNDAxMzExMDAwMDBaFw0yNTAxMzExMDAwMDBaMA0xCzAJ"                 \
	"BgNVBAMMAmVkMCowBQYDK2VwAyEA1mHYKzCd8KgOmdJy5nWQle9Feb2dJg7z5Ve9d+UL4oCjRTBDMBIGA1UdEwEB/wQIMAYBAf8C"                 \
	"AQEwDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBSOVWlIlVeUoidwAcq9KUJHthX4iDAFBgMrZXADQQDOLLYj/UKsT+njG8oOeiR+"                 \
	"b/PBQ+p2TOCN+Z/vp4tRA3muqA8mSPX7v+Ecf9ciimOutX7CVoLaBwO0pfDzyooB"

static const struct {
	pb_reader read;
	unsigned flags;
	const char *text;
	size_t size; /* 0: up to its NUL */
	bool good;
} cases[] = {
    {pb_json_read_text, 0, "{\"a\":[1,2.5,\"" LONG "\"],\"b\":{\"c\":null},\"b\":1}", 0, true},
    {pb_json_read_text, 0, "{\"a\":[1,2.5,\"" LONG "\"],\"b\":", 0, false},
    {pb_ini_read_text, 0, "[s]\na=" LONG "\n[t]\nb=1\n[s]\nc=2\n", 0, true},
    {pb_ini_read_text, 3, "[s]\na=" LONG "\n  more\nb=1\n", 0, true},
    {pb_ini_read_text, 0, "[s]\nbroken\n", 0, false},
    {pb_toml_read, 0, "a.b = [1, {c = '" LONG "'}]\n[d]\n\"e\\u00e9\" = 1.5\n[[f]]\ng = 2024-01-31\n", 0, true},
    {pb_toml_read, 0, "a = '" LONG "'\na = 1", 0, false},
    {pb_yaml_read, 0, "a: &x [1, " LONG "]\nb: *x\n&k c: {d: 1.5}\n", 0, true},
    {pb_yaml_read, 1, "a: |\n  " LONG "\n---\n- b\n", 0, true},
    {pb_yaml_read, 0, "a: [" LONG, 0, false},
    {pb_xml_read, 0, "<!DOCTYPE a [<!ENTITY e 'x'>]><a b='&e;'>" LONG "<c>&e;</c></a>", 0, true},
    {pb_xml_read, 0, "<a b='1'>" LONG "<c></a>", 0, false},
    {pb_plist_read, 0,
     "<plist><dict><key>a</key><data>aGVsbG8=</data><key>b</key><array><string>" LONG "</string></array></dict></plist>", 0,
     true},
    {pb_plist_read, 0, BINARY, sizeof BINARY - 1, true},
    {pb_certificate_read, 0, "-----BEGIN CERTIFICATE-----\n" ED "\n-----END CERTIFICATE-----", 0, true},
    {pb_certificate_read, 0, "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----", 0, false},
};

/* Libcrypto keeps what it makes at its first use. */
static void warm_up(pb_bytes text, size_t i)
{
	pb_document *d = pb_document_new();

	assert_non_null(d);
	(void)cases[i].read(d, text, cases[i].flags);
	pb_document_free(d);
}

static void each_allocation_fails_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		pb_bytes text = {(const uint8_t *)cases[i].text, cases[i].size > 0 ? cases[i].size : strlen(cases[i].text)};
		bool done = false;

		warm_up(text, i);
		for (size_t n = 0; !done; n++) {
			pb_document *d;
			int rc = -1;
			bool starved = true;
			size_t lost;

			assert_true(n < 2000);
			starve(n);
			d = pb_document_new();
			if (d != NULL) {
				rc = cases[i].read(d, text, cases[i].flags);
				starved = d->out_of_memory;
			}
			pb_document_free(d);
			lost = fed();
			done = !starved;
			if (lost != 0)
				fail_msg("case %zu, allocation %zu: %zu blocks lost", i, n, lost);
			if (done && (rc == 0) != cases[i].good)
				fail_msg("case %zu, allocation %zu: ended with %d", i, n, rc);
			if (done)
				assert_true(n > 2);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation_fails_once)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else /* sanitizers have an allocator of their own */

static void not_here(void **state)
{
	(void)state;
	skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(not_here)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
