/* Subcommands: one file each, one line in the table of main.c. */
#ifndef PROBITY_CLI_CLI_H
#define PROBITY_CLI_CLI_H

#include <signal.h>

/* Exit statuses of every subcommand. */
enum { PB_EXIT_ACCEPT = 0, PB_EXIT_REJECT = 1, PB_EXIT_ERROR = 2, PB_EXIT_CONDITIONAL = 3, PB_EXIT_NOT_RATED = 4 };

extern volatile sig_atomic_t pb_interrupted; /* set by SIGINT, SIGTERM and SIGHUP once pb_watch_signals was called */
void pb_watch_signals(void);

/* argv[0] is the subcommand's name. */
int pb_cli_scan(int argc, char **argv);
int pb_cli_check(int argc, char **argv);
int pb_cli_pack(int argc, char **argv);
int pb_cli_trust(int argc, char **argv);
int pb_cli_sign(int argc, char **argv);
int pb_cli_run(int argc, char **argv);
int pb_cli_repl(int argc, char **argv);
int pb_cli_list(int argc, char **argv);
int pb_cli_show(int argc, char **argv);
int pb_cli_report(int argc, char **argv);
int pb_cli_diff(int argc, char **argv);
int pb_cli_compare(int argc, char **argv);
int pb_cli_site(int argc, char **argv);
int pb_cli_log(int argc, char **argv);
int pb_cli_verify(int argc, char **argv);
int pb_cli_waive(int argc, char **argv);
int pb_cli_opinion(int argc, char **argv);
int pb_cli_renew(int argc, char **argv);
int pb_cli_evidence(int argc, char **argv);
int pb_cli_explain(int argc, char **argv);

/* "probity: NAME: bad option" and where to look; returns PB_EXIT_ERROR. */
int pb_usage_error(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
