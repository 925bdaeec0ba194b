#include "collector/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

/* Labels of letters, digits, hyphens; and no last label that a resolver could take for a number. */
static bool is_name(const char *host)
{
	const char *label = host;
	size_t n = strlen(host);

	if (n == 0 || n >= PB_URL_HOST_MOST)
		return false;
	for (;;) {
		size_t k = strcspn(label, ".");

		if (k == 0 || k > 63 || label[0] == '-' || label[k - 1] == '-' ||
		    strspn(label, "abcdefghijklmnopqrstuvwxyz0123456789-") < k)
			return false;
		if (label[k] == '\0')
			return !(label[0] >= '0' && label[0] <= '9');
		label += k + 1;
	}
}

static bool is_ipv4(const char *host)
{
	struct in_addr a;
	char back[INET_ADDRSTRLEN];

	return inet_pton(AF_INET, host, &a) == 1 && inet_ntop(AF_INET, &a, back, sizeof back) && strcmp(back, host) == 0;
}

/* text: what stands between "//" and the path, n bytes. */
static int read_authority(const char *text, size_t n, pb_url *out, pb_error *err)
{
	const char *end = text + n, *colon;
	int64_t port = out->tls ? 443 : 80;
	char host[PB_URL_HOST_MOST], number[8];
	bool six = n > 0 && text[0] == '[';
	size_t k;

	if (memchr(text, '@', n))
		return pb_fail(err, PB_EINPUT, "names a user in front of the host");
	if (six) {
		const char *close = memchr(text, ']', n);

		if (!close)
			return pb_fail(err, PB_EINPUT, "the host's bracket is not closed");
		colon = close + 1 < end ? close + 1 : NULL;
		if (colon && *colon != ':')
			return pb_fail(err, PB_EINPUT, "something stands behind the host's bracket");
		text++;
		k = (size_t)(close - text);
	} else {
		colon = memchr(text, ':', n);
		k = (size_t)((colon ? colon : end) - text);
	}
	if (k == 0 || k >= sizeof host)
		return pb_fail(err, PB_EINPUT, "has no host, or too long a one");
	for (size_t i = 0; i < k; i++)
		host[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 32 : text[i]);
	host[k] = '\0';
	if (!six && host[k - 1] == '.')
		host[--k] = '\0';
	if (colon) {
		size_t digits = (size_t)(end - colon) - 1;

		if (digits == 0 || digits >= sizeof number)
			return pb_fail(err, PB_EINPUT, "the port is no number from 1 to 65535");
		memcpy(number, colon + 1, digits);
		number[digits] = '\0';
		if (!pb_text_int(number, 1, 65535, &port))
			return pb_fail(err, PB_EINPUT, "the port is no number from 1 to 65535");
	}
	if (six) {
		struct in6_addr a;

		if (inet_pton(AF_INET6, host, &a) != 1)
			return pb_fail(err, PB_EINPUT, "[%s] is no IPv6 address", host);
		(void)inet_ntop(AF_INET6, &a, host, sizeof host);
		out->literal = true;
	} else if (is_ipv4(host)) {
		out->literal = true;
	} else if (!is_name(host)) {
		return pb_fail(err, PB_EINPUT, "the host \"%s\" is neither a name of letters, digits and hyphens (others: xn--...) nor an "
		                               "address in its usual form", host);
	}
	(void)snprintf(out->host, sizeof out->host, "%s", host);
	out->port = (unsigned)port;
	return PB_OK;
}

/* Spaces, controls, backslashes and bytes beyond ASCII have no place in an address. */
static bool is_clean(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		if (*p <= ' ' || *p >= 0x7f || *p == '\\')
			return false;
	return true;
}

/* rest: from '/' or '?' on, or nothing. */
static int read_path(const char *rest, pb_url *out, pb_error *err)
{
	int n = snprintf(out->path, sizeof out->path, "%s%.*s", *rest == '/' ? "" : "/", (int)strcspn(rest, "#"), rest);

	return n > 0 && (size_t)n < sizeof out->path ? PB_OK : pb_fail(err, PB_EINPUT, "is too long");
}

