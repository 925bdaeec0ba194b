#include "worker/declared.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

typedef struct held {
	const json_t *inventory, *endpoints;
	json_t *rows; /* {"capability\nnet-connect": row} */
	bool failed;
} held;

static bool lists(const json_t *list, const char *text)
{
	const json_t *t;
	size_t i;

	json_array_foreach (list, i, t)
		if (json_string_value(t) && strcmp(json_string_value(t), text) == 0)
			return true;
	return false;
}

/* The row of this; a new one is neither. */
static json_t *row_of(held *h, const char *what, const char *value)
{
	pb_buf key = {0};
	json_t *row = NULL;

	if (pb_buf_printf(&key, "%s\n%s", what, value) != 0)
		h->failed = true;
	else
		row = json_object_get(h->rows, (const char *)key.data);
	if (!h->failed && !row) {
		row = json_pack("{s:s,s:s,s:b,s:b,s:s}", "what", what, "value", value, "declared", 0, "observed", 0, "by", "");
		h->failed |= json_object_set_new(h->rows, (const char *)key.data, row) != 0;
	}
	pb_buf_free(&key);
	return h->failed ? NULL : row;
}

static void observe(held *h, const char *what, const char *value)
{
	json_t *row = *value ? row_of(h, what, value) : NULL;

	if (row)
		h->failed |= json_object_set_new(row, "observed", json_true()) != 0;
}

/* Of several that declare the same, the first by byte is named. */
static void declare(held *h, const char *what, const char *value, const char *by)
{
	json_t *row = *value ? row_of(h, what, value) : NULL;
	const char *before = pb_json_str(row, "by", "");

	if (!row || (*before && strcmp(before, by) <= 0))
		return;
	h->failed |= json_object_set_new(row, "declared", json_true()) || json_object_set_new(row, "by", json_string(by));
}

/* Is there a document of these kinds that says anything of this product on this day? */
static bool counts(const json_t *record)
{
	const json_t *worth = json_object_get(record, "supplied"), *doc = json_object_get(json_object_get(json_object_get(record, "result"), "facts"), "evidence");
	const char *about = pb_json_str(worth, "about", "other");

	if (strcmp(pb_json_str(doc, "state", ""), "read") != 0 || pb_json_int(worth, "freshness", 0) == 0 || strcmp(about, "other") == 0)
		return false;
	return strcmp(about, "none") != 0 || json_array_size(json_object_get(doc, "subjects")) == 0;
}

static const json_t *content_of(const json_t *record, const char **kind, const char **name)
{
	const json_t *doc = json_object_get(json_object_get(json_object_get(record, "result"), "facts"), "evidence");

	*kind = pb_json_str(doc, "kind", "");
	*name = pb_json_str(doc, "name", "");
	return json_object_get(doc, "content");
}

/* "no network" and the like say that there is none; "network" is to connect and to listen. */
static void declare_capabilities(held *h, const json_t *list, const char *by)
{
	const json_t *text;
	size_t i;

	json_array_foreach (list, i, text) {
		char word[64];
		size_t n = 0;

		for (const char *s = json_string_value(text); s && *s && n + 1 < sizeof word; s++)
			word[n++] = *s == ' ' || *s == '_' ? '-' : *s >= 'A' && *s <= 'Z' ? (char)(*s - 'A' + 'a') : *s;
		word[n] = '\0';
		if (strcmp(word, "network") == 0) {
			declare(h, "capability", "net-connect", by);
			declare(h, "capability", "net-listen", by);
		} else if (strcmp(word, "none") != 0 && n + 1 < sizeof word) {
			declare(h, "capability", word, by);
		}
	}
}

static void declare_ports(held *h, const json_t *list, const char *by)
{
	bool listens = lists(json_object_get(h->inventory, "capabilities"), "net-listen");
	const json_t *port;
	size_t i;

	json_array_foreach (list, i, port) {
		pb_buf text = {0};

		if (pb_buf_printf(&text, "%lld/%s", (long long)pb_json_int(port, "port", 0), pb_json_str(port, "proto", "")) != 0) {
			h->failed = true;
			return;
		}
		declare(h, "port", (const char *)text.data, by);
		if (listens)
			observe(h, "port", (const char *)text.data);
		pb_buf_free(&text);
	}
}

