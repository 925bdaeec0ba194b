/* How long has a process been at something? Time in which it waited for its turn on a processor is not its own. */
#ifndef PROBITY_KEEPER_PACE_H
#define PROBITY_KEEPER_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* With its turn never coming it has so many times its seconds: at nice 10 beside a busy host, about what it would have had alone. */
enum { PB_PACE_MOST = 10 };

typedef struct pb_pace {
	int64_t since;   /* milliseconds (pb_now_ms): when it began; 0: it is at nothing. Yours to move on by time that is nobody's */
	bool looked;     /* the rest is known */
	uint64_t waited; /* nanoseconds that it had waited when it was looked at first */
	uint64_t ran;    /* ... that it had run when it was looked at last */
} pb_pace;

void pb_pace_begin(pb_pace *p, int64_t now);

/* Has it had so many seconds and more? Asleep is its own time, as well as running; waiting for a processor is not. Cheap until half a second
 * has passed. folder: its folder in /proc (pb_template_proc); where that is not to be had, all time is its own. To be asked every 100 ms or
 * so: what it waited before it was looked at first counts as its own. */
bool pb_pace_over(pb_pace *p, int folder, unsigned seconds, int64_t now);

#endif
