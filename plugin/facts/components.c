#include "facts/components.h"

#include <stdlib.h>
#include <string.h>

#include "facts/purl.h"

static json_t *text_of(pb_bytes b)
{
	return pb_json_display(b.data, b.size, PB_COMPONENT_TEXT);
}

static int put(json_t *o, const char *key, pb_bytes b)
{
	return b.size > 0 && json_object_set_new(o, key, text_of(b)) ? PB_ENOMEM : 0;
}

/* "a/b/c": the namespace is what stands before the last '/'. Display form has no '/' of its own making. */
static char *purl_of(const json_t *o, const pb_component *c, const json_t *group)
{
	const char *name = pb_json_str(o, "name", ""), *space = json_string_value(group) ?: c->space;
	const char *slash = c->whole_name ? strrchr(name, '/') : NULL;
	char *front, *purl;

	if (slash == NULL)
		return pb_purl(c->type, space, name, pb_json_str(o, "version", ""));
	front = strndup(name, (size_t)(slash - name));
	purl = front ? pb_purl(c->type, front, slash + 1, pb_json_str(o, "version", "")) : NULL;
	free(front);
	return purl;
}

int pb_component_add(pb_look *look, json_t *list, const pb_component *c)
{
	json_t *o, *group, *item;
	char *purl;
	size_t i, n = json_array_size(list);
	int rc;

	if (c->name.size == 0)
		return 0;
	if (n >= PB_COMPONENTS) {
		pb_look_cut(look, "components");
		return 0;
	}
	o = json_pack("{s:s}", "from", c->from);
	group = c->group.size > 0 ? text_of(c->group) : NULL;
	rc = o == NULL ? PB_ENOMEM : put(o, "name", c->name);
	rc = rc ? rc : put(o, "version", c->version);
	rc = rc ? rc : put(o, "source", c->source);
	rc = rc ? rc : put(o, "source_version", c->source_version);
	purl = rc ? NULL : purl_of(o, c, group);
	if (!rc && (purl == NULL || json_object_set_new(o, "purl", json_string(purl))))
		rc = PB_ENOMEM;
	/* Lists that can repeat an entry are short ones; those of package managers hold each once. */
	if (!rc && n <= 200)
		json_array_foreach (list, i, item)
			if (json_equal(item, o)) {
				json_decref(o);
				o = NULL;
				break;
			}
	if (!rc && o != NULL)
		rc = json_array_append(list, o) ? PB_ENOMEM : 0;
	free(purl);
	json_decref(group);
	json_decref(o);
	return rc;
}

int pb_fact_components(pb_look *look)
{
	static int (*const of_text[])(pb_look *, json_t *) = {pb_components_dpkg, pb_components_alpine, pb_components_maven};
	static int (*const of_program[])(pb_look *, json_t *) = {pb_components_go, pb_components_banner};
	pb_class class = look->object->kind->class;
	json_t *list = json_array();
	int rc = list ? 0 : PB_ENOMEM;

	for (size_t i = 0; i < 3 && !rc && class == PB_CLASS_TEXT; i++)
		rc = of_text[i](look, list);
	for (size_t i = 0; i < 2 && !rc && class == PB_CLASS_BINARY; i++)
		rc = of_program[i](look, list);
	if (!rc && class == PB_CLASS_SCRIPT)
		rc = pb_components_banner(look, list);
	if (!rc && json_array_size(list) > 0)
		return pb_look_set(look, "components", list);
	json_decref(list);
	return rc;
}
