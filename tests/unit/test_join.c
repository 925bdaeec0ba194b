/* Reduce's first half: sorting, copies, containers against their content, packages, context. Records written by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "object/payload.h"
#include "worker/context.h"
#include "worker/join.h"
#include "worker/package.h"

/* One record: "a.zip/in.txt|kind|facts JSON or - for none (a copy)". '/' between chain elements is written as '>'. */
static json_t *record(const char *chain, const char *kind, const char *facts, int size)
{
	char sha[65];
	json_t *path = json_array();
	const char *p = chain;
	for (;;) {
		size_t n = strcspn(p, ">");
		json_array_append_new(path, json_stringn(p, n));
		if (!p[n])
			break;
		p += n + 1;
	}
	snprintf(sha, sizeof sha, "%064x", (unsigned)(strlen(chain) * 7 + (unsigned char)chain[strlen(chain) - 1]));
	json_t *r = json_pack("{s:o,s:s,s:i,s:s,s:s,s:s,s:b}", "path", path, "sha256", sha, "size", size, "kind", kind, "class", "data",
	                      "name_class", "", "container", strcmp(kind, "text") != 0);
	if (facts) {
		json_t *f = json_loads(facts, 0, NULL);
		assert_non_null(f);
		json_object_set_new(r, "result", json_pack("{s:o,s:[],s:{}}", "facts", f, "findings", "unknown"));
	}
	return r;
}

static const char *zip_listing = "{\"tags\":[\"any\"],\"members\":{\"format\":\"zip\",\"complete\":true,\"entries\":["
                                 "{\"path\":\"a.txt\",\"type\":\"file\",\"size\":10},"
                                 "{\"path\":\"b.txt\",\"type\":\"file\",\"size\":10},"
                                 "{\"path\":\"tiny\",\"type\":\"file\",\"size\":3},"
                                 "{\"path\":\"locked\",\"type\":\"file\",\"size\":10,\"encrypted\":true},"
                                 "{\"path\":\"link\",\"type\":\"symlink\",\"link\":\"a/long/target\",\"size\":13}]}}";
static const char *two_files = "{\"tags\":[\"any\"],\"members\":{\"format\":\"zip\",\"complete\":true,\"entries\":["
                               "{\"path\":\"a.txt\",\"type\":\"file\",\"size\":10},"
                               "{\"path\":\"b.txt\",\"type\":\"file\",\"size\":10}]}}";
static const char *plain = "{\"tags\":[\"any\"]}";

static pb_join join(json_t *records)
{
	pb_join j;
	pb_error err = {0};
	json_t *limits = json_array();
	if (pb_join_make(NULL, records, limits, &j, &err))
		fail_msg("%s", err.text);
	json_decref(limits);
	return j;
}

static const char *why(const pb_join *j, const char *last)
{
	size_t i;
	json_t *l;
	json_array_foreach(j->limits, i, l)
		if (strcmp(pb_path_last(json_object_get(l, "path")), last) == 0)
			return pb_json_str(l, "why", "");
	return "";
}

static void what_an_archive_lists_must_come(void **state)
{
	(void)state;
	json_t *records = json_pack("[oooo]", record("p.zip>link", "text", plain, 13), record("p.zip>b.txt", "text", plain, 10),
	                            record("p.zip", "zip", zip_listing, 400), record("p.zip>zz", "text", plain, 10));
	pb_join j = join(records);
	/* the stored link is no object; zz makes up in number for one that is missing by name */
	assert_int_equal(j.n, 3);
	assert_string_equal(pb_path_last(j.rows[0].path), "p.zip");
	assert_string_equal(why(&j, "locked"), "encrypted");
	assert_string_equal(why(&j, "a.txt"), "listed by its archive, but never delivered");
	assert_string_equal(why(&j, "tiny"), "");
	assert_false(j.rows[0].opened);
	pb_join_free(&j);
	json_decref(records);
}

