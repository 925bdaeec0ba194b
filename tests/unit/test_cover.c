/* What ClamAV did not scan is told: coverage of checks that need it, and the containers that Probity had to open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_case.h"
#include "findings/product.h"
#include "object/limits.h"
#include "prng.h"
#include "worker/reduce.h"

#define DIGEST    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"
#define UNSCANNED "not scanned by ClamAV: unpacked by Probity"
#define MEMBERS   "members not scanned by ClamAV: unpacked by Probity"

enum { SCANNED, UNPACKED, SAYS_NO };

/* A record at p/NAME/... (names joined by '>'; "": p itself). */
static json_t *object(const char *path, const char *kind, char last, int scanned)
{
	char sha[65], one[64];
	snprintf(sha, sizeof sha, "%s%c", DIGEST, last);
	json_t *r =
	    json_pack("{s:[s],s:s,s:i,s:s,s:s,s:s,s:b,s:{s:{s:[s,s]},s:[],s:{}}}", "path", "p", "sha256", sha, "size", 100,
	              "kind", kind, "class", strcmp(kind, "tar") == 0 ? "archive" : "text", "name_class", "", "container",
	              strcmp(kind, "tar") == 0, "result", "facts", "tags", "any", kind, "findings", "unknown");
	while (*path) {
		size_t n = strcspn(path, ">");
		snprintf(one, sizeof one, "%.*s", (int)n, path);
		json_array_append_new(json_object_get(r, "path"), json_string(one));
		path += n + (path[n] == '>');
	}
	if (scanned != SCANNED)
		json_object_set_new(r, "unscanned", json_boolean(scanned == UNPACKED));
	return r;
}

/* An opened container: it lists one member, which is there. */
static json_t *container(const char *path, const char *member, char last, int scanned)
{
	json_t *r = object(path, "tar", last, scanned);
	json_object_set_new(json_object_get(json_object_get(r, "result"), "facts"), "members",
	                    json_pack("{s:s,s:b,s:[{s:s,s:s,s:i}]}", "format", "tar", "complete", 1, "entries", "path", member,
	                              "type", "file", "size", 100));
	return r;
}

static void fail_to_look(json_t *record, const char *check, const char *why)
{
	json_object_set_new(json_object_get(json_object_get(record, "result"), "unknown"), check, json_string(why));
}

/* Reduces records (taken) over the checks in dir, a folder with scripts/ and rulesets/. */
static json_t *reduce_in(check_case *c, const char *dir, json_t *records, bool official, json_t *detections, json_t *limits)
{
	pb_catalogue_options options = case_options(c);
	pb_rules rules = {0};
	pb_error err = {0};
	json_t *out = NULL, *database = json_pack("{s:b}", "official", (int)official);
	options.data_dir = dir;
	if (pb_lists_open(".", &rules.lists, &err))
		fail_msg("%s", err.text);
	options.lists = rules.lists; /* which real checks read while they load */
	if (pb_catalogue_open(&options, &rules.catalogue, &err))
		fail_msg("%s%s", err.text, c->told);
	pb_reduce_input in = {.records = records,
	                      .limits = limits,
	                      .detections = detections,
	                      .database = database,
	                      .name = "p",
	                      .kind = "tar",
	                      .sha256 = DIGEST "0",
	                      .size = 1000,
	                      .as_of = 20000};
	if (pb_reduce(&rules, &in, &out, &err))
		fail_msg("%s", err.text);
	pb_product_result read;
	if (pb_product_result_read(out, &read, &err))
		fail_msg("%s", err.text);
	pb_product_result_free(&read);
	pb_catalogue_close(rules.catalogue);
	pb_lists_close(rules.lists);
	json_decref(database);
	json_decref(records);
	json_decref(detections);
	json_decref(limits);
	return out;
}

/* The same over three checks: one that needs ClamAV, one for ELF files that does, one that does not. */
static json_t *reduce(json_t *records, json_t *limits)
{
	check_case c;
	case_open(&c);
	case_text(&c, "scripts/integrity/known.lua",
	          CASE_CHECK("needs = 'clamav', object = function() end, product = function() end"));
	case_text(&c, "scripts/integrity/elves.lua",
	          CASE_CHECK("needs = 'clamav', applies = { 'elf' }, product = function() end"));
	case_text(&c, "scripts/integrity/other.lua", CASE_CHECK("object = function() end"));
	json_t *out = reduce_in(&c, c.dir, records, true, json_array(), limits ? limits : json_array());
	case_close(&c);
	return out;
}

