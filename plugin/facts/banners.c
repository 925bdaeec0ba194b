#include "facts/banners.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "facts/components.h"

/* The columns of the list, behind its key, which is the component's name. */
enum { WHERE = 1, PATTERN, LIBRARIES, PURL, COLUMNS };
enum { VERSION_MAX = 64, HITS_MAX = 200 };

static int wrong(pb_error *err, const char *key, const char *what)
{
	return pb_fail(err, PB_EINPUT, "rulesets/lists/banners.tsv: %s: %s", key, what);
}

static int check_row(const char *const *row, pb_error *err)
{
	const char *pattern = row[PATTERN], *slash = strchr(row[PURL], '/');

	if (strcmp(row[WHERE], "binary") != 0 && strcmp(row[WHERE], "script") != 0)
		return wrong(err, row[0], "the second column is \"binary\" or \"script\"");
	if (pattern[0] != '/' || strlen(pattern) < 6 || pattern[strlen(pattern) - 1] != '/')
		return wrong(err, row[0], "a pattern is written /between slashes/");
	if (slash == NULL || slash[1] == '\0')
		return wrong(err, row[0], "the purl is written type/name or type/namespace/name");
	return 0;
}

/* One rule for each of the two, its strings named by their row. */
int pb_banners_read(pb_lists *l, pb_error *err)
{
	static const char *const applies[2] = {"binary", "script"};
	const pb_list *list = pb_list_named(l, "banners");
	int rc = 0;

	for (size_t w = 0; w < 2 && !rc; w++) {
		pb_buf text = {0};
		size_t any = 0;

		rc = pb_buf_puts(&text, "rule banners { strings: ");
		for (size_t i = 0; list != NULL && i < list->n_rows && !rc; i++) {
			const char *const *row = pb_list_row(list, i);

			if (list->n_columns != COLUMNS + 1)
				return wrong(err, "columns", "they are: component where pattern libraries purl source");
			rc = check_row(row, err);
			if (!rc && strcmp(row[WHERE], applies[w]) == 0) {
				rc = pb_buf_printf(&text, "$b%zu = %s ", i, row[PATTERN]);
				any++;
			}
		}
		if (!rc)
			rc = pb_buf_puts(&text, "condition: any of them }");
		l->banners[w] = (char *)text.data;
		l->sources[PB_OWN_BANNERS + w] = (pb_pattern_source){w == 0 ? "probity.banners" : "probity.script-banners",
		                                                     any ? l->banners[w] : "rule banners { condition: false }",
		                                                     "rulesets/lists/banners.tsv", 1, &applies[w], 1};
	}
	return rc == PB_ENOMEM && !err->code ? pb_fail(err, rc, "out of memory") : rc;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_version(uint8_t c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '+';
}

/* The version is what begins with a number, a dot and another: in "deflate 1.2.13 Copyright" the second word. */
static pb_bytes version_in(pb_bytes b)
{
	for (size_t i = 0; i < b.size; i++) {
		size_t digits = 0, n;

		while (i + digits < b.size && is_digit(b.data[i + digits]))
			digits++;
		if (digits == 0)
			continue;
		if (i + digits + 1 < b.size && b.data[i + digits] == '.' && is_digit(b.data[i + digits + 1])) {
			for (n = digits; i + n < b.size && n < VERSION_MAX && is_version(b.data[i + n]);)
				n++;
			while (n > 0 && strchr(".-+", b.data[i + n - 1]))
				n--;
			return pb_slice(b, i, n);
		}
		i += digits;
	}
	return (pb_bytes){NULL, 0};
}

/* Does the program load this library when it starts? Then the text is of what it was compiled with. */
static bool loads(const json_t *binary, const char *libraries)
{
	json_t *item;
	size_t i;

	json_array_foreach (json_object_get(binary, "needed"), i, item) {
		const char *name = json_string_value(item) ?: "", *p = libraries;

		while (*p != '\0') {
			size_t n = strcspn(p, " ");
			if (n > 0 && strncmp(name, p, n) == 0)
				return true;
			p += n + (p[n] != '\0');
		}
	}
	return false;
}

static int add_hit(pb_look *look, json_t *found, const char *const *row, const pb_hit *hit)
{
	const char *slash = strchr(row[PURL], '/'), *last = strrchr(row[PURL], '/');
	char type[32] = "", space[PB_LIST_CELL + 1] = "";
	pb_component c = {.from = "banner", .type = type, .space = space};

	if (slash == NULL || (size_t)(slash - row[PURL]) >= sizeof type)
		return 0;
	memcpy(type, row[PURL], (size_t)(slash - row[PURL]));
	if (last > slash)
		memcpy(space, slash + 1, (size_t)(last - slash - 1));
	c.name = (pb_bytes){(const uint8_t *)last + 1, strlen(last + 1)};
	c.version = version_in(pb_slice(look->object->bytes, (size_t)hit->at, hit->length));
	return c.version.size > 0 ? pb_component_add(look, found, &c) : 0;
}

/* Two versions of one library in one program: one of them is only mentioned, and nobody knows which. Both are told: a list that names
 * one of them agrees. */
int pb_components_banner(pb_look *look, json_t *found)
{
	const pb_list *list = pb_list_named(look->lists, "banners");
	const json_t *binary = json_object_get(look->facts, "binary");
	const pb_scan *scan = look->scan;
	size_t hits = 0;
	int rc = 0;

	for (size_t i = 0; list != NULL && i < scan->n_hits && scan->hits[i].source <= PB_OWN_SCRIPT_BANNERS && !rc; i++) {
		const pb_hit *hit = &scan->hits[i];
		size_t row;

		if (hit->source < PB_OWN_BANNERS || hit->string == NULL || strncmp(hit->string, "$b", 2) != 0)
			continue;
		row = strtoul(hit->string + 2, NULL, 10);
		if (row < list->n_rows && ++hits <= HITS_MAX && !loads(binary, pb_list_row(list, row)[LIBRARIES]))
			rc = add_hit(look, found, pb_list_row(list, row), hit);
	}
	return rc;
}
