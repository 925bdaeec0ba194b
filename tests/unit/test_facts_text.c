/* Facts of texts: URLs and hosts, capabilities of scripts, imports, measures, licences, bills of materials. */
#include "facts_case.h"
#include "scratch.h"

/* The hosts of a text, in one line: "scheme://host[=domain][#comment] ...". */
static char *hosts_line(const json_t *facts)
{
	pb_buf line = {0};
	json_t *host;
	size_t i;

	json_array_foreach (json_object_get(facts, "hosts"), i, host) {
		pb_buf_printf(&line, "%s%s://%s", i ? " " : "", pb_json_str(host, "scheme", "?"),
		              pb_json_str(host, "host", "?"));
		if (json_object_get(host, "domain"))
			pb_buf_printf(&line, "=%s", pb_json_str(host, "domain", ""));
		if (json_is_true(json_object_get(host, "comment")))
			pb_buf_puts(&line, "#");
	}
	return line.data ? (char *)line.data : strdup("");
}

static void assert_hosts(void **state, const char *text, const char *kind, const char *expected)
{
	json_t *facts = facts_of_text(state, text, "", kind);
	char *line = hosts_line(facts);
	if (strcmp(line, expected) != 0)
		fail_msg("%s\n  instead of\n%s\n  in\n%s", line, expected, text);
	free(line);
	json_decref(facts);
}

static void hosts_that_are_there(void **state)
{
	assert_hosts(state, "see http://popcon.debian.org/cgi-bin/x.", "text", "http://popcon.debian.org=debian.org");
	assert_hosts(state, "HTTPS://User:pw@WWW.Example.CO.UK:8443/a?b#c", "text", "https://www.example.co.uk=example.co.uk");
	assert_hosts(state, "(https://a.example.com), \"wss://b.example.com/\" <ftp://c.example.com>", "text",
	             "https://a.example.com=example.com wss://b.example.com=example.com ftp://c.example.com=example.com");
	assert_hosts(state, "http://127.0.0.1:80/ http://[2001:db8::1]/x http://localhost:3000", "text",
	             "http://127.0.0.1 http://2001:db8::1 http://localhost");
	assert_hosts(state, "{\"u\":\"https:\\/\\/json.example.com\\/p\"}", "json", "https://json.example.com=example.com");
	assert_hosts(state, "\"x\\nhttp://after-escape.example.com\\n\\tws://w.example.com\"", "javascript",
	             "http://after-escape.example.com=example.com ws://w.example.com=example.com");
	assert_hosts(state, "https://host.example.com:${PORT}/x", "shell", "https://host.example.com=example.com");
	assert_hosts(state, "http://router.local/ http://x.abcdefghij.onion/", "text",
	             "http://router.local=router.local http://x.abcdefghij.onion=abcdefghij.onion");
	assert_hosts(state, "https://xn--bcher-kva.example.com. End", "text", "https://xn--bcher-kva.example.com=example.com");
	assert_hosts(state, "https://me.github.io/x https://github.io/", "text",
	             "https://me.github.io=me.github.io https://github.io");
}

static void hosts_that_are_not(void **state)
{
	assert_hosts(state, "http:// https://${host}/x https://%s/y http://$HOST/ https://{{host}}/", "shell", "");
	assert_hosts(state, "https://api.${region}.example.com/ https://foo.com{path} http://example.com%s", "javascript", "");
	assert_hosts(state,
	             "http://server/ http://a..example.com/ http://-a.example.com http://a-.example.com http://a_b.example.com",
	             "text", "");
	assert_hosts(state, "http://example.nosuchtld/ http://999.1.2.3/ http://1.2.3/ http://[::zz]/ http://[::1", "text", "");
	assert_hosts(state, "news://a.example.com sftp://b.example.com xws://c.example.com gopher://d.example.com", "text", "");
	assert_hosts(state, "http://example.com:123456/ http://example.com:80a/", "text", "");
	assert_hosts(state, "http://\xd0\xb0.example.com/", "text", "");
}

