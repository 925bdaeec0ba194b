/* What is there to hear? One epoll over everything that a keeper watches. Single-threaded; callbacks may add and remove watches. */
#ifndef PROBITY_KEEPER_LOOP_H
#define PROBITY_KEEPER_LOOP_H

#include <stdint.h>

#include "base/error.h"

typedef struct pb_loop pb_loop;
/* events: POLLIN, POLLHUP, POLLERR as epoll has them. Return 0, or a code that ends pb_loop_turn. */
typedef int (*pb_heard_fn)(void *user, int fd, uint32_t events);

int pb_loop_new(pb_loop **out, pb_error *err);
void pb_loop_free(pb_loop *l);                                       /* closes no descriptor but its own */
int pb_loop_add(pb_loop *l, int fd, pb_heard_fn heard, void *user);  /* watches for input; 0, PB_ENOMEM, PB_EIO */
/* Only its other side's end: somebody else reads what comes. */
int pb_loop_add_end(pb_loop *l, int fd, pb_heard_fn heard, void *user);
void pb_loop_remove(pb_loop *l, int fd);                             /* before the descriptor is closed */
/* Waits at most timeout_ms and calls back for what came. 0, a callback's code, PB_EIO. An interrupting signal ends the wait. */
int pb_loop_turn(pb_loop *l, int timeout_ms, pb_error *err);

int64_t pb_now_ms(void); /* monotonic */

#endif
