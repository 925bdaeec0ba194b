/* Packages whose metadata has the one shape of the fact "package", and source packages of Python: where they begin, and
 * what of them runs when they are installed. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "worker/package_inside.h"

bool pb_package_whole(const char *kind)
{
	static const char *const kinds[] = {"deb", "rpm", "gem", "conda", "image"};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i], kind) == 0)
			return true;
	return false;
}

const pb_row *pb_package_row_at(const pb_join *j, const json_t *path, size_t depth)
{
	size_t at =
	    depth > 0 ? pb_join_find(j, path, depth - 1, json_string_value(json_array_get(path, depth - 1))) : j->n;

	return at < j->n ? &j->rows[at] : NULL;
}

static const char *element(const json_t *path, size_t i)
{
	const char *s = json_string_value(json_array_get(path, i));
	return s ? s : "";
}

static bool ends(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);
	return n >= k && strcasecmp(s + n - k, end) == 0;
}

/* How many elements of the manifest's path are the path of its container, of kinds that are one with their container.
 */
static size_t container_depth(const pb_join *j, const pb_row *r, const char *kind)
{
	const json_t *base = pb_join_base(j, (size_t)(r - j->rows));
	size_t depth = json_array_size(base);

	if (depth < 2)
		return 0;
	depth--; /* metadata.gz, info/index.json, the image's configuration */
	/* x.conda > info-x.tar.zst > info/index.json */
	if (strcmp(kind, "conda") == 0 && depth > 1 && strncmp(element(base, depth - 1), "info-", 5) == 0 &&
	    ends(element(base, depth - 1), ".tar.zst"))
		depth--;
	return depth;
}

/* Files that installers run, by the path's end, and what the script is called. Of a kind whose manifest lies beside
 * them the path begins at the manifest's folder. */
static const struct {
	const char *kind, *file, *name;
	bool anywhere; /* the path ends so */
} runs[] = {
    {"gem", "lib/rubygems_plugin.rb", "plugin", false},
    {"nupkg", "tools/install.ps1", "install.ps1", false},
    {"nupkg", "tools/init.ps1", "init.ps1", false},
    {"nupkg", "tools/uninstall.ps1", "uninstall.ps1", false},
    {"nupkg", "tools/chocolateyinstall.ps1", "chocolateyinstall.ps1", false},
    {"nupkg", "tools/chocolateybeforemodify.ps1", "chocolateybeforemodify.ps1", false},
    {"nupkg", "tools/chocolateyuninstall.ps1", "chocolateyuninstall.ps1", false},
    {"conda", "-pre-link.sh", "pre-link", true},
    {"conda", "-post-link.sh", "post-link", true},
    {"conda", "-pre-unlink.sh", "pre-unlink", true},
    {"conda", "-pre-link.bat", "pre-link", true},
    {"conda", "-post-link.bat", "post-link", true},
    {"conda", "-pre-unlink.bat", "pre-unlink", true},
    {"pacman", ".install", "install", false},
    {"alpine", ".pre-install", "pre-install", false},
    {"alpine", ".post-install", "post-install", false},
    {"alpine", ".pre-upgrade", "pre-upgrade", false},
    {"alpine", ".post-upgrade", "post-upgrade", false},
    {"alpine", ".pre-deinstall", "pre-deinstall", false},
    {"alpine", ".post-deinstall", "post-deinstall", false},
    {"alpine", ".trigger", "trigger", false},
    {"snap", "meta/hooks/install", "install", false},
    {"snap", "meta/hooks/configure", "configure", false},
    {"snap", "meta/hooks/pre-refresh", "pre-refresh", false},
    {"snap", "meta/hooks/post-refresh", "post-refresh", false},
    {"snap", "meta/hooks/remove", "remove", false},
};

/* A file's name below the package's folder, which has `skip` bytes. conda's lie in bin/ and Scripts/. */
static bool is_run(size_t i, const char *path, size_t skip)
{
	if (strlen(path) < skip)
		return false;
	path += skip;
	if (!runs[i].anywhere)
		return strcasecmp(path, runs[i].file) == 0;
	return (strncmp(path, "bin/.", 5) == 0 || strncmp(path, "Scripts/.", 9) == 0) &&
	       pb_package_slashes(path) == 1 && ends(path, runs[i].file);
}

/* Of what the metadata names (a gem's extensions), and of what is run by its name. depth: of the containers around the
 * files. */
