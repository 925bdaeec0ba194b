/* --rules, --pack and --unsigned: which rules take part besides Probity's own, as every command that opens rules takes them. */
#ifndef PROBITY_CLI_RULE_OPTIONS_H
#define PROBITY_CLI_RULE_OPTIONS_H

#include "cli/assess.h"

enum { PB_RULE_FOLDERS = 64, PB_RULE_PACKS = 64 };
typedef struct pb_rule_options { /* begins as {0}; its strings are borrowed from the command line */
	const char *dirs[PB_RULE_FOLDERS], *packs[PB_RULE_PACKS];
	size_t n_dirs, n_packs;
	bool unsigned_packs;
} pb_rule_options;

/* Rows for a command's table of long options, and lines for its help. */
enum { PB_OPT_RULES = 1000, PB_OPT_PACK, PB_OPT_UNSIGNED };
#define PB_RULE_LONG_OPTIONS                                                                                        \
	{"rules", required_argument, NULL, PB_OPT_RULES}, {"pack", required_argument, NULL, PB_OPT_PACK},               \
	{                                                                                                               \
		"unsigned", no_argument, NULL, PB_OPT_UNSIGNED                                                              \
	}
#define PB_RULE_HELP                                                                                                \
	"      --rules DIR         also use the checks and YARA files in DIR; may be repeated\n"                            \
	"      --pack NAME|DIR     also use the rules of this pack; may be repeated\n"                                      \
	"      --unsigned          packs that --pack names by folder (with a '/') count also where no\n"                    \
	"                          trusted key has signed them\n"

/* c, value: what getopt_long said. 0: taken; -1: it is none of these options; PB_EXIT_ERROR: too many, told in the name of command. */
int pb_rule_option(pb_rule_options *r, const char *command, int c, const char *value);

/* Sets what an assessor is told of rules; borrows r. */
void pb_rule_options_into(const pb_rule_options *r, pb_assessor_options *options);

#endif
