/* Opinions of several assessors: always opinions, independent of order, and each law that fusion promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "prng.h"
#include "score/opinion.h"

enum { CASES = 10000 };
#define ONE PB_OPINION_ONE

static pb_opinion any(prng *r)
{
	int kind = prng_in(r, 0, 5);
	int64_t b = prng_in(r, 0, 1000000000), d = prng_in(r, 0, (int)(ONE - b)), a = prng_in(r, 0, 1000000000);

	if (kind == 0)
		return (pb_opinion){b, ONE - b, 0, a}; /* dogmatic */
	if (kind == 1)
		return (pb_opinion){0, 0, ONE, a}; /* vacuous */
	if (kind == 2)
		return (pb_opinion){ONE - 1, 0, 1, a};
	return (pb_opinion){b, d, ONE - b - d, a};
}

static bool same(pb_opinion x, pb_opinion y)
{
	return x.b == y.b && x.d == y.d && x.u == y.u && x.a == y.a;
}

static bool near(int64_t x, int64_t y, int64_t by)
{
	return llabs((long long)(x - y)) <= by;
}

static void laws(void **state)
{
	const pb_opinion full = {ONE, 0, 0, ONE / 2}, none = {0, ONE, 0, ONE / 2};

	(void)state;
	for (uint64_t i = 0; i < CASES; i++) {
		prng r = prng_of_case(2023, i);
		pb_opinion x = any(&r), y = any(&r), z = any(&r), t = any(&r), two[] = {x, y}, owt[] = {y, x}, three[] = {x, y, z}, eerht[] = {z, x, y};
		pb_opinion c = pb_opinion_cumulate(&x, &y), v = pb_opinion_average(two, 2), w = pb_opinion_average(three, 3), s = pb_opinion_discount(&t, &x);
		const pb_opinion vacuous = {0, 0, ONE, x.a};

		assert_true(pb_opinion_valid(&x) && pb_opinion_valid(&c) && pb_opinion_valid(&v) && pb_opinion_valid(&w) && pb_opinion_valid(&s));
		/* order */
		assert_true(same(c, pb_opinion_cumulate(&y, &x)));
		assert_true(same(v, pb_opinion_average(owt, 2)));
		assert_true(same(w, pb_opinion_average(eerht, 3)));
		/* more evidence is never less sure; what one said twice is no more evidence */
		assert_true(c.u <= x.u + 2 && c.u <= y.u + 2);
		two[1] = x;
		assert_true(near(pb_opinion_average(two, 2).b, x.b, 1) && near(pb_opinion_average(two, 2).u, x.u, 2));
		/* between the two */
		assert_true(v.b <= (x.b > y.b ? x.b : y.b) && v.b + 1 >= (x.b < y.b ? x.b : y.b));
		/* who knows nothing changes nothing */
		c = pb_opinion_cumulate(&x, &vacuous);
		assert_true(near(c.b, x.b, 1) && near(c.d, x.d, 1));
		/* full trust takes over, none leaves nothing, and any only takes away */
		assert_true(same(pb_opinion_discount(&full, &x), x));
		assert_int_equal(pb_opinion_discount(&none, &x).u, ONE);
		assert_true(s.b <= x.b && s.d <= x.d && s.u >= x.u);
	}
}

/* By the formulas, in the tree's design notes and in the book. */
static void numbers(void **state)
{
	const pb_opinion x = {600000000, 100000000, 300000000, ONE / 2}, y = {200000000, 300000000, 500000000, ONE / 2};
	const pb_opinion sure = {ONE, 0, 0, ONE / 2}, against = {0, ONE, 0, ONE / 2}, t = {500000000, 300000000, 200000000, ONE / 2};
	const pb_opinion both[] = {x, y}, split[] = {sure, against, x};
	pb_opinion c = pb_opinion_cumulate(&x, &y), v = pb_opinion_average(both, 2), s = pb_opinion_discount(&t, &x);

	(void)state;
	assert_int_equal(c.b, 553846153); /* .36 / .65 */
	assert_int_equal(c.d, 215384615); /* .14 / .65 */
	assert_true(near(v.b, 450000000, 1)); /* .36 / .8 */
	assert_true(near(v.d, 175000000, 1));
	assert_true(near(v.u, 375000000, 2)); /* .3 / .8 */
	assert_int_equal(s.b, 360000000); /* t = .6 */
	assert_int_equal(s.d, 60000000);
	c = pb_opinion_cumulate(&sure, &against); /* K = 0 */
	assert_true(c.b == ONE / 2 && c.d == ONE / 2 && c.u == 0);
	v = pb_opinion_average(split, 3); /* those without doubt alone */
	assert_true(v.b == ONE / 2 && v.d == ONE / 2 && v.u == 0);
	c = pb_opinion_of_score(820, 270);
	assert_true(c.b == 270000000 && c.d == 180000000 && c.u == 550000000);
	c = pb_opinion_of_claim(10000, 20000); /* ten points halve trust */
	assert_true(c.b == 250000000 && c.d == 500000000 && c.u == 250000000);
	c = pb_opinion_of_claim(0, INT64_MAX);
	assert_true(c.b == 0 && c.d == 0 && c.u == ONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(laws), cmocka_unit_test(numbers)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
