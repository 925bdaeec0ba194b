/* Private to this room: from which library does an ELF ask for a symbol? The version table says it, for symbols with a version. */
#ifndef PROBITY_FACTS_ELF_VERSIONS_H
#define PROBITY_FACTS_ELF_VERSIONS_H

#include "facts/elf_dynamic.h"

enum { PB_ELF_VERSIONS = 256 };

typedef struct pb_elf_versions {
	pb_bytes symbols; /* two bytes for each symbol: the index of its version */
	bool big;
	pb_bytes library[PB_ELF_VERSIONS]; /* by index; empty where nothing is known */
} pb_elf_versions;

/* What does not hold together is left out. The views are of object. */
void pb_elf_versions_read(pb_bytes object, const pb_elf_dynamic *d, pb_elf_versions *out);

/* Of the symbol at this place of the dynamic symbol table; empty. */
pb_bytes pb_elf_versions_library(const pb_elf_versions *v, size_t symbol);

#endif
