#include "facts/geo.h"

#include <arpa/inet.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/hash.h"
#include "base/ini.h"

enum { TABLE_MAX = 256 << 20, ADDRESS_MOST = 64 };

struct pb_geo {
	MMDB_s table;
	pb_geo_about about;
};

static int take(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	pb_geo_about *a = user;
	const struct {
		const char *key;
		char *to;
		size_t size;
	} keys[] = {{"source", a->source, sizeof a->source},
	            {"date", a->date, sizeof a->date},
	            {"licence", a->licence, sizeof a->licence},
	            {"sha256", a->sha256, sizeof a->sha256}};

	(void)line;
	if (strcmp(section, "geo") != 0)
		return pb_fail(err, PB_EINPUT, "no section \"%s\"; there is [geo]", section);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		if (strcmp(keys[i].key, key) != 0)
			continue;
		if (strlen(value) >= keys[i].size)
			return pb_fail(err, PB_EINPUT, "\"%s\" is too long", key);
		memcpy(keys[i].to, value, strlen(value) + 1);
		return 0;
	}
	return pb_fail(err, PB_EINPUT, "no key \"%s\"; there are source, date, licence, sha256", key);
}

static int check(const pb_geo_about *a, const char *ini, const char *file, pb_error *err)
{
	static const char form[] = "dddd-dd-dd";
	char hex[65];
	pb_buf bytes = {0};
	int rc;

	for (size_t i = 0; i < sizeof form; i++)
		if (form[i] == 'd' ? !(a->date[i] >= '0' && a->date[i] <= '9') : a->date[i] != form[i])
			return pb_fail(err, PB_EINPUT, "%s: date is written 2026-06-17", ini);
	if (a->source[0] == '\0' || a->licence[0] == '\0')
		return pb_fail(err, PB_EINPUT, "%s: source and licence must be told", ini);
	rc = pb_fs_read(file, TABLE_MAX, &bytes, err);
	if (rc == 0 && (!pb_sha256_of((pb_bytes){bytes.data, bytes.size}, hex) || strcmp(hex, a->sha256) != 0))
		rc = pb_fail(err, PB_EINPUT, "%s: its SHA-256 is not the one in %s: run \"make geo\", or take both files away", file, ini);
	pb_buf_free(&bytes);
	return rc;
}

int pb_geo_open(const char *folder, pb_geo **out, pb_error *err)
{
	char *file = pb_fs_join(folder, "country.mmdb"), *ini = pb_fs_join(folder, "geo.ini");
	pb_geo *g = calloc(1, sizeof *g);
	int rc = file != NULL && ini != NULL && g != NULL ? 0 : pb_fail(err, PB_ENOMEM, "out of memory"), status;

	*out = NULL;
	if (!rc && access(file, F_OK) != 0)
		goto out;
	if (!rc)
		rc = pb_ini_read(ini, take, &g->about, err);
	if (!rc)
		rc = check(&g->about, ini, file, err);
	if (!rc) {
		status = MMDB_open(file, MMDB_MODE_MMAP, &g->table);
		if (status != MMDB_SUCCESS)
			rc = pb_fail(err, PB_EINPUT, "%s: %s", file, MMDB_strerror(status));
	}
	if (!rc) {
		*out = g;
		g = NULL;
	}
out:
	free(file);
	free(ini);
	free(g);
	return rc;
}

void pb_geo_close(pb_geo *g)
{
	if (g == NULL)
		return;
	MMDB_close(&g->table);
	free(g);
}

const pb_geo_about *pb_geo_about_of(const pb_geo *g)
{
	return &g->about;
}

static bool is_country(const MMDB_entry_data_s *d, char out[3])
{
	if (!d->has_data || d->type != MMDB_DATA_TYPE_UTF8_STRING || d->data_size != 2)
		return false;
	for (int i = 0; i < 2; i++) {
		out[i] = d->utf8_string[i];
		if (out[i] < 'A' || out[i] > 'Z')
			return false;
	}
	out[2] = '\0';
	return true;
}

bool pb_geo_country(const pb_geo *g, const char *address, char out[3])
{
	static const char *const flat[] = {"country_code", NULL}, *const nested[] = {"country", "iso_code", NULL};
	const char *const *const paths[] = {flat, nested};
	size_t n = strlen(address);
	char text[ADDRESS_MOST];
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	const struct sockaddr *sa = NULL;
	int status;

	if (n >= 2 && address[0] == '[' && address[n - 1] == ']') {
		address++;
		n -= 2;
	}
	if (n == 0 || n >= sizeof text)
		return false;
	memcpy(text, address, n);
	text[n] = '\0';
	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		sa = (const struct sockaddr *)&four;
	else if (inet_pton(AF_INET6, text, &six.sin6_addr) == 1)
		sa = (const struct sockaddr *)&six;
	if (sa == NULL)
		return false;
	MMDB_lookup_result_s found = MMDB_lookup_sockaddr(&g->table, sa, &status);
	for (size_t i = 0; i < 2 && status == MMDB_SUCCESS && found.found_entry; i++) {
		MMDB_entry_data_s data;

		if (MMDB_aget_value(&found.entry, &data, paths[i]) == MMDB_SUCCESS && is_country(&data, out))
			return true;
	}
	return false;
}
