/* Whose turn comes first on a busy processor? What looks at products stands back behind the hosts that it looks over the shoulder of. */
#ifndef PROBITY_KEEPER_PRIORITY_H
#define PROBITY_KEEPER_PRIORITY_H

#include <stdbool.h>

/* A session of its own for the calling process and for what it forks from now on, of this niceness as a whole: where the kernel shares out
 * processors by session first (autogroup), niceness alone would count only among ourselves. false: the kernel takes no such word now
 * (it takes one in a tenth of a second); true: it did, or knows nothing of sessions. nice: 1 to 19. */
bool pb_priority_session(int nice);

/* The calling process: this nice at least, and it interrupts nobody when it wakes (SCHED_BATCH). nice: 0 (nothing changes) to 19. */
void pb_priority_lower(int nice);

/* The calling process does not stand back with the others of its session, although it was forked from one that does. */
void pb_priority_apart(void);

#endif
