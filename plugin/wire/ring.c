#include "wire/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "wire/ring_shared.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

enum {
	LEAST = 64 << 10,
	MOST = 1 << 30,
	EAGER = 1 << 20,     /* rings up to this size get their memory when they are made */
	PENDING = 256 << 10, /* so many bytes wake a reader that naps */
};

static const uint64_t NAP_NS = 2000000, DEEP_NS = 100000000, LATELY_NS = 20000000;
static const uint32_t SEALS = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

struct pb_ring {
	pb_ring_head *h;
	uint8_t *data, *extra;
	size_t bytes, extra_size, map_size;
	bool writer;
	bool started;   /* `own` is valid: not before first use, because a watcher opens while both sides move */
	bool broken;    /* the shared part lied once: never trusted again */
	bool held;      /* writer: reserved; reader: taken */
	bool announced; /* reader: pb_ring_sleep was called */
	bool fresh;     /* reader: took something since it slept last */
	bool nap;       /* reader: the last announced sleep is a short one */
	uint64_t own;   /* this side's position: kept here, never read again from the shared part */
	uint64_t peer;  /* the other side's, as seen last */
	size_t skip;    /* writer: bytes left empty before the reserved entry */
	size_t size;    /* bytes of the entry reserved or taken */
	uint64_t busy_ns;
	void (*wake)(void *user);
	void *user;
};

static uint64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* How long to sleep at once: what is left of wait_us since the first call (*end is 0 before), at most `most`. */
static uint64_t left_ns(uint64_t *end, uint64_t now, uint32_t wait_us, uint64_t most)
{
	if (*end == 0)
		*end = now + (wait_us == UINT32_MAX ? INT64_MAX : (uint64_t)wait_us * 1000);
	uint64_t left = now < *end ? *end - now : 0;
	return left < most ? left : most;
}

/* errno stays as it was: the hook runs inside somebody else's program. */
static void futex(_Atomic uint32_t *word, int what, uint32_t value, const struct timespec *t)
{
	int saved = errno;
	syscall(SYS_futex, word, what, value, t, NULL, 0);
	errno = saved;
}

static void futex_wait(_Atomic uint32_t *word, uint32_t value, uint64_t ns)
{
	struct timespec t = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
	futex(word, FUTEX_WAIT, value, &t);
}

static size_t space(size_t n)
{
	return sizeof(uint64_t) + ((n + 7) & ~(size_t)7);
}

static bool fits(uint64_t bytes, uint64_t extra)
{
	return bytes >= LEAST && bytes <= MOST && (bytes & (bytes - 1)) == 0 && extra <= (uint64_t)1 << 40;
}

