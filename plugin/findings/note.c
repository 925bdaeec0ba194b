/* Notes are made of what hostile bytes told a check: their shape is bounded where they are made, and looked at again where
 * they arrive. */
#include "findings/note.h"

#include <string.h>

/* Display form: valid UTF-8 (jansson sees to that) without control characters. */
static bool is_clean(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return false;
	return true;
}

/* Takes what the value costs off *room; false: there is not so much, or it is no value that a note may hold. */
static bool fits(const json_t *v, int depth, size_t *room)
{
	const char *key;
	json_t *part;
	size_t i, n = json_string_length(v);

	if (*room < PB_NOTE_VALUE_BYTES + n)
		return false;
	*room -= PB_NOTE_VALUE_BYTES + n;
	if (json_is_string(v))
		return is_clean(json_string_value(v), n);
	if (json_is_integer(v) || json_is_boolean(v))
		return true;
	if (depth == 0 || !(json_is_object(v) || json_is_array(v)))
		return false;
	json_array_foreach (v, i, part) {
		if (!fits(part, depth - 1, room))
			return false;
	}
	json_object_foreach ((json_t *)v, key, part) {
		n = strlen(key);
		if (n == 0 || *room < n || !is_clean(key, n))
			return false;
		*room -= n;
		if (!fits(part, depth - 1, room))
			return false;
	}
	return true;
}

static bool is_note(const json_t *v)
{
	size_t room = PB_NOTE_BYTES;

	return (json_is_object(v) || json_is_array(v)) && fits(v, PB_NOTE_DEPTH, &room);
}

int pb_result_note(json_t *result, const char *check, json_t *note)
{
	json_t *own = json_object_get(json_object_get(result, "notes"), check);

	if (json_array_size(own) >= PB_NOTES_MAX || !is_note(note))
		return PB_ELIMIT;
	if (own == NULL) {
		json_t *notes = pb_json_object_at(result, "notes");

		own = notes != NULL ? pb_json_array_at(notes, check) : NULL;
	}
	return own != NULL && json_array_append(own, note) == 0 ? PB_OK : PB_ENOMEM;
}

bool pb_notes_valid(const json_t *notes)
{
	const json_t *note;
	size_t i, n = json_array_size(notes);

	if (n == 0 || n > PB_NOTES_MAX)
		return false;
	json_array_foreach (notes, i, note) {
		if (!is_note(note))
			return false;
	}
	return true;
}
