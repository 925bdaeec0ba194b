/* One pass of all patterns: what compiles, what is left out and why, what is found, what is told when it is not complete. */
#include <malloc.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "facts/patterns_alone.h"
#include "tests/unit/patterns_case.h"

static const pb_pattern_source words[] = {
    {"one",
     "rule first { strings: $b = \"bb\" $a = \"aa\" $no = \"zz\" condition: any of them }\nprivate rule hidden { condition: "
     "true }",
     "one.lua", 10, NULL, 0},
    {"two",
     "rule always { condition: filesize > 0 and not md5 == \"x\" }\nrule first { strings: $ = \"aa\" condition: any of them }",
     "two.yar", 1, NULL, 0},
};

static void hits_in_order(void **state)
{
	static const struct {
		uint32_t source;
		const char *rule, *string;
		uint64_t at;
		uint32_t length;
	} expected[] = {{0, "first", "$a", 0, 2},  {0, "first", "$a", 6, 2}, {0, "first", "$b", 3, 2},
	                {1, "always", NULL, 0, 0}, {1, "first", "$", 0, 2},  {1, "first", "$", 6, 2}};
	refusals r;
	pb_patterns *p = open_all(words, 2, NULL, &r);
	pb_scanner *s = pb_scanner_new(p, 30);
	pb_scan scan;

	(void)state;
	assert_int_equal(r.n, 0);
	/* twice: a scanner is used again, and nothing of the pass before stays */
	for (int pass = 0; pass < 2; pass++) {
		run(s, "aa bb aa", 8, PB_GROUP_PLAIN, &scan);
		assert_int_equal(scan.n_hits, 6);
		for (size_t i = 0; i < 6; i++) {
			assert_int_equal(scan.hits[i].source, expected[i].source);
			assert_string_equal(scan.hits[i].rule, expected[i].rule);
			if (expected[i].string)
				assert_string_equal(scan.hits[i].string, expected[i].string);
			else
				assert_null(scan.hits[i].string);
			assert_int_equal(scan.hits[i].at, expected[i].at);
			assert_int_equal(scan.hits[i].length, expected[i].length);
		}
		assert_null(scan.modules);
		pb_scan_free(&scan);
		run(s, NULL, 0, PB_GROUP_PLAIN, &scan);
		assert_int_equal(scan.n_hits, 0);
		pb_scan_free(&scan);
	}
	pb_scanner_free(s);
	pb_patterns_close(p);
}

static const pb_pattern_source mixed[] = {
    {"good", "rule r { strings: $a = \"aa\" condition: $a }", "good.lua", 1, NULL, 0},
    {"syntax", "rule r {\n  strings:\n    $a = \"aa\"\n  condition:\n    $b }", "checks/syntax.lua", 40, NULL, 0},
    {"module", "import \"nosuch\"\nrule r { condition: true }", "module.yar", 1, NULL, 0},
    {"include", "include \"good.yar\"\nrule r { condition: true }", "include.yar", 1, NULL, 0},
    {"twice", "rule r { condition: true }\nrule r { condition: true }", "twice.yar", 1, NULL, 0},
    {"also-good", "rule r { strings: $a = \"aa\" condition: $a }", "also.lua", 7, NULL, 0},
};
enum { MIXED = sizeof mixed / sizeof mixed[0] };

static void check_mixed(const pb_patterns *p, const refusals *r)
{
	assert_int_equal(r->n, 4);
	assert_int_equal(r->source[0], 1);
	assert_string_equal(r->message[0], "checks/syntax.lua:44: undefined string \"$b\"; did you mean \"$a\"?");
	assert_int_equal(r->source[1], 2);
	assert_non_null(strstr(r->message[1], "module.yar:1: "));
	assert_int_equal(r->source[2], 3);
	assert_non_null(strstr(r->message[2], "include.yar:1: "));
	assert_int_equal(r->source[3], 4);
	assert_non_null(strstr(r->message[3], "twice.yar:2: "));
	assert_int_equal(hits_of(p, "aa", PB_GROUP_PLAIN), 2);
}

static void broken_sources_are_named_and_left_out(void **state)
{
	refusals r;
	pb_patterns *p = open_all(mixed, MIXED, NULL, &r), *none = NULL;
	pb_error err = {0};

	(void)state;
	check_mixed(p, &r);
	pb_patterns_close(p);
	assert_int_equal(pb_patterns_open(mixed, MIXED, NULL, NULL, NULL, &none, &err), PB_EINPUT);
	assert_string_equal(err.text, "checks/syntax.lua:44: undefined string \"$b\"; did you mean \"$a\"?");
	assert_null(none);
	/* nothing at all compiles too */
	p = open_all(NULL, 0, NULL, &r);
	assert_int_equal(hits_of(p, "aa", PB_GROUP_PLAIN), 0);
	pb_patterns_close(p);
}

