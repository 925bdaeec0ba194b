#include "keeper/database.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/date.h"

enum { DAY = 86400 };

json_t *pb_database_of_host(int64_t db_version, int64_t db_time)
{
	char version[24] = "", built[11] = "";
	bool official = db_version > 0;
	if (official)
		snprintf(version, sizeof version, "%" PRId64, db_version);
	if (official && db_time > 0)
		pb_date_format(db_time / DAY, built);
	return json_pack("{s:s,s:b,s:s,s:s,s:i,s:s}", "dir", "", "official", (int)official, "version", version, "built", built,
	                 "signatures", 0, "digest", "");
}