static bool is_code(const char *s)
{
	return strlen(s) == 2 && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == 2;
}

/* Countries by their code in capitals; all else ("EU", "aws:eu-central-1") as it is written. */
static void declare_region(held *h, const char *text, const char *by)
{
	char code[3] = "";

	if (is_code(text))
		for (size_t i = 0; i < 2; i++)
			code[i] = text[i] >= 'a' ? (char)(text[i] - 'a' + 'A') : text[i];
	declare(h, "region", *code ? code : text, by);
}

/* "*.example.org" and "example.org" both hold for what lies below. */
static const char *domain_of(const char *host)
{
	return strncmp(host, "*.", 2) == 0 ? host + 2 : host;
}

static bool below(const char *host, const char *domain)
{
	size_t n = strlen(host), k = strlen(domain);

	return k > 0 && n >= k && strcmp(host + n - k, domain) == 0 && (n == k || host[n - k - 1] == '.');
}

static void declare_manifest(held *h, const json_t *content, const char *by)
{
	static const char *const rows[] = {"recipients", "processors"};
	const json_t *one;
	size_t i;

	json_array_foreach (json_object_get(content, "recipients"), i, one) {
		declare(h, "host", domain_of(pb_json_str(one, "host", "")), by);
	}
	json_array_foreach (json_object_get(content, "regions"), i, one) {
		declare_region(h, json_string_value(one) ? json_string_value(one) : "", by);
	}
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
		json_array_foreach (json_object_get(content, rows[k]), i, one)
			declare_region(h, pb_json_str(one, "region", ""), by);
}

/* Hosts that data can go to: each falls under what is declared, or is a row of its own. */
static void observe_hosts(held *h)
{
	const json_t *endpoint, *region, *row;
	const char *key;
	size_t i, k;

	json_array_foreach (h->endpoints, i, endpoint) {
		const char *host = pb_json_str(endpoint, "host", "");
		bool covered = false, somewhere = *pb_json_str(endpoint, "domain", "") || json_array_size(json_object_get(endpoint, "regions")) > 0;

		if (!json_is_true(json_object_get(endpoint, "connects")) || !somewhere)
			continue;
		json_object_foreach ((json_t *)(uintptr_t)h->rows, key, row) {
			const char *declared = pb_json_str(row, "value", "");

			if (strncmp(key, "host\n", 5) != 0 || !json_is_true(json_object_get(row, "declared")) || !below(host, declared))
				continue;
			covered = true;
			h->failed |= json_object_set_new((json_t *)(uintptr_t)row, "observed", json_true()) != 0;
		}
		if (!covered && json_object_size(h->rows) < PB_DECLARED_ROWS)
			observe(h, "host", host);
		json_array_foreach (json_object_get(endpoint, "regions"), k, region) {
			observe(h, "region", json_string_value(region));
		}
	}
}

/* Words that no vague word ("framework") declares: what they cover has to be named. */
static bool is_rare(const char *capability)
{
	static const char *const rare[] = {"persist", "input-capture", "screen", "camera", "microphone", "contacts"};

	for (size_t i = 0; i < sizeof rare / sizeof *rare; i++)
		if (strcmp(rare[i], capability) == 0)
			return true;
	return false;
}

/* Words of a description cover what is seen; that they promise it cannot be said. Permissions that are asked for are a list of their own. */
static bool is_word(const json_t *entry)
{
	static const char *const fields[] = {"bundle-description", "bundle-name", "classifiers", "depends", "description", "group", "implementation-title",
	                                     "keywords", "name", "package", "section", "summary"};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (strcmp(fields[i], pb_json_str(entry, "in", "")) == 0)
			return true;
	return false;
}

