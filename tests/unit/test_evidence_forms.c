/* Forms of evidence: each is known by its reader, refused while a day stands unfilled, told while any blank is left, and read once filled in. */
#include "evidence_case.h"

#include "base/buf.h"
#include "evidence/forms.h"

static const pb_form_product nobody = {"", "", ""};
static const pb_form_product known = {"appliance", "1.2", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
static const char hex64[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

typedef enum step { DAYS = 1, REST = 2 } step;

static void replace(char *text, const char *what, const char *with)
{
	for (char *at; (at = strstr(text, what)) != NULL;) {
		memmove(at + strlen(with), at + strlen(what), strlen(at + strlen(what)) + 1);
		memcpy(at, with, strlen(with));
	}
}

/* What somebody would write in place of this value; NULL: nothing. */
static json_t *filled_text(const char *key, const char *was, unsigned steps)
{
	char text[1200], *bar;

	(void)snprintf(text, sizeof text, "%s", was);
	if (steps & DAYS)
		replace(text, "YYYY-MM-DD", "2026-10-01");
	if ((steps & REST) && strcmp(was, "FILL-IN") == 0 && (strstr(key, "sha256") || strstr(key, "Commit") || strstr(key, "fingerprint")))
		return json_string(hex64);
	if ((steps & REST) && (bar = strchr(text, '|')) != NULL)
		*bar = '\0';
	if (steps & REST) {
		replace(text, "FILL-IN", "word");
		replace(text, "FILL IN", "word");
	}
	return json_string(text);
}

static json_t *filled(const char *key, const json_t *v, unsigned steps)
{
	const char *name;
	json_t *inner, *out;
	size_t i;

	if (json_is_string(v))
		return filled_text(key, json_string_value(v), steps);
	if (json_is_null(v) && strcmp(key, "port") == 0)
		return json_integer(443);
	if (json_is_null(v) && strcmp(key, "present") == 0)
		return json_false();
	if (!json_is_object(v) && !json_is_array(v))
		return json_is_null(v) ? NULL : json_incref((json_t *)v);
	out = json_is_object(v) ? json_object() : json_array();
	json_object_foreach ((json_t *)v, name, inner) {
		json_t *one = filled(name, inner, steps);
		if (one != NULL)
			json_object_set_new(out, name, one);
	}
	json_array_foreach (v, i, inner)
		json_array_append_new(out, filled(key, inner, steps));
	return out;
}

/* The form with these steps done, as its record. */
static json_t *record_of(const pb_form *f, const pb_form_product *p, unsigned steps)
{
	pb_buf text = {0};
	json_t *json, *done, *record;
	char *out;

	assert_int_equal(pb_form_text(f, p, &text), 0);
	json = steps ? json_loadb((const char *)text.data, text.size, 0, NULL) : NULL;
	if (json != NULL) {
		done = filled("", json, steps);
		out = json_dumps(done, JSON_INDENT(2));
		json_decref(done);
		json_decref(json);
	} else {
		out = calloc(1, text.size + 200);
		memcpy(out, text.data, text.size);
		if (steps & DAYS)
			replace(out, "YYYY-MM-DD", "2027-01-01");
		if (steps & REST)
			replace(out, "FILL-IN", "security@example.org");
	}
	record = pb_document_read(f->file, (pb_bytes){(const uint8_t *)out, strlen(out)});
	free(out);
	pb_buf_free(&text);
	assert_non_null(record);
	well_formed(record);
	return record;
}

static void as_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < pb_forms_count; i++)
		for (int k = 0; k < 2 && pb_forms[i].file; k++) {
			json_t *record = record_of(&pb_forms[i], k ? &known : &nobody, 0);

			assert_string_equal(pb_json_str(record, "kind", ""), pb_forms[i].kind);
			assert_string_equal(pb_json_str(record, "state", ""), "refused");
			assert_true(strstr(pb_json_str(record, "why", ""), "YYYY-MM-DD") || strstr(pb_json_str(record, "why", ""), "FILL-IN"));
			json_decref(record);
		}
}

/* Days alone: either its reader refuses what is left, or the blank is told by its place. */
static void with_days(void **state)
{
	char where[300];

	(void)state;
	for (size_t i = 0; i < pb_forms_count; i++) {
		if (!pb_forms[i].file)
			continue;
		json_t *record = record_of(&pb_forms[i], &known, DAYS);
		bool read = strcmp(pb_json_str(record, "state", ""), "read") == 0;

		if (read != pb_form_unfilled(record, where, sizeof where))
			fail_msg("%s: %s, %s", pb_forms[i].kind, pb_json_str(record, "state", ""), pb_json_str(record, "why", ""));
		if (read)
			assert_true(where[0] == 'b' || where[0] == 'c' || where[0] == 's');
		json_decref(record);
	}
}

static void filled_in(void **state)
{
	char where[300];

	(void)state;
	for (size_t i = 0; i < pb_forms_count; i++)
		for (int k = 0; k < 2 && pb_forms[i].file; k++) {
			json_t *record = record_of(&pb_forms[i], k ? &known : &nobody, DAYS | REST);

			if (strcmp(pb_json_str(record, "state", ""), "read") != 0)
				fail_msg("%s: %s", pb_forms[i].kind, pb_json_str(record, "why", ""));
			assert_string_equal(pb_json_str(record, "kind", ""), pb_forms[i].kind);
			assert_false(pb_form_unfilled(record, where, sizeof where));
			json_decref(record);
		}
}

/* The product's digest is the subject's. */
static void knows_its_product(void **state)
{
	static const char *const kinds[] = {"provenance", "rebuild", "audit", "data-manifest", "support-period", "sbom"};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		json_t *record = record_of(pb_form_of(kinds[i]), &known, DAYS | REST);
		const json_t *subject = json_array_get(json_object_get(record, "subjects"), 0);

		assert_string_equal(pb_json_str(subject, "sha256", ""), known.sha256);
		assert_non_null(strstr(pb_json_str(subject, "name", ""), "appliance"));
		json_decref(record);
	}
}

static void the_table(void **state)
{
	(void)state;
	assert_null(pb_form_of("signature"));
	assert_true(pb_form_serves(pb_form_of("sbom"), "V-01"));
	assert_true(pb_form_serves(pb_form_of("sbom"), "V-02"));
	assert_false(pb_form_serves(pb_form_of("sbom"), "V-0"));
	assert_false(pb_form_serves(pb_form_of("sbom"), "-01"));
	assert_false(pb_form_serves(pb_form_of("sbom"), ""));
	assert_int_equal(pb_form_text(pb_form_of("osv"), &nobody, &(pb_buf){0}), PB_EINPUT);
}

/* A place that is longer than the room for it is cut, and told all the same. */
static void deep_blank(void **state)
{
	json_t *v = json_string("FILL IN"), *record;
	char where[40];

	(void)state;
	for (int i = 0; i < 60; i++)
		v = json_pack("{s:[o]}", "a-long-name-of-a-field", v);
	record = json_pack("{s:{s:o}}", "content", "x", v);
	assert_true(pb_form_unfilled(record, where, sizeof where));
	assert_true(strlen(where) < sizeof where);
	json_decref(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(as_written),        cmocka_unit_test(with_days), cmocka_unit_test(filled_in),
	                                   cmocka_unit_test(knows_its_product), cmocka_unit_test(the_table), cmocka_unit_test(deep_blank)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
