/* probity.conf: defaults, every key, everything that is wrong by file and line, who may do what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/fs.h"
#include "keeper/config.h"
#include "base/value.h"
#include "object/kind.h"
#include "scratch.h"

#define DIGEST "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static pb_config c;
static pb_error err;

static int load(const char *text)
{
	err = (pb_error){0};
	scratch_save("probity.conf", text, strlen(text));
	return pb_config_load(scratch_path("probity.conf"), &c, &err);
}

static void good(const char *text)
{
	if (load(text) != PB_OK)
		fail_msg("%s: %s", text, err.text);
}

/* Refused, and the words tell where and what. */
static void bad(const char *text, const char *words)
{
	if (load(text) == PB_OK)
		fail_msg("taken: %s", text);
	assert_int_equal(err.code, PB_EINPUT);
	if (strstr(err.text, words) == NULL || strstr(err.text, "probity.conf:") == NULL)
		fail_msg("%s\nsaid: %s\nlacks: %s", text, err.text, words);
	assert_null(c.kinds);
	assert_null(c.policy);
}

static void words_are(char **words, const char *joined)
{
	char text[256] = "";

	for (; *words != NULL; words++)
		(void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s,", *words);
	assert_string_equal(text, joined);
}

static void are_defaults(void)
{
	words_are(c.kinds, "package,archive,installer,binary,firmware,");
	assert_string_equal(c.policy, "business");
	words_are(c.rules, "");
	assert_int_equal(c.jobs, 0);
	assert_int_equal(c.alert, PB_ALERT_NEVER);
	assert_int_equal(c.deadline_ms, 10000);
	assert_int_equal(c.n_allowed, 0);
	assert_int_equal(c.object_seconds, 60);
	assert_int_equal(c.reduce_seconds, 600);
	assert_true(c.memory == UINT64_C(2) << 30);
	assert_true(c.member_bytes == UINT64_C(1) << 30);
	assert_int_equal(c.room_us, 20000);
	assert_true(c.keep_cache);
	assert_int_equal(c.nice, 5);
	assert_string_equal(c.store, "/var/lib/probity/probity.db");
	assert_string_equal(c.cache, "/var/lib/probity/objects.db");
	assert_true(c.store_bytes == INT64_C(4) << 30);
	assert_true(c.cache_bytes == INT64_C(1) << 30);
	assert_int_equal(c.keep_days, 400);
	words_are(c.submit, "user:clamav,");
	words_are(c.read, "group:adm,");
	pb_config_free(&c);
}

static void defaults(void **state)
{
	(void)state;
	good("");
	are_defaults();
	good("# nothing but words\n[assess]\n[allow]\n");
	are_defaults();
	pb_config_free(&c); /* twice is harmless */
}

/* The sample file: as it stands, and with every key switched on, it says the defaults. */
static void sample(void **state)
{
	pb_buf text = {0};
	char *dir = pb_fs_data_dir(), *file = pb_fs_join(dir, "plugin/packaging/probity.conf");
	char *at;
	int keys = 0;

	(void)state;
	if (access(file, R_OK) != 0) {
		free(file);
		free(dir);
		skip();
	}
	assert_int_equal(pb_fs_read(file, 1 << 20, &text, &err), PB_OK);
	good((const char *)text.data);
	are_defaults();
	for (at = (char *)text.data; (at = strstr(at, "\n#")) != NULL; at++)
		if (at[2] >= 'a' && at[2] <= 'z') {
			at[1] = ' ';
			keys++;
		}
	good((const char *)text.data);
	assert_int_equal(c.n_allowed, 1);
	assert_int_equal(keys, 42); /* 22 keys, the allowed one, and 19 that the collector reads: none was forgotten */
	free(c.allowed[0].reason);
	c.n_allowed = 0;
	are_defaults();
	pb_buf_free(&text);
	free(file);
	free(dir);
}

static void every_key(void **state)
{
	(void)state;
	good("[assess]\nkinds = deb  rpm\tpackage\npolicy = /etc/probity/mine.ini\nrules = /srv/a, /srv/b\njobs = 3\nclean_cache = off\n"
	     "[alert]\nalert = conditional\ndeadline = 1500ms\n"
	     "[budget]\nobject = 2m\nreduce = 1h\nmemory = 512M\nmember = 256M\nroom = 0\nnice = 0\n"
	     "[store]\nstore =\ncache = /x/c.db\nstore_size = 0\ncache_size = 5m\nkeep = 0\n"
	     "[report]\ntemplates = /x/templates\n"
	     "[access]\nsubmit = user:1000 group:mail\nread =\n");
	words_are(c.kinds, "deb,rpm,package,");
	assert_string_equal(c.policy, "/etc/probity/mine.ini");
	assert_string_equal(c.templates, "/x/templates");
	words_are(c.rules, "/srv/a,/srv/b,");
	assert_int_equal(c.jobs, 3);
	assert_int_equal(c.alert, PB_ALERT_CONDITIONAL);
	assert_int_equal(c.deadline_ms, 1500);
	assert_int_equal(c.object_seconds, 120);
	assert_int_equal(c.reduce_seconds, 3600);
	assert_true(c.memory == 512u << 20);
	assert_true(c.member_bytes == 256u << 20);
	assert_int_equal(c.room_us, 0);
	assert_false(c.keep_cache);
	assert_int_equal(c.nice, 0);
	assert_string_equal(c.store, "");
	assert_string_equal(c.cache, "/x/c.db");
	assert_int_equal(c.store_bytes, 0);
	assert_int_equal(c.cache_bytes, 5 << 20);
	assert_int_equal(c.keep_days, 0);
	words_are(c.submit, "user:1000,group:mail,");
	words_are(c.read, "");
	pb_config_free(&c);
	good("[alert]\nalert = reject\n");
	assert_int_equal(c.alert, PB_ALERT_REJECT);
	pb_config_free(&c);
}

static void refused(void **state)
{
	(void)state;
	bad("[assess]\njbos = 2\n", ":2: unknown key \"jbos\", did you mean \"jobs\"?");
	bad("[asses]\njobs = 2\n", ":2: unknown section \"asses\", did you mean \"assess\"?");
	bad("[nonsense]\njobs = 2\n", "unknown section \"nonsense\"");
	bad("jobs = 2\n", "before the first [section]");
	bad("[alert]\nalert = rejct\n", "did you mean \"reject\"?");
	bad("[alert]\njobs = 2\n", "unknown key \"jobs\"");
	bad("[assess]\njobs = 2\njobs = 2\n", ":3: [assess] \"jobs\" stands there twice");
	bad("[assess]\njobs = 2\n[alert]\nalert = reject\n[assess]\njobs = 2\n", ":6: [assess] \"jobs\" stands there twice");
	bad("[assess]\njobs = -1\n", "\"-1\" is not a whole number");
	bad("[budget]\nnice = 20\n", "not from 0 to 19");
	bad("[budget]\nnice = -5\n", "\"-5\" is not a whole number");
	bad("[assess]\nclean_cache = on\n", "unknown value \"on\"");
	bad("[assess]\njobs = 257\n", "not from 0 to 256");
	bad("[assess]\njobs = 99999999999999999999\n", "not a whole number");
	bad("[assess]\nkinds =\n", "nothing would be assessed");
	bad("[assess]\nkinds = packages\n", "did you mean \"package\"?");
	bad("[assess]\nkinds = De/b\n", "is not a kind");
	bad("[assess]\npolicy =\n", "names no policy");
	bad("[assess]\npolicy = ./mine.ini\n", "not an absolute path");
	bad("[assess]\nrules = /a b\n", "\"b\" is not an absolute path");
	bad("[alert]\ndeadline = 10\n", "\"10\" is not a duration such as");
	bad("[alert]\ndeadline = 10 s\n", "is not a duration");
	bad("[alert]\ndeadline = 0\n", "not from 1ms to 10m");
	bad("[alert]\ndeadline = 11m\n", "not from 1ms to 10m");
	bad("[alert]\ndeadline = 1500us\n", "not a multiple of 1ms");
	bad("[budget]\nobject = 500ms\n", "not from 1s to 1h");
	bad("[budget]\nobject = 1500ms\n", "not a multiple of 1s");
	bad("[budget]\nmemory = 2GB\n", "not a size such as");
	bad("[budget]\nmember = 2G\n", "not from 64M to 2047M");
	bad("[budget]\nmemory = 1M\n", "not from 64M to 1T");
	bad("[budget]\nmemory = 0\n", "not from 64M to 1T");
	bad("[store]\nstore_size = 99999999T\n", "not a size");
	bad("[store]\nstore_size = 1K\n", "nor 0 for no bound");
	bad("[store]\nkeep = 9223372036854775807d\n", "not a duration");
	bad("[store]\nkeep = 36h\n", "not a multiple of 1d");
	bad("[store]\nstore = probity.db\n", "not an absolute path");
	bad("[access]\nread = adm\n", "neither \"user:NAME\" nor \"group:NAME\"");
	bad("[access]\nread = user:\n", "neither");
	bad("[access]\nread = usr:adm\n", "neither");
	bad("[assess\njobs = 2\n", "a section without its");
	bad("[assess]\njobs\n", ":2: ");
	bad("[assess]\npolicy = \xff\n", "not valid UTF-8");
}

static void too_many(void **state)
{
	char text[4096] = "[assess]\nkinds =";

	(void)state;
	for (int i = 0; i < 65; i++)
		(void)strcat(text, " deb");
	bad(text, "more than 64 words");
	assert_int_equal(pb_config_load(scratch_path("not-there.conf"), &c, &err), PB_EIO);
	assert_non_null(strstr(err.text, "not-there.conf"));
}

/* Every kind there is may be named: the guard against slips is in nobody's way. */
static void all_kinds(void **state)
{
	size_t n;
	const pb_kind *kinds = pb_kinds(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		char text[128];

		(void)snprintf(text, sizeof text, "[assess]\nkinds = %s\n", kinds[i].name);
		good(text);
		pb_config_free(&c);
	}
}

static void allowed(void **state)
{
	int64_t day;

	(void)state;
	good("[allow]\n" DIGEST " = 2026-11-30 built here, ticket 4711\n");
	assert_true(pb_date_parse("2026-11-30", &day));
	assert_non_null(pb_config_allows(&c, DIGEST, day));
	assert_string_equal(pb_config_allows(&c, DIGEST, day)->reason, "built here, ticket 4711");
	assert_non_null(pb_config_allows(&c, DIGEST, day - 400));
	assert_null(pb_config_allows(&c, DIGEST, day + 1));
	assert_null(pb_config_allows(&c, "e3b0", day));
	assert_null(pb_config_allows(&c, "", day));
	pb_config_free(&c);

	good("[allow]\nE3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855 = 2026-11-30 capitals\n");
	assert_non_null(pb_config_allows(&c, DIGEST, day));
	pb_config_free(&c);

	bad("[allow]\n" DIGEST " = 2026-11-30\n", "gives no reason");
	bad("[allow]\n" DIGEST " = 2026-02-30 x\n", "YYYY-MM-DD REASON");
	bad("[allow]\n" DIGEST " = because\n", "YYYY-MM-DD REASON");
	bad("[allow]\n" DIGEST " =\n", "YYYY-MM-DD REASON");
	bad("[allow]\ne3b0 = 2026-11-30 x\n", "is not a SHA-256");
	bad("[allow]\n" DIGEST "0 = 2026-11-30 x\n", "is not a SHA-256");
	bad("[allow]\n" DIGEST " = 2026-11-30 x\n" DIGEST " = 2026-11-30 x\n", ":3: [allow]: \"" DIGEST "\" stands there twice");
}

static bool grants(const char *a, const char *b, uid_t uid, gid_t gid)
{
	char one[64], two[64];
	char *specs[3] = {one, two, NULL};

	(void)snprintf(one, sizeof one, "%s", a);
	(void)snprintf(two, sizeof two, "%s", b);
	return pb_config_grants(specs, uid, gid);
}

static void peers(void **state)
{
	char *none[] = {NULL};

	(void)state;
	assert_true(grants("user:root", "x", 0, 4000));
	assert_true(grants("x", "user:4711", 4711, 4000));
	assert_true(grants("group:4000", "x", 4711, 4000));
	assert_true(grants("group:root", "x", 4711, 0));
	assert_false(grants("user:4711", "group:4711", 4000, 4000));
	assert_false(grants("user:no-such-user-here", "group:no-such-group-here", 4711, 4711));
	assert_false(grants("user:", "group:", 4711, 4711));
	assert_false(grants("user:-1", "group:4294967295", (uid_t)-1, (gid_t)-1));
	assert_false(grants("user:4294967296", "group:4294967296", 0, 0)); /* no wrap to root */
	assert_false(grants("root", "daemon", 0, 0));
	assert_false(pb_config_grants(none, 0, 0));
	assert_false(pb_config_grants(NULL, 0, 0));
}

/* A member of a group by the user database, whose main group is another. */
static void supplementary_groups(void **state)
{
	struct group *g;
	char spec[128] = "";
	uid_t uid = 0;
	gid_t gid = 0;

	(void)state;
	setgrent();
	while ((g = getgrent()) != NULL && *spec == '\0')
		for (char **m = g->gr_mem; *m != NULL && *spec == '\0'; m++) {
			struct passwd *p = getpwnam(*m);

			if (p != NULL && p->pw_gid != g->gr_gid) {
				uid = p->pw_uid;
				gid = p->pw_gid;
				(void)snprintf(spec, sizeof spec, "group:%s", g->gr_name);
			}
		}
	endgrent();
	if (*spec == '\0')
		skip();
	assert_true(grants(spec, "x", uid, gid));
	assert_false(grants(spec, "x", 54321, gid));
}

static void values(void **state)
{
	static const struct {
		const char *text;
		int64_t size, us; /* -1: refused */
	} rows[] = {{"0", 0, 0},      {"1", 1, -1},       {"1k", 1024, -1},    {"3G", INT64_C(3) << 30, -1}, {"2s", -1, 2000000},
	            {"7us", -1, 7},   {"1m", 1 << 20, 60000000}, {"", -1, -1}, {"G", -1, -1},                {"-1s", -1, -1},
	            {"1.5G", -1, -1}, {"1 G", -1, -1},    {"0x10", -1, -1},    {"9223372036854775807", INT64_MAX, -1},
	            {"9223372036854775808", -1, -1},      {"8388608T", -1, -1}, {"00000000000000000000000001", -1, -1},
	            {"1ms", -1, 1000}, {"2d", -1, INT64_C(172800000000)}, {"0s", -1, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t v = -2;

		assert_int_equal(pb_value_size(rows[i].text, &v), rows[i].size >= 0);
		if (rows[i].size >= 0)
			assert_true(v == rows[i].size);
		assert_int_equal(pb_value_duration(rows[i].text, &v), rows[i].us >= 0);
		if (rows[i].us >= 0)
			assert_true(v == rows[i].us);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(defaults), cmocka_unit_test(sample),   cmocka_unit_test(every_key),
	    cmocka_unit_test(refused),  cmocka_unit_test(too_many), cmocka_unit_test(all_kinds),
	    cmocka_unit_test(allowed),  cmocka_unit_test(peers),    cmocka_unit_test(supplementary_groups),
	    cmocka_unit_test(values),
	};

	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
