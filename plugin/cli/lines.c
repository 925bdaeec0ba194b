#include "cli/lines.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "cli/cli.h"

enum { WORDS = 8192 };

/* Bytes of the word at s, and its columns: what may be wide counts double. */
static size_t word(const char *s, int *columns)
{
	size_t n = 0, left = strcspn(s, " "), k;
	uint32_t c;
	for (*columns = 0; n < left; n += k) {
		k = pb_text_decode((const uint8_t *)s + n, left - n, &c);
		k = k ? k : 1;
		*columns += c >= 0x1100 ? 2 : 1;
	}
	return n;
}

/* As much of a word as goes into this many columns. */
static size_t part(const char *s, size_t n, int columns)
{
	size_t at = 0, k;
	uint32_t c;
	for (int used = 0; at < n; at += k) {
		k = pb_text_decode((const uint8_t *)s + at, n - at, &c);
		k = k ? k : 1;
		used += c >= 0x1100 ? 2 : 1;
		if (used > columns && at > 0)
			break;
	}
	return at;
}

static void flow(const char *s, int indent)
{
	int at = indent, columns;
	printf("%*s", indent, "");
	while (*s) {
		size_t spaces = strspn(s, " "), n = word(s + spaces, &columns);
		if (at + (int)spaces + columns > PB_LINES_WIDTH && at > indent + 2) {
			printf("\n%*s", indent + 2, "");
			at = indent + 2;
			spaces = 0;
			s += strspn(s, " ");
		}
		if (at + (int)spaces + columns > PB_LINES_WIDTH) {
			n = part(s + spaces, n, PB_LINES_WIDTH - at - (int)spaces);
			columns = PB_LINES_WIDTH;
		}
		printf("%.*s", (int)(spaces + n), s);
		at += (int)spaces + columns;
		s += spaces + n;
	}
	putchar('\n');
}

void pb_line(int indent, const char *fmt, ...)
{
	static char text[WORDS];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	char *safe = pb_text_safe(text, 0);
	flow(safe ? safe : "out of memory", indent);
	free(safe);
}

const char *pb_thousands(int64_t n, char out[32])
{
	char digits[24];
	int length = snprintf(digits, sizeof digits, "%" PRIu64, n < 0 ? UINT64_C(0) : (uint64_t)n), at = 0;
	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
	return out;
}

const char *pb_bytes_words(int64_t n, char out[32])
{
	if (n < 1024)
		snprintf(out, 32, "%d byte%s", (int)n, n == 1 ? "" : "s");
	else if (n < 1024 * 1024)
		snprintf(out, 32, "%.*f KiB", n % 1024 && n < 100 * 1024 ? 1 : 0, (double)n / 1024);
	else
		snprintf(out, 32, "%.*f MiB", n % (1024 * 1024) ? 1 : 0, (double)n / 1024 / 1024);
	return out;
}

const char *pb_time_words(int64_t nanoseconds, char out[32])
{
	double ms = (double)nanoseconds / 1e6;
	if (ms < 1000)
		snprintf(out, 32, "%.*f ms", ms < 10 ? 2 : ms < 100 ? 1 : 0, ms);
	else
		snprintf(out, 32, "%.1f s", ms / 1000);
	return out;
}

int pb_print_json(json_t *row)
{
	char *line = row ? pb_json_canonical(row) : NULL;
	json_decref(row);
	if (!line)
		return PB_EXIT_ERROR;
	puts(line);
	free(line);
	return 0;
}
