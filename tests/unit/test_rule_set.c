/* YARA rules from elsewhere: what of a folder counts, what its rules find, what they may not do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <yara.h>

#include "check_case.h"
#include "checks/runner.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define MD5    "0123456789abcdef0123456789abcdef"

typedef struct stage {
	check_case c;
	pb_catalogue *catalogue;
	const pb_rule_folder *folder;
	const pb_check *check;
	pb_rule_set *set;
	pb_rule_scanner *scanner;
	json_t *result;
	char refused[4000]; /* by the compiler */
	uint64_t spent;
	size_t findings; /* limit; 0: the default */
} stage;

static void on_refused(void *user, size_t file, const char *message)
{
	stage *s = user;
	size_t n = strlen(s->refused);

	(void)snprintf(s->refused + n, sizeof s->refused - n, "%zu %s\n", file, message);
}

static void begin(stage *s)
{
	memset(s, 0, sizeof *s);
	case_open(&s->c);
}

static void file(stage *s, const char *name, const char *text)
{
	char path[300];

	(void)snprintf(path, sizeof path, "pack/%s", name);
	case_text(&s->c, path, text);
}

static void open_cached(stage *s, const char *cache_dir)
{
	char dir[300];
	const char *extra[] = {dir};
	pb_catalogue_options options = case_options(&s->c);
	pb_error err = {0};

	(void)snprintf(dir, sizeof dir, "%s/pack", s->c.dir);
	options.extra_dirs = extra;
	options.n_extra = 1;
	if (s->findings > 0)
		options.limits.findings = s->findings;
	if (pb_catalogue_open(&options, &s->catalogue, &err) != PB_OK)
		fail_msg("%s", err.text);
	assert_int_equal(pb_catalogue_folders(s->catalogue), 1);
	s->folder = pb_catalogue_folder(s->catalogue, 0, &s->check);
	if (pb_rule_set_open(s->folder->files, s->folder->n_files, s->folder->digest, cache_dir, on_refused, s, &s->set, &err) != PB_OK)
		fail_msg("%s", err.text);
	s->scanner = pb_rule_scanner_new(s->set);
	assert_non_null(s->scanner);
}

static void open_stage(stage *s)
{
	open_cached(s, NULL);
}

static void look_for(stage *s, const void *bytes, size_t n, uint64_t micros)
{
	pb_object object = {.bytes = {bytes, n}, .kind = pb_kind_named("text"), .name_class = ".txt", .sha256 = DIGEST};
	json_t *facts = json_pack("{s:[s],s:{s:s}}", "tags", "text", "hashes", "md5", MD5);
	pb_error err = {0};

	json_decref(s->result);
	s->result = pb_result_new(facts);
	if (pb_runner_rules(s->catalogue, 0, s->scanner, micros, &object, facts, NULL, s->result, &s->spent, &err) != PB_OK)
		fail_msg("%s", err.text);
	json_decref(facts);
}

static void look(stage *s, const char *text)
{
	look_for(s, text, strlen(text), 20000000);
}

static void close_set(stage *s)
{
	json_decref(s->result);
	s->result = NULL;
	pb_rule_scanner_free(s->scanner);
	pb_rule_set_close(s->set);
	pb_catalogue_close(s->catalogue);
}

static void end(stage *s)
{
	close_set(s);
	case_close(&s->c);
}

static const json_t *finding(const stage *s, const char *key)
{
	const json_t *f;
	size_t i;

	json_array_foreach (json_object_get(s->result, "findings"), i, f)
		if (strcmp(pb_json_str(f, "key", ""), key) == 0)
			return f;
	return NULL;
}

static size_t n_found(const stage *s)
{
	return json_array_size(json_object_get(s->result, "findings"));
}

static const char *unknown(const stage *s)
{
	return pb_json_str(json_object_get(s->result, "unknown"), "rules.pack", "");
}

