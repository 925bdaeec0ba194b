/* Policy files: the three of ours hold the specification's numbers; all that is wrong in one is refused by file and
 * line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/hash.h"
#include "score/policy.h"

static char folder[] = "/tmp/probity-policy-XXXXXX";
static char file[64]; /* folder/mine.ini */
static char *data;
static pb_policy p;

static const char whole[] = "[policy]\n"                                           /* 1 */
                            "title = Mine\n"                                       /* 2 */
                            "[weights]\n"                                          /* 3 */
                            "integrity = 1\n"                                      /* 4 */
                            "data-care = 2\n"                                      /* 5 */
                            "verification = 3\n"                                   /* 6 */
                            "culture = 4\n"                                        /* 7 */
                            "[confidence]\n"                                       /* 8 */
                            "integrity = 0\n"                                      /* 9 */
                            "data-care = 0\n"                                      /* 10 */
                            "verification = 0\n"                                   /* 11 */
                            "culture = 1\n"                                        /* 12 */
                            "half_life_days = 10\n"                                /* 13 */
                            "[thresholds]\n"                                       /* 14 */
                            "accept_trust = 50\n"                                  /* 15 */
                            "accept_confidence = 40\n"                             /* 16 */
                            "accept_floor = 30\n"                                  /* 17 */
                            "reject_below = 50\n"                                  /* 18 */
                            "[required]\n"                                         /* 19 */
                            "sbom = an SBOM | rows=V-01 V-02 | only_if=D-01\n"     /* 20 */
                            "[overrides]\n"                                        /* 21 */
                            "integrity.private-key = low | keys of a test bench\n" /* 22 */
                            "I-36 = info | a toolchain without it\n";              /* 23 */

static int load(const char *name, pb_error *err)
{
	*err = (pb_error){0};
	return pb_policy_load(name, data, &p, err);
}

static void numbers_are(const char *name, const int want[13], size_t required)
{
	pb_error err;
	int got[13];

	if (load(name, &err) != PB_OK)
		fail_msg("%s", err.text);
	for (int i = 0; i < PB_PILLARS; i++) {
		got[i] = p.weight[i];
		got[4 + i] = p.confidence_weight[i];
	}
	got[8] = p.half_life_days;
	got[9] = p.accept_trust;
	got[10] = p.accept_confidence;
	got[11] = p.accept_floor;
	got[12] = p.reject_below;
	for (int i = 0; i < 13; i++)
		if (got[i] != want[i])
			fail_msg("%s: number %d is %d, not %d", name, i, got[i], want[i]);
	assert_int_equal(p.n_required, required);
	assert_string_equal(p.name, name);
}

/* least: a pb_reliability, or -1 where any will do. */
static void least_is(const char *id, int least)
{
	size_t i = 0;

	while (i < p.n_required && strcmp(p.required[i].id, id) != 0)
		i++;
	assert_true(i < p.n_required);
	assert_int_equal(p.required[i].has_least, least >= 0);
	if (least >= 0)
		assert_int_equal(p.required[i].least, least);
}

static void ours(void **state)
{
	(void)state;
	numbers_are("government", (const int[]){1250, 1000, 1000, 500, 3, 2, 3, 1, 180, 80, 65, 40, 40}, 5);
	assert_string_equal(p.required[1].id, "sbom-matched");
	assert_string_equal(p.required[1].catalogue[0], "V-02");
	least_is("package-signature", PB_VERIFIED);
	least_is("provenance", PB_THIRD_PARTY);
	least_is("sbom-matched", -1);
	least_is("vulnerability-contact", -1);
	least_is("residency-declaration", -1);
	numbers_are("business", (const int[]){1000, 1000, 750, 500, 3, 3, 2, 1, 365, 70, 50, 25, 30}, 3);
	assert_string_equal(p.required[0].id, "signature-or-digest");
	assert_int_equal(p.required[0].n_catalogue, 2);
	assert_string_equal(p.required[0].catalogue[1], "I-28");
	least_is("signature-or-digest", PB_THIRD_PARTY);
	numbers_are("consumer", (const int[]){1000, 1500, 500, 250, 3, 4, 1, 1, 730, 65, 40, 0, 25}, 1);
	assert_int_equal(p.required[0].n_only_if, 13);
	assert_string_equal(p.required[0].only_if[12], "D-13");
}

