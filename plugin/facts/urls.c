/* Which hosts and URLs do the bytes name? The one pass finds every "://"; what stands around it is read here. */
#include <stdlib.h>
#include <string.h>

#include "facts/provider.h"
#include "facts/sources.h"
#include "facts/url.h"

const char pb_urls_yara[] =
    "rule urls { strings: $plain = \"://\" ascii wide $escaped = \":\\\\/\\\\/\" condition: any of them }";

enum { CANDIDATES_MAX = 100000, URLS_MAX = 2000, HOSTS_MAX = 1000 };

typedef struct marks {
	uint64_t *at;
	size_t n, cap;
} marks;

static int add_mark(marks *m, uint64_t at)
{
	if (m->n == m->cap) {
		size_t cap = m->cap ? m->cap * 2 : 64;
		uint64_t *more = realloc(m->at, cap * sizeof *more);
		if (!more)
			return PB_ENOMEM;
		m->at = more;
		m->cap = cap;
	}
	m->at[m->n++] = at;
	return 0;
}

static int by_offset(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
	return a < b ? -1 : a > b;
}

/* The pass keeps only so many hits of one string, and none where it broke off: then the bytes are searched once more. */
static int search_marks(pb_look *look, marks *m)
{
	pb_bytes b = look->object->bytes;
	const uint8_t *end = b.data + b.size;

	for (const uint8_t *p = b.data; p < end && (p = memchr(p, ':', (size_t)(end - p))); p++) {
		pb_bytes rest = pb_slice(b, (size_t)(p - b.data), 6);
		bool hit = (rest.size >= 3 && memcmp(rest.data, "://", 3) == 0) ||
		           (rest.size >= 5 && memcmp(rest.data, ":\\/\\/", 5) == 0) ||
		           (rest.size >= 6 && memcmp(rest.data, ":\0/\0/\0", 6) == 0);
		if (!hit)
			continue;
		if (m->n == CANDIDATES_MAX) {
			pb_look_cut(look, "urls");
			return 0;
		}
		if (add_mark(m, (uint64_t)(p - b.data)))
			return PB_ENOMEM;
	}
	return 0;
}

static int find_marks(pb_look *look, marks *m)
{
	const pb_hit *plain, *escaped;
	size_t n_plain = pb_look_hits(look, PB_OWN_URLS, "$plain", &plain);
	size_t n_escaped = pb_look_hits(look, PB_OWN_URLS, "$escaped", &escaped);
	int rc = 0;

	if (look->scan->why || n_plain >= PB_HITS_PER_STRING || n_escaped >= PB_HITS_PER_STRING)
		return search_marks(look, m);
	for (size_t i = 0; i < n_plain && !rc; i++)
		rc = add_mark(m, plain[i].at);
	for (size_t i = 0; i < n_escaped && !rc; i++)
		rc = add_mark(m, escaped[i].at);
	if (m->n)
		qsort(m->at, m->n, sizeof *m->at, by_offset);
	return rc;
}

static bool is_clear(const char *scheme)
{
	return strcmp(scheme, "http") == 0 || strcmp(scheme, "ws") == 0 || strcmp(scheme, "ftp") == 0;
}

/* What a use of a host weighs: in the code before in a comment, in the clear before encrypted. */
static int weight(const char *scheme, bool comment)
{
	return (comment ? 0 : 2) + (is_clear(scheme) ? 1 : 0);
}

/* One host, told by its weightiest use; of equal ones by the first. */
static int add_host(json_t *hosts, const pb_url *url, const char *host, uint64_t at, bool comment)
{
	json_t *known = json_object_get(hosts, host);

	if (known && weight(url->scheme, comment) <=
	                 weight(pb_json_str(known, "scheme", ""), json_is_true(json_object_get(known, "comment"))))
		return 0;
	if (!known && json_object_size(hosts) == HOSTS_MAX)
		return PB_ELIMIT;
	json_t *entry =
	    json_pack("{s:s, s:s, s:I, s:b}", "host", host, "scheme", url->scheme, "at", (json_int_t)at, "comment", comment);
	if (entry && url->domain && json_object_set_new(entry, "domain", json_string(url->domain)))
		return json_decref(entry), PB_ENOMEM;
	return json_object_set_new(hosts, host, entry) ? PB_ENOMEM : 0;
}

