#include "facts/facts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "facts/provider.h"
#include "object/kinds.h"

/* Which objects a provider is asked about: all conditions that are set must fit. */
static const struct fact {
	const char *name;       /* the key that it makes */
	const char *kind;       /* NULL = any */
	const char *name_class; /* one of these; NULL = any */
	bool text;              /* only scripts and texts */
	bool kept;              /* goes into the object's result */
	pb_provider_fn look;
} facts[] = {
    {"entropy", NULL, NULL, false, true, pb_fact_entropy},
    {"text", NULL, NULL, true, true, pb_fact_text},
    {"elf", NULL, NULL, false, false, pb_fact_modules}, /* and the next three */
    {"pe", NULL, NULL, false, false, NULL},
    {"dotnet", NULL, NULL, false, false, NULL},
    {"macho", NULL, NULL, false, false, NULL},
    {"binary", NULL, NULL, false, true, pb_fact_binary},
    {"elf_note", "elf", NULL, false, true, pb_fact_elf_note},
    {"signature", NULL, NULL, false, true, pb_fact_signature},
    {"urls", NULL, NULL, false, true, pb_fact_urls},
    {"hosts", NULL, NULL, false, true, NULL}, /* made with urls */
    {"capabilities", NULL, NULL, false, true, pb_fact_capabilities},
    {"asks", NULL, NULL, false, false, pb_fact_asks},
    {"imports", NULL, NULL, true, true, pb_fact_imports},
    {"members", NULL, NULL, false, true, pb_fact_members},
    {"deb", NULL, "control", false, true, pb_fact_deb},
    {"md5sums", NULL, "md5sums", false, true, pb_fact_md5sums},
    {"conffiles", NULL, "conffiles", false, true, pb_fact_conffiles},
    {"npm", NULL, "package.json", false, true, pb_fact_npm},
    {"wheel", NULL, "metadata pkg-info", false, true, pb_fact_wheel}, /* of a source package: the same fields */
    {"record", NULL, "record", false, true, pb_fact_record},
    {"jar", NULL, "manifest.mf", false, true, pb_fact_jar},
    {"rpm", "rpm", NULL, false, true, pb_fact_rpm},
    {"code", NULL, NULL, false, true, pb_fact_code}, /* reads the scripts of npm and rpm */
    {"package", NULL, NULL, false, true, pb_fact_package},
    {"declares", NULL, NULL, false, true, pb_fact_declares}, /* reads those of the packages */
    {"sbom", NULL, NULL, true, true, pb_fact_sbom},
    {"components", NULL, NULL, false, true, pb_fact_components}, /* reads "binary" */
    {"digests", NULL, NULL, false, true, pb_fact_digests},
    {"license", NULL, NULL, true, true, pb_fact_license},
    {"changelog", NULL, "changelog", true, true, pb_fact_changelog},
};
enum { FACTS = sizeof facts / sizeof facts[0], KEPT_URLS = 200 };

/* What facts add to the tags of kind and class. */
static const char *const extra_tags[] = {"any", "go",    "rust", "native-c", "deb",     "rpm",
                                         "npm", "wheel", "jar",  "package",  "manifest", "gem", "pacman", "alpine", "extension", "conda", "image", "snap", "update", "evidence", "evidence-audit",
                                         "evidence-statement"};
enum { EXTRA_TAGS = sizeof extra_tags / sizeof extra_tags[0], TAGS = 256 };

static const char *all_tags[TAGS];
static size_t n_all_tags;

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_tag(const char *tag)
{
	for (size_t i = 0; i < n_all_tags; i++)
		if (strcmp(all_tags[i], tag) == 0)
			return;
	if (n_all_tags < TAGS)
		all_tags[n_all_tags++] = tag;
}

static void collect_tags(void)
{
	size_t n;
	const pb_kind *kinds = pb_kinds(&n);
	for (size_t i = 0; i < n; i++)
		add_tag(kinds[i].name);
	for (int c = 0; c < PB_CLASSES; c++)
		add_tag(pb_class_name((pb_class)c));
	for (size_t i = 0; i < EXTRA_TAGS; i++)
		add_tag(extra_tags[i]);
	qsort(all_tags, n_all_tags, sizeof all_tags[0], by_name);
}

const char *const *pb_fact_tags(size_t *n)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, collect_tags);
	*n = n_all_tags;
	return all_tags;
}

