#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/source.h"
#include "collector/tasks.h"

static const pb_script *script_of(const pb_task *t, const char *name)
{
	for (size_t i = 0; i < t->n_scripts; i++)
		if (strcmp(t->scripts[i].name, name) == 0)
			return &t->scripts[i];
	return NULL;
}

/* The coordinates are texts, and a list of the packages inside. */
static bool holds(const json_t *product)
{
	const char *key;
	json_t *v;

	if (!json_is_object(product))
		return false;
	json_object_foreach ((json_t *)product, key, v)
		if (strcmp(key, "packages") == 0 ? !json_is_array(v) : !json_is_string(v))
			return false;
	return true;
}

int pb_task_collect(pb_task *t, pb_error *err)
{
	const json_t *product = json_object_get(t->job, "product"), *name;
	bool dry = json_is_true(json_object_get(t->job, "dry_run"));
	json_t *requests = pb_json_array_at(t->answer, "requests"), *problems = pb_json_array_at(t->answer, "problems"),
	       *follows = pb_json_array_at(t->answer, "follows");
	pb_collected into = {0};
	size_t i;
	int rc = PB_OK;

	if (!holds(product) || !requests || !problems || !follows)
		return pb_fail(err, PB_EINPUT, "the coordinates of the product are not what they should be");
	if (!dry)
		rc = pb_collected_open(pb_json_str(t->job, "output", ""), product, &into, err);
	json_array_foreach (json_object_get(t->job, "sources"), i, name) {
		const pb_script *s = script_of(t, json_is_string(name) ? json_string_value(name) : "");
		pb_source_run run = {.settings = t->settings, .product = product, .bindings = t->bindings, .fetcher = t->fetcher, .dry = dry,
		                     .cache = pb_json_str(t->job, "cache", ""), .into = dry ? NULL : &into, .requests = requests,
		                     .problems = problems, .follows = follows};
		pb_error inner = {0};

		if (rc)
			break;
		if (!s) {
			rc = pb_fail(err, PB_EINPUT, "there is no source \"%.100s\" (`probity collect --list` names them)", json_string_value(name));
			break;
		}
		run.name = s->name;
		run.text = (pb_bytes){s->text.data, s->text.size};
		if (pb_source_collect(&run, &inner)) /* the others still go */
			json_array_append_new(problems, json_pack("{s:s,s:s}", "source", s->name, "why", inner.text));
	}
	if (!rc && !dry)
		rc = pb_collected_write(&into, err);
	if (!rc)
		json_object_set_new(t->answer, "files", json_integer((json_int_t)json_object_size(into.entries)));
	pb_collected_free(&into);
	return rc;
}

int pb_task_list(pb_task *t, pb_error *err)
{
	json_t *out = pb_json_array_at(t->answer, "sources");

	for (size_t i = 0; out && i < t->n_scripts; i++) {
		pb_source_run run = {.settings = t->settings, .bindings = t->bindings, .name = t->scripts[i].name,
		                     .text = {t->scripts[i].text.data, t->scripts[i].text.size}};
		json_t *about;
		int rc = pb_source_about(&run, &about, err);

		if (rc)
			return rc;
		json_object_set_new(about, "name", json_string(t->scripts[i].name));
		json_array_append_new(out, about);
	}
	return out ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");
}
