/* Which files of a folder of YARA rules count, and how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <yara.h>

#include "rule_case.h"

static void a_folder_changes_the_weights(void **state)
{
	stage s;

	(void)state;
	begin(&s);
	file(&s, "x.yar", "rule r { meta: severity = \"severe\" danger = 80 confidence = \"sure\" condition: true }");
	file(&s, "probity.ini", "[default]\nworst = critical\nmost = 800\n[limits]\nseconds = 2\n[severity]\nsevere = critical\n");
	open_stage(&s);
	assert_int_equal(s.check->severity, PB_CRITICAL);
	assert_int_equal(s.folder->meta.seconds, 2);
	assert_int_equal(s.folder->meta.product_seconds, 50);
	look(&s, "x");
	assert_string_equal(pb_json_str(finding(&s, "rules/pack/x.yar:r"), "severity", ""), "critical");
	assert_int_equal(pb_json_int(finding(&s, "rules/pack/x.yar:r"), "kappa", 0), 800);
	end(&s);
	begin(&s);
	file(&s, "x.yar", "rule r { condition: true }");
	file(&s, "probity.ini", "[default]\nseverity = low\nworst = terrible\n");
	open_stage(&s);
	assert_non_null(strstr(s.c.told, "probity.ini:3: unknown severity \"terrible\""));
	look(&s, "x"); /* and the line before it does not count either */
	assert_string_equal(pb_json_str(finding(&s, "rules/pack/x.yar:r"), "severity", ""), "medium");
	end(&s);
}

static void includes_stay_in_the_folder(void **state)
{
	stage s;

	(void)state;
	begin(&s);
	case_text(&s.c, "outside.yar", "rule outside { condition: true }");
	file(&s, "index.yar", "// all of it\ninclude \"a.yar\"\ninclude \"./sub/b.yar\"\n/* include \"no.yar\" */\ninclude \"gone.yar\"");
	file(&s, "a.yar", "rule a { meta: x = \"include \\\"no.yar\\\"\" condition: true }");
	file(&s, "sub/b.yar", "include \"../a.yar\"\nrule b { condition: a }");
	file(&s, "sub/c.yar", "include \"deeper/x.inc\"\nrule c { condition: x }");
	file(&s, "sub/deeper/x.inc", "include \"x2.inc\"\nrule x { condition: x2 }");
	file(&s, "sub/deeper/x2.inc", "private rule x2 { condition: true }");
	file(&s, "sub/top.yar", "include \"sub/deeper/x2.inc\"\nrule top { condition: x2 }");
	file(&s, "out.yar", "include \"../outside.yar\"\nrule o { condition: outside }");
	file(&s, "abs.yar", "include \"/etc/passwd\"\nrule o { condition: true }");
	file(&s, "circle.yar", "include \"circle.yar\"\nrule o { condition: true }");
	file(&s, "round.yar", "include \"round.inc\"\nrule o { condition: true }");
	file(&s, "round.inc", "include \"round2.inc\"");
	file(&s, "round2.inc", "include \"round.inc\"");
	file(&s, "there.yar", "include \"round2.inc\"\nrule o { condition: true }");
	file(&s, "bad.yar", "include \"bad.inc\"\nrule o { condition: true }");
	file(&s, "bad.inc", "\nrule i { condition: nonsense }");
	open_stage(&s);
	assert_non_null(strstr(s.c.told, "index.yar:5: includes \"gone.yar\", which is not in that folder"));
	assert_null(strstr(s.c.told, "no.yar"));
	assert_int_equal(s.folder->left_out, 3);
	assert_non_null(strstr(s.refused, "out.yar:1: includes \"../outside.yar\", which is not in that folder"));
	assert_non_null(strstr(s.refused, "abs.yar:1: includes \"/etc/passwd\", which is not in that folder"));
	assert_non_null(strstr(s.c.told, "/circle.yar: includes circle.yar, which includes itself"));
	assert_non_null(strstr(s.c.told, "/round.yar: includes round.inc, which includes itself"));
	assert_non_null(strstr(s.c.told, "/there.yar: includes round.inc, which includes itself"));
	assert_non_null(strstr(s.refused, "bad.yar: in \"bad.inc\", which it includes, line 2: undefined identifier \"nonsense\""));
	look(&s, "x");
	/* a once, although b.yar has it too; nothing twice through the index */
	assert_int_equal(n_found(&s), 5);
	assert_non_null(finding(&s, "rules/pack/a.yar:a"));
	assert_non_null(finding(&s, "rules/pack/sub/b.yar:b"));
	assert_non_null(finding(&s, "rules/pack/sub/c.yar:c"));
	assert_non_null(finding(&s, "rules/pack/sub/c.yar:x"));
	assert_non_null(finding(&s, "rules/pack/sub/top.yar:top"));
	for (size_t i = 0; i < s.folder->n_sources; i++)
		assert_int_equal(s.folder->sources[i]->skipped, strcmp(s.folder->sources[i]->name, "index.yar") == 0);
	end(&s);
}

