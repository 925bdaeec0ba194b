/* probity.conf: what a keeper is told by its administrator. INI; probity.conf(5) and packaging/probity.conf document every key. */
#ifndef PROBITY_KEEPER_CONFIG_H
#define PROBITY_KEEPER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

#define PB_CONFIG_DEFAULT "/etc/probity/probity.conf"

typedef enum pb_alert { PB_ALERT_NEVER, PB_ALERT_REJECT, PB_ALERT_CONDITIONAL } pb_alert; /* CONDITIONAL: reject and conditional */

typedef struct pb_allowed {
	char sha256[65];
	char *reason;      /* never empty */
	int64_t expires;   /* day (base/date.h) after which it no longer counts */
} pb_allowed;

typedef struct pb_config {
	/* [assess] */
	char **kinds;            /* kinds or classes or groups: archive package installer binary firmware folder; NULL-terminated; default: package archive
	                            installer binary firmware */
	char *policy;            /* "business" */
	char **rules;            /* further folders of checks and YARA files, NULL-terminated */
	char **packs;            /* names of installed packs of rules, NULL-terminated */
	unsigned jobs;           /* lanes; 0: one per processor */
	bool keep_cache;         /* ClamAV keeps its cache of clean files, default; else it is switched off in hosts */
	/* [alert] */
	pb_alert alert;          /* observe (never), reject, conditional */
	unsigned deadline_ms;    /* how long the outermost scan waits in alert mode, default 10,000 */
	pb_allowed *allowed;     /* [allow]: SHA256 = EXPIRY REASON */
	size_t n_allowed;
	/* [budget] */
	unsigned object_seconds; /* of one object, without what its worker waits for a processor; default 60 */
	unsigned reduce_seconds; /* default 600 */
	uint64_t memory;         /* of a worker, bytes, default 2 GiB */
	uint64_t member_bytes;   /* of one member that ClamAV unpacks, default 1 GiB: a reader has it in memory for a moment */
	unsigned room_us;        /* how long a callback may wait for room, default 20,000 */
	unsigned nice;           /* how far what looks at products stands back behind hosts, 0 to 19, default 5 (at 10, where hosts leave no
	                            processor to spare, workers fall so far behind that objects are left out) */
	/* [store] */
	char *store;             /* file, default /var/lib/probity/probity.db; "" none */
	char *cache;             /* file, default /var/lib/probity/objects.db; "" none */
	int64_t cache_bytes, store_bytes; /* defaults 1 GiB, 4 GiB */
	unsigned keep_days;      /* default 400 */
	/* [report] */
	char *templates;         /* folder of formats of reports that come before Probity's own; "" none. For commands: a keeper renders nothing */
	/* [access]: users and groups by name or number ("user:clamav", "group:adm"); root and the keeper's own user always may */
	char **submit, **read;   /* NULL-terminated; defaults: submit user:clamav, read group:adm */
} pb_config;

/* Defaults, then the file (NULL: PB_CONFIG_DEFAULT, which may be missing). An unknown section or key, a bad value: PB_EINPUT, naming file, line
 * and key, with "did you mean". */
int pb_config_load(const char *file, pb_config *out, pb_error *err);
void pb_config_free(pb_config *c);

/* The entry that allows this digest on this day, or NULL. */
const pb_allowed *pb_config_allows(const pb_config *c, const char *sha256, int64_t day);
/* Does one of the specs ("user:NAME", "group:NAME", numbers) name this peer? Groups: also the supplementary ones of the user. */
bool pb_config_grants(char *const *specs, uid_t uid, gid_t gid);

#endif
