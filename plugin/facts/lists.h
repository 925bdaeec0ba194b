/* Private to this room: the lists and patterns that the providers need, read once. */
#ifndef PROBITY_FACTS_LISTS_H
#define PROBITY_FACTS_LISTS_H

#include "base/error.h"
#include "facts/facts.h"

/* Our own pattern sources, in the order of pb_lists_sources. Those of capabilities follow, for each file one for each kind. */
typedef enum pb_own_source { PB_OWN_URLS, PB_OWN_MARKS, PB_OWN_ELF, PB_OWN_PE, PB_OWN_MACHO, PB_OWN_SOURCES } pb_own_source;

/* One way to have a capability: all of these imports. */
enum { PB_IMPORTS_TOGETHER = 4, PB_IMPORT_NAMES = 4096 };
typedef struct pb_import_rule {
	const char *capability;              /* borrowed from the table of capabilities */
	char *by;                            /* "listen+accept"; owned */
	size_t name[PB_IMPORTS_TOGETHER], n; /* what pb_imports.index has for each */
} pb_import_rule;

/* The rules on imports of one binary format. */
typedef struct pb_imports {
	json_t *index; /* {"connect": 0, ...}: every name that a rule asks for */
	pb_import_rule *rules;
	size_t n_rules;
} pb_imports;

/* One pattern of a capability: string "$pN" of a capabilities source, N its index. */
typedef struct pb_pattern_rule {
	const char *capability;
	char *kind; /* "javascript", ...; "binary" = any binary; "go" = a binary of that language; owned */
	char *by;   /* its name in the file, owned */
} pb_pattern_rule;

struct pb_lists {
	char **namespaces; /* sorted, owned: exact URLs that only name something */
	size_t n_namespaces;
	pb_imports elf, pe;
	pb_pattern_rule *patterns;
	size_t n_patterns;
	pb_pattern_source *sources; /* the strings of those from PB_OWN_SOURCES on are owned */
	size_t n_sources;
};

bool pb_lists_is_namespace(const pb_lists *l, const char *url);

/* capability_list.c: reads the .ini files of dir into l (imports, patterns, and for each file one source for each kind). */
int pb_capabilities_read(pb_lists *l, const char *dir, pb_error *err);
void pb_capabilities_free(pb_lists *l);
const char *pb_capability_named(const char *name); /* the static spelling; NULL: there is no such capability */

#endif
