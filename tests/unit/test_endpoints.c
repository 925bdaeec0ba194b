/* Whose domain, where, and what was said of it beforehand: over records written by hand, hostile and many ones among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/located.h"
#include "worker/declared.h"
#include "worker/endpoints.h"
#include "worker/inventory.h"

static pb_lists *lists;

static int open_lists(void **state)
{
	pb_error err = {0};

	(void)state;
	return pb_lists_open(".", &lists, &err);
}

static int close_lists(void **state)
{
	(void)state;
	pb_lists_close(lists);
	return 0;
}

static void hosts_are_where_their_names_say(void **state)
{
	static const struct {
		const char *host, *domain, *by, *country;
	} cases[] = {
	    {"a.b.vendor-host.de", "vendor-host.de", "cctld", "DE"},
	    {"vendor-host.co.uk", "vendor-host.co.uk", "cctld", "GB"}, /* as ISO 3166 spells it */
	    {"vendor-host.io", "vendor-host.io", "none", ""},          /* letters that the whole world takes */
	    {"vendor-host.eu", "vendor-host.eu", "none", ""},          /* no country */
	    {"vendor-host.net", "vendor-host.net", "none", ""},
	    {"x.eu-central-1.elb.amazonaws.com", "x.eu-central-1.elb.amazonaws.com", "cloud", "DE"},
	    {"data-eu-west-1.s3.amazonaws.com", "data-eu-west-1.s3.amazonaws.com", "cloud", "IE"}, /* at the end of a label */
	    {"eu-west-1-data.s3.amazonaws.com", "eu-west-1-data.s3.amazonaws.com", "cloud", "IE"}, /* at its beginning */
	    {"amazonaws.com", "amazonaws.com", "none", ""},
	    {"s3.amazonaws.com", NULL, "none", ""},
	    {"9.9.9.9", NULL, "none", ""}, /* no table of addresses here */
	    {"::1", NULL, "none", ""},
	    {"[2a01:4f8::5]", NULL, "none", ""},
	    {"localhost", NULL, "none", ""},
	    {"", NULL, "none", ""},
	    {".", NULL, "none", ""},
	    {"..de", NULL, "none", ""},
	    {"-.-.amazonaws.com", NULL, "none", ""},
	    {"co.uk", NULL, "cctld", "GB"},
	    {"a b.de", NULL, "none", ""},
	    {"x.\xff\xfe", NULL, "none", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		pb_located p = pb_host_located(lists, cases[i].host);

		if (strcmp(p.country, cases[i].country) != 0 || strcmp(pb_located_by_name(p.by), cases[i].by) != 0 ||
		    (p.domain ? !cases[i].domain || strcmp(p.domain, cases[i].domain) != 0 : cases[i].domain != NULL))
			fail_msg("%s: %s %s %s", cases[i].host, p.domain ? p.domain : "-", pb_located_by_name(p.by), p.country);
	}
}

/* A program that names these hosts and has these capabilities; facts taken. */
static json_t *record(const char *name, int number, json_t *facts)
{
	char sha[65];

	snprintf(sha, sizeof sha, "%064x", (unsigned)number);
	json_object_set_new(facts, "tags", json_pack("[s,s]", "any", "elf"));
	return json_pack("{s:[s,s],s:s,s:i,s:s,s:s,s:s,s:b,s:{s:o,s:[],s:{}}}", "path", "p", name, "sha256", sha, "size", 10, "kind", "elf", "class",
	                 "binary", "name_class", "", "container", 0, "result", "facts", facts, "findings", "unknown");
}

static json_t *host(const char *name, bool comment)
{
	return json_pack("{s:s,s:i,s:b}", "host", name, "at", 0, "comment", comment);
}

/* Endpoints and declarations of these records (taken), with the documents of j where there are any. */
static json_t *made(json_t *records, json_t *packages, json_t *documents, json_t **declared)
{
	json_t *none = json_array(), *inventory, *out;
	pb_join j;
	pb_error err = {0};

	assert_int_equal(pb_join_make(lists, records, none, &j, &err), 0);
	j.documents = documents;
	inventory = pb_inventory_of(&j, packages, "");
	assert_non_null(inventory);
	out = pb_endpoints_of(&j, lists, inventory);
	assert_non_null(out);
	assert_int_equal(json_array_size(out), json_array_size(json_object_get(inventory, "hosts")));
	*declared = pb_declared_of(&j, packages, inventory, out);
	assert_non_null(*declared);
	pb_join_free(&j);
	json_decref(inventory);
	json_decref(packages);
	json_decref(records);
	json_decref(none);
	return out;
}

