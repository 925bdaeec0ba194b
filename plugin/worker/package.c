#include "worker/package.h"

#include "worker/package_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What its metadata declares (rulesets/capabilities/declared.ini). */
static int copy_declares(json_t *package, const json_t *facts)
{
	json_t *declares = json_object_get(facts, "declares");
	return declares && json_object_set(package, "declares", declares) ? PB_ENOMEM : 0;
}

/* Copies what is there, under the one name that checks use for it. */
int pb_package_copy(json_t *package, const json_t *facts, const char *const map[][2], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		json_t *v = json_object_get(facts, map[i][0]);
		if (v && json_object_set(package, map[i][1], v))
			return PB_ENOMEM;
	}
	return 0;
}

int pb_package_script(json_t *package, const char *name, const char *command, const pb_row *file)
{
	json_t *s = json_pack("{s:s}", "name", name);
	int rc = s ? 0 : PB_ENOMEM;
	if (!rc && command)
		rc = json_object_set_new(s, "command", json_string(command));
	if (!rc && file) {
		rc = json_object_set(s, "path", (json_t *)file->path);
		rc |= json_object_set(s, "sha256", json_object_get(file->record, "sha256"));
	}
	if (rc) {
		json_decref(s);
		return PB_ENOMEM;
	}
	return json_array_append_new(pb_json_array_at(package, "scripts"), s) ? PB_ENOMEM : 0;
}

json_t *pb_package_new(const char *kind, const pb_row *root)
{
	return json_pack("{s:s,s:O,s:O,s:[]}", "kind", kind, "path", root->path, "sha256",
	                 json_object_get(root->record, "sha256"), "scripts");
}

static int deb(const pb_join *j, size_t at, json_t *package)
{
	static const char *const fields[][2] = {{"package", "name"},         {"version", "version"},     {"section", "section"},
	                                        {"description", "description"}, {"maintainer", "maintainer"}, {"homepage", "homepage"},
	                                        {"depends", "depends"},      {"priority", "priority"},   {"architecture", "architecture"}};
	static const char *const scripts[] = {"preinst", "postinst", "prerm", "postrm", "config"};
	const pb_row *root = &j->rows[at];
	size_t from, to;
	int rc = 0;
	pb_join_below(j, root->path, root->depth, &from, &to);
	for (size_t i = from; i < to && !rc; i++) {
		const pb_row *r = &j->rows[i];
		/* control.tar.* > control: not a control file that some data file happens to be called */
		if (r->depth != root->depth + 2 ||
		    strncmp(json_string_value(json_array_get(r->path, root->depth)), "control.tar", 11) != 0)
			continue;
		const char *last = pb_path_last(r->path);
		if (strcmp(last, "control") == 0)
			rc = pb_package_copy(package, json_object_get(r->facts, "deb"), fields, sizeof fields / sizeof *fields);
		if (!rc && strcmp(last, "control") == 0)
			rc = copy_declares(package, r->facts);
		for (size_t k = 0; k < sizeof scripts / sizeof *scripts && !rc; k++)
			if (strcmp(last, scripts[k]) == 0)
				rc = pb_package_script(package, last, NULL, r);
	}
	return rc;
}

static int rpm(const pb_row *root, json_t *package)
{
	static const char *const fields[][2] = {{"name", "name"},       {"version", "version"},   {"release", "release"},
	                                        {"group", "section"},   {"description", "description"}, {"summary", "summary"},
	                                        {"packager", "maintainer"}, {"vendor", "vendor"}, {"url", "homepage"},
	                                        {"license", "license"}, {"requires", "depends"},  {"buildtime", "buildtime"}};
	const json_t *facts = json_object_get(root->facts, "rpm");
	json_t *text;
	const char *name;
	int rc = pb_package_copy(package, facts, fields, sizeof fields / sizeof *fields);
	/* Scriptlets live in the header and are no objects of their own: the text stands in for a file. */
	json_object_foreach(json_object_get(facts, "scripts"), name, text)
		if (!rc && json_is_string(text))
			rc = pb_package_script(package, name, json_string_value(text), root);
	return rc;
}

