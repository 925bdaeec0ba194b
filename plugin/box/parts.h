/* Private to box/: the walls, one file each. All of them hold for the rest of the process's life. */
#ifndef PROBITY_BOX_PARTS_H
#define PROBITY_BOX_PARTS_H

#include "box/box.h"

uint64_t pb_mapped(void); /* limits.c: bytes of address space that are mapped now; 0: unknown. Reads /proc: before the walls */
int pb_wall_limits(const pb_box_limits *limits, uint64_t now_mapped, pb_error *err);

int pb_landlock_abi(void);                               /* landlock.c: 0 where the kernel has none */
int pb_wall_landlock(const pb_box_limits *limits, pb_error *err); /* without a folder: no file at all */

bool pb_filter_possible(void); /* filter.c: has the kernel seccomp filters? */
void pb_filter_warm(void);     /* puts its programs together, so that a forked process only has to hand one in */
void pb_filter_warm_network(void); /* likewise the one that only the collector needs */
int pb_wall_filter(const pb_box_limits *limits, pb_error *err);

#endif
