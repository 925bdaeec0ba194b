/* The door to libcurl. Everything is set anew for each request: no connection, cookie or name outlives it, so that the address that is judged in
 * on_socket is the one that the bytes come from. Names are looked up here and handed over: libcurl would start a thread for it. */
#include "collector/curl.h"

#include <curl/curl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/text.h"
#include "base/version.h"

enum { HEADERS_MOST = 64 << 10, HEADER_LINES = 200, VALUE_MOST = 2000, ADDRESSES = 8, SLOW_BYTES = 100, SLOW_SECONDS = 10, CA_MOST = 4 << 20 };

struct pb_curl {
	const json_t *settings;
	pb_buf authorities; /* empty: the system's */
};

typedef struct asking {
	const pb_gate *gate;
	const pb_url *url;
	pb_fetch_answer *out;
	pb_sha256 *digest;
	size_t max, header_bytes, header_lines;
	int fd;
	bool discard, proxied, large, headers_bomb, disk;
	const char *refused; /* why no address was connected to */
	char version[80];    /* "TLSv1.3 / CIPHER" */
} asking;

int pb_curl_open(const json_t *settings, pb_curl **out, pb_error *err)
{
	const char *file = pb_json_str(settings, "ca_file", "");
	pb_curl *c = calloc(1, sizeof *c);
	struct addrinfo *loaded = NULL;
	int rc = c ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");

	*out = NULL;
	(void)setenv("RES_OPTIONS", "timeout:3 attempts:2", 1);
	if (!rc && *file)
		rc = pb_fs_read(file, CA_MOST, &c->authorities, err);
	if (!rc && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		rc = pb_fail(err, PB_EIO, "libcurl does not start");
	if (rc) {
		pb_curl_close(c);
		return rc;
	}
	/* What the resolver's configuration names is loaded now: later no program code can be. */
	if (getaddrinfo("localhost", NULL, NULL, &loaded) == 0)
		freeaddrinfo(loaded);
	c->settings = settings;
	*out = c;
	return PB_OK;
}

void pb_curl_close(pb_curl *c)
{
	if (c)
		pb_buf_free(&c->authorities);
	free(c);
}

static curl_socket_t on_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
	asking *a = user;

	(void)purpose;
	if (!a->proxied && (a->refused = pb_gate_refuses(a->gate, a->url, &address->addr)))
		return CURL_SOCKET_BAD;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t on_body(char *data, size_t size, size_t n, void *user)
{
	asking *a = user;

	n *= size;
	if (n > a->max - a->out->size) {
		a->large = true;
		return 0;
	}
	pb_sha256_add(a->digest, data, n);
	if (a->discard) {
		a->out->size += n;
		return n;
	}
	if (a->fd >= 0) {
		for (size_t done = 0; done < n;) {
			ssize_t k = write(a->fd, data + done, n - done);

			if (k <= 0) {
				a->disk = true;
				return 0;
			}
			done += (size_t)k;
		}
	} else if (pb_buf_add(&a->out->body, data, n)) {
		a->large = true;
		return 0;
	}
	a->out->size += n;
	return n;
}

static size_t on_header(char *line, size_t size, size_t n, void *user)
{
	asking *a = user;
	const char *colon;
	char name[100];
	size_t k;

	n *= size;
	a->header_bytes += n;
	if (a->header_bytes > HEADERS_MOST || ++a->header_lines > HEADER_LINES) {
		a->headers_bomb = true;
		return 0;
	}
	if (n >= 5 && memcmp(line, "HTTP/", 5) == 0)
		json_object_clear(a->out->headers);
	colon = memchr(line, ':', n);
	k = colon ? (size_t)(colon - line) : 0;
	if (k == 0 || k >= sizeof name)
		return n;
	for (size_t i = 0; i < k; i++) {
		name[i] = (char)(line[i] >= 'A' && line[i] <= 'Z' ? line[i] | 32 : line[i]);
		if (!((name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9') || name[i] == '-' || name[i] == '_'))
			return n;
	}
	name[k] = '\0';
	const char *from = colon + 1, *to = line + n;
	while (from < to && (*from == ' ' || *from == '\t'))
		from++;
	while (to > from && (to[-1] == '\r' || to[-1] == '\n' || to[-1] == ' ' || to[-1] == '\t'))
		to--;
	return json_object_set_new(a->out->headers, name, pb_json_display(from, (size_t)(to - from), VALUE_MOST)) ? 0 : n;
}

/* Which TLS it is libcurl tells in words only. */
static int on_words(CURL *h, curl_infotype type, char *data, size_t n, void *user)
{
	static const char begin[] = "SSL connection using ";
	asking *a = user;

	(void)h;
	if (type == CURLINFO_TEXT && n > sizeof begin - 1 && memcmp(data, begin, sizeof begin - 1) == 0) {
		n -= sizeof begin - 1;
		n = strnlen(data + sizeof begin - 1, n);
		(void)snprintf(a->version, sizeof a->version, "%.*s", (int)(n < 79 ? n : 79), data + sizeof begin - 1);
		a->version[strcspn(a->version, "\r\n")] = '\0';
	}
	return 0;
}

/* "Nov 22 16:51:57 2026 GMT" -> "2026-11-22" */
static void day_of(const char *text, char out[11])
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char month[4] = "";
	int day = 0, year = 0;
	const char *at;

	out[0] = '\0';
	if (sscanf(text, "%3s %d %*8s %d", month, &day, &year) != 3 || strlen(month) != 3 || !(at = strstr(months, month)) ||
	    (at - months) % 3 != 0 || day < 1 || day > 31 || year < 1970 || year > 9999)
		return;
	(void)snprintf(out, 11, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)(at - months) / 3 % 12 + 1, (unsigned)day % 100);
}

static int note_tls(CURL *h, asking *a)
{
	static const struct {
		const char *curl, *name;
	} wanted[] = {{"Subject:", "subject"}, {"Issuer:", "issuer"}, {"Public Key Algorithm:", "key"}};
	struct curl_certinfo *info = NULL;
	char *slash = strstr(a->version, " / "), day[11];
	json_t *tls = json_object();

	if (slash)
		*slash = '\0';
	json_object_set_new(tls, "version", pb_json_display(a->version, strlen(a->version), 40));
	json_object_set_new(tls, "cipher", pb_json_display(slash ? slash + 3 : "", slash ? strlen(slash + 3) : 0, 80));
	if (curl_easy_getinfo(h, CURLINFO_CERTINFO, &info) == CURLE_OK && info && info->num_of_certs > 0)
		for (const struct curl_slist *s = info->certinfo[0]; s; s = s->next) {
			for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
				if (strncmp(s->data, wanted[i].curl, strlen(wanted[i].curl)) == 0) {
					const char *v = s->data + strlen(wanted[i].curl);
					json_object_set_new(tls, wanted[i].name, pb_json_display(v, strlen(v), 500));
				}
			bool until = strncmp(s->data, "Expire date:", 12) == 0;
			if (until || strncmp(s->data, "Start date:", 11) == 0) {
				day_of(s->data + (until ? 12 : 11), day);
				json_object_set_new(tls, until ? "until" : "from", json_string(day));
			}
		}
	a->out->tls = tls;
	return tls ? PB_OK : PB_ENOMEM;
}

/* "host:port:address,address" of what a host is called at the moment; false: nobody knows it. */
static bool look_up(const char *host, unsigned port, struct curl_slist **list)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
	char entry[PB_URL_HOST_MOST + 20 + ADDRESSES * 60], address[80];
	size_t n = 0, at;

	if (getaddrinfo(host, NULL, &hints, &found) != 0)
		return false;
	at = (size_t)snprintf(entry, sizeof entry, "%s:%u:", host, port);
	for (const struct addrinfo *i = found; i && n < ADDRESSES; i = i->ai_next) {
		bool six = i->ai_family == AF_INET6;

		if (getnameinfo(i->ai_addr, i->ai_addrlen, address, sizeof address, NULL, 0, NI_NUMERICHOST) != 0 || strchr(address, '%'))
			continue;
		at += (size_t)snprintf(entry + at, sizeof entry - at, "%s%s%s%s", n ? "," : "", six ? "[" : "", address, six ? "]" : "");
		n++;
	}
	freeaddrinfo(found);
	struct curl_slist *more = n > 0 ? curl_slist_append(*list, entry) : NULL;
	if (more)
		*list = more;
	return more != NULL;
}

/* What the administrator says where a host is counts first. */
static bool resolve(const pb_curl *c, const pb_url *u, struct curl_slist **list)
{
	char want[PB_URL_HOST_MOST + 10];
	const json_t *e;
	size_t i, n = (size_t)snprintf(want, sizeof want, "%s:%u:", u->host, u->port);

	json_array_foreach (json_object_get(c->settings, "resolve"), i, e)
		if (json_is_string(e) && strncasecmp(json_string_value(e), want, n) == 0) {
			struct curl_slist *more = curl_slist_append(*list, json_string_value(e));
			if (more)
				*list = more;
			return more != NULL;
		}
	return u->literal || look_up(u->host, u->port, list);
}

static struct curl_slist *headers_of(const pb_fetch_request *r)
{
	struct curl_slist *list = curl_slist_append(NULL, "Expect:"), *more;
	const char *name;
	json_t *value;
	char line[2048];

	json_object_foreach ((json_t *)r->headers, name, value) {
		const char *v = json_string_value(value);

		if (!v || strpbrk(v, "\r\n") || strpbrk(name, "\r\n: "))
			continue;
		int n = snprintf(line, sizeof line, "%s: %s", name, v);
		if (n < 0 || (size_t)n >= sizeof line)
			continue;
		more = curl_slist_append(list, line);
		if (more)
			list = more;
	}
	return list;
}

static void set_up(CURL *h, const pb_curl *c, asking *a, const pb_fetch_request *r, const char *url)
{
	const char *proxy = pb_json_str(c->settings, "proxy", "");
	long connect = (long)pb_json_int(c->settings, "connect_ms", 10000), total = (long)pb_json_int(c->settings, "total_ms", 60000);
	struct curl_blob ca = {.data = c->authorities.data, .len = c->authorities.size, .flags = CURL_BLOB_NOCOPY};

	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, a->url->tls ? "https" : "http");
	curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(h, CURLOPT_USERAGENT, "probity-collect/" PB_VERSION);
	curl_easy_setopt(h, CURLOPT_PROXY, proxy);
	curl_easy_setopt(h, CURLOPT_NOPROXY, "");
	curl_easy_setopt(h, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, connect);
	/* A file that is downloaded takes as long as it takes, while bytes come. */
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, r->fd >= 0 || r->discard ? 3600000L : total);
	curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
	curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME, total / 1000 < 1 ? 1L : total / 1000 < SLOW_SECONDS ? total / 1000 : (long)SLOW_SECONDS);
	curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (ca.len) {
		curl_easy_setopt(h, CURLOPT_CAINFO_BLOB, &ca);
		curl_easy_setopt(h, CURLOPT_PROXY_CAINFO_BLOB, &ca);
	}
	curl_easy_setopt(h, CURLOPT_CERTINFO, 1L);
	curl_easy_setopt(h, CURLOPT_ACCEPT_ENCODING, r->fd >= 0 || r->discard ? "identity" : "gzip, identity");
	curl_easy_setopt(h, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)a->max);
	curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, a);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, a);
	curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(h, CURLOPT_HEADERDATA, a);
	curl_easy_setopt(h, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(h, CURLOPT_DEBUGFUNCTION, on_words);
	curl_easy_setopt(h, CURLOPT_DEBUGDATA, a);
	if (r->body) {
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_size);
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, r->body);
	}
}

