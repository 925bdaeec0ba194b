#include "box/box.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

#include "box/parts.h"

int pb_box_shut(const pb_box_limits *limits, pb_error *err)
{
	pb_box_warm();
	if (limits->network)
		pb_filter_warm_network(); /* before files have their limit: it is put together in one */
	uint64_t mapped = limits->memory ? pb_mapped() : 0;
	/* Without it neither Landlock nor seccomp is to be had, and a set-uid program would give rights back. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return pb_fail(err, PB_EIO, "box: no_new_privs: %s", strerror(errno));
	int rc = pb_wall_landlock(limits, err);
	if (!rc)
		rc = pb_wall_limits(limits, mapped, err);
	/* Last: behind this wall the calls that build the others are gone. */
	if (!rc && pb_filter_possible())
		rc = pb_wall_filter(limits, err);
	return rc;
}

json_t *pb_box_about(void)
{
	return json_pack("{s:b,s:i,s:b,s:b}", "seccomp", pb_filter_possible(), "landlock", pb_landlock_abi(), "no_new_privs",
	                 prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) >= 0, "rlimits", true);
}
