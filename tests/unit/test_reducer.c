/* The reducer in its box: what it answers, where it says it is, and what it does not take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>
#include <fcntl.h>

#include "findings/product.h"
#include "role_case.h"
#include "wire/lane.h"
#include "worker/reduce.h"
#include "worker/reducer.h"

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HEAD(more)                                                                                                             \
	"{\"name\":\"p\",\"kind\":\"tar\",\"sha256\":\"" SHA                                                                   \
	"\",\"size\":9,\"as_of\":20000,\"database\":{\"official\":false},"                                                     \
	"\"limits\":[],\"detections\":[]" more "}\n"
#define RECORD(name)                                                                                                           \
	"{\"path\":[\"p\",\"" name "\"],\"sha256\":\"" SHA                                                                     \
	"\",\"size\":3,\"kind\":\"text\",\"class\":\"text\",\"name_class\":\"\","                                              \
	"\"container\":false,\"result\":{\"facts\":{\"tags\":[\"any\",\"text\"]},\"findings\":[],\"unknown\":{}}}\n"

/* A memfd with this text, sealed or not. */
static int input_of(const char *text, size_t n, bool sealed)
{
	int fd = memfd_create("input", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
	if (sealed)
		assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), 0);
	return fd;
}

static void begin(role_case *r, int at)
{
	role_start(r, pb_reducer_main, (const int[]){at, -1, -1}, json_object());
}

static void give_fd(const role_case *r, uint32_t tag, int input, const json_t *aside)
{
	json_t *job = aside ? json_pack("{s:O}", "aside", aside) : json_object();
	char *words = json_dumps(job, JSON_COMPACT);
	assert_int_equal(pb_wire_send_fd(r->socket, PB_MSG_JOB, tag, words, strlen(words), input), 0);
	free(words);
	json_decref(job);
}

static void give(const role_case *r, uint32_t tag, const char *text, bool sealed, const json_t *aside)
{
	int fd = input_of(text, strlen(text), sealed);
	give_fd(r, tag, fd, aside);
	close(fd);
}

static void start(role_case *r, const char *text, bool sealed, int at, json_t *aside)
{
	begin(r, at);
	give(r, 1, text, sealed, aside);
	json_decref(aside);
}

/* One answer as JSON where it is a result, NULL where it is an error (its words in r->got). */
static json_t *answer_of(role_case *r, uint32_t to)
{
	pb_message type;
	uint32_t tag;
	json_t *result = NULL;
	assert_int_equal(pb_wire_receive(r->socket, &type, &tag, &r->got, NULL), 1);
	assert_int_equal(tag, to);
	if (type == PB_MSG_RESULT)
		result = role_json(r);
	else
		assert_int_equal(type, PB_MSG_ERROR);
	char *words = strdup(r->got.size ? (const char *)r->got.data : "");
	role_expect(r, PB_MSG_DONE, to);
	assert_string_equal((const char *)r->got.data, "{}");
	r->got.size = 0;
	assert_int_equal(pb_buf_puts(&r->got, words), 0);
	free(words);
	return result;
}

static void end(role_case *r, int status)
{
	assert_int_equal(shutdown(r->socket, SHUT_WR), 0);
	role_exits(r, status);
}

/* The one answer of a process that has but one product. */
static json_t *answer(role_case *r)
{
	json_t *result = answer_of(r, 1);
	end(r, 0);
	return result;
}

/* What pb_reduce gives in this process. */
static json_t *outside(const role_case *r, const char *head, const char *const *lines, size_t n)
{
	json_t *h = json_loads(head, 0, NULL), *records = json_array(), *out = NULL;
	pb_error err = {0};
	assert_non_null(h);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(records, json_loads(lines[i], 0, NULL));
	pb_reduce_input in = {.records = records,
	                      .limits = json_object_get(h, "limits"),
	                      .detections = json_object_get(h, "detections"),
	                      .database = json_object_get(h, "database"),
	                      .name = "p",
	                      .kind = "tar",
	                      .sha256 = SHA,
	                      .size = 9,
	                      .as_of = 20000};
	if (pb_reduce(r->rules, &in, &out, &err))
		fail_msg("%s", err.text);
	json_decref(h);
	json_decref(records);
	return out;
}

