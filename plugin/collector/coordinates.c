#include "collector/coordinates.h"

#include <stdio.h>
#include <string.h>

#include "collector/url.h"

enum { TEXT_MOST = 1000, PACKAGES_MOST = 200 };

const char *const pb_coordinate_names[] = {"name",   "version",    "kind",     "sha256", "purl", "homepage",
                                           "domain", "repository", "revision", NULL};

static void put(json_t *into, const char *key, const char *value)
{
	if (value && *value && strlen(value) <= TEXT_MOST)
		json_object_set_new(into, key, json_string(value));
}

/* Percent-encoded as purls are; '/' stays where a name has a namespace. */
static void encode(const char *text, bool slashes, char *out, size_t room)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t n = 0;

	for (const unsigned char *p = (const unsigned char *)text; *p && n + 4 < room; p++) {
		bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || strchr("-_.~:", *p) ||
		             (slashes && *p == '/');

		if (plain) {
			out[n++] = (char)*p;
		} else {
			out[n++] = '%';
			out[n++] = hex[*p >> 4];
			out[n++] = hex[*p & 15];
		}
	}
	out[n] = '\0';
}

/* "" where purls have no type for the kind. */
static void purl_of(const char *kind, const char *name, const char *version, char out[TEXT_MOST])
{
	static const struct {
		const char *kind, *type;
	} types[] = {{"deb", "deb/debian"}, {"rpm", "rpm"},     {"npm", "npm"},     {"python", "pypi"}, {"wheel", "pypi"}, {"sdist", "pypi"},
	             {"gem", "gem"},        {"nupkg", "nuget"}, {"conda", "conda"}, {"alpine", "apk/alpine"}, {"apk", "apk/alpine"}};
	char n[600], v[300];

	out[0] = '\0';
	for (size_t i = 0; i < sizeof types / sizeof *types && *name && *version; i++)
		if (strcmp(types[i].kind, kind) == 0) {
			encode(name, strcmp(kind, "npm") == 0, n, sizeof n);
			encode(version, false, v, sizeof v);
			(void)snprintf(out, TEXT_MOST, "pkg:%s/%s@%s", types[i].type, n, v);
		}
}

/* Of a homepage, without www. */
static void domain_of(json_t *c)
{
	const char *home = pb_json_str(c, "homepage", "");
	pb_url u;

	if (*pb_json_str(c, "domain", "") || !*home || pb_url_parse(home, &u, NULL) || u.literal)
		return;
	put(c, "domain", strncmp(u.host, "www.", 4) == 0 && strchr(u.host + 4, '.') ? u.host + 4 : u.host);
}

static void derive(json_t *c)
{
	char purl[TEXT_MOST];

	if (!*pb_json_str(c, "purl", "")) {
		purl_of(pb_json_str(c, "kind", ""), pb_json_str(c, "name", ""), pb_json_str(c, "version", ""), purl);
		put(c, "purl", purl);
	}
	domain_of(c);
}

/* "git+https://host/x.git" and the like: what a browser would open. */
static void put_repository(json_t *c, const char *text)
{
	if (strncmp(text, "git+", 4) == 0)
		text += 4;
	if (strncmp(text, "git://", 6) == 0) {
		char https[TEXT_MOST];

		(void)snprintf(https, sizeof https, "https://%s", text + 6);
		put(c, "repository", https);
	} else if (strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0) {
		put(c, "repository", text);
	}
}

static void add_package(json_t *list, const json_t *p)
{
	const char *name = pb_json_str(p, "name", ""), *version = pb_json_str(p, "version", ""), *kind = pb_json_str(p, "kind", "");
	json_t *one = *name && *version ? json_object() : NULL;

	put(one, "name", name);
	put(one, "version", version);
	put(one, "kind", kind);
	if (!one)
		return;
	derive(one);
	json_array_append_new(list, one);
}

json_t *pb_coordinates_of(const json_t *result)
{
	const json_t *product = json_object_get(result, "product"), *packages = json_object_get(result, "packages"), *p;
	json_t *c = json_object(), *list = json_array();
	bool main = true;
	size_t i;

	if (!c || !list) {
		json_decref(c);
		json_decref(list);
		return NULL;
	}
	for (i = 0; pb_coordinate_names[i]; i++)
		put(c, pb_coordinate_names[i], pb_json_str(product, pb_coordinate_names[i], ""));
	json_array_foreach (packages, i, p) {
		if (json_array_size(list) < PACKAGES_MOST)
			add_package(list, p);
		/* The product's own package declares where it comes from; what is packed inside of it speaks for itself only. */
		if (!main || strcmp(pb_json_str(p, "name", ""), pb_json_str(c, "name", "")) != 0 ||
		    strcmp(pb_json_str(p, "version", ""), pb_json_str(c, "version", "")) != 0)
			continue;
		main = false;
		put(c, "homepage", pb_json_str(p, "homepage", ""));
		put_repository(c, pb_json_str(p, "repository", ""));
	}
	json_object_set_new(c, "packages", list);
	derive(c);
	return c;
}

int pb_coordinates_set(json_t *coordinates, const char *name, const char *value)
{
	for (size_t i = 0; pb_coordinate_names[i]; i++) {
		if (strcmp(pb_coordinate_names[i], name) != 0)
			continue;
		if (strlen(value) > TEXT_MOST)
			return PB_ELIMIT;
		if (json_object_set_new(coordinates, name, json_string(value)))
			return PB_ENOMEM;
		derive(coordinates);
		return PB_OK;
	}
	return PB_EINPUT;
}
