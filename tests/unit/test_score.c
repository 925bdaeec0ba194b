/* The score: its curves, the worked examples of the specification, caps, floor, confidence, limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "score_product.h"

static void numbers_are(const product *p, int64_t demerit, int trust, int cap)
{
	pb_score s = score(p, &business, 0);

	assert_int_equal(s.demerit_milli, demerit);
	assert_int_equal(s.trust_tenths, trust);
	assert_int_equal(s.cap, cap);
	pb_score_free(&s);
}

static void curves(void **state)
{
	static const struct {
		int64_t n, f;
	} breadths[] = {{-1, 1000}, {0, 1000}, {1, 1000},  {2, 1250},  {3, 1375},       {4, 1500},
	                {5, 1562},  {8, 1750}, {15, 1968}, {16, 2000}, {1000000, 2000}, {INT64_MAX, 2000}};
	int64_t sum = 0;

	(void)state;
	for (size_t i = 0; i < sizeof breadths / sizeof breadths[0]; i++)
		assert_int_equal(pb_score_breadth(breadths[i].n), breadths[i].f);
	for (int64_t n = 1; n < 100; n++)
		assert_true(pb_score_breadth(n) <= pb_score_breadth(n + 1));
	assert_int_equal(pb_score_half(0), 1000000000);
	assert_int_equal(pb_score_half(-5), 1000000000);
	assert_int_equal(pb_score_half(1000), 500000000);
	assert_int_equal(pb_score_half(500), 707106781);
	assert_int_equal(pb_score_half(3500), 88388347);
	assert_int_equal(pb_score_half(40000), 0);
	assert_int_equal(pb_score_half(INT64_MAX), 0);
	for (int64_t x = 0; x < 41000; x++)
		assert_true(pb_score_half(x) >= pb_score_half(x + 1));
	for (size_t j = 0; j < 20; j++)
		sum += pb_score_diminish(j);
	assert_int_equal(sum, 1994); /* so a claim is never more than twice its largest */
	assert_int_equal(pb_score_diminish(SIZE_MAX), 0);
	assert_int_equal(pb_score_severity(PB_CRITICAL), 20000);
}

/* Each of the thousand entries of the table, by whole numbers of thousands of digits. */
static void the_table_is_exact(void **state)
{
	char *dir = pb_fs_data_dir(), *command = NULL;

	(void)state;
	assert_non_null(dir);
	assert_true(asprintf(&command, "/usr/bin/python3 '%s/tests/p2_table.py' '%s/plugin/score/p2.c'", dir, dir) > 0);
	assert_int_equal(system(command), 0);
	free(command);
	free(dir);
}

/* Ten demerit points halve trust: one low 97, one medium 87, one high 66, one critical 25 (and then capped). */
static void one_of_each(void **state)
{
	static const struct {
		pb_severity severity;
		int64_t demerit;
		int uncapped, trust, cap;
	} cases[] = {{PB_INFO, 0, 1000, 1000, 100},
	             {PB_LOW, 500, 965, 965, 100},
	             {PB_MEDIUM, 2000, 870, 870, 100},
	             {PB_HIGH, 6000, 659, 659, 100},
	             {PB_CRITICAL, 20000, 250, 190, 19}};
	product p;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		(void)add(start(&p), "some.check", "X-01", "claim", PB_INTEGRITY, cases[i].severity);
		find(&p, 1, 1000);
		numbers_are(&p, cases[i].demerit, cases[i].trust, cases[i].cap);
		assert_int_equal(1000 * pb_score_half(cases[i].demerit / 10) / 1000000000, cases[i].uncapped);
	}
}

static void caps(void **state)
{
	static const struct {
		int kappa, cap;
	} cases[] = {{1000, 19}, {800, 19}, {799, 39}, {500, 39}, {499, 100}, {0, 100}};
	product p;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		pb_score s;

		(void)add(start(&p), "some.check", "X-01", "claim", PB_CULTURE, PB_CRITICAL);
		find(&p, 1, cases[i].kappa);
		s = score(&p, &business, 0);
		assert_int_equal(s.cap, cases[i].cap);
		assert_true(s.pillars[PB_CULTURE].trust_tenths <= 10 * cases[i].cap);
		assert_int_equal(s.pillars[PB_INTEGRITY].trust_tenths, 1000);
		pb_score_free(&s);
	}
}

