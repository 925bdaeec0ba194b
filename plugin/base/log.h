/* Messages to people, on stderr, one line each: "probity: LEVEL: text". Text is escaped for the terminal. */
#ifndef PROBITY_BASE_LOG_H
#define PROBITY_BASE_LOG_H

void pb_log_quiet(int quiet); /* 1: notes are dropped, warnings and errors stay */
void pb_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void pb_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void pb_complain(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* an error */

#endif
