#include "facts/located.h"

#include <string.h>

#include "facts/cloud.h"
#include "facts/geo.h"
#include "facts/host.h"
#include "facts/list.h"

const char *pb_located_by_name(pb_located_by by)
{
	static const char *const names[] = {"none", "cctld", "cloud", "address"};

	return names[by];
}

/* "DE" and nothing else, into out. */
static bool take_country(const char *code, char out[3])
{
	if (strlen(code) != 2 || strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2)
		return false;
	memcpy(out, code, 3);
	return true;
}

static bool is_address(const char *host)
{
	return strchr(host, ':') || strspn(host, "0123456789.") == strlen(host);
}

/* The country whose domain it is under; domains that the whole world takes for their letters are nobody's. */
static bool of_domain(const pb_lists *lists, const char *host, char out[3])
{
	const pb_list *tops = pb_list_named(lists, "country-domains");
	const char *top = strrchr(host, '.');
	const char *const *row;

	if (!tops || !top || strlen(++top) != 2)
		return false;
	row = pb_list_get(tops, top);
	if (row)
		return take_country(pb_list_cell(tops, row, "country"), out);
	char code[3] = {(char)(top[0] - 'a' + 'A'), (char)(top[1] - 'a' + 'A'), '\0'};
	return take_country(code, out);
}

pb_located pb_host_located(const pb_lists *lists, const char *host)
{
	size_t looked = 0;
	pb_cloud cloud;
	pb_located p = {.by = PB_LOCATED_NONE};

	if (is_address(host)) {
		if (pb_lists_geo(lists) && pb_geo_country(pb_lists_geo(lists), host, p.country))
			p.by = PB_LOCATED_ADDRESS;
		return p;
	}
	if (!pb_host_valid(host, &p.domain))
		return p;
	if (pb_cloud_of(lists, host, &cloud, &looked)) {
		if (cloud.region && take_country(cloud.country, p.country))
			p.by = PB_LOCATED_CLOUD;
		return p;
	}
	if (of_domain(lists, host, p.country))
		p.by = PB_LOCATED_CCTLD;
	return p;
}
