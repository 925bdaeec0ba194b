/* The fact "code": any bytes as a script; the first one says in which language. A second look gives the same, within its
 * bounds. */
#include <stdlib.h>
#include <string.h>

#include "facts/provider.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *look_at(const pb_object *object)
{
	static const pb_scan scan;
	pb_look look = {.object = object, .scan = &scan, .facts = json_object()};

	if (!look.facts || pb_fact_code(&look))
		abort(); /* there is memory for what it needs */
	pb_comments_free(look.comments);
	const json_t *code = json_object_get(look.facts, "code");
	if (json_array_size(json_object_get(code, "calls")) > 100 || json_array_size(json_object_get(code, "strings")) > 100)
		abort();
	char *text = pb_json_canonical(look.facts);
	json_decref(look.facts);
	if (!text || strlen(text) > 64 << 10)
		abort();
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const kinds[] = {"javascript", "python", "php", "ruby", "perl", "powershell", "typescript",
	                                    "shell"};

	if (size == 0)
		return 0;
	pb_object object = {.bytes = {data + 1, size - 1},
	                    .kind = pb_kind_named(kinds[data[0] % (sizeof kinds / sizeof kinds[0])])};
	char *first = look_at(&object), *second = look_at(&object);
	if (strcmp(first, second) != 0)
		abort();
	free(first);
	free(second);
	return 0;
}
