#include "worker/inventory.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { LIST_MOST = 2000, TEXT_MOST = 600, DIGEST = 16 };

typedef struct inventory {
	json_t *sets; /* {list: {text: true}} */
	json_t *cut;  /* {list: true} */
	const char *version;
	bool failed;
} inventory;

static void add(inventory *v, const char *list, const char *text)
{
	json_t *set = pb_json_object_at(v->sets, list);

	if (!*text || json_object_get(set, text))
		return;
	if (json_object_size(set) >= LIST_MOST)
		v->failed |= json_object_set_new(v->cut, list, json_true()) != 0;
	else
		v->failed |= !set || json_object_set_new(set, text, json_true()) != 0;
}

/* Takes the buffer; its text counts up to a bound, without cutting a letter in two. */
static void add_buf(inventory *v, const char *list, pb_buf *text)
{
	size_t n = text->size < TEXT_MOST ? text->size : TEXT_MOST;

	while (n > 0 && n < text->size && (text->data[n] & 0xc0) == 0x80)
		n--;
	if (text->size > 0 && n < text->size)
		text->data[n] = '\0';
	add(v, list, text->size > 0 ? (const char *)text->data : "");
	pb_buf_free(text);
}

static void put(inventory *v, pb_buf *out, const char *text, size_t n)
{
	v->failed |= pb_buf_add(out, text, n) != 0;
}

/* Text with "*" for the product's version. */
static void put_place(inventory *v, pb_buf *out, const char *text)
{
	size_t n = strlen(v->version);

	for (const char *hit; n >= 3 && (hit = strstr(text, v->version)) != NULL; text = hit + n) {
		put(v, out, text, (size_t)(hit - text));
		put(v, out, "*", 1);
	}
	put(v, out, text, strlen(text));
}

/* The chain without the product's own file. */
static void put_path(inventory *v, pb_buf *out, const json_t *path)
{
	for (size_t i = 1; i < json_array_size(path); i++) {
		if (i > 1)
			put(v, out, " > ", 3);
		put_place(v, out,
		          json_string_value(json_array_get(path, i)) ? json_string_value(json_array_get(path, i)) : "");
	}
	v->failed |= pb_buf_puts(out, "") != 0;
}

/* Do hosts in such a file say where the product goes, and not what somebody may read? A package's metadata names its
 * home page. */
bool pb_inventory_names_hosts(const pb_row *r)
{
	static const char *const kinds[] = {"json", "yaml", "toml", "ini", "xml"};

	if (r->discounted || pb_row_tagged(r, "package"))
		return false;
	if (r->kind->class == PB_CLASS_BINARY || r->kind->class == PB_CLASS_SCRIPT)
		return true;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i], r->kind->name) == 0)
			return true;
	return false;
}

/* Who signed, in whose name that was confirmed, and whether the signature fits these bytes. By name and not by
 * certificate: those are renewed from one version to the next. */
static void of_signature(inventory *v, const json_t *signature)
{
	const char *subject = pb_json_str(signature, "subject", "");
	bool fits = json_is_true(json_object_get(signature, "verified")) &&
	            !json_is_false(json_object_get(signature, "digest_ok"));
	pb_buf text = {0};

	if (!*subject)
		return;
	v->failed |= pb_buf_printf(&text, "%s", subject) != 0;
	if (json_is_true(json_object_get(signature, "self_signed")))
		v->failed |= pb_buf_puts(&text, ", by itself") != 0;
	else
		v->failed |= pb_buf_printf(&text, ", by %s", pb_json_str(signature, "issuer", "?")) != 0;
	if (!fits)
		v->failed |= pb_buf_puts(&text, ", not verified") != 0;
	add_buf(v, "signers", &text);
}

static void of_row(inventory *v, const pb_row *r)
{
	const json_t *entry;
	size_t i;

	json_array_foreach (json_object_get(r->facts, "hosts"), i, entry)
		if (pb_inventory_names_hosts(r) && !json_is_true(json_object_get(entry, "comment")))
			add(v, "hosts", pb_json_str(entry, "host", ""));
	json_array_foreach (json_object_get(r->facts, "capabilities"), i, entry)
		if (!r->discounted && !json_is_true(json_object_get(entry, "comment")))
			add(v, "capabilities", pb_json_str(entry, "capability", ""));
	if (!r->discounted)
		of_signature(v, json_object_get(r->facts, "signature"));
}

static void add_privileged(inventory *v, int64_t mode, const char *path)
{
	pb_buf text = {0};

	v->failed |= pb_buf_printf(&text, "%04o ", (unsigned)mode & 07777) != 0;
	put_place(v, &text, path);
	add_buf(v, "privileged", &text);
}

/* Files that run with the rights of their owner or group. Formats without modes are listed with modes of libarchive's
 * making, never these. */