static void hostile_words_in_messages(void **state)
{
	const pb_pattern_source bad = {"bad", "rule r { condition: \x1b[31m }", "bad.yar", 1, NULL, 0};
	refusals r;
	pb_patterns *p = open_all(&bad, 1, NULL, &r);

	(void)state;
	assert_int_equal(r.n, 1);
	for (const char *c = r.message[0]; *c; c++)
		assert_true(*c >= ' ');
	pb_patterns_close(p);
}

/* The first of so many cache files. */
static char *first_file(const char *dir, size_t expected)
{
	char **names;
	size_t n;
	pb_error err = {0};
	assert_int_equal(pb_fs_names(dir, ".yac", &names, &n, &err), 0);
	assert_int_equal(n, expected);
	char *file = pb_fs_join(dir, names[0]);
	pb_fs_names_free(names, n);
	return file;
}

static void remove_all(const char *dir)
{
	char **names;
	size_t n;
	assert_int_equal(pb_fs_names(dir, NULL, &names, &n, NULL), 0);
	for (size_t i = 0; i < n; i++) {
		char *file = pb_fs_join(dir, names[i]);
		unlink(file);
		free(file);
	}
	pb_fs_names_free(names, n);
	rmdir(dir);
}

/* Every kind of broken file is compiled anew and replaced. */
static void break_cache(const char *dir, const char *file, const pb_buf *whole)
{
	refusals r;
	pb_buf after = {0};

	for (size_t i = 0; i < 40; i++) {
		pb_buf broken = {0};
		size_t at = whole->size * i / 40;
		assert_int_equal(pb_buf_add(&broken, whole->data, i % 2 ? whole->size : at), 0);
		if (i % 2)
			broken.data[at] ^= 1;
		assert_int_equal(pb_fs_write(file, broken.data ? broken.data : (void *)"", broken.size, NULL), 0);
		pb_patterns *p = open_all(mixed, MIXED, dir, &r);
		check_mixed(p, &r);
		pb_patterns_close(p);
		assert_int_equal(pb_fs_read(file, 1 << 20, &after, NULL), 0);
		assert_int_equal(after.size, whole->size);
		pb_buf_free(&broken);
	}
	pb_buf_free(&after);
}

static void cache(void **state)
{
	char dir[] = "/tmp/probity-patterns-XXXXXX";
	refusals r;
	pb_buf whole = {0};

	(void)state;
	assert_non_null(mkdtemp(dir));
	for (int round = 0; round < 2; round++) { /* compiled, then from the files: what was refused is told both times */
		pb_patterns *p = open_all(mixed, MIXED, dir, &r);
		check_mixed(p, &r);
		pb_patterns_close(p);
	}
	char *file = first_file(dir, PB_GROUPS);
	assert_int_equal(pb_fs_read(file, 1 << 20, &whole, NULL), 0);
	break_cache(dir, file, &whole);
	/* other sources have other files; a folder that others may write to is not used; one that is not there neither */
	pb_patterns_close(open_all(words, 2, dir, &r));
	free(first_file(dir, 2 * PB_GROUPS));
	assert_int_equal(chmod(dir, 0777), 0);
	pb_patterns_close(open_all(words, 1, dir, &r));
	free(first_file(dir, 2 * PB_GROUPS));
	pb_patterns_close(open_all(words, 1, "/nonexistent/probity", &r));
	free(file);
	pb_buf_free(&whole);
	remove_all(dir);
}

/* A string with more matches than YARA keeps is told: the pass is not complete. */
static void too_many_matches(void **state)
{
	const pb_pattern_source source = {"many", "rule r { strings: $a = \"ab\" $b = \"cd\" condition: any of them }", "a", 1, NULL, 0};
	enum { SIZE = 2100000 };
	refusals r;
	pb_patterns *p = open_all(&source, 1, NULL, &r);
	pb_scanner *s = pb_scanner_new(p, 60);
	pb_scan scan;
	char *text = malloc(SIZE);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < SIZE; i++)
		text[i] = i % 2 ? 'b' : 'a';
	run(s, text, SIZE, PB_GROUP_PLAIN, &scan);
	assert_string_equal(scan.why, "too many matches");
	pb_scan_free(&scan);
	/* fewer: hits are cut for each string, the pass is whole */
	run(s, text, 4000, PB_GROUP_PLAIN, &scan);
	assert_null(scan.why);
	assert_int_equal(scan.n_hits, PB_HITS_PER_STRING);
	assert_int_equal(scan.hits[PB_HITS_PER_STRING - 1].at, 2 * (PB_HITS_PER_STRING - 1));
	pb_scan_free(&scan);
	free(text);
	pb_scanner_free(s);
	pb_patterns_close(p);
}

