/* "code": what a script calls with which constants, which texts it makes, and how it is written. */
#include <stdlib.h>
#include <string.h>

#include "facts/code.h"

enum { ROOM = 16 << 10 };

static pb_language language_of(const char *kind)
{
	static const struct {
		const char *kind;
		pb_language language;
	} all[] = {{"javascript", PB_JAVASCRIPT},
	           {"typescript", PB_JAVASCRIPT},
	           {"python", PB_PYTHON},
	           {"php", PB_PHP},
	           {"ruby", PB_RUBY},
	           {"perl", PB_PERL},
	           {"powershell", PB_POWERSHELL},
	           {"shell", PB_SHELL}};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(all[i].kind, kind) == 0)
			return all[i].language;
	return 0;
}

/* Commands that packages have in their metadata are a shell's: those that run when the package is put in place. */
static bool of_metadata(pb_script *c, pb_code_fact *f, int *rc)
{
	static const char *const sources[] = {"npm", "rpm"};
	static const char *const hooks[] = {"preinstall",  "install", "postinstall", "prepare",  "preprepare",
	                                    "postprepare", "prein",   "postin",      "pretrans", "posttrans"};
	bool any = false;

	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
		const json_t *scripts = json_object_get(json_object_get(c->look->facts, sources[i]), "scripts");
		for (size_t k = 0; scripts && k < sizeof hooks / sizeof hooks[0] && !*rc; k++) {
			const json_t *hook = json_object_get(scripts, hooks[k]);
			if (!json_is_string(hook))
				continue;
			any = true;
			*rc = pb_code_command(c, f,
			                      (pb_bytes){(const uint8_t *)json_string_value(hook), json_string_length(hook)});
		}
	}
	return any;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names, in order. New. */
static json_t *names_of(const json_t *set)
{
	json_t *list = json_array();
	size_t n = json_object_size(set), i = 0;
	const char **names = calloc(n + 1, sizeof *names), *name;
	json_t *value;

	json_object_foreach ((json_t *)set, name, value)
		if (names && i < n)
			names[i++] = name;
	if (names)
		qsort(names, i, sizeof *names, by_name);
	for (size_t k = 0; list && k < i; k++)
		if (json_array_append_new(list, json_string(names[k]))) {
			json_decref(list);
			list = NULL;
		}
	if (!names) {
		json_decref(list);
		list = NULL;
	}
	free(names);
	return list;
}

static int put(json_t *fact, const char *key, json_t *list)
{
	if (list && json_array_size(list) == 0)
		return json_decref(list), 0;
	return json_object_set_new(fact, key, list) ? PB_ENOMEM : 0;
}

static int set_fact(pb_look *look, const pb_script *c, const pb_code_fact *f)
{
	json_t *fact = json_object();
	int rc = fact ? 0 : PB_ENOMEM;

	if (!rc)
		rc = put(fact, "calls", json_incref(f->calls));
	if (!rc)
		rc = put(fact, "strings", json_incref(f->strings));
	if (!rc)
		rc = put(fact, "environment", names_of(f->environment));
	if (!rc && f->dynamic)
		rc = json_object_set_new(fact, "dynamic_imports", json_integer((json_int_t)f->dynamic)) ? PB_ENOMEM : 0;
	if (!rc)
		rc = json_object_set_new(fact, "measures", pb_code_measures(c, f)) ? PB_ENOMEM : 0;
	if (rc)
		return json_decref(fact), rc;
	if (c->cut)
		pb_look_cut(look, "code");
	return pb_look_set(look, "code", fact);
}

int pb_fact_code(pb_look *look)
{
	pb_script c = {.look = look, .b = pb_slice(look->object->bytes, 0, PB_CODE_BYTES)};
	pb_code_fact f = {
	    .calls = json_array(), .strings = json_array(), .environment = json_object(), .seen = json_object(), .room = ROOM};
	int rc = f.calls && f.strings && f.environment && f.seen ? 0 : PB_ENOMEM;

	c.language = language_of(look->object->kind->name);
	c.cut = c.b.size < look->object->bytes.size;
	if (!rc && c.language == PB_SHELL && c.b.size > 0) {
		rc = pb_code_shell(&c, &f);
		if (!rc)
			rc = set_fact(look, &c, &f);
	} else if (!rc && !c.language) {
		c.language = PB_SHELL;
		c.b = (pb_bytes){NULL, 0};
		c.cut = false;
		if (of_metadata(&c, &f, &rc) && !rc && (json_array_size(f.calls) || json_array_size(f.strings)))
			rc = set_fact(look, &c, &f);
	} else if (!rc) {
		rc = pb_code_tokens(&c) ? 0 : PB_ENOMEM;
		c.steps = c.n * 4 + 1000;
		if (!rc)
			pb_code_bindings(&c);
		if (!rc)
			rc = c.failed ? PB_ENOMEM : pb_code_calls(&c, &f);
		if (!rc && c.n > 0)
			rc = set_fact(look, &c, &f);
	}
	pb_code_free(&c);
	json_decref(f.calls);
	json_decref(f.strings);
	json_decref(f.environment);
	json_decref(f.seen);
	return rc;
}
