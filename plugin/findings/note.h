/* Notes: what a check's object function tells its own product function, by way of the object's result. No other check sees
 * them, no report shows them, and they weigh nothing. */
#ifndef PROBITY_FINDINGS_NOTE_H
#define PROBITY_FINDINGS_NOTE_H

#include "base/error.h"
#include "base/json.h"

/* Of one note: tables within tables, itself counted; and bytes: its texts and keys, and 8 for each value. Of one check on
 * one object: notes. */
enum { PB_NOTE_DEPTH = 4, PB_NOTE_BYTES = 16384, PB_NOTES_MAX = 64 };
enum { PB_NOTE_VALUE_BYTES = 8 };

/* Adds a note of the check to an object result, where it fits; takes its own reference. 0; PB_ELIMIT: it is too large, or
 * one too many; PB_ENOMEM. */
int pb_result_note(json_t *result, const char *check, json_t *note);

/* Another process says that these are the notes of one check on one object: are they? */
bool pb_notes_valid(const json_t *notes);

#endif
