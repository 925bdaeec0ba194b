/* Files in which programs ask for permissions by name. Read as far as the names: who grants them reads the rest. */
#include <string.h>

#include "facts/declares.h"
#include "facts/fields.h"

enum { FILE_MAX = 1 << 20, NAME_MAX_BYTES = 128 };

static const uint8_t *find(pb_bytes b, const char *text)
{
	return b.size ? memmem(b.data, b.size, text, strlen(text)) : NULL;
}

static bool holds(pb_bytes b, const char *text)
{
	return find(b, text) != NULL;
}

/* "https://x.example/y" and "<all_urls>" are places, the rest are names. */
static void add_list(pb_declared *d, const json_t *list, const char *where)
{
	json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		const char *text = json_string_value(item);
		if (text && (strstr(text, "://") || strcmp(text, "<all_urls>") == 0))
			pb_declared_word(d, PB_DECLARES_EXTENSION, "://", 3, where);
		else if (text)
			pb_declared_word(d, PB_DECLARES_EXTENSION, text, strlen(text), where);
	}
}

void pb_permissions_json(pb_declared *d)
{
	static const char *const lists[] = {"permissions", "optional_permissions", "host_permissions", "optional_host_permissions"};
	pb_bytes b = d->look->object->bytes;
	json_t *manifest, *script;
	size_t i;
	int rc;

	if (b.size > FILE_MAX || !holds(b, "\"manifest_version\""))
		return;
	manifest = pb_json_lenient(b, FILE_MAX, &rc);
	d->failed |= rc == PB_ENOMEM;
	for (i = 0; i < sizeof lists / sizeof lists[0]; i++)
		add_list(d, json_object_get(manifest, lists[i]), lists[i]);
	json_array_foreach (json_object_get(manifest, "content_scripts"), i, script) {
		add_list(d, json_object_get(script, "matches"), "content_scripts");
	}
	json_decref(manifest);
}

/* All texts that stand between the two marks. */
static void between(pb_declared *d, pb_bytes b, const char *open, const char *close, pb_declares which, const char *where)
{
	const uint8_t *p;

	while ((p = find(b, open)) != NULL) {
		b = pb_slice(b, (size_t)(p - b.data) + strlen(open), b.size);
		p = find(pb_slice(b, 0, NAME_MAX_BYTES), close);
		if (p)
			pb_declared_word(d, which, (const char *)b.data, (size_t)(p - b.data), where);
	}
}

void pb_permissions_xml(pb_declared *d)
{
	pb_bytes b = d->look->object->bytes, rest;
	const uint8_t *p;

	if (b.size > FILE_MAX)
		return;
	if (holds(b, "<plist"))
		between(d, b, "<key>", "</key>", PB_DECLARES_APPLE, "plist");
	if (!holds(b, "<manifest"))
		return;
	for (rest = b; (p = find(rest, "<uses-permission")) != NULL;) {
		rest = pb_slice(rest, (size_t)(p - rest.data) + 1, rest.size);
		const uint8_t *end = find(rest, ">");
		between(d, pb_slice(rest, 0, end ? (size_t)(end - rest.data) : 0), "android:name=\"", "\"", PB_DECLARES_ANDROID, "manifest");
	}
}

/* "[Context]" with "sockets=x11;wayland;" as "sockets=x11" and "sockets=wayland". */
static void flatpak(pb_declared *d, pb_bytes rest)
{
	pb_bytes line;
	bool context = false;

	while (pb_line_next(&rest, &line)) {
		char word[NAME_MAX_BYTES];
		line = pb_trim(line);
		if (line.size > 0 && line.data[0] == '[')
			context = line.size == 9 && memcmp(line.data, "[Context]", 9) == 0;
		const uint8_t *equals = context && line.size ? memchr(line.data, '=', line.size) : NULL;
		size_t key = equals ? (size_t)(equals - line.data) + 1 : 0;
		if (key == 0 || key > 32)
			continue;
		memcpy(word, line.data, key);
		for (pb_bytes values = pb_slice(line, key, line.size); values.size > 0;) {
			const uint8_t *end = memchr(values.data, ';', values.size);
			size_t n = end ? (size_t)(end - values.data) : values.size;
			if (n < sizeof word - key) {
				memcpy(word + key, values.data, n);
				pb_declared_word(d, PB_DECLARES_FLATPAK, word, key + n, "flatpak");
			}
			values = pb_slice(values, n + 1, values.size);
		}
	}
}

static size_t indent_of(pb_bytes line)
{
	size_t n = 0;
	while (n < line.size && line.data[n] == ' ')
		n++;
	return n;
}

/* The words of a list or the keys of a map: "- camera", "camera:", "[network, camera]". */
static void plugs_of(pb_declared *d, pb_bytes line)
{
	size_t from = 0, n;

	for (; from < line.size; from += n + 1) {
		n = 0;
		while (from + n < line.size && strchr("abcdefghijklmnopqrstuvwxyz0123456789-", line.data[from + n]) && line.data[from + n])
			n++;
		if (n > 1)
			pb_declared_word(d, PB_DECLARES_SNAP, (const char *)line.data + from, n, "plugs");
	}
}

static void snap(pb_declared *d, pb_bytes rest)
{
	pb_bytes line;
	size_t below = 0;
	bool inside = false;

	while (pb_line_next(&rest, &line)) {
		size_t indent = indent_of(line);
		bool item = indent < line.size && line.data[indent] == '-';
		pb_bytes text = pb_trim(line);
		if (text.size == 0 || text.data[0] == '#')
			continue;
		/* A list may stand as far left as the key above it. */
		inside = inside && (indent > below || (item && indent == below));
		if (inside) {
			plugs_of(d, text);
		} else if (text.size >= 6 && memcmp(text.data, "plugs:", 6) == 0) {
			inside = true;
			below = indent;
			plugs_of(d, pb_slice(text, 6, text.size));
		}
	}
}

void pb_permissions_text(pb_declared *d)
{
	pb_bytes b = d->look->object->bytes;

	if (b.size > FILE_MAX)
		return;
	pb_bytes head = pb_slice(b, 0, 16);
	if (holds(head, "[Application]") || holds(head, "[Runtime]"))
		flatpak(d, b);
	else if (strcmp(d->look->object->kind->name, "yaml") == 0 && holds(b, "plugs:") && holds(b, "confinement:"))
		snap(d, b);
}
