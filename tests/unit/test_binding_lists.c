/* require "probity.lists": the files of rulesets/lists, how they are read, and what is found in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decode_case.h"
#include "facts/list.h"
#include "facts/lists.h"
#include "scratch.h"

#define HEAD                                                                                                                               \
	"local lists, geo = require 'probity.lists', require 'probity.geo' "                                                                                           \
	"local function f(list, what) local r = lists.find(list, what) return r and (r.host or r.path or r.package or r.login) or 'none' end " \
	"local function show(host) local c = geo.cloud(host) "                                                                             \
	"return c and c.provider .. ' ' .. (c.region or '-') .. ' ' .. (c.country or '-') or 'none' end "

static const char *const cases[][2] = {
    /* host: exact, and "*." for all below */
    {"return f('telemetry', 'popcon.debian.org')", "popcon.debian.org"},
    {"return f('telemetry', 'POPCON.Debian.ORG.')", "popcon.debian.org"},
    {"return f('telemetry', 'popcon.debian.org/cgi-bin/popcon.cgi?x#y')", "popcon.debian.org"},
    {"return f('telemetry', 'x.popcon.debian.org')", "none"},
    {"return f('telemetry', 'xpopcon.debian.org')", "none"},
    {"return f('telemetry', 'popcon.debian.org.evil.example')", "none"},
    {"return f('telemetry', 'debian.org')", "none"},
    {"return f('telemetry', 'o1.ingest.sentry.io')", "*.ingest.sentry.io"},
    {"return f('telemetry', 'a.b.ingest.sentry.io/api/1')", "*.ingest.sentry.io"},
    {"return f('telemetry', 'ingest.sentry.io')", "none"},
    {"return f('telemetry', 'www.google-analytics.com/x')", "www.google-analytics.com"},
    {"return f('telemetry', 'xingest.sentry.io')", "none"},
    {"return f('telemetry', '.ingest.sentry.io')", "*.ingest.sentry.io"},
    /* with a path: whole elements */
    {"return f('telemetry', 'clients2.google.com/cr/report')", "clients2.google.com/cr/report"},
    {"return f('telemetry', 'clients2.google.com/cr/report?a=b')", "clients2.google.com/cr/report"},
    {"return f('telemetry', 'clients2.google.com/cr/report/x')", "clients2.google.com/cr/report"},
    {"return f('telemetry', 'clients2.google.com/cr/reports')", "none"},
    {"return f('telemetry', 'clients2.google.com')", "none"},
    {"return f('exfiltration', 'discord.com/api/webhooks/1/x')", "discord.com/api/webhooks"},
    {"return f('exfiltration', 'discord.com/api')", "none"},
    {"return f('exfiltration', 'api.telegram.org/bot1:x/sendMessage')", "api.telegram.org"},
    {"return lists.find('exfiltration', 'api.ipify.org').kind", "address"},
    /* domain: it and all below */
    {"return f('trackers', 'doubleclick.net') .. f('trackers', 'a.b.doubleclick.net/x')", "doubleclick.netdoubleclick.net"},
    {"return f('trackers', 'xdoubleclick.net')", "none"},
    {"return f('cloud-hosts', 'b.s3.eu-central-1.amazonaws.com')", "amazonaws.com"},
    /* path: whole elements, anywhere, any case, both slashes */
    {"return f('credential-paths', '~/.ssh/id_rsa')", ".ssh/id_rsa"},
    {"return f('credential-paths', 'C:\\\\Users\\\\a\\\\.AWS\\\\Credentials')", ".aws/credentials"},
    {"return f('credential-paths', '/home/a/.ssh/id_rsa.pub')", "none"},
    {"return f('credential-paths', 'x.ssh/id_rsa')", "none"},
    {"return f('credential-paths', 'my.npmrc')", "none"},
    {"return f('credential-paths', '//.npmrc//')", ".npmrc"},
    {"return f('credential-paths', '/.mozilla/firefox/ab.default/key4.db')", ".mozilla/firefox"},
    {"return f('credential-paths', '/////')", "none"},
    /* prefix: the name, or on at a boundary */
    {"return f('sdks', 'npm:@sentry/node')", "npm:@sentry"},
    {"return f('sdks', 'npm:@sentry-internal/x')", "none"},
    {"return f('sdks', 'npm:mixpanel') .. f('sdks', 'npm:mixpanels')", "npm:mixpanelnone"},
    {"return f('sdks', 'go:github.com/getsentry/sentry-go/http')", "go:github.com/getsentry/sentry-go"},
    {"return f('sdks', 'java:com.google.android.gms.ads.AdView')", "java:com.google.android.gms.ads"},
    {"return f('sdks', 'java:com.google.android.gms.adsense')", "none"},
    {"return f('sdks', 'pypi:npm:mixpanel')", "none"},
    /* exact */
    {"return lists.get('default-credentials', 'pi raspberry').kind", "image"},
    {"return tostring(lists.get('default-credentials', 'PI raspberry'))", "nil"},
    {"return f('default-credentials', 'root ')", "root "},
    {"return lists.get('cloud-regions', 'azure:germanywestcentral').country", "DE"},
    {"return tostring(lists.get('telemetry', 'x.ingest.sentry.io'))", "nil"},
    /* hostile */
    {"return f('telemetry', '')", "none"},
    {"return f('telemetry', ('.'):rep(5000))", "none"},
    {"return f('telemetry', '\\0' .. 'popcon.debian.org')", "none"},
    {"return tostring(lists.get('telemetry', 'popcon.debian.org\\0'))", "nil"},
    {"return f('telemetry', ('a.'):rep(900) .. 'ingest.sentry.io')", "*.ingest.sentry.io"},
    {"return f('telemetry', 'popcon.debian.org/' .. ('x/'):rep(5000))", "popcon.debian.org"},
    {"return f('telemetry', '/popcon.debian.org')", "none"},
    {"return f('telemetry', 'popcon,debian,org')", "none"},
    {"return f('telemetry', '*,ingest,sentry,io') .. tostring(lists.get('telemetry', 'scarf,sh'))", "nonenil"},
    {"return f('credential-paths', ('x/'):rep(5000) .. '.npmrc')", ".npmrc"},
    {"return f('credential-paths', ('/'):rep(9000))", "none"},
    {"return f('sdks', ('.'):rep(5000))", "none"},
    {"return f('cloud-regions', ('x'):rep(5000))", "none"},
    {"while true do lists.find('trackers', ('a.'):rep(900)) end", "limit instructions"},
    {"while true do for _ in lists.rows('trackers') do end end", "limit instructions"},
    /* the rest */
    {"local n = 0 for row in lists.rows('cloud-hosts') do n = n + 1 end return tostring(n == lists.about('cloud-hosts').rows)", "true"},
    {"local a = lists.about('trackers') return a.licence .. a.match .. a.date", "MITdomain2026-09-14"},
    /* clouds: the provider's labels are the last ones, a customer's come before */
    {"return show('b.s3.eu-central-1.amazonaws.com')", "aws aws:eu-central-1 DE"},
    {"return show('B.S3.EU-Central-1.AmazonAWS.com')", "aws aws:eu-central-1 DE"},
    {"return show('us-east-1.s3.eu-central-1.amazonaws.com')", "aws aws:eu-central-1 DE"},
    {"return show('s3-ap-northeast-1.amazonaws.com')", "aws aws:ap-northeast-1 JP"},
    {"return show('a.westeurope-01.azurewebsites.net')", "azure azure:westeurope NL"},
    {"return show('b.s3.eu-central-1.amazonaws.com.')", "aws aws:eu-central-1 DE"},
    {"return show('b.s3.eu-central-1x.amazonaws.com')", "aws - -"},
    {"return show('eu-central-1' .. ('.a'):rep(8) .. '.amazonaws.com')", "aws - -"}, /* eight labels are looked at */
    {"return show(('-'):rep(60) .. '.amazonaws.com')", "aws - -"},
    {"return show('amazonaws.com')", "aws - -"},
    {"return show('eu-central-1.vendor.example')", "none"},
    {"return show('x.eu-central-1.amazonaws.com\\0.example')", "none"},
    {"return show('')", "none"},
    {"return show(('a.'):rep(100000))", "none"},
    {"return table.concat(lists.names(), ' ')", "banners cloud-hosts cloud-regions country-domains credential-paths "
     "default-credentials exfiltration quiet-libraries sdks telemetry trackers unions"},
    {"return lists.find('telemetri', 'a')", "there is no list \"telemetri\" in rulesets/lists; there are: banners, cloud-hosts, "},
    {"return lists.find('telemetry')", "string expected"},
    {"lists.find = nil", "read-only"},
};

