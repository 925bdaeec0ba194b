/* What the hook tells of a scan: ClamAV's callbacks as entries of a ring (ring.h), in their order, and the few messages on the socket
 * beside it. Plain structs in host byte order (both ends run on one machine), strings behind them without a NUL. The hook holds no
 * parser: names and bytes go as they came, and whoever reads them treats them as hostile. */
#ifndef PROBITY_WIRE_EVENT_H
#define PROBITY_WIRE_EVENT_H

#include <stdint.h>

enum {
	PB_EVENT_MAGIC = 0x32624f50, /* "PO" "b2" */
	PB_EVENT_NAME = 4096,        /* longest string; longer ones are cut */
	PB_EVENT_ANCESTORS = 32,
	PB_EVENT_INLINE = 48 << 10,  /* objects up to this many bytes stand in their own entry; larger ones follow in chunks */
	PB_EVENT_CHUNK_MOST = 64 << 10,
	PB_EVENT_DESCRIPTOR = 256 << 10, /* top-level files from this size on travel as their descriptor */
	PB_EVENT_RING = 512 << 10    /* bytes of a stream's ring */
};

enum pb_event_type {
	PB_EVENT_BEGIN = 1, /* an outermost scan, or one started inside a host's callback */
	PB_EVENT_OBJECT,
	PB_EVENT_MORE,      /* a pb_event_chunk: the next bytes of the last object */
	PB_EVENT_META,
	PB_EVENT_FOUND,
	PB_EVENT_END
};

enum pb_event_source {
	PB_BYTES_INLINE = 1,
	PB_BYTES_CHUNKS,     /* exactly `size` bytes in chunks, or a chunk with `cut` set, or the scan's end: cut, too */
	PB_BYTES_DESCRIPTOR, /* a PB_STREAM_DESCRIPTOR message with the same scan and serial on the socket, with the descriptor: sent
	                        before the entry. Its file offset is the host's: map it or pread, never read or seek */
	PB_BYTES_NONE,       /* ClamAV gave no buffer */
	PB_BYTES_DROPPED     /* the ring stayed full for longer than the hook waits */
};

typedef struct pb_event {    /* the head of every entry */
	uint32_t type, scan;     /* scan: number of the scan in this stream, 1, 2, ...; a gap: its beginning found no room */
} pb_event;

/* ClamAV keeps a cache of files that it found clean. Such an object is inspected, and then left: nothing that lies in it is shown.
 * So each entry that may follow an object tells which object (its serial) ClamAV has opened last; an object that another entry of its
 * scan follows, and that was not opened by then, is hidden. */
#define PB_OPENED_UNKNOWN UINT32_MAX /* the hook cannot see it: counts as opened, and the hook has switched the cache off */

typedef struct pb_event_begin {
	pb_event head;
	uint32_t outer;          /* the scan inside which this one was started; 0: none */
	uint32_t name_size;      /* the name as the host gave it: a path, "instream(local)", ... 0: none */
	uint32_t path_size;      /* where the descriptor leads (readlink of /proc/self/fd), 0: unknown or not a file */
	uint32_t has_file;       /* size, device, inode, mtime_ns are of a regular file */
	uint64_t size, device, inode;
	int64_t mtime_ns;        /* since 1970 */
	uint32_t engine;         /* which engine of this process scans: 1, 2, ... in the order in which they were compiled; 0: unknown */
	uint32_t allmatch;       /* 1: the scan goes on after a detection */
	uint32_t db_version;     /* of the engine's official database (daily); 0: it has none */
	uint32_t settings;       /* a digest of the scan's options and the engine's limits: what shapes which objects are shown; 0: unknown */
	int64_t db_time;         /* when that was built, seconds since 1970; 0: unknown */
} pb_event_begin;            /* name, path */

typedef struct pb_event_object {
	pb_event head;
	uint32_t serial;         /* of the object in this scan: 1, 2, ... */
	uint32_t source;         /* enum pb_event_source */
	int32_t fd;              /* a number to tell objects apart, never used as a descriptor */
	uint32_t level;
	uint64_t size, parent_size;
	uint32_t type_size, name_size; /* name_size UINT32_MAX: no name */
	uint32_t n_ancestors;    /* at most PB_EVENT_ANCESTORS: each a uint32_t size (UINT32_MAX: NULL) and its bytes, behind the name */
	uint32_t opened;         /* an earlier one */
} pb_event_object;           /* type, name, ancestors, then (inline) the bytes */