static int add_runs(const pb_join *j, const pb_row *r, const char *kind, size_t depth, size_t skip, json_t *package)
{
	const json_t *named = json_object_get(json_object_get(r->facts, "package"), "runs");
	const bool deeper = pb_package_whole(kind); /* in a container of its own: data.tar.gz, pkg-x.tar.zst */
	size_t from, to, k;
	int rc = 0;
	json_t *name;

	pb_join_below(j, r->path, depth, &from, &to);
	for (size_t i = from; i < to && !rc; i++) {
		const pb_row *file = &j->rows[i];
		const char *last = pb_path_last(file->path);

		if (file->depth != depth + 1 && !(deeper && file->depth == depth + 2))
			continue;
		json_array_foreach (named, k, name) {
			if (!rc && strcmp(json_string_value(name) ? json_string_value(name) : "", last) == 0)
				rc = pb_package_script(package, "extension", NULL, file);
		}
		for (k = 0; k < sizeof runs / sizeof *runs && !rc; k++)
			if (strcmp(runs[k].kind, kind) == 0 && is_run(k, last, skip))
				rc = pb_package_script(package, runs[k].name, NULL, file);
	}
	return rc;
}

/* Is there metadata of the same kind in the same container that lies further out? Then this one is an example, or a
 * copy. */
static bool is_copy(const pb_join *j, const pb_row *r, const char *fact, const char *kind)
{
	size_t from, to, own = pb_package_slashes(pb_path_last(r->path));

	pb_join_below(j, r->path, r->depth - 1, &from, &to);
	for (size_t i = from; i < to; i++) {
		const json_t *other = json_object_get(j->rows[i].facts, fact);

		if (other && j->rows[i].depth == r->depth && pb_package_slashes(pb_path_last(j->rows[i].path)) < own &&
		    (kind ? strcmp(pb_json_str(other, "kind", ""), kind) == 0 : pb_package_is_sdist(&j->rows[i])))
			return true;
	}
	return false;
}

/* docker save: the list that names the image whose configuration this is. */
static int name_image(const pb_join *j, const pb_row *r, size_t depth, json_t *package)
{
	static const char *const fields[][2] = {{"name", "name"}, {"version", "version"}};
	size_t at = depth > 0 ? pb_join_find(j, r->path, depth, "manifest.json") : j->n;
	const json_t *list = at < j->n ? json_object_get(j->rows[at].facts, "package") : NULL;

	if (!list || strcmp(pb_json_str(list, "config", ""), pb_path_last(r->path)) != 0)
		return 0;
	return pb_package_copy(package, list, fields, sizeof fields / sizeof *fields);
}

int pb_package_about(const pb_join *j, const pb_row *r, json_t **out)
{
	static const char *const fields[][2] = {{"name", "name"},
	                                        {"version", "version"},
	                                        {"summary", "summary"},
	                                        {"description", "description"},
	                                        {"keywords", "keywords"},
	                                        {"license", "license"},
	                                        {"homepage", "homepage"},
	                                        {"repository", "repository"},
	                                        {"maintainer", "maintainer"},
	                                        {"depends", "depends"},
	                                        {"permissions", "permissions"}};
	const json_t *fact = json_object_get(r->facts, "package");
	const char *kind = pb_json_str(fact, "kind", ""), *own = pb_path_last(r->path), *slash = strrchr(own, '/');
	size_t depth = pb_package_whole(kind) ? container_depth(j, r, kind) : 0,
	       skip = slash ? (size_t)(slash - own) + 1 : 0;
	const pb_row *root = depth > 0 ? pb_package_row_at(j, r->path, depth) : NULL;
	int rc;

	*out = NULL;
	if (!j->rows || json_object_get(fact, "config") || (depth == 0 && is_copy(j, r, "package", kind)))
		return 0;
	if (strcmp(kind, "snap") == 0 && skip >= 5 && strcmp(own + skip - 5, "meta/snap.yaml") == 0)
		skip -= 5;
	*out = pb_package_new(kind, root ? root : r);
	if (!*out)
		return PB_ENOMEM;
	rc = pb_package_copy(*out, fact, fields, sizeof fields / sizeof *fields);
	if (!rc && strcmp(kind, "image") == 0)
		rc = name_image(j, r, depth, *out);
	return rc ? rc : add_runs(j, r, kind, root ? depth : r->depth - 1, root ? 0 : skip, *out);
}

bool pb_package_is_sdist(const pb_row *r)
{
	const char *own = pb_path_last(r->path), *slash = strrchr(own, '/');

	return strcasecmp(slash ? slash + 1 : own, "PKG-INFO") == 0;
}

int pb_package_sdist(const pb_join *j, const pb_row *r, json_t **out)
{
	const char *own = pb_path_last(r->path), *slash = strrchr(own, '/');
	size_t dir = slash ? (size_t)(slash - own) + 1 : 0, at;
	char name[2048];
	int n;

	*out = NULL;
	if (!pb_package_is_sdist(r) || is_copy(j, r, "wheel", NULL))
		return 0;
	*out = pb_package_new("sdist", r);
	if (!*out)
		return PB_ENOMEM;
	n = snprintf(name, sizeof name, "%.*ssetup.py", (int)dir, own);
	at = n > 0 && n < (int)sizeof name ? pb_join_find(j, r->path, r->depth - 1, name) : j->n;
	return at < j->n ? pb_package_script(*out, "setup.py", NULL, &j->rows[at]) : 0;
}