static pb_lists *lists_here(void)
{
	pb_lists *lists = NULL;
	pb_error err = {0};

	if (pb_lists_open(".", &lists, &err))
		fail_msg("%s", err.text);
	return lists;
}

static void what_is_found(void **state)
{
	pb_sandbox *box = box_open();
	pb_lists *lists = lists_here();

	(void)state;
	box_expect(box, (box_job){0}, HEAD, "return lists.names()", "the lists of rulesets/ are not there");
	box->lists = lists;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(box, (box_job){0}, HEAD, cases[i][0], cases[i][1]);
	box_starve(box, (box_job){.code = HEAD "return function() local n = 0 for r in lists.rows('cloud-hosts') do n = n + #r.host end "
	                                       "return n .. f('telemetry', 'scarf.sh') .. lists.about('sdks').match .. #lists.names() end"});
	pb_box_close(box);
	pb_lists_close(lists);
}

static const char *const *ask(const pb_lists *lists, const char *name, const char *what)
{
	const pb_list *l = pb_list_named(lists, name);
	size_t looked = 0;

	assert_non_null(l);
	return pb_list_find(l, (pb_bytes){(const uint8_t *)what, strlen(what)}, &looked);
}

/* What only names something is no place that takes reports, and no list takes what another one clears. */
static void no_name_is_an_endpoint(void **state)
{
	pb_lists *lists = lists_here();

	(void)state;
	assert_true(lists->n_namespaces > 400);
	for (size_t i = 0; i < lists->n_namespaces; i++) {
		static const char *const takers[] = {"telemetry", "trackers", "exfiltration"};
		const char *rest = strstr(lists->namespaces[i], "://");

		for (size_t k = 0; rest != NULL && k < 3; k++)
			if (ask(lists, takers[k], rest + 3) != NULL)
				fail_msg("%s is in namespaces.txt and in %s.tsv", lists->namespaces[i], takers[k]);
	}
	pb_lists_close(lists);
}

