#include "facts/cloud.h"

#include <stdio.h>
#include <string.h>

enum { LABELS = 8, PIECES = 64, RUN = 4, KEY = 128 };

/* What is asked for. */
typedef struct asked {
	const pb_list *regions;
	const char *provider;
	size_t *looked;
} asked;

static const char *const *region(const asked *a, const char *name, size_t n)
{
	char key[KEY];
	int size = snprintf(key, sizeof key, "%s:%.*s", a->provider, (int)(n < KEY ? n : KEY), name);

	if (size < 0 || (size_t)size >= sizeof key)
		return NULL;
	for (char *c = key; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c | 32);
	++*a->looked;
	return pb_list_get(a->regions, key);
}

/* Regions stand in labels as they are ("eu-west-1"), behind a service ("s3-eu-west-1"), before a number or a name
 * ("westeurope-01", "europe-west1-project"): whole, then at the beginning and the end. */
static const char *const *in_label(const asked *a, const char *label, size_t n)
{
	size_t begin[PIECES], end[PIECES], pieces = 0;
	const char *const *row = region(a, label, n);

	for (size_t i = 0; !row && i < n && pieces < PIECES;) {
		begin[pieces] = i;
		while (i < n && label[i] != '-')
			i++;
		end[pieces++] = i;
		while (i < n && label[i] == '-')
			i++;
	}
	for (size_t run = pieces > RUN ? RUN : pieces > 0 ? pieces - 1 : 0; !row && run > 0; run--) {
		row = region(a, label + begin[0], end[run - 1] - begin[0]);
		if (!row)
			row = region(a, label + begin[pieces - run], end[pieces - 1] - begin[pieces - run]);
	}
	return row;
}

/* front: what a customer of the provider chose; its last labels are the provider's. */
static const char *const *in_front(const asked *a, const char *front, size_t n)
{
	const char *const *row = NULL;

	for (int i = 0; i < LABELS && !row && n > 0; i++) {
		size_t from;

		while (n > 0 && front[n - 1] == '.')
			n--;
		for (from = n; from > 0 && front[from - 1] != '.';)
			from--;
		if (n > from)
			row = in_label(a, front + from, n - from);
		n = from;
	}
	return row;
}

bool pb_cloud_of(const pb_lists *lists, const char *host, pb_cloud *out, size_t *looked)
{
	const pb_list *clouds = pb_list_named(lists, "cloud-hosts");
	asked a = {.regions = pb_list_named(lists, "cloud-regions"), .looked = looked};
	size_t n = strlen(host), own;
	const char *const *cloud, *const *row;

	*out = (pb_cloud){0};
	cloud = clouds ? pb_list_find(clouds, (pb_bytes){(const uint8_t *)host, n}, looked) : NULL;
	if (!cloud)
		return false;
	out->provider = a.provider = pb_list_cell(clouds, cloud, "provider");
	out->whose = pb_list_cell(clouds, cloud, "whose");
	while (n > 0 && host[n - 1] == '.') /* the root, as pb_list_find takes it */
		n--;
	own = strlen(pb_list_cell(clouds, cloud, "host"));
	row = a.regions && own < n ? in_front(&a, host, n - own) : NULL;
	if (row) {
		out->region = pb_list_cell(a.regions, row, "region");
		out->country = pb_list_cell(a.regions, row, "country");
		out->place = pb_list_cell(a.regions, row, "place");
	}
	return true;
}
