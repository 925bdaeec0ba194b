/* plugin/clamav/tracker_product: what counts as a product, and what it is called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "clamav/tracker_product.h"

static json_t *args;

static pb_wants wants_of(const char *text)
{
	pb_error err;
	pb_wants w;

	json_decref(args);
	args = json_loads(text, 0, NULL);
	assert_non_null(args);
	assert_int_equal(pb_wants_read(args, &w, &err), PB_OK);
	return w;
}

static bool wanted(const char *list, const char *kind, const char *name_class)
{
	pb_wants w = wants_of(list);
	bool is = pb_wants_kind(&w, pb_kind_named(kind), name_class);

	assert_non_null(pb_kind_named(kind));
	pb_wants_free(&w);
	return is;
}

static void groups(void **state)
{
	static const struct {
		const char *kind, *name_class, *group;
	} rows[] = {
	    {"deb", ".deb", "package"},     {"rpm", "", "package"},         {"jar", ".jar", "package"},
	    {"wheel", ".whl", "package"},   {"crx", "", "package"},         {"gzip", ".tgz", "archive"},
	    {"zip", ".zip", "archive"},     {"tar", ".tar", "archive"},     {"zstd", ".zst", "archive"},
	    {"iso", ".iso", "archive"},     {"asar", ".asar", "archive"},   {"encrypted", "", "archive"},
	    {"xar", ".xar", "archive"},     {"xar", ".pkg", "installer"},   {"ole", ".msi", "installer"},
	    {"dmg", "", "installer"},       {"shell", ".run", "installer"}, {"shell", ".sh", "script"},
	    {"elf", "", "binary"},          {"pe", ".exe", "binary"},       {"wasm", "", "binary"},
	    {"squashfs", "", "firmware"},   {"data", ".bin", "firmware"},   {"data", ".dat", "data"},
	    {"ooxml", ".docx", "document"}, {"pdf", ".pdf", "document"},    {"text", ".txt", "text"},
	    {"image", ".png", "media"},
	};
	static const char *const all[] = {"package",  "archive", "installer", "binary", "firmware",
	                                  "document", "script",  "text",      "media",  "data"};
	static const char standard[] = "package archive installer binary firmware";

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(wanted("{}", rows[i].kind, rows[i].name_class),
		                 strstr(standard, rows[i].group) != NULL);
		for (size_t g = 0; g < sizeof all / sizeof all[0]; g++) {
			char list[64];
			bool is = strcmp(all[g], rows[i].group) == 0;

			if (!is && strcmp(pb_class_name(pb_kind_named(rows[i].kind)->class), all[g]) == 0 &&
			    strcmp(all[g], "archive") != 0)
				is = true; /* a class counts as well */
			(void)snprintf(list, sizeof list, "{\"kinds\":[\"%s\"]}", all[g]);
			if (wanted(list, rows[i].kind, rows[i].name_class) != is)
				fail_msg("%s %s in %s", rows[i].kind, rows[i].name_class, all[g]);
		}
	}
	assert_true(wanted("{\"kinds\":[\"pyc\"]}", "pyc", ""));
	assert_false(wanted("{\"kinds\":[\"pyc\"]}", "elf", ""));
	assert_false(wanted("{\"kinds\":[]}", "elf", ""));
	assert_false(wanted("{\"kinds\":[7,null,\"folder\"]}", "elf", ""));
}

/* Bytes that never came are judged by ClamAV's word; what that leaves open is a product. */
static void unseen(void **state)
{
	pb_wants w = wants_of("{}");

	(void)state;
	assert_false(pb_wants_unseen(&w, "CL_TYPE_TEXT_UTF16LE"));
	assert_false(pb_wants_unseen(&w, "CL_TYPE_PNG"));
	assert_true(pb_wants_unseen(&w, "CL_TYPE_MSEXE"));
	assert_true(pb_wants_unseen(&w, "CL_TYPE_ZIPSFX"));
	assert_true(pb_wants_unseen(&w, "CL_TYPE_BINARY_DATA"));
	assert_true(pb_wants_unseen(&w, ""));
	assert_string_equal(pb_kind_of_clam_type("CL_TYPE_ELF")->name, "elf");
	assert_string_equal(pb_kind_of_clam_type("CL_TYPE_ANY")->name, "data");
	pb_wants_free(&w);
}

