/* What authors do wrong, and what they are told; how folders of checks are read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_case.h"

#define OBJECT "object = function(object, found) end"

/* The text of a check file, and the one message that it gives. */
static void mistakes_are_told(void **state)
{
	static const char *const cases[][2] = {
		/* not a check at all */
		{"", "x.lua:1: a check file returns one table, this one a nothing"},
		{"return 7", "x.lua:1: a check file returns one table, this one a number"},
		{"return {", "x.lua:1: unexpected symbol near <eof>"},
		{"\n\nlocal x = = 1", "x.lua:3: unexpected symbol near '='"},
		{"\033Lua", "x.lua:1: bytecode: a check is source text"},
		{"local x = 1\nx.y.z = 2", "x.lua:2: attempt to index a number value (local 'x')"},
		{"while true do end", "x.lua:1: loading it ran into the limit \"instructions\""},
		{"x = 1", "x.lua:1: global \"x\" assigned: write \"local x\""},
		{"require 'probity.pam'", "there is no module \"probity.pam\"; did you mean \"probity.pem\"?"},
		{"require 'lib.nothing'", "require \"lib.nothing\":"},
		{"os.exit()", "x.lua:1: there is no \"os\" here: a check has no clock"},
		/* fields that are missing */
		{"return { why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { 'paris:P6' },\n"
		 "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
		 "x.lua:1: title: is missing: what it finds, in a few words"},
		{"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { 'paris:P6' }, "
		 CASE_FINDINGS OBJECT "}", "samples: is missing: { hit = { ... }, clean = { ... } }: a check without samples proves nothing"},
		{"return { " CASE_HEADER OBJECT "}", "findings: is missing"},
		{CASE_CHECK(""), "x.lua:1: object: is missing: a check has a function object, a function product, or both"},
		/* unknown ones */
		{"return { " CASE_HEADER CASE_FINDINGS OBJECT ",\n\nserverity = 'low' }", "x.lua:6: serverity: unknown field; did you mean \"severity\"?"},
		{CASE_CHECK(OBJECT ", 5"), "x.lua:1: holds a value without a name"},
		{CASE_CHECK(OBJECT ", zzzzzzzz = 5"), "zzzzzzzz: unknown field"},
		/* wrong types and words */
		{"return { title = 5, why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { 'paris:P6' },\n"
		 "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}", "x.lua:1: title: must be a string, is a number"},
		{"return { title = '', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { 'paris:P6' },\n"
		 "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}", "title: is empty"},
		{"return { title = 'a\\27[31m', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { 'paris:P6' },\n"
		 "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}", "title: holds control characters"},
		{"return { title = 'T', why = 'W',\nclaim = 'credential', severity = 'high', reliability = 'parsed', maps = { 'paris:P6' },\n"
		 "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
		 "x.lua:2: claim: \"credential\" is not in rulesets/claims.ini; did you mean \"credentials\"?"},
		{"return { title = 'T', why = 'W', claim = 'telemetry', severity = 'high', reliability = 'parsed', maps = { 'paris:P6' },\n"
		 "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
		 "claim: \"telemetry\" belongs to data-care, but the file lies in integrity/"},
		{"return { title = 'T', why = 'W', claim = 'credentials', severity = 'hihg', reliability = 'parsed', maps = { 'paris:P6' },\n"
		 "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}", "severity: \"hihg\" is no severity; did you mean \"high\"?"},
		{"return { title = 'T', why = 'W', claim = 'credentials', severity = 'terrible', reliability = 'parsed', maps = { 'paris:P6' },\n"
		 "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
		 "severity: \"terrible\" is none of info, low, medium, high, critical"},
		{"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'pasred', maps = { 'paris:P6' },\n"
		 "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
		 "reliability: \"pasred\" is no reliability; did you mean \"parsed\"?"},
		{CASE_CHECK(OBJECT ", catalogue = 'I-9'"), "catalogue: \"I-9\" is no row of the catalogue"},
		{CASE_CHECK(OBJECT ", catalogue = 'X-09'"), "catalogue: \"X-09\" is no row of the catalogue"},
		{CASE_CHECK(OBJECT ", catalogue = 'D-09'"), "catalogue: row D-09 is not of the pillar integrity"},
		{CASE_CHECK(OBJECT ", online = 1"), "online: must be true or false, is a number"},
		{CASE_CHECK(OBJECT ", applies = 'elf'"), "applies: must be a list of strings"},
		{CASE_CHECK(OBJECT ", applies = {}"), "applies: must be a list of at least one string"},
		{CASE_CHECK(OBJECT ", applies = { 'elfs' }"), "applies: \"elfs\" is no kind, class or tag of objects; did you mean \"elf\"?"},
		{CASE_CHECK("object = 'x'"), "object: must be a function(object, found), is a string"},
		{CASE_CHECK("product = {}"), "product: must be a function(product, found), is a table"},
		{CASE_CHECK("product = function() end, looks = [[ condition: true ]]"), "looks: is for the function object, which is missing"},
		{CASE_CHECK(OBJECT ", looks = 5"), "looks: must be a string"},
		{CASE_CHECK(OBJECT ", looks = 'pattern: $a'"), "looks: is neither the body of a YARA rule"},
		{CASE_CHECK(OBJECT ", looks = 'include \"x\"'"), "looks: is neither the body of a YARA rule"},
		/* maps */
		{"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { 'paris:P6', 'cwe:32' },\n"
		 "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
		 "maps: \"cwe:32\" is not in rulesets/mappings.ini; did you mean \"cwe:321\"?"},
		{"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { 'cwe:321' },\n"
		 "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}", "maps: names no principle"},
		{"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { 'paris:P6', 'paris:P6' },\n"
		 "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}", "maps: \"paris:P6\" stands there twice"},
		/* samples */
		{"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { 'paris:P6' },\n"
		 "samples = { hit = { 'a' } }, " CASE_FINDINGS OBJECT "}", "x.lua:2: samples: clean is missing: files in which the check must find nothing"},
		{"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { 'paris:P6' },\n"
		 "samples = { hits = { 'a' }, hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}", "samples: unknown field \"hits\""},
		{"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { 'paris:P6' },\n"
		 "samples = { hit = { '../a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}", "samples.hit: \"../a\" lies outside"},
		/* findings */
		{"return { " CASE_HEADER "findings = {}, " OBJECT "}", "findings: is empty"},
		{"return { " CASE_HEADER "findings = { 'x', key = { says = 's', fix = 'f' } }, " OBJECT "}", "findings: holds a value without a name"},
		{"return { " CASE_HEADER "findings = { Key = { says = 's', fix = 'f' } }, " OBJECT "}", "findings: \"Key\" is no name for a finding"},
		{"return { " CASE_HEADER "findings = { unknown = { says = 's', fix = 'f' } }, " OBJECT "}", "findings: \"unknown\" is no name for a finding"},
		{"return { " CASE_HEADER "findings = { key = 's' }, " OBJECT "}", "findings.key: must be { says = ..., fix = ... }, is a string"},
		{"return { " CASE_HEADER "findings = { key = { says = 's' } }, " OBJECT "}", "findings.key.fix: is missing: what to do about it"},
		{"return { " CASE_HEADER "findings = { key = { fix = 's' } }, " OBJECT "}", "findings.key.says: is missing"},
		{"return { " CASE_HEADER "findings = {\nkey = {\nsays = '%x', fix = 'f' } }, " OBJECT "}", "x.lua:5: findings.key.says: \"%x\" is no placeholder"},
		{"return { " CASE_HEADER "findings = { key = { says = '%s%', fix = 'f' } }, " OBJECT "}", "findings.key.says: \"%\" is no placeholder"},
		{"return { " CASE_HEADER "findings = { key = { says = '%s%s%s%s%s%s%s%s%s%s', fix = 'f' } }, " OBJECT "}", "more than 9 placeholders"},
		{"return { " CASE_HEADER "findings = { key = { says = 's', fix = 'f', severity = 'critical' } }, " OBJECT "}",
		 "findings.key.severity: critical is above the check's own severity, high"},
		{"return { " CASE_HEADER "findings = { key = { says = 's', fix = 'f', severity = 'lo' } }, " OBJECT "}",
		 "findings.key.severity: \"lo\" is no severity; did you mean \"low\"?"},
		{"return { " CASE_HEADER "findings = { key = { says = 's', fix = 'f', sverity = 'low' } }, " OBJECT "}",
		 "findings.key.sverity: unknown field; did you mean \"severity\"?"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		check_case c;
		pb_catalogue_options options;
		pb_catalogue *catalogue = NULL;
		pb_error err = {0};

		case_open(&c);
		options = case_options(&c);
		case_text(&c, "scripts/integrity/x.lua", cases[i][0]);
		if (pb_catalogue_open(&options, &catalogue, &err) != PB_EINPUT)
			fail_msg("accepted:\n%s", cases[i][0]);
		if (strstr(err.text, cases[i][1]) == NULL || strncmp(err.text, "scripts/integrity/x.lua:", 24) != 0 || strstr(err.text, "more)") != NULL)
			fail_msg("%s\n  gave: %s\n  want: %s", cases[i][0], err.text, cases[i][1]);
		case_close(&c);
	}
}

static void a_sound_check_is_read(void **state)
{
	static const char text[] =
		"return {\n  title = [[Private\n    key]], why = 'W', catalogue = 'I-09', claim = 'credentials', severity = 'high', reliability = 'parsed',\n"
		"  applies = { 'elf', 'package' }, online = true, maps = { 'paris:P6', 'cwe:321' },\n"
		"  looks = [[\n    strings: $a = \"x\"\n    condition: $a // end ]],\n"
		"  findings = { zwei = { says = '%d%% of %s', fix = 'F', severity = 'low', reliability = 'exact' }, eins = { says = 'none', fix = 'G' } },\n"
		"  samples = { hit = { 'a', 'b/c' }, clean = { 'd' } },\n  object = function() end, product = function() end }";
	check_case c;
	pb_catalogue_options options;
	pb_catalogue *catalogue;
	const pb_pattern_source *sources;
	const pb_check *k;
	const size_t *of;
	size_t n;
	pb_error err = {0};

	(void)state;
	case_open(&c);
	options = case_options(&c);
	case_text(&c, "scripts/integrity/sub/private-key.lua", text);
	if (pb_catalogue_open(&options, &catalogue, &err) != PB_OK)
		fail_msg("%s", err.text);
	k = pb_catalogue_checks(catalogue, &n);
	assert_int_equal(n, 1);
	assert_string_equal(k->id, "integrity.sub-private-key");
	assert_string_equal(k->file, "scripts/integrity/sub/private-key.lua");
	assert_string_equal(k->title, "Private key");
	assert_string_equal(k->catalogue, "I-09");
	assert_int_equal(k->severity, PB_HIGH);
	assert_int_equal(k->reliability, PB_PARSED);
	assert_true(k->online && k->has_object && k->has_product);
	assert_int_equal(k->n_applies, 2);
	assert_int_equal(k->n_hit, 2);
	assert_int_equal(k->n_findings, 2);
	assert_string_equal(k->findings[0].name, "eins");
	assert_int_equal(k->findings[0].severity, PB_HIGH);
	assert_int_equal(k->findings[0].placeholders, 0);
	assert_string_equal(k->findings[1].name, "zwei");
	assert_int_equal(k->findings[1].severity, PB_LOW);
	assert_int_equal(k->findings[1].reliability, PB_EXACT);
	assert_int_equal(k->findings[1].placeholders, 2);
	sources = pb_catalogue_sources(catalogue, &n, &of);
	assert_int_equal(n, 1);
	assert_int_equal(of[0], 0);
	assert_string_equal(sources[0].space, k->id);
	assert_int_equal(sources[0].line, 6);
	assert_string_equal(sources[0].text, "    rule r { strings: $a = \"x\"\n    condition: $a // end \n}");
	pb_catalogue_close(catalogue);
	case_close(&c);
}

static void looks_are_completed(void **state)
{
	static const char *const cases[][2] = {
		{"condition: true", "rule r { condition: true\n}"},
		{"import \"elf\" condition: elf.type == 1", "import \"elf\" rule r { condition: elf.type == 1\n}"},
		{"// a comment\n/* and rule */ strings: $a = \"x\" condition: $a", "rule r { strings: $a = \"x\" condition: $a\n}"},
		{"rule x { condition: true }", "rule x { condition: true }"},
		{"import \"pe\"\nprivate rule x { condition: true }", "import \"pe\"\nprivate rule x { condition: true }"},
		{"global rule x { condition: true }", "global rule x { condition: true }"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char text[1000];
		check_case c;
		pb_catalogue_options options;
		pb_catalogue *catalogue;
		pb_error err = {0};
		size_t n;
		const char *got;

		case_open(&c);
		options = case_options(&c);
		(void)snprintf(text, sizeof text, "return { %s findings = { key = { says = 's', fix = 'f' } }, " OBJECT ", looks = [[%s]] }", CASE_HEADER,
		               cases[i][0]);
		case_text(&c, "scripts/integrity/x.lua", text);
		if (pb_catalogue_open(&options, &catalogue, &err) != PB_OK)
			fail_msg("%s: %s", cases[i][0], err.text);
		got = pb_catalogue_sources(catalogue, &n, NULL)[0].text;
		if (strstr(got, cases[i][1]) == NULL)
			fail_msg("got: %s\nwant: %s", got, cases[i][1]);
		pb_catalogue_close(catalogue);
		case_close(&c);
	}
}

static void all_mistakes_of_foreign_checks_are_told(void **state)
{
	check_case c;
	pb_catalogue_options options;
	pb_catalogue *catalogue;
	char extra[300];
	const char *dirs[] = {extra};
	const char *const *refused;
	const pb_check *k;
	const pb_pattern_source *sources;
	const size_t *of;
	size_t n;
	pb_error err = {0};

	(void)state;
	case_open(&c);
	(void)snprintf(extra, sizeof extra, "%s/My Rules", c.dir);
	options = case_options(&c);
	options.extra_dirs = dirs;
	options.n_extra = 1;
	case_text(&c, "scripts/integrity/own.lua", CASE_CHECK("looks = 'condition: true', " OBJECT));
	case_text(&c, "My Rules/two-mistakes.lua", "return { " CASE_HEADER CASE_FINDINGS OBJECT ", tilte = 'x', catalogue = 'Z' }");
	case_text(&c, "My Rules/good.lua", CASE_CHECK(OBJECT));
	case_text(&c, "My Rules/data-care/wrong-pillar.lua", CASE_CHECK(OBJECT));
	case_text(&c, "My Rules/integrity/own.lua", CASE_CHECK(OBJECT));
	case_text(&c, "My Rules/bad name.lua", CASE_CHECK(OBJECT));
	case_text(&c, "My Rules/lib/helper.lua", "return {}");
	case_text(&c, "My Rules/good.samples/fixture.lua", "print 'hello'");
	case_text(&c, "My Rules/a.yar", "rule A { condition: true }");
	case_text(&c, "My Rules/deep/b.yara", "rule B { condition: true }");
	case_write(&c, "My Rules/binary.yar", "a\0b", 3);
	case_write(&c, "My Rules/empty.yar", "", 0);
	if (pb_catalogue_open(&options, &catalogue, &err) != PB_OK)
		fail_msg("%s", err.text);
	k = pb_catalogue_checks(catalogue, &n);
	assert_int_equal(n, 3);
	assert_string_equal(k[0].id, "integrity.good");
	assert_string_equal(k[1].id, "integrity.own");
	assert_string_equal(k[2].id, "rules.My_Rules");
	assert_string_equal(k[2].claim, "rule-packs");
	assert_string_equal(k[2].findings[0].name, "match");
	sources = pb_catalogue_sources(catalogue, &n, &of);
	assert_int_equal(n, 4);
	assert_int_equal(of[0], 1);
	assert_int_equal(of[1], 2);
	assert_int_equal(of[2], 2);
	assert_string_equal(sources[1].space, "rules/My_Rules/a.yar");
	assert_string_equal(sources[2].space, "rules/My_Rules/deep/b.yara");
	assert_string_equal(sources[3].text, "");
	refused = pb_catalogue_refused(catalogue, &n);
	assert_int_equal(n, 6);
	assert_non_null(strstr(c.told, "two-mistakes.lua:4: tilte: unknown field; did you mean \"title\"?"));
	assert_non_null(strstr(c.told, "two-mistakes.lua:4: catalogue: \"Z\" is no row"));
	assert_non_null(strstr(c.told, "wrong-pillar.lua:1: claim: \"credentials\" belongs to integrity"));
	assert_non_null(strstr(c.told, "own.lua:1: there is a check \"integrity.own\" already: scripts/integrity/own.lua"));
	assert_non_null(strstr(c.told, "bad name.lua:1: the name of a check's file"));
	assert_non_null(strstr(c.told, "binary.yar: a NUL byte"));
	assert_non_null(strstr(refused[0], extra));
	pb_catalogue_close(catalogue);
	options.strict = true;
	assert_int_equal(pb_catalogue_open(&options, &catalogue, &err), PB_EINPUT);
	assert_non_null(strstr(err.text, "(and 5 more)"));
	case_close(&c);
}

static void two_folders_of_one_name_are_two_checks(void **state)
{
	check_case c;
	pb_catalogue_options options;
	pb_catalogue *catalogue;
	char a[300], b[300];
	const char *dirs[] = {a, b};
	size_t n;
	pb_error err = {0};

	(void)state;
	case_open(&c);
	(void)snprintf(a, sizeof a, "%s/a/pack", c.dir);
	(void)snprintf(b, sizeof b, "%s/b/pack", c.dir);
	case_text(&c, "a/pack/x.yar", "rule A { condition: true }");
	case_text(&c, "b/pack/x.yar", "rule A { condition: true }");
	options = case_options(&c);
	options.extra_dirs = dirs;
	options.n_extra = 2;
	if (pb_catalogue_open(&options, &catalogue, &err) != PB_OK)
		fail_msg("%s", err.text);
	assert_string_equal(pb_catalogue_checks(catalogue, &n)[0].id, "rules.pack");
	assert_string_equal(pb_catalogue_checks(catalogue, &n)[1].id, "rules.pack-2");
	assert_string_not_equal(pb_catalogue_sources(catalogue, &n, NULL)[0].space, pb_catalogue_sources(catalogue, &n, NULL)[1].space);
	pb_catalogue_close(catalogue);
	options.n_extra = 1;
	dirs[0] = "/nonexistent-folder";
	assert_int_not_equal(pb_catalogue_open(&options, &catalogue, &err), PB_OK);
	assert_non_null(strstr(err.text, "/nonexistent-folder"));
	case_close(&c);
}

static void digest_of(check_case *c, char out[65])
{
	pb_catalogue_options options = case_options(c);
	pb_catalogue *catalogue;
	pb_error err = {0};

	if (pb_catalogue_open(&options, &catalogue, &err) != PB_OK)
		fail_msg("%s", err.text);
	(void)strcpy(out, pb_catalogue_digest(catalogue));
	pb_catalogue_close(catalogue);
}

static void the_digest_follows_the_rules(void **state)
{
	check_case c;
	char one[65], two[65];

	(void)state;
	case_open(&c);
	case_text(&c, "scripts/integrity/x.lua", CASE_CHECK(OBJECT));
	digest_of(&c, one);
	digest_of(&c, two);
	assert_string_equal(one, two);
	assert_int_equal(strlen(one), 64);
	case_text(&c, "rulesets/policies/business.ini", "x");
	case_text(&c, "rulesets/clamav/test.ndb", "x");
	digest_of(&c, two);
	assert_string_equal(one, two);
	case_text(&c, "rulesets/words.txt", "x");
	digest_of(&c, two);
	assert_string_not_equal(one, two);
	(void)strcpy(one, two);
	case_text(&c, "scripts/lib/words.lua", "return { greeting = 'Hello', list = {} }\n");
	digest_of(&c, two);
	assert_string_not_equal(one, two);
	case_close(&c);
}

static void libraries_are_shared_and_closed(void **state)
{
	static const char *const cases[][2] = {
		{"local w = require 'lib.words' assert(w == require 'lib.words') " CASE_CHECK(OBJECT), ""},
		{"local w = require 'lib.words' w.greeting = 'bye' " CASE_CHECK(OBJECT), "read-only"},
		{"local w = require 'lib.words' w.list[1] = 'bye' " CASE_CHECK(OBJECT), "read-only"},
		{"local w = require 'lib.self' " CASE_CHECK(OBJECT), "it requires itself"},
		{"local w = require 'lib.nothing-returned' " CASE_CHECK(OBJECT), "returns a nil"},
		{"local w = require 'lib.broken' " CASE_CHECK(OBJECT), "scripts/lib/broken.lua:2: "},
		{"local pem = require 'probity.pem' pem.decode = nil " CASE_CHECK(OBJECT), "read-only"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		check_case c;
		pb_catalogue_options options;
		pb_catalogue *catalogue = NULL;
		pb_error err = {0};
		int rc;

		case_open(&c);
		options = case_options(&c);
		case_text(&c, "scripts/lib/self.lua", "return { require 'lib.self' }");
		case_text(&c, "scripts/lib/nothing-returned.lua", "local x = 1");
		case_text(&c, "scripts/lib/broken.lua", "local x = 1\nx()");
		case_text(&c, "scripts/integrity/x.lua", cases[i][0]);
		rc = pb_catalogue_open(&options, &catalogue, &err);
		if (cases[i][1][0] == '\0' ? rc != PB_OK : rc != PB_EINPUT || strstr(err.text, cases[i][1]) == NULL)
			fail_msg("%s\n  gave: %s", cases[i][0], err.text);
		if (rc == PB_OK)
			pb_catalogue_close(catalogue);
		case_close(&c);
	}
}

static void broken_rulesets_are_named(void **state)
{
	static const char *const cases[][3] = {
		{"rulesets/claims.ini", "[nowhere]\na = b\n", "is no pillar"},
		{"rulesets/claims.ini", "[integrity]\na = b\n[culture]\na = c\n", "stands there twice"},
		{"rulesets/claims.ini", "[integrity]\nA B = c\n", "lower-case letters"},
		{"rulesets/mappings.ini", "[cwe]\n1 = a\n1 = b\n", "cwe:1 stands there twice"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		check_case c;
		pb_catalogue_options options;
		pb_catalogue *catalogue = NULL;
		pb_error err = {0};

		case_open(&c);
		options = case_options(&c);
		case_text(&c, cases[i][0], cases[i][1]);
		assert_int_equal(pb_catalogue_open(&options, &catalogue, &err), PB_EINPUT);
		if (strstr(err.text, cases[i][2]) == NULL)
			fail_msg("gave: %s, want: %s", err.text, cases[i][2]);
		case_close(&c);
	}
}

static void loading_with_little_memory(void **state)
{
	check_case c;
	pb_catalogue_options options;
	pb_catalogue *catalogue = NULL;
	pb_error err = {0};
	int rc = PB_ENOMEM;

	(void)state;
	case_open(&c);
	options = case_options(&c);
	case_text(&c, "scripts/integrity/x.lua", "local words = require 'lib.words' local pem = require 'probity.pem' " CASE_CHECK("object = function() return words, pem end"));
	for (options.limits.memory = 30000; options.limits.memory < 400000 && rc != PB_OK; options.limits.memory += 97)
		rc = pb_catalogue_open(&options, &catalogue, &err);
	if (rc != PB_OK)
		fail_msg("%s", err.text);
	pb_catalogue_close(catalogue);
	case_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistakes_are_told),
		cmocka_unit_test(a_sound_check_is_read),
		cmocka_unit_test(looks_are_completed),
		cmocka_unit_test(all_mistakes_of_foreign_checks_are_told),
		cmocka_unit_test(two_folders_of_one_name_are_two_checks),
		cmocka_unit_test(the_digest_follows_the_rules),
		cmocka_unit_test(libraries_are_shared_and_closed),
		cmocka_unit_test(broken_rulesets_are_named),
		cmocka_unit_test(loading_with_little_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
