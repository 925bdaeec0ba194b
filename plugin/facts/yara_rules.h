/* Private to this room, and the one place that includes YARA's header: what patterns*.c and modules.c share. */
#ifndef PROBITY_FACTS_YARA_RULES_H
#define PROBITY_FACTS_YARA_RULES_H

#include <yara.h>
#include <yara/bitmask.h>

#include "facts/patterns.h"
#include "facts/rule_set.h"

struct pb_patterns {
	YR_RULES *rules[PB_GROUPS];
	uint32_t *source[PB_GROUPS]; /* by index of a rule's namespace: the source that it came from */
	bool initialized;            /* holds one reference of yr_initialize */
};

/* A source that does not compile, and why. NULL = it does. */
typedef struct pb_refusals {
	char **message; /* one for each source, owned */
	size_t n;
} pb_refusals;
int pb_refuse(pb_refusals *r, size_t source, const char *message); /* the first message of a source stays. 0, PB_ENOMEM */

/* Compiles the sources of one group; those that do not compile, alone or together with the others, are added to r and left out.
 * files: what each source may include, one for each (NULL: nothing may be included).
 */
int pb_patterns_compile(const pb_pattern_source *sources, const pb_rule_text *const *files, const uint32_t *groups, pb_group group,
                        pb_refusals *r, YR_RULES **rules);

/* Defines the external variables in a fresh compiler. 0 or PB_ENOMEM. */
int pb_patterns_externals(YR_COMPILER *compiler);

/* patterns_teach.c. Adds to YARA's message what to write instead, and gives the line of text that it is about (line, where that is not to
 * be seen). */
int pb_patterns_teach(const char *text, char *message, size_t room, int line);

/* The groups that a source is in, as bits 1 << pb_group, by its import lines and by what it applies to. */
uint32_t pb_patterns_groups(const pb_pattern_source *source);

/* The cache file of one group: "DIR/DIGEST-GROUP.yac", fresh; NULL where memory ran out. Names all sources of the group that
 * were not refused yet, YARA's version and the form of the file. */
char *pb_patterns_cache_file(const char *dir, const pb_pattern_source *sources, const uint32_t *groups, pb_group group,
                             const pb_refusals *r);
/* false: not there, not whole, or not written by this code. */
bool pb_patterns_cache_load(const char *file, pb_refusals *r, YR_RULES **rules);
void pb_patterns_cache_save(const char *file, const pb_refusals *r, YR_RULES *rules); /* best effort */

/* The same rules in as little memory as they need. 0; PB_ENOMEM: *rules are as they were. */
int pb_patterns_compact(YR_RULES **rules);

/* For streams of YARA: user is a pb_bytes * that shrinks. */
size_t pb_patterns_stream_read(void *to, size_t size, size_t count, void *user);

/* A module's data as JSON, taking from *left (values). Functions and undefined values are skipped. NULL: nothing there, or no
 * memory. */
json_t *pb_module_json(YR_OBJECT *module, size_t *left);

#endif