/* "BASE|NAME|PATH", base joined by " > "; a tag before it where the scan is in a group. */
static void place_is(const pb_wants *w, const char *name, const char *path, const char *want)
{
	char got[1024], *base;
	pb_place p;

	assert_int_equal(pb_place_of(w, (pb_bytes){(const uint8_t *)name, strlen(name)},
	                             (pb_bytes){(const uint8_t *)path, strlen(path)}, &p),
	                 0);
	base = pb_path_join(&p.base, " > ");
	if (p.grouped)
		(void)snprintf(got, sizeof got, "%u %s|%s|%s", p.tag, base, p.name, p.path);
	else
		(void)snprintf(got, sizeof got, "%s|%s|%s", base, p.name, p.path);
	assert_string_equal(got, want);
	free(base);
	pb_place_free(&p);
}

static void names(void **state)
{
	pb_wants w = wants_of("{}");

	(void)state;
	place_is(&w, "/srv/a/x.deb", "/srv/a/x.deb", "x.deb|x.deb|/srv/a/x.deb");
	place_is(&w, "a/x.deb", "/srv/a/x.deb", "x.deb|x.deb|/srv/a/x.deb");
	place_is(&w, "link.deb", "/srv/a/x.deb", "link.deb|link.deb|link.deb");
	place_is(&w, "/srv/link.deb", "/srv/a/x.deb", "link.deb|link.deb|/srv/link.deb");
	place_is(&w, "instream(local)", "/tmp/clamav-1234.tmp", "instream(local)|instream(local)|instream(local)");
	place_is(&w, "", "/srv/a/x.deb", "x.deb|x.deb|/srv/a/x.deb");
	place_is(&w, "", "", "scan|scan|");
	place_is(&w, "///", "", "scan|scan|///");
	place_is(&w, "dir/", "", "dir|dir|dir/");
	place_is(&w, "/t/a\xff\nb", "", "a\\xff\\x0ab|a\\xff\\x0ab|/t/a\\xff\\x0ab");
	pb_wants_free(&w);
}

static void prefixes(void **state)
{
	pb_wants w = wants_of("{\"group\":\"path\",\"prefixes\":[{\"path\":\"/srv/a\",\"name\":\"a\"},{\"path\":\"/srv/"
	                      "b/\",\"name\":\"b\"}]}");

	(void)state;
	place_is(&w, "a/sub//x", "/srv/a/sub/x", "1 a > sub/x|x|/srv/a/sub/x");
	place_is(&w, "/srv/b", "", "2 b|b|/srv/b");
	place_is(&w, "/srv/b/y", "", "2 b > y|y|/srv/b/y");
	place_is(&w, "/srv/link/y", "/srv/b/y", "2 b > y|y|/srv/link/y");
	place_is(&w, "/srv/bc/y", "", "y|y|/srv/bc/y");
	place_is(&w, "srv/a/x", "", "x|x|srv/a/x");
	pb_wants_free(&w);
	w = wants_of("{\"group\":\"run\",\"prefixes\":[{\"path\":\"/\",\"name\":\"root\"}]}");
	place_is(&w, "/srv/x", "", "1 root > srv/x|x|/srv/x");
	pb_wants_free(&w);
	w = wants_of("{\"group\":\"run\"}");
	place_is(&w, "/srv/x", "", "1 run > srv/x|x|/srv/x");
	place_is(&w, "instream(local)", "", "1 run > instream(local)|instream(local)|instream(local)");
	place_is(&w, "", "", "1 run > scan|scan|");
	pb_wants_free(&w);
}

static void refused(void **state)
{
	static const char *const bad[] = {
	    "{\"group\":\"all\"}",
	    "{\"prefixes\":[{\"path\":\"x\",\"name\":\"x\"}]}",
	    "{\"prefixes\":[{\"path\":\"/x\",\"name\":\"\"}]}",
	    "{\"prefixes\":[7]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		pb_error err = {0};
		pb_wants w;

		json_decref(args);
		args = json_loads(bad[i], 0, NULL);
		assert_int_equal(pb_wants_read(args, &w, &err), PB_EINPUT);
		assert_true(err.text[0] != '\0');
	}
}

static void within(void **state)
{
	pb_path a = {0}, b = {0};

	(void)state;
	assert_true(pb_path_within(&a, &b));
	assert_int_equal(pb_path_push(&a, "x"), 0);
	assert_true(pb_path_within(&a, &b));
	assert_false(pb_path_within(&b, &a));
	assert_int_equal(pb_path_push(&b, "y"), 0);
	assert_false(pb_path_within(&a, &b));
	pb_path_free(&a);
	pb_path_free(&b);
	json_decref(args);
	args = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(groups),   cmocka_unit_test(unseen),  cmocka_unit_test(names),
	    cmocka_unit_test(prefixes), cmocka_unit_test(refused), cmocka_unit_test(within),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
