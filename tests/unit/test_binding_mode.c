/* o.mode: what the container around an object lists of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "box_case.h"

#define HEAD                        "local function show(x, ...) local m = x:object{ ... }.mode return m and ('%04o'):format(m) or 'nil' end "
#define RECORD(path, kind, entries) "{\"path\":[" path "],\"kind\":\"" kind "\",\"result\":{\"facts\":{" entries "}}}"
#define PLAIN(path)                 RECORD(path, "text", "")
#define LIST(format, entries)       "\"members\":{\"format\":\"" format "\",\"entries\":[" entries "]}"
#define FILE(path, mode)            "{\"path\":\"" path "\",\"type\":\"file\",\"mode\":" mode "}"

/* Modes in decimal: 420 is 0644, 2541 is 04755, 436 is 0664, 292 is 0444. Sorted by path, as reduce has them. */
static const char records_text[] = "[" RECORD("\"p\"", "folder",
                                              LIST("folder", FILE("a.7z", "420") "," FILE("b.zip", "436") "," FILE("t.tgz",
                                                                                                                   "384") "," FILE("usr/x", "33261") "," FILE("usr/x", "2541") ","
                                                                                                                                                                               "{\"path\":\"dir\",\"type\":\"dir\",\"mode\":493},{\"path\":\"none\",\"type\":\"file\"},{\"path\":\"odd\",\"type\":\"file\",\"mode\":\"7\"}")) "," RECORD("\"p\",\"a.7z\"",
                                                                                                                                                                                                                                                                                                                                         "7z",
                                                                                                                                                                                                                                                                                                                                         LIST("7z", FILE(
                                                                                                                                                                                                                                                                                                                                                        "a", "438") "," FILE("b", "436"))) "," PLAIN("\"p\",\"a.7z\",\"a\"") "," PLAIN("\"p\",\"a.7z\",\"b\"") "," RECORD("\"p\",\"b.zip\"",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                          "jar",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                          LIST(
                                                                                                                                                                                                                                                                                                                                                                                                                                                                              "jar", FILE("a", "436") "," FILE("b", "292") "," FILE(
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         "c",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         "420"))) "," PLAIN("\"p\",\"b.zip\",\"a\"") "," PLAIN("\"p\",\"b.zip\",\"b\"") "," PLAIN("\"p\",\"b.zip\",\"c\"") "," RECORD("\"p\",\"c.cab\"",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                      "cab", LIST("cab", FILE("a", "420"))) "," PLAIN("\"p\",\"c.cab\",\"a\"") "," PLAIN("\"p\",\"dir\"") "," PLAIN("\"p\",\"gone\",\"a\"") "," PLAIN("\"p\",\"none\"") "," PLAIN("\"p\",\"odd\"") "," RECORD("\"p\",\"t.tgz\"",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                              "gzip", "") "," PLAIN("\"p\",\"t.tgz\",\"a\"") "," PLAIN("\"p\",\"t.tgz\",\"absent\"") "," RECORD("\"p\",\"t.tgz\",\"t.tar\"",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                "tar",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                LIST("tar", FILE(
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                "a", "33252") "," FILE("t.tar", "511"))) "," PLAIN("\"p\",\"usr/x\"") "," RECORD("\"p\",\"z.tar.gz.zst\"",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 "zstd", "") "," PLAIN("\"p\",\"z.tar.gz.zst\",\"a\"") "," RECORD("\"p\",\"z.tar.gz.zst\",\"z.tar.gz\"", "gzip", "") "," RECORD("\"p\",\"z.tar.gz.zst\",\"z.tar.gz\",\"z.tar\"", "tar", LIST("tar", FILE("a", "420") "," FILE("z.tar.gz", "511"))) "]";

