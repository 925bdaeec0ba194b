/* package.json. Its fields come in several shapes (a person is a text or an object, a licence too); here each has one. */
#include <string.h>

#include "facts/fields.h"

enum { FILE_MAX = 4 << 20, NAMES_MAX = 2000, SCRIPTS_MAX = 200 };

/* A text, or one of the members of an object in its place. Display form; NULL where there is none. New. */
static json_t *text_of(const json_t *value, const char *const members[2])
{
	for (int i = 0; json_is_object(value) && i < 2 && members[i]; i++)
		if (json_is_string(json_object_get(value, members[i]))) {
			value = json_object_get(value, members[i]);
			break;
		}
	if (!json_is_string(value) || json_string_length(value) == 0)
		return NULL;
	return pb_text_json((pb_bytes){(const uint8_t *)json_string_value(value), json_string_length(value)}, PB_FIELD_TEXT);
}

static int put_text(json_t *npm, const json_t *from, const char *key, const char *const members[2])
{
	json_t *text = text_of(json_object_get(from, key), members);
	return text && json_object_set_new(npm, key, text) ? PB_ENOMEM : 0;
}

/* A list of texts, or one text for a list of one. */
static int put_list(json_t *npm, const json_t *from, const char *key, const char *const members[2])
{
	const json_t *value = json_object_get(from, key);
	json_t *item;
	size_t i;

	if (!json_is_array(value)) {
		json_t *text = text_of(value, members);
		return text ? pb_list_add(npm, key, text) : 0;
	}
	json_array_foreach (value, i, item) {
		json_t *text = text_of(item, members);
		if (text && pb_list_add(npm, key, text))
			return PB_ENOMEM;
	}
	return 0;
}

/* The keys of an object of texts ("dependencies"), with their texts where these are wanted ("scripts"). The keys of parsed JSON
 * are valid UTF-8, but hostile all the same: a name that is not as long in display form is passed over. */
static int put_keys(json_t *npm, json_t *from, const char *key, bool with_text)
{
	static const char *const none[2] = {NULL, NULL};
	json_t *value, *map = with_text ? json_object() : NULL;
	const char *name;
	size_t n = 0;
	int rc = with_text && !map ? PB_ENOMEM : 0;

	json_object_foreach (json_object_get(from, key), name, value) {
		json_t *text = with_text ? text_of(value, none) : NULL;
		json_t *shown = pb_text_json((pb_bytes){(const uint8_t *)name, strlen(name)}, 256);
		bool wanted = shown && strcmp(json_string_value(shown), name) == 0 && n < (with_text ? SCRIPTS_MAX : NAMES_MAX);
		if (!shown)
			rc = PB_ENOMEM;
		else if (wanted && text)
			rc = json_object_set(map, name, text) ? PB_ENOMEM : 0;
		else if (wanted && !with_text)
			rc = pb_list_add(npm, key, json_incref(shown));
		n++;
		json_decref(text);
		json_decref(shown);
		if (rc)
			break;
	}
	if (!rc && json_object_size(map) > 0)
		rc = json_object_set(npm, key, map) ? PB_ENOMEM : 0;
	json_decref(map);
	return rc;
}

static int fill(json_t *npm, json_t *from)
{
	static const struct {
		const char *key;
		const char *members[2];
		int (*put)(json_t *, const json_t *, const char *, const char *const[2]);
	} fields[] = {
	    {"name", {NULL}, put_text},
	    {"version", {NULL}, put_text},
	    {"description", {NULL}, put_text},
	    {"license", {"type", NULL}, put_text},
	    {"repository", {"url", NULL}, put_text},
	    {"homepage", {NULL}, put_text},
	    {"author", {"name", "email"}, put_text},
	    {"keywords", {NULL}, put_list},
	    {"maintainers", {"name", "email"}, put_list},
	    {"main", {NULL}, put_text},
	    {"bugs", {"url", "email"}, put_text},
	};
	int rc = 0;

	for (size_t i = 0; i < sizeof fields / sizeof fields[0] && !rc; i++)
		rc = fields[i].put(npm, from, fields[i].key, fields[i].members);
	if (!rc)
		rc = put_keys(npm, from, "scripts", true);
	if (!rc)
		rc = put_keys(npm, from, "dependencies", false);
	/* "bin" is a path for a command of the package's own name, or an object of them. */
	if (!rc && json_is_object(json_object_get(from, "bin")))
		rc = put_keys(npm, from, "bin", true);
	else if (!rc)
		rc = put_text(npm, from, "bin", (const char *const[2]){NULL, NULL});
	return rc;
}

int pb_fact_npm(pb_look *look)
{
	int rc;
	json_t *from = pb_json_lenient(look->object->bytes, FILE_MAX, &rc), *npm = json_object();

	if (rc == PB_ELIMIT)
		pb_look_cut(look, "npm");
	rc = rc == PB_ENOMEM || !npm ? PB_ENOMEM : 0;
	if (!rc && json_is_object(from))
		rc = fill(npm, from);
	json_decref(from);
	if (!rc && json_object_get(npm, "name")) {
		pb_look_tag(look, "npm");
		pb_look_tag(look, "package");
		return pb_look_set(look, "npm", npm);
	}
	json_decref(npm);
	return rc;
}
