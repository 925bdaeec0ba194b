/* Metadata in JSON that needs no fact of its own: manifests of browser extensions, conda's index.json, configurations
 * of container images. */
#include <string.h>

#include "facts/package.h"

enum { FILE_MAX = 4 << 20 };

static pb_bytes bytes_of(const json_t *text)
{
	return (pb_bytes){(const uint8_t *)json_string_value(text), json_string_length(text)};
}

static int put(json_t *package, const char *key, const json_t *value)
{
	return json_is_string(value) ? pb_package_put(package, key, bytes_of(value)) : 0;
}

/* Each text of a list, or one alone. */
static int add(json_t *package, const char *key, const json_t *value)
{
	json_t *item;
	size_t i;
	int rc = json_is_string(value) ? pb_package_add(package, key, bytes_of(value)) : 0;

	json_array_foreach (value, i, item) {
		if (!rc && json_is_string(item))
			rc = pb_package_add(package, key, bytes_of(item));
	}
	return rc;
}

typedef struct field {
	const char *from, *to;
	bool list;
} field;

static int take(json_t *package, const json_t *from, const field *fields, size_t n)
{
	int rc = 0;

	for (size_t i = 0; i < n && !rc; i++)
		rc = (fields[i].list ? add : put)(package, fields[i].to, json_object_get(from, fields[i].from));
	return rc;
}

static int extension(json_t *package, const json_t *from)
{
	static const field fields[] = {{"name", "name", false},
	                               {"version", "version", false},
	                               {"description", "description", false},
	                               {"homepage_url", "homepage", false},
	                               {"author", "maintainer", false},
	                               {"permissions", "permissions", true},
	                               {"host_permissions", "permissions", true},
	                               {"update_url", "update", false}};
	json_t *script;
	size_t i;
	int rc;

	if (!json_is_integer(json_object_get(from, "manifest_version")) ||
	    !json_is_string(json_object_get(from, "name")))
		return 0;
	rc = take(package, from, fields, sizeof fields / sizeof fields[0]);
	json_array_foreach (json_object_get(from, "content_scripts"), i, script) {
		rc = rc ? rc : add(package, "matches", json_object_get(script, "matches"));
	}
	return rc ? rc : pb_package_kind(package, "extension");
}

static int conda(json_t *package, const json_t *from)
{
	static const field fields[] = {{"name", "name", false},
	                               {"version", "version", false},
	                               {"license", "license", false},
	                               {"depends", "depends", true},
	                               {"arch", "architecture", false}};
	int rc;

	if (!json_is_integer(json_object_get(from, "build_number")) ||
	    !json_is_array(json_object_get(from, "depends")) || !json_is_string(json_object_get(from, "name")))
		return 0;
	rc = take(package, from, fields, sizeof fields / sizeof fields[0]);
	return rc ? rc : pb_package_kind(package, "conda");
}

/* The names of what a container listens at: {"80/tcp": {}}. */
static int add_keys(json_t *package, const char *key, json_t *from)
{
	const char *name;
	json_t *value;
	int rc = 0;

	json_object_foreach (from, name, value) {
		if (!rc)
			rc = pb_package_add(package, key, (pb_bytes){(const uint8_t *)name, strlen(name)});
	}
	return rc;
}

static int image(json_t *package, const json_t *from)
{
	static const field fields[] = {{"User", "user", false},
	                               {"Entrypoint", "entrypoint", true},
	                               {"Cmd", "command", true},
	                               {"Env", "environment", true}};
	static const field labels[] = {{"org.opencontainers.image.title", "name", false},
	                               {"org.opencontainers.image.version", "version", false},
	                               {"org.opencontainers.image.description", "description", false},
	                               {"org.opencontainers.image.licenses", "license", false},
	                               {"org.opencontainers.image.url", "homepage", false},
	                               {"org.opencontainers.image.source", "repository", false},
	                               {"org.opencontainers.image.vendor", "maintainer", false}};
	const json_t *config = json_object_get(from, "config");
	int rc;

	if (!json_is_array(json_object_get(json_object_get(from, "rootfs"), "diff_ids")))
		return 0;
	rc = put(package, "architecture", json_object_get(from, "architecture"));
	rc = rc ? rc : take(package, config, fields, sizeof fields / sizeof fields[0]);
	rc = rc ? rc : take(package, json_object_get(config, "Labels"), labels, sizeof labels / sizeof labels[0]);
	rc = rc ? rc : add_keys(package, "ports", json_object_get(config, "ExposedPorts"));
	return rc ? rc : pb_package_kind(package, "image");
}

/* docker save: [{"Config": "x.json", "RepoTags": ["name:version"], "Layers": [...]}]. It only names what the
 * configuration is of. */
static int image_name(json_t *package, const json_t *from)
{
	const json_t *first = json_array_get(from, 0), *tag = json_array_get(json_object_get(first, "RepoTags"), 0);
	const char *text = json_string_value(tag), *colon = text ? strrchr(text, ':') : NULL;
	int rc;

	if (!text || !json_is_string(json_object_get(first, "Config")) ||
	    !json_is_array(json_object_get(first, "Layers")))
		return 0;
	if (colon && strchr(colon, '/'))
		colon = NULL; /* a port of the registry */
	rc = put(package, "config", json_object_get(first, "Config"));
	rc = rc ? rc
	        : pb_package_put(package, "name",
	                         (pb_bytes){(const uint8_t *)text, colon ? (size_t)(colon - text) : strlen(text)});
	if (!rc && colon)
		rc = pb_package_put(package, "version", (pb_bytes){(const uint8_t *)colon + 1, strlen(colon + 1)});
	return rc ? rc : pb_package_kind(package, "image");
}

int pb_package_json(pb_look *look, json_t *package)
{
	static const struct {
		const char *word; /* without it the text need not be read */
		int (*read)(json_t *, const json_t *);
	} sorts[] = {{"\"manifest_version\"", extension},
	             {"\"build_number\"", conda},
	             {"\"diff_ids\"", image},
	             {"\"RepoTags\"", image_name}};
	pb_bytes b = look->object->bytes;
	int rc = 0;

	/* In an image the files are called by their digests. */
	if ((strcmp(look->object->kind->name, "json") != 0 && strcmp(look->object->kind->name, "text") != 0) ||
	    b.size < 2 || b.size > FILE_MAX || !strchr("{[ \n\r\t\xef", b.data[0]))
		return 0;
	for (size_t i = 0; i < sizeof sorts / sizeof sorts[0] && !rc && json_object_size(package) == 0; i++) {
		json_t *from = memmem(b.data, b.size, sorts[i].word, strlen(sorts[i].word))
		                   ? pb_json_lenient(b, FILE_MAX, &rc)
		                   : NULL;
		rc = rc == PB_ENOMEM ? rc : from ? sorts[i].read(package, from) : 0;
		json_decref(from);
	}
	return rc;
}
