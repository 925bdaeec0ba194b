/* The role "repl" in its box: what it keeps of what a front brings, what it answers, what it does not take, and when memory runs out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mapper_case.h"
#include "starve_case.h"
#include "worker/prompt.h"

typedef struct sitting {
	mapping m;
	int stop_fd;
	_Atomic uint32_t *stop;
} sitting;

static void begin_role(sitting *s)
{
	role_start(&s->m.r, pb_prompt_main, (const int[]){s->m.memfd, s->stop_fd, -1}, json_object());
}

static void sit(sitting *s)
{
	memset(s, 0, sizeof *s);
	begin(&s->m);
	s->stop_fd = memfd_create("stop", MFD_CLOEXEC);
	assert_int_equal(ftruncate(s->stop_fd, PB_PROMPT_STOP), 0);
	s->stop = mmap(NULL, PB_PROMPT_STOP, PROT_READ | PROT_WRITE, MAP_SHARED, s->stop_fd, 0);
	assert_true(s->stop != MAP_FAILED);
}

static void leave(sitting *s)
{
	if (s->m.r.pid) {
		assert_int_equal(shutdown(s->m.r.socket, SHUT_WR), 0);
		role_exits(&s->m.r, 0);
	}
	munmap((void *)s->stop, PB_PROMPT_STOP);
	close(s->stop_fd);
	end(&s->m);
}

static void ask(sitting *s, const char *job)
{
	assert_int_equal(pb_wire_send(s->m.r.socket, PB_MSG_JOB, 0, job, strlen(job)), 0);
}

/* The answer as text. */
static void answers(sitting *s, const char *job, const char *wanted)
{
	ask(s, job);
	role_expect(&s->m.r, PB_MSG_RESULT, 0);
	json_t *j = role_json(&s->m.r);
	char *text = pb_json_canonical(j);
	if (strcmp(text, wanted) != 0)
		fail_msg("%s\n  gave: %s\n  want: %s", job, text, wanted);
	free(text);
	json_decref(j);
}

/* What one has not taken is on its lane for the next. */
static void fresh_lane(sitting *s)
{
	pb_lane_free(s->m.front);
	pb_lane_free(s->m.watch);
	close(s->m.memfd);
	s->m.memfd = pb_lane_create();
	s->m.front = pb_lane_open(s->m.memfd, true, NULL);
	s->m.watch = pb_lane_open(s->m.memfd, false, NULL);
	assert_true(s->m.front && s->m.watch);
}

#define LINE(text) "{\"do\":\"line\",\"text\":\"" text "\"}"
#define SAYS(end, text) "{\"end\":\"" end "\",\"out\":\"" text "\"}"
#define BEGIN "{\"do\":\"begin\"}"

static void done(sitting *s, uint32_t tag, const char *wanted)
{
	note(&s->m, tag, PB_MSG_DONE, "{}");
	role_expect(&s->m.r, PB_MSG_DONE, tag);
	assert_string_equal((const char *)s->m.r.got.data, wanted);
}

