/* One answer from the network, within the rules. fetch.c is the door to libcurl. Private to collector/. */
#ifndef PROBITY_COLLECTOR_FETCH_H
#define PROBITY_COLLECTOR_FETCH_H

#include "base/buf.h"
#include "collector/url.h"

typedef struct pb_fetcher pb_fetcher;

/* settings (collector/settings.h): borrowed. Reads the file of certificate authorities and initialises libcurl and the resolver: before the box closes. */
int pb_fetcher_open(const json_t *settings, pb_fetcher **out, pb_error *err);
void pb_fetcher_close(pb_fetcher *f); /* NULL is fine */

typedef struct pb_fetch_request {
	const char *url;
	const json_t *headers; /* {name: value}, besides; NULL: none */
	const char *body;      /* NULL: GET, else POST */
	size_t body_size;
	size_t max;            /* bytes of the answer, decoded; 0: max_size of the settings */
	int fd;                /* where the answer goes; -1: into memory */
	bool discard;          /* it goes nowhere: only its size and digest are wanted */
	const json_t *hosts;   /* who may be asked (array), redirects included */
	const char *mirror;    /* base URL that is asked in place of scheme and host; NULL or "": none */
	unsigned redirects;    /* most */
} pb_fetch_request;

typedef struct pb_fetch_answer {
	long status;
	char url[PB_URL_TEXT]; /* who answered in the end */
	pb_buf body;           /* decoded; empty where it went to fd */
	uint64_t size;
	char sha256[65];       /* of the body */
	json_t *headers;       /* {lower-case name: value}, display forms */
	json_t *tls;           /* {"version","cipher","subject","issuer","from","until","key"}; NULL: it was http */
} pb_fetch_answer;

/* 0: somebody answered, whatever the status. PB_EINPUT: the rules forbid it, nothing was asked (or a redirect led outside); PB_ELIMIT: the answer is
 * too large; PB_EIO: no answer. err says which URL and why. Retries what may pass (timeouts, 429, 502, 503, 504), each time a longer wait. */
int pb_fetch(pb_fetcher *f, const pb_fetch_request *r, pb_fetch_answer *out, pb_error *err);
void pb_fetch_answer_free(pb_fetch_answer *a);

/* The URL that would be asked first, mirror and rules applied, without asking it. */
int pb_fetch_plan(const pb_fetcher *f, const pb_fetch_request *r, char out[PB_URL_TEXT], pb_error *err);

#endif
