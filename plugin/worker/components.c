#include "worker/components.h"

#include <stdlib.h>
#include <string.h>

#include "facts/purl.h"
#include "worker/package.h"

typedef struct gathering {
	json_t *list;
	const pb_join *join;
	const json_t *main;
	bool cut;
} gathering;

/* Takes o. */
static int add(gathering *g, json_t *o)
{
	if (json_array_size(g->list) >= PB_COMPONENTS_MOST) {
		g->cut = true;
		json_decref(o);
		return 0;
	}
	return o == NULL || json_array_append_new(g->list, o) ? PB_ENOMEM : 0;
}

static json_t *component(const char *name, const char *version, const char *purl, const char *from, const json_t *path,
                         const json_t *sha256)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:O,s:O}", "name", name, "version", version, "purl", purl ? purl : "", "from", from,
	                 "path", path, "sha256", sha256);
}

static bool ends(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n >= k && strcmp(s + n - k, end) == 0;
}

/* A list of what is installed counts where its package manager keeps it: elsewhere it may be of another machine. */
static bool in_place(const char *from, const char *file)
{
	if (strcmp(from, "dpkg-status") == 0)
		return ends(file, "var/lib/dpkg/status") || strstr(file, "var/lib/dpkg/status.d/") != NULL;
	if (strcmp(from, "apk-installed") == 0)
		return ends(file, "lib/apk/db/installed");
	return strncmp(from, "pom", 3) != 0 || strstr(file, "META-INF/maven/") != NULL;
}

/* pom.xml repeats what pom.properties beside it says, and says it less surely. */
static bool repeated(const gathering *g, const pb_row *r, const char *from)
{
	const char *last = pb_path_last(r->path), *slash = strrchr(last, '/');
	char *beside;
	bool found;

	if (strcmp(from, "pom.xml") != 0 || slash == NULL || r->depth == 0)
		return false;
	beside = malloc((size_t)(slash - last) + sizeof "/pom.properties");
	if (beside == NULL)
		return false;
	memcpy(beside, last, (size_t)(slash - last));
	memcpy(beside + (slash - last), "/pom.properties", sizeof "/pom.properties");
	found = pb_join_find(g->join, r->path, r->depth - 1, beside) < g->join->n;
	free(beside);
	return found;
}

static int of_row(gathering *g, const pb_row *r)
{
	static const char *const more[] = {"source", "source_version"};
	json_t *item;
	size_t i;
	int rc = 0;

	json_array_foreach (json_object_get(r->facts, "components"), i, item) {
		const char *from = pb_json_str(item, "from", "");
		json_t *o;

		if (!in_place(from, pb_path_last(r->path)) || repeated(g, r, from))
			continue;
		o = component(pb_json_str(item, "name", ""), pb_json_str(item, "version", ""), pb_json_str(item, "purl", ""), from,
		              r->path, json_object_get(r->record, "sha256"));
		for (size_t k = 0; k < 2 && o != NULL; k++)
			if (json_object_get(item, more[k]) && json_object_set(o, more[k], json_object_get(item, more[k])))
				rc = PB_ENOMEM;
		rc = add(g, o) ? PB_ENOMEM : rc;
		if (rc)
			break;
	}
	return rc;
}

/* How a package of this kind is named elsewhere. Whose distribution it is of tells its maker. */
static const struct {
	const char *kind, *type, *maker, *space;
} types[] = {
    {"deb", "deb", "buntu", "ubuntu"},     {"deb", "deb", "", "debian"},       {"rpm", "rpm", "Fedora", "fedora"},
    {"rpm", "rpm", "Red Hat", "redhat"},   {"rpm", "rpm", "SUSE", "opensuse"}, {"rpm", "rpm", "CentOS", "centos"},
    {"rpm", "rpm", "Rocky", "rocky"},      {"rpm", "rpm", "", NULL},           {"npm", "npm", "", NULL},
    {"wheel", "pypi", "", NULL},           {"sdist", "pypi", "", NULL},        {"gem", "gem", "", NULL},
    {"nupkg", "nuget", "", NULL},          {"conda", "conda", "", NULL},       {"pacman", "alpm", "", "arch"},
    {"alpine", "apk", "", "alpine"},
};

static char *purl_of(const json_t *package, const char *kind, const char *name, const char *version)
{
	const char *maker = pb_json_str(package, "maintainer", ""), *vendor = pb_json_str(package, "vendor", "");
	const char *slash = strcmp(kind, "npm") == 0 && name[0] == '@' ? strchr(name, '/') : NULL;
	char *space, *purl;

	if (slash != NULL) {
		space = strndup(name, (size_t)(slash - name));
		purl = space ? pb_purl("npm", space, slash + 1, version) : NULL;
		free(space);
		return purl;
	}
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strcmp(types[i].kind, kind) == 0 && (strstr(maker, types[i].maker) || strstr(vendor, types[i].maker)))
			return pb_purl(types[i].type, types[i].space, name, version);
	return pb_purl("generic", NULL, name, version);
}

/* "lib/commons-io-2.11.0.jar": its name and version, where its manifest tells neither. Fresh texts in *name and *version. */
static bool split_jar(const json_t *path, char **name, char **version)
{
	size_t n = json_array_size(path);
	const char *file = n > 1 ? json_string_value(json_array_get(path, n - 2)) : NULL, *base, *at;

	if (file == NULL || !ends(file, ".jar"))
		return false;
	base = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	n = strlen(base) - strlen(".jar");
	for (at = base; at < base + n; at++)
		if (*at == '-' && at > base && at[1] >= '0' && at[1] <= '9')
			break;
	*name = strndup(base, (size_t)(at - base));
	*version = at < base + n ? strndup(at + 1, n - (size_t)(at + 1 - base)) : strdup("");
	return *name != NULL && *version != NULL;
}

