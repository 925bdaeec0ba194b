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

static void start(role_case *r, const char *text, bool sealed, int at, json_t *args)
{
	int fd = input_of(text, strlen(text), sealed);
	role_start(r, pb_reducer_main, (const int[]){fd, at, -1}, args ? args : json_object());
	close(fd);
}

/* The answer as JSON where it is a result, NULL where it is an error (its words in r->got). */
static json_t *answer(role_case *r)
{
	pb_message type;
	uint32_t tag;
	json_t *result = NULL;
	assert_int_equal(pb_wire_receive(r->socket, &type, &tag, &r->got, NULL), 1);
	assert_int_equal(tag, 0);
	if (type == PB_MSG_RESULT)
		result = role_json(r);
	else
		assert_int_equal(type, PB_MSG_ERROR);
	char *words = strdup(r->got.size ? (const char *)r->got.data : "");
	role_expect(r, PB_MSG_DONE, 0);
	assert_string_equal((const char *)r->got.data, "{}");
	r->got.size = 0;
	assert_int_equal(pb_buf_puts(&r->got, words), 0);
	free(words);
	role_exits(r, 0);
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
	/* No input, and no place to say where. */
	role_start(&r, pb_reducer_main, (const int[]){-1, -1, -1}, NULL);
	assert_null(answer(&r));
	int empty = input_of("", 0, false);
	role_start(&r, pb_reducer_main, (const int[]){empty, -1, -1}, NULL);
	assert_null(answer(&r));
	start(&r, HEAD("") RECORD("a"), true, empty, NULL);
	assert_null(answer(&r));
	close(empty);
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
	start(&r, HEAD("") RECORD("hang"), true, fd,
	      json_pack("{s:{s:s}}", "aside", "integrity.product", "took longer than 600 s"));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_answer_is_what_reduce_gives),
	    cmocka_unit_test(a_folder_is_a_record_itself),
	    cmocka_unit_test(other_input_is_an_error),
	    cmocka_unit_test(where_it_is_can_be_seen),
	};
	alarm(200);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
