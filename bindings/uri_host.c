/* Hosts: names and addresses, where they lead, and whose domain it is (facts/host.h asks the list of public suffixes). */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "bindings/uri.h"
#include "facts/host.h"

/* IANA's special-purpose addresses; the first that fits. */
static const char *scope_ipv4(uint32_t a)
{
	static const struct {
		uint32_t net;
		int bits;
		const char *scope;
	} nets[] = {
	    {0x00000000, 8, "reserved"},  {0x0a000000, 8, "private"},        {0x64400000, 10, "private"},
	    {0x7f000000, 8, "loopback"},  {0xa9fe0000, 16, "link-local"},    {0xac100000, 12, "private"},
	    {0xc0000000, 24, "reserved"}, {0xc0000200, 24, "documentation"}, {0xc0a80000, 16, "private"},
	    {0xc6120000, 15, "reserved"}, {0xc6336400, 24, "documentation"}, {0xcb007100, 24, "documentation"},
	    {0xe0000000, 4, "multicast"}, {0xf0000000, 4, "reserved"},
	};

	for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++)
		if ((a ^ nets[i].net) >> (32 - nets[i].bits) == 0)
			return nets[i].scope;
	return "public";
}

static const char *scope_ipv6(const uint8_t a[16])
{
	static const uint8_t zeros[16], mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff},
	                                documentation[4] = {0x20, 1, 0x0d, 0xb8};

	if (memcmp(a, mapped, 12) == 0)
		return scope_ipv4((uint32_t)a[12] << 24 | (uint32_t)a[13] << 16 | (uint32_t)a[14] << 8 | a[15]);
	if (memcmp(a, zeros, 15) == 0)
		return a[15] == 1 ? "loopback" : "reserved";
	if (memcmp(a, documentation, 4) == 0)
		return "documentation";
	if (a[0] == 0xff)
		return "multicast";
	if ((a[0] & 0xfe) == 0xfc)
		return "private";
	return a[0] == 0xfe && (a[1] & 0xc0) == 0x80 ? "link-local" : "public";
}

/* Is name `tail`, or something below it? */
static bool below(const char *name, const char *tail)
{
	size_t n = strlen(name), m = strlen(tail);

	return n >= m && strcmp(name + n - m, tail) == 0 && (n == m || name[n - m - 1] == '.');
}

/* RFC 6761, 6762, 8375, 9476, and ICANN's .internal. A name without a dot is somebody's own. */
static const char *scope_name(const char *name)
{
	static const char *const tails[][2] = {{"localhost", "loopback"},        {"local", "private"},
	                                       {"internal", "private"},          {"home.arpa", "private"},
	                                       {"test", "documentation"},        {"example", "documentation"},
	                                       {"invalid", "documentation"},     {"example.com", "documentation"},
	                                       {"example.net", "documentation"}, {"example.org", "documentation"}};

	for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++)
		if (below(name, tails[i][0]))
			return tails[i][1];
	return strchr(name, '.') != NULL ? "public" : "private";
}

/* Would it be read as an address, though it is not written as one: "127.1", "0x7f000001", "2130706433"? */
static bool ends_in_number(const char *name)
{
	const char *last = strrchr(name, '.');

	last = last != NULL ? last + 1 : name;
	if (last[0] == '0' && last[1] == 'x')
		return strspn(last + 2, "0123456789abcdef") == strlen(last + 2);
	return last[0] != '\0' && strspn(last, "0123456789") == strlen(last);
}

bool pb_uri_host_read(pb_bytes host, pb_uri_host *out)
{
	uint8_t address[16];
	size_t n = host.size;
	const uint8_t *p = host.data;

	memset(out, 0, sizeof *out);
	if (n >= 2 && p[0] == '[' && p[n - 1] == ']') {
		p++;
		n -= 2;
	}
	if (n > 1 && p[n - 1] == '.')
		n--;
	if (n == 0 || n >= sizeof out->name)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (p[i] <= 0x20 || p[i] == 0x7f || strchr("/?#@[]<>\\^`{|}\"", p[i]) != NULL)
			return false;
		out->name[i] = (char)(p[i] >= 'A' && p[i] <= 'Z' ? p[i] | 32 : p[i]);
	}
	if (inet_pton(AF_INET6, out->name, address) == 1) {
		out->kind = "ipv6";
		out->scope = scope_ipv6(address);
		return true;
	}
	if (p != host.data || strchr(out->name, ':') != NULL)
		return false;
	if (inet_pton(AF_INET, out->name, address) == 1) {
		out->kind = "ipv4";
		out->scope = scope_ipv4((uint32_t)address[0] << 24 | (uint32_t)address[1] << 16 | (uint32_t)address[2] << 8 |
		                        address[3]);
		return true;
	}
	out->kind = ends_in_number(out->name) ? "number" : "name";
	out->scope = out->kind[1] == 'u' ? "public" : scope_name(out->name);
	if (!pb_host_valid(out->name, &out->domain))
		out->domain = NULL;
	return true;
}