static const char *const cases[][2] = {
    {"return show(x, 'p')", "nil"},
    {"return show(x, 'p', 'usr/x')", "4755"}, /* the last of two */
    {"return show(x, 'p', 't.tgz')", "0600"},
    {"return show(x, 'p', 't.tgz', 'a')", "0744"},
    {"return show(x, 'p', 't.tgz', 'absent')", "nil"},
    {"return show(x, 'p', 't.tgz', 't.tar')", "nil"}, /* not what a member of that name has */
    {"return show(x, 'p', 'z.tar.gz.zst', 'a')", "0644"},
    {"return show(x, 'p', 'z.tar.gz.zst', 'z.tar.gz')", "nil"},
    {"return show(x, 'p', 'z.tar.gz.zst', 'z.tar.gz', 'z.tar')", "nil"},
    {"return show(x, 'p', 'a.7z', 'a')", "nil"}, /* made up by the reader of 7z, but a mode in a zip */
    {"return show(x, 'p', 'a.7z', 'b')", "0664"},
    {"return show(x, 'p', 'b.zip', 'a')", "nil"},
    {"return show(x, 'p', 'b.zip', 'b')", "nil"},
    {"return show(x, 'p', 'b.zip', 'c')", "0644"},
    {"return show(x, 'p', 'c.cab', 'a')", "nil"},
    {"return show(x, 'p', 'dir')", "nil"},
    {"return show(x, 'p', 'none')", "nil"},
    {"return show(x, 'p', 'odd')", "nil"},
    {"return show(x, 'p', 'gone', 'a')", "nil"},
    {"x:object{ 'p' }.mode = 1", "read-only"},
    {"local n = 0 for o in x:objects{} do n = n + (o.mode and 1 or 0) end return n .. ''", "8"},
};

static int late(lua_State *L)
{
	lua_call(L, 0, 1);
	return 1;
}

static void what_containers_say(void **state)
{
	json_error_t error;
	json_t *records = json_loads(records_text, 0, &error);
	pb_product_view v = {.records = records};
	pb_sandbox *box = box_open();

	(void)state;
	if (records == NULL)
		fail_msg("%s at %d", error.text, error.position);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(box, (box_job){.product = &v}, HEAD, cases[i][0], cases[i][1]);
	box_expect(box, (box_job){.product = &v, .after = late}, "",
	           "local o = x:object{ 'p', 'usr/x' } local m = o.mode return function() return o.mode end",
	           "object used after its scan ended");
	box_starve(box,
	           (box_job){.product = &v,
	                     .code = HEAD "return function(x) return show(x, 'p', 't.tgz', 'a') .. show(x, 'p', 'usr/x') end"});
	pb_box_close(box);
	json_decref(records);
}

/* What one call has read of a product, the next one does not see. */
static void each_call_asks_anew(void **state)
{
	json_t *first =
	    json_loads("[" RECORD("\"p\"", "tar", LIST("tar", FILE("a", "420"))) "," PLAIN("\"p\",\"a\"") "]", 0, NULL);
	json_t *second =
	    json_loads("[" RECORD("\"p\"", "tar", LIST("tar", FILE("a", "384"))) "," PLAIN("\"p\",\"a\"") "]", 0, NULL);
	pb_product_view v = {.records = first};
	pb_sandbox *box = box_open();

	(void)state;
	box_expect(box, (box_job){.product = &v}, HEAD, "return show(x, 'p', 'a')", "0644");
	v.records = second;
	box_expect(box, (box_job){.product = &v}, HEAD, "return show(x, 'p', 'a')", "0600");
	pb_box_close(box);
	json_decref(first);
	json_decref(second);
}

/* A listing of many members is read once for each call, and counts. */
static void listings_are_read_once(void **state)
{
	enum { MEMBERS = 20000 };
	json_t *entries = json_array(), *records = json_array();
	pb_product_view v = {.records = records};
	pb_sandbox *box = box_open();
	char name[40];

	(void)state;
	for (int i = 0; i < MEMBERS; i++) {
		(void)snprintf(name, sizeof name, "f%05d", i);
		json_array_append_new(entries, json_pack("{s:s,s:s,s:i}", "path", name, "type", "file", "mode", 420));
	}
	json_array_append_new(records, json_pack("{s:[s],s:s,s:{s:{s:{s:s,s:o}}}}", "path", "p", "kind", "tar", "result",
	                                         "facts", "members", "format", "tar", "entries", entries));
	for (int i = 0; i < MEMBERS; i++) {
		(void)snprintf(name, sizeof name, "f%05d", i);
		json_array_append_new(records,
		                      json_pack("{s:[ss],s:s,s:{s:{}}}", "path", "p", name, "kind", "text", "result", "facts"));
	}
	box_expect(box, (box_job){.product = &v}, "",
	           "local n = 0 for o in x:objects() do if o.mode == 420 then n = n + 1 end end return tostring(n)", "20000");
	pb_box_close(box);
	json_decref(records);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_containers_say), cmocka_unit_test(each_call_asks_anew),
	                                   cmocka_unit_test(listings_are_read_once)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
