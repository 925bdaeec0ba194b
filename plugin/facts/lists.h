/* Private to this room: the lists and patterns that the providers need, read once. */
#ifndef PROBITY_FACTS_LISTS_H
#define PROBITY_FACTS_LISTS_H

#include "base/error.h"
#include "facts/facts.h"
#include "facts/hints.h"
#include "facts/list.h"

/* Our own pattern sources, in the order of pb_lists_sources. Those of capabilities follow, for each file one for each kind. */
typedef enum pb_own_source { PB_OWN_URLS, PB_OWN_MARKS, PB_OWN_ELF, PB_OWN_PE, PB_OWN_MACHO, PB_OWN_BANNERS, PB_OWN_SCRIPT_BANNERS, PB_OWN_SOURCES } pb_own_source;

/* One way to have a capability: all of these imports. */
enum { PB_IMPORTS_TOGETHER = 4, PB_IMPORT_NAMES = 4096 };
typedef struct pb_import_rule {
	const char *capability;              /* borrowed from the table of capabilities */
	char *by;                            /* "listen+accept"; owned */
	size_t name[PB_IMPORTS_TOGETHER], n; /* what pb_imports.index has for each */
} pb_import_rule;

/* The formats whose names are looked up, each with a reader of its own (names.h). */
typedef enum pb_asks { PB_ASKS_ELF, PB_ASKS_PE, PB_ASKS_MACHO, PB_ASKS_JAVA, PB_ASKS_DOTNET, PB_ASKS } pb_asks;

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

/* What declares capabilities. A word is worth a set of them: bit i is pb_capability_name(i). */
typedef enum pb_declares {
	PB_DECLARES_WORD,      /* words of descriptions, keywords, sections, names */
	PB_DECLARES_DEPENDS,   /* names of packages that it depends on; "libcurl*": all that begin so */
	PB_DECLARES_ANDROID,   /* permissions of an Android manifest */
	PB_DECLARES_EXTENSION, /* permissions of a browser extension */
	PB_DECLARES_APPLE,     /* keys of Info.plist and of entitlements */
	PB_DECLARES_FLATPAK,   /* "sockets=x11" */
	PB_DECLARES_SNAP,      /* plugs */
	PB_DECLARES
} pb_declares;

typedef struct pb_words {
	json_t *word[PB_DECLARES]; /* {"camera": bits}; NULL: no rows */
	json_t *begin;             /* of PB_DECLARES_DEPENDS, those with a *, without it */
	size_t longest;            /* bytes of the longest key of begin */
} pb_words;

/* hints.ini. */
typedef struct pb_hint_word {
	char *text; /* owned */
	size_t size;
	uint32_t bits; /* classes */
} pb_hint_word;

typedef struct pb_hint_words {
	pb_hint_word *word;
	size_t n;
} pb_hint_words;

typedef struct pb_hints {
	char *classes[PB_HINT_CLASSES]; /* owned */
	size_t n_classes;
	uint32_t discount;
	pb_hint_words folders, suffixes, whole, part;
} pb_hints;

struct pb_lists {
	pb_hints hints;
	struct pb_geo *geo; /* NULL: no table */
	pb_list *named; /* sorted by file name */
	size_t n_named;
	char **namespaces; /* sorted, owned: exact URLs that only name something */
	size_t n_namespaces;
	pb_imports asks[PB_ASKS];
	pb_words words;
	pb_pattern_rule *patterns;
	size_t n_patterns;
	char *banners[2];           /* the texts of those two sources */
	pb_pattern_source *sources; /* the strings of those from PB_OWN_SOURCES on are owned */
	size_t n_sources;
};

int pb_hints_read(pb_hints *h, const char *file, pb_error *err); /* hints.c */
void pb_hints_free(pb_hints *h);

/* list_file.c */
int pb_list_files_read(pb_lists *l, const char *dir, pb_error *err); /* every NAME.tsv of dir */
void pb_list_files_free(pb_lists *l);
int pb_list_order(const char *a, const char *b); /* of two keys, as strcmp */

bool pb_lists_is_namespace(const pb_lists *l, const char *url);

/* capability_list.c: reads the .ini files of dir into l (imports, patterns, and for each file one source for each kind). */
int pb_capabilities_read(pb_lists *l, const char *dir, pb_error *err);
void pb_capabilities_free(pb_lists *l);
const char *pb_capability_named(const char *name); /* the static spelling; NULL: there is no such capability */
const char *pb_capability_name(size_t i);          /* also "any" and "place", which are declared only; NULL past the last one */

#endif
