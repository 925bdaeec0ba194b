/* Which URLs, hosts and addresses the collector takes: strictly, so that what is checked is what is connected to. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/coordinates.h"
#include "collector/gate.h"

static void refused(void **state)
{
	static const char *const urls[] = {
	    "", "example.org", "ftp://example.org/", "file:///etc/passwd", "https://", "https:///x", "https://a@example.org/", "https://a:b@example.org/",
	    "https://example.org\\@evil.example/", "https://example.org:0/", "https://example.org:65536/", "https://example.org:/", "https://example.org:44a/",
	    "https://127.1/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://2130706433/", "https://0177.0.0.1/", "https://127.0.0.01/",
	    "https://1.2.3.4.5/", "https://256.1.1.1/", "https://example.org./x\r\nHost: y", "https://exa mple.org/", "https://ex\xc3\xa4mple.org/",
	    "https://example.org%00.evil.example/", "https://%31%32%37.0.0.1/", "https://.example.org/", "https://example..org/", "https://-a.org/",
	    "https://a-.org/", "https://[::1/", "https://[::1]x/", "https://[::g]/", "https://[fe80::1%25eth0]/", "https://[]/", "https://example.org..",
	    "https://exam_ple.org/", "https://\xe3\x80\x82/", "https://example.org/\x01", "http:/example.org/", "javascript:alert(1)",
	};
	pb_error err;
	pb_url u;

	(void)state;
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		err = (pb_error){0};
		if (pb_url_parse(urls[i], &u, &err) == PB_OK)
			fail_msg("\"%s\" was taken, host \"%s\"", urls[i], u.host);
		assert_true(*err.text);
	}
	char large[PB_URL_MOST + 10];
	memset(large, 'a', sizeof large);
	memcpy(large, "https://a/", 10);
	large[sizeof large - 1] = '\0';
	assert_int_equal(pb_url_parse(large, &u, NULL), PB_EINPUT);
}

static void taken(void **state)
{
	static const struct {
		const char *url, *text;
		bool literal;
	} urls[] = {
	    {"https://example.org", "https://example.org/", false},
	    {"HTTPS://Example.ORG:443/a?b#c", "https://example.org/a?b", false},
	    {"https://example.org./x", "https://example.org/x", false},
	    {"http://example.org:80?x", "http://example.org/?x", false},
	    {"https://example.org:8443/", "https://example.org:8443/", false},
	    {"https://192.0.2.1/", "https://192.0.2.1/", true},
	    {"https://[2001:DB8:0::1]:8/x", "https://[2001:db8::1]:8/x", true},
	    {"https://xn--mller-kva.example/", "https://xn--mller-kva.example/", false},
	    {"https://localhost/", "https://localhost/", false},
	};
	char text[PB_URL_TEXT];
	pb_url u;

	(void)state;
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		assert_int_equal(pb_url_parse(urls[i].url, &u, NULL), PB_OK);
		pb_url_text(&u, text);
		assert_string_equal(text, urls[i].text);
		assert_int_equal(u.literal, urls[i].literal);
	}
}

static void follows(void **state)
{
	static const struct {
		const char *location, *text;
	} to[] = {
	    {"/x", "https://a.example:8/x"},   {"x", "https://a.example:8/d/x"},       {"?q", "https://a.example:8/d/f?q"},
	    {"//b.example/y", "https://b.example/y"}, {"http://b.example/", "http://b.example/"},
	};
	static const char *const no[] = {"//a@b.example/", "file:///x", "gopher://x/", "\\\\b.example/x", "//2130706433/", "/a b", "javascript:x"};
	char text[PB_URL_TEXT];
	pb_url from, u;

	(void)state;
	assert_int_equal(pb_url_parse("https://a.example:8/d/f?old", &from, NULL), PB_OK);
	for (size_t i = 0; i < sizeof to / sizeof *to; i++) {
		assert_int_equal(pb_url_follow(&from, to[i].location, &u, NULL), PB_OK);
		pb_url_text(&u, text);
		assert_string_equal(text, to[i].text);
	}
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (pb_url_follow(&from, no[i], &u, NULL) == PB_OK)
			fail_msg("\"%s\" was followed", no[i]);
}

static const char *scope(const char *text)
{
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return pb_address_scope((struct sockaddr *)&four);
	assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
	return pb_address_scope((struct sockaddr *)&six);
}

static void scopes(void **state)
{
	static const struct {
		const char *address, *scope;
	} of[] = {
	    {"8.8.8.8", "public"}, {"127.0.0.1", "loopback"}, {"127.255.255.254", "loopback"}, {"0.0.0.0", "reserved"}, {"10.1.2.3", "private"},
	    {"172.15.255.255", "public"}, {"172.16.0.1", "private"}, {"172.31.255.255", "private"}, {"172.32.0.1", "public"},
	    {"192.168.1.1", "private"}, {"169.254.169.254", "link-local"}, {"100.64.0.1", "shared"}, {"100.127.255.255", "shared"},
	    {"100.128.0.1", "public"}, {"224.0.0.1", "multicast"}, {"239.255.255.255", "multicast"}, {"255.255.255.255", "reserved"},
	    {"192.0.2.1", "documentation"}, {"198.18.0.1", "reserved"}, {"::1", "loopback"}, {"::", "reserved"}, {"::ffff:127.0.0.1", "loopback"},
	    {"::ffff:10.0.0.1", "private"}, {"::ffff:8.8.8.8", "public"}, {"::127.0.0.1", "reserved"}, {"64:ff9b::7f00:1", "loopback"},
	    {"64:ff9b::a00:1", "private"}, {"2002:7f00:1::", "loopback"}, {"2002:808:808::", "public"}, {"2001:0:1:2:3:4:80ff:fffe", "loopback"},
	    {"fe80::1", "link-local"}, {"fc00::1", "private"}, {"fd12::1", "private"}, {"fec0::1", "private"}, {"ff02::1", "multicast"},
	    {"2001:db8::1", "documentation"}, {"2606:4700::1111", "public"}, {"4000::1", "reserved"}, {"100::1", "reserved"},
	};
	struct sockaddr other = {.sa_family = AF_UNIX};

	(void)state;
	for (size_t i = 0; i < sizeof of / sizeof *of; i++)
		if (strcmp(scope(of[i].address), of[i].scope) != 0)
			fail_msg("%s is %s", of[i].address, scope(of[i].address));
	assert_string_equal(pb_address_scope(&other), "unknown");
}

static bool allows(const char *list, const char *url)
{
	json_t *hosts = json_loads(list, 0, NULL);
	pb_url u;
	bool is;

	assert_non_null(hosts);
	assert_int_equal(pb_url_parse(url, &u, NULL), PB_OK);
	is = pb_url_allowed(&u, hosts);
	json_decref(hosts);
	return is;
}

static void allow_lists(void **state)
{
	(void)state;
	assert_true(allows("[\"example.org\"]", "https://EXAMPLE.org./x"));
	assert_false(allows("[\"example.org\"]", "https://example.org:8443/"));
	assert_true(allows("[\"example.org:8443\"]", "https://example.org:8443/"));
	assert_false(allows("[\"example.org:8443\"]", "https://example.org/"));
	assert_false(allows("[\"example.org\"]", "https://a.example.org/"));
	assert_true(allows("[\"*.example.org\"]", "https://a.b.example.org/"));
	assert_false(allows("[\"*.example.org\"]", "https://example.org/"));
	assert_false(allows("[\"*.example.org\"]", "https://evilexample.org/"));
	assert_false(allows("[\"example.org\"]", "https://example.org.evil.example/"));
	assert_true(allows("[\"*\"]", "https://any.example/"));
	assert_false(allows("[\"*\"]", "https://any.example:22/"));
	assert_false(allows("[\"*\"]", "https://8.8.8.8/")); /* every name is no address */
	assert_true(allows("[\"8.8.8.8\"]", "https://8.8.8.8/"));
	assert_false(allows("[]", "https://example.org/"));
	assert_false(allows("[7, null, \"\", \":443\", \"*.\", \"**\"]", "https://example.org/"));
	assert_true(pb_url_entry("*.example.org:8443"));
	assert_false(pb_url_entry("https://example.org"));
	assert_false(pb_url_entry("*.*.org"));
	assert_false(pb_url_entry("a*.org"));
	assert_false(pb_url_entry("example.org:"));
	assert_false(pb_url_entry("127.1"));
}

