/* plugin/clamav/may_hold: what may hold something that ClamAV would show. A no that is wrong loses objects. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "clamav/may_hold.h"

#define BYTES(s) ((pb_bytes){(const uint8_t *)(s), sizeof(s) - 1})

static bool may(const char *kind, const char *type, pb_bytes b)
{
	pb_may_hold m = pb_may_hold_begin(pb_kind_named(kind), type);

	return pb_may_hold_more(&m, b);
}

static void containers(void **state)
{
	static const char *const kinds[] = {"zip", "jar", "tar", "gzip", "7z", "pdf", "ole", "mail", "dmg", "swf", "iso"};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		assert_true(may(kinds[i], "CL_TYPE_BINARY_DATA", BYTES("whatever")));
	assert_true(may("pe", "CL_TYPE_MSEXE", BYTES("MZ")));
	assert_true(may("data", "CL_TYPE_OF_TOMORROW", BYTES("whatever")));
	assert_true(may("data", "", BYTES("whatever")));
	assert_true(may("macho", "CL_TYPE_MACHO_UNIBIN", BYTES("whatever")));
}

static void plain(void **state)
{
	static const char *const types[] = {"CL_TYPE_TEXT_ASCII", "CL_TYPE_ELF", "CL_TYPE_PNG", "CL_TYPE_JAVA", "CL_TYPE_HTML"};

	(void)state;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		assert_false(may("data", types[i], BYTES("PK\3 and Rar! and MSC and 7z and %PD: and data: x and DATA:/")));
		assert_false(may("data", types[i], BYTES("")));
		assert_true(may("data", types[i], BYTES("x PK\3\4")));
		assert_true(may("data", types[i], BYTES("7z\xbc\xaf'\x1c")));
		assert_true(may("data", types[i], BYTES("<img src='Data:image/png;base64,AAAA'>")));
	}
	assert_true(may("text", "CL_TYPE_TEXT_ASCII", BYTES("From: a\nMIME-Version: 1.0\n")));
	assert_true(may("text", "CL_TYPE_TEXT_UTF8", BYTES("Content-type: text/html\n")));
	assert_false(may("text", "CL_TYPE_TEXT_ASCII", BYTES("list-style-type: none; x-version: 1")));
	assert_true(may("data", "CL_TYPE_BINARY_DATA", BYTES("..\x60\xea" "1234567\1\2.")));
	assert_false(may("data", "CL_TYPE_BINARY_DATA", BYTES("..\x60\xea" "1234567\1\3.")));
	assert_false(may("data", "CL_TYPE_BINARY_DATA", BYTES("..\x60\xea" "1234567\1"))); /* ends too soon */
}

static void boot_sector(void **state)
{
	static uint8_t sector[1024];

	(void)state;
	assert_false(may("data", "CL_TYPE_BINARY_DATA", (pb_bytes){sector, sizeof sector}));
	sector[510] = 0x55;
	sector[511] = 0xaa;
	assert_true(may("data", "CL_TYPE_BINARY_DATA", (pb_bytes){sector, sizeof sector}));
	assert_false(may("data", "CL_TYPE_BINARY_DATA", (pb_bytes){sector, 511}));
	assert_false(may("elf", "CL_TYPE_ELF", (pb_bytes){sector, sizeof sector}));
}

/* Wherever the pieces are cut, the answer is the same. */
static void pieces(void **state)
{
	static const char *const texts[] = {"....PK\3\4....", "....content-TYPE: x", "..data:image/png..", ("...\x60\xea" "1234567\1\2..."),
	                                    "....PK\3\5....content-typo:......................................................"};

	(void)state;
	for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
		const uint8_t *p = (const uint8_t *)texts[t];
		size_t n = strlen(texts[t]);

		for (size_t a = 0; a <= n; a++)
			for (size_t b = a; b <= n; b++) {
				pb_may_hold m = pb_may_hold_begin(pb_kind_named("data"), "CL_TYPE_TEXT_ASCII");
				bool found = pb_may_hold_more(&m, (pb_bytes){p, a});

				found |= pb_may_hold_more(&m, (pb_bytes){p + a, b - a});
				found |= pb_may_hold_more(&m, (pb_bytes){p + b, n - b});
				assert_int_equal(found, t < 4);
			}
	}
}

static void mails(void **state)
{
	static const char *const full[] = {"name=a.zip", "Content-Disposition: ATTACHMENT", "Content-Type: application/zip", "BASE64",
	                                   "message/rfc822", "\nbegin 644 a.zip"};
	pb_may_hold bare = pb_may_hold_mail();

	(void)state;
	for (size_t i = 0; i < sizeof full / sizeof full[0]; i++) {
		pb_may_hold m = pb_may_hold_mail();

		assert_true(pb_may_hold_more(&m, (pb_bytes){(const uint8_t *)full[i], strlen(full[i])}));
	}
	assert_false(pb_may_hold_more(&bare, BYTES("From: a\nSubject: we begin with words\nContent-Type: text/plain\n\nPK\3\4")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(containers), cmocka_unit_test(plain), cmocka_unit_test(boot_sector),
	    cmocka_unit_test(pieces),     cmocka_unit_test(mails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
