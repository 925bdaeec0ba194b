/* require "probity.url" */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "module_case.h"

static const char head[] =
    "local url = require 'probity.url' local function show(u, why) if u == nil then return 'nil ' .. tostring(why) end "
    "local o = {} for k, v in pairs(u) do o[#o + 1] = k .. '=' .. tostring(v) end return table.concat(o, ' ') end";

static void parts(void **state)
{
	static const char *const cases[][2] = {
	    {"return show(url.parse('HTTPS://bob:pw@WWW.Example.co.uk:8443/a/%7Eb?q=1&r[]=2#top'))",
	     "domain=example.co.uk fragment=top host=www.example.co.uk kind=name path=/a/%7Eb port=8443 query=q=1&r[]=2 "
	     "scheme=https scope=public user=bob:pw"},
	    {"return show(url.parse('http://good.com@evil.net@host.io/'))",
	     "domain=host.io host=host.io kind=name path=/ scheme=http scope=public user=good.com@evil.net"},
	    {"return show(url.parse('http://[2001:DB8::1]:80/'))",
	     "host=2001:db8::1 kind=ipv6 path=/ port=80 scheme=http scope=documentation"},
	    {"return show(url.parse('//h.com'))", "domain=h.com host=h.com kind=name path= scope=public"},
	    {"return show(url.parse('mailto:a@b.c'))", "path=a@b.c scheme=mailto"},
	    {"return show(url.parse('data:text/plain;base64,AA=='))", "path=text/plain;base64,AA== scheme=data"},
	    {"return show(url.parse('file:///etc/passwd'))", "host= path=/etc/passwd scheme=file"},
	    {"return show(url.parse('../a?#'))", "fragment= path=../a query="},
	    {"return show(url.parse(''))", "path="},
	    {"return show(url.parse('http://h:/'))", "host=h kind=name path=/ scheme=http scope=private"},
	    {"return show(url.parse('http://b\xc3\xbc\x63her.de/\xc3\xa4'))",
	     "host=b\xc3\xbc\x63her.de kind=name path=/\xc3\xa4 scheme=http scope=public"},
	    {"return show(url.parse('http://a b/'))", "nil byte 8: a character that no URL has"},
	    {"return show(url.parse('http://a/\\0'))", "nil byte 9: a character that no URL has"},
	    {"return show(url.parse('http://a/%4'))", "nil byte 9: a \"%\" without two hex digits"},
	    {"return show(url.parse('http://a/\\255'))", "nil byte 9: not valid UTF-8"},
	    {"return show(url.parse('http://a:65536/'))", "nil byte 7: a port that is no number up to 65535"},
	    {"return show(url.parse('http://a:99999999999999999999/'))", "nil byte 7: a port"},
	    {"return show(url.parse('http://a:b/'))", "nil byte 7: a port"},
	    {"return show(url.parse('http://[::g]/'))", "nil byte 7: brackets without an IPv6 address"},
	    {"return show(url.parse('http://[::1/'))", "nil byte 7: brackets without"},
	    {"return show(url.parse('http://[::1]x/'))", "nil byte 7: a host with a character that none has"},
	    {"return show(url.parse('http://a[b]/'))", "nil byte 7: a host with a character that none has"},
	    {"return show(url.parse('1a:b'))", "nil byte 0: a scheme that is not valid"},
	    {"return show(url.parse('1a/b:c'))", "path=1a/b:c"},
	    {"return show(url.parse(('x'):rep(65536)))", "path=xxx"},
	    {"return show(url.parse(('x'):rep(65537)))", "nil byte 0: limit size: more than 65536 bytes"},
	    {"return url.parse()", "string expected"},
	    {"url.parse = nil", "read-only"},
	    {"while true do url.parse('a') end", "limit instructions"},
	};

	(void)state;
	module_all(head, cases, sizeof cases / sizeof cases[0]);
}

