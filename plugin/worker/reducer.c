#include "worker/reducer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wire/message.h"
#include "worker/inside.h"
#include "worker/reduce.h"
#include "worker/trace.h"

enum { PATH_PARTS = 64 };
#define INPUT_MAX ((size_t)16 << 30)

typedef struct reducer {
	const pb_rules *rules;
	_Atomic uint32_t *at; /* shared with the keeper; NULL: it does not ask */
	/* of one product */
	pb_bytes input; /* mapped */
	pb_run_how how;
	pb_trace *trace; /* of the role, NULL: nobody asks */
	json_t *job, *head, *records;
} reducer;

static void say_at(void *user, uint32_t where)
{
	reducer *r = user;
	if (r->at)
		atomic_store(r->at, where);
	if (r->trace)
		pb_trace_at(r->trace, where);
}

static void spent(void *user, const pb_spent *spent_of)
{
	pb_trace_spent(((reducer *)user)->trace, spent_of);
}

/* Where nobody can change or cut it any more it is used as it lies there; otherwise it is copied. */
static int map_input(reducer *r, int fd, pb_error *err)
{
	const int wanted = F_SEAL_WRITE | F_SEAL_SHRINK;
	struct stat st;
	if (fstat(fd, &st) != 0 || st.st_size <= 0 || (uint64_t)st.st_size > INPUT_MAX)
		return pb_fail(err, PB_ECORRUPT, "the reducer's input is empty, or larger than %zu bytes", INPUT_MAX);
	size_t n = (size_t)st.st_size, got = 0;
	bool sealed = (fcntl(fd, F_GET_SEALS) & wanted) == wanted;
	uint8_t *p = mmap(NULL, n, sealed ? PROT_READ : PROT_READ | PROT_WRITE,
	                  sealed ? MAP_PRIVATE : MAP_PRIVATE | MAP_ANONYMOUS, sealed ? fd : -1, 0);
	if (p == MAP_FAILED)
		return pb_fail(err, PB_ENOMEM, "no memory for the reducer's input: %s", strerror(errno));
	while (!sealed && got < n) {
		ssize_t more = pread(fd, p + got, n - got, (off_t)got);
		if (more <= 0)
			return pb_fail(err, PB_EIO, "the reducer's input cannot be read");
		got += (size_t)more;
	}
	r->input = (pb_bytes){p, n};
	return 0;
}

