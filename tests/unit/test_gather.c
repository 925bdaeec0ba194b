/* What is said of one product: every message is hostile until it was checked, and nothing vanishes without a word. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/hash.h"
#include "keeper/gather.h"
#include "scratch.h"
#include "wire/known.h"

typedef struct gathering {
	pb_results *results;
	pb_gather *a;
} gathering;

static void open_case(gathering *g, const char *cache)
{
	pb_error err = {0};
	assert_int_equal(pb_results_open(cache, "digest of rules", 1 << 20, &g->results, &err), 0);
	g->a = pb_gather_new("a.deb", g->results);
	assert_non_null(g->a);
}

static void close_case(gathering *g)
{
	pb_gather_free(g->a);
	pb_results_close(g->results);
}

static int take(const gathering *g, pb_message type, const char *text)
{
	return pb_gather_take(g->a, type, (pb_bytes){(const uint8_t *)text, strlen(text)});
}

static const char *digest_of(unsigned i)
{
	static char digest[65];
	snprintf(digest, sizeof digest, "%064x", i);
	return digest;
}

/* A record of object i; result: NULL, or its unknown checks as JSON ("{}"). */
static const char *record(unsigned i, const char *name, const char *unknown)
{
	static char text[2000];
	int n = snprintf(text, sizeof text, "{\"path\":[\"a.deb\",\"%s\"],\"sha256\":\"%s\",\"size\":10,\"kind\":\"text\",\"class\":\"text\","
	                 "\"name_class\":\".txt\",\"container\":false", name, digest_of(i));
	if (unknown)
		n += snprintf(text + n, sizeof text - (size_t)n, ",\"result\":{\"facts\":{\"tags\":[\"any\"]},\"findings\":[],\"unknown\":%s}", unknown);
	snprintf(text + n, sizeof text - (size_t)n, "}");
	return text;
}

/* The reducer's input, line by line. */
typedef struct input {
	json_t *head, *line[10];
	size_t n;
} input;

static void read_input(const gathering *g, input *in)
{
	static char text[200000];
	const pb_identity id = {.kind = "deb", .sha256 = "", .size = 99};
	json_t *database = json_object();
	pb_error err = {0};
	struct stat st;
	memset(in, 0, sizeof *in);
	int fd = pb_gather_input(g->a, &id, 20000, database, NULL, &err);
	if (fd < 0)
		fail_msg("%s", err.text);
	json_decref(database);
	assert_int_equal(fstat(fd, &st), 0);
	assert_true((size_t)st.st_size < sizeof text);
	assert_int_equal(pread(fd, text, sizeof text, 0), st.st_size);
	close(fd);
	text[st.st_size] = '\0';
	char *rest = text, *l;
	while ((l = strsep(&rest, "\n")) && *l) {
		json_t *j = json_loads(l, 0, NULL);
		assert_non_null(j);
		if (!in->head)
			in->head = j;
		else
			in->line[in->n++] = j;
	}
}

static void free_input(input *in)
{
	json_decref(in->head);
	for (size_t i = 0; i < in->n; i++)
		json_decref(in->line[i]);
}

static size_t limits(const gathering *g)
{
	return json_array_size(pb_gather_limits(g->a));
}

static void last_limit(const gathering *g, const char *path, const char *why)
{
	const json_t *l = json_array_get(pb_gather_limits(g->a), limits(g) - 1);
	const json_t *p = json_object_get(l, "path");
	assert_string_equal(pb_json_str(l, "why", ""), why);
	assert_string_equal(json_string_value(json_array_get(p, json_array_size(p) - 1)), path);
}

