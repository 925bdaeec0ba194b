/* The hook: what probity.so (preloaded) and libprobity.so (linked by a host) share. It runs inside somebody else's
 * program, so: libc only, no constructor, no thread, no signal touched, errno left as it was, every wait bounded.
 *
 *   hook_preload*.c  the cl_* functions that stand in for libclamav's    hook_embed.c   the functions of probity.h
 *        \________________________________________________________________/
 *   hook_real.c      libclamav's own functions                 hook_engine.c  which callbacks are the host's?
 *   hook_scan.c      which scan are we in?                     hook_verdict.c the keeper's answer
 *   hook_callbacks.c, hook_layer.c   what libclamav tells      hook_event.c, hook_object.c   ... as entries of the ring
 *   hook_stream.c, hook_connect.c    the keeper's end of it */
#ifndef PROBITY_CLAMAV_HOOK_H
#define PROBITY_CLAMAV_HOOK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "clamav/cl.h"
#include "wire/event.h"
#include "wire/ring.h"

enum {
	PB_NEST = 8,                /* scans within callbacks of scans; deeper ones are left alone */
	PB_CONNECT_MS = 250,        /* for the whole handshake */
	PB_RETRY_MS = 5000,
	PB_WAIT_MS_MOST = 600000,   /* what the keeper asks for beyond these is cut */
	PB_ROOM_US_MOST = 250000,
	PB_FD_LATER = -2,
	PB_ROOMS = 20               /* a scan waits at most so many times room_us, its end included */
};

/* libclamav's own functions, found when they are first needed. */
#define PB_REALS(X)                                                                                               \
	X(cl_engine_new) X(cl_engine_addref) X(cl_engine_free) X(cl_engine_compile) X(cl_engine_set_num) X(cl_engine_get_num)          \
	X(cl_engine_settings_copy) X(cl_engine_settings_apply) X(cl_engine_settings_free)                         \
	X(cl_engine_set_clcb_file_inspection) X(cl_engine_set_clcb_pre_scan)                                      \
	X(cl_engine_set_clcb_meta) X(cl_engine_set_clcb_virus_found)                                              \
	X(cl_scandesc) X(cl_scandesc_callback) X(cl_scanfile) X(cl_scanfile_callback) X(cl_scanmap_callback)      \
	X(cl_retver) X(cl_engine_set_scan_callback) X(cl_scandesc_ex) X(cl_scanfile_ex) X(cl_scanmap_ex)          \
	X(cl_scan_layer_get_fmap) X(cl_scan_layer_get_parent_layer) X(cl_scan_layer_get_type)                     \
	X(cl_scan_layer_get_recursion_level)                                                                      \
	X(cl_fmap_get_name) X(cl_fmap_get_fd) X(cl_fmap_get_size) X(cl_fmap_get_data)

#define PB_REAL_ENUM(name) PB_REAL_##name,
enum pb_real { PB_REALS(PB_REAL_ENUM) PB_REAL_COUNT };
#undef PB_REAL_ENUM

/* The function of that name with its type; NULL: this libclamav has none. */
#define PB_REAL(name) ((__typeof__(&name))pb_real(PB_REAL_##name))
void *pb_real(enum pb_real which);
/* Asked before the dynamic linker (embedding); NULL: no longer. */
void pb_real_resolver(void *(*resolve)(void *user, const char *symbol), void *user);
bool pb_real_preloaded(void); /* probity.so stands before libclamav in this process */

/* Callbacks of the host that were set where the hook could not see: left alone. */
enum { PB_BLIND_META = 1, PB_BLIND_FOUND = 2, PB_BLIND_PRE_SCAN = 4 };

/* What is known of an engine, or of settings copied from one. Records are never freed, only used again: no lock is
 * needed, and a thread that forks in the middle leaves none behind. */

typedef struct pb_hooked {
	_Atomic(const void *) key; /* the engine or settings; NULL: free */
	_Atomic(struct pb_hooked *) next;
	atomic_int references;
	_Atomic(clcb_file_inspection) inspect; /* the host's own callbacks */
	_Atomic(clcb_meta) meta;
	_Atomic(clcb_virus_found) found;
	_Atomic(clcb_pre_scan) pre_scan;
	_Atomic(clcb_scan) pre_hash, scan_pre_scan; /* 1.5 */
	atomic_uint blind;
	atomic_bool modern, uncached;
	atomic_uint serial; /* in the order in which this process compiled its engines; 0: not compiled */
} pb_hooked;

pb_hooked *pb_engine_add(const void *engine); /* NULL: memory ran out */
pb_hooked *pb_engine_find(const void *engine);
void pb_engine_reference(const void *engine);
void pb_engine_release(const void *engine); /* forgets it with its last reference */
/* Puts the hook's callbacks in; does not touch what the host has. */
void pb_engine_install(struct cl_engine *engine, pb_hooked *h);
void pb_engine_number(pb_hooked *h); /* it is being compiled: gives it the next number */
void pb_engine_remove(struct cl_engine *engine, pb_hooked *h); /* ... and the host's back */
/* Does the hook hear which objects ClamAV opens, and which it knows from its clean cache? */
bool pb_engine_opens(const pb_hooked *h);
void pb_engine_uncache(const struct cl_engine *engine, pb_hooked *h); /* switches ClamAV's clean cache off, once */
void pb_settings_copied(const void *settings, const void *engine);
void pb_settings_applied(const void *settings, const void *engine);
void pb_settings_forget(const void *settings);
/* For callbacks of scans that the hook does not see: the callback that any engine's host has set. */
clcb_file_inspection pb_any_inspect(void);
clcb_meta pb_any_meta(void);
clcb_virus_found pb_any_found(void);
clcb_pre_scan pb_any_pre_scan(void);
clcb_scan pb_any_pre_hash(void);
clcb_scan pb_any_scan_pre_scan(void);