static int map_at(reducer *r, int fd, pb_error *err)
{
	struct stat st;
	if (fd < 0)
		return 0;
	if (fstat(fd, &st) != 0 || st.st_size < PB_REDUCER_AT)
		return pb_fail(err, PB_EIO, "the reducer's place to say where it is has no room");
	void *p = mmap(NULL, PB_REDUCER_AT, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return pb_fail(err, PB_EIO, "the reducer's place to say where it is: %s", strerror(errno));
	r->at = p;
	return 0;
}

static bool is_path(const json_t *path)
{
	size_t i;
	json_t *part;
	json_array_foreach (path, i, part)
		if (!json_is_string(part))
			return false;
	return json_array_size(path) > 0 && json_array_size(path) <= PATH_PARTS;
}

/* A list of objects with a path and these strings. */
static bool is_list(const json_t *list, const char *first, const char *second)
{
	size_t i;
	json_t *e;
	json_array_foreach (list, i, e)
		if (!is_path(json_object_get(e, "path")) || !json_is_string(json_object_get(e, first)) ||
		    (second && !json_is_string(json_object_get(e, second))))
			return false;
	return json_is_array(list);
}

static bool is_listing(const json_t *members)
{
	size_t i;
	json_t *e;
	if (!members || json_is_null(members))
		return true;
	json_array_foreach (json_object_get(members, "entries"), i, e)
		if (!json_is_object(e))
			return false;
	return json_is_array(json_object_get(members, "entries"));
}

/* Lists of texts by name, or nothing. Where hosts are is of the report that it was taken from: no check asks. */
static bool is_inventory(const json_t *previous)
{
	const char *name;
	size_t i;
	json_t *list, *text;
	if (!previous || json_is_null(previous))
		return true;
	json_object_foreach((json_t *)(uintptr_t)previous, name, list) {
		json_array_foreach(list, i, text)
			if (!json_is_string(text) && strcmp(name, "endpoints") != 0)
				return false;
		if (!json_is_array(list) || !*name)
			return false;
	}
	return json_is_object(previous);
}

static bool is_texts(const json_t *list)
{
	const json_t *text;
	size_t i;
	json_array_foreach(list, i, text)
		if (!json_is_string(text))
			return false;
	return !list || json_is_null(list) || json_is_array(list);
}

static bool is_head(const json_t *h)
{
	const char *sha256 = pb_json_str(h, "sha256", "?");
	return pb_json_str(h, "name", "")[0] && json_is_string(json_object_get(h, "kind")) &&
	       (!*sha256 || strlen(sha256) == 64) && pb_json_int(h, "size", -1) >= 0 &&
	       json_is_integer(json_object_get(h, "as_of")) && json_is_object(json_object_get(h, "database")) &&
	       is_list(json_object_get(h, "limits"), "why", NULL) &&
	       is_list(json_object_get(h, "detections"), "sha256", "signature") && is_listing(json_object_get(h, "members")) &&
	       is_inventory(json_object_get(h, "previous")) && is_texts(json_object_get(h, "regions"));
}

/* The next line, without its end; false at the end of the input. */
static bool next_line(pb_bytes *rest, pb_bytes *line)
{
	if (rest->size == 0)
		return false;
	const uint8_t *end = memchr(rest->data, '\n', rest->size);
	size_t n = end ? (size_t)(end - rest->data) : rest->size;
	*line = (pb_bytes){rest->data, n};
	*rest = pb_slice(*rest, end ? n + 1 : n, SIZE_MAX);
	return true;
}

static int parse(reducer *r, pb_error *err)
{
	pb_bytes rest = r->input, line;
	if (!next_line(&rest, &line) || !(r->head = pb_json_parse(line, INPUT_MAX, "the reducer's input", err)))
		return err->code ? err->code : pb_fail(err, PB_ECORRUPT, "the reducer's input is empty");
	if (!is_head(r->head))
		return pb_fail(err, PB_ECORRUPT, "the reducer's input: its first line is malformed");
	r->records = json_array();
	while (next_line(&rest, &line)) {
		if (json_array_size(r->records) >= PB_REDUCER_RECORDS)
			return pb_fail(err, PB_ELIMIT, "more than %d objects", PB_REDUCER_RECORDS);
		json_t *record = pb_json_parse(line, PB_WIRE_MAX, "an object record", err);
		if (!record || json_array_append_new(r->records, record))
			return err->code ? err->code : pb_fail(err, PB_ENOMEM, "out of memory");
	}
	return 0;
}

/* The folder itself, as the record that its listing hangs on. */
static int add_folder(reducer *r, pb_error *err)
{
	json_t *members = json_object_get(r->head, "members");
	if (!members || json_is_null(members))
		return 0;
	json_t *record = json_pack("{s:[s],s:s,s:i,s:s,s:s,s:s,s:b,s:{s:{s:[sss],s:O},s:[],s:{}}}", "path",
	                           pb_json_str(r->head, "name", ""), "sha256", pb_json_str(r->head, "sha256", ""), "size", 0,
	                           "kind", "folder", "class", "archive", "name_class", "", "container", true, "result", "facts",
	                           "tags", "any", "folder", "manifest", "members", members, "findings", "unknown");
	return json_array_append_new(r->records, record) ? pb_fail(err, PB_ENOMEM, "out of memory") : 0;
}

/* The product result as text; NULL with err. */
static char *reduce(reducer *r, pb_error *err)
{
	json_t *result = NULL;
	if (parse(r, err) || add_folder(r, err))
		return NULL;
	pb_reduce_input in = {.records = r->records,
	                      .limits = json_object_get(r->head, "limits"),
	                      .detections = json_object_get(r->head, "detections"),
	                      .database = json_object_get(r->head, "database"),
	                      .previous = json_object_get(r->head, "previous"),
	                      .evidence = json_object_get(r->head, "evidence"),
	                      .regions = json_object_get(r->head, "regions"),
	                      .name = pb_json_str(r->head, "name", ""),
	                      .kind = pb_json_str(r->head, "kind", ""),
	                      .sha256 = pb_json_str(r->head, "sha256", ""),
	                      .size = (uint64_t)pb_json_int(r->head, "size", 0),
	                      .as_of = pb_json_int(r->head, "as_of", 0),
	                      .how = &r->how};
	if (pb_reduce(r->rules, &in, &result, err))
		return NULL;
	say_at(r, 0);
	if (r->trace)
		json_object_set_new(result, "trace", pb_trace_product(r->trace, r->records));
	char *text = json_dumps(result, JSON_COMPACT);
	json_decref(result);
	if (!text)
		pb_fail(err, PB_ENOMEM, "out of memory");
	return text;
}

static int answer(int fd, uint32_t tag, const char *text, const pb_error *err)
{
	static const char too_much[] = "its result is larger than a message can be", unsaid[] = "out of memory";
	const char *words = text ? too_much : err->code ? err->text : unsaid;
	int rc = text ? pb_wire_send(fd, PB_MSG_RESULT, tag, text, strlen(text)) : PB_ELIMIT;
	if (rc == PB_ELIMIT)
		rc = pb_wire_send(fd, PB_MSG_ERROR, tag, words, strlen(words));
	return rc ? rc : pb_wire_send(fd, PB_MSG_DONE, tag, "{}", 2);
}

/* Everything that was one product's. */
static void forget(reducer *r)
{
	if (r->input.size)
		munmap((void *)(uintptr_t)r->input.data, r->input.size);
	json_decref(r->job);
	json_decref(r->head);
	json_decref(r->records);
	*r = (reducer){.rules = r->rules, .at = r->at, .trace = r->trace};
	pb_runner_settle(r->rules->catalogue);
}

/* One product. input: taken over. A code: nobody took the answer. */
static int serve(reducer *r, int fd, uint32_t tag, pb_bytes job, int input)
{
	pb_error err = {0};
	r->job = pb_json_parse(job, PB_WIRE_MAX, "a job", &err);
	json_t *aside = json_object_get(r->job, "aside");
	r->how = (pb_run_how){.at = say_at, .user = r, .spent = r->trace ? spent : NULL, .excused = json_is_object(aside) ? aside : NULL,
	                      .only = pb_json_str(r->job, "only", NULL)};
	int rc = r->job ? map_input(r, input, &err) : err.code;
	if (input >= 0)
		close(input);
	char *text = rc ? NULL : reduce(r, &err);
	rc = answer(fd, tag, text, &err);
	free(text);
	forget(r);
	return rc;
}

int pb_reducer_main(void *state, const pb_role_args *args)
{
	reducer r = {.rules = state};
	pb_error err = {0};
	pb_message type;
	pb_buf in = {0};
	uint32_t tag;
	int input, rc = map_at(&r, args->fd[1], &err);
	rc = rc ? rc : pb_inside(args, &args->fd[0], 1, 0, &err);
	rc = rc ? rc : pb_trace_open(r.rules, json_object_get(args->args, "trace"), false, 0, &r.trace, &err);
	if (rc)
		(void)answer(args->fd[0], 0, NULL, &err);
	while (!rc && (rc = pb_wire_receive(args->fd[0], &type, &tag, &in, &input)) == 1)
		rc = type == PB_MSG_JOB ? serve(&r, args->fd[0], tag, (pb_bytes){in.data, in.size}, input) : PB_ECORRUPT;
	pb_buf_free(&in);
	pb_trace_free(r.trace);
	if (r.at)
		munmap((void *)r.at, PB_REDUCER_AT);
	return rc ? 1 : 0;
}
