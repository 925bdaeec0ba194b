/* What a keeper answers from its store, and to whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "query_case.h"

/* Answers a question here, without a socket; rc of taking the lines apart. */
static int answer(const char *question, int64_t uid, bool may_read, heard *h, pb_error *err)
{
	json_t *q = json_loads(question, JSON_DECODE_ANY, NULL);
	pb_buf out = {0};
	forget(h);
	*err = (pb_error){0};
	assert_non_null(q);
	assert_int_equal(pb_query_answer(store, q, uid, may_read, &out, err), 1);
	int rc = pb_query_lines(out.data, out.size, hear, h, err);
	pb_buf_free(&out);
	json_decref(q);
	return rc;
}

static void answers(void **state)
{
	(void)state;
	heard h = {0};
	pb_error err;
	assert_int_equal(answer("{\"do\":\"list\"}", 0, true, &h, &err), 0);
	assert_int_equal(h.n, 20);
	assert_int_equal(pb_json_int(h.first, "id", 0), 20);
	assert_string_equal(pb_json_str(h.first, "name", ""), "product-20");
	assert_int_equal(
	    answer("{\"do\":\"list\",\"limit\":3,\"before\":10,\"decision\":\"REJECT\"}", 0, true, &h, &err), 0);
	assert_int_equal(h.n, 3);
	assert_int_equal(pb_json_int(h.first, "id", 0), 9);
	assert_int_equal(answer("{\"do\":\"show\",\"id\":7}", 0, true, &h, &err), 0);
	assert_int_equal(h.n, 2);
	assert_string_equal(pb_json_str(h.last, "schema", ""), "probity-report/1");
	assert_int_equal(answer("{\"do\":\"log\",\"limit\":2}", 0, true, &h, &err), 0);
	assert_int_equal(h.n, 2);
	assert_int_equal(pb_json_int(h.first, "n", 0), 20);
	assert_int_equal(answer("{\"do\":\"verify\"}", 0, true, &h, &err), 0);
	assert_true(json_is_true(json_object_get(h.first, "holds")));
	assert_int_equal(pb_json_int(h.first, "lines", 0), 20);
	char head[65], question[200];
	snprintf(head, sizeof head, "%s", pb_json_str(h.first, "head", ""));
	assert_int_equal(case_add(store, 21), 21);
	snprintf(question, sizeof question, "{\"do\":\"verify\",\"head\":\"%s\"}", head);
	assert_int_equal(answer(question, 0, true, &h, &err), 0);
	assert_true(json_is_true(json_object_get(h.first, "holds")));
	assert_int_equal(pb_json_int(h.first, "noted", 0), 20);
	assert_int_equal(pb_json_int(h.first, "lines", 0), 21);
	question[strlen(question) - 3] ^= 1; /* one that no line has */
	assert_int_equal(answer(question, 0, true, &h, &err), 0);
	assert_true(json_is_false(json_object_get(h.first, "holds")));
	assert_non_null(strstr(pb_json_str(h.first, "why", ""), "cut off"));
	case_tamper(file, "UPDATE report SET text = 'x' WHERE id = 4");
	assert_int_equal(answer("{\"do\":\"verify\"}", 0, true, &h, &err), 0);
	assert_true(json_is_false(json_object_get(h.first, "holds")));
	assert_non_null(strstr(pb_json_str(h.first, "why", ""), "assessment 4"));
	forget(&h);
}

static void others_see_their_own(void **state)
{
	(void)state;
	heard h = {0};
	pb_error err;
	char theirs[768];
	assert_int_equal(answer("{\"do\":\"list\"}", 1001, false, &h, &err), 0);
	assert_int_equal(h.n, 10);
	assert_int_equal(pb_json_int(h.first, "id", 0), 19);
	assert_int_equal(answer("{\"do\":\"list\"}", -1, false, &h, &err), 0);
	assert_int_equal(h.n, 0);
	assert_int_equal(answer("{\"do\":\"show\",\"id\":19}", 1001, false, &h, &err), 0);
	assert_int_equal(h.n, 2);
	assert_int_equal(answer("{\"do\":\"show\",\"id\":18}", 1001, false, &h, &err), PB_EINPUT);
	assert_int_equal(h.n, 0);
	snprintf(theirs, sizeof theirs, "%s", err.text);
	assert_int_equal(answer("{\"do\":\"show\",\"id\":98}", 1001, false, &h, &err), PB_EINPUT);
	theirs[strlen(theirs) - 2] = '9'; /* the same words as for one that never was */
	assert_string_equal(theirs, err.text);
	assert_int_equal(answer("{\"do\":\"log\"}", 1001, false, &h, &err), PB_EINPUT);
	assert_int_equal(answer("{\"do\":\"verify\"}", 1001, false, &h, &err), PB_EINPUT);
	assert_non_null(strstr(err.text, "[access]"));
}

