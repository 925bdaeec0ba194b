/* Notes in an ELF: the package that it was built for (systemd's .note.package) and the build id. */
#include <elf.h>
#include <string.h>

#include "facts/binary.h"
#include "facts/fields.h"

enum { NOTE_PACKAGE = 0xcafe1a7e, NOTE_BUILD_ID = 3, NOTES_MAX = 1000, TEXT_MAX = 65536, ID_MAX = 64 };

static uint32_t word(pb_bytes b, size_t at, bool big)
{
	const uint8_t *p = b.data + at;
	return big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
	           : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static int set_package(pb_look *look, pb_bytes text)
{
	int rc;
	/* Padded with NUL bytes up to the size in the header. */
	while (text.size > 0 && text.data[text.size - 1] == 0)
		text.size--;
	json_t *package = pb_json_lenient(text, TEXT_MAX, &rc), *value, *note;
	const char *key;

	if (!json_is_object(package)) {
		json_decref(package);
		return rc == PB_ENOMEM ? rc : 0;
	}
	note = json_object();
	json_object_foreach (package, key, value)
		if (!rc && json_is_string(value) && strlen(key) <= 64 && json_object_size(note) < 64)
			rc = json_object_set_new(note, key,
			                         pb_json_display(json_string_value(value), json_string_length(value), 1024))
			         ? PB_ENOMEM
			         : 0;
	json_decref(package);
	if (!rc && json_object_size(note) > 0)
		return pb_look_set(look, "elf_note", note);
	json_decref(note);
	return rc;
}

static int set_build_id(pb_look *look, pb_bytes id)
{
	static const char digits[] = "0123456789abcdef";
	json_t *binary = json_object_get(look->facts, "binary");
	char hex[2 * ID_MAX + 1];

	if (!binary || id.size == 0 || id.size > ID_MAX)
		return 0;
	for (size_t i = 0; i < id.size; i++) {
		hex[2 * i] = digits[id.data[i] >> 4];
		hex[2 * i + 1] = digits[id.data[i] & 15];
	}
	hex[2 * id.size] = '\0';
	return json_object_set_new(binary, "build_id", json_string(hex)) ? PB_ENOMEM : 0;
}

static int read_note(pb_look *look, pb_bytes owner, uint32_t type, pb_bytes text)
{
	if (type == NOTE_PACKAGE && owner.size == 4 && memcmp(owner.data, "FDO", 4) == 0)
		return set_package(look, text);
	if (type == NOTE_BUILD_ID && owner.size == 4 && memcmp(owner.data, "GNU", 4) == 0)
		return set_build_id(look, text);
	return 0;
}

/* Notes one after the other: size of owner, size of text, type, and both padded to 4 bytes. */
static int read_notes(pb_look *look, pb_bytes notes, bool big, size_t *left)
{
	int rc = 0;

	while (!rc && *left > 0 && notes.size >= 12) {
		--*left;
		size_t owner = word(notes, 0, big), text = word(notes, 4, big);
		uint32_t type = word(notes, 8, big);
		size_t at_text = 12 + (owner + 3) / 4 * 4, end = at_text + (text + 3) / 4 * 4;
		if (owner > notes.size || text > notes.size || at_text + text > notes.size)
			break;
		rc = read_note(look, pb_slice(notes, 12, owner), type, pb_slice(notes, at_text, text));
		notes = pb_slice(notes, end, notes.size);
	}
	return rc;
}

int pb_fact_elf_note(pb_look *look)
{
	pb_bytes b = look->object->bytes;
	const json_t *elf = json_object_get(look->facts, "elf");
	json_t *segment;
	size_t i, left = NOTES_MAX;
	int rc = 0;

	if (!elf || b.size <= EI_DATA)
		return 0;
	json_array_foreach (json_object_get(elf, "segments"), i, segment) {
		uint64_t at = (uint64_t)pb_json_int(segment, "offset", 0), n = (uint64_t)pb_json_int(segment, "file_size", 0);
		if (rc || pb_json_int(segment, "type", -1) != PT_NOTE || at >= b.size)
			continue;
		rc = read_notes(look, pb_slice(b, (size_t)at, (size_t)(n < b.size ? n : b.size)),
		                b.data[EI_DATA] == ELFDATA2MSB, &left);
	}
	return rc;
}
