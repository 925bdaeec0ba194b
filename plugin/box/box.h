/* What may a process still do? Closes the calling process in, for good: no_new_privs, Landlock, seccomp, resource limits. */
#ifndef PROBITY_BOX_BOX_H
#define PROBITY_BOX_BOX_H

#include "base/error.h"
#include "base/json.h"

/* 1: built with the address sanitizer. */
#if defined(__SANITIZE_ADDRESS__)
#define PB_BOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PB_BOX_SANITIZED 1
#endif
#endif
#ifndef PB_BOX_SANITIZED
#define PB_BOX_SANITIZED 0
#endif

typedef struct pb_box_limits {
	uint64_t memory; /* bytes of address space on top of what the process has mapped when the box closes; 0: no limit */
	uint32_t cpu_seconds; /* of the whole process from now on, then it is killed; 0: no limit */
	uint32_t files;       /* descriptors; 0: no limit */
	const char *folder; /* the only folder in which files may be made, read and removed (a reader's temporary files); NULL:
	                       none at all, and no call that opens anything is allowed */
	uint64_t file; /* without a folder: so far files that are held already may be written; 0: not at all */
	bool memfd; /* files in memory may be made and filled (memfd_create): their bytes do not count as memory of the process */
	bool network; /* sockets may be made and connected, of the internet and of resolvers; nobody listens */
	const char *const *also;     /* with network: further folders like `folder`, ends with NULL; NULL: none */
	const char *const *readable; /* with network: files and folders that may be read besides (those that are not there are left out) */
} pb_box_limits;

/* Closes the box. Without a folder: no open, no socket, no exec, no fork, no kill of others, no mapping of executable memory;
 * what is left is memory, futex, time, and read/write/send/receive on descriptors held already. With a folder: files below it,
 * nothing else; with network also those that are named, and sockets that connect. What only an intruder calls (exec, socket, connect, bind, fork, ptrace, ...) ends the process with SIGSYS; what
 * a library may try in passing fails with EPERM. No more threads either. What the kernel lacks is left out and told by
 * pb_box_about, never silently; PB_EIO where the kernel has it and refuses. Under the address sanitizer the limits on memory
 * and file sizes are left out: its shadow is terabytes, and its report may go to a file. (pb_box_close is the Lua sandbox's:
 * checks/box.h.) */
int pb_box_shut(const pb_box_limits *limits, pb_error *err);

/* Seconds of processor time that this process has used. One that serves for long goes by itself at half of its limit, between two
 * pieces of work: the limit is there for whoever gets stuck while nobody watches, and must not meet somebody innocent. */
uint32_t pb_box_spent(void);

/* Opens what libraries would open at their first use (locale, charset converters, digests), and sets TZ to UTC, so that they do
 * inside of the box what they do outside. pb_box_shut does it; a process that forks many such processes does it once for all of
 * them. */
void pb_box_warm(void);

/* {"seccomp":true,"landlock":7,"no_new_privs":true,"rlimits":true}: what this kernel offers (landlock: its ABI version, 0
 * none), found out without closing anything. New reference; NULL: no memory. */
json_t *pb_box_about(void);

#endif
