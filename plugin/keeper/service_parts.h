/* The parts of a service. Private to service*.c. */
#ifndef PROBITY_KEEPER_SERVICE_PARTS_H
#define PROBITY_KEEPER_SERVICE_PARTS_H

#include <sys/socket.h>
#include <syslog.h>

#include "keeper/service.h"
#include "wire/event.h"
#include "wire/ring.h"

/* One set of rules and the processes that work by it. After a reload the one before goes on until its streams have moved over. */
enum { BREAKS = 4, BREAK_WINDOW_MS = 60000, ENGINES = 64 }; /* so many broken generations in so short a time, and the service gives up */

typedef struct pb_generation {
	pb_service *service;
	pb_keeper keeper;
	pb_lanes *trackers;
	pb_policy policy;
	bool retired, broken;
	struct pb_generation *next;
} pb_generation;

/* One thread of a host. Its messages are read by a tracker; the keeper keeps the socket for verdicts and to hear its end. It stays until the
 * tracker says that everything of it was told: what is known of its host is needed until then. */
typedef struct pb_stream {
	uint32_t id;
	pb_generation *of;
	size_t lane;
	int socket;              /* -1: the host has left */
	pb_ring *ring;
	uid_t uid;
	pid_t pid;
	char host[33], clamav[33];
	struct pb_stream *next;
} pb_stream;

/* Which engine a host's process scans with: a higher number than before shows that its databases were reloaded. */
typedef struct pb_engine_seen {
	pid_t pid;
	uint32_t number;
	uint64_t last;           /* when it was seen last, by engine_clock */
} pb_engine_seen;

/* One product under way. */
typedef struct pb_case {
	pb_generation *of;
	size_t lane;
	uint32_t tag;
	bool begun, grouped, folder, ended, judging;
	bool refused;            /* too many at once: nothing of it is kept but what it was; said is NULL */
	bool overfull;           /* more objects than are kept, which was told */
	uint32_t stream, scan;
	uid_t uid;
	char host[33];
	char *path, *signature;
	char lost[200];          /* why nobody heard its end; "": it was heard */
	pb_gather *said;
	pb_identity identity;
	size_t items;            /* whole files that were told */
	json_t *database;        /* that its host scanned with; NULL: not told */
	json_t *digests;         /* of a group: {path below it: sha256} */
	int64_t unpacks, unpacked; /* containers handed to readers, and done */
	pb_reduction *reduction;
	struct pb_case *next;
} pb_case;

/* A container that ClamAV left closed, on its way through a reader. */
typedef struct pb_unpack_job {
	pb_generation *of;
	size_t lane;             /* of the tracker that sent it */
	uint32_t tag;            /* of its case */
	uint32_t job;            /* tag on the reader's lane; 0: waits */
	json_t *what;            /* {"path","kind"} */
	int fd;
	uint64_t size;           /* bytes behind it */
	struct pb_unpack_job *next;
} pb_unpack_job;

struct pb_service {
	pb_service_options o;
	pb_loop *loop;
	pb_generation *now;      /* the newest; others behind it */
	pb_stream *streams;
	struct pb_caller *callers; /* connected, and have not yet said what they want; oldest first */
	pb_engine_seen engine[ENGINES]; /* the slot of the process that was seen longest ago is used again */
	uint64_t engine_clock;
	bool finishing;          /* the command has ended: groups are whole once no stream is left */
	pb_case *cases;
	size_t n_cases;          /* without those that were refused */
	pb_unpack_job *unpacks;
	uint64_t waiting_bytes;  /* of theirs */
	uint32_t last_stream;
	pb_service_counts count;
	struct pb_unkept *unkept; /* what the store would not take, oldest first */
	size_t n_unkept;
	int64_t retried;          /* milliseconds */
	int64_t broke_at[BREAKS]; /* when generations broke last, milliseconds */
	pb_error err;
};

void pb_service_log(pb_service *s, int level, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* service_generation.c */
int pb_generation_open(pb_service *s, const pb_config *config, pb_generation **out, pb_error *err);
void pb_generation_free(pb_generation *g);

/* service_caller.c: who connects, until it is clear what for. */
int pb_service_accept(void *user, int fd, uint32_t events);
void pb_caller_tick(pb_service *s);          /* those that keep silent are hung up on */
void pb_caller_close_all(pb_service *s);

/* service_stream.c */
int pb_stream_add(pb_service *s, int socket, const struct ucred *who, const pb_stream_hello *hello); /* 0: the socket is the stream's */
void pb_stream_close(pb_service *s, pb_stream *t);
void pb_stream_settled(pb_service *s, uint32_t stream); /* what became of one of its scans is kept, or logged */
pb_stream *pb_stream_find(pb_service *s, const pb_generation *g, size_t lane, uint32_t id); /* NULL: there is none of that lane */
void pb_stream_engine(pb_service *s, const pb_stream *t, uint32_t engine); /* a scan of it begins with this engine of the host; 0: unknown */
void pb_stream_verdict_to(pb_service *s, uint32_t stream, uint32_t scan, const char *alert); /* alert NULL: none */

/* service_case.c */
int pb_case_message(void *user, size_t lane, uint32_t tag, pb_message type, pb_bytes payload);     /* of trackers; user: generation */
int pb_case_front_lost(void *user, size_t lane, uint32_t tag, const char *why);
pb_case *pb_case_find(pb_service *s, const pb_generation *g, size_t lane, uint32_t tag);
pb_case *pb_case_of(pb_generation *g, size_t lane, uint32_t tag); /* made where there is none; NULL: no memory */
int pb_case_take(pb_case *c, pb_message type, pb_bytes payload);  /* a record or a note of it */
void pb_case_abandon(pb_service *s, const pb_generation *g, const char *why); /* all of a generation */
int pb_case_tick(pb_service *s);             /* hands out unpacking, starts reductions, deadlines */
void pb_case_free(pb_service *s, pb_case *c);
const json_t *pb_case_database(const pb_case *c); /* ClamAV's database, as a report tells it; of several scans, the first one's */

/* service_unpack.c */
int pb_case_packet(void *user, size_t lane, pb_bytes packet, int descriptor);                      /* of trackers */
int pb_case_unpacked(void *user, size_t lane, uint32_t tag, pb_message type, pb_bytes payload);    /* of readers */
int pb_case_unpack_lost(void *user, size_t lane, uint32_t tag, const char *why);
void pb_unpack_abandon(pb_service *s, const pb_generation *g); /* all of a generation */
void pb_unpack_hand_out(pb_service *s);

/* service_verdict.c: what becomes of a product result, or of the reason why there is none. */
void pb_case_judge(pb_service *s, pb_case *c, json_t *document, const char *reason);
void pb_service_keep_again(pb_service *s);   /* once a second: what the store would not take before */
void pb_service_unkept_free(pb_service *s);

#endif
