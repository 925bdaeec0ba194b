#include "report/differ.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

typedef struct walk {
	pb_differ_each each;
	void *user;
} walk;

/* What rows of these lists are about. The others are told apart by their place. */
static const struct {
	const char *list;
	const char *keys[4];
} named[] = {
    {"checks", {"id"}},        {"claims", {"claim", "pillar"}},       {"findings", {"check", "finding", "key"}},
    {"principles", {"id"}},    {"limits", {"path", "why"}},           {"required", {"id"}},
    {"evidence", {"name", "sha256"}}, {"statements", {"document", "claim", "check"}}, {"waivers", {"document", "check", "key", "sha256"}},
    {"endpoints", {"host"}},  {"declared", {"what", "value"}},       {"rows", {"path", "kind"}},
    {"rule_sets", {"id"}},     {"packs", {"name"}},
};

static const char *const *keys_of(const char *list)
{
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (strcmp(named[i].list, list) == 0)
			return named[i].keys;
	return NULL;
}

/* What a row is about, in words; NULL: it does not say, or memory ran out. */
static char *name_of(const json_t *row, const char *const *keys)
{
	pb_buf b = {0};
	int rc = 0;

	for (size_t i = 0; i < 4 && keys[i] != NULL && rc == 0; i++) {
		const json_t *v = json_object_get(row, keys[i]);
		char *joined = json_is_array(v) ? pb_json_joined(v, " > ") : NULL;
		const char *word = joined != NULL ? joined : json_string_value(v);

		rc = word == NULL ? -1 : i > 0 ? pb_buf_printf(&b, ", %s", word) : pb_buf_puts(&b, word);
		free(joined);
	}
	if (rc == 0)
		return (char *)b.data;
	pb_buf_free(&b);
	return NULL;
}

static int compare(const walk *w, const char *field, const char *key, const json_t *a, const json_t *b);

static int member(const walk *w, const char *field, const char *key, const json_t *a, const json_t *b)
{
	char *at = NULL;
	int rc = asprintf(&at, "%s%s%s", field, *field != '\0' ? "." : "", key) < 0 ? PB_ENOMEM : compare(w, at, key, a, b);

	free(at);
	return rc;
}

static int objects(const walk *w, const char *field, const json_t *a, const json_t *b)
{
	const char *key;
	json_t *v;
	int rc = 0;

	json_object_foreach ((json_t *)(uintptr_t)a, key, v)
		rc = rc != 0 ? rc : member(w, field, key, v, json_object_get(b, key));
	json_object_foreach ((json_t *)(uintptr_t)b, key, v)
		if (rc == 0 && json_object_get(a, key) == NULL)
			rc = member(w, field, key, NULL, v);
	return rc;
}

static int element(const walk *w, const char *field, const char *name, const json_t *a, const json_t *b)
{
	char *at = NULL;
	int rc = asprintf(&at, "%s[%s]", field, name) < 0 ? PB_ENOMEM : compare(w, at, "", a, b);

	free(at);
	return rc;
}

static int by_place(const walk *w, const char *field, const json_t *a, const json_t *b)
{
	size_t na = json_array_size(a), nb = json_array_size(b);
	char name[24];
	int rc = 0;

	for (size_t i = 0; i < (na > nb ? na : nb) && rc == 0; i++) {
		(void)snprintf(name, sizeof name, "%zu", i);
		rc = element(w, field, name, json_array_get(a, i), json_array_get(b, i));
	}
	return rc;
}

/* name -> row; NULL where two have one name or one has none: then places have to do. */
static json_t *index_of(const json_t *list, const char *const *keys)
{
	json_t *out = json_object(), *row;
	size_t i;

	json_array_foreach (list, i, row) {
		char *name = name_of(row, keys);
		bool fine = name != NULL && json_object_get(out, name) == NULL && json_object_set(out, name, row) == 0;

		free(name);
		if (!fine) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

static int by_name(const walk *w, const char *field, const json_t *list, json_t *a, json_t *b)
{
	const char *name;
	json_t *row;
	size_t place = 0;
	int rc = 0;

	json_object_foreach (a, name, row)
		rc = rc != 0 ? rc : element(w, field, name, row, json_object_get(b, name));
	json_object_foreach (b, name, row) {
		if (rc == 0 && json_object_get(a, name) == NULL)
			rc = element(w, field, name, NULL, row);
		else if (rc == 0 && json_object_size(a) == json_object_size(b) && json_array_get(list, place) != json_object_get(a, name)) {
			/* jansson keeps what was put in first, first */
			json_t *said = json_string("another order"), *found = json_string(name);

			w->each(w->user, field, said, found);
			json_decref(said);
			json_decref(found);
			break;
		}
		place++;
	}
	return rc;
}

static int lists(const walk *w, const char *field, const char *key, const json_t *a, const json_t *b)
{
	const char *const *keys = keys_of(key);
	json_t *x = keys != NULL ? index_of(a, keys) : NULL, *y = keys != NULL ? index_of(b, keys) : NULL;
	int rc = x != NULL && y != NULL ? by_name(w, field, a, x, y) : by_place(w, field, a, b);

	json_decref(x);
	json_decref(y);
	return rc;
}

static int compare(const walk *w, const char *field, const char *key, const json_t *a, const json_t *b)
{
	if (json_is_object(a) && json_is_object(b))
		return objects(w, field, a, b);
	if (json_is_array(a) && json_is_array(b))
		return lists(w, field, key, a, b);
	w->each(w->user, field, a, b);
	return 0;
}

int pb_report_differ(const json_t *said, const json_t *found, pb_differ_each each, void *user)
{
	const walk w = {each, user};

	return compare(&w, "", "", said, found);
}
