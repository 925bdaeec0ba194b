/* product:declared: what packages say of themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "box_case.h"

static const char packages_text[] =
    "[{\"kind\":\"deb\",\"path\":[\"p\",\"a.deb\"],\"name\":\"a\",\"section\":\"net\",\"description\":\"an E-Mail "
    "server++\\nmore (words)\","
    "\"maintainer\":\"A <a@b.org>\",\"homepage\":\"https://a.org\",\"depends\":\"libc6 (>= 2.36), x | y:any ,,z[amd64]\"},"
    "{\"kind\":\"npm\",\"path\":[\"p\",\"node_modules/b/package.json\"],\"name\":\"b\",\"license\":\"MIT\",\"keywords\":[\"big "
    "data\",\"c\"],"
    "\"depends\":[\"@s/x\",\"y\"],\"repository\":\"git+https://b.org/b.git\",\"homepage\":\"https://b.org\"},"
    "{\"kind\":\"npm\",\"path\":[\"p\",\"node_modules/b/node_modules/c/package.json\"],\"name\":\"c\"},"
    "{\"kind\":\"wheel\",\"path\":[\"p\",\"w.whl\",\"w-1.dist-info/"
    "METADATA\"],\"name\":\"w\",\"description\":\"W\",\"keywords\":\"one two,three\","
    "\"classifiers\":[\"Topic :: Internet\"],\"project_url\":[\"Source, "
    "https://w.org/s\",\"Bugs,https://odd\"],\"license\":\"BSD\","
    "\"depends\":[\"requests (>=2)\",\"six>=1 ; extra == 'x'\",\"q[socks]\",\"requests\"]},"
    "{\"kind\":\"rpm\",\"path\":[\"p\",\"z.rpm\"],\"name\":\"z\",\"summary\":\"S\",\"license\":\"MIT\",\"depends\":[\"libc.so."
    "6(GLIBC_2.4)(64bit)\","
    "\"x >= 1\"]},"
    "{\"kind\":\"rpm\",\"path\":[\"p\",\"z.rpm\"],\"name\":\"twin\",\"license\":\"MIT\",\"maintainers\":[7,\"T\",[\"no\"]]}]";

static const char records_text[] =
    "[{\"path\":[\"p\"]},{\"path\":[\"p\",\"a.deb\"]},{\"path\":[\"p\",\"a.deb\",\"data.tar\",\"usr/x\"]},"
    "{\"path\":[\"p\",\"lone\"]},{\"path\":[\"p\",\"node_modules/b/lib/x.js\"]},"
    "{\"path\":[\"p\",\"node_modules/b/node_modules/c/x.js\"]},{\"path\":[\"p\",\"node_modules/bb/x.js\"]},"
    "{\"path\":[\"p\",\"w.whl\",\"w/__init__.py\"]},{\"path\":[\"p\",\"z.rpm\",\"usr/y\"]}]";

#define HEAD                                                                                                                   \
	"local function of(x, ...) local d = x:declared(x:object{ ... }) return d or { packages = {} } end "                   \
	"local function names(d) local t = {} for i, p in ipairs(d.packages) do t[i] = p.name end return #t .. "               \
	"table.concat(t, ' ') end "                                                                                            \
	"local function words(d) local t = {} for w in pairs(d.words) do t[#t + 1] = w end return table.concat(t, ' ') end "   \
	"local function list(d, name) return '[' .. table.concat(d[name], '|') .. ']' end "

static const char *const cases[][2] = {
    {"return names(of(x, 'p', 'a.deb'))", "1a"},
    {"return names(of(x, 'p', 'a.deb', 'data.tar', 'usr/x'))", "1a"},
    {"return names(of(x, 'p', 'node_modules/b/lib/x.js'))", "1b"},
    {"return names(of(x, 'p', 'node_modules/b/node_modules/c/x.js'))", "1c"},
    {"return names(of(x, 'p', 'w.whl', 'w/__init__.py'))", "1w"},
    {"return names(of(x, 'p', 'z.rpm', 'usr/y'))", "2z twin"},
    {"return tostring(x:declared(x:object{ 'p' }))", "nil"},
    {"return tostring(x:declared(x:object{ 'p', 'lone' }))", "nil"},
    {"return tostring(x:declared(x:object{ 'p', 'node_modules/bb/x.js' }))", "nil"},
    {"return names(x:declared())", "6a b c w z twin"},
    {"return of(x, 'p', 'a.deb').summary", "an E-Mail server++"},
    {"return of(x, 'p', 'z.rpm', 'usr/y').summary", "S"},
    {"return of(x, 'p', 'node_modules/b/node_modules/c/x.js').summary", "c"},
    {"return words(of(x, 'p', 'a.deb'))", "a an e e-mail mail more net server server++ words"},
    {"return words(of(x, 'p', 'w.whl', 'w/__init__.py'))", "internet one three topic two w"},
    {"return list(of(x, 'p', 'a.deb'), 'depends')", "[libc6|x|y|z]"},
    {"return list(of(x, 'p', 'node_modules/b/lib/x.js'), 'depends')", "[@s/x|y]"},
    {"return list(of(x, 'p', 'w.whl', 'w/__init__.py'), 'depends')", "[requests|six|q]"},
    {"return list(of(x, 'p', 'z.rpm', 'usr/y'), 'depends')", "[libc.so.6(GLIBC_2.4)(64bit)|x]"},
    {"return list(of(x, 'p', 'node_modules/b/lib/x.js'), 'keywords')", "[big data|c]"},
    {"return list(of(x, 'p', 'w.whl', 'w/__init__.py'), 'keywords')", "[one two|three]"},
    {"return list(of(x, 'p', 'w.whl', 'w/__init__.py'), 'homepages')", "[https://w.org/s|Bugs,https://odd]"},
    {"return list(of(x, 'p', 'node_modules/b/lib/x.js'), 'homepages')", "[https://b.org|git+https://b.org/b.git]"},
    {"return list(of(x, 'p', 'z.rpm', 'usr/y'), 'licenses')", "[MIT]"}, /* said twice */
    {"return list(of(x, 'p', 'z.rpm', 'usr/y'), 'maintainers')", "[T]"},
    {"return list(of(x, 'p', 'z.rpm', 'usr/y'), 'sections')", "[]"},
    {"return list(x:declared(), 'licenses')", "[MIT|BSD]"},
    {"return tostring(of(x, 'p', 'a.deb') == of(x, 'p', 'a.deb', 'data.tar', 'usr/x'))", "true"},
    {"return x:declared(1)", "an object of this product expected"},
    {"return x.declared()", "bad argument"},
    {"return x:delcared()", "did you mean \"declared\"?"},
};