/* Every key finds its own row: it is written as what is looked up is. */
static void every_row_is_found(void **state)
{
	pb_lists *lists = lists_here();
	const pb_list *l;

	(void)state;
	for (size_t i = 0; (l = pb_list_at(lists, i)) != NULL; i++)
		for (size_t row = 0; row < l->n_rows; row++) {
			const char *key = pb_list_row(l, row)[0];
			char what[PB_LIST_CELL + 3];
			const char *const *got;

			(void)snprintf(what, sizeof what, "%s%s", key[0] == '*' ? "x" : "", key[0] == '*' ? key + 1 : key);
			assert_ptr_equal(pb_list_get(l, key), pb_list_row(l, row));
			got = ask(lists, l->name, what);
			if (got == NULL || strlen(got[0]) < strlen(key))
				fail_msg("%s.tsv: %s finds %s", l->name, what, got != NULL ? got[0] : "nothing");
		}
	pb_lists_close(lists);
}

#define TOP "# about: a\n# source: b\n# licence: c\n# date: 2026-01-02\n# match: host\n# columns: host kind\n"

static void a_broken_file_is_told(void **state)
{
	static const char *const broken[][2] = {
	    {TOP "b\tx\na\ty\n", "a.tsv:8: rows are sorted by byte"},
	    {TOP "a\tx\na\ty\n", "a.tsv:8: rows are sorted by byte"},
	    {TOP "a\n", "a.tsv:7: fewer cells than columns"},
	    {TOP "\n", "a.tsv:7: fewer cells than columns"},
	    {TOP "a\tb\tc\n", "a.tsv:7: more cells than columns"},
	    {TOP "\tb\n", "a.tsv:7: a row begins with its key"},
	    {TOP "a.org\tb\n", "a.tsv:7: in the first column a dot is written as a comma"},
	    {TOP "A,org\tb\n", "a.tsv:7: hosts and paths are written in lower case"},
	    {TOP "a\tb\r\n", "a.tsv:7: a control character"},
	    {"a\tb\n", "a.tsv:1: before the first row stand"},
	    {"", "a.tsv:0: before the first row stand"},
	    {"# about: a\n# about: b\n", "a.tsv:2: it says this a second time"},
	    {"# match: hosts\n", "a.tsv:1: match is one of: exact, host, domain, prefix, path"},
	    {"# columns: a b c d e f g h i\n", "a.tsv:1: too many columns"},
	    {"# columns: A\n", "a.tsv:1: columns are words in lower case"},
	    {"# about: a\n# source: b\n# licence: c\n# date: 1 May\n# match: host\n# columns: host\na\n", "a.tsv:7: the date is written"},
	};

	(void)state;
	assert_int_equal(scratch_sh("mkdir -p rulesets/lists rulesets/capabilities; : >rulesets/lists/namespaces.txt; : >rulesets/lists/hints.ini"),
	                 0);
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		pb_lists *lists = NULL;
		pb_error err = {0};

		scratch_save("rulesets/lists/a.tsv", broken[i][0], strlen(broken[i][0]));
		assert_int_equal(pb_lists_open(scratch_dir, &lists, &err), PB_EINPUT);
		if (strstr(err.text, broken[i][1]) == NULL)
			fail_msg("%s\n  want: %s", err.text, broken[i][1]);
	}
	scratch_save("rulesets/lists/a.tsv", TOP "a\tb\0", sizeof TOP "a\tb");
	pb_lists *lists = NULL;
	pb_error err = {0};
	assert_int_equal(pb_lists_open(scratch_dir, &lists, &err), PB_EINPUT);
	assert_non_null(strstr(err.text, "zero byte"));
	scratch_save("rulesets/lists/a.tsv", TOP, strlen(TOP)); /* no rows is a list */
	assert_int_equal(pb_lists_open(scratch_dir, &lists, &err), PB_OK);
	assert_null(ask(lists, "a", "a"));
	pb_lists_close(lists);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_found),
	    cmocka_unit_test(no_name_is_an_endpoint),
	    cmocka_unit_test(every_row_is_found),
	    cmocka_unit_test_setup_teardown(a_broken_file_is_told, scratch_begin, scratch_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
