#include "clamav/tracker_stream.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clamav/record_out.h"

pb_trail *pb_trail_new(pb_tracker *t, uint32_t number, int ring, int socket)
{
	pb_trail *s = calloc(1, sizeof *s);

	if (s != NULL) {
		s->tracker = t;
		s->number = number;
		s->socket.fd = socket;
		s->ring = pb_ring_open(ring, false);
	}
	(void)close(ring);
	if (s == NULL)
		(void)close(socket);
	if (s != NULL && s->ring == NULL) {
		pb_trail_free(s);
		return NULL;
	}
	return s;
}

/* Without it the keeper would wait for ever for what may still come. */
void pb_trail_gone(pb_tracker *t, uint32_t number)
{
	int rc = t->failed != PB_OK ? PB_OK
	                            : pb_out_note(t->lane, 0, PB_MSG_GONE, json_pack("{s:I}", "stream", (json_int_t)number));

	if (rc != PB_OK)
		t->failed = rc;
}

void pb_trail_free(pb_trail *s)
{
	pb_trail_abandon(s, 0, "the tracker ended");
	pb_trail_gone(s->tracker, s->number);
	if (s->ring != NULL)
		pb_ring_close(s->ring);
	pb_ring_free(s->ring);
	pb_socket_close(&s->socket);
	free(s);
}

void pb_trail_abandon(pb_trail *s, size_t keep, const char *why)
{
	const pb_outcome how = {.result = -1, .signature = "", .ended = true};

	if (s->n > keep)
		pb_trail_settle(s, true);
	while (s->n > keep) {
		s->n--;
		pb_tracked_end(s->scan[s->n], &how, why);
	}
}

/* A full list of descriptors waits for its events; a hang-up is told all the same. */
struct pollfd pb_trail_poll(const pb_trail *s)
{
	return (struct pollfd){.fd = s->socket.hung ? -1 : s->socket.fd,
	                       .events = s->socket.n < PB_TRAIL_WAITING ? POLLIN : 0};
}

int pb_trail_nap(pb_trail *s)
{
	return s->socket.hung || !pb_ring_sleep(s->ring) ? 0 : (int)pb_ring_nap_ms(s->ring);
}

void pb_trail_readable(pb_trail *s, short revents)
{
	bool full = s->socket.n == PB_TRAIL_WAITING;

	pb_socket_drain(&s->socket);
	if (full && (revents & (POLLHUP | POLLERR)) != 0)
		s->socket.hung = true;
	pb_trail_settle(s, false);
}

bool pb_trail_turn(pb_trail *s, bool *busy)
{
	/* Looked at before the ring: whatever a host wrote before it went is there by now. */
	bool hung = s->socket.hung;
	const char *why = "the host went away in the midst of the scan";
	int rc = PB_OK, got = 0;

	for (int i = 0; i < PB_TRAIL_TURN && rc == PB_OK && s->tracker->failed == PB_OK; i++) {
		uint8_t *event = s->tracker->event;
		const void *entry;
		size_t n;

		got = pb_ring_take(s->ring, &entry, &n, 0);
		if (got != 1)
			break;
		*busy = true;
		if (n > PB_TRAIL_EVENT) {
			rc = PB_ECORRUPT;
			break;
		}
		memcpy(event, entry, n); /* the host can change it while we look */
		pb_ring_done(s->ring);
		pb_lane_beat(s->tracker->lane);
		rc = pb_trail_event(s, event, n);
	}
	if (rc == PB_OK && got == 1)
		return true;
	if (rc == PB_OK && got == 0 && !hung)
		return true;
	if (rc == PB_ECORRUPT || (got == PB_RING_CLOSED && pb_ring_lied(s->ring)))
		why = "the host's events were malformed";
	else if (rc != PB_OK)
		why = "memory ran out";
	pb_trail_abandon(s, 0, why);
	return false;
}
