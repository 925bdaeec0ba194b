/* plugin/evidence: our own statements, and what every document meets before its reader. */
#include "evidence_case.h"

#include <stdio.h>

#include "base/fs.h"
#include "evidence/statement_types.h"

#define HEAD "{\"schema\":\"probity-statement/1\",\"issued\":\"2026-01-15\",\"by\":\"Example Ltd\","
#define SHA  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define AUDIT HEAD "\"expires\":\"2027-01-15\",\"subjects\":[{\"name\":\"appliance\",\"sha256\":\"" SHA "\"}],\"type\":\"audit\",\"content\":{" \
	"\"auditor\":\"Example Audit\",\"products\":[\"appliance\"],\"versions\":[\"4.2\"],\"scope\":\"source of the update service\",\"method\":\"source review\"," \
	"\"period_start\":\"2025-10-01\",\"period_end\":\"2025-12-31\",\"result\":\"two findings, mended\",\"report_sha256\":\"ABCDEF6789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}}"
#define MANIFEST HEAD "\"type\":\"data-manifest\",\"content\":{\"purposes\":[\"crash reports\"],\"categories\":[]," \
	"\"recipients\":[{\"host\":\"crash.example.com\",\"region\":\"EU\"}],\"telemetry\":{\"present\":true,\"default\":\"opt-in\",\"switch\":\"TELEMETRY=0\"}," \
	"\"processors\":[{\"name\":\"Host GmbH\"}]}}"

