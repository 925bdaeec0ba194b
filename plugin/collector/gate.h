/* May this be asked? Private to collector/. */
#ifndef PROBITY_COLLECTOR_GATE_H
#define PROBITY_COLLECTOR_GATE_H

#include "collector/url.h"

typedef struct pb_gate {
	const json_t *hosts;
	pb_url mirror;
	bool mirrored, allow_private;
} pb_gate;

/* mirror: NULL or "": none. PB_EINPUT: it is no URL, or http where that is not allowed. */
int pb_gate_open(const json_t *settings, const json_t *hosts, const char *mirror, pb_gate *out, pb_error *err);
/* The URL itself, or the same behind the mirror; then the rules. */
int pb_gate_first(const pb_gate *g, const char *url, pb_url *out, pb_error *err);
/* The rules of one hop. err names the URL and what to do. */
int pb_gate_pass(const pb_gate *g, const pb_url *u, pb_error *err);
/* May this address be connected to? NULL; else why not: a word of pb_address_scope. http only goes to addresses that are not public. */
const char *pb_gate_refuses(const pb_gate *g, const pb_url *u, const struct sockaddr *address);

#endif