static void links_out_of_the_folder_are_not_followed(void **state)
{
	stage s;
	char from[400], to[400];

	(void)state;
	begin(&s);
	case_text(&s.c, "outside.yar", "rule outside { condition: true }");
	file(&s, "in.yar", "rule inner { condition: true }");
	(void)snprintf(from, sizeof from, "%s/outside.yar", s.c.dir);
	(void)snprintf(to, sizeof to, "%s/pack/out.yar", s.c.dir);
	assert_int_equal(symlink(from, to), 0);
	(void)snprintf(to, sizeof to, "%s/pack/twice.yar", s.c.dir);
	assert_int_equal(symlink("in.yar", to), 0);
	file(&s, ".git/hidden.yar", "nonsense");
	open_stage(&s);
	assert_non_null(strstr(s.c.told, "out.yar: a link that leads out of the folder"));
	assert_int_equal(s.folder->left_out, 1);
	assert_int_equal(s.folder->n_files, 2);
	assert_string_equal(s.refused, "");
	end(&s);
}

static void modules_that_cannot_be_served_are_named(void **state)
{
	stage s;

	(void)state;
	begin(&s);
	file(&s, "a.yar", "import \"androguard\"\nrule a { condition: true }");
	file(&s, "b.yar", "// one\nimport \"cuckoo\"\nrule b { condition: true }");
	file(&s, "c.yar", "import \"magic\"\nrule c { condition: true }");
	file(&s, "d.yar", "import \"time\"\nrule d { condition: true }");
	file(&s, "e.yar", "include \"e.inc\"\nrule e { condition: true }");
	file(&s, "e.inc", "import \"magic\"");
	file(&s, "f.yar", "import \"hash\"\nimport \"math\"\nimport \"pe\"\nimport \"elf\"\nrule f { condition: hash.md5(0, 1) != \"\" and not "
	                  "pe.is_pe }");
	file(&s, "g.yar", "rule g { strings: $a = \"import \\\"magic\\\"\" condition: not $a }");
	open_stage(&s);
	assert_non_null(strstr(s.refused, "a.yar:1: unknown module \"androguard\""));
	assert_non_null(strstr(s.c.told, "b.yar:2: module \"cuckoo\""));
	assert_non_null(strstr(s.c.told, "c.yar:1: module \"magic\""));
	assert_non_null(strstr(s.c.told, "d.yar:1: module \"time\""));
	assert_non_null(strstr(s.c.told, "e.inc:1: module \"magic\""));
	look(&s, "a text"); /* imports of pe do not keep a file from texts */
	assert_int_equal(n_found(&s), 2);
	assert_non_null(finding(&s, "rules/pack/f.yar:f"));
	assert_non_null(finding(&s, "rules/pack/g.yar:g"));
	end(&s);
}

/* As yarac does it. */
static void compile_to(const char *rules, const char *path)
{
	YR_COMPILER *compiler;
	YR_RULES *made;

	assert_int_equal(yr_initialize(), ERROR_SUCCESS);
	assert_int_equal(yr_compiler_create(&compiler), ERROR_SUCCESS);
	assert_int_equal(yr_compiler_add_string(compiler, rules, NULL), 0);
	assert_int_equal(yr_compiler_get_rules(compiler, &made), ERROR_SUCCESS);
	assert_int_equal(yr_rules_save(made, path), ERROR_SUCCESS);
	yr_rules_destroy(made);
	yr_compiler_destroy(compiler);
	yr_finalize();
}

