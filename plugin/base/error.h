/* Errors: a negative code is returned, the words travel in a pb_error that the caller owns. */
#ifndef PROBITY_BASE_ERROR_H
#define PROBITY_BASE_ERROR_H

#include <stdarg.h>

enum pb_code {
	PB_OK = 0,
	PB_EINPUT = -1,   /* what the user or a file said is wrong: bad option, malformed policy, broken check */
	PB_EIO = -2,      /* the system refused: open, read, fork, ... */
	PB_ENOMEM = -3,   /* memory ran out */
	PB_ELIMIT = -4,   /* a named budget was spent */
	PB_ECORRUPT = -5, /* hostile or broken bytes: a lying header, a truncated stream */
	PB_EINTERNAL = -6 /* a broken invariant of our own */
};

typedef struct pb_error {
	int code;       /* enum pb_code */
	char text[768]; /* one line, safe for a terminal (pb_fail escapes it), "" where there is none */
} pb_error;

/* Writes code and the formatted text into err (may be NULL) and returns code, so that a function can
 * `return pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));`. The formatted text is passed through the
 * display escape of base/text.h: raw bytes in arguments never reach a terminal. */
int pb_fail(pb_error *err, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#ifdef __clang_analyzer__
/* What the analyser of `make lint` cannot see from here: it returns the code that it was given, so after a failure nothing goes on as after success. */
static inline int pb_failed(int returned, int code)
{
	(void)returned;
	return code;
}
#define pb_fail(err, code, ...) pb_failed(pb_fail(err, code, __VA_ARGS__), code)
#endif

#endif