static void the_answer_is_what_reduce_gives(void **state)
{
	(void)state;
	static const char *const lines[] = {RECORD("a"), RECORD("b")};
	role_case r;
	role_open(&r);
	json_t *wanted = outside(&r, HEAD(""), lines, 2);
	for (int sealed = 0; sealed < 2; sealed++) {
		start(&r, HEAD("") RECORD("a") RECORD("b"), sealed, -1, NULL);
		json_t *result = answer(&r);
		if (!result)
			fail_msg("%s", (const char *)r.got.data);
		assert_true(json_equal(result, wanted));
		pb_product_result read;
		pb_error err = {0};
		if (pb_product_result_read(result, &read, &err))
			fail_msg("%s", err.text);
		pb_product_result_free(&read);
		json_decref(result);
	}
	/* The end of the last line may be missing. */
	char text[] = HEAD("") RECORD("a") RECORD("b");
	text[strlen(text) - 1] = '\0';
	start(&r, text, true, -1, NULL);
	json_t *result = answer(&r);
	assert_true(json_equal(result, wanted));
	json_decref(result);
	json_decref(wanted);
	role_close(&r);
}

static void a_folder_is_a_record_itself(void **state)
{
	(void)state;
	role_case r;
	role_open(&r);
	start(&r,
	      HEAD(",\"members\":{\"format\":\"folder\",\"complete\":true,\"entries\":[{\"path\":\"a\",\"type\":\"file\","
	           "\"size\":9},"
	           "{\"path\":\"b\",\"type\":\"file\",\"size\":9}]}") RECORD("b"),
	      true, -1, NULL);
	json_t *result = answer(&r);
	assert_non_null(result);
	/* Listed, and never delivered. */
	assert_non_null(strstr(pb_json_str(json_array_get(json_object_get(result, "limits"), 0), "why", ""), "delivered"));
	json_decref(result);
	start(&r, HEAD(",\"members\":null") RECORD("b"), true, -1, NULL);
	result = answer(&r);
	assert_int_equal(json_array_size(json_object_get(result, "limits")), 0);
	json_decref(result);
	role_close(&r);
}

#define MALFORMED(field)                                                                                                       \
	"{\"name\":\"p\",\"kind\":\"tar\",\"sha256\":\"" SHA "\",\"size\":9,\"as_of\":20000," field "}\n" RECORD("a")

/* A record in which two checks of map have found something. */
#define FOUND(name)                                                                                                            \
	"{\"path\":[\"p\",\"" name "\"],\"sha256\":\"" SHA "\",\"size\":3,\"kind\":\"text\",\"class\":\"text\",\"name_class\":\"\","  \
	"\"container\":false,\"result\":{\"facts\":{\"tags\":[\"any\",\"text\"]},\"findings\":[" RAISED("bad") "," RAISED("hang") "],"   \
	"\"unknown\":{}}}\n"
#define RAISED(check)                                                                                                          \
	"{\"check\":\"integrity." check "\",\"finding\":\"key\",\"key\":\"k\",\"severity\":\"high\",\"kappa\":900,\"says\":\"s\","      \
	"\"at\":0,\"length\":1,\"excerpt\":\"\"}"

/* The result of a job that is about one check: what others found is there to be read, and not told. */
static json_t *answer_about(role_case *r, const char *job, const char *text)
{
	int fd = input_of(text, strlen(text), true);
	begin(r, -1);
	assert_int_equal(pb_wire_send_fd(r->socket, PB_MSG_JOB, 1, job, strlen(job), fd), 0);
	close(fd);
	json_t *result = answer(r);
	if (!result)
		fail_msg("%s", (const char *)r->got.data);
	return result;
}