static json_t *url_json(const pb_url *url, const char *text, uint64_t at, bool comment, bool namespace)
{
	json_t *entry = json_pack("{s:s, s:s, s:s, s:I, s:b, s:b}", "url", text, "scheme", url->scheme, "host", url->host, "at",
	                          (json_int_t)at, "comment", comment, "namespace", namespace);
	if (entry && url->domain && json_object_set_new(entry, "domain", json_string(url->domain))) {
		json_decref(entry);
		return NULL;
	}
	return entry;
}

typedef struct found {
	json_t *urls;  /* {"url": its entry} */
	json_t *hosts; /* {"host": its entry} */
} found;

static int take(pb_look *look, found *f, uint64_t mark)
{
	pb_url url;
	if (!pb_url_read(look->object->bytes, mark, look->object->kind->class == PB_CLASS_BINARY, &url))
		return 0;
	bool comment = pb_look_comment(look, url.at), namespace = pb_lists_is_namespace(look->lists, url.text);
	if (!namespace && url.fragment) {
		/* http://www.w3.org/2001/XMLSchema#string names something in the namespace before the '#'. */
		url.text[url.fragment] = '\0';
		namespace = pb_lists_is_namespace(look->lists, url.text);
		url.text[url.fragment] = '#';
	}
	if (!namespace) {
		int rc = add_host(f->hosts, &url, url.host, url.at, comment);
		if (rc == PB_ENOMEM)
			return rc;
		if (rc)
			pb_look_cut(look, "hosts");
	}
	json_t *known = json_object_get(f->urls, url.text);
	if (known) {
		/* One use outside of a comment is enough, and that one is shown. */
		bool better = !comment && json_is_true(json_object_get(known, "comment"));
		return better && (json_object_set_new(known, "comment", json_false()) ||
		                  json_object_set_new(known, "at", json_integer((json_int_t)url.at)))
		           ? PB_ENOMEM
		           : 0;
	}
	if (json_object_size(f->urls) == URLS_MAX) {
		pb_look_cut(look, "urls");
		return 0;
	}
	json_t *entry = url_json(&url, url.text, url.at, comment, namespace);
	return json_object_set_new(f->urls, url.text, entry) ? PB_ENOMEM : 0;
}

static int by_at(const void *left, const void *right)
{
	const json_t *a = *(json_t *const *)left, *b = *(json_t *const *)right;
	int64_t x = pb_json_int(a, "at", 0), y = pb_json_int(b, "at", 0);
	if (x != y)
		return x < y ? -1 : 1;
	return strcmp(pb_json_str(a, "host", ""), pb_json_str(b, "host", ""));
}

/* The entries as a list, by offset. */
static int set_list(pb_look *look, const char *fact, json_t *entries)
{
	const char *key;
	json_t *entry, *list = json_array();
	size_t n = json_object_size(entries), i = 0;
	json_t **sorted = calloc(n + 1, sizeof(json_t *));
	int rc = sorted && list ? 0 : PB_ENOMEM;

	if (!rc) {
		json_object_foreach (entries, key, entry)
			sorted[i++] = entry;
		qsort(sorted, n, sizeof(json_t *), by_at);
	}
	for (i = 0; i < n && !rc; i++)
		rc = json_array_append(list, sorted[i]) ? PB_ENOMEM : 0;
	free(sorted);
	if (rc || n == 0) {
		json_decref(list);
		return rc;
	}
	return pb_look_set(look, fact, list);
}

int pb_fact_urls(pb_look *look)
{
	marks m = {0};
	found f = {json_object(), json_object()};
	int rc = f.urls && f.hosts ? find_marks(look, &m) : PB_ENOMEM;

	for (size_t i = 0; i < m.n && !rc; i++)
		rc = take(look, &f, m.at[i]);
	if (!rc)
		rc = set_list(look, "urls", f.urls);
	if (!rc)
		rc = set_list(look, "hosts", f.hosts);
	free(m.at);
	json_decref(f.urls);
	json_decref(f.hosts);
	return rc;
}