static void hosts(void **state)
{
	static const char *const hosts[][2] = {
	    {"WWW.Example.COM.", "domain=example.com host=www.example.com kind=name scope=documentation"},
	    {"a.b.github.io", "domain=b.github.io host=a.b.github.io kind=name scope=public"},
	    {"co.uk", "host=co.uk kind=name scope=public"},
	    {"printer.local", "domain=printer.local host=printer.local kind=name scope=private"},
	    {"localhost", "host=localhost kind=name scope=loopback"},
	    {"notlocalhost", "host=notlocalhost kind=name scope=private"},
	    {"8.8.8.8", "host=8.8.8.8 kind=ipv4 scope=public"},
	    {"10.1.2.3", "host=10.1.2.3 kind=ipv4 scope=private"},
	    {"172.32.0.1", "host=172.32.0.1 kind=ipv4 scope=public"},
	    {"169.254.169.254", "host=169.254.169.254 kind=ipv4 scope=link-local"},
	    {"203.0.113.9", "host=203.0.113.9 kind=ipv4 scope=documentation"},
	    {"0.0.0.0", "host=0.0.0.0 kind=ipv4 scope=reserved"},
	    {"127.1", "host=127.1 kind=number scope=public"},
	    {"0x7f000001", "host=0x7f000001 kind=number scope=public"},
	    {"2130706433", "host=2130706433 kind=number scope=public"},
	    {"[::1]", "host=::1 kind=ipv6 scope=loopback"},
	    {"::ffff:192.168.0.1", "host=::ffff:192.168.0.1 kind=ipv6 scope=private"},
	    {"fe80::1", "host=fe80::1 kind=ipv6 scope=link-local"},
	    {"fd00::1", "host=fd00::1 kind=ipv6 scope=private"},
	    {"2606:4700::1111", "host=2606:4700::1111 kind=ipv6 scope=public"},
	    {"a b", "nil"},
	    {"[1.2.3.4]", "nil"},
	    {"a:80", "nil"},
	    {"", "nil"},
	    {"http://a", "nil"},
	};
	pb_sandbox *box = box_open();

	(void)state;
	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
		char body[200];

		(void)snprintf(body, sizeof body, "return '<' .. show(url.host('%s')) .. '>'", hosts[i][0]);
		box_expect(box, (box_job){0}, head, body, hosts[i][1]);
	}
	box_expect(box, (box_job){0}, head, "return show(url.host(('a'):rep(254)))", "nil");
	pb_box_close(box);
}

static void normal_form(void **state)
{
	static const char *const cases[][2] = {
	    {"HTTP://User@EXAMPLE.com.:80/%7euser/../a/./b/%c3%bc?X=%2f#F", "http://User@example.com/a/b/%C3%BC?X=%2F#F"},
	    {"https://h.com", "https://h.com/"},
	    {"https://h.com?q", "https://h.com/?q"},
	    {"https://h.com:443/", "https://h.com/"},
	    {"https://h.com:444/", "https://h.com:444/"},
	    {"https://h.com:/", "https://h.com/"},
	    {"http://[2001:0DB8:0:0::0001]/", "http://[2001:db8::1]/"},
	    {"http://\xc3\xbc.de/\xc3\xbc", "http://%C3%BC.de/%C3%BC"},
	    {"http://h/../../a", "http://h/a"},
	    {"MAILTO:Bob@X", "mailto:Bob@X"},
	    {"../a/./b", "../a/./b"},
	    {"x:/.//y", "x:/.//y"},
	    {"http://a/b c", "nil"},
	};
	pb_sandbox *box = box_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char body[300], wanted[200];

		(void)snprintf(body, sizeof body,
		               "local n = url.normalise('%s') if n then assert(url.normalise(n) == n) end return '<' .. "
		               "tostring(n) .. '>'",
		               cases[i][0]);
		(void)snprintf(wanted, sizeof wanted, "<%s>", cases[i][1]);
		box_expect(box, (box_job){0}, head, body, wanted);
	}
	pb_box_close(box);
}