const char *pb_fact_name(size_t i)
{
	static const char *const always[] = {"tags", "cut"};
	enum { ALWAYS = sizeof always / sizeof always[0] };

	return i < FACTS ? facts[i].name : i - FACTS < ALWAYS ? always[i - FACTS] : NULL;
}

void pb_look_tag(pb_look *look, const char *tag)
{
	for (size_t i = 0; i < look->n_tags; i++)
		if (strcmp(look->tags[i], tag) == 0)
			return;
	if (look->n_tags < PB_LOOK_TAGS)
		look->tags[look->n_tags++] = tag;
}

bool pb_look_comment(pb_look *look, uint64_t at)
{
	if (!look->lexed) {
		look->comments = pb_comments_of(look->object->bytes, look->object->kind);
		look->lexed = true;
	}
	return pb_comments_at(look->comments, at);
}

int pb_look_set(pb_look *look, const char *fact, json_t *value)
{
	return json_object_set_new(look->facts, fact, value) ? PB_ENOMEM : 0;
}

void pb_look_cut(pb_look *look, const char *fact)
{
	json_t *cut = pb_json_array_at(look->facts, "cut"), *item;
	size_t i;

	json_array_foreach (cut, i, item)
		if (strcmp(json_string_value(item), fact) == 0)
			return;
	if (cut)
		json_array_append_new(cut, json_string(fact));
}

json_t *pb_look_module(const pb_look *look, const char *name)
{
	return json_object_get(look->scan->modules, name);
}

size_t pb_look_hits(const pb_look *look, pb_own_source source, const char *string, const pb_hit **first)
{
	size_t n = 0;
	*first = NULL;
	/* Sorted by source, and ours are the first ones: this never walks the hits of checks. */
	for (size_t i = 0; i < look->scan->n_hits && look->scan->hits[i].source <= (uint32_t)source; i++) {
		const pb_hit *hit = &look->scan->hits[i];
		if (hit->source != (uint32_t)source || !hit->string || strcmp(hit->string, string) != 0)
			continue;
		if (n++ == 0)
			*first = hit;
	}
	return n;
}

static bool fits(const struct fact *f, const pb_object *o)
{
	if (f->kind && strcmp(f->kind, o->kind->name) != 0)
		return false;
	if (f->name_class && !pb_word_among(o->name_class, f->name_class))
		return false;
	return !f->text || o->kind->class == PB_CLASS_SCRIPT || o->kind->class == PB_CLASS_TEXT;
}

static int set_tags(pb_look *look)
{
	json_t *tags = json_array();

	qsort(look->tags, look->n_tags, sizeof look->tags[0], by_name);
	for (size_t i = 0; tags && i < look->n_tags; i++)
		if (json_array_append_new(tags, json_string(look->tags[i])))
			return json_decref(tags), PB_ENOMEM;
	return pb_look_set(look, "tags", tags);
}

int pb_facts_of(const pb_object *object, const pb_scan *scan, const pb_lists *lists, json_t **made, pb_error *err)
{
	pb_look look = {.object = object, .scan = scan, .lists = lists, .facts = json_object()};
	int rc = look.facts ? 0 : PB_ENOMEM;

	pb_look_tag(&look, "any");
	pb_look_tag(&look, object->kind->name);
	pb_look_tag(&look, pb_class_name(object->kind->class));
	for (size_t i = 0; i < FACTS && !rc; i++)
		if (facts[i].look && fits(&facts[i], object))
			rc = facts[i].look(&look);
	if (!rc)
		rc = set_tags(&look);
	pb_comments_free(look.comments);
	if (rc) {
		json_decref(look.facts);
		return pb_fail(err, rc, "out of memory while looking at an object");
	}
	*made = look.facts;
	return 0;
}

/* Reduce joins hosts, not URLs; what is kept of these is for people who read a report. */
static void keep_urls(json_t *list)
{
	for (size_t i = 0; i < json_array_size(list);) {
		if (json_is_true(json_object_get(json_array_get(list, i), "namespace")) || i >= KEPT_URLS)
			json_array_remove(list, i);
		else
			i++;
	}
}

void pb_facts_keep(json_t *made)
{
	for (size_t i = 0; i < FACTS; i++)
		if (!facts[i].kept)
			json_object_del(made, facts[i].name);
	keep_urls(json_object_get(made, "urls"));
	if (json_object_get(made, "urls") && json_array_size(json_object_get(made, "urls")) == 0)
		json_object_del(made, "urls");
}
