/* What enable and disable have in common: options, a list of changes to files that is complete before the first byte is written, and the
 * programs of the system. Private to enable*.c. */
#ifndef PROBITY_CLI_ENABLE_PLAN_H
#define PROBITY_CLI_ENABLE_PLAN_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/error.h"

#define PB_DROP_IN         "/etc/systemd/system/clamav-daemon.service.d/50-probity.conf"
#define PB_DROP_IN_FIRST   "# Written by `probity enable clamd`; `probity disable clamd` removes it.\n"
#define PB_APPARMOR        "/etc/apparmor.d/usr.sbin.clamd"
#define PB_APPARMOR_LOCAL  "/etc/apparmor.d/local/usr.sbin.clamd"
#define PB_KEEPER_SOCKET   "probityd.socket"
#define PB_KEEPER_SERVICE  "probityd.service"

typedef struct pb_admin_options {
	const char *root;    /* "" or a folder without a slash at its end, that stands for / : nothing of the system is run then */
	const char *library; /* --library, NULL: found */
	const char *alert;   /* --alert, NULL: as it is */
	bool yes, dry;
} pb_admin_options;

enum { PB_CHANGES_MAX = 4 };

typedef struct pb_change {
	const char *file; /* as it is called without root; static */
	char *path;
	pb_buf text, old; /* its new content, and the one before */
	bool exists, removes, folder; /* folder: its folder is made first, or goes with it where nothing is left in it */
	const char *why;  /* static */
	/* once it is made: */
	bool done, made;  /* made: its folder was made, or removed with it */
	struct stat before;
} pb_change;

typedef struct pb_plan {
	const pb_admin_options *options;
	pb_change list[PB_CHANGES_MAX];
	size_t n;
} pb_plan;

/* The content of root/file; *exists false and an empty text where there is none. */
int pb_plan_read(const pb_plan *p, const char *file, pb_buf *text, bool *exists, pb_error *err);
/* The file gets this text (taken over; emptied), or goes where removes. No change where it holds that already. */
int pb_plan_add(pb_plan *p, const char *file, pb_buf *text, bool removes, bool folder, const char *why, pb_error *err);
/* Can each change be made? To be asked before anything is changed. */
int pb_plan_check(const pb_plan *p, pb_error *err);
/* Makes them in order, one line on standard output for each once it is made (or would be: --dry-run). Where one fails, those before it
 * are undone. */
int pb_plan_apply(pb_plan *p, pb_error *err);
void pb_plan_undo(pb_plan *p); /* what was made so far, to the byte; one line for each file */
void pb_plan_free(pb_plan *p);

bool pb_plan_there(const pb_admin_options *o, const char *file); /* root/file, not followed */

/* The words of the drop-in's second line: what disable has to undo beside the files. */
#define PB_UNDO        "# To be undone: "
#define PB_UNDO_FOLDER "folder"
#define PB_UNDO_SOCKET "socket"
bool pb_undo_says(const pb_buf *drop_in, const char *word);

/* Runs a program of the system, said first; root must be "" . The first word is "systemctl", "apparmor_parser" or "systemd-sysusers";
 * words end with NULL. PB_EIO where it ends with another status than 0 (err: which), 1 where the program is not there, 0. */
int pb_system_run(const char *const words[], pb_error *err);
/* The same without a word on standard output or error: is its status 0? */
bool pb_system_asks(const char *const words[]);
bool pb_system_runs_systemd(void);

/* Loads clamd's profile anew, where AppArmor is there and confines anything. */
int pb_system_apparmor(pb_error *err);
/* Restarts a running clamd: after a question on the terminal, or with --yes; otherwise says how. */
int pb_system_restart_clamd(const pb_admin_options *o, bool wanted, pb_error *err);

/* Reads the options of both commands. -1: go on; otherwise the exit status. */
int pb_admin_read(pb_admin_options *o, int argc, char **argv, const char *help);
/* Says so behind what was done so far; the exit status. */
int pb_admin_failed(const char *command, const pb_error *err);

#endif
