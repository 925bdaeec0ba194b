/* What the inventories of several products have, and which of them. */
#include <stdlib.h>
#include <string.h>

#include "cli/compare.h"

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* {item: [in each?]} of one list, as rows sorted by byte: those that not all have. */
static json_t *items(json_t *known, size_t products, int64_t *more)
{
	json_t *out = json_array(), *in;
	size_t n = json_object_size(known), at_name = 0;
	const char **names = calloc(n + 1, sizeof *names), *name;

	*more = 0;
	if (names)
		json_object_foreach (known, name, in)
			names[at_name++] = name;
	if (names)
		qsort(names, at_name, sizeof *names, by_text);
	for (size_t i = 0; i < at_name; i++) {
		size_t have = 0, p;
		json_t *there;

		in = json_object_get(known, names[i]);
		json_array_foreach (in, p, there)
			have += json_is_true(there);
		if (have == products)
			continue;
		if (json_array_size(out) < PB_COMPARE_ITEMS)
			json_array_append_new(out, json_pack("{s:s,s:O}", "item", names[i], "in", in));
		else
			++*more;
	}
	free(names);
	return out;
}

static void mark(json_t *known, const char *item, size_t which, size_t products)
{
	json_t *in = json_object_get(known, item);

	if (!in) {
		in = json_array();
		for (size_t p = 0; p < products; p++)
			json_array_append_new(in, json_false());
		json_object_set_new(known, item, in);
	}
	json_array_set_new(in, which, json_true());
}

static json_t *list_of(const json_t *const *of, size_t n, const char *name)
{
	json_t *known = json_object(), *counts = json_array(), *rows;
	int64_t more;

	for (size_t i = 0; i < n; i++) {
		const json_t *inventory = json_object_get(of[i], "inventory"), *list = json_object_get(inventory, name), *t;
		size_t k;

		json_array_append_new(counts, inventory ? json_integer((json_int_t)json_array_size(list)) : json_null());
		json_array_foreach (list, k, t)
			if (json_string_value(t))
				mark(known, json_string_value(t), i, n);
	}
	rows = items(known, n, &more);
	json_decref(known);
	return json_pack("{s:s,s:o,s:o,s:I}", "list", name, "counts", counts, "items", rows, "more", (json_int_t)more);
}

json_t *pb_compare_lists(const json_t *const *of, size_t n)
{
	static const char *const names[] = {"hosts", "capabilities", "privileged", "scripts", "makers", "signers", "dependencies", "opaque"};
	json_t *out = json_array();

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		json_array_append_new(out, list_of(of, n, names[i]));
	return out;
}
