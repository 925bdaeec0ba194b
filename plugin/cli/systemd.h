/* What a service and systemd tell each other, by the environment and a socket: no library. */
#ifndef PROBITY_CLI_SYSTEMD_H
#define PROBITY_CLI_SYSTEMD_H

/* The socket that systemd listens at for us (sd_listen_fds(3)); -1: none. */
int pb_systemd_listener(void);
/* "READY=1" and the like (sd_notify(3)); without systemd, nothing. */
void pb_systemd_notify(const char *what);

#endif
