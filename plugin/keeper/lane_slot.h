/* One lane as its supervisor sees it. Private to lane*.c. */
#ifndef PROBITY_KEEPER_LANE_SLOT_H
#define PROBITY_KEEPER_LANE_SLOT_H

#include "keeper/lanes.h"
#include "keeper/pace.h"
#include "wire/lane.h"

enum { PB_ASIDE_DEATHS = 3, PB_ENTRY_DEATHS = 6, PB_STILLBORN = 5, PB_TURN_MS = 1000 };

/* Why we killed a worker. */
typedef enum pb_killed { PB_KILLED_NOT, PB_KILLED_OVERRAN, PB_KILLED_NONSENSE, PB_KILLED_REPLACED } pb_killed;

typedef struct pb_slot {
	pb_lanes *all;
	size_t index;
	int memory;             /* the lane's memfd */
	int scratch;            /* its workers' file for objects that are too large for memory; -1: none */
	pb_lane *watch;
	/* worker */
	uint32_t worker;        /* process number; 0: none */
	int socket;             /* keeper's end; -1: none */
	pb_buf in;
	size_t taken;           /* bytes of in that are done with */
	uint64_t heard;         /* messages taken in so far: one for each entry of the lane */
	uint64_t heard_before;  /* ... when this worker was started */
	char words[200];        /* what the worker said of its own end; "": nothing */
	unsigned stillborn;     /* workers that died one after the other with work before them and none done */
	uint64_t at, heard_at;  /* the entry it was at, and messages, when it was looked at last */
	pb_pace pace;           /* ... since when that is so */
	uint64_t spared;        /* entry that was tried again without blame */
	uint64_t dying_entry;   /* entry on which workers died last, and how often */
	unsigned deaths;
	pb_killed killed;
	uint64_t skipped;       /* entry that was left out for that */
	json_t *excused;        /* {check: why} on that entry */
	/* front */
	uint32_t front;         /* process number; 0: none */
	int control;            /* keeper's end; -1: none */
	uint32_t tag;           /* of a reader's job, if one is under way */
	pb_pace job_pace;       /* ... since when */
	uint64_t beats;         /* its signs of life, when it was looked at last */
	pb_pace front_pace;     /* ... since when they stand still */
	unsigned lives;         /* fronts so far */
	char front_why[200];
	/* both */
	bool broken;            /* nothing more comes through this lane: a fresh one takes its place */
	bool moved;             /* something came from the worker since it was looked at last */
	bool with_aside;        /* it was told of checks that are set aside */
	bool flooded;           /* it sent more messages than there were entries */
	bool busy;              /* a reader's job is under way */
	bool front_overran, front_dead;
} pb_slot;

struct pb_lanes {
	pb_lanes_options o;
	json_t *args;           /* own copy of front_args */
	json_t *aside;          /* {assessment: {check: why}}: set aside */
	json_t *killers;        /* {assessment: {check: deaths}} */
	json_t *spent;          /* {"rules.x": milliseconds} of the assessment (without each_tag) */
	size_t deaths;
	pb_slot *slot;
	size_t n;
	int64_t ticked;
	pb_error err;
};

/* lane_worker.c */
int pb_slot_start_worker(pb_slot *s, const json_t *excuse);
void pb_slot_drop_worker(pb_slot *s);                /* kills it; whatever it still says is lost */
void pb_slot_replace_worker(pb_slot *s);             /* kills it; the next one goes on where it was, nobody is blamed */
int pb_slot_watch(pb_slot *s, int64_t now);
bool pb_slot_drained(const pb_slot *s);              /* everything on the lane was worked on, and heard */

/* lane_front.c */
int pb_slot_start_front(pb_slot *s, pb_error *err);
void pb_slot_close_control(pb_slot *s);
void pb_slot_watch_front(pb_slot *s, int64_t now);   /* kills one that overran or hangs */
/* The lane itself is of no use any more: what its front was at is lost. */
void pb_slot_break(pb_slot *s, const char *why);

/* lane_blame.c: which check ended a worker, how often, and what is not asked any more. */
/* What the next worker is told of the entry that this one died on; a new reference. NULL: nothing. */
json_t *pb_blame(pb_slot *s, uint64_t number, uint32_t where, const char *why);
json_t *pb_blame_again(pb_slot *s, uint64_t number); /* the same entry, and nobody is to blame */
void pb_blame_tell(pb_slot *s, json_t *args);        /* "aside" or "asides" into a worker's arguments; sets with_aside */
/* An item has ended: what folders of YARA rules took of it, {"rules_ms":{...}}. One that has spent its budget is set aside. */
void pb_blame_spent(pb_slot *s, pb_bytes payload);
void pb_blame_end(pb_slot *s, uint32_t tag);         /* that assessment is over */

#endif