static int late(lua_State *L)
{
	lua_call(L, 0, 1);
	return 1;
}

static void what_packages_say(void **state)
{
	json_t *packages = json_loads(packages_text, 0, NULL), *records = json_loads(records_text, 0, NULL);
	pb_product_view v = {.records = records, .packages = packages};
	pb_sandbox *box = box_open();

	(void)state;
	assert_non_null(packages);
	assert_non_null(records);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(box, (box_job){.product = &v}, HEAD, cases[i][0], cases[i][1]);
	box_expect(box, (box_job){.product = &v, .after = late}, HEAD, "return function() return x:declared() end",
	           "object used after its scan ended");
	box_expect(box, (box_job){.product = &v, .after = late}, HEAD,
	           "local d = x:declared() return function() return d.packages[1].name end",
	           "object used after its scan ended");
	box_starve(box, (box_job){.product = &v, .code = HEAD "return function(x) return words(of(x, 'p', 'a.deb')) end"});
	pb_box_close(box);
	json_decref(packages);
	json_decref(records);
}

static void a_product_without_packages(void **state)
{
	json_t *packages = json_array(), *records = json_loads(records_text, 0, NULL);
	pb_product_view v = {.records = records, .packages = packages};
	pb_sandbox *box = box_open();

	(void)state;
	box_expect(box, (box_job){.product = &v}, "", "return tostring(x:declared()) .. tostring(x:declared(x:object{ 'p' }))",
	           "nilnil");
	pb_box_close(box);
	json_decref(packages);
	json_decref(records);
}

