/* Metadata that programs write line by line: gems, .PKGINFO, snap.yaml, .nuspec. Read as far as a fact needs it. */
#include <string.h>

#include "facts/package.h"

enum { FILE_MAX = 1 << 20 };

static bool is(pb_bytes b, const char *word)
{
	return b.size == strlen(word) && memcmp(b.data, word, b.size) == 0;
}

static bool begins(pb_bytes b, const char *word)
{
	size_t n = strlen(word);
	return b.size >= n && memcmp(b.data, word, n) == 0;
}

/* "key: value" -> key, *value; no colon: an empty key. */
static pb_bytes key_of(pb_bytes line, char separator, pb_bytes *value)
{
	const uint8_t *at = line.size ? memchr(line.data, separator, line.size) : NULL;
	size_t n = at ? (size_t)(at - line.data) : 0;

	*value = at ? pb_trim(pb_slice(line, n + 1, line.size)) : (pb_bytes){NULL, 0};
	return pb_trim(pb_slice(line, 0, n));
}

/* Without the quotes around it. */
static pb_bytes unquoted(pb_bytes b)
{
	if (b.size >= 2 && (b.data[0] == '"' || b.data[0] == '\'') && b.data[b.size - 1] == b.data[0])
		return pb_slice(b, 1, b.size - 2);
	return b;
}

static size_t indent_of(pb_bytes line)
{
	size_t n = 0;
	while (n < line.size && line.data[n] == ' ')
		n++;
	return n;
}

/* Keys of a list's texts in a gem, and under which name the fact has them. */
static const char *const gem_lists[][2] = {{"licenses", "license"}, {"extensions", "runs"}, {"authors", "maintainer"}};
static const char *const gem_texts[][2] = {
    {"name", "name"}, {"summary", "summary"}, {"description", "description"}, {"homepage", "homepage"}};

/* A line of a list or of what stands deeper; under: the key at the left that it belongs to. */
static int gem_inner(json_t *package, pb_bytes under, pb_bytes line, size_t indent)
{
	pb_bytes text = pb_trim(line), value, key;

	if (begins(text, "- ") && indent == 0) {
		value = unquoted(pb_trim(pb_slice(text, 2, text.size)));
		for (size_t i = 0; i < sizeof gem_lists / sizeof gem_lists[0]; i++)
			if (is(under, gem_lists[i][0]) && !begins(value, "!"))
				return pb_package_add(package, gem_lists[i][1], value);
		return 0;
	}
	key = key_of(text, ':', &value);
	if (is(under, "version") && indent == 2 && is(key, "version"))
		return pb_package_put(package, "version", unquoted(value));
	if (is(under, "dependencies") && indent == 2 && is(key, "name"))
		return pb_package_add(package, "depends", unquoted(value));
	return 0;
}

int pb_package_gem(pb_look *look, json_t *package)
{
	pb_bytes rest = pb_slice(look->object->bytes, 0, FILE_MAX), line, under = {NULL, 0}, value;
	int rc = 0;

	if (!begins(rest, "--- !ruby/object:Gem::Specification"))
		return 0;
	rc = pb_package_kind(package, "gem");
	while (!rc && pb_line_next(&rest, &line)) {
		size_t indent = indent_of(line);
		bool item = line.size > 0 && line.data[0] == '-';
		if (indent > 0 || item) {
			rc = gem_inner(package, under, line, indent);
			continue;
		}
		under = key_of(line, ':', &value);
		value = unquoted(value);
		for (size_t i = 0; i < sizeof gem_texts / sizeof gem_texts[0] && !rc; i++)
			if (is(under, gem_texts[i][0]) && !is(value, "|-") && !is(value, "|"))
				rc = pb_package_put(package, gem_texts[i][1], value);
	}
	return rc;
}