/* A short domain is found only where the whole host is it. */
static void whole_hosts_only(void **state)
{
	assert_hosts(state, "https://t.co/x https://t.company/x https://at.co", "text",
	             "https://t.co=t.co https://t.company=t.company https://at.co=at.co");
}

static void namespaces_are_no_hosts(void **state)
{
	json_t *facts = facts_of_text(state,
	                              "<svg xmlns=\"http://www.w3.org/2000/svg\" a='http://www.w3.org/2001/XMLSchema#string'>"
	                              "http://www.w3.org/collect</svg>",
	                              ".svg", "svg");

	assert_json(at(facts, "urls", "0", "namespace", NULL), "true");
	assert_json(at(facts, "urls", "1", "namespace", NULL), "true");
	assert_json(at(facts, "urls", "2", "namespace", NULL), "false");
	assert_json(at(facts, "hosts", NULL),
	            "[{\"at\":84,\"comment\":false,\"domain\":\"w3.org\",\"host\":\"www.w3.org\",\"scheme\":\"http\"}]");
	pb_facts_keep(facts);
	assert_int_equal(json_array_size(at(facts, "urls", NULL)), 1);
	json_decref(facts);
}

static void comments_and_schemes_of_hosts(void **state)
{
	assert_hosts(state, "// http://a.example.com\n", "javascript", "http://a.example.com=example.com#");
	assert_hosts(state, "// http://a.example.com\nf('https://a.example.com')\n", "javascript",
	             "https://a.example.com=example.com");
	assert_hosts(state, "f('https://a.example.com'); f('http://a.example.com'); // x\n", "javascript",
	             "http://a.example.com=example.com");
	json_t *facts = facts_of_text(state, "// http://a.example.com/x\nf('http://a.example.com/x')\n", "", "javascript");
	assert_json(at(facts, "urls", NULL),
	            "[{\"at\":29,\"comment\":false,\"domain\":\"example.com\",\"host\":\"a.example.com\",\"namespace\":false,"
	            "\"scheme\":\"http\",\"url\":\"http://a.example.com/x\"}]");
	assert_json(at(facts, "hosts", "0", "at", NULL), "29");
	json_decref(facts);
	/* only comments: the first of them; order is that of the offsets which are told */
	facts = facts_of_text(state,
	                      "/* http://b.example.com */ /* http://a.example.com */ /* http://a.example.com */\n"
	                      "f('http://b.example.com'); f('http://b.example.com')",
	                      "", "javascript");
	assert_json(at(facts, "urls", "0", "at", NULL), "30");
	assert_json(at(facts, "urls", "0", "comment", NULL), "true");
	assert_json(at(facts, "urls", "1", "at", NULL), "84");
	assert_json(at(facts, "urls", "1", "comment", NULL), "false");
	json_decref(facts);
}

