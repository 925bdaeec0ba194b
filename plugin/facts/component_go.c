/* What Go's linker leaves in every program: the version of Go, the module that it is and those that it was built of. Two forms: since Go 1.18
 * both texts stand in the blob, before that it points at two strings in memory. */
#include <string.h>

#include "facts/components.h"

enum { BLOB = 32, TEXT_MAX = 8 << 20, FRAME = 16, INLINE = 2, BIG_ENDIAN_FLAG = 1 };

static uint64_t number(pb_bytes b, size_t size, bool big)
{
	uint64_t n = 0;

	for (size_t i = 0; i < size && b.size >= size; i++)
		n = n << 8 | b.data[big ? i : size - 1 - i];
	return n;
}

/* A text with its length before it, in groups of 7 bits. */
static bool take_text(pb_bytes *rest, pb_bytes *text)
{
	uint64_t n = 0;
	size_t i = 0;

	for (; i < rest->size && i < 5; i++) {
		n |= (uint64_t)(rest->data[i] & 0x7f) << (7 * i);
		if ((rest->data[i] & 0x80) == 0)
			break;
	}
	if (i >= rest->size || i == 5 || n > TEXT_MAX || n > rest->size - i - 1)
		return false;
	*text = pb_slice(*rest, i + 1, (size_t)n);
	*rest = pb_slice(*rest, i + 1 + (size_t)n, rest->size);
	return true;
}

/* The bytes that are loaded at this address, to the end of their piece of the file. */
static pb_bytes loaded(const pb_look *look, uint64_t address)
{
	static const struct {
		const char *module, *list, *address, *offset, *size, *base;
	} forms[] = {{"elf", "segments", "virtual_address", "offset", "file_size", NULL},
	             {"pe", "sections", "virtual_address", "raw_data_offset", "raw_data_size", "image_base"},
	             {"macho", "segments", "vmaddr", "fileoff", "fsize", NULL}};
	json_t *piece;
	size_t k;

	for (size_t i = 0; i < 3; i++) {
		const json_t *tree = pb_look_module(look, forms[i].module);
		uint64_t base = forms[i].base ? (uint64_t)pb_json_int(tree, forms[i].base, 0) : 0;

		json_array_foreach (json_object_get(tree, forms[i].list), k, piece) {
			uint64_t from = base + (uint64_t)pb_json_int(piece, forms[i].address, 0);
			uint64_t offset = (uint64_t)pb_json_int(piece, forms[i].offset, 0), n = (uint64_t)pb_json_int(piece, forms[i].size, 0);

			if (address >= from && address - from < n && offset < look->object->bytes.size)
				return pb_slice(pb_slice(look->object->bytes, (size_t)offset, (size_t)n), (size_t)(address - from), (size_t)n);
		}
	}
	return (pb_bytes){NULL, 0};
}

/* A pointer to {pointer, length} of a text. */
static pb_bytes pointed(const pb_look *look, pb_bytes blob, size_t at, size_t size, bool big)
{
	pb_bytes header = loaded(look, number(pb_slice(blob, at, size), size, big));
	uint64_t n = number(pb_slice(header, size, size), size, big);

	if (header.size < 2 * size || n > TEXT_MAX)
		return (pb_bytes){NULL, 0};
	pb_bytes text = loaded(look, number(pb_slice(header, 0, size), size, big));
	return n <= text.size ? pb_slice(text, 0, (size_t)n) : (pb_bytes){NULL, 0};
}

static bool is(pb_bytes b, const char *word)
{
	return b.size == strlen(word) && memcmp(b.data, word, b.size) == 0;
}

static pb_bytes take_word(pb_bytes *line)
{
	size_t n = 0;

	while (n < line->size && line->data[n] != '\t')
		n++;
	pb_bytes word = pb_slice(*line, 0, n);
	*line = pb_slice(*line, n + 1, line->size);
	return word;
}

static int add_module(pb_look *look, json_t *list, pb_bytes name, pb_bytes version)
{
	pb_component c = {.from = "go-buildinfo", .type = "golang", .name = name, .version = version, .whole_name = true};

	if (is(version, "(devel)"))
		c.version = (pb_bytes){NULL, 0};
	return pb_component_add(look, list, &c);
}

/* "mod", "dep": a module and its version; "=>": what was taken in place of the one before it. */
static int add_modules(pb_look *look, json_t *list, pb_bytes text)
{
	pb_bytes line, name = {NULL, 0}, version = {NULL, 0};
	int rc = 0;

	while (!rc && pb_line_next(&text, &line)) {
		pb_bytes word = take_word(&line);

		if (!is(word, "mod") && !is(word, "dep") && !is(word, "=>"))
			continue;
		if (!is(word, "=>"))
			rc = add_module(look, list, name, version);
		name = take_word(&line);
		version = take_word(&line);
	}
	return rc ? rc : add_module(look, list, name, version);
}

static int add_blob(pb_look *look, json_t *list, pb_bytes blob)
{
	pb_bytes go = {NULL, 0}, modules = {NULL, 0};
	size_t size = blob.size >= BLOB ? blob.data[14] : 0;
	int rc = 0;

	if (blob.size >= BLOB && (blob.data[15] & INLINE) != 0) {
		pb_bytes rest = pb_slice(blob, BLOB, blob.size);
		if (!take_text(&rest, &go) || !take_text(&rest, &modules))
			modules = (pb_bytes){NULL, 0};
	} else if (size == 4 || size == 8) {
		bool big = (blob.data[15] & BIG_ENDIAN_FLAG) != 0;
		go = pointed(look, blob, 16, size, big);
		modules = pointed(look, blob, 16 + size, size, big);
	}
	/* "go1.22.1 X:nocoverageredesign" */
	for (size_t i = 0; i < go.size; i++)
		if (go.data[i] == ' ')
			go.size = i;
	if (go.size > 2 && go.size < 64 && memcmp(go.data, "go", 2) == 0) {
		static const uint8_t name[] = "stdlib";
		rc = add_module(look, list, (pb_bytes){name, sizeof name - 1}, pb_slice(go, 2, go.size));
	}
	/* A frame of 16 bytes on both sides, so that programs find it in their own memory. */
	if (!rc && modules.size > 2 * FRAME + 1 && modules.data[modules.size - FRAME - 1] == '\n')
		rc = add_modules(look, list, pb_slice(modules, FRAME, modules.size - 2 * FRAME));
	return rc;
}

int pb_components_go(pb_look *look, json_t *list)
{
	static const pb_own_source sources[] = {PB_OWN_ELF, PB_OWN_PE, PB_OWN_MACHO};
	const json_t *binary = json_object_get(look->facts, "binary");
	int rc = 0;

	/* Tools that read Go programs hold the mark as well. */
	if (strcmp(pb_json_str(binary, "language", ""), "go") != 0)
		return 0;
	for (size_t s = 0; s < 3; s++) {
		const pb_hit *hit;
		size_t n = pb_look_hits(look, sources[s], "$go_info", &hit);

		for (size_t i = 0; i < n && i < 16 && !rc && json_array_size(list) == 0; i++)
			if (hit[i].at % 16 == 0)
				rc = add_blob(look, list, pb_slice(look->object->bytes, (size_t)hit[i].at, look->object->bytes.size));
	}
	return rc;
}