/* The demerits of the specification's worked examples. */
static void worked_examples(void **state)
{
	product p;

	(void)state;
	(void)add(start(&p), "i.bind-now", "I-37", "hardening", PB_INTEGRITY, PB_LOW);
	find(&p, 1, 1000);
	numbers_are(&p, 500, 965, 100); /* printed 96 */
	(void)add(start(&p), "i.bind-now", "I-37", "hardening", PB_INTEGRITY, PB_LOW);
	find(&p, 106, 1000);
	numbers_are(&p, 1000, 933, 100);
	(void)add(start(&p), "i.pie", "I-35", "hardening", PB_INTEGRITY, PB_MEDIUM);
	find(&p, 43, 1000);
	(void)add(&p, "i.canary", "I-36", "hardening", PB_INTEGRITY, PB_LOW);
	find(&p, 43, 700);
	(void)add(&p, "i.relro", "I-37", "hardening", PB_INTEGRITY, PB_LOW);
	find(&p, 36, 1000);
	(void)add(&p, "i.bind-now", "I-37", "hardening", PB_INTEGRITY, PB_LOW);
	find(&p, 36, 1000);
	numbers_are(&p, 4837, 715, 100); /* 4 + .5 + .25 + .0875 */
	(void)add(start(&p), "i.network", "I-13", "install", PB_INTEGRITY, PB_HIGH);
	find(&p, 1, 900);
	(void)add(&p, "i.script", "I-12", "install", PB_INTEGRITY, PB_MEDIUM);
	find(&p, 1, 1000);
	(void)add(&p, "d.telemetry", "D-02", "telemetry", PB_DATA_CARE, PB_MEDIUM);
	find(&p, 1, 900);
	(void)add(&p, "d.default", "D-22", "consent", PB_DATA_CARE, PB_MEDIUM);
	find(&p, 1, 700);
	numbers_are(&p, 9600, 514, 100); /* 5.4 + 1, 1.8, 1.4 */
	(void)add(start(&p), "i.md5sums", "I-22", "package", PB_INTEGRITY, PB_CRITICAL);
	find(&p, 1, 1000);
	(void)add(&p, "i.listener", "I-04", "network", PB_INTEGRITY, PB_HIGH);
	find(&p, 1, 700);
	numbers_are(&p, 24200, 186, 19);
}

static void v_is(const product *p, int64_t v, int keys)
{
	pb_score s = score(p, &business, 0);

	assert_int_equal(s.checks[0].demerit_milli, v);
	assert_int_equal(s.checks[0].keys, keys);
	pb_score_free(&s);
}

/* The formula as written would let one surer or graver finding make the product look better; see score/README.md. */
static void mixed_kappas_and_severities(void **state)
{
	product p;

	(void)state;
	(void)add(start(&p), "some.check", "X-01", "claim", PB_INTEGRITY, PB_HIGH);
	find(&p, 16, 200);
	p.findings[0].kappa = 400;
	v_is(&p, 6000 * 2 * 400 / 1000, 16);
	p.findings[0].kappa = 402; /* 16 keys of half of 400 are still worse than two of half of 402 */
	v_is(&p, 6000 * 2 * 400 / 1000, 16);
	p.findings[0].kappa = 1000;
	v_is(&p, 6000, 16);
	(void)add(start(&p), "some.check", "X-01", "claim", PB_INTEGRITY, PB_HIGH);
	find(&p, 16, 1000);
	for (int i = 0; i < 16; i++)
		p.findings[i].severity = PB_MEDIUM;
	p.findings[0].kappa = 500;
	v_is(&p, 4000, 16);
	p.findings[0].severity = PB_HIGH; /* 3000 by itself, and still one of sixteen medium ones */
	v_is(&p, 4000, 16);
	memcpy(p.keys[1], p.keys[0], sizeof p.keys[0]);
	v_is(&p, 2000 * 1968 / 1000, 15); /* one key less */
}

static void floors(void **state)
{
	pb_check_outcome *c;
	product p;
	pb_score s;

	(void)state;
	c = add(start(&p), "some.check", "X-01", "claim", PB_INTEGRITY, PB_MEDIUM);
	c->coverage = 999;
	s = score(&p, &business, 0);
	assert_int_equal(s.trust_tenths, 1000);
	assert_int_equal(s.floor_tenths, 757); /* H = 4 points */
	assert_int_equal(s.claims[0].lambda_milli, 0);
	assert_int_equal(s.claims[0].worst_milli, 4000);
	pb_score_free(&s);
	c->severity = PB_CRITICAL;
	s = score(&p, &business, 0);
	assert_int_equal(s.floor_tenths, 62); /* 40 points, below the cap of 19 */
	pb_score_free(&s);
	c->online = true;
	s = score(&p, &business, 0);
	assert_int_equal(s.floor_tenths, 1000);
	assert_false(s.pillars[PB_INTEGRITY].applicable);
	pb_score_free(&s);
	c->online = false;
	c->status = PB_NA;
	c->coverage = 0;
	s = score(&p, &business, 0);
	assert_int_equal(s.floor_tenths, 1000);
	assert_int_equal(s.n_claims, 0);
	assert_int_equal(s.decision, PB_NOT_RATED); /* nothing was looked at */
	pb_score_free(&s);
}