typedef struct pb_event_chunk {
	pb_event head;
	uint32_t serial;
	uint32_t cut;            /* 1: the rest was dropped, the object is not whole */
} pb_event_chunk;            /* bytes */

typedef struct pb_event_meta {
	pb_event head;
	uint64_t size;           /* unpacked, as announced */
	uint32_t encrypted;
	uint32_t type_size, name_size;
	uint32_t opened;
} pb_event_meta;             /* container type, name */

typedef struct pb_event_found {
	pb_event head;
	int32_t fd;
	uint32_t name_size;
	uint32_t opened;
} pb_event_found;            /* signature */

typedef struct pb_event_end {
	pb_event head;
	int32_t result;          /* as cl_scan* is about to return it: 0 clean, 1 virus, others: an error of ClamAV */
	uint32_t name_size;      /* signature of a detection; 0: none */
	uint32_t lost;           /* events that found no room (the object list is not whole) */
	uint32_t objects;        /* inspections seen by the hook */
	uint32_t opened;
} pb_event_end;              /* signature */

/* Words of the ring's head (pb_ring_word). */
enum {
	PB_WORD_SKIP = 0,        /* written by the reader: number of a scan of which nothing more is wanted but its end */
	PB_WORD_RETIRE = 2,      /* written by the reader: 1: begin no further scan here, close and connect anew (rules were reloaded) */
	PB_WORD_WAITED_US = 1,   /* written by the hook: microseconds it waited for room, in all */
	PB_WORD_SCANS = 3,       /* written by the hook: outermost scans of which it told the beginning */
	PB_WORD_SETTLED = 4,     /* written by the reader: ... of which it has kept or logged what became */
	PB_WORD_COUNTED = 5      /* written by the reader, before it hangs up: 1 + PB_WORD_SCANS as it was then: it has said itself what became
	                            of those. It is alive: come again at once */
};

/* The socket of a stream (SOCK_SEQPACKET, one a thread of the host). Hook to keeper: hello first; afterwards the tracker reads it. */
enum pb_stream_type {
	PB_STREAM_HELLO = 1,     /* hook: pb_stream_hello; keeper answers with PB_STREAM_WELCOME and the ring's memfd, or closes */
	PB_STREAM_WELCOME,
	PB_STREAM_WAKE,          /* hook: look into the ring. The uint32_t type alone */
	PB_STREAM_DESCRIPTOR,    /* hook, with a descriptor: pb_stream_descriptor */
	PB_STREAM_VERDICT        /* keeper: pb_stream_verdict */
};

typedef struct pb_stream_hello {
	uint32_t type, magic;
	char host[32];           /* the program's short name, NUL-terminated */
	char clamav[32];         /* cl_retver() */
	uint32_t missed;         /* outermost scans of this process, since it said so last, of which no keeper can have said what became: none
	                            listened, or it was killed, or there was no room to begin */
	uint32_t reserved;
} pb_stream_hello;

typedef struct pb_stream_welcome {
	uint32_t type, magic;
	uint32_t wait_ms;        /* alert mode: how long the outermost call waits for its verdict (at most 10 minutes); 0: observe */
	uint32_t room_us;        /* how long a callback may wait for room in the ring; in all, a scan waits at most 20 times that.
	                            More than 250 ms counts as 250 ms */
	uint32_t replay;         /* 1: leave ClamAV's clean cache on; 0: switch it off for assessed scans where that is possible */
	uint32_t reserved;
} pb_stream_welcome;

typedef struct pb_stream_descriptor {
	uint32_t type, scan, serial, reserved;
} pb_stream_descriptor;

typedef struct pb_stream_verdict {
	uint32_t type, scan;
	uint32_t alert;          /* 1: raise `name` */
	char name[60];           /* "Probity.Reject.Trust19", NUL-terminated, [A-Za-z0-9.] */
} pb_stream_verdict;

#define PB_SOCKET_DEFAULT "/run/probity/probityd.sock" /* PROBITY_SOCKET in the environment names another */

#endif
