/* What YARA's modules read out of a binary, as JSON. The trees describe hostile bytes, so every text goes through the display
 * form and the number of values is bounded; a list that does not fit is cut, and says so: "cut": ["symtab", ...] beside it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "facts/yara_rules.h"

enum { TEXT_MAX = 4096, DEPTH_MAX = 16 };

typedef struct walk {
	size_t left; /* values that may still be made in this list */
	bool cut;
} walk;

static json_t *value_of(const YR_OBJECT *object, walk *w, int depth);

static bool defined(const YR_OBJECT *object)
{
	return (uint64_t)object->value.i != (uint64_t)YR_UNDEFINED;
}

static json_t *leaf(const YR_OBJECT *object)
{
	switch (object->type) {
	case OBJECT_TYPE_INTEGER:
		return defined(object) ? json_integer(object->value.i) : NULL;
	case OBJECT_TYPE_FLOAT:
		return defined(object) && isfinite(object->value.d) ? json_real(object->value.d) : NULL;
	case OBJECT_TYPE_STRING:
		if (!object->value.ss)
			return NULL;
		return pb_json_display(object->value.ss->c_string, object->value.ss->length, TEXT_MAX);
	default:
		return NULL;
	}
}

static json_t *array_of(YR_OBJECT_ARRAY *array, walk *w, int depth)
{
	json_t *list = json_array();

	for (int i = 0; list && array->items && i < array->items->length && !w->cut; i++) {
		json_t *item = array->items->objects[i] ? value_of(array->items->objects[i], w, depth) : NULL;
		/* A hole stays one: rules count from the same 0. */
		if (!w->cut || item)
			json_array_append_new(list, item ? item : json_null());
	}
	return list;
}

static json_t *dictionary_of(YR_OBJECT_DICTIONARY *dictionary, walk *w, int depth)
{
	json_t *map = json_object();

	for (int i = 0; map && dictionary->items && i < dictionary->items->used && !w->cut; i++) {
		const SIZED_STRING *raw = dictionary->items->objects[i].key;
		char *key = raw ? pb_text_display(raw->c_string, raw->length, TEXT_MAX) : NULL;
		json_t *value = key ? value_of(dictionary->items->objects[i].obj, w, depth) : NULL;
		if (value)
			json_object_set_new(map, key, value);
		free(key);
	}
	return map;
}

static json_t *structure_of(YR_OBJECT_STRUCTURE *structure, walk *w, int depth)
{
	json_t *map = json_object();

	for (YR_STRUCTURE_MEMBER *m = structure->members; map && m; m = m->next) {
		json_t *value = value_of(m->object, w, depth);
		if (value)
			json_object_set_new(map, m->object->identifier, value);
	}
	return map;
}

/* NULL: undefined, a function, out of budget or out of memory. */
static json_t *value_of(const YR_OBJECT *object, walk *w, int depth)
{
	if (!object || object->type == OBJECT_TYPE_FUNCTION)
		return NULL;
	if (depth == DEPTH_MAX || w->left == 0) {
		w->cut = true;
		return NULL;
	}
	w->left--;
	switch (object->type) {
	case OBJECT_TYPE_STRUCTURE:
		return structure_of((YR_OBJECT_STRUCTURE *)object, w, depth + 1);
	case OBJECT_TYPE_ARRAY:
		return array_of((YR_OBJECT_ARRAY *)object, w, depth + 1);
	case OBJECT_TYPE_DICTIONARY:
		return dictionary_of((YR_OBJECT_DICTIONARY *)object, w, depth + 1);
	default:
		return leaf(object);
	}
}

/* MACHINE_I386 and the like: names for rule authors, hundreds of them, the same for every object. All data begins with a small letter, and
 * one constant ends with one (CPU_SUBTYPE_POWERPC_604e). */
static bool is_constant(const char *identifier)
{
	return *identifier < 'a' || *identifier > 'z';
}

json_t *pb_module_json(YR_OBJECT *module, size_t *left)
{
	json_t *map, *cut = json_array();

	map = module->type == OBJECT_TYPE_STRUCTURE && cut ? json_object() : NULL;
	for (YR_STRUCTURE_MEMBER *m = map ? object_as_structure(module)->members : NULL; m; m = m->next) {
		if (is_constant(m->object->identifier))
			continue;
		/* A half of what is left for each member: a big symbol table does not crowd out the imports after it. */
		walk w = {.left = *left / 2};
		size_t had = w.left;
		json_t *value = value_of(m->object, &w, 0);
		*left -= had - w.left;
		if (value)
			json_object_set_new(map, m->object->identifier, value);
		if (w.cut)
			json_array_append_new(cut, json_string(m->object->identifier));
	}
	if (map && json_array_size(cut) > 0)
		json_object_set(map, "cut", cut);
	json_decref(cut);
	return map;
}