/* RFC 3986, 5.4: seen from http://a/b/c/d;p?q */
static void joined(void **state)
{
	static const char *const cases[][2] = {
	    {"g:h", "g:h"},
	    {"g", "http://a/b/c/g"},
	    {"./g", "http://a/b/c/g"},
	    {"g/", "http://a/b/c/g/"},
	    {"/g", "http://a/g"},
	    {"//g", "http://g"},
	    {"?y", "http://a/b/c/d;p?y"},
	    {"g?y", "http://a/b/c/g?y"},
	    {"#s", "http://a/b/c/d;p?q#s"},
	    {"g#s", "http://a/b/c/g#s"},
	    {"g?y#s", "http://a/b/c/g?y#s"},
	    {";x", "http://a/b/c/;x"},
	    {"g;x", "http://a/b/c/g;x"},
	    {"g;x?y#s", "http://a/b/c/g;x?y#s"},
	    {"", "http://a/b/c/d;p?q"},
	    {".", "http://a/b/c/"},
	    {"./", "http://a/b/c/"},
	    {"..", "http://a/b/"},
	    {"../", "http://a/b/"},
	    {"../g", "http://a/b/g"},
	    {"../..", "http://a/"},
	    {"../../", "http://a/"},
	    {"../../g", "http://a/g"},
	    {"../../../g", "http://a/g"},
	    {"../../../../g", "http://a/g"},
	    {"/./g", "http://a/g"},
	    {"/../g", "http://a/g"},
	    {"g.", "http://a/b/c/g."},
	    {".g", "http://a/b/c/.g"},
	    {"g..", "http://a/b/c/g.."},
	    {"..g", "http://a/b/c/..g"},
	    {"./../g", "http://a/b/g"},
	    {"./g/.", "http://a/b/c/g/"},
	    {"g/./h", "http://a/b/c/g/h"},
	    {"g/../h", "http://a/b/c/h"},
	    {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
	    {"g;x=1/../y", "http://a/b/c/y"},
	    {"g?y/./x", "http://a/b/c/g?y/./x"},
	    {"g?y/../x", "http://a/b/c/g?y/../x"},
	    {"g#s/./x", "http://a/b/c/g#s/./x"},
	    {"g#s/../x", "http://a/b/c/g#s/../x"},
	    {"http:g", "http:g"},
	};
	static const char *const more[][2] = {
	    {"return url.join('http://a', 'b')", "http://a/b"},
	    {"return url.join('x:b/c', '../../d')", "x:/d"},
	    {"return url.join('x:/b', './/c')", "x:/.//c"},
	    {"return show(url.join('a/b', 'c'))", "nil byte 0: a base without a scheme"},
	    {"return show(url.join('http://a', 'b c'))", "nil byte 1: a character that no URL has"},
	    {"return url.join('http://a')", "string expected"},
	};
	pb_sandbox *box = box_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char body[200], wanted[200];

		(void)snprintf(body, sizeof body, "return '<' .. url.join('http://a/b/c/d;p?q', '%s') .. '>'", cases[i][0]);
		(void)snprintf(wanted, sizeof wanted, "<%s>", cases[i][1]);
		box_expect(box, (box_job){0}, head, body, wanted);
	}
	pb_box_close(box);
	module_all(head, more, sizeof more / sizeof more[0]);
}

static void allocations_may_fail(void **state)
{
	static const char code[] =
	    "local url = require 'probity.url' return function() local u = url.parse('http://a@B.com:1/?q#f') return "
	    "u.host .. url.host('x.org').domain .. url.normalise('http://A/') .. url.join('x:/', 'b') end";
	pb_sandbox *box = box_open();

	(void)state;
	box_starve(box, (box_job){.code = code});
	pb_box_close(box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(parts), cmocka_unit_test(hosts), cmocka_unit_test(normal_form),
	                                   cmocka_unit_test(joined), cmocka_unit_test(allocations_may_fail)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