static void of_listing(inventory *v, const pb_row *r)
{
	const json_t *listing = json_object_get(r->facts, "members"), *rpm = json_object_get(r->facts, "rpm"), *entry;
	size_t i;

	json_array_foreach (json_object_get(listing, "entries"), i, entry)
		if ((pb_json_int(entry, "mode", 0) & 06000) != 0 && strcmp(pb_json_str(entry, "type", ""), "file") == 0)
			add_privileged(v, pb_json_int(entry, "mode", 0), pb_json_str(entry, "path", ""));
	json_array_foreach (json_object_get(rpm, "files"), i, entry) {
		pb_buf text = {0};
		if (!*pb_json_str(entry, "caps", ""))
			continue;
		v->failed |= pb_buf_printf(&text, "%s ", pb_json_str(entry, "caps", "")) != 0;
		put_place(v, &text, pb_json_str(entry, "path", ""));
		add_buf(v, "privileged", &text);
	}
}

static void of_script(inventory *v, const json_t *package, const json_t *script)
{
	const char *command = pb_json_str(script, "command", ""), *own = pb_json_str(package, "name", "");
	pb_buf text = {0};

	v->failed |= pb_buf_printf(&text, "%s of %s:", pb_json_str(script, "name", ""), own) != 0;
	if (*command)
		v->failed |= pb_buf_printf(&text, " %.*s", TEXT_MOST / 2, command) != 0;
	/* What stands in an .rpm's header has the package's own digest. */
	if (json_object_get(script, "sha256") && strcmp(pb_json_str(package, "kind", ""), "rpm") != 0)
		v->failed |= pb_buf_printf(&text, " sha256 %.*s", DIGEST, pb_json_str(script, "sha256", "")) != 0;
	add_buf(v, "scripts", &text);
}

/* The name in "libc6 (>= 2.36)", "six>=1.0; extra", "left-pad". */
static void add_dependency(inventory *v, const char *text, size_t n)
{
	pb_buf name = {0};

	while (n > 0 && strchr(" \t\n", *text)) {
		text++;
		n--;
	}
	for (size_t i = 0; i < n; i++)
		if (strchr(" \t\n([<>=~!;:", text[i]) && i > 0)
			n = i;
	put(v, &name, text, n);
	v->failed |= pb_buf_puts(&name, "") != 0;
	add_buf(v, "dependencies", &name);
}

static void of_depends(inventory *v, const json_t *value)
{
	const char *text = json_string_value(value);
	const json_t *item;
	size_t i;

	while (text && *text) {
		size_t n = strcspn(text, ",|");
		add_dependency(v, text, n);
		text += n + (text[n] != '\0');
	}
	json_array_foreach (value, i, item)
		if (json_is_string(item))
			add_dependency(v, json_string_value(item), json_string_length(item));
}

static void of_makers(inventory *v, const json_t *value)
{
	const json_t *item;
	size_t i;

	if (json_is_string(value))
		add(v, "makers", json_string_value(value));
	json_array_foreach (value, i, item) {
		add(v, "makers", json_string_value(item) ? json_string_value(item) : "");
	}
}

static void of_package(inventory *v, const json_t *package)
{
	const json_t *script;
	size_t i;

	json_array_foreach (json_object_get(package, "scripts"), i, script) {
		of_script(v, package, script);
	}
	of_depends(v, json_object_get(package, "depends"));
	of_makers(v, json_object_get(package, "maintainer"));
	of_makers(v, json_object_get(package, "maintainers"));
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The sets as lists, in the order of their bytes. */
static json_t *sorted(json_t *sets)
{
	json_t *out = json_object(), *set, *unused;
	const char *list, *text;

	json_object_foreach (sets, list, set) {
		size_t n = 0;
		const char **texts = calloc(json_object_size(set) + 1, sizeof *texts);
		json_t *array = json_array();

		json_object_foreach (set, text, unused)
			if (texts && unused)
				texts[n++] = text;
		if (n > 1)
			qsort(texts, n, sizeof *texts, by_bytes);
		for (size_t i = 0; i < n; i++)
			json_array_append_new(array, json_string(texts[i]));
		free(texts);
		if (!texts || json_object_set_new(out, list, array)) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

json_t *pb_inventory_of(const pb_join *j, const json_t *packages, const char *version)
{
	inventory v = {.sets = json_object(), .cut = json_object(), .version = version};
	json_t *out, *entry;
	size_t i;

	v.failed = !v.sets || !v.cut;
	for (i = 0; i < j->n && !v.failed; i++) {
		of_row(&v, &j->rows[i]);
		of_listing(&v, &j->rows[i]);
	}
	json_array_foreach (packages, i, entry) {
		of_package(&v, entry);
	}
	json_array_foreach (j->limits, i, entry) {
		pb_buf text = {0};
		put_path(&v, &text, json_object_get(entry, "path"));
		add_buf(&v, "opaque", &text);
	}
	if (!v.failed && json_object_size(v.cut) > 0 && json_object_set(v.sets, "cut", v.cut))
		v.failed = true;
	out = v.failed ? NULL : sorted(v.sets);
	json_decref(v.sets);
	json_decref(v.cut);
	return out;
}