/* A program that carries a zip: its members must come, and it is a program all the same. */
static void a_program_may_list_members(void **state)
{
	(void)state;
	static const char *listing = "{\"tags\":[\"any\"],\"members\":{\"format\":\"zip\",\"complete\":true,\"entries\":["
	                             "{\"path\":\"a.txt\",\"type\":\"file\",\"size\":10},"
	                             "{\"path\":\"b.txt\",\"type\":\"file\",\"size\":10},"
	                             "{\"path\":\"locked\",\"type\":\"file\",\"size\":10,\"encrypted\":true},"
	                             "{\"path\":\"one\",\"type\":\"file\",\"size\":1,\"encrypted\":true},"
	                             "{\"path\":\"none\",\"type\":\"file\",\"size\":0,\"encrypted\":true},"
	                             "{\"path\":\"unsized\",\"type\":\"file\",\"encrypted\":true}]}}";
	json_t *records = json_pack("[oo]", record("d>tool", "elf", listing, 400), record("d>tool>a.txt", "text", plain, 10));
	pb_join j = join(records);
	assert_int_equal(json_array_size(j.limits), 4);
	assert_string_equal(why(&j, "b.txt"), "listed by its archive, but never delivered");
	assert_string_equal(why(&j, "locked"), "encrypted");
	assert_string_equal(why(&j, "one"), "encrypted");
	assert_string_equal(why(&j, "unsized"), "encrypted");
	pb_join_free(&j);
	json_decref(records);
	records = json_pack("[oo]", record("p.zip", "zip", two_files, 400), record("p.zip>a.txt", "text", plain, 10));
	json_array_append_new(records, record("q", "elf", two_files, 400));
	json_array_append_new(records, record("p.zip>b.txt", "text", plain, 10));
	json_array_append_new(records, record("q>a.txt", "text", plain, 10));
	json_array_append_new(records, record("q>b.txt", "text", plain, 10));
	j = join(records);
	assert_int_equal(json_array_size(j.limits), 0);
	assert_true(j.rows[0].opened);
	assert_string_equal(pb_path_last(j.rows[3].path), "q");
	assert_false(j.rows[3].opened);
	pb_join_free(&j);
	json_decref(records);
}

static void a_payload_hangs_below_its_layer(void **state)
{
	(void)state;
	static const char *tar = "{\"tags\":[\"any\"],\"members\":{\"format\":\"tar\",\"complete\":true,\"entries\":["
	                         "{\"path\":\"usr/x\",\"type\":\"file\",\"size\":10}]}}";
	json_t *records = json_pack("[oooo]", record("p.deb>data.tar.xz>usr/x", "text", plain, 10), record("p.deb>data.tar.xz>data.tar", "tar", tar, 99),
	                            record("p.deb>data.tar.xz", "xz", plain, 50), record("p.deb", "deb", plain, 80));
	pb_join j = join(records);
	assert_int_equal(json_array_size(j.limits), 0);
	size_t xz_row = pb_join_find(&j, j.rows[0].path, 1, "data.tar.xz"), tar_row = pb_join_find(&j, j.rows[xz_row].path, 2, "data.tar");
	assert_int_equal(j.rows[tar_row].layer, xz_row);
	assert_true(j.rows[tar_row].opened && j.rows[xz_row].opened && j.rows[0].opened);
	assert_string_equal(pb_path_last(pb_join_base(&j, tar_row)), "data.tar.xz");
	pb_join_free(&j);
	json_decref(records);
}

static void an_unopened_container_is_said(void **state)
{
	(void)state;
	json_t *records = json_pack("[oo]", record("d>x.xz", "xz", plain, 50), record("d>y.txt", "text", plain, 50));
	pb_join j = join(records);
	assert_non_null(strstr(why(&j, "x.xz"), "not opened"));
	pb_join_free(&j);
	json_decref(records);
}

static void copies_share_a_result(void **state)
{
	(void)state;
	json_t *a = record("d>a", "text", plain, 10), *b = record("d>b", "text", NULL, 10);
	json_object_set(b, "sha256", json_object_get(a, "sha256"));
	json_t *records = json_pack("[oo]", b, a);
	pb_join j = join(records);
	assert_ptr_equal(j.rows[0].result, j.rows[1].result);
	pb_join_free(&j);
	json_decref(records);
	pb_error err = {0};
	json_t *limits = json_array(), *orphan = json_pack("[o]", record("d>b", "text", NULL, 10));
	assert_int_equal(pb_join_make(NULL, orphan, limits, &j, &err), PB_ECORRUPT);
	json_decref(orphan);
	json_decref(limits);
}

static void order_of_arrival_does_not_matter(void **state)
{
	(void)state;
	static const char *const chains[] = {"p", "p>a", "p>a>z", "p>a.b", "p>b", "p>a>c", "p>aa"};
	char *first = NULL;
	for (int turn = 0; turn < 7; turn++) {
		json_t *records = json_array();
		for (int i = 0; i < 7; i++)
			json_array_append_new(records, record(chains[(i * 3 + turn) % 7], "text", plain, 10));
		pb_join j = join(records);
		char *text = pb_json_canonical(j.records);
		if (first)
			assert_string_equal(text, first);
		else
			first = strdup(text);
		size_t from, to;
		json_t *a = json_pack("[ss]", "p", "a");
		pb_join_below(&j, a, 2, &from, &to);
		assert_int_equal(to - from, 3); /* p>a, p>a>c, p>a>z; not p>a.b, not p>aa */
		json_decref(a);
		free(text);
		pb_join_free(&j);
		json_decref(records);
	}
	free(first);
}

