#include "worker/trace.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "facts/patterns_alone.h"
#include "worker/context.h"

enum { KEPT = 32 << 20, USUAL = 128 << 10 };

struct pb_trace {
	const pb_rules *rules;
	const pb_check *checks; /* by index */
	size_t n;
	bool *asked;
	bool all;         /* what each costs, and no more */
	pb_alone **alone; /* of each check with looks; NULL: of none */
	json_t *seen;     /* {id: {...}} since the last object; NULL: nothing */
	uint64_t began;   /* processor time at the last step */
	bool no_memory;
};

static uint64_t processor(void)
{
	struct timespec t = {0};
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void ask(pb_trace *t, const json_t *asked)
{
	const json_t *id;
	size_t i;
	t->all = json_is_true(asked);
	for (size_t k = 0; k < t->n; k++) {
		t->asked[k] = t->all;
		json_array_foreach(asked, i, id)
			if (json_is_string(id) && strcmp(json_string_value(id), t->checks[k].id) == 0)
				t->asked[k] = true;
	}
}

/* A source that was refused is told among what was left out; here it is only not there. */
static int compile_all(pb_trace *t, int seconds, pb_error *err)
{
	const size_t *check_of;
	size_t n;
	const pb_pattern_source *sources = pb_catalogue_sources(t->rules->catalogue, &n, &check_of);
	t->alone = calloc(t->n + 1, sizeof *t->alone);
	if (!t->alone)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	for (size_t i = 0; i < n; i++) {
		if (!t->asked[check_of[i]] || t->alone[check_of[i]])
			continue;
		int rc = pb_alone_new(&sources[i], seconds, &t->alone[check_of[i]], err);
		if (rc == PB_ENOMEM)
			return rc;
	}
	return 0;
}

/* Each compilation takes some megabytes for a moment. Given back to the kernel in between, they would cost more time than compiling. */
static int compile(pb_trace *t, int seconds, pb_error *err)
{
	(void)mallopt(M_MMAP_THRESHOLD, KEPT);
	(void)mallopt(M_TRIM_THRESHOLD, KEPT);
	int rc = compile_all(t, seconds, err);
	(void)malloc_trim(0);
	(void)mallopt(M_TRIM_THRESHOLD, USUAL);
	(void)mallopt(M_MMAP_THRESHOLD, USUAL);
	return rc;
}

int pb_trace_open(const pb_rules *rules, const json_t *asked, bool object, int seconds, pb_trace **out, pb_error *err)
{
	*out = NULL;
	if (!json_is_true(asked) && json_array_size(asked) == 0)
		return 0;
	pb_trace *t = calloc(1, sizeof *t);
	if (!t)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	t->rules = rules;
	t->checks = pb_catalogue_checks(rules->catalogue, &t->n);
	t->asked = calloc(t->n + 1, sizeof *t->asked);
	if (!t->asked) {
		pb_trace_free(t);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	ask(t, asked);
	int rc = object ? compile(t, seconds, err) : 0;
	if (rc) {
		pb_trace_free(t);
		return rc;
	}
	*out = t;
	return 0;
}

void pb_trace_free(pb_trace *t)
{
	if (!t)
		return;
	for (size_t i = 0; t->alone && i < t->n; i++)
		pb_alone_free(t->alone[i]);
	free(t->alone);
	free(t->asked);
	json_decref(t->seen);
	free(t);
}

void pb_trace_at(pb_trace *t, uint32_t where)
{
	if (where >= PB_RUN_CHECK)
		t->began = processor();
}

static json_t *seen(pb_trace *t)
{
	if (!t->seen && !(t->seen = json_object()))
		t->no_memory = true;
	return t->seen;
}

/* What was seen of a check; NULL: no memory. */
static json_t *seen_of(pb_trace *t, size_t check)
{
	json_t *of = pb_json_object_at(seen(t), t->checks[check].id);
	if (!of)
		t->no_memory = true;
	return of;
}

static void put(pb_trace *t, size_t check, const char *key, json_t *value)
{
	if (json_object_set_new(seen_of(t, check), key, value))
		t->no_memory = true;
}

void pb_trace_spent(pb_trace *t, const pb_spent *s)
{
	uint64_t took = processor() - t->began;
	if (s->check >= t->n || !t->asked[s->check])
		return;
	json_t *call = json_pack("{s:[I,I],s:[I,I],s:[I,I],s:[I,I],s:I,s:I}", "instructions", (json_int_t)s->instructions,
	                         (json_int_t)s->max_instructions, "memory", (json_int_t)s->memory, (json_int_t)s->max_memory, "steps",
	                         (json_int_t)s->steps, (json_int_t)s->max_steps, "findings", (json_int_t)s->findings,
	                         (json_int_t)s->max_findings, "nanoseconds", (json_int_t)s->nanoseconds, "processor", (json_int_t)took);
	if (s->why && json_object_set_new(call, "why", pb_json_display(s->why, strlen(s->why), 600)))
		t->no_memory = true;
	put(t, s->check, "call", call);
}

/* Of all that a pass told, how much it was. */
static json_t *summed(const json_t *pass)
{
	const json_t *rule, *string;
	json_int_t hits = 0;
	size_t i, k;
	int matched = 0;
	json_array_foreach(json_object_get(pass, "rules"), i, rule) {
		if (!json_is_true(json_object_get(rule, "matched")) || json_is_true(json_object_get(rule, "private")))
			continue;
		matched++;
		json_array_foreach(json_object_get(rule, "strings"), k, string)
			hits += pb_json_int(string, "count", 0);
	}
	return json_pack("{s:i,s:I}", "matched", matched, "hits", hits);
}

static void look(pb_trace *t, size_t check, const pb_object *object)
{
	uint64_t took;
	if (!pb_alone_has(t->alone[check], pb_group_of(object->kind))) {
		if (!t->all)
			put(t, check, "patterns", json_pack("{s:b}", "nowhere", 1));
		return;
	}
	json_t *pass = pb_alone_run(t->alone[check], object->bytes, &took);
	if (pass && t->all) {
		json_t *sums = summed(pass);
		json_decref(pass);
		pass = sums;
	}
	if (json_object_set_new(pass, "nanoseconds", json_integer((json_int_t)took)))
		t->no_memory = true;
	put(t, check, "patterns", pass);
}

static json_t *taken(pb_trace *t)
{
	json_t *all = seen(t), *out = t->no_memory ? NULL : all;
	if (!out)
		json_decref(all);
	t->seen = NULL;
	t->no_memory = false;
	return out;
}

json_t *pb_trace_object(pb_trace *t, const pb_object *object, const json_t *result)
{
	const json_t *tags = json_object_get(json_object_get(result, "facts"), "tags");
	for (size_t i = 0; i < t->n; i++) {
		bool applies = t->asked[i] && pb_check_applies(&t->checks[i], tags);
		if (!t->asked[i])
			continue;
		if (!applies && !t->all)
			put(t, i, "applies", json_false());
		else if (t->alone && t->alone[i]) /* a scan looks for every pattern in every object of its group */
			look(t, i, object);
		else if (!t->all)
			(void)seen_of(t, i);
	}
	return taken(t);
}

static json_t *about(const pb_check *c)
{
	json_t *applies = json_array();
	for (size_t i = 0; i < c->n_applies; i++)
		if (json_array_append_new(applies, json_string(c->applies[i]))) {
			json_decref(applies);
			return NULL;
		}
	return json_pack("{s:o,s:b,s:b,s:b,s:b}", "applies", applies, "looks", c->looks != NULL, "object", (int)c->has_object, "product",
	                 (int)c->has_product, "rules", strncmp(c->id, "rules.", 6) == 0);
}

/* Places where a finding weighs less: by path, for the same bytes may lie in several. */
static json_t *discounted(const pb_trace *t, const json_t *records)
{
	json_t *out = json_array(), *record;
	size_t i;
	json_array_foreach(records, i, record)
		if (pb_context_discounts(t->rules->lists, json_object_get(record, "path")) &&
		    json_array_append(out, json_object_get(record, "path"))) {
			json_decref(out);
			return NULL;
		}
	return out;
}

json_t *pb_trace_product(pb_trace *t, const json_t *records)
{
	for (size_t i = 0; i < t->n && !t->all; i++)
		if (t->asked[i])
			put(t, i, "about", about(&t->checks[i]));
	if (!t->all && json_object_set_new(seen(t), "discounted", discounted(t, records)) != 0)
		t->no_memory = true;
	return taken(t);
}
