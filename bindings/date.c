/** # require "probity.date"
 * Days since 1970-01-01, as integers; compare with `product.as_of`. There is no clock. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "bindings/scope.h"

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/* Digits, least to most of them, into *out; NULL where they are not there. */
static const char *digits(const char *s, size_t least, size_t most, int *out)
{
	size_t n = strspn(s, "0123456789");

	if (n < least || n > most)
		return NULL;
	*out = 0;
	for (size_t i = 0; i < n; i++)
		*out = *out * 10 + (s[i] - '0');
	return s + n;
}

/* "Jan" or "January"; 0: no month. */
static int month(const char **s)
{
	static const char *const names[] = {"January", "February", "March",     "April",   "May",      "June",
	                                    "July",    "August",   "September", "October", "November", "December"};

	for (int i = 0; i < 12; i++) {
		size_t n = strlen(names[i]);

		if (strncmp(*s, names[i], n) == 0 || strncmp(*s, names[i], n = 3) == 0) {
			*s += n;
			return i + 1;
		}
	}
	return 0;
}

/* "Wed, 31 Jan 2024 ..." or "31 Jan 2024 ...", as in mail headers and changelogs. */
static bool parse_mail(const char *s, char iso[11])
{
	int day, year, m;
	const char *p = strchr(s, ',');

	s = skip_blanks(p != NULL && p - s <= 10 ? p + 1 : s);
	p = digits(s, 1, 2, &day);
	if (p == NULL || (*p != ' ' && *p != '-'))
		return false;
	s = p + 1;
	m = month(&s);
	if (m == 0 || (*s != ' ' && *s != '-'))
		return false;
	p = digits(s + 1, 4, 4, &year);
	if (p == NULL || (*p != '\0' && *p != ' '))
		return false;
	(void)snprintf(iso, 11, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)m % 100, (unsigned)day % 100);
	return true;
}

/* The date part of "2024-01-31", "2024-01-31T...", "2024-01-31 ...". */
static bool parse_iso(const char *s, char iso[11])
{
	size_t n = strspn(s, "0123456789-");

	if (n != 10 || (s[10] != '\0' && s[10] != 'T' && s[10] != 't' && s[10] != ' '))
		return false;
	memcpy(iso, s, 10);
	iso[10] = '\0';
	return true;
}

/** | `date.parse(s)` | days, or `nil`. Reads `2024-01-31`, `2024-01-31T10:00:00Z` (and with a blank), `Wed, 31 Jan
 *   2024 10:00:00 +0100`, `31 Jan 2024`. The day as written: the zone is not applied */
static int parse(lua_State *L)
{
	const char *s = skip_blanks(luaL_checkstring(L, 1));
	char iso[11];
	int64_t days;

	if ((parse_iso(s, iso) || parse_mail(s, iso)) && pb_date_parse(iso, &days))
		lua_pushinteger(L, days);
	else
		lua_pushnil(L);
	return 1;
}

/** | `date.format(days)` | `"2024-01-31"` */
static int format(lua_State *L)
{
	char text[11];

	pb_date_format(luaL_checkinteger(L, 1), text);
	lua_pushstring(L, text);
	return 1;
}

/** | `date.from_epoch(seconds)` | days, from seconds since 1970 */
static int from_epoch(lua_State *L)
{
	lua_Integer seconds = luaL_checkinteger(L, 1);

	lua_pushinteger(L, seconds / 86400 - (seconds % 86400 < 0));
	return 1;
}

static const luaL_Reg functions[] = {{"parse", parse}, {"format", format}, {"from_epoch", from_epoch}, {NULL, NULL}};

int pb_open_date(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
