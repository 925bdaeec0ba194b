/* Containers that ClamAV left closed: through a reader, and what is found in them back to the product. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keeper/service_parts.h"

/* Their bytes lie in memory until a reader is done with them; each has a descriptor. */
#define MOST_WAITING ((uint64_t)2 << 30)
enum { MOST_JOBS = 16384 };

/* Bytes of memory behind a descriptor: none behind a file on a disk. */
static uint64_t memory_behind(int fd)
{
	struct stat st;
	return fcntl(fd, F_GET_SEALS) >= 0 && fstat(fd, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
}

/* Half of the descriptors at most: hosts and stores need some, too. */
static bool too_many(const pb_service *s)
{
	struct rlimit limit;
	rlim_t most = getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur / 2 : 0;
	return s->waiting_jobs >= (most < MOST_JOBS ? most : MOST_JOBS);
}

static void done(pb_service *s, pb_unpack_job *u)
{
	for (pb_unpack_job **at = &s->unpacks; *at; at = &(*at)->next)
		if (*at == u) {
			*at = u->next;
			break;
		}
	pb_case *c = pb_case_find(s, u->of, u->lane, u->tag);
	if (c)
		c->unpacked++;
	s->waiting_bytes -= u->size;
	s->waiting_jobs--;
	close(u->fd);
	json_decref(u->what);
	free(u);
}

static pb_unpack_job *job_of(pb_service *s, const pb_generation *g, uint32_t job)
{
	for (pb_unpack_job *u = s->unpacks; u; u = u->next)
		if (u->of == g && u->job == job && job)
			return u;
	return NULL;
}

/* Takes the descriptor. */
static int queue(pb_generation *g, size_t lane, json_t *what, int fd)
{
	pb_service *s = g->service;
	pb_case *c = pb_case_of(g, lane, (uint32_t)pb_json_int(what, "tag", 0));
	uint64_t size = memory_behind(fd);
	bool full = size > MOST_WAITING - s->waiting_bytes || too_many(s);
	bool wanted = c && !c->refused && !c->replay;
	pb_unpack_job *u = wanted && !full ? calloc(1, sizeof *u) : NULL, **last = &s->unpacks;
	if (c)
		c->queued++;
	if (!u) {
		close(fd);
		if (c)
			c->unpacked++;
		if (c && !wanted)
			return 0;
		return c && full ? pb_gather_limit(c->said, json_object_get(what, "path"), "not opened: too much waits to be unpacked") : PB_ENOMEM;
	}
	*u = (pb_unpack_job){.of = g, .lane = lane, .tag = c->tag, .what = json_incref(what), .fd = fd, .size = size};
	s->waiting_bytes += size;
	s->waiting_jobs++;
	while (*last)
		last = &(*last)->next;
	*last = u;
	return 0;
}

int pb_case_packet(void *user, size_t lane, pb_bytes packet, int descriptor)
{
	json_t *j = pb_json_parse(packet, 65536, "a packet", NULL);
	json_t *what = json_object_get(j, "unpack");
	int rc = 0;
	if (what && descriptor >= 0)
		rc = queue(user, lane, what, descriptor);
	else if (descriptor >= 0)
		close(descriptor);
	json_decref(j);
	return rc;
}

int pb_case_unpacked(void *user, size_t lane, uint32_t tag, pb_message type, pb_bytes payload)
{
	pb_generation *g = user;
	pb_unpack_job *u = job_of(g->service, g, tag);
	pb_case *c = u ? pb_case_find(g->service, g, u->lane, u->tag) : NULL; /* NULL: it was given up meanwhile */
	(void)lane;
	if (!u)
		return 0;
	if (type == PB_MSG_DONE) {
		done(g->service, u);
		return 0;
	}
	return c ? pb_case_take(c, type, payload) : 0;
}

int pb_case_unpack_lost(void *user, size_t lane, uint32_t tag, const char *why)
{
	pb_generation *g = user;
	pb_unpack_job *u = job_of(g->service, g, tag);
	pb_case *c = u ? pb_case_find(g->service, g, u->lane, u->tag) : NULL; /* NULL: it was given up meanwhile */
	int rc = 0;
	(void)lane;
	if (!u)
		return 0;
	if (c && !c->refused)
		rc = pb_gather_limit(c->said, json_object_get(u->what, "path"), why);
	done(g->service, u);
	return rc;
}

void pb_unpack_abandon(pb_service *s, const pb_generation *g)
{
	for (pb_unpack_job *u = s->unpacks, *next; u; u = next) {
		next = u->next;
		if (u->of == g)
			done(s, u);
	}
}

/* Its own record says whether it was assessed before, its end whether that holds. Until then nothing is unpacked, as long as there is room. */
static bool may_be_known(const pb_service *s, const pb_case *c)
{
	bool undecided = !c->begun || (c->host_key && !c->asked) || c->awaits;
	return !c->grouped && !c->refused && !c->ended && undecided && s->waiting_bytes < MOST_WAITING / 2;
}

void pb_unpack_hand_out(pb_service *s)
{
	for (pb_unpack_job *u = s->unpacks, *next; u; u = next) {
		pb_error err = {0};
		next = u->next;
		const pb_case *c = u->job ? NULL : pb_case_find(s, u->of, u->lane, u->tag);
		if (c && c->replay) {
			done(s, u); /* it is known what comes out of it */
			continue;
		}
		size_t lane = u->job || (c && may_be_known(s, c)) ? SIZE_MAX : pb_lanes_idle(u->of->keeper.readers);
		if (lane == SIZE_MAX)
			continue;
		u->job = ++u->of->keeper.last_tag;
		if (pb_lanes_job(u->of->keeper.readers, lane, u->job, u->what, u->fd, &err))
			pb_case_unpack_lost(u->of, lane, u->job, err.text);
	}
}
