/* A reduce under way: a reducer that does as its input says, and what becomes of the product when it dies. Real processes. */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "fds_case.h"
#include "base/json.h"
#include "keeper/reduction.h"
#include "wire/lane.h"
#include "wire/message.h"

static _Atomic int *once; /* shared with the processes */

static void for_ever(void)
{
	for (;;)
		pause();
}

typedef struct job {
	int fd;
	uint32_t tag;
	const json_t *aside;
	_Atomic uint32_t *at;
} job;

static void answer(const job *j, pb_message type, const char *text)
{
	pb_wire_send(j->fd, type, j->tag, text, strlen(text));
	pb_wire_send(j->fd, PB_MSG_DONE, j->tag, "{}", 2);
}

/* true: it answered, or will not. */
static bool do_word(const job *j, const char *word)
{
	if (strcmp(word, "crash") == 0)
		abort();
	if (strcmp(word, "hang") == 0)
		for_ever();
	if (strcmp(word, "spin") == 0)
		for (;;)
			;
	if (strcmp(word, "slow") == 0)
		usleep(1500000);
	if (strcmp(word, "kill") == 0 || (strcmp(word, "kill once") == 0 && atomic_fetch_add(once, 1) == 0))
		raise(SIGKILL);
	if (strcmp(word, "nonsense") == 0 && write(j->fd, "\xff\xff\xff\xff????????", 12) > 0)
		for_ever();
	if (strcmp(word, "half") == 0 && write(j->fd, "\x64\0\0\0O\1\0\0\0{", 10) > 0)
		for_ever();
	if (strcmp(word, "leave") == 0)
		_exit(0);
	if (strcmp(word, "error") == 0) {
		answer(j, PB_MSG_ERROR, "the records do not fit together");
	} else if (strcmp(word, "no json") == 0) {
		answer(j, PB_MSG_RESULT, "{");
	} else if (strcmp(word, "fail late") == 0) {
		answer(j, PB_MSG_RESULT, "{}");
		abort();
	} else if (strcmp(word, "stale") == 0) { /* the answer of another product */
		pb_wire_send(j->fd, PB_MSG_RESULT, j->tag + 1, "{}", 2);
		for_ever();
	} else if (strcmp(word, "no result") == 0) {
		pb_wire_send(j->fd, PB_MSG_DONE, j->tag, "{}", 2);
		for_ever();
	} else if (strcmp(word, "too much") == 0) {
		uint8_t all[60] = {2, 0, 0, 0, 'O', (uint8_t)j->tag, 0, 0, 0, '{', '}', 2, 0, 0, 0, 'E', (uint8_t)j->tag, 0, 0, 0, '{', '}', 1};
		if (write(j->fd, all, 23) > 0)
			for_ever();
	} else {
		return false;
	}
	return true;
}

/* The input is a list of words: what each check does. Its number is where the reducer says that it is. */
static void reduce(const job *j, int input)
{
	char text[300] = "", *rest = text, *word;
	uint32_t check = 0;
	if (pread(input, text, sizeof text - 1, 0) < 0)
		_exit(1);
	for (; (word = strsep(&rest, ";")); check++) {
		char id[4] = {(char)('0' + check), '\0'};
		if (json_object_get(j->aside, id))
			continue;
		atomic_store(j->at, word[0] == '-' ? 0 : PB_AT_CHECK + check);
		if (do_word(j, word + (word[0] == '-')))
			return;
	}
	atomic_store(j->at, 0);
	json_t *result = json_pack("{s:O}", "aside", j->aside);
	/* "who": which process, and its how manyth product. */
	if (strncmp(text, "who", 3) == 0)
		json_object_set_new(result, "who", json_sprintf("%ld %u", (long)getpid(), (unsigned)j->tag));
	char *line = json_dumps(result, JSON_COMPACT | JSON_SORT_KEYS);
	answer(j, PB_MSG_RESULT, line);
	free(line);
	json_decref(result);
}

static int reducer(void *state, const pb_role_args *a)
{
	job j = {.fd = a->fd[0], .at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, a->fd[1], 0)};
	pb_message type;
	pb_buf in = {0};
	int input;
	(void)state;
	if (j.at == MAP_FAILED)
		return 1;
	if (atomic_load(&once[1])) {
		pb_wire_send(j.fd, PB_MSG_ERROR, 0, "the box does not close", 22);
		pb_wire_send(j.fd, PB_MSG_DONE, 0, "{}", 2);
		return 1;
	}
	while (pb_wire_receive(j.fd, &type, &j.tag, &in, &input) == 1 && type == PB_MSG_JOB) {
		json_t *o = pb_json_parse((pb_bytes){in.data, in.size}, 1 << 20, "job", NULL);
		j.aside = json_object_get(o, "aside");
		reduce(&j, input);
		close(input);
		json_decref(o);
	}
	return 0;
}

