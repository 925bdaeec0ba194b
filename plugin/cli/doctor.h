/* The checks of `probity doctor`, one row each. Private to doctor*.c. */
#ifndef PROBITY_CLI_DOCTOR_H
#define PROBITY_CLI_DOCTOR_H

#include "base/json.h"
#include "keeper/config.h"

typedef enum pb_health { PB_HEALTH_OK, PB_HEALTH_WARNING, PB_HEALTH_FAILED, PB_HEALTH_UNSEEN /* could not look */ } pb_health;

enum { PB_DOCTOR_ROWS = 24 };

typedef struct pb_doctor_row {
	const char *name; /* static */
	pb_health health;
	char text[768]; /* what is so */
	char todo[256]; /* "" nothing */
} pb_doctor_row;

typedef struct pb_doctor {
	const char *socket;  /* the keeper's, NULL: as every client finds it */
	char clamd[108];     /* clamd's socket */
	pb_config config;    /* zero where it could not be read */
	bool configured;
	json_t *status;      /* the keeper's answer, NULL: none */
	pb_doctor_row rows[PB_DOCTOR_ROWS];
	size_t n;
} pb_doctor;

void pb_doctor_say(pb_doctor *d, const char *name, pb_health health, const char *todo, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* doctor_keeper.c: what Probity itself is like */
void pb_doctor_versions(pb_doctor *d);
void pb_doctor_rules(pb_doctor *d);
void pb_doctor_packs(pb_doctor *d); /* doctor_packs.c */
void pb_doctor_kernel(pb_doctor *d);
void pb_doctor_socket(pb_doctor *d);
void pb_doctor_store(pb_doctor *d);

/* doctor_host.c: the host that it is loaded into */
void pb_doctor_find_clamd(pb_doctor *d); /* fills clamd from clamd.conf where it is "" */
void pb_doctor_host(pb_doctor *d);       /* clamd, its database, the library in it, AppArmor */
void pb_doctor_probe(pb_doctor *d);

/* doctor_clamd.c: clamd's own protocol. */
/* Sends a command ("VERSION") and reads the answer's first n - 1 bytes. *pid: who listens (0: unknown, or systemd holds the socket). */
int pb_clamd_ask(const char *socket, const char *command, char *answer, size_t n, pid_t *pid, pb_error *err);
/* Has bytes scanned as a stream. */
int pb_clamd_scan(const char *socket, pb_bytes bytes, char *answer, size_t n, pb_error *err);

#endif
