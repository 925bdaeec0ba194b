#include "collector/gate.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

int pb_gate_open(const json_t *settings, const json_t *hosts, const char *mirror, pb_gate *out, pb_error *err)
{
	pb_error inner = {0};

	*out = (pb_gate){.hosts = hosts, .allow_private = json_is_true(json_object_get(settings, "allow_private"))};
	if (!mirror || !*mirror)
		return PB_OK;
	if (pb_url_parse(mirror, &out->mirror, &inner))
		return pb_fail(err, PB_EINPUT, "mirror \"%s\" %s", mirror, inner.text);
	if (!out->mirror.tls && !out->allow_private)
		return pb_fail(err, PB_EINPUT, "mirror \"%s\": http is for mirrors at private addresses, with allow_private = yes", mirror);
	if (strchr(out->mirror.path, '?'))
		return pb_fail(err, PB_EINPUT, "mirror \"%s\": a base URL has no query", mirror);
	out->mirrored = true;
	return PB_OK;
}

static bool same_origin(const pb_url *a, const pb_url *b)
{
	return a->tls == b->tls && a->port == b->port && strcmp(a->host, b->host) == 0;
}

static bool literal_address(const pb_url *u, struct sockaddr_storage *out)
{
	struct sockaddr_in *four = (struct sockaddr_in *)out;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;

	memset(out, 0, sizeof *out);
	if (inet_pton(AF_INET, u->host, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		return true;
	}
	memset(out, 0, sizeof *out);
	six->sin6_family = AF_INET6;
	return inet_pton(AF_INET6, u->host, &six->sin6_addr) == 1;
}

const char *pb_gate_refuses(const pb_gate *g, const pb_url *u, const struct sockaddr *address)
{
	const char *scope = pb_address_scope(address);
	bool public = strcmp(scope, "public") == 0;

	if (!u->tls && public)
		return "public, and http is for private mirrors only";
	if (public)
		return NULL;
	if (!g->allow_private || strcmp(scope, "multicast") == 0 || strcmp(scope, "unknown") == 0)
		return scope;
	return NULL;
}

int pb_gate_pass(const pb_gate *g, const pb_url *u, pb_error *err)
{
	bool mirror = g->mirrored && same_origin(u, &g->mirror);
	struct sockaddr_storage address;
	char text[PB_URL_TEXT];
	const char *scope;

	pb_url_text(u, text);
	if (!u->tls && !mirror)
		return pb_fail(err, PB_EINPUT, "%s: only https is asked", text);
	if (!mirror && !pb_url_allowed(u, g->hosts))
		return pb_fail(err, PB_EINPUT, "%s: the host %s is not in the source's allow-list (hosts = ... in probity.conf)", text, u->host);
	if (u->literal && literal_address(u, &address) && (scope = pb_gate_refuses(g, u, (struct sockaddr *)&address)))
		return pb_fail(err, PB_EINPUT, "%s: the address is %s (allow_private = yes lets private ones be asked)", text, scope);
	return PB_OK;
}

int pb_gate_first(const pb_gate *g, const char *url, pb_url *out, pb_error *err)
{
	pb_error inner = {0};
	pb_url asked;

	if (pb_url_parse(url, &asked, &inner))
		return pb_fail(err, PB_EINPUT, "\"%.300s\" %s", url, inner.text);
	*out = asked;
	if (g->mirrored) {
		size_t n = strlen(g->mirror.path);

		*out = g->mirror;
		while (n > 0 && out->path[n - 1] == '/')
			n--;
		if (n + strlen(asked.path) >= sizeof out->path)
			return pb_fail(err, PB_EINPUT, "\"%.300s\" is too long behind its mirror", url);
		memcpy(out->path + n, asked.path, strlen(asked.path) + 1);
	}
	return pb_gate_pass(g, out, err);
}
