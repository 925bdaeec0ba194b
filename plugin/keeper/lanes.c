#include "keeper/lanes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/scratch.h"
#include "keeper/lane_slot.h"

static int open_lane(pb_slot *s, pb_error *err)
{
	s->memory = pb_lane_create();
	if (s->memory < 0)
		return pb_fail(err, PB_EIO, "no memory for a lane: %s", strerror(errno));
	/* Without one, what is too large for memory is a limit. */
	s->scratch = s->all->o.scratch ? pb_scratch_file(s->all->o.scratch) : -1;
	s->watch = pb_lane_open(s->memory, false, err);
	return s->watch ? 0 : err && err->code ? err->code : PB_EIO;
}

static void close_lane(pb_slot *s)
{
	pb_slot_drop_worker(s);
	pb_lane_free(s->watch);
	if (s->memory >= 0)
		close(s->memory);
	if (s->scratch >= 0)
		close(s->scratch);
	s->watch = NULL;
	s->memory = s->scratch = -1;
}

static int open_slot(pb_lanes *l, size_t i, pb_error *err)
{
	pb_slot *s = &l->slot[i];
	s->all = l;
	s->index = i;
	s->memory = s->scratch = s->socket = s->control = -1;
	s->excused = json_object();
	return s->excused ? open_lane(s, err) : pb_fail(err, PB_ENOMEM, "out of memory");
}

int pb_lanes_new(const pb_lanes_options *o, pb_lanes **out, pb_error *err)
{
	pb_lanes *l = calloc(1, sizeof *l);
	int rc = l ? 0 : PB_ENOMEM;
	if (!rc) {
		l->o = *o;
		l->args = o->front_args ? json_deep_copy(o->front_args) : NULL;
		l->aside = json_object();
		l->killers = json_object();
		l->spent = json_object();
		l->slot = calloc(o->n, sizeof *l->slot);
		rc = l->aside && l->killers && l->spent && l->slot && (l->args || !o->front_args) ? 0 : PB_ENOMEM;
	}
	if (rc) {
		pb_lanes_free(l);
		return pb_fail(err, rc, "out of memory");
	}
	for (; l->n < o->n && !rc; l->n++)
		rc = open_slot(l, l->n, err);
	if (rc) {
		pb_lanes_free(l);
		return err && err->code ? rc : pb_fail(err, rc, "cannot watch lanes");
	}
	*out = l;
	return 0;
}

void pb_lanes_free(pb_lanes *l)
{
	if (!l)
		return;
	for (size_t i = 0; l->slot && i < l->n; i++) {
		pb_slot *s = &l->slot[i];
		if (s->front)
			pb_template_forget(l->o.fronts, s->front);
		pb_slot_close_control(s);
		close_lane(s);
		json_decref(s->excused);
		pb_buf_free(&s->in);
	}
	json_decref(l->args);
	json_decref(l->aside);
	json_decref(l->killers);
	json_decref(l->spent);
	free(l->slot);
	free(l);
}

size_t pb_lanes_idle(const pb_lanes *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const pb_slot *s = &l->slot[i];
		/* A worker that is being replaced must not meet what it was replaced for. */
		if (!s->busy && !s->front_dead && !(s->worker && s->killed == PB_KILLED_REPLACED))
			return i;
	}
	return SIZE_MAX;
}

/* A front may have died with anything half done, and was hostile perhaps: nobody goes on with its memory. */
static int renew(pb_slot *s)
{
	close_lane(s);
	s->broken = false;
	s->heard = s->at = s->spared = s->dying_entry = s->skipped = 0;
	s->pace.since = 0;
	s->stillborn = 0;
	return open_lane(s, &s->all->err);
}

/* The front has ended and what it left on the lane has been worked on: what it was at is lost, the rest of the run is not. */
static int settle(pb_slot *s)
{
	pb_lanes *l = s->all;
	bool tell = s->busy || strcmp(l->o.front, "tracker") == 0;
	s->front_dead = false;
	s->busy = false;
	int first = renew(s);
	int rc = tell && l->o.front_lost ? l->o.front_lost(l->o.user, s->index, s->tag, s->front_why) : 0;
	return first ? first : rc;
}

/* While nobody looked (we were stopped, or the disk was slow) nobody's time ran, but for a second. */
static void make_up(pb_lanes *l, int64_t now)
{
	int64_t missed = l->ticked ? now - l->ticked - PB_TURN_MS : 0;
	l->ticked = now;
	for (size_t i = 0; i < l->n && missed > 0; i++) {
		pb_slot *s = &l->slot[i];
		if (s->pace.since)
			s->pace.since += missed;
		if (s->front_pace.since)
			s->front_pace.since += missed;
		if (s->busy && s->job_pace.since)
			s->job_pace.since += missed;
	}
}

int pb_lanes_tick(pb_lanes *l, bool *busy)
{
	int64_t now = pb_now_ms();
	int rc = 0;
	*busy = false;
	make_up(l, now);
	for (size_t i = 0; i < l->n && !rc; i++) {
		pb_slot *s = &l->slot[i];
		rc = pb_slot_watch(s, now);
		pb_slot_watch_front(s, now);
		if (!rc && s->front_dead && pb_slot_drained(s))
			rc = settle(s);
		*busy |= s->busy || s->front_dead || (s->worker && !pb_slot_drained(s));
	}
	if (!*busy && !l->o.front_seconds)
		l->ticked = 0; /* nobody's time runs until the next job */
	return rc ? rc : l->err.code;
}

void pb_lanes_fresh(pb_lanes *l)
{
	json_object_clear(l->aside);
	json_object_clear(l->killers);
	json_object_clear(l->spent);
	for (size_t i = 0; i < l->n; i++)
		if (l->slot[i].with_aside)
			pb_slot_replace_worker(&l->slot[i]);
}

size_t pb_lanes_deaths(const pb_lanes *l)
{
	return l->deaths;
}

const pb_error *pb_lanes_error(const pb_lanes *l)
{
	return &l->err;
}

size_t pb_lanes_size(const pb_lanes *l)
{
	return l->n;
}

const json_t *pb_lanes_spent(const pb_lanes *l)
{
	return l->spent;
}