static void a_result_may_be_about_one_check(void **state)
{
	(void)state;
	static const char text[] = HEAD("") FOUND("a");
	role_case r;
	role_open(&r);
	case_text(&r.c, "scripts/integrity/reads.lua",
	          "return { " CASE_HEADER CASE_FINDINGS " product = function(product, found) for o in product:objects{} do for _, f in "
	          "ipairs(o.findings) do found.key{ key = f.check, object = o, 'x' } end end end }");
	pb_rules_template_close(r.rules);
	json_decref(r.about);
	assert_int_equal(pb_rules_template_open(&r.options, &r.rules, &r.about, NULL), 0);
	json_t *all = answer_about(&r, "{}", text);
	assert_int_equal(json_array_size(json_object_get(all, "checks")), 4);
	assert_int_equal(json_array_size(json_object_get(all, "findings")), 4);
	static const char *const ids[] = {"integrity.bad", "integrity.hang", "integrity.product", "integrity.reads"};
	for (size_t i = 0; i < 4; i++) {
		char job[100];
		snprintf(job, sizeof job, "{\"only\":\"%s\"}", ids[i]);
		json_t *one = answer_about(&r, job, text), *f;
		/* What stands there is what stands in the result about all. */
		assert_int_equal(json_array_size(json_object_get(one, "checks")), 1);
		assert_true(json_equal(json_array_get(json_object_get(one, "checks"), 0), json_array_get(json_object_get(all, "checks"), i)));
		size_t k, wanted = 0;
		json_array_foreach(json_object_get(all, "findings"), k, f)
			if (strcmp(pb_json_str(f, "check", ""), ids[i]) == 0)
				assert_true(json_equal(f, json_array_get(json_object_get(one, "findings"), wanted++)));
		assert_int_equal(json_array_size(json_object_get(one, "findings")), wanted);
		assert_int_equal(wanted, i == 2 ? 0 : i == 3 ? 2 : 1);
		pb_product_result read;
		pb_error err = {0};
		if (pb_product_result_read(one, &read, &err))
			fail_msg("%s", err.text);
		pb_product_result_free(&read);
		json_decref(one);
	}
	/* One that there is not; and no name. */
	json_t *none = answer_about(&r, "{\"only\":\"integrity.none\"}", text);
	assert_int_equal(json_array_size(json_object_get(none, "checks")), 0);
	assert_int_equal(json_array_size(json_object_get(none, "findings")), 0);
	json_decref(none);
	none = answer_about(&r, "{\"only\":7}", text);
	assert_true(json_equal(none, all));
	json_decref(none);
	json_decref(all);
	role_close(&r);
}

