/* Mach-O: undefined symbols and the libraries that they are bound to. YARA's module reads neither. Names without the underscore that C
 * puts in front, Objective-C's classes without what marks them: "AVCaptureDevice". */
#include <string.h>

#include "facts/names.h"

enum { SLICES = 16, COMMANDS = 4096, LIBRARIES = 256, SYMBOLS = 1 << 20, NAME_MAX_BYTES = 1024 };
enum { LC_SYMTAB = 2, LC_LOAD_DYLIB = 0xc, LC_WEAK = 0x18, LC_REEXPORT = 0x1f, LC_LAZY = 0x20, LC_UPWARD = 0x23 };
enum { N_STAB = 0xe0, N_TYPE = 0x0e, N_EXT = 1 };

typedef struct image {
	pb_bytes b;      /* of this slice */
	uint64_t origin; /* of the slice, in the object */
	bool big, wide;
	pb_bytes library[LIBRARIES]; /* in the order of their commands, from 1 on */
	size_t libraries;
	uint64_t symbols, n_symbols, strings, strings_size;
} image;

static uint32_t number(pb_bytes b, uint64_t at, size_t n, bool big)
{
	uint32_t value = 0;

	if (at >= b.size || b.size - at < n)
		return 0;
	for (size_t i = 0; i < n; i++)
		value |= (uint32_t)b.data[at + i] << 8 * (big ? n - 1 - i : i);
	return value;
}

static uint32_t u32(const image *m, uint64_t at)
{
	return number(m->b, at, 4, m->big);
}

/* The text at an offset that ends with a NUL. */
static pb_bytes text_at(pb_bytes b, uint64_t at)
{
	pb_bytes rest = at < b.size ? pb_slice(b, (size_t)at, NAME_MAX_BYTES) : (pb_bytes){NULL, 0};
	const uint8_t *end = rest.size ? memchr(rest.data, 0, rest.size) : NULL;
	return pb_slice(rest, 0, end ? (size_t)(end - rest.data) : 0);
}

static bool read_commands(image *m)
{
	uint32_t magic = number(m->b, 0, 4, false);
	uint64_t at;

	m->big = magic == 0xcefaedfe || magic == 0xcffaedfe;
	m->wide = magic == 0xfeedfacf || magic == 0xcffaedfe;
	if (!m->big && !m->wide && magic != 0xfeedface)
		return false;
	uint32_t n = u32(m, 16);
	at = m->wide ? 32 : 28;
	for (uint32_t i = 0; i < n && i < COMMANDS; i++) {
		uint32_t command = u32(m, at) & 0x7fffffff, size = u32(m, at + 4);
		if (size < 8 || at >= m->b.size || size > m->b.size - at)
			return false;
		if (command == LC_SYMTAB) {
			m->symbols = u32(m, at + 8);
			m->n_symbols = u32(m, at + 12);
			m->strings = u32(m, at + 16);
			m->strings_size = u32(m, at + 20);
		} else if (command == LC_LOAD_DYLIB || command == LC_WEAK || command == LC_REEXPORT || command == LC_LAZY ||
		           command == LC_UPWARD) {
			if (m->libraries < LIBRARIES)
				m->library[m->libraries++] = text_at(pb_slice(m->b, (size_t)at, size), u32(m, at + 8));
		}
		at += size;
	}
	return n <= COMMANDS;
}

/* "_connect$INODE64" is connect, "_OBJC_CLASS_$_NSPasteboard" is NSPasteboard. */
static pb_bytes plain_name(pb_bytes name)
{
	static const char *const classes[] = {"_OBJC_CLASS_$_", "_OBJC_METACLASS_$_"};

	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(classes[i]);
		if (name.size > n && memcmp(name.data, classes[i], n) == 0)
			return pb_slice(name, n, name.size);
	}
	if (name.size > 1 && name.data[0] == '_')
		name = pb_slice(name, 1, name.size);
	const uint8_t *dollar = name.size > 1 ? memchr(name.data + 1, '$', name.size - 1) : NULL;
	return dollar ? pb_slice(name, 0, (size_t)(dollar - name.data)) : name;
}

static bool tell_symbols(const image *m, pb_name_fn fn, void *user)
{
	uint64_t size = m->wide ? 16 : 12;
	pb_bytes strings = m->strings < m->b.size ? pb_slice(m->b, (size_t)m->strings, (size_t)m->strings_size) : (pb_bytes){NULL, 0};

	for (uint64_t i = 0; i < m->n_symbols && i < SYMBOLS; i++) {
		uint64_t at = m->symbols + i * size;
		if (at >= m->b.size || m->b.size - at < size)
			return false;
		uint8_t type = m->b.data[at + 4];
		/* Undefined and external, no debugging entry. */
		if ((type & N_STAB) || (type & N_TYPE) != 0 || !(type & N_EXT))
			continue;
		pb_bytes name = text_at(strings, u32(m, at));
		uint32_t library = number(m->b, at + 6, 2, m->big) >> 8;
		if (name.size > 0)
			fn(user, plain_name(name), library > 0 && library <= m->libraries ? m->library[library - 1] : (pb_bytes){NULL, 0},
			   m->origin + m->strings + u32(m, at));
	}
	return m->n_symbols <= SYMBOLS;
}

static bool tell_image(pb_bytes object, uint64_t origin, uint64_t size, pb_name_fn fn, void *user)
{
	image m = {.origin = origin};

	m.b = origin < object.size ? pb_slice(object, (size_t)origin, (size_t)size) : (pb_bytes){NULL, 0};
	return read_commands(&m) && tell_symbols(&m, fn, user);
}

int pb_names_macho(const pb_look *look, pb_name_fn fn, void *user)
{
	pb_bytes b = look->object->bytes;
	uint32_t magic = number(b, 0, 4, true), n = number(b, 4, 4, true);
	bool whole = true;

	if (strcmp(look->object->kind->name, "macho") != 0)
		return 0;
	if (magic != 0xcafebabe && magic != 0xcafebabf)
		return tell_image(b, 0, b.size, fn, user) ? 0 : PB_ELIMIT;
	/* One whole file for each processor. The wide form has offsets and sizes of 8 bytes, of which no file needs the upper four. */
	for (uint32_t i = 0; i < n && i < SLICES; i++) {
		uint64_t at = magic == 0xcafebabe ? 8 + 20 * (uint64_t)i + 8 : 8 + 32 * (uint64_t)i + 12;
		uint64_t next = magic == 0xcafebabe ? 4 : 8;
		whole &= tell_image(b, number(b, at, 4, true), number(b, at + next, 4, true), fn, user);
	}
	return whole && n <= SLICES ? 0 : PB_ELIMIT;
}
