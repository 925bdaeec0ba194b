/* Comments: in each language what is one, and what only looks like one. */
#include "facts_case.h"

/* In the text, the bytes between '{' and '}' marks (U+0001 and U+0002 here) lie in comments, and no others. */
#define C "\001"
#define E "\002"

static void check(const char *kind, const char *marked)
{
	char text[4096];
	bool expected[4096], in = false;
	size_t n = 0;

	for (const char *p = marked; *p; p++) {
		if (*p == *C || *p == *E) {
			in = *p == *C;
			continue;
		}
		expected[n] = in;
		text[n++] = *p;
	}
	text[n] = '\0';
	/* A copy of its own, so that a read past the end is seen. */
	uint8_t *own = malloc(n + 1);
	assert_non_null(own);
	memcpy(own, text, n);
	pb_comments *c = pb_comments_of((pb_bytes){own, n}, pb_kind_named(kind));
	for (size_t i = 0; i < n; i++)
		if (pb_comments_at(c, i) != expected[i])
			fail_msg("%s: at %zu of %s", kind, i, text);
	assert_false(pb_comments_at(c, n + 100));
	pb_comments_free(c);
	free(own);
}

static void c_family(void **state)
{
	(void)state;
	check("c", "int x; " C "/* http://a */" E " y = \"/* no */ // no\"; " C "// yes" E "\nz");
	check("c", "char q = '\"'; " C "// it's" E "\nchar s = '\\''; " C "/* \" */" E "x");
	check("c", "a /* never closed " C "// b" E "\nc");
	check("c", "\"unclosed " C "// a lone quote opens nothing" E "\n" C "// yes" E "\n");
	check("rust-source", "fn f<'a>(x: &'a str) {} " C "// the 'a lifetime" E "\nlet y = 1;");
	check("go-source", "x := `raw // no\n/* no */` " C "// yes" E "");
	check("java", "s = \"\"\"\n // no\n\"\"\"; " C "// yes" E "");
	check("css", "a { b: url(http://x//y) } " C "/* c */" E " d");
}

static void javascript(void **state)
{
	(void)state;
	check("javascript", "var u = 'http://x//y'; " C "// c" E "\nvar v = \"//\"; f();");
	check("javascript", "s.replace(/\\/\\*/g, '') " C "// c" E "\n");
	check("javascript", "x = /[/\"']/.test(y); " C "// c" E "\n");
	check("javascript", "x = a / b; y = c / d; " C "// c" E "\n");
	check("javascript", "return /'/.test(x) " C "/* c */" E " ;");
	check("javascript", "`a ${b ? `http://c/${d}` : {e: '//'}} // no` " C "// yes" E "\n");
	check("javascript", "`no ${ " C "/* yes */" E " x } // no`\n");
	check("javascript", "x = /unclosed [ regex\ny = 'a//b'; " C "// c" E "\n");
	check("typescript", "let a: string = 'x'; " C "// y" E "");
}

static void shells_and_scripts(void **state)
{
	(void)state;
	check("shell", C "#!/bin/sh" E "\necho ${#x} $# a#b " C "# c" E "\n");
	check("shell", "echo 'it # no' \"# no\n# no\" " C "# yes" E "\n");
	check("shell", "echo \\' " C "# yes ' \"" E "\n");
	check("shell", "cat <<EOF >x\n# no\nEOF\n" C "# yes" E "\n");
	check("shell", "cat <<-'end'\n\t# no\n\tend\n" C "# yes" E "\n");
	check("shell", "x=$((1<<2))\n" C "# yes" E "\ny=$((a<<b))\n" C "# yes" E "\nb\n");
	check("shell", "cat <<LOST\n" C "# the word never comes" E "\n");
	check("python", "x = '''a\n# no\n''' " C "# yes" E "\ny = \"#\" " C "# it's" E "\nz");
	check("perl", "my $n = $#array; m#x#; " C "# c" E "\n\n" C "=head1 NAME\n\nhttp://x\n\n=cut" E "\nprint 1;");
	check("ruby", C "=begin\ndoc\n=end" E "\nputs \"#{x}\" " C "# c" E "\n");
	check("powershell", "$a = '<# no #>' " C "<# yes\n #>" E " ; " C "# c" E "\n");
	check("batch", C "REM http://x\r" E "\nset remark=1\r\n  " C ":: c" E "\n");
	check("lua", "x = [[ -- no ]] " C "-- yes" E "\n" C "--[==[ a ]] \n b ]==]" E " y = a[b[1]] " C "-- c" E "\n");
	check("yaml", "a: http://x#y " C "# c" E "\n");
	check("ini", C "; c" E "\na = b ; no\n  " C "# c" E "\n");
	check("sql", "select '--' " C "-- c" E "\n" C "/* d */" E "");
	check("lisp", "(a \"; no\") " C "; c" E "\n");
}

