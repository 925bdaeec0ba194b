#include "bindings/uri.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

static bool letter(uint8_t c)
{
	c |= 32;
	return c >= 'a' && c <= 'z';
}

static bool digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static int nibble(uint8_t c)
{
	if (digit(c))
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool unreserved(uint8_t c)
{
	return letter(c) || digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/* 0, or what no part of an address has. The brackets of "a[]=1" are let through. */
static const char *check_bytes(pb_bytes text, size_t *at)
{
	bool utf8 = pb_text_utf8(text.size > 0 ? text.data : (const uint8_t *)"", text.size);

	for (*at = 0; *at < text.size; ++*at) {
		uint8_t c = text.data[*at];

		if (c == '%' && (text.size - *at < 3 || nibble(text.data[*at + 1]) < 0 || nibble(text.data[*at + 2]) < 0))
			return "a \"%\" without two hex digits";
		if (c >= 0x80 && !utf8)
			return "not valid UTF-8";
		if (c < 0x80 && c != '%' && !unreserved(c) && (c == 0 || strchr(":/?#[]@!$&'()*+,;=", c) == NULL))
			return "a character that no URL has";
	}
	return NULL;
}

/* The part of *rest before the first byte that is one of `stops`; takes it away. */
static pb_bytes take_until(pb_bytes *rest, const char *stops)
{
	size_t n = 0;
	pb_bytes part;

	while (n < rest->size && strchr(stops, rest->data[n]) == NULL) /* no NUL is among them: check_bytes */
		n++;
	part = (pb_bytes){rest->data, n};
	rest->data += n;
	rest->size -= n;
	return part;
}

static void skip(pb_bytes *b, size_t n)
{
	b->data += n;
	b->size -= n;
}

static pb_bytes read_scheme(pb_bytes *rest)
{
	size_t n = 0;
	pb_bytes scheme;

	while (n < rest->size &&
	       (letter(rest->data[n]) ||
	        (n > 0 && (digit(rest->data[n]) || (rest->data[n] != 0 && strchr("+-.", rest->data[n]) != NULL)))))
		n++;
	if (n == 0 || n == rest->size || rest->data[n] != ':')
		return (pb_bytes){NULL, 0};
	scheme = (pb_bytes){rest->data, n};
	skip(rest, n + 1);
	return scheme;
}

static bool host_byte(uint8_t c)
{
	return c >= 0x80 || c == '%' || unreserved(c) || strchr("!$&'()*+,;=", c) != NULL;
}

static bool valid_ipv6(pb_bytes host)
{
	char text[64];
	uint8_t address[16];

	if (host.size < 2 || host.size - 2 >= sizeof text || host.data[host.size - 1] != ']')
		return false;
	memcpy(text, host.data + 1, host.size - 2);
	text[host.size - 2] = '\0';
	return inet_pton(AF_INET6, text, address) == 1;
}

static const char *read_authority(pb_bytes a, pb_uri *out)
{
	const uint8_t *sign = memrchr(a.data, '@', a.size);
	uint32_t port = 0;
	size_t n = 0;

	if (sign != NULL) {
		out->user = (pb_bytes){a.data, (size_t)(sign - a.data)};
		skip(&a, out->user.size + 1);
	}
	if (a.size > 0 && a.data[0] == '[') {
		const uint8_t *end = memchr(a.data, ']', a.size);

		n = end != NULL ? (size_t)(end - a.data) + 1 : a.size;
		if (!valid_ipv6((pb_bytes){a.data, n}))
			return "brackets without an IPv6 address";
	} else {
		while (n < a.size && host_byte(a.data[n]))
			n++;
	}
	out->host = (pb_bytes){a.data, n};
	if (n == a.size)
		return NULL;
	if (a.data[n] != ':')
		return "a host with a character that none has";
	out->port = (pb_bytes){a.data + n + 1, a.size - n - 1};
	for (size_t i = 0; i < out->port.size; i++) {
		if (!digit(out->port.data[i]) || (port = port * 10 + (out->port.data[i] - '0')) > 65535)
			return "a port that is no number up to 65535";
	}
	return NULL;
}

const char *pb_uri_parse(pb_bytes text, pb_uri *out, size_t *at)
{
	static const uint8_t empty[1] = {0};
	pb_bytes rest = text.size > 0 ? text : (pb_bytes){empty, 0};
	const char *why;

	memset(out, 0, sizeof *out);
	why = check_bytes(text, at);
	if (why != NULL)
		return why;
	*at = 0;
	out->scheme = read_scheme(&rest);
	if (rest.size >= 2 && rest.data[0] == '/' && rest.data[1] == '/') {
		pb_bytes authority;

		skip(&rest, 2);
		*at = text.size - rest.size;
		authority = take_until(&rest, "/?#");
		why = read_authority(authority, out);
		if (why != NULL)
			return why;
	}
	out->path = take_until(&rest, "?#");
	if (rest.size > 0 && rest.data[0] == '?') {
		skip(&rest, 1);
		out->query = take_until(&rest, "#");
	}
	if (rest.size > 0) {
		skip(&rest, 1);
		out->fragment = rest;
	}
	*at = 0;
	if (out->scheme.data == NULL && out->host.data == NULL) { /* "1a:b" is neither a scheme nor a segment */
		pb_bytes path = out->path;

		path = take_until(&path, "/");
		if (memchr(path.data, ':', path.size) != NULL)
			return "a scheme that is not valid";
	}
	return NULL;
}

static size_t put(char *out, pb_bytes b)
{
	if (b.size > 0)
		memcpy(out, b.data, b.size);
	return b.size;
}

static size_t put_part(char *out, char sign, pb_bytes b)
{
	if (b.data == NULL)
		return 0;
	out[0] = sign;
	return 1 + put(out + 1, b);
}

static bool dots_at(const char *p, size_t from, size_t size, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (from + i >= size || p[from + i] != '.')
			return false;
	return from + count == size || p[from + count] == '/';
}

/* RFC 3986, 5.2.4, in place. */
static size_t remove_dots(char *p, size_t size)
{
	size_t from = 0, n = 0;

	for (size_t count = 1; count != 0;) { /* "./" and "../" at its start, without a root */
		count = dots_at(p, from, size, 1) ? 1 : dots_at(p, from, size, 2) ? 2 : 0;
		from += count;
		from += count != 0 && from < size;
	}
	while (from < size && p[from] != '/') /* the first segment of a path without a root */
		p[n++] = p[from++];
	while (from < size) { /* p[from] is '/' */
		size_t end = from + 1, length;

		while (end < size && p[end] != '/')
			end++;
		length = end - from - 1;
		if ((length == 1 && p[from + 1] == '.') || (length == 2 && p[from + 1] == '.' && p[from + 2] == '.')) {
			if (length == 2) {
				while (n > 0 && p[n - 1] != '/')
					n--;
				n -= n > 0;
			}
			if (end == size)
				p[n++] = '/';
		} else {
			memmove(p + n, p + from, end - from);
			n += end - from;
		}
		from = end;
	}
	return n;
}

static size_t put_authority(char *out, const pb_uri *u)
{
	size_t n = 2;

	if (u->host.data == NULL)
		return 0;
	out[0] = out[1] = '/';
	if (u->user.data != NULL) {
		n += put(out + n, u->user);
		out[n++] = '@';
	}
	n += put(out + n, u->host);
	return n + put_part(out + n, ':', u->port);
}

/* The path of base up to its last '/', then that of ref. */
static size_t merge(const pb_uri *base, pb_bytes path, char *out)
{
	const uint8_t *slash = base->path.size > 0 ? memrchr(base->path.data, '/', base->path.size) : NULL;
	size_t n;

	if (base->path.size == 0 && base->host.data != NULL)
		n = put(out, (pb_bytes){(const uint8_t *)"/", 1});
	else
		n = put(out, (pb_bytes){base->path.data, slash != NULL ? (size_t)(slash - base->path.data) + 1 : 0});
	return n + put(out + n, path);
}

size_t pb_uri_join(const pb_uri *base, const pb_uri *ref, char *out)
{
	const pb_uri *scheme = ref->scheme.data != NULL ? ref : base;
	const pb_uri *authority = ref->scheme.data != NULL || ref->host.data != NULL ? ref : base;
	bool own = authority == ref, stays = !own && ref->path.size == 0;
	size_t n = put(out, scheme->scheme), at, length;

	out[n++] = ':';
	n += put_authority(out + n, authority);
	at = n;
	if (stays)
		n += put(out + n, base->path);
	else if (own || (ref->path.size > 0 && ref->path.data[0] == '/'))
		n += remove_dots(out + n, put(out + n, ref->path));
	else {
		length = merge(base, ref->path, out + n);
		n += remove_dots(out + n, length);
	}
	if (authority->host.data == NULL && n - at >= 2 && out[at] == '/' && out[at + 1] == '/') {
		memmove(out + at + 2, out + at, n - at); /* "//x" would be read as a host */
		out[at] = '/';
		out[at + 1] = '.';
		n += 2;
	}
	n += put_part(out + n, '?', stays && ref->query.data == NULL ? base->query : ref->query);
	return n + put_part(out + n, '#', ref->fragment);
}

/* Escapes of what needs none are undone, all others have capital letters; UTF-8 is escaped. */
static size_t put_normal(char *out, pb_bytes b, bool lower)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t n = 0;

	for (size_t i = 0; i < b.size; i++) {
		uint8_t c = b.data[i];
		bool escaped = c == '%';

		if (escaped) {
			c = (uint8_t)((unsigned)nibble(b.data[i + 1]) << 4 | (unsigned)nibble(b.data[i + 2]));
			i += 2;
		}
		if ((escaped && !unreserved(c)) || c >= 0x80) {
			out[n++] = '%';
			out[n++] = digits[c >> 4];
			out[n++] = digits[c & 15];
		} else {
			out[n++] = (char)(lower && c >= 'A' && c <= 'Z' ? c | 32 : c);
		}
	}
	return n;
}

static bool named(pb_bytes b, const char *name)
{
	return b.size == strlen(name) && strncasecmp((const char *)b.data, name, b.size) == 0;
}

/* The port that a scheme has anyway, and whether an empty path is "/" there; NULL: not known. */
static const char *default_port(pb_bytes scheme)
{
	static const char *const ports[][2] = {{"http", "80"}, {"https", "443"}, {"ws", "80"}, {"wss", "443"}, {"ftp", "21"}};

	for (size_t i = 0; scheme.data != NULL && i < sizeof ports / sizeof ports[0]; i++)
		if (named(scheme, ports[i][0]))
			return ports[i][1];
	return NULL;
}

static size_t put_normal_host(char *out, pb_bytes host)
{
	char text[64];
	uint8_t address[16];
	size_t n;

	if (host.size == 0 || host.data[0] != '[') {
		n = put_normal(out, host, true);
		return n > 1 && out[n - 1] == '.' && out[n - 2] != '.' ? n - 1 : n;
	}
	memcpy(text, host.data + 1, host.size - 2); /* pb_uri_parse held it against inet_pton */
	text[host.size - 2] = '\0';
	if (inet_pton(AF_INET6, text, address) != 1 || inet_ntop(AF_INET6, address, text, sizeof text) == NULL)
		return put(out, host);
	n = strlen(text);
	out[0] = '[';
	memcpy(out + 1, text, n);
	out[n + 1] = ']';
	return n + 2;
}

size_t pb_uri_normal(const pb_uri *u, char *out)
{
	const char *port = default_port(u->scheme);
	size_t n = 0, length;

	if (u->scheme.data != NULL) {
		n += put_normal(out, u->scheme, true);
		out[n++] = ':';
	}
	if (u->host.data != NULL) {
		out[n++] = '/';
		out[n++] = '/';
		if (u->user.data != NULL) {
			n += put_normal(out + n, u->user, false);
			out[n++] = '@';
		}
		n += put_normal_host(out + n, u->host);
		if (u->port.size > 0 && (port == NULL || !named(u->port, port)))
			n += put_part(out + n, ':', u->port);
	}
	length = put_normal(out + n, u->path, false);
	if (u->scheme.data != NULL && (u->host.data != NULL || (length > 0 && out[n] == '/'))) {
		size_t at = n;

		n += remove_dots(out + n, length);
		if (u->host.data == NULL && n - at >= 2 && out[at + 1] == '/') {
			memmove(out + at + 2, out + at, n - at);
			out[at] = '/';
			out[at + 1] = '.';
			n += 2;
		}
	} else {
		n += length;
	}
	if (length == 0 && port != NULL && u->host.data != NULL)
		out[n++] = '/';
	if (u->query.data != NULL) {
		out[n++] = '?';
		n += put_normal(out + n, u->query, false);
	}
	if (u->fragment.data != NULL) {
		out[n++] = '#';
		n += put_normal(out + n, u->fragment, false);
	}
	return n;
}
