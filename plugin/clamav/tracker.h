/* The tracker: a boxed process that turns what hooks in foreign hosts tell (wire/event.h) into named objects and notes
 * on a lane. It follows many streams at once, one for each thread of a host, and holds no YARA and no Lua. What it
 * reads is hostile. */
#ifndef PROBITY_CLAMAV_TRACKER_H
#define PROBITY_CLAMAV_TRACKER_H

#include "wire/role.h"

/* The role "tracker". fd[0]: SOCK_SEQPACKET to the keeper; fd[1]: memfd of the lane, of which this is the front.
 * args {"memory":bytes,"kinds":[...],"group":"file"|"path"|"run","prefixes":[{"path","name"}]}, each may be missing
 * (paths of prefixes in display form). state is not used.
 *
 * From the keeper: struct {uint32_t type = 1, stream} with two descriptors: the ring's memfd and the stream's socket.
 * To the keeper:
 * {"unpack":{"tag","path","kind"}} with a memfd of a container that ClamAV does not open, sent before the scan's E
 * note.
 *
 * On the lane, of each product: B {"stream","scan","name","path","size","engine"?,"db_version"?,"db_time"?}, objects, L and D, then I
 * {"sha256","size","kind"} and E {"stream","scan","result","signature","lost","unpacks","ended"}. A scan that is no
 * product: K {"stream","scan","kind"}. The products of one scan (attachments of a mail) all end when the scan does:
 * when each B of (stream, scan) has its E, the scan is over. Where products hold many scans (--group), each scan has
 * its B, I and E under the product's tag, and I says "path" too.
 *
 * Ends with 0 when the keeper hangs up, with 1 where it cannot start or the lane was closed. */
int pb_tracker_main(void *state, const pb_role_args *args);

#endif
