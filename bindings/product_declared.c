/* What packages say of themselves, in one shape for all kinds of packages. What follows from it is for checks to say. */
/** | `product:declared([o])` | what the packages that this object belongs to say of themselves; without an object: what
 *   all packages of the product say. `nil` where there are none
 *
 * An object belongs to the innermost package around it: what lies below a .deb or .rpm, or below the folder of a
 * manifest. `declared` gives a table:
 *
 * | `packages` | those packages, as in `product.packages`
 * | `summary` | one line for people: the first line of the first package's summary, description, section or name
 * | `words` | `{ word = true }`: all words of sections, names, summaries, descriptions, keywords and classifiers, in lower
 *   case, cut after 64 bytes; of `e-mail` also `e` and `mail`
 * | `sections` `keywords` `licenses` `homepages` `maintainers` | lists of what they state, each once, in order; homepages
 *   are also repositories and project URLs. What stands in licence files is the fact `license` of those
 * | `depends` | list of the names of what they need, without versions and conditions */
#include <string.h>

#include "bindings/scope.h"

enum { BYTES_PER_STEP = 4, STEPS_PER_TEXT = 10, WORD_MAX = 64 };

/* Where a package begins: below the first depth elements of its path, and there below a folder. */
typedef struct root {
	size_t depth, folder; /* folder: how many bytes of the path's element at depth, its '/' among them */
} root;

static const char *element(const json_t *path, size_t i)
{
	const char *s = json_string_value(json_array_get(path, i));

	return s != NULL ? s : "";
}

/* Of the first n bytes, those up to the last '/' and with it; 0: there is none. */
static size_t folder_of(const char *s, size_t n)
{
	while (n > 0 && s[n - 1] != '/')
		n--;
	return n;
}

static root root_of(const json_t *package)
{
	const json_t *path = json_object_get(package, "path");
	const char *kind = pb_json_str(package, "kind", ""), *last;
	size_t n = json_array_size(path);
	root r = {.depth = n};

	if (strcmp(kind, "deb") == 0 || strcmp(kind, "rpm") == 0 || n == 0)
		return r;
	last = element(path, n - 1);
	r.depth = n - 1;
	r.folder = folder_of(last, strlen(last));
	/* these manifests lie in a folder of their own: x.dist-info/, META-INF/ */
	if (r.folder > 0 && (strcmp(kind, "wheel") == 0 || strcmp(kind, "jar") == 0))
		r.folder = folder_of(last, r.folder - 1);
	return r;
}

static bool lies_in(const json_t *path, const json_t *package, root r)
{
	const json_t *own = json_object_get(package, "path");

	if (json_array_size(path) < r.depth)
		return false;
	for (size_t i = 0; i < r.depth; i++)
		if (strcmp(element(path, i), element(own, i)) != 0)
			return false;
	return r.folder == 0 || strncmp(element(path, r.depth), element(own, r.depth), r.folder) == 0;
}

/* The index of the first of the innermost packages around path, -1: none; *inner: where they begin. */
static long innermost(lua_State *L, const json_t *packages, const json_t *path, root *inner)
{
	const json_t *package;
	long first = -1;
	size_t i;

	json_array_foreach (packages, i, package) {
		root r = root_of(package);

		pb_sandbox_charge(L, 1);
		if (!lies_in(path, package, r) ||
		    (first >= 0 && (r.depth < inner->depth || (r.depth == inner->depth && r.folder <= inner->folder))))
			continue;
		first = (long)i;
		*inner = r;
	}
	return first;
}

/* How texts become rows of a list. */
typedef enum manner { WHOLE, COMMAS, WORDS, NAMES, BEHIND_COMMA } manner;

typedef struct field {
	const char *name;
	const char *keys[4]; /* of packages */
	manner manner;
} field;