static void declare_entry(held *h, const char *name, const json_t *entry)
{
	const char *capability = pb_json_str(entry, "capability", "");
	const json_t *observed = json_object_get(h->inventory, "capabilities");
	const json_t *seen;
	pb_buf by = {0};
	size_t i;

	if (pb_buf_printf(&by, "%.100s: %.60s (%.100s)", name, pb_json_str(entry, "in", ""), pb_json_str(entry, "by", "")) != 0) {
		h->failed = true;
		return;
	}
	if (strcmp(capability, "any") != 0 && strcmp(capability, "place") != 0 && (!is_word(entry) || lists(observed, capability)))
		declare(h, "capability", capability, (const char *)by.data);
	else if (strcmp(capability, "any") == 0)
		json_array_foreach (observed, i, seen)
			if (!is_rare(json_string_value(seen)))
				declare(h, "capability", json_string_value(seen), (const char *)by.data);
	pb_buf_free(&by);
}

/* What packages say of themselves, and files beside them that ask for permissions. true: somebody could have said something. */
static bool of_packages(held *h, const pb_join *j, const json_t *packages)
{
	const json_t *package, *entry;
	size_t i, k;

	json_array_foreach (packages, i, package) {
		json_array_foreach (json_object_get(package, "declares"), k, entry) {
			declare_entry(h, pb_json_str(package, "name", ""), entry);
		}
	}
	for (i = 0; i < j->n && !h->failed; i++) {
		const json_t *said = json_object_get(j->rows[i].facts, "declares");

		if (j->rows[i].discounted || !said || pb_row_tagged(&j->rows[i], "package"))
			continue;
		json_array_foreach (said, k, entry) {
			declare_entry(h, pb_path_last(j->rows[i].path), entry);
		}
	}
	return json_array_size(packages) > 0;
}

static int by_what(const void *x, const void *y)
{
	const json_t *a = *(json_t *const *)x, *b = *(json_t *const *)y;
	int order = strcmp(pb_json_str(a, "what", ""), pb_json_str(b, "what", ""));

	return order ? order : strcmp(pb_json_str(a, "value", ""), pb_json_str(b, "value", ""));
}

static json_t *sorted(json_t *rows)
{
	size_t n = 0, size = json_object_size(rows);
	json_t **all = malloc((size + 1) * sizeof *all), *out = json_array(), *row;
	const char *key;
	bool failed = !all || !out;

	json_object_foreach (rows, key, row)
		if (!failed && *key)
			all[n++] = row;
	if (!failed && n > 1)
		qsort(all, n, sizeof *all, by_what);
	for (size_t i = 0; i < n && i < PB_DECLARED_ROWS; i++)
		failed |= json_array_append(out, all[i]) != 0;
	free(all);
	if (failed) {
		json_decref(out);
		return NULL;
	}
	return out;
}

json_t *pb_declared_of(const pb_join *j, const json_t *packages, const json_t *inventory, const json_t *endpoints)
{
	held h = {.inventory = inventory, .endpoints = endpoints, .rows = json_object()};
	bool capabilities, manifest = false;
	const json_t *record, *seen;
	json_t *out;
	size_t i;

	h.failed = !h.rows;
	capabilities = of_packages(&h, j, packages);
	json_array_foreach (j->documents, i, record) {
		const char *kind, *name;
		const json_t *content = content_of(record, &kind, &name);

		if (!counts(record))
			continue;
		if (strcmp(kind, "capabilities") == 0) {
			declare_capabilities(&h, json_object_get(content, "capabilities"), name);
			capabilities = true;
		}
		if (strcmp(kind, "data-manifest") == 0) {
			declare_manifest(&h, content, name);
			manifest = true;
		}
		declare_ports(&h, json_object_get(content, "ports"), name);
	}
	if (capabilities)
		json_array_foreach (json_object_get(inventory, "capabilities"), i, seen)
			observe(&h, "capability", json_string_value(seen));
	if (manifest)
		observe_hosts(&h);
	out = h.failed ? NULL : sorted(h.rows);
	json_decref(h.rows);
	return out;
}