static void is(const json_t *result, const char *id, const char *status, int coverage, const char *reason)
{
	size_t i;
	json_t *c;
	json_array_foreach (json_object_get(result, "checks"), i, c)
		if (strcmp(pb_json_str(c, "id", ""), id) == 0) {
			assert_string_equal(pb_json_str(c, "status", ""), status);
			assert_int_equal(pb_json_int(c, "coverage", -1), coverage);
			assert_string_equal(pb_json_str(c, "reason", "?"), reason);
			return;
		}
	fail_msg("no check %s", id);
}

/* The limits are exactly these: "path>path: why" joined by newlines, in their order. */
static void limits_are(const json_t *result, const char *wanted)
{
	char got[2000] = "";
	size_t i, k;
	json_t *l, *part;
	json_array_foreach (json_object_get(result, "limits"), i, l) {
		json_array_foreach (json_object_get(l, "path"), k, part)
			snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s", k ? ">" : "", json_string_value(part));
		snprintf(got + strlen(got), sizeof got - strlen(got), ": %s\n", pb_json_str(l, "why", ""));
	}
	assert_string_equal(got, wanted);
}

/* A tar that was read member by member is no object: that concerns who asks for archives. Of what else is not there nobody knows what it is. */
static void a_tar_in_pieces_is_no_unknown(void **state)
{
	static const char streamed[] = "1 of 2 not examined: " PB_WHY_STREAMED;
	check_case c;
	(void)state;
	case_open(&c);
	case_text(&c, "scripts/integrity/any.lua", CASE_CHECK("object = function() end"));
	case_text(&c, "scripts/integrity/elves.lua", CASE_CHECK("applies = { 'elf' }, object = function() end"));
	case_text(&c, "scripts/integrity/tars.lua", CASE_CHECK("applies = { 'tar' }, object = function() end"));
	json_t *records = json_pack("[oo]", container("one", "in", '1', SCANNED), object("one>in", "elf", '2', SCANNED));
	json_t *limits = json_pack("[{s:[s,s],s:s}]", "path", "p", "data.tar.xz", "why", PB_WHY_STREAMED);
	json_t *r = reduce_in(&c, c.dir, json_deep_copy(records), true, json_array(), json_deep_copy(limits));
	is(r, "integrity.any", "pass", 1000, "");
	is(r, "integrity.elves", "pass", 1000, "");
	is(r, "integrity.tars", "pass", 500, streamed);
	limits_are(r, "p>data.tar.xz: " PB_WHY_STREAMED "\n");
	json_decref(r);
	json_array_append_new(limits, json_pack("{s:[s,s],s:s}", "path", "p", "locked", "why", "encrypted"));
	r = reduce_in(&c, c.dir, records, true, json_array(), limits);
	is(r, "integrity.any", "pass", 500, "1 of 2 not examined: encrypted");
	is(r, "integrity.elves", "pass", 500, "1 of 2 not examined: encrypted");
	is(r, "integrity.tars", "pass", 333, "2 of 3 not examined: encrypted");
	json_decref(r);
	case_close(&c);
}

static void what_clamav_did_not_scan_is_not_examined(void **state)
{
	(void)state;
	json_t *r = reduce(json_pack("[oooo]", object("a", "text", '1', SCANNED), object("b", "text", '2', UNPACKED),
	                             object("c", "text", '3', SAYS_NO), object("d", "elf", '4', UNPACKED)),
	                   NULL);
	is(r, "integrity.known", "pass", 500, "2 of 4 not examined: " UNSCANNED);
	is(r, "integrity.elves", "unknown", 0, "1 of 1 not examined: " UNSCANNED); /* nothing was looked at: no pass */
	is(r, "integrity.other", "pass", 1000, "");
	json_decref(r);
	r = reduce(json_pack("[oo]", object("a", "text", '1', UNPACKED), object("b", "text", '2', UNPACKED)), NULL);
	is(r, "integrity.known", "unknown", 0, "2 of 2 not examined: " UNSCANNED);
	is(r, "integrity.elves", "n/a", 0, "");
	json_decref(r);
	r = reduce(json_pack("[oo]", object("a", "text", '1', SCANNED), object("d", "elf", '2', SAYS_NO)), NULL);
	is(r, "integrity.known", "pass", 1000, "");
	is(r, "integrity.elves", "pass", 1000, "");
	limits_are(r, "");
	json_decref(r);
}

