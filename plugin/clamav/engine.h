/* libclamav as the command line's own host: an engine, its database, one scan. It sees clamav.h through cl.h. */
#ifndef PROBITY_CLAMAV_ENGINE_H
#define PROBITY_CLAMAV_ENGINE_H

#include "base/error.h"
#include "clamav/frame.h"

typedef struct pb_engine pb_engine;

typedef struct pb_database {
	char dir[512];         /* where it was looked for */
	unsigned signatures;
	bool official;         /* a main or daily database of ClamAV was among it */
	char version[32];      /* of daily (else main) "27800"; "" where not official */
	int64_t built_days;    /* day the official database was built (base/date.h); -1 unknown */
	char digest[65];       /* SHA-256 over the sorted (file name, SHA-256 of content; of .cvd and .cld: of their header of
	                          512 bytes), first of dir, then of extra */
} pb_database;

/* Loads dir (NULL: /var/lib/clamav, which may be missing); where it holds no database at all, an engine without signatures:
 * unpacking still works. extra: a further folder of signatures (rulesets/clamav), or NULL. temp: a folder for libclamav's
 * temporary files; a forked child makes a folder of its own in it, which pb_engine_close removes there: whoever may kill
 * children empties temp afterwards. Compiled and ready to fork. Broken database files: PB_EINPUT, naming the file. */
int pb_engine_open(const char *dir, const char *extra, const char *temp, const pb_budget *budget, pb_engine **out,
                   pb_database *about, pb_error *err);
/* The same without any signatures: it only unpacks. */
int pb_engine_open_empty(const char *temp, const pb_budget *budget, pb_engine **out, pb_database *about, pb_error *err);
/* dir and digest as pb_engine_open would tell them by what lies in the folders now, without opening anything; the rest of about
 * is empty. */
int pb_engine_digest(const char *dir, const char *extra, pb_database *about, pb_error *err);
void pb_engine_close(pb_engine *e);
const char *pb_engine_version(void); /* "1.4.6" */

/* Scans with a frame of its own (all matches, everything parsed): objects, limits, detections go to sink and detected. The
 * detections are borrowed for the call. fd: read only, stays open, its offset may move. 0; PB_EIO, PB_ENOMEM; PB_ELIMIT where
 * ClamAV stopped early (the reason in err). A detection is no error. */
typedef void (*pb_detected_fn)(void *user, const pb_detection *found, size_t count);
/* From now on the scans of this engine open no archive (true), or all that libclamav knows (false, as at first). */
void pb_engine_shut(pb_engine *e, bool shut);
int pb_engine_scan_fd(pb_engine *e, int fd, const pb_path *base, const pb_sink *sink, pb_detected_fn detected, pb_error *err);
int pb_engine_scan_bytes(pb_engine *e, pb_bytes bytes, const pb_path *base, const pb_sink *sink, pb_detected_fn detected,
                         pb_error *err);

#endif
