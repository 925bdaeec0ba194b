/* What a front process (a reader, or the tracker) puts on its lane: objects with their records, and the notes about
 * them. The one place that spells these JSON forms, so that the command line and the plugin say the same of the same
 * bytes. */
#ifndef PROBITY_CLAMAV_RECORD_OUT_H
#define PROBITY_CLAMAV_RECORD_OUT_H

#include "object/object.h"
#include "wire/lane.h"

enum { PB_OUT_SIGNATURE = 512 }; /* most bytes of a signature's name in a detection */

/* All of these wait while the lane is full, and return 0, PB_EIO (the lane was closed), PB_ELIMIT (too large for the
 * lane) or PB_ENOMEM. */

/* Any note. Takes value, an object; NULL counts as memory that ran out. */
int pb_out_note(pb_lane *lane, uint32_t tag, pb_message type, json_t *value);

/* An object and its record {"path","sha256","size","kind","class","name_class","container","unscanned"?,"md5"?,"clam_type"?}. path:
 * the chain as the report shall show it, an array of strings, borrowed (o->path is not looked at). unscanned: ClamAV's
 * signatures were not held against its bytes. md5: of what lies in the data of a .deb, since its list of digests has no
 * others. An object that is too large for the lane becomes a limit (then the code
 * is 0). */
int pb_out_object(pb_lane *lane, uint32_t tag, const pb_object *o, const json_t *path, bool unscanned);

/* {"path","why"}: something was not (wholly) examined. path is borrowed, why is UTF-8 and safe to show. */
int pb_out_limit(pb_lane *lane, uint32_t tag, const json_t *path, const char *why);

/* {"path","sha256","signature"}. sha256: of the object, "" where none was seen; signature: raw, as ClamAV or a host
 * gave it. */
int pb_out_detection(pb_lane *lane, uint32_t tag, const json_t *path, const char *sha256, const char *signature);

#endif
