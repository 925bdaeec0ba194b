/* A libclamav that follows a script: enough of 1.4 and, with -DFAKE_15, of 1.5 to drive the hook. The file that is
 * scanned tells what libclamav would find, a line each, after a first line "FAKE":
 *	object LEVEL NAME SIZE    a layer of SIZE bytes (x, y, z, x, ...); NAME "-": none
 *	known LEVEL NAME SIZE     the same, clean by the cache: it is not opened, and layers below it are not shown; without a cache: object
 *	many COUNT SIZE           so many layers of SIZE zero bytes
 *	meta NAME SIZE ENCRYPTED  a member is announced
 *	found NAME                a signature matches: the end, except in all-match mode
 *	sleep MS                  the scan takes that long
 *	result NUMBER             the scan ends with that error */
#ifndef FAKE_CLAMAV_H
#define FAKE_CLAMAV_H

#include "clamav/cl.h"

enum { FAKE_LEVELS = 64, FAKE_CACHE = 64 };

struct cl_settings {
	clcb_meta meta;
	clcb_virus_found found;
	clcb_pre_cache pre_cache;
	clcb_pre_scan pre_scan;
	long long uncached;
};

struct cl_engine {
	int references, compiled;
	clcb_file_inspection inspect;
	clcb_scan pre_hash, scan_pre_scan;
	struct cl_settings set;
	unsigned long cache[FAKE_CACHE]; /* what was clean */
	unsigned cached;
};

struct cl_fmap {
	const char *name;
	const void *bytes;
	size_t size;
	int fd;
};

struct cl_scan_layer {
	struct cl_scan_layer *parent;
	struct cl_fmap map;
	uint32_t level;
};

/* One scan, whatever function it was called by. */
typedef struct fake_scan {
	struct cl_engine *engine;
	void *context;
	int fd, all_matches, found;
	const char *signature;
	uint32_t shut; /* the level of a layer that the cache knows: what lies below it is not shown; 0: none */
	struct cl_scan_layer layer[FAKE_LEVELS];
} fake_scan;

cl_error_t fake_run(fake_scan *s, const char *name, const void *bytes, size_t size);
cl_error_t fake_run_fd(fake_scan *s, const char *name);

#endif
