/* What passes for a record without being parsed must be one of that object, whatever a front writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "findings/record.h"
#include "object/kind.h"
#include "tests/unit/prng.h"
#include "worker/record_text.h"

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static pb_lane_object object_of(const char *kind, const char *name_class, size_t size)
{
	pb_lane_object o = {.bytes = {NULL, size}};
	(void)snprintf(o.sha256, sizeof o.sha256, "%s", SHA);
	(void)snprintf(o.kind, sizeof o.kind, "%s", kind);
	(void)snprintf(o.name_class, sizeof o.name_class, "%s", name_class);
	return o;
}

static char *record_of(const pb_lane_object *o, const char *path, bool unscanned, bool md5, bool typed)
{
	const pb_kind *kind = pb_kind_named(o->kind);
	json_t *parts = json_loads(path, 0, NULL);
	json_t *j = json_pack("{s:o,s:s,s:I,s:s,s:s,s:s,s:b}", "path", parts, "sha256", o->sha256, "size",
	                      (json_int_t)o->bytes.size, "kind", o->kind, "class", pb_class_name(kind->class), "name_class",
	                      o->name_class, "container", kind->class == PB_CLASS_ARCHIVE);
	assert_non_null(j);
	if (unscanned)
		json_object_set_new(j, "unscanned", json_true());
	if (md5)
		json_object_set_new(j, "md5", json_string("0123456789abcdef0123456789abcdef"));
	if (typed)
		json_object_set_new(j, "clam_type", json_string(o->clam_type));
	char *text = pb_json_canonical(j);
	assert_non_null(text);
	json_decref(j);
	return text;
}

static bool fits(const char *text, size_t n, const pb_lane_object *o)
{
	/* Its exact size, so that a sanitizer sees who reads past the end. */
	uint8_t *copy = malloc(n ? n : 1);
	assert_non_null(copy);
	memcpy(copy, text, n);
	bool is = pb_record_text_fits((pb_bytes){copy, n}, o);
	free(copy);
	return is;
}

static const char *const paths[] = {
    "[\"p\"]", "[\"a.deb\",\"data.tar.xz\",\"usr/bin/x\"]", "[\"\"]", "[\"quote \\\" back \\\\ end \\\\\"]",
    "[\"gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80\",\"\\u00e4]\",\",\"]"};
enum { PATHS = sizeof paths / sizeof *paths };

static void what_fronts_write_fits(void **state)
{
	static const char *const kinds[][2] = {{"text", ".txt"}, {"elf", ""}, {"deb", ".deb"}, {"json", "package.json"}};
	(void)state;
	for (size_t k = 0; k < 4; k++)
		for (size_t p = 0; p < PATHS; p++)
			for (int more = 0; more < 8; more++) {
				pb_lane_object o = object_of(kinds[k][0], kinds[k][1], k ? SIZE_MAX >> k : 0);
				(void)strcpy(o.clam_type, "CL_TYPE_TEXT_ASCII");
				char *text = record_of(&o, paths[p], more & 1, more & 2, more & 4);
				if (!fits(text, strlen(text), &o))
					fail_msg("has to be parsed: %s", text);
				free(text);
			}
}

#define RECORD(path, more) "{\"class\":\"text\",\"container\":false,\"kind\":\"text\",\"name_class\":\".txt\",\"path\":[" path "]," more "}"
#define REST "\"sha256\":\"" SHA "\",\"size\":5"

