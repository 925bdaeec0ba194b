/* Containers that ClamAV left closed: through a reader, and what is found in them back to the product. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keeper/service_parts.h"

/* Their bytes lie in memory until a reader is done with them. */
#define MOST_WAITING ((uint64_t)2 << 30)

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
	struct stat st;
	uint64_t size = fstat(fd, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
	bool full = size > MOST_WAITING - s->waiting_bytes;
	pb_unpack_job *u = c && !c->refused && !full ? calloc(1, sizeof *u) : NULL, **last = &s->unpacks;
	if (!u) {
		close(fd);
		if (c)
			c->unpacked++;
		if (c && c->refused)
			return 0;
		return c && full ? pb_gather_limit(c->said, json_object_get(what, "path"), "not opened: too much waits to be unpacked") : PB_ENOMEM;
	}
	*u = (pb_unpack_job){.of = g, .lane = lane, .tag = c->tag, .what = json_incref(what), .fd = fd, .size = size};
	s->waiting_bytes += size;
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

void pb_unpack_hand_out(pb_service *s)
{
	for (pb_unpack_job *u = s->unpacks, *next; u; u = next) {
		pb_error err = {0};
		next = u->next;
		size_t lane = u->job ? SIZE_MAX : pb_lanes_idle(u->of->keeper.readers);
		if (lane == SIZE_MAX)
			continue;
		u->job = ++u->of->keeper.last_tag;
		if (pb_lanes_job(u->of->keeper.readers, lane, u->job, u->what, u->fd, &err))
			pb_case_unpack_lost(u->of, lane, u->job, err.text);
	}
}
