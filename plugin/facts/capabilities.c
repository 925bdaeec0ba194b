/* What can this object do? Binaries: by what they import, scripts and binaries: by the patterns of rulesets/capabilities. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "facts/binary.h"
#include "facts/provider.h"

enum { CAPABILITIES_MAX = 200 };

/* Names that a binary asks the system for. */
typedef struct asked {
	const pb_imports *imports;
	uint8_t seen[PB_IMPORT_NAMES];
	bool any;
} asked;

static void see(asked *a, const char *name)
{
	const json_t *index = name ? json_object_get(a->imports->index, name) : NULL;
	if (!index)
		return;
	a->seen[json_integer_value(index)] = 1;
	a->any = true;
}

/* Undefined symbols: what is defined here is an export, and says what others can do with it. */
static void see_elf(asked *a, const json_t *elf)
{
	json_t *symbol;
	size_t i;

	json_array_foreach (json_object_get(elf, "dynsym"), i, symbol)
		if (pb_json_int(symbol, "shndx", 1) == 0)
			see(a, pb_json_str(symbol, "name", NULL));
}

static void see_pe(asked *a, const json_t *pe)
{
	static const char *const tables[] = {"import_details", "delay_import_details"};
	json_t *library, *function;
	size_t i, j;

	for (size_t t = 0; t < 2; t++) {
		json_array_foreach (json_object_get(pe, tables[t]), i, library) {
			json_array_foreach (json_object_get(library, "functions"), j, function) {
				see(a, pb_json_str(function, "name", NULL));
			}
		}
	}
}

typedef struct found {
	json_t *list;
	json_t *seen; /* {"net-connect connect": its entry} */
} found;

/* at: NULL for what is imported */
static int add(pb_look *look, found *f, const char *capability, const char *by, const uint64_t *at, bool comment)
{
	pb_buf key = {0};
	int rc = pb_buf_printf(&key, "%s %s", capability, by);
	json_t *known = rc ? NULL : json_object_get(f->seen, (char *)key.data);
	json_t *entry = NULL;

	if (known) {
		/* One use outside of a comment is enough, and that one is shown. */
		if (at && !comment && json_is_true(json_object_get(known, "comment")) &&
		    (json_object_set_new(known, "comment", json_false()) ||
		     json_object_set_new(known, "at", json_integer((json_int_t)*at))))
			rc = PB_ENOMEM;
	} else if (json_array_size(f->list) == CAPABILITIES_MAX) {
		pb_look_cut(look, "capabilities");
	} else if (!rc) {
		entry = json_pack("{s:s, s:s, s:b}", "capability", capability, "by", by, "comment", comment);
		if (!entry || (at && json_object_set_new(entry, "at", json_integer((json_int_t)*at))) ||
		    json_array_append(f->list, entry) || json_object_set(f->seen, (char *)key.data, entry))
			rc = PB_ENOMEM;
	}
	json_decref(entry);
	pb_buf_free(&key);
	return rc;
}

static bool is_go(const pb_look *look)
{
	return strcmp(pb_json_str(json_object_get(look->facts, "binary"), "language", ""), "go") == 0;
}

static int by_imports(pb_look *look, found *f, const pb_imports *imports, void (*see_all)(asked *, const json_t *),
                      const char *module)
{
	asked a = {.imports = imports};
	bool go = is_go(look);
	int rc = 0;

	see_all(&a, pb_look_module(look, module));
	for (size_t i = 0; a.any && i < imports->n_rules && !rc; i++) {
		const pb_import_rule *rule = &imports->rules[i];
		size_t all = 0;
		/* Go's runtime imports everything that sets a user or group, used or not. */
		if (go && strcmp(rule->capability, "privilege") == 0)
			continue;
		for (size_t k = 0; k < rule->n; k++)
			all += a.seen[rule->name[k]];
		if (all == rule->n)
			rc = add(look, f, rule->capability, rule->by, NULL, false);
	}
	return rc;
}

