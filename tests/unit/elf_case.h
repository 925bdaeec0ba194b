/* Small ELF files made to order: 64 bit, little endian, one loaded segment. */
#ifndef PROBITY_TESTS_ELF_CASE_H
#define PROBITY_TESTS_ELF_CASE_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct elf_case {
	uint16_t type;             /* ET_EXEC, ET_DYN, ET_REL */
	bool interpreter, dynamic; /* PT_INTERP; PT_DYNAMIC with its entries */
	bool relro, bind_now, pie; /* PT_GNU_RELRO; DF_BIND_NOW; DF_1_PIE */
	bool stack, exec_stack;    /* PT_GNU_STACK */
	bool rwx;                  /* the loaded segment is writable and executable */
	const char *needed, *rpath, *runpath;
	const char *imports[24]; /* undefined functions, up to a NULL */
	const char *note;        /* a package note: JSON */
	const char *extra;       /* bytes in the middle */
	const char *section;     /* one more section of this name */
} elf_case;

typedef struct elf_file {
	uint8_t data[16384];
	size_t size;
} elf_file;

static inline size_t elf_put(elf_file *f, const void *data, size_t n)
{
	size_t at = f->size;
	memcpy(f->data + at, data, n);
	f->size = (f->size + n + 7) / 8 * 8;
	return at;
}

typedef struct elf_strings {
	char text[4096];
	size_t n;
} elf_strings;

static inline uint32_t elf_string(elf_strings *s, const char *text)
{
	size_t at = s->n;
	memcpy(s->text + at, text, strlen(text) + 1);
	s->n += strlen(text) + 1;
	return (uint32_t)at;
}

static inline void elf_segment(Elf64_Phdr *segments, size_t *n, uint32_t type, uint32_t flags, size_t at, size_t size)
{
	segments[(*n)++] =
	    (Elf64_Phdr){.p_type = type, .p_flags = flags, .p_offset = at, .p_vaddr = at, .p_filesz = size, .p_memsz = size};
}

static inline void elf_section(Elf64_Shdr *sections, size_t *n, elf_strings *names, const char *name, uint32_t type, size_t at,
                               size_t size, uint32_t link, uint64_t entry)
{
	sections[(*n)++] = (Elf64_Shdr){.sh_name = elf_string(names, name),
	                                .sh_type = type,
	                                .sh_offset = at,
	                                .sh_addr = at,
	                                .sh_size = size,
	                                .sh_link = link,
	                                .sh_entsize = entry};
}

