/* What packages say of themselves, in one shape for all kinds of packages. What follows from it is for checks to say. */
/** | `product:declared([o])` | what the packages that this object belongs to say of themselves; without an object: what
 *   all packages of the product say. `nil` where there are none
 *
 * An object belongs to the innermost package around it: what lies below a .deb, .rpm, .gem and the like, or below the folder of a
 * manifest. `declared` gives a table:
 *
 * | `packages` | those packages, as in `product.packages`
 * | `summary` | one line for people: the first line of the first package's summary, description, section or name
 * | `words` | `{ word = true }`: all words of sections, names, summaries, descriptions, keywords and classifiers, in lower
 *   case, cut after 64 bytes; of `e-mail` also `e` and `mail`
 * | `sections` `keywords` `licenses` `homepages` `maintainers` | lists of what they state, each once, in order; homepages
 *   are also repositories and project URLs. What stands in licence files is the fact `license` of those
 * | `depends` | list of the names of what they need, without versions and conditions
 * | `capabilities` | list of the capabilities that all this covers, as the fact `declares` has them (`capability`, `by`,
 *   `in`), package by package. Files that ask for permissions and are no packages have that fact themselves */
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

/* Kinds whose path is that of the container, not of a manifest in it. */
static bool is_whole(const char *kind)
{
	static const char *const kinds[] = {"deb", "rpm", "gem", "conda", "image"};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i], kind) == 0)
			return true;
	return false;
}

/* Kinds whose manifest lies in a folder of its own: x.dist-info/, META-INF/, meta/, x.egg-info/ (but not x-1.0/). */
static bool is_apart(const char *kind, const char *folder, size_t n)
{
	if (strcmp(kind, "sdist") == 0)
		return n >= 9 && (memcmp(folder + n - 9, "egg-info/", 9) == 0 || memcmp(folder + n - 9, "EGG-INFO/", 9) == 0);
	return strcmp(kind, "wheel") == 0 || strcmp(kind, "jar") == 0 || strcmp(kind, "snap") == 0;
}

static root root_of(const json_t *package)
{
	const json_t *path = json_object_get(package, "path");
	const char *kind = pb_json_str(package, "kind", ""), *last;
	size_t n = json_array_size(path);
	root r = {.depth = n};

	if (is_whole(kind) || n == 0)
		return r;
	last = element(path, n - 1);
	r.depth = n - 1;
	r.folder = folder_of(last, strlen(last));
	if (r.folder > 0 && is_apart(kind, last, r.folder))
		r.folder = folder_of(last, r.folder - 1);
	return r;
}

/* Pushes what packages with this root have in common: no element of a path holds a line end. */
static void push_key(lua_State *L, const json_t *path, root r)
{
	luaL_Buffer b;

	luaL_buffinit(L, &b);
	for (size_t i = 0; i < r.depth; i++) {
		luaL_addstring(&b, element(path, i));
		luaL_addchar(&b, '\n');
	}
	luaL_addchar(&b, '\n');
	luaL_addlstring(&b, element(path, r.depth), r.folder);
	luaL_pushresult(&b);
}

/* [-1] {key = {index of a package, ...}}; adds one */
static void add_package(lua_State *L, const json_t *package, lua_Integer at)
{
	push_key(L, json_object_get(package, "path"), root_of(package));
	lua_pushvalue(L, -1);
	if (lua_rawget(L, -3) != LUA_TTABLE) {
		lua_pop(L, 1);
		lua_newtable(L);
		lua_pushvalue(L, -2);
		lua_pushvalue(L, -2);
		lua_rawset(L, -5);
	}
	lua_pushinteger(L, at);
	lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
	lua_pop(L, 2);
}

/* Pushes {key = {index of a package, ...}} of all packages, and in [0] the list of all; made once for each call of a check. */
static void push_roots(lua_State *L, const json_t *packages)
{
	lua_Integer n = (lua_Integer)json_array_size(packages);

	pb_scope_table(L, PB_SCOPE_DECLARED);
	if (lua_rawgeti(L, -1, -1) != LUA_TTABLE) {
		pb_sandbox_charge(L, STEPS_PER_TEXT * (uint64_t)n);
		lua_pop(L, 1);
		lua_newtable(L);
		lua_newtable(L);
		for (lua_Integer i = 0; i < n; i++) {
			lua_pushinteger(L, i);
			lua_rawseti(L, -2, i + 1);
		}
		lua_rawseti(L, -2, 0);
		for (lua_Integer i = 0; i < n; i++)
			add_package(L, json_array_get(packages, (size_t)i), i);
		lua_pushvalue(L, -1);
		lua_rawseti(L, -3, -1);
	}
	lua_remove(L, -2);
}

