/* plugin/evidence: the log and the reports of earlier assessments. */
#include "evidence_case.h"

#include <stdio.h>

#include "base/hash.h"

#define NONE "0000000000000000000000000000000000000000000000000000000000000000"
#define SHA  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

#define LINE1 "{\"n\":1,\"previous\":\"" NONE "\",\"time\":1,\"what\":\"made\"}"
static const char report[] = "{\"assessment\":{\"as_of\":\"2026-02-03\",\"rules_digest\":\"x\"},\"product\":{\"name\":\"tidy\",\"sha256\":\"" SHA
                             "\",\"version\":\"1\"},\"schema\":\"probity-report/1\",\"score\":{\"decision\":\"accept\",\"valid_until\":\"2027-02-03\"}}";

/* Line n, which follows the text before. */
static char *line(const char *before, int n, const char *rest)
{
	char digest[65], *text = NULL;

	assert_true(pb_sha256_of((pb_bytes){(const uint8_t *)before, strlen(before)}, digest));
	assert_true(asprintf(&text, "{\"n\":%d,\"previous\":\"%s\"%s}", n, digest, rest) > 0);
	return text;
}

static char *joined(const char *a, const char *b, const char *c)
{
	char *text = NULL;

	assert_true(asprintf(&text, "%s\r\n\n%s \n%s", a, b, c) > 0);
	return text;
}

typedef struct log3 {
	char *second, *third;
} log3;

static log3 three(void)
{
	log3 l = {.second = line(LINE1, 2, ",\"id\":1,\"report_sha256\":\"" SHA "\"")};

	l.third = line(l.second, 3, ",\"report_sha256\":\"\"");
	return l;
}

static void said(const char *a, const char *b, const char *c, const char *intact, const char *whole, const char *why)
{
	char *text = joined(a, b, c);
	json_t *d = good(text, "log", "probity log");

	content_says(d, "lines", "3");
	content_says(d, "intact", intact);
	content_says(d, "whole", whole);
	content_says(d, "why", why);
	content_says(d, "reports", "[\"" SHA "\"]");
	json_decref(d);
	free(text);
}

static void log_holds(void **state)
{
	log3 l = three();
	char *fourth = line(l.third, 4, "");

	(void)state;
	said(LINE1, l.second, l.third, "true", "true", "\"\"");
	said(l.third, l.second, LINE1, "true", "true", "\"\"");
	said(l.second, l.third, fourth, "true", "false", "\"\"");
	free(fourth);
	free(l.second);
	free(l.third);
}

static void log_is_broken(void **state)
{
	log3 l = three();
	char *fourth = line(l.third, 4, ""), *other = line("another", 3, ""), *late = line("x", 1, "");
	char *taken = joined(LINE1, l.third, "");
	json_t *d = good(taken, "log", "probity log");

	(void)state;
	content_says(d, "intact", "false");
	content_says(d, "why", "\"line 3 stands where line 2 is due\"");
	json_decref(d);
	said(LINE1, l.second, other, "false", "true", "\"line 3 does not follow line 2 as that reads here\"");
	said(LINE1, l.second, LINE1, "false", "true", "\"line 1 stands where line 3 is due\"");
	said(late, l.second, l.third, "false", "true", "\"line 1 follows something\"");
	said(l.second, LINE1, fourth, "false", "false", "\"line 1 stands where line 3 is due\"");
	free(taken);
	free(late);
	free(other);
	free(fourth);
	free(l.second);
	free(l.third);
}

static void log_is_refused(void **state)
{
	(void)state;
	refused(LINE1 "\n{\"n\":\"2\",\"previous\":\"" SHA "\"}\n", "log", "line 2 is none of a log: n and previous are wanted");
	refused(LINE1 "\n{\"n\":0,\"previous\":\"" SHA "\"}\n", "log", "line 2 is none of a log: n and previous are wanted");
	refused(LINE1 "\n{\"n\":9223372036854775807,\"previous\":\"" SHA "\"}\n", "log", "line 2 is none of a log: n and previous are wanted");
	refused(LINE1 "\n{\"what\":[1]}\n", "log", "line 2 is none of a log: n and previous are wanted");
}

static void one_line(void **state)
{
	json_t *d = good(LINE1 "\n", "log", "probity log");
	char digest[65], want[80];

	(void)state;
	assert_true(pb_sha256_of((pb_bytes){(const uint8_t *)LINE1, strlen(LINE1)}, digest));
	(void)snprintf(want, sizeof want, "\"%s\"", digest);
	content_says(d, "lines", "1");
	content_says(d, "head", want);
	json_decref(d);
}

static void reports(void **state)
{
	char spaced[sizeof report + 8], digest[65], want[80];
	json_t *d;

	(void)state;
	(void)snprintf(spaced, sizeof spaced, " %s\n", report);
	assert_true(pb_sha256_of((pb_bytes){(const uint8_t *)report, strlen(report)}, digest));
	(void)snprintf(want, sizeof want, "\"%s\"", digest);
	d = good(spaced, "report", "probity-report/1");
	says(d, "issued", "\"2026-02-03\"");
	says(d, "subjects", "[{\"md5\":\"\",\"name\":\"tidy\",\"purl\":\"\",\"sha1\":\"\",\"sha256\":\"" SHA "\",\"sha512\":\"\"}]");
	content_says(d, "decision", "\"accept\"");
	content_says(d, "valid_until", "\"2027-02-03\"");
	content_says(d, "report_sha256", want);
	json_decref(d);
	refused("{\"schema\":\"probity-report/2\"}", "report", "schema: probity-report/1 is wanted");
	refused("{\"schema\":\"probity-report/1\"}", "report", "product: it is missing");
}

static void spoiled(void **state)
{
	log3 l = three();
	char *text = joined(LINE1, l.second, l.third);

	(void)state;
	spoil_bytes(text, strlen(text));
	spoil_bytes(report, strlen(report));
	spoil_json(report);
	spoil_json(LINE1);
	free(text);
	free(l.second);
	free(l.third);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(log_holds), cmocka_unit_test(log_is_broken), cmocka_unit_test(log_is_refused),
	    cmocka_unit_test(one_line),  cmocka_unit_test(reports),       cmocka_unit_test(spoiled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
