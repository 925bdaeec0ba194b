/* A reader: a disposable process that runs libclamav and libarchive over files and puts what it finds on a lane. */
#ifndef PROBITY_CLAMAV_READER_H
#define PROBITY_CLAMAV_READER_H

#include "clamav/engine.h"
#include "wire/role.h"

/* What the template "clamav" opens. */
typedef struct pb_reading_options {
	const char *database; /* NULL: ClamAV's own folder */
	const char *extra;    /* a further folder of signatures, or NULL */
	bool unsigned_only;   /* no signatures at all: only unpacking (what a plugin's host has scanned already) */
	const char *temp;     /* folder for temporary files; emptied by whoever made it */
	pb_budget budget;
} pb_reading_options;

/* pb_template_spec.open: user is pb_reading_options. about: {"clamav":version,"database":{"dir","official","version","built","signatures","digest"}} */
int pb_reading_open(void *user, void **state, json_t **about, pb_error *err);

/* pb_template_spec.buried: removes what a reader left in its temporary folder. */
void pb_reading_buried(void *state, pid_t pid);

/* The role "reader": descriptors 0 a socket for jobs (message.h), 1 a lane. A job without a kind is a file for libclamav; one with a kind a
 * container's bytes for libarchive, whose members go to libclamav. A job that says "hidden" is what a host's ClamAV has inspected, by its "size" and "sha256", and
 * left closed because it knew it to be clean: its detections do not count, with "inside" it is not told again itself, and with "payload" what
 * lies in it hangs below the compression layer that it came of. Closes itself into a box with only its temporary folder. */
int pb_reader_main(void *state, const pb_role_args *args);

#endif
