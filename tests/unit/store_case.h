/* A store to test with: assessments that are easy to make, a file to break, a child process that reports. Include after
 * cmocka.h. */
#ifndef PROBITY_TESTS_STORE_CASE_H
#define PROBITY_TESTS_STORE_CASE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "scratch.h"
#include "store/sql.h"
#include "store/store.h"

enum { CASE_TIME = 1795269600 }; /* 2026-11-21 14:00 UTC */

/* In a child: asserts of cmocka would go on in the parent's test. */
#define CHILD_CHECK(what)                                                                                              \
	do {                                                                                                           \
		if (!(what)) {                                                                                         \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);                                     \
			_exit(1);                                                                                      \
		}                                                                                                      \
	} while (0)

/* Runs body in a child; its exit status, 128 + signal where one ended it. */
static inline int case_in_child(void (*body)(void *user), void *user)
{
	int status;
	pid_t pid;
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		body(user);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static inline pb_stored case_assessment(int n)
{
	static char names[4][32];
	char *name = names[n & 3];
	snprintf(name, sizeof names[0], "product-%d", n);
	return (pb_stored){.time = CASE_TIME + n,
	                   .path = "/srv/in/product.deb",
	                   .name = name,
	                   .version = "1.0",
	                   .kind = "deb",
	                   .sha256 = "2e6e2f1a0007dc432e6e2f1a0007dc432e6e2f1a0007dc432e6e2f1a0007dc43",
	                   .host = "clamd",
	                   .uid = 1000 + n % 2,
	                   .policy = "business",
	                   .rules_digest = "r1",
	                   .trust_tenths = 960,
	                   .low_tenths = 50,
	                   .confidence_tenths = 570,
	                   .decision = n % 3 ? "CONDITIONAL" : "REJECT",
	                   .clamav = "",
	                   .reason = "",
	                   .alert = "",
	                   .report = "{\"schema\":\"probity-report/1\"}"};
}

static inline pb_store *case_open(const char *file)
{
	pb_store *s;
	pb_error err = {0};
	int rc = pb_store_open(file, false, 2000, &s, &err);
	if (rc)
		print_error("%s\n", err.text);
	assert_int_equal(rc, 0);
	return s;
}

static inline int64_t case_add(pb_store *s, int n)
{
	pb_stored a = case_assessment(n);
	pb_error err = {0};
	int64_t id = -1;
	int rc = pb_store_add(s, &a, &id, &err);
	if (rc)
		print_error("%s\n", err.text);
	assert_int_equal(rc, 0);
	return id;
}

static inline void case_fill(pb_store *s, int n)
{
	for (int i = 1; i <= n; i++)
		assert_int_equal(case_add(s, i), i);
}

/* As somebody with the file in his hands would. */
static inline void case_tamper(const char *file, const char *sql)
{
	const pb_sql_mode mode = {.permissions = 0600, .busy_ms = 1000};
	pb_error err = {0};
	pb_sql *db;
	assert_int_equal(pb_sql_open(file, &mode, &db, &err), 0);
	int rc = pb_sql_run(db, sql, &err);
	if (rc)
		print_error("%s\n", err.text);
	assert_int_equal(rc, 0);
	pb_sql_close(db);
}

static inline int64_t case_number(const char *file, const char *sql)
{
	const pb_sql_mode mode = {.read_only = true, .busy_ms = 1000};
	pb_error err = {0};
	pb_sql *db;
	int64_t n = -1;
	assert_int_equal(pb_sql_open(file, &mode, &db, &err), 0);
	assert_int_equal(pb_sql_number(db, sql, &n, &err), 0);
	pb_sql_close(db);
	return n;
}

static inline pb_buf case_bytes(const char *file)
{
	pb_buf b = {0};
	assert_int_equal(pb_fs_read(file, 1 << 28, &b, NULL), 0);
	return b;
}

static inline void case_remove(const char *file)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", ".broken"};
	char name[600];
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		snprintf(name, sizeof name, "%s%s", file, suffixes[i]);
		(void)unlink(name);
	}
}

static inline int case_count(void *user, const pb_stored *a)
{
	(void)a;
	++*(int *)user;
	return 0;
}

#endif