static const char *npm_facts(const char *scripts)
{
	static char text[512];
	snprintf(text, sizeof text, "{\"tags\":[\"any\",\"npm\",\"package\"],\"npm\":{\"name\":\"n\",\"version\":\"1\",\"scripts\":%s}}", scripts);
	return text;
}

static void install_scripts_lead_to_their_files(void **state)
{
	(void)state;
	json_t *records = json_pack("[oooooo]", record("n.tgz", "gzip", plain, 10), record("n.tgz>n.tar", "tar", plain, 10),
	                            record("n.tgz>package/package.json", "json",
	                                   npm_facts("{\"postinstall\":\"FOO=1 node ./lib/setup --quiet\",\"test\":\"x\"}"), 10),
	                            record("n.tgz>package/lib/setup.js", "javascript", plain, 10),
	                            record("n.tgz>package/test/package.json", "json", npm_facts("{\"install\":\"rm\"}"), 10),
	                            record("n.tgz>package/node_modules/dep/package.json", "json", npm_facts("{}"), 10));
	pb_join j = join(records);
	json_t *packages = pb_packages_of(&j);
	assert_int_equal(json_array_size(packages), 2); /* the package and what it bundles; not its test's fixture */
	const json_t *main = pb_package_main(packages), *scripts = json_object_get(main, "scripts");
	assert_string_equal(pb_path_last(json_object_get(main, "path")), "package/package.json");
	assert_int_equal(json_array_size(scripts), 1);
	assert_string_equal(pb_path_last(json_object_get(json_array_get(scripts, 0), "path")), "package/lib/setup.js");
	json_decref(packages);
	pb_join_free(&j);
	json_decref(records);
}

static void a_binding_gyp_is_an_install_script(void **state)
{
	(void)state;
	json_t *records = json_pack("[oo]", record("n>package.json", "json", npm_facts("{}"), 10), record("n>binding.gyp", "json", plain, 10));
	pb_join j = join(records);
	json_t *packages = pb_packages_of(&j), *scripts = json_object_get(json_array_get(packages, 0), "scripts");
	assert_int_equal(json_array_size(scripts), 1);
	assert_string_equal(pb_json_str(json_array_get(scripts, 0), "command", ""), "node-gyp rebuild");
	json_decref(packages);
	pb_join_free(&j);
	json_decref(records);
}

static void places_of_tests_and_documents(void **state)
{
	(void)state;
	static const struct {
		const char *path[3];
		bool discounted;
	} cases[] = {
		{{"x.deb", "data.tar.xz", "usr/lib/python3/test/cert.pem"}, true}, {{"x.deb", "data.tar.xz", "usr/share/doc/x/a"}, true},
		{{"x", "README.md", NULL}, true},          {{"x", "Examples/a.sh", NULL}, true},   {{"x", "rules/a.yar", NULL}, true},
		{{"test", "a.sh", NULL}, false},           {{"x", "contest/a.sh", NULL}, false},   {{"x", "src/test.c", NULL}, false},
		{{"x", "tests.tar", "a"}, false},          {{"x", "documents/a", NULL}, false},    {{"x.md", NULL, NULL}, false},
		{{"x", "tests/in.zip", "bin/a"}, true},
	};
	pb_lists *lists = NULL;
	pb_error err = {0};
	assert_int_equal(pb_lists_open(".", &lists, &err), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *path = json_array();
		for (int k = 0; k < 3 && cases[i].path[k]; k++)
			json_array_append_new(path, json_string(cases[i].path[k]));
		if (pb_context_discounts(lists, path) != cases[i].discounted)
			fail_msg("case %zu: %s", i, cases[i].path[1]);
		assert_false(pb_context_discounts(NULL, path));
		json_decref(path);
	}
	pb_lists_close(lists);
}

static void payload_names(void **state)
{
	(void)state;
	static const char *const cases[][2] = {{"data.tar.zst", "data.tar"}, {"x.TGZ", "x.tar"}, {"notes.gz", "notes"},
	                                       {"blob", "blob~payload"},     {"dir/.gz", "dir/.gz~payload"}, {".xz", ".xz~payload"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *got = pb_payload_name(cases[i][0]);
		assert_string_equal(got, cases[i][1]);
		free(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_an_archive_lists_must_come),  cmocka_unit_test(a_program_may_list_members),
		cmocka_unit_test(a_payload_hangs_below_its_layer),
		cmocka_unit_test(an_unopened_container_is_said),    cmocka_unit_test(copies_share_a_result),
		cmocka_unit_test(order_of_arrival_does_not_matter), cmocka_unit_test(install_scripts_lead_to_their_files),
		cmocka_unit_test(a_binding_gyp_is_an_install_script), cmocka_unit_test(places_of_tests_and_documents),
		cmocka_unit_test(payload_names),
	};
	return cmocka_run_group_tests_name("join", tests, NULL, NULL);
}