/* The same bytes in two places: each place is what it is, although both share one result. */
static void a_copy_that_was_scanned_excuses_nothing(void **state)
{
	(void)state;
	json_t *copy = object("x>a", "text", '1', UNPACKED);
	json_object_del(copy, "result");
	json_t *r = reduce(json_pack("[oo]", object("a", "text", '1', SCANNED), copy), NULL);
	is(r, "integrity.known", "pass", 500, "1 of 2 not examined: " UNSCANNED);
	json_decref(r);
}

/* An object that is missing for two reasons is missing once, and the check's own reason goes first. */
static void reasons_do_not_add_up(void **state)
{
	(void)state;
	json_t *broken = object("a", "text", '1', UNPACKED);
	fail_to_look(broken, "integrity.known", "limit instructions");
	json_t *r =
	    reduce(json_pack("[ooo]", broken, object("b", "text", '2', UNPACKED), object("c", "text", '3', SCANNED)), NULL);
	is(r, "integrity.known", "pass", 333, "2 of 3 not examined: limit instructions");
	json_decref(r);
	r = reduce(json_pack("[oo]", object("b", "text", '2', UNPACKED), object("c", "text", '3', SCANNED)),
	           json_pack("[{s:[s,s],s:s}]", "path", "p", "locked", "why", "encrypted"));
	is(r, "integrity.known", "pass", 333, "2 of 3 not examined: " UNSCANNED);
	is(r, "integrity.other", "pass", 666, "1 of 3 not examined: encrypted");
	limits_are(r, "p>locked: encrypted\np: " MEMBERS "\n");
	json_decref(r);
}

/* The containers that ClamAV left closed are named, once each, and count against no other check. */
static void containers_are_named(void **state)
{
	(void)state;
	json_t *r = reduce(json_pack("[ooooooo]", container("one", "in", '1', SCANNED), container("one>in", "a", '2', UNPACKED),
	                             object("one>in>a", "text", '3', UNPACKED), container("open", "b", '4', SCANNED),
	                             object("open>b", "text", '5', SCANNED), container("two", "c", '6', SCANNED),
	                             object("two>c", "text", '7', UNPACKED)),
	                   NULL);
	limits_are(r, "p>one: " MEMBERS "\np>two: " MEMBERS "\n");
	is(r, "integrity.known", "pass", 333,
	   "2 of 3 not examined: " UNSCANNED); /* opened containers are no objects of their own */
	is(r, "integrity.other", "pass", 1000, "");
	json_decref(r);

	/* The product is the container; its own record may be missing; what lies beside unscanned members may be scanned. */
	r = reduce(json_pack("[oo]", container("", "a", '1', SCANNED), object("a", "text", '2', UNPACKED)), NULL);
	limits_are(r, "p: " MEMBERS "\n");
	json_decref(r);
	r = reduce(json_pack("[ooo]", object("x>a", "text", '2', UNPACKED), object("x>b", "text", '3', SCANNED),
	                     object("x>c", "text", '4', UNPACKED)),
	           NULL);
	limits_are(r, "p: " MEMBERS "\n");
	json_decref(r);
	r = reduce(json_pack("[o]", object("", "text", '2', UNPACKED)), NULL); /* no host says so, but a record may */
	limits_are(r, "p: " MEMBERS "\n");
	is(r, "integrity.known", "unknown", 0, "1 of 1 not examined: " UNSCANNED);
	json_decref(r);
}

/* Many members in a deep chain: named in one line. */
static void it_stays_short(void **state)
{
	enum { MANY = 3000, DEEP = 40 };
	(void)state;
	char path[400] = "deb", kept[500];
	json_t *records = json_pack("[o]", object(path, "text", '1', SCANNED));
	for (int i = 0; i < DEEP; i++)
		snprintf(path + strlen(path), sizeof path - strlen(path), ">d%d", i);
	for (int i = 0; i < MANY; i++) {
		snprintf(kept, sizeof kept, "%s>%05d", path, i);
		json_array_append_new(records, object(kept, "text", '2', UNPACKED));
	}
	json_t *r = reduce(records, NULL);
	limits_are(r, "p>deb: " MEMBERS "\n");
	is(r, "integrity.known", "unknown", 0, "3000 of 3001 not examined: " UNSCANNED); /* less than a permille */
	json_decref(r);
}