static void compiled_rules_count_where_nobody_else_can_write(void **state)
{
	stage s;
	char path[400], dir[300];
	size_t rules;

	(void)state;
	begin(&s);
	file(&s, "a.yar", "rule a { condition: true }");
	(void)snprintf(dir, sizeof dir, "%s/pack/sub", s.c.dir);
	file(&s, "sub/readme", "x");
	(void)snprintf(path, sizeof path, "%s/x.yac", dir);
	compile_to("global rule g { condition: false } rule r { condition: true }", path);
	(void)snprintf(path, sizeof path, "%s/pack/y.yarc", s.c.dir);
	compile_to("rule y { strings: $a = \"word\" condition: $a } rule z { condition: true }", path);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(chmod(dir, 0777), 0);
	open_stage(&s);
	assert_non_null(strstr(s.c.told, "sub/x.yac: compiled rules are run as they are, so nobody else may be able to write them: others can "
	                                 "write to "));
	assert_int_equal(s.folder->n_files, 2);
	assert_int_equal(pb_rule_set_rules(s.set), 3);
	look(&s, "a word");
	assert_int_equal(n_found(&s), 3);
	assert_non_null(finding(&s, "rules/pack/y.yarc:y"));
	assert_int_equal(pb_json_int(finding(&s, "rules/pack/y.yarc:y"), "at", 0), 2);
	close_set(&s);
	assert_int_equal(chmod(dir, 0755), 0);
	s.c.told[0] = '\0';
	open_stage(&s);
	assert_string_equal(s.c.told, "");
	look(&s, "a word"); /* the global rule of x.yac is at home, too */
	assert_int_equal(n_found(&s), 3);
	close_set(&s);
	assert_int_equal(chmod(path, 0666), 0);
	open_stage(&s);
	assert_non_null(strstr(s.c.told, "y.yarc: compiled rules are run as they are"));
	close_set(&s);
	/* What is no such file, or of another version, or cut: told when it is opened. */
	static const struct {
		const char *name;
		size_t cut;
		uint8_t version;
		const char *says;
	} cases[] = {{"v.yac", 0, 18, "compiled for another version of YARA"},
	             {"cut.yac", 90, 0, "damaged: its table of parts is cut"},
	             {"end.yac", 500, 0, "damaged: it ends before its last part"},
	             {"none.yac", 3, 0, "no compiled YARA rules"}};
	pb_buf good = {0};
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(pb_fs_read(path, 1 << 20, &good, NULL), 0);
	assert_null(pb_rule_set_compiled((pb_bytes){good.data, good.size}, &rules));
	assert_int_equal(rules, 2);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t was = good.data[4];
		char name[60];
		if (cases[i].version)
			good.data[4] = cases[i].version;
		(void)snprintf(name, sizeof name, "pack/%s", cases[i].name);
		case_write(&s.c, name, (const char *)good.data, cases[i].cut ? cases[i].cut : good.size);
		good.data[4] = was;
	}
	s.c.told[0] = '\0';
	open_stage(&s);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (!strstr(s.c.told, cases[i].name) || !strstr(s.c.told, cases[i].says))
			fail_msg("%s: %s", cases[i].name, s.c.told);
	assert_int_equal(s.folder->n_files, 3);
	pb_buf_free(&good);
	end(&s);
}

static void the_digest_follows_what_has_a_say(void **state)
{
	stage s;
	char first[65];

	(void)state;
	begin(&s);
	file(&s, "a.yar", "rule a { condition: true }");
	open_stage(&s);
	(void)strcpy(first, s.folder->digest);
	close_set(&s);
	file(&s, ".git/x.yar", "rule x { condition: true }");
	file(&s, "readme.md", "x");
	open_stage(&s);
	assert_string_equal(s.folder->digest, first);
	close_set(&s);
	file(&s, "probity.ini", "[limits]\nseconds = 3\n");
	open_stage(&s);
	assert_string_not_equal(s.folder->digest, first);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_folder_changes_the_weights),
	    cmocka_unit_test(includes_stay_in_the_folder),
	    cmocka_unit_test(links_out_of_the_folder_are_not_followed),
	    cmocka_unit_test(modules_that_cannot_be_served_are_named),
	    cmocka_unit_test(compiled_rules_count_where_nobody_else_can_write),
	    cmocka_unit_test(the_digest_follows_what_has_a_say),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