static void time_out(void **state)
{
	const pb_pattern_source source = {
	    "slow",
	    "rule r { strings: $a = \"x\" condition: for all i in (1..#a) : (for all j in (1..#a) : (@a[i] + @a[j] >= 0)) }",
	    "a", 1, NULL, 0};
	enum { SIZE = 200000 };
	refusals r;
	pb_patterns *p = open_all(&source, 1, NULL, &r);
	pb_scanner *s = pb_scanner_new(p, 1);
	pb_scan scan;
	char *text = malloc(SIZE);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', SIZE);
	run(s, text, SIZE, PB_GROUP_PLAIN, &scan);
	assert_string_equal(scan.why, "time budget spent");
	assert_int_equal(scan.n_hits, 0);
	pb_scan_free(&scan);
	/* the next object has a budget of its own */
	run(s, text, 10, PB_GROUP_PLAIN, &scan);
	assert_null(scan.why);
	assert_int_equal(scan.n_hits, 10);
	pb_scan_free(&scan);
	free(text);
	pb_scanner_free(s);
	pb_patterns_close(p);
}

static int64_t wall_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Some hundred milliseconds of work beside somebody who gets nearly all of the processor. Returns 0: looked for to the end. */
static int work_beside_others(pb_scanner *s, const char *text, size_t size)
{
	cpu_set_t first;
	pb_scan scan;
	pid_t hog;
	int rc;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (sched_setaffinity(0, sizeof first, &first) != 0 || (hog = fork()) < 0)
		return 0;
	if (hog == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			;
	}
	(void)setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + 10);
	run(s, text, size, PB_GROUP_PLAIN, &scan);
	rc = scan.why != NULL;
	pb_scan_free(&scan);
	(void)kill(hog, SIGKILL);
	return rc;
}

static void time_of_others_does_not_count(void **state)
{
	const pb_pattern_source source = {
	    "slow",
	    "rule r { strings: $a = \"x\" condition: for all i in (1..#a) : (for all j in (1..#a) : (@a[i] + @a[j] >= 0)) }",
	    "a", 1, NULL, 0};
	enum { SIZE = 100000 };
	refusals r;
	pb_patterns *p = open_all(&source, 1, NULL, &r);
	pb_scanner *s = pb_scanner_new(p, 1);
	pb_scan scan;
	char *text = malloc(SIZE);
	size_t size = 200;
	int status = -1;
	pid_t pid;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', SIZE);
	for (int64_t took = 0; took < 150 && size < SIZE; size += size / 4) {
		took = wall_ms();
		run(s, text, size, PB_GROUP_PLAIN, &scan);
		took = wall_ms() - took;
		pb_scan_free(&scan);
	}
	(void)fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(work_beside_others(s, text, size));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	free(text);
	pb_scanner_free(s);
	pb_patterns_close(p);
}

/* What the entry point of one object is must not be said of the next. */
static void nothing_of_the_last_object_stays(void **state)
{
	const pb_pattern_source source = {"entry", "rule r { condition: entrypoint >= 0 }", "a", 1, NULL, 0};
	refusals r;
	pb_patterns *p = open_all(&source, 1, NULL, &r);
	pb_scanner *s = pb_scanner_new(p, 30);
	pb_buf self = {0};
	pb_scan scan;

	(void)state;
	assert_int_equal(pb_fs_read("/proc/self/exe", 256 << 20, &self, NULL), 0);
	run(s, self.data, self.size, PB_GROUP_PLAIN, &scan);
	assert_int_equal(scan.n_hits, 1);
	pb_scan_free(&scan);
	run(s, "text", 4, PB_GROUP_PLAIN, &scan);
	assert_int_equal(scan.n_hits, 0);
	pb_scan_free(&scan);
	pb_buf_free(&self);
	pb_scanner_free(s);
	pb_patterns_close(p);
}

/* YARA's compiler takes ten megabytes for whatever it compiles: of that only what the rules hold is kept. */
static void compiled_rules_take_what_they_hold(void **state)
{
	static const pb_pattern_source small = {"small", "rule r { strings: $a = \"needle\" condition: $a }", "small", 1, NULL, 0};
	enum { MANY = 40, MOST = 300000 };
	pb_alone *alone[MANY] = {NULL};
	refusals r;
	struct mallinfo2 before = mallinfo2();
	pb_patterns *p = open_all(&small, 1, NULL, &r);
	(void)state;
	for (int i = 0; i < MANY; i++)
		assert_int_equal(pb_alone_new(&small, 30, &alone[i], NULL), 0);
	struct mallinfo2 after = mallinfo2();
	assert_true(after.uordblks + after.hblkhd < before.uordblks + before.hblkhd + (size_t)(MANY + PB_GROUPS) * MOST);
	assert_int_equal(hits_of(p, "a needle", PB_GROUP_PLAIN), 1);
	for (int i = 0; i < MANY; i++)
		pb_alone_free(alone[i]);
	pb_patterns_close(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hits_in_order),
	    cmocka_unit_test(broken_sources_are_named_and_left_out),
	    cmocka_unit_test(hostile_words_in_messages),
	    cmocka_unit_test(cache),
	    cmocka_unit_test(compiled_rules_take_what_they_hold),
	    cmocka_unit_test(too_many_matches),
	    cmocka_unit_test(time_out),
	    cmocka_unit_test(time_of_others_does_not_count),
	    cmocka_unit_test(nothing_of_the_last_object_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
