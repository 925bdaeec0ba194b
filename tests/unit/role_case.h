/* A role of the rules template in a process of its own, the test being its keeper (and its front). Include after cmocka.h. */
#ifndef PROBITY_TESTS_ROLE_CASE_H
#define PROBITY_TESTS_ROLE_CASE_H

#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "check_case.h"
#include "wire/message.h"
#include "worker/roles.h"

typedef struct role_case {
	check_case c;
	pb_rules_options options;
	void *rules; /* pb_rules * */
	json_t *about;
	pid_t pid;
	int socket; /* to the role */
	pb_buf got; /* the last message's payload */
} role_case;

/* The three checks of every case: what their names say. */
static inline void role_checks(const check_case *c)
{
	case_text(c, "rulesets/lists/namespaces.txt", "http://www.w3.org/\n");
	case_text(c, "rulesets/lists/hints.ini", "[folders]\ntest = tests\n");
	case_text(c, "rulesets/capabilities/none.txt", "");
	case_text(
	    c, "scripts/integrity/bad.lua",
	    CASE_CHECK("object = function(object, found) if object:bytes(0, 3) == 'BAD' then found.key{ key = 'k', at = 0, "
	               "length = 3, 'x' } end end"));
	case_text(
	    c, "scripts/integrity/hang.lua",
	    CASE_CHECK("object = function(object, found) if object:bytes(0, 4) == 'HANG' then while true do end end end"));
	case_text(c, "scripts/integrity/product.lua",
	          "return { " CASE_HEADER CASE_FINDINGS " product = function(product, found) for o in product:objects{} do if "
	                                                "o.name == 'hang' then while true do end end end end }");
}

static inline void role_open(role_case *r)
{
	pb_error err = {0};

	memset(r, 0, sizeof *r);
	case_open(&r->c);
	role_checks(&r->c);
	r->options.catalogue = case_options(&r->c);
	r->options.catalogue.limits.instructions = UINT64_C(1) << 50; /* what hangs is the keeper's to kill here */
	r->socket = -1;
	if (pb_rules_template_open(&r->options, &r->rules, &r->about, &err) != 0)
		fail_msg("%s\n%s", err.text, r->c.told);
}

/* fd: [1..3] of the role; the socket is made here. */
static inline void role_start(role_case *r, int (*run)(void *state, const pb_role_args *args), const int fd[3], json_t *given)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	(void)fflush(NULL);
	r->pid = fork();
	assert_true(r->pid >= 0);
	if (r->pid == 0) {
		pb_role_args args = {.fd = {pair[1], fd[0], fd[1], fd[2]}, .args = given, .about = r->about};

		(void)close(pair[0]);
		_exit(run(r->rules, &args));
	}
	(void)close(pair[1]);
	r->socket = pair[0];
	json_decref(given);
}

/* How it ended. */
static inline int role_wait(role_case *r)
{
	int status = -1;

	assert_int_equal(waitpid(r->pid, &status, 0), r->pid);
	r->pid = 0;
	if (r->socket >= 0)
		(void)close(r->socket);
	r->socket = -1;
	return status;
}

static inline void role_exits(role_case *r, int with)
{
	int status = role_wait(r);

	if (!WIFEXITED(status) || WEXITSTATUS(status) != with)
		fail_msg("wait status %#x instead of exit status %d", (unsigned)status, with);
}

static inline void role_kill(role_case *r)
{
	assert_int_equal(kill(r->pid, SIGKILL), 0);
	assert_true(WIFSIGNALED(role_wait(r)));
}

/* The next message, its payload in r->got (ended by NUL). */
static inline void role_expect(role_case *r, pb_message type, uint32_t tag)
{
	pb_message came = (pb_message)0;
	uint32_t with = 0;
	int rc = pb_wire_receive(r->socket, &came, &with, &r->got, NULL);

	if (rc != 1 || came != type || with != tag)
		fail_msg("rc %d, message %c of %u instead of %c of %u: %.200s", rc, came ? (int)came : '0', (unsigned)with,
		         (int)type, (unsigned)tag, r->got.size > 0 ? (const char *)r->got.data : "");
}

static inline json_t *role_json(const role_case *r)
{
	json_t *j = pb_json_parse((pb_bytes){r->got.data, r->got.size}, PB_WIRE_MAX, "message", NULL);

	assert_non_null(j);
	return j;
}

static inline void role_close(role_case *r)
{
	if (r->pid > 0)
		role_kill(r);
	pb_buf_free(&r->got);
	pb_rules_template_close(r->rules);
	json_decref(r->about);
	case_close(&r->c);
}

#endif