static void a_rule_that_matches_is_a_finding(void **state)
{
	stage s;
	const json_t *f;

	(void)state;
	begin(&s);
	file(&s, "one.yar", "rule Same { meta: description = \"Finds\\x07 words\" author = \"A\" reference = \"R\" family = \"F\" strings: "
	                    "$a = \"needle\" $b = \"hay\" condition: any of them }");
	file(&s, "deep/two.yara", "rule Same { condition: true }");
	open_stage(&s);
	look(&s, "a needle in hay");
	assert_int_equal(n_found(&s), 2);
	f = finding(&s, "rules/pack/one.yar:Same");
	assert_non_null(f);
	assert_string_equal(pb_json_str(f, "check", ""), "rules.pack");
	assert_string_equal(pb_json_str(f, "says", ""),
	                    "YARA rule Same (rules/pack/one.yar) matches: \"Finds\\x07 words\"; family F; by A; see R");
	assert_int_equal(pb_json_int(f, "at", 0), 2); /* the first place of any of its strings */
	assert_int_equal(pb_json_int(f, "length", 0), 6);
	assert_string_equal(pb_json_str(f, "excerpt", ""), "needle");
	assert_int_equal(pb_json_int(f, "kappa", 0), 500);
	assert_string_equal(pb_json_str(f, "severity", ""), "medium");
	f = finding(&s, "rules/pack/deep/two.yara:Same");
	assert_non_null(f);
	assert_int_equal(pb_json_int(f, "at", 0), -1);
	assert_string_equal(unknown(&s), "");
	look(&s, "");
	assert_int_equal(n_found(&s), 1);
	end(&s);
}

static void meta_and_tags_are_weighed(void **state)
{
	static const struct {
		const char *rule, *severity;
		int kappa;
	} cases[] = {
	    {"rule r { condition: true }", "medium", 500},
	    {"rule r { meta: severity = \"low\" condition: true }", "low", 500},
	    {"rule r { meta: severity = \"SEVERE\" condition: true }", "high", 500}, /* critical, but for worst */
	    {"rule r { meta: severity = 9 condition: true }", "high", 500},
	    {"rule r { meta: severity = 50 condition: true }", "medium", 500},
	    {"rule r { meta: severity = \"45\" condition: true }", "medium", 500},
	    {"rule r { meta: severity = \"nonsense\" score = 75 condition: true }", "high", 500},
	    {"rule r { meta: score = 39 condition: true }", "info", 500},
	    {"rule r { meta: score = -4 condition: true }", "medium", 500},
	    {"rule r { meta: severity = true condition: true }", "medium", 500},
	    {"rule r : harmless { condition: true }", "info", 500},
	    {"rule r : harmless bad { condition: true }", "high", 500},
	    {"rule r : other { meta: category = \"trojan\" condition: true }", "high", 500},
	    {"rule r : bad { meta: score = 10 condition: true }", "info", 500}, /* a number before a tag */
	    {"rule r { meta: confidence = \"low\" condition: true }", "medium", 300},
	    {"rule r { meta: confidence = \"sure\" condition: true }", "medium", 700},
	    {"rule r { meta: confidence = 40 condition: true }", "medium", 400},
	    {"rule r { meta: confidence = 100 condition: true }", "medium", 700},
	    {"rule r { meta: confidence = 4000 condition: true }", "medium", 500},
	    {"rule r { meta: score = 80 score = 10 condition: true }", "high", 500},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		stage s;
		const json_t *f;

		begin(&s);
		file(&s, "x.yar", cases[i].rule);
		open_stage(&s);
		look(&s, "x");
		f = finding(&s, "rules/pack/x.yar:r");
		if (f == NULL || strcmp(pb_json_str(f, "severity", ""), cases[i].severity) != 0 || pb_json_int(f, "kappa", 0) != cases[i].kappa)
			fail_msg("%s: %s %d", cases[i].rule, pb_json_str(f, "severity", "?"), (int)pb_json_int(f, "kappa", 0));
		end(&s);
	}
}

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

