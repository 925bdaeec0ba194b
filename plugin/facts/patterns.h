/* All patterns of all checks, scanned in one pass per object. The only room that includes yara.h.
 * Modules (elf, pe, macho, dotnet) cost about 480 us per object whatever it is, and each string costs something at every byte.
 * So the sources are compiled into one rule set per group of kinds, with those that are for a kind of that group: a text never
 * meets the elf module, and a program no pattern for shell scripts. */
#ifndef PROBITY_FACTS_PATTERNS_H
#define PROBITY_FACTS_PATTERNS_H

#include "base/error.h"
#include "base/json.h"
#include "object/kind.h"

typedef enum pb_group {
	PB_GROUP_PLAIN, /* texts */
	PB_GROUP_ELF,   /* this and the next two: with YARA's modules */
	PB_GROUP_PE,
	PB_GROUP_MACHO,
	PB_GROUP_CODE, /* other binaries: bytecode */
	PB_GROUP_PYTHON,
	PB_GROUP_JAVASCRIPT,
	PB_GROUP_SHELL,
	PB_GROUP_SCRIPT, /* other languages that scripts are written in */
	PB_GROUP_SOURCE, /* what is compiled, and whatever else people write for machines */
	PB_GROUP_DATA,   /* archives, media, and what is none of the above */
	PB_GROUPS
} pb_group;
pb_group pb_group_of(const pb_kind *kind);
bool pb_group_has_modules(pb_group group);

typedef struct pb_pattern_source {
	const char *space; /* namespace: the check's id, "probity.urls", "rules/DIR/FILE.yar", ... unique */
	const char *text;  /* YARA source; one that imports elf, pe, dotnet or macho is in the groups of these only */
	const char *file;  /* named in errors, with */
	int line;          /* the line of file on which text begins (1 for a whole .yar file) */
	const char *const *applies; /* tags of the objects it is for, borrowed; n_applies 0: all. A tag that is neither a kind nor a class */
	size_t n_applies;           /* ("any", "npm") may be on every object. Elsewhere it may be looked for, too: hits are not proof of a tag */
} pb_pattern_source;

typedef struct pb_patterns pb_patterns; /* read-only after opening: shared by threads and over fork */

/* Compiles, or loads from cache_dir/<digest>-<group>.yac where it was compiled before (NULL: no cache; digest names the
 * sources, the group and YARA's version; a cache file that does not load is compiled anew and replaced). A source that does not
 * compile: refused(user, source index, "file:line: message") is called and it is left out, the rest load; with refused NULL it
 * is PB_EINPUT. Externals defined: filename, filepath, extension, filetype, owner (strings, ""), md5. */
typedef void (*pb_refused_fn)(void *user, size_t source, const char *message);
int pb_patterns_open(const pb_pattern_source *sources, size_t n, const char *cache_dir, pb_refused_fn refused, void *user,
                     pb_patterns **out, pb_error *err);
/* What is not good about a source that compiles: YARA's own warnings (slow strings and the like), strings that are too short or too
 * common to find with. Nothing is told of one that does not compile. 0 or PB_ENOMEM. */
int pb_patterns_lint(const pb_pattern_source *source, void (*noticed)(void *user, const char *message), void *user);
void pb_patterns_close(pb_patterns *p);
const char *pb_patterns_version(void); /* YARA's, "4.2.3" */

typedef struct pb_hit {
	uint32_t source;    /* index into the sources */
	const char *rule;   /* borrowed from the rules */
	const char *string; /* "$pem", borrowed; NULL for a rule that matched without strings */
	uint64_t at;
	uint32_t length;
} pb_hit;

enum { PB_HITS_PER_STRING = 1000, PB_HITS = 100000 };

/* What one pass found. Sorted by (source, rule, string, at). */
typedef struct pb_scan {
	pb_hit *hits; /* only of rules whose condition holds; private rules excluded */
	size_t n_hits;
	json_t *modules; /* {"elf": {...}, "pe": {...}, ...}: module data, at most 200,000 values; NULL where none */
	const char *why; /* NULL, or why the pass is not complete: "time budget spent", "memory budget spent", "too many
	                    matches", "YARA error 31" */
} pb_scan;

typedef struct pb_scanner pb_scanner;                          /* one per thread or process: reuses YR_SCANNERs */
pb_scanner *pb_scanner_new(const pb_patterns *p, int seconds); /* seconds: time budget of one pass; what others took of the processor meanwhile does not count. NULL: no memory */
void pb_scanner_free(pb_scanner *s);
/* 0 or PB_ENOMEM. An aborted pass is scan->why with no hits: never mistaken for a clean one. scan is overwritten; free with
 * pb_scan_free. */
int pb_scanner_run(pb_scanner *s, pb_bytes bytes, pb_group group, pb_scan *scan);
void pb_scan_free(pb_scan *scan);

#endif
