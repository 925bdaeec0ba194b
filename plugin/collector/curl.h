/* One request over the wire, no redirect, no retry. Private to collector/; curl.c is the door to libcurl. */
#ifndef PROBITY_COLLECTOR_CURL_H
#define PROBITY_COLLECTOR_CURL_H

#include "base/hash.h"
#include "collector/fetch.h"
#include "collector/gate.h"

typedef struct pb_curl pb_curl; /* what lasts longer than a request: certificate authorities, settings */

int pb_curl_open(const json_t *settings, pb_curl **out, pb_error *err);
void pb_curl_close(pb_curl *c);

/* Asks u as the request says (but for its URL). 0: there is an answer in out (emptied first). *passing: it failed, and may do better in a while. */
int pb_curl_ask(const pb_curl *c, const pb_gate *gate, const pb_url *u, const pb_fetch_request *r, pb_fetch_answer *out, bool *passing,
                pb_error *err);

#endif
