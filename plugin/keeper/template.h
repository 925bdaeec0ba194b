/* A template: a process that opened something costly once (rules, a ClamAV engine) and forks processes with it on demand. What was opened
 * is shared copy on write; and neither Lua nor a parser of rules ever runs in the keeper. */
#ifndef PROBITY_KEEPER_TEMPLATE_H
#define PROBITY_KEEPER_TEMPLATE_H

#include "keeper/loop.h"
#include "wire/role.h"

typedef struct pb_template pb_template;

/* A process of a template has ended; status as waitpid gives it. */
typedef void (*pb_died_fn)(void *user, uint32_t process, int status);

/* Forks the template; its open() runs there while this one goes on. spec is borrowed for the call, its roles and strings stay. */
int pb_template_start(const pb_template_spec *spec, pb_template **out, pb_error *err);
/* Waits until open() is through: 0, or its code with its words. */
int pb_template_ready(pb_template *t, pb_error *err);
const json_t *pb_template_about(const pb_template *t); /* borrowed; what open() told */

/* Starts a process of a role with copies of these descriptors (yours stay open). died(user, ...) is called from pb_template_hear once it has
 * ended. *process: its number, 1, 2, ... A template that is gone takes it like any other: that nothing comes of it is told with the template's
 * own end (pb_template_hear), so that there is one place where that is seen. */
int pb_template_spawn(pb_template *t, const char *role, const int *fds, size_t n_fds, const json_t *args, pb_died_fn died, void *user,
                      uint32_t *process, pb_error *err);
void pb_template_kill(pb_template *t, uint32_t process);   /* SIGKILL; its end is told by died */
void pb_template_forget(pb_template *t, uint32_t process); /* kills it, and died is not called any more */

/* The descriptor to watch, and what to do when there is something. 0; PB_EIO: the template itself has ended (all its processes with it). */
int pb_template_fd(const pb_template *t);
int pb_template_hear(pb_template *t);
bool pb_template_gone(const pb_template *t); /* something could not be told to it any more */
/* Stop without waiting: dismiss, after which nothing else may be asked of it, then ended until it gives true, then stop. NULL is fine. */
void pb_template_dismiss(pb_template *t);
bool pb_template_ended(pb_template *t); /* has it ended, and its processes with it? */
void pb_template_stop(pb_template *t); /* ends it and its processes, within seconds; NULL is fine */
pid_t pb_template_pid(const pb_template *t);
/* The folder in /proc of one of its processes, for openat(); borrowed. It never becomes another process's. -1: not (yet) known, or it has ended. */
int pb_template_proc(const pb_template *t, uint32_t process);

/* "signal 11 (Segmentation fault)", "status 3" */
void pb_status_words(int status, char *out, size_t size);

#endif
