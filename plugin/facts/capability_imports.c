/* Which imported names show a capability. */
#include <stdlib.h>
#include <string.h>

#include "facts/capability_list.h"

static int name_index(pb_imports *in, const char *name, size_t n, size_t *index, pb_error *err)
{
	if (!in->index)
		in->index = json_object();
	*index = json_object_size(in->index);
	const json_t *known = json_object_getn(in->index, name, n);
	if (known)
		*index = (size_t)json_integer_value(known);
	else if (*index == PB_IMPORT_NAMES)
		return pb_fail(err, PB_ELIMIT, "more than %d imports", PB_IMPORT_NAMES);
	else if (json_object_setn_new(in->index, name, n, json_integer((json_int_t)*index)))
		return pb_fail(err, PB_ENOMEM, "out of memory");
	return 0;
}

/* "connect" or "listen+accept" */
static int add_import_rule(pb_imports *in, const char *capability, const char *together, pb_error *err)
{
	pb_import_rule rule = {.capability = capability};

	for (const char *name = together; *name;) {
		size_t n = strcspn(name, "+");
		if (n == 0 || rule.n == PB_IMPORTS_TOGETHER)
			return pb_fail(err, PB_EINPUT, "\"%s\" is not one to %d names joined by +", together,
			               PB_IMPORTS_TOGETHER);
		int rc = name_index(in, name, n, &rule.name[rule.n++], err);
		if (rc)
			return rc;
		name += n + (name[n] == '+');
	}
	pb_import_rule *more = realloc(in->rules, (in->n_rules + 1) * sizeof *more);
	if (more)
		in->rules = more;
	rule.by = strdup(together);
	if (!more || !rule.by) {
		free(rule.by);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	in->rules[in->n_rules++] = rule;
	return 0;
}

int pb_imports_add(pb_imports *in, const char *capability, const char *value, pb_error *err)
{
	char *words = strdup(value), *save = NULL;
	int rc = words ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");

	for (char *word = words ? strtok_r(words, " \t", &save) : NULL; word && !rc; word = strtok_r(NULL, " \t", &save))
		rc = add_import_rule(in, capability, word, err);
	free(words);
	return rc;
}

void pb_imports_free(pb_imports *in)
{
	for (size_t i = 0; i < in->n_rules; i++)
		free(in->rules[i].by);
	json_decref(in->index);
	free(in->rules);
}