static int passes(const char *settings, const char *hosts, const char *mirror, const char *url, char text[PB_URL_TEXT])
{
	json_t *s = json_loads(settings, 0, NULL), *h = json_loads(hosts, 0, NULL);
	pb_error err = {0};
	pb_gate gate;
	pb_url u;
	int rc = pb_gate_open(s, h, mirror, &gate, &err);

	rc = rc ? rc : pb_gate_first(&gate, url, &u, &err);
	if (!rc)
		pb_url_text(&u, text);
	json_decref(s);
	json_decref(h);
	return rc;
}

static void gates(void **state)
{
	static const char *const closed = "{\"allow_private\":false}", *const open = "{\"allow_private\":true}";
	char text[PB_URL_TEXT];

	(void)state;
	assert_int_equal(passes(closed, "[\"a.example\"]", "", "https://a.example/x", text), PB_OK);
	assert_int_equal(passes(closed, "[\"a.example\"]", "", "http://a.example/x", text), PB_EINPUT);
	assert_int_equal(passes(closed, "[\"127.0.0.1\"]", "", "https://127.0.0.1/", text), PB_EINPUT);
	assert_int_equal(passes(open, "[\"127.0.0.1\"]", "", "https://127.0.0.1/", text), PB_OK);
	assert_int_equal(passes(closed, "[\"8.8.8.8\"]", "", "https://8.8.8.8/", text), PB_OK);
	assert_int_equal(passes(closed, "[]", "https://m.example/base/", "https://a.example/x?y", text), PB_OK);
	assert_string_equal(text, "https://m.example/base/x?y");
	assert_int_equal(passes(closed, "[]", "http://m.example/", "https://a.example/x", text), PB_EINPUT); /* http only with allow_private */
	assert_int_equal(passes(open, "[]", "http://10.0.0.1/", "https://a.example/x", text), PB_OK);
	assert_int_equal(passes(open, "[]", "http://8.8.8.8/", "https://a.example/x", text), PB_EINPUT); /* and only to private addresses */
	assert_int_equal(passes(open, "[]", "https://m.example/?q", "https://a.example/x", text), PB_EINPUT);
	assert_int_equal(passes(open, "[]", "https://u@m.example/", "https://a.example/x", text), PB_EINPUT);
}

