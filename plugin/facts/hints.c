#include "facts/hints.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "base/ini.h"
#include "facts/lists.h"

enum { VALUE_MAX = 4096, REPEATED_LEAST = 3, SEQUENCE_LEAST = 4 };

static const char *const sections[] = {"folders", "suffixes", "discount", "placeholder"};

static int class_at(pb_hints *h, const char *name, bool add, pb_error *err)
{
	for (size_t i = 0; i < h->n_classes; i++)
		if (strcmp(h->classes[i], name) == 0)
			return (int)i;
	if (!add)
		return pb_fail(err, PB_EINPUT, "\"%s\" is no class of [folders] or [suffixes]", name);
	if (h->n_classes == PB_HINT_CLASSES)
		return pb_fail(err, PB_EINPUT, "more than %d classes", PB_HINT_CLASSES);
	h->classes[h->n_classes] = strdup(name);
	if (!h->classes[h->n_classes])
		return pb_fail(err, PB_ENOMEM, "out of memory");
	return (int)h->n_classes++;
}

static int add_word(pb_hint_words *w, const char *word, uint32_t bits, pb_error *err)
{
	pb_hint_word *more = realloc(w->word, (w->n + 1) * sizeof *more);

	if (!more)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	w->word = more;
	more[w->n].text = strdup(word);
	if (!more[w->n].text)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	more[w->n].size = strlen(word);
	more[w->n++].bits = bits;
	return 0;
}

typedef struct reading {
	pb_hints *h;
	pb_hint_words *to;
	uint32_t bits;
} reading;

static int take_word(reading *r, const char *section, const char *word, pb_error *err)
{
	int class;

	for (const char *p = word; *p; p++)
		if (isupper((unsigned char)*p))
			return pb_fail(err, PB_EINPUT, "\"%s\": words are written in lower case", word);
	if (strcmp(section, "discount") == 0) {
		class = class_at(r->h, word, false, err);
		r->h->discount |= class < 0 ? 0 : 1u << class;
		return class < 0 ? class : 0;
	}
	return add_word(r->to, word, r->bits, err);
}

/* "class = word, word" */
static int take(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	pb_hints *h = user;
	reading r = {.h = h};
	char *text = strdup(value), *save = NULL;
	int rc = text ? 0 : pb_fail(err, PB_ENOMEM, "out of memory"), class;

	(void)line;
	if (!rc && (strcmp(section, sections[0]) == 0 || strcmp(section, sections[1]) == 0)) {
		r.to = strcmp(section, sections[0]) == 0 ? &h->folders : &h->suffixes;
		class = class_at(h, key, true, err);
		rc = class < 0 ? class : 0;
		r.bits = class < 0 ? 0 : 1u << class;
	} else if (!rc && strcmp(section, sections[3]) == 0 && (strcmp(key, "whole") == 0 || strcmp(key, "part") == 0)) {
		r.to = key[0] == 'w' ? &h->whole : &h->part;
	} else if (!rc && (strcmp(section, sections[2]) != 0 || strcmp(key, "classes") != 0)) {
		rc = pb_fail(err, PB_EINPUT, "no such key: [%s] %s", section, key);
	}
	for (char *word = rc ? NULL : strtok_r(text, ",", &save); word && !rc; word = strtok_r(NULL, ",", &save)) {
		size_t n;
		word += strspn(word, " \t");
		n = strlen(word);
		while (n > 0 && (word[n - 1] == ' ' || word[n - 1] == '\t'))
			word[--n] = '\0';
		rc = n > 0 ? take_word(&r, section, word, err) : pb_fail(err, PB_EINPUT, "an empty word");
	}
	free(text);
	return rc;
}

int pb_hints_read(pb_hints *h, const char *file, pb_error *err)
{
	return pb_ini_read(file, take, h, err);
}

static void words_free(pb_hint_words *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->word[i].text);
	free(w->word);
}

void pb_hints_free(pb_hints *h)
{
	for (size_t i = 0; i < h->n_classes; i++)
		free(h->classes[i]);
	words_free(&h->folders);
	words_free(&h->suffixes);
	words_free(&h->whole);
	words_free(&h->part);
}

const char *pb_hints_class(const pb_lists *l, size_t i)
{
	return i < l->hints.n_classes ? l->hints.classes[i] : NULL;
}

