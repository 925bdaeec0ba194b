#include "facts/located.h"

#include <stdio.h>
#include <string.h>

#include "facts/geo.h"
#include "facts/host.h"
#include "facts/list.h"

enum { LABELS = 8, PIECES = 64, RUN = 4, KEY = 128 };

const char *pb_located_by_name(pb_located_by by)
{
	static const char *const names[] = {"none", "cctld", "cloud", "address"};

	return names[by];
}

static const char *cell(const pb_list *l, const char *const *row, const char *column)
{
	for (size_t i = 0; i < l->n_columns; i++)
		if (strcmp(l->columns[i], column) == 0)
			return row[i];
	return "";
}

/* "DE" and nothing else, into out. */
static bool take_country(const char *code, char out[3])
{
	if (strlen(code) != 2 || strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2)
		return false;
	memcpy(out, code, 3);
	return true;
}

static bool region(const pb_list *regions, const char *provider, const char *name, size_t n, char out[3])
{
	char key[KEY];
	int size = snprintf(key, sizeof key, "%s:%.*s", provider, (int)n, name);
	const char *const *row = size > 0 && (size_t)size < sizeof key ? pb_list_get(regions, key) : NULL;

	return row && take_country(cell(regions, row, "country"), out);
}

/* Regions stand in labels as they are ("eu-west-1"), behind a service ("s3-eu-west-1"), before a number or a name
 * ("westeurope-01", "europe-west1-project"): whole, then at the beginning and the end. */
static bool in_label(const pb_list *regions, const char *provider, const char *label, size_t n, char out[3])
{
	size_t begin[PIECES], end[PIECES], pieces = 0;

	if (region(regions, provider, label, n, out))
		return true;
	for (size_t i = 0; i < n && pieces < PIECES; pieces++) {
		begin[pieces] = i;
		while (i < n && label[i] != '-')
			i++;
		end[pieces] = i;
		while (i < n && label[i] == '-')
			i++;
	}
	for (size_t run = pieces > RUN ? RUN : pieces > 0 ? pieces - 1 : 0; run > 0; run--) {
		if (region(regions, provider, label + begin[0], end[run - 1] - begin[0], out) ||
		    region(regions, provider, label + begin[pieces - run], end[pieces - 1] - begin[pieces - run], out))
			return true;
	}
	return false;
}

/* front: what a customer of the provider chose; its last labels are the provider's. */
static bool in_front(const pb_list *regions, const char *provider, const char *front, size_t n, char out[3])
{
	for (int i = 0; i < LABELS && n > 0; i++) {
		size_t from;

		while (n > 0 && front[n - 1] == '.')
			n--;
		for (from = n; from > 0 && front[from - 1] != '.';)
			from--;
		if (n > from && in_label(regions, provider, front + from, n - from, out))
			return true;
		n = from;
	}
	return false;
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
		return take_country(cell(tops, row, "country"), out);
	char code[3] = {(char)(top[0] - 'a' + 'A'), (char)(top[1] - 'a' + 'A'), '\0'};
	return take_country(code, out);
}

pb_located pb_host_located(const pb_lists *lists, const char *host)
{
	const pb_list *clouds = pb_list_named(lists, "cloud-hosts"), *regions = pb_list_named(lists, "cloud-regions");
	size_t n = strlen(host), looked = 0;
	const char *const *cloud;
	pb_located p = {.by = PB_LOCATED_NONE};

	if (is_address(host)) {
		if (pb_lists_geo(lists) && pb_geo_country(pb_lists_geo(lists), host, p.country))
			p.by = PB_LOCATED_ADDRESS;
		return p;
	}
	if (!pb_host_valid(host, &p.domain))
		return p;
	cloud = clouds ? pb_list_find(clouds, (pb_bytes){(const uint8_t *)host, n}, &looked) : NULL;
	if (cloud) {
		size_t own = strlen(cloud[0]);

		if (regions && own < n && in_front(regions, cell(clouds, cloud, "provider"), host, n - own, p.country))
			p.by = PB_LOCATED_CLOUD;
		return p;
	}
	if (of_domain(lists, host, p.country))
		p.by = PB_LOCATED_CCTLD;
	return p;
}