/* Is the pattern meant for this kind of object? */
static bool fits(const pb_look *look, const pb_pattern_rule *rule)
{
	const char *kind = look->object->kind->name;

	if (strcmp(rule->kind, "binary") == 0)
		return look->object->kind->class == PB_CLASS_BINARY;
	if (strcmp(rule->kind, "go") == 0)
		return is_go(look);
	if (strcmp(rule->kind, "javascript") == 0 && strcmp(kind, "typescript") == 0)
		return true;
	return strcmp(rule->kind, kind) == 0;
}

/* A pattern that asks for the beginning of a line takes the end of the line before along: the use begins behind it. */
static uint64_t first_letter(pb_bytes b, uint64_t at)
{
	while (at < b.size && (b.data[at] == '\n' || b.data[at] == '\r' || b.data[at] == ' ' || b.data[at] == '\t'))
		at++;
	return at;
}

static int by_patterns(pb_look *look, found *f)
{
	const pb_lists *l = look->lists;
	const pb_hit *hits = look->scan->hits, *last = NULL;
	size_t same = 0; /* hits of the string so far */
	int rc = 0;

	for (size_t i = 0; i < look->scan->n_hits && !rc; i++) {
		if (hits[i].source < PB_OWN_SOURCES)
			continue;
		if (hits[i].source >= l->n_sources)
			break;
		/* "$p12": the strings are ours, and numbered. */
		size_t index = hits[i].string ? strtoul(hits[i].string + 2, NULL, 10) : l->n_patterns;
		if (index >= l->n_patterns || !fits(look, &l->patterns[index]))
			continue;
		same = last && last->source == hits[i].source && strcmp(last->string, hits[i].string) == 0 ? same + 1 : 1;
		last = &hits[i];
		/* Where the pass stopped keeping hits, one of those left out may lie in the code. */
		uint64_t at = first_letter(look->object->bytes, hits[i].at);
		bool comment = pb_look_comment(look, at) && same < PB_HITS_PER_STRING;
		rc = add(look, f, l->patterns[index].capability, l->patterns[index].by, &at, comment);
	}
	return rc;
}

/* In the order of capability and name: what an object has does not depend on how the lists are laid out. */
static int by_name(const void *left, const void *right)
{
	const json_t *a = *(json_t *const *)left, *b = *(json_t *const *)right;
	int order = strcmp(pb_json_str(a, "capability", ""), pb_json_str(b, "capability", ""));
	return order ? order : strcmp(pb_json_str(a, "by", ""), pb_json_str(b, "by", ""));
}

static int set_sorted(pb_look *look, json_t *list)
{
	size_t n = json_array_size(list);
	json_t *entries[CAPABILITIES_MAX] = {NULL}, *sorted = json_array();

	for (size_t i = 0; i < n; i++)
		entries[i] = json_array_get(list, i);
	qsort(entries, n, sizeof(json_t *), by_name);
	for (size_t i = 0; i < n; i++)
		if (json_array_append(sorted, entries[i])) {
			json_decref(sorted);
			return PB_ENOMEM;
		}
	return pb_look_set(look, "capabilities", sorted);
}

int pb_fact_capabilities(pb_look *look)
{
	found f = {json_array(), json_object()};
	int rc = f.list && f.seen ? 0 : PB_ENOMEM;

	if (look->scan->why || pb_module_cut(pb_look_module(look, "elf"), "dynsym") ||
	    pb_module_cut(pb_look_module(look, "pe"), "import_details"))
		pb_look_cut(look, "capabilities");
	if (!rc)
		rc = by_imports(look, &f, &look->lists->elf, see_elf, "elf");
	if (!rc)
		rc = by_imports(look, &f, &look->lists->pe, see_pe, "pe");
	if (!rc)
		rc = by_patterns(look, &f);
	if (!rc && json_array_size(f.list) > 0)
		rc = set_sorted(look, f.list);
	json_decref(f.list);
	json_decref(f.seen);
	return rc;
}