uint32_t pb_hints_discount(const pb_lists *l)
{
	return l->hints.discount;
}

static uint32_t of_folder(const pb_hints *h, const char *s, size_t n)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < h->folders.n; i++)
		if (h->folders.word[i].size == n && strncasecmp(h->folders.word[i].text, s, n) == 0)
			bits |= h->folders.word[i].bits;
	return bits;
}

uint32_t pb_hints_of(const pb_lists *l, const char *part)
{
	const pb_hints *h = &l->hints;
	uint32_t bits = 0;
	size_t n;

	for (const char *slash; (slash = strchr(part, '/')) != NULL; part = slash + 1)
		bits |= of_folder(h, part, (size_t)(slash - part));
	n = strlen(part);
	for (size_t i = 0; i < h->suffixes.n; i++) {
		const pb_hint_word *w = &h->suffixes.word[i];
		if (n > w->size && strcasecmp(part + n - w->size, w->text) == 0)
			bits |= w->bits;
	}
	return bits;
}

uint32_t pb_hints_of_path(const pb_lists *l, const json_t *path)
{
	uint32_t bits = 0;

	for (size_t i = 1; i < json_array_size(path); i++) {
		const char *part = json_string_value(json_array_get(path, i));
		if (part)
			bits |= pb_hints_of(l, part);
	}
	return bits;
}

/* One character all along, or each the one after the last: what separates groups of them does not count. 9 goes on with 0 or a. */
static const char *monotonous(pb_bytes v)
{
	size_t n = 0, same = 0, next = 0;
	int last = 0;

	for (size_t i = 0; i < v.size; i++) {
		int c = tolower(v.data[i]);
		if (v.data[i] < 0x80 && strchr(" -_.:", c) && c)
			continue;
		if (n++ > 0) {
			same += c == last;
			next += c == last + 1 || (last == '9' && (c == '0' || c == 'a'));
		}
		last = c;
	}
	if (n >= REPEATED_LEAST && same == n - 1)
		return "repeated";
	return n >= SEQUENCE_LEAST && next == n - 1 ? "sequence" : NULL;
}

static bool starts(pb_bytes v, const char *s)
{
	return v.size >= strlen(s) && memcmp(v.data, s, strlen(s)) == 0;
}

static bool ends(pb_bytes v, const char *s)
{
	return v.size >= strlen(s) && memcmp(v.data + v.size - strlen(s), s, strlen(s)) == 0;
}

static bool is_template(pb_bytes v)
{
	static const char *const pairs[][2] = {{"${", "}"}, {"{{", "}}"}, {"<", ">"}, {"%(", ")s"}, {"$(", ")"}, {"<%", "%>"},
	                                       {"@", "@"},  {"{", "}"},   {"[", "]"}, {"%", "%"},   {"%s", ""}};

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		if (v.size >= strlen(pairs[i][0]) + strlen(pairs[i][1]) && starts(v, pairs[i][0]) && ends(v, pairs[i][1]))
			return true;
	return v.size > 1 && v.data[0] == '$' && (isalpha(v.data[1]) || v.data[1] == '_');
}

static pb_bytes trimmed(pb_bytes v)
{
	while (v.size > 0 && isspace(v.data[v.size - 1]))
		v.size--;
	for (; v.size > 0 && isspace(*v.data); v.size--)
		v.data++;
	return v;
}

const char *pb_hints_placeholder(const pb_lists *l, pb_bytes value)
{
	const pb_hints *h = &l->hints;
	const char *plain;

	value = trimmed(value);
	if (value.size == 0)
		return "empty";
	if (value.size > VALUE_MAX)
		return NULL;
	if (is_template(value))
		return "template";
	plain = monotonous(value);
	for (size_t i = 0; i < h->whole.n && !plain; i++)
		if (h->whole.word[i].size == value.size && strncasecmp(h->whole.word[i].text, (const char *)value.data, value.size) == 0)
			plain = h->whole.word[i].text;
	for (size_t i = 0; i < h->part.n && !plain; i++)
		for (size_t k = 0; k + h->part.word[i].size <= value.size && !plain; k++)
			if (strncasecmp(h->part.word[i].text, (const char *)value.data + k, h->part.word[i].size) == 0)
				plain = h->part.word[i].text;
	return plain;
}