/* Does Maven's own file stand in the same .jar? It says the same, with the group. */
static bool has_pom(const pb_join *j, const json_t *path)
{
	size_t from, to;

	pb_join_below(j, path, json_array_size(path) - 1, &from, &to);
	for (size_t i = from; i < to; i++)
		if (j->rows[i].depth == json_array_size(path) && json_object_get(j->rows[i].facts, "components") &&
		    in_place("pom", pb_path_last(j->rows[i].path)))
			return true;
	return false;
}

static int of_package(gathering *g, const json_t *package)
{
	const char *kind = pb_json_str(package, "kind", ""), *name = pb_json_str(package, "name", "");
	const char *version = pb_json_str(package, "version", ""), *release = pb_json_str(package, "release", "");
	const json_t *path = json_object_get(package, "path");
	bool jar = strcmp(kind, "jar") == 0, bundled = strstr(pb_path_last(path), "node_modules/") != NULL;
	char *own_name = NULL, *own_version = NULL, *full = NULL, *purl;
	json_t *o;
	int rc = 0;

	if (strcmp(kind, "image") == 0 || json_array_size(path) == 0 || (jar && has_pom(g->join, path)))
		return 0;
	if (jar && (*name == '\0' || *version == '\0') && split_jar(path, &own_name, &own_version)) {
		name = own_name;
		version = own_version;
	}
	if (strcmp(kind, "rpm") == 0 && *release != '\0') {
		full = malloc(strlen(version) + strlen(release) + 2);
		if (full != NULL)
			version = strcat(strcat(strcpy(full, version), "-"), release);
	}
	if (*name != '\0') {
		purl = purl_of(package, kind, name, version);
		o = purl ? component(name, version, purl, bundled && strcmp(kind, "npm") == 0 ? "node_modules" : kind, path,
		                     json_object_get(package, "sha256"))
		         : NULL;
		if (o != NULL && package == g->main)
			rc = json_object_set_new(o, "main", json_true()) ? PB_ENOMEM : 0;
		rc = add(g, o) ? PB_ENOMEM : rc;
		free(purl);
	}
	free(own_name);
	free(own_version);
	free(full);
	return rc;
}

static int by_place(const void *x, const void *y)
{
	static const char *const keys[] = {"purl", "name", "version"};
	const json_t *a = *(json_t *const *)x, *b = *(json_t *const *)y;
	const json_t *p = json_object_get(a, "path"), *q = json_object_get(b, "path");
	size_t n = json_array_size(p), m = json_array_size(q);
	int c = 0;

	for (size_t i = 0; i < 3 && c == 0; i++)
		c = strcmp(pb_json_str(a, keys[i], ""), pb_json_str(b, keys[i], ""));
	for (size_t i = 0; i < n && i < m && c == 0; i++)
		c = strcmp(json_string_value(json_array_get(p, i)) ?: "", json_string_value(json_array_get(q, i)) ?: "");
	if (c == 0)
		c = (n > m) - (n < m);
	return c ? c : strcmp(pb_json_str(a, "from", ""), pb_json_str(b, "from", ""));
}

/* What a library calls itself is no news in a package of the same name and version. */
static bool told(json_t *const *all, size_t n, size_t at)
{
	const char *purl = pb_json_str(all[at], "purl", "");

	if (strcmp(pb_json_str(all[at], "from", ""), "banner") != 0)
		return false;
	for (size_t step = 0; step < 2; step++)
		for (size_t i = at; step == 0 ? i-- > 0 : ++i < n;) {
			if (strcmp(pb_json_str(all[i], "purl", ""), purl) != 0)
				break;
			if (strcmp(pb_json_str(all[i], "from", ""), "banner") != 0)
				return true;
		}
	return false;
}

static json_t *sorted(json_t *list)
{
	size_t n = json_array_size(list);
	json_t **all = malloc((n + 1) * sizeof *all), *out = json_array();

	for (size_t i = 0; all != NULL && i < n; i++)
		all[i] = json_array_get(list, i);
	if (all != NULL && n > 1)
		qsort(all, n, sizeof *all, by_place);
	for (size_t i = 0; all != NULL && out != NULL && i < n; i++) {
		if ((i > 0 && by_place(&all[i - 1], &all[i]) == 0) || told(all, n, i))
			continue;
		if (json_array_append(out, all[i])) {
			json_decref(out);
			out = NULL;
		}
	}
	if (all == NULL) {
		json_decref(out);
		out = NULL;
	}
	free(all);
	return out;
}

json_t *pb_components_of(const pb_join *j, const json_t *packages, bool *cut)
{
	gathering g = {.list = json_array(), .join = j, .main = pb_package_main(packages)};
	json_t *package, *out;
	size_t i;
	int rc = g.list ? 0 : PB_ENOMEM;

	json_array_foreach (packages, i, package) {
		const json_t *path = json_object_get(package, "path");
		size_t depth = json_array_size(path), row = depth ? pb_join_find(j, path, depth - 1, pb_path_last(path)) : j->n;

		if (!rc && !(row < j->n && j->rows[row].discounted))
			rc = of_package(&g, package);
	}
	for (i = 0; i < j->n && !rc; i++)
		if (!j->rows[i].discounted)
			rc = of_row(&g, &j->rows[i]);
	out = rc ? NULL : sorted(g.list);
	json_decref(g.list);
	*cut = g.cut;
	return out;
}
