#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

static int quiet;

void pb_log_quiet(int on)
{
	quiet = on;
}

static void say(const char *level, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));

static void say(const char *level, const char *fmt, va_list args)
{
	char raw[2048];
	char *safe;

	if (vsnprintf(raw, sizeof raw, fmt, args) < 0)
		raw[0] = '\0';
	safe = pb_text_safe(raw, sizeof raw - 8); /* below what vsnprintf cuts at, so that a cut is shown */
	(void)fprintf(stderr, "probity: %s: %s\n", level, safe != NULL ? safe : "(out of memory)");
	free(safe);
}

void pb_note(const char *fmt, ...)
{
	va_list args;

	if (quiet)
		return;
	va_start(args, fmt);
	say("note", fmt, args);
	va_end(args);
}

void pb_warn(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say("warning", fmt, args);
	va_end(args);
}

void pb_complain(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say("error", fmt, args);
	va_end(args);
}
