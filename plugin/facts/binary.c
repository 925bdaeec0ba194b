/* Machine code: YARA's modules parsed it, here it becomes the fact "binary" that is the same for all formats. */
#include "facts/binary.h"

#include <string.h>

#include "facts/sources.h"

/* What the tool chains of Go and Rust leave behind, and what says that neither of them was the only one. */
#define LANGUAGE_STRINGS                                                                                                       \
	"$go_info = { FF 20 47 6F 20 62 75 69 6C 64 69 6E 66 3A } "                                                            \
	"$go_id = { FF 20 47 6F 20 62 75 69 6C 64 20 49 44 3A 20 22 } "                                                        \
	"$rust = /\\/rustc[\\/-][0-9a-f.]{5,40}\\/(library|compiler|src)\\// "                                                 \
	"$c = /(GCC: \\(|clang version [1-9]|Linker: LLD [1-9])/ "                                                             \
	"$other = /(FPC [0-9]\\.[0-9]|GHC [0-9]\\.|LDC [0-9]\\.|DMD v2|GNAT |GHC_RTS|caml_startup|_D4core)/ "

const char pb_elf_yara[] = "import \"elf\" rule marks { strings: " LANGUAGE_STRINGS "condition: any of them }";
const char pb_pe_yara[] = "import \"pe\" import \"dotnet\" rule marks { strings: " LANGUAGE_STRINGS "condition: any of them }";
const char pb_macho_yara[] = "import \"macho\" rule marks { strings: " LANGUAGE_STRINGS "condition: any of them }";

bool pb_module_cut(const json_t *module, const char *member)
{
	json_t *name;
	size_t i;

	json_array_foreach (json_object_get(module, "cut"), i, name)
		if (strcmp(json_string_value(name), member) == 0)
			return true;
	return false;
}

void pb_put(json_t *object, const char *key, json_t *value, bool *failed)
{
	if (json_object_set_new(object, key, value))
		*failed = true;
}

void pb_put_text(json_t *object, const char *key, const char *text, bool *failed)
{
	if (text && *text)
		pb_put(object, key, json_string(text), failed);
}

json_t *pb_c_string(pb_bytes b, uint64_t at, size_t max)
{
	pb_bytes rest = at < b.size ? pb_slice(b, (size_t)at, PB_PATH_TEXT) : (pb_bytes){NULL, 0};
	const uint8_t *end = rest.size ? memchr(rest.data, 0, rest.size) : NULL;
	return end && end > rest.data ? pb_json_display(rest.data, (size_t)(end - rest.data), max) : NULL;
}

const char *pb_binary_marked_language(const pb_look *look, pb_own_source source)
{
	const pb_hit *hit;
	/* A tool that reads Go programs holds one of the two marks as well, a Go program both. */
	if (pb_look_hits(look, source, "$go_info", &hit) && pb_look_hits(look, source, "$go_id", &hit))
		return "go";
	return pb_look_hits(look, source, "$rust", &hit) ? "rust" : NULL;
}

/* The module trees: for object checks only, so they are borrowed, not copied. A module that found nothing of its format is left
 * out. */
int pb_fact_modules(pb_look *look)
{
	static const struct {
		const char *module, *proof; /* the member that is 0 where it does not apply */
	} modules[] = {{"elf", NULL}, {"pe", "is_pe"}, {"dotnet", "is_dotnet"}, {"macho", NULL}};

	for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
		json_t *tree = pb_look_module(look, modules[i].module);
		if (!tree || (modules[i].proof && pb_json_int(tree, modules[i].proof, 0) == 0))
			continue;
		if (json_object_set(look->facts, modules[i].module, tree))
			return PB_ENOMEM;
	}
	return 0;
}

int pb_fact_binary(pb_look *look)
{
	static const struct {
		const char *format;
		int (*add)(pb_look *, const json_t *, json_t *);
	} formats[] = {{"elf", pb_binary_elf}, {"pe", pb_binary_pe}, {"macho", pb_binary_macho}};

	if (look->scan->why && pb_group_has_modules(pb_group_of(look->object->kind)))
		pb_look_cut(look, "binary");
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		const json_t *tree = json_object_get(look->facts, formats[i].format);
		json_t *binary;
		if (!tree)
			continue;
		binary = json_pack("{s:s}", "format", formats[i].format);
		int rc = binary ? formats[i].add(look, tree, binary) : PB_ENOMEM;
		if (rc) {
			json_decref(binary);
			return rc;
		}
		const char *language = pb_json_str(binary, "language", "");
		if (strcmp(language, "go") == 0)
			pb_look_tag(look, "go");
		else if (strcmp(language, "rust") == 0)
			pb_look_tag(look, "rust");
		return pb_look_set(look, "binary", binary);
	}
	return 0;
}
