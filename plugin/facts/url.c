#include "facts/url.h"

#include <string.h>

static const char *const schemes[] = {"http", "https", "ws", "wss", "ftp"};
enum { SCHEMES = sizeof schemes / sizeof schemes[0], SCHEME_MAX = 5, AUTHORITY_MAX = 512 };

/* Reads characters in their encoding: one byte each, or UTF-16LE, with JSON's "\/" as "/". */
typedef struct reader {
	pb_bytes b;
	size_t at;
	size_t width;
} reader;

/* The next character, or 0 at the end of the bytes and for what is no printable ASCII. */
static char peek(const reader *r, size_t *bytes)
{
	pb_bytes c = pb_slice(r->b, r->at, 2 * r->width);

	*bytes = r->width;
	if (!c.data || c.size < r->width || c.data[0] <= 0x20 || c.data[0] > 0x7e || (r->width == 2 && c.data[1] != 0))
		return 0;
	if (c.data[0] == '\\' && r->width == 1 && c.size == 2 && c.data[1] == '/') {
		*bytes = 2;
		return '/';
	}
	return (char)c.data[0];
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

/* The character that ends before offset `at`, 0 at the start. */
static char before(pb_bytes b, size_t at, size_t width)
{
	if (at < width || (width == 2 && b.data[at - 1] != 0))
		return 0;
	return (char)b.data[at - width];
}

/* The scheme that ends at mark, and where it begins. */
static const char *read_scheme(pb_bytes b, size_t mark, size_t width, uint64_t *at)
{
	char word[SCHEME_MAX + 1];
	size_t n = 0;

	while (n < SCHEME_MAX && is_letter(before(b, mark - n * width, width))) {
		n++;
		word[SCHEME_MAX - n] = lower(before(b, mark - (n - 1) * width, width));
	}
	word[SCHEME_MAX] = '\0';
	/* The longest that fits: "https" before "http" cannot clash, but "wss" and "ws" could. */
	for (size_t len = n; len >= 2; len--) {
		const char *end = word + SCHEME_MAX - len;
		for (size_t i = 0; i < SCHEMES; i++) {
			if (strcmp(end, schemes[i]) != 0)
				continue;
			size_t from = mark - len * width;
			char prior = before(b, from, width);
			bool escape = is_letter(prior) && before(b, from - width, width) == '\\'; /* "\nhttp://" in a source */
			/* "http" is found in the middle of run-together texts; "ws" and "ftp" end other schemes: news, sftp. */
			if (schemes[i][0] != 'h' && is_letter(prior) && !escape)
				return NULL;
			*at = from;
			return schemes[i];
		}
	}
	return NULL;
}

/* What may follow a whole host. Anything else (a format, a variable, a glob) means that the rest of the name is not known. */
static bool ends_host(char c)
{
	return c == 0 || strchr("/?#\"'<>`),;!|\\&]}", c) != NULL;
}

/* [user@]host[:port] up to what ends it. Returns the length of the host in host, 0 = none. *shown: the authority without user.
 */
static bool read_authority(reader *r, char host[PB_HOST_MAX], char port[8])
{
	char text[AUTHORITY_MAX];
	size_t n = 0, step;
	char c;

	while ((c = peek(r, &step)) != 0 && !ends_host(c) && n + 1 < sizeof text) {
		text[n++] = lower(c);
		r->at += step;
		if (c == '[') /* an address in brackets may hold ':' */
			while ((c = peek(r, &step)) != 0 && n + 1 < sizeof text &&
			       ((c >= '0' && c <= ':') || (lower(c) >= 'a' && lower(c) <= 'f') || c == '.')) {
				text[n++] = lower(c);
				r->at += step;
			}
		if (c == ']' && n + 1 < sizeof text) {
			text[n++] = c;
			r->at += step;
		}
	}
	text[n] = '\0';
	if (!ends_host(peek(r, &step)))
		return false;
	char *name = strrchr(text, '@');
	name = name ? name + 1 : text;
	char *colon = name[0] == '[' ? strstr(name, "]:") : strchr(name, ':');
	if (colon && name[0] == '[')
		colon++;
	port[0] = '\0';
	if (colon) {
		size_t digits = strspn(colon + 1, "0123456789");
		bool variable = colon[1] && strchr("$%{", colon[1]); /* the host is whole all the same */
		if (!variable && (digits > 5 || colon[1 + digits]))
			return false;
		if (digits > 0) {
			memcpy(port, colon, digits + 1);
			port[digits + 1] = '\0';
		}
		*colon = '\0';
	}
	n = strlen(name);
	/* A sentence's full stop, or the root of the name space: the same host. */
	while (n > 0 && name[n - 1] == '.')
		name[--n] = '\0';
	if (name[0] == '[' && n > 2 && name[n - 1] == ']') {
		name++;
		n -= 2;
	}
	if (n == 0 || n >= PB_HOST_MAX)
		return false;
	memcpy(host, name, n);
	host[n] = '\0';
	return true;
}

static bool is_scheme_ahead(const reader *r)
{
	pb_bytes c = pb_slice(r->b, r->at, 8);
	return c.size == 8 && (memcmp(c.data, "https://", 8) == 0 || memcmp(c.data, "http://", 7) == 0);
}

/* Path, query and fragment. */
static size_t read_rest(reader *r, bool packed, char *text, size_t n)
{
	size_t open = 0, step;
	char c;

	while ((c = peek(r, &step)) != 0 && n < PB_URL_MAX && !strchr("\"'<>\\^`{|}", c)) {
		if ((c == ')' && open-- == 0) || (packed && c == 'h' && is_scheme_ahead(r)))
			break;
		open += c == '(';
		text[n++] = c;
		r->at += step;
	}
	while (n > 0 && strchr(".,;:!?*$&=]", text[n - 1]))
		n--;
	text[n] = '\0';
	return n;
}

bool pb_url_read(pb_bytes b, uint64_t mark, bool packed, pb_url *out)
{
	pb_bytes head = pb_slice(b, mark, 6);
	bool wide = head.size == 6 && memcmp(head.data, ":\0/\0/\0", 6) == 0;
	bool escaped = !wide && head.size > 1 && head.data[1] == '\\';
	reader r = {b, (size_t)mark + (wide ? 6 : escaped ? 5 : 3), wide ? 2 : 1};
	char port[8];

	memset(out, 0, sizeof *out);
	out->scheme = read_scheme(b, (size_t)mark, r.width, &out->at);
	if (!out->scheme || !read_authority(&r, out->host, port) || !pb_host_valid(out->host, &out->domain))
		return false;
	bool brackets = strchr(out->host, ':') != NULL;
	size_t n = strlen(out->scheme);
	memcpy(out->text, out->scheme, n);
	memcpy(out->text + n, "://", 3);
	n += 3;
	if (brackets)
		out->text[n++] = '[';
	memcpy(out->text + n, out->host, strlen(out->host));
	n += strlen(out->host);
	if (brackets)
		out->text[n++] = ']';
	memcpy(out->text + n, port, strlen(port));
	n += strlen(port);
	size_t step;
	char c = peek(&r, &step);
	size_t whole = c == '/' || c == '?' || c == '#' ? read_rest(&r, packed, out->text, n) : n;
	if (whole < n)
		whole = n; /* only the trailing signs of nothing were cut */
	out->text[whole] = '\0';
	const char *hash = strchr(out->text, '#');
	out->fragment = hash ? (size_t)(hash - out->text) : 0;
	return true;
}