static void objects_count_once(void **state)
{
	json_t *twice = json_pack("[o,o,o]", host("a.vendor-host.de", false), host("a.vendor-host.de", false), host("b.vendor-host.de", true));
	json_t *code = json_pack("{s:o,s:[{s:s}]}", "hosts", json_pack("[o]", host("a.vendor-host.de", false)), "capabilities", "capability",
	                         "net-connect");
	json_t *declared, *e, *first;

	(void)state;
	e = made(json_pack("[o,o,o]", record("x", 1, json_pack("{s:o}", "hosts", twice)), record("y", 2, code),
	                   record("tests/z", 3, json_pack("{s:[o]}", "hosts", host("a.vendor-host.de", false)))),
	         json_array(), NULL, &declared);
	assert_int_equal(json_array_size(e), 1); /* one host only: the other stands in a comment, and tests reach for nothing */
	first = json_array_get(e, 0);
	assert_int_equal(pb_json_int(first, "objects", 0), 2);
	assert_true(json_is_true(json_object_get(first, "connects")));
	assert_int_equal(json_array_size(declared), 0); /* nothing that could have declared anything */
	json_decref(e);
	json_decref(declared);
}

/* More hosts than a list holds, and as many recipients in a document: both are bounded, sorted, and each once. */
static void thousands_of_hosts(void **state)
{
	json_t *hosts = json_array(), *recipients = json_array(), *declared, *e, *row;
	json_t *document, *content;
	char name[60], before[600] = "";
	size_t i;

	(void)state;
	for (int k = 0; k < 5000; k++) {
		snprintf(name, sizeof name, "h%d.vendor-host%d.de", k, k % 3000);
		json_array_append_new(hosts, host(name, false));
		snprintf(name, sizeof name, "*.vendor-host%d.de", k % 400);
		json_array_append_new(recipients, json_pack("{s:s,s:s}", "host", name, "region", k % 2 ? "de" : "aws:eu-central-1"));
	}
	content = json_pack("{s:o,s:[s],s:[{s:i,s:s}]}", "recipients", recipients, "regions", "EU", "ports", "port", 22, "proto", "tcp");
	document = json_pack("{s:s,s:s,s:s,s:o,s:[]}", "name", "m.json", "kind", "data-manifest", "state", "read", "content", content, "subjects");
	e = made(json_pack("[o]", record("x", 1, json_pack("{s:o,s:[{s:s}]}", "hosts", hosts, "capabilities", "capability", "net-connect"))),
	         json_array(),
	         json_pack("[{s:{s:s,s:i},s:{s:{s:o}}}]", "supplied", "about", "product", "freshness", 1000, "result", "facts", "evidence", document),
	         &declared);
	assert_int_equal(json_array_size(e), 2000);
	assert_int_equal(json_array_size(declared), PB_DECLARED_ROWS);
	json_array_foreach (declared, i, row) {
		char now[600];
		bool said = json_is_true(json_object_get(row, "declared"));

		snprintf(now, sizeof now, "%s\n%s", pb_json_str(row, "what", ""), pb_json_str(row, "value", ""));
		assert_true(strcmp(before, now) < 0);
		assert_int_equal(said, *pb_json_str(row, "by", "") != '\0');
		assert_true(said || json_is_true(json_object_get(row, "observed")));
		memcpy(before, now, sizeof now);
	}
	json_decref(e);
	json_decref(declared);
}

/* What a document that is refused, stale or of something else says, is not said. */
static void what_does_not_count_declares_nothing(void **state)
{
	static const struct {
		const char *state, *about;
		int fresh;
		size_t rows;
	} cases[] = {{"read", "product", 1000, 1}, {"read", "none", 1000, 1}, {"refused", "product", 1000, 0}, {"read", "other", 1000, 0}, {"read", "product", 0, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *declared, *document, *e;

		document = json_pack("{s:s,s:s,s:s,s:{s:[s,s,i,s]},s:[]}", "name", "c.json", "kind", "capabilities", "state", cases[i].state, "content",
		                     "capabilities", "Input Capture", "none", 7, "", "subjects");
		e = made(json_array(), json_array(),
		         json_pack("[{s:{s:s,s:i},s:{s:{s:o}}}]", "supplied", "about", cases[i].about, "freshness", cases[i].fresh, "result", "facts",
		                   "evidence", document),
		         &declared);
		assert_int_equal(json_array_size(declared), cases[i].rows);
		if (cases[i].rows)
			assert_string_equal(pb_json_str(json_array_get(declared, 0), "value", ""), "input-capture");
		json_decref(e);
		json_decref(declared);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hosts_are_where_their_names_say),
	    cmocka_unit_test(objects_count_once),
	    cmocka_unit_test(thousands_of_hosts),
	    cmocka_unit_test(what_does_not_count_declares_nothing),
	};
	return cmocka_run_group_tests(tests, open_lists, close_lists);
}