static int open_it(void *user, void **state, json_t **about, pb_error *err)
{
	(void)user;
	(void)state;
	(void)err;
	*about = json_pack("{s:[ssssssssss]}", "ids", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
	return 0;
}

static const pb_role roles[] = {{"reducer", reducer}};
static pb_loop *loop;
static pb_template *workers;
static pb_reducers *reducers;

static int on_template(void *user, int fd, uint32_t events)
{
	(void)user;
	(void)fd;
	(void)events;
	return pb_template_hear(workers);
}

static int begin(void **state)
{
	static const pb_template_spec spec = {.name = "rules", .open = open_it, .roles = roles, .n_roles = 1};
	(void)state;
	once = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (once == MAP_FAILED || pb_template_start(&spec, &workers, NULL) || pb_template_ready(workers, NULL) || pb_loop_new(&loop, NULL))
		return -1;
	if (pb_reducers_new(loop, workers, 1 << 30, &reducers, NULL))
		return -1;
	return pb_loop_add(loop, pb_template_fd(workers), on_template, NULL);
}

static int finish(void **state)
{
	(void)state;
	pb_reducers_free(reducers);
	pb_reducers_free(NULL);
	pb_template_stop(workers);
	pb_loop_free(loop);
	return 0;
}

typedef struct outcome {
	int calls;
	bool excused;
	char *text; /* the result, or why there is none */
} outcome;

static void on_done(void *user, json_t *result, const pb_error *why)
{
	outcome *o = user;
	o->calls++;
	o->text = result ? json_dumps(result, JSON_COMPACT | JSON_SORT_KEYS) : strdup(why->text);
}

static pb_reduction *start(const char *input, outcome *o)
{
	pb_reduction_options options = {.reducers = reducers, .seconds = 4, .check_seconds = 1, .excused = &o->excused, .done = on_done,
	                                .user = o};
	pb_reduction *r;
	pb_error err = {0};
	int fd = memfd_create("input", MFD_CLOEXEC);
	assert_true(fd >= 0 && write(fd, input, strlen(input)) == (ssize_t)strlen(input));
	memset(o, 0, sizeof *o);
	atomic_store(once, 0);
	if (pb_reduction_start(&options, fd, &r, &err))
		fail_msg("%s", err.text);
	return r;
}

static void gives(const char *input, const char *want)
{
	outcome o;
	pb_reduction *r = start(input, &o);
	int64_t end = pb_now_ms() + 20000;
	while (!o.calls) {
		assert_true(pb_now_ms() < end);
		assert_int_equal(pb_loop_turn(loop, 20, NULL), 0);
		if (!o.calls)
			pb_reduction_tick(r);
	}
	assert_int_equal(o.calls, 1);
	assert_int_equal(o.excused, strstr(want, ":{\"") || strstr(input, "crash;crash;crash") == input);
	if (strcmp(o.text, want) != 0)
		fail_msg("%s\n  gave: %s\n  want: %s", input, o.text, want);
	free(o.text);
}

static void a_result(void **state)
{
	(void)state;
	gives("a;b", "{\"aside\":{}}");
}

static void a_check_is_left_out_by_name(void **state)
{
	(void)state;
	gives("a;crash;b", "{\"aside\":{\"1\":\"reducer died: signal 6 (Aborted)\"}}");
	gives("crash;a;crash", "{\"aside\":{\"0\":\"reducer died: signal 6 (Aborted)\",\"2\":\"reducer died: signal 6 (Aborted)\"}}");
	int64_t from = pb_now_ms();
	gives("a;hang", "{\"aside\":{\"1\":\"took longer than 1 s\"}}");
	assert_in_range(pb_now_ms() - from, 1000, 2500);
	gives("nonsense;a", "{\"aside\":{\"0\":\"its reducer sent nonsense\"}}");
	gives("half;a", "{\"aside\":{\"0\":\"took longer than 1 s\"}}");
	gives("kill;a", "{\"aside\":{\"0\":\"reducer died: signal 9 (Killed)\"}}");
	gives("slow;a", "{\"aside\":{\"0\":\"took longer than 1 s\"}}"); /* it would have come to an end */
	gives("spin;a", "{\"aside\":{\"0\":\"took longer than 1 s\"}}");
	gives("stale;a", "{\"aside\":{\"0\":\"its reducer sent nonsense\"}}");
	gives("too much;a", "{\"aside\":{\"0\":\"its reducer sent nonsense\"}}");
	gives("no result;a", "{\"aside\":{\"0\":\"its reducer sent nonsense\"}}");
	/* For this product only. */
	gives("a;b;c", "{\"aside\":{}}");
}

static void killed_from_outside_it_is_tried_again(void **state)
{
	(void)state;
	gives("a;kill once", "{\"aside\":{}}");
	gives("-kill once;a", "{\"aside\":{}}");
}

static void what_cannot_be_left_out_is_said(void **state)
{
	(void)state;
	gives("-crash", "cannot be reduced: reducer died: signal 6 (Aborted)");
	gives("-kill", "cannot be reduced: reducer died: signal 9 (Killed)");
	gives("-hang", "cannot be reduced: took longer than 4 s");
	gives("-leave", "cannot be reduced: reducer died: status 0");
	gives("-nonsense", "cannot be reduced: its reducer sent nonsense");
	gives("error", "cannot be reduced: the records do not fit together");
	gives("-nonsense", "cannot be reduced: its reducer sent nonsense");
	atomic_store(&once[1], 1);
	pb_reducers_free(reducers);
	assert_int_equal(pb_reducers_new(loop, workers, 1 << 30, &reducers, NULL), 0);
	gives("a", "cannot be reduced: the box does not close");
	atomic_store(&once[1], 0);
	/* Not for ever, however many there are. */
	gives("crash;crash;crash;crash;crash;crash;crash;crash;crash", "cannot be reduced: reducer died: signal 6 (Aborted)");
}

static void a_result_that_is_none(void **state)
{
	outcome o;
	(void)state;
	start("no json", &o);
	while (!o.calls)
		assert_int_equal(pb_loop_turn(loop, 20, NULL), 0);
	assert_non_null(strstr(o.text, "cannot be reduced: the product result"));
	free(o.text);
}

/* Which process, and its how manyth product. */
static void who(long *pid, unsigned *nth)
{
	outcome o;
	start("who", &o);
	while (!o.calls)
		assert_int_equal(pb_loop_turn(loop, 20, NULL), 0);
	if (sscanf(o.text, "{\"aside\":{},\"who\":\"%ld %u\"}", pid, nth) != 2)
		fail_msg("%s", o.text);
	free(o.text);
}

static void hear_for(int ms)
{
	for (int64_t end = pb_now_ms() + ms; pb_now_ms() < end;)
		assert_int_equal(pb_loop_turn(loop, 10, NULL), 0);
}

static void one_process_for_many_products(void **state)
{
	long first, pid;
	unsigned nth, n;
	(void)state;
	pb_reducers_free(reducers);
	assert_int_equal(pb_reducers_new(loop, workers, 1 << 30, &reducers, NULL), 0);
	who(&first, &nth);
	assert_int_equal(nth, 1);
	for (n = 2; n < 70; n++) {
		who(&pid, &nth);
		if (pid != first)
			break;
		assert_int_equal(nth, n);
	}
	assert_int_equal(n, 65); /* its time was served */
	assert_int_equal(nth, 1);
	/* What ends one costs the next product nothing but a fresh one. */
	first = pid;
	gives("crash;a", "{\"aside\":{\"0\":\"reducer died: signal 6 (Aborted)\"}}");
	who(&pid, &nth);
	assert_int_not_equal(pid, first);
	first = pid;
	/* Nor does the death of one that had nothing to do, heard of or not. */
	for (int heard = 0; heard < 2; heard++) {
		assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
		if (heard)
			hear_for(100);
		else
			usleep(50000);
		gives("a", "{\"aside\":{}}");
		who(&pid, &nth);
		assert_int_not_equal(pid, first);
		first = pid;
	}
	/* An answer that came whole counts, whatever its sender does then. */
	gives("-fail late", "{}");
	hear_for(100);
	gives("a", "{\"aside\":{}}");
	outcome o[2]; /* two at a time: two processes */
	start("who", &o[0]);
	start("who", &o[1]);
	while (!o[0].calls || !o[1].calls)
		assert_int_equal(pb_loop_turn(loop, 20, NULL), 0);
	assert_string_not_equal(o[0].text, o[1].text);
	free(o[0].text);
	free(o[1].text);
}

static void given_up_it_calls_nobody(void **state)
{
	pb_reducers_free(reducers);
	hear_for(100);
	size_t before = fds_of(getpid());
	outcome o;
	(void)state;
	assert_int_equal(pb_reducers_new(loop, workers, 1 << 30, &reducers, NULL), 0);
	for (int i = 0; i < 50; i++) {
		pb_reduction *r = start(i % 2 ? "hang" : "a", &o);
		if (i % 3)
			(void)pb_loop_turn(loop, 5, NULL);
		if (!o.calls)
			pb_reduction_drop(r);
		free(o.text);
	}
	pb_reduction_drop(NULL);
	pb_reducers_free(reducers);
	hear_for(200);
	assert_int_equal(fds_of(getpid()), before);
	assert_int_equal(pb_reducers_new(loop, workers, 1 << 30, &reducers, NULL), 0);
}

/* While nobody looked nobody's time ran, but for a second. */
static void time_in_which_nobody_looked(void **state)
{
	outcome o;
	(void)state;
	pb_reduction *r = start("-slow;a", &o);
	usleep(200000);
	pb_reduction_tick(r);
	usleep(5000000);
	pb_reduction_tick(r);
	while (!o.calls)
		assert_int_equal(pb_loop_turn(loop, 20, NULL), 0);
	assert_string_equal(o.text, "{\"aside\":{}}");
	free(o.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_result),
		cmocka_unit_test(a_check_is_left_out_by_name),
		cmocka_unit_test(killed_from_outside_it_is_tried_again),
		cmocka_unit_test(what_cannot_be_left_out_is_said),
		cmocka_unit_test(a_result_that_is_none),
		cmocka_unit_test(one_process_for_many_products),
		cmocka_unit_test(given_up_it_calls_nobody),
		cmocka_unit_test(time_in_which_nobody_looked),
	};
	return cmocka_run_group_tests(tests, begin, finish);
}