static void externals_are_there(void **state)
{
	stage s;

	(void)state;
	begin(&s);
	file(&s, "x.yar", "rule e { condition: filename == \"\" and filepath == \"\" and extension == \"\" and filetype == \"\" and owner == "
	                  "\"\" and md5 == \"" MD5 "\" }");
	file(&s, "own.yar", "rule process_name { condition: true }"); /* an external of that name would break it */
	file(&s, "other.yar", "rule o { condition: process_path == \"\" }");
	open_stage(&s);
	look(&s, "x");
	assert_int_equal(n_found(&s), 2);
	assert_non_null(finding(&s, "rules/pack/x.yar:e"));
	assert_non_null(strstr(s.refused, "other.yar:1: undefined identifier \"process_path\""));
	end(&s);
}

static void private_rules_are_silent_and_global_ones_stay_at_home(void **state)
{
	stage s;

	(void)state;
	begin(&s);
	file(&s, "a.yar", "global rule never { condition: false }\nrule gone { condition: true }");
	file(&s, "b.yar", "private rule p { condition: true }\nrule q { condition: p }");
	file(&s, "c.yar", "global rule only { strings: $a = \"yes\" condition: $a }\nrule with { condition: true }");
	file(&s, "d.yar", "include \"a.yar\"\nrule d { condition: true }");
	open_stage(&s);
	look(&s, "no");
	assert_int_equal(n_found(&s), 1);
	assert_non_null(finding(&s, "rules/pack/b.yar:q"));
	look(&s, "yes");
	assert_int_equal(n_found(&s), 3);
	assert_non_null(finding(&s, "rules/pack/c.yar:with"));
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
	file(&s, "bad.yar", "include \"bad.inc\"\nrule o { condition: true }");
	file(&s, "bad.inc", "\nrule i { condition: nonsense }");
	open_stage(&s);
	assert_non_null(strstr(s.c.told, "index.yar:5: includes \"gone.yar\", which is not in that folder"));
	assert_null(strstr(s.c.told, "no.yar"));
	assert_int_equal(s.folder->left_out, 0);
	assert_non_null(strstr(s.refused, "out.yar:1: includes \"../outside.yar\", which is not in that folder"));
	assert_non_null(strstr(s.refused, "abs.yar:1: includes \"/etc/passwd\", which is not in that folder"));
	assert_non_null(strstr(s.refused, "circle.yar"));
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

/* Ways to match that multiply, and bytes that take all of them: YARA 4.2 gives up with error 46. */
#define ENDLESS "rule endless { strings: $a = /xy(a|aa|aaa|aaaa|aaaaa){1,250}(a|aa|aaa|aaaa){1,250}(a|aa|aaa){1,250}b/ condition: $a }"

static void a_rule_that_yara_gives_up_on_takes_only_itself_out(void **state)
{
	static char bytes[20002];
	stage s;

	(void)state;
	memset(bytes, 'a', sizeof bytes);
	bytes[0] = 'x';
	bytes[1] = 'y';
	begin(&s);
	file(&s, "a.yar", "rule before { strings: $a = \"aaaaaaaaaaaa\" condition: #a > 10 }\n" ENDLESS);
	file(&s, "b.yar", "rule after { condition: true }");
	open_stage(&s);
	look_for(&s, bytes, sizeof bytes, 60000000);
	assert_string_equal(unknown(&s), "YARA: rule endless: YARA error 46 (a string with too many ways to match)");
	assert_int_equal(n_found(&s), 2);
	look(&s, "xyaaab"); /* it is asked again, and matches here */
	assert_string_equal(unknown(&s), "");
	assert_non_null(finding(&s, "rules/pack/a.yar:endless"));
	end(&s);
}

static void time_and_matches_are_bounded(void **state)
{
	static char bytes[1200000];
	stage s;

	(void)state;
	memset(bytes, 'a', sizeof bytes);
	begin(&s);
	file(&s, "a.yar", "rule many { strings: $a = { 61 61 } condition: $a }");
	open_stage(&s);
	look_for(&s, bytes, sizeof bytes, 60000000);
	assert_string_equal(unknown(&s), "YARA: too many matches of $a");
	look_for(&s, bytes, sizeof bytes, 0);
	assert_string_equal(unknown(&s), "YARA: time budget of the product spent");
	assert_int_equal(s.spent, 0);
	end(&s);
	begin(&s);
	file(&s, "a.yar", "rule slow { condition: for all i in (1..1000000) : (for all j in (1..1000000) : (i * j > 0)) }");
	file(&s, "b.yar", "rule quick { condition: true }");
	open_stage(&s);
	look_for(&s, "x", 1, 1000000);
	assert_string_equal(unknown(&s), "YARA: time budget spent");
	assert_int_equal(n_found(&s), 0); /* nobody knows what part of it was looked for */
	assert_true(s.spent >= 900000);
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

static void the_cache_gives_the_same(void **state)
{
	stage s;
	char cache[300], command[400];

	(void)state;
	begin(&s);
	(void)snprintf(cache, sizeof cache, "%s/cache", s.c.dir);
	assert_int_equal(mkdir(cache, 0700), 0);
	file(&s, "a.yar", "rule a { strings: $a = \"word\" condition: $a }");
	file(&s, "b.yar", "include \"c.inc\"\nrule b { condition: c }");
	file(&s, "c.inc", "private rule c { condition: true }");
	file(&s, "bad.yar", "rule {");
	for (int i = 0; i < 2; i++) {
		s.refused[0] = '\0';
		open_cached(&s, cache);
		assert_non_null(strstr(s.refused, "bad.yar:1: "));
		look(&s, "a word");
		assert_int_equal(n_found(&s), 2);
		assert_int_equal(pb_rule_set_rules(s.set), 3);
		close_set(&s);
		(void)snprintf(command, sizeof command, "test \"$(ls '%s' | wc -l)\" = 1", cache);
		assert_int_equal(system(command), 0);
	}
	/* What is only included counts, too. */
	file(&s, "c.inc", "private rule c { condition: false }");
	open_cached(&s, cache);
	look(&s, "a word");
	assert_int_equal(n_found(&s), 1);
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

static void too_many_findings_are_unknown(void **state)
{
	char text[40000] = "";
	stage s;

	(void)state;
	for (int i = 0; i < 1000; i++)
		(void)snprintf(text + strlen(text), sizeof text - strlen(text), "rule r%d { condition: true }\n", i);
	begin(&s);
	file(&s, "x.yar", text);
	s.findings = 100;
	open_stage(&s);
	look(&s, "x");
	assert_int_equal(n_found(&s), 100);
	assert_string_equal(unknown(&s), "limit findings");
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_rule_that_matches_is_a_finding),
	    cmocka_unit_test(meta_and_tags_are_weighed),
	    cmocka_unit_test(a_folder_changes_the_weights),
	    cmocka_unit_test(externals_are_there),
	    cmocka_unit_test(private_rules_are_silent_and_global_ones_stay_at_home),
	    cmocka_unit_test(includes_stay_in_the_folder),
	    cmocka_unit_test(links_out_of_the_folder_are_not_followed),
	    cmocka_unit_test(modules_that_cannot_be_served_are_named),
	    cmocka_unit_test(a_rule_that_yara_gives_up_on_takes_only_itself_out),
	    cmocka_unit_test(time_and_matches_are_bounded),
	    cmocka_unit_test(compiled_rules_count_where_nobody_else_can_write),
	    cmocka_unit_test(the_cache_gives_the_same),
	    cmocka_unit_test(the_digest_follows_what_has_a_say),
	    cmocka_unit_test(too_many_findings_are_unknown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