static inline void elf_make(const elf_case *c, elf_file *f)
{
	Elf64_Ehdr head = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
	                   .e_type = c->type,
	                   .e_machine = EM_X86_64,
	                   .e_version = EV_CURRENT,
	                   .e_ehsize = sizeof head,
	                   .e_phentsize = sizeof(Elf64_Phdr),
	                   .e_shentsize = sizeof(Elf64_Shdr)};
	Elf64_Phdr segments[8];
	Elf64_Shdr sections[8] = {{0}};
	Elf64_Sym symbols[32] = {{0}};
	Elf64_Dyn entries[16];
	elf_strings strings = {.n = 1}, names = {.n = 1};
	size_t n_segments = 0, n_sections = 1, n_symbols = 1, n = 0;

	memset(f, 0, sizeof *f);
	f->size = sizeof head + 8 * sizeof(Elf64_Phdr);
	for (; c->imports[n_symbols - 1]; n_symbols++)
		symbols[n_symbols] = (Elf64_Sym){.st_name = elf_string(&strings, c->imports[n_symbols - 1]),
		                                 .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC)};
	if (c->needed)
		entries[n++] = (Elf64_Dyn){.d_tag = DT_NEEDED, .d_un.d_val = elf_string(&strings, c->needed)};
	if (c->rpath)
		entries[n++] = (Elf64_Dyn){.d_tag = DT_RPATH, .d_un.d_val = elf_string(&strings, c->rpath)};
	if (c->runpath)
		entries[n++] = (Elf64_Dyn){.d_tag = DT_RUNPATH, .d_un.d_val = elf_string(&strings, c->runpath)};
	size_t at_strings = elf_put(f, strings.text, strings.n),
	       at_symbols = elf_put(f, symbols, n_symbols * sizeof symbols[0]);
	entries[n++] = (Elf64_Dyn){.d_tag = DT_STRTAB, .d_un.d_val = at_strings};
	entries[n++] = (Elf64_Dyn){.d_tag = DT_STRSZ, .d_un.d_val = strings.n};
	if (c->bind_now)
		entries[n++] = (Elf64_Dyn){.d_tag = DT_FLAGS, .d_un.d_val = DF_BIND_NOW};
	if (c->pie)
		entries[n++] = (Elf64_Dyn){.d_tag = DT_FLAGS_1, .d_un.d_val = DF_1_PIE};
	entries[n++] = (Elf64_Dyn){.d_tag = DT_NULL};
	size_t at_dynamic = elf_put(f, entries, n * sizeof entries[0]);
	size_t at_loader = elf_put(f, "/lib64/ld-linux-x86-64.so.2", 28);
	size_t at_note = f->size;
	if (c->note) {
		uint32_t intro[3] = {4, (uint32_t)strlen(c->note) + 1, 0xcafe1a7e};
		f->size += sizeof intro + 4;
		memcpy(f->data + at_note, intro, sizeof intro);
		memcpy(f->data + at_note + sizeof intro, "FDO", 4);
		elf_put(f, c->note, strlen(c->note) + 1);
		elf_segment(segments, &n_segments, PT_NOTE, PF_R, at_note, f->size - at_note);
	}
	if (c->extra)
		elf_put(f, c->extra, strlen(c->extra) + 1);
	if (c->interpreter)
		elf_segment(segments, &n_segments, PT_INTERP, PF_R, at_loader, 28);
	if (c->dynamic)
		elf_segment(segments, &n_segments, PT_DYNAMIC, PF_R | PF_W, at_dynamic, n * sizeof entries[0]);
	if (c->relro)
		elf_segment(segments, &n_segments, PT_GNU_RELRO, PF_R, at_dynamic, 16);
	if (c->stack)
		elf_segment(segments, &n_segments, PT_GNU_STACK, c->exec_stack ? PF_R | PF_W | PF_X : PF_R | PF_W, 0, 0);
	if (c->dynamic) {
		elf_section(sections, &n_sections, &names, ".dynsym", SHT_DYNSYM, at_symbols, n_symbols * sizeof symbols[0], 2,
		            sizeof symbols[0]);
		elf_section(sections, &n_sections, &names, ".dynstr", SHT_STRTAB, at_strings, strings.n, 0, 0);
	}
	if (c->section)
		elf_section(sections, &n_sections, &names, c->section, SHT_PROGBITS, at_loader, 8, 0, 0);
	head.e_shstrndx = (uint16_t)n_sections;
	size_t shstrtab = n_sections;
	elf_section(sections, &n_sections, &names, ".shstrtab", SHT_STRTAB, 0, 0, 0, 0);
	sections[shstrtab].sh_offset = elf_put(f, names.text, names.n);
	sections[shstrtab].sh_size = names.n;
	head.e_shoff = elf_put(f, sections, n_sections * sizeof sections[0]);
	head.e_shnum = (uint16_t)n_sections;
	elf_segment(segments, &n_segments, PT_LOAD, c->rwx ? PF_R | PF_W | PF_X : PF_R | PF_X, 0, f->size);
	head.e_phoff = sizeof head;
	head.e_phnum = (uint16_t)n_segments;
	memcpy(f->data, &head, sizeof head);
	memcpy(f->data + sizeof head, segments, n_segments * sizeof segments[0]);
}

#endif
