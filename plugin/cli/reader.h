/* A reader process: libclamav and libarchive over one top-level file, every object mapped and sent to the keeper. */
#ifndef PROBITY_CLI_READER_H
#define PROBITY_CLI_READER_H

#include "cli/assess.h"

typedef struct pb_item {
	char *file;    /* path to open, raw bytes; owned */
	pb_path base;  /* its chain in the product: {"x.deb"} or {"folder", "usr/bin/x"} */
	bool follow;   /* the product itself may be given by a symbolic link; what lies in a folder may not */
} pb_item;

typedef struct pb_reader_job {
	const pb_assessor *assessor;
	const pb_item *items;
	size_t n_items;
} pb_reader_job;

/* A pb_worker_fn (keeper/pool.h); user is a pb_reader_job. */
int pb_reader_main(int fd, void *user);

#endif
