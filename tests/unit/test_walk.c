/* plugin/object: a folder as a product. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "base/error.h"
#include "object/walk.h"
#include "tests/unit/scratch.h"

typedef struct told {
	char text[8192];
	size_t n;
} told;

static void on_limit(void *user, const pb_path *path, const char *why)
{
	told *t = user;
	char *shown = pb_path_join(path, " > ");

	t->n += (size_t)snprintf(t->text + t->n, sizeof t->text - t->n, "%s: %s\n", shown, why);
	if (t->n >= sizeof t->text)
		t->n = sizeof t->text - 1;
	free(shown);
}

static int walk(const char *name, size_t max, told *t, pb_walk *out)
{
	pb_error err = {0};

	*t = (told){0};
	return pb_walk_folder(scratch_path(name), max, on_limit, t, out, &err);
}

static const json_t *entry(const pb_walk *w, const char *path)
{
	const json_t *e;
	size_t i;

	json_array_foreach (json_object_get(w->members, "entries"), i, e)
		if (strcmp(pb_json_str(e, "path", ""), path) == 0)
			return e;
	fail_msg("no entry %s", path);
	return NULL;
}

static void files_and_rows(void **state)
{
	pb_walk w;
	told t;

	(void)state;
	assert_int_equal(
	    scratch_sh("mkdir -p p/a p/a.b/deep; printf 'longer than five' >p/a/z; printf 'longer than five' >p/a.b/deep/y\n"
	               "printf 'longer' >p/m; printf abc >p/tiny; : >p/empty; printf 12345 >p/five; chmod 4711 p/m\n"
	               "ln -s m p/in; ln -s ../x p/out; ln -s /etc/passwd p/abs; ln -s . p/loop; ln p/m p/hard"),
	    0);
	assert_int_equal(walk("p", 1000, &t, &w), PB_OK);
	assert_string_equal(t.text, "");
	assert_int_equal(w.n_files, 4); /* byte order: '.' before '/' */
	assert_string_equal(w.files[0].path, "a.b/deep/y");
	assert_string_equal(w.files[1].path, "a/z");
	assert_string_equal(w.files[2].path, "hard");
	assert_string_equal(w.files[3].path, "m");
	assert_int_equal(w.files[1].size, 16);
	assert_int_equal(w.bytes, 16 + 16 + 6 + 6 + 3 + 5);
	assert_string_equal(pb_json_str(w.members, "format", ""), "folder");
	assert_true(json_is_true(json_object_get(w.members, "complete")));
	assert_int_equal(json_array_size(json_object_get(w.members, "entries")), 14);
	assert_string_equal(pb_json_str(entry(&w, "a.b/deep"), "type", ""), "dir");
	assert_int_equal(pb_json_int(entry(&w, "m"), "mode", 0), 04711);
	assert_null(json_object_get(entry(&w, "m"), "uid")); /* of this machine */
	assert_null(json_object_get(entry(&w, "m"), "sha256"));
	assert_string_equal(pb_json_str(entry(&w, "tiny"), "md5", ""), "900150983cd24fb0d6963f7d28e17f72");
	assert_string_equal(pb_json_str(entry(&w, "empty"), "sha256", ""),
	                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_string_equal(pb_json_str(entry(&w, "in"), "link", ""), "m");
	assert_true(json_is_true(json_object_get(entry(&w, "out"), "leaves")));
	assert_null(json_object_get(entry(&w, "in"), "leaves"));
	assert_true(json_is_true(json_object_get(entry(&w, "abs"), "absolute_link")));
	assert_string_equal(pb_json_str(entry(&w, "loop"), "type", ""), "symlink");
	pb_walk_free(&w);
	assert_int_equal(w.n_files, 0);
	pb_walk_free(&w);
}

static void odd_entries(void **state)
{
	pb_walk w;
	told t;

	(void)state;
	alarm(20); /* a FIFO that is opened blocks for ever */
	assert_int_equal(
	    scratch_sh("mkdir -p odd/closed; mkfifo odd/fifo; printf 'longer than five' >odd/file; printf x >odd/closed/x"), 0);
	if (scratch_has("python3"))
		assert_int_equal(scratch_sh("python3 -c 'import socket;socket.socket(socket.AF_UNIX).bind(\"odd/socket\")'"),
		                 0);
	assert_int_equal(scratch_sh("chmod 000 odd/closed; (mknod odd/null c 1 3 || true)"), 0);
	assert_int_equal(walk("odd", 1000, &t, &w), PB_OK);
	alarm(0);
	assert_int_equal(w.n_files, 1);
	assert_non_null(strstr(t.text, "odd > fifo: no file but a fifo\n"));
	if (scratch_has("python3"))
		assert_non_null(strstr(t.text, "odd > socket: no file but a socket\n"));
	if (access(scratch_path("odd/null"), F_OK) == 0)
		assert_non_null(strstr(t.text, "odd > null: no file but a device\n"));
	if (geteuid() != 0)
		assert_non_null(strstr(t.text, "odd > closed: folder cannot be opened\n"));
	assert_string_equal(pb_json_str(entry(&w, "fifo"), "type", ""), "fifo");
	pb_walk_free(&w);
}