/* The hook's own callbacks. Each tells its scan's stream and then calls the host's, whose answer it returns. */
cl_error_t pb_on_inspect(int fd, const char *type, const char **ancestors, size_t parent_size, const char *name,
                         size_t size, const char *buffer, uint32_t level, uint32_t attributes, void *context);
cl_error_t pb_on_meta(const char *type, unsigned long packed, const char *name, unsigned long size, int encrypted,
                      unsigned int position, void *context);
void pb_on_found(int fd, const char *signature, void *context);
cl_error_t pb_on_pre_scan(int fd, const char *type, void *context);
cl_error_t pb_on_pre_hash(cl_scan_layer_t *layer, void *context);
cl_error_t pb_on_scan_pre_scan(cl_scan_layer_t *layer, void *context);

/* A connection to the keeper; one a thread and process. */
typedef struct pb_stream {
	pid_t pid;       /* of the process that opened it; 0: none is open */
	int socket;
	dev_t device;    /* these two tell that the number is still our socket: hosts close what they do not know */
	ino_t inode;
	pb_ring *ring;
	uint32_t wait_ms, room_us, replay;
	uint32_t scans;  /* numbers given so far */
	int64_t opened_ns;
} pb_stream;

typedef struct pb_scan {
	struct pb_thread *thread;
	const struct cl_engine *engine;
	pb_hooked *hooked;
	uint32_t number, outer; /* number 0: this scan is not told */
	bool begun;
	bool in_host;    /* a callback of the host is running: a scan that starts now is its own, no inner call */
	int fd;          /* the host's, or what cl_scanfile opened; -1: none; PB_FD_LATER: libclamav opens the file */
	const char *name;
	const struct cl_scan_options *options; /* may be NULL */
	uint32_t objects, lost;
	uint32_t opened; /* the object that ClamAV opened last; 0: none yet */
	uint32_t owes;   /* serial of an object whose "cut" found no room; 0: none */
} pb_scan;

typedef struct pb_thread {
	pb_stream stream;
	unsigned depth;        /* of scan; may be more than PB_NEST */
	uint64_t room_left_us; /* of the outermost scan */
	uint64_t begins;       /* hook_embed.c */
	uint32_t answer;       /* number of the scan that probity_verdict asks for; 0: none */
	pb_scan scan[PB_NEST];
} pb_thread;

pb_thread *pb_thread_get(bool make); /* this thread's; NULL: none (yet), or memory ran out */
pb_scan *pb_scan_current(void);      /* the innermost scan of this thread; NULL: none that the hook knows */

/* A scan starts. NULL: it is libclamav calling itself, or the engine is unknown: just call on. */
pb_scan *pb_scan_enter(const struct cl_engine *engine, int fd, const char *name, const struct cl_scan_options *options);
/* It has ended. result: 0 clean, 1 found, else an error of ClamAV. Returns its number where an answer by the keeper
 * counts (an outermost scan, clean, told to its end), else 0. */
uint32_t pb_scan_leave(pb_scan *s, int result, const char *signature);

/* hook_stream.c. All of them cope with a stream that is not open. */
bool pb_stream_open(pb_stream *st); /* connected, and the other side was there a moment ago */
bool pb_stream_mine(const pb_stream *st); /* this process' own, not one inherited by fork */
bool pb_stream_same(const pb_stream *st); /* the descriptor is still our socket */
void pb_stream_drop(pb_stream *st); /* tells the other side, as far as it is ours to tell */
bool pb_stream_send_fd(pb_stream *st, const pb_stream_descriptor *message, int fd);
bool pb_stream_connect(pb_stream *st); /* hook_connect.c: once, within PB_CONNECT_MS */
/* Outermost scans of this process that nobody can account for: told to the next keeper, in its hello. */
void pb_missed_add(uint32_t n);
uint32_t pb_missed_take(void);
int64_t pb_now_ns(void); /* monotonic */

/* An object as libclamav shows it. Everything is borrowed for the call. */
typedef struct pb_shown {
	int fd;
	uint32_t level, n_ancestors;
	const char *type, *name; /* may be NULL, as may each ancestor */
	const char *const *ancestors;
	uint64_t size, parent_size;
	const void *bytes; /* NULL: ClamAV gave none */
} pb_shown;

void pb_tell_begin(pb_scan *s); /* does nothing the second time */
void pb_tell_object(pb_scan *s, const pb_shown *shown);
void pb_tell_meta(pb_scan *s, const char *type, const char *name, uint64_t size, bool encrypted);
void pb_tell_found(pb_scan *s, int fd, const char *signature);
bool pb_tell_end(pb_scan *s, int result, const char *signature); /* false: it was not told */
/* hook_event.c, for hook_object.c */
void *pb_tell_room(pb_scan *s, size_t n); /* n bytes of the ring, or NULL after a bounded wait */
void pb_tell_commit(pb_scan *s, size_t n, bool urgent);
bool pb_tell_wanted(pb_scan *s); /* this scan's events have somewhere to go and somebody wants them */
size_t pb_tell_length(const char *text); /* as much of it as is told */
uint32_t pb_tell_opened(const pb_scan *s); /* as an entry tells it */

/* Waits for the keeper's answer to a scan, where it wants that. scan 0: does not. NULL: no alert, or none in time.
 * The text stays. */
const char *pb_verdict_wait(pb_stream *st, uint32_t scan);
/* The same text in storage that outlives everything; NULL: not a name that may be shown. */
const char *pb_verdict_intern(const char *name);

#endif
