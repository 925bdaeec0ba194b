/* Which names does a program ask the system for, or look up? For checks that judge names together; what single names show is in `capabilities`. */
#include <string.h>

#include "facts/binary.h"
#include "facts/names.h"

enum { ASKS_MAX = 8192, ASK_NAME_MAX = 128 };

typedef struct asking {
	json_t *names; /* {"connect": "import"} */
	const char *how;
	bool looks_up, cut, failed;
} asking;

static void take(void *user, pb_bytes name, pb_bytes library, uint64_t at)
{
	asking *a = user;

	(void)library, (void)at;
	a->looks_up |= pb_name_looks_up(name);
	if (name.size == 0 || name.size > ASK_NAME_MAX || a->failed)
		return;
	json_t *shown = pb_json_display(name.data, name.size, 0);
	const char *key = json_string_value(shown);
	if (!key)
		a->failed = true;
	else if (!json_object_get(a->names, key)) {
		if (json_object_size(a->names) == ASKS_MAX)
			a->cut = true;
		else
			a->failed = json_object_set_new(a->names, key, json_string(a->how)) != 0;
	}
	json_decref(shown);
}

static int read_all(pb_look *look, asking *a)
{
	static const struct {
		const char *kind;
		bool texts;
		pb_names_fn read[3];
	} formats[] = {
	    {"elf", true, {pb_names_elf}},
	    {"pe", true, {pb_names_pe, pb_names_native, pb_names_dotnet}},
	    {"macho", false, {pb_names_macho}},
	};
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		if (strcmp(look->object->kind->name, formats[i].kind) != 0)
			continue;
		for (size_t r = 0; r < 3 && formats[i].read[r]; r++) {
			int rc = formats[i].read[r](look, take, a);
			a->cut |= rc == PB_ELIMIT;
			if (rc == PB_ENOMEM || a->failed)
				return PB_ENOMEM;
		}
		a->how = "lookup";
		if (formats[i].texts && a->looks_up && (pb_names_texts(look, formats[i].kind, take, a) || a->failed))
			return PB_ENOMEM;
	}
	return 0;
}

int pb_fact_asks(pb_look *look)
{
	asking a = {.names = json_object(), .how = "import"};
	int rc = a.names ? 0 : PB_ENOMEM;

	if (!rc && look->object->kind->class == PB_CLASS_BINARY)
		rc = read_all(look, &a);
	if (rc || json_object_size(a.names) == 0) {
		json_decref(a.names);
		return rc;
	}
	if (a.cut)
		pb_look_cut(look, "asks");
	return pb_look_set(look, "asks", a.names);
}