static void coordinates(void **state)
{
	json_t *result = json_loads("{\"product\":{\"name\":\"@s/x\",\"version\":\"1\",\"kind\":\"npm\",\"sha256\":\"00\"},\"packages\":["
	                            "{\"name\":\"inner\",\"version\":\"2\",\"kind\":\"npm\",\"homepage\":\"https://evil.example/\"},"
	                            "{\"name\":\"@s/x\",\"version\":\"1\",\"kind\":\"npm\",\"homepage\":\"https://www.vendor.example/p\","
	                            "\"repository\":\"git+https://forge.example/s/x.git\"}]}", 0, NULL);
	json_t *c = pb_coordinates_of(result);

	(void)state;
	assert_string_equal(pb_json_str(c, "purl", ""), "pkg:npm/%40s/x@1");
	assert_string_equal(pb_json_str(c, "domain", ""), "vendor.example"); /* of the product's own package, and of no other */
	assert_string_equal(pb_json_str(c, "repository", ""), "https://forge.example/s/x.git");
	assert_int_equal(json_array_size(json_object_get(c, "packages")), 2);
	assert_int_equal(pb_coordinates_set(c, "revision", "v1"), PB_OK);
	assert_int_equal(pb_coordinates_set(c, "packages", "x"), PB_EINPUT);
	json_decref(c);
	json_decref(result);
	result = json_loads("{\"product\":{\"name\":\"x\"},\"packages\":[{\"homepage\":\"https://2130706433/\"},7]}", 0, NULL);
	c = pb_coordinates_of(result);
	assert_null(json_object_get(c, "domain"));
	json_decref(c);
	json_decref(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refused), cmocka_unit_test(taken),       cmocka_unit_test(follows), cmocka_unit_test(scopes),
	    cmocka_unit_test(allow_lists), cmocka_unit_test(gates), cmocka_unit_test(coordinates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