int pb_ring_create(const char *name, size_t bytes, size_t extra)
{
	if (!fits(bytes, extra)) {
		errno = EINVAL;
		return -1;
	}
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
	if (fd < 0 && errno == EINVAL) /* before Linux 6.3 */
		fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -1;
	uint64_t start[3] = {PB_RING_MAGIC, bytes, extra};
	/* Where memory is not overcommitted, a page that cannot be had later is a SIGBUS in the program that is scanning. */
	if (ftruncate(fd, (off_t)(PB_RING_HEAD + bytes + extra)) == 0 &&
	    (bytes > EAGER || fallocate(fd, 0, 0, (off_t)(PB_RING_HEAD + bytes)) == 0) &&
	    pwrite(fd, start, sizeof start, 0) == (ssize_t)sizeof start && fcntl(fd, F_ADD_SEALS, SEALS) == 0)
		return fd;
	int saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

pb_ring *pb_ring_open(int memfd, bool writer)
{
	uint64_t start[3];
	struct stat st;
	int seals = fcntl(memfd, F_GET_SEALS);
	if (seals < 0 || ((uint32_t)seals & SEALS) != SEALS || fstat(memfd, &st) != 0 ||
	    pread(memfd, start, sizeof start, 0) != (ssize_t)sizeof start || start[0] != PB_RING_MAGIC ||
	    !fits(start[1], start[2]) || (uint64_t)st.st_size != PB_RING_HEAD + start[1] + start[2]) {
		errno = EPROTO;
		return NULL;
	}
	pb_ring *r = calloc(1, sizeof *r);
	if (r == NULL)
		return NULL;
	*r = (pb_ring){.writer = writer, .bytes = start[1], .extra_size = start[2], .map_size = (size_t)st.st_size};
	uint8_t *map = mmap(NULL, r->map_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, memfd, 0);
	if (map == MAP_FAILED) {
		free(r); /* keeps errno */
		return NULL;
	}
	r->h = (pb_ring_head *)(void *)map;
	r->data = map + PB_RING_HEAD;
	r->extra = r->extra_size > 0 ? r->data + r->bytes : NULL;
	return r;
}

void pb_ring_free(pb_ring *r)
{
	if (r == NULL)
		return;
	munmap(r->h, r->map_size);
	free(r);
}

void *pb_ring_extra(const pb_ring *r, size_t *size)
{
	*size = r->extra_size;
	return r->extra;
}

_Atomic uint64_t *pb_ring_word(const pb_ring *r, unsigned index)
{
	return index < PB_RING_WORDS ? &r->h->words[index] : NULL;
}

size_t pb_ring_most(const pb_ring *r)
{
	return r->bytes / 4;
}

bool pb_ring_lied(const pb_ring *r)
{
	return r->broken;
}

bool pb_ring_gone(const pb_ring *r)
{
	return r->broken || (atomic_load(&r->h->closed) & (r->writer ? PB_RING_READER_CLOSED : PB_RING_WRITER_CLOSED)) != 0;
}

void pb_ring_progress(const pb_ring *r, uint64_t *written, uint64_t *read)
{
	*read = atomic_load(&r->h->read);
	*written = atomic_load(&r->h->written);
}

void pb_ring_on_wake(pb_ring *r, void (*wake)(void *user), void *user)
{
	r->wake = wake;
	r->user = user;
}

static void wake_reader(pb_ring *r)
{
	uint32_t s = atomic_exchange(&r->h->sleeps, 0);
	if ((s & PB_RING_POLLS) != 0 && r->wake != NULL)
		r->wake(r->user);
	else if (s != 0)
		futex(&r->h->sleeps, FUTEX_WAKE, 1, NULL);
}

static void wake_writer(pb_ring *r)
{
	if (atomic_exchange(&r->h->waits, 0) != 0)
		futex(&r->h->waits, FUTEX_WAKE, 1, NULL);
}

void pb_ring_close(pb_ring *r)
{
	atomic_fetch_or(&r->h->closed, r->writer ? PB_RING_WRITER_CLOSED : PB_RING_READER_CLOSED);
	wake_reader(r);
	wake_writer(r);
}

/* Looks where the other side is. Everything that is done with positions afterwards rests on this check. */
static bool look(pb_ring *r)
{
	if (r->broken)
		return false;
	if (!r->started)
		r->own = atomic_load_explicit(r->writer ? &r->h->written : &r->h->read, memory_order_acquire);
	r->started = true;
	r->peer = atomic_load(r->writer ? &r->h->read : &r->h->written);
	uint64_t pending = r->writer ? r->own - r->peer : r->peer - r->own;
	r->broken = pending > r->bytes || ((r->own | r->peer) & 7) != 0;
	return !r->broken;
}

static bool reached(pb_ring *r, uint64_t position)
{
	return look(r) && (int64_t)(r->peer - position) >= 0;
}

/* Writer: waits until the reader is at `position`; it is asked to wake this side only when it is at `wish`, so that
 * a full ring does not cost a system call for every entry. */
static bool wait_for(pb_ring *r, uint64_t position, uint64_t wish, uint32_t wait_us)
{
	uint64_t end = 0;
	while (!reached(r, position)) {
		if (wait_us == 0 || pb_ring_gone(r))
			return false;
		uint64_t left = left_ns(&end, now_ns(), wait_us, DEEP_NS);
		if (left == 0)
			return false;
		if (atomic_load(&r->h->sleeps) != 0)
			wake_reader(r); /* what it has not looked at yet is what takes the room */
		atomic_store(&r->h->wanted, wish);
		atomic_store(&r->h->waits, 1);
		if (!reached(r, position) && !pb_ring_gone(r))
			futex_wait(&r->h->waits, 1, left);
		atomic_store(&r->h->waits, 0);
	}
	return true;
}

bool pb_ring_read_past(pb_ring *r, uint64_t position, uint32_t wait_us)
{
	return wait_for(r, position, position, wait_us);
}

/* How much to leave empty so that `need` contiguous bytes follow. An empty ring goes back to its start early: low pages
 * are warm, the high ones need not exist. */
static size_t gap(pb_ring *r, size_t need)
{
	size_t at = (size_t)(r->own & (r->bytes - 1));
	size_t low = r->bytes / 8 > EAGER ? r->bytes / 8 : EAGER;
	if (need > r->bytes - at)
		return r->bytes - at;
	return at >= low && at >= need && look(r) && r->peer == r->own ? r->bytes - at : 0;
}

void *pb_ring_reserve(pb_ring *r, size_t n, uint32_t wait_us)
{
	r->held = false;
	if (!r->writer || n > pb_ring_most(r) || (!r->started && !look(r)) || pb_ring_gone(r))
		return NULL;
	size_t need = space(n);
	size_t skip = gap(r, need);
	if (r->broken)
		return NULL;
	if (skip + need > r->bytes - (size_t)(r->own - r->peer)) {
		uint64_t position = r->own + skip + need - r->bytes;
		uint64_t wish = position + r->bytes / 8;
		if (!wait_for(r, position, (int64_t)(wish - r->own) > 0 ? r->own : wish, wait_us))
			return NULL;
	}
	r->held = true;
	r->skip = skip;
	r->size = n;
	return r->data + ((r->own + skip) & (r->bytes - 1)) + sizeof(uint64_t);
}

static _Atomic uint64_t *header_at(const pb_ring *r, uint64_t position)
{
	return (_Atomic uint64_t *)(void *)(r->data + (position & (r->bytes - 1)));
}

void pb_ring_commit(pb_ring *r, size_t n, bool urgent)
{
	if (!r->writer || !r->held || n > r->size)
		return;
	r->held = false;
	if (r->skip > 0)
		atomic_store_explicit(header_at(r, r->own), PB_RING_WRAP, memory_order_relaxed);
	atomic_store_explicit(header_at(r, r->own + r->skip), (uint64_t)PB_RING_ENTRY << 32 | n, memory_order_relaxed);
	r->own += r->skip + space(n);
	/* In one order with the look at `sleeps`, as the reader's are: one of the two sees the other. */
	atomic_store(&r->h->written, r->own);
	uint32_t s = atomic_load(&r->h->sleeps);
	if (s == 0)
		return;
	size_t many = r->bytes / 4 < PENDING ? r->bytes / 4 : PENDING;
	if (urgent || (s & PB_RING_DEEP) != 0 || (look(r) && r->own - r->peer >= many))
		wake_reader(r);
}

/* The entry at this side's position; own != peer. */
static int parse(pb_ring *r)
{
	size_t at = (size_t)(r->own & (r->bytes - 1)), ready = (size_t)(r->peer - r->own);
	uint64_t header = atomic_load_explicit(header_at(r, r->own), memory_order_relaxed);
	if (header == PB_RING_WRAP && at > 0 && ready > r->bytes - at) {
		/* Past the gap at once: the writer has the room back, and an entry that is delivered again is at the start. */
		r->own += r->bytes - at;
		ready -= r->bytes - at;
		at = 0;
		atomic_store_explicit(&r->h->read, r->own, memory_order_release);
		header = atomic_load_explicit(header_at(r, r->own), memory_order_relaxed);
	}
	size_t n = (size_t)(header & UINT32_MAX);
	r->broken = header >> 32 != PB_RING_ENTRY || n > pb_ring_most(r) || space(n) > ready || space(n) > r->bytes - at;
	r->held = !r->broken;
	r->size = n;
	return r->broken ? PB_RING_CLOSED : 1;
}

/* 1, 0 (nothing there), PB_RING_CLOSED. */
static int peek(pb_ring *r)
{
	/* Before the look at `written`: what was committed before the closing is still delivered. */
	uint32_t closed = atomic_load(&r->h->closed);
	if ((closed & PB_RING_READER_CLOSED) != 0 || r->writer)
		return PB_RING_CLOSED;
	if (r->held)
		return 1;
	if (!look(r))
		return PB_RING_CLOSED;
	if (r->own != r->peer)
		return parse(r);
	return (closed & PB_RING_WRITER_CLOSED) != 0 ? PB_RING_CLOSED : 0;
}

static bool lately(pb_ring *r, uint64_t now)
{
	if (r->fresh)
		r->busy_ns = now;
	r->fresh = false;
	return r->busy_ns != 0 && now - r->busy_ns < LATELY_NS;
}

int pb_ring_take(pb_ring *r, const void **entry, size_t *n, uint32_t wait_us)
{
	uint64_t end = 0;
	int rc;
	if (r->announced)
		atomic_store(&r->h->sleeps, 0);
	r->announced = false;
	while ((rc = peek(r)) == 0 && wait_us > 0) {
		uint64_t now = now_ns();
		uint32_t how = lately(r, now) ? PB_RING_NAP : PB_RING_DEEP;
		uint64_t left = left_ns(&end, now, wait_us, how == PB_RING_NAP ? NAP_NS : DEEP_NS);
		if (left == 0)
			return 0;
		atomic_store(&r->h->sleeps, how);
		if (peek(r) == 0)
			futex_wait(&r->h->sleeps, how, left);
		atomic_store(&r->h->sleeps, 0);
	}
	if (rc != 1)
		return rc;
	r->fresh = true;
	*entry = r->data + (r->own & (r->bytes - 1)) + sizeof(uint64_t);
	*n = r->size;
	return 1;
}

void pb_ring_done(pb_ring *r)
{
	if (r->writer || !r->held)
		return;
	r->held = false;
	r->own += space(r->size);
	atomic_store(&r->h->read, r->own);
	if (atomic_load(&r->h->waits) != 0 && (int64_t)(r->own - atomic_load(&r->h->wanted)) >= 0)
		wake_writer(r);
}

bool pb_ring_sleep(pb_ring *r)
{
	r->announced = true;
	r->nap = lately(r, now_ns());
	atomic_store(&r->h->sleeps, (r->nap ? PB_RING_NAP : PB_RING_DEEP) | PB_RING_POLLS);
	return peek(r) == 0;
}

unsigned pb_ring_nap_ms(const pb_ring *r)
{
	return (unsigned)((r->nap ? NAP_NS : DEEP_NS) / 1000000);
}