static void objects_are_kept(void **state)
{
	(void)state;
	sitting s;
	sit(&s);
	begin_role(&s);
	put_text(&s.m, 1, "a.txt", "BAD, and more");
	put_text(&s.m, 1, "b.txt", "");
	note(&s.m, 1, PB_MSG_LIMIT, "{\"path\":[\"p\"],\"why\":\"x\"}");
	done(&s, 1, "{\"objects\":2}");
	put(&s.m, 2, "c.txt", "\0\xff\x1b", 3);
	done(&s, 2, "{\"objects\":3}");
	answers(&s, "{\"do\":\"lost\"}", "{}");
	put_text(&s.m, 3, "late.txt", "it is taken, too");
	answers(&s, BEGIN, "{\"left_out\":0,\"limits\":1,\"objects\":4}");
	answers(&s, LINE("#objects"), SAYS("done", "4\\n"));
	answers(&s, LINE("object(1).size, object:bytes(0, 3)"), SAYS("done", "13\\n\\\"BAD\\\"\\n"));
	answers(&s, LINE("object(2).size"), SAYS("done", "0\\n"));
	answers(&s, LINE("object('p > c.txt'):bytes(0, 3)"), SAYS("done", "\\\"\\\\x00\\\\xff\\\\x1b\\\"\\n"));
	answers(&s, LINE("x ="), SAYS("more", ""));
	answers(&s, LINE("zzzzzzzz"), SAYS("failed", "error: input:1: unknown global \\\"zzzzzzzz\\\"\\n"));
	answers(&s, LINE("check 'integrity.bad'"), SAYS("done", ""));
	answers(&s, LINE("x = object(1) yara 'rule r { strings: $a = \\\"AD\\\" condition: $a }'"),
	        SAYS("done", "rule r: its condition holds\\n  $a  1: at 1\\n"));
	answers(&s, LINE("x = object(1) yara 'rule r { condition: x }'"),
	        SAYS("failed", "error: input:1: input:1: undefined identifier \\\"x\\\"; strings begin with $; a module is imported before the rule, import \\\"elf\\\"\\n"));
	answers(&s, LINE("io.open('/etc/passwd')"),
	        SAYS("failed", "error: input:1: there is no \\\"io\\\" here: a check has no files: object:bytes gives the bytes\\n"));
	/* Its process opens no file: what it requires was read before. */
	case_text(&s.m.r.c, "scripts/lib/words.lua", "return { greeting = 'changed' }\n");
	answers(&s, LINE("require('lib.words').greeting"), SAYS("done", "\\\"hello\\\"\\n"));
	answers(&s, "{\"do\":\"complete\",\"text\":\"object.si\"}", "{\"words\":[\"object.size\"]}");
	leave(&s);
}

static void nothing_came(void **state)
{
	(void)state;
	sitting s;
	sit(&s);
	begin_role(&s);
	answers(&s, BEGIN, "{\"left_out\":0,\"limits\":0,\"objects\":0}");
	answers(&s, LINE("objects"), SAYS("done", "no objects\\n"));
	answers(&s, LINE("object.size"), SAYS("failed", "error: input:1: no object is looked at: object(1)\\n"));
	/* No text at all is an empty line. */
	answers(&s, "{\"do\":\"line\"}", SAYS("done", ""));
	answers(&s, "{\"do\":\"line\",\"text\":7}", SAYS("done", ""));
	leave(&s);
}

static void interrupted(void **state)
{
	(void)state;
	sitting s;
	sit(&s);
	begin_role(&s);
	put_text(&s.m, 1, "a.txt", "x");
	answers(&s, BEGIN, "{\"left_out\":0,\"limits\":0,\"objects\":1}");
	ask(&s, LINE("while true do end"));
	nanosleep(&(struct timespec){0, 50000000}, NULL);
	atomic_store(s.stop, 1);
	role_expect(&s.m.r, PB_MSG_RESULT, 0);
	assert_non_null(strstr((const char *)s.m.r.got.data, "limit interrupt: it was interrupted"));
	atomic_store(s.stop, 0);
	answers(&s, LINE("1"), SAYS("done", "1\\n"));
	leave(&s);
}

/* What nobody has a right to ask ends it, with 1. */
static void other_questions_end_it(void **state)
{
	(void)state;
	static const char *const asked[] = {"", "{", "null", "[]", "7", "{}", "{\"do\":7}", "{\"do\":\"begin it\"}", LINE("1") /* not begun */,
	                                    "{\"do\":\"complete\",\"text\":\"x\"}"};
	sitting s;
	sit(&s);
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		begin_role(&s);
		ask(&s, asked[i]);
		role_exits(&s.m.r, 1);
	}
	begin_role(&s);
	assert_int_equal(pb_wire_send(s.m.r.socket, PB_MSG_RECORD, 0, "{}", 2), 0);
	role_exits(&s.m.r, 1);
	begin_role(&s);
	answers(&s, BEGIN, "{\"left_out\":0,\"limits\":0,\"objects\":0}");
	ask(&s, BEGIN); /* twice */
	role_exits(&s.m.r, 1);
	/* No place for the stop; no lane. */
	role_start(&s.m.r, pb_prompt_main, (const int[]){s.m.memfd, -1, -1}, json_object());
	role_expect(&s.m.r, PB_MSG_ERROR, 0);
	role_exits(&s.m.r, 1);
	role_start(&s.m.r, pb_prompt_main, (const int[]){s.stop_fd, s.stop_fd, -1}, json_object());
	role_expect(&s.m.r, PB_MSG_ERROR, 0);
	role_exits(&s.m.r, 1);
	leave(&s);
}

