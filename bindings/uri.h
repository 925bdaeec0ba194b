/* Addresses as RFC 3986 has them, in hostile text. Private to bindings/; no Lua. */
#ifndef PROBITY_BINDINGS_URI_H
#define PROBITY_BINDINGS_URI_H

#include "base/bytes.h"

enum { PB_URI_MOST = 65536 };

/* Parts as they are written: in the text that was read, data NULL where the part is not there (the path always is). */
typedef struct pb_uri {
	pb_bytes scheme, user, host, port, path, query, fragment;
} pb_uri;

/* Any reference, also a relative one. Bytes beyond ASCII are taken where all of it is UTF-8 (RFC 3987). NULL; or why it is
 * none: static, *at the offset. text: at most PB_URI_MOST bytes. */
const char *pb_uri_parse(pb_bytes text, pb_uri *out, size_t *at);

/* The reference seen from base, which has a scheme (RFC 3986, 5.2.2). out: room for both and 8 bytes more; its length. */
size_t pb_uri_join(const pb_uri *base, const pb_uri *ref, char *out);

/* One way of writing for all that RFC 3986 (6.2.2, 6.2.3) calls equal. out: room for 3 bytes for each and 64 more. */
size_t pb_uri_normal(const pb_uri *u, char *out);

typedef struct pb_uri_host {
	char name[254];     /* lower case, without brackets and without a dot at its end */
	const char *kind;   /* "ipv4", "ipv6", "number", "name" */
	const char *scope;  /* "public", "private", "loopback", "link-local", "multicast", "documentation", "reserved" */
	const char *domain; /* in name: the registrable domain, or NULL */
} pb_uri_host;

/* false: empty, too long, or no host. */
bool pb_uri_host_read(pb_bytes host, pb_uri_host *out);

#endif