/* The real check of this name, with an official database and without one. */
static void known_malware_says_what_was_not_scanned(void **state)
{
	(void)state;
	check_case c = {.told = ""};
	char *data = pb_fs_data_dir();
	for (int official = 0; official < 2; official++)
		for (int found = 0; found < 2; found++) {
			json_t *detections =
			    found ? json_pack("[{s:[s],s:s,s:s}]", "path", "p", "sha256", DIGEST "1", "signature", "Evil.One")
			          : json_array();
			json_t *r = reduce_in(&c, data,
			                      json_pack("[ooo]", object("a", "text", '1', SCANNED),
			                                object("b", "text", '2', UNPACKED), object("c", "text", '3', UNPACKED)),
			                      official, detections, json_array());
			if (official)
				is(r, "integrity.known-malware", found ? "fail" : "pass", 333,
				   "2 of 3 not examined: " UNSCANNED);
			else
				is(r, "integrity.known-malware", found ? "fail" : "unknown", 0,
				   "no official ClamAV database: known malware was not looked for");
			limits_are(r, "p: " MEMBERS "\n");
			json_decref(r);
		}
	json_t *r = reduce_in(&c, data, json_pack("[o]", object("a", "text", '1', SCANNED)), true, json_array(), json_array());
	is(r, "integrity.known-malware", "pass", 1000, "");
	json_decref(r);
	free(data);
}

/* What a check should have been told of one row, counted by hand. */
typedef struct tally {
	int applies, missed;
	char first[80];
} tally;

static void tell(tally *t, const char *why)
{
	t->applies++;
	if (!why)
		return;
	if (t->missed++ == 0)
		snprintf(t->first, sizeof t->first, "%s", why);
}

static void is_tally(const json_t *result, const char *id, const tally *t)
{
	char reason[200] = "";
	int coverage = t->applies ? (t->applies - t->missed) * 1000 / t->applies : 0;
	if (t->missed)
		snprintf(reason, sizeof reason, "%d of %d not examined: %s", t->missed, t->applies, t->first);
	is(result, id, t->applies == 0 ? "n/a" : coverage ? "pass" : "unknown", coverage, reason);
}

/* Rows are counted in groups; the sums and the first reason are those of going through them one by one. */
static void groups_count_as_rows_do(void **state)
{
	static const char *const kinds[] = {"text", "elf", "pe", "python"};
	prng random = {7};
	(void)state;
	for (int round = 0; round < 60; round++) {
		json_t *records = json_array();
		tally known = {0}, elves = {0}, other = {0};
		for (int i = 0, n = prng_in(&random, 0, 30), odds = prng_in(&random, 0, 60); i < n; i++) {
			char name[16], sha[65], why[40];
			const char *kind = kinds[prng_in(&random, 0, round % 4)], *clam;
			int scanned = prng_chance(&random, odds) ? UNPACKED : SCANNED;
			bool broke[3];
			snprintf(name, sizeof name, "f%02d", i);
			snprintf(sha, sizeof sha, "%064d", i);
			snprintf(why, sizeof why, "limit %d", i);
			json_t *r = object(name, kind, '0', scanned);
			json_object_set_new(r, "sha256", json_string(sha));
			for (int k = 0; k < 3; k++)
				if ((broke[k] = prng_chance(&random, odds / 2)))
					fail_to_look(r, (const char *const[]){"integrity.known", "integrity.elves", "integrity.other"}[k], why);
			json_array_append_new(records, r);
			clam = scanned == UNPACKED ? UNSCANNED : NULL;
			tell(&known, broke[0] ? why : clam);
			if (strcmp(kind, "elf") == 0)
				tell(&elves, broke[1] ? why : clam);
			tell(&other, broke[2] ? why : NULL);
		}
		json_t *r = reduce(records, NULL);
		is_tally(r, "integrity.known", &known);
		is_tally(r, "integrity.elves", &elves);
		is_tally(r, "integrity.other", &other);
		json_decref(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_clamav_did_not_scan_is_not_examined),
	    cmocka_unit_test(a_copy_that_was_scanned_excuses_nothing),
	    cmocka_unit_test(reasons_do_not_add_up),
	    cmocka_unit_test(containers_are_named),
	    cmocka_unit_test(a_tar_in_pieces_is_no_unknown),
	    cmocka_unit_test(it_stays_short),
	    cmocka_unit_test(groups_count_as_rows_do),
	    cmocka_unit_test(known_malware_says_what_was_not_scanned),
	};
	return cmocka_run_group_tests_name("cover", tests, NULL, NULL);
}
