#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/version.h"
#include "checks/sandbox.h"
#include "clamav/engine.h"
#include "cli/admin.h"
#include "cli/cli.h"
#include "cli/network.h"
#include "facts/patterns.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *about;
} commands[] = {
	{"scan", pb_cli_scan, "assess products: trust, floor, confidence, decision, evidence"},
	{"run", pb_cli_run, "run a ClamAV host, and assess what it scans"},
	{"list", pb_cli_list, "what was assessed: time, decision, trust, product"},
	{"show", pb_cli_show, "one report of the store"},
	{"report", pb_cli_report, "a report in another format: HTML, SARIF, ..."},
	{"compare", pb_cli_compare, "products side by side, where that is fair"},
	{"site", pb_cli_site, "a static site of the store, for any web server"},
	{"diff", pb_cli_diff, "what a new version brings and takes away, and what that does to trust"},
	{"explain", pb_cli_explain, "what moved the numbers of a report, and what would: --what-if"},
	{"verify", pb_cli_verify, "does what a report says hold? recompute it, derive it from the product again"},
	{"evidence", pb_cli_evidence, "for suppliers: what a dossier lacks, forms to fill in"},
	{"waive", pb_cli_waive, "a waiver of one finding, to be signed by an assessor"},
	{"opinion", pb_cli_opinion, "signed opinions: give, take, what all say together"},
	{"renew", pb_cli_renew, "which assessments fall due"},
	{"log", pb_cli_log, "the log of assessments: show it, verify its chain"},
	{"check", pb_cli_check, "write, test and list checks"},
	{"repl", pb_cli_repl, "a prompt on a product: its objects, facts, YARA, Lua"},
	{"collect", pb_cli_collect, "fetch public evidence of a product, within what probity.conf allows"},
	{"push", pb_cli_push, "send finished reports to a webhook or a _bulk endpoint"},
	{"pack", pb_cli_pack, "packs of rules: sign, verify, install, list, remove"},
	{"trust", pb_cli_trust, "whose signatures count, and for what"},
	{"sign", pb_cli_sign, "sign a report: an in-toto statement in a DSSE envelope"},
	{"enable", pb_cli_enable, "load Probity into clamd"},
	{"disable", pb_cli_disable, "take it out again, everything as it was"},
	{"doctor", pb_cli_doctor, "is everything in its place? scans a probe"},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

volatile sig_atomic_t pb_interrupted;

static void on_signal(int sig)
{
	pb_interrupted = sig;
}

void pb_watch_signals(void)
{
	struct sigaction a = {.sa_handler = on_signal}; /* no SA_RESTART: a waiting poll has to come back */
	sigemptyset(&a.sa_mask);
	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGHUP, &a, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int pb_usage_error(const char *command, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	char *shown = pb_text_display(text, strlen(text), 0);
	fprintf(stderr, "probity: %s%s%s\nTry `probity %s%s--help`.\n", command, *command ? ": " : "", shown ? shown : "", command,
	        *command ? " " : "");
	free(shown);
	return PB_EXIT_ERROR;
}

static void help(FILE *out)
{
	fputs("probity: how far can a product be trusted, and on what evidence?\n\n"
	      "Usage: probity COMMAND [OPTIONS] ...\n\nCommands:\n",
	      out);
	for (int i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].about);
	fputs("\nOptions:\n"
	      "  --help     this text; `probity COMMAND --help` for one command\n"
	      "  --version  versions of Probity, ClamAV, YARA and Lua\n\n"
	      "Exit status of scan: 0 accept, 1 reject, 2 error, 3 conditional, 4 not rated;\n"
	      "with several products the worst, an error before all else.\n",
	      out);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
		help(stdout);
		return 0;
	}
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
		printf("probity %s\nClamAV %s\nYARA %s\n%s\n", PB_VERSION, pb_engine_version(), pb_patterns_version(), LUA_RELEASE);
		return 0;
	}
	if (!*name) {
		help(stderr);
		return PB_EXIT_ERROR;
	}
	for (int i = 0; i < COMMANDS; i++)
		if (strcmp(name, commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	const char *names[COMMANDS];
	for (int i = 0; i < COMMANDS; i++)
		names[i] = commands[i].name;
	const char *near = pb_text_nearest(name, names, COMMANDS);
	return pb_usage_error("", near ? "no command \"%s\"; did you mean %s?" : "no command \"%s\"", name, near);
}