static void odd_names(void **state)
{
	static const char newline[] = "names/new\nline\033[31m.txt", invalid[] = "names/b\xff"
	                                                                         "d.txt";
	pb_walk w;
	told t;

	(void)state;
	assert_int_equal(scratch_sh("mkdir names"), 0);
	scratch_save(newline, "longer than five", 16);
	scratch_save(invalid, "longer than five", 16);
	assert_int_equal(scratch_sh("mkfifo \"$(printf 'names/f\\033]0;x\\007')\""), 0);
	assert_int_equal(walk("names", 1000, &t, &w), PB_OK);
	assert_int_equal(w.n_files, 2);
	assert_string_equal(w.files[0].path, "b\xff"
	                                     "d.txt"); /* raw: it is to be opened */
	assert_string_equal(w.files[1].path, "new\nline\033[31m.txt");
	(void)entry(&w, "b\\xffd.txt");
	(void)entry(&w, "new\\x0aline\\x1b[31m.txt");
	assert_string_equal(t.text, "names > f\\x1b]0;x\\x07: no file but a fifo\n");
	pb_walk_free(&w);
}

static void bounds(void **state)
{
	pb_walk w;
	told t;

	(void)state;
	assert_int_equal(scratch_sh("mkdir -p many; cd many; for i in 0 1 2 3 4 5 6 7 8 9; do echo longer >$i; done"), 0);
	assert_int_equal(walk("many", 10, &t, &w), PB_OK);
	assert_int_equal(w.n_files, 10);
	assert_string_equal(t.text, "");
	pb_walk_free(&w);
	assert_int_equal(walk("many", 4, &t, &w), PB_OK);
	assert_int_equal(w.n_files, 4);
	assert_string_equal(t.text, "many: more than 4 entries\n");
	assert_false(json_is_true(json_object_get(w.members, "complete")));
	pb_walk_free(&w);
	assert_int_equal(scratch_sh("mkdir deep; cd deep; i=0; while [ $i -lt 300 ]; do mkdir d && cd d || exit 1; i=$((i+1)); "
	                            "done; echo longer >x"),
	                 0);
	assert_int_equal(walk("deep", 1000, &t, &w), PB_OK);
	assert_int_equal(w.n_files, 0);
	assert_non_null(strstr(t.text, ": " PB_WHY_DEEP "\n"));
	pb_walk_free(&w);
}

static void roots(void **state)
{
	pb_error err = {0};
	pb_walk w;
	told t;

	(void)state;
	assert_int_equal(walk("missing", 10, &t, &w), PB_EIO);
	assert_int_equal(pb_walk_folder(scratch_path("missing"), 10, NULL, NULL, &w, &err), PB_EIO);
	assert_non_null(strstr(err.text, "missing: "));
	assert_int_equal(pb_walk_folder(scratch_path("p/m"), 10, NULL, NULL, &w, &err), PB_EIO); /* a file */
	assert_int_equal(walk("many///", 1, &t, &w), PB_OK);
	assert_string_equal(t.text, "many: more than 1 entries\n");
	pb_walk_free(&w);
	assert_int_equal(walk("p/../many/.", 1, &t, &w), PB_OK);
	assert_string_equal(t.text, "many: more than 1 entries\n");
	pb_walk_free(&w);
	assert_int_equal(pb_walk_folder(scratch_path("many"), 1, NULL, NULL, &w, &err), PB_OK); /* nobody listens */
	pb_walk_free(&w);
}

/* The same folder gives the same fact, however the file system orders it. */
static void stable(void **state)
{
	pb_walk one, two;
	told t;

	(void)state;
	assert_int_equal(
	    scratch_sh("rm -rf q; mkdir q; for i in m hard tiny empty five; do cp -p p/$i q/$i; done; mkdir -p q/a.b/deep q/a\n"
	               "cp p/a/z q/a/z; cp p/a.b/deep/y q/a.b/deep/y; cp -P p/in p/out p/abs p/loop q/"),
	    0);
	assert_int_equal(walk("p", 1000, &t, &one), PB_OK);
	assert_int_equal(walk("q", 1000, &t, &two), PB_OK);
	assert_true(json_equal(one.members, two.members));
	pb_walk_free(&one);
	pb_walk_free(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(files_and_rows), cmocka_unit_test(odd_entries), cmocka_unit_test(odd_names),
	    cmocka_unit_test(bounds),         cmocka_unit_test(roots),       cmocka_unit_test(stable),
	};

	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
