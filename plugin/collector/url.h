/* Addresses that the collector may ask: read strictly, so that what is checked is what is connected to. Private to collector/. */
#ifndef PROBITY_COLLECTOR_URL_H
#define PROBITY_COLLECTOR_URL_H

#include <sys/socket.h>

#include "base/error.h"
#include "base/json.h"

enum { PB_URL_MOST = 4096, PB_URL_HOST_MOST = 254 };

typedef struct pb_url {
	bool tls;                    /* https, else http */
	bool literal;                /* the host is an address, not a name */
	char host[PB_URL_HOST_MOST]; /* lower case; IPv6 without brackets; no dot at the end */
	unsigned port;               /* 1 to 65535 */
	char path[PB_URL_MOST];      /* with its query; begins with '/' */
} pb_url;

/* http and https only. No user, no fragment; names of letters, digits and hyphens (others as xn--...); addresses in their one usual form: 127.1,
 * 0x7f.1, 2130706433 and 0177.0.0.1 are refused. 0, PB_EINPUT. */
int pb_url_parse(const char *text, pb_url *out, pb_error *err);

/* Where an answer of `from` leads: a whole URL, "//host/...", "/path" or "path". */
int pb_url_follow(const pb_url *from, const char *location, pb_url *out, pb_error *err);

/* How it is asked for: default ports left out. out: PB_URL_MOST + 300 bytes. */
enum { PB_URL_TEXT = PB_URL_MOST + 300 };
void pb_url_text(const pb_url *u, char out[PB_URL_TEXT]);

/* "public", or what it is instead: "loopback", "private", "link-local", "shared" (carrier-grade NAT), "multicast", "documentation", "reserved",
 * "unknown". IPv4 inside of IPv6 (mapped, NAT64, 6to4, Teredo) counts as what is inside. */
const char *pb_address_scope(const struct sockaddr *address);

/* Does an entry of an allow-list fit? "name" (port 443, or 80), "name:port", "*.name" (below it, not itself), "*" (every name, port 443). */
bool pb_url_allowed(const pb_url *u, const json_t *hosts);

/* Is this an entry of such a list? */
bool pb_url_entry(const char *text);

#endif
