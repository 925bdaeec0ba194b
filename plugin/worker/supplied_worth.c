#include "worker/supplied_worth.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { NAME = 400 };

json_t *pb_supplied_objects(const pb_join *j)
{
	static const char *const digests[] = {"sha256", "md5"};
	json_t *out = json_object();
	for (size_t i = 0; out && i < j->n; i++)
		for (size_t k = 0; out && k < 2; k++) {
			const char *hex = pb_json_str(j->rows[i].record, digests[k], "");
			if (*hex && !json_object_get(out, hex) && json_object_set_new(out, hex, json_integer((json_int_t)i))) {
				json_decref(out);
				out = NULL;
			}
		}
	return out;
}

static bool same(const char *a, const char *b)
{
	return *a && strcmp(a, b) == 0;
}

/* "pkg:npm/%40scope/name@1.0?x#y" -> "@scope/name", "1.0" */
static bool read_purl(const char *purl, char name[NAME], char version[NAME])
{
	const char *from = strncmp(purl, "pkg:", 4) == 0 ? strchr(purl + 4, '/') : NULL;
	size_t n = 0;
	version[0] = name[0] = '\0';
	if (!from || strlen(from) >= NAME)
		return false;
	for (from++; *from && *from != '@' && *from != '?' && *from != '#'; from++) {
		bool at = strncasecmp(from, "%40", 3) == 0;
		name[n++] = at ? '@' : *from;
		from += at ? 2 : 0;
	}
	name[n] = '\0';
	if (*from == '@')
		snprintf(version, NAME, "%.*s", (int)strcspn(from + 1, "?#"), from + 1);
	return n > 0;
}

static bool purl_fits(const pb_supplied_product *p, const char *purl)
{
	char name[NAME], version[NAME];
	const char *own = pb_json_str(p->product, "name", ""), *of = pb_json_str(p->product, "version", "");
	if (!read_purl(purl, name, version))
		return false;
	const char *last = strrchr(name, '/');
	return (same(own, name) || (last && same(own, last + 1))) && (!*version || !*of || strcmp(version, of) == 0);
}

static bool name_fits(const pb_supplied_product *p, const char *name)
{
	static const char *const between[] = {"-", " ", "@", "_"};
	const char *own = pb_json_str(p->product, "name", ""), *version = pb_json_str(p->product, "version", "");
	if (same(name, own) || same(name, p->file))
		return true;
	size_t n = strlen(own);
	for (size_t i = 0; n && *version && i < sizeof between / sizeof *between; i++)
		if (strncmp(name, own, n) == 0 && name[n] == between[i][0] && strcmp(name + n + 1, version) == 0)
			return true;
	return false;
}

const char *pb_supplied_about(const pb_supplied_product *p, const json_t *document, int64_t *object)
{
	static const char *const digests[] = {"sha256", "sha512", "sha1", "md5"};
	bool named = false, other = false;
	const char *about = NULL;
	const json_t *s;
	size_t i;
	*object = -1;
	json_array_foreach(json_object_get(document, "subjects"), i, s) {
		named |= name_fits(p, pb_json_str(s, "name", "")) || purl_fits(p, pb_json_str(s, "purl", ""));
		for (size_t k = 0; k < sizeof digests / sizeof *digests; k++) {
			const char *hex = pb_json_str(s, digests[k], "");
			const json_t *row = *hex ? json_object_get(p->objects, hex) : NULL;
			other |= *hex != '\0';
			if (same(hex, pb_json_str(k == 0 ? p->product : p->digests, digests[k], "")))
				return "product";
			if (row && !about) {
				about = "object";
				*object = json_integer_value(row);
			}
		}
	}
	return about ? about : other ? "other" : named ? "name" : "none";
}

static bool scope_names(const json_t *scope, const char *name)
{
	const json_t *glob;
	size_t i;
	json_array_foreach(scope, i, glob) {
		const char *g = json_string_value(glob);
		if (g && *name && (strcmp(g, "*") == 0 || pb_text_glob(g, name)))
			return true;
	}
	return false;
}

/* Does what this root may speak of hold this product, or this builder? */
static bool scope_fits(const pb_supplied_product *p, const json_t *document, const json_t *signature, const char *role)
{
	const json_t *scope = json_object_get(signature, "scope");
	if (json_array_size(scope) == 0 || strcmp(role, "assessor") == 0)
		return true;
	if (strcmp(role, "builder") == 0) {
		const json_t *content = json_object_get(document, "content"), *builder = json_object_get(content, "builder");
		return scope_names(scope, json_is_string(builder) ? json_string_value(builder) : pb_json_str(builder, "id", ""));
	}
	return scope_names(scope, pb_json_str(p->product, "name", "")) || scope_names(scope, p->file);
}

/* A bundle holds several envelopes, and any JSON may hold a foreign one: a signature over another payload than that which was read says nothing
 * of this. One over the whole file has none. */
static bool is_over(const json_t *document, const json_t *signature)
{
	const char *read = pb_json_str(document, "payload", ""), *over = pb_json_str(signature, "payload", "");
	return !*over || strcmp(read, over) == 0;
}

const char *pb_supplied_reliability(const pb_supplied_product *p, const json_t *document, const char **signer, const char **role)
{
	int best = 0;
	const json_t *s;
	size_t i;
	*signer = *role = NULL;
	json_array_foreach(json_object_get(document, "signatures"), i, s) {
		const char *root = pb_json_str(s, "root", ""), *as = pb_json_str(s, "role", "");
		int worth = strcmp(as, "vendor") == 0 ? 1 : 2;
		if (!json_is_true(json_object_get(s, "verified")) || !*root || !*as || !is_over(document, s) || !scope_fits(p, document, s, as))
			continue;
		if (worth > best) {
			best = worth;
			*signer = root;
			*role = as;
		}
	}
	return best == 2 ? "third-party" : best == 1 ? "vendor-signed" : "self-declared";
}