static void what_is_not_plain_does_not_fit(void **state)
{
	static const char *const texts[] = {
	    "",
	    "{",
	    "{}",
	    RECORD("", REST),
	    RECORD("\"p\",", REST),
	    RECORD("7", REST),
	    RECORD("\"p\\", REST),
	    RECORD("\"p\"\"q\"", REST),
	    RECORD("[\"p\"]", REST),
	    RECORD("\"p\n\"", REST),
	    RECORD("\"p\"", REST "5"),
	    RECORD("\"p\"", REST ".0"),
	    RECORD("\"p\"", REST ",\"unscanned\":false"),
	    RECORD("\"p\"", REST ",\"result\":{}"),
	    RECORD("\"p\"", REST) " ",
	    RECORD("\"p\"", REST) "}",
	    RECORD("\"p\"],\"result\":{\"facts\":{\"tags\":[]},\"findings\":[],\"unknown\":{}},\"x\":[\"\"", REST),
	    RECORD("\"p\"],\"sha256\":\"" SHA "\",\"x\":[\"q\"", REST),
	    RECORD("\"p\"", "\"sha256\":\"" SHA "\",\"size\":6"),
	};
	pb_lane_object o = object_of("text", ".txt", 5);
	(void)state;
	assert_true(fits(RECORD("\"p\"", REST), strlen(RECORD("\"p\"", REST)), &o));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (fits(texts[i], strlen(texts[i]), &o))
			fail_msg("fits: %s", texts[i]);
	/* a name class that would have to be escaped, and a kind that there is not */
	o = object_of("text", "\",\"a\":\"", 5);
	char *text = record_of(&o, "[\"p\"]", false, false, false);
	assert_false(fits(text, strlen(text), &o));
	free(text);
	/* another type than the lane said, none where it said none, and one that would have to be escaped */
	static const char *const types[][2] = {
	    {"CL_TYPE_ZIP", "CL_TYPE_ELF"}, {"CL_TYPE_ZIP", "CL_TYPE_ZI"}, {"", ""}, {"", "CL_TYPE_ZIP"}, {"a\"b", "a\"b"}};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		o = object_of("text", ".txt", 5);
		(void)strcpy(o.clam_type, types[i][1]);
		text = record_of(&o, "[\"p\"]", false, false, true);
		(void)strcpy(o.clam_type, types[i][0]);
		assert_false(fits(text, strlen(text), &o));
		free(text);
	}
	o = object_of("nosuch", ".txt", 5);
	assert_false(fits(RECORD("\"p\"", REST), strlen(RECORD("\"p\"", REST)), &o));
}

/* Either the keeper's parser refuses it, or it says of the object what the lane said, without a result. */
static void check(const char *text, size_t n, const pb_lane_object *o)
{
	json_t *r = pb_json_parse((pb_bytes){(const uint8_t *)text, n}, 1 << 20, "a record", NULL);
	if (r && (json_object_get(r, "result") || strcmp(pb_json_str(r, "sha256", ""), o->sha256) != 0 ||
	          strcmp(pb_json_str(r, "kind", ""), o->kind) != 0 ||
	          strcmp(pb_json_str(r, "name_class", ""), o->name_class) != 0 ||
	          strcmp(pb_json_str(r, "clam_type", o->clam_type), o->clam_type) != 0 ||
	          (uint64_t)pb_json_int(r, "size", -1) != o->bytes.size || memchr(text, '\n', n)))
		fail_msg("passed: %.*s", (int)n, text);
	json_decref(r);
}

static void mutations_never_pass_for_another(void **state)
{
	static const char *const pieces[] = {"\"", "\\", "]", "[", ",", "}", "\"],\"", "\"result\":{},", "\\u0022", "\":\"", "\"size\":5"};
	enum { N = sizeof pieces / sizeof *pieces };
	prng random = {7};
	size_t passed = 0;
	(void)state;
	for (int round = 0; round < 200000; round++) {
		pb_lane_object o = object_of("text", ".txt", 5);
		(void)strcpy(o.clam_type, "CL_TYPE_HTML");
		char *text = record_of(&o, paths[round % PATHS], round & 8, round & 16, round & 32), changed[1000];
		size_t n = strlen(text), at = prng_next(&random) % (n + 1), cut = prng_next(&random) % 3;
		const char *piece = pieces[prng_next(&random) % N];
		cut = cut > n - at ? n - at : cut;
		int m = snprintf(changed, sizeof changed, "%.*s%s%s", (int)at, text, piece, text + at + cut);
		assert_true(m > 0 && (size_t)m < sizeof changed);
		if (fits(changed, (size_t)m, &o)) {
			passed++;
			check(changed, (size_t)m, &o);
		}
		if (fits(text, at, &o))
			assert_int_equal(at, n);
		free(text);
	}
	assert_true(passed > 100); /* inside of a path, most of it is nobody's business here */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_fronts_write_fits),
	    cmocka_unit_test(what_is_not_plain_does_not_fit),
	    cmocka_unit_test(mutations_never_pass_for_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
