/* `probity check VERB`: one file a verb, one row in the table of check.c. */
#ifndef PROBITY_CLI_CHECK_H
#define PROBITY_CLI_CHECK_H

#include "cli/rule_options.h"

/* The verbs. argv[0] is the verb; each knows --help. */
int pb_check_bench(int argc, char **argv);
int pb_check_coverage(int argc, char **argv);
int pb_check_explain(int argc, char **argv);
int pb_check_lint(int argc, char **argv);
int pb_check_list(int argc, char **argv);
int pb_check_new(int argc, char **argv);
int pb_check_patterns(int argc, char **argv);
int pb_check_stats(int argc, char **argv);
int pb_check_test(int argc, char **argv);
int pb_check_types(int argc, char **argv);

/* What a header's words may be, a line each with what it means; the body of `check list --claims` and its like. An exit status. */
typedef enum pb_check_word_kind { PB_WORDS_CLAIMS, PB_WORDS_MAPS, PB_WORDS_TAGS } pb_check_word_kind;
int pb_check_words(pb_check_word_kind kind, bool json);

/* What getopt_long refused: told by name; returns PB_EXIT_ERROR. */
int pb_check_bad_option(const char *verb, int c, char **argv);
/* The same where the verb opens rules: those of rule_options.h are taken into r. 0, or told and PB_EXIT_ERROR. */
int pb_check_option(pb_rule_options *r, const char *verb, int c, char **argv);

/* What a command line means by its words: files and folders of checks from elsewhere, or checks of Probity's own. */
enum { PB_CHECK_PATHS = 64, PB_CHECK_FOLDERS = PB_RULE_FOLDERS + PB_CHECK_PATHS };
typedef struct pb_check_paths {
	const char *dirs[PB_CHECK_PATHS], *files[PB_CHECK_PATHS]; /* borrowed from the command line */
	size_t n_dirs, n_files;
	char *names[PB_CHECK_PATHS];                              /* ids, "pillar/stem" or pillars of own checks; owned */
	size_t n_names;
	bool own;                                                 /* own checks are meant as well */
} pb_check_paths;
int pb_check_paths_of(pb_check_paths *p, const char *verb, char **words, size_t n); /* 0, or told and PB_EXIT_ERROR */
void pb_check_paths_free(pb_check_paths *p);
/* The file that somebody means who writes "integrity.x", "integrity/x" or "x" in this folder ("": here): fresh, NULL where there is none. */
char *pb_check_near_file(const char *folder, const char *word);
bool pb_check_foreign(const pb_check_paths *p); /* are checks from elsewhere meant? */
/* Fills extra_dirs, packs, files and without_own. dirs: where the list of folders is kept. */
void pb_check_rules_of(const pb_check_paths *p, const pb_rule_options *rules, const char *dirs[PB_CHECK_FOLDERS],
                       pb_assessor_options *options);

/* What lint says, one message. */
typedef struct pb_remark {
	char *file, *what; /* owned */
	long line;
	bool error;        /* the check does not load */
	bool mended;
} pb_remark;
/* Mends the spelling of what has one near neighbour ("did you mean"), file by file; shows each change, and asks unless yes. Marks what is
 * mended. 0 or PB_EXIT_ERROR (told). */
int pb_check_mend(pb_remark *remarks, size_t n, bool yes);

/* Runs run(user) now and again after each change of a file that they name, until a signal comes. The last result of run, or
 * PB_EXIT_ERROR. data: where own checks lie. */
int pb_check_watch(const pb_check_paths *p, const pb_rule_options *rules, const char *data, int (*run)(void *user), void *user);

/* Opens what the options name, told apart from a scan: the small database of our own samples, one job, nothing cached, judged as of
 * one day, so that samples do not age. Then asks the boxed role "catalogue" (worker/roles.h). 0, or told and PB_EXIT_ERROR; close a in
 * any case. options: extra_dirs, n_extra, without_engine and the like; the rest is filled in. */
int pb_check_open(pb_assessor_options options, pb_assessor *a, json_t **catalogue);

#endif