int pb_url_parse(const char *text, pb_url *out, pb_error *err)
{
	size_t scheme = strncasecmp(text, "https://", 8) == 0 ? 8 : strncasecmp(text, "http://", 7) == 0 ? 7 : 0, n;
	int rc;

	*out = (pb_url){.tls = scheme == 8};
	if (strlen(text) >= PB_URL_MOST)
		return pb_fail(err, PB_EINPUT, "is longer than %d bytes", PB_URL_MOST - 1);
	if (!scheme)
		return pb_fail(err, PB_EINPUT, "does not begin with https://");
	if (!is_clean(text))
		return pb_fail(err, PB_EINPUT, "holds a character that no URL has");
	text += scheme;
	n = strcspn(text, "/?#");
	rc = read_authority(text, n, out, err);
	return rc ? rc : read_path(text + n, out, err);
}

int pb_url_follow(const pb_url *from, const char *location, pb_url *out, pb_error *err)
{
	char text[PB_URL_TEXT];
	size_t scheme = strspn(location, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
	pb_url base = *from;
	char *slash;

	if (strlen(location) >= PB_URL_MOST)
		return pb_fail(err, PB_EINPUT, "is longer than %d bytes", PB_URL_MOST - 1);
	if (scheme > 0 && location[scheme] == ':')
		return pb_url_parse(location, out, err);
	if (strncmp(location, "//", 2) == 0) {
		(void)snprintf(text, sizeof text, "%s:%s", from->tls ? "https" : "http", location);
		return pb_url_parse(text, out, err);
	}
	base.path[strcspn(base.path, "?")] = '\0';
	slash = strrchr(base.path, '/');
	if (*location == '/')
		base.path[0] = '\0';
	else if (*location != '?' && slash)
		slash[1] = '\0';
	size_t n = strlen(base.path);
	if (n + strlen(location) >= sizeof base.path)
		return pb_fail(err, PB_EINPUT, "is too long");
	memcpy(base.path + n, location, strlen(location) + 1);
	pb_url_text(&base, text);
	return pb_url_parse(text, out, err);
}

void pb_url_text(const pb_url *u, char out[PB_URL_TEXT])
{
	bool six = strchr(u->host, ':') != NULL;
	char port[8] = "";

	if (u->port != (u->tls ? 443U : 80U))
		(void)snprintf(port, sizeof port, ":%u", u->port);
	(void)snprintf(out, PB_URL_TEXT, "%s://%s%s%s%s%s", u->tls ? "https" : "http", six ? "[" : "", u->host, six ? "]" : "", port,
	               u->path);
}

/* "name", "name:port", "*.name", "*": the part in front of the port, and the port. */
static bool read_entry(const char *text, char name[PB_URL_HOST_MOST], unsigned *port)
{
	const char *colon = strrchr(text, ':');
	size_t n = colon ? (size_t)(colon - text) : strlen(text);
	int64_t number = 0;

	if (n == 0 || n >= PB_URL_HOST_MOST || (colon && !pb_text_int(colon + 1, 1, 65535, &number)))
		return false;
	for (size_t i = 0; i < n; i++)
		name[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 32 : text[i]);
	name[n] = '\0';
	*port = (unsigned)number;
	if (strcmp(name, "*") == 0)
		return true;
	return is_ipv4(name) || is_name(strncmp(name, "*.", 2) == 0 ? name + 2 : name);
}

bool pb_url_entry(const char *text)
{
	char name[PB_URL_HOST_MOST];
	unsigned port;

	return read_entry(text, name, &port);
}

bool pb_url_allowed(const pb_url *u, const json_t *hosts)
{
	char name[PB_URL_HOST_MOST];
	const json_t *h;
	unsigned port;
	size_t i, n = strlen(u->host), k;

	json_array_foreach (hosts, i, h) {
		if (!json_is_string(h) || !read_entry(json_string_value(h), name, &port))
			continue;
		if (u->port != (port ? port : u->tls ? 443U : 80U))
			continue;
		if (strcmp(name, "*") == 0 ? !u->literal : strcmp(name, u->host) == 0)
			return true;
		k = strlen(name);
		if (strncmp(name, "*.", 2) == 0 && !u->literal && n > k - 1 && strcmp(u->host + n - (k - 1), name + 1) == 0)
			return true;
	}
	return false;
}