/* Documentation is a comment where nothing could run it. */
static void documentation_of_python(void **state)
{
	(void)state;
	check("python", "" C "#!/usr/bin/python3" E "\n\n" C "\"\"\"Of the file.\n\nos.system('x')\"\"\"" E "\nimport os\n");
	check("python", "def f(a, b=[1]) -> Dict[str, int]:\n    " C "'''Says.\n    urlopen(x)\n    '''" E "\n    urlopen(a)\n");
	check("python", "class A(B):\n\n    r" C "\"\"\"Says.\"\"\"" E "  " C "# more" E "\n");
	check("python", "    async def f(\n        a,\n        b: int,\n    ) -> None:\n        " C "\"\"\"x\"\"\"" E "\n        pass\n");
	/* whatever may be code for somebody is none */
	check("python", "x = 1\n\"\"\"os.system('x')\"\"\"\n");
	check("python", "exec(\n\"\"\"os.system('x')\"\"\"\n)\n");
	check("python", "d = {'a':\n\"\"\"os.system('x')\"\"\"\n}\nexec(d['a'])\n");
	check("python", "def f(x={1:\n\"\"\"os.system('x')\"\"\"\n}):\n  exec(x[1])\n");
	check("python", "def f(): x = {1:\n\"\"\"os.system('x')\"\"\"\n}\n");
	check("python", "def f(x):\n  \"\"\"os.system('x')\"\"\".split()\n");
	check("python", "if x:\n  \"\"\"os.system('x')\"\"\"\n");
	check("python", "f'''def g(x):'''\nif x:\n  \"\"\"y\"\"\"\n");
	check("python", "\"\"\"os.system('x')\"\"\"\nexec(__doc__)\n");
	check("python", "\"\"\"never closed\n");
}

static void markup(void **state)
{
	(void)state;
	check("html", "<a href='http://x'><!-- "
	              "unclosed");
	check("html", "<a>" C "<!-- http://x -->" E "</a>");
	check("xml", "<a>" C "<!-- b -->" E "<c/>" C "<!---->" E "");
	check("php", "<p># no // no</p>" C "<!-- c -->" E "<?php " C "// c " E "?> # no <?php $x = '//'; " C "# d" E "\n" C
	             "/* e */" E " $y = <<<EOT\n// no\nEOT;\n" C "// f" E "\n");
	check("json", "{\"a\": \"// no\"}");
	check("text", "# no\n// no\n");
	assert_null(pb_comments_of((pb_bytes){(const uint8_t *)"# x", 3}, pb_kind_named("text")));
	assert_false(pb_comments_at(NULL, 0));
	pb_comments_free(NULL);
}

/* A misread quote in minified code must not turn the rest of the file into one comment. */
static void long_lines_are_no_comments(void **state)
{
	char text[10000];

	(void)state;
	memset(text, 'x', sizeof text);
	memcpy(text, "a=1// ", 6);
	pb_comments *c = pb_comments_of((pb_bytes){(const uint8_t *)text, sizeof text}, pb_kind_named("javascript"));
	assert_false(pb_comments_at(c, 5000));
	pb_comments_free(c);
}

/* Inputs that invite to look for the same end again and again. Each takes milliseconds, or the test's time runs out. */
static void stays_linear(void **state)
{
	static const struct {
		const char *kind, *piece;
	} cases[] = {{"javascript", "(/[(/[(/["},
	             {"javascript", "\"\\\"\\\"\\\""},
	             {"javascript", "`${`${"},
	             {"javascript", "/* "},
	             {"shell", "cat <<LOST 'x\n"},
	             {"shell", "'\"\\'"},
	             {"lua", "[==[ ]=] "},
	             {"perl", "=begin\n"},
	             {"perl", "=a\n\n=b\n"},
	             {"php", "<!-- "},
	             {"php", "<?php '"},
	             {"python", "'''\"\"\""},
	             {"c", "'x\\'"},
	             {"ini", "\t \t #"},
	             {"python", ":\n''''''\n"},
	             {"python", "\n\"\"\"\"\"\"\n#"},
	             {"go-source", "`'\""}};
	enum { SIZE = 2 << 20 };
	uint8_t *text = malloc(SIZE);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t n = strlen(cases[i].piece);
		for (size_t at = 0; at < SIZE; at++)
			text[at] = (uint8_t)cases[i].piece[at % n];
		pb_comments *c = pb_comments_of((pb_bytes){text, SIZE}, pb_kind_named(cases[i].kind));
		(void)pb_comments_at(c, SIZE / 2);
		pb_comments_free(c);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(c_family),
	    cmocka_unit_test(javascript),
	    cmocka_unit_test(shells_and_scripts),
	    cmocka_unit_test(documentation_of_python),
	    cmocka_unit_test(markup),
	    cmocka_unit_test(long_lines_are_no_comments),
	    cmocka_unit_test(stays_linear),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
