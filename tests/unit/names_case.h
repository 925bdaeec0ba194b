/* Small files of other systems, made to order, and the names that a reader of theirs tells. */
#ifndef PROBITY_TESTS_NAMES_CASE_H
#define PROBITY_TESTS_NAMES_CASE_H

#include "facts_case.h"

#include "base/buf.h"
#include "facts/names.h"
#include "prng.h"

typedef struct made {
	uint8_t data[4096];
	size_t size;
} made;

static inline void made_put(made *m, const void *data, size_t n)
{
	assert_true(n <= sizeof m->data - m->size);
	memcpy(m->data + m->size, data, n);
	m->size += n;
}

static inline void made_little(made *m, uint64_t value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		made_put(m, &(uint8_t){i < 8 ? (uint8_t)(value >> 8 * i) : 0}, 1);
}

static inline void made_big(made *m, uint64_t value, size_t n)
{
	for (size_t i = n; i-- > 0;)
		made_put(m, &(uint8_t){i < 8 ? (uint8_t)(value >> 8 * i) : 0}, 1);
}

static inline void made_text(made *m, const char *text) /* with its NUL */
{
	made_put(m, text, strlen(text) + 1);
}

/* "name<library@offset ..." */
static inline void tell_name(void *user, pb_bytes name, pb_bytes library, uint64_t at)
{
	pb_buf *line = user;

	pb_buf_printf(line, "%s%.*s", line->size ? " " : "", (int)name.size, (const char *)name.data);
	if (library.size)
		pb_buf_printf(line, "<%.*s", (int)library.size, (const char *)library.data);
	if (at != PB_NO_OFFSET)
		pb_buf_printf(line, "@%llu", (unsigned long long)at);
}

typedef struct reading_case {
	const char *kind;
	json_t *facts, *modules;
	pb_names_fn read;
} reading_case;

/* The bytes are a copy of their own, so that a read past the end is seen. */
static inline int names_of(const reading_case *c, const void *bytes, size_t n, pb_buf *line)
{
	static pb_lists none;
	uint8_t *own = malloc(n ? n : 1);
	assert_non_null(own);
	memcpy(own, bytes, n);
	pb_object object = {.bytes = {own, n}, .kind = pb_kind_named(c->kind)};
	pb_scan scan = {.modules = c->modules};
	pb_look look = {.object = &object, .scan = &scan, .lists = &none, .facts = c->facts};
	int rc = c->read(&look, tell_name, line);
	free(own);
	return rc;
}

static inline void assert_names(const reading_case *c, const made *m, const char *expected)
{
	pb_buf line = {0};

	assert_int_equal(names_of(c, m->data, m->size, &line), 0);
	assert_string_equal(line.data ? (char *)line.data : "", expected);
	pb_buf_free(&line);
}

/* Cut anywhere and with bytes of it changed: it ends, and nothing is read that is not there. */
static inline void names_hostile(const reading_case *c, const made *m)
{
	prng random = prng_of_case(7, 1);

	for (size_t n = 0; n < m->size; n++) {
		pb_buf line = {0};
		(void)names_of(c, m->data, n, &line);
		pb_buf_free(&line);
	}
	for (int i = 0; i < 3000; i++) {
		made copy = *m;
		pb_buf line = {0};
		for (int k = prng_in(&random, 1, 5); k > 0; k--)
			copy.data[prng_in(&random, 0, (int)copy.size - 1)] = (uint8_t)(prng_chance(&random, 70) ? prng_in(&random, 0, 255) : 0xff);
		(void)names_of(c, copy.data, copy.size, &line);
		pb_buf_free(&line);
	}
}

#endif
