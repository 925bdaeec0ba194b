/* What Maven leaves in a .jar: META-INF/maven/GROUP/ARTIFACT/pom.properties and pom.xml. */
#include <string.h>

#include "facts/components.h"

enum { PROPERTIES_MAX = 16384, POM_MAX = 2 << 20, DEPTH_MAX = 64 };

static bool is(pb_bytes b, const char *word)
{
	return b.size == strlen(word) && memcmp(b.data, word, b.size) == 0;
}

static bool holds(pb_bytes b, const char *word)
{
	return b.size > 0 && memmem(b.data, b.size, word, strlen(word)) != NULL;
}

/* A value that is only known at the build is none. */
static pb_bytes known(pb_bytes b)
{
	return holds(b, "${") ? (pb_bytes){NULL, 0} : b;
}

static int add(pb_look *look, json_t *list, const char *from, pb_bytes group, pb_bytes artifact, pb_bytes version)
{
	pb_component c = {.from = from,
	                  .type = "maven",
	                  .group = known(group),
	                  .name = known(artifact),
	                  .version = known(version)};

	return c.group.size > 0 ? pb_component_add(look, list, &c) : 0;
}

static int properties(pb_look *look, json_t *list)
{
	static const char *const keys[] = {"groupId", "artifactId", "version"};
	pb_bytes rest = look->object->bytes, line, found[3] = {{0}};

	while (pb_line_next(&rest, &line)) {
		const uint8_t *at = line.size ? memchr(line.data, '=', line.size) : NULL;
		size_t n = at ? (size_t)(at - line.data) : 0;

		for (int i = 0; i < 3 && at != NULL; i++)
			if (is(pb_trim(pb_slice(line, 0, n)), keys[i]))
				found[i] = pb_trim(pb_slice(line, n + 1, line.size));
	}
	return add(look, list, "pom", found[0], found[1], found[2]);
}

/* The next tag "<...>" of rest, comments and the like passed over; *text is what stood before it. false: there is none. */
static bool next_tag(pb_bytes *rest, pb_bytes *text, pb_bytes *tag)
{
	while (rest->size > 0) {
		const uint8_t *open = memchr(rest->data, '<', rest->size), *close;
		size_t at = open ? (size_t)(open - rest->data) : rest->size;
		pb_bytes inner = pb_slice(*rest, at + 1, rest->size);
		bool comment = inner.size >= 3 && memcmp(inner.data, "!--", 3) == 0;

		*text = pb_slice(*rest, 0, at);
		if (inner.size == 0)
			return false;
		close = comment ? memmem(inner.data, inner.size, "-->", 3) : memchr(inner.data, '>', inner.size);
		if (close == NULL)
			return false;
		*tag = pb_slice(inner, 0, (size_t)(close - inner.data));
		*rest = pb_slice(inner, (size_t)(close - inner.data) + (comment ? 3 : 1), inner.size);
		if (!comment && tag->size > 0 && tag->data[0] != '!' && tag->data[0] != '?')
			return true;
	}
	return false;
}

static pb_bytes name_of(pb_bytes tag)
{
	size_t n = 0;

	while (n < tag.size && !strchr(" \t\r\n/", tag.data[n]))
		n++;
	return pb_slice(tag, 0, n);
}

/* project > groupId, artifactId, version; what is not there comes from project > parent. */
static int pom(pb_look *look, json_t *list)
{
	static const char *const keys[] = {"groupId", "artifactId", "version"};
	pb_bytes rest = look->object->bytes, text, tag, own[3] = {{0}}, parent[3] = {{0}}, above[DEPTH_MAX];
	size_t depth = 0;

	while (next_tag(&rest, &text, &tag)) {
		if (tag.data[0] == '/') {
			for (int i = 0; i < 3 && (depth == 2 || depth == 3); i++) {
				if (!is(above[depth - 1], keys[i]))
					continue;
				if (depth == 2)
					own[i] = pb_trim(text);
				else if (is(above[1], "parent"))
					parent[i] = pb_trim(text);
			}
			depth -= depth > 0;
		} else if (tag.data[tag.size - 1] != '/') {
			if (depth == DEPTH_MAX || (depth == 0 && !is(name_of(tag), "project")))
				return 0;
			above[depth++] = name_of(tag);
		}
	}
	return add(look, list, "pom.xml", own[0].size ? own[0] : parent[0], own[1], own[2].size ? own[2] : parent[2]);
}

int pb_components_maven(pb_look *look, json_t *list)
{
	pb_bytes b = look->object->bytes;

	if (b.size <= PROPERTIES_MAX && strcmp(look->object->name_class, "pom.properties") == 0)
		return properties(look, list);
	if (b.size <= POM_MAX && strcmp(look->object->name_class, "pom.xml") == 0)
		return pom(look, list);
	return 0;
}
