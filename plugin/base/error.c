#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

/* Where no memory is left for the escape: whatever is not plain ASCII becomes '?'. */
static void plain_copy(char *out, size_t room, const char *text)
{
	size_t n = 0;

	for (; text[n] != '\0' && n + 1 < room; n++)
		out[n] = text[n] >= 0x20 && text[n] < 0x7f ? text[n] : '?';
	out[n] = '\0';
}

int (pb_fail)(pb_error *err, int code, const char *fmt, ...)
{
	char raw[2048]; /* more than err->text holds, so that a character cut here is cut away below */
	char *safe;
	va_list args;

	if (err == NULL)
		return code;
	va_start(args, fmt);
	if (vsnprintf(raw, sizeof raw, fmt, args) < 0)
		raw[0] = '\0';
	va_end(args);
	safe = pb_text_safe(raw, sizeof err->text - 1);
	plain_copy(err->text, sizeof err->text, raw);
	if (safe != NULL)
		(void)snprintf(err->text, sizeof err->text, "%s", safe);
	free(safe);
	err->code = code;
	return code;
}
