#include <elf.h>
#include <string.h>

#include "facts/elf_dynamic.h"

/* A binary with fewer imported functions may do without one that a stack protector would guard: then its absence says nothing.
 */
enum { IMPORTS_THAT_SPEAK = 8 };

typedef struct symbols {
	bool known; /* there is a dynamic symbol table, and all of it was read */
	bool canary;
	bool libc;      /* asks for libc's start or any of its plain functions */
	size_t imports; /* functions that are asked for */
} symbols;

static const char *arch_of(int64_t machine)
{
	static const struct {
		int machine;
		const char *name;
	} known[] = {
	    {EM_X86_64, "x86_64"},   {EM_386, "i386"},    {EM_AARCH64, "aarch64"}, {EM_ARM, "arm"},       {EM_RISCV, "riscv"},
	    {EM_MIPS, "mips"},       {EM_PPC, "powerpc"}, {EM_PPC64, "powerpc64"}, {EM_S390, "s390"},     {EM_SPARC, "sparc"},
	    {EM_SPARCV9, "sparc64"}, {EM_IA_64, "ia64"},  {EM_SH, "sh"},           {EM_68K, "m68k"},      {EM_PARISC, "parisc"},
	    {EM_ALPHA, "alpha"},     {EM_BPF, "bpf"},     {EM_AVR, "avr"},         {EM_XTENSA, "xtensa"}, {258, "loongarch"},
	};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (known[i].machine == machine)
			return known[i].name;
	return NULL;
}

static bool is_canary(const char *name)
{
	return strcmp(name, "__stack_chk_fail") == 0 || strcmp(name, "__stack_chk_guard") == 0 ||
	       strcmp(name, "__stack_chk_fail_local") == 0 || strcmp(name, "__stack_smash_handler") == 0;
}

