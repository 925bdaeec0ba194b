/* What does a package say that it does? The words of its description, the packages that it needs, the permissions that it asks for, held
 * against rulesets/capabilities. */
#include "facts/declares.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "facts/fields.h"

enum { DECLARES_MAX = 300, WORD_MAX_BYTES = 128 };

static void add(pb_declared *d, const char *capability, const char *word, size_t n, const char *where)
{
	pb_buf key = {0};
	json_t *entry = NULL;
	bool full = json_array_size(d->list) == DECLARES_MAX;

	if (pb_buf_printf(&key, "%s %.*s", capability, (int)n, word)) {
		d->failed = true;
	} else if (!json_object_get(d->seen, (char *)key.data)) {
		if (full)
			pb_look_cut(d->look, "declares");
		else
			entry = json_pack("{s:s, s:o, s:s}", "capability", capability, "by", pb_json_display(word, n, WORD_MAX_BYTES), "in", where);
		if (!full && (!entry || json_array_append(d->list, entry) || json_object_set_new(d->seen, (char *)key.data, json_true())))
			d->failed = true;
	}
	json_decref(entry);
	pb_buf_free(&key);
}

static void add_bits(pb_declared *d, const json_t *bits, const char *word, size_t n, const char *where)
{
	json_int_t set = json_integer_value(bits);
	const char *capability;

	for (size_t i = 0; set && (capability = pb_capability_name(i)) != NULL; i++)
		if (set >> i & 1)
			add(d, capability, word, n, where);
}

void pb_declared_word(pb_declared *d, pb_declares which, const char *word, size_t n, const char *where)
{
	const pb_words *w = &d->look->lists->words;

	if (n == 0 || n > WORD_MAX_BYTES)
		return;
	add_bits(d, json_object_getn(w->word[which], word, n), word, n, where);
	if (which != PB_DECLARES_DEPENDS)
		return;
	for (size_t k = n < w->longest ? n : w->longest; k > 0; k--)
		add_bits(d, json_object_getn(w->begin, word, k), word, n, where);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool in_word(char c)
{
	return is_letter(c) || c == '+' || c == '.' || c == '-';
}

/* "Socket.IO client": "socket.io", its parts "socket" and "io", and "client". */
static void add_text(pb_declared *d, const char *text, const char *where)
{
	char *low = strdup(text);

	d->failed |= !low;
	for (char *p = low; p && *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	for (const char *p = low; p && *p;) {
		size_t n = 0;
		while (in_word(p[n]))
			n++;
		pb_declared_word(d, PB_DECLARES_WORD, p, n, where);
		for (size_t i = 0; i < n;) {
			size_t part = 0;
			while (i + part < n && is_letter(p[i + part]))
				part++;
			if (part < n)
				pb_declared_word(d, PB_DECLARES_WORD, p + i, part, where);
			i += part + 1;
		}
		p += n + (p[n] != '\0');
	}
	free(low);
}

/* A text, or a list of them. */
static void add_words(pb_declared *d, const json_t *value, const char *where)
{
	json_t *item;
	size_t i;

	if (json_is_string(value))
		add_text(d, json_string_value(value), where);
	json_array_foreach (value, i, item)
		if (json_is_string(item))
			add_text(d, json_string_value(item), where);
}

/* "libc6 (>= 2.36), libcurl4 | libcurl3", or a list of such. */
static void add_depends(pb_declared *d, const json_t *value)
{
	const char *text = json_string_value(value);
	json_t *item;
	size_t i;

	while (text && *text) {
		text += strspn(text, " \t\r\n,|");
		pb_declared_word(d, PB_DECLARES_DEPENDS, text, strcspn(text, " \t\r\n,|(:;<>=!~["), "depends");
		text += strcspn(text, ",|");
	}
	json_array_foreach (value, i, item) {
		add_depends(d, item);
	}
}

static void add_package(pb_declared *d)
{
	static const struct {
		const char *fact, *words[6], *depends;
	} packages[] = {
	    {"deb", {"package", "section", "description"}, "depends"},
	    {"rpm", {"name", "group", "summary", "description"}, "requires"},
	    {"npm", {"name", "keywords", "description"}, "dependencies"},
	    {"wheel", {"name", "keywords", "classifiers", "summary"}, "requires_dist"},
	    {"package", {"name", "keywords", "summary", "description"}, "depends"},
	    {"jar", {"implementation-title", "bundle-name", "bundle-description"}, "require-bundle"},
	};

	for (size_t i = 0; i < sizeof packages / sizeof packages[0]; i++) {
		const json_t *fact = json_object_get(d->look->facts, packages[i].fact);
		for (size_t k = 0; fact && packages[i].words[k]; k++)
			add_words(d, json_object_get(fact, packages[i].words[k]), packages[i].words[k]);
		if (fact)
			add_depends(d, json_object_get(fact, packages[i].depends));
	}
}

/* In the order of capability and word. */
static int by_name(const void *left, const void *right)
{
	const json_t *a = *(json_t *const *)left, *b = *(json_t *const *)right;
	int order = strcmp(pb_json_str(a, "capability", ""), pb_json_str(b, "capability", ""));
	return order ? order : strcmp(pb_json_str(a, "by", ""), pb_json_str(b, "by", ""));
}

static int set_sorted(pb_declared *d)
{
	json_t *entries[DECLARES_MAX] = {NULL}, *sorted = json_array();
	size_t n = json_array_size(d->list);

	for (size_t i = 0; i < n; i++)
		entries[i] = json_array_get(d->list, i);
	qsort(entries, n, sizeof(json_t *), by_name);
	for (size_t i = 0; i < n; i++)
		if (json_array_append(sorted, entries[i])) {
			json_decref(sorted);
			return PB_ENOMEM;
		}
	return pb_look_set(d->look, "declares", sorted);
}

int pb_fact_declares(pb_look *look)
{
	const char *kind = look->object->kind->name;
	pb_declared d = {.look = look, .list = json_array(), .seen = json_object()};
	int rc = d.list && d.seen ? 0 : PB_ENOMEM;

	if (!rc) {
		add_package(&d);
		if (strcmp(kind, "json") == 0)
			pb_permissions_json(&d);
		else if (strcmp(kind, "xml") == 0)
			pb_permissions_xml(&d);
		else if (strcmp(kind, "ini") == 0 || strcmp(kind, "yaml") == 0 || strcmp(kind, "text") == 0)
			pb_permissions_text(&d);
		else if (strcmp(kind, "android-xml") == 0)
			pb_permissions_android(&d);
	}
	if (d.failed)
		rc = PB_ENOMEM;
	if (!rc && json_array_size(d.list) > 0)
		rc = set_sorted(&d);
	json_decref(d.list);
	json_decref(d.seen);
	return rc;
}
