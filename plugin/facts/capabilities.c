/* What can this object do? Programs: by the names that they ask the system for, scripts and programs: by the
 * patterns of rulesets/capabilities. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "facts/binary.h"
#include "facts/names.h"

enum { CAPABILITIES_MAX = 200 };

/* Where a name of the lists was seen first. */
typedef struct sight {
	bool seen, looked_up; /* looked_up: as a text in a program that looks names up */
	uint64_t at;
	json_t *from; /* the library, NULL where it is not known; new */
} sight;

/* Names that an object asks the system for. */
typedef struct asked {
	const pb_imports *imports;
	sight *sights; /* by index of the name */
	bool any, failed;
	bool looks_up; /* it imports what finds functions by their names */
	bool in_texts; /* the names that come now are texts */
} asked;

static void see(void *user, pb_bytes name, pb_bytes library, uint64_t at)
{
	asked *a = user;
	const json_t *index = json_object_getn(a->imports->index, (const char *)name.data, name.size);

	a->looks_up |= pb_name_looks_up(name);
	if (!index)
		return;
	sight *s = &a->sights[json_integer_value(index)];
	if (s->seen)
		return;
	*s = (sight){.seen = true, .looked_up = a->in_texts, .at = at};
	a->any = true;
	if (library.size > 0) {
		s->from = pb_json_display(library.data, library.size, PB_LIBRARY_NAME);
		a->failed |= !s->from;
	}
}

typedef struct found {
	json_t *list;
	json_t *seen; /* {"net-connect connect": its entry} */
} found;

/* How an object shows a capability. */
typedef struct proof {
	const char *capability, *by, *how; /* how: "import", "lookup", "pattern" */
	uint64_t at;
	json_t *from; /* borrowed, NULL */
	bool comment;
} proof;

static int put_at(json_t *entry, uint64_t at)
{
	return at == PB_NO_OFFSET ? 0 : json_object_set_new(entry, "at", json_integer((json_int_t)at));
}

static int add(pb_look *look, found *f, const proof *p)
{
	pb_buf key = {0};
	int rc = pb_buf_printf(&key, "%s %s", p->capability, p->by);
	json_t *known = rc ? NULL : json_object_get(f->seen, (char *)key.data);
	json_t *entry = NULL;

	if (known) {
		/* One use outside of a comment is enough, and that one is shown. */
		if (!p->comment && json_is_true(json_object_get(known, "comment")) &&
		    (json_object_set_new(known, "comment", json_false()) || put_at(known, p->at)))
			rc = PB_ENOMEM;
	} else if (json_array_size(f->list) == CAPABILITIES_MAX) {
		pb_look_cut(look, "capabilities");
	} else if (!rc) {
		entry = json_pack("{s:s, s:s, s:s, s:b}", "capability", p->capability, "by", p->by, "how", p->how, "comment", p->comment);
		if (!entry || put_at(entry, p->at) || (p->from && json_object_set(entry, "from", p->from)) ||
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

/* All rules whose names were seen. */
static int by_names(pb_look *look, found *f, const asked *a)
{
	bool go = is_go(look), lookup = a->in_texts;
	int rc = 0;

	for (size_t i = 0; a->any && i < a->imports->n_rules && !rc; i++) {
		const pb_import_rule *rule = &a->imports->rules[i];
		const sight *first = &a->sights[rule->name[0]];
		size_t all = 0;
		/* Go's runtime imports everything that sets a user or group, used or not. */
		if (go && strcmp(rule->capability, "privilege") == 0)
			continue;
		for (size_t k = 0; k < rule->n; k++)
			all += a->sights[rule->name[k]].seen;
		if (all == rule->n && !(lookup && first->looked_up && pb_names_own(look, rule->by)))
			rc = add(look, f, &(proof){rule->capability, rule->by, lookup ? "lookup" : "import", first->at, first->from, false});
	}
	return rc;
}

/* Reads the names of one format, or of two that one list is for, into a. */
static int read_names(pb_look *look, asked *a, pb_names_fn first, pb_names_fn second)
{
	int rc = first(look, see, a);

	if (rc != PB_ENOMEM && second) {
		int more = second(look, see, a);
		rc = more ? more : rc;
	}
	if (rc == PB_ELIMIT)
		pb_look_cut(look, "capabilities");
	return rc == PB_ENOMEM || a->failed ? PB_ENOMEM : 0;
}

static int asked_open(asked *a, const pb_imports *imports)
{
	size_t n = json_object_size(imports->index);

	*a = (asked){.imports = imports, .sights = calloc(n + 1, sizeof *a->sights)};
	return a->sights ? 0 : PB_ENOMEM;
}

static void asked_close(asked *a)
{
	for (size_t i = 0; a->sights && i < json_object_size(a->imports->index); i++)
		json_decref(a->sights[i].from);
	free(a->sights);
}

static int by_lookup(pb_look *look, found *f, asked *a, const char *format)
{
	a->in_texts = true;
	int rc = pb_names_texts(look, format, see, a);
	return rc || a->failed ? PB_ENOMEM : by_names(look, f, a);
}

/* What it asks for, and in a program that looks up names what those may be. */
static int by_imports(pb_look *look, found *f)
{
	static const struct {
		const char *kind, *sections; /* sections: the module that knows where the constants lie */
		pb_asks list;
		pb_names_fn first, second;
	} formats[] = {
	    {"elf", "elf", PB_ASKS_ELF, pb_names_elf, NULL},      {"pe", "pe", PB_ASKS_PE, pb_names_pe, pb_names_native},
	    {"macho", NULL, PB_ASKS_MACHO, pb_names_macho, NULL}, {"java-class", NULL, PB_ASKS_JAVA, pb_names_java, NULL},
	    {"pe", NULL, PB_ASKS_DOTNET, pb_names_dotnet, NULL},
	};
	int rc = 0;

	for (size_t i = 0; i < sizeof formats / sizeof formats[0] && !rc; i++) {
		asked a;
		if (strcmp(look->object->kind->name, formats[i].kind) != 0)
			continue;
		rc = asked_open(&a, &look->lists->asks[formats[i].list]);
		if (!rc)
			rc = read_names(look, &a, formats[i].first, formats[i].second);
		if (!rc)
			rc = by_names(look, f, &a);
		/* Afterwards: what is imported is told as that. */
		if (!rc && a.looks_up && formats[i].sections)
			rc = by_lookup(look, f, &a, formats[i].sections);
		asked_close(&a);
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
		rc = add(look, f, &(proof){l->patterns[index].capability, l->patterns[index].by, "pattern", at, NULL, comment});
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

	if (look->scan->why)
		pb_look_cut(look, "capabilities");
	if (!rc)
		rc = by_imports(look, &f);
	if (!rc)
		rc = by_patterns(look, &f);
	if (!rc && json_array_size(f.list) > 0)
		rc = set_sorted(look, f.list);
	json_decref(f.list);
	json_decref(f.seen);
	return rc;
}