static void ends_of_urls(void **state)
{
	static const struct {
		const char *text, *url;
	} cases[] = {
	    {"[x](https://e.example.com/a_(b)), next", "https://e.example.com/a_(b)"},
	    {"'https://e.example.com/a?b=c&d=%20#e'", "https://e.example.com/a?b=c&d=%20#e"},
	    {"https://e.example.com/a.  Then", "https://e.example.com/a"},
	    {"https://e.example.com/${x}/y", "https://e.example.com/"},
	    {"https://E.example.com/CaSe\\n", "https://e.example.com/CaSe"},
	    {"https://e.example.com?x", "https://e.example.com?x"},
	    {"https://e.example.com:8080", "https://e.example.com:8080"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *facts = facts_of_text(state, cases[i].text, "", "text");
		assert_string_equal(pb_json_str(at(facts, "urls", "0", NULL), "url", ""), cases[i].url);
		json_decref(facts);
	}
}

/* Wide strings of Windows programs, and the run-together strings of Go's. */
static void urls_in_binaries(void **state)
{
	static const char plain[] = "https://wide.example.com/p";
	char wide[2 * sizeof plain + 4] = "..";
	for (size_t i = 0; i < sizeof plain - 1; i++)
		wide[2 + 2 * i] = plain[i];
	json_t *facts = facts_of(state, wide, sizeof wide, "", "pe");
	assert_string_equal(pb_json_str(at(facts, "urls", "0", NULL), "url", ""), plain);
	assert_json(at(facts, "urls", "0", "at", NULL), "2");
	json_decref(facts);
	facts = facts_of_text(state, "https://a.example.com/xhttps://b.example.com/ynext", "", "elf");
	assert_string_equal(pb_json_str(at(facts, "urls", "0", NULL), "url", ""), "https://a.example.com/x");
	assert_string_equal(pb_json_str(at(facts, "urls", "1", NULL), "url", ""), "https://b.example.com/ynext");
	json_decref(facts);
}

/* More URLs than are kept: the first ones stay, in order, and the cut is told. */
static void too_many_urls(void **state)
{
	pb_buf text = {0};
	for (int i = 0; i < 3000; i++)
		assert_int_equal(pb_buf_printf(&text, "http://h%d.example.com/\n", i), 0);
	json_t *facts = facts_of(state, text.data, text.size, "", "text");
	assert_int_equal(json_array_size(at(facts, "urls", NULL)), 2000);
	assert_int_equal(json_array_size(at(facts, "hosts", NULL)), 1000);
	assert_json(at(facts, "cut", NULL), "[\"hosts\",\"urls\"]");
	assert_string_equal(pb_json_str(at(facts, "urls", "1999", NULL), "host", ""), "h1999.example.com");
	json_decref(facts);
	pb_buf_free(&text);
}

static void capabilities_of_scripts(void **state)
{
	static const struct {
		const char *kind, *text, *expected;
	} cases[] = {
	    {"javascript", "const cp = require('child_process')", "exec:child-process"},
	    {"javascript", "import { spawn } from \"node:child_process\"", "exec:child-process"},
	    {"javascript", "// require('child_process')\n", "exec:child-process#"},
	    {"javascript", "// require('child_process')\nrequire('child_process')\n", "exec:child-process"},
	    {"javascript", "await fetch(`${u}/x`)", "net-connect:fetch"},
	    {"javascript", "class A { fetch(x) { return cache.fetch(x) } }", ""},
	    {"javascript", "exec('x'); text = 'child_process'", ""},
	    {"typescript", "import net from 'net'", "net-connect:http-module"},
	    {"shell", "if true; then curl -s http://x; fi", "net-connect:curl"},
	    {"shell", "apt-get install libcurl4; echo curling", "net-connect:package-fetch"},
	    {"shell", "# wget http://x\n", ""},
	    {"shell", "# and then wget http://x\n", "net-connect:wget#"},
	    {"shell", "ls | sh", ""},
	    {"shell", "exec 3<>/dev/tcp/10.0.0.1/80", "net-connect:dev-tcp"},
	    {"shell", "chmod 4755 /usr/bin/x; chmod 0755 y", "privilege:setuid-bit"},
	    {"shell", "systemctl --now enable x.service", "persist:systemctl"},
	    {"python", "import os, subprocess\nsubprocess.run(['ls'])", "exec:subprocess"},
	    {"python", "import subprocess\nimport requests", "exec:subprocess net-connect:http-client"},
	    {"python", "try: import requests as r\nexcept ImportError:\n\timport http.client # plain",
	     "net-connect:http-client"},
	    {"python", "  from pynput.mouse import Button", "input-capture:keyboard-hook"},
	    {"python", "x = 1; from mouse import move\r\n", "input-capture:keyboard-hook"},
	    {"python", "import keyboard", "input-capture:keyboard-hook"},
	    {"python", "from pip._vendor import six, requests", "net-connect:http-client"},
	    {"python", "from . import requests\nfrom .requests import get", ""},
	    {"python", "import mousetrap, requestsx, my.requests\nfrom requests_toolbelt import x", ""},
	    {"python",
	     "'''Takes events from mouse and keyboard,\nfrom mouse, or\nfrom keyboard\nimport mouse events,\n"
	     "please import requests\n>>> import requests\n'''",
	     ""},
	    {"python", "# import requests\n", ""},
	    {"javascript", "import a, { b } from 'net'", "net-connect:http-module"},
	    {"javascript", "import{\n a as b,\n c\n}\nfrom\"node:net\";", "net-connect:http-module"},
	    {"javascript", "x();import*as n from'net'", "net-connect:http-module"},
	    {"javascript", "export * from 'axios'; import type W from 'got'", "net-connect:fetch-library"},
	    {"javascript", "const f = await import('dns/promises')", "net-connect:dns-module"},
	    {"javascript", "f(\"a value from 'net'\"); g('read from `request`'); h(\"import x from 'ws'\")", ""},
	    {"python", "s.connect((host, 80))\ndb.connect('x')", "net-connect:socket-connect"},
	    {"perl", "use IO::Socket::INET;\nsystem(\"ls\");", "exec:system net-connect:socket"},
	    {"php", "<?php $x = shell_exec($c); $db->exec('q'); curl_exec($h);", "exec:exec net-connect:curl"},
	    {"ruby", "require 'net/http'\n`ls`", "net-connect:http"},
	    {"powershell", "IEX (New-Object Net.WebClient).DownloadString('x')", "exec:start-process net-connect:web-client"},
	    {"text", "require('child_process') curl -s x", ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *facts = facts_of_text(state, cases[i].text, "", cases[i].kind), *entry;
		pb_buf line = {0};
		size_t k;
		json_array_foreach (at(facts, "capabilities", NULL), k, entry)
			pb_buf_printf(&line, "%s%s:%s%s", k ? " " : "", pb_json_str(entry, "capability", ""),
			              pb_json_str(entry, "by", ""), json_is_true(json_object_get(entry, "comment")) ? "#" : "");
		if (strcmp(line.data ? (char *)line.data : "", cases[i].expected) != 0)
			fail_msg("%s instead of %s: %s", line.data ? (char *)line.data : "", cases[i].expected, cases[i].text);
		pb_buf_free(&line);
		json_decref(facts);
	}
}

/* An import is found by the end of the line before, too: the fact tells where the statement begins. */
static void capabilities_begin_at_the_statement(void **state)
{
	json_t *facts = facts_of_text(state, "x = 1\r\n\n  import requests\n", "", "python");
	assert_json(at(facts, "capabilities", "0", "at", NULL), "10");
	json_decref(facts);
}

/* A thousand mentions in comments do not hide the one use behind them. */
static void comments_do_not_hide_a_use(void **state)
{
	pb_buf text = {0};
	for (int i = 0; i < 1500; i++)
		pb_buf_puts(&text, "// require('child_process')\n");
	pb_buf_puts(&text, "require('child_process')\n");
	json_t *facts = facts_of(state, text.data, text.size, "", "javascript");
	assert_json(at(facts, "capabilities", "0", "comment", NULL), "false");
	json_decref(facts);
	pb_buf_free(&text);
}

static void imports_of_scripts(void **state)
{
	json_t *facts = facts_of_text(
	    state,
	    "const a = require('./lib/a'), b = require( \"b\" ), c = require(name);\n"
	    "import d from './d.mjs'; // require('no')\nimport('./e'); require(`./${x}`); myrequire('f'); require('./lib/a')",
	    ".js", "javascript");
	assert_json(at(facts, "imports", NULL), "[\"./lib/a\",\"b\",\"./d.mjs\",\"./e\"]");
	json_decref(facts);
	facts =
	    facts_of_text(state, "import os, sys as s\nfrom .lib import x\n# import no\nfrom here to there\n  import json\n",
	                  ".py", "python");
	assert_json(at(facts, "imports", NULL), "[\"os\",\"sys\",\".lib\",\"json\"]");
	json_decref(facts);
}

static void measures(void **state)
{
	uint8_t all[2560];
	for (size_t i = 0; i < sizeof all; i++)
		all[i] = (uint8_t)i;
	json_t *facts = facts_of(state, all, sizeof all, "", "data");
	assert_json(at(facts, "entropy", NULL), "1000");
	assert_null(at(facts, "text", NULL));
	assert_json(at(facts, "tags", NULL), "[\"any\",\"data\"]");
	json_decref(facts);
	facts = facts_of_text(state, "aaaa", "", "text");
	assert_json(at(facts, "entropy", NULL), "0");
	json_decref(facts);
	facts = facts_of_text(state, "abab", "", "text");
	assert_json(at(facts, "entropy", NULL), "125");
	json_decref(facts);
	facts = facts_of_text(state, "one\ntwo two\nthree", "", "text");
	assert_json(at(facts, "text", NULL), "{\"encoding\":\"ascii\",\"lines\":3,\"longest\":7}");
	json_decref(facts);
	facts = facts_of_text(state, "gr\xc3\xbc\xc3\x9f\n", "", "text");
	assert_json(at(facts, "text", "encoding", NULL), "\"utf-8\"");
	json_decref(facts);
	facts = facts_of_text(state, "gr\xfc\xdf\n", "", "text");
	assert_json(at(facts, "text", "encoding", NULL), "\"latin\"");
	json_decref(facts);
	facts = facts_of(state, NULL, 0, "", "text");
	assert_null(at(facts, "entropy", NULL));
	assert_tag(facts, "any", true);
	json_decref(facts);
}

static void licences(void **state)
{
	static const struct {
		const char *text, *name_class, *kind, *expected;
	} cases[] = {
	    {"/* SPDX-License-Identifier: GPL-2.0-or-later */\nint x;", ".c", "c", "{\"spdx\":[\"GPL-2.0-or-later\"]}"},
	    {"<!-- SPDX-License-Identifier: MIT OR (Apache-2.0 WITH LLVM-exception) AND Zlib -->", ".html", "html",
	     "{\"spdx\":[\"Apache-2.0\",\"MIT\",\"Zlib\"]}"},
	    {"# SPDX-License-Identifier:", ".py", "python", "(absent)"},
	    {"Permission is hereby granted, free of charge, to any person\n * obtaining a copy, subject to the following "
	     "conditions:\n"
	     "The above copyright notice and this permission notice shall be\n included",
	     "license", "text", "{\"spdx\":[\"MIT\"]}"},
	    {"   GNU GENERAL PUBLIC LICENSE\n     Version 3, 29 June 2007\n see also the GNU Lesser General Public License",
	     "copying", "text", "{\"spdx\":[\"GPL-3.0\"]}"},
	    {"   GNU GENERAL PUBLIC LICENSE\n     Version 3, 29 June 2007\n", ".txt", "text", "(absent)"},
	    {"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: x\n"
	     "License: GPL-3+ or Artistic\n text\n\nFiles: y\nLicense: Expat\n\nLicense: own-1\n",
	     "copyright", "text", "{\"names\":[\"own-1\"],\"spdx\":[\"Artistic-1.0-Perl\",\"GPL-3.0-or-later\",\"MIT\"]}"},
	    {"On Debian systems see /usr/share/common-licenses/GPL-2.", "copyright", "text", "{\"spdx\":[\"GPL-2.0\"]}"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *facts = facts_of_text(state, cases[i].text, cases[i].name_class, cases[i].kind);
		assert_json(at(facts, "license", NULL), cases[i].expected);
		json_decref(facts);
	}
}

static void bills_of_materials(void **state)
{
	static const struct {
		const char *text, *kind, *expected;
	} cases[] = {
	    {"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{},{}]}", "json",
	     "{\"components\":2,\"format\":\"cyclonedx\",\"version\":\"1.5\"}"},
	    {"{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[{}]}", "json",
	     "{\"components\":1,\"format\":\"spdx-json\",\"version\":\"SPDX-2.3\"}"},
	    {"SPDXVersion: SPDX-2.2\nDataLicense: CC0-1.0\nPackageName: a\nPackageName: b\n", "text",
	     "{\"components\":2,\"format\":\"spdx-tag\",\"version\":\"SPDX-2.2\"}"},
	    {"{\"bomFormat\":\"CycloneDX\",", "json", "(absent)"},
	    {"{\"x\":{\"bomFormat\":\"CycloneDX\"}}", "json", "(absent)"},
	    {"A text about SPDXVersion: and so on\n", "text", "(absent)"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *facts = facts_of_text(state, cases[i].text, "", cases[i].kind);
		assert_json(at(facts, "sbom", NULL), cases[i].expected);
		json_decref(facts);
	}
}

static void changelogs(void **state)
{
	static const struct {
		const char *text, *newest; /* NULL: none */
	} cases[] = {
	    {"twin (1.0-1) unstable; urgency=low\n\n  * A change.\n\n -- A <a@x.org>  Mon, 02 Jan 2012 10:00:00 +0000\n"
	     "\n -- B <b@x.org>  Sun, 1 Jan 2012 10:00:00 +0000\n",
	     "2012-01-02"},
	    {" -- A > B <a@x.org>  Thu, 29 Feb 2024 23:59:59 -1200\r\n", "2024-02-29"},
	    {"# Changes\n\n## [1.0.1](https://x.org/v1.0.1) (2012-05-06)\n## 1.0.0 - 2013-01-01\n", "2013-01-01"},
	    {"1.0.2 / 2014-02-03\n===\n\nv1.0.1 (2015-01-01)\n---\n[1.0.0] 2016-01-01", "2016-01-01"},
	    {"2017-08-09  A Person  <a@x.org>\n\n\t* file.c: Change.\n", "2017-08-09"},
	    {"## 2012-05-06\n## 2099-12-31\n", "2099-12-31"},
	    {"- first release\n* fixed on 2012-05-06\n  2012-05-06\n", NULL},
	    {"## 12012-05-06\n## 2012-05-061\n## 2012-13-01\n## 2011-02-29\n## 1969-12-31\n## 0000-00-00\n## 2012/05/06\n",
	     NULL},
	    {"## 99999-99-99 2012-05-06\n", "2012-05-06"},
	    {" -- A <a@x.org>  Mon, 30 Feb 2012\n -- A <a@x.org>  Mon, -1 Jan 2012\n -- A <a@x.org>  Mon, 02 anF 2012\n"
	     " -- A <a@x.org>  Mon, 02 J 2012\n -- A <a@x.org>  Mon, 02 Jan -201\n -- A <a@x.org>\n -- A 02 Jan 2012\n -- \n",
	     NULL},
	    {" -- A <a@x.org>                                                                     Mon, 02 Jan 2012\n", NULL},
	    {"", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *facts = facts_of_text(state, cases[i].text, "changelog", "text");
		const char *newest = pb_json_str(at(facts, "changelog", NULL), "newest", "(absent)");
		if (strcmp(newest, cases[i].newest ? cases[i].newest : "(absent)") != 0)
			fail_msg("%s: %s", newest, cases[i].text);
		json_decref(facts);
	}
	static const struct {
		const char *text, *versions;
	} told[] = {
	    {"twin (1:1.0-1+deb12u1) unstable; urgency=low\n\n  * 3.4.5 is no heading.\n\ntwin (0.9~rc1) x; urgency=low\n",
	     "[\"1:1.0-1+deb12u1\",\"0.9~rc1\"]"},
	    {"# Changes\n## [1.0.1](https://x.org/v1.0.1) (2012-05-06)\n### v1.0.0-beta.2 - 2013-01-01\n# name@0.9.0\n",
	     "[\"1.0.1\",\"1.0.0-beta.2\",\"0.9.0\"]"},
	    {"1.0.2 / 2014-02-03\n[1.0.0] 2016-01-01\nVersion 0.9\nrelease 0.8.1 (old)\n2017-08-09  A Person\nv7\n",
	     "[\"1.0.2\",\"1.0.0\",\"0.9\",\"0.8.1\"]"},
	    {"## a1.2 x.3.4\n(1.0) ; urgency=\ntwin 1.0; urgency=low\n## 1.\n## ...\n", NULL},
	};
	for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
		json_t *facts = facts_of_text(state, told[i].text, "changelog", "text");
		json_t *versions = json_object_get(json_object_get(facts, "changelog"), "versions");
		if (told[i].versions)
			assert_json(versions, told[i].versions);
		else
			assert_null(versions);
		json_decref(facts);
	}
	json_t *facts = facts_of_text(state, "## 2012-05-06\n", ".md", "markdown");
	assert_null(at(facts, "changelog", NULL)); /* not called so */
	json_decref(facts);
	/* What lies behind the bound is not read, and that is told. */
	enum { SIZE = (4 << 20) + 16 };
	char *large = malloc(SIZE);
	assert_non_null(large);
	memset(large, '\n', SIZE);
	memcpy(large, "## 2012-05-06", 13);
	memcpy(large + SIZE - 14, "\n## 2013-05-06", 14);
	facts = facts_of(state, large, SIZE, "changelog", "text");
	assert_json(at(facts, "changelog", NULL), "{\"newest\":\"2012-05-06\"}");
	assert_json(at(facts, "cut", NULL), "[\"changelog\"]");
	json_decref(facts);
	free(large);
}

/* Mistakes in rulesets/capabilities are refused with their file and line. */
static void broken_capabilities_are_named(void **state)
{
	static const struct {
		const char *line, *says;
	} cases[] = {
	    {"python.x = import", "a.ini:2: a pattern is a YARA /regular expression/, a \"text\", or import MODULE ..."},
	    {"python.x = import a b;c", "a.ini:2: \"b;c\" is no name of a module"},
	    {"python.x = import a(b", "is no name of a module"},
	    {"shell.x = import a", "\"import\" is for python and javascript"},
	    {"pythom.x = import a", "no kind \"pythom\"; did you mean \"python\"?"},
	    {"python. = import a", "has no name after the dot"},
	    {"python.x = import a @b/c-d.e_f", NULL},
	};

	(void)state;
	assert_int_equal(scratch_begin(NULL), 0);
	assert_int_equal(scratch_sh("mkdir -p rulesets/lists rulesets/capabilities; : >rulesets/lists/namespaces.txt; : >rulesets/lists/hints.ini"), 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char text[256];
		pb_error err = {0};
		pb_lists *lists = NULL;

		(void)snprintf(text, sizeof text, "[exec]\n%s\n", cases[i].line);
		scratch_save("rulesets/capabilities/a.ini", text, strlen(text));
		int rc = pb_lists_open(scratch_dir, &lists, &err);
		if ((rc == 0) != (cases[i].says == NULL) || (rc && !strstr(err.text, cases[i].says)))
			fail_msg("%s: %s", cases[i].line, err.text);
		pb_lists_close(lists);
	}
	assert_int_equal(scratch_end(NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hosts_that_are_there),
	    cmocka_unit_test(hosts_that_are_not),
	    cmocka_unit_test(whole_hosts_only),
	    cmocka_unit_test(namespaces_are_no_hosts),
	    cmocka_unit_test(comments_and_schemes_of_hosts),
	    cmocka_unit_test(ends_of_urls),
	    cmocka_unit_test(urls_in_binaries),
	    cmocka_unit_test(too_many_urls),
	    cmocka_unit_test(capabilities_of_scripts),
	    cmocka_unit_test(capabilities_begin_at_the_statement),
	    cmocka_unit_test(comments_do_not_hide_a_use),
	    cmocka_unit_test(imports_of_scripts),
	    cmocka_unit_test(measures),
	    cmocka_unit_test(licences),
	    cmocka_unit_test(bills_of_materials),
	    cmocka_unit_test(changelogs),
	    cmocka_unit_test(broken_capabilities_are_named),
	};
	return cmocka_run_group_tests(tests, facts_open, facts_close);
}