/* "node ./report.js --quiet" -> the row of report.js beside the package.json, if it is there. */
static const pb_row *file_of_command(const pb_join *j, const pb_row *manifest, const char *command)
{
	const char *own = pb_path_last(manifest->path), *slash = strrchr(own, '/');
	size_t dir = slash ? (size_t)(slash - own) + 1 : 0;
	char name[2048];
	for (const char *p = command; *p;) {
		p += strspn(p, " \t\n\"'`;&|()<>");
		size_t n = strcspn(p, " \t\n\"'`;&|()<>");
		const char *word = p;
		p += n;
		while (n > 2 && word[0] == '.' && word[1] == '/') {
			word += 2;
			n -= 2;
		}
		if (n == 0 || dir + n + 12 > sizeof name)
			continue;
		/* node runs "x" as x.js or x/index.js too */
		static const char *const endings[] = {"", ".js", ".cjs", ".mjs", "/index.js"};
		for (size_t k = 0; k < sizeof endings / sizeof *endings; k++) {
			snprintf(name, sizeof name, "%.*s%.*s%s", (int)dir, own, (int)n, word, endings[k]);
			size_t at = pb_join_find(j, manifest->path, manifest->depth - 1, name);
			if (at < j->n)
				return &j->rows[at];
		}
	}
	return NULL;
}

/* Is this manifest one of an extension of an editor? Its own "install" and the like run for its developers only. */
static bool in_vsix(const pb_join *j, const pb_row *manifest)
{
	const pb_row *container = pb_package_row_at(j, manifest->path, manifest->depth - 1);

	return container && strcmp(container->kind->name, "vsix") == 0;
}

static int npm(const pb_join *j, const pb_row *manifest, json_t *package)
{
	static const char *const fields[][2] = {{"name", "name"},         {"version", "version"},       {"description", "description"},
	                                        {"keywords", "keywords"}, {"dependencies", "depends"},  {"license", "license"},
	                                        {"homepage", "homepage"}, {"repository", "repository"}, {"author", "maintainer"},
	                                        {"maintainers", "maintainers"}};
	/* What npm runs on whoever installs the package; "prepare" and "test" run for its developers only. */
	static const char *const hooks[] = {"preinstall", "install", "postinstall", "preuninstall", "uninstall", "postuninstall"};
	const json_t *facts = json_object_get(manifest->facts, "npm"), *scripts = json_object_get(facts, "scripts");
	int rc = pb_package_copy(package, facts, fields, sizeof fields / sizeof *fields);
	bool installs = false;

	if (in_vsix(j, manifest))
		return rc;
	for (size_t i = 0; i < sizeof hooks / sizeof *hooks && !rc; i++) {
		const char *command = pb_json_str(scripts, hooks[i], NULL);
		if (!command)
			continue;
		installs |= strcmp(hooks[i], "install") == 0 || strcmp(hooks[i], "preinstall") == 0;
		rc = pb_package_script(package, hooks[i], command, file_of_command(j, manifest, command));
	}
	if (!rc && !installs) {
		/* npm builds what has a binding.gyp and says nothing of its own */
		const char *own = pb_path_last(manifest->path), *slash = strrchr(own, '/');
		char name[2048];
		int n = snprintf(name, sizeof name, "%.*sbinding.gyp", slash ? (int)(slash - own) + 1 : 0, own);
		size_t at = n < (int)sizeof name ? pb_join_find(j, manifest->path, manifest->depth - 1, name) : j->n;
		if (at < j->n)
			rc = pb_package_script(package, "install", "node-gyp rebuild", &j->rows[at]);
	}
	return rc;
}

static int wheel(const pb_row *manifest, json_t *package)
{
	static const char *const fields[][2] = {{"name", "name"},       {"version", "version"},       {"summary", "description"},
	                                        {"license", "license"}, {"author", "maintainer"},     {"author_email", "maintainer_email"},
	                                        {"home_page", "homepage"}, {"keywords", "keywords"},  {"requires_dist", "depends"},
	                                        {"classifiers", "classifiers"}, {"project_url", "project_url"}};
	return pb_package_copy(package, json_object_get(manifest->facts, "wheel"), fields, sizeof fields / sizeof *fields);
}

static int jar(const pb_row *manifest, json_t *package)
{
	static const char *const fields[][2] = {{"implementation-title", "name"},   {"implementation-version", "version"},
	                                        {"bundle-name", "name"},            {"bundle-version", "version"},
	                                        {"bundle-description", "description"}, {"implementation-vendor", "maintainer"},
	                                        {"bundle-vendor", "maintainer"},    {"bundle-license", "license"}};
	return pb_package_copy(package, json_object_get(manifest->facts, "jar"), fields, sizeof fields / sizeof *fields);
}

