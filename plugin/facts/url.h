/* Private to this room: reading one URL around its "://". */
#ifndef PROBITY_FACTS_URL_H
#define PROBITY_FACTS_URL_H

#include "base/bytes.h"
#include "facts/host.h"

enum { PB_URL_MAX = 2048 };

typedef struct pb_url {
	char text[PB_URL_MAX + 1]; /* scheme and host in lower case, escapes of JSON undone; printable ASCII only */
	const char *scheme;        /* static: "http", "https", "ws", "wss", "ftp" */
	char host[PB_HOST_MAX];
	const char *domain; /* in host, or NULL */
	uint64_t at;        /* where the scheme begins */
	size_t fragment;    /* index of '#' in text, 0 = none */
} pb_url;

/* mark: the offset of ":" in "://", ":\/\/" or the wide form of "://". packed: string tables of binaries run texts together, so
 * a scheme within the path ends the URL. False where there is no URL with a whole, valid host: templates, formats, lone
 * schemes. */
bool pb_url_read(pb_bytes b, uint64_t mark, bool packed, pb_url *out);

#endif
