#include "facts/elf_versions.h"

#include <elf.h>
#include <string.h>

static uint32_t number(pb_bytes b, uint64_t at, size_t n, bool big)
{
	uint32_t value = 0;

	if (at >= b.size || b.size - at < n)
		return 0;
	for (size_t i = 0; i < n; i++)
		value |= (uint32_t)b.data[at + i] << 8 * (big ? n - 1 - i : i);
	return value;
}

static pb_bytes text_at(pb_bytes object, const pb_elf_dynamic *d, uint32_t offset)
{
	if (d->strings >= object.size || offset >= d->strings_size)
		return (pb_bytes){NULL, 0};
	pb_bytes table = pb_slice(object, (size_t)d->strings, (size_t)d->strings_size);
	pb_bytes rest = pb_slice(table, offset, PB_LIBRARY_NAME);
	const uint8_t *end = rest.size ? memchr(rest.data, 0, rest.size) : NULL;
	return pb_slice(rest, 0, end ? (size_t)(end - rest.data) : 0);
}

/* Verneed and Vernaux are the same in both sizes of ELF. The count of steps bounds lists that go round in circles. */
void pb_elf_versions_read(pb_bytes object, const pb_elf_dynamic *d, pb_elf_versions *out)
{
	uint64_t need = d->version_need;
	size_t steps = 0;

	memset(out, 0, sizeof *out);
	out->big = object.size > EI_DATA && object.data[EI_DATA] == ELFDATA2MSB;
	if (!d->version_symbols || !need)
		return;
	out->symbols = pb_slice(object, (size_t)d->version_symbols, object.size);
	while (need < object.size && steps++ < PB_ELF_VERSIONS) {
		pb_bytes library = text_at(object, d, number(object, need + 4, 4, out->big));
		uint64_t aux = need + number(object, need + 8, 4, out->big);
		for (uint32_t n = number(object, need + 2, 2, out->big); n > 0 && steps++ < PB_ELF_VERSIONS; n--) {
			uint32_t index = number(object, aux + 6, 2, out->big) & 0x7fff, next = number(object, aux + 12, 4, out->big);
			if (index < PB_ELF_VERSIONS)
				out->library[index] = library;
			aux += next;
			if (next == 0)
				break;
		}
		uint32_t next = number(object, need + 12, 4, out->big);
		if (next == 0)
			return;
		need += next;
	}
}

pb_bytes pb_elf_versions_library(const pb_elf_versions *v, size_t symbol)
{
	if (symbol >= v->symbols.size / 2)
		return (pb_bytes){NULL, 0};
	uint32_t index = number(v->symbols, symbol * 2, 2, v->big) & 0x7fff;
	return index < PB_ELF_VERSIONS ? v->library[index] : (pb_bytes){NULL, 0};
}