static void records_become_lines(void **state)
{
	gathering g;
	input in;
	(void)state;
	open_case(&g, NULL);
	assert_int_equal(take(&g, PB_MSG_RECORD, record(1, "x", "{}")), 0);
	assert_int_equal(take(&g, PB_MSG_RECORD, record(1, "copy of x", NULL)), 0);
	assert_int_equal(take(&g, PB_MSG_LIMIT, "{\"path\":[\"a.deb\",\"y\"],\"why\":\"too large\"}"), 0);
	assert_int_equal(take(&g, PB_MSG_DETECTION, "{\"path\":[\"a.deb\"],\"sha256\":\"\",\"signature\":\"Eicar\"}"), 0);
	assert_int_equal(take(&g, PB_MSG_BEGIN, "whatever"), 0); /* not the gatherer's */
	assert_int_equal(pb_gather_records(g.a), 2);
	assert_int_equal(pb_gather_bytes(g.a), 20);
	assert_string_equal(pb_gather_name(g.a), "a.deb");
	assert_int_equal(pb_gather_rename(g.a, "b.deb"), 0);
	read_input(&g, &in);
	assert_int_equal(in.n, 2);
	assert_string_equal(pb_json_str(in.head, "name", ""), "b.deb");
	assert_int_equal(pb_json_int(in.head, "size", 0), 99);
	assert_int_equal(json_array_size(json_object_get(in.head, "limits")), 1);
	assert_int_equal(json_array_size(json_object_get(in.head, "detections")), 1);
	assert_non_null(json_object_get(in.line[0], "result"));
	assert_null(json_object_get(in.line[1], "result"));
	free_input(&in);
	read_input(&g, &in); /* once more: nothing was used up */
	assert_int_equal(in.n, 2);
	free_input(&in);
	close_case(&g);
}

static const char *root_record(unsigned i, const char *unknown)
{
	static char text[1000];
	snprintf(text, sizeof text, "{\"path\":[\"a.deb\"],\"sha256\":\"%s\",\"size\":99,\"kind\":\"deb\",\"class\":\"archive\",\"name_class\":\".deb\","
	         "\"container\":true,\"result\":{\"facts\":{\"tags\":[\"any\"]},\"findings\":[],\"unknown\":%s}}", digest_of(i), unknown);
	return text;
}

/* Only what has nothing of an accident in it may stand for the same product another time. */
static void what_can_be_repeated(void **state)
{
	static const struct {
		pb_message type;
		const char *text;
		bool repeatable, detected;
	} more[] = {
		{PB_MSG_RECORD, NULL, true, false},
		{PB_MSG_BEGIN, "whatever", true, false},
		{PB_MSG_LIMIT, "{\"path\":[\"a.deb\",\"y\"],\"why\":\"worker died: signal 11\"}", false, false},
		{PB_MSG_LIMIT, "nonsense", false, false},
		{PB_MSG_DETECTION, "{\"path\":[\"a.deb\"],\"sha256\":\"\",\"signature\":\"Eicar\"}", false, true},
		{PB_MSG_DETECTION, "nonsense", false, false},
		{PB_MSG_RECORD, "nonsense", false, false},
	};
	gathering g;
	(void)state;
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		open_case(&g, NULL);
		assert_null(pb_gather_root(g.a));
		assert_int_equal(take(&g, PB_MSG_RECORD, record(1, "before the whole", "{}")), 0);
		assert_null(pb_gather_root(g.a));
		assert_int_equal(take(&g, PB_MSG_RECORD, root_record(7, "{}")), 0);
		assert_int_equal(take(&g, PB_MSG_RECORD, root_record(8, "{}")), 0); /* the first counts */
		assert_non_null(pb_gather_root(g.a));
		assert_string_equal(pb_gather_root(g.a)->sha256, digest_of(7));
		assert_string_equal(pb_gather_root(g.a)->kind, "deb");
		assert_int_equal(pb_gather_root(g.a)->size, 99);
		assert_true(pb_gather_repeatable(g.a));
		assert_int_equal(take(&g, more[i].type, more[i].text ? more[i].text : record(2, "x", "{}")), 0);
		assert_int_equal(pb_gather_repeatable(g.a), more[i].repeatable);
		assert_int_equal(pb_gather_detected(g.a), more[i].detected);
		close_case(&g);
	}
	open_case(&g, NULL);
	assert_int_equal(take(&g, PB_MSG_RECORD, record(1, "x", "{\"integrity.a\":\"took longer\"}")), 0);
	assert_false(pb_gather_repeatable(g.a));
	close_case(&g);
	open_case(&g, NULL);
	assert_int_equal(pb_gather_limit(g.a, NULL, "the keeper's own"), 0);
	assert_false(pb_gather_repeatable(g.a));
	close_case(&g);
}

