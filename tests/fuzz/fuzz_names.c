/* The readers of names over any bytes: every name and library lies where it can be read, and every offset inside of the object. */
#include <stdlib.h>
#include <string.h>

#include "facts/declares.h"
#include "facts/elf_versions.h"
#include "facts/names.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint8_t sum; /* so that reading is not left out */

static void tell(void *user, pb_bytes name, pb_bytes library, uint64_t at)
{
	const pb_look *look = user;

	for (size_t i = 0; i < name.size; i++)
		sum ^= name.data[i];
	for (size_t i = 0; i < library.size; i++)
		sum ^= library.data[i];
	/* What a table says of where a name stands is its word: it may lie past the end only where the name is empty. */
	if (name.size == 0 || (at != PB_NO_OFFSET && at >= look->object->bytes.size))
		abort();
}

static void read_all(pb_bytes b, const char *kind, json_t *facts, pb_names_fn read)
{
	static pb_lists lists;
	const pb_scan scan = {.modules = facts};
	const pb_object object = {.bytes = b, .kind = pb_kind_named(kind)};
	pb_look look = {.object = &object, .scan = &scan, .lists = &lists, .facts = facts};

	(void)read(&look, tell, &look);
}

static int texts(const pb_look *look, pb_name_fn fn, void *user)
{
	return pb_names_texts(look, "elf", fn, user);
}

static void permissions(pb_bytes b, const char *kind, void (*read)(pb_declared *))
{
	static pb_lists lists;
	const pb_object object = {.bytes = b, .kind = pb_kind_named(kind)};
	pb_look look = {.object = &object, .lists = &lists};
	pb_declared d = {.look = &look};

	read(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pb_bytes b = {data, size};
	/* .NET: texts from 16 on, tables from where the first two bytes say. Of an ELF: versions by the next two. */
	int tables = size > 4 ? data[0] | data[1] << 8 : 0;
	json_t *facts = json_pack("{s:{s:[{s:s,s:i,s:i},{s:s,s:i,s:i}]}, s:{s:[{s:s,s:i,s:i}]}}", "dotnet", "streams", "name", "#Strings",
	                          "offset", 16, "size", 4096, "name", "#~", "offset", tables, "size", 4096, "elf", "sections", "name", ".rodata",
	                          "offset", 4, "size", 4096);
	pb_elf_dynamic d = {.strings = 8, .strings_size = 512, .version_symbols = 24, .version_need = size > 4 ? data[2] | data[3] << 8 : 0};
	pb_elf_versions versions;

	if (!facts)
		return 0;
	read_all(b, "macho", facts, pb_names_macho);
	read_all(b, "java-class", facts, pb_names_java);
	read_all(b, "pe", facts, pb_names_dotnet);
	read_all(b, "pe", facts, pb_names_native);
	read_all(b, "elf", facts, texts);
	pb_elf_versions_read(b, &d, &versions);
	for (size_t i = 0; i < 64; i++)
		tell(&(pb_look){.object = &(pb_object){.bytes = b}}, (pb_bytes){(const uint8_t *)"x", 1}, pb_elf_versions_library(&versions, i), PB_NO_OFFSET);
	permissions(b, "android-xml", pb_permissions_android);
	permissions(b, "xml", pb_permissions_xml);
	permissions(b, "yaml", pb_permissions_text);
	json_decref(facts);
	return 0;
}