static void write_file(const char *text)
{
	assert_int_equal(pb_fs_write(file, text, strlen(text), NULL), PB_OK);
}

static void one_of_a_buyer(void **state)
{
	char hex[PB_HEX_MAX];
	pb_error err;

	(void)state;
	write_file(whole);
	if (load(file, &err) != PB_OK)
		fail_msg("%s", err.text);
	assert_string_equal(p.name, "mine");
	assert_string_equal(p.title, "Mine");
	assert_true(pb_hash_hex("sha256", (pb_bytes){(const uint8_t *)whole, sizeof whole - 1}, hex));
	assert_string_equal(p.digest, hex);
	assert_string_equal(p.required[0].title, "an SBOM");
	assert_int_equal(p.required[0].n_catalogue, 2);
	assert_string_equal(p.required[0].only_if[0], "D-01");
	assert_int_equal(pb_policy_override(&p, "integrity.private-key", "I-09")->severity, PB_LOW);
	assert_string_equal(pb_policy_override(&p, "other", "I-36")->reason, "a toolchain without it");
	assert_null(pb_policy_override(&p, "other", "I-37"));
}

static void no_such_policy(void **state)
{
	pb_error err;

	(void)state;
	assert_int_equal(load("busines", &err), PB_EINPUT);
	assert_non_null(strstr(err.text, "did you mean \"business\"? (there are: business, consumer, government)"));
	assert_int_equal(load("\x1b[31m", &err), PB_EINPUT);
	assert_null(strchr(err.text, '\x1b'));
	assert_int_equal(load("/nowhere/mine.ini", &err), PB_EIO);
	assert_int_equal(load("", &err), PB_EINPUT);
	assert_int_equal(load(folder, &err), PB_EINPUT);              /* a folder */
	assert_int_equal(load("../policies/business", &err), PB_EIO); /* a path from here, not from the data */
}

/* The policy above with line number `line` (from 1) replaced by `by`; "" takes it out. */
static void replace_line(int line, const char *by)
{
	char text[2048] = "";
	const char *s = whole;

	for (int i = 1; *s != '\0'; i++) {
		size_t n = strcspn(s, "\n") + 1;

		if (i != line)
			(void)strncat(text, s, n);
		else if (*by != '\0')
			(void)strcat(strcat(text, by), "\n");
		s += n;
	}
	write_file(text);
}