static void nonsense_is_told_and_harms_nothing(void **state)
{
	gathering g;
	input in;
	char text[3000];
	(void)state;
	open_case(&g, NULL);
	static const char *const bad[] = {"", "{", "[]", "null", "\xff\xfe", "{}", "{\"path\":[\"a.deb\"]}"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(take(&g, PB_MSG_RECORD, bad[i]), 0);
		assert_int_equal(limits(&g), i + 1);
		last_limit(&g, "a.deb", "a worker sent a malformed record");
	}
	/* Well formed, but for a newline: two lines out of one would be two records. */
	size_t before = limits(&g);
	snprintf(text, sizeof text, "%s", record(1, "x", "{}"));
	*strstr(text, ",\"size\"") = '\n';
	assert_int_equal(take(&g, PB_MSG_RECORD, text), 0);
	snprintf(text, sizeof text, "%s\n", record(1, "x", "{}"));
	assert_int_equal(take(&g, PB_MSG_RECORD, text), 0);
	snprintf(text, sizeof text, "%s ", record(1, "x", "{}"));
	assert_int_equal(take(&g, PB_MSG_RECORD, text), 0);
	snprintf(text, sizeof text, "%s", record(1, "x", "{\"c\":5}"));
	assert_int_equal(take(&g, PB_MSG_RECORD, text), 0);
	assert_int_equal(limits(&g), before + 4);
	static const char *const bad_notes[] = {"", "x", "[]", "{\"path\":[],\"why\":\"w\"}", "{\"path\":[1],\"why\":\"w\"}", "{\"path\":[\"p\"],\"why\":1}",
	                                        "{\"path\":\"p\",\"why\":\"w\",\"signature\":\"s\"}"};
	before = limits(&g);
	for (size_t i = 0; i < sizeof bad_notes / sizeof *bad_notes; i++) {
		assert_int_equal(take(&g, PB_MSG_LIMIT, bad_notes[i]), 0);
		assert_int_equal(take(&g, PB_MSG_DETECTION, bad_notes[i]), 0);
		last_limit(&g, "a.deb", "a malformed message was received");
	}
	assert_int_equal(limits(&g), before + 14);
	assert_int_equal(pb_gather_records(g.a), 0);
	read_input(&g, &in);
	assert_int_equal(in.n, 0);
	assert_int_equal(json_array_size(json_object_get(in.head, "detections")), 0);
	free_input(&in);
	close_case(&g);
}

static void items(void **state)
{
	pb_identity id = {0};
	char text[200];
	(void)state;
	snprintf(text, sizeof text, "{\"sha256\":\"%s\",\"size\":7,\"kind\":\"deb\"}", digest_of(9));
	assert_int_equal(pb_gather_item((pb_bytes){(const uint8_t *)text, strlen(text)}, &id), 0);
	assert_string_equal(id.sha256, digest_of(9));
	assert_string_equal(id.kind, "deb");
	assert_int_equal(id.size, 7);
	/* A digest is hex, a kind is a word, a size is a size: they are shown, kept and compared later. */
	static const char *const bad[] = {
		"", "[]", "{\"sha256\":\"abc\"}", "{\"sha256\":\"ZZ4bd8ed7bcd1b2b0c1a9a9c5d5e5c0f3e1d2c3b4a5968778695a4b3c2d1e0ff00\"}",
		"{\"sha256\":\"G14bd8ed7bcd1b2b0c1a9a9c5d5e5c0f3e1d2c3b4a5968778695a4b3c2d1e0ff\"}", "{\"sha256\":\"\",\"kind\":\"a\\nb\"}",
		"{\"sha256\":\"\",\"kind\":\"\\u001b[2J\"}", "{\"sha256\":\"\",\"kind\":\"\"}", "{\"sha256\":\"\",\"kind\":\"a kind whose name is far too long for one\"}"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		pb_identity before = id;
		if (pb_gather_item((pb_bytes){(const uint8_t *)bad[i], strlen(bad[i])}, &id) != PB_ECORRUPT)
			fail_msg("%s", bad[i]);
		assert_memory_equal(&before, &id, sizeof id);
	}
	static const char negative[] = "{\"sha256\":\"\",\"size\":-5}";
	assert_int_equal(pb_gather_item((pb_bytes){(const uint8_t *)negative, strlen(negative)}, &id), 0);
	assert_int_equal(id.size, 0);
	assert_string_equal(id.kind, "data");
}

