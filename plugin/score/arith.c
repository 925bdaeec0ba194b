/* The curves of the score. Whole numbers only: the same on every compiler, every machine. */
#include "score/p2.h"
#include "score/score.h"

int64_t pb_score_half(int64_t x)
{
	int64_t q = x < 0 ? 0 : x / PB_P2_SIZE, r = x < 0 ? 0 : x % PB_P2_SIZE;

	return q >= 40 ? 0 : (int64_t)pb_score_p2[r] >> q;
}

int64_t pb_score_breadth(int64_t n)
{
	int64_t k = 0;

	if (n <= 1)
		return 1000;
	if (n >= 16) /* where the curve reaches its ceiling */
		return 2000;
	while (n >> (k + 1) > 0)
		k++;
	return 1000 + (k * 1000 + (((n - ((int64_t)1 << k)) * 1000) >> k)) / 4;
}

int64_t pb_score_diminish(size_t j)
{
	static const int q[] = {1000, 500, 250, 125, 62, 31, 15, 7, 3, 1};

	return j < sizeof q / sizeof q[0] ? q[j] : 0;
}

int64_t pb_score_severity(pb_severity s)
{
	static const int points[PB_SEVERITIES] = {0, 500, 2000, 6000, 20000};

	return points[s];
}
