#include "findings/age.h"

#include <stddef.h>
#include <string.h>

#include "base/date.h"

enum { AUDIT_GRACE = 548 /* 18 months */, NAMED_HALF_LIFE = 365 };

/* Kinds that are not in it are statements of somebody: 365. */
static const struct {
	const char *kind;
	int64_t half_life;
	bool while_matched; /* does not age as long as it speaks of these very bytes */
	bool must_end;      /* worth nothing without a stated end */
} kinds[] = {
    {"audit", 365, false, false},
    {"penetration-test", 180, false, false},
    {"security-txt", 0, false, true},
    {"sbom", NAMED_HALF_LIFE, true, false},
    {"provenance", NAMED_HALF_LIFE, true, false},
    {"rebuild", NAMED_HALF_LIFE, true, false},
    {"changes", NAMED_HALF_LIFE, true, false},
    {"dsc", NAMED_HALF_LIFE, true, false},
    {"packages", 90, true, false},
    {"release", 0, false, false}, /* an index: what it lists does not change; its own Valid-Until bounds it */
    {"osv", 90, false, false},
    {"advisories", 90, false, false},
    {"vex", 90, false, false},
    {"waivers", 0, false, false},
    {"opinion", 0, false, false},
    {"report", 0, false, false},
    {"log", 0, false, false},
    {"sarif", NAMED_HALF_LIFE, true, false},
    {"support-period", 0, false, false},
};
enum { OTHERS = 365, KINDS = sizeof kinds / sizeof *kinds };

/* floor(10^9 * 2^(-1/2^i)), i = 1..20 */
static const int64_t roots[] = {707106781, 840896415, 917004043, 957603280, 978572062, 989228013, 994599423, 997296056, 998647112, 999323327,
                                999661606, 999830788, 999915390, 999957694, 999978847, 999989423, 999994711, 999997355, 999998677, 999999338};

int pb_age_permille(int64_t days, int64_t half_life)
{
	int64_t worth = 1000000000, halves, rest;

	if (days <= 0 || half_life <= 0)
		return 1000;
	halves = days / half_life;
	rest = days % half_life;
	if (halves >= 30)
		return 0;
	for (size_t i = 0; i < sizeof roots / sizeof *roots && rest > 0; i++) {
		rest *= 2;
		if (rest >= half_life) {
			worth = worth * roots[i] / 1000000000;
			rest -= half_life;
		}
	}
	return (int)((worth >> halves) / 1000000);
}

static size_t row_of(const char *kind)
{
	size_t i = 0;

	while (i < KINDS && strcmp(kinds[i].kind, kind) != 0)
		i++;
	return i;
}

int64_t pb_age_half_life(const char *kind)
{
	size_t i = row_of(kind);

	return i < KINDS ? kinds[i].half_life : OTHERS;
}

int pb_age_of(const char *kind, const char *issued, const char *expires, const char *period_end, bool matched, int64_t as_of)
{
	size_t row = row_of(kind);
	int64_t half_life = pb_age_half_life(kind), day;
	bool audit = strcmp(kind, "audit") == 0;

	if (pb_date_parse(expires, &day)) {
		if (day < as_of)
			return 0;
	} else if (row < KINDS && kinds[row].must_end) {
		return 0;
	}
	if (audit && pb_date_parse(period_end, &day) && as_of - day > AUDIT_GRACE)
		return 0;
	if (pb_date_parse(issued, &day)) {
		if (day > as_of)
			return 0;
	} else if (!audit || !pb_date_parse(period_end, &day)) {
		day = as_of - half_life;
	}
	if (row < KINDS && kinds[row].while_matched && matched)
		return 1000;
	return pb_age_permille(as_of - day, half_life);
}
