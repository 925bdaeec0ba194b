#include "findings/terms.h"

#include <string.h>

static const char *const pillars[PB_PILLARS] = {"integrity", "data-care", "verification", "culture"};
static const char *const severities[PB_SEVERITIES] = {"info", "low", "medium", "high", "critical"};
static const char *const statuses[PB_STATUSES] = {"pass", "fail", "unknown", "n/a"};
static const char *const reliabilities[PB_RELIABILITIES] = {
    "verified", "parsed", "third-party", "exact", "vendor-signed", "heuristic", "self-declared",
};
static const int permille[PB_RELIABILITIES] = {1000, 900, 900, 700, 600, 500, 300};

static int find(const char *const *names, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

bool pb_row_valid(const char *row)
{
	size_t letters = strspn(row, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	size_t digits = row[letters] == '-' ? strspn(row + letters + 1, "0123456789") : 0;

	return letters >= 1 && letters <= 3 && digits >= 1 && digits <= 3 && row[letters + 1 + digits] == '\0';
}

const char *pb_pillar_name(pb_pillar p)
{
	return pillars[p];
}

const char *pb_severity_name(pb_severity s)
{
	return severities[s];
}

const char *pb_status_name(pb_status s)
{
	return statuses[s];
}

const char *pb_reliability_name(pb_reliability r)
{
	return reliabilities[r];
}

int pb_reliability_permille(pb_reliability r)
{
	return permille[r];
}

int pb_pillar_of(const char *name)
{
	return find(pillars, PB_PILLARS, name);
}

int pb_severity_of(const char *name)
{
	return find(severities, PB_SEVERITIES, name);
}

int pb_status_of(const char *name)
{
	return find(statuses, PB_STATUSES, name);
}

int pb_reliability_of(const char *name)
{
	return find(reliabilities, PB_RELIABILITIES, name);
}
