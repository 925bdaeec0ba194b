/* An engine without signatures, as readers of the plugin have it: libclamav does less for it, and shows the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>

#include "clamav/engine.h"
#include "tests/unit/scratch.h"

static pb_engine *full, *bare;

typedef struct seen {
	char text[65536];
	size_t n, objects;
} seen_t;

static void add(seen_t *s, const pb_path *path, const char *after)
{
	char *shown = pb_path_join(path, " > ");

	s->n += (size_t)snprintf(s->text + s->n, sizeof s->text - s->n, "%s %s\n", shown, after);
	if (s->n >= sizeof s->text)
		s->n = sizeof s->text - 1;
	free(shown);
}

static void on_object(void *user, const pb_object *o)
{
	seen_t *s = user;

	s->objects++;
	add(s, o->path, o->sha256);
	add(s, o->path, o->clam_type);
}

static void on_limit(void *user, const pb_path *path, const char *why)
{
	add(user, path, why);
}

static int scan_file(pb_engine *e, const char *name, seen_t *s)
{
	pb_sink sink = {.object = on_object, .limit = on_limit, .user = s};
	pb_path base = {0};
	int fd = open(scratch_path(name), O_RDONLY), rc;

	assert_true(fd >= 0);
	assert_int_equal(pb_path_push(&base, name), PB_OK);
	s->n = s->objects = 0;
	s->text[0] = '\0';
	rc = pb_engine_scan_fd(e, fd, &base, &sink, NULL, NULL);
	pb_path_free(&base);
	assert_int_equal(close(fd), 0);
	return rc;
}

static int prepare(void **state)
{
	char temp[512], db[512];
	pb_database about;

	if (scratch_begin(state) != 0 || scratch_sh("mkdir db temp; echo 'Test.Marker:0:*:504c414e544544' >db/t.ndb") != 0)
		return -1;
	(void)snprintf(temp, sizeof temp, "%s/temp", scratch_dir);
	(void)snprintf(db, sizeof db, "%s/db", scratch_dir);
	return pb_engine_open(db, NULL, temp, &pb_budget_default, &full, &about, NULL) == PB_OK &&
	               pb_engine_open_empty(temp, &pb_budget_default, &bare, &about, NULL) == PB_OK
	           ? 0
	           : -1;
}

static void it_shows_the_same(void **state)
{
	static const char make[] =
	    "mkdir x; echo 'text, the first one' >x/same.txt; zip -q -r in.zip x\n"
	    "cp /usr/share/clamav-testfiles/* . 2>/dev/null\n"
	    "z=$(base64 -w 0 in.zip)\n"
	    "printf '<html><head><style>a{background:url(data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==)}"
	    "</style><script>var a = \"x\"; eval(unescape(a));</script></head><body><!-- c --><a href=\"data:application/zip;base64,%s\">"
	    "text</a></body></html>' \"$z\" >page.html\n" /* (with two such links, libclamav shows them in the order of their random names) */
	    "printf '#!/bin/sh\\n# a script\\nfor i in 1 2 3; do echo \"$i  x\"; done\\n' >script.sh; cat script.sh in.zip >script-zip.sh\n"
	    "printf 'From: a\\nTo: b\\nSubject: c\\nMIME-Version: 1.0\\nContent-Type: application/zip\\n"
	    "Content-Transfer-Encoding: base64\\n\\n%s\\n' \"$z\" >a.mail\n"
	    "ls -p | grep -v / >names";
	char name[200];
	static seen_t one, two;
	size_t objects = 0;

	(void)state;
	scratch_need("zip");
	assert_int_equal(scratch_sh(make), 0);
	FILE *names = fopen(scratch_path("names"), "r");
	assert_non_null(names);
	while (fgets(name, sizeof name, names) != NULL) {
		name[strcspn(name, "\n")] = '\0';
		int rc = scan_file(full, name, &one);
		assert_int_equal(scan_file(bare, name, &two), rc);
		assert_string_equal(two.text, one.text);
		objects += two.objects;
	}
	(void)fclose(names);
	assert_true(objects > 20);
	/* What they hold is seen. */
	assert_int_equal(scan_file(bare, "page.html", &two), PB_OK);
	assert_true(two.objects > 1);
	assert_int_equal(scan_file(bare, "a.mail", &two), PB_OK);
	assert_non_null(strstr(two.text, "x/same.txt"));
}

static int finish(void **state)
{
	pb_engine_close(full);
	pb_engine_close(bare);
	return scratch_end(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(it_shows_the_same)};

	return cmocka_run_group_tests(tests, prepare, finish);
}