/* What an earlier assessment kept comes from the cache, once a product; nothing with an unknown in it is kept. */
static void kept_results_are_put_in(void **state)
{
	gathering g;
	input in;
	char file[300];
	(void)state;
	snprintf(file, sizeof file, "%s/%s.db", scratch_dir, __func__);
	open_case(&g, file);
	assert_int_equal(take(&g, PB_MSG_RECORD, record(1, "x", "{}")), 0);
	assert_int_equal(take(&g, PB_MSG_RECORD, record(2, "y", "{\"integrity.a\":\"took longer\"}")), 0);
	pb_results_flush(g.results);
	close_case(&g);
	open_case(&g, file);
	pb_known *table = pb_known_open(pb_results_table(g.results));
	uint8_t one[16], two[16];
	assert_non_null(table);
	pb_known_key(digest_of(1), "text", ".txt", one);
	pb_known_key(digest_of(2), "text", ".txt", two);
	assert_true(pb_known_has(table, one));
	assert_false(pb_known_has(table, two));
	assert_int_equal(take(&g, PB_MSG_RECORD, record(1, "x", NULL)), 0);
	assert_int_equal(take(&g, PB_MSG_RECORD, record(1, "again", NULL)), 0);
	assert_int_equal(limits(&g), 0);
	read_input(&g, &in);
	assert_int_equal(in.n, 2);
	assert_non_null(json_object_get(json_object_get(in.line[0], "result"), "facts"));
	assert_null(json_object_get(in.line[1], "result"));
	free_input(&in);
	/* A worker that says that something is known which never was: a limit, and no line that the reducer would stumble over. */
	assert_int_equal(take(&g, PB_MSG_RECORD, record(3, "z", NULL)), 0);
	last_limit(&g, "z", "its result is lost: the cache of results was damaged");
	assert_true(pb_known_has(table, one)); /* that worker's lie is no reason to forget */
	read_input(&g, &in);
	assert_int_equal(in.n, 2);
	free_input(&in);
	assert_int_equal(take(&g, PB_MSG_RECORD, record(3, "z2", "{}")), 0); /* it may come after all */
	read_input(&g, &in);
	assert_int_equal(in.n, 3);
	free_input(&in);
	pb_known_free(table);
	close_case(&g);
}

/* Somebody cuts the file off while it is in use: what was promised to be known is lost, said so, and not promised any more. */
static void a_cache_that_is_damaged_in_use(void **state)
{
	gathering g;
	char file[300];
	(void)state;
	snprintf(file, sizeof file, "%s/%s.db", scratch_dir, __func__);
	open_case(&g, file);
	for (unsigned i = 1; i < 300; i++)
		assert_int_equal(take(&g, PB_MSG_RECORD, record(i, "x", "{}")), 0);
	pb_results_flush(g.results);
	close_case(&g);
	open_case(&g, file);
	pb_known *table = pb_known_open(pb_results_table(g.results));
	uint8_t key[16];
	pb_known_key(digest_of(5), "text", ".txt", key);
	assert_true(pb_known_has(table, key));
	int fd = open(file, O_WRONLY | O_TRUNC);
	assert_true(fd >= 0);
	close(fd);
	unsigned lost = 0;
	for (unsigned i = 1; i < 300 && !lost; i++) {
		assert_int_equal(take(&g, PB_MSG_RECORD, record(i, "x", NULL)), 0);
		lost += limits(&g) > 0;
	}
	if (lost) {
		last_limit(&g, "x", "its result is lost: the cache of results was damaged");
		assert_false(pb_known_has(table, key));
	}
	pb_known_free(table);
	close_case(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_become_lines),
		cmocka_unit_test(what_can_be_repeated),
		cmocka_unit_test(nonsense_is_told_and_harms_nothing),
		cmocka_unit_test(items),
		cmocka_unit_test(kept_results_are_put_in),
		cmocka_unit_test(a_cache_that_is_damaged_in_use),
	};
	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