static int failed(const asking *a, CURLcode code, const char *url, const char *words, bool *passing, pb_error *err)
{
	if (a->large || code == CURLE_FILESIZE_EXCEEDED)
		return pb_fail(err, PB_ELIMIT, "%s: the answer is larger than %zu bytes", url, a->max);
	if (a->headers_bomb)
		return pb_fail(err, PB_ELIMIT, "%s: more than %d lines or %d bytes of headers", url, HEADER_LINES, HEADERS_MOST);
	if (a->disk)
		return pb_fail(err, PB_EIO, "%s: the answer cannot be written: no space?", url);
	if (a->refused)
		return pb_fail(err, PB_EINPUT, "%s: the address of %s is %s (allow_private = yes lets private ones be asked)", url, a->url->host,
		               a->refused);
	*passing = code == CURLE_OPERATION_TIMEDOUT || code == CURLE_COULDNT_CONNECT || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR ||
	           code == CURLE_GOT_NOTHING || code == CURLE_PARTIAL_FILE || code == CURLE_SSL_CONNECT_ERROR;
	return pb_fail(err, PB_EIO, "%s: %s", url, *words ? words : curl_easy_strerror(code));
}

int pb_curl_ask(const pb_curl *c, const pb_gate *gate, const pb_url *u, const pb_fetch_request *r, pb_fetch_answer *out, bool *passing,
                pb_error *err)
{
	const char *proxy = pb_json_str(c->settings, "proxy", "");
	asking a = {.gate = gate, .url = u, .out = out, .fd = r->fd, .discard = r->discard, .proxied = *proxy != '\0',
	            .max = r->max ? r->max : (size_t)pb_json_int(c->settings, "max_bytes", 1 << 20)};
	struct curl_slist *headers = headers_of(r), *names = NULL;
	char url[PB_URL_TEXT], words[CURL_ERROR_SIZE] = "";
	CURL *h = curl_easy_init();
	CURLcode code = CURLE_OK;
	pb_url to = *u;
	int rc = PB_OK;

	pb_fetch_answer_free(out);
	out->body.max = a.max;
	out->headers = json_object();
	a.digest = pb_sha256_new();
	pb_url_text(u, url);
	if (!h || !headers || !out->headers || !a.digest) {
		rc = pb_fail(err, PB_ENOMEM, "%s: out of memory", url);
		goto out;
	}
	if (a.proxied && pb_url_parse(proxy, &to, err)) {
		rc = PB_EINPUT;
		goto out;
	}
	if (!resolve(c, &to, &names)) {
		*passing = true;
		rc = pb_fail(err, PB_EIO, "%s: the host %s is not found", url, to.host);
		goto out;
	}
	set_up(h, c, &a, r, url);
	if (a.proxied)
		curl_easy_setopt(h, CURLOPT_PROXYPORT, (long)to.port);
	curl_easy_setopt(h, CURLOPT_RESOLVE, names);
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(h, CURLOPT_ERRORBUFFER, words);
	code = curl_easy_perform(h);
	if (code == CURLE_OK)
		curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &out->status);
	else
		rc = failed(&a, code, url, words, passing, err);
	if (!rc && u->tls)
		rc = note_tls(h, &a);
	if (!rc) {
		pb_sha256_hex(a.digest, out->sha256);
		a.digest = NULL;
	}
out:
	pb_sha256_drop(a.digest);
	curl_easy_cleanup(h);
	curl_slist_free_all(headers);
	curl_slist_free_all(names);
	return rc;
}