static bool is_libc(const char *name)
{
	static const char *const names[] = {"__libc_start_main", "malloc", "free",  "memcpy", "memset", "strlen", "printf",
	                                    "__printf_chk",      "exit",   "abort", "read",   "write",  "open",   "close"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static symbols read_symbols(const json_t *elf)
{
	static const char *const tables[] = {"dynsym", "symtab"};
	symbols s = {.known = json_array_size(json_object_get(elf, "dynsym")) > 0 && !pb_module_cut(elf, "dynsym")};
	json_t *symbol;
	size_t i;

	for (size_t t = 0; t < 2; t++)
		json_array_foreach (json_object_get(elf, tables[t]), i, symbol) {
			const char *name = pb_json_str(symbol, "name", "");
			int64_t type = pb_json_int(symbol, "type", STT_NOTYPE);
			if (is_canary(name))
				s.canary = true;
			if (t > 0 || pb_json_int(symbol, "shndx", 1) != SHN_UNDEF || (type != STT_FUNC && type != STT_NOTYPE) ||
			    pb_json_int(symbol, "bind", STB_LOCAL) == STB_LOCAL)
				continue;
			/* Weak ones are the hooks of the start-up code (_ITM_..., __gmon_start__), which everything asks for.
			 */
			s.imports += pb_json_int(symbol, "bind", STB_LOCAL) == STB_GLOBAL;
			s.libc |= is_libc(name);
		}
	return s;
}

static bool has_section(const json_t *elf, const char *name)
{
	json_t *section;
	size_t i;

	json_array_foreach (json_object_get(elf, "sections"), i, section)
		if (strcmp(pb_json_str(section, "name", ""), name) == 0)
			return true;
	return false;
}

static const char *language_of(const pb_look *look, const json_t *elf, const symbols *s)
{
	const char *marked = pb_binary_marked_language(look, PB_OWN_ELF);
	const pb_hit *hit;

	if (has_section(elf, ".gopclntab") || has_section(elf, ".go.buildinfo"))
		return "go";
	if (marked)
		return marked;
	if (pb_look_hits(look, PB_OWN_ELF, "$other", &hit))
		return "unknown";
	return s->libc || pb_look_hits(look, PB_OWN_ELF, "$c", &hit) ? "c" : "unknown";
}

static bool writable_code(const json_t *elf)
{
	json_t *segment;
	size_t i;

	json_array_foreach (json_object_get(elf, "segments"), i, segment)
		if (pb_json_int(segment, "type", -1) == PT_LOAD &&
		    (pb_json_int(segment, "flags", 0) & (PF_W | PF_X)) == (PF_W | PF_X))
			return true;
	return false;
}

static json_t *hardening(const json_t *elf, const pb_elf_dynamic *d, const symbols *s, bool program, bool c, bool *failed)
{
	json_t *h = json_object();
	const json_t *stack = pb_elf_segment(elf, PT_GNU_STACK);

	if (program)
		pb_put(h, "pie", json_boolean(pb_json_int(elf, "type", 0) == ET_DYN), failed);
	if (s->canary)
		pb_put(h, "canary", json_true(), failed);
	else if (c && s->known && s->imports >= IMPORTS_THAT_SPEAK)
		pb_put(h, "canary", json_false(), failed);
	const char *relro = !pb_elf_segment(elf, PT_GNU_RELRO) ? "none" : d->bind_now ? "full" : "partial";
	pb_put(h, "relro", json_string(relro), failed);
	if (d->present)
		pb_put(h, "bind_now", json_boolean(d->bind_now), failed);
	/* Without the header the answer depends on processor, kernel and libc. */
	if (stack)
		pb_put(h, "nx", json_boolean(!(pb_json_int(stack, "flags", 0) & PF_X)), failed);
	pb_put(h, "rwx", json_boolean(writable_code(elf)), failed);
	return h;
}

static void put_libraries(pb_look *look, const json_t *elf, const pb_elf_dynamic *d, json_t *binary, bool *failed)
{
	pb_bytes b = look->object->bytes;
	json_t *needed = pb_elf_dynamic_texts(b, elf, d, DT_NEEDED, PB_LIBRARY_NAME);
	json_t *rpath = pb_elf_dynamic_texts(b, elf, d, DT_RPATH, PB_PATH_TEXT);
	json_t *runpath = pb_elf_dynamic_texts(b, elf, d, DT_RUNPATH, PB_PATH_TEXT);

	if (json_array_size(needed) > 0)
		pb_put(binary, "needed", json_incref(needed), failed);
	pb_put_text(binary, "rpath", json_string_value(json_array_get(rpath, 0)), failed);
	pb_put_text(binary, "runpath", json_string_value(json_array_get(runpath, 0)), failed);
	*failed |= !needed || !rpath || !runpath;
	json_decref(needed);
	json_decref(rpath);
	json_decref(runpath);
}

int pb_binary_elf(pb_look *look, const json_t *elf, json_t *binary)
{
	static const char *const types[] = {"none", "rel", "exec", "dyn", "core"};
	pb_bytes b = look->object->bytes;
	pb_elf_dynamic d;
	bool failed = false;

	pb_elf_dynamic_read(elf, &d);
	symbols s = read_symbols(elf);
	const char *language = language_of(look, elf, &s);
	int64_t type = pb_json_int(elf, "type", -1);
	const json_t *interpreter = pb_elf_segment(elf, PT_INTERP);
	json_t *loader = interpreter ? pb_c_string(b, (uint64_t)pb_json_int(interpreter, "offset", -1), PB_LIBRARY_NAME) : NULL;
	bool program = type == ET_EXEC || (type == ET_DYN && (interpreter || d.pie_flag));

	pb_put_text(binary, "arch", arch_of(pb_json_int(elf, "machine", -1)), &failed);
	if (b.size > EI_CLASS && (b.data[EI_CLASS] == ELFCLASS32 || b.data[EI_CLASS] == ELFCLASS64))
		pb_put(binary, "bits", json_integer(b.data[EI_CLASS] == ELFCLASS64 ? 64 : 32), &failed);
	if (type >= 0 && type < (int64_t)(sizeof types / sizeof types[0]))
		pb_put_text(binary, "type", types[type], &failed);
	pb_put_text(binary, "language", language, &failed);
	if (loader)
		pb_put(binary, "interpreter", loader, &failed);
	put_libraries(look, elf, &d, binary, &failed);
	bool dynamic = json_object_get(binary, "needed") || interpreter;
	if (program)
		pb_put(binary, "static", json_boolean(!dynamic), &failed);
	if (type == ET_EXEC || type == ET_DYN) {
		pb_put(binary, "stripped", json_boolean(!has_section(elf, ".symtab")), &failed);
		pb_put(binary, "hardening", hardening(elf, &d, &s, program, strcmp(language, "c") == 0, &failed), &failed);
		if (strcmp(language, "c") == 0 && d.present && json_object_get(json_object_get(binary, "hardening"), "canary"))
			pb_look_tag(look, "native-c");
	}
	return failed ? PB_ENOMEM : 0;
}
