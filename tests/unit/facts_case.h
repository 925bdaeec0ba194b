/* What the tests of facts share: the rules of this tree, opened once, and one object at a time. */
#ifndef PROBITY_TESTS_FACTS_CASE_H
#define PROBITY_TESTS_FACTS_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fs.h"
#include "facts/facts.h"

typedef struct facts_case {
	pb_lists *lists;
	pb_patterns *patterns;
	pb_scanner *scanner;
} facts_case;

static inline void refused(void *user, size_t source, const char *message)
{
	(void)user;
	fail_msg("source %zu: %s", source, message);
}

static inline int facts_open(void **state)
{
	facts_case *c = calloc(1, sizeof *c);
	pb_error err = {0};
	char *data = pb_fs_data_dir();
	size_t n;

	assert_non_null(c);
	if (pb_lists_open(data, &c->lists, &err))
		fail_msg("%s", err.text);
	free(data);
	const pb_pattern_source *sources = pb_lists_sources(c->lists, &n);
	if (pb_patterns_open(sources, n, NULL, refused, NULL, &c->patterns, &err))
		fail_msg("%s", err.text);
	c->scanner = pb_scanner_new(c->patterns, 60);
	assert_non_null(c->scanner);
	*state = c;
	return 0;
}

static inline int facts_close(void **state)
{
	facts_case *c = *state;
	pb_scanner_free(c->scanner);
	pb_patterns_close(c->patterns);
	pb_lists_close(c->lists);
	free(c);
	return 0;
}

/* The facts of some bytes; kind: a name, or NULL for what the bytes and the name class say. */
static inline json_t *facts_of(void **state, const void *bytes, size_t n, const char *name_class, const char *kind)
{
	facts_case *c = *state;
	pb_object object = {.bytes = {bytes, n}};
	pb_scan scan;
	pb_error err = {0};
	json_t *facts = NULL;

	strncpy(object.name_class, name_class, sizeof object.name_class - 1);
	object.kind = kind ? pb_kind_named(kind) : pb_kind_of(object.bytes, name_class);
	assert_non_null(object.kind);
	assert_int_equal(pb_scanner_run(c->scanner, object.bytes, pb_group_of(object.kind), &scan), 0);
	if (pb_facts_of(&object, &scan, c->lists, &facts, &err))
		fail_msg("%s", err.text);
	pb_scan_free(&scan);
	return facts;
}

static inline json_t *facts_of_text(void **state, const char *text, const char *name_class, const char *kind)
{
	return facts_of(state, text, strlen(text), name_class, kind);
}

/* facts[a][b][c]..., up to a NULL; an index where it is an array is written as a number: "0". */
static inline json_t *at(const json_t *value, ...)
{
	va_list keys;
	va_start(keys, value);
	for (const char *key; value && (key = va_arg(keys, const char *)) != NULL;)
		value = json_is_array(value) ? json_array_get(value, strtoul(key, NULL, 10)) : json_object_get(value, key);
	va_end(keys);
	return (json_t *)value;
}

/* The value, as canonical JSON, equals this. */
static inline void assert_json(const json_t *value, const char *expected)
{
	char *text = value ? pb_json_canonical(value) : strdup("(absent)");
	if (strcmp(text, expected) != 0)
		fail_msg("%s\n  instead of\n%s", text, expected);
	free(text);
}

static inline void assert_tag(const json_t *facts, const char *tag, bool expected)
{
	json_t *item;
	size_t i;
	bool found = false;
	json_array_foreach (json_object_get(facts, "tags"), i, item)
		found |= strcmp(json_string_value(item), tag) == 0;
	if (found != expected)
		fail_msg("tag %s %s", tag, found ? "is there" : "is missing");
}

#endif
