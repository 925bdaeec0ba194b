/* Subcommands of the administrator, and what they share. */
#ifndef PROBITY_CLI_ADMIN_H
#define PROBITY_CLI_ADMIN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/* argv[0] is the subcommand's name; the return value is the exit status. */
int pb_cli_enable(int argc, char **argv);
int pb_cli_disable(int argc, char **argv);
int pb_cli_doctor(int argc, char **argv);

/* Where the preloaded library lies: beside this executable in the build tree, in lib/ of the prefix that it was installed below, or where
 * the build put it. Fresh absolute path; NULL where there is none (or memory ran out). */
char *pb_hook_library(void);

/* A running clamd, by its name in /proc. */
typedef struct pb_clamd {
	pid_t pid;    /* 0: none runs */
	bool visible; /* its mappings may be read by this user */
	bool loaded;  /* a file named probity.so is mapped */
	char confined[128]; /* its AppArmor label, "" unknown, "unconfined" */
} pb_clamd;

/* prefer: the pid to look at where it is a clamd (0: the first one found). */
pb_clamd pb_clamd_find(pid_t prefer);

#endif