/* Metadata comes from whoever made the product: each of these is what a field holds. None breaks anything. */
static void hostile_metadata(void **state)
{
	static const char *const values[] = {"7",    "null",       "{\"a\":\"b\"}", "[[\"a\"],{},null,\"\"]",
	                                     "\"\"", "\" , | ,\"", "\"(((\"",       "\"\xc3\xa4\xc3\xb6\""};
	static const char *const kinds[] = {"deb", "rpm", "npm", "wheel", "jar", ""};
	static const char *const keys[] = {"name",    "summary",  "description", "section",     "keywords",   "depends",
	                                   "license", "homepage", "project_url", "maintainers", "classifiers"};
	json_t *records = json_loads(records_text, 0, NULL);
	char text[2000], longest[20001];
	pb_sandbox *box = box_open();

	(void)state;
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
		for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
			size_t n = (size_t)snprintf(text, sizeof text, "[{\"kind\":\"%s\",\"path\":[\"p\",\"/x/\"]", kinds[k]);
			json_t *packages;

			for (size_t f = 0; f < sizeof keys / sizeof keys[0]; f++)
				n += (size_t)snprintf(text + n, sizeof text - n, ",\"%s\":%s", keys[f], values[i]);
			(void)snprintf(text + n, sizeof text - n, "}]");
			packages = json_loads(text, 0, NULL);
			assert_non_null(packages);
			box_expect(box, (box_job){.product = &(pb_product_view){.records = records, .packages = packages}}, "",
			           "for o in x:objects() do x:declared(o) end return type(x:declared().words)", "table");
			json_decref(packages);
		}
	memset(longest, 'a', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	json_t *packages =
	    json_pack("[{s:s,s:[s],s:s,s:s}]", "kind", "deb", "path", "p", "description", longest, "depends", longest);
	box_expect(box, (box_job){.product = &(pb_product_view){.records = records, .packages = packages}}, "",
	           "local d = x:declared() return #d.depends[1] .. ' ' .. #next(d.words)", "20000 64");
	json_decref(packages);
	pb_box_close(box);
	json_decref(records);
}

/* A tree of thousands of packages: each object finds its own without asking all of them. */
static void many_packages(void **state)
{
	enum { MANY = 5000 };
	json_t *packages = json_array(), *records = json_array();
	pb_sandbox *box = box_open();
	char name[60];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(name, sizeof name, "node_modules/m%05d/package.json", i);
		json_array_append_new(packages,
		                      json_pack("{s:s,s:[ss],s:s}", "kind", "npm", "path", "p", name, "name", name + 13));
		(void)snprintf(name, sizeof name, "node_modules/m%05d/lib/deep/x.js", i);
		json_array_append_new(records, json_pack("{s:[ss]}", "path", "p", name));
	}
	box_expect(
	    box, (box_job){.product = &(pb_product_view){.records = records, .packages = packages}}, "",
	    "local n = 0 for o in x:objects() do local d = x:declared(o) "
	    "if o.name:sub(14, 19) == d.packages[1].name:sub(1, 6) and #d.packages == 1 then n = n + 1 end end return n .. ''",
	    "5000");
	pb_box_close(box);
	json_decref(packages);
	json_decref(records);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_packages_say), cmocka_unit_test(a_product_without_packages),
	                                   cmocka_unit_test(hostile_metadata), cmocka_unit_test(many_packages)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