static const field fields[] = {
    {"sections", {"section"}, WHOLE},
    {"keywords", {"keywords"}, COMMAS},
    {"licenses", {"license"}, WHOLE},
    {"homepages", {"homepage", "repository", "project_url"}, BEHIND_COMMA},
    {"maintainers", {"maintainer", "maintainers", "maintainer_email"}, WHOLE},
    {"depends", {"depends"}, NAMES},
};
static const char *const spoken[] = {"section", "name", "description", "summary", "keywords", "classifiers"};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* [-2] a list [-1] {text = true} of it. Adds the text, without blanks at its ends, once. */
static void add(lua_State *L, const char *s, size_t n)
{
	for (; n > 0 && is_blank(s[0]); s++)
		n--;
	while (n > 0 && is_blank(s[n - 1]))
		n--;
	if (n == 0)
		return;
	lua_pushlstring(L, s, n);
	lua_pushvalue(L, -1);
	if (lua_rawget(L, -3) == LUA_TNIL) {
		lua_pushvalue(L, -2);
		lua_pushboolean(L, true);
		lua_rawset(L, -5);
		lua_pushvalue(L, -2);
		lua_rawseti(L, -5, (lua_Integer)lua_rawlen(L, -5) + 1);
	}
	lua_pop(L, 2);
}

/* Each part up to one of the separators; of it what stands before one of the ends. */
static void add_parts(lua_State *L, const char *s, const char *separators, const char *ends)
{
	while (*s != '\0') {
		size_t n = strcspn(s, separators), lead = strspn(s, " \t\r\n");

		if (lead < n)
			add(L, s + lead, strcspn(s + lead, ends) < n - lead ? strcspn(s + lead, ends) : n - lead);
		s += n + (s[n] != '\0');
	}
}

/* The text in lower case, cut into words that may hold + . - and these into their parts. [-1] the set */
static void add_words(lua_State *L, const char *s)
{
	while (*s != '\0') {
		char word[WORD_MAX];
		size_t n = 0, from = 0;

		for (; *s != '\0'; s++) {
			char c = *s >= 'A' && *s <= 'Z' ? (char)(*s + 'a' - 'A') : *s;

			if (!is_word(c) && c != '+' && c != '.' && c != '-')
				break;
			if (n < WORD_MAX)
				word[n++] = c;
		}
		for (size_t i = 0; n > 0 && i <= n; i++) {
			if (i < n && is_word(word[i]))
				continue;
			if (i > from) {
				lua_pushlstring(L, word + from, i - from);
				lua_pushboolean(L, true);
				lua_rawset(L, -3);
			}
			from = i + 1;
		}
		if (n > 0) {
			lua_pushlstring(L, word, n);
			lua_pushboolean(L, true);
			lua_rawset(L, -3);
		}
		s += *s != '\0';
	}
}

static void add_text(lua_State *L, const char *kind, const char *s, manner how)
{
	const char *comma = strchr(s, ',');

	pb_sandbox_charge(L, STEPS_PER_TEXT + strlen(s) / BYTES_PER_STEP);
	if (how == WORDS)
		add_words(L, s);
	else if (how == COMMAS)
		add_parts(L, s, comma != NULL ? "," : " \t\r\n", "");
	else if (how == BEHIND_COMMA && comma != NULL && comma[1] == ' ')
		add(L, comma + 1, strlen(comma + 1)); /* "Source, https://..." */
	else if (how != NAMES || strcmp(kind, "npm") == 0)
		add(L, s, strlen(s));
	else if (strcmp(kind, "deb") == 0)
		add_parts(L, s, ",|", " \t\r\n(:[<");
	else
		add_parts(L, s, "\n", strcmp(kind, "wheel") == 0 ? " \t([<>=!~;@" : " \t");
}

/* A text, or each text of a list. */
static void add_value(lua_State *L, const char *kind, const json_t *value, manner how)
{
	const json_t *item;
	size_t i;

	if (json_is_string(value))
		add_text(L, kind, json_string_value(value), how);
	json_array_foreach (value, i, item) {
		if (json_is_string(item))
			add_text(L, kind, json_string_value(item), how == COMMAS ? WHOLE : how);
	}
}

