/* What a YARA source declares, read without compiling it. */
#ifndef PROBITY_FACTS_YARA_TEXT_H
#define PROBITY_FACTS_YARA_TEXT_H

#include <stddef.h>

typedef enum pb_yara_word {
	PB_YARA_IMPORT,  /* name: the module */
	PB_YARA_INCLUDE, /* name: the file, as it is written */
	PB_YARA_RULE     /* name: the rule */
} pb_yara_word;

/* Told of each import, include and rule, in order; name has n bytes, line counts from 1. Something else than 0 ends the reading. */
typedef int (*pb_yara_fn)(void *user, pb_yara_word what, const char *name, size_t n, int line);

/* text: NUL-terminated, of any kind. 0, or what fn returned. What does not compile is read as far as it goes. */
int pb_yara_read(const char *text, pb_yara_fn fn, void *user);

#endif