static void wrong_ones(void **state)
{
	static const struct {
		int line;
		const char *by, *says;
	} cases[] = {
	    {2, "titel = Mine", "mine.ini:2: unknown key \"titel\", did you mean \"title\"?"},
	    {2, "title =", "mine.ini:2: title: 1 to 119 bytes"},
	    {2, "", "mine.ini: [policy] title is missing"},
	    {3, "[weigths]", "mine.ini:4: unknown section \"weigths\", did you mean \"weights\"?"},
	    {1, "", "mine.ini:1: \"title\" stands before the first [section]"},
	    {4, "integrity = 4001", "mine.ini:4: integrity: \"4001\" is not a whole number from 0 to 4000"},
	    {4, "integrity = -1", "mine.ini:4: integrity"},
	    {4, "integrity = 1.5", "mine.ini:4: integrity"},
	    {4, "integrity = 99999999999999999999", "mine.ini:4: integrity"},
	    {4, "integrty = 1", "mine.ini:4: unknown key \"integrty\", did you mean \"integrity\"?"},
	    {5, "integrity = 1", "mine.ini:5: \"integrity\" stands there twice"},
	    {7, "", "mine.ini: [weights] culture is missing"},
	    {12, "culture = 0", "mine.ini: [confidence] all weights are 0"},
	    {13, "half_life_days = 0", "mine.ini:13: half_life_days: \"0\" is not a whole number from 1 to 36500"},
	    {13, "", "mine.ini: [confidence] half_life_days is missing"},
	    {15, "accept_trust = 49", "mine.ini: [thresholds] reject_below 50 is above accept_trust 49"},
	    {17, "accept_flor = 30", "mine.ini:17: unknown key \"accept_flor\", did you mean \"accept_floor\"?"},
	    {20, "sbom = an SBOM", "mine.ini:20: \"sbom\" names no rows="},
	    {20, "sbom = an SBOM | V-01", "mine.ini:20: after the title stand"},
	    {20, "sbom = an SBOM | row=V-01", "mine.ini:20: unknown part \"row\", did you mean \"rows\"?"},
	    {20, "sbom = an SBOM | rows=v-01", "mine.ini:20: \"v-01\" is not a catalogue row"},
	    {20, "sbom = an SBOM | rows=V-0001", "mine.ini:20: \"V-0001\" is not a catalogue row"},
	    {20, "sbom = an SBOM | rows=", "mine.ini:20: a list of catalogue rows that is empty"},
	    {20, "sbom = an SBOM | rows=V-01 | reliability=sure", "mine.ini:20: unknown reliability \"sure\""},
	    {20, "sbom = an SBOM | rows=V-01 | reliability=verifed", "\"verifed\", did you mean \"verified\"?"},
	    {20, "sbom = an SBOM | rows=V-01 | reliability=", "mine.ini:20: reliability= takes one word"},
	    {20, "sbom = an SBOM | rows=V-01 | reliability=exact parsed", "mine.ini:20: unknown reliability \"exact parsed\""},
	    {20, "sbom = an SBOM | rows=V-01 | reliability=exact | reliability=exact", "\"reliability\" stands there twice"},
	    {20, "sbom = an SBOM | reliability=exact", "mine.ini:20: \"sbom\" names no rows="},
	    {20, "sbom = an SBOM | rows=V-01 | rows=V-02", "mine.ini:20: \"rows\" stands there twice"},
	    {20, "sbom = a | rows=V-1 V-2 V-3 V-4 V-5 V-6 V-7 V-8 V-9", "mine.ini:20: more than 8 catalogue rows"},
	    {20, "sbom = | rows=V-01", "mine.ini:20: a title of 1 to 119 bytes must come first"},
	    {20, "S BOM = an SBOM | rows=V-01", "mine.ini:20: \"S BOM\" is not a name"},
	    {22, "integrity.private-key = lowish | why", "mine.ini:22: unknown severity \"lowish\", did you mean \"low\"?"},
	    {22, "integrity.private-key = low", "mine.ini:22: must be \"SEVERITY | REASON\""},
	    {22, "integrity.private-key = low |", "mine.ini:22: must be \"SEVERITY | REASON\""},
	    {23, "[residency]\nregions = EU\nregions = DE", "mine.ini:25: \"regions\" stands there twice"},
    {23, "[residency]\nregions = Europe", "mine.ini:24: \"Europe\" is no region"},
    {23, "[residency]\nregion = EU", "mine.ini:24: unknown key \"region\", did you mean \"regions\"?"},
    {23, "integrity.private-key = low | again", "mine.ini:23: \"integrity.private-key\" is overridden twice"},
	    {23, "nonsense", "mine.ini:23: neither a [section]"},
	};
	pb_error err;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		replace_line(cases[i].line, cases[i].by);
		assert_int_equal(load(file, &err), PB_EINPUT);
		if (strstr(err.text, cases[i].says) == NULL)
			fail_msg("case %zu says: %s", i, err.text);
	}
}

static void too_many(void **state)
{
	char *text = calloc(1, 65536);
	pb_error err;
	size_t n;

	(void)state;
	assert_non_null(text);
	n = (size_t)snprintf(text, 65536, "[required]\n");
	for (int i = 0; i < 33; i++)
		n += (size_t)snprintf(text + n, 65536 - n, "r%d = t | rows=V-01\n", i);
	write_file(text);
	assert_int_equal(load(file, &err), PB_EINPUT);
	assert_non_null(strstr(err.text, "mine.ini:34: more than 32"));
	n = (size_t)snprintf(text, 65536, "[overrides]\n");
	for (int i = 0; i < 257; i++)
		n += (size_t)snprintf(text + n, 65536 - n, "c%d = low | why\n", i);
	write_file(text);
	assert_int_equal(load(file, &err), PB_EINPUT);
	assert_non_null(strstr(err.text, "mine.ini:258: more than 256"));
	free(text);
}

static int set_up(void **state)
{
	(void)state;
	data = pb_fs_data_dir();
	if (data == NULL || mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(file, sizeof file, "%s/mine.ini", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(data);
	(void)remove(file);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ours),       cmocka_unit_test(one_of_a_buyer), cmocka_unit_test(no_such_policy),
	    cmocka_unit_test(wrong_ones), cmocka_unit_test(too_many),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