/* [-1] what push_roots pushes -> the list of the innermost packages around path in its place, or nil. From the inside out: the
 * object itself, then each folder that it lies in, in each container. */
static void find_innermost(lua_State *L, const json_t *path)
{
	for (size_t depth = json_array_size(path) + 1; depth-- > 0;) {
		root r = {.depth = depth};

		r.folder = folder_of(element(path, depth), strlen(element(path, depth)));
		for (bool last = false; !last; r.folder = folder_of(element(path, depth), r.folder > 0 ? r.folder - 1 : 0)) {
			last = r.folder == 0;
			pb_sandbox_charge(L, STEPS_PER_TEXT);
			push_key(L, path, r);
			if (lua_rawget(L, -2) == LUA_TTABLE) {
				lua_remove(L, -2);
				return;
			}
			lua_pop(L, 1);
		}
	}
	lua_pop(L, 1);
	lua_pushnil(L);
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
		add_parts(L, s, "\n", strcmp(kind, "wheel") == 0 || strcmp(kind, "sdist") == 0 ? " \t([<>=!~;@" : " \t");
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

/* The i-th package, from 0, of the list at this index; NULL behind the last. */
static const json_t *member(lua_State *L, int list, const json_t *packages, lua_Integer i)
{
	const json_t *package = NULL;

	if (lua_rawgeti(L, list, i + 1) == LUA_TNUMBER)
		package = json_array_get(packages, (size_t)lua_tointeger(L, -1));
	lua_pop(L, 1);
	return package;
}

/* Pushes what the packages of the list at this index say. */
static void push_declared(lua_State *L, int list, const json_t *packages)
{
	const json_t *package;

	lua_createtable(L, 0, 10);
	lua_newtable(L);
	for (lua_Integer i = 0; (package = member(L, list, packages, i)) != NULL; i++) {
		pb_json_push(L, package);
		lua_rawseti(L, -2, i + 1);
	}
	lua_setfield(L, -2, "packages");
	push_summary(L, member(L, list, packages, 0));
	lua_setfield(L, -2, "summary");
	lua_newtable(L);
	for (lua_Integer i = 0; (package = member(L, list, packages, i)) != NULL; i++)
		add_keys(L, package, spoken, sizeof spoken / sizeof spoken[0], WORDS);
	lua_setfield(L, -2, "words");
	lua_newtable(L);
	for (lua_Integer i = 0; (package = member(L, list, packages, i)) != NULL; i++) {
		const json_t *entry;
		size_t k;

		json_array_foreach (json_object_get(package, "declares"), k, entry) {
			pb_json_push(L, entry);
			lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
		}
	}
	lua_setfield(L, -2, "capabilities");
	for (size_t k = 0; k < sizeof fields / sizeof fields[0]; k++) {
		lua_newtable(L);
		lua_newtable(L);
		for (lua_Integer i = 0; (package = member(L, list, packages, i)) != NULL; i++)
			add_keys(L, package, fields[k].keys, sizeof fields[k].keys / sizeof fields[k].keys[0],
			         fields[k].manner);
		lua_pop(L, 1);
		lua_setfield(L, -2, fields[k].name);
	}
}

/* [1] product [2] an object of it or nothing -> table or nil. Made once for each group and call of a check. */
int pb_product_declared(lua_State *L)
{
	const pb_product_view *v = pb_product_check(L, 1);
	bool all = lua_isnoneornil(L, 2);
	long record = all ? -1 : pb_product_object_record(L, 2);

	luaL_argexpected(L, all || record >= 0, 2, "an object of this product");
	lua_settop(L, 2);
	push_roots(L, v->packages);
	if (all)
		lua_rawgeti(L, -1, 0);
	else
		find_innermost(L, json_object_get(json_array_get(v->records, (size_t)record), "path"));
	if (lua_isnil(L, -1) || lua_rawlen(L, -1) == 0)
		return lua_pushnil(L), 1;
	lua_replace(L, 2);
	lua_settop(L, 2);
	pb_scope_table(L, PB_SCOPE_DECLARED);
	lua_rawgeti(L, 2, 1);
	lua_Integer key = all ? 0 : lua_tointeger(L, -1) + 1; /* no two groups have the same first package */
	lua_pop(L, 1);
	if (lua_rawgeti(L, -1, key) != LUA_TNIL)
		return 1;
	lua_pop(L, 1);
	push_declared(L, 2, v->packages);
	lua_pushvalue(L, -1);
	lua_rawseti(L, -3, key);
	return 1;
}