static void other_input_is_an_error(void **state)
{
	(void)state;
	static const char *const inputs[] = {
	    "\n",
	    "{}\n",
	    "[]",
	    "nonsense",
	    "null\n" RECORD("a"),
	    RECORD("a") HEAD(""),
	    MALFORMED("\"database\":{},\"limits\":[]"),
	    MALFORMED("\"database\":{},\"limits\":{},\"detections\":[]"),
	    MALFORMED("\"database\":7,\"limits\":[],\"detections\":[]"),
	    MALFORMED("\"database\":{},\"limits\":[{\"path\":[7],\"why\":\"x\"}],\"detections\":[]"),
	    MALFORMED("\"database\":{},\"limits\":[{\"path\":[],\"why\":\"x\"}],\"detections\":[]"),
	    MALFORMED("\"database\":{},\"limits\":[{\"path\":[\"p\"]}],\"detections\":[]"),
	    MALFORMED("\"database\":{},\"limits\":[],\"detections\":[{\"path\":[\"p\"],\"signature\":\"x\"}]"),
	    MALFORMED("\"database\":{},\"limits\":[],\"detections\":[],\"members\":[]"),
	    MALFORMED("\"database\":{},\"limits\":[],\"detections\":[],\"members\":{}"),
	    MALFORMED("\"database\":{},\"limits\":[],\"detections\":[],\"members\":{\"entries\":[1]}"),
	    HEAD("") "\n" RECORD("a"),
	    HEAD("") "7\n",
	    HEAD("") "{}\n",
	    HEAD("") "{\"path\":[]}\n",
	    HEAD("") RECORD("a") "{\"path\":",
	};
	role_case r;
	role_open(&r);
	for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
		start(&r, inputs[i], true, -1, NULL);
		json_t *result = answer(&r);
		if (result || r.got.size == 0)
			fail_msg("taken: %s", inputs[i]);
	}
	/* No input, or nothing in it; the next product is not concerned. */
	int empty = input_of("", 0, false);
	begin(&r, -1);
	give_fd(&r, 1, -1, NULL);
	assert_null(answer_of(&r, 1));
	give_fd(&r, 2, empty, NULL);
	assert_null(answer_of(&r, 2));
	give(&r, 3, HEAD("") RECORD("a"), true, NULL);
	json_t *good = answer_of(&r, 3);
	assert_non_null(good);
	json_decref(good);
	end(&r, 0);
	/* No room to say where: it never begins. */
	begin(&r, empty);
	assert_null(answer_of(&r, 0));
	role_exits(&r, 1);
	close(empty);
	/* No job. */
	begin(&r, -1);
	assert_int_equal(pb_wire_send(r.socket, PB_MSG_RECORD, 1, "{}", 2), 0);
	role_exits(&r, 1);
	begin(&r, -1);
	end(&r, 0);
	role_close(&r);
}

static void where_it_is_can_be_seen(void **state)
{
	(void)state;
	role_case r;
	role_open(&r);
	size_t index = 0;
	const json_t *ids = json_object_get(r.about, "ids");
	while (strcmp(json_string_value(json_array_get(ids, index)), "integrity.product") != 0)
		index++;
	int fd = memfd_create("at", MFD_CLOEXEC);
	assert_int_equal(ftruncate(fd, 4096), 0);
	_Atomic uint32_t *at = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	assert_true(at != MAP_FAILED);
	start(&r, HEAD("") RECORD("hang"), true, fd, NULL);
	for (int i = 0; atomic_load(at) != PB_AT_CHECK + index; i++) {
		assert_true(i < 20000);
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	}
	role_kill(&r);
	/* The next one without this check. */
	start(&r, HEAD("") RECORD("hang"), true, fd, json_pack("{s:s}", "integrity.product", "took longer than 600 s"));
	json_t *result = answer(&r), *c;
	assert_non_null(result);
	assert_int_equal(atomic_load(at), 0);
	size_t i;
	int seen = 0;
	json_array_foreach (json_object_get(result, "checks"), i, c)
		if (strcmp(pb_json_str(c, "id", ""), "integrity.product") == 0) {
			seen++;
			assert_string_equal(pb_json_str(c, "status", ""), "unknown");
			assert_string_equal(pb_json_str(c, "reason", ""), "took longer than 600 s");
		}
	assert_int_equal(seen, 1);
	json_decref(result);
	munmap((void *)at, 4096);
	close(fd);
	role_close(&r);
}

/* Every way to keep something for the next product that Lua has, and some that it has not. */
static const char *const keepers[] = {
    "n = n + 1 t.k = nil",
    "t.n = t.n + 1",
    "words.list[1] = words.list[1] .. 'x'",
    "words.seen = true",
    "string.kept = 1",
    "kept = (kept or 0) + 1",
    "found.key = nil",
    "n = { n }",
    "f = function() return n end",
    "last = product",
    "last = found",
    "t[1] = product",
    "each = each or product:objects {} for o in each do last = o end",
    "local s = {} for i = 1, 200000 do s[i] = 'garbage ' .. i end n = #s",
    "big = ('x'):rep(1 << 20) n = #big",
    "while true do n = n + 1 end",
    "local s = 'x' while true do s = s .. s end",
};

