/* What authors do wrong, and what they are told. */
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
	    {"", "x.lua:1: a check file returns one table, this one returns nothing"},
	    {"return 7", "x.lua:1: a check file returns one table, this one a number"},
	    {"return {}, 5", "x.lua:1: a check file returns one table, this one 2 values"},
	    {"\xef\xbb\xbfreturn {}", "x.lua:1: the file begins with a byte order mark"},
	    {"return {}\n-- \xe4", "x.lua:2: byte 0xE4 is not UTF-8"},
	    {"return {", "x.lua:1: unexpected symbol near <eof>"},
	    {"\n\nlocal x = = 1", "x.lua:3: unexpected symbol near '='"},
	    {"\033Lua", "x.lua:1: bytecode: a check is source text"},
	    {"local x = 1\nx.y.z = 2", "x.lua:2: attempt to index a number value (local 'x')"},
	    {"while true do end", "x.lua:1: loading it ran into the limit \"instructions\""},
	    {"x = 1", "x.lua:1: global \"x\" assigned: write \"local x\""},
	    {"require 'probity.pam'", "there is no module \"probity.pam\"; did you mean \"probity.pem\"?"},
	    {"require 'lib.nothing'", "require: there is no library \"lib.nothing\": it is lib/NAME.lua"},
	    {"require 'lib.wrods'", "require: there is no library \"lib.wrods\"; did you mean \"lib.words\"?"},
	    {"os.exit()", "x.lua:1: there is no \"os\" here: a check has no clock"},
	    /* fields that are missing */
	    {"return { why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { 'paris:P6' },\n"
	     "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "x.lua:1: title: is missing: what it finds, in a few words"},
	    {"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { "
	     "'paris:P6' }, " CASE_FINDINGS OBJECT "}",
	     "samples: is missing: { hit = { ... }, clean = { ... } }: a check without samples proves nothing"},
	    {"return { " CASE_HEADER OBJECT "}", "findings: is missing"},
	    {CASE_CHECK(""), "x.lua:1: object: is missing: a check has a function object, a function product, or both"},
	    /* unknown ones */
	    {"return { " CASE_HEADER CASE_FINDINGS OBJECT ",\n\nserverity = 'low' }",
	     "x.lua:6: serverity: unknown field; did you mean \"severity\"?"},
	    {CASE_CHECK(OBJECT ", 5"), "x.lua:1: holds a value without a name"},
	    {CASE_CHECK(OBJECT ", zzzzzzzz = 5"), "zzzzzzzz: unknown field"},
	    /* wrong types and words */
	    {"return { title = 5, why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { "
	     "'paris:P6' },\n"
	     "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "x.lua:1: title: must be a string, is a number"},
	    {"return { title = '', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { "
	     "'paris:P6' },\n"
	     "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "title: is empty"},
	    {"return { title = 'a\\27[31m', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps "
	     "= { 'paris:P6' },\n"
	     "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "title: holds control characters"},
	    {"return { title = 'T', why = 'W',\nclaim = 'credential', severity = 'high', reliability = 'parsed', maps = { "
	     "'paris:P6' },\n"
	     "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "x.lua:2: claim: \"credential\" is not in rulesets/claims.ini; did you mean \"credentials\"?"},
	    {"return { title = 'T', why = 'W', claim = 'telemetry', severity = 'high', reliability = 'parsed', maps = { "
	     "'paris:P6' },\n"
	     "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "claim: \"telemetry\" belongs to data-care, but the file lies in integrity/"},
	    {"return { title = 'T', why = 'W', claim = 'credentials', severity = 'hihg', reliability = 'parsed', maps = { "
	     "'paris:P6' },\n"
	     "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "severity: \"hihg\" is no severity; did you mean \"high\"?"},
	    {"return { title = 'T', why = 'W', claim = 'credentials', severity = 'terrible', reliability = 'parsed', maps = { "
	     "'paris:P6' },\n"
	     "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "severity: \"terrible\" is none of info, low, medium, high, critical"},
	    {"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'pasred', maps = { "
	     "'paris:P6' },\n"
	     "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "reliability: \"pasred\" is no reliability; did you mean \"parsed\"?"},
	    {CASE_CHECK(OBJECT ", catalogue = 'I-9'"), "catalogue: \"I-9\" is no row of the catalogue"},
	    {CASE_CHECK(OBJECT ", catalogue = 'X-09'"), "catalogue: \"X-09\" is no row of the catalogue"},
	    {CASE_CHECK(OBJECT ", catalogue = 'D-09'"), "catalogue: row D-09 is not of the pillar integrity"},
	    {CASE_CHECK(OBJECT ", online = 1"), "online: must be true or false, is a number"},
	    {CASE_CHECK(OBJECT ", needs = 'clamv'"), "needs: \"clamv\" is nothing that a check can need; did you mean \"clamav\"?"},
	    {CASE_CHECK(OBJECT ",\nneeds = 'luck'"), "x.lua:5: needs: \"luck\" is nothing that a check can need"},
	    {CASE_CHECK(OBJECT ", needs = ''"), "needs: is empty"},
	    {CASE_CHECK(OBJECT ", needs = { 'clamav' }"), "needs: must be a string, is a table"},
	    {CASE_CHECK(OBJECT ", needs = true"), "needs: must be a string, is a boolean"},
	    {CASE_CHECK(OBJECT ", neds = 'clamav'"), "neds: unknown field; did you mean \"needs\"?"},
	    {CASE_CHECK(OBJECT ", applies = 'elf'"), "applies: must be a list of strings"},
	    {CASE_CHECK(OBJECT ", applies = {}"), "applies: must be a list of at least one string"},
	    {CASE_CHECK(OBJECT ", applies = { 'elfs' }"),
	     "applies: \"elfs\" is no kind, class or tag of objects; did you mean \"elf\"?"},
	    {CASE_CHECK(OBJECT ", applies = { 'sh' }"),
	     "applies: \"sh\" is no kind, class or tag of objects; did you mean \"shell\"?"},
	    {CASE_CHECK(OBJECT ", applies = { 'qqqqqqq' }"),
	     "applies: \"qqqqqqq\" is no kind, class or tag of objects: `probity check list --tags` names them"},
	    {CASE_CHECK("object = 'x'"), "object: must be a function(object, found), is a string"},
	    {CASE_CHECK("product = {}"), "product: must be a function(product, found), is a table"},
	    {CASE_CHECK("product = function() end, looks = [[ condition: true ]]"),
	     "looks: is for the function object, which is missing"},
	    {CASE_CHECK(OBJECT ", looks = 5"), "looks: must be a string"},
	    {CASE_CHECK(OBJECT ", looks = 'pattern: $a'"), "looks: is neither the body of a YARA rule"},
	    {CASE_CHECK(OBJECT ", looks = 'include \"x\"'"), "looks: is neither the body of a YARA rule"},
	    {CASE_CHECK(OBJECT ", limits = 5"), "limits: must be { instructions = ... }, is a number"},
	    {CASE_CHECK(OBJECT ",\nlimits = { memory = 5 }"), "x.lua:5: limits.memory: unknown limit: there are instructions, pattern and findings"},
	    {CASE_CHECK(OBJECT ", limits = { patern = 5 }"), "limits.patern: unknown limit: there are instructions, pattern and findings; did you mean \"pattern\"?"},
	    {CASE_CHECK(OBJECT ", limits = { findings = 10001 }"), "limits.findings: must be a whole number from 1 to 10000"},
	    {CASE_CHECK(OBJECT ", limits = { instructions = 0 }"), "limits.instructions: must be a whole number from 1 to 50000000"},
	    {CASE_CHECK(OBJECT ", limits = { pattern = 1.5 }"), "limits.pattern: must be a whole number from 1 to 50000000"},
	    /* maps */
	    {"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { "
	     "'paris:P6', 'cwe:32' },\n"
	     "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "maps: \"cwe:32\" is not in rulesets/mappings.ini; did you mean \"cwe:321\"?"},
	    {"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { "
	     "'cwe:321' },\n"
	     "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "maps: names no principle"},
	    {"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { "
	     "'paris:P6', 'paris:P6' },\n"
	     "samples = { hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "maps: \"paris:P6\" stands there twice"},
	    /* samples */
	    {"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { "
	     "'paris:P6' },\n"
	     "samples = { hit = { 'a' } }, " CASE_FINDINGS OBJECT "}",
	     "x.lua:2: samples: clean is missing: files in which the check must find nothing"},
	    {"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { "
	     "'paris:P6' },\n"
	     "samples = { hits = { 'a' }, hit = { 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "samples: unknown field \"hits\""},
	    {"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { "
	     "'paris:P6' },\n"
	     "samples = { hit = { kee = { 'a' } }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "samples.hit: \"kee\" is none of the findings; did you mean \"key\"?"},
	    {"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { "
	     "'paris:P6' },\n"
	     "samples = { hit = { key = 'a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "samples.hit.key: must be a list of strings"},
	    {"return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { "
	     "'paris:P6' },\n"
	     "samples = { hit = { '../a' }, clean = { 'b' } }, " CASE_FINDINGS OBJECT "}",
	     "samples.hit: \"../a\" lies outside"},
	    /* findings */
	    {"return { " CASE_HEADER "findings = {}, " OBJECT "}", "findings: is empty"},
	    {"return { " CASE_HEADER "findings = { 'x', key = { says = 's', fix = 'f' } }, " OBJECT "}",
	     "findings: holds a value without a name"},
	    {"return { " CASE_HEADER "findings = { Key = { says = 's', fix = 'f' } }, " OBJECT "}",
	     "findings: \"Key\" is no name for a finding"},
	    {"return { " CASE_HEADER "findings = { unknown = { says = 's', fix = 'f' } }, " OBJECT "}",
	     "findings: \"unknown\" is no name for a finding"},
	    {"return { " CASE_HEADER "findings = { key = 's' }, " OBJECT "}",
	     "findings.key: must be { says = ..., fix = ... }, is a string"},
	    {"return { " CASE_HEADER "findings = { key = { says = 's' } }, " OBJECT "}",
	     "findings.key.fix: is missing: what to do about it"},
	    {"return { " CASE_HEADER "findings = { key = { fix = 's' } }, " OBJECT "}", "findings.key.says: is missing"},
	    {"return { " CASE_HEADER "findings = {\nkey = {\nsays = '%x', fix = 'f' } }, " OBJECT "}",
	     "x.lua:5: findings.key.says: \"%x\" is no placeholder"},
	    {"return { " CASE_HEADER "findings = { key = { says = '%s%', fix = 'f' } }, " OBJECT "}",
	     "findings.key.says: \"%\" is no placeholder"},
	    {"return { " CASE_HEADER "findings = { key = { says = '%s%s%s%s%s%s%s%s%s%s', fix = 'f' } }, " OBJECT "}",
	     "more than 9 placeholders"},
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
		if (strstr(err.text, cases[i][1]) == NULL || strncmp(err.text, "scripts/integrity/x.lua:", 24) != 0 ||
		    strstr(err.text, "more)") != NULL)
			fail_msg("%s\n  gave: %s\n  want: %s", cases[i][0], err.text, cases[i][1]);
		case_close(&c);
	}
}

static void a_sound_check_is_read(void **state)
{
	static const char text[] =
	    "return {\n  title = [[Private\n    key]], why = 'W', catalogue = 'I-09', claim = 'credentials', severity = "
	    "'high', reliability = 'parsed',\n"
	    "  applies = { 'elf', 'package' }, online = true, maps = { 'paris:P6', 'cwe:321' },\n"
	    "  looks = [[\n    strings: $a = \"x\"\n    condition: $a // end ]],\n"
	    "  findings = { zwei = { says = '%d%% of %s', fix = 'F', severity = 'low', reliability = 'exact' }, eins = { says "
	    "= 'none', fix = 'G' } },\n"
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
	assert_int_equal(k->needs, PB_NEED_NOTHING);
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
		(void)snprintf(text, sizeof text,
		               "return { %s findings = { key = { says = 's', fix = 'f' } }, " OBJECT ", looks = [[%s]] }",
		               CASE_HEADER, cases[i][0]);
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

static void a_need_is_read(void **state)
{
	check_case c;
	pb_catalogue_options options;
	pb_catalogue *catalogue;
	pb_error err = {0};
	size_t n;

	(void)state;
	case_open(&c);
	options = case_options(&c);
	case_text(&c, "scripts/integrity/x.lua", CASE_CHECK("needs = 'clamav', product = function() end"));
	if (pb_catalogue_open(&options, &catalogue, &err) != PB_OK)
		fail_msg("%s", err.text);
	assert_int_equal(pb_catalogue_checks(catalogue, &n)->needs, PB_NEED_CLAMAV);
	pb_catalogue_close(catalogue);
	case_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(mistakes_are_told),
	    cmocka_unit_test(a_sound_check_is_read),
	    cmocka_unit_test(a_need_is_read),
	    cmocka_unit_test(looks_are_completed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
