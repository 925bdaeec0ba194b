#include "score/opinion.h"

#include "score/score.h"

/* Products of three shares, and the weights 10^18 / u of averaging, need more than 64 bits. */
__extension__ typedef unsigned __int128 wide;
#define SCALE UINT64_C(1000000000000000000)

static pb_opinion rest(int64_t b, int64_t d, int64_t a)
{
	return (pb_opinion){b, d, PB_OPINION_ONE - b - d, a};
}

bool pb_opinion_valid(const pb_opinion *x)
{
	return x->b >= 0 && x->d >= 0 && x->u >= 0 && x->b <= PB_OPINION_ONE && x->d <= PB_OPINION_ONE && x->u <= PB_OPINION_ONE &&
	       x->b + x->d + x->u == PB_OPINION_ONE && x->a >= 0 && x->a <= PB_OPINION_ONE;
}

pb_opinion pb_opinion_of_score(int trust_tenths, int floor_tenths)
{
	const int64_t tenth = PB_OPINION_ONE / 1000;

	return rest(floor_tenths * tenth, PB_OPINION_ONE - trust_tenths * tenth, PB_OPINION_ONE / 2);
}

pb_opinion pb_opinion_of_claim(int64_t lambda_milli, int64_t worst_milli)
{
	return rest(pb_score_half(worst_milli / 10), PB_OPINION_ONE - pb_score_half(lambda_milli / 10), PB_OPINION_ONE / 2);
}

static int64_t times(int64_t x, int64_t y)
{
	return x * y / PB_OPINION_ONE; /* at most 10^18 */
}

pb_opinion pb_opinion_discount(const pb_opinion *trust, const pb_opinion *x)
{
	int64_t t = trust->b + times(trust->a, trust->u);

	return rest(times(t, x->b), times(t, x->d), x->a);
}

/* (x yu + y xu) / K; k is K in parts of 10^18, so that where little uncertainty is left its division cuts nothing off. */
static int64_t fused(int64_t x, int64_t yu, int64_t y, int64_t xu, int64_t k)
{
	return (int64_t)((wide)(x * yu + y * xu) * (wide)PB_OPINION_ONE / (wide)k);
}

pb_opinion pb_opinion_cumulate(const pb_opinion *x, const pb_opinion *y)
{
	int64_t k = (x->u + y->u) * PB_OPINION_ONE - x->u * y->u, a = (x->a + y->a) / 2; /* at most 2 * 10^18 each */

	if (k == 0)
		return rest((x->b + y->b) / 2, (x->d + y->d) / 2, a);
	return rest(fused(x->b, y->u, y->b, x->u, k), fused(x->d, y->u, y->d, x->u, k), a);
}

pb_opinion pb_opinion_average(const pb_opinion *x, size_t n)
{
	wide b = 0, d = 0, a = 0, all = 0;
	bool certain = false;

	for (size_t i = 0; i < n; i++)
		certain |= x[i].u == 0;
	for (size_t i = 0; i < n; i++) {
		wide w = !certain ? SCALE / (uint64_t)x[i].u : x[i].u == 0;

		b += w * (uint64_t)x[i].b;
		d += w * (uint64_t)x[i].d;
		a += w * (uint64_t)x[i].a;
		all += w;
	}
	return rest((int64_t)(b / all), (int64_t)(d / all), (int64_t)(a / all));
}
