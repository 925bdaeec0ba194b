#include "wire/known.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

enum { DIGEST = 32 /* bytes */, WORDS = 256 };
enum { HEAD = 4096, LEAST = 256 /* slots: one page */, MOST = 1 << 28 };

static const uint64_t MAGIC = 0x316e776f6e6b6f70u; /* "poknown1" */
static const unsigned SEALS = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

/* Empty while `first` is 0. It is written last, so who sees it sees the whole key. Nothing is ever taken out or changed. */
typedef struct slot {
	_Atomic uint64_t first, second;
} slot;

struct pb_known {
	uint8_t *map;
	slot *slots;
	size_t n, used; /* slots (a power of two); used: the keeper's own count */
	bool writable;
};

/* 64 hex digits as the 32 bytes that they stand for; none at all as zeros: a folder has no bytes. */
static bool raw_digest(const char *hex, uint8_t out[DIGEST])
{
	static const uint8_t more[256] = { /* by one */
		['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
		['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
	};
	memset(out, 0, DIGEST);
	if (*hex == '\0')
		return true;
	for (size_t i = 0; i < DIGEST; i++) {
		unsigned high = more[(uint8_t)hex[2 * i]], low = high ? more[(uint8_t)hex[2 * i + 1]] : 0;
		if (!low)
			return false;
		out[i] = (uint8_t)((high - 1) << 4 | (low - 1));
	}
	return hex[2 * DIGEST] == '\0';
}

/* A digest of the three, and no cheaper mixture of digests of each: with free choice of bytes and of extensions, sums of them
 * (by xor or otherwise) can be made to meet in 2^43 steps (Wagner's generalized birthday), and then the harmless one of two
 * objects would speak for the other one. Raw, the digest and what usually goes with it are one block of SHA-256. The first
 * part has a fixed length, and a kind holds no newline: no two triples read the same. */
void pb_known_key(const char *sha256, const char *kind, const char *name_class, uint8_t out[16])
{
	uint8_t text[DIGEST + WORDS], digest[64];
	size_t k = strnlen(kind, WORDS), c = strnlen(name_class, WORDS);
	memset(out, 0, 16);
	if (k + 1 + c > WORDS || !raw_digest(sha256, text))
		return;
	memcpy(text + DIGEST, kind, k);
	text[DIGEST + k] = '\n';
	memcpy(text + DIGEST + k + 1, name_class, c);
	if (pb_hash_raw("sha256", (pb_bytes){text, DIGEST + k + 1 + c}, digest) >= 16)
		memcpy(out, digest, 16);
}

static size_t map_size(size_t slots)
{
	return HEAD + slots * sizeof(slot);
}

static pb_known *map_table(int memfd, size_t slots, bool writable)
{
	pb_known *k = calloc(1, sizeof *k);
	if (k == NULL)
		return NULL;
	int rights = writable ? PROT_READ | PROT_WRITE : PROT_READ;
	void *map = mmap(NULL, map_size(slots), rights, MAP_SHARED | MAP_NORESERVE, memfd, 0);
	if (map == MAP_FAILED) {
		free(k); /* keeps errno */
		return NULL;
	}
	k->map = map;
	k->slots = (slot *)(void *)(k->map + HEAD);
	k->n = slots;
	k->writable = writable;
	return k;
}

pb_known *pb_known_create(size_t most, int *memfd)
{
	size_t slots = LEAST;
	while (slots / 3 * 2 < most && slots < MOST)
		slots *= 2;
	if (slots / 3 * 2 < most) {
		errno = EINVAL;
		return NULL;
	}
	int fd = memfd_create("probity-known", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
	if (fd < 0 && errno == EINVAL) /* before Linux 6.3 */
		fd = memfd_create("probity-known", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return NULL;

	uint64_t start[2] = {MAGIC, slots};
	pb_known *k = NULL;
	if (ftruncate(fd, (off_t)map_size(slots)) == 0 && pwrite(fd, start, sizeof start, 0) == (ssize_t)sizeof start)
		k = map_table(fd, slots, true);
	/* From here on nobody maps it for writing any more: a worker that was taken over cannot make an object known. */
	if (k != NULL && fcntl(fd, F_ADD_SEALS, SEALS | F_SEAL_FUTURE_WRITE) == 0) {
		*memfd = fd;
		return k;
	}
	int saved = errno;
	pb_known_free(k);
	close(fd);
	errno = saved;
	return NULL;
}

pb_known *pb_known_open(int memfd)
{
	uint64_t start[2];
	struct stat st;
	int seals = fcntl(memfd, F_GET_SEALS);
	if (seals < 0 || ((unsigned)seals & SEALS) != SEALS || fstat(memfd, &st) != 0 ||
	    pread(memfd, start, sizeof start, 0) != (ssize_t)sizeof start || start[0] != MAGIC || start[1] < LEAST ||
	    start[1] > MOST || (start[1] & (start[1] - 1)) != 0 || (uint64_t)st.st_size != map_size((size_t)start[1])) {
		errno = EPROTO;
		return NULL;
	}
	return map_table(memfd, (size_t)start[1], false);
}

void pb_known_free(pb_known *k)
{
	if (k == NULL)
		return;
	munmap(k->map, map_size(k->n));
	free(k);
}

/* Is the key there? Otherwise *empty is where it would be; NULL: the table is full. Keys are digests: their own bits
 * spread them. */
static bool find(const pb_known *k, const uint64_t key[2], slot **empty)
{
	*empty = NULL;
	for (size_t i = 0; i < k->n; i++) {
		slot *s = &k->slots[(key[0] + i) & (k->n - 1)];
		uint64_t first = atomic_load_explicit(&s->first, memory_order_acquire);
		if (first == key[0] && atomic_load_explicit(&s->second, memory_order_relaxed) == key[1])
			return true;
		if (first == 0) {
			*empty = s;
			return false;
		}
	}
	return false;
}

void pb_known_add(pb_known *k, const uint8_t key[16])
{
	uint64_t words[2];
	slot *s;
	memcpy(words, key, sizeof words);
	if (!k->writable || words[0] == 0 || k->used >= k->n / 3 * 2 || find(k, words, &s) || s == NULL)
		return;
	atomic_store_explicit(&s->second, words[1], memory_order_relaxed);
	atomic_store_explicit(&s->first, words[0], memory_order_release);
	k->used++;
}

/* Behind what is said of the table at its start. */
static _Atomic uint64_t *is_void(const pb_known *k)
{
	return (_Atomic uint64_t *)(void *)(k->map + 2 * sizeof(uint64_t));
}

void pb_known_void(pb_known *k)
{
	if (k->writable)
		atomic_store(is_void(k), 1);
}

bool pb_known_has(const pb_known *k, const uint8_t key[16])
{
	uint64_t words[2];
	slot *s;
	memcpy(words, key, sizeof words);
	return words[0] != 0 && atomic_load_explicit(is_void(k), memory_order_relaxed) == 0 && find(k, words, &s);
}
