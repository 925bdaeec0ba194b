/* A rule set of somebody else's: YARA files as they come, sources and compiled ones. It is compiled apart from the patterns of our own
 * checks and scanned apart, so that nothing in it (a global rule, a slow string, an abort) has a say in what those find. There are no
 * groups (facts/patterns.h) here: a file that imports "pe" for one of its rules may hold others for scripts. */
#ifndef PROBITY_FACTS_RULE_SET_H
#define PROBITY_FACTS_RULE_SET_H

#include "base/json.h"
#include "facts/patterns.h"

typedef struct pb_rule_text pb_rule_text;

/* What a file may include, by the name that stands there. */
typedef struct pb_rule_include {
	const char *name;
	const pb_rule_text *file; /* NULL: there is no such file to be had */
} pb_rule_include;

struct pb_rule_text {
	const char *text;
	const pb_rule_include *includes;
	size_t n;
};

/* One file, a namespace of its own: a source or, with text NULL, compiled rules. */
typedef struct pb_rule_file {
	const char *space; /* unique */
	const char *file;  /* in messages */
	const pb_rule_text *text;
	pb_bytes compiled;
} pb_rule_file;

typedef struct pb_rule_set pb_rule_set; /* read-only after opening: shared over fork */

/* Compiles the sources, or loads them from the cache as pb_patterns_open does; digest names all texts of the set. A file that does not
 * compile is refused with its number among the files; with refused NULL it is PB_EINPUT. Compiled files stay bytes: YARA executes what
 * they hold, so each worker loads them by itself, in its box. files and what they point to: borrowed until the set is closed. */
int pb_rule_set_open(const pb_rule_file *files, size_t n, const char *digest, const char *cache_dir, pb_refused_fn refused, void *user,
                     pb_rule_set **out, pb_error *err);
void pb_rule_set_close(pb_rule_set *s);
size_t pb_rule_set_rules(const pb_rule_set *s); /* how many, private ones included */

/* Can this version of YARA load these bytes? NULL, or why not, in words. *rules: how many it says that it holds. */
const char *pb_rule_set_compiled(pb_bytes bytes, size_t *rules);

/* A rule that matched. Texts are borrowed from the set; meta and tags are the match's own. */
typedef struct pb_rule_match {
	size_t file;       /* among the files */
	const char *space; /* the rule's own namespace: in a compiled file it is not that of the file */
	const char *rule;
	json_t *meta;      /* {"key": text, integer or boolean}, the first of each key, display form */
	json_t *tags;      /* ["tag"] */
	int64_t at;        /* of the first match of its strings; -1: it matched without any */
	uint32_t length;
} pb_rule_match;

typedef struct pb_rule_matches {
	pb_rule_match *match; /* in the order of files and rules; private rules excluded */
	size_t n, cap;
	char why[200];     /* "", or why not all was looked for to the end: what is not here may be missing */
	uint64_t micros;   /* wall time */
} pb_rule_matches;

enum { PB_RULE_MATCHES = 10000 };

typedef struct pb_rule_scanner pb_rule_scanner;            /* one per process */
pb_rule_scanner *pb_rule_scanner_new(pb_rule_set *s); /* NULL: no memory */
void pb_rule_scanner_free(pb_rule_scanner *s);
/* md5: of the bytes, in hex (NULL: none), what the external variable of that name holds. micros: wall time for the whole set. A rule that
 * YARA gives up on is left out and the others are tried again (one whose condition says `not` of it may match for that reason). 0 or
 * PB_ENOMEM. out is overwritten; free it with pb_rule_matches_free. */
int pb_rule_scanner_run(pb_rule_scanner *s, pb_bytes bytes, const char *md5, uint64_t micros, pb_rule_matches *out);
void pb_rule_matches_free(pb_rule_matches *m);

#endif