/* A front is believed nothing: an object of no kind is left out, one whose record is none has no name. */
static void hostile_fronts(void **state)
{
	(void)state;
	static const char *const records[] = {"{\"path\":7}", "{\"path\":[7,null,\"\\u001b\"]}", "{}", "[", "nonsense", "{\"path\":[]}"};
	sitting s;
	sit(&s);
	begin_role(&s);
	pb_lane_object o = object_of(1, ".txt", "x", 1);
	snprintf(o.kind, sizeof o.kind, "no-kind");
	o.record = "{}";
	o.record_size = 2;
	assert_int_equal(pb_lane_put(s.m.front, &o), 0);
	done(&s, 1, "{\"objects\":0}");
	answers(&s, BEGIN, "{\"left_out\":1,\"limits\":0,\"objects\":0}");
	assert_int_equal(shutdown(s.m.r.socket, SHUT_WR), 0);
	role_exits(&s.m.r, 0);
	for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
		begin_role(&s);
		o = object_of(1, ".txt", "x", 1);
		o.record = records[i];
		o.record_size = strlen(records[i]);
		assert_int_equal(pb_lane_put(s.m.front, &o), 0);
		ask(&s, BEGIN);
		pb_message type;
		uint32_t tag;
		/* It begins and lists it, or gives up: it neither dies nor hangs. */
		int rc = pb_wire_receive(s.m.r.socket, &type, &tag, &s.m.r.got, NULL);
		if (rc == 1 && type == PB_MSG_RESULT) {
			ask(&s, LINE("objects"));
			role_expect(&s.m.r, PB_MSG_RESULT, 0);
			assert_null(strchr((const char *)s.m.r.got.data, '\x1b'));
			assert_int_equal(shutdown(s.m.r.socket, SHUT_WR), 0);
		}
		int status = role_wait(&s.m.r);
		assert_true(WIFEXITED(status));
		fresh_lane(&s);
	}
	leave(&s);
}

#ifndef SANITIZED
static size_t grants;

static int starving_main(void *state, const pb_role_args *args)
{
	starve(grants);
	return pb_prompt_main(state, args);
}

/* It answers, or ends with 1: no signal, no wrong answer. */
static void memory_may_run_out(void **state)
{
	(void)state;
	sitting s;
	bool whole = false;
	size_t tries = 0;
	sit(&s);
	for (grants = 0; !whole && grants < 60000; grants += 1 + grants / 8, tries++) {
		pb_message type;
		uint32_t tag;
		role_start(&s.m.r, starving_main, (const int[]){s.m.memfd, s.stop_fd, -1}, json_object());
		put_text(&s.m, 1, "a.txt", "BAD, and more");
		(void)pb_wire_send(s.m.r.socket, PB_MSG_JOB, 0, BEGIN, strlen(BEGIN));
		if (pb_wire_receive(s.m.r.socket, &type, &tag, &s.m.r.got, NULL) == 1 && type == PB_MSG_RESULT) {
			(void)pb_wire_send(s.m.r.socket, PB_MSG_JOB, 0, LINE("object.size"), strlen(LINE("object.size")));
			if (pb_wire_receive(s.m.r.socket, &type, &tag, &s.m.r.got, NULL) == 1 && type == PB_MSG_RESULT) {
				whole = strstr((const char *)s.m.r.got.data, "\"13\\n\"") != NULL;
				assert_true(whole || strstr((const char *)s.m.r.got.data, "error") || !strstr((const char *)s.m.r.got.data, "\"end\":\"done\""));
			}
		}
		(void)shutdown(s.m.r.socket, SHUT_WR);
		int status = role_wait(&s.m.r);
		if (!WIFEXITED(status))
			fail_msg("%zu allocations: wait status %#x", grants, (unsigned)status);
		fresh_lane(&s);
	}
	assert_true(whole);
	assert_true(tries > 20);
	leave(&s);
}
#else
static void memory_may_run_out(void **state)
{
	(void)state;
	skip();
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(objects_are_kept),       cmocka_unit_test(nothing_came),   cmocka_unit_test(interrupted),
	    cmocka_unit_test(other_questions_end_it), cmocka_unit_test(hostile_fronts), cmocka_unit_test(memory_may_run_out),
	};
	alarm(200);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
