/* What package managers write down of what they installed: dpkg's status and status.d, Alpine's lib/apk/db/installed. */
#include <string.h>

#include "facts/components.h"

enum { FILE_MAX = 128 << 20 };

static bool begins(pb_bytes b, const char *word)
{
	size_t n = strlen(word);

	return b.size >= n && memcmp(b.data, word, n) == 0;
}

static bool holds(pb_bytes b, const char *word)
{
	return b.size > 0 && memmem(b.data, b.size, word, strlen(word)) != NULL;
}

/* "Key: value" -> value */
static bool value_of(pb_bytes line, const char *key, pb_bytes *value)
{
	if (!begins(line, key))
		return false;
	*value = pb_trim(pb_slice(line, strlen(key), line.size));
	return true;
}

typedef struct paragraph {
	pb_bytes package, version, source, maintainer, status;
	bool indexed; /* a row of a repository's index, which is no list of what is there */
} paragraph;

/* "openssl (3.0.1-1)": name and version. */
static void take_source(pb_component *c, pb_bytes source)
{
	const uint8_t *open = source.size ? memchr(source.data, '(', source.size) : NULL;

	c->source = source;
	if (open == NULL)
		return;
	c->source = pb_trim(pb_slice(source, 0, (size_t)(open - source.data)));
	c->source_version = pb_slice(source, (size_t)(open - source.data) + 1, source.size);
	if (c->source_version.size > 0 && c->source_version.data[c->source_version.size - 1] == ')')
		c->source_version.size--;
}

static int add_dpkg(pb_look *look, json_t *list, const paragraph *p)
{
	bool ubuntu = holds(p->maintainer, "buntu") || holds(p->version, "ubuntu");
	pb_component c = {.from = "dpkg-status",
	                  .type = "deb",
	                  .space = ubuntu ? "ubuntu" : "debian",
	                  .name = p->package,
	                  .version = p->version};

	if (p->package.size == 0 || p->version.size == 0 || p->indexed)
		return 0;
	/* "deinstall ok config-files": its files are gone */
	if (p->status.size > 0 && (!holds(p->status, " installed") || holds(p->status, "not-installed")))
		return 0;
	take_source(&c, p->source);
	return pb_component_add(look, list, &c);
}

/* In status.d each package has a file of its own, without a status; several of these in one file are no list of what is installed. */
int pb_components_dpkg(pb_look *look, json_t *list)
{
	pb_bytes rest = pb_slice(look->object->bytes, 0, FILE_MAX), line;
	size_t n = 0;
	int rc = 0;

	/* The control file of a .deb is its own, and the package is known by it. */
	if (!begins(rest, "Package: ") || strcmp(look->object->name_class, "control") == 0)
		return 0;
	if (look->object->bytes.size > FILE_MAX)
		pb_look_cut(look, "components");
	for (; !rc && rest.size > 0; n++) {
		paragraph p = {.indexed = false};

		while (pb_line_next(&rest, &line) && line.size > 0) {
			(void)(value_of(line, "Package: ", &p.package) || value_of(line, "Version: ", &p.version) ||
			       value_of(line, "Source: ", &p.source) || value_of(line, "Status: ", &p.status) ||
			       value_of(line, "Maintainer: ", &p.maintainer));
			p.indexed |= begins(line, "Filename: ") || begins(line, "Directory: ");
		}
		if (p.status.size > 0 || (n == 0 && pb_trim(rest).size == 0))
			rc = add_dpkg(look, list, &p);
	}
	return rc;
}

/* Paragraphs of "P:name", "V:version", "o:origin"; the first line is the checksum. */
int pb_components_alpine(pb_look *look, json_t *list)
{
	pb_bytes rest = pb_slice(look->object->bytes, 0, FILE_MAX), line;
	pb_component c = {.from = "apk-installed", .type = "apk", .space = "alpine"};
	int rc = 0;

	if (!begins(rest, "C:Q1") || !holds(pb_slice(rest, 0, 4096), "\nP:") || !holds(pb_slice(rest, 0, 4096), "\nV:"))
		return 0;
	while (!rc && pb_line_next(&rest, &line)) {
		if (line.size == 0) {
			rc = pb_component_add(look, list, &c);
			c.name = c.version = c.source = (pb_bytes){NULL, 0};
			continue;
		}
		(void)(value_of(line, "P:", &c.name) || value_of(line, "V:", &c.version) || value_of(line, "o:", &c.source));
	}
	return rc ? rc : pb_component_add(look, list, &c);
}
