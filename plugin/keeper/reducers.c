#include "keeper/reducers.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wire/message.h"

/* What one may serve before a fresh one takes its place: so many products, of so many bytes of records. */
enum { SERVES = 64, IDLE_MOST = 4, WHERE_BYTES = 4096 };
#define SERVES_BYTES ((uint64_t)64 << 20)

struct pb_reducer {
	pb_reducers *all;
	uint32_t process; /* its number; 0: it is dead */
	int socket;
	_Atomic uint32_t *where; /* shared with it */
	uint32_t served;
	uint64_t bytes; /* of records, of all products so far */
	bool free;
	pb_reducer_owner owner; /* where it is not free */
	pb_reducer *next;
};

struct pb_reducers {
	const json_t *trace; /* what reducers are asked to trace; NULL: nothing */
	pb_loop *loop;
	pb_template *workers;
	uint64_t memory;
	pb_reducer *first;
};

int pb_reducers_new(pb_loop *loop, pb_template *workers, uint64_t memory, pb_reducers **out, pb_error *err)
{
	pb_reducers *all = calloc(1, sizeof *all);
	if (!all)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	all->loop = loop;
	all->workers = workers;
	all->memory = memory;
	*out = all;
	return 0;
}

void pb_reducers_trace(pb_reducers *all, const json_t *trace)
{
	all->trace = trace;
}

void pb_reducers_free(pb_reducers *all)
{
	while (all && all->first)
		pb_reducer_drop(all->first);
	free(all);
}

const pb_template *pb_reducers_template(const pb_reducers *all)
{
	return all->workers;
}

pb_loop *pb_reducers_loop(const pb_reducers *all)
{
	return all->loop;
}

int pb_reducer_socket(const pb_reducer *r)
{
	return r->socket;
}

uint32_t pb_reducer_tag(const pb_reducer *r)
{
	return r->served;
}

uint32_t pb_reducer_where(const pb_reducer *r)
{
	return atomic_load(r->where);
}

int pb_reducer_proc(const pb_reducer *r)
{
	return pb_template_proc(r->all->workers, r->process);
}

void pb_reducer_drop(pb_reducer *r)
{
	if (!r)
		return;
	for (pb_reducer **at = &r->all->first; *at; at = &(*at)->next)
		if (*at == r) {
			*at = r->next;
			break;
		}
	if (r->process)
		pb_template_forget(r->all->workers, r->process);
	if (r->socket >= 0) {
		pb_loop_remove(r->all->loop, r->socket);
		close(r->socket);
	}
	if (r->where)
		munmap((void *)r->where, WHERE_BYTES);
	free(r);
}

void pb_reducer_kill(pb_reducer *r)
{
	if (r->process)
		pb_template_kill(r->all->workers, r->process);
}

/* One that is free has nothing to say. */
static int on_heard(void *user, int fd, uint32_t events)
{
	pb_reducer *r = user;
	(void)fd;
	(void)events;
	if (r->free)
		pb_reducer_drop(r);
	else
		r->owner.heard(r->owner.user);
	return 0;
}

static void on_died(void *user, uint32_t process, int status)
{
	pb_reducer *r = user;
	(void)process;
	r->process = 0;
	if (r->free)
		pb_reducer_drop(r);
	else
		r->owner.died(r->owner.user, status);
}

/* Its place to say where it is, mapped here. The descriptor for it, or -1. */
static int make_where(pb_reducer *r, pb_error *err)
{
	int fd = memfd_create("probity-where", MFD_CLOEXEC);
	void *where = MAP_FAILED;
	if (fd >= 0 && ftruncate(fd, WHERE_BYTES) == 0)
		where = mmap(NULL, WHERE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (where != MAP_FAILED) {
		r->where = where;
		return fd;
	}
	pb_fail(err, PB_EIO, "no shared memory: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Records are mapped in the box: they count as its memory, beside what reducing them takes. */
static int spawn(pb_reducer *r, uint64_t records, pb_error *err)
{
	pb_reducers *all = r->all;
	int pair[2] = {-1, -1}, where = make_where(r, err), rc = where < 0 ? PB_EIO : 0;
	uint64_t memory = all->memory + (records > SERVES_BYTES ? records : SERVES_BYTES);
	json_t *args = json_pack("{s:I}", "memory", (json_int_t)memory);
	if (args && all->trace)
		json_object_set(args, "trace", (json_t *)all->trace);
	if (!rc && !args)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		rc = pb_fail(err, PB_EIO, "socketpair: %s", strerror(errno));
	int fds[2] = {pair[1], where};
	if (!rc)
		rc = pb_template_spawn(all->workers, "reducer", fds, 2, args, on_died, r, &r->process, err);
	r->socket = pair[0];
	if (!rc && pb_loop_add(all->loop, r->socket, on_heard, r))
		rc = pb_fail(err, PB_ENOMEM, "cannot watch the reducer");
	if (pair[1] >= 0)
		close(pair[1]);
	if (where >= 0)
		close(where);
	json_decref(args);
	return rc;
}

static int fresh(pb_reducers *all, uint64_t records, pb_reducer **out, pb_error *err)
{
	pb_reducer *r = calloc(1, sizeof *r);
	if (!r)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	r->all = all;
	r->socket = -1;
	r->next = all->first;
	all->first = r;
	int rc = spawn(r, records, err);
	if (rc)
		pb_reducer_drop(r);
	*out = rc ? NULL : r;
	return rc;
}

static bool has_room(const pb_reducer *r, uint64_t records)
{
	return r->free && r->process && r->served < SERVES && records <= SERVES_BYTES && r->bytes <= SERVES_BYTES - records;
}

static int hand_over(pb_reducer *r, int input, uint64_t records, const char *job)
{
	atomic_store(r->where, 0);
	r->served++;
	r->bytes += records;
	return pb_wire_send_fd(r->socket, PB_MSG_JOB, r->served, job, strlen(job), input);
}

int pb_reducer_take(pb_reducers *all, int input, const json_t *aside, const char *only, const pb_reducer_owner *owner, pb_reducer **out, pb_error *err)
{
	struct stat st;
	json_t *o = json_pack("{s:O,s:s*}", "aside", aside, "only", only);
	char *job = o ? json_dumps(o, JSON_COMPACT) : NULL;
	json_decref(o);
	if (!job)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	int rc = 0;
	uint64_t records = fstat(input, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
	pb_reducer *got = NULL;
	for (pb_reducer *r = all->first, *next; r && !got; r = next) {
		next = r->next;
		if (!has_room(r, records))
			continue;
		if (hand_over(r, input, records, job) == 0)
			got = r;
		else
			pb_reducer_drop(r); /* it died just now, with nothing to do: nobody's fault */
	}
	if (!got) {
		rc = fresh(all, records, &got, err);
		if (got)
			(void)hand_over(got, input, records, job); /* where it has died already, that is told */
	}
	if (got) {
		got->free = false;
		got->owner = *owner;
		*out = got;
	}
	free(job);
	return rc;
}

void pb_reducer_give_back(pb_reducer *r, bool light)
{
	size_t n_free = 0;
	for (const pb_reducer *o = r->all->first; o; o = o->next)
		n_free += o->free;
	r->free = true;
	if (!light || n_free >= IDLE_MOST || !has_room(r, 0))
		pb_reducer_drop(r);
}