static void confidences(void **state)
{
	product p;
	pb_score s;

	(void)state;
	(void)add(start(&p), "a", "X-01", "c1", PB_INTEGRITY, PB_HIGH);    /* weight 12000, rho 900 */
	add(&p, "b", "X-02", "c2", PB_INTEGRITY, PB_INFO)->coverage = 500; /* weight 500, 225 seen */
	add(&p, "c", "X-03", "c3", PB_DATA_CARE, PB_LOW)->reliability = PB_HEURISTIC;
	s = score(&p, &business, 0);
	assert_int_equal(s.pillars[PB_INTEGRITY].confidence_permille, 1000 * (10800 + 225) / 12500); /* 882 */
	assert_int_equal(s.pillars[PB_DATA_CARE].confidence_permille, 500);
	assert_false(s.pillars[PB_CULTURE].applicable);
	assert_int_equal(s.confidence_permille, (3 * 882 + 3 * 500) / 6); /* where nothing applies does not count */
	pb_score_free(&s);
	s = score(&p, &business, 365);
	assert_int_equal(s.confidence_permille, 691 / 2);
	assert_int_equal(s.trust_tenths, 1000);
	pb_score_free(&s);
}

static void out_of_range(void **state)
{
	product p;
	pb_score s;
	pb_error err = {0};

	(void)state;
	assert_int_equal(pb_score_compute(&good(&p)->r, &business, 5, 4, &s, &err), PB_EINTERNAL);
	pb_score_free(&s);
	assert_int_equal(pb_score_compute(&p.r, &business, INT64_MIN, INT64_MAX, &s, &err), PB_EINTERNAL);
	pb_score_free(&s);
	find(&p, 1, 1001);
	assert_int_equal(pb_score_compute(&p.r, &business, 5, 5, &s, &err), PB_EINTERNAL);
	pb_score_free(&s);
	p.findings[0].kappa = 1000;
	p.findings[0].check = 99;
	assert_int_equal(pb_score_compute(&p.r, &business, 5, 5, &s, &err), PB_EINTERNAL);
	pb_score_free(&s);
	s = score(start(&p), &business, 0); /* no check at all */
	assert_int_equal(s.trust_tenths, 1000);
	assert_int_equal(s.confidence_permille, 0);
	assert_int_equal(s.decision, PB_NOT_RATED);
	pb_score_free(&s);
}

/* A million findings, each about something else: within the ranges, and in reasonable time. */
static void a_million_findings(void **state)
{
	enum { MANY = 1000000 };
	char(*keys)[16] = calloc(MANY, sizeof *keys);
	product p;
	pb_score s;

	(void)state;
	add(start(&p), "some.check", "X-01", "claim", PB_INTEGRITY, PB_CRITICAL)->status = PB_FAIL;
	p.r.findings = calloc(MANY, sizeof *p.r.findings);
	assert_true(keys != NULL && p.r.findings != NULL);
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(keys[i], sizeof keys[i], "%d", i);
		p.r.findings[i] = (pb_finding){.key = keys[i], .kappa = i % 1001, .severity = PB_CRITICAL};
	}
	p.r.n_findings = MANY;
	s = score(&p, &business, 0);
	assert_int_equal(s.checks[0].demerit_milli, 40000);
	assert_int_equal(s.checks[0].keys, MANY);
	assert_int_equal(s.trust_tenths, 62);
	pb_score_free(&s);
	free(p.r.findings);
	free(keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(curves),          cmocka_unit_test(the_table_is_exact),
	    cmocka_unit_test(one_of_each),     cmocka_unit_test(caps),
	    cmocka_unit_test(worked_examples), cmocka_unit_test(mixed_kappas_and_severities),
	    cmocka_unit_test(floors),          cmocka_unit_test(confidences),
	    cmocka_unit_test(out_of_range),    cmocka_unit_test(a_million_findings),
	};

	return cmocka_run_group_tests(tests, load, NULL);
}
