#include "base/date.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* Days since 1970-01-01; years count from March, so that the leap day comes last. */
static int64_t days_of(int64_t y, int64_t m, int64_t d)
{
	int64_t year = y - (m <= 2), era = year / 400, of_era = year % 400;
	int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int days_in(int64_t y, int64_t m)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) ? 29 : days[m - 1];
}

static bool digits(const char *s, int n, int64_t *out)
{
	*out = 0;
	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		*out = *out * 10 + (s[i] - '0');
	}
	return true;
}

bool pb_date_parse(const char *text, int64_t *days)
{
	int64_t y, m, d;

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return false;
	if (!digits(text, 4, &y) || !digits(text + 5, 2, &m) || !digits(text + 8, 2, &d))
		return false;
	if (y < 1970 || m < 1 || m > 12 || d < 1 || d > days_in(y, m))
		return false;
	*days = days_of(y, m, d);
	return true;
}

void pb_date_format(int64_t days, char out[11])
{
	const int64_t last = 2932896; /* 9999-12-31 */
	int64_t z = (days < 0 ? 0 : days > last ? last : days) + 719468;
	int64_t era = z / 146097, of_era = z % 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100), mp = (5 * of_year + 2) / 153;
	unsigned d = (unsigned)(of_year - (153 * mp + 2) / 5 + 1) % 100u;
	unsigned m = (unsigned)(mp < 10 ? mp + 3 : mp - 9) % 100u; /* remainders: so the compiler knows the length */
	unsigned y = (unsigned)(era * 400 + year + (m <= 2)) % 10000u;

	(void)snprintf(out, 11, "%04u-%02u-%02u", y, m, d);
}

int64_t pb_date_today(void)
{
	return (int64_t)time(NULL) / 86400;
}
