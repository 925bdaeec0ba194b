/* measured = { recall = 950, planted = 20, alarms = 1, clean = 210, date = "2026-11-22" } */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "checks/check_read.h"

enum { MOST = 1000000 };

static void read_number(pb_reading *r, const char *name, int most, int *to)
{
	char where[40];

	(void)snprintf(where, sizeof where, "measured.%.20s", name);
	lua_getfield(r->L, -1, name);
	if (!lua_isinteger(r->L, -1) || lua_tointeger(r->L, -1) < 0 || lua_tointeger(r->L, -1) > most)
		pb_mistake(r, where, "must be a whole number from 0 to %d%s", most, most == 1000 ? ", thousandths" : "");
	else
		*to = (int)lua_tointeger(r->L, -1);
	lua_pop(r->L, 1);
}

static void read_date(pb_reading *r)
{
	const char *date;
	int64_t day;

	lua_getfield(r->L, -1, "date");
	date = lua_type(r->L, -1) == LUA_TSTRING ? lua_tostring(r->L, -1) : "";
	if (pb_date_parse(date, &day))
		pb_date_format(day, r->c->measured.date);
	else
		pb_mistake(r, "measured.date", "must be the day of the measurement, \"2026-11-22\"");
	lua_pop(r->L, 1);
}

void pb_read_measured(pb_reading *r)
{
	static const char *const known[] = {"recall", "planted", "alarms", "clean", "date"};
	enum { KNOWN = sizeof known / sizeof known[0] };
	pb_measured *m = &r->c->measured;
	const char *names[8];
	char meant[160];
	size_t n;

	if (lua_type(r->L, -1) != LUA_TTABLE) {
		pb_mistake(r, "measured", "must be { recall = ..., planted = ..., alarms = ..., clean = ..., date = ... }, is a %s",
		           lua_typename(r->L, lua_type(r->L, -1)));
		return;
	}
	n = pb_read_names(r, "measured", names, 8);
	for (size_t i = 0; i < n; i++) {
		bool found = false;

		for (size_t k = 0; k < KNOWN && !found; k++)
			found = strcmp(names[i], known[k]) == 0;
		if (!found)
			pb_mistake(r, "measured", "unknown field \"%s\"%s", names[i], pb_meant(pb_text_nearest(names[i], known, KNOWN), meant));
	}
	read_number(r, "recall", 1000, &m->recall);
	read_number(r, "planted", MOST, &m->planted);
	read_number(r, "alarms", MOST, &m->alarms);
	read_number(r, "clean", MOST, &m->clean);
	read_date(r);
}