static void an_audit(void **state)
{
	json_t *d = good(AUDIT, "audit", "probity-statement/1");

	(void)state;
	says(d, "issued", "\"2026-01-15\"");
	says(d, "expires", "\"2027-01-15\"");
	says(d, "by", "\"Example Ltd\"");
	says(d, "payload", "\"\"");
	says(d, "subjects", "[{\"md5\":\"\",\"name\":\"appliance\",\"purl\":\"\",\"sha1\":\"\",\"sha256\":\"" SHA "\",\"sha512\":\"\"}]");
	content_says(d, "products", "[\"appliance\"]");
	content_says(d, "period_end", "\"2025-12-31\"");
	content_says(d, "report_sha256", "\"abcdef6789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"");
	content_says(d, "left_out", "0");
	json_decref(d);
}

static void a_manifest_and_what_it_leaves_out(void **state)
{
	json_t *d = good(MANIFEST, "data-manifest", "probity-statement/1");

	(void)state;
	content_says(d, "recipients", "[{\"host\":\"crash.example.com\",\"name\":\"\",\"purpose\":\"\",\"region\":\"EU\"}]");
	content_says(d, "telemetry", "{\"default\":\"opt-in\",\"present\":true,\"switch\":\"TELEMETRY=0\"}");
	content_says(d, "regions", "[]");
	content_says(d, "retention", "\"\"");
	content_says(d, "stated", "[\"purposes\",\"categories\",\"recipients\",\"processors\",\"telemetry\"]");
	json_decref(d);
	d = good(HEAD "\"type\":\"source\",\"content\":{}}", "source", "probity-statement/1");
	content_says(d, "stated", "[]");
	content_says(d, "archive_sha256", "\"\"");
	json_decref(d);
	d = good(HEAD "\"type\":\"transparency\",\"content\":{\"period_start\":\"2025-01-01\",\"period_end\":\"2025-12-31\"}}", "transparency",
	         "probity-statement/1");
	content_says(d, "requests", "-1");
	json_decref(d);
}

static void told_what_is_wrong_and_where(void **state)
{
	static const struct {
		const char *text, *kind, *why;
	} cases[] = {
	    {HEAD "\"type\":\"support-period\",\"content\":{}}", "support-period", "content.until: it is missing"},
	    {HEAD "\"type\":\"support-period\",\"content\":{\"untill\":\"2030-01-01\"}}", "support-period",
	     "content: unknown field: untill (did you mean until?)"},
	    {HEAD "\"type\":\"support-period\",\"content\":{\"until\":\"2030-02-29\"}}", "support-period", "content.until: no date: 2030-02-29"},
	    {HEAD "\"type\":\"support-period\",\"content\":{\"until\":\"2030-02-28T10:00:00Z\"}}", "support-period",
	     "content.until: a day is wanted, as in 2030-02-28"},
	    {HEAD "\"type\":\"support-period\",\"content\":{\"until\":\"2030-01-01\",\"from\":\"2031-01-01\"}}", "support-period",
	     "content.from (2031-01-01) is after content.until (2030-01-01)"},
	    {HEAD "\"type\":\"support-period\",\"expires\":\"2025-01-01\",\"content\":{\"until\":\"2030-01-01\"}}", "support-period",
	     "issued (2026-01-15) is after expires (2025-01-01)"},
	    {HEAD "\"type\":\"suport-period\",\"content\":{}}", "statement", "type: no statement is of type suport-period (did you mean support-period?)"},
	    {HEAD "\"type\":\"capabilities\",\"content\":{\"capabilities\":[],\"ports\":[{\"port\":65536,\"proto\":\"tcp\"}]}}", "capabilities",
	     "content.ports[0].port: a number from 0 to 65535 is wanted"},
	    {HEAD "\"type\":\"capabilities\",\"content\":{\"capabilities\":[],\"ports\":[{\"port\":1,\"proto\":\"sctp\"}]}}", "capabilities",
	     "content.ports[0].proto: unknown word: sctp (did you mean tcp?)"},
	    {HEAD "\"type\":\"capabilities\",\"content\":{\"capabilities\":\"x\",\"ports\":[]}}", "capabilities",
	     "content.capabilities: a list is wanted, not a text"},
	    {HEAD "\"type\":\"declaration\",\"content\":{\"claims\":[\"no telemetry\"]}}", "declaration",
	     "content.claims[0]: a word of a-z, 0-9 and \"-\" is wanted, not: no telemetry"},
	    {HEAD "\"type\":\"source\",\"content\":{\"archive_sha256\":\"abc\"}}", "source", "content.archive_sha256: no SHA-256 in hex: abc"},
	    {HEAD "\"type\":\"source\",\"subjects\":[{\"sha1\":\"abc\"}],\"content\":{}}", "source", "subjects[0].sha1: no such digest in hex: abc"},
	    {HEAD "\"type\":\"source\",\"subjects\":[{}],\"content\":{}}", "source",
	     "subjects[0]: it names nothing: a name, a purl or a digest is wanted"},
	    {HEAD "\"type\":\"source\",\"note\":1,\"content\":{}}", "source", "document: unknown field: note"},
	    {HEAD "\"type\":\"source\"}", "source", "content: it is missing"},
	    {"{\"schema\":\"probity-statement/2\"}", "statement", "schema: probity-statement/1 is wanted"},
	    {"{\"schema\":\"probity-statement/1\",\"a\":1,\n\"b\":{\"k\\\"\":1,\"k\\\"\":2}}", "statement", "line 2: a key stands twice: k\\\""},
	    {"{\"schema\":\"probity-statement/1\",\"type\":\"audit\"", "statement", "line 1: '}' expected near end of file"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		refused(cases[i].text, cases[i].kind, cases[i].why);
}

static json_t *nested(size_t depth, const char *open, const char *close)
{
	char text[4096] = "";
	size_t n = 0;

	for (size_t i = 0; i < depth; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s", open);
	n += (size_t)snprintf(text + n, sizeof text - n, "1");
	for (size_t i = 0; i < depth; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s", close);
	return read_text(text);
}

static void bounds_of_every_document(void **state)
{
	const size_t many = PB_DOCUMENT_VALUES + 10, large = (size_t)PB_DOCUMENT_MAX + 1;
	char *text = malloc(large);
	json_t *d = nested(64, "[", "]");

	(void)state;
	says(d, "state", "\"unknown\"");
	json_decref(d);
	d = nested(65, "{\"a\":", "}");
	says(d, "why", "\"line 1: deeper than 64 levels\"");
	json_decref(d);
	assert_non_null(text);
	memset(text, ',', many);
	text[0] = '[';
	d = read_bytes(text, many);
	says(d, "why", "\"line 1: more than 2000000 values\"");
	json_decref(d);
	memset(text, ' ', large);
	d = pb_document_read("large", (pb_bytes){(const uint8_t *)text, large});
	says(d, "why", "\"larger than 64 MiB\"");
	says(d, "state", "\"refused\"");
	json_decref(d);
	free(text);
}

/* No text, a text of nobody, a name that is none. */
static void unknown_ones(void **state)
{
	json_t *d = read_text("");

	(void)state;
	says(d, "kind", "\"unknown\"");
	says(d, "state", "\"unknown\"");
	json_decref(d);
	d = read_bytes("\0\0\0\xff", 4);
	says(d, "kind", "\"unknown\"");
	json_decref(d);
	d = read_text("{\"some\":\"thing\"}");
	says(d, "format", "\"json\"");
	json_decref(d);
	d = pb_document_read("a\nb\xff", (pb_bytes){(const uint8_t *)"x", 1});
	says(d, "name", "\"a\\\\x0ab\\\\xff\"");
	json_decref(d);
	d = read_text("\xef\xbb\xbf" HEAD "\"type\":\"source\",\"content\":{}}");
	says(d, "state", "\"read\"");
	json_decref(d);
}

static void keys_and_signatures_are_known(void **state)
{
	json_t *d = read_text("untrusted comment: minisign public key 1\nRWQ\n");

	(void)state;
	says(d, "kind", "\"key\"");
	json_decref(d);
	d = read_text("untrusted comment: signature\nRWQ\ntrusted comment: x\nabc\n");
	says(d, "kind", "\"signature\"");
	says(d, "format", "\"minisign\"");
	json_decref(d);
	d = read_text("-----BEGIN PGP SIGNATURE-----\n\nabc\n");
	says(d, "format", "\"openpgp\"");
	json_decref(d);
	d = read_text("-----BEGIN CERTIFICATE-----\nabc\n");
	says(d, "format", "\"x509\"");
	json_decref(d);
}

static void spoiled(void **state)
{
	(void)state;
	spoil_json(AUDIT);
	spoil_json(MANIFEST);
}

/* More rows than a list may have: as many as it may, and the rest counted. */
static void rows_without_room(void **state)
{
	const size_t n = PB_DOCUMENT_LIST + 7;
	pb_buf b = {0};
	json_t *d;

	(void)state;
	assert_int_equal(pb_buf_puts(&b, HEAD "\"type\":\"response\",\"content\":{\"answers\":["), 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(pb_buf_printf(&b, "%s{\"check\":\"c\",\"key\":\"%zu\",\"says\":\"s\"}", i > 0 ? "," : "", i), 0);
	assert_int_equal(pb_buf_puts(&b, "]}}"), 0);
	d = read_bytes(b.data, b.size);
	assert_int_equal(json_array_size(json_object_get(json_object_get(d, "content"), "answers")), PB_DOCUMENT_LIST);
	content_says(d, "left_out", "7");
	json_decref(d);
	pb_buf_free(&b);
}

/* --- the schema for people says what the table says */

static void same_fields(const json_t *object, const pb_field *fields)
{
	const json_t *properties = json_object_get(object, "properties"), *required = json_object_get(object, "required"), *name;
	size_t n = 0, must = 0, i;

	for (; fields->form != PB_FIELD_END; fields++, n++) {
		const json_t *property = json_object_get(properties, fields->name);
		bool there = false;

		if (property == NULL)
			fail_msg("the schema lacks %s", fields->name);
		json_array_foreach (required, i, name)
			there |= strcmp(json_string_value(name), fields->name) == 0;
		if (there != fields->must)
			fail_msg("%s: must or may?", fields->name);
		must += fields->must;
		if (fields->form == PB_FIELD_ROWS)
			same_fields(json_object_get(property, "items"), fields->row);
		if (fields->form == PB_FIELD_OBJECT)
			same_fields(property, fields->row);
		if (fields->form == PB_FIELD_ONE_OF)
			for (i = 0; fields->row[i].form != PB_FIELD_END; i++)
				assert_string_equal(json_string_value(json_array_get(json_object_get(property, "enum"), i)), fields->row[i].name);
	}
	assert_int_equal(json_object_size(properties), n);
	assert_int_equal(json_array_size(required), must);
	assert_true(json_is_false(json_object_get(object, "additionalProperties")));
}

static void the_schema_says_the_same(void **state)
{
	pb_buf b = {0};
	pb_error err = {0};
	json_t *schema;
	char *dir = pb_fs_data_dir(), *file;

	(void)state;
	assert_non_null(dir);
	file = pb_fs_join(dir, "plugin/evidence/probity-statement-1.schema.json");
	assert_non_null(file);
	if (pb_fs_read(file, 1 << 20, &b, &err) != PB_OK)
		fail_msg("%s", err.text);
	schema = pb_json_parse((pb_bytes){b.data, b.size}, 1 << 20, "schema", &err);
	assert_non_null(schema);
	for (size_t i = 0; i < pb_statement_types_count; i++)
		same_fields(json_object_get(json_object_get(schema, "$defs"), pb_statement_types[i].type), pb_statement_types[i].fields);
	assert_int_equal(json_object_size(json_object_get(schema, "$defs")), pb_statement_types_count + 3);
	json_decref(schema);
	pb_buf_free(&b);
	free(file);
	free(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_audit),
	    cmocka_unit_test(a_manifest_and_what_it_leaves_out),
	    cmocka_unit_test(told_what_is_wrong_and_where),
	    cmocka_unit_test(bounds_of_every_document),
	    cmocka_unit_test(unknown_ones),
	    cmocka_unit_test(keys_and_signatures_are_known),
	    cmocka_unit_test(spoiled),
	    cmocka_unit_test(rows_without_room),
	    cmocka_unit_test(the_schema_says_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
