/* Private to this room: the dynamic section and the program headers of an ELF, as YARA's tree has them. */
#ifndef PROBITY_FACTS_ELF_DYNAMIC_H
#define PROBITY_FACTS_ELF_DYNAMIC_H

#include "facts/binary.h"

typedef struct pb_elf_dynamic {
	bool present;
	bool bind_now, pie_flag;
	uint64_t strings; /* file offset of the string table, 0 = not found */
	uint64_t strings_size;
	uint64_t version_symbols, version_need; /* file offsets, 0 = not found */
} pb_elf_dynamic;

void pb_elf_dynamic_read(const json_t *elf, pb_elf_dynamic *out);
/* The texts that entries with this tag point to (DT_NEEDED, DT_RPATH, DT_RUNPATH), at most PB_LIBRARIES of at most max bytes.
 * New array; NULL: no memory. */
json_t *pb_elf_dynamic_texts(pb_bytes b, const json_t *elf, const pb_elf_dynamic *d, int64_t tag, size_t max);
/* The first program header of this type; NULL. */
const json_t *pb_elf_segment(const json_t *elf, int64_t type);

#endif
