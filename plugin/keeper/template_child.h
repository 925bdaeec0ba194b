/* Between a template and its keeper. Private to template*.c. */
#ifndef PROBITY_KEEPER_TEMPLATE_CHILD_H
#define PROBITY_KEEPER_TEMPLATE_CHILD_H

#include <sys/types.h>

#include "wire/role.h"

enum { PB_TEMPLATE_READY = 1, PB_TEMPLATE_FAILED, PB_TEMPLATE_SPAWN, PB_TEMPLATE_KILL, PB_TEMPLATE_STARTED, PB_TEMPLATE_DIED };

typedef struct pb_template_packet {
	uint32_t type;
	uint32_t number;   /* of the process; of a failure: the code, negated */
	uint32_t role;     /* its index; of a start: the pid; of a death: the status */
	char text[60000];  /* arguments, words; only as much as is used travels */
} pb_template_packet;

ssize_t pb_template_send(int fd, const pb_template_packet *p, const int *fds, int n_fds);
/* fds: room for PB_ROLE_FDS, yours. */
ssize_t pb_template_receive(int fd, pb_template_packet *p, int *fds, int *n_fds, int flags);

/* The template's whole life. The exit status. */
int pb_template_main(const pb_template_spec *spec, int fd, pid_t keeper);

#endif
