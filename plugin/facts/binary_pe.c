#include <string.h>

#include "facts/binary.h"
#include "facts/fields.h"

enum {
	IMAGE_FILE_EXECUTABLE = 0x0002,
	IMAGE_FILE_DLL = 0x2000,
	DYNAMIC_BASE = 0x0040,
	NX_COMPAT = 0x0100,
	SECTION_EXECUTE = 0x20000000,
	LOAD_CONFIG = 10, /* data directory */
	COOKIE_32 = 0x3c,
	COOKIE_64 = 0x58,
};
#define SECTION_WRITE 0x80000000

static const char *arch_of(int64_t machine)
{
	switch (machine) {
	case 0x8664:
		return "x86_64";
	case 0x14c:
		return "i386";
	case 0xaa64:
		return "aarch64";
	case 0x1c0:
	case 0x1c4:
		return "arm";
	case 0x200:
		return "ia64";
	case 0xebc:
		return "efi-bytecode";
	default:
		return NULL;
	}
}

/* From an address relative to the image to an offset in the file; false where no section's raw data holds n bytes there. */
static bool offset_of(pb_bytes b, const json_t *pe, uint64_t rva, uint64_t n, uint64_t *offset)
{
	json_t *section;
	size_t i;

	json_array_foreach (json_object_get(pe, "sections"), i, section) {
		uint64_t from = (uint64_t)pb_json_int(section, "virtual_address", 0),
		         size = (uint64_t)pb_json_int(section, "raw_data_size", 0);
		if (rva < from || rva - from >= size || size - (rva - from) < n)
			continue;
		*offset = (uint64_t)pb_json_int(section, "raw_data_offset", 0) + (rva - from);
		return *offset <= b.size && b.size - *offset >= n;
	}
	return false;
}

static uint64_t little(const uint8_t *p, size_t n)
{
	uint64_t v = 0;
	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

/* Does the load configuration name a security cookie (/GS)? 1, 0, or -1 where it has no such field. */
static int security_cookie(pb_bytes b, const json_t *pe)
{
	bool wide = pb_json_int(pe, "opthdr_magic", 0) == 0x20b;
	const json_t *directory = json_array_get(json_object_get(pe, "data_directories"), LOAD_CONFIG);
	uint64_t at, field = wide ? COOKIE_64 : COOKIE_32, end = field + (wide ? 8 : 4);

	if (!directory || pb_json_int(directory, "virtual_address", 0) <= 0)
		return -1;
	if (!offset_of(b, pe, (uint64_t)pb_json_int(directory, "virtual_address", 0), end, &at) || little(b.data + at, 4) < end)
		return -1;
	return little(b.data + at + field, wide ? 8 : 4) != 0;
}

static size_t put_needed(const json_t *pe, json_t *binary, bool *canary, bool *failed)
{
	json_t *library, *function, *needed = json_array();
	size_t i, j, functions = 0;

	json_array_foreach (json_object_get(pe, "import_details"), i, library) {
		json_t *name = json_object_get(library, "library_name");
		bool fits = json_string_length(name) > 0 && json_string_length(name) <= PB_LIBRARY_NAME && i < PB_LIBRARIES;
		if (fits && json_array_append(needed, name))
			*failed = true;
		json_array_foreach (json_object_get(library, "functions"), j, function) {
			functions++;
			*canary |= strcmp(pb_json_str(function, "name", ""), "__stack_chk_fail") == 0;
		}
	}
	if (json_array_size(needed) > 0)
		pb_put(binary, "needed", json_incref(needed), failed);
	json_decref(needed);
	return functions;
}

static json_t *hardening(pb_look *look, const json_t *pe, bool imported_canary, bool *failed)
{
	json_t *h = json_object(), *section;
	int64_t flags = pb_json_int(pe, "dll_characteristics", 0);
	int cookie = imported_canary ? 1 : security_cookie(look->object->bytes, pe);
	bool rwx = false;
	size_t i;

	json_array_foreach (json_object_get(pe, "sections"), i, section) {
		int64_t c = pb_json_int(section, "characteristics", 0);
		rwx |= (c & SECTION_EXECUTE) && (c & SECTION_WRITE);
	}
	pb_put(h, "pie", json_boolean(flags & DYNAMIC_BASE), failed);
	pb_put(h, "nx", json_boolean(flags & NX_COMPAT), failed);
	pb_put(h, "rwx", json_boolean(rwx), failed);
	/* Other compilers than Microsoft's have no load configuration: nothing is known then. */
	if (cookie >= 0)
		pb_put(h, "canary", json_boolean(cookie), failed);
	return h;
}

/* Who made it and which version is it, as the resources say; who signed it is another question. */
static void put_version(const json_t *pe, json_t *binary, bool *failed)
{
	static const struct {
		const char *key, *field;
	} fields[] = {{"company", "CompanyName"},
	              {"product", "ProductName"},
	              {"product_version", "ProductVersion"},
	              {"file_version", "FileVersion"}};
	const json_t *info = json_object_get(pe, "version_info");

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		const json_t *text = json_object_get(info, fields[i].field);
		/* Padded with blanks by some tools. */
		pb_bytes value = pb_trim((pb_bytes){(const uint8_t *)json_string_value(text), json_string_length(text)});
		if (value.size > 0)
			pb_put(binary, fields[i].key, json_stringn((const char *)value.data, value.size), failed);
	}
	pb_put(binary, "signatures", json_integer(pb_json_int(pe, "number_of_signatures", 0)), failed);
}

int pb_binary_pe(pb_look *look, const json_t *pe, json_t *binary)
{
	bool failed = false, canary = false, dotnet = json_object_get(look->facts, "dotnet") != NULL;
	int64_t traits = pb_json_int(pe, "characteristics", 0);
	const char *language = dotnet ? "dotnet" : pb_binary_marked_language(look, PB_OWN_PE);
	size_t imports = put_needed(pe, binary, &canary, &failed);

	/* Who imports functions and was made by none of the others was made by a C or C++ compiler, or by one that works like
	 * it: that the load configuration has a cookie field decides. */
	json_t *h = hardening(look, pe, canary, &failed);
	bool c = !language && imports > 0 && json_object_get(h, "canary");
	pb_put_text(binary, "arch", arch_of(pb_json_int(pe, "machine", -1)), &failed);
	pb_put(binary, "bits", json_integer(pb_json_int(pe, "opthdr_magic", 0) == 0x20b ? 64 : 32), &failed);
	pb_put_text(binary, "type", traits & IMAGE_FILE_DLL ? "dll" : traits & IMAGE_FILE_EXECUTABLE ? "exec" : "rel", &failed);
	pb_put_text(binary, "language", language ? language : c ? "c" : "unknown", &failed);
	pb_put(binary, "static", json_boolean(imports == 0), &failed);
	/* PE programs carry their symbols in files of their own. */
	pb_put(binary, "stripped", json_boolean(pb_json_int(pe, "number_of_symbols", 0) == 0), &failed);
	pb_put(binary, "hardening", h, &failed);
	put_version(pe, binary, &failed);
	if (c)
		pb_look_tag(look, "native-c");
	return failed ? PB_ENOMEM : 0;
}
