/* Private to this room: what the facts of ELF, PE and Mach-O share. */
#ifndef PROBITY_FACTS_BINARY_H
#define PROBITY_FACTS_BINARY_H

#include "facts/provider.h"

/* Was this list of a module's tree cut by its budget? (NULL tree: false) */
bool pb_module_cut(const json_t *module, const char *member);

/* Sets object[key] to a new value, adding to *failed instead of returning: the callers set many. NULL value: failed. */
void pb_put(json_t *object, const char *key, json_t *value, bool *failed);
void pb_put_text(json_t *object, const char *key, const char *text, bool *failed); /* NULL or "": nothing */

/* The text at `at` that ends with a NUL within 4096 bytes, at most max bytes of it in display form; NULL where there is none.
 * New. */
json_t *pb_c_string(pb_bytes b, uint64_t at, size_t max);
enum { PB_LIBRARIES = 256, PB_LIBRARY_NAME = 256, PB_PATH_TEXT = 4096 };

/* Each adds what its format says to binary ("arch", "type", "needed", "hardening", ...). 0 or PB_ENOMEM. */
int pb_binary_elf(pb_look *look, const json_t *elf, json_t *binary);
int pb_binary_pe(pb_look *look, const json_t *pe, json_t *binary);
int pb_binary_macho(pb_look *look, const json_t *macho, json_t *binary);

/* "go" or "rust" by their marks in the bytes, else NULL. */
const char *pb_binary_marked_language(const pb_look *look, pb_own_source source);

#endif
