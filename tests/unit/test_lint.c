/* Lint: the words of a file of Lua, and what is told of a check that loads. (What authors do wrong, in whole: tests/cli/mistakes.sh.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_case.h"
#include "checks/lua_tokens.h"
#include "facts/patterns.h"
#include "prng.h"

static pb_bytes bytes_of(const char *s)
{
	return (pb_bytes){(const uint8_t *)s, strlen(s)};
}

static void words_are_told_from_comments_and_strings(void **state)
{
	static const char *const cases[][2] = {
	    {"", ""},
	    {"a.b", "1:a 1:. 1:b "},
	    {"a -- b\nc", "1:a 2:c "},
	    {"--[[ a\nb ]] c", "2:c "},
	    {"--[==[ a ]] b ]==] c", "1:c "},
	    {"--[=x\ny", "2:y "},
	    {"x = \"a -- b\" y", "1:x 1:= 1:'a -- b' 1:y "},
	    {"'a\\'b' c", "1:'a\\'b' 1:c "},
	    {"\"open\nnext", "1:'open' 2:next "},
	    {"[[ a\nb]] c", "1:' a\nb' 2:c "},
	    {"[=[]]]=] c", "1:']]' 1:c "},
	    {"t[1] a==b ... ..", "1:t 1:[ 1:#1 1:] 1:a 1:== 1:b 1:... 1:.. "},
	    {"[[ never closed", "1:' never closed' "},
	    {"\"a\\\nb\" c", "1:'a\\\nb' 2:c "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char got[500] = "";
		size_t n;
		pb_token *t = pb_lua_tokens(bytes_of(cases[i][0]), &n);

		assert_non_null(t);
		for (size_t k = 0; k < n; k++)
			(void)snprintf(got + strlen(got), sizeof got - strlen(got), "%d:%s%.*s%s ", t[k].line,
			               t[k].type == PB_TOKEN_STRING ? "'" : t[k].type == PB_TOKEN_NUMBER ? "#" : "", (int)t[k].n, t[k].at,
			               t[k].type == PB_TOKEN_STRING ? "'" : "");
		assert_string_equal(got, cases[i][1]);
		free(t);
	}
}

/* Any bytes: each token lies inside of the text, behind the one before. */
static void any_bytes_are_taken(void **state)
{
	static const char alphabet[] = "[[]]==--\"'\\\n\r a1_.{}()\0\xff";
	prng seed = prng_of_case(4, 1);

	(void)state;
	for (int round = 0; round < 3000; round++) {
		size_t size = (size_t)prng_in(&seed, 0, 79), n;
		uint8_t *text = malloc(size > 0 ? size : 1); /* of its exact size, for who watches its ends */
		const char *last;
		pb_token *t;

		assert_non_null(text);
		for (size_t i = 0; i < size; i++)
			text[i] = (uint8_t)alphabet[prng_in(&seed, 0, (int)sizeof alphabet - 2)];
		last = (const char *)text;
		t = pb_lua_tokens((pb_bytes){text, size}, &n);
		assert_non_null(t);
		for (size_t i = 0; i < n; i++) {
			assert_true(t[i].at >= last && t[i].at + t[i].n <= (const char *)text + size);
			last = t[i].at + t[i].n;
		}
		free(t);
		free(text);
	}
}

/* What lint says of one file beside a small rulesets/; "" where there is nothing. */
static void lint(check_case *c, const char *text, char *out, size_t room)
{
	pb_catalogue_options options = case_options(c);
	pb_catalogue *catalogue;
	char file[300];
	const char *files[] = {file};
	const char *const *said;
	size_t n;
	pb_error err = {0};

	case_text(c, "mine/x.lua", text);
	case_text(c, "mine/x.samples/a", "x");
	case_text(c, "mine/x.samples/b", "x");
	(void)snprintf(file, sizeof file, "%s/mine/x.lua", c->dir);
	options.files = files;
	options.n_files = 1;
	options.without_own = true;
	options.lint = true;
	if (pb_catalogue_open(&options, &catalogue, &err) != PB_OK)
		fail_msg("%s", err.text);
	out[0] = '\0';
	said = pb_catalogue_noticed(catalogue, &n);
	for (size_t i = 0; i < n; i++)
		(void)snprintf(out + strlen(out), room - strlen(out), "%s\n", said[i] + strlen(file) + 1);
	pb_catalogue_close(catalogue);
}

#define TWO "found.key{ key = 'k', 'x' } found.other{ key = 'k', 1, 'x' }"
#define BODY(lines) CASE_CHECK("object = function(object, found) " lines " end")

