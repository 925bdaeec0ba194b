/* Lanes under supervision: each has a front process that brings objects, and a boxed worker that maps them. Either may die or hang at any
 * time; that costs an object or a check, by name, never the run. */
#ifndef PROBITY_KEEPER_LANES_H
#define PROBITY_KEEPER_LANES_H

#include "keeper/template.h"
#include "wire/message.h"

typedef struct pb_lanes pb_lanes;

typedef struct pb_lanes_options {
	pb_loop *loop;
	pb_template *workers;       /* has the role "worker"; about.ids names its checks in order */
	pb_template *fronts;        /* has the front's role */
	const char *front;          /* "reader" (gets jobs) or "tracker" (gets streams on a packet socket) */
	const json_t *front_args;   /* borrowed; NULL: none */
	size_t n;
	unsigned object_seconds;    /* of one object in a worker, running or asleep; what it waits for a processor comes on top (pace.h) */
	unsigned job_seconds;       /* of one job of a reader, in the same way; 0: no limit */
	unsigned front_seconds;     /* a front that shows no sign of life (pb_lane_beat) for so long, though nothing is left on its lane, hangs
	                               and is ended; 0: it shows none */
	uint64_t memory;            /* of a worker, bytes */
	const char *scratch;        /* folder for what is too large for the memory of a worker (files without a name); borrowed until the end; NULL: none */
	const json_t *trace;        /* for workers; borrowed until the end; NULL: none */
	int known;                  /* memfd of the table of known results, or -1; borrowed */
	bool each_tag;              /* each tag of a lane is an assessment of its own; else all is one until pb_lanes_fresh. A check that ended
	                               three workers is set aside for the rest of the assessment */
	void *user;
	/* What came from a lane, in its order. payload is borrowed and hostile. A code ends the turn of the loop. */
	int (*message)(void *user, size_t lane, uint32_t tag, pb_message type, pb_bytes payload);
	/* The front ended early; everything that it had put on the lane has come. tag: of its job (readers). A new one is started when needed. */
	int (*front_lost)(void *user, size_t lane, uint32_t tag, const char *why);
	/* A packet from a tracker. descriptor: yours, -1: none came. */
	int (*packet)(void *user, size_t lane, pb_bytes packet, int descriptor);
} pb_lanes_options;

int pb_lanes_new(const pb_lanes_options *options, pb_lanes **out, pb_error *err);
void pb_lanes_free(pb_lanes *l); /* kills what runs */

/* A reader's lane that has no job, or SIZE_MAX. */
size_t pb_lanes_idle(const pb_lanes *l);
/* Gives it one; descriptor stays yours. Its end is the message PB_MSG_DONE or front_lost. A template that is gone is no error here: its own
 * end is told where it is heard (pb_template_hear). */
int pb_lanes_job(pb_lanes *l, size_t lane, uint32_t tag, const json_t *job, int descriptor, pb_error *err);

/* Hands a stream to a tracker (starts it where it does not run): the ring and the socket stay yours. PB_EIO: its tracker has just ended
 * and another takes its place within moments. */
int pb_lanes_stream(pb_lanes *l, size_t lane, uint32_t stream, int ring, int socket, pb_error *err);

/* To be called every 100 ms or so while anything runs: deadlines. *busy: something is under way. */
int pb_lanes_tick(pb_lanes *l, bool *busy);

/* A new assessment begins (without each_tag): what was set aside for the one before is given its chance again. */
void pb_lanes_fresh(pb_lanes *l);

const pb_error *pb_lanes_error(const pb_lanes *l); /* why a callback of the loop gave a code; code 0: nothing of the lanes' own */

/* {"rules.x": milliseconds} that each folder of YARA rules took since pb_lanes_fresh, in all lanes together (without each_tag). Borrowed. */
const json_t *pb_lanes_spent(const pb_lanes *l);

size_t pb_lanes_size(const pb_lanes *l); /* how many there are */
/* Deaths of workers so far, for who wants to know. */
size_t pb_lanes_deaths(const pb_lanes *l);

#endif
