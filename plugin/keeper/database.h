/* What a foreign host scans with, as reports spell it. */
#ifndef PROBITY_KEEPER_DATABASE_H
#define PROBITY_KEEPER_DATABASE_H

#include "base/json.h"

/* The host's database from a tracker's note (wire/event.h): db_version of its official database, 0: it has none; db_time when
 * that was built, seconds since 1970, 0: unknown. Anything below zero counts as 0. A new reference to
 * {"dir":"","official","version","built":"YYYY-MM-DD" or "","signatures":0,"digest":""}, as clamav_db of a report: a host does
 * not tell where its signatures lie or which and how many they are. NULL: no memory. */
json_t *pb_database_of_host(int64_t db_version, int64_t db_time);

#endif