static bool has_tag(const pb_row *r, const char *tag)
{
	json_t *t;
	size_t i;
	json_array_foreach(json_object_get(r->facts, "tags"), i, t)
		if (strcmp(json_string_value(t) ?: "", tag) == 0)
			return true;
	return false;
}

size_t pb_package_slashes(const char *s)
{
	size_t n = 0;
	for (; *s; s++)
		n += *s == '/';
	return n;
}

/* A package.json counts as a package where it is the outermost of its container, or is bundled below node_modules/: those under
 * test fixtures describe nothing that anyone installs. */
static bool npm_counts(const pb_join *j, const pb_row *manifest)
{
	const char *own = pb_path_last(manifest->path), *modules = strstr(own, "node_modules/");
	size_t from, to;
	if (modules) {
		const char *rest = modules + strlen("node_modules/");
		for (const char *again; (again = strstr(rest, "node_modules/")) != NULL;)
			rest = again + strlen("node_modules/");
		return pb_package_slashes(rest) == (rest[0] == '@' ? 2u : 1u);
	}
	pb_join_below(j, manifest->path, manifest->depth - 1, &from, &to);
	for (size_t i = from; i < to; i++)
		if (j->rows[i].depth == manifest->depth && has_tag(&j->rows[i], "npm") &&
		    pb_package_slashes(pb_path_last(j->rows[i].path)) < pb_package_slashes(own))
			return false;
	return true;
}

json_t *pb_packages_of(const pb_join *j)
{
	json_t *packages = json_array();
	for (size_t i = 0; packages && i < j->n; i++) {
		const pb_row *r = &j->rows[i];
		json_t *p = NULL;
		int rc = 0;
		if (strcmp(r->kind->name, "deb") == 0) {
			p = pb_package_new("deb", r);
			rc = p ? deb(j, i, p) : PB_ENOMEM;
		} else if (json_object_get(r->facts, "rpm")) {
			p = pb_package_new("rpm", r);
			rc = p ? rpm(r, p) : PB_ENOMEM;
		} else if (has_tag(r, "npm") && npm_counts(j, r)) {
			p = pb_package_new("npm", r);
			rc = p ? npm(j, r, p) : PB_ENOMEM;
		} else if (json_object_get(r->facts, "wheel")) {
			rc = pb_package_sdist(j, r, &p);
			if (!rc && !p && !pb_package_is_sdist(r)) {
				p = pb_package_new("wheel", r);
				rc = p ? 0 : PB_ENOMEM;
			}
			rc = rc || !p ? rc : wheel(r, p);
		} else if (json_object_get(r->facts, "package")) {
			rc = pb_package_about(j, r, &p);
		} else if (json_object_get(r->facts, "jar")) {
			p = pb_package_new("jar", r);
			rc = p ? jar(r, p) : PB_ENOMEM;
		} else {
			continue;
		}
		if (!rc && !p)
			continue; /* of a package that is there already */
		/* Of a .deb it is in a file of its own. */
		if (!rc)
			rc = copy_declares(p, r->facts);
		if (rc || json_array_append_new(packages, p)) {
			if (rc)
				json_decref(p);
			json_decref(packages);
			return NULL;
		}
	}
	return packages;
}

const json_t *pb_package_main(const json_t *packages)
{
	const json_t *best = NULL;
	size_t i, best_rank = SIZE_MAX;
	json_t *p;
	bool tie = false;
	json_array_foreach(packages, i, p) {
		const json_t *path = json_object_get(p, "path");
		const char *kind = pb_json_str(p, "kind", "");
		bool whole = pb_package_whole(kind);
		size_t depth = json_array_size(path), rank = depth * 100 + (whole ? 0 : pb_package_slashes(pb_path_last(path)));
		/* A deb or rpm is the product only as the file itself; a manifest may lie one level in (x.tgz > package/package.json). */
		if (depth > (whole ? 1u : 2u) || rank > 202)
			continue;
		if (rank < best_rank) {
			best = p;
			best_rank = rank;
			tie = false;
		} else if (rank == best_rank) {
			tie = true;
		}
	}
	return tie ? NULL : best;
}
