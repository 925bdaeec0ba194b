/* Names that ELF and PE files import, from the trees of YARA's modules, and those that they look up while they run. */
#include "facts/names.h"

#include <string.h>

#include "facts/binary.h"
#include "facts/elf_versions.h"

enum { TEXT_MIN = 6, TEXT_MAX = 64 };

static pb_bytes text_of(const json_t *object, const char *key)
{
	const json_t *text = json_object_get(object, key);
	return (pb_bytes){(const uint8_t *)json_string_value(text), json_string_length(text)};
}

/* Where the name stands in the table of strings, at its first place. */
static uint64_t place_of(pb_bytes object, const pb_elf_dynamic *d, pb_bytes name)
{
	pb_bytes table = d->strings < object.size ? pb_slice(object, (size_t)d->strings, (size_t)d->strings_size) : (pb_bytes){NULL, 0};

	/* With the NUL behind it: a JSON text has one there, too. */
	const uint8_t *p = table.size && name.size ? memmem(table.data, table.size, name.data, name.size + 1) : NULL;
	return p ? (uint64_t)(p - object.data) : PB_NO_OFFSET;
}

typedef struct elf_names {
	const pb_look *look;
	pb_name_fn fn;
	void *user;
	bool read;
	pb_elf_dynamic dynamic;
	pb_elf_versions versions;
} elf_names;

static void tell_elf(elf_names *e, pb_bytes name, size_t symbol)
{
	pb_bytes object = e->look->object->bytes;

	if (!json_object_getn(e->look->lists->asks[PB_ASKS_ELF].index, (const char *)name.data, name.size)) {
		e->fn(e->user, name, (pb_bytes){NULL, 0}, PB_NO_OFFSET);
		return;
	}
	if (!e->read) {
		const json_t *elf = pb_look_module(e->look, "elf");
		pb_elf_dynamic_read(elf, &e->dynamic);
		pb_elf_versions_read(object, &e->dynamic, &e->versions);
		e->read = true;
	}
	e->fn(e->user, name, pb_elf_versions_library(&e->versions, symbol), place_of(object, &e->dynamic, name));
}

int pb_names_elf(const pb_look *look, pb_name_fn fn, void *user)
{
	const json_t *elf = pb_look_module(look, "elf");
	elf_names e = {.look = look, .fn = fn, .user = user};
	json_t *symbol;
	size_t i;

	/* What is defined here is an export, and says what others can do with it. */
	json_array_foreach (json_object_get(elf, "dynsym"), i, symbol) {
		pb_bytes name = {NULL, 0};
		if (pb_json_int(symbol, "shndx", 1) == 0)
			name = text_of(symbol, "name");
		if (name.size > 0)
			tell_elf(&e, name, i);
	}
	return pb_module_cut(elf, "dynsym") ? PB_ELIMIT : 0;
}

bool pb_names_own(const pb_look *look, const char *name)
{
	json_t *symbol;
	size_t i;

	json_array_foreach (json_object_get(pb_look_module(look, "elf"), "dynsym"), i, symbol)
		if (pb_json_int(symbol, "shndx", 0) != 0 && strcmp(pb_json_str(symbol, "name", ""), name) == 0)
			return true;
	json_array_foreach (json_object_get(pb_look_module(look, "elf"), "symtab"), i, symbol)
		if (pb_json_int(symbol, "shndx", 0) != 0 && strcmp(pb_json_str(symbol, "name", ""), name) == 0)
			return true;
	json_array_foreach (json_object_get(pb_look_module(look, "pe"), "export_details"), i, symbol)
		if (strcmp(pb_json_str(symbol, "name", ""), name) == 0)
			return true;
	return false;
}

bool pb_name_looks_up(pb_bytes name)
{
	static const char *const names[] = {"dlsym", "dlvsym", "GetProcAddress"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strlen(names[i]) == name.size && memcmp(names[i], name.data, name.size) == 0)
			return true;
	return false;
}

int pb_names_pe(const pb_look *look, pb_name_fn fn, void *user)
{
	static const char *const tables[] = {"import_details", "delay_import_details"};
	const json_t *pe = pb_look_module(look, "pe");
	json_t *library, *function;
	size_t i, j;

	for (size_t t = 0; t < 2; t++) {
		json_array_foreach (json_object_get(pe, tables[t]), i, library) {
			json_array_foreach (json_object_get(library, "functions"), j, function) {
				if (text_of(function, "name").size > 0)
					fn(user, text_of(function, "name"), text_of(library, "library_name"), PB_NO_OFFSET);
			}
		}
	}
	return pb_module_cut(pe, "import_details") ? PB_ELIMIT : 0;
}

/* Does it name a library to open? Programs that look names up among their own functions and plugins do not. */
static bool names_library(pb_bytes constants)
{
	pb_bytes rest = constants;
	const uint8_t *p;

	while (rest.size > 0 && (p = memmem(rest.data, rest.size, ".so", 3)) != NULL) {
		size_t from = (size_t)(p - rest.data), n = 0;
		while (n < from && n < TEXT_MAX && p[-1 - (ptrdiff_t)n] > ' ' && p[-1 - (ptrdiff_t)n] < 0x7f)
			n++;
		if (n > 3 && memmem(p - n, n, "lib", 3))
			return true;
		rest = pb_slice(rest, from + 3, rest.size);
	}
	return false;
}

/* A name that nobody would write for another reason: "system" is a word, "process_vm_readv" and "GetClipboardData" are none. */
static bool speaks(pb_bytes text)
{
	bool inner = false;

	if (text.size < TEXT_MIN || text.size > TEXT_MAX)
		return false;
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];
		bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
		if (!upper && !lower && !digit && c != '_')
			return false;
		inner |= i > 0 && (upper || c == '_');
	}
	return inner;
}

static void tell_texts(const pb_look *look, pb_bytes constants, pb_name_fn fn, void *user)
{
	pb_bytes rest = constants;

	while (rest.size > 0) {
		const uint8_t *end = memchr(rest.data, 0, rest.size);
		pb_bytes text = pb_slice(rest, 0, end ? (size_t)(end - rest.data) : 0);
		if (!end)
			return;
		if (speaks(text))
			fn(user, text, (pb_bytes){NULL, 0}, (uint64_t)(text.data - look->object->bytes.data));
		rest = pb_slice(rest, text.size + 1, rest.size);
	}
}

int pb_names_texts(const pb_look *look, const char *format, pb_name_fn fn, void *user)
{
	bool elf = strcmp(format, "elf") == 0;
	json_t *section;
	size_t i;

	json_array_foreach (json_object_get(pb_look_module(look, format), "sections"), i, section) {
		const char *name = pb_json_str(section, "name", "");
		int64_t at = pb_json_int(section, elf ? "offset" : "raw_data_offset", -1);
		int64_t size = pb_json_int(section, elf ? "size" : "raw_data_size", -1);
		if (strcmp(name, elf ? ".rodata" : ".rdata") != 0 || at < 0 || size <= 0)
			continue;
		pb_bytes constants = pb_slice(look->object->bytes, (size_t)at, (size_t)size);
		if (!elf || names_library(constants))
			tell_texts(look, constants, fn, user);
	}
	return 0;
}
