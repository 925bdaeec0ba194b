/* Armoured keys: what decodes, what does not, and ten thousands of broken ones. The keys here are of no use to anybody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "bindings/armour.h"
#include "box_case.h"
#include "prng.h"

#define D "-----"
#define RSA_BODY(nl)                                                                                                           \
	"MIIBOwIBAAJBAONfGfyUpI8SXUabdPrbar8C0Yzr/vBAqulj1ZU5/9vsECg5Rnmo" nl                                                  \
	"DLhCvlSkZxyby02q9WC0xGexEiTH3+RE/n0CAwEAAQJBALqTRW3AQ7CrbyMLWdin" nl                                                  \
	"yFZpZ67t0MsxJY5Sv+auK0g4R3k9hFIHjHPK6TJicAw2zIpj35yERLPICYFm/VjA" nl                                                  \
	"qXkCIQD5Lh/LCG6WFrunjeV4gTLJkbPKJW+nJXRaBclfkSRPlwIhAOmYLNvXOqHU" nl                                                  \
	"RCAvouHbGV9pV/ScH7O0D+2Xb+q4CWULAiBlon2PR7ord8xEtGjTdQctFkPaANkA" nl                                                  \
	"uRMzIMcZNs8zswIhAIuMzb/IJM7o8IoJ61Tif5XwaQtI+edxetKF1eZza6lhAiBB" nl                                                  \
	"wiqmggk2Tv0LJ2MCwZ+S+pe8GIeWPOvgzrdZcUazJw==" nl
#define RSA(nl)   D "BEGIN RSA PRIVATE KEY" D nl RSA_BODY(nl) D "END RSA PRIVATE KEY" D
#define RSA_PRINT "89aa5c70e2cf96c3f159d6c6563ea69628ecf3778ee297d6875bba473d494a4b"
#define ED        "MC4CAQAwBQYDK2VwBCIEIK3CqKr2nmKs4cWHzYCUISF7KYhpCThP5AlkgtxlxMWr"
#define ED_PRINT  "2b61a619b3c3044618925b03c94db319488276b75c16e25de243f98733363c1b"
#define PUBLIC    "MCowBQYDK2VwAyEAREW5xOfy7YQqG8ASMptobU77YdMh/E5aYDDEMlbG0F8="
#define OPENSSH                                                                                                                \
	"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQAAACBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQ" \
	"UFBQUFBQUAAAAEB4"                                                                                                     \
	"eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4"
#define OPENSSH_ENCRYPTED                                                                                                      \
	"b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAAAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIFBQUFBQUFBQUFBQUFBQUFBQ" \
	"UFBQUFBQUFBQUFBQUFBQ"                                                                                                 \
	"AAAAQHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg="
#define PKCS8_ENCRYPTED                                                                                                        \
	"MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAheoX4erHBlpQICCAAw\nDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEELD7nsZEh9mrCR" \
	"/7E+qsmnkEQOdE\n"                                                                                                     \
	"7clGYUxmc2n+RQj6BLERNLuXMqy6tCYy16weUBQRp3tLOlGAvQocevMMk8b7J7Mm\n53wRvHHCgwy4MfGxfuo=\n"
#define CIPHER_TEXT                                                                                                            \
	"IqNSlqhGTk8srH1jdsmUxOp8b6ycrrSMIC4PpG12ml176eGh9HQprtISyDIWG4MR\nAkLBAyVLeBZ1SBi3sLluvDoY/"                          \
	"BnRamo1FaI98S5dxzBXh2oAOpfrJvUOZJ0Nx8wd\n"                                                                            \
	"WA68IoGq12pQ16hpNlMKXh/axGMnnZk6lVaaKow9ars=\n"
#define BLOCK(kind, body) D "BEGIN " kind D "\n" body "\n" D "END " kind D "\n"

static const struct {
	const char *text;
	bool good, private, encrypted;
	const char *kind, *print; /* print "": not compared */
} cases[] = {
    {RSA("\n"), true, true, false, "RSA PRIVATE KEY", RSA_PRINT},
    {RSA("\r\n"), true, true, false, "RSA PRIVATE KEY", RSA_PRINT},
    {RSA("\\n"), true, true, false, "RSA PRIVATE KEY", RSA_PRINT},
    {RSA("\\r\\n"), true, true, false, "RSA PRIVATE KEY", RSA_PRINT},
    {RSA("\\\\n"), true, true, false, "RSA PRIVATE KEY", RSA_PRINT},
    {RSA("\\n\"\n\t\""), true, true, false, "RSA PRIVATE KEY", RSA_PRINT},   /* C */
    {RSA("\\n' +\n\t\t'"), true, true, false, "RSA PRIVATE KEY", RSA_PRINT}, /* JavaScript */
    {RSA("',\n  '"), true, true, false, "RSA PRIVATE KEY", RSA_PRINT},       /* a list of lines */
    {RSA("\\\n"), true, true, false, "RSA PRIVATE KEY", RSA_PRINT},          /* continued lines */
    {RSA("\n    "), true, true, false, "RSA PRIVATE KEY", RSA_PRINT},        /* YAML */
    {RSA("\n") "\ntrailing text", true, true, false, "RSA PRIVATE KEY", RSA_PRINT},
    {BLOCK("PRIVATE KEY", ED), true, true, false, "PRIVATE KEY", ED_PRINT},
    {BLOCK("PUBLIC KEY", PUBLIC), true, false, false, "PUBLIC KEY", ""},
    {BLOCK("OPENSSH PRIVATE KEY", OPENSSH), true, true, false, "OPENSSH PRIVATE KEY", ""},
    {BLOCK("OPENSSH PRIVATE KEY", OPENSSH_ENCRYPTED), true, true, true, "OPENSSH PRIVATE KEY", ""},
    {BLOCK("ENCRYPTED PRIVATE KEY", PKCS8_ENCRYPTED), true, true, true, "ENCRYPTED PRIVATE KEY", ""},
    {BLOCK("EC PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,D63B457C258AFE5578D75698EF93C5C1\n\n" CIPHER_TEXT),
     true, true, true, "EC PRIVATE KEY", ""},
    {BLOCK("EC PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\\nDEK-Info: AES-128-CBC,D6\\n\\n" CIPHER_TEXT), true, true, true,
     "EC PRIVATE KEY", ""},
    /* no keys */
    {"", false, false, false, "", ""},
    {"-----BEGIN PRIVATE KEY-----", false, false, false, "", ""},
    {"-----BEGIN PRIVATE KEY-----\n", false, false, false, "", ""},
    {"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", false, false, false, "", ""},
    {"-----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY-----", false, false, false, "", ""},
    {"-----BEGIN -----\n" ED "\n-----END -----", false, false, false, "", ""},
    {BLOCK("PRIVATE KEY", "Li4u"), false, false, false, "", ""},
    {BLOCK("PRIVATE KEY", "..."), false, false, false, "", ""},
    {BLOCK("PRIVATE KEY", "[base64 of your key]"), false, false, false, "", ""},
    {BLOCK("PRIVATE KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), false, false, false, "", ""},
    {BLOCK("PRIVATE KEY", PUBLIC), false, false, false, "", ""},    /* a structure where the version stands */
    {BLOCK("PRIVATE KEY", ED "AAAA"), false, false, false, "", ""}, /* longer than it says */
    {BLOCK("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIK3CqKr2nmKs4cWHzYCUISF7"), false, false, false, "", ""}, /* shorter */
    {BLOCK("PRIVATE KEY", ED "="), false, false, false, "", ""},
    {BLOCK("PRIVATE KEY", "MC4CAQ==" ED), false, false, false, "", ""},
    {BLOCK("PRIVATE KEY", CIPHER_TEXT), false, false, false, "", ""},
    {BLOCK("OPENSSH PRIVATE KEY", ED), false, false, false, "", ""},
    {D "BEGIN PRIVATE KEY" D "\n" ED "\n" D "END PUBLIC KEY" D, false, false, false, "", ""},
    {D "BEGIN PRIVATE KEY" D "\n" ED "\n" D "END PRIVATE KEY", false, false, false, "", ""},
    {D "BEGIN PRIVATE KEY" D "\n" ED "\n", false, false, false, "", ""},
    {D "BEGIN PRIVATE KEY\n" ED "\n" D "END PRIVATE KEY" D, false, false, false, "", ""},
    {" " BLOCK("PRIVATE KEY", ED), false, false, false, "", ""},
    {BLOCK("PRIVATE KEY", ED "\"; more code"), false, false, false, "", ""},
    {BLOCK("EC PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\n\nAAAA"), false, false, false, "", ""},
    {BLOCK("A VERY LONG KIND OF THING THAT NOBODY EVER CALLED A PRIVATE KEY BEFORE PRIVATE KEY", ED), false, false, false, "",
     ""},
};
enum { CASES = sizeof cases / sizeof cases[0] };

static void keys_are_told_from_markers(void **state)
{
	pb_sandbox *box = box_open();

	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		pb_object object = {.bytes = {(const uint8_t *)cases[i].text, strlen(cases[i].text)},
		                    .kind = pb_kind_named("text")};
		pb_scan scan = {0};
		pb_object_view view = {&object, NULL, &scan, UINT32_MAX};
		box_job j = {.code = "local pem = require 'probity.pem' return function(x) local k = pem.decode(x) if not k "
		                     "then return 'nil' end "
		                     "assert(x:bytes(0, k.length):find('%-%-%-%-%-END [%u ]+%-%-%-%-%-$') and k.size > 0) "
		                     "return k.kind .. tostring(k.private) .. tostring(k.encrypted) .. k.fingerprint end",
		             .object = &view};
		char want[300] = "nil";

		if (cases[i].good)
			(void)snprintf(want, sizeof want, "%s%s%s%s", cases[i].kind, cases[i].private ? "true" : "false",
			               cases[i].encrypted ? "true" : "false", cases[i].print);
		box_run(box, &j);
		if (strncmp(j.out, want, strlen(want)) != 0)
			fail_msg("%s\n  gave: %s\n  want: %s", cases[i].text, j.out, want);
	}
	pb_box_close(box);
}

static void arguments_are_checked(void **state)
{
	static const char *const bad[][2] = {
	    {"return pem.decode({}, 0)", "an object, a slice or a string expected, got table"},
	    {"return pem.decode()", "an object, a slice or a string expected"},
	    {"return pem.decode('x', -1)", "an offset or a length counts from 0"},
	    {"return pem.decode('x', 'y')", "number expected, got string"},
	    {"return tostring(pem.decode('x', 99)) .. tostring(pem.decode(''))", "nilnil"},
	    {"return pem.decode('abc" D "BEGIN PRIVATE KEY" D "\\n" ED "\\n" D "END PRIVATE KEY" D "', 3).length", "118"},
	};
	pb_sandbox *box = box_open();

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		box_expect(box, (box_job){0}, "local pem = require 'probity.pem'", bad[i][0], bad[i][1]);
	box_starve(box, (box_job){.code = "local pem = require 'probity.pem' return function() return pem.decode('" D
	                                  "BEGIN PRIVATE KEY" D "\\n" ED "\\n" D "END PRIVATE KEY" D "').fingerprint end"});
	pb_box_close(box);
}

/* In a block of exactly its size, so that a sanitizer sees each byte read beyond. */
static bool read_exactly(const uint8_t *text, size_t n)
{
	uint8_t *copy = malloc(n > 0 ? n : 1), *body = malloc(n > 0 ? n : 1);
	pb_armour out;
	bool good;

	memcpy(copy, text, n);
	good = pb_armour_read((pb_bytes){copy, n}, body, &out);
	if (good) {
		assert_true(out.length <= n && out.size <= n && out.size > 0);
		assert_true(out.kind_length > 0 && (const uint8_t *)out.kind >= copy &&
		            (const uint8_t *)out.kind + out.kind_length <= copy + n);
	}
	free(copy);
	free(body);
	return good;
}

static void broken_keys_do_no_harm(void **state)
{
	static const char *const pieces[] = {
	    "-----", "-----BEGIN ", "-----END ", "PRIVATE KEY", "\n", "\\n", "\"", "'", "=", "MII", "Proc-Type: 4,ENCRYPTED\n",
	    ":",     "\\",          "+",         "\xff"};
	size_t good = 0;

	(void)state;
	for (uint64_t round = 0; round < 40000; round++) {
		prng r = prng_of_case(7, round);
		const char *from = cases[prng_in(&r, 0, CASES - 1)].text;
		uint8_t text[2000];
		size_t n = strlen(from);

		memcpy(text, from, n);
		for (int k = prng_in(&r, 0, 4); k > 0 && n > 0; k--) {
			size_t at = (size_t)prng_in(&r, 0, (int)n - 1);
			const char *piece = pieces[prng_in(&r, 0, 14)];

			switch (prng_in(&r, 0, 3)) {
			case 0:
				text[at] = (uint8_t)prng_in(&r, 0, 255);
				break;
			case 1:
				n = at; /* truncated */
				break;
			case 2: /* something put over it */
				memcpy(text + at, piece, strlen(piece) < n - at ? strlen(piece) : n - at);
				break;
			default: /* cut out */
				memmove(text + at, text + at + 1, n - at - 1);
				n--;
				break;
			}
		}
		good += read_exactly(text, n);
	}
	assert_true(good > 3000 && good < 30000);
}

static void every_truncation_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		size_t n = strlen(cases[i].text), from = n;

		while (from > 0 && cases[i].text[from - 1] != '-')
			from--;
		for (size_t k = 0; cases[i].good && k < from; k++)
			assert_false(read_exactly((const uint8_t *)cases[i].text, k));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keys_are_told_from_markers),
	    cmocka_unit_test(arguments_are_checked),
	    cmocka_unit_test(broken_keys_do_no_harm),
	    cmocka_unit_test(every_truncation_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
