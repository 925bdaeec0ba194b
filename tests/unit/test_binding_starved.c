/* All bindings when memory runs out in C: each allocation fails, those of the libraries and of Lua too. What a call gives is right, or it
 * raises that there is no memory; it never ends the process, and the next call is whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "module_case.h"
#include "starve_case.h"

#ifndef SANITIZED

#define ED                                                                                                                     \
	"MIIBDTCBwKADAgECAgEBMAUGAytlcDANMQswCQYDVQQDDAJlZDAeFw0yNDAxMzExMDAwMDBaFw0yNTAxMzExMDAwMDBaMA0xCzAJ"                 \
	"BgNVBAMMAmVkMCowBQYDK2VwAyEA1mHYKzCd8KgOmdJy5nWQle9Feb2dJg7z5Ve9d+UL4oCjRTBDMBIGA1UdEwEB/wQIMAYBAf8C"                 \
	"AQEwDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBSOVWlIlVeUoidwAcq9KUJHthX4iDAFBgMrZXADQQDOLLYj/UKsT+njG8oOeiR+"                 \
	"b/PBQ+p2TOCN+Z/vp4tRA3muqA8mSPX7v+Ecf9ciimOutX7CVoLaBwO0pfDzyooB"

/* Modules are required before; x is an object of the text below. */
static const char head[] =
    "local asn1, date, hash, ini, json, pem, plist, regex, text, toml, url, version, x509, xml, yaml, yara = "
    "require 'probity.asn1', require 'probity.date', require 'probity.hash', require 'probity.ini', require 'probity.json', "
    "require 'probity.pem', require 'probity.plist', require 'probity.regex', require 'probity.text', require 'probity.toml', "
    "require 'probity.url', require 'probity.version', require 'probity.x509', require 'probity.xml', require 'probity.yaml', "
    "require 'probity.yara' "
    "local word = regex.compile '(n)(e+)dle' "
    "local own = yara.compile [[ rule r { strings: $a = \"needle\" condition: $a } ]] "
    "local function show(v) if type(v) ~= 'table' then return tostring(v) end local o = {} "
    "for k, e in pairs(v) do o[#o + 1] = k .. '=' .. show(e) end return table.concat(o, ' ') end ";

static const char bytes[] = "a needle, and {\"a\":[1,\"b\"]}";

static const char *const calls[] = {
    "hash.sha512(x) .. hash.raw('md5', 'x')",
    "show(x509.decode(text.base64_decode '" ED "'))",
    "show(asn1.element('\\48\\3\\2\\1\\5')) .. tostring(asn1.integer('\\2\\1\\5', 0))",
    "show{ word:find(x) } .. show{ x:find('needle') }",
    "show(own:match(x))",
    "show{ x:find('NEEDLE', 0, 'i') }",
    "show(json.decode(x:bytes(14, 100)))",
    "show(ini.decode '[a]\\nb=1\\n')",
    "show(toml.decode 'a = [1, {b = 2}]')",
    "show(yaml.decode 'a: [1, {b: 2}]')",
    "show(xml.decode '<a b=\"1\"><c/></a>')",
    "show(plist.decode '<plist><dict><key>a</key><true/></dict></plist>')",
    "show(url.parse 'https://user@b\\195\\188cher.example:8443/a/../b?c#d') .. url.normalise 'HTTP://A.example:80/%7e'",
    "show(version.semver.parse '1.2.3-a+b') .. tostring(version.debian.compare('1:2-3', '1:2-4')) .. tostring(version.semver.satisfies('1.5.0', '^1.2'))",
    "show(text.split('a b c', ' ')) .. text.base64_encode 'abc' .. text.display '\\1' .. text.sha256 'x' .. text.similarity('abc', 'abd')",
    "text.utf16_decode('a\\0b\\0', 'le') .. text.url_decode 'a%20b'",
    "date.format(date.parse '2024-01-31')",
    "tostring(pem.decode '-----BEGIN X-----\\nAAAA\\n-----END X-----')",
    "x:slice(2, 6):bytes(0, 6) .. x:u8(0) .. x.kind .. x:line(0)",
};

typedef struct calling {
	const pb_object_view *view;
	char out[3000];
} calling;

static int prepare(lua_State *L)
{
	const char *code = *(const char **)lua_touserdata(L, 1);

	pb_box_load(L, "t.lua", (pb_bytes){(const uint8_t *)code, strlen(code)});
	lua_call(L, 0, 1);
	lua_setfield(L, LUA_REGISTRYINDEX, "calling");
	return 0;
}

static int call(lua_State *L)
{
	calling *c = lua_touserdata(L, 1);

	lua_getfield(L, LUA_REGISTRYINDEX, "calling");
	pb_box_of(L)->bindings->push_object(L, c->view);
	lua_call(L, 1, 1);
	(void)snprintf(c->out, sizeof c->out, "%s", luaL_tolstring(L, -1, NULL));
	return 0;
}

/* What it gives, or why it fails. */
static bool run(pb_sandbox *box, calling *c)
{
	int rc = pb_box_enter(box, call, c);

	if (rc == PB_ELIMIT)
		(void)snprintf(c->out, sizeof c->out, "limit %s", box->limit);
	else if (rc != PB_OK)
		(void)snprintf(c->out, sizeof c->out, "%s", box->why);
	return rc == PB_OK;
}

static void memory_may_run_out(void **state)
{
	pb_sandbox *box = box_open();
	pb_object o;
	pb_object_view v = module_object(&o, bytes, sizeof bytes - 1);
	calling c = {.view = &v};

	(void)state;
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
		char code[4000], wanted[sizeof c.out];
		const char *text = code;
		size_t n;
		bool whole = false;

		(void)snprintf(code, sizeof code, "%s return function(x) return %s end", head, calls[i]);
		box->loading = true;
		if (pb_box_enter(box, prepare, &text) != PB_OK)
			fail_msg("%s: %s", calls[i], box->why);
		box->loading = false;
		if (!run(box, &c)) /* also what libraries keep of their first use */
			fail_msg("%s: %s", calls[i], c.out);
		(void)strcpy(wanted, c.out);
		for (n = 0; n < 5000 && !whole; n++) {
			starve(n);
			whole = run(box, &c);
			(void)fed();
			box->bindings->expire(box->L);
			if (whole ? strcmp(c.out, wanted) != 0 : strstr(c.out, "memory") == NULL)
				fail_msg("%s, allocation %zu\n  gave: %s\n  want: %s", calls[i], n, c.out, wanted);
			if (!run(box, &c) || strcmp(c.out, wanted) != 0)
				fail_msg("%s, after allocation %zu: %s", calls[i], n, c.out);
			box->bindings->expire(box->L);
		}
		if (!whole || n < 2)
			fail_msg("%s: %zu allocations", calls[i], n);
	}
	pb_box_close(box);
}

#else /* sanitizers have an allocator of their own */
static void memory_may_run_out(void **state)
{
	(void)state;
	skip();
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(memory_may_run_out)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
