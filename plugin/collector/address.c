/* Where an address leads: IANA's special-purpose registries. What is judged is the address that is connected to, not the name. */
#include <netinet/in.h>
#include <string.h>

#include "collector/url.h"

static const char *scope_four(uint32_t a)
{
	static const struct {
		uint32_t net;
		int bits;
		const char *scope;
	} nets[] = {
	    {0x00000000, 8, "reserved"},       {0x0a000000, 8, "private"},        {0x64400000, 10, "shared"},
	    {0x7f000000, 8, "loopback"},       {0xa9fe0000, 16, "link-local"},    {0xac100000, 12, "private"},
	    {0xc0000000, 24, "reserved"},      {0xc0000200, 24, "documentation"}, {0xc0586300, 24, "reserved"},
	    {0xc0a80000, 16, "private"},       {0xc6120000, 15, "reserved"},      {0xc6336400, 24, "documentation"},
	    {0xcb007100, 24, "documentation"}, {0xe0000000, 4, "multicast"},      {0xf0000000, 4, "reserved"},
	};

	for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++)
		if ((a ^ nets[i].net) >> (32 - nets[i].bits) == 0)
			return nets[i].scope;
	return "public";
}

static uint32_t four_at(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static const char *scope_six(const uint8_t a[16])
{
	static const uint8_t zeros[16], mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, nat64[12] = {0, 0x64, 0xff, 0x9b};
	uint32_t head = four_at(a);

	if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0)
		return scope_four(four_at(a + 12));
	if (memcmp(a, zeros, 12) == 0) /* unspecified, loopback, IPv4-compatible */
		return memcmp(a + 12, zeros, 3) == 0 && a[15] == 1 ? "loopback" : "reserved";
	if (head >> 16 == 0x2002)
		return scope_four(four_at(a + 2));
	if (head == 0x20010000) /* Teredo: the client's address, inverted */
		return scope_four(~four_at(a + 12));
	if (head == 0x20010db8 || head >> 12 == 0x3fff0)
		return "documentation";
	if (a[0] == 0xff)
		return "multicast";
	if ((a[0] & 0xfe) == 0xfc)
		return "private";
	if (a[0] == 0xfe)
		return (a[1] & 0xc0) == 0x80 ? "link-local" : (a[1] & 0xc0) == 0xc0 ? "private" : "reserved";
	return (a[0] & 0xe0) == 0x20 ? "public" : "reserved"; /* 2000::/3 is all that is handed out */
}

const char *pb_address_scope(const struct sockaddr *address)
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (address->sa_family == AF_INET) {
		memcpy(&four, address, sizeof four);
		return scope_four(ntohl(four.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&six, address, sizeof six);
		return scope_six(six.sin6_addr.s6_addr);
	}
	return "unknown";
}