int pb_package_pkginfo(pb_look *look, json_t *package)
{
	static const char *const texts[][2] = {{"pkgname", "name"},        {"pkgver", "version"},
	                                       {"pkgdesc", "description"}, {"url", "homepage"},
	                                       {"packager", "maintainer"}, {"arch", "architecture"}};
	static const char *const lists[][2] = {{"license", "license"}, {"depend", "depends"}};
	pb_bytes rest = pb_slice(look->object->bytes, 0, FILE_MAX), line, value;
	bool alpine = false;
	int rc = 0;

	if (strcmp(look->object->name_class, ".pkginfo") != 0)
		return 0;
	while (!rc && pb_line_next(&rest, &line)) {
		pb_bytes key = key_of(line, '=', &value);
		alpine |= is(key, "datahash") || is(key, "origin");
		for (size_t i = 0; i < sizeof texts / sizeof texts[0] && !rc; i++)
			if (is(key, texts[i][0]))
				rc = pb_package_put(package, texts[i][1], value);
		for (size_t i = 0; i < sizeof lists / sizeof lists[0] && !rc; i++)
			if (is(key, lists[i][0]))
				rc = pb_package_add(package, lists[i][1], value);
	}
	return !rc && json_object_get(package, "name") ? pb_package_kind(package, alpine ? "alpine" : "pacman") : rc;
}

int pb_package_snap(pb_look *look, json_t *package)
{
	static const char *const texts[] = {"name", "version", "summary", "description", "license"};
	pb_bytes rest = pb_slice(look->object->bytes, 0, FILE_MAX), line, value;
	bool snap = false;
	int rc = 0;

	if (rest.size == 0 || strcmp(look->object->kind->name, "yaml") != 0 || strcmp(look->object->name_class, ".yaml") != 0 ||
	    (!memmem(rest.data, rest.size, "\nconfinement:", 13) && !memmem(rest.data, rest.size, "\ngrade:", 7)))
		return 0;
	while (!rc && pb_line_next(&rest, &line)) {
		pb_bytes key = key_of(line, ':', &value);
		if (indent_of(line) > 0)
			continue;
		snap |= is(key, "summary");
		for (size_t i = 0; i < sizeof texts / sizeof texts[0] && !rc; i++)
			if (is(key, texts[i]) && !begins(value, "|") && !begins(value, ">"))
				rc = pb_package_put(package, texts[i], unquoted(value));
		if (!rc && is(key, "confinement"))
			rc = pb_package_put(package, "confinement", unquoted(value));
	}
	return !rc && snap && json_object_get(package, "name") ? pb_package_kind(package, "snap") : rc;
}

/* The text of the first element of this name, without what stands in it. */
static pb_bytes element(pb_bytes xml, const char *open, const char *close)
{
	const uint8_t *p = xml.size ? memmem(xml.data, xml.size, open, strlen(open)) : NULL, *end;
	pb_bytes b = p ? pb_slice(xml, (size_t)(p - xml.data) + strlen(open), xml.size) : (pb_bytes){NULL, 0};

	end = b.size ? memmem(b.data, b.size, close, strlen(close)) : NULL;
	return pb_slice(b, 0, end ? (size_t)(end - b.data) : 0);
}

static int nuspec_depends(json_t *package, pb_bytes xml)
{
	static const char open[] = "<dependency ";
	const uint8_t *p;
	int rc = 0;

	while (!rc && xml.size && (p = memmem(xml.data, xml.size, open, sizeof open - 1)) != NULL) {
		xml = pb_slice(xml, (size_t)(p - xml.data) + sizeof open - 1, xml.size);
		const uint8_t *end = xml.size ? memchr(xml.data, '>', xml.size) : NULL;
		rc = pb_package_add(package, "depends",
		                    element(pb_slice(xml, 0, end ? (size_t)(end - xml.data) : 0), "id=\"", "\""));
	}
	return rc;
}

int pb_package_nuspec(pb_look *look, json_t *package)
{
	static const char *const texts[][3] = {{"<id>", "</id>", "name"},
	                                       {"<version>", "</version>", "version"},
	                                       {"<description>", "</description>", "description"},
	                                       {"<authors>", "</authors>", "maintainer"},
	                                       {"<projectUrl>", "</projectUrl>", "homepage"},
	                                       {"<tags>", "</tags>", "keywords"},
	                                       {"<license type=\"expression\">", "</license>", "license"}};
	pb_bytes xml = pb_slice(look->object->bytes, 0, FILE_MAX), p;
	int rc = 0;

	if (strcmp(look->object->name_class, ".nuspec") != 0)
		return 0;
	p = element(xml, "<metadata", "</metadata>");
	for (size_t i = 0; i < sizeof texts / sizeof texts[0] && !rc; i++)
		rc = pb_package_put(package, texts[i][2], element(p, texts[i][0], texts[i][1]));
	rc = rc ? rc : nuspec_depends(package, p);
	return !rc && json_object_get(package, "name") ? pb_package_kind(package, "nupkg") : rc;
}
