#include "facts/elf_dynamic.h"

#include <elf.h>

static uint64_t number(const json_t *object, const char *key)
{
	return (uint64_t)pb_json_int(object, key, 0);
}

const json_t *pb_elf_segment(const json_t *elf, int64_t type)
{
	json_t *segment;
	size_t i;

	json_array_foreach (json_object_get(elf, "segments"), i, segment)
		if (pb_json_int(segment, "type", -1) == type)
			return segment;
	return NULL;
}

/* From an address in memory to an offset in the file, 0 where no loaded segment holds it. */
static uint64_t offset_of(const json_t *elf, uint64_t address)
{
	json_t *segment;
	size_t i;

	json_array_foreach (json_object_get(elf, "segments"), i, segment) {
		uint64_t from = number(segment, "virtual_address"), offset;
		if (pb_json_int(segment, "type", -1) != PT_LOAD || address < from ||
		    address - from >= number(segment, "file_size"))
			continue;
		return __builtin_add_overflow(number(segment, "offset"), address - from, &offset) ? 0 : offset;
	}
	return 0;
}

void pb_elf_dynamic_read(const json_t *elf, pb_elf_dynamic *out)
{
	json_t *entry;
	size_t i;

	*out = (pb_elf_dynamic){0};
	json_array_foreach (json_object_get(elf, "dynamic"), i, entry) {
		uint64_t value = number(entry, "val");
		out->present = true;
		switch (pb_json_int(entry, "type", DT_NULL)) {
		case DT_STRTAB:
			out->strings = offset_of(elf, value);
			break;
		case DT_STRSZ:
			out->strings_size = value;
			break;
		case DT_VERSYM:
			out->version_symbols = offset_of(elf, value);
			break;
		case DT_VERNEED:
			out->version_need = offset_of(elf, value);
			break;
		case DT_BIND_NOW:
			out->bind_now = true;
			break;
		case DT_FLAGS:
			out->bind_now |= (value & DF_BIND_NOW) != 0;
			break;
		case DT_FLAGS_1:
			out->bind_now |= (value & DF_1_NOW) != 0;
			out->pie_flag |= (value & DF_1_PIE) != 0;
			break;
		default:
			break;
		}
	}
}

json_t *pb_elf_dynamic_texts(pb_bytes b, const json_t *elf, const pb_elf_dynamic *d, int64_t tag, size_t max)
{
	json_t *texts = json_array(), *entry;
	size_t i;

	if (!d->strings || d->strings >= b.size)
		return texts;
	uint64_t size = d->strings_size < b.size - d->strings ? d->strings_size : b.size - d->strings;
	pb_bytes table = pb_slice(b, (size_t)d->strings, (size_t)size);
	json_array_foreach (json_object_get(elf, "dynamic"), i, entry) {
		json_t *text;
		if (pb_json_int(entry, "type", DT_NULL) != tag || json_array_size(texts) == PB_LIBRARIES)
			continue;
		text = pb_c_string(table, number(entry, "val"), max);
		if (text && json_array_append_new(texts, text)) {
			json_decref(texts);
			return NULL;
		}
	}
	return texts;
}
