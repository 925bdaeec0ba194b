#include "facts/binary.h"

enum { MH_PIE = 0x200000, MH_STACK_EXECUTION = 0x20000, MH_EXECUTE = 2, PROT_WRITE_EXECUTE = 2 | 4 };

static const char *arch_of(int64_t type)
{
	switch (type) {
	case 0x01000007:
		return "x86_64";
	case 7:
		return "i386";
	case 0x0100000c:
		return "aarch64";
	case 12:
		return "arm";
	case 18:
		return "powerpc";
	case 0x01000012:
		return "powerpc64";
	default:
		return NULL;
	}
}

/* A universal binary holds one whole file for each processor; its facts are those of the first. YARA's module reads no symbols,
 * so needed libraries, imports and canary are not known. */
int pb_binary_macho(pb_look *look, const json_t *macho, json_t *binary)
{
	static const char *const types[] = {"none", "rel", "exec", "fvmlib", "core", "preload", "dll", "dylinker", "bundle"};
	const json_t *first = json_array_get(json_object_get(macho, "file"), 0), *image = first ? first : macho;
	int64_t type = pb_json_int(image, "filetype", -1), flags = pb_json_int(image, "flags", 0);
	const char *language = pb_binary_marked_language(look, PB_OWN_MACHO);
	bool failed = false, rwx = false;
	json_t *segment, *h;
	size_t i;

	json_array_foreach (json_object_get(image, "segments"), i, segment)
		rwx |= (pb_json_int(segment, "initprot", 0) & PROT_WRITE_EXECUTE) == PROT_WRITE_EXECUTE;
	pb_put_text(binary, "arch", arch_of(pb_json_int(image, "cputype", -1)), &failed);
	pb_put(binary, "bits", json_integer(pb_json_int(image, "cputype", 0) & 0x01000000 ? 64 : 32), &failed);
	if (type >= 0 && type < (int64_t)(sizeof types / sizeof types[0]))
		pb_put_text(binary, "type", types[type], &failed);
	pb_put_text(binary, "language", language ? language : "unknown", &failed);
	h = json_pack("{s:b, s:b}", "nx", !(flags & MH_STACK_EXECUTION), "rwx", rwx);
	if (h && type == MH_EXECUTE)
		pb_put(h, "pie", json_boolean(flags & MH_PIE), &failed);
	pb_put(binary, "hardening", h, &failed);
	return failed ? PB_ENOMEM : 0;
}
