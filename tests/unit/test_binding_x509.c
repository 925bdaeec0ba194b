/* require "probity.x509". The certificates were made for these tests; their keys are lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "module_case.h"

#define ROOT                                                                                                                   \
	"MIIBoTCCAUugAwIBAgICAKswDQYJKoZIhvcNAQEFBQAwNDELMAkGA1UEBhMCREUxEzARBgNVBAoMCkV4K2FtcCwgbGUxEDAOBgNVBAMMB1Jv"         \
	"b3Qgw7wwIBcNNzAwMTAyMDAwMDAwWhgPMjA1MDAxMDEwMDAwMDBaMDQxCzAJBgNVBAYTAkRFMRMwEQYDVQQKDApFeCthbXAsIGxlMRAwDgYD"         \
	"VQQDDAdSb290IMO8MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBANtWjyZvE4Ue1tgqBgd6bVi/MMRToE0zC1MoHofOxi6x3t/TIUVBNPKdJGSY"         \
	"iBdYxP77iDpg420MkCjwkhCfs/cCAwEAAaNFMEMwEgYDVR0TAQH/BAgwBgEB/wIBATAOBgNVHQ8BAf8EBAMCAQYwHQYDVR0OBBYEFCY8rkwY"         \
	"dwr8JeCWdhX0vrIRH+u6MA0GCSqGSIb3DQEBBQUAA0EALvitxSuTmsEeRP3nUba5EkF316bqC9KpSF1jiHujuOPV3h1iMaCiz+lKpJcux+Tw"         \
	"1HoVhYusEdkN5dsJ51szHw=="
#define EC                                                                                                                     \
	"MIICIjCCAcmgAwIBAgIIEjRWeJCrze8wCgYIKoZIzj0EAwIwJDEKMAgGA1UECgwBQTEKMAgGA1UECwwBeTEKMAgGA1UEAwwBeDAeFw0yNDAx"         \
	"MzExMDAwMDBaFw0yNTAxMzExMDAwMDBaMCQxCjAIBgNVBAoMAUExCjAIBgNVBAsMAXkxCjAIBgNVBAMMAXgwWTATBgcqhkjOPQIBBggqhkjO"         \
	"PQMBBwNCAASMMGAFv8xNWZs6LY5P1NLKOV97DXfQl7jRMVkqTAXjj774s+kGJZy6Zl+CSG9biW0BSF1DzGfYmvsFqH4pzY+eo4HkMIHhMAwG"         \
	"A1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgOIMCIGA1UdJQQbMBkGCCsGAQUFBwMBBggrBgEFBQcDAwYDKgMEMH4GA1UdEQR3MHWCCWEuZXhh"         \
	"bXBsZYILKi5iLmV4YW1wbGWHBMAAAgeHECABDbgAAAAAAAAAAAAAAAGBC3hAeS5leGFtcGxlhhJodHRwczovL2guZXhhbXBsZS+IAioDoAoG"         \
	"AyoDBKADDAF4pBIwEDEOMAwGA1UEAwwFaW5uZXIwHQYDVR0OBBYEFPGgBLIpBZc0N6I73NCHkvT/0aSXMAoGCCqGSM49BAMCA0cAMEQCIE8b"         \
	"TUwZnLNQnnvR6EyZd/1uOpJRq/AzGvUiox6VFo6aAiAEGG+obQJl+RdFB4id4ve8cVVGOVNJQqfoEbb1I6YeHQ=="
#define ED                                                                                                                     \
	"MIIBDTCBwKADAgECAgEBMAUGAytlcDANMQswCQYDVQQDDAJlZDAeFw0yNDAxMzExMDAwMDBaFw0yNTAxMzExMDAwMDBaMA0xCzAJBgNVBAMM"         \
	"AmVkMCowBQYDK2VwAyEA1mHYKzCd8KgOmdJy5nWQle9Feb2dJg7z5Ve9d+UL4oCjRTBDMBIGA1UdEwEB/wQIMAYBAf8CAQEwDgYDVR0PAQH/"         \
	"BAQDAgEGMB0GA1UdDgQWBBSOVWlIlVeUoidwAcq9KUJHthX4iDAFBgMrZXADQQDOLLYj/UKsT+njG8oOeiR+b/PBQ+p2TOCN+Z/vp4tRA3mu"         \
	"qA8mSPX7v+Ecf9ciimOutX7CVoLaBwO0pfDzyooB"
#define ISSUED                                                                                                                 \
	"MIIBPDCB5wIBBTANBgkqhkiG9w0BAQsFADA0MQswCQYDVQQGEwJERTETMBEGA1UECgwKRXgrYW1wLCBsZTEQMA4GA1UEAwwHUm9vdCDDvDAe"         \
	"Fw0yNjExMjIwNDI4NTlaFw0yNjExMjMwNDI4NTlaMCIxCjAIBgNVBAoMAUExFDAIBgNVBAMMAXgwCAYDVQQLDAF5MFkwEwYHKoZIzj0CAQYI"         \
	"KoZIzj0DAQcDQgAEjDBgBb/MTVmbOi2OT9TSyjlfew130Je40TFZKkwF44+++LPpBiWcumZfgkhvW4ltAUhdQ8xn2Jr7Bah+Kc2PnjANBgkq"         \
	"hkiG9w0BAQsFAANBAFg7X6MZCo3NOpjZxoI64pgEFzX3yG5iXUyg3qcSNA5anxN2iRqCfhQzYz4AwAODHAQ7JAi/cHavOeeW7GZPySQ="

#define HEAD                                                                                                                   \
	"local x509, text = require 'probity.x509', require 'probity.text' "                                                   \
	"local function show(v, why) "                                                                                         \
	"if v == nil then return 'nil ' .. why end "                                                                           \
	"if type(v) ~= 'table' then return tostring(v) end "                                                                   \
	"local o = {} "                                                                                                        \
	"if #v > 0 then for _, x in ipairs(v) do o[#o + 1] = show(x) end return '[' .. table.concat(o, ' ') .. ']' end "       \
	"for k, x in pairs(v) do if k ~= 'fingerprint' and k ~= 'spki_sha256' then o[#o + 1] = k .. '=' .. show(x) end end "   \
	"return '{' .. table.concat(o, ' ') .. '}' end "                                                                       \
	"local function der(s) return text.base64_decode(s) end "
static const char head[] = HEAD;

static const struct {
	const char *base64, *fingerprint, *spki, *shown;
} certificates[] = {
    {ROOT, "f867a978e626a55cd85b312d24b1b126436fc426efc6da9a42013db07557ebd7",
     "a183affa3f0d97653e17ee26bc275923026a7421dd4d706f7799fa39d94a7c5d",
     "{bits=512 broken={} exponent=65537 extensions=[{critical=true oid=2.5.29.19} {critical=true oid=2.5.29.15} "
     "{critical=false oid=2.5.29.14}] is_ca=true issuer=[{type=C value=DE} {type=O value=Ex+amp, le} {type=CN value=Root ü}] "
     "issuer_text=C=DE, O=Ex\\+amp\\, le, CN=Root ü key=rsa length=421 names={} not_after=29220 not_before=1 path_length=1 "
     "self_issued=true self_signed=true serial=ab signature=sha1WithRSAEncryption subject=[{type=C value=DE} {type=O "
     "value=Ex+amp, le} {type=CN value=Root ü}] subject_text=C=DE, O=Ex\\+amp\\, le, CN=Root ü usage=[keyCertSign cRLSign] "
     "version=3}"},
    {EC, "e0fa2aef6fbb0d4bd949b2e3436c887da8450a65f853c87c0bc3b787e9410d18",
     "1747e8857458d4620639cab70c347265aa3a35609dc38e330896eac2046d7d2e",
     "{bits=256 broken={} curve=prime256v1 extended_usage=[serverAuth codeSigning 1.2.3.4] extensions=[{critical=true "
     "oid=2.5.29.19} {critical=true oid=2.5.29.15} {critical=false oid=2.5.29.37} {critical=false oid=2.5.29.17} "
     "{critical=false oid=2.5.29.14}] is_ca=false issuer=[{type=O value=A} {type=OU value=y} {type=CN value=x}] "
     "issuer_text=O=A, OU=y, CN=x key=ec length=550 names=[{kind=dns value=a.example} {kind=dns value=*.b.example} {kind=ip "
     "value=192.0.2.7} {kind=ip value=2001:db8::1} {kind=email value=x@y.example} {kind=uri value=https://h.example/} "
     "{kind=oid value=1.2.3} {kind=other value=} {kind=name value=}] not_after=20119 not_before=19753 self_issued=true "
     "self_signed=true serial=1234567890abcdef signature=ecdsa-with-SHA256 subject=[{type=O value=A} {type=OU value=y} "
     "{type=CN value=x}] subject_text=O=A, OU=y, CN=x usage=[digitalSignature keyAgreement] version=3}"},
    {ED, "49b79eb5d0a5c35dbed5f871b450fd7363290919cc273dec7c95c355992eb76d",
     "e28ace71b41628e9935294d87b8b046f9a79a2ef75ec8cce729c22c232cceb1d",
     "{bits=256 broken={} extensions=[{critical=true oid=2.5.29.19} {critical=true oid=2.5.29.15} {critical=false "
     "oid=2.5.29.14}] is_ca=true issuer=[{type=CN value=ed}] issuer_text=CN=ed key=ed25519 length=273 names={} not_after=20119 "
     "not_before=19753 path_length=1 self_issued=true self_signed=true serial=01 signature=ED25519 subject=[{type=CN "
     "value=ed}] subject_text=CN=ed usage=[keyCertSign cRLSign] version=3}"},
    {ISSUED, "27fc8b1d70d73f5c479ee62140a246f4df7e02546befbdbc5fb8fd3c407127db",
     "1747e8857458d4620639cab70c347265aa3a35609dc38e330896eac2046d7d2e",
     "{bits=256 broken={} curve=prime256v1 extensions={} is_ca=false issuer=[{type=C value=DE} {type=O value=Ex+amp, le} "
     "{type=CN value=Root ü}] issuer_text=C=DE, O=Ex\\+amp\\, le, CN=Root ü key=ec length=320 names={} not_after=20780 "
     "not_before=20779 self_issued=false self_signed=false serial=05 signature=sha256WithRSAEncryption subject=[{type=O "
     "value=A} {type=CN value=x} {type=OU value=y}] subject_text=O=A, CN=x+OU=y version=1}"},
};

static void what_they_say(void **state)
{
	pb_sandbox *box = box_open();

	(void)state;
	for (size_t i = 0; i < sizeof certificates / sizeof certificates[0]; i++) {
		char body[3000];

		(void)snprintf(
		    body, sizeof body,
		    "local c = assert(x509.decode('xy' .. der('%s') .. 'tail', 2)) "
		    "assert(c.fingerprint == '%s' and c.spki_sha256 == '%s') "
		    "local s = '-----BEGIN CERTIFICATE-----\\n%s\\n-----END CERTIFICATE-----' "
		    "local p = assert(x509.decode(s)) assert(p.length == #s and c.length == #der('%s')) p.length = c.length "
		    "assert(show(p) == show(c)) return show(c)",
		    certificates[i].base64, certificates[i].fingerprint, certificates[i].spki, certificates[i].base64,
		    certificates[i].base64);
		box_expect(box, (box_job){0}, head, body, certificates[i].shown);
	}
	pb_box_close(box);
}

static void what_is_none(void **state)
{
	static const char *const cases[][2] = {
	    {"return show(x509.decode(''))", "nil nothing there"},
	    {"return show(x509.decode('0'))", "nil the header is cut off"},
	    {"return show(x509.decode('hello'))", "nil longer than what holds it"},
	    {"return show(x509.decode('\\5\\0'))", "nil neither DER nor a PEM block"},
	    {"return show(x509.decode('\\48\\0'))", "nil not a certificate"},
	    {"return show(x509.decode('\\48\\128\\0\\0'))", "nil a length that is not told (BER, not DER)"},
	    {"return show(x509.decode('-----BEGIN CERTIFICATE-----'))", "nil a PEM block that does not decode"},
	    {"return show(x509.decode('-----BEGIN X-----\\nMAMCAQE=\\n-----END X-----'))",
	     "nil a PEM block of another kind: X"},
	    {"return show(x509.decode('-----BEGIN CERTIFICATE-----\\nMAMCAQE=\\n-----END CERTIFICATE-----'))",
	     "nil not a certificate"},
	    {"return show(x509.decode('x', 5))", "nil nothing there"},
	    {"local d = der '" ED "' return show(x509.decode(d:sub(1, -2)))", "nil longer than what holds it"},
	    {"local d = der '" ED "' for i = 1, #d do x509.decode(d:sub(i)) end return 'fine'", "fine"},
	    {"local d = der '" ED "' return tostring(x509.decode(d:sub(1, -2) .. 'x').self_signed)", "false"},
	    {"return x509.decode()", "an object, a slice or a string expected"},
	    {"return x509.decode('', -1)", "counts from 0"},
	    {"x509.decode = nil", "read-only"},
	    {"local d = der '" EC "' while true do x509.decode(d) end", "limit instructions"},
	    {"while true do x509.decode('') end", "limit instructions"},
	};

	(void)state;
	module_all(head, cases, sizeof cases / sizeof cases[0]);
}

/* Every byte in turn is another one: a certificate or a reason, the same twice. */
static void every_byte_may_be_wrong(void **state)
{
	static const char *const all[] = {ROOT, EC, ED, ISSUED};
	pb_sandbox *box = box_open();

	(void)state;
	for (size_t i = 0; i < 8 * sizeof all / sizeof all[0]; i++) { /* an eighth at a time: each has a budget of its own */
		char body[2000];

		(void)snprintf(
		    body, sizeof body,
		    "local d = der '%s' local n = 0 for i = 1, #d do for _, c in ipairs{ 0, 0x30, 0x80, 0xff } do "
		    "if i %% 8 == %zu then local s = d:sub(1, i - 1) .. string.char(c) .. d:sub(i + 1) "
		    "local one, two = show(x509.decode(s)), show(x509.decode(s)) assert(one == two) n = n + 1 end end end "
		    "return n > 100 and 'fine'",
		    all[i / 8], i % 8);
		box_expect(box, (box_job){0}, head, body, "fine");
	}
	pb_box_close(box);
}

static void handles_and_memory(void **state)
{
	static const char armoured[] = "-----BEGIN CERTIFICATE-----\n" EC "\n-----END CERTIFICATE-----\n";

	(void)state;
	module_common(head, "show(x509.decode(x))", (pb_bytes){(const uint8_t *)armoured, sizeof armoured - 1});
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_they_say), cmocka_unit_test(what_is_none),
	                                   cmocka_unit_test(every_byte_may_be_wrong), cmocka_unit_test(handles_and_memory)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
