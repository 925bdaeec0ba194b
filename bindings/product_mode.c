/* The permission bits of an object of a product: what the container around it lists of it. Map knows no mode, so nothing that
 * map finds depends on one; here both ways in read the same listing and give the same answer. */
/** `o.mode`: permission bits and setuid, setgid, sticky (`0x1a4` is 0644) as the archive or the folder around it has
 * them; of several members at one path the last one's, as unpacking leaves it. `nil` where nobody said: the product's
 * own file, members whose container lists none, and modes that a reader makes up where a format knows none (what
 * Windows packed: 0664 and 0444 of a zip, 0666 and 0444 of a 7z, 0644 and 0444 of a rar, 0400 of an iso). */
#include <string.h>

#include "bindings/scope.h"

enum { STEPS_PER_LOOK = 20, STEPS_PER_ENTRY = 10, BITS = 07777, INVENTED = 2 };

/* Formats in which each member has a mode. */
static const char *const always[] = {"folder", "tar", "cpio", "rpm", "deb", "ar", "xar", "squashfs"};
/* Formats in which none has one. */
static const char *const never[] = {"cab", "lha", "warc"};
/* All others list what stands in a zip, or these: what libarchive says where the member has none. */
static const struct invented {
	const char *format;
	int mode[INVENTED];
} invented[] = {{"7z", {0666, 0444}}, {"rar", {0644, 0444}}, {"iso", {0400, 0400}}, {"zip", {0664, 0444}}};

static bool among(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}

static bool was_said(const char *format, int mode)
{
	size_t i = 0;

	if (among(format, always, sizeof always / sizeof always[0]))
		return true;
	if (among(format, never, sizeof never / sizeof never[0]))
		return false;
	while (i + 1 < sizeof invented / sizeof invented[0] && strcmp(format, invented[i].format) != 0)
		i++;
	return mode != invented[i].mode[0] && mode != invented[i].mode[1];
}

static const json_t *listing_of(const json_t *record)
{
	return json_object_get(pb_record_facts(record), "members");
}

/* The record whose listing has what lies directly below the first depth elements of path: the one there, or what is inside of
 * the compression layers there (x.tgz holds x.tar, and its members are told as x.tgz > a). -1: there is none. */
static long listing_around(lua_State *L, const json_t *path, size_t depth)
{
	const json_t *records = pb_scope_of(L)->product->records;
	long at = pb_record_find(records, path, depth, NULL);

	while (at >= 0 && listing_of(json_array_get(records, (size_t)at)) == NULL)
		at = pb_record_payload(L, at);
	return at;
}

/* [-1] a new table -> the same with {path = mode} of all files of a listing */
static void fill(lua_State *L, const json_t *listing)
{
	const char *format = pb_json_str(listing, "format", "");
	const json_t *entries = json_object_get(listing, "entries"), *e;
	size_t i;

	json_array_foreach (entries, i, e) {
		int mode = (int)(pb_json_int(e, "mode", 0) & BITS);

		pb_sandbox_charge(L, STEPS_PER_ENTRY);
		if (!json_is_integer(json_object_get(e, "mode")) || strcmp(pb_json_str(e, "type", ""), "file") != 0)
			continue;
		if (was_said(format, mode))
			lua_pushinteger(L, mode);
		else
			lua_pushnil(L);
		lua_setfield(L, -2, pb_json_str(e, "path", ""));
	}
}

/* Pushes {path = mode} of the listing of this record, made once for each call of a check. */
static void push_modes(lua_State *L, long record)
{
	pb_scope_table(L, PB_SCOPE_MODES);
	if (lua_rawgeti(L, -1, record + 1) != LUA_TTABLE) {
		lua_pop(L, 1);
		lua_newtable(L);
		fill(L, listing_of(json_array_get(pb_scope_of(L)->product->records, (size_t)record)));
		lua_pushvalue(L, -1);
		lua_rawseti(L, -3, record + 1);
	}
	lua_remove(L, -2);
}

void pb_product_mode_push(lua_State *L, const json_t *path)
{
	size_t depth = json_array_size(path);
	const char *name = json_string_value(json_array_get(path, depth - 1));
	const json_t *records = pb_scope_of(L)->product->records;
	long at = -1;

	pb_sandbox_charge(L, STEPS_PER_LOOK);
	if (depth >= 2 && name != NULL)
		at = listing_around(L, path, depth - 1);
	/* x.tgz > x.tar is no member of the listing that it has itself */
	if (at < 0 || pb_path_begins(json_object_get(json_array_get(records, (size_t)at), "path"), path)) {
		lua_pushnil(L);
		return;
	}
	push_modes(L, at);
	lua_getfield(L, -1, name);
	lua_remove(L, -2);
}
