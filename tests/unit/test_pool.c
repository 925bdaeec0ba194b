/* The pool of processes: order, deaths, deadlines, nonsense. Real forks. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "keeper/pool.h"

typedef struct run {
	char heard[64][64];   /* the last words about each item */
	int messages[64], lost[64];
	const char *behaviour;
	int stop_at;
} run;

/* Does as the behaviour of an item says: e(cho), c(rash), h(ang), m(alformed), q(uit), 2 (two messages). */
static int worker(int fd, void *user)
{
	run *r = user;
	pb_buf in = {0};
	pb_message type;
	while (pb_wire_receive(fd, &type, &in) == 1) {
		uint64_t item;
		char words[32];
		memcpy(&item, in.data, sizeof item);
		int n = snprintf(words, sizeof words, "item %d", (int)item);
		switch (r->behaviour[item]) {
		case 'c':
			raise(SIGKILL);
			break;
		case 'q':
			return 7;
		case 'h':
			pause();
			break;
		case 'm':
			if (write(fd, "\xff\xff\xff\xff\xffnonsense", 13) < 0)
				return 1;
			pause();
			break;
		case '2':
			pb_wire_send(fd, PB_MSG_RECORD, "first", 5);
			break;
		default:
			break;
		}
		pb_wire_send(fd, PB_MSG_RECORD, words, (size_t)n);
		pb_wire_send(fd, PB_MSG_DONE, "", 0);
	}
	pb_buf_free(&in);
	return 0;
}

static int message(void *user, size_t item, pb_message type, pb_bytes payload)
{
	run *r = user;
	assert_int_equal(type, PB_MSG_RECORD);
	assert_true(payload.size < sizeof r->heard[item]);
	memcpy(r->heard[item], payload.data, payload.size);
	r->heard[item][payload.size] = '\0';
	r->messages[item]++;
	return r->stop_at && (int)item == r->stop_at ? PB_ELIMIT : 0;
}

static int lost(void *user, size_t item, const char *why)
{
	run *r = user;
	r->lost[item]++;
	snprintf(r->heard[item], sizeof r->heard[item], "%.60s", why);
	return 0;
}

static int play(run *r, size_t processes, pb_error *err)
{
	pb_pool p = {.worker = worker, .processes = processes, .seconds = 1, .worker_user = r, .user = r, .message = message, .lost = lost,
	             .name = "tester"};
	return pb_pool_run(&p, strlen(r->behaviour), err);
}

static void every_item_once(void **state)
{
	(void)state;
	for (size_t processes = 1; processes <= 4; processes++) {
		run r = {.behaviour = "eee2eeeeee2eeeeeeeee"};
		pb_error err = {0};
		assert_int_equal(play(&r, processes, &err), 0);
		for (int i = 0; r.behaviour[i]; i++) {
			char want[32];
			snprintf(want, sizeof want, "item %d", i);
			assert_string_equal(r.heard[i], want);
			assert_int_equal(r.messages[i], r.behaviour[i] == '2' ? 2 : 1);
			assert_int_equal(r.lost[i], 0);
		}
	}
}

static void an_order_is_kept(void **state)
{
	(void)state;
	static const size_t order[] = {3, 0, 2, 1};
	run r = {.behaviour = "eeee", .stop_at = 3};
	pb_error err = {0};
	pb_pool p = {.worker = worker, .processes = 1, .seconds = 1, .order = order, .worker_user = &r, .user = &r, .message = message,
	             .lost = lost, .name = "tester"};
	assert_int_equal(pb_pool_run(&p, 4, &err), PB_ELIMIT); /* item 3 comes first, and ends the run */
	assert_int_equal(r.messages[0] + r.messages[1] + r.messages[2], 0);
	r.stop_at = 0;
	assert_int_equal(pb_pool_run(&p, 4, &err), 0);
	assert_int_equal(r.messages[0] + r.messages[1] + r.messages[2], 3);
}

static void a_death_costs_its_item_only(void **state)
{
	(void)state;
	run r = {.behaviour = "eceeqeemeceee"};
	pb_error err = {0};
	assert_int_equal(play(&r, 2, &err), 0);
	for (int i = 0; r.behaviour[i]; i++) {
		bool dies = r.behaviour[i] != 'e';
		assert_int_equal(r.lost[i], dies);
		assert_int_equal(r.messages[i], !dies);
	}
	assert_non_null(strstr(r.heard[1], "died: signal 9"));
	assert_non_null(strstr(r.heard[4], "status 7"));
	assert_non_null(strstr(r.heard[7], "malformed"));
}

static void a_deadline_ends_a_hang(void **state)
{
	(void)state;
	run r = {.behaviour = "ehe"};
	pb_error err = {0};
	assert_int_equal(play(&r, 1, &err), 0);
	assert_string_equal(r.heard[1], "tester took longer than 1 s");
	assert_string_equal(r.heard[2], "item 2");
}

static void a_callback_ends_the_run(void **state)
{
	(void)state;
	run r = {.behaviour = "eeeeeehhhhhh", .stop_at = 3};
	pb_error err = {0};
	assert_int_equal(play(&r, 2, &err), PB_ELIMIT);
}

static void an_interrupt_ends_the_run(void **state)
{
	(void)state;
	volatile sig_atomic_t now = 1;
	run r = {.behaviour = "ee"};
	pb_error err = {0};
	pb_pool p = {.worker = worker, .processes = 1, .seconds = 1, .worker_user = &r, .user = &r, .message = message, .lost = lost,
	             .name = "tester", .interrupted = &now};
	assert_int_equal(pb_pool_run(&p, 2, &err), PB_EIO);
	assert_string_equal(err.text, "interrupted");
}

static void frames_are_taken_whole(void **state)
{
	(void)state;
	static const uint8_t two[] = {3, 0, 0, 0, 'R', 'a', 'b', 'c', 0, 0, 0, 0, 'E'};
	pb_message type;
	pb_bytes payload;
	for (size_t cut = 0; cut <= sizeof two; cut++) {
		pb_buf in = {0};
		size_t at = 0;
		int got = 0;
		pb_buf_add(&in, two, cut);
		while (pb_wire_take(&in, &at, &type, &payload) == 1)
			got++;
		assert_int_equal(got, (cut >= 8) + (cut >= 13));
		pb_buf_free(&in);
	}
	static const uint8_t bad[][5] = {{0, 0, 0, 0, 'Q'}, {255, 255, 255, 255, 'R'}, {0, 0, 0, 0, 0}};
	for (size_t i = 0; i < 3; i++) {
		pb_buf in = {0};
		size_t at = 0;
		pb_buf_add(&in, bad[i], 5);
		assert_int_equal(pb_wire_take(&in, &at, &type, &payload), PB_ECORRUPT);
		pb_buf_free(&in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_item_once), cmocka_unit_test(an_order_is_kept),        cmocka_unit_test(a_death_costs_its_item_only),
		cmocka_unit_test(a_deadline_ends_a_hang),  cmocka_unit_test(a_callback_ends_the_run),
		cmocka_unit_test(an_interrupt_ends_the_run), cmocka_unit_test(frames_are_taken_whole),
	};
	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