static void open_keepers(role_case *r)
{
	pb_error err = {0};
	memset(r, 0, sizeof *r);
	case_open(&r->c);
	role_checks(&r->c);
	/* What each finds shows what it has kept. */
	static const char before[] =
	    "local words = require 'lib.words' local n, t, f, last, each, big = 0, { n = 0 }, nil, nil, nil, nil\n"
	    "return { " CASE_HEADER CASE_FINDINGS " product = function(product, found)\n"
	    "for o in product:objects {} do found.key{ key = 'n' .. tostring(n) .. tostring(t.n) .. words.list[1] .. "
	    "tostring(f) .. type(last) .. type(each) .. tostring(big), object = o, 'x' } end\n";
	for (size_t i = 0; i < sizeof keepers / sizeof *keepers; i++) {
		char name[60], script[1200];
		snprintf(name, sizeof name, "scripts/integrity/keep%02zu.lua", i);
		snprintf(script, sizeof script, "%s%s\nend }", before, keepers[i]);
		case_text(&r->c, name, script);
	}
	r->options.catalogue = case_options(&r->c);
	r->options.catalogue.limits.instructions = 3000000;
	r->options.catalogue.limits.memory = 64 << 20;
	r->socket = -1;
	if (pb_rules_template_open(&r->options, &r->rules, &r->about, &err) != 0)
		fail_msg("%s\n%s", err.text, r->c.told);
}

static char *said(role_case *r, uint32_t tag)
{
	json_t *result = answer_of(r, tag);
	if (!result)
		fail_msg("%s", (const char *)r->got.data);
	char *text = json_dumps(result, JSON_COMPACT);
	json_decref(result);
	return text;
}

/* What products a process has seen before makes no difference to the report of the next one, to the byte. */
static void nothing_of_a_product_stays(void **state)
{
	(void)state;
	static const char *const products[] = {HEAD("") RECORD("a"), HEAD("") RECORD("b") RECORD("c"), HEAD(""),
	                                       HEAD(",\"members\":null") RECORD("words") RECORD("garbage 7")};
	enum { N = sizeof products / sizeof *products, ROUNDS = 3 };
	char *alone[N];
	role_case r;
	open_keepers(&r);
	json_t *aside = json_pack("{s:s,s:s}", "integrity.keep01", "left out", "integrity.product", "left out");
	for (size_t i = 0; i < N; i++) {
		begin(&r, -1);
		give(&r, 1, products[i], true, NULL);
		alone[i] = said(&r, 1);
		end(&r, 0);
	}
	/* The checks did what they could. */
	assert_non_null(strstr(alone[0], "limit state"));
	assert_non_null(strstr(alone[0], "limit instructions"));
	assert_non_null(strstr(alone[0], "read-only"));
	assert_null(strstr(alone[0], "left out"));
	begin(&r, -1);
	for (uint32_t i = 0; i < N * ROUNDS; i++) {
		const char *before = products[(7 * i + 1) % N];
		give(&r, 3 * i + 1, before, i % 2 == 0, aside);
		char *without = said(&r, 3 * i + 1);
		assert_true((strstr(without, "left out") != NULL) == (strstr(before, "\"path\"") != NULL));
		free(without);
		give(&r, 3 * i + 2, "nonsense", true, NULL);
		assert_null(answer_of(&r, 3 * i + 2));
		give(&r, 3 * i + 3, products[i % N], i % 2 == 1, NULL);
		char *text = said(&r, 3 * i + 3);
		assert_string_equal(text, alone[i % N]);
		free(text);
	}
	end(&r, 0);
	for (size_t i = 0; i < N; i++)
		free(alone[i]);
	json_decref(aside);
	role_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_answer_is_what_reduce_gives),
	    cmocka_unit_test(a_folder_is_a_record_itself),
	    cmocka_unit_test(a_result_may_be_about_one_check),
	    cmocka_unit_test(other_input_is_an_error),
	    cmocka_unit_test(where_it_is_can_be_seen),
	    cmocka_unit_test(nothing_of_a_product_stays),
	};
	alarm(200);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
