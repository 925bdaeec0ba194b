/* One lane as its supervisor sees it. Private to lanes*.c. */
#ifndef PROBITY_KEEPER_LANE_SLOT_H
#define PROBITY_KEEPER_LANE_SLOT_H

#include "keeper/lanes.h"
#include "wire/lane.h"

enum { PB_ASIDE_DEATHS = 3, PB_ENTRY_DEATHS = 6 };

typedef struct pb_slot {
	pb_lanes *all;
	size_t index;
	int memory;             /* the lane's memfd */
	pb_lane *watch;
	/* worker */
	uint32_t worker;        /* process number; 0: none */
	int socket;             /* keeper's end; -1: none */
	pb_buf in;
	size_t taken;           /* bytes of in that are done with */
	uint64_t heard;         /* messages taken in so far: one for each entry of the lane */
	uint64_t heard_before;  /* ... when a worker died last */
	unsigned stillborn;     /* workers that died one after the other without having done anything */
	uint64_t number;        /* entry being worked on when last looked at */
	int64_t since;          /* ... since when */
	bool overran;           /* we killed it for that */
	uint64_t dying_entry;   /* entry on which workers died last, and how often */
	unsigned deaths;
	json_t *excused;        /* {check: why} on that entry */
	/* front */
	uint32_t front;         /* process number; 0: none */
	int control;            /* keeper's end; -1: none */
	bool busy;              /* a reader's job is under way */
	uint32_t tag;
	int64_t due;
	bool front_overran, front_dead;
	char front_why[200];
} pb_slot;

struct pb_lanes {
	pb_lanes_options o;
	json_t *args;           /* own copy of front_args */
	json_t *aside;          /* {check: why}: set aside */
	json_t *killers;        /* {check: deaths} */
	size_t deaths;
	pb_slot *slot;
	size_t n;
	pb_error err;
};

/* Worker side (lane_worker.c). */
int pb_slot_start_worker(pb_slot *s, const json_t *excuse);
int pb_slot_hear(void *user, int fd, uint32_t events);
int pb_slot_watch(pb_slot *s, int64_t now);
bool pb_slot_drained(const pb_slot *s); /* everything on the lane was worked on, and heard */

#endif