static void calls_are_held_against_the_header(void **state)
{
	static const char *const cases[][2] = {
	    {BODY(TWO), ""},
	    /* what the text does not show is not judged */
	    {BODY("local raise = object.size > 1 and found.key or found.other raise{ key = 'k', 'x' }"), ""},
	    {BODY("for _, name in ipairs{ 'key', 'other' } do found[name]{ key = 'k', 'x' } end"), ""},
	    {"local function go(f) f.key{} f.other{} end " BODY("go(found)"), ""},
	    {BODY("found.key{ key = 'k', tostring(1) } found.other{ key = 'k', ('x'):byte(1, 2) }"), ""},
	    {BODY("found.key({ key = 'k', 'x' }) found['other']{ key = 'k', 1, (function(a, b) return a end)(1, 2) }"), ""},
	    {BODY("found.key{ key = { 1, 2 }, [\"at\"] = 1, 'x', } found.other{ key = 'k'; 1; 'x'; }"), ""},
	    {BODY("found.unknown('x') " TWO), ""},
	    {BODY("-- found.kye{}\nlocal s = 'found.kye' .. [[found.kye]] " TWO), ""},
	    /* what it shows is */
	    {BODY("found.key{ key = 'k', 'x' }"), "3: findings.other: is declared and never raised"},
	    {BODY("-- found.other\n" "found.key{ key = 'k', 'x' }"), "3: findings.other: is declared and never raised"},
	    {BODY(TWO "\nfound.ohter{ key = 'k' }"), "5: found.ohter: is raised, and `findings` declares no such finding; did you mean \"other\"?"},
	    {BODY(TWO " found.key{ 'x' }"), "4: found.key: key is missing"},
	    {BODY(TWO " found.key{ key = 'k', 'x', 'y' }"), "found.key: 2 values without a name, and says has 1 placeholder "},
	    {BODY(TWO " found.other{ key = 'k', 1 }"), "found.other: 1 value without a name, and says has 2 placeholders "},
	    {BODY(TWO " local n = object.facts.urlz"), "facts: there is no fact \"urlz\", so this is always nil; did you mean \"urls\"?"},
	    {BODY(TWO " local n = object:count('$a')"), "object:count: \"$a\": the check has no `looks`"},
	    {CASE_CHECK("looks = [[ strings: $ab = \"long text\" condition: $ab ]],\nobject = function(object, found) " TWO
	                " for at in object:hits('$ba') do end for at in object:hits('$ab') do end end"),
	     "5: object:hits: `looks` has no string \"$ba\""},
	    {CASE_CHECK("looks = [[ rule ab { condition: true } ]],\nobject = function(object, found) " TWO
	                " return object:matched('ab') or object:matched('ac') end"),
	     "5: object:matched: `looks` has no rule \"ac\""},
	};
	char said[2000];
	check_case c;

	(void)state;
	case_open(&c);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		lint(&c, cases[i][0], said, sizeof said);
		if (cases[i][1][0] == '\0' ? said[0] != '\0' : strstr(said, cases[i][1]) == NULL || strchr(said, '\n')[1] != '\0')
			fail_msg("%s\n  said: %s\n  want: %s", cases[i][0], said, cases[i][1]);
	}
	assert_string_equal(c.told, "");
	case_close(&c);
}

/* Who reads of a finding wants to know how to look for himself. */
static void a_way_to_confirm_is_asked_for(void **state)
{
	char said[2000], text[2000], *confirm;
	check_case c;

	(void)state;
	case_open(&c);
	(void)snprintf(text, sizeof text, "%s", BODY(TWO));
	assert_non_null(confirm = strstr(text, "confirm = 'C'"));
	memset(confirm, ' ', sizeof "confirm = 'C'," - 1);
	lint(&c, text, said, sizeof said);
	assert_non_null(strstr(said, "confirm: is missing"));
	memcpy(confirm, "confirm='safe'", sizeof "confirm='safe'" - 1);
	confirm[sizeof "confirm='safe'" - 1] = ',';
	lint(&c, text, said, sizeof said);
	assert_non_null(strstr(said, "confirm: says \"safe\""));
	case_close(&c);
}

static void rows_are_known(void **state)
{
	char said[2000];
	check_case c;

	(void)state;
	case_open(&c);
	lint(&c, CASE_CHECK("catalogue = 'I-08', object = function(o, found) " TWO " end"), said, sizeof said);
	assert_string_equal(said, ""); /* no rulesets/catalogue.ini: no row is unknown */
	case_text(&c, "rulesets/catalogue.ini", "[integrity]\nI-09 = Keys\n");
	lint(&c, CASE_CHECK("catalogue = 'I-08', object = function(o, found) " TWO " end"), said, sizeof said);
	assert_non_null(strstr(said, "there is no row I-08 in rulesets/catalogue.ini; did you mean \"I-09\"?"));
	lint(&c, CASE_CHECK("catalogue = 'I-09', object = function(o, found) " TWO " end"), said, sizeof said);
	assert_null(strstr(said, "I-09"));
	case_close(&c);
}

static void note(void *user, const char *message)
{
	char *said = user;

	(void)snprintf(said + strlen(said), 2000 - strlen(said), "%s\n", message);
}

static void patterns_are_weighed(void **state)
{
	static const char *const cases[][2] = {
	    {"rule r { strings: $a = \"long enough\" condition: $a }", ""},
	    {"rule r { strings: $a = \"MZ\" condition: $a at 0 }", ""}, /* looked for at one place only */
	    {"rule r { strings: $a = { 4D 5A 90 00 03 } condition: $a }", ""},
	    {"rule r { strings:\n $a = \"abc\"\n condition: $a }", "x.lua:11: looks: $a has 3 bytes"},
	    {"rule r { strings: $a = \"FUNCTION\" nocase condition: $a }", "x.lua:10: looks: $a is in nearly every file"},
	    {"rule r { strings: $a = /.*b.*/ condition: $a }", "YARA finds no run of bytes in it to look for first"},
	    {"rule r { strings: $a = \"abc\" condition: $b }", ""}, /* it does not compile: told elsewhere */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		pb_pattern_source source = {.space = "x", .text = cases[i][0], .file = "x.lua", .line = 10};
		char said[2000] = "";

		assert_int_equal(pb_patterns_lint(&source, note, said), 0);
		if (cases[i][1][0] == '\0' ? said[0] != '\0' : strstr(said, cases[i][1]) == NULL)
			fail_msg("%s\n  said: %s\n  want: %s", cases[i][0], said, cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_are_told_from_comments_and_strings),
	    cmocka_unit_test(any_bytes_are_taken),
	    cmocka_unit_test(calls_are_held_against_the_header),
	    cmocka_unit_test(a_way_to_confirm_is_asked_for), cmocka_unit_test(rows_are_known),
	    cmocka_unit_test(patterns_are_weighed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
