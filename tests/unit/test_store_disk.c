/* The store on disks that refuse: damaged, locked by another, full, read-only. Clear words, nothing half kept, and on it goes. */
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "store_case.h"

static char *file;

static int fresh(void **state)
{
	(void)state;
	file = scratch_path("s.db");
	case_remove(file);
	return 0;
}

static void damaged(void **state)
{
	(void)state;
	pb_store *s = case_open(file);
	pb_error err = {0};
	int n_seen = 0;
	int64_t lines;
	char head[65];
	case_fill(s, 200);
	pb_store_close(s);
	pb_buf b = case_bytes(file);
	assert_true(b.size > 20 * 4096);
	uint8_t *copy = malloc(b.size);
	assert_non_null(copy);
	for (size_t page = 1; page < b.size / 4096;
	     page++) { /* each page in turn, the header excepted: that is garbage, above */
		memcpy(copy, b.data, b.size);
		memset(copy + page * 4096, 0xa5, 4096);
		case_remove(file);
		scratch_save("s.db", copy, b.size);
		int rc = pb_store_open(file, true, 100, &s, &err);
		if (!rc) {
			(void)pb_store_list(s, &(pb_store_query){.any_uid = true}, case_count, &n_seen, &err);
			assert_int_not_equal(pb_store_verify(s, &lines, head, &err), 0);
		}
		pb_store_close(s);
	}
	for (size_t n = 4096; n < b.size; n += 5 * 4096 + 100) { /* cut short */
		case_remove(file);
		scratch_save("s.db", b.data, n);
		int rc = pb_store_open(file, false, 100, &s, &err);
		if (!rc)
			assert_int_not_equal(pb_store_verify(s, &lines, head, &err), 0);
		pb_store_close(s);
	}
	free(copy);
	pb_buf_free(&b);
}