static void hostile_questions(void **state)
{
	(void)state;
	static const char *const bad[] = {
	    "{\"do\":\"list\",\"limit\":-1}",
	    "{\"do\":\"list\",\"limit\":\"3\"}",
	    "{\"do\":\"list\",\"name\":3}",
	    "{\"do\":\"list\",\"uid\":0}",
	    "{\"do\":\"list\",\"any_uid\":true}",
	    "{\"do\":\"list\",\"name\":null}",
	    "{\"do\":\"show\"}",
	    "{\"do\":\"show\",\"id\":\"1\"}",
	    "{\"do\":\"show\",\"id\":1.5}",
	    "{\"do\":\"show\",\"id\":-9223372036854775808}",
	    "{\"do\":\"verify\",\"x\\n\":[[[]]]}",
	    "{\"do\":\"verify\",\"head\":3}",
	    "{\"do\":\"verify\",\"head\":\"abc\"}",
	    "{\"do\":\"verify\",\"head\":\"' OR 1=1; -- 0123456789abcdef0123456789abcdef0123456789abcdef00\"}",
	    "{\"do\":\"show\",\"id\":9223372036854775807}",
	};
	static const char *const unknown[] = {
	    "{}",           "[]", "3", "null", "\"list\"", "{\"do\":3}", "{\"do\":\"status\"}", "{\"do\":\"LIST\"}",
	    "{\"do\":\"\"}"};
	heard h = {0};
	pb_error err;
	pb_buf out = {0};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(answer(bad[i], 0, true, &h, &err), PB_EINPUT);
		assert_int_equal(h.n, 0);
		assert_true(err.text[0] && !strchr(err.text, '\n'));
	}
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
		json_t *q = json_loads(unknown[i], JSON_DECODE_ANY, NULL);
		assert_int_equal(pb_query_answer(store, q, 0, true, &out, &err), 0);
		assert_int_equal(out.size, 0);
		json_decref(q);
	}
	assert_int_equal(answer("{\"do\":\"list\",\"limit\":9223372036854775807,\"name\":\"'; DROP TABLE log; --\"}", 0,
	                        true, &h, &err),
	                 0);
	assert_int_equal(h.n, 0);
	pb_store *kept = store;
	store = NULL;
	assert_int_equal(answer("{\"do\":\"list\"}", 0, true, &h, &err), PB_EINPUT);
	store = kept;
	json_t *q = json_pack("{s:s}", "do", "list");
	out.max = 2000; /* half an answer is none */
	assert_int_equal(pb_buf_puts(&out, "x\n"), 0);
	assert_int_equal(pb_query_answer(store, q, 0, true, &out, &err), 1);
	assert_int_equal(memcmp(out.data, "x\n{\"error\":\"", 12), 0);
	out.max = out.size = 2;
	assert_int_equal(pb_query_answer(store, q, 0, true, &out, &err), PB_ELIMIT);
	assert_int_equal(out.size, 2);
	pb_buf_free(&out);
	json_decref(q);
}

static void many_rows_are_paged(void **state)
{
	(void)state;
	heard h = {0};
	pb_error err;
	pb_sql *db;
	const pb_sql_mode mode = {.busy_ms = 100};
	char question[100];
	int64_t before = INT64_MAX, n = 0;
	assert_int_equal(pb_sql_open(file, &mode, &db, NULL), 0);
	assert_int_equal(
	    pb_sql_run(
	        db,
	        "INSERT INTO "
	        "assessment(time,path,name,version,kind,sha256,host,policy,rules_digest,decision,clamav,reason,alert)"
	        " WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 2100)"
	        " SELECT n,'','','','','','','','','','','','' FROM r",
	        NULL),
	    0);
	pb_sql_close(db);
	for (int page = 0; page < 3; page++) {
		snprintf(question, sizeof question, "{\"do\":\"list\",\"before\":%lld}", (long long)before);
		assert_int_equal(answer(question, 0, true, &h, &err), 0);
		assert_int_equal(h.n, page < 2 ? 1000 : 120);
		before = pb_json_int(h.last, "id", 0);
		n += h.n;
	}
	assert_int_equal(n, 2120);
	forget(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(answers, with_store, without_store),
	    cmocka_unit_test_setup_teardown(others_see_their_own, with_store, without_store),
	    cmocka_unit_test_setup_teardown(hostile_questions, with_store, without_store),
	    cmocka_unit_test_setup_teardown(many_rows_are_paged, with_store, without_store),
	};
	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
