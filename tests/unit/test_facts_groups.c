/* Which sources are looked for in which objects: by the modules that they import, and by what they apply to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/patterns_case.h"

static void groups_by_imports(void **state)
{
	const pb_pattern_source sources[] = {
	    {"any", "rule r { condition: true }", "a", 1, NULL, 0},
	    {"elf",
	     "/* import \"pe\" */ import \"elf\" rule r { meta: x = \"import \\\"pe\\\"\" strings: $a = /import \"pe\"/ "
	     "condition: not $a }",
	     "b", 1, NULL, 0},
	    {"pe", "import\n\"dotnet\" rule r { condition: true }", "c", 1, NULL, 0},
	    {"math", "import \"math\" rule r { condition: math.entropy(0, filesize) < 9.0 }", "d", 1, NULL, 0},
	};
	refusals r;
	pb_patterns *p = open_all(sources, 4, NULL, &r);
	pb_scanner *s = pb_scanner_new(p, 30);
	pb_scan scan;

	(void)state;
	assert_int_equal(r.n, 0);
	assert_int_equal(hits_of(p, "some text", PB_GROUP_PLAIN), 2);
	assert_int_equal(hits_of(p, "some text", PB_GROUP_ELF), 3);
	assert_int_equal(hits_of(p, "some text", PB_GROUP_PE), 3);
	assert_int_equal(hits_of(p, "some text", PB_GROUP_MACHO), 2);
	/* the plain group meets no format's module, the elf group its own */
	run(s, "some text", 9, PB_GROUP_PLAIN, &scan);
	assert_null(json_object_get(scan.modules, "elf"));
	pb_scan_free(&scan);
	run(s, "some text", 9, PB_GROUP_ELF, &scan);
	assert_non_null(json_object_get(scan.modules, "elf"));
	assert_null(json_object_get(scan.modules, "pe"));
	assert_null(json_object_get(json_object_get(scan.modules, "elf"), "ET_EXEC"));
	pb_scan_free(&scan);
	pb_scanner_free(s);
	pb_patterns_close(p);
	assert_int_equal(pb_group_of(pb_kind_named("elf")), PB_GROUP_ELF);
	assert_int_equal(pb_group_of(pb_kind_named("pe")), PB_GROUP_PE);
	assert_int_equal(pb_group_of(pb_kind_named("macho")), PB_GROUP_MACHO);
	assert_int_equal(pb_group_of(pb_kind_named("text")), PB_GROUP_PLAIN);
}

static bool sees(pb_patterns *p, const pb_kind *kind, uint32_t source)
{
	pb_scanner *s = pb_scanner_new(p, 30);
	pb_scan scan;
	bool found = false;

	run(s, "some text", 9, pb_group_of(kind), &scan);
	for (size_t i = 0; i < scan.n_hits; i++)
		found |= scan.hits[i].source == source;
	pb_scan_free(&scan);
	pb_scanner_free(s);
	return found;
}

/* What applies to an object is looked for in it, whatever the groups are. */
static void groups_by_what_a_source_applies_to(void **state)
{
	/* "script", "text" and "data" are kinds and classes; the last three may be on any object */
	static const char *const tags[] = {"script", "text", "data",  "binary", "archive", "media", "python", "typescript",
	                                   "c",      "elf",  "macho", "shell",  "npm",     "go",    "any"};
	enum { TAGS = sizeof tags / sizeof tags[0], EITHER = TAGS, NOWHERE, SOURCES };
	static const char *const either[] = {"perl", "pe"}, *const python[] = {"python"};
	pb_pattern_source sources[SOURCES];
	char names[SOURCES][8];
	refusals r;
	size_t n;
	const pb_kind *kinds = pb_kinds(&n);

	(void)state;
	for (uint32_t i = 0; i < SOURCES; i++) {
		(void)snprintf(names[i], sizeof names[i], "s%u", (unsigned)i);
		sources[i] = (pb_pattern_source){names[i], "rule r { condition: true }", "a", 1, &tags[i % TAGS], 1};
	}
	sources[EITHER].applies = either;
	sources[EITHER].n_applies = 2;
	/* For no object at all: what is wrong with it is told all the same. */
	sources[NOWHERE].text = "import \"elf\" rule r { condition: $no }";
	sources[NOWHERE].applies = python;
	pb_patterns *p = open_all(sources, SOURCES, NULL, &r);
	assert_int_equal(r.n, 1);
	assert_int_equal(r.source[0], NOWHERE);
	for (size_t k = 0; k < n; k++) {
		for (uint32_t i = 0; i < TAGS; i++) {
			bool applies = strcmp(kinds[k].name, tags[i]) == 0 || strcmp(pb_class_name(kinds[k].class), tags[i]) == 0 ||
			               i >= TAGS - 3;
			if (applies && !sees(p, &kinds[k], i))
				fail_msg("%s: what is for \"%s\" is not looked for", kinds[k].name, tags[i]);
		}
	}
	assert_true(sees(p, pb_kind_named("perl"), EITHER));
	assert_true(sees(p, pb_kind_named("pe"), EITHER));
	/* and this is what the groups are for */
	assert_false(sees(p, pb_kind_named("elf"), 11));
	assert_false(sees(p, pb_kind_named("elf"), 0));
	assert_false(sees(p, pb_kind_named("html"), 6));
	assert_false(sees(p, pb_kind_named("gzip"), 1));
	assert_false(sees(p, pb_kind_named("c"), EITHER));
	pb_patterns_close(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(groups_by_imports),
	    cmocka_unit_test(groups_by_what_a_source_applies_to),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