static void locked(void **state)
{
	(void)state;
	int ready[2], go[2], status;
	char byte = 0;
	pb_store *s = case_open(file);
	pb_error err = {0};
	pb_stored a = case_assessment(2);
	int64_t id, lines;
	char head[65];
	case_fill(s, 1);
	pb_store_close(s);
	assert_int_equal(pipe(ready) | pipe(go), 0);
	pid_t pid = fork();
	if (pid == 0) {
		pb_sql *db;
		const pb_sql_mode mode = {.busy_ms = 100};
		CHILD_CHECK(pb_sql_open(file, &mode, &db, NULL) == 0 && pb_sql_begin(db, NULL) == 0);
		CHILD_CHECK(write(ready[1], "", 1) == 1 && read(go[0], &byte, 1) == 1);
		pb_sql_close(db);
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(pb_store_open(file, false, 200, &s, &err), 0);
	assert_int_equal(pb_store_add(s, &a, &id, &err), PB_EIO);
	assert_non_null(strstr(err.text, "locked"));
	assert_int_equal(pb_store_event(s, 1, "x", &err), PB_EIO);
	assert_int_equal(pb_store_verify(s, &lines, head, &err), 0); /* readers are not in its way */
	assert_int_equal(lines, 1);
	assert_int_equal(write(go[1], "", 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(pb_store_add(s, &a, &id, &err), 0);
	assert_int_equal(id, 2);
	pb_store_close(s);
	close(ready[0]);
	close(ready[1]);
	close(go[0]);
	close(go[1]);
}

/* Fills until it is refused, then makes room: nothing half kept, and on it goes. */
static void fill_the_disk(const char *name, bool (*make_room)(void))
{
	pb_store *s;
	pb_error err = {0};
	int64_t id = 0, lines, kept = 0;
	char head[65];
	char *report = malloc(40001);
	CHILD_CHECK(report != NULL);
	memset(report, '1', 40000);
	report[40000] = '\0';
	CHILD_CHECK(pb_store_open(name, false, 100, &s, &err) == 0);
	for (int i = 0; i < 200; i++) {
		pb_stored a = case_assessment(i);
		a.report = report;
		int rc = pb_store_add(s, &a, &id, &err);
		if (rc) {
			CHILD_CHECK(rc == PB_EIO && id == 0);
			CHILD_CHECK(strstr(err.text, "no room") != NULL || strstr(err.text, "limit reached") != NULL);
			break;
		}
		kept = id;
	}
	CHILD_CHECK(kept > 3 && kept < 190);
	for (int i = 0; i < 5; i++) { /* refused again and again; small ones may fit, whole */
		pb_stored a = case_assessment(i);
		int rc = pb_store_add(s, &a, &id, &err);
		CHILD_CHECK(rc == PB_EIO || (rc == 0 && id == kept + 1));
		kept += rc == 0;
	}
	CHILD_CHECK(pb_store_verify(s, &lines, head, &err) == 0 && lines == kept);
	CHILD_CHECK(make_room());
	pb_stored a = case_assessment(0);
	a.report = report;
	CHILD_CHECK(pb_store_add(s, &a, &id, &err) == 0 && id == kept + 1);
	CHILD_CHECK(pb_store_verify(s, &lines, head, &err) == 0 && lines == kept + 1);
	pb_store_close(s);
	CHILD_CHECK(pb_store_open(name, false, 100, &s, &err) == 0);
	CHILD_CHECK(pb_store_verify(s, &lines, head, &err) == 0 && lines == kept + 1);
	pb_store_close(s);
	free(report);
}

static bool lift_limit(void)
{
	struct rlimit r = {RLIM_INFINITY, RLIM_INFINITY};
	getrlimit(RLIMIT_FSIZE, &r);
	r.rlim_cur = r.rlim_max;
	return setrlimit(RLIMIT_FSIZE, &r) == 0;
}

static void with_limit(void *user)
{
	struct rlimit r;
	(void)user;
	signal(SIGXFSZ, SIG_IGN);
	CHILD_CHECK(getrlimit(RLIMIT_FSIZE, &r) == 0);
	r.rlim_cur = 1 << 20;
	CHILD_CHECK(setrlimit(RLIMIT_FSIZE, &r) == 0);
	fill_the_disk(file, lift_limit);
}

static void file_size_limit(void **state)
{
	(void)state;
	assert_int_equal(case_in_child(with_limit, NULL), 0);
}

static bool grow_disk(void)
{
	return mount("tmpfs", scratch_path("disk"), "tmpfs", MS_REMOUNT, "size=64m") == 0;
}

enum { CANNOT = 77 };
static void with_small_disk(void *user)
{
	(void)user;
	if (unshare(CLONE_NEWNS) && unshare(CLONE_NEWUSER | CLONE_NEWNS))
		_exit(CANNOT);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) || mkdir(scratch_path("disk"), 0700) ||
	    mount("tmpfs", scratch_path("disk"), "tmpfs", 0, "size=1m"))
		_exit(CANNOT);
	char *name = strdup(scratch_path("disk/s.db"));
	fill_the_disk(name, grow_disk);
	free(name);
}

static void full_disk(void **state)
{
	(void)state;
	int status = case_in_child(with_small_disk, NULL);
	if (status == CANNOT) {
		print_message("no small disk can be mounted here\n");
		skip();
	}
	assert_int_equal(status, 0);
}

/* Root may write anything, so nobody tries. */
static void as_nobody(void *user)
{
	bool with_wal = user != NULL;
	pb_store *s;
	pb_error err = {0};
	int64_t lines, id;
	char head[65];
	pb_stored a = case_assessment(9);
	if (geteuid() == 0)
		CHILD_CHECK(setgid(65534) == 0 && setuid(65534) == 0);
	CHILD_CHECK(pb_store_open(file, true, 100, &s, &err) == 0);
	CHILD_CHECK(pb_store_verify(s, &lines, head, &err) == 0);
	CHILD_CHECK(lines == (with_wal ? 4 : 3));
	CHILD_CHECK(pb_store_add(s, &a, &id, &err) == PB_EIO && strstr(err.text, "may not be written") != NULL);
	CHILD_CHECK(pb_store_event(s, 1, "x", &err) == PB_EIO);
	CHILD_CHECK(pb_store_verify(s, &lines, head, &err) == 0);
	pb_store_close(s);
	int rc = pb_store_open(file, false, 100, &s, &err);
	if (!rc)
		CHILD_CHECK(pb_store_add(s, &a, &id, &err) == PB_EIO);
	else
		CHILD_CHECK(rc == PB_EIO && err.text[0] && s == NULL);
	pb_store_close(s);
}

static void read_only_place(void **state)
{
	(void)state;
	char name[600];
	pb_store *s = case_open(file);
	case_fill(s, 3);
	pb_store_close(s);
	assert_int_equal(scratch_sh("chmod 555 . && chmod 444 s.db* && ls -l"), 0);
	assert_int_equal(case_in_child(as_nobody, NULL), 0); /* with what a keeper leaves behind */
	snprintf(name, sizeof name, "%s-wal", file);
	assert_int_equal(scratch_sh("chmod 755 . && rm -f s.db-wal s.db-shm && chmod 555 ."), 0);
	assert_int_equal(case_in_child(as_nobody, NULL), 0); /* a copy of the file alone */
	assert_int_equal(scratch_sh("chmod 755 . && chmod 644 s.db"), 0);
	s = case_open(file);
	assert_int_equal(case_add(s, 4), 4); /* a keeper at work: the last one is in the -wal only */
	assert_int_equal(scratch_sh("chmod 444 s.db* && chmod 555 ."), 0);
	assert_int_equal(case_in_child(as_nobody, file), 0);
	assert_int_equal(scratch_sh("chmod 755 . && chmod 644 s.db*"), 0);
	pb_store_close(s);
}

static int fresh_dir(void **state)
{
	return scratch_begin(state) || chmod(scratch_dir, 0755);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(damaged, fresh),         cmocka_unit_test_setup(locked, fresh),
	    cmocka_unit_test_setup(file_size_limit, fresh), cmocka_unit_test_setup(full_disk, fresh),
	    cmocka_unit_test_setup(read_only_place, fresh),
	};
	return cmocka_run_group_tests(tests, fresh_dir, scratch_end);
}