/* Adds what this package says under these keys. */
static void add_keys(lua_State *L, const json_t *package, const char *const *keys, size_t n, manner how)
{
	for (size_t i = 0; i < n && keys[i] != NULL; i++)
		add_value(L, pb_json_str(package, "kind", ""), json_object_get(package, keys[i]), how);
}

static void push_summary(lua_State *L, const json_t *package)
{
	static const char *const keys[] = {"summary", "description", "section", "name"};
	const char *s = "";

	for (size_t i = 0; i < sizeof keys / sizeof keys[0] && s[0] == '\0'; i++)
		s = pb_json_str(package, keys[i], "");
	lua_pushlstring(L, s, strcspn(s, "\n"));
}

/* Is the package one of the group that begins with the package `first`? Without an object all are. */
static bool belongs(const json_t *packages, size_t i, long first, const root *inner, bool all)
{
	const json_t *package = json_array_get(packages, i);
	root r = root_of(package);

	return all || ((long)i >= first && r.depth == inner->depth && r.folder == inner->folder &&
	               lies_in(json_object_get(json_array_get(packages, (size_t)first), "path"), package, r));
}

/* Pushes what this group says. */
static void push_declared(lua_State *L, const json_t *packages, long first, const root *inner, bool all)
{
	size_t n = json_array_size(packages);
	lua_Integer members = 0;

	lua_createtable(L, 0, 9);
	lua_newtable(L);
	for (size_t i = 0; i < n; i++) {
		pb_sandbox_charge(L, 1);
		if (!belongs(packages, i, first, inner, all))
			continue;
		pb_json_push(L, json_array_get(packages, i));
		lua_rawseti(L, -2, ++members);
	}
	lua_setfield(L, -2, "packages");
	push_summary(L, json_array_get(packages, (size_t)first));
	lua_setfield(L, -2, "summary");
	lua_newtable(L);
	for (size_t i = 0; i < n; i++)
		if (belongs(packages, i, first, inner, all))
			add_keys(L, json_array_get(packages, i), spoken, sizeof spoken / sizeof spoken[0], WORDS);
	lua_setfield(L, -2, "words");
	for (size_t k = 0; k < sizeof fields / sizeof fields[0]; k++) {
		lua_newtable(L);
		lua_newtable(L);
		for (size_t i = 0; i < n; i++)
			if (belongs(packages, i, first, inner, all))
				add_keys(L, json_array_get(packages, i), fields[k].keys,
				         sizeof fields[k].keys / sizeof fields[k].keys[0], fields[k].manner);
		lua_pop(L, 1);
		lua_setfield(L, -2, fields[k].name);
	}
}

/* [1] product [2] an object of it or nothing -> table or nil. Made once for each group and call of a check. */
int pb_product_declared(lua_State *L)
{
	const pb_product_view *v = pb_product_check(L, 1);
	bool all = lua_isnoneornil(L, 2);
	long record = all ? -1 : pb_product_object_record(L, 2), first = 0;
	root inner = {0};

	luaL_argexpected(L, all || record >= 0, 2, "an object of this product");
	if (!all)
		first = innermost(L, v->packages, json_object_get(json_array_get(v->records, (size_t)record), "path"), &inner);
	if (first < 0 || json_array_size(v->packages) == 0)
		return lua_pushnil(L), 1;
	pb_scope_table(L, PB_SCOPE_DECLARED);
	if (lua_rawgeti(L, -1, all ? 0 : first + 1) != LUA_TNIL)
		return 1;
	lua_pop(L, 1);
	push_declared(L, v->packages, first, &inner, all);
	lua_pushvalue(L, -1);
	lua_rawseti(L, -3, all ? 0 : first + 1);
	return 1;
}
